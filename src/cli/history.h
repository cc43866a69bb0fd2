/*
 * What the verbs about earlier runs share: asking the daemon for a run and all its rows, and
 * telling times of day.
 */
#ifndef RW_CLI_HISTORY_H
#define RW_CLI_HISTORY_H

#include "runwalk/control/client.h"
#include "verbs.h"
#include "weeks.h"

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

/*
 * Hands each run, the latest first, to TAKE (the run is borrowed) until that returns false.
 * *ret_total, which may be NULL, is how many there are.
 */
enum rw_exit rw_history_each(const struct rw_invocation *invocation, bool with_health,
                             bool (*take)(void *context, json_t *run), void *context,
                             json_int_t *ret_total);

/* How RUN, as the list gives it, counts. */
struct rw_session_sum rw_history_sum(const json_t *run);

#define RW_HISTORY_SUMMARY_MAX 256
/* "8 min running, 13 min walking, 1 rest; planned were 24 min"; "" where nothing was done. */
void rw_history_summary(const json_t *run, char out[RW_HISTORY_SUMMARY_MAX]);

/*
 * The same of the run that has ended after SESSION_MS, asked for on CLIENT; "" where the latest of
 * the history is another one, or cannot be had.
 */
void rw_history_latest(struct rw_client *client, int timeout_ms, int64_t session_ms,
                       char out[RW_HISTORY_SUMMARY_MAX]);

/* One line about RUN, as the list has it. */
void rw_history_line(const struct rw_invocation *invocation, const json_t *run);

/* history show. */
enum rw_exit rw_history_show(const struct rw_invocation *invocation, json_int_t number);

#define RW_HISTORY_DATE_MAX 40
/* "2026-11-23 18:05", with a mark where the clock was not right at the start. */
void rw_history_date(const json_t *run, char out[RW_HISTORY_DATE_MAX]);

/* All of it as one object, a new reference. */
json_t *rw_history_json(const struct rw_history_run *run);

json_int_t rw_history_integer(const json_t *row, const char *name);
/* "" where there is none. */
const char *rw_history_text(const json_t *row, const char *name);

#endif
