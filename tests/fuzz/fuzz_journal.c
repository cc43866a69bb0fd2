/*
 * Any values in the rows of a run's journal, which is then read back and run again. The journal is
 * that of one real run; each line of the input changes a value of it: `COLUMN ROW VALUE`, where
 * the column is named as below and a VALUE that is no number is text; `+ COMMAND` adds a row to
 * the commands, for the lines behind it to fill.
 */
#include "fuzz.h"

#include "runwalk/coach/coach.h"
#include "runwalk/profile/profile_file.h"
#include "store_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048
#define LINES_MAX      64
#define PLAYS_MAX      100000

static const char profile[] = "name: Journal\n"
                              "steps:\n"
                              "  - warmup: 1m\n"
                              "  - repeat: 2\n"
                              "    steps:\n"
                              "      - run: 1m\n"
                              "      - walk: 30s\n";

static const char *const columns[][2] = {
    {"runs", "state"},          {"runs", "name"},
    {"runs", "profile"},        {"runs", "settings"},
    {"runs", "seed"},           {"runs", "clock_ns"},
    {"runs", "session_ns"},     {"runs", "mark_real_ns"},
    {"runs", "mark_boot_ns"},   {"runs", "mark_boot_id"},
    {"runs", "planned_ms"},     {"segments", "segment"},
    {"segments", "kind"},       {"segments", "planned_ms"},
    {"segments", "begin_ns"},   {"commands", "command"},
    {"commands", "amount_ns"},  {"commands", "clock_ns"},
    {"commands", "session_ns"}, {"commands", "latency_ns"},
    {"commands", "refused"},    {"cues", "cue"},
    {"cues", "outcome"},        {"cues", "words"},
};

static struct {
    char path[64];
    struct rw_store *store;
    struct rw_voice *voice;
    uint64_t plays;
} stage;

static void stage_remove(void)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    rw_store_close(stage.store);
    rw_voice_close(stage.voice);
    for (size_t i = 0; i < RW_COUNT(endings); i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", stage.path, endings[i]);
        unlink(path);
    }
    *strrchr(stage.path, '/') = '\0';
    rmdir(stage.path);
}

static struct rw_record command_record(enum rw_command command, int64_t second)
{
    struct rw_record record = {
        .type = RW_RECORD_COMMAND,
        .clock = second * RW_NS_PER_SECOND,
        .session = second * RW_NS_PER_SECOND,
        .command = {.entry = {.command = command,
                              .clock = second * RW_NS_PER_SECOND,
                              .session = second * RW_NS_PER_SECOND,
                              .latency = RW_NS_PER_SECOND / 2},
                    .source = "cli"},
    };
    strcpy(record.text, rw_command_name(command));
    return record;
}

static void run_write(void)
{
    struct rw_run_begin *begin = calloc(1, sizeof *begin);
    if (!begin) {
        abort();
    }
    begin->name = strdup("Journal");
    begin->bytes = strdup(profile);
    begin->size = strlen(profile);
    begin->settings = strdup("{}");
    begin->planned_ms = 240000;
    struct rw_record records[] = {
        {.type = RW_RECORD_BEGIN, .begin = begin},
        command_record(RW_COMMAND_START, 0),
        {.type = RW_RECORD_SEGMENT, .segment = {.planned_ms = 60000, .kind = RW_KIND_WARMUP}},
        {.type = RW_RECORD_CUE, .cue = {.number = 1, .type = "change"}},
        command_record(RW_COMMAND_PAUSE, 20),
        command_record(RW_COMMAND_RESUME, 40),
        command_record(RW_COMMAND_SKIP, 50),
        command_record(RW_COMMAND_EXTEND, 60),
    };
    struct rw_mark mark = {.clock = 70 * RW_NS_PER_SECOND, .session = 50 * RW_NS_PER_SECOND};
    if (rw_store_write(stage.store, records, RW_COUNT(records), &mark) != RW_OK) {
        abort();
    }
    for (size_t i = 0; i < RW_COUNT(records); i++) {
        rw_record_finish(&records[i]);
    }
}

static void stage_make(void)
{
    struct rw_wall wall = {.boot_id = "one", .boot = RW_NS_PER_SECOND, .real = RW_NS_PER_SECOND};
    static char problem[RW_STORE_PROBLEM_MAX];
    static struct rw_diagnostics diagnostics;
    char directory[] = "/tmp/runwalk-fuzz-XXXXXX";
    rw_diagnostics_init(&diagnostics);
    if (!mkdtemp(directory)) {
        abort();
    }
    snprintf(stage.path, sizeof stage.path, "%s/history.db", directory);
    if (rw_store_open(stage.path, &wall, &stage.store, problem) != RW_OK ||
        rw_voice_open(FUZZ_SOUNDS "/en", &diagnostics, &stage.voice) != RW_OK) {
        fprintf(stderr, "%s\n", problem);
        abort();
    }
    run_write();
    atexit(stage_remove);
}

