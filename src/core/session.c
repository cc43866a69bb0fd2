#include "session_private.h"

#include <stdlib.h>

static const rw_ns back_to_previous = 3 * RW_NS_PER_SECOND;

static rw_ns position_length(const struct rw_position *position)
{
    return position->step->duration_ms * RW_NS_PER_MS;
}

rw_ns rw_leg_length(const struct rw_session *session, const struct rw_leg *leg)
{
    struct rw_position position;
    if (leg->length > 0) {
        return leg->length;
    }
    bool is_finish = !rw_timeline_seek(session->profile, leg->segment, &position);
    return is_finish ? 0 : position_length(&position);
}

rw_ns rw_plan_rest(const struct rw_session *session, uint32_t segment)
{
    struct rw_position position;
    if (!rw_timeline_seek(session->profile, segment, &position)) {
        return 0;
    }
    return (rw_profile_duration_ms(session->profile) - position.start_ms) * RW_NS_PER_MS;
}

rw_ns rw_session_end(const struct rw_session *session)
{
    const struct rw_leg *next = &session->next;
    return session->end + rw_leg_length(session, next) + rw_plan_rest(session, next->segment + 1);
}

#define RUN_BITS 64

static bool run_is_done(const struct rw_session *session, uint32_t run)
{
    return session->runs_done[run / RUN_BITS] >> (run % RUN_BITS) & 1;
}

