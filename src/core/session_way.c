/* The edits that change the way ahead: how long runs and walks are, and where the session goes on.
 */

#include "session_private.h"

/* So long does what is on last yet when it becomes shorter. */
static const rw_ns fitted_min = 10 * RW_NS_PER_SECOND;
static const rw_ns cooldown_length = 300 * RW_NS_PER_SECOND;
static const rw_ns day = RW_SESSION_MS_MAX * RW_NS_PER_MS;

/* Whether a run is on, interrupted, or ahead. */
static bool run_remains(const struct rw_session *session)
{
    struct rw_position next;
    struct rw_position rest;
    uint32_t total = rw_profile_run_count(session->profile);
    if (session->position.step->kind == RW_KIND_RUN) {
        return true;
    }
    if (session->rest.is_on && session->rest.resumes &&
        rw_timeline_seek(session->profile, session->rest.segment, &rest) && rest.run < total) {
        return true;
    }
    return rw_timeline_seek(session->profile, session->next.segment, &next) && next.run < total;
}

/* LEFT of a segment that was BEFORE long and is AFTER now; never suddenly over. */
static rw_ns left_fitted(rw_ns left, rw_ns before, rw_ns after)
{
    rw_ns least = left < fitted_min ? left : fitted_min;
    rw_ns fitted = left + after - before;
    return fitted > least ? fitted : least;
}

/* The course has been fitted anew; what was BEFORE long is on, or is interrupted by a rest. */
static void segment_fit(struct rw_session *session, rw_ns before)
{
    const struct rw_step *step = session->position.step;
    (void)rw_timeline_seek(session->profile, session->position.segment, &session->position);
    rw_ns after = session->position.step->duration_ms * RW_NS_PER_MS;
    if (session->is_inserted) {
        session->position.step = step;
        session->rest.left = left_fitted(session->rest.left, before, after);
    } else {
        session->end = session->now + left_fitted(session->end - session->now, before, after);
    }
}

static rw_ns segment_length(const struct rw_session *session)
{
    struct rw_leg all = {.segment = session->position.segment};
    return rw_leg_length(session, &all);
}

static enum rw_status adapt(struct rw_session *session, const struct rw_adapt *wanted, rw_ns floor,
                            rw_ns busy)
{
    if (!rw_session_is_under_way(session) || !run_remains(session)) {
        return RW_ESTATE;
    }
    bool changed = false;
    rw_ns end = session->end;
    rw_ns left = session->rest.left;
    rw_ns session_end = rw_session_end(session);
    rw_ns before = segment_length(session);
    enum rw_status status = rw_profile_fit(session->profile, session->plan, wanted, &changed);
    if (status != RW_OK) {
        return status;
    }
    segment_fit(session, before);
    rw_rest_settle(session);
    rw_ns fitted_end = rw_session_end(session);
    if (fitted_end > day && fitted_end > session_end) {
        bool ignored;
        status = rw_profile_fit(session->profile, session->plan, &session->adapt, &ignored);
        (void)status; /* it has been fitted like that before */
        segment_fit(session, before);
        session->end = end;
        session->rest.left = left;
        rw_rest_settle(session);
        return RW_ELIMIT;
    }
    if (!changed) {
        return RW_EINVALID;
    }
    session->adapt = *wanted;
    rw_session_rewind(session, floor, busy);
    return RW_OK;
}

enum rw_status rw_session_change(struct rw_session *session, bool longer, rw_ns floor, rw_ns busy)
{
    struct rw_adapt wanted = session->adapt;
    wanted.level += longer ? 1 : -1;
    if (wanted.level > RW_ADAPT_LEVEL_MAX || wanted.level < -RW_ADAPT_LEVEL_MAX) {
        return rw_session_is_under_way(session) ? RW_EINVALID : RW_ESTATE;
    }
    return adapt(session, &wanted, floor, busy);
}

enum rw_status rw_session_ratio(struct rw_session *session, uint32_t run_ms, uint32_t walk_ms,
                                rw_ns floor, rw_ns busy)
{
    struct rw_adapt wanted = {.run_ms = run_ms, .walk_ms = walk_ms};
    enum rw_status status = adapt(session, &wanted, floor, busy);
    if (status == RW_EINVALID) { /* it is so already, which is what was asked for */
        session->adapt = wanted;
        rw_session_rewind(session, floor, busy);
        return RW_OK;
    }
    return status;
}

enum rw_status rw_session_goto(struct rw_session *session, uint32_t run, rw_ns floor)
{
    struct rw_position position;
    if (!rw_session_is_under_way(session)) {
        return RW_ESTATE;
    }
    if (!rw_timeline_seek_run(session->profile, run, &position)) {
        return RW_ENOENT;
    }
    if (session->now + rw_plan_rest(session, position.segment) > day) {
        return RW_ELIMIT;
    }
    rw_session_cut(session, (struct rw_leg){.segment = position.segment}, floor);
    return RW_OK;
}

enum rw_status rw_session_cooldown(struct rw_session *session, rw_ns floor)
{
    struct rw_leg opened = {.is_opened = true, .opening = {.saying = RW_SAY_COOLDOWN_NOW}};
    struct rw_position cooldown;
    if (!rw_session_is_under_way(session) || session->position.step->kind == RW_KIND_COOLDOWN) {
        return RW_ESTATE;
    }
    if (rw_timeline_seek_last(session->profile, RW_KIND_COOLDOWN, &cooldown) &&
        cooldown.segment > session->position.segment) {
        opened.segment = cooldown.segment;
        rw_session_cut(session, opened, floor);
        return RW_OK;
    }
    if (session->now + cooldown_length > day) {
        return RW_ELIMIT;
    }
    session->rest.is_on = false;
    opened.segment = session->position.segment;
    rw_session_insert(session, RW_KIND_COOLDOWN, cooldown_length,
                      (struct rw_leg){.segment = session->segment_count});
    session->here = opened;
    rw_session_rewind(session, floor, 0);
    return RW_OK;
}
