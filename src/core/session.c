#include "runwalk/core/session.h"

#include "planner.h"

#include <stdlib.h>

static const rw_ns back_to_previous = 3 * RW_NS_PER_SECOND;

/* The last cue of a type that was handed out; UINT32_MAX: none yet. */
struct handed {
    uint32_t segment;
    rw_ns at, length;
};

/* Where the cues are handed out: it runs ahead of the session's time, one planned stretch long. */
struct cursor {
    struct rw_stretch stretch;
    struct rw_told told; /* before the stretch */
    struct rw_plan plan;
    size_t index;    /* of the next cue of the plan to hand out */
    bool is_current; /* the stretch is the session's current segment, edits and all */
    bool is_over;    /* the finish has been handed out */
};

struct rw_session {
    const struct rw_profile *profile;
    struct rw_measure measure;
    uint32_t segment_count;

    enum rw_session_state state;
    rw_ns now;
    struct rw_position position; /* the current segment, once running */
    rw_ns start, end;            /* of the current segment */
    uint32_t follower;           /* the segment that comes at `end` */
    bool is_cut_short;           /* it does not end by itself: a command has ended it */
    uint64_t *runs_done;         /* a bit for each run that ended by itself */

    struct rw_told told;           /* before the current segment */
    rw_ns halfway_at, halfway_end; /* when it was or will be said; RW_NS_NEVER: not handed out */
    struct handed announced, said;
    struct cursor cursor;
};

const char *rw_session_state_name(enum rw_session_state state)
{
    switch (state) {
    case RW_SESSION_READY:
        return "ready";
    case RW_SESSION_RUNNING:
        return "running";
    case RW_SESSION_PAUSED:
        return "paused";
    case RW_SESSION_DONE:
        return "done";
    case RW_SESSION_STOPPED:
        return "stopped";
    }
    return "";
}

static rw_ns position_length(const struct rw_position *position)
{
    return position->step->duration_ms * RW_NS_PER_MS;
}

/* How long the plan lasts from the start of SEGMENT on; 0 for the finish. */
static rw_ns plan_rest(const struct rw_session *session, uint32_t segment)
{
    struct rw_position position;
    if (!rw_timeline_seek(session->profile, segment, &position)) {
        return 0;
    }
    return (rw_profile_duration_ms(session->profile) - position.start_ms) * RW_NS_PER_MS;
}

static rw_ns session_end(const struct rw_session *session)
{
    return session->end + plan_rest(session, session->follower);
}

#define RUN_BITS 64

static bool run_is_done(const struct rw_session *session, uint32_t run)
{
    return session->runs_done[run / RUN_BITS] >> (run % RUN_BITS) & 1;
}

static void run_set_done(struct rw_session *session, uint32_t run)
{
    session->runs_done[run / RUN_BITS] |= UINT64_C(1) << (run % RUN_BITS);
}

/* How many of the first COUNT runs have been done. */
static uint32_t runs_done_among(const struct rw_session *session, uint32_t count)
{
    uint32_t done = 0;
    for (uint32_t run = 0; run < count; run += RUN_BITS) {
        uint64_t bits = session->runs_done[run / RUN_BITS];
        uint32_t left = count - run;
        if (left < RUN_BITS) {
            bits &= (UINT64_C(1) << left) - 1;
        }
        done += (uint32_t)__builtin_popcountll(bits);
    }
    return done;
}

/* How many runs will have been done at the end if nothing more is cut short. */
static uint32_t runs_expected(const struct rw_session *session)
{
    uint32_t total = rw_profile_run_count(session->profile);
    uint32_t ahead = total; /* the first run that comes after the current segment */
    struct rw_position follower;
    if (rw_timeline_seek(session->profile, session->follower, &follower)) {
        ahead = follower.run;
    }
    bool will_be_done = session->position.step->kind == RW_KIND_RUN && !session->is_cut_short &&
                        session->position.run < ahead &&
                        !run_is_done(session, session->position.run);
    return runs_done_among(session, ahead) + (will_be_done ? 1 : 0) + total - ahead;
}

