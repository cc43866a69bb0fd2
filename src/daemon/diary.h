/*
 * The diary: what the coach and the player tell, put into the journal as the run that is on; and
 * what the journal knows of the last run, so that it can go on.
 */
#ifndef RUNWALK_DAEMON_DIARY_H
#define RUNWALK_DAEMON_DIARY_H

#include "journal.h"
#include "runwalk/coach/coach.h"
#include "runwalk/control/dispatch.h"
#include "runwalk/player/player.h"

struct rw_daemon;

struct rw_diary {
    struct rw_journal *journal; /* NULL: memory was short */
    bool is_on;                 /* a run is being recorded */
    char *settings;             /* of the run, as they are on the disk */
    bool has_begun;             /* it has come to its first step */
    rw_ns base;                 /* boot time at which the run's clock was 0 */
    rw_ns ended;                /* boot time at which the run was over; its last cues follow */
    char *bytes;                /* the chosen profile as its file had it */
    size_t size;
    char *forget_mark; /* a file that says: the speech made for runs is to be erased */
    char source[RW_RECORD_SOURCE_MAX]; /* who commands at present */
    rw_ns asleep;                      /* by how much boot time is ahead of running time */
    uint64_t underruns;

    struct rw_last_run last; /* run 0: there is none, or it is over */
    struct rw_replay replay; /* of a run that is about to go on */
    rw_ns since;             /* boot time: from then on it counts as run; RW_NS_NEVER: as a pause */
    bool is_loading;
    bool is_ending; /* the daemon is about to go: nothing is begun any more */
};

/* Erases the speech that was made for runs forgotten since; only while nothing can speak. */
void rw_diary_speech_erase(struct rw_daemon *daemon);

/* Opens the journal; what it says of the last run decides whether it goes on (recover.c). */
void rw_diary_open(struct rw_daemon *daemon);
void rw_diary_close(struct rw_daemon *daemon, void (*closed)(void *context), void *context);
void rw_diary_finish(struct rw_daemon *daemon);

/* Keeps BYTES, which it takes, as the profile that the next run is made from. */
void rw_diary_choose(struct rw_daemon *daemon, char *bytes, size_t size);

/* What happens. */
void rw_diary_command(struct rw_daemon *daemon, const struct rw_command_entry *entry);
void rw_diary_event(struct rw_daemon *daemon, const struct rw_coach_event *event);
void rw_diary_player(struct rw_daemon *daemon, const struct rw_player_view *view, bool is_new);
void rw_diary_incident(struct rw_daemon *daemon, const char *incident, const char *details);
/* The daemon ends on this signal: SIGINT stops the run, after another one it can go on. */
void rw_diary_signal(struct rw_daemon *daemon, int number);
/* The loop was woken: a suspend shows. */
void rw_diary_wake(struct rw_daemon *daemon);

/* Around each request: who commands, and what was refused. */
void rw_diary_call_begin(struct rw_daemon *daemon, const struct rw_call *call);
void rw_diary_call_end(struct rw_daemon *daemon, const struct rw_call *call,
                       const struct rw_answer *answer);

/* A change of how much is said holds for the run that is on also when it is taken up again. */
void rw_diary_manner(struct rw_daemon *daemon);

/* The run that is recorded as last goes on from here; base is set. */
void rw_diary_continue(struct rw_daemon *daemon, bool takes_back);

/* recover.c */
void rw_recover_opened(void *context, const struct rw_last_run *last);
/* Takes the loaded run up, its speech ready or not. */
void rw_recover_now(struct rw_daemon *daemon);
void rw_recover_forget(struct rw_daemon *daemon);
/* Whether there is a run that `recover` could take up; TEXT tells which, for a person. */
bool rw_recover_is_possible(const struct rw_daemon *daemon, char text[128]);
/* Begins to take it up; the time since SINCE counts as run, RW_NS_NEVER: none of it does.
 * RW_ENOENT: there is none; RW_EFULL: the disk does not answer. */
RW_CHECKED enum rw_status rw_recover_begin(struct rw_daemon *daemon, rw_ns since);

#endif
