#include "ramp.h"

#define ATTACK        (150 * RW_NS_PER_MS)
#define ATTACK_STEPS  5
#define RELEASE       (500 * RW_NS_PER_MS)
#define RELEASE_STEPS 8

/* Whether SPAN keeps the music down, or wants it down, at NOW. */
static bool covers(const struct rw_duck_plan *plan, uint32_t i, rw_ns lead, rw_ns now)
{
    return now >= plan->spans[i].from - lead && now < plan->spans[i].until;
}

static bool is_wanted_down(const struct ramp *ramp, const struct rw_duck_plan *plan, rw_ns now)
{
    rw_ns lead = ramp->down && ramp->hold > ATTACK ? ramp->hold : ATTACK;

    for (uint32_t i = 0; i < plan->count; i++) {
        if (covers(plan, i, lead, now)) {
            return true;
        }
    }
    return false;
}

/* When what is wanted may change by itself. */
static rw_ns next_edge(const struct ramp *ramp, const struct rw_duck_plan *plan, rw_ns now)
{
    for (uint32_t i = 0; i < plan->count; i++) {
        rw_ns edge = ramp->down ? plan->spans[i].until : plan->spans[i].from - ATTACK;
        if (edge > now) {
            return edge;
        }
    }
    return RW_NS_NEVER;
}

rw_ns rw_ramp_update(struct ramp *ramp, const struct rw_duck_plan *plan, rw_ns now)
{
    bool down = is_wanted_down(ramp, plan, now);
    rw_ns step = down ? ATTACK / ATTACK_STEPS : RELEASE / RELEASE_STEPS;
    int size = down ? RAMP_DEPTH_MB / ATTACK_STEPS : -RAMP_DEPTH_MB / RELEASE_STEPS;
    int goal = down ? RAMP_DEPTH_MB : 0;

    if (down != ramp->down) {
        ramp->down = down;
        ramp->stepped = now - step; /* the first one at once */
    }
    while (ramp->depth_mb != goal && ramp->stepped + step <= now) {
        int left = goal - ramp->depth_mb;
        ramp->depth_mb += (down ? left < size : left > size) ? left : size;
        ramp->stepped += step;
    }
    rw_ns edge = next_edge(ramp, plan, now);
    rw_ns next = ramp->depth_mb == goal ? RW_NS_NEVER : ramp->stepped + step;
    return next < edge ? next : edge;
}
