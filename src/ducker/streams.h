/*
 * The streams of others that are lowered, and how loud each was. Every one gets its own volume
 * back, unless somebody else has changed it meanwhile: then that stays.
 */
#ifndef DUCKER_STREAMS_H
#define DUCKER_STREAMS_H

#include "runwalk/wire/duck.h"

#include <pulse/pulseaudio.h>

#define STREAM_STEPS_MAX 16 /* more than a ramp down and up has */

enum stream_state {
    STREAM_LOWERED,
    STREAM_RETURNING, /* it has its volume back as soon as the server has read so */
    STREAM_LEFT,      /* somebody else has changed its volume: not ours any more */
    STREAM_GONE,      /* it ended while lowered; its successor may begin as low */
};

struct stream {
    uint32_t index;
    enum stream_state state;
    pa_cvolume original;
    pa_cvolume steps[STREAM_STEPS_MAX]; /* what it has been set to; a ring */
    unsigned step_count;
    char key[RW_DUCK_NAME_MAX]; /* under which the server remembers its volume, or "" */
};

struct streams {
    struct stream list[RW_DUCK_DEBTS_MAX];
    size_t count;
    unsigned returning;                          /* answers the server owes us */
    struct rw_duck_debt owed[RW_DUCK_DEBTS_MAX]; /* by a ducker that died; until we are connected */
    size_t owed_count;
};

struct ducker;

/*
 * INFO is a stream of somebody else that has come or changed, as the server saw it when the stream
 * had been given STEPS volumes by us; 0 when that is not known.
 */
void rw_streams_see(struct ducker *ducker, const pa_sink_input_info *info, unsigned steps);
void rw_streams_see_end(struct ducker *ducker, uint32_t index);
/* How many volumes the stream has been given by us so far; 0: it is none of those lowered. */
unsigned rw_streams_steps(const struct ducker *ducker, uint32_t index);
/* Brings every stream to the present depth. */
void rw_streams_apply(struct ducker *ducker);
/* An earlier ducker has left DEBT. */
void rw_streams_owe(struct ducker *ducker, const struct rw_duck_debt *debt);
/* The server can be asked now what became of those. */
void rw_streams_claim(struct ducker *ducker);
/* The server is gone, and all its streams with it. */
void rw_streams_give_up(struct ducker *ducker);
/* Whether all that was lowered is as it was. */
bool rw_streams_are_settled(const struct ducker *ducker);

/* Whether two volumes are the same to the ear, and to a server that rounds. */
bool rw_streams_are_alike(const pa_cvolume *a, const pa_cvolume *b);

#endif
