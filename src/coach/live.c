/* What the runner says of the body and of what is ahead: the session changes, and the coach
 * answers. */

#include "coach_private.h"
#include "runwalk/core/pain.h"

/* A walk after pain lasts so long at most; then the session goes on to its end. */
static const rw_ns pain_walk_max = 600 * RW_NS_PER_SECOND;

static rw_ns earliest(const struct rw_coach *coach)
{
    return coach->sink.earliest(coach->sink.context, coach->now);
}

/*
 * After an edit of the session, whose answer can sound at clock time AT: what was planned is
 * withdrawn, ENTRY is told, and what is due is sent anew.
 */
static void edit_tell(struct rw_coach *coach, struct rw_command_entry entry, rw_ns at)
{
    rw_coach_interrupt(coach);
    rw_coach_tell_entry(coach, entry, at);
}

/* What is due after an edit happens, and everybody is told how things stand. */
static void edit_finish(struct rw_coach *coach)
{
    rw_coach_advance(coach, coach->now);
    rw_coach_tell_state(coach);
}

/* Says WORDS as the whole answer to ENTRY, in a session under way. */
static enum rw_status answer_give(struct rw_coach *coach, struct rw_command_entry entry,
                                  const struct rw_words *words)
{
    rw_ns at = earliest(coach);
    if (rw_coach_answer_length(coach, words) < 0) {
        return RW_ENOENT;
    }
    if (coach->state == RW_COACH_PAUSED) {
        edit_tell(coach, entry, at);
        rw_coach_answer_send(coach, at, words);
        return RW_OK;
    }
    if (rw_coach_answer_room(coach, at - coach->origin, words) < 0) {
        return RW_EFULL;
    }
    edit_tell(coach, entry, at);
    rw_coach_answer_weave(coach, at, words, 1);
    rw_coach_advance(coach, coach->now);
    return RW_OK;
}

/* ---- rest and pain ---- */

static rw_ns policy_rest(const struct rw_coach *coach)
{
    uint32_t ms = rw_profile_policy(coach->profile)->rest_max_ms;
    return (ms ? ms : RW_REST_MS_DEFAULT) * RW_NS_PER_MS;
}

/* A rest that SAYING opens begins. While paused, its words are said at once. */
static enum rw_status rest_take(struct rw_coach *coach, struct rw_command_entry entry,
                                enum rw_saying saying, rw_ns max)
{
    rw_ns at = earliest(coach);
    enum rw_status status = rw_session_rest(coach->session, saying, max, at - coach->origin);
    if (status != RW_OK) {
        return status;
    }
    edit_tell(coach, entry, at);
    edit_finish(coach);
    if (coach->state == RW_COACH_PAUSED) {
        struct rw_session_view view;
        rw_session_view(coach->session, &view);
        rw_ns length = view.segment_end - view.segment_start;
        struct rw_words words = {
            .saying = saying,
            .duration_ms = saying == RW_SAY_REST ? (uint32_t)(length / RW_NS_PER_MS) : 0,
        };
        rw_coach_answer_send(coach, at, &words);
    }
    return RW_OK;
}

enum rw_status rw_coach_rest(struct rw_coach *coach, rw_ns now, rw_ns max)
{
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    max = max > 0 ? max : policy_rest(coach);
    struct rw_command_entry entry = {.command = RW_COMMAND_REST, .amount = max};
    return rest_take(coach, entry, RW_SAY_REST, max);
}

/* The same where the words are more important than the rest: without it they are said all the same.
 */
static enum rw_status rest_or_words(struct rw_coach *coach, struct rw_command_entry entry,
                                    enum rw_saying saying, rw_ns max)
{
    enum rw_status status = rest_take(coach, entry, saying, max);
    if (status != RW_ESTATE && status != RW_ELIMIT) {
        return status;
    }
    struct rw_words words = {.saying = saying};
    rw_ns at = earliest(coach);
    edit_tell(coach, entry, at);
    if (coach->state == RW_COACH_PAUSED) {
        rw_coach_answer_send(coach, at, &words);
    } else {
        rw_coach_answer_weave(coach, at, &words, 1);
    }
    edit_finish(coach);
    return RW_OK;
}

