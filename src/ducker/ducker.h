/*
 * The ducker: lowers or pauses the music of others while our voice is heard, gives it back
 * whatever happens, and tells the player which sink our voice goes to. One thread, one loop:
 * PulseAudio's, with the player's socket, a timer and the session bus hung into it.
 */
#ifndef DUCKER_DUCKER_H
#define DUCKER_DUCKER_H

#include "players.h"
#include "ramp.h"
#include "streams.h"
#include "watch.h"

#include "runwalk/wire/duck.h"

#include <pulse/pulseaudio.h>

struct ducker {
    pa_mainloop *loop;
    pa_mainloop_api *api;
    pa_context *context; /* NULL: no server, or it is not needed */
    bool is_connected;
    bool is_broken;  /* there is no server, or it went away */
    uint32_t server; /* which life of it */
    int socket;      /* to the player */
    int timer;       /* CLOCK_BOOTTIME */
    int signals;

    enum rw_duck_mode mode; /* RW_DUCK_NOTHING until the player has told */
    bool server_announces;  /* it lowers the music itself */
    bool has_announced;     /* likewise, while its modules are being listed */
    struct rw_duck_plan plan;
    struct ramp ramp;
    struct streams streams;
    struct watch watch;
    struct players players;
    bool is_leaving; /* everything is given back, then it ends */
};

/*
 * Serves the player at SOCKET until it is gone, or SIGTERM or SIGINT comes, and gives everything
 * back. RW_EIO: there is no sound server, or it went away; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_ducker_run(int socket);

/* ---- for the parts ---- */

/* Tells the player. What finds no room is lost: a player that does not read has other troubles. */
void rw_ducker_tell(struct ducker *ducker, struct rw_duck_message *message);
void rw_ducker_note(struct ducker *ducker, const char *text);
/* By how much streams are to be lowered now, in hundredths of dB. */
int rw_ducker_depth(const struct ducker *ducker);
/* Looks at every stream there is. */
void rw_ducker_look(struct ducker *ducker);
/* Something that had to be given back has been. */
void rw_ducker_settle(struct ducker *ducker);
/* The server works on a request by itself: whoever wants the answer has given a callback. */
void rw_ducker_leave_it(pa_operation *operation);

#endif
