/*
 * The methods of the control protocol: which function answers each, and what these share.
 * All parameters have been checked before.
 */
#include "handlers.h"

const char *rw_param_text(const struct rw_call *call, const char *name)
{
    return json_string_value(json_object_get(call->params, name));
}

rw_ns rw_param_ms(const struct rw_call *call, const char *name)
{
    return json_integer_value(json_object_get(call->params, name)) * RW_NS_PER_MS;
}

json_int_t rw_param_count(const struct rw_call *call, const char *name)
{
    return json_integer_value(json_object_get(call->params, name));
}

bool rw_param_flag(const struct rw_call *call, const char *name)
{
    return json_is_true(json_object_get(call->params, name));
}

enum rw_coach_state rw_daemon_state(const struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    return view.state;
}

bool rw_daemon_is_run_on(const struct rw_daemon *daemon)
{
    enum rw_coach_state state = rw_daemon_state(daemon);
    return daemon->pending == RW_PENDING_START || daemon->pending == RW_PENDING_RECOVER ||
           state == RW_COACH_ARMED || state == RW_COACH_RUNNING || state == RW_COACH_PAUSED;
}

static void state_refuse(struct rw_daemon *daemon, struct rw_answer *answer)
{
    if (rw_daemon_is_run_on(daemon)) {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING,
                         "the run has not begun yet; a pause takes the start back");
    } else if (rw_daemon_state(daemon) == RW_COACH_IDLE) {
        rw_answer_refuse(answer, RW_REASON_NO_PROFILE, "no workout is chosen");
    } else {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING, "no run is on; `runwalk start` begins one");
    }
}

void rw_answer_command(struct rw_daemon *daemon, enum rw_status status, struct rw_answer *answer)
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

static rw_handler *const handlers[RW_METHOD_COUNT] = {
    [RW_METHOD_PROFILE_LIST] = rw_handle_profile_list,
    [RW_METHOD_PROFILE_CHECK] = rw_handle_profile_check,
    [RW_METHOD_SESSION_CHOOSE] = rw_handle_session_choose,
    [RW_METHOD_SESSION_START] = rw_handle_session_start,
    [RW_METHOD_SESSION_PAUSE] = rw_handle_session_pause,
    [RW_METHOD_SESSION_RESUME] = rw_handle_session_resume,
    [RW_METHOD_SESSION_TOGGLE] = rw_handle_session_toggle,
    [RW_METHOD_SESSION_SKIP] = rw_handle_session_skip,
    [RW_METHOD_SESSION_BACK] = rw_handle_session_back,
    [RW_METHOD_SESSION_EXTEND] = rw_handle_session_extend,
    [RW_METHOD_SESSION_SHORTEN] = rw_handle_session_shorten,
    [RW_METHOD_SESSION_STOP] = rw_handle_session_stop,
    [RW_METHOD_SESSION_ENCOURAGE] = rw_handle_session_encourage,
    [RW_METHOD_SESSION_QUIET] = rw_handle_session_quiet,
    [RW_METHOD_SESSION_REST] = rw_handle_session_rest,
    [RW_METHOD_SESSION_READY] = rw_handle_session_ready,
    [RW_METHOD_SESSION_EASIER] = rw_handle_session_easier,
    [RW_METHOD_SESSION_HARDER] = rw_handle_session_harder,
    [RW_METHOD_SESSION_RATIO] = rw_handle_session_ratio,
    [RW_METHOD_SESSION_GOTO] = rw_handle_session_goto,
    [RW_METHOD_SESSION_COOLDOWN] = rw_handle_session_cooldown,
    [RW_METHOD_SESSION_STITCH] = rw_handle_session_stitch,
    [RW_METHOD_SESSION_HEAVY] = rw_handle_session_heavy,
    [RW_METHOD_SESSION_PAIN] = rw_handle_session_pain,
    [RW_METHOD_SESSION_DIZZY] = rw_handle_session_dizzy,
    [RW_METHOD_SESSION_TIME] = rw_handle_session_time,
    [RW_METHOD_SESSION_STATUS] = rw_handle_session_status,
    [RW_METHOD_SESSION_RECOVER] = rw_handle_session_recover,
    [RW_METHOD_HISTORY_LIST] = rw_handle_history_list,
    [RW_METHOD_HISTORY_SHOW] = rw_handle_history_show,
    [RW_METHOD_HISTORY_ROWS] = rw_handle_history_rows,
    [RW_METHOD_HISTORY_LOG] = rw_handle_history_log,
    [RW_METHOD_HISTORY_FORGET] = rw_handle_history_forget,
    [RW_METHOD_PLAN_LIST] = rw_handle_plan_list,
    [RW_METHOD_PLAN_START] = rw_handle_plan_start,
    [RW_METHOD_PLAN_STOP] = rw_handle_plan_stop,
    [RW_METHOD_PLAN_STATUS] = rw_handle_plan_status,
    [RW_METHOD_PLAN_SKIP] = rw_handle_plan_skip,
    [RW_METHOD_PLAN_REPEAT] = rw_handle_plan_repeat,
    [RW_METHOD_PLAN_WELL] = rw_handle_plan_well,
    [RW_METHOD_SAY] = rw_handle_say,
    [RW_METHOD_VOLUME_GET] = rw_handle_volume_get,
    [RW_METHOD_VOLUME_SET] = rw_handle_volume_set,
    [RW_METHOD_MUSIC_GET] = rw_handle_music_get,
    [RW_METHOD_MUSIC_PLAY] = rw_handle_music_play,
    [RW_METHOD_MUSIC_STOP] = rw_handle_music_stop,
    [RW_METHOD_VOICE_GET] = rw_handle_voice_get,
    [RW_METHOD_VOICE_SET] = rw_handle_voice_set,
    [RW_METHOD_SUBSCRIBE] = rw_handle_session_status,
};

void rw_daemon_call(void *context, const struct rw_call *call, struct rw_answer *answer)
{
    struct rw_daemon *daemon = context;
    rw_diary_call_begin(daemon, call);
    handlers[call->method](daemon, call, answer);
    rw_diary_call_end(daemon, call, answer);
    rw_daemon_rearm(daemon);
}
