/* The methods about the run: choosing, starting, and the commands to it. */
#include "handlers.h"
#include "status.h"

#include <stdlib.h>

/* Speech that is not made by then is left out. */
static const rw_ns prepare_max = 5 * RW_NS_PER_SECOND;

/* --- choosing and starting ------------------------------------------------------------------ */

/* Makes PROFILE the chosen one. Takes both arguments. */
static enum rw_status profile_take(struct rw_daemon *daemon, struct rw_profile_place *place,
                                   struct rw_profile *profile, bool speak)
{
    rw_prepare_cancel(daemon->prepare);
    rw_daemon_forget_pending(daemon);
    daemon->start_is_held = false;
    bool is_busy = rw_prepare_profile(daemon->prepare, profile, speak);
    bool waits = speak && is_busy && !rw_voice_knows_text(daemon->voice, rw_profile_name(profile));
    enum rw_status status = rw_coach_choose(daemon->coach, rw_boot_now(), profile, speak && !waits);
    if (status != RW_OK) {
        rw_prepare_cancel(daemon->prepare);
        rw_profile_destroy(profile);
        rw_profile_place_finish(place);
        return status;
    }
    rw_profile_place_finish(&daemon->place);
    daemon->place = *place;
    if (rw_server_has_subscribers(daemon->server)) {
        json_t *fields =
            json_pack("{s:o}", "profile", rw_status_profile_json(profile, daemon->place.path));
        rw_server_notify(daemon->server, RW_NOTICE_PROFILE, fields);
    }
    if (waits) {
        daemon->pending = RW_PENDING_CHOSEN;
        daemon->pending_until = rw_boot_now() + prepare_max;
    }
    return RW_OK;
}

bool rw_session_take(struct rw_daemon *daemon, struct rw_profile_place *place,
                     struct rw_profile *profile, char *bytes, size_t size, bool speak,
                     struct rw_answer *answer)
{
    if (rw_daemon_is_run_on(daemon)) {
        /* Only now, when the other profile is known to be sound, is the run given up. */
        rw_daemon_forget_pending(daemon);
        enum rw_status stopped = rw_coach_stop(daemon->coach, rw_boot_now());
        (void)stopped; /* a start that was only pending had nothing to stop */
    }
    enum rw_status status = profile_take(daemon, place, profile, speak);
    if (status != RW_OK) {
        free(bytes);
        rw_answer_command(daemon, status, answer);
        return false;
    }
    daemon->part = (struct rw_plan_part){0};
    daemon->has_intro = false;
    rw_diary_choose(daemon, bytes, size);
    return true;
}

/* Chooses the profile that CALL names; false when ANSWER has been refused. */
static bool profile_choose(struct rw_daemon *daemon, const struct rw_call *call, bool speak,
                           struct rw_answer *answer)
{
    struct rw_profile_place place;
    struct rw_profile *profile;
    char *bytes;
    size_t size;
    return rw_profile_load(daemon, rw_param_text(call, "profile"), answer, &place, &profile, &bytes,
                           &size) &&
           rw_session_take(daemon, &place, profile, bytes, size, speak, answer);
}

/* What is due in the plan is no profile with a name. False: ANSWER has been refused. */
static bool next_check(const struct rw_call *call, bool needs_one, struct rw_answer *answer)
{
    bool next = rw_param_flag(call, "next");
    bool named = rw_param_text(call, "profile") != NULL;
    if (next && named) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "either 'profile' or 'next': what is due in the plan");
    } else if (needs_one && !next && !named) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "session.choose needs 'profile', or 'next': what is due in the plan");
    }
    return !answer->refused;
}

static bool run_is_in_the_way(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    if (!rw_daemon_is_run_on(daemon) || rw_param_flag(call, "replace")) {
        return false;
    }
    rw_answer_refuse(answer, RW_REASON_RUN_ACTIVE,
                     "a run is on: stop it first, or ask to replace it");
    return true;
}

void rw_handle_session_choose(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    if (!next_check(call, true, answer) || run_is_in_the_way(daemon, call, answer)) {
        return;
    }
    if (rw_param_flag(call, "next")) {
        rw_plan_choose_next(daemon, call, answer);
    } else if (profile_choose(daemon, call, rw_param_flag(call, "speak"), answer)) {
        answer->result = rw_daemon_status(daemon, false);
    }
}

enum rw_status rw_session_start(struct rw_daemon *daemon, rw_ns not_before)
{
    rw_ns now = rw_boot_now();
    daemon->start_is_held = false;
    if (!rw_prepare_is_busy(daemon->prepare)) {
        rw_daemon_forget_pending(daemon);
        return rw_daemon_start_run(daemon, now, not_before);
    }
    daemon->pending = RW_PENDING_START;
    daemon->pending_until = now + prepare_max;
    daemon->start_not_before = not_before;
    rw_player_warm(daemon->player, now + 2 * prepare_max);
    rw_daemon_tell_state(daemon);
    return RW_OK;
}

