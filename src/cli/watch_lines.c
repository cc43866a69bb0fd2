#include "watch_lines.h"

#include "history.h"
#include "remote.h"
#include "watch_model.h"
#include "watch_parts.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* The history may wait for its disk; the run is over anyway. */
#define RESULT_TIMEOUT_MS 1500

_Static_assert(sizeof((struct rw_watch_state){0}.result) >= RW_HISTORY_SUMMARY_MAX, "it fits");

/* Waits for the next event, however long it takes. */
static enum rw_exit event_wait(const struct rw_invocation *invocation, struct rw_client *client,
                               json_t **ret_event)
{
    enum rw_status status;
    while ((status = rw_client_next_event(client, 0, ret_event)) == RW_ETIMEOUT) {
        struct pollfd source = {.fd = rw_client_fd(client), .events = POLLIN};
        if (poll(&source, 1, -1) < 0 && errno != EINTR) {
            break;
        }
    }
    if (status == RW_OK) {
        return RW_EXIT_OK;
    }
    return rw_fail(invocation, RW_EXIT_IO,
                   status == RW_EIO ? "the daemon has ended"
                                    : "the connection to the daemon was lost");
}

/* Whether EVENT may change what a line says: cues come and go without, and so does time. */
static bool is_of_the_run(const json_t *event)
{
    const char *name = json_string_value(json_object_get(event, "event"));
    return name && (strcmp(name, "state") == 0 || strcmp(name, "segment") == 0 ||
                    strcmp(name, "profile") == 0);
}

static bool print(const struct rw_invocation *invocation, const char *line)
{
    return fprintf(invocation->out, "%s\n", line) >= 0 && fflush(invocation->out) == 0;
}

/* Prints that the sound was lost, or is back, when PROBLEM is no longer what STATE tells. */
static bool print_sound(const struct rw_invocation *invocation, const struct rw_watch_state *state,
                        char problem[static RW_WATCH_PROBLEM_MAX])
{
    char line[RW_WATCH_PROBLEM_MAX + 16];
    if (strcmp(problem, state->problem) == 0) {
        return true;
    }
    memcpy(problem, state->problem, RW_WATCH_PROBLEM_MAX);
    if (problem[0] != '\0') {
        snprintf(line, sizeof line, "No sound: %s", problem);
        return print(invocation, line);
    }
    snprintf(line, sizeof line, "Sound: %s", state->device);
    return state->device[0] == '\0' || print(invocation, line);
}

void rw_watch_result(struct rw_client *client, struct rw_watch_state *state)
{
    state->result[0] = '\0';
    if (rw_watch_is_over(state->phase) && state->session_ms > 0) {
        rw_history_latest(client, RESULT_TIMEOUT_MS, state->session_ms, state->result);
    }
}

void rw_watch_result_print(FILE *out, const struct rw_watch_state *state)
{
    if (state->result[0] != '\0') {
        fprintf(out, "%s\n%s\n", state->result, RW_WATCH_QUESTION);
    }
}

enum rw_exit rw_watch_lines(const struct rw_invocation *invocation, struct rw_client *client,
                            struct rw_watch_state *state)
{
    char shown[512] = "";
    char problem[RW_WATCH_PROBLEM_MAX];
    memcpy(problem, state->problem, sizeof problem);
    bool is_told = false;
    for (;;) {
        char line[512];
        rw_watch_line(state, rw_boot_ms(), line, sizeof line);
        if (!is_told && strcmp(line, shown) != 0) {
            memcpy(shown, line, sizeof shown);
            if (!print(invocation, line)) {
                return RW_EXIT_IO;
            }
        }
        if (!print_sound(invocation, state, problem)) {
            return RW_EXIT_IO;
        }
        if (!rw_watch_is_on(state)) {
            rw_watch_result(client, state);
            rw_watch_result_print(invocation->out, state);
            return RW_EXIT_OK;
        }
        json_t *event;
        enum rw_exit exit = event_wait(invocation, client, &event);
        if (exit != RW_EXIT_OK) {
            return exit;
        }
        (void)rw_watch_take_event(state, event);
        is_told = !is_of_the_run(event);
        json_decref(event);
    }
}

enum rw_exit rw_watch_json(const struct rw_invocation *invocation, struct rw_client *client,
                           const json_t *snapshot)
{
    json_t *event = NULL;
    const json_t *shown = snapshot;
    for (;;) {
        int failed = json_dumpf(shown, invocation->out, JSON_COMPACT);
        json_decref(event);
        if (failed != 0 || fputc('\n', invocation->out) == EOF || fflush(invocation->out) != 0) {
            return RW_EXIT_IO;
        }
        enum rw_exit exit = event_wait(invocation, client, &event);
        if (exit != RW_EXIT_OK) {
            return exit;
        }
        shown = event;
    }
}
