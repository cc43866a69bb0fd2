/* Where the runner stands in a plan: what the store keeps of it, and counts of the runs since. */
#include "runwalk/store/course.h"
#include "store_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

struct desk {
    char path[64];
    struct rw_wall wall;
    struct rw_store *store;
};

static void desk_open(struct desk *desk)
{
    char problem[RW_STORE_PROBLEM_MAX];
    assert_int_equal(rw_store_open(desk->path, &desk->wall, &desk->store, problem), RW_OK);
}

static void desk_reopen(struct desk *desk)
{
    rw_store_close(desk->store);
    desk_open(desk);
}

static int desk_set(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    strcpy(desk->path, "/tmp/rw-course-XXXXXX");
    int fd = mkstemp(desk->path);
    assert_true(fd >= 0);
    close(fd);
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
    static const char *const names[] = {"", "-wal", "-shm"};
    rw_store_close(desk->store);
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", desk->path, names[i]);
        unlink(path);
    }
    free(desk);
    return 0;
}

/* Records a run of PLAN (or NULL) that lasted MINUTES, ended as STATE, with COMMANDS in it. */
static void run_write(struct desk *desk, const char *plan, uint32_t week, uint32_t day, int minutes,
                      enum rw_run_state state, const char *const *commands, size_t count)
{
    struct rw_run_begin *begin = calloc(1, sizeof *begin);
    begin->name = strdup("Run");
    begin->bytes = strdup("name: x");
    begin->size = 7;
    begin->settings = strdup("{}");
    begin->planned_ms = 1800000;
    begin->planned_runs = 8;
    begin->plan = plan ? strdup(plan) : NULL;
    begin->plan_week = week;
    begin->plan_day = day;
    struct rw_record records[8] = {{.type = RW_RECORD_BEGIN, .begin = begin}};
    size_t used = 1;
    for (size_t i = 0; i < count; i++) {
        records[used] = (struct rw_record){.type = RW_RECORD_COMMAND};
        strcpy(records[used].command.source, "cli");
        snprintf(records[used].text, sizeof records[used].text, "%s", commands[i]);
        used++;
    }
    records[used++] = (struct rw_record){.type = RW_RECORD_END,
                                         .clock = SECONDS(minutes * 60),
                                         .session = SECONDS(minutes * 60),
                                         .end = {state, state == RW_RUN_DONE ? 8 : 3}};
    struct rw_mark mark = {desk->wall, SECONDS(minutes * 60), SECONDS(minutes * 60)};
    assert_int_equal(rw_store_write(desk->store, records, used, &mark), RW_OK);
    for (size_t i = 0; i < used; i++) {
        rw_record_finish(&records[i]);
    }
}

#define RUN(desk, plan, week, day, minutes, state, ...)                                            \
    run_write(desk, plan, week, day, minutes, state, (const char *const[]){__VA_ARGS__},           \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void course_set(struct desk *desk, const char *mark, const char *plan, int week, int day)
{
    struct rw_course course = {.week = week, .day = day};
    snprintf(course.mark, sizeof course.mark, "%s", mark);
    snprintf(course.plan, sizeof course.plan, "%s", plan);
    assert_int_equal(rw_store_course_set(desk->store, &course, &desk->wall), RW_OK);
}

static void assert_course(struct desk *desk, const char *expected)
{
    char *json;
    assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
    assert_string_equal(json, expected);
    free(json);
}

#define COURSE(mark, plan, week, day)                                                              \
    "{\"course\":{\"mark\":\"" mark "\",\"plan\":" plan ",\"week\":" week ",\"day\":" day          \
    ",\"unix_ms\":1800000000000,\"dating\":\"clock\"},"

static void without_a_word_there_is_no_course(void **state)
{
    assert_course(*state, "{\"course\":null,\"waits\":false,\"runs\":[]}");
}

static void the_runs_since_are_told_with_what_counts(void **state)
{
    struct desk *desk = *state;
    RUN(desk, "beginner", 9, 9, 30, RW_RUN_DONE, "start"); /* before the word: of no interest */
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 30, RW_RUN_DONE, "start", "rest", "rest");
    RUN(desk, "other", 2, 2, 10, RW_RUN_STOPPED, "start", "pain");
    RUN(desk, NULL, 0, 0, 1, RW_RUN_STOPPED, "dizzy");
    desk_reopen(desk);
    assert_course(
        desk,
        COURSE(
            "start", "\"beginner\"", "1",
            "1") "\"waits\":false,\"runs\":["
                 "{\"run\":2,\"week\":1,\"day\":1,\"unix_ms\":1799998200000,\"dating\":\"clock\","
                 "\"session_ms\":1800000,\"planned_ms\":1800000,\"rests\":2,\"ended_early\":false,"
                 "\"has_runs\":true,\"pain\":false,\"emergency\":false},"
                 "{\"run\":3,\"week\":0,\"day\":0,\"unix_ms\":1799999400000,\"dating\":\"clock\","
                 "\"session_ms\":600000,\"planned_ms\":1800000,\"rests\":0,\"ended_early\":true,"
                 "\"has_runs\":true,\"pain\":true,\"emergency\":false},"
                 "{\"run\":4,\"week\":0,\"day\":0,\"unix_ms\":1799999940000,\"dating\":\"clock\","
                 "\"session_ms\":60000,\"planned_ms\":1800000,\"rests\":0,\"ended_early\":true,"
                 "\"has_runs\":true,\"pain\":false,\"emergency\":true}]}");
}

