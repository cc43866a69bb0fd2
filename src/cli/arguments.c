#include "arguments.h"

#include "runwalk/core/profile.h"
#include "runwalk/paths/nearest.h"
#include "runwalk/yaml/duration.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The place of an option in its table; RW_OPTIONS_MAX when there is none of that name. */
static size_t option_find(const struct rw_option *options, const char *name, size_t length)
{
    for (size_t i = 0; options[i].name; i++) {
        assert(i < RW_OPTIONS_MAX);
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0) {
            return i;
        }
    }
    return RW_OPTIONS_MAX;
}

static void explain_unknown_option(const struct rw_option *options, const char *word, char *problem,
                                   size_t problem_size)
{
    char name[64];
    size_t length = strcspn(word + 2, "=");
    snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), word + 2);
    struct rw_nearest nearest;
    rw_nearest_init(&nearest, name);
    for (size_t i = 0; options[i].name; i++) {
        rw_nearest_offer(&nearest, options[i].name);
    }
    rw_nearest_offer(&nearest, "help");
    if (nearest.best) {
        snprintf(problem, problem_size, "unknown option --%s; did you mean --%s?", name,
                 nearest.best);
    } else {
        snprintf(problem, problem_size, "unknown option --%s", name);
    }
}

enum rw_status rw_arguments_parse(const struct rw_option *options, const char *const *words,
                                  size_t count, struct rw_arguments *ret_arguments, char *problem,
                                  size_t problem_size)
{
    struct rw_arguments arguments = {.options = options};
    bool options_over = false;

    for (size_t i = 0; i < count; i++) {
        const char *word = words[i];
        bool is_option = !options_over && word[0] == '-' && word[1] != '\0' &&
                         !isdigit((unsigned char)word[1]) && word[1] != '.';
        if (!is_option) {
            if (arguments.word_count == RW_ARGUMENTS_MAX) {
                snprintf(problem, problem_size, "more than %d words", RW_ARGUMENTS_MAX);
                return RW_EINVALID;
            }
            arguments.words[arguments.word_count++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_over = true;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            arguments.help = true;
            continue;
        }
        if (word[1] != '-') {
            snprintf(problem, problem_size,
                     "unknown option %.60s; every option has two dashes and a whole word", word);
            return RW_EINVALID;
        }
        const char *name = word + 2;
        size_t name_length = strcspn(name, "=");
        size_t option = option_find(options, name, name_length);
        if (option == RW_OPTIONS_MAX) {
            explain_unknown_option(options, word, problem, problem_size);
            return RW_EINVALID;
        }
        const char *value = "";
        if (options[option].value) {
            if (name[name_length] == '=') {
                value = name + name_length + 1;
            } else if (i + 1 < count) {
                value = words[++i];
            } else {
                snprintf(problem, problem_size, "--%s needs a value: --%s %s", options[option].name,
                         options[option].name, options[option].value);
                return RW_EINVALID;
            }
        } else if (name[name_length] == '=') {
            snprintf(problem, problem_size, "--%s takes no value", options[option].name);
            return RW_EINVALID;
        }
        if (arguments.values[option]) {
            snprintf(problem, problem_size, "--%s was given twice", options[option].name);
            return RW_EINVALID;
        }
        arguments.values[option] = value;
    }
    *ret_arguments = arguments;
    return RW_OK;
}

const char *rw_arguments_value(const struct rw_arguments *arguments, const char *name)
{
    size_t option = option_find(arguments->options, name, strlen(name));
    assert(option < RW_OPTIONS_MAX);
    return arguments->values[option];
}

bool rw_arguments_has(const struct rw_arguments *arguments, const char *name)
{
    return rw_arguments_value(arguments, name) != NULL;
}

enum rw_status rw_arguments_time(const char *text, uint32_t *ret_ms, char *problem,
                                 size_t problem_size)
{
    uint32_t ms;
    enum rw_duration_problem found = rw_duration_parse(text, strlen(text), &ms);
    if (found != RW_DURATION_FINE) {
        rw_duration_explain(found, text, strlen(text), problem, problem_size);
        return RW_EINVALID;
    }
    if (ms > RW_SESSION_MS_MAX) {
        snprintf(problem, problem_size, "%.40s is more than 24 h", text);
        return RW_EINVALID;
    }
    *ret_ms = ms;
    return RW_OK;
}

bool rw_arguments_decibel(const char *text, bool *ret_relative, double *ret_db)
{
    char *end;
    /* strtod would take "nan", "inf" and hexadecimals as well. */
    if (strspn(text, "+-.0123456789") == 0) {
        return false;
    }
    errno = 0;
    double db = strtod(text, &end);
    if (end == text || errno != 0 || !isfinite(db) || strpbrk(text, "xX") != NULL) {
        return false;
    }
    while (*end == ' ') {
        end++;
    }
    if (*end != '\0' && strcasecmp(end, "dB") != 0) {
        return false;
    }
    *ret_relative = text[0] == '+' || text[0] == '-';
    *ret_db = db;
    return true;
}

bool rw_arguments_number(const char *text, uint64_t *ret_number)
{
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0') {
        return false;
    }
    errno = 0;
    unsigned long long number = strtoull(text, NULL, 10);
    if (errno != 0) {
        return false;
    }
    *ret_number = number;
    return true;
}
