/*
 * The coach: what is said and when. It runs a session on a clock, turns the session's
 * cues into timed play commands for a sink, and answers commands in words. It is the
 * same live and offline, and knows neither sockets, files nor devices.
 */
#ifndef RUNWALK_COACH_COACH_H
#define RUNWALK_COACH_COACH_H

#include "runwalk/coach/sink.h"
#include "runwalk/core/command.h"
#include "runwalk/core/session.h"

enum rw_coach_state {
    RW_COACH_IDLE,   /* nothing chosen */
    RW_COACH_CHOSEN, /* a profile is chosen, not started */
    RW_COACH_ARMED,  /* started; its origin lies ahead */
    RW_COACH_RUNNING,
    RW_COACH_PAUSED,
    RW_COACH_DONE,    /* ran to its end; the profile stays chosen */
    RW_COACH_STOPPED, /* ended early; the profile stays chosen */
};
const char *rw_coach_state_name(enum rw_coach_state state);

/* What the coach tells its observer, in order. */
enum rw_coach_event_type {
    RW_COACH_EVENT_STATE,   /* the state changed, or a command moved what lies ahead */
    RW_COACH_EVENT_SEGMENT, /* a segment began */
    RW_COACH_EVENT_CUE,     /* a cue was handed to the sink, or dropped by the planner */
    RW_COACH_EVENT_REPORT,  /* what became of a cue: `cue_number`, `outcome` */
};

struct rw_coach_event {
    enum rw_coach_event_type type;
    rw_ns at; /* clock time */
    struct rw_event segment;
    uint64_t cue_number; /* 0: dropped by the planner, never given to the sink */
    struct rw_cue cue;
    const char *text; /* of the cue; valid during the call. Of a report's cue only type and text are
                         known. */
    enum rw_outcome outcome;
};

struct rw_coach_observer {
    void (*event)(void *context, const struct rw_coach_event *event);
    void *context;
    /* A command is being carried out; told before what it causes. May be NULL. */
    void (*command)(void *context, const struct rw_command_entry *entry);
};

struct rw_coach_view {
    enum rw_coach_state state;
    const struct rw_profile *profile; /* or NULL when idle */
    rw_ns now;                        /* clock time of this view */
    rw_ns
        origin; /* clock time of session time 0, moved by each pause; meaningless before a start */
    rw_ns paused_at;                /* clock time, when paused */
    struct rw_session_view session; /* when armed, running or paused */
    uint32_t epoch;                 /* of cues */
    struct rw_manner manner;        /* with the seed of the last start */
};

struct rw_coach;

/* VOICE and what SINK and OBSERVER point to are borrowed. */
RW_CHECKED enum rw_status rw_coach_create(struct rw_voice *voice, struct rw_sink sink,
                                          struct rw_coach_observer observer,
                                          struct rw_coach **ret_coach);
void rw_coach_destroy(struct rw_coach *coach);

/*
 * Commands. NOW is the clock; it never goes back. Each advances to NOW first. RW_ESTATE: the
 * state forbids it (nothing chosen, not running, a run is on).
 */

/* Takes PROFILE (the coach destroys it); refused during a run. Says its name and length if SPEAK.
 */
RW_CHECKED enum rw_status rw_coach_choose(struct rw_coach *coach, rw_ns now,
                                          struct rw_profile *profile, bool speak);
/*
 * Starts what is chosen at clock time NOT_BEFORE or as soon after as the sink can sound; says how
 * long that is when it is worth saying.
 */
RW_CHECKED enum rw_status rw_coach_start(struct rw_coach *coach, rw_ns now, rw_ns not_before);
/* The same, but says WORDS (NULL: nothing) first, and starts when they have been heard. */
RW_CHECKED enum rw_status rw_coach_start_saying(struct rw_coach *coach, rw_ns now, rw_ns not_before,
                                                const struct rw_words *words);
/*
 * Idempotent: pausing what is paused is RW_OK and does nothing. A start that lies ahead is taken
 * back. While paused the coach says so after 1 and 5 minutes, and stops after 30.
 */
RW_CHECKED enum rw_status rw_coach_pause(struct rw_coach *coach, rw_ns now);
RW_CHECKED enum rw_status rw_coach_resume(struct rw_coach *coach, rw_ns now);
RW_CHECKED enum rw_status rw_coach_skip(struct rw_coach *coach, rw_ns now);
RW_CHECKED enum rw_status rw_coach_back(struct rw_coach *coach, rw_ns now);
/* DELTA in ns, negative to shorten; *ret_applied is what was really added. RW_ELIMIT: no more. */
RW_CHECKED enum rw_status rw_coach_extend(struct rw_coach *coach, rw_ns now, rw_ns delta,
                                          rw_ns *ret_applied);
RW_CHECKED enum rw_status rw_coach_stop(struct rw_coach *coach, rw_ns now);
/*
 * Says WORDS as an answer, as soon as it can sound, over whatever cue sounds. RW_ENOENT: nothing
 * speaks them; RW_EFULL: it would not be over before the next countdown or change.
 */
RW_CHECKED enum rw_status rw_coach_say(struct rw_coach *coach, rw_ns now,
                                       const struct rw_words *words);

