/*
 * The daemon: wires coach, player, voice, server and speech to one event loop, and owns
 * what happens when. One timer on CLOCK_BOOTTIME wakes it, nothing else does by itself.
 */
#ifndef RUNWALK_DAEMON_DAEMON_H
#define RUNWALK_DAEMON_DAEMON_H

#include "diary.h"
#include "inhibitor.h"
#include "log.h"
#include "music.h"
#include "prepare.h"
#include "runwalk/coach/coach.h"
#include "runwalk/config/config.h"
#include "runwalk/control/server.h"
#include "runwalk/paths/paths.h"
#include "runwalk/player/player.h"
#include "service.h"

struct rw_daemon_options {
    const char *config_path; /* NULL: where the paths say; there it may be missing */
    const char *output;      /* NULL: as configured */
    bool is_verbose;
};

/* What waits for speech to be made. */
enum rw_pending {
    RW_PENDING_NOTHING,
    RW_PENDING_CHOSEN,  /* to say what has been chosen */
    RW_PENDING_START,   /* to start it */
    RW_PENDING_RECOVER, /* to go on with a run that was interrupted */
};

/* Which session of which plan a run is. */
struct rw_plan_part {
    char plan[RW_COURSE_PLAN_MAX]; /* "": of none */
    uint32_t week, day;
};

struct rw_daemon {
    struct rw_daemon_options options;
    struct rw_log log;
    struct rw_config config;
    struct rw_paths *paths;
    struct rw_service service;

    uv_loop_t loop;
    uv_signal_t signals[3];
    int timer_fd;
    uv_poll_t timer;
    rw_ns timer_at; /* what the timer is set to */

    struct rw_voice *voice;
    struct rw_speech *speech; /* NULL: no engine */
    struct rw_prepare *prepare;
    struct rw_player *player;
    struct rw_coach *coach;
    struct rw_server *server;
    struct rw_inhibitor *inhibitor;

    struct rw_profile_place place; /* of the chosen profile */
    struct rw_plan_part part;      /* what it is in a plan */
    bool has_intro;                /* its next start says `intro` first */
    struct rw_words intro;
    char intro_name[RW_COURSE_PLAN_MAX];
    double volume_db;
    struct rw_music_choice music;

    struct rw_diary diary;
    struct rw_profile *recovered; /* of a run that is about to go on; owned */

    enum rw_pending pending;
    rw_ns pending_until;    /* it happens then, ready or not */
    rw_ns start_not_before; /* of a pending start */
    bool start_is_held;     /* a pause has taken a start back */
    bool is_saying;         /* a text is being made, to be said at once */
    char told_problem[192]; /* of the output, so that each is logged once */
    char told_sleep[128];   /* why the device may sleep, likewise */
    uint32_t told_losses;   /* of the output, likewise */
};

/* Runs until a signal ends it; returns the exit code. */
int rw_daemon_run(const struct rw_daemon_options *options);

/* The present, CLOCK_BOOTTIME. */
rw_ns rw_boot_now(void);

/* After anything that may have moved a deadline. */
void rw_daemon_rearm(struct rw_daemon *daemon);

/* The status as the protocol tells it; a new reference, or NULL when memory is short. */
json_t *rw_daemon_status(const struct rw_daemon *daemon, bool blocks);

/* Tells subscribers the whole state. */
void rw_daemon_tell_state(struct rw_daemon *daemon);

/* -60 to 12 dB. */
void rw_daemon_set_volume(struct rw_daemon *daemon, double volume_db);

/* The handler of the control protocol; its context is the daemon. */
void rw_daemon_call(void *context, const struct rw_call *call, struct rw_answer *answer);

/* Starts the chosen run as rw_coach_start does, with a seed of its own. */
RW_CHECKED enum rw_status rw_daemon_start_run(struct rw_daemon *daemon, rw_ns now,
                                              rw_ns not_before);

/* Tells the coach what the configuration says of cues. */
void rw_daemon_configure_manner(struct rw_daemon *daemon);

/* Carries out what was pending, ready or not. */
void rw_daemon_settle(struct rw_daemon *daemon);

/* Gives up what was pending. */
void rw_daemon_forget_pending(struct rw_daemon *daemon);

#endif
