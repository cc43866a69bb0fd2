/* history: the weeks and the runs that were. */

#include "history.h"
#include "remote.h"
#include "terminal.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LISTED_MAX    100
#define DEFAULT_WEEKS 8

void rw_history_line(const struct rw_invocation *invocation, const json_t *run)
{
    char date[RW_HISTORY_DATE_MAX];
    char span[RW_TEXT_TIME_MAX];
    char name[256];
    rw_history_date(run, date);
    rw_text_span(rw_history_integer(run, "session_ms") / 1000 * 1000, span);
    rw_text_clean(rw_history_text(run, "name"), name, sizeof name);
    fprintf(invocation->out, "%5lld  %s  %-11s  %2lld of %2lld runs  %12s  %s\n",
            (long long)rw_history_integer(run, "run"), date, rw_history_text(run, "state"),
            (long long)rw_history_integer(run, "runs_done"),
            (long long)rw_history_integer(run, "planned_runs"), span, name);
}

static void dating_explain(const struct rw_invocation *invocation, const json_t *runs)
{
    size_t i;
    const json_t *run;
    bool is_uncertain = false;
    bool is_later = false;
    json_array_foreach(runs, i, run)
    {
        is_uncertain |= strcmp(rw_history_text(run, "dating"), "uncertain") == 0;
        is_later |= strcmp(rw_history_text(run, "dating"), "later") == 0;
    }
    if (is_uncertain) {
        fputs("? the device's clock was not known to be right\n", invocation->out);
    }
    if (is_later) {
        fputs("* dated afterwards, when the device's clock was right\n", invocation->out);
    }
}

struct listing {
    json_t *runs; /* the latest, LISTED_MAX at most */
    struct rw_weeks weeks;
    bool counts_weeks;
};

static bool run_take(void *context, json_t *run)
{
    struct listing *listing = context;
    bool has_room = json_array_size(listing->runs) < LISTED_MAX;
    if (has_room) {
        json_array_append(listing->runs, run);
    }
    struct rw_session_sum sum = rw_history_sum(run);
    bool weeks_want_more = listing->counts_weeks && rw_weeks_add(&listing->weeks, &sum);
    return has_room || weeks_want_more;
}

static json_t *week_json(const struct rw_week *week)
{
    char date[32];
    struct tm monday = rw_date_of(week->monday);
    strftime(date, sizeof date, "%Y-%m-%d", &monday);
    return json_pack("{s:s, s:i, s:I, s:I, s:i}", "monday", date, "sessions", (int)week->sessions,
                     "running_ms", (json_int_t)week->running_ms, "walking_ms",
                     (json_int_t)week->walking_ms, "rests", (int)week->rests);
}

static void listing_json(const struct rw_invocation *invocation, const struct listing *listing,
                         json_int_t total)
{
    json_t *weeks = json_array();
    for (size_t i = 0; listing->counts_weeks && i < listing->weeks.count; i++) {
        json_array_append_new(weeks, week_json(&listing->weeks.list[i]));
    }
    json_t *all = json_pack("{s:I, s:O, s:o, s:i}", "total", total, "runs", listing->runs, "weeks",
                            weeks, "streak_weeks", (int)listing->weeks.streak);
    rw_print_json(invocation, all);
    json_decref(all);
}

static void weeks_print(const struct rw_invocation *invocation, const struct rw_weeks *weeks)
{
    unsigned columns, rows;
    FILE *out = invocation->out;
    bool is_ascii = rw_arguments_has(&invocation->arguments, "ascii") || rw_terminal_is_ascii();
    rw_terminal_size(STDOUT_FILENO, &columns, &rows);
    struct rw_canvas *canvas = rw_weeks_draw(weeks, columns);
    if (!canvas) {
        return;
    }
    rw_canvas_print(canvas, out, invocation->can_draw, invocation->palette, is_ascii);
    rw_canvas_destroy(canvas);
    if (weeks->streak > 0) {
        fprintf(out, "\n%u week%s in a row\n", weeks->streak, weeks->streak == 1 ? "" : "s");
    }
    if (weeks->undated > 0) {
        fprintf(out, "%u without a certain date stand%s in no week\n", weeks->undated,
                weeks->undated == 1 ? "s" : "");
    }
    fputc('\n', out);
}

static void listing_print(const struct rw_invocation *invocation, const struct listing *listing)
{
    size_t i;
    const json_t *run;
    if (json_array_size(listing->runs) == 0) {
        fputs("No run has been recorded yet.\n", invocation->out);
        return;
    }
    if (listing->counts_weeks) {
        weeks_print(invocation, &listing->weeks);
    }
    json_array_foreach(listing->runs, i, run)
    {
        rw_history_line(invocation, run);
    }
    dating_explain(invocation, listing->runs);
}

static enum rw_exit list(const struct rw_invocation *invocation)
{
    struct listing listing = {.counts_weeks = true};
    const char *text = rw_arguments_value(&invocation->arguments, "weeks");
    uint64_t count = DEFAULT_WEEKS;
    json_int_t total = 0;
    if (text && (!rw_arguments_number(text, &count) || count > RW_WEEKS_MAX)) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--weeks is a whole number from 0 (no chart) to %d, not \"%s\"",
                       RW_WEEKS_MAX, text);
    }
    listing.counts_weeks = count > 0;
    rw_weeks_init(&listing.weeks, time(NULL), count > 0 ? (size_t)count : 1);
    listing.runs = json_array();
    enum rw_exit exit = rw_history_each(invocation, false, run_take, &listing, &total);
    if (exit == RW_EXIT_OK && rw_arguments_has(&invocation->arguments, "json")) {
        listing_json(invocation, &listing, total);
    } else if (exit == RW_EXIT_OK) {
        listing_print(invocation, &listing);
    }
    json_decref(listing.runs);
    return exit;
}

enum rw_exit rw_verb_history(const struct rw_invocation *invocation)
{
    const struct rw_arguments *arguments = &invocation->arguments;
    json_int_t number;
    if (arguments->word_count == 0) {
        return list(invocation);
    }
    if (strcmp(arguments->words[0], "show") != 0 || arguments->word_count != 2) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "it is `runwalk history`, or `runwalk history show N`");
    }
    if (!rw_history_number(invocation, arguments->words[1], &number)) {
        return RW_EXIT_USAGE;
    }
    if (rw_arguments_has(arguments, "weeks")) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--weeks is for the list of the runs");
    }
    return rw_history_show(invocation, number);
}
