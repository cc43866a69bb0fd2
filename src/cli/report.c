/* report: some weeks of the history as one page for a browser. */

#include "report.h"

#include "history.h"
#include "whole.h"

#include <string.h>

#define DEFAULT_WEEKS 12
#define LEAST_WEEKS   4

static bool run_take(void *context, json_t *run)
{
    struct rw_report *report = context;
    struct rw_session_sum sum = rw_history_sum(run);
    unsigned undated = report->weeks.undated;
    int64_t monday = rw_week_of((time_t)(sum.begin_unix_ms / 1000));
    bool wants_more = rw_weeks_add(&report->weeks, &sum);
    bool is_shown = sum.session_ms >= RW_SESSION_LEAST_MS && undated == report->weeks.undated &&
                    monday >= report->weeks.list[0].monday;
    if (is_shown) {
        json_array_append(report->runs, run);
    }
    return wants_more;
}

/* Weeks before the first session say nothing; a few are left, so that a picture has a width. */
static void weeks_trim(struct rw_weeks *weeks)
{
    size_t first = 0;
    while (first + LEAST_WEEKS < weeks->count && weeks->list[first].sessions == 0) {
        first++;
    }
    weeks->count -= first;
    memmove(&weeks->list[0], &weeks->list[first], weeks->count * sizeof weeks->list[0]);
}

static void report_write(FILE *file, const void *context)
{
    rw_report_write(file, context);
}

enum rw_exit rw_verb_report(const struct rw_invocation *invocation)
{
    const char *path = invocation->arguments.words[0];
    const char *text = rw_arguments_value(&invocation->arguments, "weeks");
    const char *ending = strrchr(path, '.');
    uint64_t count = DEFAULT_WEEKS;
    if (text && (!rw_arguments_number(text, &count) || count < 1 || count > RW_WEEKS_MAX)) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--weeks is a whole number from 1 to %d, not \"%s\"", RW_WEEKS_MAX, text);
    }
    if (!ending || (strcmp(ending, ".html") != 0 && strcmp(ending, ".htm") != 0)) {
        return rw_fail(invocation, RW_EXIT_USAGE, "\"%s\" must end in .html: it becomes a page",
                       path);
    }
    struct rw_report report = {
        .runs = json_array(),
        .now = time(NULL),
        .with_health = rw_arguments_has(&invocation->arguments, "with-health"),
    };
    rw_weeks_init(&report.weeks, report.now, (size_t)count);
    enum rw_exit exit = rw_history_each(invocation, report.with_health, run_take, &report, NULL);
    weeks_trim(&report.weeks);
    if (exit == RW_EXIT_OK) {
        struct rw_whole whole = {
            .path = path, .mode = 0600, .write = report_write, .context = &report};
        exit = rw_whole_write(invocation, &whole);
    }
    if (exit == RW_EXIT_OK) {
        size_t sessions = json_array_size(report.runs);
        fprintf(invocation->out, "%s: %zu session%s in %zu week%s\n", path, sessions,
                sessions == 1 ? "" : "s", report.weeks.count, report.weeks.count == 1 ? "" : "s");
    }
    json_decref(report.runs);
    return exit;
}
