/* The verbs that steer a run. */

#include "load.h"
#include "plan.h"
#include "remote.h"
#include "runwalk/control/dispatch.h"
#include "runwalk/core/pain.h"
#include "runwalk/core/profile.h"
#include "text.h"
#include "watch_model.h"

#include <string.h>

/* The answer to every one of them is the status: it is shown in one line. */
static void answer_print(const struct rw_invocation *invocation, const json_t *status,
                         const char *prefix)
{
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, status);
        return;
    }
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    char line[512];
    rw_watch_take_status(&state, status);
    rw_watch_line(&state, rw_boot_ms(), line, sizeof line);
    /* To be told to choose a workout is no answer to an emergency. */
    bool invites = state.phase == RW_WATCH_IDLE && prefix[0] != '\0';
    fprintf(invocation->out, "%s%s%s", prefix, invites ? "" : line, invites ? "" : "\n");
    if (state.problem[0] != '\0') {
        fprintf(invocation->out, "No sound: %s\n", state.problem);
    }
}

enum rw_exit rw_verb_command(const struct rw_invocation *invocation)
{
    char method[64];
    json_t *status;
    snprintf(method, sizeof method, "session.%s", invocation->verb->name);
    enum rw_exit exit = rw_remote_ask(invocation, method, NULL, &status);
    if (exit == RW_EXIT_OK) {
        answer_print(invocation, status, "");
        json_decref(status);
    }
    return exit;
}

/* The daemon does not stand where we stand, so a path is sent complete; a name stays a name. */
static enum rw_exit profile_param(const struct rw_invocation *invocation, json_t *params)
{
    struct rw_paths *paths;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    struct rw_profile_place place;
    exit = rw_load_place(invocation, paths, invocation->arguments.words[0], &place);
    if (exit == RW_EXIT_OK) {
        json_object_set_new(params, "profile", json_string(place.name));
        rw_profile_place_finish(&place);
    }
    rw_paths_destroy(paths);
    return exit;
}

enum rw_exit rw_verb_choose(const struct rw_invocation *invocation)
{
    json_t *params = json_object();
    json_t *status;
    enum rw_exit exit = profile_param(invocation, params);
    if (exit != RW_EXIT_OK) {
        json_decref(params);
        return exit;
    }
    exit = rw_remote_ask(invocation, "session.choose", params, &status);
    if (exit == RW_EXIT_OK) {
        answer_print(invocation, status, "");
        json_decref(status);
    }
    return exit;
}

enum rw_exit rw_verb_start(const struct rw_invocation *invocation)
{
    json_t *params = json_object();
    enum rw_exit exit = RW_EXIT_OK;
    const char *in = rw_arguments_value(&invocation->arguments, "in");
    if (in) {
        char problem[256];
        uint32_t ms = 0;
        if (rw_arguments_time(in, &ms, problem, sizeof problem) != RW_OK) {
            exit = rw_fail(invocation, RW_EXIT_USAGE, "--in: %s", problem);
        }
        json_object_set_new(params, "in_ms", json_integer(ms));
    }
    if (rw_arguments_has(&invocation->arguments, "replace")) {
        json_object_set_new(params, "replace", json_true());
    }
    bool is_next =
        invocation->arguments.word_count > 0 && strcmp(invocation->arguments.words[0], "next") == 0;
    if (is_next) {
        json_object_set_new(params, "next", json_true());
    } else if (exit == RW_EXIT_OK && invocation->arguments.word_count > 0) {
        exit = profile_param(invocation, params);
    }
    if (exit != RW_EXIT_OK) {
        json_decref(params);
        return exit;
    }
    json_t *status;
    exit = rw_remote_ask(invocation, "session.start", params, &status);
    if (exit == RW_EXIT_OK) {
        if (is_next && !rw_arguments_has(&invocation->arguments, "json")) {
            rw_standing_print(invocation, json_object_get(status, "due"));
        }
        answer_print(invocation, status, "");
        json_decref(status);
    }
    return exit;
}

/* Asks for METHOD with PARAMS (taken), and shows the status behind PREFIX. */
static enum rw_exit command_ask(const struct rw_invocation *invocation, const char *method,
                                json_t *params, const char *prefix)
{
    json_t *status;
    enum rw_exit exit = rw_remote_ask(invocation, method, params, &status);
    if (exit == RW_EXIT_OK) {
        answer_print(invocation, status, prefix);
        json_decref(status);
    }
    return exit;
}

enum rw_exit rw_verb_rest(const struct rw_invocation *invocation)
{
    json_t *params = NULL;
    if (invocation->arguments.word_count > 0) {
        const struct rw_param *limits = &rw_method_info(RW_METHOD_SESSION_REST)->params[0];
        const char *word = invocation->arguments.words[0];
        char problem[256];
        uint32_t ms;
        if (rw_arguments_time(word, &ms, problem, sizeof problem) != RW_OK) {
            return rw_fail(invocation, RW_EXIT_USAGE, "%s", problem);
        }
        if (ms < limits->min || ms > limits->max) {
            return rw_fail(invocation, RW_EXIT_USAGE, "a rest lasts from 10 s to 30 min");
        }
        params = json_pack("{s:I}", "max_ms", (json_int_t)ms);
    }
    return command_ask(invocation, "session.rest", params, "");
}

