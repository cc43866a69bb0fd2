/*
 * The control socket: accepts connections of this user, reads request lines within
 * bounds, dispatches them, and sends events to subscribers. It runs on one libuv loop
 * and never blocks; memory and work a turn are bounded whatever clients do.
 */
#ifndef RUNWALK_CONTROL_SERVER_H
#define RUNWALK_CONTROL_SERVER_H

#include "runwalk/control/dispatch.h"

#include <uv.h>

#define RW_OUTPUT_MAX 65536u /* bytes waiting for one client */

struct rw_server_config {
    uv_loop_t *loop;
    /* Absolute. Its directory is created or checked (rw_directory_prepare). */
    const char *socket_path;
    /* -1, or a listening Unix socket to take over (socket activation): then nothing is bound and
       nothing removed at the end, but the lock beside socket_path is still held. */
    int listen_fd;
    const char *version; /* of the program, for `hello` */
    struct rw_handler handler;
};

struct rw_server;

/*
 * Listens. CONFIG's strings are copied, listen_fd is taken over on success. RW_ESTATE: another
 * daemon is alive there, or the directory or what stands at the path is not ours to use; RW_EIO:
 * errno tells; RW_ELIMIT: the path is too long for a socket; RW_EMEMORY. *ret_problem (may be
 * NULL) becomes malloc'd text with the remedy unless it is RW_OK, or NULL when memory is short.
 */
RW_CHECKED enum rw_status rw_server_create(const struct rw_server_config *config,
                                           struct rw_server **ret_server, char **ret_problem);

/*
 * Stops listening, removes the socket, gives each client what fits into its socket at once,
 * closes all, then calls DONE (may be NULL) on the loop and frees itself.
 */
void rw_server_close(struct rw_server *server, void (*done)(void *context), void *context);

/*
 * Sends an event to all subscribers, under the next sequence number. FIELDS is an object and is
 * stolen. A subscriber for whom more than RW_OUTPUT_MAX bytes wait is disconnected. May be
 * called by a handler: an event goes out before the reply to the request that caused it.
 */
void rw_server_notify(struct rw_server *server, enum rw_notice notice, json_t *fields);

/*
 * The answer to the request of CLIENT whose handler has promised it: RESULT, or with ERROR a
 * refusal; both are borrowed. Nothing happens when the client is gone.
 */
void rw_server_answer(struct rw_server *server, uint64_t client, const json_t *result,
                      const struct rw_error *error);

/* What CLIENT has called itself with `hello`, "remote" when it has not. Until it is gone. */
const char *rw_server_client_name(const struct rw_server *server, uint64_t client);

/* Whether anybody listens: with none, rw_server_notify only counts. */
bool rw_server_has_subscribers(const struct rw_server *server);

struct rw_server_view {
    unsigned subscribers, others;
    uint64_t seq; /* of the last event; 0 before the first */
    uint64_t accepted, yielded, slow, refused;
};
/* `yielded` made room for others, `slow` did not read, `refused` were other users. */
void rw_server_view(const struct rw_server *server, struct rw_server_view *ret_view);

#endif
