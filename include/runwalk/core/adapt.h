/*
 * A plan fitted to the runner: what a profile allows (its policy), what was asked for (its
 * adaptation), and how long each step lasts then. Nothing is expanded: the lengths of the file's
 * steps are fitted, and sums follow from them.
 */
#ifndef RUNWALK_CORE_ADAPT_H
#define RUNWALK_CORE_ADAPT_H

#include "runwalk/base.h"

#include <stdbool.h>

/* What a step of the plan becomes after a rest in it. */
enum rw_after_rest {
    RW_AFTER_REST_CONTINUE, /* what was left of it */
    RW_AFTER_REST_RESTART,  /* all of it again */
    RW_AFTER_REST_SHORTEN,  /* the plan has gone on meanwhile: the session keeps its end */
};
#define RW_AFTER_REST_COUNT 3

/* Between what a length is kept while it is changed by steps. */
struct rw_bounds {
    uint32_t least_ms; /* 0: half of what is planned */
    uint32_t most_ms;  /* 0: twice as much as is planned */
};

#define RW_REST_MS_DEFAULT  120000u
#define RW_REST_MS_MIN      10000u
#define RW_REST_MS_MAX      1800000u
#define RW_STEP_PERCENT     20u /* when nothing is said */
#define RW_STEP_PERCENT_MIN 5u
#define RW_STEP_PERCENT_MAX 50u
#define RW_ADAPT_LEVEL_MAX  20

/* What a profile says of live changes; all zero is the default. */
struct rw_policy {
    uint32_t rest_max_ms; /* of a rest without a length of its own; 0: RW_REST_MS_DEFAULT */
    enum rw_after_rest after_rest;
    uint32_t step_percent; /* of easier and harder; 0: RW_STEP_PERCENT */
    struct rw_bounds run, walk;
};

/* What was asked for; all zero: as planned. */
struct rw_adapt {
    uint32_t run_ms, walk_ms; /* a ratio, instead of what is planned; 0: none */
    int level;                /* of how many steps runs are longer, or, negative, shorter */
};

/* How long a run or walk, PLANNED_MS long in the file, lasts; whole seconds when it was changed by
 * steps. */
uint32_t rw_adapt_run(const struct rw_policy *policy, const struct rw_adapt *adapt,
                      uint32_t planned_ms);
uint32_t rw_adapt_walk(const struct rw_policy *policy, const struct rw_adapt *adapt,
                       uint32_t planned_ms);

#endif
