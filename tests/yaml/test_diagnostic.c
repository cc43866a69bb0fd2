/*
 * Diagnostics as a person reads them: places, carets, order, bounds.
 */
#include "runwalk/yaml/diagnostic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rw_diagnostics diagnostics;

static int setup(void **state)
{
    (void)state;
    rw_diagnostics_init(&diagnostics);
    return 0;
}

static void assert_formatted(const char *source, const char *expected)
{
    char *text = rw_diagnostics_format(&diagnostics, "f", source, strlen(source));
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void a_place_is_shown_with_its_line_and_a_caret(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 2, 8, 2, "a %s lasts from 1 s", "run");
    assert_formatted("steps:\n- run: 0s\n", "f:2:8: error: a run lasts from 1 s\n"
                                            "    2 | - run: 0s\n"
                                            "      |        ^~\n");
}

static void a_warning_is_called_one_and_counts_as_no_error(void **state)
{
    (void)state;
    rw_diagnostics_warning(&diagnostics, 1, 1, 1, "odd");
    assert_int_equal(diagnostics.errors, 0);
    assert_formatted("x\n", "f:1:1: warning: odd\n"
                            "    1 | x\n"
                            "      | ^\n");
}

static void the_whole_file_needs_no_line(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 0, 0, 1, "too large");
    assert_formatted("x\n", "f: error: too large\n");
}

static void without_the_source_the_place_is_still_told(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 3, 4, 1, "wrong");
    char *text = rw_diagnostics_format(&diagnostics, "f", NULL, 0);
    assert_string_equal(text, "f:3:4: error: wrong\n");
    free(text);
    assert_formatted("only one line", "f:3:4: error: wrong\n");
}

static void the_caret_stands_under_its_place_after_tabs(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 1, 4, 2, "wrong");
    assert_formatted("\ta\tbc\n", "f:1:4: error: wrong\n"
                                  "    1 | \ta\tbc\n"
                                  "      | \t \t^~\n");
}

static void columns_count_code_points_not_bytes(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 1, 5, 3, "wrong");
    assert_formatted("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8F\x83 abc\n",
                     "f:1:5: error: wrong\n"
                     "    1 | \xC3\xA4\xE2\x82\xAC\xF0\x9F\x8F\x83 abc\n"
                     "      |     ^~~\n");
}

static void a_byte_order_mark_is_not_part_of_the_line(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 1, 2, 1, "wrong");
    assert_formatted("\xEF\xBB\xBF"
                     "abc",
                     "f:1:2: error: wrong\n"
                     "    1 | abc\n"
                     "      |  ^\n");
}

static void windows_line_ends_are_not_shown(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 2, 1, 9, "wrong");
    assert_formatted("a\r\nbc\r\n", "f:2:1: error: wrong\n"
                                    "    2 | bc\n"
                                    "      | ^~\n");
}

static void nothing_that_a_terminal_obeys_is_shown(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 1, 6, 1, "wrong");
    assert_formatted("a\x1b[31\x7f\xff\xc2\x9b"
                     "b\n",
                     "f:1:6: error: wrong\n"
                     "    1 | a\xEF\xBF\xBD[31\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
                     "b\n"
                     "      |      ^\n");
}

static void a_caret_may_stand_just_past_the_line(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 1, 5, 4, "missing");
    assert_formatted("name\n", "f:1:5: error: missing\n"
                               "    1 | name\n"
                               "      |     ^\n");
}

static void a_long_line_is_shown_around_the_place(void **state)
{
    (void)state;
    char source[1001];
    memset(source, '.', 1000);
    source[1000] = '\0';
    memcpy(source + 499, "here", 4);
    rw_diagnostics_error(&diagnostics, 1, 500, 4, "wrong");
    char *text = rw_diagnostics_format(&diagnostics, "f", source, 1000);
    char *shown = strchr(text, '\n') + 1;
    char *caret = strchr(shown, '\n') + 1;
    assert_true((size_t)(caret - shown) < 140);
    assert_int_equal(strstr(shown, "here") - shown, strchr(caret, '^') - caret);
    assert_non_null(strstr(caret, "^~~~\n"));
    assert_non_null(strstr(shown, "...\n"));
    free(text);
}

