/*
 * A guarded child: work that may hang or abort (PortAudio does, when a sound server dies) is done
 * in a process that can be killed. It tells its parent what happens in lines of JSON.
 */
#ifndef RW_CLI_GUARD_H
#define RW_CLI_GUARD_H

#include "runwalk/base.h"

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#define RW_GUARD_LINE_MAX 4096

struct rw_guard {
    pid_t child;
    int descriptor;
    size_t used;
    char bytes[RW_GUARD_LINE_MAX];
};

/* What the child does; it tells through rw_guard_tell and then returns, and its process ends. */
typedef void (*rw_guard_work)(void *context, int descriptor);

/* RW_EIO: no process could be made; errno tells. */
RW_CHECKED enum rw_status rw_guard_start(rw_guard_work work, void *context,
                                         struct rw_guard *ret_guard);

/* In the child. Takes OBJECT over. */
void rw_guard_tell(int descriptor, json_t *object);

/*
 * In the parent: the next thing told, which belongs to the caller. RW_ENOENT: the child is done,
 * or dead; RW_ETIMEOUT: nothing within TIMEOUT_MS; RW_EINVALID: what came is no line of JSON.
 */
RW_CHECKED enum rw_status rw_guard_hear(struct rw_guard *guard, int timeout_ms, json_t **ret_told);

/* Kills the child if it is still there. */
void rw_guard_finish(struct rw_guard *guard);

#endif
