#include "coach_private.h"

#include "runwalk/coach/measure.h"

#include <stdlib.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

/* The coach wakes this long before a cue is due, to send it. */
static const rw_ns send_ahead = SECONDS(2);
/* A wait for the start shorter than this is not worth a word. */
static const rw_ns starting_in_min = SECONDS(5);
static const rw_ns after_words = SECONDS(1); /* between what is said of a run and its start */

/* When a paused runner is told so again, from the pause on; and when the run is given up. */
static const rw_ns still_paused_after[] = {SECONDS(60), SECONDS(300)};
static const rw_ns pause_max = SECONDS(1800);
/* Between the last word of a run and the question after it. */
static const rw_ns question_pause = SECONDS(1);

const char *rw_coach_state_name(enum rw_coach_state state)
{
    switch (state) {
    case RW_COACH_IDLE:
        return "idle";
    case RW_COACH_CHOSEN:
        return "chosen";
    case RW_COACH_ARMED:
        return "armed";
    case RW_COACH_RUNNING:
        return "running";
    case RW_COACH_PAUSED:
        return "paused";
    case RW_COACH_DONE:
        return "done";
    case RW_COACH_STOPPED:
        return "stopped";
    }
    return "";
}

enum rw_status rw_coach_create(struct rw_voice *voice, struct rw_sink sink,
                               struct rw_coach_observer observer, struct rw_coach **ret_coach)
{
    struct rw_coach *coach = calloc(1, sizeof *coach);
    if (!coach) {
        return RW_EMEMORY;
    }
    coach->voice = voice;
    coach->sink = sink;
    coach->observer = observer;
    coach->epoch = 1;
    coach->expected = RW_NS_NEVER;
    coach->manner.seed = 1;
    *ret_coach = coach;
    return RW_OK;
}

void rw_coach_destroy(struct rw_coach *coach)
{
    if (coach) {
        rw_session_destroy(coach->session);
        rw_profile_destroy(coach->profile);
        free(coach);
    }
}

static void state_set(struct rw_coach *coach, enum rw_coach_state state)
{
    coach->state = state;
    rw_coach_tell_state(coach);
}

static bool is_on(const struct rw_coach *coach)
{
    switch (coach->state) {
    case RW_COACH_ARMED:
    case RW_COACH_RUNNING:
    case RW_COACH_PAUSED:
        return true;
    case RW_COACH_IDLE:
    case RW_COACH_CHOSEN:
    case RW_COACH_DONE:
    case RW_COACH_STOPPED:
        break;
    }
    return false;
}

bool rw_coach_is_under_way(const struct rw_coach *coach)
{
    return coach->state == RW_COACH_RUNNING || coach->state == RW_COACH_PAUSED;
}

bool rw_coach_asks_pain(const struct rw_coach *coach)
{
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    return view.is_hurt && !view.is_emergency;
}

static void where_say(struct rw_coach *coach)
{
    struct rw_words variants[RW_WHERE_VARIANTS];
    rw_ns at = rw_coach_interrupt(coach);
    rw_coach_where_words(coach, at - coach->origin, variants);
    rw_coach_answer_weave(coach, at, variants, RW_WHERE_VARIANTS);
}

/* What the finish would have told, had it not been missed. */
static void done_say(struct rw_coach *coach)
{
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    struct rw_words words = {
        .saying = RW_SAY_DONE,
        .duration_ms = (uint32_t)(view.now / RW_NS_PER_MS),
        .total = view.runs_done,
    };
    rw_coach_answer_send(coach, rw_coach_interrupt(coach), &words);
}

static void session_advance(struct rw_coach *coach)
{
    struct rw_event event;
    while (rw_session_advance(coach->session, coach->now - coach->origin, &event)) {
        if (event.type == RW_EVENT_END) {
            state_set(coach, RW_COACH_DONE);
            return;
        }
        if (coach->state == RW_COACH_ARMED) {
            state_set(coach, RW_COACH_RUNNING);
        }
        struct rw_coach_event told = {
            .type = RW_COACH_EVENT_SEGMENT,
            .at = coach->origin + event.at,
            .segment = event,
        };
        coach->observer.event(coach->observer.context, &told);
    }
}

/* Brings the session and its cues to the present, without the reminders of a pause. */
static void present_reach(struct rw_coach *coach)
{
    if (!is_on(coach)) {
        return;
    }
    session_advance(coach);
    if (coach->state != RW_COACH_PAUSED && rw_coach_send_cues(coach)) {
        if (coach->state == RW_COACH_DONE) {
            done_say(coach);
        } else {
            where_say(coach);
            (void)rw_coach_send_cues(coach);
        }
    }
    rw_coach_tell_expectation(coach);
}

