#include "store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How long another program (a reader, a backup) may keep the database locked. */
#define BUSY_MS 2000

/*
 * Each version in turn; the database counts them in its user_version. One that has been released
 * is never changed: a new one is added below it.
 */
static const char *const migrations[] = {
    "CREATE TABLE runs("
    " run INTEGER PRIMARY KEY AUTOINCREMENT,"
    " state TEXT NOT NULL,"
    " name TEXT NOT NULL, path TEXT, profile BLOB NOT NULL,"
    " settings TEXT NOT NULL, seed INTEGER NOT NULL,"
    " planned_ms INTEGER NOT NULL, planned_segments INTEGER NOT NULL,"
    " planned_runs INTEGER NOT NULL,"
    " begin_real_ns INTEGER NOT NULL, begin_boot_ns INTEGER NOT NULL,"
    " begin_boot_id TEXT NOT NULL, dating TEXT NOT NULL,"
    " clock_ns INTEGER NOT NULL, session_ns INTEGER NOT NULL,"
    " mark_real_ns INTEGER NOT NULL, mark_boot_ns INTEGER NOT NULL,"
    " mark_boot_id TEXT NOT NULL, mark_synced INTEGER NOT NULL,"
    " runs_done INTEGER NOT NULL DEFAULT 0, recoveries INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE segments("
    " run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, segment INTEGER NOT NULL,"
    " kind TEXT NOT NULL, name TEXT, side TEXT, planned_ms INTEGER NOT NULL,"
    " begin_clock_ns INTEGER NOT NULL, begin_ns INTEGER NOT NULL, end_ns INTEGER);"
    "CREATE INDEX segments_of_run ON segments(run);"
    "CREATE TABLE commands("
    " run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, command TEXT NOT NULL,"
    " amount_ns INTEGER NOT NULL, clock_ns INTEGER NOT NULL, session_ns INTEGER NOT NULL,"
    " latency_ns INTEGER NOT NULL, source TEXT NOT NULL, refused TEXT);"
    "CREATE INDEX commands_of_run ON commands(run);"
    "CREATE TABLE cues("
    " run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, cue INTEGER NOT NULL,"
    " type TEXT NOT NULL, words TEXT NOT NULL, due_clock_ns INTEGER NOT NULL,"
    " due_ns INTEGER NOT NULL, began_clock_ns INTEGER, ended_clock_ns INTEGER,"
    " outcome TEXT NOT NULL, was_late INTEGER NOT NULL DEFAULT 0, reason TEXT);"
    "CREATE INDEX cues_of_run ON cues(run, cue);"
    "CREATE TABLE incidents("
    " run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, clock_ns INTEGER NOT NULL,"
    " session_ns INTEGER NOT NULL, incident TEXT NOT NULL, details TEXT);"
    "CREATE INDEX incidents_of_run ON incidents(run);",

    "ALTER TABLE runs ADD COLUMN effort INTEGER;"
    "ALTER TABLE runs ADD COLUMN pain TEXT;"
    "ALTER TABLE runs ADD COLUMN note TEXT;",

    "ALTER TABLE runs ADD COLUMN back TEXT;",

    "ALTER TABLE runs ADD COLUMN plan TEXT;"
    "ALTER TABLE runs ADD COLUMN plan_week INTEGER;"
    "ALTER TABLE runs ADD COLUMN plan_day INTEGER;"
    "CREATE TABLE course("
    " one INTEGER PRIMARY KEY CHECK(one = 1), mark TEXT NOT NULL,"
    " plan TEXT, week INTEGER NOT NULL, day INTEGER NOT NULL,"
    " after_run INTEGER NOT NULL, well_run INTEGER NOT NULL,"
    " real_ns INTEGER NOT NULL, boot_ns INTEGER NOT NULL, boot_id TEXT NOT NULL,"
    " dating TEXT NOT NULL);",

    "ALTER TABLE commands ADD COLUMN other_ns INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE commands ADD COLUMN detail TEXT NOT NULL DEFAULT '';",

    "ALTER TABLE course ADD COLUMN is_unwell INTEGER NOT NULL DEFAULT 0;",
};

