#include "watch_lines.h"

#include "remote.h"
#include "watch_model.h"
#include "watch_parts.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

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

enum rw_exit rw_watch_lines(const struct rw_invocation *invocation, struct rw_client *client,
                            struct rw_watch_state *state)
{
    char shown[512] = "";
    for (;;) {
        char line[512];
        rw_watch_line(state, rw_boot_ms(), line, sizeof line);
        if (strcmp(line, shown) != 0) {
            memcpy(shown, line, sizeof shown);
            if (fprintf(invocation->out, "%s\n", line) < 0 || fflush(invocation->out) != 0) {
                return RW_EXIT_IO;
            }
        }
        if (!rw_watch_is_on(state)) {
            return RW_EXIT_OK;
        }
        json_t *event;
        enum rw_exit exit = event_wait(invocation, client, &event);
        if (exit != RW_EXIT_OK) {
            return exit;
        }
        (void)rw_watch_take_event(state, event);
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