static void statement_run(const char *text)
{
    /* What the schema refuses does not happen. */
    sqlite3_exec(stage.store->db, text, NULL, NULL, NULL);
}

static void line_apply(const char *line)
{
    char *end;
    char *statement;
    if (line[0] == '+') {
        statement_run("INSERT INTO commands SELECT * FROM commands ORDER BY rowid LIMIT 1");
        return;
    }
    for (size_t i = 0; i < RW_COUNT(columns); i++) {
        size_t size = strlen(columns[i][1]);
        if (strncmp(line, columns[i][1], size) != 0 || line[size] != ' ') {
            continue;
        }
        long row = strtol(line + size, &end, 10);
        const char *value = *end == ' ' ? end + 1 : end;
        long long number = strtoll(value, &end, 10);
        bool is_number = *value != '\0' && *end == '\0';
        statement = is_number ? sqlite3_mprintf("UPDATE %s SET %s=%lld WHERE rowid=%ld",
                                                columns[i][0], columns[i][1], number, row)
                              : sqlite3_mprintf("UPDATE %s SET %s=%Q WHERE rowid=%ld",
                                                columns[i][0], columns[i][1], value, row);
        statement_run(statement);
        sqlite3_free(statement);
    }
}

static void lines_apply(const uint8_t *data, size_t size)
{
    for (int i = 0; i < LINES_MAX && size > 0; i++) {
        char line[LINE_MAX_BYTES];
        const uint8_t *end = memchr(data, '\n', size);
        size_t length = end ? (size_t)(end - data) : size;
        size_t kept = length < sizeof line - 1 ? length : sizeof line - 1;
        memcpy(line, data, kept);
        line[kept] = '\0';
        line_apply(line);
        length += end != NULL;
        data += length;
        size -= length;
    }
}

/* ---- running it again ---- */

static void sink_play(void *context, const struct rw_play *play)
{
    (void)context;
    (void)play;
    if (++stage.plays > PLAYS_MAX) {
        abort();
    }
}

static void sink_cancel(void *context, uint32_t epoch)
{
    (void)context;
    (void)epoch;
}

static void sink_expect(void *context, rw_ns at)
{
    (void)context;
    (void)at;
}

static rw_ns sink_earliest(void *context, rw_ns now)
{
    (void)context;
    return now + RW_NS_PER_SECOND / 5;
}

static void event_pass(void *context, const struct rw_coach_event *event)
{
    (void)context;
    (void)event;
}

static void run_again(const struct rw_replay *replay)
{
    struct rw_sink sink = {
        .play = sink_play, .cancel = sink_cancel, .expect = sink_expect, .earliest = sink_earliest};
    struct rw_coach_observer observer = {.event = event_pass};
    struct rw_coach_recovery recovery = {.entries = replay->entries,
                                         .count = replay->count,
                                         .until = replay->last.mark.clock,
                                         .away = 10 * RW_NS_PER_SECOND,
                                         .cue_max = replay->cue_max};
    rw_ns now = INT64_C(100000000) * RW_NS_PER_SECOND;
    struct rw_coach *coach;
    stage.plays = 0;
    if (rw_profile_parse(replay->begin->bytes, replay->begin->size, NULL, &recovery.profile) !=
        RW_OK) {
        return;
    }
    if (rw_coach_create(stage.voice, sink, observer, &coach) != RW_OK) {
        abort();
    }
    if (rw_coach_recover(coach, now, &recovery) == RW_OK) {
        for (int i = 0; i < 200 && rw_coach_deadline(coach) != RW_NS_NEVER; i++) {
            rw_ns next = rw_coach_deadline(coach);
            now = next > now ? next : now + RW_NS_PER_MS;
            rw_coach_advance(coach, now);
        }
    } else {
        rw_profile_destroy(recovery.profile);
    }
    rw_coach_destroy(coach);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rw_last_run last;
    struct rw_replay replay;
    char *json = NULL;
    if (!stage.store) {
        stage_make();
    }
    statement_run("BEGIN");
    lines_apply(data, size);
    if (rw_store_last(stage.store, &last) == RW_OK &&
        rw_store_load(stage.store, last.run, &replay) == RW_OK) {
        run_again(&replay);
        rw_replay_finish(&replay);
    }
    if (rw_store_show(stage.store, 1, true, &json) == RW_OK) {
        free(json);
    }
    for (int part = 0; part < RW_STORE_PART_COUNT; part++) {
        if (rw_store_rows(stage.store, 1, (enum rw_store_part)part, part % 2 == 0, 0, 50, &json) ==
            RW_OK) {
            free(json);
        }
    }
    statement_run("ROLLBACK");
    return 0;
}