enum rw_exit rw_verb_ratio(const struct rw_invocation *invocation)
{
    const char *word = invocation->arguments.words[0];
    const char *slash = strchr(word, '/');
    char run[32];
    char problem[256];
    uint32_t run_ms;
    uint32_t walk_ms;
    size_t size = slash ? (size_t)(slash - word) : sizeof run;
    if (size >= sizeof run) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "a ratio is how long to run and how long to walk, such as 45s/30s");
    }
    memcpy(run, word, size);
    run[size] = '\0';
    if (rw_arguments_time(run, &run_ms, problem, sizeof problem) != RW_OK ||
        rw_arguments_time(slash + 1, &walk_ms, problem, sizeof problem) != RW_OK) {
        return rw_fail(invocation, RW_EXIT_USAGE, "%s", problem);
    }
    if (run_ms < RW_SEGMENT_MS_MIN || walk_ms < RW_SEGMENT_MS_MIN) {
        return rw_fail(invocation, RW_EXIT_USAGE, "a run or a walk lasts from 1 s to 24 h");
    }
    json_t *params =
        json_pack("{s:I, s:I}", "run_ms", (json_int_t)run_ms, "walk_ms", (json_int_t)walk_ms);
    return command_ask(invocation, "session.ratio", params, "");
}

enum rw_exit rw_verb_goto(const struct rw_invocation *invocation)
{
    const struct rw_param *limits = &rw_method_info(RW_METHOD_SESSION_GOTO)->params[0];
    const char *word = invocation->arguments.words[0];
    const char *slash = strchr(word, '/');
    char first[32] = "";
    uint64_t run = 0;
    uint64_t of = 0;
    size_t size = slash ? (size_t)(slash - word) : strlen(word);
    if (size < sizeof first) {
        memcpy(first, word, size);
        first[size] = '\0';
    }
    bool is_number = rw_arguments_number(first, &run) &&
                     (!slash || (rw_arguments_number(slash + 1, &of) && of > 0));
    if (!is_number || run == 0 || (double)run > limits->max || (double)of > limits->max) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "\"%.40s\" is no run: say its number, such as 3 or 3/8", word);
    }
    json_t *params = json_pack("{s:I}", "run", (json_int_t)run);
    if (of > 0) {
        json_object_set_new(params, "of", json_integer((json_int_t)of));
    }
    return command_ask(invocation, "session.goto", params, "");
}

/* What is said, for whoever cannot hear it: it goes before where the run is. */
static const char emergency_words[] =
    "Stop. Sit down somewhere safe. If your chest hurts, or you faint or cannot get your breath, "
    "call emergency services.\n";

enum rw_exit rw_verb_dizzy(const struct rw_invocation *invocation)
{
    return command_ask(invocation, "session.dizzy", NULL, emergency_words);
}

enum rw_exit rw_verb_pain(const struct rw_invocation *invocation)
{
    json_t *params = NULL;
    bool is_emergency = false;
    if (invocation->arguments.word_count > 0) {
        const char *word = invocation->arguments.words[0];
        uint32_t place;
        is_emergency = rw_pain_find(word, &place) && rw_pain_is_emergency(place);
        params = json_pack("{s:s}", "place", word);
        if (!params) {
            return rw_fail(invocation, RW_EXIT_USAGE, "this word is not valid UTF-8");
        }
    }
    return command_ask(invocation, "session.pain", params, is_emergency ? emergency_words : "");
}

enum rw_exit rw_verb_quiet(const struct rw_invocation *invocation)
{
    json_t *params = NULL;
    if (invocation->arguments.word_count > 0) {
        char problem[256];
        uint32_t ms;
        if (rw_arguments_time(invocation->arguments.words[0], &ms, problem, sizeof problem) !=
            RW_OK) {
            return rw_fail(invocation, RW_EXIT_USAGE, "%s", problem);
        }
        params = json_pack("{s:I}", "for_ms", (json_int_t)ms);
    }
    return command_ask(invocation, "session.quiet", params, "");
}

enum rw_exit rw_verb_extend(const struct rw_invocation *invocation)
{
    bool is_longer = strcmp(invocation->verb->name, "extend") == 0;
    json_t *params = NULL;
    if (invocation->arguments.word_count > 0) {
        char problem[256];
        uint32_t ms;
        if (rw_arguments_time(invocation->arguments.words[0], &ms, problem, sizeof problem) !=
            RW_OK) {
            return rw_fail(invocation, RW_EXIT_USAGE, "%s", problem);
        }
        params = json_pack("{s:I}", "by_ms", (json_int_t)ms);
    }
    json_t *status;
    enum rw_exit exit = rw_remote_ask(invocation, is_longer ? "session.extend" : "session.shorten",
                                      params, &status);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    /* What was done can be less than what was asked for: a step never ends in the past. */
    char prefix[RW_TEXT_TIME_MAX + 16];
    char applied[RW_TEXT_TIME_MAX];
    json_int_t applied_ms = json_integer_value(json_object_get(status, "applied_ms"));
    applied_ms = applied_ms < 0 ? -applied_ms : applied_ms;
    rw_text_span((applied_ms + 500) / 1000 * 1000, applied);
    snprintf(prefix, sizeof prefix, "%s %s. ", applied, is_longer ? "more" : "less");
    answer_print(invocation, status, prefix);
    json_decref(status);
    return RW_EXIT_OK;
}
