#include "watch_model.h"
#include "watch_view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN 1000000

/* Eight runs of a minute with walks between: in the fourth, 21.7 s are done. */
static void run_begin(struct rw_watch_state *state)
{
    *state = (struct rw_watch_state){
        .phase = RW_WATCH_RUNNING,
        .profile = "Week 1",
        .summary = "Eight runs of one minute.",
        .duration_ms = 1800000,
        .runs = 8,
        .runs_done = 8,
        .origin_boot_ms = ORIGIN,
        .end_ms = 1800000,
        .current = {.is_known = true,
                    .kind = RW_KIND_RUN,
                    .run = 4,
                    .duration_ms = 60000,
                    .start_ms = 750000,
                    .end_ms = 810000},
        .next = {.is_known = true, .kind = RW_KIND_WALK, .duration_ms = 90000},
        .device = "Built-in Audio",
        .volume_db = -3,
    };
    int64_t at = 0;
    state->blocks[state->block_count++] = (struct rw_watch_block){RW_KIND_WARMUP, 0, 300000};
    for (at = 300000; at < 1500000; at += 150000) {
        state->blocks[state->block_count++] = (struct rw_watch_block){RW_KIND_RUN, at, 60000};
        state->blocks[state->block_count++] =
            (struct rw_watch_block){RW_KIND_WALK, at + 60000, 90000};
    }
    state->blocks[state->block_count++] = (struct rw_watch_block){RW_KIND_COOLDOWN, at, 300000};
}

static const int64_t now = ORIGIN + 750000 + 21700;

static char *draw(const struct rw_watch_state *state, int64_t boot_ms, unsigned columns,
                  unsigned rows)
{
    struct rw_canvas *canvas = rw_canvas_create(columns, rows);
    assert_non_null(canvas);
    rw_watch_draw(canvas, state, boot_ms);
    char *text = rw_canvas_to_text(canvas);
    assert_non_null(text);
    rw_canvas_destroy(canvas);
    return text;
}

static void assert_draws(const struct rw_watch_state *state, unsigned columns, unsigned rows,
                         const char *expected)
{
    char *text = draw(state, now, columns, rows);
    assert_string_equal(text, expected);
    free(text);
}

static void assert_says(const struct rw_watch_state *state, unsigned columns, unsigned rows,
                        const char *words)
{
    char *text = draw(state, now, columns, rows);
    if (!strstr(text, words)) {
        print_error("\"%s\" is not in:\n%s", words, text);
        fail();
    }
    free(text);
}

static void a_usual_terminal_shows_everything(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    assert_draws(
        &state, 80, 24,
        "  runwalk  Week 1                                        Built-in Audio  -3 dB\n"
        "\n"
        "                                   Run 4 of 8\n"
        "\n"
        "                   ████████            ████████      ████████\n"
        "                 ████████████        ████████████  ████████████\n"
        "                 ████    ████  ████  ████    ████  ████    ████\n"
        "                 ████    ████  ████          ████  ████    ████\n"
        "                 ████    ████            ██████    ████████████\n"
        "                 ████    ████            ██████      ██████████\n"
        "                 ████    ████  ████          ████          ████\n"
        "                 ████    ████  ████  ████    ████          ████\n"
        "                 ████████████        ████████████  ████████████\n"
        "                   ████████            ████████      ████████\n"
        "\n"
        "  ━━━━━━━━━━━━━━━━━━━━━━━━━━━────────────────────────────────────────────────"
        "─\n"
        "                                next Walk, 1:30\n"
        "\n"
        "               ██    ███   ███    ██    ███   ███    ██    ███\n"
        "  ▆▆▆▆▆▆▆▆▆▆▆▆▆██████████████████████████████████████████████████▆▆▆▆▆▆▆▆▆▆▆▆▆\n"
        "                                  ▲\n"
        "  12:51 done                                                        17:09 left\n"
        "\n"
        "  space pause   r rest   s skip   b back   + 30 s more   - 30 s less   q leave\n");
}

static void forty_columns_and_ten_rows_still_have_big_digits(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    assert_draws(&state, 40, 10,
                 "runwalk  Week 1    Built-in Audio  -3 dB\n"
                 "               Run 4 of 8\n"
                 "        ▄████▄    ▄████▄ ▄████▄\n"
                 "        ██  ██ ██ ▀▀  ██ ██  ██\n"
                 "        ██  ██      ███  ▀█████\n"
                 "        ██  ██ ██ ▄▄  ██     ██\n"
                 "        ▀████▀    ▀████▀ ▀████▀\n"
                 "▃▃▃▃▃▃▃█▄▄█▄▄██▄▄▲▄▄█▄▄██▄▄█▄▄█▄▄▃▃▃▃▃▃▃\n"
                 "12:51 done  next Walk, 1:30   17:09 left\n"
                 "space pause r rest s skip b back + - q\n");
}

