/* A rest: it interrupts the plan for a while, and finds the way back to it. */

#include "session_private.h"

/* What is left of a segment is not worth going back to when it is shorter. */
static const rw_ns worth_going_back = 10 * RW_NS_PER_SECOND;
static const rw_ns remnant_min = 5 * RW_NS_PER_SECOND;

static bool is_run(const struct rw_session *session, uint32_t segment)
{
    struct rw_position position;
    return rw_timeline_seek(session->profile, segment, &position) &&
           position.step->kind == RW_KIND_RUN;
}

/* What is left, LENGTH, of SEGMENT: part of it, or, when it is nearly over, the one after it. */
static struct rw_leg leg_of_rest(const struct rw_session *session, uint32_t segment, rw_ns length)
{
    struct rw_position position;
    struct rw_leg leg = {.segment = segment, .length = length, .is_after_rest = true};
    if (length < remnant_min && segment + 1 < session->segment_count) {
        struct rw_leg after = {.segment = segment + 1};
        leg.segment = segment + 1;
        leg.length = length + rw_leg_length(session, &after);
    }
    if (rw_timeline_seek(session->profile, leg.segment, &position) &&
        leg.length < position.step->duration_ms * RW_NS_PER_MS) {
        leg.is_opened = true;
        leg.opening = (struct rw_words){
            .saying = RW_SAY_WHERE,
            .kind = position.step->kind,
            .side = position.step->side,
            .name = position.step->name,
            .duration_ms = (uint32_t)(leg.length / RW_NS_PER_MS),
        };
    }
    return leg;
}

/* The plan has gone on for SPENT since the rest began: where it is now. */
static struct rw_leg leg_meanwhile(const struct rw_session *session, rw_ns spent)
{
    const struct rw_rest *rest = &session->rest;
    struct rw_leg finish = {.segment = session->segment_count};
    struct rw_position after;
    struct rw_position now;
    if (spent < rest->left) {
        return leg_of_rest(session, rest->segment, rest->left - spent);
    }
    if (!rw_timeline_seek(session->profile, rest->after, &after)) {
        return finish;
    }
    rw_ns at = after.start_ms * RW_NS_PER_MS + spent - rest->left;
    if (!rw_timeline_seek_ms(session->profile, (uint32_t)(at / RW_NS_PER_MS), &now)) {
        return finish;
    }
    rw_ns gone = at - now.start_ms * RW_NS_PER_MS;
    return leg_of_rest(session, now.segment, now.step->duration_ms * RW_NS_PER_MS - gone);
}

void rw_rest_settle(struct rw_session *session)
{
    const struct rw_rest *rest = &session->rest;
    struct rw_leg after = {.segment = rest->after, .is_after_rest = true};
    struct rw_leg again = {.segment = rest->segment, .is_after_rest = true};
    struct rw_position cooldown;
    if (!rest->is_on) {
        return;
    }
    if (rest->waits) {
        bool is_ahead = rw_timeline_seek_last(session->profile, RW_KIND_COOLDOWN, &cooldown) &&
                        cooldown.segment >= rest->after;
        session->next = (struct rw_leg){
            .segment = is_ahead ? cooldown.segment : session->segment_count,
        };
        return;
    }
    switch (rw_profile_policy(session->plan)->after_rest) {
    case RW_AFTER_REST_CONTINUE:
        session->next = rest->resumes ? leg_of_rest(session, rest->segment, rest->left) : after;
        return;
    case RW_AFTER_REST_RESTART:
        session->next = rest->resumes ? again : after;
        return;
    case RW_AFTER_REST_SHORTEN:
        session->next = leg_meanwhile(session, session->end - rest->began);
        return;
    }
}

/* Whether a run is on of which too little is left to come back to it. */
static bool is_nearly_over(const struct rw_session *session)
{
    return session->position.step->kind == RW_KIND_RUN &&
           session->end - session->now <= worth_going_back;
}

/* What a rest that begins now interrupts. */
static void rest_begin(struct rw_session *session)
{
    struct rw_rest *rest = &session->rest;
    const struct rw_step *step = session->position.step;
    bool keeps_end = rw_profile_policy(session->plan)->after_rest == RW_AFTER_REST_SHORTEN;
    *rest = (struct rw_rest){
        .segment = session->position.segment,
        .after = session->next.segment,
        .left = session->end - session->now,
        .began = session->now,
    };
    struct rw_position after;
    if (is_nearly_over(session) && !keeps_end &&
        rw_timeline_seek(session->profile, rest->after, &after) &&
        after.step->kind == RW_KIND_WALK) { /* the walk that comes is the rest */
        rest->left = after.step->duration_ms * RW_NS_PER_MS;
        rest->segment = after.segment;
        rest->after = after.segment + 1;
    } else {
        rest->resumes = step->kind != RW_KIND_WALK && !is_nearly_over(session);
    }
}

