/*
 * Keeps the device awake while a run goes on: a sleep inhibitor of logind, got by
 * runwalk-inhibit, held as one open descriptor, given back by closing it. A crash gives it back
 * as well. Never blocks; without logind it knows why there is none.
 */
#ifndef RUNWALK_DAEMON_INHIBITOR_H
#define RUNWALK_DAEMON_INHIBITOR_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <uv.h>

struct rw_inhibitor;

enum rw_inhibitor_state {
    RW_INHIBITOR_OFF,    /* the device may sleep: nothing is wanted, or nothing can be done */
    RW_INHIBITOR_ASKING, /* the answer is awaited */
    RW_INHIBITOR_HELD,   /* the device stays awake */
};

struct rw_inhibitor_view {
    enum rw_inhibitor_state state;
    const char *problem; /* why it is wanted and not held; "" otherwise */
};

/*
 * PATH is that of runwalk-inhibit and must live as long. CHANGED comes from the loop whenever the
 * view has changed other than by rw_inhibitor_want.
 */
RW_CHECKED enum rw_status rw_inhibitor_create(uv_loop_t *loop, const char *path,
                                              void (*changed)(void *context), void *context,
                                              struct rw_inhibitor **ret_inhibitor);

/* Whether the device is to stay awake. Asks when that becomes true; once, not again and again. */
void rw_inhibitor_want(struct rw_inhibitor *inhibitor, bool is_wanted);

void rw_inhibitor_view(const struct rw_inhibitor *inhibitor, struct rw_inhibitor_view *ret_view);

/* Gives it back, calls CLOSED from the loop or at once, and frees itself. */
void rw_inhibitor_close(struct rw_inhibitor *inhibitor, void (*closed)(void *context),
                        void *context);

/* "off", "asking", "held". */
const char *rw_inhibitor_state_name(enum rw_inhibitor_state state);

#endif
