/*
 * What the journal of a run is made of: records, in the order in which things happened.
 * Plain data, filled on the loop and written by the store.
 *
 * `clock` counts from the command that started the run, by a clock that stands still only
 * while the daemon is away and that time counts as a pause.
 */
#ifndef RUNWALK_STORE_RECORD_H
#define RUNWALK_STORE_RECORD_H

#include "runwalk/core/command.h"
#include "runwalk/core/profile.h"

#include <stddef.h>

#define RW_RECORD_TEXT_MAX   96
#define RW_RECORD_REASON_MAX 64
#define RW_RECORD_SOURCE_MAX 16

enum rw_record_type {
    RW_RECORD_BEGIN,    /* a run begins: `begin` */
    RW_RECORD_CONTINUE, /* a run that was interrupted goes on: `resumed` */
    RW_RECORD_SETTINGS, /* the manner of the run has changed: `settings` */
    RW_RECORD_SEGMENT,  /* a segment began, and the one before ended */
    RW_RECORD_COMMAND,  /* a command was carried out, or refused */
    RW_RECORD_CUE,      /* a cue was planned, or dropped by the planner */
    RW_RECORD_OUTCOME,  /* what became of a cue */
    RW_RECORD_INCIDENT, /* something that was not planned */
    RW_RECORD_END,      /* the run is over: `end` */
    RW_RECORD_CANCEL,   /* the start was taken back: there was no run */
};

enum rw_run_state {
    RW_RUN_ON,
    RW_RUN_DONE,        /* ran to its end */
    RW_RUN_STOPPED,     /* ended early */
    RW_RUN_INTERRUPTED, /* the daemon went away, and the run did not go on */
};
#define RW_RUN_STATE_COUNT 4
const char *rw_run_state_name(enum rw_run_state state);

/* All that is needed to begin the same run again. Strings and bytes are owned. */
struct rw_run_begin {
    char *name;  /* the profile's, UTF-8 */
    char *path;  /* UTF-8, or NULL */
    char *bytes; /* the profile as the file had it */
    size_t size;
    char *settings; /* the manner of the session, as the daemon writes it; UTF-8 */
    char *plan;     /* whose session it is, or NULL */
    uint32_t plan_week, plan_day;
    int64_t seed;
    uint32_t planned_ms, planned_segments, planned_runs;
};
void rw_run_begin_destroy(struct rw_run_begin *begin);

struct rw_record {
    enum rw_record_type type;
    rw_ns clock;
    rw_ns session; /* the session's time */
    union {
        struct rw_run_begin *begin; /* owned */
        char *settings;             /* owned */
        struct {
            int64_t run;
            bool takes_back; /* its last command, which ended it, never was */
        } resumed;
        struct {
            uint32_t index;
            uint32_t planned_ms;
            enum rw_kind kind;
            enum rw_side side;
        } segment; /* `text`: its name, or "" */
        struct {
            struct rw_command_entry entry;     /* its clock is that of the record */
            char source[RW_RECORD_SOURCE_MAX]; /* "cli", "remote", "signal", "coach", ... */
        } command; /* `text`: its name; `reason`: why it was refused, or "" */
        struct {
            uint64_t number;  /* 0: the planner dropped it */
            const char *type; /* static */
            rw_ns due;        /* clock */
        } cue;                /* `text`: the words; `reason`: why it was dropped, or "" */
        struct {
            uint64_t number;
            const char *name; /* static */
            bool is_start;    /* it begins to sound: `clock` tells when */
        } outcome;            /* `reason`: why it was lost, or "" */
        struct {
            enum rw_run_state state;
            uint32_t runs_done;
        } end;
        const char *incident; /* static: "suspend", "no-sound", "underrun", ...; `text`: more */
    };
    char text[RW_RECORD_TEXT_MAX];
    char reason[RW_RECORD_REASON_MAX];
};

/* Frees what RECORD owns. */
void rw_record_finish(struct rw_record *record);

#endif
