/*
 * The rules of a plan: from what the runner has done to what is due, when, and why. Pure
 * functions of plan, history and today: the same history gives the same answer.
 */
#ifndef RUNWALK_PLAN_RULES_H
#define RUNWALK_PLAN_RULES_H

#include "runwalk/plan/plan.h"

#include <stddef.h>

/* A day of the runner's own calendar, counted from 1970-01-01. */
struct rw_plan_date {
    bool is_known; /* false: no clock could tell */
    int32_t day;
};

/* A run that was, whether of this plan or not. */
struct rw_plan_run {
    uint32_t week, day; /* of this plan; 0: it belongs to no session of it */
    struct rw_plan_date date;
    uint32_t session_ms, planned_ms; /* how long it was without its pauses, and was to be */
    uint32_t rests;                  /* how often the runner asked for one */
    bool is_ended_early;             /* before its last run was over, or its end without runs */
    bool has_runs;                   /* there was running in it */
    bool has_pain;
    bool is_emergency; /* the runner was dizzy, or the chest hurt */
};

/* What the runner has told the plan itself. */
enum rw_plan_mark {
    RW_PLAN_MARK_START,  /* the plan is begun here */
    RW_PLAN_MARK_SKIP,   /* the session before this one is left out */
    RW_PLAN_MARK_REPEAT, /* this one is done again */
    RW_PLAN_MARK_WELL,   /* all is well again, after an emergency */
    RW_PLAN_MARK_RAN,    /* this one was done, by a run that has been erased since */
    RW_PLAN_MARK_STOP,   /* the plan is given up */
};
#define RW_PLAN_MARK_COUNT 6
/* The word of the store and the protocol, such as "start". Static. */
const char *rw_plan_mark_name(enum rw_plan_mark mark);
bool rw_plan_mark_find(const char *name, enum rw_plan_mark *ret_mark);

struct rw_plan_history {
    enum rw_plan_mark mark; /* the last one, which says where the plan stood */
    uint32_t week, day;
    struct rw_plan_date marked;
    const struct rw_plan_run *runs; /* those that ended since, the oldest first */
    size_t count;
    bool waits; /* for an emergency before the mark: nobody has said yet that all is well */
};

enum rw_plan_reason {
    RW_PLAN_BEGINS,      /* nothing has been done of it yet */
    RW_PLAN_GOES_ON,     /* the one before was completed; `number`: rests */
    RW_PLAN_MANY_RESTS,  /* the same again; `number`: how many */
    RW_PLAN_ENDED_EARLY, /* the same again */
    RW_PLAN_PAIN,        /* one step back */
    RW_PLAN_PAUSE,       /* back to an earlier week; `number`: days without a run */
    RW_PLAN_SKIPPED,     /* as the runner wished */
    RW_PLAN_REPEATED,    /* as the runner wished */
    RW_PLAN_WELL,        /* the one before the emergency again */
    RW_PLAN_OVER,        /* all is done: the last week again */
    RW_PLAN_WAITS,       /* nothing is due until all is well */
};
#define RW_PLAN_REASON_COUNT 11
/* The word of the protocol, such as "many-rests". Static. */
const char *rw_plan_reason_name(enum rw_plan_reason reason);

struct rw_plan_decision {
    enum rw_plan_reason reason;
    uint32_t session;        /* what is due, or would be if the plan did not wait */
    uint32_t number;         /* of the reason */
    uint32_t done;           /* the session that the reason speaks of; only where it does */
    struct rw_plan_date due; /* not known: whenever the runner likes */
    bool proposes_core;
    bool is_big_step;
    uint32_t step_percent; /* of a big step; 0: a run is long, not the week */
};

/* What is due TODAY. PLAN is measured. */
void rw_plan_decide(const struct rw_plan *plan, const struct rw_plan_history *history,
                    struct rw_plan_date today, struct rw_plan_decision *ret_decision);

/* What `skip` and `repeat` (of the session before, or with WEEK of its week) make of DECISION. */
uint32_t rw_plan_skip(const struct rw_plan *plan, const struct rw_plan_decision *decision);
uint32_t rw_plan_repeat(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                        bool week);

#define RW_PLAN_WORDS_MAX 400

/* Why DECISION is what it is, in a sentence or two for the runner. Returns TEXT. */
const char *rw_plan_explain(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                            char text[RW_PLAN_WORDS_MAX]);
/* What else is to be said of it: a big step, the core routine. "" when there is nothing. */
const char *rw_plan_advise(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                           char text[RW_PLAN_WORDS_MAX]);

#endif