static void errors_are_shown_in_the_order_of_their_places(void **state)
{
    (void)state;
    rw_diagnostics_error(&diagnostics, 2, 1, 1, "third");
    rw_diagnostics_error(&diagnostics, 1, 2, 1, "second");
    rw_diagnostics_error(&diagnostics, 2, 1, 1, "fourth");
    rw_diagnostics_error(&diagnostics, 1, 1, 1, "first");
    char *text = rw_diagnostics_format(&diagnostics, "f", NULL, 0);
    assert_string_equal(text, "f:1:1: error: first\nf:1:2: error: second\n"
                              "f:2:1: error: third\nf:2:1: error: fourth\n");
    free(text);
}

static void more_errors_than_are_kept_are_counted(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < RW_DIAGNOSTIC_MAX + 5; i++) {
        rw_diagnostics_error(&diagnostics, 1, i + 1, 1, "wrong");
    }
    assert_int_equal(diagnostics.count, RW_DIAGNOSTIC_MAX);
    assert_int_equal(diagnostics.dropped, 5);
    assert_int_equal(diagnostics.errors, RW_DIAGNOSTIC_MAX + 5);
    char *text = rw_diagnostics_format(&diagnostics, "f", NULL, 0);
    assert_non_null(strstr(text, "f: and 5 more\n"));
    free(text);
}

static void a_text_is_never_cut_inside_a_code_point(void **state)
{
    (void)state;
    char euros[3 * 100 + 1] = "";
    for (size_t i = 0; i < 100; i++) {
        memcpy(euros + 3 * i, "\xE2\x82\xAC", 4);
    }
    for (size_t shift = 0; shift < 3; shift++) {
        rw_diagnostics_init(&diagnostics);
        rw_diagnostics_error(&diagnostics, 1, 1, 1, "%.*s%s", (int)shift, "..", euros);
        size_t size = strlen(diagnostics.list[0].text);
        assert_in_range(size, RW_DIAGNOSTIC_TEXT_MAX - 4, RW_DIAGNOSTIC_TEXT_MAX - 1);
        assert_memory_equal(diagnostics.list[0].text + size - 3, "\xE2\x82\xAC", 3);
    }
}

static void nobody_has_to_want_to_know(void **state)
{
    (void)state;
    rw_diagnostics_error(NULL, 1, 1, 1, "wrong");
    rw_diagnostics_warning(NULL, 1, 1, 1, "odd");
    assert_int_equal(diagnostics.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_place_is_shown_with_its_line_and_a_caret, setup),
        cmocka_unit_test_setup(a_warning_is_called_one_and_counts_as_no_error, setup),
        cmocka_unit_test_setup(the_whole_file_needs_no_line, setup),
        cmocka_unit_test_setup(without_the_source_the_place_is_still_told, setup),
        cmocka_unit_test_setup(the_caret_stands_under_its_place_after_tabs, setup),
        cmocka_unit_test_setup(columns_count_code_points_not_bytes, setup),
        cmocka_unit_test_setup(a_byte_order_mark_is_not_part_of_the_line, setup),
        cmocka_unit_test_setup(windows_line_ends_are_not_shown, setup),
        cmocka_unit_test_setup(nothing_that_a_terminal_obeys_is_shown, setup),
        cmocka_unit_test_setup(a_caret_may_stand_just_past_the_line, setup),
        cmocka_unit_test_setup(a_long_line_is_shown_around_the_place, setup),
        cmocka_unit_test_setup(errors_are_shown_in_the_order_of_their_places, setup),
        cmocka_unit_test_setup(more_errors_than_are_kept_are_counted, setup),
        cmocka_unit_test_setup(a_text_is_never_cut_inside_a_code_point, setup),
        cmocka_unit_test_setup(nobody_has_to_want_to_know, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
