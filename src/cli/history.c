/* history: the runs that were, and one of them with planned against actual. */

#include "history.h"

#include "remote.h"
#include "text.h"

#include <string.h>
#include <time.h>

#define PAGE 100

static const char *const part_names[RW_HISTORY_PART_COUNT] = {
    [RW_HISTORY_SEGMENTS] = "segments",
    [RW_HISTORY_COMMANDS] = "commands",
    [RW_HISTORY_CUES] = "cues",
    [RW_HISTORY_INCIDENTS] = "incidents",
};

json_int_t rw_history_integer(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

const char *rw_history_text(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

bool rw_history_number(const struct rw_invocation *invocation, const char *word,
                       json_int_t *ret_run)
{
    uint64_t number;
    if (!rw_arguments_number(word, &number) || number == 0 || number > 1000000000) {
        rw_fail(invocation, RW_EXIT_USAGE, "\"%s\" is no run; `runwalk history` has their numbers",
                word);
        return false;
    }
    *ret_run = (json_int_t)number;
    return true;
}

/* Asks for PART page after page. */
static enum rw_exit rows_fetch(const struct rw_invocation *invocation, struct rw_client *client,
                               json_int_t number, const char *part, json_t *rows)
{
    for (;;) {
        json_t *answer;
        size_t before = json_array_size(rows);
        json_t *params = json_pack("{s:I, s:s, s:I, s:i}", "run", number, "part", part, "offset",
                                   (json_int_t)before, "limit", PAGE);
        enum rw_exit exit = rw_remote_call(invocation, client, "history.rows", params,
                                           RW_REMOTE_TIMEOUT_MS, &answer);
        if (exit != RW_EXIT_OK) {
            return exit;
        }
        json_array_extend(rows, json_object_get(answer, "rows"));
        json_decref(answer);
        if (json_array_size(rows) < before + PAGE) {
            return RW_EXIT_OK;
        }
    }
}

enum rw_exit rw_history_fetch(const struct rw_invocation *invocation, json_int_t number,
                              bool with_health, struct rw_history_run *ret_run)
{
    struct rw_client *client;
    json_t *answer;
    *ret_run = (struct rw_history_run){0};
    enum rw_exit exit = rw_remote_connect(invocation, &client);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_remote_call(invocation, client, "history.show",
                          json_pack("{s:I, s:b}", "run", number, "with_health", with_health),
                          RW_REMOTE_TIMEOUT_MS, &answer);
    if (exit == RW_EXIT_OK) {
        ret_run->run = json_incref(json_object_get(answer, "run"));
        json_decref(answer);
    }
    for (int i = 0; i < RW_HISTORY_PART_COUNT && exit == RW_EXIT_OK; i++) {
        ret_run->parts[i] = json_array();
        exit = rows_fetch(invocation, client, number, part_names[i], ret_run->parts[i]);
    }
    rw_client_destroy(client);
    return exit;
}

void rw_history_finish(struct rw_history_run *run)
{
    json_decref(run->run);
    for (int i = 0; i < RW_HISTORY_PART_COUNT; i++) {
        json_decref(run->parts[i]);
    }
}

json_t *rw_history_json(const struct rw_history_run *run)
{
    json_t *all = json_pack("{s:O}", "run", run->run);
    for (int i = 0; i < RW_HISTORY_PART_COUNT; i++) {
        json_object_set(all, part_names[i], run->parts[i]);
    }
    return all;
}

void rw_history_date(const json_t *run, char out[RW_HISTORY_DATE_MAX])
{
    struct tm local;
    char date[32];
    const char *dating = rw_history_text(run, "dating");
    time_t seconds = (time_t)(rw_history_integer(run, "begin_unix_ms") / 1000);
    strftime(date, sizeof date, "%Y-%m-%d %H:%M", localtime_r(&seconds, &local));
    snprintf(out, RW_HISTORY_DATE_MAX, "%s%s", date,
             strcmp(dating, "uncertain") == 0 ? "?"
             : strcmp(dating, "later") == 0   ? "*"
                                              : " ");
}

static void run_print(const struct rw_invocation *invocation, const json_t *run)
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

static enum rw_exit list(const struct rw_invocation *invocation)
{
    json_t *answer;
    enum rw_exit exit =
        rw_remote_ask(invocation, "history.list", json_pack("{s:i}", "limit", PAGE), &answer);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    const json_t *runs = json_object_get(answer, "runs");
    size_t i;
    const json_t *run;
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, answer);
    } else if (json_array_size(runs) == 0) {
        fputs("No run has been recorded yet.\n", invocation->out);
    } else {
        json_array_foreach(runs, i, run)
        {
            run_print(invocation, run);
        }
        dating_explain(invocation, runs);
    }
    json_decref(answer);
    return RW_EXIT_OK;
}

static void segments_print(const struct rw_invocation *invocation, const json_t *segments,
                           json_int_t end_ms)
{
    size_t i;
    const json_t *segment;
    fputs("\n   began  planned   actual  step\n", invocation->out);
    json_array_foreach(segments, i, segment)
    {
        char began[RW_TEXT_TIME_MAX];
        char planned[RW_TEXT_TIME_MAX];
        char actual[RW_TEXT_TIME_MAX];
        char name[128];
        const json_t *end = json_object_get(segment, "end_ms");
        json_int_t begin_ms = rw_history_integer(segment, "begin_ms");
        rw_text_clock((begin_ms + 500) / 1000, began);
        rw_text_clock((rw_history_integer(segment, "planned_ms") + 500) / 1000, planned);
        json_int_t length = (json_is_integer(end) ? json_integer_value(end) : end_ms) - begin_ms;
        rw_text_clock((length + 500) / 1000, actual);
        rw_text_clean(rw_history_text(segment, "name"), name, sizeof name);
        fprintf(invocation->out, "%8s %8s %8s  %s%s%s %s\n", began, planned, actual,
                rw_history_text(segment, "kind"), name[0] ? " " : "", name,
                rw_history_text(segment, "side"));
    }
}

