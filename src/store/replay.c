/* A run is read back. What stands in the file is not trusted: every value is within bounds, or the
 * run is not run again. */

#include "store_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Far beyond what a run has: 24 h of it, with pauses of half an hour after each of its steps. */
#define ENTRIES_MAX 100000
#define CLOCK_MAX   (INT64_C(90) * 24 * 3600 * RW_NS_PER_SECOND)
#define AMOUNT_MAX  (INT64_C(24) * 3600 * RW_NS_PER_SECOND)
#define LATENCY_MAX (INT64_C(60) * RW_NS_PER_SECOND)
#define BYTES_MAX   (1024 * 1024)

static bool is_within(rw_ns value, rw_ns least, rw_ns most)
{
    return value >= least && value <= most;
}

static void text_read(sqlite3_stmt *statement, int column, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(statement, column);
    snprintf(text, size, "%s", value ? (const char *)value : "");
}

static bool state_find(const char *name, enum rw_run_state *ret_state)
{
    for (int i = 0; i < RW_RUN_STATE_COUNT; i++) {
        if (strcmp(rw_run_state_name((enum rw_run_state)i), name) == 0) {
            *ret_state = (enum rw_run_state)i;
            return true;
        }
    }
    return false;
}

#define LAST_COLUMNS                                                                               \
    "run, state, name, clock_ns, session_ns, mark_real_ns, mark_boot_ns, mark_boot_id, "           \
    "mark_synced"
#define LAST_COLUMN_COUNT 9

/* Reads LAST_COLUMNS of the present row. */
static enum rw_status last_read(sqlite3_stmt *statement, struct rw_last_run *ret_last)
{
    struct rw_last_run last = {.run = sqlite3_column_int64(statement, 0)};
    char state[16];
    text_read(statement, 1, state, sizeof state);
    text_read(statement, 2, last.name, sizeof last.name);
    last.mark.clock = sqlite3_column_int64(statement, 3);
    last.mark.session = sqlite3_column_int64(statement, 4);
    last.mark.wall.real = sqlite3_column_int64(statement, 5);
    last.mark.wall.boot = sqlite3_column_int64(statement, 6);
    text_read(statement, 7, last.mark.wall.boot_id, sizeof last.mark.wall.boot_id);
    last.mark.wall.is_synced = sqlite3_column_int(statement, 8) != 0;
    bool is_sound = state_find(state, &last.state) && is_within(last.mark.clock, 0, CLOCK_MAX) &&
                    is_within(last.mark.wall.boot, 0, INT64_MAX / 2) &&
                    is_within(last.mark.wall.real, INT64_MIN / 2, INT64_MAX / 2);
    if (!is_sound) {
        return RW_EINVALID;
    }
    *ret_last = last;
    return RW_OK;
}

enum rw_status rw_store_last(struct rw_store *store, struct rw_last_run *ret_last)
{
    sqlite3_stmt *statement;
    enum rw_status status = rw_store_prepare(
        store, &statement, "SELECT " LAST_COLUMNS " FROM runs ORDER BY run DESC LIMIT 1", "");
    if (status != RW_OK) {
        return status;
    }
    bool found = rw_store_step(store, statement, &status);
    if (status == RW_OK) {
        /* A row that makes no sense is no reason to give the database up: nothing is recovered. */
        status = found && last_read(statement, ret_last) == RW_OK ? RW_OK : RW_ENOENT;
    }
    sqlite3_finalize(statement);
    return status;
}

static char *text_copy(sqlite3_stmt *statement, int column)
{
    const unsigned char *value = sqlite3_column_text(statement, column);
    return value ? strdup((const char *)value) : NULL;
}

/* Reads what follows LAST_COLUMNS: profile, settings, seed, path. */
static enum rw_status begin_read(sqlite3_stmt *statement, struct rw_run_begin *begin)
{
    const int first = LAST_COLUMN_COUNT;
    const void *bytes = sqlite3_column_blob(statement, first);
    int size = sqlite3_column_bytes(statement, first);
    if (!bytes || size <= 0 || size > BYTES_MAX) {
        return RW_EINVALID;
    }
    begin->bytes = malloc((size_t)size + 1);
    begin->name = text_copy(statement, 2);
    begin->settings = text_copy(statement, first + 1);
    begin->seed = sqlite3_column_int64(statement, first + 2);
    begin->path = text_copy(statement, first + 3);
    if (!begin->bytes || !begin->name || !begin->settings) {
        return RW_EMEMORY;
    }
    memcpy(begin->bytes, bytes, (size_t)size);
    begin->bytes[size] = '\0';
    begin->size = (size_t)size;
    return RW_OK;
}