static void a_few_rows_are_enough_for_the_time(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    assert_draws(&state, 30, 6,
                 "runwalk  Week 1  Built-in Aud…\n"
                 "          Run 4 of 8\n"
                 "             0:39\n"
                 "▃▃▃▃▃█▄██▄█▄▲█▄█▄██▄█▄██▄▃▃▃▃▃\n"
                 "12:51 done          17:09 left\n"
                 "space pause r rest s b + - q\n");
    assert_draws(&state, 60, 2, "12:51  Run 4 of 8: 39 s left\n\n");
}

static void every_size_and_phase_can_be_drawn(void **context)
{
    (void)context;
    struct rw_watch_state state;
    for (int phase = RW_WATCH_LOST; phase <= RW_WATCH_STOPPED; phase++) {
        for (unsigned rows = 1; rows <= 60; rows += 3) {
            for (unsigned columns = 1; columns <= 200; columns += 7) {
                run_begin(&state);
                state.phase = (enum rw_watch_phase)phase;
                state.end_ms = rows % 2 ? 1800000 : 86400000;
                state.current.end_ms = columns % 2 ? 810000 : state.end_ms;
                free(draw(&state, now, columns, rows));
            }
        }
    }
}

static void nothing_known_can_be_drawn(void **context)
{
    (void)context;
    for (int phase = RW_WATCH_LOST; phase <= RW_WATCH_STOPPED; phase++) {
        struct rw_watch_state state = {.phase = (enum rw_watch_phase)phase};
        free(draw(&state, 0, 80, 24));
        free(draw(&state, INT64_C(1) << 50, 80, 24));
        assert_true(rw_watch_next_change(&state, 5, 80) > 5);
    }
}

static void a_pause_is_told_with_its_length(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_PAUSED;
    state.paused_boot_ms = now - 72000;
    assert_says(&state, 80, 24, "Paused for 1:12");
    assert_says(&state, 80, 24, "space resume");
    assert_says(&state, 40, 10, "Paused for 1:12");
    assert_says(&state, 80, 24, "11:39 done");
}

static void lost_sound_is_told_on_any_size(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    snprintf(state.problem, sizeof state.problem, "no device");
    assert_says(&state, 80, 24, "No sound: no device");
    assert_says(&state, 40, 10, "No sound: no device");
    assert_says(&state, 30, 6, "No sound: no device");
    state.phase = RW_WATCH_PAUSED;
    assert_says(&state, 80, 24, "no device");
}

static void a_start_to_come_is_counted_down(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_ARMED;
    state.origin_boot_ms = now + 23500;
    assert_says(&state, 80, 24, "Starts in");
    assert_says(&state, 80, 24, "first Run 4 of 8, 1:00");
    assert_says(&state, 20, 4, "Week 1: starts in 2…");
}

static void the_question_takes_the_place_of_the_keys(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.asks_to_leave = true;
    assert_says(&state, 80, 24, "Leave it running (l), or stop (s)?");
    assert_says(&state, 40, 10, "l leave it running  s stop");
}

static void what_cannot_be_done_has_no_key(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_DONE;
    state.session_ms = state.end_ms;
    char *text = draw(&state, now, 80, 24);
    assert_non_null(strstr(text, "space start   q leave"));
    assert_non_null(strstr(text, "Done: 8 runs"));
    assert_null(strstr(text, "skip"));
    free(text);
}

static void a_run_that_is_done_tells_the_runs_that_were_run(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_DONE;
    state.session_ms = state.end_ms;
    state.runs_done = 1;
    assert_says(&state, 80, 24, "Done: 1 run\n");
    state.runs_done = 0;
    assert_says(&state, 80, 24, "Done\n");
}

/* The voice says the nearest second. */
static void the_time_of_a_run_that_is_over_is_the_nearest_second(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_STOPPED;
    char line[256];
    state.session_ms = 761499;
    rw_watch_line(&state, now, line, sizeof line);
    assert_string_equal(line, "12:41  Stopped");
    state.session_ms = 761500;
    rw_watch_line(&state, now, line, sizeof line);
    assert_string_equal(line, "12:42  Stopped");
    assert_says(&state, 80, 24, "12:42 done");
}

static void a_lost_daemon_is_told_by_how_it_went(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_LOST;
    assert_says(&state, 80, 24, "The daemon does not answer. Trying again");
    state.has_ended = true;
    assert_says(&state, 80, 24, "The daemon has ended. Trying again");
}

static void the_keys_keep_their_words_as_long_as_they_fit(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_PAUSED;
    state.paused_boot_ms = now;
    assert_says(&state, 72, 24, "- 30 s less   q leave\n");
    assert_says(&state, 71, 24, "space resume s skip b back + - q leave\n");
    assert_says(&state, 38, 10, "space resume s skip b back + - q leave\n");
    assert_says(&state, 37, 10, "space resume s skip b back + - q\n");
    assert_says(&state, 24, 10, "space resume s b + - q\n");
    assert_says(&state, 15, 10, "space s b + - q\n");
}

