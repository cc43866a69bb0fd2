/*
 * Sums over the steps of a profile, shared by its construction and the timeline.
 */
#ifndef RUNWALK_CORE_STEP_H
#define RUNWALK_CORE_STEP_H

#include "runwalk/core/profile.h"

struct rw_total {
    uint64_t ms, segments, runs;
};

/* What STEP comes to with all its repetitions; STEPS is the profile's array. */
struct rw_total rw_step_total(const struct rw_step *steps, const struct rw_step *step);

/* What the last repetition of STEP leaves out. */
struct rw_total rw_step_skipped(const struct rw_step *steps, const struct rw_step *step);

#endif