/* Plans the cursor's stretch, whose `segment` and `start` are set. */
static void cursor_plan(struct rw_session *session)
{
    struct cursor *cursor = &session->cursor;
    struct rw_stretch *stretch = &cursor->stretch;
    struct rw_position position;
    if (cursor->is_current) {
        stretch->end = session->end;
        stretch->follower = session->follower;
    } else if (rw_timeline_seek(session->profile, stretch->segment, &position)) {
        stretch->end = stretch->start + position_length(&position);
        stretch->follower = stretch->segment + 1;
    } else {
        stretch->end = stretch->start;
        stretch->follower = stretch->segment;
    }
    stretch->session_end = session_end(session);
    stretch->runs = runs_expected(session);
    rw_plan_stretch(&cursor->plan, session->profile, &session->measure, stretch, &cursor->told);
    cursor->index = 0;
}

/* Goes on to the stretch after the one planned. */
static void cursor_follow(struct rw_session *session)
{
    struct cursor *cursor = &session->cursor;
    struct rw_position position;
    if (!rw_timeline_seek(session->profile, cursor->stretch.segment, &position)) {
        cursor->is_over = true;
        return;
    }
    rw_told_update(&cursor->told, &position);
    cursor->told.halfway = session->halfway_at != RW_NS_NEVER;
    cursor->stretch.segment = cursor->stretch.follower;
    cursor->stretch.start = cursor->stretch.end;
    cursor->stretch.is_announced = cursor->stretch.is_said = false;
    cursor->is_current = false;
    cursor_plan(session);
}

/*
 * Whether the current segment's cue that HANDED remembers has been heard to its end. What an edit
 * cuts begins anew, as long as its window holds it.
 */
static bool is_heard(const struct rw_session *session, const struct handed *handed)
{
    return handed->segment == session->position.segment && handed->at >= session->start &&
           handed->at + handed->length <= session->now;
}

/* After an edit: what lies ahead is planned anew, from the present on. */
static void cursor_rewind(struct rw_session *session, rw_ns floor, rw_ns busy)
{
    struct cursor *cursor = &session->cursor;
    if (session->halfway_at != RW_NS_NEVER && session->halfway_end > session->now) {
        session->halfway_at = RW_NS_NEVER;
    }
    cursor->told = session->told;
    cursor->told.halfway = session->halfway_at != RW_NS_NEVER;
    cursor->stretch = (struct rw_stretch){
        .segment = session->position.segment,
        .start = session->start,
        .from = session->now,
        .floor = floor > session->now ? floor : session->now,
        .is_announced = is_heard(session, &session->announced),
        .is_said = is_heard(session, &session->said),
    };
    cursor->stretch.busy_until = floor + busy;
    cursor->is_current = true;
    cursor->is_over = false;
    cursor_plan(session);
}

enum rw_status rw_session_create(const struct rw_profile *profile, struct rw_measure measure,
                                 struct rw_session **ret_session)
{
    struct rw_session *session = calloc(1, sizeof *session);
    if (!session) {
        return RW_EMEMORY;
    }
    size_t words = rw_profile_run_count(profile) / RUN_BITS + 1;
    session->runs_done = calloc(words, sizeof *session->runs_done);
    if (!session->runs_done) {
        free(session);
        return RW_EMEMORY;
    }
    session->profile = profile;
    session->measure = measure;
    session->segment_count = rw_profile_segment_count(profile);
    session->halfway_at = RW_NS_NEVER;
    session->announced.segment = session->said.segment = UINT32_MAX;
    bool found = rw_timeline_seek(profile, 0, &session->position);
    if (!found) {
        rw_session_destroy(session);
        return RW_EINVALID;
    }
    session->end = position_length(&session->position);
    session->follower = 1;
    cursor_rewind(session, 0, 0);
    *ret_session = session;
    return RW_OK;
}

