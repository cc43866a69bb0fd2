/* The store against real files: what is written comes back, what is damaged is set aside. */
#include "store_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

struct desk {
    char directory[32];
    char path[64];
    char problem[RW_STORE_PROBLEM_MAX];
    struct rw_wall wall;
    struct rw_store *store;
};

static void desk_open(struct desk *desk)
{
    assert_int_equal(rw_store_open(desk->path, &desk->wall, &desk->store, desk->problem), RW_OK);
}

static int desk_set(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    strcpy(desk->directory, "/tmp/rw-store-XXXXXX");
    assert_non_null(mkdtemp(desk->directory));
    snprintf(desk->path, sizeof desk->path, "%s/history.db", desk->directory);
    strcpy(desk->wall.boot_id, "one");
    desk->wall.boot = SECONDS(1000);
    desk->wall.real = SECONDS(1800000000);
    desk->wall.is_synced = true;
    desk_open(desk);
    *state = desk;
    return 0;
}

static int desk_clear(void **state)
{
    struct desk *desk = *state;
    rw_store_close(desk->store);
    static const char *const names[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", desk->path, names[i]);
        unlink(path);
    }
    rmdir(desk->directory);
    free(desk);
    return 0;
}

static struct rw_record begin_record(const char *name)
{
    struct rw_run_begin *begin = calloc(1, sizeof *begin);
    begin->name = strdup(name);
    begin->bytes = strdup("name: x");
    begin->size = 7;
    begin->settings = strdup("{}");
    begin->seed = 42;
    begin->planned_ms = 60000;
    return (struct rw_record){.type = RW_RECORD_BEGIN, .begin = begin};
}

static struct rw_record command_record(enum rw_command command, rw_ns clock, rw_ns amount)
{
    struct rw_record record = {.type = RW_RECORD_COMMAND, .clock = clock, .session = clock};
    record.command.entry = (struct rw_command_entry){
        .command = command, .amount = amount, .clock = clock, .latency = SECONDS(1)};
    strcpy(record.command.source, "cli");
    strcpy(record.text, rw_command_name(command));
    return record;
}

static void desk_write(struct desk *desk, struct rw_record *records, size_t count, rw_ns clock)
{
    struct rw_mark mark = {desk->wall, clock, clock};
    mark.wall.boot += clock;
    mark.wall.real += clock;
    assert_int_equal(rw_store_write(desk->store, records, count, &mark), RW_OK);
    for (size_t i = 0; i < count; i++) {
        rw_record_finish(&records[i]);
    }
}

static void desk_begin(struct desk *desk)
{
    struct rw_record records[] = {begin_record("Tuesday"),
                                  command_record(RW_COMMAND_START, 0, SECONDS(5))};
    desk_write(desk, records, RW_COUNT(records), 0);
}

static void desk_reopen(struct desk *desk)
{
    rw_store_close(desk->store);
    desk_open(desk);
}

