/*
 * A plan: weeks of sessions with days of rest between them, and the rules by which the next
 * one is found. It knows what each session comes to, not how it is run: that is its
 * workout's profile, which is read elsewhere. Pure data; immutable once read and measured.
 */
#ifndef RUNWALK_PLAN_PLAN_H
#define RUNWALK_PLAN_PLAN_H

#include "runwalk/core/profile.h"

#include <stdbool.h>

#define RW_PLAN_WEEKS_MAX     52u
#define RW_PLAN_WEEK_DAYS     7u
#define RW_PLAN_SESSIONS_MAX  (RW_PLAN_WEEKS_MAX * RW_PLAN_WEEK_DAYS)
#define RW_PLAN_WORKOUTS_MAX  100u /* different ones */
#define RW_PLAN_RESTS_MAX     20u  /* limits of the rules */
#define RW_PLAN_PAUSE_MAX     365u
#define RW_PLAN_BIG_STEP_MAX  100u
#define RW_PLAN_COUNTED_MS    60000u /* a shorter run counts in no plan */
#define RW_PLAN_RESTS_DEFAULT 2u
#define RW_PLAN_PAUSE_DEFAULT 14u
#define RW_PLAN_LONG_DEFAULT  28u
#define RW_PLAN_STEP_DEFAULT  10u
#define RW_PLAN_CORE_DEFAULT  "core-20-10"

/* Where in the plan's file something stands. */
struct rw_plan_place {
    uint32_t line, column, width;
};

/* What is done in a session. */
struct rw_plan_workout {
    char *profile;   /* the name of a profile; NULL: `bytes` are one */
    char *name;      /* instead of that profile's own; or NULL */
    uint32_t repeat; /* how often its first repeat is done; 0: as the profile says */
    char *bytes;     /* a profile as a file would have it */
    size_t size;
    struct rw_plan_place place;

    /* what it comes to; zeroes until it has been measured */
    bool is_measured;
    uint32_t duration_ms;
    uint32_t running_ms; /* of all its runs */
    uint32_t longest_ms; /* of the longest one */
    enum rw_kind first;
};

struct rw_plan_session {
    uint32_t week, day; /* from 1; the day counts the sessions of its week */
    uint32_t weekday;   /* from 0: which of the seven days of its week */
    uint32_t workout;   /* number in the list */
};

struct rw_plan_week {
    char *note;            /* for people, or NULL */
    uint32_t first, count; /* its sessions; at least one */
};

struct rw_plan_rules {
    uint32_t rests;      /* so many in a session, and it still counts as done */
    uint32_t pause_days; /* after so many without a run: one week back */
    uint32_t long_days;  /* and after so many: two */
    uint32_t big_step;   /* percent of running time a week; what is more is announced */
    char *core;          /* the profile that is proposed after pain */
};

struct rw_plan {
    char *name;    /* as it is spoken */
    char *summary; /* or NULL */
    struct rw_plan_rules rules;
    struct rw_plan_workout *workouts;
    uint32_t workout_count;
    struct rw_plan_week *weeks;
    uint32_t week_count; /* 1 to RW_PLAN_WEEKS_MAX */
    struct rw_plan_session *sessions;
    uint32_t session_count; /* in order; at least one */
};

void rw_plan_destroy(struct rw_plan *plan);

/* Notes what WORKOUT comes to, now that its profile is known. */
void rw_plan_workout_measure(struct rw_plan_workout *workout, const struct rw_profile *profile);

const struct rw_plan_workout *rw_plan_workout_of(const struct rw_plan *plan, uint32_t session);

/* The running time of WEEK, from 1; fits, since a day has at most one session. */
uint32_t rw_plan_week_running_ms(const struct rw_plan *plan, uint32_t week);

/* The session called DAY of WEEK. False: the plan has none. */
bool rw_plan_find(const struct rw_plan *plan, uint32_t week, uint32_t day, uint32_t *ret_session);

/*
 * By how many percent the step into SESSION raises the running time of a week, when it is the first
 * of its week; 0 when it does not. A week without running before one with some is 100.
 */
uint32_t rw_plan_step_percent(const struct rw_plan *plan, uint32_t session);

/*
 * Whether SESSION is a big step for its runner: the week's running grows by more than the rules
 * say, or a run lasts more than twice as long as the longest of all sessions before.
 */
bool rw_plan_is_big_step(const struct rw_plan *plan, uint32_t session);

#endif