/*
 * What a runner says of the body and of what is ahead; RW_ESTATE also where the step that is on
 * does not go with it. The session's edits of the same names tell what each does. Paused, the run
 * stays so.
 */

/* A rest of MAX at most; 0: as the profile has it. */
RW_CHECKED enum rw_status rw_coach_rest(struct rw_coach *coach, rw_ns now, rw_ns max);
/* The rest is over; a pause, too. In a run the coach only says where it is. */
RW_CHECKED enum rw_status rw_coach_ready(struct rw_coach *coach, rw_ns now);
/* RW_EINVALID: the profile allows no more; RW_ELIMIT: the session would be longer than 24 h. */
RW_CHECKED enum rw_status rw_coach_change(struct rw_coach *coach, rw_ns now, bool longer);
RW_CHECKED enum rw_status rw_coach_ratio(struct rw_coach *coach, rw_ns now, uint32_t run_ms,
                                         uint32_t walk_ms);
/* To run RUN, from 1. RW_ENOENT: there is no such run. */
RW_CHECKED enum rw_status rw_coach_goto(struct rw_coach *coach, rw_ns now, uint32_t run);
RW_CHECKED enum rw_status rw_coach_cooldown(struct rw_coach *coach, rw_ns now);
/* A rest with the words for a stitch; where there can be none, only the words. */
RW_CHECKED enum rw_status rw_coach_stitch(struct rw_coach *coach, rw_ns now);
/* Words for the heavy patch; the plan stays. Errors as of rw_coach_say. */
RW_CHECKED enum rw_status rw_coach_heavy(struct rw_coach *coach, rw_ns now);
/*
 * Pain at PLACE, as in pain.h: a walk that ends in no run unless the runner is ready, and nothing
 * unasked for the rest of the session. In an emergency as rw_coach_dizzy.
 */
RW_CHECKED enum rw_status rw_coach_pain(struct rw_coach *coach, rw_ns now, uint32_t place);
/*
 * The words for an emergency, whatever the state. A run is paused, and the coach is silent and
 * never gives it up by itself, until a command; it would go on with a walk.
 */
RW_CHECKED enum rw_status rw_coach_dizzy(struct rw_coach *coach, rw_ns now);
/* Says how much of the session is left. Errors as of rw_coach_say. */
RW_CHECKED enum rw_status rw_coach_time(struct rw_coach *coach, rw_ns now);
/* Says a reassuring phrase, as rw_coach_say would; after pain, what is said of pain. */
RW_CHECKED enum rw_status rw_coach_encourage(struct rw_coach *coach, rw_ns now);

/*
 * How the coach talks. While a run is on the seed stays what it is, and the settings count from the
 * next command or run on. It needs no clock and says nothing.
 */
void rw_coach_set_manner(struct rw_coach *coach, const struct rw_manner *manner);

/*
 * LIVE settings from now on, also for later runs: what lies ahead is planned anew. Says ANSWER
 * (NULL: nothing) where there is room for it.
 */
void rw_coach_tune(struct rw_coach *coach, rw_ns now, const struct rw_cue_settings *live,
                   const struct rw_words *answer);

/* No words but answers for LENGTH of the run; 0: words again. */
RW_CHECKED enum rw_status rw_coach_quiet(struct rw_coach *coach, rw_ns now, rw_ns length);

/* A run as it was written down. */
struct rw_coach_recovery {
    struct rw_profile *profile;             /* the coach destroys it, unless the recovery fails */
    const struct rw_command_entry *entries; /* that were carried out; the first is the start */
    size_t count;
    rw_ns until;      /* how far it is known to have come: clock time, as in the entries */
    rw_ns away;       /* how long since then counts as run; 0: all of it counts as a pause */
    uint64_t cue_max; /* numbers of cues up to this are taken */
};
/*
 * Brings a run back to where it was and goes on with it: the entries' clock is taken up so that
 * `until` is AWAY before NOW. Segments that changed meanwhile are told to the observer; the runner
 * is told in one sentence where the run stands. The manner must be set as it was, with the seed.
 * RW_ESTATE: a run is on; RW_EINVALID: the entries
 * do not fit the profile; RW_EMEMORY. On failure nothing has changed.
 */
RW_CHECKED enum rw_status rw_coach_recover(struct rw_coach *coach, rw_ns now,
                                           const struct rw_coach_recovery *recovery);

/* Brings time to NOW: events happen, cues within the horizon go to the sink. */
void rw_coach_advance(struct rw_coach *coach, rw_ns now);
/* The clock time by which rw_coach_advance must be called again; RW_NS_NEVER: only on a command. */
rw_ns rw_coach_deadline(const struct rw_coach *coach);

/* What the sink learned of a cue. */
void rw_coach_report(struct rw_coach *coach, const struct rw_report *report);

/*
 * Whether the change into the present segment, or the finish, or its words were lost for want of
 * sound, so that the runner does not know of it.
 */
bool rw_coach_has_missed(const struct rw_coach *coach);
/* There is sound again at NOW: one sentence catches up with what was missed, if it is missing. */
void rw_coach_catch_up(struct rw_coach *coach, rw_ns now);

void rw_coach_view(const struct rw_coach *coach, rw_ns now, struct rw_coach_view *ret_view);

#endif
