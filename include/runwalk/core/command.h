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
    RW_COMMAND_REST,       /* amount: the most */
    RW_COMMAND_READY,
    RW_COMMAND_EASIER,
    RW_COMMAND_HARDER,
    RW_COMMAND_RATIO, /* amount: of runs; other: of walks */
    RW_COMMAND_GOTO,  /* number: the run, from 1 */
    RW_COMMAND_COOLDOWN,
    RW_COMMAND_STITCH,
    RW_COMMAND_HEAVY,
    RW_COMMAND_PAIN, /* number: where, as in pain.h */
    RW_COMMAND_DIZZY,
    RW_COMMAND_TIME,
    RW_COMMAND_ENCOURAGE,
    RW_COMMAND_QUIET, /* amount: for so much of the run */
};
#define RW_COMMAND_COUNT 23

/* What the `number` of a command is. */
enum rw_command_number { RW_NUMBER_NONE, RW_NUMBER_RUN, RW_NUMBER_PAIN };

struct rw_command_info {
    const char *name; /* the word the history uses, for example "skip" */
    enum rw_command_number number;
    bool is_health; /* that it was said is nobody's business */
};
/* Static. */
const struct rw_command_info *rw_command_info(enum rw_command command);
const char *rw_command_name(enum rw_command command);
/* False: no command has that name. */
bool rw_command_find(const char *name, enum rw_command *ret_command);

/* One command that was carried out. */
struct rw_command_entry {
    enum rw_command command;
    rw_ns amount, other;
    uint32_t number;
    rw_ns clock;   /* when, by the coach's clock */
    rw_ns session; /* the session's time then */
    rw_ns latency; /* from then until the earliest sound that could answer it */
};

#endif