void rw_session_destroy(struct rw_session *session)
{
    if (session) {
        free(session->runs_done);
        free(session);
    }
}

static void segment_event(const struct rw_session *session, struct rw_event *ret_event)
{
    *ret_event = (struct rw_event){
        .type = RW_EVENT_SEGMENT,
        .at = session->start,
        .duration_ns = session->end - session->start,
        .position = session->position,
    };
}

/* The current segment is over: its follower begins, or the session is done. */
static void segment_follow(struct rw_session *session, struct rw_event *ret_event)
{
    session->now = session->end;
    if (session->position.step->kind == RW_KIND_RUN && !session->is_cut_short) {
        run_set_done(session, session->position.run);
    }
    session->is_cut_short = false;
    if (session->follower >= session->segment_count) {
        session->state = RW_SESSION_DONE;
        *ret_event = (struct rw_event){.type = RW_EVENT_END, .at = session->now};
        return;
    }
    rw_told_update(&session->told, &session->position);
    (void)rw_timeline_seek(session->profile, session->follower, &session->position);
    session->start = session->end;
    session->end = session->start + position_length(&session->position);
    session->follower = session->position.segment + 1;
    segment_event(session, ret_event);
}

bool rw_session_advance(struct rw_session *session, rw_ns until, struct rw_event *ret_event)
{
    switch (session->state) {
    case RW_SESSION_READY:
        if (until < 0) {
            return false;
        }
        session->state = RW_SESSION_RUNNING;
        segment_event(session, ret_event);
        return true;
    case RW_SESSION_PAUSED:
        until = session->now; /* only what an edit has made due */
        break;
    case RW_SESSION_RUNNING:
        break;
    case RW_SESSION_DONE:
    case RW_SESSION_STOPPED:
        return false;
    }
    if (session->end <= until) {
        segment_follow(session, ret_event);
        return true;
    }
    if (until > session->now) {
        session->now = until;
    }
    return false;
}

static const struct rw_cue *cue_peek(struct rw_session *session)
{
    struct cursor *cursor = &session->cursor;
    if (session->state == RW_SESSION_PAUSED || session->state == RW_SESSION_STOPPED) {
        return NULL;
    }
    while (!cursor->is_over && cursor->index == cursor->plan.count) {
        cursor_follow(session);
    }
    return cursor->is_over ? NULL : &cursor->plan.cues[cursor->index];
}

bool rw_session_cue(struct rw_session *session, rw_ns until, struct rw_cue *ret_cue)
{
    const struct rw_cue *cue = cue_peek(session);
    if (!cue || cue->at > until) {
        return false;
    }
    bool tells_halfway = cue->fate != RW_CUE_DROPPED && (cue->words.saying == RW_SAY_HALFWAY ||
                                                         (cue->words.flags & RW_WORDS_HALFWAY));
    if (tells_halfway) {
        session->halfway_at = cue->at;
        session->halfway_end = cue->at + cue->length;
    }
    if (cue->type == RW_CUE_ANNOUNCE) {
        session->announced = (struct handed){cue->segment, cue->at, cue->length};
    } else if (cue->type == RW_CUE_SAY) {
        session->said = (struct handed){cue->segment, cue->at, cue->length};
    }
    *ret_cue = *cue;
    session->cursor.index++;
    return true;
}

rw_ns rw_session_next_cue_at(struct rw_session *session)
{
    const struct rw_cue *cue = cue_peek(session);
    return cue ? cue->at : RW_NS_NEVER;
}

rw_ns rw_session_next_event_at(const struct rw_session *session)
{
    switch (session->state) {
    case RW_SESSION_READY:
        return 0;
    case RW_SESSION_RUNNING:
        return session->end;
    case RW_SESSION_PAUSED:
    case RW_SESSION_DONE:
    case RW_SESSION_STOPPED:
        break;
    }
    return RW_NS_NEVER;
}

