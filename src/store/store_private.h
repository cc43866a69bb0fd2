/*
 * What the parts of the store share: the connection and the shortest way to run a statement.
 * store.c opens and brings up to date, write.c writes records, replay.c reads a run back,
 * query.c answers questions, course.c keeps the place in a plan, detail.c writes the numbers of
 * commands as words.
 */
#ifndef RUNWALK_STORE_PRIVATE_H
#define RUNWALK_STORE_PRIVATE_H

#include "runwalk/store/store.h"

#include <sqlite3.h>

struct rw_store {
    sqlite3 *db;
    int64_t run; /* the one that records belong to; 0: none */
    char problem[RW_STORE_PROBLEM_MAX];
};

/* Keeps the words for the failure CODE of SQLite; returns what it is for us. */
enum rw_status rw_store_fail(struct rw_store *store, int code);

/*
 * Prepares SQL and binds what FORMAT says, a letter each: i int64_t, t const char * (NULL: null),
 * r the current run, b const void * and size_t. RW_OK: the caller finalizes *ret_statement.
 */
RW_CHECKED enum rw_status rw_store_prepare(struct rw_store *store, sqlite3_stmt **ret_statement,
                                           const char *sql, const char *format, ...);
/* The same, run to its end. */
RW_CHECKED enum rw_status rw_store_run(struct rw_store *store, const char *sql, const char *format,
                                       ...);
/* One step: true when there is a row. *ret_status is RW_OK also when there is none. */
bool rw_store_step(struct rw_store *store, sqlite3_stmt *statement, enum rw_status *ret_status);

/* What the one row of STATEMENT, which is finalized, says, as malloc'd text. RW_ENOENT: none. */
RW_CHECKED enum rw_status rw_store_answer(struct rw_store *store, sqlite3_stmt *statement,
                                          char **ret_json);

RW_CHECKED enum rw_status rw_store_begin(struct rw_store *store);
/* Commits when STATUS is RW_OK, else takes everything back; returns what is the case then. */
RW_CHECKED enum rw_status rw_store_commit(struct rw_store *store, enum rw_status status);

#define RW_DETAIL_MAX 16 /* bytes, with the NUL */

/* The number of ENTRY as a word: "3", "knee", or "" where it has none. */
void rw_detail_write(const struct rw_command_entry *entry, char ret_text[RW_DETAIL_MAX]);
/* The number that TEXT is for ENTRY's command; false when it makes no sense. */
bool rw_detail_read(const char *text, struct rw_command_entry *entry);

/* A run of this boot that began before the clock was right gets its date, once it is. */
RW_CHECKED enum rw_status rw_store_date(struct rw_store *store, const struct rw_wall *wall);

#endif
