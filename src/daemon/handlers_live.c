/* The methods about rest, pain and the way ahead: what the runner says of the body and the plan. */
#include "handlers.h"

#include "runwalk/core/pain.h"
#include "runwalk/paths/nearest.h"

/* Answers a command; where the step that is on does not go with it, REASON tells. */
static void step_answer(struct rw_daemon *daemon, enum rw_status status, const char *reason,
                        struct rw_answer *answer)
{
    enum rw_coach_state state = rw_daemon_state(daemon);
    bool is_on = state == RW_COACH_RUNNING || state == RW_COACH_PAUSED;
    if (status == RW_ESTATE && is_on) {
        rw_answer_refuse(answer, RW_REASON_WRONG_STEP, "%s", reason);
    } else {
        rw_answer_command(daemon, status, answer);
    }
}

void rw_handle_session_rest(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    enum rw_status status =
        rw_coach_rest(daemon->coach, rw_boot_now(), rw_param_ms(call, "max_ms"));
    step_answer(daemon, status,
                "there is nothing to rest from in this step: a cool-down is a walk already, and "
                "an exercise can be paused",
                answer);
}

void rw_handle_session_ready(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    (void)call;
    step_answer(daemon, rw_coach_ready(daemon->coach, rw_boot_now()),
                "there is no rest to end, and no run comes next", answer);
}

static void change(struct rw_daemon *daemon, bool longer, struct rw_answer *answer)
{
    enum rw_status status = rw_coach_change(daemon->coach, rw_boot_now(), longer);
    if (status == RW_EINVALID) {
        rw_answer_refuse(answer, RW_REASON_LIMIT,
                         "the runs are as %s as this profile allows (adapt-run, adapt-walk)",
                         longer ? "long" : "short");
        return;
    }
    step_answer(daemon, status, "no run is left to change", answer);
}

void rw_handle_session_easier(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    (void)call;
    change(daemon, false, answer);
}

void rw_handle_session_harder(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    (void)call;
    change(daemon, true, answer);
}

void rw_handle_session_ratio(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    enum rw_status status =
        rw_coach_ratio(daemon->coach, rw_boot_now(), (uint32_t)rw_param_count(call, "run_ms"),
                       (uint32_t)rw_param_count(call, "walk_ms"));
    step_answer(daemon, status, "no run is left to change", answer);
}

static uint32_t runs_of(const struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    return view.profile ? rw_profile_run_count(view.profile) : 0;
}

void rw_handle_session_goto(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    json_int_t run = rw_param_count(call, "run");
    json_int_t of = rw_param_count(call, "of");
    json_int_t runs = runs_of(daemon);
    enum rw_coach_state state = rw_daemon_state(daemon);
    bool is_on = state == RW_COACH_RUNNING || state == RW_COACH_PAUSED;
    if (is_on && (run > runs || (of > 0 && of != runs))) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "this workout has %u run%s",
                         (unsigned)runs, runs == 1 ? "" : "s");
        return;
    }
    rw_answer_command(daemon, rw_coach_goto(daemon->coach, rw_boot_now(), (uint32_t)run), answer);
}

void rw_handle_session_cooldown(struct rw_daemon *daemon, const struct rw_call *call,
                                struct rw_answer *answer)
{
    (void)call;
    step_answer(daemon, rw_coach_cooldown(daemon->coach, rw_boot_now()),
                "the cool-down is on already", answer);
}

void rw_handle_session_stitch(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    (void)call;
    rw_answer_command(daemon, rw_coach_stitch(daemon->coach, rw_boot_now()), answer);
}

void rw_handle_session_heavy(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    (void)call;
    rw_answer_command(daemon, rw_coach_heavy(daemon->coach, rw_boot_now()), answer);
}

/* A start that waits for its speech is taken back: nobody runs now. */
static void emergency_prepare(struct rw_daemon *daemon)
{
    if (daemon->pending == RW_PENDING_START) {
        rw_daemon_forget_pending(daemon);
        rw_daemon_tell_state(daemon);
    }
}

static void unwell_lost(struct rw_daemon *daemon, const char *why)
{
    rw_log_write(&daemon->log, RW_LOG_WARNING, "a word to the plan could not be written: %s", why);
}

static void unwell_written(void *context, const struct rw_question *question,
                           const struct rw_question_answer *answer)
{
    (void)question;
    if (answer->status != RW_OK) {
        unwell_lost(context, answer->problem);
    }
}

/* After an emergency was spoken of: a run that is on has it in its journal, and stands still now;
 * without one the plan is told, so that it waits all the same. */
static void emergency_note(struct rw_daemon *daemon)
{
    struct rw_question question = {
        .kind = RW_QUESTION_UNWELL,
        .answered = unwell_written,
        .context = daemon,
    };
    if (rw_daemon_state(daemon) == RW_COACH_PAUSED) {
        return;
    }
    if (!daemon->diary.journal || rw_journal_ask(daemon->diary.journal, &question) != RW_OK) {
        unwell_lost(daemon, "too many questions wait for the disk");
    }
}

/* Names every place, for whoever has said another. */
static void place_refuse(const char *word, struct rw_answer *answer)
{
    struct rw_nearest nearest;
    rw_nearest_init(&nearest, word);
    for (uint32_t i = 1; i < rw_pain_count(); i++) {
        rw_nearest_offer(&nearest, rw_pain_name(i));
    }
    if (nearest.best) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "that is no place here; is '%s' meant?",
                         nearest.best);
    } else {
        rw_answer_refuse(
            answer, RW_REASON_INVALID_PARAMS,
            "the place is back, leg, hip, groin, thigh, hamstring, knee, calf, shin, ankle, "
            "achilles, heel, foot, toe, stomach, neck, shoulder, arm, jaw, head, "
            "chest, heart or other; or say nothing of it");
    }
}

void rw_handle_session_pain(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    const char *word = rw_param_text(call, "place");
    uint32_t place = RW_PAIN_SOMEWHERE;
    if (word && !rw_pain_find(word, &place)) {
        place_refuse(word, answer);
        return;
    }
    if (rw_pain_is_emergency(place)) {
        emergency_prepare(daemon);
    }
    enum rw_status status = rw_coach_pain(daemon->coach, rw_boot_now(), place);
    if (status == RW_ESTATE) {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING,
                         "no run is on; `runwalk log` notes how the last one was");
        return;
    }
    rw_answer_command(daemon, status, answer);
    if (rw_pain_is_emergency(place)) {
        emergency_note(daemon);
    }
}

void rw_handle_session_dizzy(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    (void)call;
    emergency_prepare(daemon);
    rw_answer_command(daemon, rw_coach_dizzy(daemon->coach, rw_boot_now()), answer);
    emergency_note(daemon);
}

void rw_handle_session_time(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    (void)call;
    rw_answer_command(daemon, rw_coach_time(daemon->coach, rw_boot_now()), answer);
}
