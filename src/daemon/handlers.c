/*
 * The methods of the control protocol, each in one function: what the request asks of
 * the coach, and what is answered. All parameters have been checked before.
 */
#include "daemon.h"

#include "runwalk/coach/measure.h"
#include "runwalk/paths/file.h"
#include "runwalk/profile/profile_file.h"
#include "status.h"

#include <stdlib.h>
#include <string.h>

/* Speech that is not made by then is left out. */
static const rw_ns prepare_max = 5 * RW_NS_PER_SECOND;

typedef void handler(struct rw_daemon *daemon, const struct rw_call *call,
                     struct rw_answer *answer);

static const char *text_param(const struct rw_call *call, const char *name)
{
    return json_string_value(json_object_get(call->params, name));
}

static rw_ns ms_param(const struct rw_call *call, const char *name)
{
    return json_integer_value(json_object_get(call->params, name)) * RW_NS_PER_MS;
}

static json_int_t count_param(const struct rw_call *call, const char *name)
{
    return json_integer_value(json_object_get(call->params, name));
}

static bool flag_param(const struct rw_call *call, const char *name)
{
    return json_is_true(json_object_get(call->params, name));
}

static enum rw_coach_state state_of(const struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    return view.state;
}

static bool is_run_on(const struct rw_daemon *daemon)
{
    enum rw_coach_state state = state_of(daemon);
    return daemon->pending == RW_PENDING_START || state == RW_COACH_ARMED ||
           state == RW_COACH_RUNNING || state == RW_COACH_PAUSED;
}

static void state_refuse(struct rw_daemon *daemon, struct rw_answer *answer)
{
    if (is_run_on(daemon)) {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING,
                         "the run has not begun yet; a pause takes the start back");
    } else if (state_of(daemon) == RW_COACH_IDLE) {
        rw_answer_refuse(answer, RW_REASON_NO_PROFILE, "no workout is chosen");
    } else {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING, "no run is on");
    }
}

/* Turns the coach's status into the answer to a command. */
static void command_answer(struct rw_daemon *daemon, enum rw_status status,
                           struct rw_answer *answer)
{
    switch (status) {
    case RW_OK:
        answer->result = rw_daemon_status(daemon, false);
        return;
    case RW_ESTATE:
        state_refuse(daemon, answer);
        return;
    case RW_EFULL:
        rw_answer_refuse(answer, RW_REASON_BUSY,
                         "it would talk into the next countdown or change: try again after it");
        return;
    case RW_ENOENT:
        rw_answer_refuse(answer, RW_REASON_UNSPEAKABLE,
                         "nothing here can speak that: install espeak-ng, or configure `speech`");
        return;
    case RW_ELIMIT:
        rw_answer_refuse(answer, RW_REASON_LIMIT, "a session lasts 24 h at most");
        return;
    case RW_EMEMORY:
    case RW_EINVALID:
    case RW_EIO:
    case RW_ETIMEOUT:
        rw_answer_refuse(answer, RW_REASON_INTERNAL, "memory is short");
        return;
    }
}

/* --- profiles ------------------------------------------------------------------------------ */

/* Finds and parses the profile called NAME; on failure ANSWER is refused. */
static bool profile_load(struct rw_daemon *daemon, const char *name, struct rw_answer *answer,
                         struct rw_profile_place *ret_place, struct rw_profile **ret_profile)
{
    struct rw_diagnostics diagnostics;
    char *problem = NULL;
    char *bytes = NULL;
    size_t size;
    bool loaded = false;

    enum rw_status status = rw_paths_find_profile(daemon->paths, name, NULL, ret_place, &problem);
    if (status != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_UNKNOWN_PROFILE, "%s",
                         problem ? problem : "there is no such profile");
        free(problem);
        return false;
    }
    status = rw_file_read(ret_place->path, RW_PROFILE_BYTES_MAX, &bytes, &size);
    if (status != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_UNREADABLE, "%s: %s", ret_place->path,
                         status == RW_ELIMIT ? "a profile has at most 256 KiB"
                                             : "cannot be read: check its permissions");
        goto done;
    }
    rw_diagnostics_init(&diagnostics);
    status = rw_profile_parse(bytes, size, &diagnostics, ret_profile);
    if (status != RW_OK) {
        char *text = rw_diagnostics_format(&diagnostics, ret_place->path, bytes, size);
        rw_answer_refuse(answer, RW_REASON_INVALID_PROFILE, "%s has errors", ret_place->path);
        rw_error_add(&answer->error, "diagnostics", rw_json_text(text ? text : ""));
        free(text);
        goto done;
    }
    loaded = true;

