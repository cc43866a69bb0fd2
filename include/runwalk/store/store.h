/*
 * The store: one SQLite database with the journal of the run in progress and the history of
 * those before. It blocks on the disk, so it is never used on the loop's thread; one thread
 * at a time. It reads no clock: it is told the time.
 */
#ifndef RUNWALK_STORE_STORE_H
#define RUNWALK_STORE_STORE_H

#include "runwalk/store/record.h"
#include "runwalk/store/wall.h"

#define RW_STORE_PROBLEM_MAX 256
#define RW_STORE_PAGE_MAX    200 /* rows of one answer */

struct rw_store;

/*
 * Opens the database at PATH, which it creates with mode 0600 and brings to the present version.
 * RW_ENOENT, RW_EIO: it cannot be opened or written; RW_EINVALID: it is damaged (see
 * rw_store_set_aside); RW_ESTATE: a newer program has written it, or the file is not ours alone;
 * RW_ETIMEOUT: another program keeps it locked; RW_EMEMORY. PROBLEM then tells it to a person.
 */
RW_CHECKED enum rw_status rw_store_open(const char *path, const struct rw_wall *wall,
                                        struct rw_store **ret_store,
                                        char problem[RW_STORE_PROBLEM_MAX]);
void rw_store_close(struct rw_store *store);

/*
 * Renames the damaged database at PATH, and what belongs to it, so that nothing is overwritten.
 * *ret_name (malloc'd) is where it is now. RW_EIO: errno tells; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_store_set_aside(const char *path, const struct rw_wall *wall,
                                             char **ret_name);

/* How far the run has come, at one moment of all clocks. */
struct rw_mark {
    struct rw_wall wall;
    rw_ns clock, session;
};

/*
 * Writes COUNT records at once, and MARK: all of them or, on failure, none. They belong to the run
 * that the last RW_RECORD_BEGIN or RW_RECORD_CONTINUE named; without one they are passed over. On
 * the disk when this returns. Errors as for rw_store_open.
 */
RW_CHECKED enum rw_status rw_store_write(struct rw_store *store, const struct rw_record *records,
                                         size_t count, const struct rw_mark *mark);

/* The words for what failed last. */
const char *rw_store_problem(const struct rw_store *store);

/* The latest run. */
struct rw_last_run {
    int64_t run; /* its number */
    enum rw_run_state state;
    char name[RW_RECORD_TEXT_MAX];
    struct rw_mark mark; /* of its last record */
};
/* RW_ENOENT: there is no run; other errors as for rw_store_open. */
RW_CHECKED enum rw_status rw_store_last(struct rw_store *store, struct rw_last_run *ret_last);

/* A run as it was recorded, to be run again up to its last record. */
struct rw_replay {
    struct rw_last_run last;
    struct rw_run_begin *begin;       /* owned */
    struct rw_command_entry *entries; /* owned; the first is the start */
    size_t count;
    uint64_t cue_max; /* the highest number of a cue */
};
/*
 * RUN -1 is the one that was written last. RW_EINVALID: what is recorded of the run makes no
 * sense; RW_ENOENT: there is no such run, or it has been erased.
 */
RW_CHECKED enum rw_status rw_store_load(struct rw_store *store, int64_t run,
                                        struct rw_replay *ret_replay);
void rw_replay_finish(struct rw_replay *replay);

/*
 * Questions. Each answers with one JSON value as malloc'd text. Runs come latest first; LIMIT is
 * at most RW_STORE_PAGE_MAX.
 */
RW_CHECKED enum rw_status rw_store_list(struct rw_store *store, int64_t offset, int64_t limit,
                                        bool with_health, char **ret_json);
/* The whole of a run but its rows. RW_ENOENT: there is no such run. */
RW_CHECKED enum rw_status rw_store_show(struct rw_store *store, int64_t run, bool with_health,
                                        char **ret_json);
enum rw_store_part {
    RW_STORE_SEGMENTS,
    RW_STORE_COMMANDS,
    RW_STORE_CUES,
    RW_STORE_INCIDENTS,
};
#define RW_STORE_PART_COUNT 4
const char *rw_store_part_name(enum rw_store_part part);
/* The rows of PART; without WITH_HEALTH, not those from which a reader learns of pain. */
RW_CHECKED enum rw_status rw_store_rows(struct rw_store *store, int64_t run,
                                        enum rw_store_part part, bool with_health, int64_t offset,
                                        int64_t limit, char **ret_json);

#define RW_EFFORT_MAX 10
#define RW_BACK_MAX   8    /* bytes of its word, with the NUL */
#define RW_NOTE_MAX   1000 /* bytes, without the NUL */

/* What the runner tells of a run that was. It is health data: it goes into the database, and
 * nowhere else. */
struct rw_remarks {
    bool erases;                /* what was told so before; then comes the rest */
    int64_t effort;             /* 1 to RW_EFFORT_MAX; 0: as it was */
    char back[RW_BACK_MAX];     /* "none", "some" or "bad"; "": as it was */
    bool has_note;              /* else it is as it was */
    char note[RW_NOTE_MAX + 1]; /* one line of UTF-8; "": none */
};
/*
 * Writes REMARKS about RUN, or with RUN at 0 about the latest run that is over; what they replace
 * is erased from the disk. *ret_json is as rw_store_show gives it with health. RW_ENOENT: there is
 * no such run.
 */
RW_CHECKED enum rw_status rw_store_remark(struct rw_store *store, int64_t run,
                                          const struct rw_remarks *remarks, char **ret_json);

/*
 * Erases a run and all that belongs to it from the disk, or with RUN at 0 every run that is not
 * on. RW_ENOENT: there is no such run; RW_ESTATE: it is on. *ret_count is how many were erased.
 */
RW_CHECKED enum rw_status rw_store_forget(struct rw_store *store, int64_t run, int64_t *ret_count);

#endif
