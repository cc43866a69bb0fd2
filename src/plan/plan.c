#include "runwalk/plan/plan.h"

#include "runwalk/core/timeline.h"

#include <stdlib.h>

void rw_plan_destroy(struct rw_plan *plan)
{
    if (!plan) {
        return;
    }
    for (uint32_t i = 0; i < plan->workout_count; i++) {
        free(plan->workouts[i].profile);
        free(plan->workouts[i].name);
        free(plan->workouts[i].bytes);
    }
    for (uint32_t i = 0; plan->weeks && i < plan->week_count; i++) {
        free(plan->weeks[i].note);
    }
    free(plan->workouts);
    free(plan->weeks);
    free(plan->sessions);
    free(plan->rules.core);
    free(plan->summary);
    free(plan->name);
    free(plan);
}

/* How often STEP and its like come, TIMES repetitions of its parent in all. */
static uint64_t times_of(const struct rw_step *parent, uint32_t number, uint64_t times)
{
    bool is_left_out = number >= parent->skip_first &&
                       number < parent->skip_first + parent->skip_count && parent->skip_count > 0;
    return times * parent->repeat - (is_left_out ? times : 0);
}

/* Adds the runs among the children of PARENT, which itself is done TIMES. Depth is bounded. */
static void runs_add(struct rw_plan_workout *workout, const struct rw_step *steps,
                     const struct rw_step *parent, uint64_t times)
{
    for (uint32_t i = 0; i < parent->child_count; i++) {
        const struct rw_step *step = &steps[parent->first_child + i];
        uint64_t often = times_of(parent, i, times);
        if (step->repeat > 0) {
            runs_add(workout, steps, step, often);
        } else if (step->kind == RW_KIND_RUN && often > 0) {
            workout->running_ms += (uint32_t)(often * step->duration_ms);
            if (step->duration_ms > workout->longest_ms) {
                workout->longest_ms = step->duration_ms;
            }
        }
    }
}

void rw_plan_workout_measure(struct rw_plan_workout *workout, const struct rw_profile *profile)
{
    size_t count;
    struct rw_position position;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    workout->is_measured = true;
    workout->duration_ms = rw_profile_duration_ms(profile);
    workout->running_ms = 0;
    workout->longest_ms = 0;
    if (rw_timeline_seek(profile, 0, &position)) {
        workout->first = position.step->kind;
    }
    runs_add(workout, steps, &steps[0], 1);
}

const struct rw_plan_workout *rw_plan_workout_of(const struct rw_plan *plan, uint32_t session)
{
    return &plan->workouts[plan->sessions[session].workout];
}

uint32_t rw_plan_week_running_ms(const struct rw_plan *plan, uint32_t week)
{
    const struct rw_plan_week *found = &plan->weeks[week - 1];
    uint32_t running_ms = 0;
    for (uint32_t i = found->first; i < found->first + found->count; i++) {
        running_ms += rw_plan_workout_of(plan, i)->running_ms;
    }
    return running_ms;
}

bool rw_plan_find(const struct rw_plan *plan, uint32_t week, uint32_t day, uint32_t *ret_session)
{
    if (week < 1 || week > plan->week_count || day < 1 || day > plan->weeks[week - 1].count) {
        return false;
    }
    *ret_session = plan->weeks[week - 1].first + day - 1;
    return true;
}

uint32_t rw_plan_step_percent(const struct rw_plan *plan, uint32_t session)
{
    uint32_t week = plan->sessions[session].week;
    if (week == 1 || plan->sessions[session].day != 1) {
        return 0;
    }
    uint64_t before = rw_plan_week_running_ms(plan, week - 1);
    uint64_t now = rw_plan_week_running_ms(plan, week);
    if (now <= before) {
        return 0;
    }
    /* What is begun counts as a whole percent, so that 10.1 is more than 10. */
    return before == 0 ? 100 : (uint32_t)(((now - before) * 100 + before - 1) / before);
}

static uint32_t longest_before(const struct rw_plan *plan, uint32_t session)
{
    uint32_t longest_ms = 0;
    for (uint32_t i = 0; i < session; i++) {
        uint32_t one = rw_plan_workout_of(plan, i)->longest_ms;
        longest_ms = one > longest_ms ? one : longest_ms;
    }
    return longest_ms;
}

bool rw_plan_is_big_step(const struct rw_plan *plan, uint32_t session)
{
    uint64_t longest_ms = longest_before(plan, session);
    return rw_plan_step_percent(plan, session) > plan->rules.big_step ||
           (longest_ms > 0 && rw_plan_workout_of(plan, session)->longest_ms > 2 * longest_ms);
}