done:
    free(bytes);
    if (!loaded) {
        rw_profile_place_finish(ret_place);
    }
    return loaded;
}

static void profile_list(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    struct rw_profile_place *list;
    size_t count;
    if (rw_paths_list_profiles(daemon->paths, &list, &count) != RW_OK) {
        command_answer(daemon, RW_EMEMORY, answer);
        return;
    }
    size_t from = (size_t)count_param(call, "offset");
    size_t most = (size_t)count_param(call, "limit");
    json_t *profiles = json_array();
    for (size_t i = from; i < count && i - from < most; i++) {
        json_t *profile = json_pack("{s:o, s:o}", "name", rw_json_text(list[i].name), "path",
                                    rw_json_text(list[i].path));
        json_array_append_new(profiles, profile);
    }
    rw_profile_list_free(list, count);
    answer->result = json_pack("{s:o, s:I}", "profiles", profiles, "total", (json_int_t)count);
}

/* Most of the dropped cues of a profile that are named; the others are only counted. */
#define DROPPED_MAX 64
/* Cues that are looked at: some 50 ms of work on a small device. */
#define CHECKED_MAX 10000

/* Plans PROFILE and tells which cues find no room: `dropped` and `dropped_total`. */
static enum rw_status dropped_find(const struct rw_daemon *daemon, const struct rw_profile *profile,
                                   json_t *result)
{
    struct rw_session *session;
    struct rw_utterance utterance;
    struct rw_cue cue;
    json_int_t total = 0;
    json_t *dropped = json_array();
    enum rw_status status = rw_session_create(profile, rw_coach_measure(daemon->voice), &session);
    if (status != RW_OK) {
        json_decref(dropped);
        return status;
    }
    for (int i = 0; i < CHECKED_MAX && rw_session_cue(session, RW_NS_NEVER, &cue); i++) {
        if (cue.fate != RW_CUE_DROPPED || total++ >= DROPPED_MAX) {
            continue;
        }
        utterance.text[0] = '\0';
        status = rw_voice_compose(daemon->voice, &cue.words, &utterance);
        (void)status; /* the text is set in any case */
        json_array_append_new(dropped, json_pack("{s:I, s:s, s:s, s:s}", "t_ms",
                                                 (json_int_t)(cue.at / RW_NS_PER_MS), "cue",
                                                 rw_cue_type_name(cue.type), "text", utterance.text,
                                                 "reason", rw_drop_reason_text(cue.reason)));
    }
    rw_session_destroy(session);
    json_object_set_new(result, "dropped", dropped);
    json_object_set_new(result, "dropped_total", json_integer(total));
    return RW_OK;
}

static void profile_check(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    struct rw_profile_place place;
    struct rw_profile *profile;
    if (!profile_load(daemon, text_param(call, "profile"), answer, &place, &profile)) {
        return;
    }
    json_t *result = json_pack("{s:o, s:s}", "profile", rw_status_profile_json(profile, place.path),
                               "diagnostics", "");
    if (dropped_find(daemon, profile, result) == RW_OK) {
        answer->result = result;
    } else {
        json_decref(result);
        command_answer(daemon, RW_EMEMORY, answer);
    }
    rw_profile_destroy(profile);
    rw_profile_place_finish(&place);
}

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

/* Chooses the profile that CALL names; false when ANSWER has been refused. */
static bool profile_choose(struct rw_daemon *daemon, const struct rw_call *call, bool speak,
                           struct rw_answer *answer)
{
    struct rw_profile_place place;
    struct rw_profile *profile;
    if (!profile_load(daemon, text_param(call, "profile"), answer, &place, &profile)) {
        return false;
    }
    if (is_run_on(daemon)) {
        /* Only now, when the other profile is known to be sound, is the run given up. */
        rw_daemon_forget_pending(daemon);
        enum rw_status stopped = rw_coach_stop(daemon->coach, rw_boot_now());
        (void)stopped; /* a start that was only pending had nothing to stop */
    }
    enum rw_status status = profile_take(daemon, &place, profile, speak);
    if (status != RW_OK) {
        command_answer(daemon, status, answer);
        return false;
    }
    return true;
}

