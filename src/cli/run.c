/* From the words of a command line to the verb that they mean. */

#include "runwalk/paths/nearest.h"
#include "terminal.h"
#include "text.h"
#include "verbs.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* Longer than a path, the longest thing that a message quotes. */
#define MESSAGE_MAX 8192

static void message_print(const struct rw_invocation *invocation, const char *prefix,
                          const char *format, va_list arguments) RW_PRINTF(3, 0);

/* What is quoted may come from files or from other programs, so the whole is cleaned. */
static void message_print(const struct rw_invocation *invocation, const char *prefix,
                          const char *format, va_list arguments)
{
    char text[MESSAGE_MAX];
    char clean[MESSAGE_MAX];
    vsnprintf(text, sizeof text, format, arguments);
    rw_text_clean(text, clean, sizeof clean);
    fprintf(invocation->err, "runwalk %s: %s: %s\n", invocation->verb->name, prefix, clean);
}

enum rw_exit rw_fail(const struct rw_invocation *invocation, enum rw_exit exit, const char *format,
                     ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_print(invocation, "error", format, arguments);
    va_end(arguments);
    return exit;
}

void rw_note(const struct rw_invocation *invocation, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message_print(invocation, "note", format, arguments);
    va_end(arguments);
}

const char *rw_style(const struct rw_invocation *invocation, unsigned style)
{
    return invocation->can_draw ? rw_style_sequence(style, invocation->palette) : "";
}

static enum rw_exit unknown_verb(const char *word, FILE *err)
{
    struct rw_nearest nearest;
    rw_nearest_init(&nearest, word);
    const struct rw_verb *verb;
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        rw_nearest_offer(&nearest, verb->name);
    }
    char clean[80];
    rw_text_clean(word, clean, sizeof clean);
    if (nearest.best) {
        fprintf(err, "runwalk: error: there is no verb \"%s\"; did you mean %s?\n", clean,
                nearest.best);
    } else {
        fprintf(err, "runwalk: error: there is no verb \"%s\"; `runwalk --help` lists them\n",
                clean);
    }
    return RW_EXIT_USAGE;
}

static enum rw_exit verb_run(const struct rw_verb *verb, const char *const *words, size_t count,
                             FILE *out, FILE *err)
{
    struct rw_invocation invocation = {
        .verb = verb,
        .out = out,
        .err = err,
        .palette = rw_terminal_palette(out),
        .is_terminal = isatty(fileno(out)) == 1,
        .can_draw = isatty(fileno(out)) == 1 && rw_terminal_can_draw(),
    };
    char problem[256];
    enum rw_status status = rw_arguments_parse(verb->options, words, count, &invocation.arguments,
                                               problem, sizeof problem);
    if (status != RW_OK) {
        rw_fail(&invocation, RW_EXIT_USAGE, "%s", problem);
        fprintf(err, "Try: runwalk %s --help\n", verb->name);
        return RW_EXIT_USAGE;
    }
    if (invocation.arguments.help) {
        rw_help_print_verb(verb, out);
        return RW_EXIT_OK;
    }
    size_t word_count = invocation.arguments.word_count;
    if (word_count < verb->word_min || word_count > verb->word_max) {
        if (word_count < verb->word_min) {
            rw_fail(&invocation, RW_EXIT_USAGE, "something is missing");
        } else {
            rw_fail(&invocation, RW_EXIT_USAGE, "\"%s\" is one word too many",
                    invocation.arguments.words[verb->word_max]);
        }
        fprintf(err, "Usage: runwalk %s %s\n", verb->name, verb->words);
        return RW_EXIT_USAGE;
    }
    return verb->run(&invocation);
}

static enum rw_exit words_run(const char *const *words, size_t count, FILE *out, FILE *err)
{
    if (count == 0) {
        rw_help_print(err);
        return RW_EXIT_USAGE;
    }
    const char *word = words[0];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        if (count == 1) {
            rw_help_print(out);
            return RW_EXIT_OK;
        }
        const struct rw_verb *verb = rw_verb_find(words[1]);
        if (!verb) {
            return unknown_verb(words[1], err);
        }
        rw_help_print_verb(verb, out);
        return RW_EXIT_OK;
    }
    if (strcmp(word, "--version") == 0) {
        fprintf(out, "runwalk %s\n", RW_VERSION);
        return RW_EXIT_OK;
    }
    const struct rw_verb *verb = rw_verb_find(word);
    if (!verb) {
        return unknown_verb(word, err);
    }
    return verb_run(verb, words + 1, count - 1, out, err);
}

enum rw_exit rw_cli_run(const char *const *words, size_t count, FILE *out, FILE *err)
{
    enum rw_exit exit = words_run(words, count, out, err);
    /* A full disk or a closed pipe shows here at the latest; no data must be lost silently. */
    errno = 0;
    if ((fflush(out) != 0 || ferror(out)) && exit == RW_EXIT_OK) {
        if (errno != EPIPE) {
            fprintf(err, "runwalk: error: the output could not be written: %s\n", strerror(errno));
        }
        return RW_EXIT_IO;
    }
    return exit;
}
