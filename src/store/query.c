/* Questions about the history, answered by SQLite itself as JSON; and erasing. */

#include "store_private.h"

#include <string.h>

static const char *const part_names[RW_STORE_PART_COUNT] = {
    [RW_STORE_SEGMENTS] = "segments",
    [RW_STORE_COMMANDS] = "commands",
    [RW_STORE_CUES] = "cues",
    [RW_STORE_INCIDENTS] = "incidents",
};

const char *rw_store_part_name(enum rw_store_part part)
{
    return part_names[part];
}

#define MS(column) "'" column "_ms', " column "_ns / 1000000"

/* The session time spent in segments of these KINDS; the one that is on lasts until now. */
#define SPENT_ON(kinds)                                                                            \
    "(SELECT coalesce(sum(max(0, coalesce(end_ns, runs.session_ns) - begin_ns)), 0) / 1000000"     \
    " FROM segments WHERE segments.run = runs.run AND kind IN (" kinds "))"

#define RUNNING_MS SPENT_ON("'run'")
#define WALKING_MS SPENT_ON("'walk', 'warmup', 'cooldown'")
#define RESTS                                                                                      \
    "(SELECT count(*) FROM commands WHERE commands.run = runs.run AND command = 'rest'"            \
    " AND refused IS NULL)"

/* ?1 is the run that is on. A run that should be on, and is not, was interrupted. */
#define RUN_JSON                                                                                   \
    "json_object('run', run, 'state',"                                                             \
    " CASE WHEN state = 'on' AND run <> ?1 THEN 'interrupted' ELSE state END,"                     \
    " 'name', name, 'path', path, 'begin_unix_ms', begin_real_ns / 1000000, 'dating', dating,"     \
    " 'session_ms', session_ns / 1000000, 'clock_ms', clock_ns / 1000000,"                         \
    " 'planned_ms', planned_ms, 'planned_segments', planned_segments,"                             \
    " 'planned_runs', planned_runs, 'runs_done', runs_done, 'recoveries', recoveries,"             \
    " 'plan', plan, 'plan_week', plan_week, 'plan_day', plan_day,"                                 \
    " 'running_ms', " RUNNING_MS ", 'walking_ms', " WALKING_MS ", 'rests', " RESTS ")"

/* With what the runner told of it. */
#define FULL_JSON                                                                                  \
    "json_set(" RUN_JSON ", '$.effort', effort, '$.back', back, '$.pain', pain, '$.note', note)"

enum rw_status rw_store_answer(struct rw_store *store, sqlite3_stmt *statement, char **ret_json)
{
    enum rw_status status;
    char *json = NULL;
    if (rw_store_step(store, statement, &status)) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        json = strdup(text ? (const char *)text : "null");
        status = json ? RW_OK : RW_EMEMORY;
    } else if (status == RW_OK) {
        status = RW_ENOENT;
    }
    sqlite3_finalize(statement);
    if (status == RW_OK) {
        *ret_json = json;
    }
    return status;
}

static int64_t limit_of(int64_t limit)
{
    return limit > RW_STORE_PAGE_MAX ? RW_STORE_PAGE_MAX : limit;
}

enum rw_status rw_store_list(struct rw_store *store, int64_t offset, int64_t limit,
                             bool with_health, char **ret_json)
{
#define LIST(run)                                                                                  \
    "SELECT json_object('total', (SELECT count(*) FROM runs), 'runs',"                             \
    " (SELECT json_group_array(json(one)) FROM (SELECT " run " AS one"                             \
    " FROM runs ORDER BY run DESC LIMIT ?3 OFFSET ?2)))"
    sqlite3_stmt *statement;
    enum rw_status status =
        rw_store_prepare(store, &statement, with_health ? LIST(FULL_JSON) : LIST(RUN_JSON), "rii",
                         offset, limit_of(limit));
    return status == RW_OK ? rw_store_answer(store, statement, ret_json) : status;
}