static bool run_is_in_the_way(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    if (!is_run_on(daemon) || flag_param(call, "replace")) {
        return false;
    }
    rw_answer_refuse(answer, RW_REASON_RUN_ACTIVE,
                     "a run is on: stop it first, or ask to replace it");
    return true;
}

static void session_choose(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    if (!run_is_in_the_way(daemon, call, answer) &&
        profile_choose(daemon, call, flag_param(call, "speak"), answer)) {
        answer->result = rw_daemon_status(daemon, false);
    }
}

/* Starts what is chosen NOT_BEFORE, at once or when its speech is ready. */
static enum rw_status run_start(struct rw_daemon *daemon, rw_ns not_before)
{
    rw_ns now = rw_boot_now();
    daemon->start_is_held = false;
    if (!rw_prepare_is_busy(daemon->prepare)) {
        rw_daemon_forget_pending(daemon);
        return rw_coach_start(daemon->coach, now, not_before);
    }
    daemon->pending = RW_PENDING_START;
    daemon->pending_until = now + prepare_max;
    daemon->start_not_before = not_before;
    rw_player_warm(daemon->player, now + 2 * prepare_max);
    rw_daemon_tell_state(daemon);
    return RW_OK;
}

static void session_start(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    if (run_is_in_the_way(daemon, call, answer)) {
        return;
    }
    if (text_param(call, "profile")) {
        if (!profile_choose(daemon, call, false, answer)) {
            return;
        }
    } else if (is_run_on(daemon)) {
        rw_daemon_forget_pending(daemon);
        enum rw_status stopped = rw_coach_stop(daemon->coach, rw_boot_now());
        (void)stopped;
    }
    enum rw_status status = run_start(daemon, rw_boot_now() + ms_param(call, "in_ms"));
    command_answer(daemon, status, answer);
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
    command_answer(daemon, status, answer);
}

static bool start_is_held(const struct rw_daemon *daemon)
{
    return daemon->start_is_held && state_of(daemon) == RW_COACH_CHOSEN;
}

static void session_pause(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    (void)call;
    if (daemon->pending == RW_PENDING_START || state_of(daemon) == RW_COACH_ARMED) {
        start_hold(daemon, answer);
    } else if (start_is_held(daemon)) {
        command_answer(daemon, RW_OK, answer);
    } else {
        command_answer(daemon, rw_coach_pause(daemon->coach, rw_boot_now()), answer);
    }
}

static void session_resume(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    (void)call;
    enum rw_status status = RW_OK;
    if (start_is_held(daemon)) {
        status = run_start(daemon, rw_boot_now());
    } else if (daemon->pending != RW_PENDING_START) {
        status = rw_coach_resume(daemon->coach, rw_boot_now());
    }
    command_answer(daemon, status, answer);
}

static void session_toggle(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    static const struct rw_words choose_first = {.saying = RW_SAY_NOTHING_CHOSEN};
    rw_ns now = rw_boot_now();
    enum rw_status status = RW_OK;
    switch (state_of(daemon)) {
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
            session_pause(daemon, call, answer);
            return;
        }
        status = run_start(daemon, now);
        break;
    case RW_COACH_ARMED:
    case RW_COACH_RUNNING:
        session_pause(daemon, call, answer);
        return;
    case RW_COACH_PAUSED:
        session_resume(daemon, call, answer);
        return;
    }
    command_answer(daemon, status, answer);
}

static void session_skip(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    (void)call;
    command_answer(daemon, rw_coach_skip(daemon->coach, rw_boot_now()), answer);
}

static void session_back(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    (void)call;
    command_answer(daemon, rw_coach_back(daemon->coach, rw_boot_now()), answer);
}

static void lengthen(struct rw_daemon *daemon, rw_ns delta, struct rw_answer *answer)
{
    rw_ns applied = 0;
    command_answer(daemon, rw_coach_extend(daemon->coach, rw_boot_now(), delta, &applied), answer);
    if (!answer->refused) {
        json_int_t ms = (delta < 0 ? -applied : applied) / RW_NS_PER_MS;
        json_object_set_new(answer->result, "applied_ms", json_integer(ms));
    }
}