static void a_rest_is_shown_with_what_comes_after_it(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    json_t *status = json_loads(
        "{\"state\":\"running\",\"boot_ms\":1771700,\"origin_boot_ms\":1000000,"
        "\"profile\":{\"name\":\"Week "
        "1\",\"duration_ms\":1800000,\"runs\":8},\"session_ms\":771700,"
        "\"end_ms\":1920000,\"segment\":{\"index\":7,\"kind\":\"walk\",\"duration_ms\":120000,"
        "\"start_ms\":770000,\"end_ms\":890000},\"next\":{\"index\":7,\"kind\":\"run\",\"run\":4,"
        "\"duration_ms\":40000},\"rest\":{\"of\":\"run\",\"run\":4,\"waits\":false}}",
        0, NULL);
    assert_non_null(status);
    rw_watch_take_status(&state, status);
    assert_says(&state, 80, 24, "Walk, resting\n");
    assert_says(&state, 80, 24, "next Run 4 of 8, 0:40\n");
    assert_says(&state, 80, 24, "space pause   y run   s skip");
    json_object_set_new(json_object_get(status, "rest"), "waits", json_true());
    rw_watch_take_status(&state, status);
    assert_says(&state, 80, 24, "Walk, until you are ready\n");
    json_object_set_new(status, "rest", json_null());
    rw_watch_take_status(&state, status);
    assert_says(&state, 80, 24, "space pause   r rest   s skip");
    json_decref(status);
}

static void steps_without_a_count_name_their_repetition(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.current = (struct rw_watch_segment){
        .is_known = true,
        .kind = RW_KIND_EXERCISE,
        .side = RW_SIDE_LEFT,
        .name = "Side plank",
        .reps = {{2, 3}, {1, 4}},
        .depth = 2,
        .start_ms = 750000,
        .end_ms = 770000,
    };
    assert_says(&state, 80, 24, "Side plank, left side  (2 of 3, 1 of 4)");
}

/* Between two of its moments the picture must not change: otherwise the view would lag. */
static void the_next_change_is_never_late(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    static const unsigned widths[] = {40, 80, 133};
    for (size_t i = 0; i < RW_COUNT(widths); i++) {
        int64_t at = ORIGIN + 749000;
        state.phase = RW_WATCH_RUNNING;
        for (int step = 0; step < 120; step++) {
            int64_t next = rw_watch_next_change(&state, at, widths[i]);
            assert_true(next > at);
            if (next > ORIGIN + 810000) {
                break;
            }
            char *first = draw(&state, at, widths[i], 24);
            char *last = draw(&state, next - 1, widths[i], 24);
            assert_string_equal(first, last);
            free(first);
            free(last);
            at = next;
        }
    }
}

static void a_paused_view_changes_once_a_second(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    state.phase = RW_WATCH_PAUSED;
    state.paused_boot_ms = now - 1300;
    assert_int_equal(rw_watch_next_change(&state, now, 76), now + 700);
    state.phase = RW_WATCH_DONE;
    assert_true(rw_watch_next_change(&state, now, 76) == INT64_MAX);
}

static void the_time_left_shows_zero_at_the_change_and_not_before(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    char line[256];
    rw_watch_line(&state, ORIGIN + 809999, line, sizeof line);
    assert_string_equal(line, "13:29  Run 4 of 8: 1 s left");
    rw_watch_line(&state, ORIGIN + 810000, line, sizeof line);
    assert_string_equal(line, "13:30  Run 4 of 8: 0 s left");
}

static void session_time_stands_while_paused_and_ends_with_the_session(void **context)
{
    (void)context;
    struct rw_watch_state state;
    run_begin(&state);
    assert_int_equal(rw_watch_session_ms(&state, now), 771700);
    assert_int_equal(rw_watch_session_ms(&state, ORIGIN + 9000000), 1800000);
    state.phase = RW_WATCH_PAUSED;
    state.paused_boot_ms = now;
    assert_int_equal(rw_watch_session_ms(&state, now + 60000), 771700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_usual_terminal_shows_everything),
        cmocka_unit_test(forty_columns_and_ten_rows_still_have_big_digits),
        cmocka_unit_test(a_few_rows_are_enough_for_the_time),
        cmocka_unit_test(every_size_and_phase_can_be_drawn),
        cmocka_unit_test(nothing_known_can_be_drawn),
        cmocka_unit_test(a_pause_is_told_with_its_length),
        cmocka_unit_test(lost_sound_is_told_on_any_size),
        cmocka_unit_test(a_start_to_come_is_counted_down),
        cmocka_unit_test(the_question_takes_the_place_of_the_keys),
        cmocka_unit_test(what_cannot_be_done_has_no_key),
        cmocka_unit_test(a_run_that_is_done_tells_the_runs_that_were_run),
        cmocka_unit_test(the_time_of_a_run_that_is_over_is_the_nearest_second),
        cmocka_unit_test(a_lost_daemon_is_told_by_how_it_went),
        cmocka_unit_test(the_keys_keep_their_words_as_long_as_they_fit),
        cmocka_unit_test(a_rest_is_shown_with_what_comes_after_it),
        cmocka_unit_test(steps_without_a_count_name_their_repetition),
        cmocka_unit_test(the_next_change_is_never_late),
        cmocka_unit_test(a_paused_view_changes_once_a_second),
        cmocka_unit_test(the_time_left_shows_zero_at_the_change_and_not_before),
        cmocka_unit_test(session_time_stands_while_paused_and_ends_with_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
