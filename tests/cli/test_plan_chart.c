/*
 * A plan as a picture: what each week looks like, on wide terminals and narrow ones.
 */
#include "plan_chart.h"

#include "runwalk/plan/plan_file.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COURSES_MAX 8

static const char text[] = "name: Autumn\n"
                           "summary: Three weeks.\n"
                           "weeks:\n"
                           "  - days: [{run: 10m}, rest, {run: 20m}]\n"
                           "    note: Easy.\n"
                           "  - days: [{run: 20m}, rest, {run: 20m}]\n"
                           "  - days: [{run: 10m, walk: 10m, repeat: 2}]\n";

/* The text of the picture of `text`, COLUMNS wide; DUE -1: nobody follows the plan. */
static char *drawn(unsigned columns, int due, struct rw_canvas **ret_canvas)
{
    /* Warm-up, running and walking of each of its three workouts, in minutes. */
    static struct rw_watch_block blocks[3][5] = {
        {{RW_KIND_WARMUP, 0, 300000},
         {RW_KIND_RUN, 300000, 600000},
         {RW_KIND_COOLDOWN, 900000, 300000}},
        {{RW_KIND_WARMUP, 0, 300000},
         {RW_KIND_RUN, 300000, 1200000},
         {RW_KIND_COOLDOWN, 1500000, 300000}},
        {{RW_KIND_WARMUP, 0, 300000},
         {RW_KIND_RUN, 300000, 600000},
         {RW_KIND_WALK, 900000, 600000},
         {RW_KIND_RUN, 1500000, 600000},
         {RW_KIND_COOLDOWN, 2100000, 300000}},
    };
    struct rw_plan *plan;
    assert_int_equal(rw_plan_parse(text, strlen(text), NULL, &plan), RW_OK);
    assert_true(plan->workout_count <= COURSES_MAX);
    struct rw_plan_course courses[COURSES_MAX];
    for (uint32_t i = 0; i < plan->workout_count; i++) {
        size_t form = plan->workouts[i].duration_ms == 1200000   ? 0
                      : plan->workouts[i].duration_ms == 1800000 ? 1
                                                                 : 2;
        courses[i] = (struct rw_plan_course){blocks[form], form == 2 ? 5 : 3};
    }
    struct rw_plan_picture picture = {plan, courses, due >= 0, due >= 0 ? (uint32_t)due : 0};
    struct rw_canvas *canvas = rw_plan_draw(&picture, columns);
    assert_non_null(canvas);
    char *lines = rw_canvas_to_text(canvas);
    rw_plan_destroy(plan);
    if (ret_canvas) {
        *ret_canvas = canvas;
    } else {
        rw_canvas_destroy(canvas);
    }
    return lines;
}

static void a_plan_is_drawn_week_by_week(void **state)
{
    (void)state;
    char *lines = drawn(60, -1, NULL);
    assert_string_equal(lines, "Autumn                                   3 weeks, 5 sessions\n"
                               "Three weeks.\n"
                               "\n"
                               "week day 1               day 2                running\n"
                               "  1  ▃▃▇███▇▃▃           ▃▃▆████████▆▃▃        30 min\n"
                               "     Easy.\n"
                               "  2  ▃▃▆████████▆▃▃      ▃▃▆████████▆▃▃        40 min  +34 %\n"
                               "  3  ▃▃▇███▇▄▄▄▄▇███▇▃▃                        20 min\n");
    free(lines);
}

static void what_is_due_is_marked_and_what_was_done_stands_out(void **state)
{
    (void)state;
    struct rw_canvas *canvas;
    char *lines = drawn(60, 3, &canvas);
    assert_non_null(strstr(lines, "\n  2  ▃▃▆████████▆▃▃     ▶▃▃▆"));
    const struct rw_cell *week = &canvas->cells[(size_t)6 * canvas->columns];
    assert_int_equal(week[10].style, RW_STYLE_KIND + RW_KIND_RUN);
    assert_int_equal(week[30].style, RW_STYLE_KIND_FAINT + RW_KIND_RUN);
    rw_canvas_destroy(canvas);
    free(lines);
}

static void a_narrow_terminal_gets_a_bar_for_each_week(void **state)
{
    (void)state;
    char *lines = drawn(34, -1, NULL);
    assert_string_equal(lines, "Autumn         3 weeks, 5 sessions\n"
                               "Three weeks.\n"
                               "\n"
                               "week                running\n"
                               "  1  ██████████      30 min\n"
                               "     Easy.\n"
                               "  2  █████████████   40 min  +34 %\n"
                               "  3  ███████         20 min\n");
    free(lines);
}

static void no_width_draws_beyond_the_edge(void **state)
{
    (void)state;
    for (unsigned columns = 1; columns < 130; columns++) {
        char *lines = drawn(columns, 2, NULL);
        char *rest = NULL;
        unsigned most = columns < RW_PLAN_COLUMNS_MIN ? RW_PLAN_COLUMNS_MIN : columns;
        for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            assert_in_range(rw_text_width(line), 0, most);
        }
        free(lines);
    }
}

static void lines_carry_no_sequences_unless_they_may(void **state)
{
    (void)state;
    struct rw_canvas *canvas;
    char *lines = drawn(60, 3, &canvas);
    static const struct {
        bool styled, ascii;
        const char *has, *lacks;
    } cases[] = {
        {false, false, "█", "\x1b"},
        {false, true, ">__=###", "\x1b"},
        {true, false, "\x1b[0;91m", "\x1b[2J"},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        char *bytes = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&bytes, &size);
        rw_canvas_print(canvas, out, cases[i].styled, RW_PALETTE_16, cases[i].ascii);
        fclose(out);
        assert_non_null(strstr(bytes, cases[i].has));
        assert_null(strstr(bytes, cases[i].lacks));
        free(bytes);
    }
    rw_canvas_destroy(canvas);
    free(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_drawn_week_by_week),
        cmocka_unit_test(what_is_due_is_marked_and_what_was_done_stands_out),
        cmocka_unit_test(a_narrow_terminal_gets_a_bar_for_each_week),
        cmocka_unit_test(no_width_draws_beyond_the_edge),
        cmocka_unit_test(lines_carry_no_sequences_unless_they_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
