/*
 * The daemon's log: one line a message on stderr. Under journald each line carries its
 * priority (sd-daemon(3)), elsewhere a word.
 */
#ifndef RUNWALK_DAEMON_LOG_H
#define RUNWALK_DAEMON_LOG_H

#include "runwalk/config/config.h"

#include <stdbool.h>

struct rw_log {
    enum rw_log_level level; /* what is less important is not written */
    bool journal;            /* stderr leads to journald */
};

/* Finds out where stderr leads. */
void rw_log_init(struct rw_log *log, enum rw_log_level level);

/* Writes one line; what came from outside is stripped of control characters. */
void rw_log_write(const struct rw_log *log, enum rw_log_level level, const char *format, ...)
    RW_PRINTF(3, 4);

#endif
