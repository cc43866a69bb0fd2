/* plan: where the runner stands in a plan, which the daemon knows. */

#include "load.h"
#include "plan.h"
#include "remote.h"
#include "text.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* "today", "tomorrow, 2026-11-30", "in 3 days, 2026-12-02"; whenever nothing says when. */
static void due_write(const json_t *next, char *out, size_t size)
{
    const char *date = text_of(next, "due");
    const json_t *counted = json_object_get(next, "due_in_days");
    json_int_t days = json_integer_value(counted);
    if (date[0] == '\0') {
        snprintf(out, size, "whenever you like");
    } else if (!json_is_integer(counted)) {
        snprintf(out, size, "%s", date);
    } else if (days <= 0) {
        snprintf(out, size, "today%s%s", days < 0 ? ", since " : "", days < 0 ? date : "");
    } else if (days == 1) {
        snprintf(out, size, "tomorrow, %s", date);
    } else {
        snprintf(out, size, "in %lld days, %s", (long long)days, date);
    }
}

/* What a session is: its profile's name, or how much running there is in it. */
static void session_write(const json_t *next, char *out, size_t size)
{
    char length[RW_TEXT_TIME_MAX];
    char running[RW_TEXT_TIME_MAX];
    char name[128];
    const char *called = text_of(next, "name");
    rw_text_span(number_of(next, "duration_ms"), length);
    rw_text_span(number_of(next, "running_ms"), running);
    rw_text_clean(called[0] ? called : text_of(next, "profile"), name, sizeof name);
    bool has_runs = number_of(next, "running_ms") > 0;
    snprintf(out, size, "%s%s%s%s%s", length, has_runs ? ", of it running " : "",
             has_runs ? running : "", name[0] ? "; " : "", name);
}

void rw_standing_print(const struct rw_invocation *invocation, const json_t *standing)
{
    FILE *out = invocation->out;
    const json_t *plan = json_object_get(standing, "plan");
    const json_t *next = json_object_get(standing, "next");
    bool waits = json_is_true(json_object_get(standing, "waits"));
    char text[512];
    if (!json_is_object(plan)) {
        fputs("No plan is followed. `runwalk plan list` shows those there are.\n", out);
        if (waits) {
            fputs("After an emergency a plan waits until you say `runwalk plan well`.\n", out);
        }
        return;
    }
    rw_text_clean(text_of(plan, "name"), text, sizeof text);
    fprintf(out, "Plan:     %s%s%s, week %lld of %lld, day %lld of %lld\n",
            rw_style(invocation, RW_STYLE_STRONG), text, rw_style(invocation, RW_STYLE_PLAIN),
            (long long)number_of(next, "week"), (long long)number_of(plan, "weeks"),
            (long long)number_of(next, "day"), (long long)number_of(next, "days"));
    session_write(next, text, sizeof text);
    fprintf(out, "Next:     %s\n", text);
    due_write(next, text, sizeof text);
    fprintf(out, "Due:      %s\n", waits ? "when all is well" : text);
    rw_text_clean(text_of(standing, "why"), text, sizeof text);
    fprintf(out, "Why:      %s\n", text);
    rw_text_clean(text_of(standing, "advice"), text, sizeof text);
    if (text[0]) {
        fprintf(out, "Note:     %s\n", text);
    }
}

/* Calls METHOD and prints where the plan stands then. */
static enum rw_exit standing_ask(const struct rw_invocation *invocation, const char *method,
                                 json_t *params)
{
    json_t *standing;
    enum rw_exit exit = rw_remote_ask(invocation, method, params, &standing);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, standing);
    } else {
        rw_standing_print(invocation, standing);
    }
    json_decref(standing);
    return RW_EXIT_OK;
}

enum rw_exit rw_plan_status(const struct rw_invocation *invocation)
{
    return standing_ask(invocation, "plan.status", NULL);
}

enum rw_exit rw_plan_skip_due(const struct rw_invocation *invocation)
{
    return standing_ask(invocation, "plan.skip", NULL);
}

enum rw_exit rw_plan_well(const struct rw_invocation *invocation)
{
    return standing_ask(invocation, "plan.well", NULL);
}

enum rw_exit rw_plan_stop(const struct rw_invocation *invocation)
{
    return standing_ask(invocation, "plan.stop", NULL);
}

enum rw_exit rw_plan_repeat_done(const struct rw_invocation *invocation)
{
    size_t count;
    const char *const *words = rw_plan_words(invocation, &count);
    if (count > 0 && strcmp(words[0], "week") != 0) {
        return rw_fail(invocation, RW_EXIT_USAGE, "`plan repeat` or `plan repeat week`");
    }
    return standing_ask(invocation, "plan.repeat", json_pack("{s:b}", "week", count > 0));
}

enum rw_exit rw_plan_start(const struct rw_invocation *invocation)
{
    size_t count;
    struct rw_paths *paths;
    struct rw_profile_place place;
    uint64_t week = 1;
    const char *const *words = rw_plan_words(invocation, &count);
    const char *wanted = rw_arguments_value(&invocation->arguments, "week");
    if (wanted && (!rw_arguments_number(wanted, &week) || week < 1 || week > 52)) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--week is a week of the plan, from 1 on");
    }
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_load_plan_place(invocation, paths, words[0], &place);
    rw_paths_destroy(paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    json_t *params = json_pack("{s:s, s:I}", "plan", place.name, "week", (json_int_t)week);
    rw_profile_place_finish(&place);
    return standing_ask(invocation, "plan.start", params);
}

enum rw_exit rw_plan_next(const struct rw_invocation *invocation)
{
    json_t *status;
    enum rw_exit exit =
        rw_remote_ask(invocation, "session.choose", json_pack("{s:b}", "next", 1), &status);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, status);
    } else {
        rw_standing_print(invocation, json_object_get(status, "due"));
        fputs("It is chosen: `runwalk toggle` or `runwalk start` begins it.\n", invocation->out);
    }
    json_decref(status);
    return RW_EXIT_OK;
}

enum rw_exit rw_plan_due(const struct rw_invocation *invocation, char *ret_id, size_t size,
                         bool *ret_follows, uint32_t *ret_session)
{
    json_t *standing;
    enum rw_exit exit = rw_remote_ask(invocation, "plan.status", NULL, &standing);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    const json_t *plan = json_object_get(standing, "plan");
    *ret_follows = json_is_object(plan);
    snprintf(ret_id, size, "%s", text_of(plan, "id"));
    json_int_t session = number_of(json_object_get(standing, "next"), "session");
    *ret_session = session > 0 && session <= INT32_MAX ? (uint32_t)session - 1 : 0;
    json_decref(standing);
    return RW_EXIT_OK;
}
