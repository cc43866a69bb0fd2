#include "chart.h"
#include "digits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_shows(const struct rw_canvas *canvas, const char *expected)
{
    char *text = rw_canvas_to_text(canvas);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void text_that_is_too_long_ends_with_an_ellipsis(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(10, 3);
    rw_canvas_text(canvas, 0, 0, 5, "12345", RW_STYLE_PLAIN);
    rw_canvas_text(canvas, 0, 1, 5, "123456", RW_STYLE_PLAIN);
    rw_canvas_text(canvas, 0, 2, 5, "\xe8\xb7\x91\xe6\xad\xa5\xe8\xb7\x91", RW_STYLE_PLAIN);
    assert_shows(canvas, "12345\n1234…\n\xe8\xb7\x91\xe6\xad\xa5…\n");
    rw_canvas_destroy(canvas);
}

static void text_is_placed_in_the_middle_and_at_the_right(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(9, 2);
    rw_canvas_text_centred(canvas, 0, 0, 9, "run", RW_STYLE_PLAIN);
    rw_canvas_text_right(canvas, 0, 1, 9, "run", RW_STYLE_PLAIN);
    assert_shows(canvas, "   run\n      run\n");
    rw_canvas_destroy(canvas);
}

static void drawing_outside_is_cut_off(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(3, 1);
    rw_canvas_put(canvas, -1, 0, 'x', RW_STYLE_PLAIN);
    rw_canvas_put(canvas, 3, 0, 'x', RW_STYLE_PLAIN);
    rw_canvas_put(canvas, 0, 1, 'x', RW_STYLE_PLAIN);
    rw_canvas_put(canvas, 2, 0, 0x8DD1, RW_STYLE_PLAIN); /* two columns wide */
    rw_canvas_text(canvas, -2, 0, 20, "abcdefg", RW_STYLE_PLAIN);
    assert_shows(canvas, "cde\n");
    rw_canvas_destroy(canvas);
}

static void half_of_a_wide_character_never_remains(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(4, 1);
    rw_canvas_put(canvas, 0, 0, 0x8DD1, RW_STYLE_PLAIN);
    rw_canvas_put(canvas, 1, 0, 'x', RW_STYLE_PLAIN);
    assert_shows(canvas, " x\n");
    rw_canvas_put(canvas, 1, 0, 0x8DD1, RW_STYLE_PLAIN);
    rw_canvas_put(canvas, 1, 0, 'y', RW_STYLE_PLAIN);
    assert_shows(canvas, " y\n");
    rw_canvas_destroy(canvas);
}

static void a_canvas_is_bounded(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(100000, 0);
    assert_int_equal(canvas->columns, RW_CANVAS_COLUMNS_MAX);
    assert_int_equal(canvas->rows, 1);
    rw_canvas_destroy(canvas);
}

static char *encode(const struct rw_canvas *canvas, const struct rw_canvas *before,
                    enum rw_palette palette, bool ascii)
{
    size_t size;
    char *bytes = rw_canvas_encode(canvas, before, palette, ascii, &size);
    assert_non_null(bytes);
    assert_int_equal(strlen(bytes), size);
    return bytes;
}

static void only_changed_rows_are_sent(void **state)
{
    (void)state;
    struct rw_canvas *before = rw_canvas_create(5, 2);
    struct rw_canvas *after = rw_canvas_create(5, 2);
    rw_canvas_text(before, 0, 0, 5, "same", RW_STYLE_PLAIN);
    rw_canvas_text(after, 0, 0, 5, "same", RW_STYLE_PLAIN);
    rw_canvas_text(before, 0, 1, 5, "old", RW_STYLE_PLAIN);
    rw_canvas_text(after, 0, 1, 5, "new", RW_STYLE_STRONG);
    char *bytes = encode(after, before, RW_PALETTE_NONE, false);
    assert_string_equal(bytes, "\x1b[2;1H\x1b[0;1mnew\x1b[0m\x1b[K");
    free(bytes);
    bytes = encode(after, after, RW_PALETTE_NONE, false);
    assert_string_equal(bytes, "");
    free(bytes);
    bytes = encode(after, NULL, RW_PALETTE_NONE, false);
    assert_non_null(strstr(bytes, "\x1b[2J"));
    assert_non_null(strstr(bytes, "same"));
    free(bytes);
    rw_canvas_destroy(before);
    rw_canvas_destroy(after);
}

static void without_colour_no_colour_is_sent(void **state)
{
    (void)state;
    for (unsigned style = 0; style < RW_STYLE_COUNT; style++) {
        const char *sequence = rw_style_sequence(style, RW_PALETTE_NONE);
        assert_non_null(sequence);
        assert_int_equal(strncmp(sequence, "\x1b[0", 3), 0);
        assert_null(strpbrk(sequence, "34589")); /* the leading digits of all colours */
        assert_non_null(rw_style_sequence(style, RW_PALETTE_16));
        assert_non_null(rw_style_sequence(style, RW_PALETTE_256));
    }
}

static void every_character_has_a_plain_form(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(30, 1);
    static const char drawn[] = "▀▁▄█━─╸▲…·";
    rw_canvas_text(canvas, 0, 0, 30, drawn, RW_STYLE_PLAIN);
    char *bytes = encode(canvas, NULL, RW_PALETTE_NONE, true);
    assert_null(strchr(bytes, '?'));
    for (const char *c = bytes; *c; c++) {
        assert_true((unsigned char)*c < 0x80);
    }
    free(bytes);
    rw_canvas_destroy(canvas);
}

static void digits_are_large(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(34, 5);
    rw_digits_draw(canvas, 0, 0, 1, "12:05", RW_STYLE_PLAIN);
    assert_shows(canvas, " ▄██   ▄████▄    ▄████▄ ██████\n"
                         "█▀██   ▀▀  ██ ██ ██  ██ ██\n"
                         "  ██     ▄██▀    ██  ██ █████▄\n"
                         "  ██   ▄██▀   ██ ██  ██ ▄▄  ██\n"
                         "██████ ██████    ▀████▀ ▀████▀\n");
    rw_canvas_destroy(canvas);
}

static void digits_grow_to_the_room_there_is(void **state)
{
    (void)state;
    assert_int_equal(rw_digits_columns("12:05", 1), 30);
    assert_int_equal(rw_digits_columns("12:05", 2), 60);
    assert_int_equal(rw_digits_columns("", 3), 0);
    assert_int_equal(rw_digits_scale("12:05", 29, 4), 0);
    assert_int_equal(rw_digits_scale("12:05", 30, 4), 1);
    assert_int_equal(rw_digits_scale("12:05", 119, 4), 3);
    assert_int_equal(rw_digits_scale("12:05", 400, 2), 2);
}

static const struct rw_watch_block blocks[] = {
    {RW_KIND_WARMUP, 0, 4000},
    {RW_KIND_RUN, 4000, 4000},
    {RW_KIND_WALK, 8000, 4000},
    {RW_KIND_REST, 12000, 4000},
};

static void a_session_is_as_high_as_it_is_hard(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(8, 2);
    rw_chart_draw(canvas, 0, 0, 8, 2, blocks, RW_COUNT(blocks), 16000, 0);
    assert_shows(canvas, "  ██\n▆▆████▄▄\n");
    rw_canvas_destroy(canvas);
}

static void what_is_behind_is_bright_and_what_is_ahead_faint(void **state)
{
    (void)state;
    struct rw_canvas *canvas = rw_canvas_create(8, 1);
    rw_chart_draw(canvas, 0, 0, 8, 1, blocks, RW_COUNT(blocks), 16000, 6500);
    assert_int_equal(canvas->cells[3].style, RW_STYLE_KIND + RW_KIND_RUN);
    assert_int_equal(canvas->cells[4].style, RW_STYLE_KIND_FAINT + RW_KIND_WALK);
    rw_canvas_destroy(canvas);
}

static void the_marker_moves_from_the_first_column_to_the_last(void **state)
{
    (void)state;
    assert_int_equal(rw_chart_marker(-500, 16000, 8), 0);
    assert_int_equal(rw_chart_marker(1999, 16000, 8), 0);
    assert_int_equal(rw_chart_marker(2000, 16000, 8), 1);
    assert_int_equal(rw_chart_marker(16000, 16000, 8), 7);
    assert_int_equal(rw_chart_marker(99999, 16000, 8), 7);
    assert_int_equal(rw_chart_marker(5, 0, 8), 0);
    for (int column = 1; column < 7; column++) {
        int64_t at = rw_chart_time_of(column, 15999, 7);
        assert_int_equal(rw_chart_marker(at, 15999, 7), column);
        assert_int_equal(rw_chart_marker(at - 1, 15999, 7), column - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_is_too_long_ends_with_an_ellipsis),
        cmocka_unit_test(text_is_placed_in_the_middle_and_at_the_right),
        cmocka_unit_test(drawing_outside_is_cut_off),
        cmocka_unit_test(half_of_a_wide_character_never_remains),
        cmocka_unit_test(a_canvas_is_bounded),
        cmocka_unit_test(only_changed_rows_are_sent),
        cmocka_unit_test(without_colour_no_colour_is_sent),
        cmocka_unit_test(every_character_has_a_plain_form),
        cmocka_unit_test(digits_are_large),
        cmocka_unit_test(digits_grow_to_the_room_there_is),
        cmocka_unit_test(a_session_is_as_high_as_it_is_hard),
        cmocka_unit_test(what_is_behind_is_bright_and_what_is_ahead_faint),
        cmocka_unit_test(the_marker_moves_from_the_first_column_to_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
