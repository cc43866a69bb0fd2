#include "session_private.h"

#include <stdlib.h>

static const rw_ns back_to_previous = 3 * RW_NS_PER_SECOND;

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

rw_ns rw_session_end(const struct rw_session *session)
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

uint32_t rw_session_runs_expected(const struct rw_session *session)
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

struct rw_ground rw_session_ground(const struct rw_session *session)
{
    return (struct rw_ground){
        .profile = session->profile,
        .measure = &session->measure,
        .manner = &session->manner,
    };
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
    session->manner.seed = 1;
    session->halfway_at = session->resumed_at = RW_NS_NEVER;
    for (size_t i = 0; i < RW_TIME_LEFT_MARKS; i++) {
        session->time_left_end[i] = RW_NS_NEVER;
    }
    rw_talk_init(&session->talk);
    session->announced.segment = session->said.segment = UINT32_MAX;
    bool found = rw_timeline_seek(profile, 0, &session->position);
    if (!found) {
        rw_session_destroy(session);
        return RW_EINVALID;
    }
    session->end = position_length(&session->position);
    session->follower = 1;
    rw_session_rewind(session, 0, 0);
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
    rw_told_update(&session->told, &session->position, session->end - session->start);
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
    struct rw_cue_settings settings;
    rw_cue_settings_resolve(&session->manner, session->position.step, &settings);
    rw_ns ticks = counts_down ? settings.countdown : 0;
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
    session->resumed_at = session->now;
    if (busy > 0) { /* the answer tells what the announcement would */
        session->announced = (struct rw_handed){session->position.segment, session->start, 0};
    }
    rw_session_rewind(session, floor, busy);
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
    rw_session_rewind(session, floor, 0);
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
    rw_session_rewind(session, floor, 0);
    return RW_OK;
}

enum rw_status rw_session_extend(struct rw_session *session, rw_ns delta, rw_ns floor, rw_ns busy,
                                 rw_ns *ret_applied)
{
    if (!is_under_way(session) && session->state != RW_SESSION_READY) {
        return RW_ESTATE;
    }
    rw_ns room = RW_SESSION_MS_MAX * RW_NS_PER_MS - rw_session_end(session);
    rw_ns most = room > 0 ? room : 0;
    rw_ns least = session->now - session->end;
    rw_ns applied = delta > most ? most : delta < least ? least : delta;
    session->end += applied;
    session->is_cut_short = session->is_cut_short || (applied < 0 && applied == least);
    rw_session_rewind(session, floor, busy);
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

void rw_session_set_manner(struct rw_session *session, const struct rw_manner *manner)
{
    session->manner = *manner;
    if (session->state == RW_SESSION_READY) {
        rw_session_rewind(session, 0, 0);
    }
}

void rw_session_set_quiet(struct rw_session *session, rw_ns until)
{
    session->quiet_until = until;
}

uint32_t rw_session_reassure(struct rw_session *session)
{
    struct rw_ground ground = rw_session_ground(session);
    struct rw_stretch stretch = {
        .segment = session->position.segment,
        .start = session->start,
        .end = session->end,
        .session_end = rw_session_end(session),
        .resumed_at = session->resumed_at,
    };
    bool runs = session->position.step->kind == RW_KIND_RUN;
    rw_talk_forget_after(&session->talk, session->now); /* the answer withdraws what is ahead */
    rw_ns ran = session->told.ran + (runs ? session->now - session->start : 0);
    return rw_talk_reassure(&session->talk, &ground, session->now, ran,
                            rw_moment_tags(&ground, &stretch, session->now));
}

void rw_session_view(const struct rw_session *session, struct rw_session_view *ret_view)
{
    *ret_view = (struct rw_session_view){
        .state = session->state,
        .now = session->now,
        .position = session->position,
        .segment_start = session->start,
        .segment_end = session->end,
        .end = rw_session_end(session),
        .runs_done = runs_done_among(session, rw_profile_run_count(session->profile)),
    };
    ret_view->has_next = rw_timeline_seek(session->profile, session->follower, &ret_view->next);
}