static enum rw_status run_read(struct rw_store *store, int64_t run, struct rw_replay *replay)
{
    sqlite3_stmt *statement;
    enum rw_status status =
        rw_store_prepare(store, &statement,
                         "SELECT " LAST_COLUMNS ", profile, settings, seed, path,"
                         " (SELECT coalesce(max(cue), 0) FROM cues WHERE cues.run = runs.run)"
                         " FROM runs WHERE run = iif(?2 < 0, ?1, ?2)",
                         "ri", run);
    if (status != RW_OK) {
        return status;
    }
    bool found = rw_store_step(store, statement, &status);
    if (status == RW_OK) {
        status = found ? last_read(statement, &replay->last) : RW_ENOENT;
    }
    if (status == RW_OK) {
        status = begin_read(statement, replay->begin);
        int64_t cue_max = sqlite3_column_int64(statement, LAST_COLUMN_COUNT + 4);
        replay->cue_max = cue_max > 0 ? (uint64_t)cue_max : 0;
    }
    sqlite3_finalize(statement);
    return status;
}

static enum rw_status entry_read(sqlite3_stmt *statement, struct rw_command_entry *ret_entry)
{
    struct rw_command_entry entry = {
        .amount = sqlite3_column_int64(statement, 1),
        .clock = sqlite3_column_int64(statement, 2),
        .session = sqlite3_column_int64(statement, 3),
        .latency = sqlite3_column_int64(statement, 4),
        .other = sqlite3_column_int64(statement, 5),
    };
    char name[32];
    char detail[32];
    text_read(statement, 0, name, sizeof name);
    text_read(statement, 6, detail, sizeof detail);
    bool is_sound =
        rw_command_find(name, &entry.command) && is_within(entry.amount, -AMOUNT_MAX, AMOUNT_MAX) &&
        rw_detail_read(detail, &entry) && is_within(entry.other, 0, AMOUNT_MAX) &&
        is_within(entry.clock, 0, CLOCK_MAX) && is_within(entry.latency, 0, LATENCY_MAX);
    *ret_entry = entry;
    return is_sound ? RW_OK : RW_EINVALID;
}

static enum rw_status entries_read(struct rw_store *store, int64_t run, struct rw_replay *replay)
{
    sqlite3_stmt *statement;
    size_t capacity = 0;
    enum rw_status status = rw_store_prepare(
        store, &statement,
        "SELECT command, amount_ns, clock_ns, session_ns, latency_ns, other_ns, detail"
        " FROM commands WHERE run = ? AND refused IS NULL ORDER BY rowid",
        "i", run);
    if (status != RW_OK) {
        return status;
    }
    while (rw_store_step(store, statement, &status)) {
        if (replay->count == ENTRIES_MAX) {
            status = RW_EINVALID;
            break;
        }
        if (replay->count == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            void *more = realloc(replay->entries, capacity * sizeof *replay->entries);
            if (!more) {
                status = RW_EMEMORY;
                break;
            }
            replay->entries = more;
        }
        struct rw_command_entry *entry = &replay->entries[replay->count];
        status = entry_read(statement, entry);
        bool is_backwards = replay->count > 0 && entry->clock < entry[-1].clock;
        if (status == RW_OK && is_backwards) {
            status = RW_EINVALID;
        }
        if (status != RW_OK) {
            break;
        }
        replay->count++;
    }
    sqlite3_finalize(statement);
    bool is_begun = replay->count > 0 && replay->entries[0].command == RW_COMMAND_START;
    return status == RW_OK && !is_begun ? RW_EINVALID : status;
}

enum rw_status rw_store_load(struct rw_store *store, int64_t run, struct rw_replay *ret_replay)
{
    struct rw_replay replay = {.begin = calloc(1, sizeof *replay.begin)};
    enum rw_status status = replay.begin ? run_read(store, run, &replay) : RW_EMEMORY;
    if (status == RW_OK) {
        status = entries_read(store, replay.last.run, &replay);
    }
    if (status != RW_OK) {
        rw_replay_finish(&replay);
        return status;
    }
    *ret_replay = replay;
    return RW_OK;
}

void rw_replay_finish(struct rw_replay *replay)
{
    rw_run_begin_destroy(replay->begin);
    free(replay->entries);
    replay->begin = NULL;
    replay->entries = NULL;
    replay->count = 0;
}