static void commands_print(const struct rw_invocation *invocation, const json_t *commands)
{
    size_t i;
    const json_t *command;
    if (json_array_size(commands) > 0) {
        fputs("\nCommands\n", invocation->out);
    }
    json_array_foreach(commands, i, command)
    {
        char at[RW_TEXT_TIME_MAX];
        const char *refused = rw_history_text(command, "refused");
        rw_text_clock(rw_history_integer(command, "session_ms") / 1000, at);
        fprintf(invocation->out, "%8s  %-10s from %s%s%s\n", at,
                rw_history_text(command, "command"), rw_history_text(command, "source"),
                refused[0] ? "; refused: " : "", refused);
    }
}

/* How many cues of each outcome, and each that was not heard in full. */
static void cues_print(const struct rw_invocation *invocation, const json_t *cues)
{
    size_t i;
    const json_t *cue;
    size_t heard = 0;
    size_t withdrawn = 0;
    json_array_foreach(cues, i, cue)
    {
        heard += strcmp(rw_history_text(cue, "outcome"), "ended") == 0;
        withdrawn += strcmp(rw_history_text(cue, "outcome"), "withdrawn") == 0;
    }
    fprintf(invocation->out, "\nCues: %zu, heard in full %zu, made obsolete by a command %zu\n",
            json_array_size(cues), heard, withdrawn);
    json_array_foreach(cues, i, cue)
    {
        const char *outcome = rw_history_text(cue, "outcome");
        bool is_late = json_is_true(json_object_get(cue, "late"));
        char due[RW_TEXT_TIME_MAX];
        char words[256];
        if (strcmp(outcome, "withdrawn") == 0 || (strcmp(outcome, "ended") == 0 && !is_late)) {
            continue;
        }
        rw_text_clock(rw_history_integer(cue, "due_ms") / 1000, due);
        rw_text_clean(rw_history_text(cue, "words"), words, sizeof words);
        const char *reason = rw_history_text(cue, "reason");
        bool was_late = is_late && strcmp(outcome, "late") != 0;
        fprintf(invocation->out, "%8s  %-9s %s%s \"%s\"%s%s\n", due, rw_history_text(cue, "type"),
                was_late ? "late, " : "", outcome, words, reason[0] ? ": " : "", reason);
    }
}

static void incidents_print(const struct rw_invocation *invocation, const json_t *incidents)
{
    size_t i;
    const json_t *incident;
    if (json_array_size(incidents) > 0) {
        fputs("\nIncidents\n", invocation->out);
    }
    json_array_foreach(incidents, i, incident)
    {
        char at[RW_TEXT_TIME_MAX];
        char details[256];
        rw_text_clock(rw_history_integer(incident, "session_ms") / 1000, at);
        rw_text_clean(rw_history_text(incident, "details"), details, sizeof details);
        fprintf(invocation->out, "%8s  %s %s\n", at, rw_history_text(incident, "incident"),
                details);
    }
}

static enum rw_exit show(const struct rw_invocation *invocation, json_int_t number)
{
    struct rw_history_run run;
    enum rw_exit exit = rw_history_fetch(invocation, number, false, &run);
    if (exit == RW_EXIT_OK && rw_arguments_has(&invocation->arguments, "json")) {
        json_t *all = rw_history_json(&run);
        rw_print_json(invocation, all);
        json_decref(all);
    } else if (exit == RW_EXIT_OK) {
        run_print(invocation, run.run);
        segments_print(invocation, run.parts[RW_HISTORY_SEGMENTS],
                       rw_history_integer(run.run, "session_ms"));
        commands_print(invocation, run.parts[RW_HISTORY_COMMANDS]);
        cues_print(invocation, run.parts[RW_HISTORY_CUES]);
        incidents_print(invocation, run.parts[RW_HISTORY_INCIDENTS]);
    }
    rw_history_finish(&run);
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
    return show(invocation, number);
}

enum rw_exit rw_verb_forget(const struct rw_invocation *invocation)
{
    const struct rw_arguments *arguments = &invocation->arguments;
    bool is_all = rw_arguments_has(arguments, "all");
    json_int_t number = 0;
    json_t *answer;
    if ((arguments->word_count == 1) == is_all) {
        return rw_fail(invocation, RW_EXIT_USAGE, "name one run by its number, or say --all");
    }
    if (!is_all && !rw_history_number(invocation, arguments->words[0], &number)) {
        return RW_EXIT_USAGE;
    }
    json_t *params = is_all ? json_pack("{s:b}", "all", 1) : json_pack("{s:I}", "run", number);
    enum rw_exit exit = rw_remote_ask(invocation, "history.forget", params, &answer);
    if (exit == RW_EXIT_OK) {
        fprintf(invocation->out, "Forgotten: %lld\n",
                (long long)rw_history_integer(answer, "forgotten"));
        json_decref(answer);
    }
    return exit;
}
