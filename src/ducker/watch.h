/*
 * Which sink our voice goes to: the one its stream is on, or before there is a stream the
 * server's default. And whether the one it went to has vanished: earphones whose battery is
 * empty, say, so that it now comes from a loudspeaker.
 */
#ifndef DUCKER_WATCH_H
#define DUCKER_WATCH_H

#include "runwalk/wire/duck.h"

#include <pulse/pulseaudio.h>

struct watch {
    uint32_t own;      /* our stream; PA_INVALID_INDEX: there is none */
    uint32_t own_sink; /* the sink it is on, likewise */

    /* The sink our voice was last heard from. */
    uint32_t used; /* PA_INVALID_INDEX: there was none, or it is known to be lost */
    bool is_lost;  /* it has gone; where the voice goes to now is being found out */
    bool is_worn;  /* its plug is for earphones */
    char name[RW_DUCK_NAME_MAX];
    char device[RW_DUCK_NAME_MAX]; /* what stays the same when the same device comes back */

    struct rw_duck_sink told;
};

struct ducker;

void rw_watch_init(struct watch *watch);
/* Asks the server for its default sink. */
void rw_watch_ask(struct ducker *ducker);

/* INFO is our own stream. */
void rw_watch_see_stream(struct ducker *ducker, const pa_sink_input_info *info);
void rw_watch_see_stream_end(struct ducker *ducker, uint32_t index);
void rw_watch_see_sink(struct ducker *ducker, uint32_t index);
void rw_watch_see_sink_end(struct ducker *ducker, uint32_t index);
/* A sink has come, or another one is the default. */
void rw_watch_see_server(struct ducker *ducker);

#endif