enum rw_status rw_coach_stitch(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_STITCH};
    rw_coach_advance(coach, now);
    return rw_coach_is_under_way(coach)
               ? rest_or_words(coach, entry, RW_SAY_STITCH, policy_rest(coach))
               : RW_ESTATE;
}

static enum rw_status emergency_take(struct rw_coach *coach, struct rw_command_entry entry)
{
    struct rw_words words = {.saying = RW_SAY_EMERGENCY};
    rw_ns at = earliest(coach);
    if (!rw_coach_is_under_way(coach)) {
        enum rw_status held = rw_coach_pause(coach, coach->now); /* a start that lies ahead */
        (void)held; /* where there is none, only the words matter */
        rw_coach_answer_send(coach, rw_coach_interrupt(coach), &words);
        return RW_OK;
    }
    rw_session_hurt(coach->session, true);
    /* Whoever goes on does so walking; a cooldown is a walk already. */
    enum rw_status walked =
        rw_session_rest(coach->session, RW_SAY_PAIN, pain_walk_max, at - coach->origin);
    (void)walked;
    edit_tell(coach, entry, at);
    rw_coach_hold(coach);
    coach->keeps_silent = true;
    rw_coach_answer_send(coach, at, &words);
    edit_finish(coach);
    return RW_OK;
}

enum rw_status rw_coach_pain(struct rw_coach *coach, rw_ns now, uint32_t place)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_PAIN, .number = place};
    rw_coach_advance(coach, now);
    if (rw_pain_is_emergency(place)) {
        return emergency_take(coach, entry);
    }
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    rw_session_hurt(coach->session, false);
    return rest_or_words(coach, entry, RW_SAY_PAIN, pain_walk_max);
}

enum rw_status rw_coach_dizzy(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_DIZZY};
    rw_coach_advance(coach, now);
    return emergency_take(coach, entry);
}

enum rw_status rw_coach_ready(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_READY};
    struct rw_session_view view;
    rw_coach_advance(coach, now);
    if (coach->state == RW_COACH_PAUSED) {
        return rw_coach_resume(coach, now);
    }
    if (coach->state != RW_COACH_RUNNING) {
        return RW_ESTATE;
    }
    rw_ns at = earliest(coach);
    rw_session_view(coach->session, &view);
    bool is_running = view.position.step->kind == RW_KIND_RUN;
    enum rw_status status = rw_session_ready(coach->session, at - coach->origin);
    if (status != RW_OK) {
        return status;
    }
    edit_tell(coach, entry, at);
    if (is_running) {
        struct rw_words variants[RW_WHERE_VARIANTS];
        rw_coach_where_words(coach, at - coach->origin, variants);
        rw_coach_answer_weave(coach, at, variants, RW_WHERE_VARIANTS);
    }
    edit_finish(coach);
    return RW_OK;
}

/* ---- the way ahead ---- */

/* After the runs and walks ahead have been changed by ENTRY: WORDS tell so. */
static void change_answer(struct rw_coach *coach, struct rw_command_entry entry, rw_ns at,
                          const struct rw_words *words)
{
    edit_tell(coach, entry, at);
    if (coach->state == RW_COACH_PAUSED) {
        rw_coach_answer_send(coach, at, words);
    } else {
        rw_coach_answer_weave(coach, at, words, 1);
    }
    edit_finish(coach);
}

enum rw_status rw_coach_change(struct rw_coach *coach, rw_ns now, bool longer)
{
    struct rw_command_entry entry = {.command = longer ? RW_COMMAND_HARDER : RW_COMMAND_EASIER};
    struct rw_words words = {.saying = longer ? RW_SAY_HARDER : RW_SAY_EASIER};
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    rw_ns at = earliest(coach);
    enum rw_status status = rw_session_change(coach->session, longer, at - coach->origin, 0);
    if (status == RW_OK) {
        change_answer(coach, entry, at, &words);
    }
    return status;
}

