/*
 * What the verbs about earlier runs share: asking the daemon for a run and all its rows, and
 * telling times of day.
 */
#ifndef RW_CLI_HISTORY_H
#define RW_CLI_HISTORY_H

#include "verbs.h"

#include <jansson.h>

/* The parts of a run, as the protocol calls them, in the order of what is asked for. */
enum rw_history_part {
    RW_HISTORY_SEGMENTS,
    RW_HISTORY_COMMANDS,
    RW_HISTORY_CUES,
    RW_HISTORY_INCIDENTS,
};
#define RW_HISTORY_PART_COUNT 4

struct rw_history_run {
    json_t *run;
    json_t *parts[RW_HISTORY_PART_COUNT]; /* arrays */
};

/* A run's number, as WORD has it; false: it is none, which has been told. */
bool rw_history_number(const struct rw_invocation *invocation, const char *word,
                       json_int_t *ret_run);

/* The caller finishes *ret_run, also when this fails. */
enum rw_exit rw_history_fetch(const struct rw_invocation *invocation, json_int_t number,
                              bool with_health, struct rw_history_run *ret_run);
void rw_history_finish(struct rw_history_run *run);

#define RW_HISTORY_DATE_MAX 40
/* "2026-11-23 18:05", with a mark where the clock was not right at the start. */
void rw_history_date(const json_t *run, char out[RW_HISTORY_DATE_MAX]);

/* All of it as one object, a new reference. */
json_t *rw_history_json(const struct rw_history_run *run);

json_int_t rw_history_integer(const json_t *row, const char *name);
/* "" where there is none. */
const char *rw_history_text(const json_t *row, const char *name);

#endif