void rw_coach_catch_up(struct rw_coach *coach, rw_ns now)
{
    rw_coach_advance(coach, now);
    if (!rw_coach_has_missed(coach) || rw_coach_words_are_coming(coach)) {
        return;
    }
    if (coach->state == RW_COACH_DONE) {
        done_say(coach);
    } else if (coach->state == RW_COACH_RUNNING) {
        where_say(coach);
        present_reach(coach);
    }
}

static void time_set(struct rw_coach *coach, rw_ns now)
{
    if (now > coach->now) {
        coach->now = now;
    }
}

static void pause_remind(struct rw_coach *coach)
{
    bool is_due = false;
    while (coach->reminders < RW_COUNT(still_paused_after) &&
           coach->now >= coach->paused_at + still_paused_after[coach->reminders]) {
        coach->reminders++;
        is_due = true;
    }
    if (is_due) {
        struct rw_words words = {.saying = RW_SAY_STILL_PAUSED};
        /* An answer to a command may be sounding still. */
        rw_coach_answer_send(coach, rw_coach_interrupt(coach), &words);
    }
}

/* Ends the run that is on. */
static void stop(struct rw_coach *coach)
{
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    if (rw_session_stop(coach->session) != RW_OK) {
        return; /* it had come to its end by itself */
    }
    struct rw_words words = {
        .saying = RW_SAY_STOPPED,
        .duration_ms = (uint32_t)(view.now / RW_NS_PER_MS),
    };
    rw_ns at = rw_coach_interrupt(coach);
    state_set(coach, RW_COACH_STOPPED);
    rw_coach_tell_expectation(coach);
    rw_coach_answer_send(coach, at, &words);
    if (rw_coach_asks_pain(coach)) {
        struct rw_words question = {.saying = RW_SAY_AFTER_PAIN};
        rw_ns length = rw_coach_answer_length(coach, &words);
        at += (length > 0 ? length : 0) + question_pause;
        rw_coach_answer_send(coach, at, &question);
    }
}

void rw_coach_advance(struct rw_coach *coach, rw_ns now)
{
    time_set(coach, now);
    present_reach(coach);
    if (coach->state != RW_COACH_PAUSED || coach->keeps_silent) {
        return;
    }
    if (coach->now >= coach->paused_at + pause_max) {
        stop(coach);
    } else {
        pause_remind(coach);
    }
}

rw_ns rw_coach_deadline(const struct rw_coach *coach)
{
    switch (coach->state) {
    case RW_COACH_ARMED:
    case RW_COACH_RUNNING: {
        rw_ns event = rw_session_next_event_at(coach->session);
        rw_ns cue = rw_session_next_cue_at(coach->session);
        rw_ns send = cue == RW_NS_NEVER ? RW_NS_NEVER : cue - send_ahead;
        return coach->origin + (event < send ? event : send);
    }
    case RW_COACH_PAUSED:
        if (coach->keeps_silent) {
            break;
        }
        return coach->paused_at + (coach->reminders < RW_COUNT(still_paused_after)
                                       ? still_paused_after[coach->reminders]
                                       : pause_max);
    case RW_COACH_IDLE:
    case RW_COACH_CHOSEN:
    case RW_COACH_DONE:
    case RW_COACH_STOPPED:
        break;
    }
    return RW_NS_NEVER;
}

enum rw_status rw_coach_choose(struct rw_coach *coach, rw_ns now, struct rw_profile *profile,
                               bool speak)
{
    rw_coach_advance(coach, now);
    if (is_on(coach)) {
        return RW_ESTATE;
    }
    rw_session_destroy(coach->session);
    coach->session = NULL;
    rw_profile_destroy(coach->profile);
    coach->profile = profile;
    state_set(coach, RW_COACH_CHOSEN);
    rw_ns at = rw_coach_interrupt(coach);
    if (speak) {
        struct rw_words words = {
            .saying = RW_SAY_CHOSEN,
            .text = rw_profile_name(profile),
            .duration_ms = rw_profile_duration_ms(profile),
        };
        rw_coach_answer_send(coach, at, &words);
    }
    return RW_OK;
}

