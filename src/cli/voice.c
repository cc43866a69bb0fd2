/* verbosity, encourage, quiet and cadence: how much the coach talks, and with which clicks. */

#include "remote.h"
#include "runwalk/core/settings.h"

#include <stdlib.h>
#include <string.h>

static void voice_print(const struct rw_invocation *invocation, const json_t *voice)
{
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, voice);
        return;
    }
    if (strcmp(invocation->verb->name, "verbosity") == 0) {
        fprintf(invocation->out, "%s\n", json_string_value(json_object_get(voice, "verbosity")));
        return;
    }
    double steps = json_number_value(json_object_get(voice, "cadence"));
    if (steps > 0) {
        fprintf(invocation->out, "%.4g clicks a minute\n", steps);
    } else {
        fprintf(invocation->out, "no clicks\n");
    }
}

/* Calls voice.set with PARAMS, or voice.get without, and shows what holds then. */
static enum rw_exit voice_ask(const struct rw_invocation *invocation, json_t *params)
{
    json_t *voice;
    enum rw_exit exit =
        rw_remote_ask(invocation, params ? "voice.set" : "voice.get", params, &voice);
    if (exit == RW_EXIT_OK) {
        voice_print(invocation, voice);
        json_decref(voice);
    }
    return exit;
}

static const char *first_word(const struct rw_invocation *invocation)
{
    return invocation->arguments.word_count > 0 ? invocation->arguments.words[0] : NULL;
}

enum rw_exit rw_verb_verbosity(const struct rw_invocation *invocation)
{
    const char *word = first_word(invocation);
    enum rw_verbosity verbosity;
    if (word && !rw_verbosity_find(word, &verbosity)) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "\"%s\" is none of silent, sparse, normal and chatty", word);
    }
    return voice_ask(invocation, word ? json_pack("{s:s}", "verbosity", word) : NULL);
}

enum rw_exit rw_verb_cadence(const struct rw_invocation *invocation)
{
    const char *word = first_word(invocation);
    char *end;
    if (!word) {
        return voice_ask(invocation, NULL);
    }
    if (strcmp(word, "off") == 0) {
        return voice_ask(invocation, json_pack("{s:i}", "cadence", 0));
    }
    long number = strtol(word, &end, 10);
    bool is_signed = word[0] == '+' || word[0] == '-';
    if (is_signed && strcmp(end, "%") == 0 && labs(number) <= RW_CADENCE_PERCENT) {
        return voice_ask(invocation, json_pack("{s:i}", "cadence_percent", (int)number));
    }
    bool is_steps = !is_signed && end > word && *end == '\0' && number >= (long)RW_CADENCE_MIN &&
                    number <= (long)RW_CADENCE_MAX;
    if (!is_steps) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "\"%s\" is neither steps a minute, from %u to %u, nor from -%d%% to +%d%%, "
                       "nor off",
                       word, RW_CADENCE_MIN, RW_CADENCE_MAX, RW_CADENCE_PERCENT,
                       RW_CADENCE_PERCENT);
    }
    return voice_ask(invocation, json_pack("{s:i}", "cadence", (int)number));
}