/* Runs SQL behind the store's back. */
static void desk_meddle(struct desk *desk, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(desk->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_run_is_read_back_as_it_was_written(void **state)
{
    struct desk *desk = *state;
    desk_begin(desk);
    struct rw_record more[] = {command_record(RW_COMMAND_EXTEND, SECONDS(10), -SECONDS(30)),
                               command_record(RW_COMMAND_SKIP, SECONDS(20), 0)};
    strcpy(more[1].reason, "not-running"); /* refused: no part of the run */
    desk_write(desk, more, RW_COUNT(more), SECONDS(20));
    desk_reopen(desk);

    struct rw_last_run last;
    assert_int_equal(rw_store_last(desk->store, &last), RW_OK);
    assert_string_equal(last.name, "Tuesday");
    assert_int_equal(last.state, RW_RUN_ON);
    assert_true(last.mark.clock == SECONDS(20));
    assert_true(last.mark.wall.boot == SECONDS(1020));
    assert_string_equal(last.mark.wall.boot_id, "one");

    struct rw_replay replay;
    assert_int_equal(rw_store_load(desk->store, last.run, &replay), RW_OK);
    assert_int_equal(replay.begin->size, 7);
    assert_memory_equal(replay.begin->bytes, "name: x", 7);
    assert_int_equal(replay.begin->seed, 42);
    assert_int_equal(replay.count, 2);
    assert_int_equal(replay.entries[1].command, RW_COMMAND_EXTEND);
    assert_true(replay.entries[1].amount == -SECONDS(30));
    assert_true(replay.entries[1].latency == SECONDS(1));
    rw_replay_finish(&replay);
}

static void an_older_database_is_brought_up_to_date_with_its_runs(void **state)
{
    struct desk *desk = *state;
    desk_begin(desk);
    rw_store_close(desk->store);
    desk->store = NULL;
    desk_meddle(desk, "ALTER TABLE runs DROP COLUMN effort; ALTER TABLE runs DROP COLUMN pain;"
                      "ALTER TABLE runs DROP COLUMN note; ALTER TABLE runs DROP COLUMN back;"
                      "ALTER TABLE runs DROP COLUMN plan; ALTER TABLE runs DROP COLUMN plan_week;"
                      "ALTER TABLE runs DROP COLUMN plan_day; DROP TABLE course;"
                      "ALTER TABLE commands DROP COLUMN other_ns;"
                      "ALTER TABLE commands DROP COLUMN detail;"
                      "PRAGMA user_version = 1");
    desk_open(desk);
    char *json;
    assert_int_equal(rw_store_show(desk->store, 1, true, &json), RW_OK);
    assert_non_null(strstr(json, "\"name\":\"Tuesday\""));
    free(json);
}

static void a_newer_database_is_left_alone(void **state)
{
    struct desk *desk = *state;
    struct rw_store *store = NULL;
    rw_store_close(desk->store);
    desk->store = NULL;
    desk_meddle(desk, "PRAGMA user_version = 99");
    assert_int_equal(rw_store_open(desk->path, &desk->wall, &store, desk->problem), RW_ESTATE);
    assert_null(store);
    assert_non_null(strstr(desk->problem, "newer"));
}

static void what_is_no_database_is_set_aside_whole(void **state)
{
    struct desk *desk = *state;
    struct rw_store *store;
    char *name;
    char text[16] = "";
    rw_store_close(desk->store);
    desk->store = NULL;
    FILE *file = fopen(desk->path, "w");
    for (int i = 0; i < 1000; i++) {
        fputs("rubbish ", file);
    }
    fclose(file);
    assert_int_equal(rw_store_open(desk->path, &desk->wall, &store, desk->problem), RW_EINVALID);
    for (int i = 0; i < 2; i++) { /* a second one of the same second gets another name */
        assert_int_equal(rw_store_set_aside(desk->path, &desk->wall, &name), RW_OK);
        file = fopen(name, "r");
        assert_non_null(file);
        assert_non_null(fgets(text, sizeof text, file));
        assert_memory_equal(text, "rubbish", 7);
        fclose(file);
        if (i == 0) {
            assert_int_equal(link(name, desk->path), 0);
        }
        unlink(name);
        free(name);
    }
    desk_open(desk);
}

static void only_the_owner_can_read_it(void **state)
{
    struct desk *desk = *state;
    struct stat info;
    desk_begin(desk);
    static const char *const names[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", desk->path, names[i]);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 07777, 0600);
    }
    struct rw_store *store;
    rw_store_close(desk->store);
    desk->store = NULL;
    assert_int_equal(chmod(desk->path, 0644), 0);
    desk_open(desk);
    assert_int_equal(stat(desk->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    rw_store_close(desk->store);
    desk->store = NULL;
    unlink(desk->path);
    assert_int_equal(symlink("/dev/null", desk->path), 0);
    assert_int_equal(rw_store_open(desk->path, &desk->wall, &store, desk->problem), RW_ESTATE);
}

static void rows_that_make_no_sense_are_not_run_again(void **state)
{
    struct desk *desk = *state;
    struct rw_replay replay;
    static const char *const changes[] = {
        "UPDATE commands SET command = 'fly'",
        "UPDATE commands SET clock_ns = -1",
        "UPDATE commands SET clock_ns = 9223372036854775807",
        "UPDATE commands SET latency_ns = -5",
        "UPDATE commands SET amount_ns = 9000000000000000",
        "UPDATE commands SET command = 'skip'",
        "UPDATE commands SET command = x'00ff'",
        "DELETE FROM commands",
        "UPDATE runs SET profile = ''",
        "UPDATE runs SET profile = zeroblob(2000000)",
        "UPDATE runs SET state = 'flying'",
        "UPDATE runs SET clock_ns = -7",
        "UPDATE runs SET mark_boot_ns = 'soon', clock_ns = 'never', mark_real_ns = 1e300",
    };
    for (size_t i = 0; i < RW_COUNT(changes); i++) {
        desk_begin(desk);
        desk_meddle(desk, changes[i]);
        struct rw_last_run last = {0};
        enum rw_status status = rw_store_last(desk->store, &last);
        if (status == RW_OK) {
            status = rw_store_load(desk->store, last.run, &replay);
        }
        if (status == RW_OK) {
            fail_msg("accepted: %s", changes[i]);
        }
        desk_meddle(desk, "DELETE FROM commands; DELETE FROM runs");
    }
}

static void a_batch_is_written_whole_or_not_at_all(void **state)
{
    struct desk *desk = *state;
    desk_begin(desk);
    desk_meddle(desk, "CREATE TRIGGER refuse BEFORE INSERT ON incidents"
                      " BEGIN SELECT raise(ABORT, 'no'); END");
    struct rw_record records[] = {
        command_record(RW_COMMAND_SKIP, SECONDS(1), 0),
        {.type = RW_RECORD_INCIDENT, .clock = SECONDS(2), .incident = "suspend"},
    };
    struct rw_mark mark = {desk->wall, SECONDS(2), SECONDS(2)};
    assert_int_not_equal(rw_store_write(desk->store, records, 2, &mark), RW_OK);
    char *json;
    assert_int_equal(rw_store_rows(desk->store, 1, RW_STORE_COMMANDS, true, 0, 10, &json), RW_OK);
    assert_null(strstr(json, "skip"));
    free(json);
    desk_meddle(desk, "DROP TRIGGER refuse");
    assert_int_equal(rw_store_write(desk->store, records, 2, &mark), RW_OK);
    assert_int_equal(rw_store_rows(desk->store, 1, RW_STORE_COMMANDS, true, 0, 10, &json), RW_OK);
    assert_non_null(strstr(json, "skip"));
    free(json);
}

static void a_full_disk_is_told_and_nothing_is_half_written(void **state)
{
    struct desk *desk = *state;
    desk_begin(desk);
    desk_reopen(desk);
    struct rw_last_run last;
    struct rw_mark mark = {desk->wall, SECONDS(1), SECONDS(1)};
    struct rw_record again = {.type = RW_RECORD_CONTINUE, .resumed = {1, false}};
    assert_int_equal(rw_store_write(desk->store, &again, 1, &mark), RW_OK);
    struct rw_record record = begin_record("Big");
    free(record.begin->bytes);
    record.begin->size = 200000;
    record.begin->bytes = calloc(1, record.begin->size);
    /* The store's own connection is told that the file may not grow. */
    assert_int_equal(rw_store_run(desk->store, "PRAGMA max_page_count = 4", ""), RW_OK);
    mark.clock = 0;
    assert_int_equal(rw_store_write(desk->store, &record, 1, &mark), RW_EIO);
    assert_non_null(strstr(rw_store_problem(desk->store), "full"));
    rw_record_finish(&record);
    assert_int_equal(rw_store_last(desk->store, &last), RW_OK);
    assert_string_equal(last.name, "Tuesday");
    struct rw_record skip = command_record(RW_COMMAND_SKIP, SECONDS(3), 0);
    desk_write(desk, &skip, 1, SECONDS(3)); /* the run that was on is still the one written to */
}

static void a_date_follows_when_the_clock_is_right_at_last(void **state)
{
    struct desk *desk = *state;
    char *json;
    desk->wall.is_synced = false;
    desk->wall.real = SECONDS(100); /* 1970 */
    desk_begin(desk);
    assert_int_equal(rw_store_show(desk->store, 1, false, &json), RW_OK);
    assert_non_null(strstr(json, "\"dating\":\"uncertain\""));
    free(json);
    desk->wall.is_synced = true;
    desk->wall.real = SECONDS(1800000000);
    desk->wall.boot = SECONDS(1600);
    desk_reopen(desk);
    assert_int_equal(rw_store_show(desk->store, 1, false, &json), RW_OK);
    assert_non_null(strstr(json, "\"dating\":\"later\""));
    assert_non_null(strstr(json, "\"begin_unix_ms\":1799999400000"));
    free(json);
}

static void another_boot_never_dates_a_run(void **state)
{
    struct desk *desk = *state;
    char *json;
    desk->wall.is_synced = false;
    desk_begin(desk);
    desk->wall.is_synced = true;
    strcpy(desk->wall.boot_id, "two");
    desk_reopen(desk);
    assert_int_equal(rw_store_show(desk->store, 1, false, &json), RW_OK);
    assert_non_null(strstr(json, "\"dating\":\"uncertain\""));
    free(json);
}

static void forgetting_leaves_no_trace_in_the_files(void **state)
{
    struct desk *desk = *state;
    int64_t count;
    struct rw_record records[] = {begin_record("Xylophone"),
                                  command_record(RW_COMMAND_START, 0, 0)};
    desk_begin(desk);
    desk_write(desk, records, 2, 0);
    assert_int_equal(rw_store_forget(desk->store, 2, &count), RW_ESTATE);
    struct rw_record end = {.type = RW_RECORD_END, .end = {RW_RUN_DONE, 1}};
    desk_write(desk, &end, 1, SECONDS(9));
    assert_int_equal(rw_store_forget(desk->store, 2, &count), RW_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rw_store_forget(desk->store, 2, &count), RW_ENOENT);
    struct rw_replay replay; /* the one before it is not taken for the last */
    assert_int_equal(rw_store_load(desk->store, -1, &replay), RW_ENOENT);
    static const char *const names[] = {"", "-wal"};
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        char path[96];
        static char bytes[1 << 20];
        snprintf(path, sizeof path, "%s%s", desk->path, names[i]);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_null(memmem(bytes, size, "Xylophone", 9));
    }
    struct rw_record late = {.type = RW_RECORD_INCIDENT, .incident = "underrun"};
    desk_write(desk, &late, 1, SECONDS(10)); /* of a run that is forgotten: passed over */
    assert_int_equal(rw_store_forget(desk->store, 0, &count), RW_OK);
    assert_int_equal(count, 1);
}

static void a_start_taken_back_was_no_run(void **state)
{
    struct desk *desk = *state;
    struct rw_last_run last;
    desk_begin(desk);
    struct rw_record cancel = {.type = RW_RECORD_CANCEL};
    desk_write(desk, &cancel, 1, SECONDS(1));
    assert_int_equal(rw_store_last(desk->store, &last), RW_ENOENT);
}

static void a_cue_keeps_both_sides_of_its_story(void **state)
{
    struct desk *desk = *state;
    char *json;
    desk_begin(desk);
    struct rw_record records[4] = {
        {.type = RW_RECORD_CUE, .session = SECONDS(3), .text = "Run."},
        {.type = RW_RECORD_OUTCOME, .clock = SECONDS(4)},
        {.type = RW_RECORD_OUTCOME, .clock = SECONDS(5)},
        {.type = RW_RECORD_CUE, .text = "Walk.", .reason = "a more important cue sounds then"},
    };
    records[0].cue.number = 7;
    records[0].cue.type = records[3].cue.type = "announce";
    records[1].outcome.number = records[2].outcome.number = 7;
    records[1].outcome.name = "late";
    records[1].outcome.is_start = true;
    records[2].outcome.name = "ended";
    records[3].cue.number = 0;
    desk_write(desk, records, 4, SECONDS(5));
    assert_int_equal(rw_store_rows(desk->store, 1, RW_STORE_CUES, true, 0, 10, &json), RW_OK);
    assert_non_null(strstr(json, "\"began_clock_ms\":4000,\"ended_clock_ms\":5000,"
                                 "\"outcome\":\"ended\",\"late\":true"));
    assert_non_null(strstr(json, "\"outcome\":\"dropped\""));
    free(json);
}

static void a_time_away_is_told_by_the_clock_that_knows(void **state)
{
    (void)state;
    bool exact;
    struct rw_wall then = {"one", SECONDS(1000), SECONDS(1800000000), true};
    struct rw_wall now = {"one", SECONDS(1030), SECONDS(1700000000), true};
    assert_true(rw_wall_away(&then, &now, &exact) == SECONDS(30)); /* the wall clock was changed */
    assert_true(exact);
    now = (struct rw_wall){"two", SECONDS(40), SECONDS(1800000300), true};
    assert_true(rw_wall_away(&then, &now, &exact) == SECONDS(300)); /* a reboot */
    assert_true(exact);
    now.is_synced = false;
    now.real = SECONDS(50);
    assert_true(rw_wall_away(&then, &now, &exact) == SECONDS(40));
    assert_false(exact);
    now.real = SECONDS(1800001000); /* behind the truth at most */
    assert_true(rw_wall_away(&then, &now, &exact) == SECONDS(1000));
    assert_false(exact);
}

#define desk_test(test) cmocka_unit_test_setup_teardown(test, desk_set, desk_clear)

static void remark(struct desk *desk, int64_t run, struct rw_remarks remarks, const char *expected)
{
    char *json;
    assert_int_equal(rw_store_remark(desk->store, run, &remarks, &json), RW_OK);
    const char *told = strstr(json, "\"effort\"");
    assert_non_null(told);
    assert_string_equal(told, expected);
    free(json);
}

static void what_is_not_remarked_stays_as_it_was(void **state)
{
    struct desk *desk = *state;
    desk_begin(desk);
    struct rw_record end = {.type = RW_RECORD_END, .end = {RW_RUN_DONE, 1}};
    desk_write(desk, &end, 1, SECONDS(60));
    remark(desk, 0, (struct rw_remarks){.effort = 7},
           "\"effort\":7,\"back\":null,\"pain\":null,\"note\":null}");
    remark(desk, 1, (struct rw_remarks){.back = "some", .has_note = true, .note = "Heavy"},
           "\"effort\":7,\"back\":\"some\",\"pain\":null,\"note\":\"Heavy\"}");
    remark(desk, 1, (struct rw_remarks){.has_note = true},
           "\"effort\":7,\"back\":\"some\",\"pain\":null,\"note\":null}");
    desk_meddle(desk, "UPDATE runs SET pain = 'knee'"); /* said on the way: not to be erased so */
    remark(desk, 1, (struct rw_remarks){.erases = true, .back = "bad"},
           "\"effort\":null,\"back\":\"bad\",\"pain\":\"knee\",\"note\":null}");
    remark(desk, 0, (struct rw_remarks){0},
           "\"effort\":null,\"back\":\"bad\",\"pain\":\"knee\",\"note\":null}");
}

static void a_run_that_is_on_is_not_the_latest(void **state)
{
    struct desk *desk = *state;
    char *json;
    desk_begin(desk);
    struct rw_remarks remarks = {.effort = 3};
    assert_int_equal(rw_store_remark(desk->store, 0, &remarks, &json), RW_ENOENT);
    assert_int_equal(rw_store_remark(desk->store, 2, &remarks, &json), RW_ENOENT);
    remark(desk, 1, remarks, "\"effort\":3,\"back\":null,\"pain\":null,\"note\":null}");
    desk_reopen(desk); /* it was interrupted, so it is over */
    remark(desk, 0, (struct rw_remarks){.effort = 4},
           "\"effort\":4,\"back\":null,\"pain\":null,\"note\":null}");
}

static void running_and_walking_are_summed_up(void **state)
{
    struct desk *desk = *state;
    char *json;
    desk_begin(desk);
    desk_meddle(desk,
                "INSERT INTO segments(run, segment, kind, planned_ms, begin_clock_ns,"
                " begin_ns, end_ns) VALUES (1, 0, 'warmup', 0, 0, 0, 1000000000),"
                " (1, 1, 'run', 0, 0, 1000000000, 4000000000),"
                " (1, 2, 'rest', 0, 0, 4000000000, 5000000000),"
                " (1, 3, 'run', 0, 0, 5000000000, NULL);"
                "INSERT INTO commands(run, command, amount_ns, clock_ns, session_ns,"
                " latency_ns, source, refused) VALUES"
                " (1, 'rest', 0, 0, 0, 0, 'cli', NULL), (1, 'rest', 0, 0, 0, 0, 'cli', 'busy');"
                "UPDATE runs SET session_ns = 7000000000");
    assert_int_equal(rw_store_list(desk->store, 0, 1, false, &json), RW_OK);
    assert_non_null(strstr(json, "\"running_ms\":5000,\"walking_ms\":1000,\"rests\":1}"));
    free(json);
    assert_int_equal(rw_store_list(desk->store, 0, 1, true, &json), RW_OK);
    assert_non_null(strstr(json, "\"effort\":null"));
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        desk_test(a_run_is_read_back_as_it_was_written),
        desk_test(an_older_database_is_brought_up_to_date_with_its_runs),
        desk_test(a_newer_database_is_left_alone),
        desk_test(what_is_no_database_is_set_aside_whole),
        desk_test(only_the_owner_can_read_it),
        desk_test(rows_that_make_no_sense_are_not_run_again),
        desk_test(a_batch_is_written_whole_or_not_at_all),
        desk_test(a_full_disk_is_told_and_nothing_is_half_written),
        desk_test(a_date_follows_when_the_clock_is_right_at_last),
        desk_test(another_boot_never_dates_a_run),
        desk_test(forgetting_leaves_no_trace_in_the_files),
        desk_test(a_start_taken_back_was_no_run),
        desk_test(a_cue_keeps_both_sides_of_its_story),
        desk_test(what_is_not_remarked_stays_as_it_was),
        desk_test(a_run_that_is_on_is_not_the_latest),
        desk_test(running_and_walking_are_summed_up),
        cmocka_unit_test(a_time_away_is_told_by_the_clock_that_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
