/*
 * A guarded child: work that may hang or abort (PortAudio does, when a sound server dies) is done
 * in a process that can be killed. It tells its parent what happens in lines of JSON.
 */
#ifndef RW_CLI_GUARD_H
#define RW_CLI_GUARD_H

#include "verbs.h"

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

/* In the child. OBJECT is given away. The last thing told is one of the two below it. */
void rw_guard_tell(int descriptor, json_t *object);
void rw_guard_tell_end(int descriptor);
void rw_guard_tell_problem(int descriptor, const char *problem);

/*
 * In the parent: hands each thing told to HEARD (the object is borrowed) until the child says that
 * it is at the end, or that there is a problem; or dies, or is silent for TIMEOUT_MS. All but the
 * first is told on the error stream.
 */
enum rw_exit rw_guard_listen(struct rw_guard *guard, const struct rw_invocation *invocation,
                             int timeout_ms, void (*heard)(void *context, json_t *told),
                             void *context);

/* Kills the child if it is still there. */
void rw_guard_finish(struct rw_guard *guard);

#endif
