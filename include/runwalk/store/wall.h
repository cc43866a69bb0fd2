/*
 * The clocks of the device at one moment, together: only so can a later start of the
 * daemon tell a reboot from a changed wall clock, and how long it was away.
 */
#ifndef RUNWALK_STORE_WALL_H
#define RUNWALK_STORE_WALL_H

#include "runwalk/base.h"

#include <stdbool.h>

#define RW_BOOT_ID_SIZE 37 /* a UUID as text, and its NUL */

struct rw_wall {
    char boot_id[RW_BOOT_ID_SIZE]; /* another one after each boot */
    rw_ns boot;                    /* CLOCK_BOOTTIME */
    rw_ns real;                    /* CLOCK_REALTIME, since 1970 */
    bool is_synced;                /* `real` is known to be right */
};

/* Reads the clocks. May be called on any thread. */
void rw_wall_read(struct rw_wall *ret_wall);

/*
 * How long it was from THEN to NOW. Across a boot only two clocks that were right can tell;
 * otherwise *ret_exact is false and what is returned is the least that it was.
 */
rw_ns rw_wall_away(const struct rw_wall *then, const struct rw_wall *now, bool *ret_exact);

#endif
