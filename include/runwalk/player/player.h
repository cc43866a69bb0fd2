/*
 * The player: the daemon's handle on the engine, the disposable process that makes
 * sound. It has it up before a cue is due, watches its heartbeat, kills and respawns
 * it, sends again what is still due, and lets it go when the silence ahead is long.
 * It runs on the event loop's thread and never blocks. It implements the coach's sink.
 */
#ifndef RUNWALK_PLAYER_PLAYER_H
#define RUNWALK_PLAYER_PLAYER_H

#include "runwalk/coach/sink.h"
#include "runwalk/wire/duck.h"

#include <uv.h>

struct rw_player_config {
    const char *engine_path; /* the runwalk-engine program */
    const char *output;      /* "auto", "null", a device's name, or an index in digits */
    uint32_t latency_ms;     /* 20 to 1000 */
    rw_ns wake;              /* the lead-in of silence before a cue on a cold stream, 0 to 3 s */
    bool dither;             /* noise of one step of 16 bits under everything, also silence */
    rw_ns keep;              /* how long the engine stays after the last cue if none is near */
    bool wake_auto;          /* `wake` is 1 s where the voice goes to Bluetooth, else 0 */

    const char *ducker_path; /* the runwalk-ducker program; NULL: there is none */
    enum rw_duck_mode duck;  /* what is done to the music of others while a cue sounds */
    bool watch_output;       /* the view is to count losses even when nothing else needs it */
};

enum rw_player_state {
    RW_PLAYER_OFF,      /* no engine; none is needed */
    RW_PLAYER_STARTING, /* spawned, not yet sounding */
    RW_PLAYER_READY,    /* the stream runs */
    RW_PLAYER_WAITING,  /* the engine died or found no device; a new try comes */
};
const char *rw_player_state_name(enum rw_player_state state);

struct rw_player_view {
    enum rw_player_state state;
    char device[128];  /* the output's name once known, else "" */
    char problem[192]; /* why there is no sound, "" when there is none or it is not known */
    uint32_t spawns;   /* engines started so far */
    uint32_t deaths;   /* engines that died or were killed unasked */
    uint64_t underruns;
    rw_ns latency;
    char music[192];             /* the name of the music file that plays or rests, "" without */
    uint64_t music_underruns;    /* times its decoder did not keep up */
    char sink[RW_DUCK_NAME_MAX]; /* where the sound server sends the voice to; "": not known */
    uint32_t losses;             /* how often that vanished, so that it is another one now */
};

/* Called on the loop, never from within a call of the player's or of its sink. */
struct rw_player_observer {
    /*
     * Each cue given to the sink is answered by exactly one of ENDED, CUT and DROPPED, also when
     * it is cancelled. STARTED or LATE come before ENDED and CUT; twice if the cue was begun
     * again in a new engine. `at` is when it is heard, up to a latency ahead of the present.
     */
    void (*report)(void *context, const struct rw_report *report);
    /* The view changed (ready, lost, no device). */
    void (*changed)(void *context);
    /* A line for the log, such as a clip that cannot be read. May be NULL. */
    void (*note)(void *context, const char *text);
    void *context;
};

struct rw_player;

/* VOICE gives the clips' files; it and LOOP outlive the player. CONFIG's strings are copied. */
RW_CHECKED enum rw_status rw_player_create(uv_loop_t *loop, const struct rw_voice *voice,
                                           const struct rw_player_config *config,
                                           struct rw_player_observer observer,
                                           struct rw_player **ret_player);
/* The sink to hand to a coach; valid as long as the player. Times are CLOCK_BOOTTIME. */
struct rw_sink rw_player_sink(struct rw_player *player);

/*
 * Another output, latency or wake is in effect with the next engine, which replaces the present
 * one as soon as nothing is due. When memory is short everything stays as it was.
 */
void rw_player_configure(struct rw_player *player, const struct rw_player_config *config);
/* -60 to +12 dB, over all buses; sent again to each new engine. */
void rw_player_set_volume(struct rw_player *player, double volume_db);
/*
 * Plays the sound files at PATHS, COUNT of them, one after the other and over again, beneath the
 * cues, from now on; COUNT 0 ends the music. The paths are copied. RW_EMEMORY: nothing has changed.
 */
RW_CHECKED enum rw_status rw_player_play_music(struct rw_player *player, const char *const *paths,
                                               size_t count);
/* The music waits where it is, or goes on. */
void rw_player_rest_music(struct rw_player *player, bool rests);
void rw_player_view(struct rw_player *player, struct rw_player_view *ret_view);

/*
 * Starts the engine now if it is off, and keeps it for at least UNTIL (boot time).
 */
void rw_player_warm(struct rw_player *player, rw_ns until);

/*
 * Fades what sounds, lets the engine go (killing it when it does not leave in time), then calls
 * DONE on the loop. The player must not be used after that; it frees itself.
 */
void rw_player_close(struct rw_player *player, void (*done)(void *context), void *context);

#endif
