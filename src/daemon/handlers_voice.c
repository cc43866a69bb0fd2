/* The methods about how much the coach talks, and what it is asked to say. */
#include "handlers.h"
#include "status.h"

#include <sys/random.h>

static struct rw_manner manner_now(const struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    return view.manner;
}

/* A number that nobody can foresee, and that JSON carries whole. */
static uint64_t seed_draw(void)
{
    uint32_t drawn;
    bool is_drawn = getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) == (ssize_t)sizeof drawn;
    return is_drawn ? drawn : (uint32_t)rw_boot_now();
}

enum rw_status rw_daemon_start_run(struct rw_daemon *daemon, rw_ns now, rw_ns not_before)
{
    struct rw_manner manner = manner_now(daemon);
    manner.seed = seed_draw();
    rw_coach_set_manner(daemon->coach, &manner);
    bool has_intro = daemon->has_intro;
    daemon->has_intro = false;
    return rw_coach_start_saying(daemon->coach, now, not_before, has_intro ? &daemon->intro : NULL);
}

void rw_daemon_configure_manner(struct rw_daemon *daemon)
{
    struct rw_manner manner = manner_now(daemon);
    manner.configured = daemon->config.cues;
    rw_coach_set_manner(daemon->coach, &manner);
}

void rw_handle_voice_get(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    struct rw_coach_view view;
    (void)call;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    answer->result = rw_status_voice_json(&view);
}

/* Takes the number NAME of CALL, if it is there, as what LIVE says of SETTING. */
static bool number_take(const struct rw_call *call, const char *name, enum rw_setting setting,
                        struct rw_cue_settings *live, json_int_t *ret_number)
{
    const json_t *value = json_object_get(call->params, name);
    if (!value) {
        return false;
    }
    *ret_number = json_integer_value(value);
    live->said |= 1u << setting;
    return true;
}

static void rate_take(const struct rw_call *call, const char *name, enum rw_setting setting,
                      struct rw_cue_settings *live, uint32_t *rate_ms)
{
    json_int_t number;
    if (number_take(call, name, setting, live, &number)) {
        bool is_often = number > 0 && number < (json_int_t)RW_TALK_MS_MIN;
        *rate_ms = is_often ? RW_TALK_MS_MIN : (uint32_t)number;
    }
}

/* False when ANSWER is refused. */
static bool cadence_take(const struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_cue_settings *live, struct rw_answer *answer)
{
    json_int_t number;
    if (number_take(call, "baseline", RW_SETTING_BASELINE, live, &number)) {
        live->baseline = (uint32_t)number;
    }
    if (number_take(call, "cadence", RW_SETTING_CADENCE, live, &number)) {
        if (number > 0 && number < RW_CADENCE_MIN) {
            rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                             "'cadence' is 0, for none, or from %u to %u", RW_CADENCE_MIN,
                             RW_CADENCE_MAX);
            return false;
        }
        live->cadence = (int32_t)number;
        live->cadence_is_relative = false;
    }
    if (number_take(call, "cadence_percent", RW_SETTING_CADENCE, live, &number)) {
        live->cadence = (int32_t)number;
        live->cadence_is_relative = true;
        if (live->baseline == 0 && daemon->config.cues.baseline == 0) {
            rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                             "'cadence_percent' needs the runner's own steps a minute: give "
                             "'baseline', or set it under `cues` in the configuration");
            return false;
        }
    }
    return true;
}

/* What is said to a change from one verbosity to another; false: nothing. */
static bool change_words(enum rw_verbosity before, enum rw_verbosity after,
                         struct rw_words *ret_words)
{
    if (before == after) {
        return false;
    }
    *ret_words = (struct rw_words){
        .saying = after == RW_VERBOSITY_SILENT ? RW_SAY_QUIET
                  : after < before             ? RW_SAY_LESS_TALK
                                               : RW_SAY_MORE_TALK,
    };
    return true;
}

void rw_handle_voice_set(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    struct rw_coach_view view;
    struct rw_cue_settings before;
    struct rw_cue_settings after;
    struct rw_words words;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    rw_status_voice(&view, &before);

    struct rw_cue_settings live = {0};
    if (!rw_param_flag(call, "reset")) {
        live = view.manner.live;
    }
    const char *verbosity = rw_param_text(call, "verbosity");
    if (verbosity) {
        if (!rw_verbosity_find(verbosity, &live.verbosity)) {
            rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                             "'verbosity' is silent, sparse, normal or chatty");
            return;
        }
        live.said |= 1u << RW_SETTING_VERBOSITY;
    }
    rate_take(call, "encourage_ms", RW_SETTING_ENCOURAGE, &live, &live.encourage_ms);
    rate_take(call, "posture_ms", RW_SETTING_POSTURE, &live, &live.posture_ms);
    rate_take(call, "breathing_ms", RW_SETTING_BREATHING, &live, &live.breathing_ms);
    if (!cadence_take(daemon, call, &live, answer)) {
        return;
    }
    view.manner.live = live;
    rw_status_voice(&view, &after);
    bool speaks =
        rw_param_flag(call, "speak") && change_words(before.verbosity, after.verbosity, &words);
    rw_coach_tune(daemon->coach, rw_boot_now(), &live, speaks ? &words : NULL);
    rw_handle_voice_get(daemon, call, answer);
}

void rw_handle_session_encourage(struct rw_daemon *daemon, const struct rw_call *call,
                                 struct rw_answer *answer)
{
    (void)call;
    rw_answer_command(daemon, rw_coach_encourage(daemon->coach, rw_boot_now()), answer);
}

void rw_handle_session_quiet(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    enum rw_status status =
        rw_coach_quiet(daemon->coach, rw_boot_now(), rw_param_ms(call, "for_ms"));
    rw_answer_command(daemon, status, answer);
}
