/* Decisions in words for the runner. */
#include "runwalk/plan/rules.h"

#include <stdio.h>

#define PLACE_MAX 32

/* "week 3, day 2" */
static const char *place_write(const struct rw_plan *plan, uint32_t session, char place[PLACE_MAX])
{
    snprintf(place, PLACE_MAX, "week %u, day %u", (unsigned)plan->sessions[session].week,
             (unsigned)plan->sessions[session].day);
    return place;
}

static void goes_on_write(const struct rw_plan_decision *decision, const char *done, char *text)
{
    if (decision->number == 0) {
        snprintf(text, RW_PLAN_WORDS_MAX, "You completed %s without a rest: on it goes.", done);
    } else {
        snprintf(text, RW_PLAN_WORDS_MAX,
                 "You completed %s with %u rest%s, which is fine: on it goes.", done,
                 (unsigned)decision->number, decision->number == 1 ? "" : "s");
    }
}

static void pause_write(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                        char *text)
{
    uint32_t week = plan->sessions[decision->session].week;
    bool is_earlier = week < plan->sessions[decision->done].week;
    snprintf(text, RW_PLAN_WORDS_MAX,
             is_earlier ? "%u days without a run: back to week %u, and from there on again."
                        : "%u days without a run: week %u again, from its start.",
             (unsigned)decision->number, (unsigned)week);
}

const char *rw_plan_explain(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                            char text[RW_PLAN_WORDS_MAX])
{
    char done[PLACE_MAX];
    const size_t size = RW_PLAN_WORDS_MAX;
    place_write(plan, decision->done, done);
    switch (decision->reason) {
    case RW_PLAN_BEGINS:
        snprintf(text, size, "The plan begins here.");
        break;
    case RW_PLAN_GOES_ON:
        goes_on_write(decision, done, text);
        break;
    case RW_PLAN_MANY_RESTS:
        snprintf(text, size, "You took %u rests in %s: the same again, until it takes %u at most.",
                 (unsigned)decision->number, done, (unsigned)plan->rules.rests);
        break;
    case RW_PLAN_ENDED_EARLY:
        snprintf(text, size, "You ended %s early: the same again.", done);
        break;
    case RW_PLAN_PAIN:
        snprintf(text, size, "Something hurt at %s: %s.", done,
                 decision->session < decision->done ? "one step back" : "the same again, gently");
        break;
    case RW_PLAN_PAUSE:
        pause_write(plan, decision, text);
        break;
    case RW_PLAN_SKIPPED:
        snprintf(text, size, "You left out the session before this one.");
        break;
    case RW_PLAN_REPEATED:
        snprintf(text, size, "You wanted this one again.");
        break;
    case RW_PLAN_WELL:
        snprintf(text, size, "All is well again: go on gently from here.");
        break;
    case RW_PLAN_OVER:
        snprintf(text, size,
                 "You have completed the plan: well done. Its last week keeps you where you are.");
        break;
    case RW_PLAN_WAITS:
        snprintf(
            text, size,
            "You were dizzy, or your chest hurt: have it looked into. The plan waits until you "
            "say that all is well (`runwalk plan well`).");
        break;
    }
    return text;
}

const char *rw_plan_advise(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                           char text[RW_PLAN_WORDS_MAX])
{
    const size_t size = RW_PLAN_WORDS_MAX;
    text[0] = '\0';
    if (decision->proposes_core) {
        snprintf(
            text, size,
            "When it has calmed down, a strong middle helps: `runwalk start %s`, three times a "
            "week.",
            plan->rules.core);
    } else if (decision->is_big_step && decision->step_percent > 0) {
        snprintf(text, size,
                 "A big step: %u %% more running this week than in the one before. Run slowly; "
                 "repeating a week is normal.",
                 (unsigned)decision->step_percent);
    } else if (decision->is_big_step) {
        snprintf(
            text, size,
            "A big step: one run of %u minutes, much longer than before. Run slowly; walk when "
            "you must.",
            (unsigned)(rw_plan_workout_of(plan, decision->session)->longest_ms / 60000));
    }
    return text;
}
