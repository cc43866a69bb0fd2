/* say, volume and call: small talk with the daemon. */

#include "remote.h"
#include "runwalk/control/dispatch.h"

#include <string.h>

/* A request holds no more anyway. */
#define SAY_MAX 4096

/* Says what the daemon would, before it is asked and in a person's words. */
static enum rw_exit volume_check(const struct rw_invocation *invocation, double db,
                                 bool is_relative)
{
    const struct rw_param *limits = &rw_method_info(RW_METHOD_VOLUME_SET)->params[0];
    if (db >= limits->min && db <= limits->max) {
        return RW_EXIT_OK;
    }
    return rw_fail(invocation, RW_EXIT_USAGE, "%s is from %.0f to %.0f dB",
                   is_relative ? "a change of the volume" : "the volume", limits->min, limits->max);
}

enum rw_exit rw_verb_say(const struct rw_invocation *invocation)
{
    char text[SAY_MAX];
    size_t used = 0;
    for (size_t i = 0; i < invocation->arguments.word_count; i++) {
        const char *word = invocation->arguments.words[i];
        size_t length = strlen(word);
        if (used + length + 2 > sizeof text) {
            return rw_fail(invocation, RW_EXIT_USAGE, "that is too much to say at once");
        }
        if (i > 0) {
            text[used++] = ' ';
        }
        memcpy(text + used, word, length);
        used += length;
    }
    text[used] = '\0';
    double most = rw_method_info(RW_METHOD_SAY)->params[0].max;
    if (used == 0) {
        return rw_fail(invocation, RW_EXIT_USAGE, "there is nothing to say");
    }
    if ((double)used > most) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "that is too much to say at once: %zu characters, and %.0f are possible",
                       used, most);
    }

    json_t *params = json_pack("{s:s}", "text", text);
    if (!params) {
        return rw_fail(invocation, RW_EXIT_USAGE, "these words are not valid UTF-8");
    }
    json_t *result;
    enum rw_exit exit = rw_remote_ask(invocation, "say", params, &result);
    if (exit == RW_EXIT_OK) {
        json_decref(result);
    }
    return exit;
}

enum rw_exit rw_verb_volume(const struct rw_invocation *invocation)
{
    const char *to = rw_arguments_value(&invocation->arguments, "to");
    const char *word = invocation->arguments.word_count > 0 ? invocation->arguments.words[0] : NULL;
    const char *method = "volume.get";
    json_t *params = NULL;
    if (to && word) {
        return rw_fail(invocation, RW_EXIT_USAGE, "either %s or --to %s", word, to);
    }
    if (to || word) {
        bool is_relative;
        double db;
        if (!rw_arguments_decibel(to ? to : word, &is_relative, &db)) {
            return rw_fail(invocation, RW_EXIT_USAGE, "\"%s\" is no number of dB, such as -3",
                           to ? to : word);
        }
        is_relative = is_relative && !to;
        enum rw_exit exit = volume_check(invocation, db, is_relative);
        if (exit != RW_EXIT_OK) {
            return exit;
        }
        method = "volume.set";
        params = json_pack("{s:f, s:b}", "volume_db", db, "relative", is_relative);
    }
    json_t *result;
    enum rw_exit exit = rw_remote_ask(invocation, method, params, &result);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, result);
    } else {
        fprintf(invocation->out, "%.4g dB\n",
                json_number_value(json_object_get(result, "volume_db")));
    }
    json_decref(result);
    return RW_EXIT_OK;
}

enum rw_exit rw_verb_call(const struct rw_invocation *invocation)
{
    const char *timeout = rw_arguments_value(&invocation->arguments, "timeout");
    uint32_t timeout_ms = RW_REMOTE_TIMEOUT_MS;
    char problem[256];
    if (timeout && rw_arguments_time(timeout, &timeout_ms, problem, sizeof problem) != RW_OK) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--timeout: %s", problem);
    }
    json_t *params = NULL;
    if (invocation->arguments.word_count > 1) {
        json_error_t error;
        params = json_loads(invocation->arguments.words[1], JSON_REJECT_DUPLICATES, &error);
        if (!params) {
            return rw_fail(invocation, RW_EXIT_USAGE, "the parameters are no JSON: %s", error.text);
        }
        if (!json_is_object(params)) {
            json_decref(params);
            return rw_fail(invocation, RW_EXIT_USAGE, "the parameters are no JSON object");
        }
    }
    struct rw_client *client;
    json_t *result = NULL;
    enum rw_exit exit = rw_remote_connect(invocation, &client);
    if (exit != RW_EXIT_OK) {
        json_decref(params);
        return exit;
    }
    exit = rw_remote_call(invocation, client, invocation->arguments.words[0], params,
                          (int)timeout_ms, &result);
    rw_client_destroy(client);
    if (exit == RW_EXIT_OK) {
        rw_print_json(invocation, result);
        json_decref(result);
    }
    return exit;
}
