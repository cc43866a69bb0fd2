/* How the coach talks: what changes it, and the few words that answer such a change. */

#include "coach_private.h"

static bool is_planned_for(const struct rw_coach *coach)
{
    return coach->state == RW_COACH_RUNNING || coach->state == RW_COACH_ARMED;
}

void rw_coach_set_manner(struct rw_coach *coach, const struct rw_manner *manner)
{
    uint64_t seed = coach->state == RW_COACH_ARMED || rw_coach_is_under_way(coach)
                        ? coach->manner.seed
                        : manner->seed;
    coach->manner = *manner;
    coach->manner.seed = seed;
    if (coach->session) {
        rw_session_set_manner(coach->session, &coach->manner);
    }
}

/* Plans what lies ahead anew and says WORDS (NULL: nothing) where there is room for them. */
static void anew_plan(struct rw_coach *coach, const struct rw_words *words)
{
    rw_ns at = rw_coach_interrupt(coach);
    if (is_planned_for(coach)) {
        rw_coach_answer_weave(coach, at, words, words ? 1 : 0);
        rw_coach_advance(coach, coach->now); /* what is due is sent again */
    } else if (words) {
        rw_coach_answer_send(coach, at, words);
    }
}

void rw_coach_tune(struct rw_coach *coach, rw_ns now, const struct rw_cue_settings *live,
                   const struct rw_words *answer)
{
    struct rw_manner manner = coach->manner;
    rw_coach_advance(coach, now);
    manner.live = *live;
    rw_coach_set_manner(coach, &manner);
    anew_plan(coach, answer);
    rw_coach_tell_state(coach);
}

enum rw_status rw_coach_quiet(struct rw_coach *coach, rw_ns now, rw_ns length)
{
    struct rw_words words = {.saying = length > 0 ? RW_SAY_QUIET : RW_SAY_MORE_TALK};
    struct rw_session_view view;
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    rw_session_view(coach->session, &view);
    rw_session_set_quiet(coach->session, view.now + length);
    rw_ns earliest = coach->sink.earliest(coach->sink.context, coach->now);
    rw_coach_tell_command(coach, RW_COMMAND_QUIET, length, earliest);
    anew_plan(coach, &words);
    return RW_OK;
}
