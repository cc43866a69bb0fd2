#include "session_private.h"

static const rw_ns rest_asks_before = 10 * RW_NS_PER_SECOND;

/* How LEG, which STRETCH is, begins. */
static void leg_take(struct rw_stretch *stretch, const struct rw_leg *leg)
{
    stretch->is_after_rest = leg->is_after_rest;
    stretch->is_opened = leg->is_opened;
    stretch->opening = leg->opening;
}

/* A rest is asked about once: shortly before a run follows, or when it would have. */
static rw_ns rest_asks_at(const struct rw_session *session)
{
    struct rw_position next;
    rw_ns at = session->end - rest_asks_before;
    if (session->rest.waits) {
        const struct rw_policy *policy = rw_profile_policy(session->plan);
        uint32_t ms = policy->rest_max_ms ? policy->rest_max_ms : RW_REST_MS_DEFAULT;
        at = session->start + ms * RW_NS_PER_MS;
        return at < session->end ? at : RW_NS_NEVER;
    }
    bool runs_next = rw_timeline_seek(session->profile, session->next.segment, &next) &&
                     next.step->kind == RW_KIND_RUN;
    return runs_next && at >= session->start + rest_asks_before ? at : RW_NS_NEVER;
}

/* The cursor's stretch is the current segment, edits and all. */
static void current_take(struct rw_session *session)
{
    struct rw_cursor *cursor = &session->cursor;
    struct rw_stretch *stretch = &cursor->stretch;
    stretch->end = session->end;
    stretch->inserted = session->is_inserted ? &session->inserted : NULL;
    leg_take(stretch, &session->here);
    cursor->next = session->next;
    if (session->rest.is_on) {
        stretch->tells_rest = !session->rest.waits;
        stretch->asks_at = rest_asks_at(session);
    }
}

/* Plans the cursor's stretch, whose `segment` and `start` are set. */
static void cursor_plan(struct rw_session *session)
{
    struct rw_cursor *cursor = &session->cursor;
    struct rw_stretch *stretch = &cursor->stretch;
    if (cursor->is_current) {
        current_take(session);
    } else {
        bool is_finish = stretch->segment >= session->segment_count;
        stretch->end = stretch->start + rw_leg_length(session, &cursor->next);
        leg_take(stretch, &cursor->next);
        cursor->next = (struct rw_leg){.segment = stretch->segment + (is_finish ? 0 : 1)};
    }
    stretch->follower = cursor->next.segment;
    stretch->session_end = rw_session_end(session);
    stretch->runs = rw_session_runs_expected(session);
    stretch->quiet_until = session->quiet_until;
    stretch->resumed_at = session->resumed_at;
    stretch->is_hurt = session->is_hurt;
    stretch->asks_pain = session->is_hurt && !session->is_emergency;
    struct rw_ground ground = rw_session_ground(session);
    rw_plan_stretch(&cursor->plan, &ground, stretch, &cursor->told);
    cursor->index = 0;
    cursor->knows_talk = cursor->has_talk = cursor->has_last = false;
}

/* What is told once in a session, and has been handed out. */
static void told_once_set(const struct rw_session *session, struct rw_told *told)
{
    told->halfway = session->halfway_at != RW_NS_NEVER;
    told->time_left = 0;
    for (unsigned i = 0; i < RW_TIME_LEFT_MARKS; i++) {
        told->time_left |= session->time_left_end[i] != RW_NS_NEVER ? 1u << i : 0;
    }
}

/* Goes on to the stretch after the one planned. */
static void cursor_follow(struct rw_session *session)
{
    struct rw_cursor *cursor = &session->cursor;
    struct rw_position position;
    if (!rw_timeline_seek(session->profile, cursor->stretch.segment, &position)) {
        cursor->is_over = true;
        return;
    }
    if (!cursor->stretch.inserted) {
        rw_told_update(&cursor->told, &position, cursor->stretch.end - cursor->stretch.start);
    }
    told_once_set(session, &cursor->told);
    cursor->stretch.segment = cursor->stretch.follower;
    cursor->stretch.start = cursor->stretch.end;
    cursor->stretch.is_announced = cursor->stretch.is_said = false;
    cursor->stretch.inserted = NULL;
    cursor->stretch.tells_rest = false;
    cursor->stretch.asks_at = RW_NS_NEVER;
    cursor->is_current = false;
    cursor_plan(session);
}

void rw_handed_add(struct rw_handed_list *list, struct rw_handed cue)
{
    list->cues[list->next] = cue;
    list->next = (list->next + 1) % RW_HANDED_MAX;
}

/*
 * Whether one of LIST was the current segment's and has been heard to its end. What an edit cuts
 * begins anew, as long as its window holds it; so all that has not been heard is forgotten.
 */