enum rw_status rw_coach_ratio(struct rw_coach *coach, rw_ns now, uint32_t run_ms, uint32_t walk_ms)
{
    struct rw_command_entry entry = {
        .command = RW_COMMAND_RATIO,
        .amount = run_ms * RW_NS_PER_MS,
        .other = walk_ms * RW_NS_PER_MS,
    };
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    /* What a run comes to is told only in one: elsewhere it would sound like an order to run. */
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    bool runs = coach->state == RW_COACH_RUNNING && view.position.step->kind == RW_KIND_RUN;
    struct rw_words words = {
        .saying = RW_SAY_RATIO,
        .kind = runs ? RW_KIND_RUN : RW_KIND_WALK,
        .duration_ms = run_ms,
    };
    bool is_length = run_ms >= RW_SEGMENT_MS_MIN && run_ms <= RW_SESSION_MS_MAX &&
                     walk_ms >= RW_SEGMENT_MS_MIN && walk_ms <= RW_SESSION_MS_MAX;
    if (!is_length) {
        return RW_EINVALID;
    }
    rw_ns at = earliest(coach);
    enum rw_status status =
        rw_session_ratio(coach->session, run_ms, walk_ms, at - coach->origin, 0);
    if (status == RW_OK) {
        change_answer(coach, entry, at, &words);
    }
    return status;
}

/* After a move to another segment, which its own words tell; paused, they are said now. */
static enum rw_status move_finish(struct rw_coach *coach, struct rw_command_entry entry, rw_ns at,
                                  enum rw_status status)
{
    if (status != RW_OK) {
        return status;
    }
    edit_tell(coach, entry, at);
    edit_finish(coach);
    if (coach->state == RW_COACH_PAUSED) {
        rw_coach_answer_place(coach, at);
    }
    return RW_OK;
}

enum rw_status rw_coach_goto(struct rw_coach *coach, rw_ns now, uint32_t run)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_GOTO, .number = run};
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    if (run == 0) {
        return RW_ENOENT;
    }
    rw_ns at = earliest(coach);
    return move_finish(coach, entry, at,
                       rw_session_goto(coach->session, run - 1, at - coach->origin));
}

enum rw_status rw_coach_cooldown(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_COOLDOWN};
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    rw_ns at = earliest(coach);
    return move_finish(coach, entry, at, rw_session_cooldown(coach->session, at - coach->origin));
}

/* ---- words alone ---- */

/* Says a phrase of SAYING that fits before the next countdown or change. */
static enum rw_status phrase_give(struct rw_coach *coach, struct rw_command_entry entry,
                                  enum rw_saying saying)
{
    rw_ns most = RW_NS_NEVER;
    if (coach->state == RW_COACH_RUNNING) {
        rw_ns floor = earliest(coach) - coach->origin;
        most = rw_session_quiet_until(coach->session, floor) - floor - rw_answer_clearance;
    }
    struct rw_words words = {
        .saying = saying,
        .number = rw_session_phrase(coach->session, saying, most),
    };
    if (words.number == 0) {
        return most == RW_NS_NEVER ? RW_ENOENT : RW_EFULL;
    }
    return answer_give(coach, entry, &words);
}

enum rw_status rw_coach_heavy(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_HEAVY};
    rw_coach_advance(coach, now);
    return rw_coach_is_under_way(coach) ? phrase_give(coach, entry, RW_SAY_DEAD_POINT) : RW_ESTATE;
}

enum rw_status rw_coach_encourage(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_ENCOURAGE};
    struct rw_words gently = {.saying = RW_SAY_PAIN};
    struct rw_session_view view;
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    rw_session_view(coach->session, &view);
    return view.is_hurt ? answer_give(coach, entry, &gently)
                        : phrase_give(coach, entry, RW_SAY_REASSURE);
}

enum rw_status rw_coach_time(struct rw_coach *coach, rw_ns now)
{
    struct rw_command_entry entry = {.command = RW_COMMAND_TIME};
    struct rw_session_view view;
    rw_coach_advance(coach, now);
    if (!rw_coach_is_under_way(coach)) {
        return RW_ESTATE;
    }
    rw_session_view(coach->session, &view);
    bool is_paused = coach->state == RW_COACH_PAUSED;
    rw_ns at = is_paused ? view.now : earliest(coach) - coach->origin;
    struct rw_words words = {
        .saying = RW_SAY_TIME_LEFT,
        .duration_ms = (uint32_t)((view.end - at) / RW_NS_PER_MS),
    };
    return answer_give(coach, entry, &words);
}