void rw_session_run_done(struct rw_session *session)
{
    uint32_t run = session->position.run;
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
    if (rw_timeline_seek(session->profile, session->next.segment, &follower)) {
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
    enum rw_status status =
        session->runs_done ? rw_profile_copy(profile, &session->profile) : RW_EMEMORY;
    if (status != RW_OK) {
        rw_session_destroy(session);
        return status;
    }
    session->plan = profile;
    session->measure = measure;
    session->segment_count = rw_profile_segment_count(profile);
    session->manner.seed = 1;
    session->halfway_at = session->resumed_at = RW_NS_NEVER;
    for (size_t i = 0; i < RW_TIME_LEFT_MARKS; i++) {
        session->time_left_end[i] = RW_NS_NEVER;
    }
    rw_talk_init(&session->talk);
    for (size_t i = 0; i < RW_HANDED_MAX; i++) {
        session->announced.cues[i].segment = session->said.cues[i].segment = UINT32_MAX;
    }
    bool found = rw_timeline_seek(session->profile, 0, &session->position);
    if (!found) {
        rw_session_destroy(session);
        return RW_EINVALID;
    }
    session->end = position_length(&session->position);
    session->next.segment = 1;
    rw_session_rewind(session, 0, 0);
    *ret_session = session;
    return RW_OK;
}

void rw_session_destroy(struct rw_session *session)
{
    if (session) {
        rw_profile_destroy(session->profile);
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

/* The current segment is over: what the runner has been told and has run is known from it. */
static void segment_tell(struct rw_session *session)
{
    if (!session->is_inserted) {
        rw_told_update(&session->told, &session->position, session->end - session->start);
    }
}

/* The current segment is over: what comes next begins, or the session is done. */
static void segment_follow(struct rw_session *session, struct rw_event *ret_event)
{
    session->now = session->end;
    if (session->position.step->kind == RW_KIND_RUN && !session->is_cut_short) {
        rw_session_run_done(session);
    }
    session->is_cut_short = false;
    if (session->next.segment >= session->segment_count) {
        session->state = RW_SESSION_DONE;
        session->rest.is_on = false;
        *ret_event = (struct rw_event){.type = RW_EVENT_END, .at = session->now};
        return;
    }
    segment_tell(session);
    session->here = session->next;
    session->is_inserted = session->rest.is_on = false;
    (void)rw_timeline_seek(session->profile, session->here.segment, &session->position);
    session->start = session->end;
    session->end = session->start + rw_leg_length(session, &session->here);
    session->next = (struct rw_leg){.segment = session->position.segment + 1};
    segment_event(session, ret_event);
}

void rw_session_cut(struct rw_session *session, struct rw_leg leg, rw_ns floor)
{
    session->end = session->now;
    session->is_cut_short = true;
    session->next = leg;
    rw_session_rewind(session, floor, 0);
}

void rw_session_insert(struct rw_session *session, enum rw_kind kind, rw_ns length,
                       struct rw_leg leg)
{
    session->end = session->now;
    segment_tell(session);
    session->inserted = (struct rw_step){
        .duration_ms = (uint32_t)(length / RW_NS_PER_MS),
        .segment_count = 1,
        .kind = kind,
        .cues = &session->inserted_cues,
    };
    const struct rw_cue_settings *cues = session->position.step->cues;
    session->inserted_cues = cues ? *cues : (struct rw_cue_settings){0};
    session->inserted_cues.said &= ~(1u << RW_SETTING_CADENCE);
    session->position.step = &session->inserted;
    session->is_inserted = session->is_new = true;
    session->is_cut_short = false;
    session->start = session->now;
    session->end = session->now + length;
    session->next = leg;
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
    if (session->is_new) {
        session->is_new = false;
        segment_event(session, ret_event);
        return true;
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
        return session->is_new ? session->start : session->end;
    case RW_SESSION_PAUSED:
    case RW_SESSION_DONE:
    case RW_SESSION_STOPPED:
        break;
    }
    return RW_NS_NEVER;
}

bool rw_session_is_under_way(const struct rw_session *session)
{
    return session->state == RW_SESSION_RUNNING || session->state == RW_SESSION_PAUSED;
}

rw_ns rw_session_quiet_until(const struct rw_session *session, rw_ns from)
{
    if (session->state == RW_SESSION_READY) {
        return 0;
    }
    if (!rw_session_is_under_way(session)) {
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
        struct rw_handed told = {session->position.segment, session->start, 0};
        rw_handed_add(&session->announced, told);
    }
    rw_session_rewind(session, floor, busy);
    return RW_OK;
}

enum rw_status rw_session_skip(struct rw_session *session, rw_ns floor)
{
    if (!rw_session_is_under_way(session)) {
        return RW_ESTATE;
    }
    struct rw_leg leg = {.segment = session->position.segment + 1};
    if (session->rest.is_on && !session->rest.waits) {
        return rw_session_ready(session, floor); /* what comes next is what the rest interrupts */
    }
    if (session->is_inserted) { /* after pain no run is begun by a slip; a cooldown ends it all */
        leg = session->next;
    }
    rw_session_cut(session, leg, floor);
    return RW_OK;
}

enum rw_status rw_session_back(struct rw_session *session, rw_ns floor)
{
    if (!rw_session_is_under_way(session)) {
        return RW_ESTATE;
    }
    bool to_previous = !session->is_inserted && session->now - session->start < back_to_previous;
    struct rw_leg leg = {.segment = session->position.segment};
    if (to_previous && leg.segment > 0) {
        leg.segment--;
    }
    rw_session_cut(session, leg, floor);
    return RW_OK;
}

enum rw_status rw_session_extend(struct rw_session *session, rw_ns delta, rw_ns floor, rw_ns busy,
                                 rw_ns *ret_applied)
{
    if (!rw_session_is_under_way(session) && session->state != RW_SESSION_READY) {
        return RW_ESTATE;
    }
    rw_ns room = RW_SESSION_MS_MAX * RW_NS_PER_MS - rw_session_end(session);
    rw_ns most = room > 0 ? room : 0;
    rw_ns least = session->now - session->end;
    rw_ns applied = delta > most ? most : delta < least ? least : delta;
    session->end += applied;
    session->is_cut_short = session->is_cut_short || (applied < 0 && applied == least);
    rw_rest_settle(session);
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

uint32_t rw_session_phrase(struct rw_session *session, enum rw_saying saying, rw_ns most)
{
    struct rw_talk before = session->talk;
    struct rw_ground ground = rw_session_ground(session);
    struct rw_stretch stretch = {
        .segment = session->position.segment,
        .inserted = session->is_inserted ? &session->inserted : NULL,
        .is_after_rest = session->here.is_after_rest,
        .start = session->start,
        .end = session->end,
        .session_end = rw_session_end(session),
        .resumed_at = session->resumed_at,
    };
    bool runs = session->position.step->kind == RW_KIND_RUN;
    rw_talk_forget_after(&session->talk, session->now); /* the answer withdraws what is ahead */
    rw_ns ran = session->told.ran + (runs ? session->now - session->start : 0);
    enum rw_topic topic = saying == RW_SAY_DEAD_POINT ? RW_TOPIC_DEAD_POINT : RW_TOPIC_REASSURE;
    unsigned tags = rw_moment_tags(&ground, &stretch, session->now);
    uint32_t number = rw_talk_choose(&session->talk, &ground, topic, session->now, ran, tags, most);
    if (number == 0) {
        session->talk = before; /* nothing is said, so what is ahead stays */
    }
    return number;
}

void rw_session_hurt(struct rw_session *session, bool is_emergency)
{
    session->is_hurt = true;
    session->is_emergency = session->is_emergency || is_emergency;
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
        .course = session->profile,
        .adapt = session->adapt,
        .is_inserted = session->is_inserted,
        .is_resting = session->rest.is_on,
        .waits = session->rest.waits,
        .is_hurt = session->is_hurt,
        .is_emergency = session->is_emergency,
    };
    ret_view->has_next = rw_timeline_seek(session->profile, session->next.segment, &ret_view->next);
    ret_view->next_length = rw_leg_length(session, &session->next);
    if (session->rest.is_on) {
        (void)rw_timeline_seek(session->profile, session->rest.segment, &ret_view->rest_of);
    }
}
