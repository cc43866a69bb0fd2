/* history show: one run, planned against actual. */

#include "history.h"
#include "remote.h"
#include "text.h"

#include <string.h>

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
        char said[64];
        snprintf(said, sizeof said, "%s %s", rw_history_text(command, "command"),
                 rw_history_text(command, "detail"));
        rw_text_clock(rw_history_integer(command, "session_ms") / 1000, at);
        fprintf(invocation->out, "%8s  %-10s from %s%s%s\n", at, said,
                rw_history_text(command, "source"), refused[0] ? "; refused: " : "", refused);
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

static void summary_print(const struct rw_invocation *invocation, const json_t *run)
{
    char told[RW_HISTORY_SUMMARY_MAX];
    rw_history_line(invocation, run);
    rw_history_summary(run, told);
    if (told[0]) {
        fprintf(invocation->out, "       %s\n", told);
    }
}

enum rw_exit rw_history_show(const struct rw_invocation *invocation, json_int_t number)
{
    struct rw_history_run run;
    enum rw_exit exit = rw_history_fetch(invocation, number, false, &run);
    if (exit == RW_EXIT_OK && rw_arguments_has(&invocation->arguments, "json")) {
        json_t *all = rw_history_json(&run);
        rw_print_json(invocation, all);
        json_decref(all);
    } else if (exit == RW_EXIT_OK) {
        summary_print(invocation, run.run);
        segments_print(invocation, run.parts[RW_HISTORY_SEGMENTS],
                       rw_history_integer(run.run, "session_ms"));
        commands_print(invocation, run.parts[RW_HISTORY_COMMANDS]);
        cues_print(invocation, run.parts[RW_HISTORY_CUES]);
        incidents_print(invocation, run.parts[RW_HISTORY_INCIDENTS]);
    }
    rw_history_finish(&run);
    return exit;
}