void rw_handle_session_start(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    if (!next_check(call, false, answer) || run_is_in_the_way(daemon, call, answer)) {
        return;
    }
    if (rw_param_flag(call, "next")) {
        rw_plan_start_next(daemon, call, answer);
        return;
    }
    if (rw_param_text(call, "profile")) {
        if (!profile_choose(daemon, call, false, answer)) {
            return;
        }
    } else if (rw_daemon_is_run_on(daemon)) {
        rw_daemon_forget_pending(daemon);
        enum rw_status stopped = rw_coach_stop(daemon->coach, rw_boot_now());
        (void)stopped;
    }
    enum rw_status status = rw_session_start(daemon, rw_boot_now() + rw_param_ms(call, "in_ms"));
    rw_answer_command(daemon, status, answer);
}

/* --- commands to a run ---------------------------------------------------------------------- */

/* A start that waits for its speech is taken back; false when there was none. */
static bool pending_start_drop(struct rw_daemon *daemon)
{
    if (daemon->pending != RW_PENDING_START) {
        return false;
    }
    rw_daemon_forget_pending(daemon);
    rw_daemon_tell_state(daemon);
    return true;
}

/* A pause that takes back a start, so that a second one does nothing and resume starts after all.
 */
static void start_hold(struct rw_daemon *daemon, struct rw_answer *answer)
{
    static const struct rw_words paused = {.saying = RW_SAY_PAUSED};
    rw_ns now = rw_boot_now();
    enum rw_status status = pending_start_drop(daemon) ? rw_coach_say(daemon->coach, now, &paused)
                                                       : rw_coach_pause(daemon->coach, now);
    daemon->start_is_held = true;
    rw_answer_command(daemon, status, answer);
}

static bool start_is_held(const struct rw_daemon *daemon)
{
    return daemon->start_is_held && rw_daemon_state(daemon) == RW_COACH_CHOSEN;
}

void rw_handle_session_pause(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    (void)call;
    if (daemon->pending == RW_PENDING_START || rw_daemon_state(daemon) == RW_COACH_ARMED) {
        start_hold(daemon, answer);
    } else if (start_is_held(daemon)) {
        rw_answer_command(daemon, RW_OK, answer);
    } else {
        rw_answer_command(daemon, rw_coach_pause(daemon->coach, rw_boot_now()), answer);
    }
}

void rw_handle_session_resume(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    (void)call;
    enum rw_status status = RW_OK;
    if (start_is_held(daemon)) {
        status = rw_session_start(daemon, rw_boot_now());
    } else if (daemon->pending != RW_PENDING_START) {
        status = rw_coach_resume(daemon->coach, rw_boot_now());
    }
    char run[128];
    if (status == RW_ESTATE && rw_recover_is_possible(daemon, run)) {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING,
                         "nothing is paused; `runwalk recover` goes on with %s", run);
        return;
    }
    rw_answer_command(daemon, status, answer);
}

void rw_handle_session_toggle(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    static const struct rw_words choose_first = {.saying = RW_SAY_NOTHING_CHOSEN};
    rw_ns now = rw_boot_now();
    enum rw_status status = RW_OK;
    switch (rw_daemon_state(daemon)) {
    case RW_COACH_IDLE:
        if (rw_coach_say(daemon->coach, now, &choose_first) != RW_OK) {
            rw_log_write(&daemon->log, RW_LOG_DEBUG, "nothing speaks the answer to a toggle");
        }
        status = RW_ESTATE;
        break;
    case RW_COACH_CHOSEN:
    case RW_COACH_DONE:
    case RW_COACH_STOPPED:
        if (daemon->pending == RW_PENDING_START) {
            rw_handle_session_pause(daemon, call, answer);
            return;
        }
        status = rw_session_start(daemon, now);
        break;
    case RW_COACH_ARMED:
    case RW_COACH_RUNNING:
        rw_handle_session_pause(daemon, call, answer);
        return;
    case RW_COACH_PAUSED:
        rw_handle_session_resume(daemon, call, answer);
        return;
    }
    rw_answer_command(daemon, status, answer);
}

void rw_handle_session_skip(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    (void)call;
    rw_answer_command(daemon, rw_coach_skip(daemon->coach, rw_boot_now()), answer);
}

void rw_handle_session_back(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    (void)call;
    rw_answer_command(daemon, rw_coach_back(daemon->coach, rw_boot_now()), answer);
}

static void lengthen(struct rw_daemon *daemon, rw_ns delta, struct rw_answer *answer)
{
    rw_ns applied = 0;
    rw_answer_command(daemon, rw_coach_extend(daemon->coach, rw_boot_now(), delta, &applied),
                      answer);
    if (!answer->refused) {
        json_int_t ms = (delta < 0 ? -applied : applied) / RW_NS_PER_MS;
        json_object_set_new(answer->result, "applied_ms", json_integer(ms));
    }
}

void rw_handle_session_extend(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    lengthen(daemon, rw_param_ms(call, "by_ms"), answer);
}

void rw_handle_session_shorten(struct rw_daemon *daemon, const struct rw_call *call,
                               struct rw_answer *answer)
{
    lengthen(daemon, -rw_param_ms(call, "by_ms"), answer);
}

void rw_handle_session_stop(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    (void)call;
    daemon->start_is_held = false;
    enum rw_status status =
        pending_start_drop(daemon) ? RW_OK : rw_coach_stop(daemon->coach, rw_boot_now());
    rw_answer_command(daemon, status, answer);
}

void rw_handle_session_status(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    rw_coach_advance(daemon->coach, rw_boot_now());
    answer->result = rw_daemon_status(daemon, rw_param_flag(call, "blocks"));
}