enum rw_status rw_store_show(struct rw_store *store, int64_t run, bool with_health, char **ret_json)
{
    static const char plain[] = "SELECT " RUN_JSON " FROM runs WHERE run = ?2";
    static const char full[] = "SELECT " FULL_JSON " FROM runs WHERE run = ?2";
    sqlite3_stmt *statement;
    enum rw_status status =
        rw_store_prepare(store, &statement, with_health ? full : plain, "ri", run);
    return status == RW_OK ? rw_store_answer(store, statement, ret_json) : status;
}

enum rw_status rw_store_rows(struct rw_store *store, int64_t run, enum rw_store_part part,
                             bool with_health, int64_t offset, int64_t limit, char **ret_json)
{
#define PAGE_WITHOUT(health, object, table)                                                        \
    "SELECT json_group_array(json(one)) FROM (SELECT " object " AS one FROM " table                \
    " WHERE run = ?1 AND (?4 OR NOT (" health ")) ORDER BY rowid LIMIT ?3 OFFSET ?2)"
#define PAGE(object, table) PAGE_WITHOUT("0", object, table)
    static const char *const pages[RW_STORE_PART_COUNT] = {
        [RW_STORE_SEGMENTS] = PAGE(
            "json_object('segment', segment, 'kind', kind, 'name', name, 'side', side,"
            " 'planned_ms', planned_ms, " MS("begin_clock") ", " MS("begin") ", " MS("end") ")",
            "segments"),
        [RW_STORE_COMMANDS] =
            PAGE_WITHOUT("command IN ('pain', 'dizzy')",
                         "json_object('command', command, " MS("amount") ", " MS(
                             "other") ","
                                      " 'detail', detail, " MS("clock") ", " MS(
                                          "session") ","
                                                     " 'source', source, 'refused', refused)",
                         "commands"),
        [RW_STORE_CUES] = PAGE_WITHOUT(
            "type = 'care'",
            "json_object('cue', cue, 'type', type, 'words', words, " MS("due") ", " MS(
                "due_clock") ", " MS("began_clock") ", " MS("ended_clock") ", 'outcome',"
                                                                           " outcome, 'late', "
                                                                           "json(iif(was_late, "
                                                                           "'true', 'false')), "
                                                                           "'reason', reason)",
            "cues"),
        [RW_STORE_INCIDENTS] =
            PAGE("json_object(" MS("clock") ", " MS("session") ", 'incident',"
                                                               " incident, 'details', details)",
                 "incidents"),
    };
    sqlite3_stmt *statement;
    enum rw_status status = rw_store_prepare(store, &statement, pages[part], "iiii", run, offset,
                                             limit_of(limit), (int64_t)with_health);
    return status == RW_OK ? rw_store_answer(store, statement, ret_json) : status;
}

/* Whether SQL, about run ?1, finds anything. */
static enum rw_status run_ask(struct rw_store *store, int64_t run, const char *sql, bool *ret_found)
{
    sqlite3_stmt *statement;
    enum rw_status status = rw_store_prepare(store, &statement, sql, "i", run);
    if (status != RW_OK) {
        return status;
    }
    bool found = rw_store_step(store, statement, &status);
    sqlite3_finalize(statement);
    *ret_found = found;
    return status;
}

/*
 * Where the runner stands in a plan follows from the runs; when the one it follows from is erased,
 * the place stays, without a date or anything else of that run.
 */
static enum rw_status course_keep(struct rw_store *store, int64_t run)
{
    static const char sql[] =
        "UPDATE course SET mark = iif(one_run.is_done, 'ran', 'repeat'),"
        " week = one_run.plan_week, day = one_run.plan_day, after_run = one_run.run,"
        " real_ns = 0, boot_ns = 0, boot_id = '', dating = 'uncertain'"
        " FROM (SELECT run, plan_week, plan_day, state = 'done' OR (planned_runs > 0 AND"
        " runs_done >= planned_runs) AS is_done FROM runs WHERE plan = (SELECT plan FROM course)"
        " AND run > (SELECT after_run FROM course) AND NOT (state = 'on' AND run = ?1)"
        " AND session_ns >= 60000000000 ORDER BY run DESC LIMIT 1) AS one_run"
        " WHERE ?2 = 0 OR one_run.run = ?2";
    return rw_store_run(store, sql, "ri", run);
}