enum rw_status rw_store_fail(struct rw_store *store, int code)
{
    snprintf(store->problem, sizeof store->problem, "%s",
             store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return RW_EMEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR: /* a table or column that must be there is not */
        return RW_EINVALID;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RW_ETIMEOUT;
    case SQLITE_TOOBIG:
        return RW_ELIMIT;
    default:
        return RW_EIO;
    }
}

/* Prepares SQL and binds VALUES, each as its letter in FORMAT says. */
static enum rw_status statement_make(struct rw_store *store, sqlite3_stmt **ret_statement,
                                     const char *sql, const char *format, va_list values)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        return rw_store_fail(store, code);
    }
    for (int i = 0; code == SQLITE_OK && format[i]; i++) {
        if (format[i] == 'i') {
            code = sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
        } else if (format[i] == 't') {
            const char *text = va_arg(values, const char *);
            code = sqlite3_bind_text(statement, i + 1, text, -1, SQLITE_TRANSIENT);
        } else if (format[i] == 'b') {
            const void *bytes = va_arg(values, const void *);
            size_t size = va_arg(values, size_t);
            code = sqlite3_bind_blob64(statement, i + 1, bytes, size, SQLITE_TRANSIENT);
        } else {
            code = sqlite3_bind_int64(statement, i + 1, store->run);
        }
    }
    if (code != SQLITE_OK) {
        sqlite3_finalize(statement);
        return rw_store_fail(store, code);
    }
    *ret_statement = statement;
    return RW_OK;
}

enum rw_status rw_store_prepare(struct rw_store *store, sqlite3_stmt **ret_statement,
                                const char *sql, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    enum rw_status status = statement_make(store, ret_statement, sql, format, values);
    va_end(values);
    return status;
}

bool rw_store_step(struct rw_store *store, sqlite3_stmt *statement, enum rw_status *ret_status)
{
    int code = sqlite3_step(statement);
    *ret_status = code == SQLITE_ROW || code == SQLITE_DONE ? RW_OK : rw_store_fail(store, code);
    return code == SQLITE_ROW;
}

enum rw_status rw_store_run(struct rw_store *store, const char *sql, const char *format, ...)
{
    sqlite3_stmt *statement = NULL;
    va_list values;
    va_start(values, format);
    enum rw_status status = statement_make(store, &statement, sql, format, values);
    va_end(values);
    if (status != RW_OK) {
        return status;
    }
    while (rw_store_step(store, statement, &status)) {
    }
    sqlite3_finalize(statement);
    return status;
}

static enum rw_status script_run(struct rw_store *store, const char *sql)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? RW_OK : rw_store_fail(store, code);
}

enum rw_status rw_store_begin(struct rw_store *store)
{
    return script_run(store, "BEGIN IMMEDIATE");
}

