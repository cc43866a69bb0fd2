/*
 * The music players on the session bus (MPRIS): pauses those that play, and lets exactly those
 * go on again. https://specifications.freedesktop.org/mpris-spec/2.2/
 */
#ifndef DUCKER_PLAYERS_H
#define DUCKER_PLAYERS_H

#include "runwalk/wire/duck.h"

#include <pulse/mainloop-api.h>
#include <systemd/sd-bus.h>

#define PLAYERS_MAX 8

struct players {
    sd_bus *bus; /* NULL: not needed so far, or there is none */
    pa_io_event *io;
    char paused[PLAYERS_MAX][RW_DUCK_NAME_MAX]; /* by us; their names on the bus */
    size_t paused_count;
    bool is_down;      /* they shall be silent */
    unsigned resuming; /* answers that players owe us */
    bool has_complained;
};

struct ducker;

/* Whoever plays shall be silent; nothing when there is no session bus. */
void rw_players_pause(struct ducker *ducker);
/* Whom we have paused goes on. */
void rw_players_resume(struct ducker *ducker);
/* An earlier ducker has paused the player called NAME. */
void rw_players_owe(struct ducker *ducker, const char *name);
/* Whether no player is silent because of us. */
bool rw_players_are_settled(const struct players *players);
void rw_players_finish(struct ducker *ducker);

#endif