static void an_emergency_without_a_run_is_remembered_until_all_is_well(void **state)
{
    struct desk *desk = *state;
    int64_t erased;
    assert_int_equal(rw_store_course_unwell(desk->store, &desk->wall), RW_OK);
    assert_course(desk, COURSE("stop", "null", "1", "1") "\"waits\":true,\"runs\":[]}");
    course_set(desk, "start", "beginner", 2, 1);
    assert_course(desk, COURSE("start", "\"beginner\"", "2", "1") "\"waits\":true,\"runs\":[]}");
    course_set(desk, "well", "beginner", 2, 1);
    assert_int_equal(rw_store_course_unwell(desk->store, &desk->wall), RW_OK);
    assert_course(desk, COURSE("well", "\"beginner\"", "2", "1") "\"waits\":true,\"runs\":[]}");
    assert_int_equal(rw_store_forget(desk->store, 0, &erased), RW_OK);
    assert_course(desk, COURSE("well", "\"beginner\"", "2", "1") "\"waits\":false,\"runs\":[]}");
}

static void an_emergency_is_remembered_until_all_is_well(void **state)
{
    struct desk *desk = *state;
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 5, RW_RUN_STOPPED, "dizzy");
    course_set(desk, "skip", "beginner", 1, 2);
    assert_course(desk, COURSE("skip", "\"beginner\"", "1", "2") "\"waits\":true,\"runs\":[]}");
    course_set(desk, "well", "beginner", 1, 1);
    assert_course(desk, COURSE("well", "\"beginner\"", "1", "1") "\"waits\":false,\"runs\":[]}");
    course_set(desk, "start", "other", 1, 1);
    assert_course(desk, COURSE("start", "\"other\"", "1", "1") "\"waits\":false,\"runs\":[]}");
    course_set(desk, "stop", "", 1, 1);
    assert_course(desk, COURSE("stop", "null", "1", "1") "\"waits\":false,\"runs\":[]}");
}

/* What the runner says afterwards counts like what was said during the run. */
static void a_bad_back_after_the_run_is_pain(void **state)
{
    struct desk *desk = *state;
    struct rw_remarks remarks = {.effort = 9};
    char *json;
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 30, RW_RUN_DONE, "start");
    static const struct {
        const char *word, *pain;
    } backs[] = {{"none", "\"pain\":false"}, {"some", "\"pain\":false"}, {"bad", "\"pain\":true"}};
    for (size_t i = 0; i < RW_COUNT(backs); i++) {
        strcpy(remarks.back, backs[i].word);
        assert_int_equal(rw_store_remark(desk->store, 0, &remarks, &json), RW_OK);
        free(json);
        assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
        assert_non_null(strstr(json, backs[i].pain));
        free(json);
    }
}

static void what_hurts_is_pain_and_the_chest_an_emergency(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *pain, *expected;
    } cases[] = {
        {"knee", "\"pain\":true,\"emergency\":false"},
        {"knee, chest", "\"pain\":true,\"emergency\":true"},
        {"chest", "\"pain\":true,\"emergency\":true"},
        {"dizzy", "\"pain\":false,\"emergency\":true"},
        {"none", "\"pain\":false,\"emergency\":false"},
    };
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 30, RW_RUN_DONE, "start");
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        char *json;
        assert_int_equal(rw_store_run(desk->store, "UPDATE runs SET pain = ?", "t", cases[i].pain),
                         RW_OK);
        assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
        assert_non_null(strstr(json, cases[i].expected));
        free(json);
    }
}