static bool is_under_way(const struct rw_session *session)
{
    return session->state == RW_SESSION_RUNNING || session->state == RW_SESSION_PAUSED;
}

rw_ns rw_session_quiet_until(const struct rw_session *session, rw_ns from)
{
    if (session->state == RW_SESSION_READY) {
        return 0;
    }
    if (!is_under_way(session)) {
        return RW_NS_NEVER;
    }
    bool counts_down = session->end - session->start >= RW_COUNTDOWN_STEP_MIN;
    rw_ns ticks = counts_down ? session->position.step->cues.countdown : 0;
    for (; ticks > 0; ticks--) {
        rw_ns at = session->end - ticks * RW_NS_PER_SECOND;
        if (at >= from) {
            return at;
        }
    }
    return session->end;
}

enum rw_status rw_session_pause(struct rw_session *session)
{
    if (session->state != RW_SESSION_RUNNING) {
        return RW_ESTATE;
    }
    session->state = RW_SESSION_PAUSED;
    return RW_OK;
}

enum rw_status rw_session_resume(struct rw_session *session, rw_ns floor, rw_ns busy)
{
    if (session->state != RW_SESSION_PAUSED) {
        return RW_ESTATE;
    }
    session->state = RW_SESSION_RUNNING;
    if (busy > 0) { /* the answer tells what the announcement would */
        session->announced = (struct handed){session->position.segment, session->start, 0};
    }
    cursor_rewind(session, floor, busy);
    return RW_OK;
}

enum rw_status rw_session_skip(struct rw_session *session, rw_ns floor)
{
    if (!is_under_way(session)) {
        return RW_ESTATE;
    }
    session->end = session->now;
    session->is_cut_short = true;
    session->follower = session->position.segment + 1;
    cursor_rewind(session, floor, 0);
    return RW_OK;
}

enum rw_status rw_session_back(struct rw_session *session, rw_ns floor)
{
    if (!is_under_way(session)) {
        return RW_ESTATE;
    }
    bool to_previous = session->now - session->start < back_to_previous;
    session->follower = session->position.segment;
    if (to_previous && session->follower > 0) {
        session->follower--;
    }
    session->end = session->now;
    session->is_cut_short = true;
    cursor_rewind(session, floor, 0);
    return RW_OK;
}

enum rw_status rw_session_extend(struct rw_session *session, rw_ns delta, rw_ns floor, rw_ns busy,
                                 rw_ns *ret_applied)
{
    if (!is_under_way(session) && session->state != RW_SESSION_READY) {
        return RW_ESTATE;
    }
    rw_ns room = RW_SESSION_MS_MAX * RW_NS_PER_MS - session_end(session);
    rw_ns most = room > 0 ? room : 0;
    rw_ns least = session->now - session->end;
    rw_ns applied = delta > most ? most : delta < least ? least : delta;
    session->end += applied;
    session->is_cut_short = session->is_cut_short || (applied < 0 && applied == least);
    cursor_rewind(session, floor, busy);
    *ret_applied = applied;
    return RW_OK;
}

enum rw_status rw_session_stop(struct rw_session *session)
{
    if (session->state == RW_SESSION_DONE || session->state == RW_SESSION_STOPPED) {
        return RW_ESTATE;
    }
    session->state = RW_SESSION_STOPPED;
    return RW_OK;
}

void rw_session_view(const struct rw_session *session, struct rw_session_view *ret_view)
{
    *ret_view = (struct rw_session_view){
        .state = session->state,
        .now = session->now,
        .position = session->position,
        .segment_start = session->start,
        .segment_end = session->end,
        .end = session_end(session),
        .runs_done = runs_done_among(session, rw_profile_run_count(session->profile)),
    };
    ret_view->has_next = rw_timeline_seek(session->profile, session->follower, &ret_view->next);
}
