/* What the verbs about earlier runs share; and forget. */

#include "history.h"

#include "remote.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAGE 100

/* Far more than a runner has in ten years. */
#define RUNS_MAX 10000

/* Two runs are told apart by their lengths, as far as a stop takes to be written. */
#define SAME_RUN_MS 1000

/* So near to its plan, a session was as planned. */
#define AS_PLANNED_MS 5000

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
                               json_int_t number, const char *part, bool with_health, json_t *rows)
{
    for (;;) {
        json_t *answer;
        size_t before = json_array_size(rows);
        json_t *params =
            json_pack("{s:I, s:s, s:b, s:I, s:i}", "run", number, "part", part, "with_health",
                      with_health, "offset", (json_int_t)before, "limit", PAGE);
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
        exit =
            rows_fetch(invocation, client, number, part_names[i], with_health, ret_run->parts[i]);
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

/* A page of the list. Where it is too long for one answer, a shorter one, also from then on. */
static enum rw_exit page_ask(const struct rw_invocation *invocation, struct rw_client *client,
                             bool with_health, json_int_t offset, json_int_t *limit,
                             json_t **ret_page)
{
    for (;;) {
        json_t *answer = NULL;
        json_t *params = json_pack("{s:I, s:I, s:b}", "offset", offset, "limit", *limit,
                                   "with_health", with_health);
        enum rw_status status =
            rw_client_call(client, "history.list", params, RW_REMOTE_TIMEOUT_MS, &answer);
        json_decref(params);
        bool is_too_long =
            status == RW_ESTATE && *limit > 1 &&
            strcmp(rw_client_reason(answer), rw_reason_info(RW_REASON_LIMIT)->name) == 0;
        if (!is_too_long) {
            return rw_remote_take(invocation, status, answer, ret_page);
        }
        json_decref(answer);
        *limit /= 2;
    }
}

enum rw_exit rw_history_each(const struct rw_invocation *invocation, bool with_health,
                             bool (*take)(void *context, json_t *run), void *context,
                             json_int_t *ret_total)
{
    struct rw_client *client;
    json_int_t last = 0;
    json_int_t limit = PAGE;
    bool wants_more = true;
    enum rw_exit exit = rw_remote_connect(invocation, &client);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    for (json_int_t offset = 0; wants_more && offset < RUNS_MAX;) {
        json_t *page;
        size_t i;
        json_t *run;
        exit = page_ask(invocation, client, with_health, offset, &limit, &page);
        if (exit != RW_EXIT_OK) {
            break;
        }
        json_t *runs = json_object_get(page, "runs");
        wants_more = json_array_size(runs) > 0;
        offset += (json_int_t)json_array_size(runs);
        json_array_foreach(runs, i, run)
        {
            /* A run that has begun meanwhile has moved the others on: those are known. */
            bool is_known = last != 0 && rw_history_integer(run, "run") >= last;
            wants_more = wants_more && (is_known || take(context, run));
            last = is_known ? last : rw_history_integer(run, "run");
        }
        if (ret_total) {
            *ret_total = rw_history_integer(page, "total");
        }
        json_decref(page);
    }
    rw_client_destroy(client);
    return exit;
}

struct rw_session_sum rw_history_sum(const json_t *run)
{
    json_int_t rests = rw_history_integer(run, "rests");
    return (struct rw_session_sum){
        .begin_unix_ms = rw_history_integer(run, "begin_unix_ms"),
        .is_dated = strcmp(rw_history_text(run, "dating"), "uncertain") != 0,
        .session_ms = rw_history_integer(run, "session_ms"),
        .planned_ms = rw_history_integer(run, "planned_ms"),
        .running_ms = rw_history_integer(run, "running_ms"),
        .walking_ms = rw_history_integer(run, "walking_ms"),
        .rests = rests > 0 ? (unsigned)rests : 0,
    };
}

void rw_history_summary(const json_t *run, char out[RW_HISTORY_SUMMARY_MAX])
{
    struct rw_session_sum sum = rw_history_sum(run);
    char running[RW_TEXT_TIME_MAX];
    char walking[RW_TEXT_TIME_MAX];
    char planned[RW_TEXT_TIME_MAX];
    char rests[32] = "";
    out[0] = '\0';
    if (sum.running_ms + sum.walking_ms <= 0) {
        return;
    }
    rw_text_span((sum.running_ms + 500) / 1000 * 1000, running);
    rw_text_span((sum.walking_ms + 500) / 1000 * 1000, walking);
    rw_text_span(sum.planned_ms, planned);
    if (sum.rests > 0) {
        snprintf(rests, sizeof rests, ", %u rest%s", sum.rests, sum.rests == 1 ? "" : "s");
    }
    bool is_as_planned = llabs(sum.session_ms - sum.planned_ms) < AS_PLANNED_MS;
    snprintf(out, RW_HISTORY_SUMMARY_MAX, "%s running, %s walking%s%s%s", running, walking, rests,
             is_as_planned ? "" : "; planned were ", is_as_planned ? "" : planned);
}

void rw_history_latest(struct rw_client *client, int timeout_ms, int64_t session_ms,
                       char out[RW_HISTORY_SUMMARY_MAX])
{
    json_t *answer = NULL;
    json_t *params = json_pack("{s:i}", "limit", 1);
    enum rw_status status = rw_client_call(client, "history.list", params, timeout_ms, &answer);
    json_decref(params);
    const json_t *run = status == RW_OK ? json_array_get(json_object_get(answer, "runs"), 0) : NULL;
    out[0] = '\0';
    /* A start that was taken back left no run; then the latest is another one. */
    bool is_it = run && strcmp(rw_history_text(run, "state"), "on") != 0 &&
                 llabs(rw_history_integer(run, "session_ms") - session_ms) < SAME_RUN_MS;
    if (is_it) {
        rw_history_summary(run, out);
    }
    json_decref(answer);
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
