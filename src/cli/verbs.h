/*
 * The verbs of the command line: one table that dispatches, prints the help and is all that
 * a new verb has to join.
 */
#ifndef RW_CLI_VERBS_H
#define RW_CLI_VERBS_H

#include "arguments.h"
#include "canvas.h"

#include <stdio.h>

/* What the program tells its caller. */
enum rw_exit {
    RW_EXIT_OK = 0,
    RW_EXIT_REFUSED = 1,   /* the daemon understood and said no */
    RW_EXIT_USAGE = 2,     /* the command line is wrong */
    RW_EXIT_NO_DAEMON = 3, /* nobody listens */
    RW_EXIT_PROFILE = 4,   /* the profile is unknown or invalid */
    RW_EXIT_TIMEOUT = 5,   /* no answer in time */
    RW_EXIT_IO = 6,        /* reading or writing failed */
};

struct rw_verb;

/* One call of the program. */
struct rw_invocation {
    const struct rw_verb *verb;
    struct rw_arguments arguments;
    FILE *out, *err;
    enum rw_palette palette; /* of `out` */
    bool is_terminal;        /* `out` is one */
    bool can_draw;           /* and it understands more than letters */
};

struct rw_example {
    const char *command;
    const char *meaning;
};

#define RW_EXAMPLES_MAX 4

struct rw_verb {
    const char *name;
    const char *words;   /* what follows it, as the help shows it */
    const char *summary; /* one line */
    const char *details; /* more lines, or NULL */
    size_t word_min, word_max;
    const struct rw_option *options;
    struct rw_example examples[RW_EXAMPLES_MAX];
    enum rw_exit (*run)(const struct rw_invocation *invocation);
};

/* The verbs under one heading of the help; a file each, verbs_*.c. */
struct rw_verb_group {
    const char *heading;
    const struct rw_verb *verbs;
    size_t count;
};
extern const struct rw_verb_group rw_verbs_before, rw_verbs_during, rw_verbs_after, rw_verbs_sound,
    rw_verbs_programs;

/* The groups, and all verbs of them, in the order of the help; NULL past the last. Static. */
const struct rw_verb_group *rw_verb_group_at(size_t index);
const struct rw_verb *rw_verb_at(size_t index);
/* NULL: there is no verb of that name. */
const struct rw_verb *rw_verb_find(const char *name);

/* Options and words of several verbs. */
#define RW_HELP_CONFIGURATION                                                                      \
    "It speaks the language of --lang, or the configured one, and what the pack does not\n"        \
    "have with the configured speech command."
extern const struct rw_option rw_json_option[];

/* Prints the whole help, or that of one verb. */
void rw_help_print(FILE *out);
void rw_help_print_verb(const struct rw_verb *verb, FILE *out);

/* Runs what the COUNT words after the program's name ask for. */
enum rw_exit rw_cli_run(const char *const *words, size_t count, FILE *out, FILE *err);

/* "runwalk VERB: error: ..." on the error stream, made harmless; returns EXIT, so that a verb can
 * end with it. */
enum rw_exit rw_fail(const struct rw_invocation *invocation, enum rw_exit exit, const char *format,
                     ...) RW_PRINTF(3, 4);

/* "runwalk VERB: note: ..." on the error stream: what is worth knowing, and no failure. */
void rw_note(const struct rw_invocation *invocation, const char *format, ...) RW_PRINTF(2, 3);

/* The sequence that selects STYLE on the output; "" where it would only be noise. */
const char *rw_style(const struct rw_invocation *invocation, unsigned style);

/* The bodies. */
enum rw_exit rw_verb_list(const struct rw_invocation *invocation);
enum rw_exit rw_verb_show(const struct rw_invocation *invocation);
enum rw_exit rw_verb_check(const struct rw_invocation *invocation);
enum rw_exit rw_verb_timeline(const struct rw_invocation *invocation);
enum rw_exit rw_verb_suggest(const struct rw_invocation *invocation);
enum rw_exit rw_verb_plan(const struct rw_invocation *invocation);
enum rw_exit rw_verb_phrases(const struct rw_invocation *invocation);
enum rw_exit rw_verb_render(const struct rw_invocation *invocation);
enum rw_exit rw_verb_devices(const struct rw_invocation *invocation);
enum rw_exit rw_verb_soundcheck(const struct rw_invocation *invocation);
enum rw_exit rw_verb_choose(const struct rw_invocation *invocation);
enum rw_exit rw_verb_start(const struct rw_invocation *invocation);
enum rw_exit rw_verb_command(const struct rw_invocation *invocation); /* pause, skip, stop, ... */
enum rw_exit rw_verb_extend(const struct rw_invocation *invocation);  /* and shorten */
enum rw_exit rw_verb_rest(const struct rw_invocation *invocation);    /* and tired */
enum rw_exit rw_verb_ratio(const struct rw_invocation *invocation);
enum rw_exit rw_verb_goto(const struct rw_invocation *invocation);
enum rw_exit rw_verb_dizzy(const struct rw_invocation *invocation);
enum rw_exit rw_verb_pain(const struct rw_invocation *invocation);
enum rw_exit rw_verb_history(const struct rw_invocation *invocation);
enum rw_exit rw_verb_log(const struct rw_invocation *invocation);
enum rw_exit rw_verb_report(const struct rw_invocation *invocation);
enum rw_exit rw_verb_export(const struct rw_invocation *invocation);
enum rw_exit rw_verb_forget(const struct rw_invocation *invocation);
enum rw_exit rw_verb_status(const struct rw_invocation *invocation);
enum rw_exit rw_verb_watch(const struct rw_invocation *invocation);
enum rw_exit rw_verb_say(const struct rw_invocation *invocation);
enum rw_exit rw_verb_music(const struct rw_invocation *invocation);
enum rw_exit rw_verb_verbosity(const struct rw_invocation *invocation);
enum rw_exit rw_verb_cadence(const struct rw_invocation *invocation);
enum rw_exit rw_verb_quiet(const struct rw_invocation *invocation);
enum rw_exit rw_verb_volume(const struct rw_invocation *invocation);
enum rw_exit rw_verb_call(const struct rw_invocation *invocation);

#endif