/* Says how long it is until the start, where that is over before it. */
static void starting_in_say(struct rw_coach *coach, rw_ns earliest, rw_ns wait)
{
    struct rw_words words = {
        .saying = RW_SAY_STARTING_IN,
        .duration_ms = (uint32_t)(wait / RW_NS_PER_MS),
    };
    if (earliest + rw_coach_answer_length(coach, &words) + rw_answer_clearance <= coach->origin) {
        rw_coach_answer_send(coach, earliest, &words);
    }
}

enum rw_status rw_coach_start(struct rw_coach *coach, rw_ns now, rw_ns not_before)
{
    return rw_coach_start_saying(coach, now, not_before, NULL);
}

enum rw_status rw_coach_start_saying(struct rw_coach *coach, rw_ns now, rw_ns not_before,
                                     const struct rw_words *words)
{
    rw_coach_advance(coach, now);
    if (!coach->profile || is_on(coach)) {
        return RW_ESTATE;
    }
    struct rw_session *session;
    enum rw_status status =
        rw_session_create(coach->profile, rw_coach_measure(coach->voice), &session);
    if (status != RW_OK) {
        return status;
    }
    rw_session_destroy(coach->session);
    coach->session = session;
    rw_session_set_manner(session, &coach->manner);
    rw_ns earliest = rw_coach_interrupt(coach);
    if (words && rw_coach_answer_length(coach, words) >= 0) {
        rw_ns said = earliest + rw_coach_answer_length(coach, words) + after_words;
        not_before = not_before > said ? not_before : said;
    }
    coach->origin = not_before > earliest ? not_before : earliest;
    rw_ns wait = not_before - coach->now;
    rw_coach_tell_command(coach, RW_COMMAND_START, wait, earliest);
    if (words) {
        rw_coach_answer_send(coach, earliest, words);
    } else if (wait >= starting_in_min) {
        starting_in_say(coach, earliest, wait);
    }
    state_set(coach, RW_COACH_ARMED);
    present_reach(coach);
    return RW_OK;
}

enum rw_status rw_coach_pause(struct rw_coach *coach, rw_ns now)
{
    struct rw_words words = {.saying = RW_SAY_PAUSED};
    rw_coach_advance(coach, now);
    if (coach->state == RW_COACH_PAUSED) {
        return RW_OK;
    }
    if (coach->state == RW_COACH_ARMED) {
        rw_ns at = rw_coach_interrupt(coach);
        state_set(coach, RW_COACH_CHOSEN);
        rw_coach_tell_expectation(coach);
        rw_coach_answer_send(coach, at, &words);
        return RW_OK;
    }
    if (coach->state != RW_COACH_RUNNING) {
        return RW_ESTATE;
    }
    rw_ns at = rw_coach_interrupt(coach);
    rw_coach_tell_command(coach, RW_COMMAND_PAUSE, 0, at);
    rw_coach_hold(coach);
    rw_coach_answer_send(coach, at, &words);
    return RW_OK;
}

void rw_coach_hold(struct rw_coach *coach)
{
    if (rw_session_pause(coach->session) != RW_OK) {
        return; /* it is paused already */
    }
    coach->paused_at = coach->now;
    coach->reminders = 0;
    coach->keeps_silent = false;
    state_set(coach, RW_COACH_PAUSED);
    rw_coach_tell_expectation(coach);
}

enum rw_status rw_coach_resume(struct rw_coach *coach, rw_ns now)
{
    rw_coach_advance(coach, now);
    if (coach->state == RW_COACH_RUNNING || coach->state == RW_COACH_ARMED) {
        return RW_OK;
    }
    if (coach->state != RW_COACH_PAUSED) {
        return RW_ESTATE;
    }
    rw_ns at = rw_coach_interrupt(coach);
    coach->origin += coach->now - coach->paused_at;
    rw_ns floor = at - coach->origin;

    /* A segment that has not begun to run announces itself. */
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    struct rw_words variants[RW_WHERE_VARIANTS];
    rw_coach_where_words(coach, floor, variants);
    rw_ns length = 0;
    const struct rw_words *words = NULL;
    if (view.segment_start < view.now) {
        words = rw_coach_answer_choose(coach, floor, variants, RW_WHERE_VARIANTS, &length);
    }
    enum rw_status status = rw_session_resume(coach->session, floor, length);
    if (status != RW_OK) {
        return status;
    }
    rw_coach_tell_command(coach, RW_COMMAND_RESUME, 0, at);
    coach->keeps_silent = false;
    state_set(coach, RW_COACH_RUNNING);
    if (words) {
        rw_coach_answer_send(coach, at, words);
    }
    present_reach(coach);
    return RW_OK;
}