/* How long the rest that is on lasts from now on; less than a second: the day has no room for it.
 */
static rw_ns rest_length(const struct rw_session *session, rw_ns max)
{
    const struct rw_rest *rest = &session->rest;
    const rw_ns day = RW_SESSION_MS_MAX * RW_NS_PER_MS;
    rw_ns room;
    switch (rw_profile_policy(session->plan)->after_rest) {
    case RW_AFTER_REST_CONTINUE:
    case RW_AFTER_REST_RESTART: {
        struct rw_leg all = {.segment = rest->segment};
        bool restarts = rw_profile_policy(session->plan)->after_rest == RW_AFTER_REST_RESTART;
        rw_ns again = !rest->resumes ? 0 : restarts ? rw_leg_length(session, &all) : rest->left;
        rw_ns walk = rest->began + rest->left - session->now;
        bool takes_walk = !rest->resumes && walk > max && !is_run(session, rest->segment);
        max = takes_walk ? walk : max;
        room = day - session->now - again - rw_plan_rest(session, rest->after);
        return max < room ? max : room;
    }
    case RW_AFTER_REST_SHORTEN:
        break;
    }
    room = rest->began + rest->left + rw_plan_rest(session, rest->after) - session->now;
    return max < room ? max : room;
}

static bool may_rest(const struct rw_session *session, enum rw_saying saying)
{
    bool is_for_pain = saying == RW_SAY_PAIN;
    switch (session->position.step->kind) {
    case RW_KIND_WARMUP:
    case RW_KIND_RUN:
    case RW_KIND_WALK:
        return true;
    case RW_KIND_REST:
    case RW_KIND_EXERCISE:
        return is_for_pain;
    case RW_KIND_COOLDOWN:
        break;
    }
    return false;
}

enum rw_status rw_session_rest(struct rw_session *session, enum rw_saying saying, rw_ns max,
                               rw_ns floor)
{
    if (!rw_session_is_under_way(session) || !may_rest(session, saying)) {
        return RW_ESTATE;
    }
    struct rw_rest before = session->rest;
    if (!before.is_on) {
        rest_begin(session);
    }
    rw_ns length = rest_length(session, max);
    if (length < RW_SEGMENT_MS_MIN * RW_NS_PER_MS) {
        session->rest = before;
        return RW_ELIMIT;
    }
    bool waits = saying == RW_SAY_PAIN || (before.is_on && before.waits);
    if (!before.is_on && is_nearly_over(session)) {
        rw_session_run_done(session);
    }
    const struct rw_step *step = session->position.step;
    (void)rw_timeline_seek(session->profile, session->rest.segment, &session->position);
    session->position.step = step; /* until the rest takes its place */
    rw_session_insert(session, RW_KIND_WALK, length,
                      (struct rw_leg){.segment = session->rest.after});
    session->rest.is_on = true;
    session->rest.waits = waits;
    session->here = (struct rw_leg){
        .segment = session->position.segment,
        .is_opened = true,
        .opening = {.saying = waits && saying == RW_SAY_REST ? RW_SAY_PAIN : saying},
    };
    if (session->here.opening.saying == RW_SAY_REST) {
        session->here.opening.duration_ms = (uint32_t)(length / RW_NS_PER_MS);
    }
    rw_rest_settle(session);
    rw_session_rewind(session, floor, 0);
    return RW_OK;
}

enum rw_status rw_session_ready(struct rw_session *session, rw_ns floor)
{
    if (!rw_session_is_under_way(session)) {
        return RW_ESTATE;
    }
    if (!session->rest.is_on) {
        if (session->position.step->kind == RW_KIND_RUN) {
            return RW_OK;
        }
        if (!is_run(session, session->next.segment)) {
            return RW_ESTATE;
        }
        rw_session_cut(session, session->next, floor);
        return RW_OK;
    }
    session->rest.waits = false;
    session->end = session->now;
    rw_rest_settle(session);
    if (is_run(session, session->next.segment)) {
        session->next.is_opened = true;
        session->next.opening = (struct rw_words){.saying = RW_SAY_READY};
    }
    rw_session_cut(session, session->next, floor);
    return RW_OK;
}
