/*
 * The run for an output that is no terminal: a line for each change, or every event as JSON.
 */
#ifndef RW_CLI_WATCH_LINES_H
#define RW_CLI_WATCH_LINES_H

#include "runwalk/control/client.h"
#include "verbs.h"
#include "watch_view.h"

/* Prints a line for STATE, and for each change that CLIENT tells, until the run is over. */
enum rw_exit rw_watch_lines(const struct rw_invocation *invocation, struct rw_client *client,
                            struct rw_watch_state *state);

/* Asks what a run that is over came to, and prints it with what the runner may tell of it. */
void rw_watch_result(struct rw_client *client, struct rw_watch_state *state);
void rw_watch_result_print(FILE *out, const struct rw_watch_state *state);

/* Prints SNAPSHOT and then every event, one a line, until the connection or the output ends. */
enum rw_exit rw_watch_json(const struct rw_invocation *invocation, struct rw_client *client,
                           const json_t *snapshot);

#endif
