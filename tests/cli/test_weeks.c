/* The weeks: where one begins, what a streak is, and the chart in any width. */
#include "weeks.h"

#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTES(m) ((int64_t)(m)*60000)
#define DAY        86400

/* Wednesday, 25 November 2026, 12:00 UTC. */
#define NOW ((time_t)1795608000)

static int zone_set(void **state)
{
    (void)state;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    return 0;
}

static struct rw_session_sum sum(int days_ago, int running, int walking)
{
    return (struct rw_session_sum){
        .begin_unix_ms = (int64_t)(NOW - (time_t)days_ago * DAY) * 1000,
        .is_dated = true,
        .session_ms = MINUTES(running + walking),
        .planned_ms = MINUTES(running + walking),
        .running_ms = MINUTES(running),
        .walking_ms = MINUTES(walking),
    };
}

static bool add(struct rw_weeks *weeks, int days_ago, int running, int walking)
{
    struct rw_session_sum one = sum(days_ago, running, walking);
    return rw_weeks_add(weeks, &one);
}

static void a_week_begins_on_monday_at_midnight_of_the_wall(void **state)
{
    (void)state;
    time_t monday = 1795388400; /* 23 November 2026, 00:00 in Berlin */
    struct tm date = rw_date_of(rw_week_of(monday));
    assert_int_equal(date.tm_mday, 23);
    assert_int_equal(rw_week_of(monday - 1), rw_week_of(monday) - 7);
    assert_int_equal(rw_week_of(monday + 7 * DAY - 1), rw_week_of(monday));
    /* The week in which summer time ends has an hour more. */
    time_t october = 1792969200; /* 26 October 2026, 00:00 in Berlin, is the day after it */
    assert_int_equal(rw_date_of(rw_week_of(october)).tm_mday, 26);
    assert_int_equal(rw_date_of(rw_week_of(october - 1)).tm_mday, 19);
}

static void a_streak_ends_at_the_first_week_without_a_session(void **state)
{
    struct rw_weeks weeks;
    (void)state;
    rw_weeks_init(&weeks, NOW, 2);
    assert_int_equal(weeks.streak, 0);
    assert_true(add(&weeks, 7, 10, 10)); /* the present week is still without */
    assert_true(add(&weeks, 8, 10, 10));
    assert_int_equal(weeks.streak, 1);
    assert_true(add(&weeks, 14, 10, 10));
    assert_int_equal(weeks.streak, 2);
    assert_false(add(&weeks, 28, 10, 10)); /* nothing earlier counts */
    assert_int_equal(weeks.streak, 2);
    assert_int_equal(weeks.list[0].sessions, 2);
    assert_int_equal(weeks.list[0].running_ms, MINUTES(20));
    assert_int_equal(weeks.list[1].sessions, 0);
}

static void two_weeks_ago_is_no_streak(void **state)
{
    struct rw_weeks weeks;
    (void)state;
    rw_weeks_init(&weeks, NOW, 4);
    assert_true(add(&weeks, 14, 10, 10)); /* in the weeks that are shown */
    assert_int_equal(weeks.streak, 0);
    assert_int_equal(weeks.list[1].sessions, 1);
}

static void tries_and_runs_without_a_date_stand_in_no_week(void **state)
{
    struct rw_weeks weeks;
    (void)state;
    rw_weeks_init(&weeks, NOW, 1);
    struct rw_session_sum undated = sum(0, 10, 10);
    undated.is_dated = false;
    struct rw_session_sum tried = sum(0, 0, 0);
    tried.session_ms = 59999;
    assert_true(rw_weeks_add(&weeks, &undated));
    assert_true(rw_weeks_add(&weeks, &tried));
    assert_true(add(&weeks, -7, 10, 10)); /* tomorrow's clock */
    assert_int_equal(weeks.undated, 2);
    assert_int_equal(weeks.streak, 0);
    assert_int_equal(weeks.list[0].sessions, 0);
}

static void the_chart_is_drawn_to_scale(void **state)
{
    struct rw_weeks weeks;
    (void)state;
    rw_weeks_init(&weeks, NOW, 3);
    add(&weeks, 1, 30, 30);
    add(&weeks, 8, 0, 15);
    add(&weeks, 15, 1, 0); /* so little, and still there */
    struct rw_canvas *canvas = rw_weeks_draw(&weeks, 67);
    char *text = rw_canvas_to_text(canvas);
    assert_string_equal(text,
                        "  week of  run min  walk min  sessions  rests  █ run  ▄ walk\n"
                        "    9 Nov        1         0         1      0  █\n"
                        "   16 Nov        0        15         1      0  ▄▄▄▄▄\n"
                        "this week       30        30         1      0  ██████████▄▄▄▄▄▄▄▄▄▄\n");
    free(text);
    rw_canvas_destroy(canvas);
}

static void the_chart_keeps_to_its_columns(void **state)
{
    (void)state;
    for (unsigned columns = 1; columns < 120; columns++) {
        struct rw_weeks weeks;
        rw_weeks_init(&weeks, NOW, RW_WEEKS_MAX);
        add(&weeks, 1, 1000, 20000);
        struct rw_canvas *canvas = rw_weeks_draw(&weeks, columns);
        assert_non_null(canvas);
        assert_true(canvas->columns <= (columns < RW_WEEKS_COLUMNS_MIN   ? RW_WEEKS_COLUMNS_MIN
                                        : columns > RW_WEEKS_COLUMNS_MAX ? RW_WEEKS_COLUMNS_MAX
                                                                         : columns));
        char *text = rw_canvas_to_text(canvas);
        assert_non_null(strstr(text, "run min"));
        assert_true(columns < 43 || strstr(text, "█"));
        free(text);
        rw_canvas_destroy(canvas);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_begins_on_monday_at_midnight_of_the_wall),
        cmocka_unit_test(a_streak_ends_at_the_first_week_without_a_session),
        cmocka_unit_test(two_weeks_ago_is_no_streak),
        cmocka_unit_test(tries_and_runs_without_a_date_stand_in_no_week),
        cmocka_unit_test(the_chart_is_drawn_to_scale),
        cmocka_unit_test(the_chart_keeps_to_its_columns),
    };
    return cmocka_run_group_tests(tests, zone_set, NULL);
}
