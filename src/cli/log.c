/* log: what the runner tells of a run afterwards, and what was told before. */

#include "history.h"
#include "remote.h"
#include "text.h"

#include <string.h>

/* Adds the option NAME, a whole number of at most MAX, to PARAMS. */
static bool number_take(const struct rw_invocation *invocation, const char *name, uint64_t max,
                        json_t *params)
{
    const char *text = rw_arguments_value(&invocation->arguments, name);
    uint64_t number;
    if (!text) {
        return true;
    }
    if (!rw_arguments_number(text, &number) || number == 0 || number > max) {
        rw_fail(invocation, RW_EXIT_USAGE, "--%s is a whole number from 1 to %llu, not \"%s\"",
                name, (unsigned long long)max, text);
        return false;
    }
    json_object_set_new(params, name, json_integer((json_int_t)number));
    return true;
}

static bool text_take(const struct rw_invocation *invocation, const char *name, json_t *params)
{
    const char *text = rw_arguments_value(&invocation->arguments, name);
    if (!text) {
        return true;
    }
    json_t *value = json_string(text);
    if (!value) {
        rw_fail(invocation, RW_EXIT_USAGE, "--%s is not UTF-8: write it in a UTF-8 terminal", name);
        return false;
    }
    json_object_set_new(params, name, value);
    return true;
}

static void remarks_print(const struct rw_invocation *invocation, const json_t *run)
{
    FILE *out = invocation->out;
    json_int_t effort = rw_history_integer(run, "effort");
    const char *back = rw_history_text(run, "back");
    char name[256];
    char date[RW_HISTORY_DATE_MAX];
    char note[2048];
    char pain[256];
    rw_history_date(run, date);
    rw_text_clean(rw_history_text(run, "name"), name, sizeof name);
    rw_text_clean(rw_history_text(run, "note"), note, sizeof note);
    rw_text_clean(rw_history_text(run, "pain"), pain, sizeof pain);
    fprintf(out, "Run %lld, %s %s\n", (long long)rw_history_integer(run, "run"), date, name);
    if (pain[0]) {
        fprintf(out, "  pain    %s, said on the way\n", pain);
    }
    if (effort == 0 && !back[0] && !note[0]) {
        fputs("  nothing is told of it yet; for example:\n"
              "  runwalk log --effort 6 --back none --note \"Easy and even\"\n",
              out);
        return;
    }
    if (effort > 0) {
        fprintf(out, "  effort  %lld of 10\n", (long long)effort);
    }
    if (back[0]) {
        fprintf(out, "  back    %s\n", strcmp(back, "none") == 0 ? "no ache" : back);
    }
    if (note[0]) {
        fprintf(out, "  note    %s\n", note);
    }
}

enum rw_exit rw_verb_log(const struct rw_invocation *invocation)
{
    json_t *params = json_object();
    json_t *answer;
    bool is_right = number_take(invocation, "run", 1000000000, params) &&
                    number_take(invocation, "effort", 10, params) &&
                    text_take(invocation, "back", params) && text_take(invocation, "note", params);
    if (!is_right) {
        json_decref(params);
        return RW_EXIT_USAGE;
    }
    if (rw_arguments_has(&invocation->arguments, "erase")) {
        json_object_set_new(params, "erase", json_true());
    }
    enum rw_exit exit = rw_remote_ask(invocation, "history.log", params, &answer);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    const json_t *run = json_object_get(answer, "run");
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, run);
    } else {
        remarks_print(invocation, run);
    }
    json_decref(answer);
    return RW_EXIT_OK;
}