static void refused_commands_do_not_count(void **state)
{
    struct desk *desk = *state;
    char *json;
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 30, RW_RUN_DONE, "rest", "dizzy", "pain");
    assert_int_equal(rw_store_run(desk->store, "UPDATE commands SET refused = 'busy'", ""), RW_OK);
    assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
    assert_non_null(strstr(json, "\"rests\":0"));
    assert_non_null(strstr(json, "\"pain\":false,\"emergency\":false"));
    free(json);
}

static void whoever_stops_in_the_cool_down_has_not_ended_early(void **state)
{
    struct desk *desk = *state;
    char *json;
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 28, RW_RUN_STOPPED, "stop");
    assert_int_equal(rw_store_run(desk->store, "UPDATE runs SET runs_done = 8", ""), RW_OK);
    assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
    assert_non_null(strstr(json, "\"ended_early\":false"));
    free(json);
}

/* The place in the plan stays; nothing of the run does. */
static void the_place_outlives_the_runs_it_follows_from(void **state)
{
    struct desk *desk = *state;
    int64_t count;
    course_set(desk, "start", "beginner", 1, 1);
    RUN(desk, "beginner", 1, 1, 30, RW_RUN_DONE, "start");
    RUN(desk, "beginner", 1, 2, 30, RW_RUN_DONE, "start");
    assert_int_equal(rw_store_forget(desk->store, 1, &count), RW_OK);
    char *json;
    assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
    assert_non_null(strstr(json, "\"mark\":\"start\"")); /* the other run still tells */
    free(json);
    assert_int_equal(rw_store_forget(desk->store, 0, &count), RW_OK);
    assert_course(desk, "{\"course\":{\"mark\":\"ran\",\"plan\":\"beginner\",\"week\":1,\"day\":2,"
                        "\"unix_ms\":0,\"dating\":\"uncertain\"},\"waits\":false,\"runs\":[]}");
    RUN(desk, "beginner", 1, 3, 10, RW_RUN_STOPPED, "stop");
    assert_int_equal(rw_store_forget(desk->store, 3, &count), RW_OK);
    assert_course(desk,
                  "{\"course\":{\"mark\":\"repeat\",\"plan\":\"beginner\",\"week\":1,\"day\":3,"
                  "\"unix_ms\":0,\"dating\":\"uncertain\"},\"waits\":false,\"runs\":[]}");
}

static void a_word_before_the_clock_was_right_is_dated_later(void **state)
{
    struct desk *desk = *state;
    char *json;
    desk->wall.is_synced = false;
    desk->wall.real = SECONDS(5);
    course_set(desk, "start", "beginner", 1, 1);
    assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
    assert_non_null(strstr(json, "\"dating\":\"uncertain\""));
    free(json);
    desk->wall.is_synced = true;
    desk->wall.boot = SECONDS(1060);
    desk->wall.real = SECONDS(1800000060);
    desk_reopen(desk);
    assert_int_equal(rw_store_course(desk->store, &json), RW_OK);
    assert_non_null(strstr(json, "\"unix_ms\":1800000000000,\"dating\":\"later\""));
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_word_there_is_no_course, desk_set, desk_clear),
        cmocka_unit_test_setup_teardown(the_runs_since_are_told_with_what_counts, desk_set,
                                        desk_clear),
        cmocka_unit_test_setup_teardown(an_emergency_without_a_run_is_remembered_until_all_is_well,
                                        desk_set, desk_clear),
        cmocka_unit_test_setup_teardown(an_emergency_is_remembered_until_all_is_well, desk_set,
                                        desk_clear),
        cmocka_unit_test_setup_teardown(a_bad_back_after_the_run_is_pain, desk_set, desk_clear),
        cmocka_unit_test_setup_teardown(what_hurts_is_pain_and_the_chest_an_emergency, desk_set,
                                        desk_clear),
        cmocka_unit_test_setup_teardown(refused_commands_do_not_count, desk_set, desk_clear),
        cmocka_unit_test_setup_teardown(whoever_stops_in_the_cool_down_has_not_ended_early,
                                        desk_set, desk_clear),
        cmocka_unit_test_setup_teardown(the_place_outlives_the_runs_it_follows_from, desk_set,
                                        desk_clear),
        cmocka_unit_test_setup_teardown(a_word_before_the_clock_was_right_is_dated_later, desk_set,
                                        desk_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
