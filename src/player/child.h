/*
 * The engine as a child process: spawned with its socket and page, spoken to without
 * blocking, killed at will. It knows nothing of cues; what to do is the keeper's business.
 */
#ifndef PLAYER_CHILD_H
#define PLAYER_CHILD_H

#include "runwalk/wire/wire.h"

#include <uv.h>

/* Why a child is gone. */
struct child_end {
    int64_t exit_status;
    int signal; /* 0: it exited */
};

struct child_events {
    void (*message)(void *context, const struct rw_wire_message *message);
    /* After rw_child_send has answered RW_EFULL: there is room again. */
    void (*writable)(void *context);
    /* Comes once, last, when the process has ended; the child is freed after it. */
    void (*gone)(void *context, const struct child_end *end);
    void *context;
};

struct child;

/*
 * Starts the program at PATH in a session of its own, with an environment of what sound needs.
 * Its stream will say of itself whether it only ANNOUNCES, for sound servers that act on that.
 * RW_EIO: it cannot be started (errno tells); RW_EMEMORY. All on the loop's thread.
 */
RW_CHECKED enum rw_status rw_child_spawn(uv_loop_t *loop, const char *path, bool announces,
                                         struct child_events events, struct child **ret_child);

/* The errors are those of rw_wire_send; DESCRIPTOR stays the caller's. */
RW_CHECKED enum rw_status rw_child_send(struct child *child, struct rw_wire_message *message,
                                        int descriptor);

/* Ends the process at once; `gone` follows. */
void rw_child_kill(struct child *child);

/* What the engine writes; valid until `gone` returns. */
const struct rw_wire_page *rw_child_page(const struct child *child);

#endif
