#include "runwalk/core/adapt.h"

#define SECOND_MS 1000u

/* BASE changed by LEVEL steps, as a whole second; never less than 0. */
static int64_t stepped(const struct rw_policy *policy, int level, uint32_t base_ms)
{
    int64_t percent = policy->step_percent ? policy->step_percent : RW_STEP_PERCENT;
    int64_t ms = (int64_t)base_ms * (100 + percent * level) / 100;
    return ms > 0 ? (ms + SECOND_MS / 2) / SECOND_MS * SECOND_MS : 0;
}

/*
 * BASE after LEVEL steps, within BOUNDS. What lies outside of them already is not changed further
 * that way, nor forced inside.
 */
static uint32_t fitted(const struct rw_policy *policy, const struct rw_bounds *bounds, int level,
                       uint32_t base_ms)
{
    int64_t base = base_ms;
    int64_t least = bounds->least_ms ? bounds->least_ms : base / 2;
    int64_t most = bounds->most_ms ? bounds->most_ms : base * 2;
    int64_t ms = level == 0 ? base : stepped(policy, level, base_ms);
    least = least < SECOND_MS ? SECOND_MS : least;
    least = least < base ? least : base;
    most = most > base ? most : base;
    return (uint32_t)(ms < least ? least : ms > most ? most : ms);
}

uint32_t rw_adapt_run(const struct rw_policy *policy, const struct rw_adapt *adapt,
                      uint32_t planned_ms)
{
    return fitted(policy, &policy->run, adapt->level, adapt->run_ms ? adapt->run_ms : planned_ms);
}

uint32_t rw_adapt_walk(const struct rw_policy *policy, const struct rw_adapt *adapt,
                       uint32_t planned_ms)
{
    return fitted(policy, &policy->walk, -adapt->level,
                  adapt->walk_ms ? adapt->walk_ms : planned_ms);
}
