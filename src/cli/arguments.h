/*
 * The words of a command line, sorted by a verb's own table of options. Pure: it prints
 * nothing; what is wrong is told in a sentence.
 */
#ifndef RW_CLI_ARGUMENTS_H
#define RW_CLI_ARGUMENTS_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

#define RW_OPTIONS_MAX   12
#define RW_ARGUMENTS_MAX 256

/* One option of a verb. A table of these ends with a NULL name. */
struct rw_option {
    const char *name;  /* without the two dashes */
    const char *value; /* what the help calls its value; NULL: it takes none */
    const char *help;
};

/* What was given. All strings belong to the command line. */
struct rw_arguments {
    const struct rw_option *options;
    const char *values[RW_OPTIONS_MAX]; /* by option; "" for one without a value; NULL: absent */
    const char *words[RW_ARGUMENTS_MAX];
    size_t word_count;
    bool help; /* --help or -h was among them */
};

/*
 * Sorts COUNT words into *ret_arguments. `--name value` and `--name=value` are alike, `--` ends
 * the options, and a minus before a digit begins a number, not an option. On RW_EINVALID,
 * PROBLEM holds a sentence that names what is wrong and, where one is near, what was meant.
 */
RW_CHECKED enum rw_status rw_arguments_parse(const struct rw_option *options,
                                             const char *const *words, size_t count,
                                             struct rw_arguments *ret_arguments, char *problem,
                                             size_t problem_size);

/* The value of option NAME, which stands in the table, or NULL when it was not given. */
const char *rw_arguments_value(const struct rw_arguments *arguments, const char *name);
bool rw_arguments_has(const struct rw_arguments *arguments, const char *name);

/*
 * "30s", "1m30s", "1:30", "1:02:30": as in profiles, 24 h at most. RW_EINVALID: it is none;
 * PROBLEM says so in a sentence.
 */
RW_CHECKED enum rw_status rw_arguments_time(const char *text, uint32_t *ret_ms, char *problem,
                                            size_t problem_size);

/* A decimal number such as "-3", "+1.5" or "6dB" (the unit may follow); false: not one. */
bool rw_arguments_decibel(const char *text, bool *ret_relative, double *ret_db);

/* An unsigned decimal number; false: not one, or too large. */
bool rw_arguments_number(const char *text, uint64_t *ret_number);

#endif
