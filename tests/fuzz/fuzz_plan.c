/*
 * Any bytes as a plan; what is taken is gone through with histories drawn from the bytes, and
 * every diagnostic is formatted.
 */
#include "fuzz.h"

#include "runwalk/plan/plan_file.h"
#include "runwalk/plan/rules.h"
#include "runwalk/profile/profile_file.h"

#include <stdlib.h>

#define RUNS_MAX 64

static void sessions_look(const struct rw_plan *plan)
{
    for (uint32_t i = 0; i < plan->workout_count; i++) {
        struct rw_profile *profile;
        const struct rw_plan_workout *workout = &plan->workouts[i];
        if (!workout->bytes) {
            continue;
        }
        /* What stands in the plan is a profile of its own, or the reader has let an error pass. */
        if (rw_profile_parse(workout->bytes, workout->size, NULL, &profile) != RW_OK) {
            abort();
        }
        rw_profile_destroy(profile);
    }
    for (uint32_t i = 0; i < plan->session_count; i++) {
        if (plan->sessions[i].workout >= plan->workout_count) {
            abort();
        }
    }
}

static void decide(const struct rw_plan *plan, const uint8_t *data, size_t size)
{
    struct rw_plan_run runs[RUNS_MAX];
    size_t count = size < RUNS_MAX ? size : RUNS_MAX;
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = data[size - 1 - i];
        runs[i] = (struct rw_plan_run){
            .week = byte % 9,
            .day = byte % 4,
            .date = {byte % 5 != 0, (int32_t)(i * (byte % 23))},
            .session_ms = byte * 10000u,
            .planned_ms = 1800000,
            .rests = byte >> 6,
            .is_ended_early = byte & 8,
            .has_runs = byte & 16,
            .has_pain = byte % 11 == 0,
            .is_emergency = byte % 31 == 0,
        };
    }
    for (size_t i = 0; i <= count; i++) {
        struct rw_plan_history history = {
            .mark = (enum rw_plan_mark)(i % RW_PLAN_MARK_COUNT),
            .week = (uint32_t)i % 5,
            .day = 1,
            .marked = {i % 3 != 0, 0},
            .runs = runs,
            .count = i,
        };
        struct rw_plan_decision decision;
        char text[RW_PLAN_WORDS_MAX];
        rw_plan_decide(plan, &history, (struct rw_plan_date){i % 4 != 0, (int32_t)i * 9},
                       &decision);
        if (decision.session >= plan->session_count ||
            rw_plan_skip(plan, &decision) >= plan->session_count ||
            rw_plan_repeat(plan, &decision, i % 2) >= plan->session_count) {
            abort();
        }
        rw_plan_explain(plan, &decision, text);
        rw_plan_advise(plan, &decision, text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rw_diagnostics diagnostics;
    struct rw_plan *plan;
    rw_diagnostics_init(&diagnostics);
    if (rw_plan_parse((const char *)data, size, &diagnostics, &plan) == RW_OK) {
        sessions_look(plan);
        decide(plan, data, size);
        rw_plan_destroy(plan);
    }
    free(rw_diagnostics_format(&diagnostics, "fuzz.plan.yaml", (const char *)data, size));
    return 0;
}
