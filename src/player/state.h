/*
 * What the player knows, shared by its parts: player.c (what others call), keeper.c (when
 * there is an engine, and whether it still lives) and feed.c (what the engine is told).
 */
#ifndef PLAYER_STATE_H
#define PLAYER_STATE_H

#include "beats.h"
#include "child.h"
#include "cues.h"
#include "ducking.h"
#include "tunes.h"

#include "runwalk/player/player.h"

#define REPORTS_MAX 256u /* more wait for the loop than one turn of it makes */

enum engine_phase {
    ENGINE_NONE,
    ENGINE_STARTING, /* spawned, the stream does not run yet */
    ENGINE_READY,
    ENGINE_LEAVING, /* told to quit, or killed */
};

/* A clip the engine has been sent. */
struct sent_clip {
    uint32_t clip;
    uint64_t used; /* the number of the play that used it last */
};

struct rw_player {
    uv_loop_t *loop;
    const struct rw_voice *voice;
    struct rw_player_config config; /* its strings are ours */
    struct rw_player_observer observer;

    /* The one timer: absolute boot time, so that a suspend counts. */
    int timer;
    uv_poll_t timer_poll;
    bool touched; /* it is set to fire at once */

    /* What is wanted. */
    struct cues cues;
    struct beats beats;
    struct tunes tunes;
    rw_ns expected;   /* as the coach told */
    rw_ns warm_until; /* as the daemon told */
    double volume_db;
    uint32_t cancelled; /* the latest epoch cancelled, if any */
    bool any_cancelled;
    rw_ns cancelled_at;

    /* The engine. */
    struct child *child; /* NULL with ENGINE_NONE */
    enum engine_phase phase;
    rw_ns spawned_at;
    rw_ns wake; /* the silence that it begins with */
    rw_ns ready_at;
    rw_ns leave_by;       /* with ENGINE_LEAVING: when it is killed */
    rw_ns blocked_since;  /* it does not read its messages; 0: it does */
    rw_ns stale_beat;     /* the heartbeat that was found too old once; 0: none */
    rw_ns overdue_since;  /* an answer is missing; 0: none */
    rw_ns last_sound_end; /* of the last cue that began */
    bool outdated;        /* it runs with an older configuration */
    bool announces;       /* its stream says that it carries no music */
    bool killed;          /* we have ended it, because it hung */
    bool explained;       /* it has said itself why there is no sound */
    bool tell_volume;
    bool tell_cancel;
    struct sent_clip clips[RW_WIRE_CLIPS_MAX];
    size_t clip_count;

    /* What was learned of engines. */
    rw_ns open_time; /* from spawn to ready */
    bool knows_open_time;
    rw_ns latency;      /* from a command to its first frame heard */
    bool knows_latency; /* an engine of this configuration has measured it */
    unsigned failures;  /* in a row */
    rw_ns next_try;
    uint64_t underruns_before, music_underruns_before; /* of engines that are gone */

    struct ducking ducking;

    /* For the observer; given on the loop, never from within a call. */
    struct rw_report reports[REPORTS_MAX];
    uint32_t reported, told; /* counts of reports made and delivered */
    struct rw_player_view view;
    struct rw_player_view seen; /* the view when the observer was last called */

    bool closing;
    void (*done)(void *context);
    void *done_context;
};

/* CLOCK_BOOTTIME. */
rw_ns rw_player_now(void);
/* Runs player_update on the loop as soon as it turns. */
void rw_player_touch(struct rw_player *player);
/* Ends CUE with OUTCOME for the observer and forgets it. */
void rw_player_end_cue(struct rw_player *player, struct cue *cue, enum rw_outcome outcome,
                       rw_ns at);
void rw_player_report(struct rw_player *player, uint64_t cue, enum rw_outcome outcome, rw_ns at);
/* A line for the log. */
void rw_player_note(struct rw_player *player, const char *format, ...) RW_PRINTF(2, 3);

/*
 * Brings the engine to where it should be at NOW: spawns, watches, kills, lets go. Returns
 * when it must be asked again.
 */
rw_ns rw_keeper_update(struct rw_player *player, rw_ns now);
/* Brings what the running engine measures up to date. */
void rw_keeper_read_page(struct rw_player *player);
/* The earliest time a cue sent at NOW is heard. */
rw_ns rw_keeper_earliest(const struct rw_player *player, rw_ns now);

/* Tells the ready engine all it does not know yet, as far as its socket has room. */
void rw_feed_engine(struct rw_player *player, rw_ns now);
/* The configuration, to a new engine. */
RW_CHECKED enum rw_status rw_feed_config(struct rw_player *player);

#endif