static bool is_heard(const struct rw_session *session, struct rw_handed_list *list)
{
    bool found = false;
    for (size_t i = 0; i < RW_HANDED_MAX; i++) {
        struct rw_handed *cue = &list->cues[i];
        if (cue->at + cue->length > session->now) {
            cue->segment = UINT32_MAX;
        }
        found = found || (cue->segment == session->position.segment && cue->at >= session->start);
    }
    return found;
}

void rw_session_rewind(struct rw_session *session, rw_ns floor, rw_ns busy)
{
    struct rw_cursor *cursor = &session->cursor;
    if (session->halfway_at != RW_NS_NEVER && session->halfway_end > session->now) {
        session->halfway_at = RW_NS_NEVER;
    }
    for (size_t i = 0; i < RW_TIME_LEFT_MARKS; i++) {
        if (session->time_left_end[i] > session->now) {
            session->time_left_end[i] = RW_NS_NEVER;
        }
    }
    rw_talk_forget_after(&session->talk, session->now);
    cursor->told = session->told;
    told_once_set(session, &cursor->told);
    cursor->stretch = (struct rw_stretch){
        .segment = session->position.segment,
        .start = session->start,
        .from = session->now,
        .floor = floor > session->now ? floor : session->now,
        .asks_at = RW_NS_NEVER,
        .is_announced = is_heard(session, &session->announced),
        .is_said = is_heard(session, &session->said),
    };
    cursor->stretch.busy_until = floor + busy;
    cursor->is_current = true;
    cursor->is_over = false;
    cursor_plan(session);
}

/* Looks for the next unasked cue of the stretch, once. */
static void talk_find(struct rw_session *session)
{
    struct rw_cursor *cursor = &session->cursor;
    if (cursor->knows_talk) {
        return;
    }
    struct rw_ground ground = rw_session_ground(session);
    cursor->knows_talk = true;
    cursor->has_talk =
        rw_talk_next(&session->talk, &ground, &cursor->stretch, &cursor->told, &cursor->plan,
                     cursor->has_last ? &cursor->last : NULL, &cursor->talk);
}

static const struct rw_cue *cue_peek(struct rw_session *session)
{
    struct rw_cursor *cursor = &session->cursor;
    if (session->state == RW_SESSION_PAUSED || session->state == RW_SESSION_STOPPED) {
        return NULL;
    }
    while (!cursor->is_over) {
        talk_find(session);
        const struct rw_cue *planned =
            cursor->index < cursor->plan.count ? &cursor->plan.cues[cursor->index] : NULL;
        if (cursor->has_talk && (!planned || cursor->talk.at < planned->at)) {
            return &cursor->talk;
        }
        if (planned) {
            return planned;
        }
        cursor_follow(session);
    }
    return NULL;
}

/* Remembers of CUE, which is handed out, what later planning depends on. */
static void cue_remember(struct rw_session *session, const struct rw_cue *cue)
{
    const struct rw_cursor *cursor = &session->cursor;
    rw_ns end = cue->at + cue->length;
    struct rw_handed handed = {cue->segment, cue->at, cue->length};
    bool is_heard = cue->fate != RW_CUE_DROPPED;
    bool tells_halfway =
        cue->words.saying == RW_SAY_HALFWAY || (cue->words.flags & RW_WORDS_HALFWAY);
    if (is_heard && tells_halfway) {
        session->halfway_at = cue->at;
        session->halfway_end = end;
    }
    if (is_heard && cue->type == RW_CUE_TIME_LEFT) {
        session->time_left_end[rw_time_left_mark(cue->words.duration_ms)] = end;
    }
    if (cue->type == RW_CUE_ANNOUNCE || cue->type == RW_CUE_ANSWER || cue->type == RW_CUE_CARE) {
        rw_handed_add(&session->announced, handed);
    } else if (cue->type == RW_CUE_SAY) {
        rw_handed_add(&session->said, handed);
    }
    rw_talk_remember(&session->talk, cue, cursor->told.ran + cue->at - cursor->stretch.start);
}

bool rw_session_cue(struct rw_session *session, rw_ns until, struct rw_cue *ret_cue)
{
    struct rw_cursor *cursor = &session->cursor;
    const struct rw_cue *cue = cue_peek(session);
    if (!cue || cue->at > until) {
        return false;
    }
    *ret_cue = *cue;
    cue_remember(session, cue);
    if (cue == &cursor->talk) {
        cursor->knows_talk = cursor->has_talk = false;
        cursor->has_last = cue->fate != RW_CUE_DROPPED;
        cursor->last = *cue;
    } else {
        cursor->index++;
    }
    return true;
}

rw_ns rw_session_next_cue_at(struct rw_session *session)
{
    const struct rw_cue *cue = cue_peek(session);
    return cue ? cue->at : RW_NS_NEVER;
}
