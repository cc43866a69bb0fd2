/*
 * The commands that shape a run, as data: a run is its profile, its settings and these, in
 * order. Written down and given to a coach again they make the same run.
 */
#ifndef RUNWALK_CORE_COMMAND_H
#define RUNWALK_CORE_COMMAND_H

#include "runwalk/base.h"

#include <stdbool.h>

enum rw_command {
    RW_COMMAND_START, /* amount: how long until the start */
    RW_COMMAND_PAUSE,
    RW_COMMAND_RESUME,
    RW_COMMAND_SKIP,
    RW_COMMAND_BACK,
    RW_COMMAND_EXTEND, /* amount: by how much was asked for; negative to shorten */
    RW_COMMAND_STOP,
    RW_COMMAND_SAY,        /* an answer was woven in; what it said is not part of it */
    RW_COMMAND_BACK_AGAIN, /* the daemon was away and has said so */
};
#define RW_COMMAND_COUNT 9

/* The word the history uses, for example "skip". Static. */
const char *rw_command_name(enum rw_command command);
/* False: no command has that name. */
bool rw_command_find(const char *name, enum rw_command *ret_command);

/* One command that was carried out. */
struct rw_command_entry {
    enum rw_command command;
    rw_ns amount;
    rw_ns clock;   /* when, by the coach's clock */
    rw_ns session; /* the session's time then */
    rw_ns latency; /* from then until the earliest sound that could answer it */
};

#endif