enum rw_status rw_store_commit(struct rw_store *store, enum rw_status status)
{
    if (status == RW_OK) {
        status = script_run(store, "COMMIT");
    }
    if (status != RW_OK && !sqlite3_get_autocommit(store->db)) {
        /* It can fail no further: what is not committed is gone with the connection, too. */
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return status;
}

static enum rw_status version_read(struct rw_store *store, int64_t *ret_version)
{
    sqlite3_stmt *statement;
    enum rw_status status = rw_store_prepare(store, &statement, "PRAGMA user_version", "");
    if (status != RW_OK) {
        return status;
    }
    if (rw_store_step(store, statement, &status)) {
        *ret_version = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum rw_status migrate(struct rw_store *store)
{
    int64_t version = 0;
    enum rw_status status = version_read(store, &version);
    if (status == RW_OK && version > (int64_t)RW_COUNT(migrations)) {
        snprintf(store->problem, sizeof store->problem,
                 "a newer runwalk has written it (version %lld)", (long long)version);
        return RW_ESTATE;
    }
    for (; status == RW_OK && version < (int64_t)RW_COUNT(migrations); version++) {
        char counted[48];
        snprintf(counted, sizeof counted, "PRAGMA user_version = %lld", (long long)version + 1);
        status = rw_store_begin(store);
        if (status != RW_OK) {
            break;
        }
        status = script_run(store, migrations[version]);
        if (status == RW_OK) {
            status = script_run(store, counted);
        }
        status = rw_store_commit(store, status);
    }
    return status;
}

/* The file with the right owner and mode; SQLite gives its other files the same. */
static enum rw_status file_prepare(const char *path, char problem[RW_STORE_PROBLEM_MAX])
{
    enum rw_status status = RW_OK;
    struct stat info;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) {
        snprintf(problem, RW_STORE_PROBLEM_MAX, "%s",
                 errno == ELOOP ? "it is a link; remove it" : strerror(errno));
        return errno == ELOOP ? RW_ESTATE : RW_EIO;
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_uid != geteuid()) {
        snprintf(problem, RW_STORE_PROBLEM_MAX, "it is no file of yours; move it away");
        status = RW_ESTATE;
    } else if ((info.st_mode & 07777) != 0600 && fchmod(fd, 0600) != 0) {
        snprintf(problem, RW_STORE_PROBLEM_MAX, "its mode cannot be set to 0600: %s",
                 strerror(errno));
        status = RW_EIO;
    }
    close(fd);
    return status;
}

enum rw_status rw_store_open(const char *path, const struct rw_wall *wall,
                             struct rw_store **ret_store, char problem[RW_STORE_PROBLEM_MAX])
{
    static const char settings[] = "PRAGMA journal_mode = WAL;"
                                   "PRAGMA synchronous = FULL;"
                                   "PRAGMA foreign_keys = ON;"
                                   "PRAGMA secure_delete = ON;"
                                   "PRAGMA journal_size_limit = 1048576;"
                                   "PRAGMA trusted_schema = OFF";
    enum rw_status status = file_prepare(path, problem);
    if (status != RW_OK) {
        return status;
    }
    struct rw_store *store = calloc(1, sizeof *store);
    if (!store) {
        snprintf(problem, RW_STORE_PROBLEM_MAX, "memory is short");
        return RW_EMEMORY;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &store->db, flags, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(store->db, BUSY_MS);
        status = script_run(store, settings);
    } else {
        status = rw_store_fail(store, code);
    }
    if (status == RW_OK) {
        status = migrate(store);
    }
    if (status == RW_OK) {
        status = rw_store_date(store, wall);
    }
    if (status != RW_OK) {
        memcpy(problem, store->problem, RW_STORE_PROBLEM_MAX);
        rw_store_close(store);
        return status;
    }
    *ret_store = store;
    return RW_OK;
}

void rw_store_close(struct rw_store *store)
{
    if (store) {
        sqlite3_close_v2(store->db);
        free(store);
    }
}

const char *rw_store_problem(const struct rw_store *store)
{
    return store->problem;
}

/* Renames FROM, if it is there, to TO, which must not be there. */
static enum rw_status file_move(const char *from, const char *to)
{
    if (access(from, F_OK) != 0) {
        return RW_OK;
    }
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? RW_OK : RW_EIO;
}

enum rw_status rw_store_set_aside(const char *path, const struct rw_wall *wall, char **ret_name)
{
    static const char *const companions[] = {"", "-wal", "-shm"};
    char date[32];
    struct tm broken_down;
    time_t seconds = (time_t)(wall->real / RW_NS_PER_SECOND);
    strftime(date, sizeof date, "%Y%m%d-%H%M%S", gmtime_r(&seconds, &broken_down));
    char *name = NULL;
    enum rw_status status = RW_EIO;
    for (int attempt = 1; status != RW_OK && attempt <= 100; attempt++) {
        free(name);
        if (asprintf(&name, "%s.damaged-%s.%d", path, date, attempt) < 0) {
            return RW_EMEMORY;
        }
        for (size_t i = 0; i < RW_COUNT(companions); i++) {
            char from[4096];
            char to[4096];
            snprintf(from, sizeof from, "%s%s", path, companions[i]);
            snprintf(to, sizeof to, "%s%s", name, companions[i]);
            status = file_move(from, to);
            if (status != RW_OK) {
                break;
            }
        }
    }
    if (status != RW_OK) {
        free(name);
        return status;
    }
    *ret_name = name;
    return RW_OK;
}