static enum rw_status runs_delete(struct rw_store *store, int64_t run, int64_t *ret_count)
{
    enum rw_status status = rw_store_begin(store);
    if (status != RW_OK) {
        return status;
    }
    status = course_keep(store, run);
    if (status != RW_OK) {
        return rw_store_commit(store, status);
    }
    status = rw_store_run(store,
                          run ? "DELETE FROM runs WHERE run = ?2"
                              : "DELETE FROM runs WHERE NOT (state = 'on' AND run = ?1) AND ?2 = 0",
                          "ri", run);
    *ret_count = sqlite3_changes64(store->db);
    return rw_store_commit(store, status);
}

/* What was overwritten is gone from the file; the log of changes holds copies until it is empty. */
static enum rw_status copies_erase(struct rw_store *store)
{
    return rw_store_run(store, "PRAGMA wal_checkpoint(TRUNCATE)", "");
}

static enum rw_status latest_find(struct rw_store *store, int64_t *ret_run)
{
    sqlite3_stmt *statement;
    enum rw_status status = rw_store_prepare(
        store, &statement, "SELECT max(run) FROM runs WHERE NOT (state = 'on' AND run = ?1)", "r");
    if (status != RW_OK) {
        return status;
    }
    if (rw_store_step(store, statement, &status)) {
        *ret_run = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum rw_status remarks_write(struct rw_store *store, int64_t run,
                                    const struct rw_remarks *remarks)
{
    enum rw_status status = rw_store_begin(store);
    if (status != RW_OK) {
        return status;
    }
    if (remarks->erases) {
        status = rw_store_run(store,
                              "UPDATE runs SET effort = NULL, back = NULL, note = NULL"
                              " WHERE run = ?",
                              "i", run);
    }
    if (status == RW_OK) {
        status = rw_store_run(store,
                              "UPDATE runs SET effort = coalesce(nullif(?1, 0), effort),"
                              " back = coalesce(nullif(?2, ''), back),"
                              " note = iif(?3 = '', NULL, coalesce(?3, note)) WHERE run = ?4",
                              "itti", remarks->effort, remarks->back,
                              remarks->has_note ? remarks->note : NULL, run);
    }
    return rw_store_commit(store, status);
}

enum rw_status rw_store_remark(struct rw_store *store, int64_t run,
                               const struct rw_remarks *remarks, char **ret_json)
{
    bool changes =
        remarks->erases || remarks->effort || remarks->back[0] != '\0' || remarks->has_note;
    enum rw_status status = run ? RW_OK : latest_find(store, &run);
    if (status == RW_OK && changes) {
        status = remarks_write(store, run, remarks);
    }
    if (status == RW_OK && changes) {
        status = copies_erase(store);
    }
    return status == RW_OK ? rw_store_show(store, run, true, ret_json) : status;
}

enum rw_status rw_store_forget(struct rw_store *store, int64_t run, int64_t *ret_count)
{
    int64_t count = 0;
    bool is_on = false;
    bool is_there = false;
    enum rw_status status =
        run_ask(store, run, "SELECT 1 FROM runs WHERE run = ? AND state = 'on'", &is_on);
    if (status == RW_OK && is_on && run == store->run) {
        return RW_ESTATE;
    }
    if (status == RW_OK) {
        status = runs_delete(store, run, &count);
    }
    if (status == RW_OK && !run) {
        status = rw_store_run(store, "UPDATE course SET is_unwell = 0", "");
    }
    if (status == RW_OK) {
        status = copies_erase(store);
    }
    if (status == RW_OK) {
        status = run_ask(store, store->run, "SELECT 1 FROM runs WHERE run = ?", &is_there);
    }
    if (status != RW_OK) {
        return status;
    }
    store->run = is_there ? store->run : 0;
    if (run && count == 0) {
        return RW_ENOENT;
    }
    *ret_count = count;
    return RW_OK;
}