/* A move to another segment: skip or back. */
static enum rw_status segment_move(struct rw_coach *coach, rw_ns now, enum rw_command command,
                                   enum rw_status (*move)(struct rw_session *session, rw_ns floor))
{
    rw_coach_advance(coach, now);
    if (coach->state != RW_COACH_RUNNING && coach->state != RW_COACH_PAUSED) {
        return RW_ESTATE;
    }
    rw_ns at = rw_coach_interrupt(coach);
    enum rw_status status = move(coach->session, at - coach->origin);
    if (status != RW_OK) {
        return status;
    }
    rw_coach_tell_command(coach, command, 0, at);
    present_reach(coach);
    if (coach->state == RW_COACH_PAUSED) {
        rw_coach_answer_place(coach, at);
    }
    rw_coach_tell_state(coach);
    return RW_OK;
}

enum rw_status rw_coach_skip(struct rw_coach *coach, rw_ns now)
{
    return segment_move(coach, now, RW_COMMAND_SKIP, rw_session_skip);
}

enum rw_status rw_coach_back(struct rw_coach *coach, rw_ns now)
{
    return segment_move(coach, now, RW_COMMAND_BACK, rw_session_back);
}

enum rw_status rw_coach_extend(struct rw_coach *coach, rw_ns now, rw_ns delta, rw_ns *ret_applied)
{
    rw_coach_advance(coach, now);
    if (coach->state != RW_COACH_RUNNING && coach->state != RW_COACH_PAUSED) {
        return RW_ESTATE;
    }
    rw_ns applied;
    rw_ns at = rw_coach_interrupt(coach);
    rw_ns floor = at - coach->origin;
    enum rw_status status = rw_session_extend(coach->session, delta, floor, 0, &applied);
    if (status == RW_OK && applied == 0 && delta != 0) {
        status = RW_ELIMIT;
    }
    if (status != RW_OK) {
        present_reach(coach);
        return status;
    }
    rw_coach_tell_command(coach, RW_COMMAND_EXTEND, delta, at);
    struct rw_words words = {
        .saying = applied >= 0 ? RW_SAY_EXTENDED : RW_SAY_SHORTENED,
        .duration_ms = (uint32_t)((applied >= 0 ? applied : -applied) / RW_NS_PER_MS),
    };
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    bool is_over = view.segment_end <= view.now; /* the change tells it all */
    if (coach->state == RW_COACH_PAUSED && !is_over) {
        rw_coach_answer_send(coach, at, &words);
    } else if (!is_over) {
        rw_coach_answer_weave(coach, at, &words, 1);
    }
    present_reach(coach);
    if (coach->state == RW_COACH_PAUSED && is_over) {
        rw_coach_answer_place(coach, at);
    }
    rw_coach_tell_state(coach);
    *ret_applied = applied;
    return RW_OK;
}

enum rw_status rw_coach_stop(struct rw_coach *coach, rw_ns now)
{
    rw_coach_advance(coach, now);
    if (!is_on(coach)) {
        return RW_ESTATE;
    }
    rw_coach_tell_command(coach, RW_COMMAND_STOP, 0, coach->now);
    stop(coach);
    return RW_OK;
}

enum rw_status rw_coach_say(struct rw_coach *coach, rw_ns now, const struct rw_words *words)
{
    rw_coach_advance(coach, now);
    if (rw_coach_answer_length(coach, words) < 0) {
        return RW_ENOENT;
    }
    if (coach->state != RW_COACH_RUNNING && coach->state != RW_COACH_ARMED) {
        rw_coach_answer_send(coach, rw_coach_interrupt(coach), words);
        return RW_OK;
    }
    rw_ns floor = coach->sink.earliest(coach->sink.context, coach->now) - coach->origin;
    if (rw_coach_answer_room(coach, floor, words) < 0) {
        return RW_EFULL;
    }
    rw_coach_answer_weave(coach, rw_coach_interrupt(coach), words, 1);
    present_reach(coach);
    return RW_OK;
}

void rw_coach_view(const struct rw_coach *coach, rw_ns now, struct rw_coach_view *ret_view)
{
    *ret_view = (struct rw_coach_view){
        .state = coach->state,
        .profile = coach->profile,
        .now = now,
        .origin = coach->origin,
        .paused_at = coach->paused_at,
        .epoch = coach->epoch,
        .manner = coach->manner,
    };
    if (coach->session) {
        rw_session_view(coach->session, &ret_view->session);
    }
}
