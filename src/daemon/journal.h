/*
 * The journal: the store on the worker pool. One job is in flight at a time, first in, first
 * out; what comes meanwhile is written together by the next. Nothing here ever waits: a slow,
 * full or broken disk costs the journal, not the run, and is said once.
 */
#ifndef RUNWALK_DAEMON_JOURNAL_H
#define RUNWALK_DAEMON_JOURNAL_H

#include "runwalk/store/course.h"
#include "runwalk/store/store.h"

#include <uv.h>

struct rw_journal;

struct rw_journal_observer {
    /* The database is open for the first time. LAST is the latest run, or NULL. */
    void (*opened)(void *context, const struct rw_last_run *last);
    /* How far the run is now; asked for right before a job. */
    struct rw_mark (*mark)(void *context);
    /* What a person must know: it cannot be written (PROBLEM), or it can again. */
    void (*told)(void *context, bool is_problem, const char *text);
    void *context;
};

/* Opens DIRECTORY/history.db soon, and makes DIRECTORY where it is missing. Copies DIRECTORY. */
RW_CHECKED enum rw_status rw_journal_create(uv_loop_t *loop, const char *directory,
                                            struct rw_journal_observer observer,
                                            struct rw_journal **ret_journal);

/*
 * Takes RECORD and what it owns. It is written soon; what became of a cue waits for the next
 * record of another kind, unless IS_URGENT.
 */
void rw_journal_add(struct rw_journal *journal, struct rw_record *record, bool is_urgent);
/* Takes back the last record, which was added in this turn of the loop. */
void rw_journal_take_back(struct rw_journal *journal);

enum rw_question_kind {
    RW_QUESTION_LIST,   /* offset, limit, with_health */
    RW_QUESTION_SHOW,   /* run, with_health */
    RW_QUESTION_ROWS,   /* run, part, with_health, offset, limit */
    RW_QUESTION_REMARK, /* run, remarks; 0: the latest that is over */
    RW_QUESTION_FORGET, /* run; 0: all */
    RW_QUESTION_LOAD,   /* run */
    RW_QUESTION_COURSE, /* request; where the runner stands in a plan */
    RW_QUESTION_MARK,   /* course, request; says it to the plan, then as COURSE */
    RW_QUESTION_UNWELL, /* an emergency without a run; answered by its status alone */
};

/* What is done with the answer to COURSE; see handlers_plan.c. */
struct rw_course_request {
    int purpose;
    bool replaces, speaks, week;
    rw_ns in;
    char source[RW_RECORD_SOURCE_MAX]; /* who asks */
};

/* An answer; valid during the call. */
struct rw_question_answer {
    enum rw_status status; /* as the store gives it; RW_EIO also when there is no database */
    const char *problem;   /* when it is not RW_OK */
    const char *json;
    int64_t count;            /* of FORGET */
    struct rw_replay *replay; /* of LOAD: may be taken, and is then to be emptied */
};

struct rw_question {
    enum rw_question_kind kind;
    int64_t run, offset, limit;
    enum rw_store_part part;
    bool with_health;
    struct rw_remarks remarks;
    struct rw_course course;
    struct rw_course_request request;
    const char *mark; /* of FORGET: a file that is made when it is done; outlives the question */
    uint64_t client;  /* for whoever answers */
    void (*answered)(void *context, const struct rw_question *question,
                     const struct rw_question_answer *answer);
    void *context;
};

/* Asks after all that was added before is written. RW_EFULL: too many questions wait. */
RW_CHECKED enum rw_status rw_journal_ask(struct rw_journal *journal,
                                         const struct rw_question *question);

/* Writes what waits, closes the database, then calls CLOSED; no other callback comes any more. */
void rw_journal_close(struct rw_journal *journal, void (*closed)(void *context), void *context);
/* After the loop has ended, or when it was never opened. */
void rw_journal_destroy(struct rw_journal *journal);

#endif
