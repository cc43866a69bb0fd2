/*
 * The daemon as the verbs see it: one call after the other, each with a deadline. What goes
 * wrong is told on the error stream with its remedy, and is then the verb's exit code.
 */
#ifndef RW_CLI_REMOTE_H
#define RW_CLI_REMOTE_H

#include "runwalk/control/client.h"
#include "verbs.h"
#include "watch_view.h"

/* The daemon answers at once or not at all; a busy device may still take its time. */
#define RW_REMOTE_TIMEOUT_MS 5000

enum rw_exit rw_remote_connect(const struct rw_invocation *invocation,
                               struct rw_client **ret_client);

/* PARAMS may be NULL; it is given away. *ret_result belongs to the caller. */
enum rw_exit rw_remote_call(const struct rw_invocation *invocation, struct rw_client *client,
                            const char *method, json_t *params, int timeout_ms,
                            json_t **ret_result);

/* What a call by rw_client_call came to, which is told and turned into an exit code as above. */
enum rw_exit rw_remote_take(const struct rw_invocation *invocation, enum rw_status status,
                            json_t *answer, json_t **ret_result);

/* Connects, calls and hangs up. */
enum rw_exit rw_remote_ask(const struct rw_invocation *invocation, const char *method,
                           json_t *params, json_t **ret_result);

/* Milliseconds of CLOCK_BOOTTIME, by which the daemon tells its times. */
int64_t rw_boot_ms(void);

/* Prints RESULT as JSON. */
void rw_print_json(const struct rw_invocation *invocation, const json_t *result);

#endif
