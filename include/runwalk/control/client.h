/*
 * The client's half of the control protocol, blocking with deadlines: for the command
 * line, and for tests. One thread at a time. A negative timeout_ms waits without end.
 */
#ifndef RUNWALK_CONTROL_CLIENT_H
#define RUNWALK_CONTROL_CLIENT_H

#include "runwalk/control/message.h"

struct rw_client;

/*
 * Connects to the daemon at SOCKET_PATH. RW_ENOENT: no daemon listens there; RW_ETIMEOUT: one
 * does, but takes no connection; RW_ESTATE: who listens is another user; RW_ELIMIT: the path is
 * too long; RW_EIO: errno tells; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_client_connect(const char *socket_path, int timeout_ms,
                                            struct rw_client **ret_client);
void rw_client_destroy(struct rw_client *client);

/*
 * Calls METHOD and waits for its answer, TIMEOUT_MS at most. PARAMS (an object, or NULL) is
 * borrowed. RW_OK: *ret_answer is the result; RW_ESTATE: the daemon refused, *ret_answer is the
 * error object (see rw_client_reason); both belong to the caller. RW_ETIMEOUT; RW_EIO: the
 * connection is lost; RW_EINVALID: what came is not this protocol; RW_ELIMIT: the request is too
 * long; RW_EMEMORY. After RW_ETIMEOUT a late answer is passed over; after RW_EIO and RW_EINVALID
 * the client is of no more use. Events that come meanwhile are kept for rw_client_next_event, the
 * newest 1024 of them; a gap in their `seq` shows what was lost.
 */
RW_CHECKED enum rw_status rw_client_call(struct rw_client *client, const char *method,
                                         const json_t *params, int timeout_ms, json_t **ret_answer);

/* Of an error object: the stable reason, and the words for a person; "" when it has none. */
const char *rw_client_reason(const json_t *error);
const char *rw_client_message(const json_t *error);

/*
 * The next event: its `params` object (seq, event, …), which belongs to the caller. Comes only
 * after a call of `subscribe`. RW_ETIMEOUT: none within TIMEOUT_MS (0: only what is there);
 * RW_EIO, RW_EINVALID, RW_EMEMORY as above.
 */
RW_CHECKED enum rw_status rw_client_next_event(struct rw_client *client, int timeout_ms,
                                               json_t **ret_event);

/*
 * A descriptor to poll for POLLIN beside others. Take events with timeout 0 until RW_ETIMEOUT
 * before each poll: some may already have been read.
 */
int rw_client_fd(const struct rw_client *client);

#endif