static void session_extend(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    lengthen(daemon, ms_param(call, "by_ms"), answer);
}

static void session_shorten(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    lengthen(daemon, -ms_param(call, "by_ms"), answer);
}

static void session_stop(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    (void)call;
    daemon->start_is_held = false;
    enum rw_status status =
        pending_start_drop(daemon) ? RW_OK : rw_coach_stop(daemon->coach, rw_boot_now());
    command_answer(daemon, status, answer);
}

static void session_status(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    rw_coach_advance(daemon->coach, rw_boot_now());
    answer->result = rw_daemon_status(daemon, flag_param(call, "blocks"));
}

/* --- speech and volume ----------------------------------------------------------------------- */

/* The text of a `say` has been made: now it can be said. */
static void saying_made(void *context, const struct rw_speech_answer *made)
{
    struct rw_daemon *daemon = context;
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = made->text};
    const char *problem = made->problem;
    enum rw_status status = made->status;
    daemon->is_saying = false;
    if (status == RW_OK) {
        problem = "it would talk into the next countdown or change";
        status = rw_voice_add_text(daemon->voice, made->text, made->path, made->frames);
    }
    if (status == RW_OK) {
        status = rw_coach_say(daemon->coach, rw_boot_now(), &words);
    }
    if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_WARNING, "\"%s\" is not said: %s", made->text, problem);
    }
    rw_daemon_rearm(daemon);
}

static void say(struct rw_daemon *daemon, const struct rw_call *call, struct rw_answer *answer)
{
    const char *text = text_param(call, "text");
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = text};
    enum rw_status status = RW_ENOENT;
    if (rw_voice_knows_text(daemon->voice, text)) {
        status = rw_coach_say(daemon->coach, rw_boot_now(), &words);
    } else if (daemon->is_saying) {
        rw_answer_refuse(answer, RW_REASON_BUSY, "an earlier text is still being made");
        return;
    } else if (daemon->speech) {
        status = rw_speech_request(daemon->speech, text, saying_made, daemon);
        daemon->is_saying = status == RW_OK;
        status = status == RW_EINVALID ? RW_ENOENT : status; /* no words in it */
    }
    command_answer(daemon, status, answer);
}

static void volume_get(struct rw_daemon *daemon, const struct rw_call *call,
                       struct rw_answer *answer)
{
    (void)call;
    answer->result = json_pack("{s:f}", "volume_db", daemon->volume_db);
}

static void volume_set(struct rw_daemon *daemon, const struct rw_call *call,
                       struct rw_answer *answer)
{
    double volume_db = json_number_value(json_object_get(call->params, "volume_db"));
    if (flag_param(call, "relative")) {
        volume_db += daemon->volume_db;
    }
    rw_daemon_set_volume(daemon, volume_db < -60 ? -60 : volume_db > 12 ? 12 : volume_db);
    volume_get(daemon, call, answer);
}

/* --- the table ------------------------------------------------------------------------------ */

static handler *const handlers[RW_METHOD_COUNT] = {
    [RW_METHOD_PROFILE_LIST] = profile_list,       [RW_METHOD_PROFILE_CHECK] = profile_check,
    [RW_METHOD_SESSION_CHOOSE] = session_choose,   [RW_METHOD_SESSION_START] = session_start,
    [RW_METHOD_SESSION_PAUSE] = session_pause,     [RW_METHOD_SESSION_RESUME] = session_resume,
    [RW_METHOD_SESSION_TOGGLE] = session_toggle,   [RW_METHOD_SESSION_SKIP] = session_skip,
    [RW_METHOD_SESSION_BACK] = session_back,       [RW_METHOD_SESSION_EXTEND] = session_extend,
    [RW_METHOD_SESSION_SHORTEN] = session_shorten, [RW_METHOD_SESSION_STOP] = session_stop,
    [RW_METHOD_SESSION_STATUS] = session_status,   [RW_METHOD_SAY] = say,
    [RW_METHOD_VOLUME_GET] = volume_get,           [RW_METHOD_VOLUME_SET] = volume_set,
    [RW_METHOD_SUBSCRIBE] = session_status,
};

void rw_daemon_call(void *context, const struct rw_call *call, struct rw_answer *answer)
{
    struct rw_daemon *daemon = context;
    handlers[call->method](daemon, call, answer);
    rw_daemon_rearm(daemon);
}
