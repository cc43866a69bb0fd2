#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void clocks_are_written_as_on_a_watch(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "0:00"},     {9, "0:09"},         {60, "1:00"},      {754, "12:34"},
        {3599, "59:59"}, {3600, "1:00:00"},   {3750, "1:02:30"}, {86400, "24:00:00"},
        {-5, "-0:05"},   {-3600, "-1:00:00"},
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        char text[RW_TEXT_TIME_MAX];
        rw_text_clock(rows[i].seconds, text);
        assert_string_equal(text, rows[i].text);
    }
    char longest[RW_TEXT_TIME_MAX];
    rw_text_clock(INT64_MIN, longest);
    assert_string_equal(longest, "-2562047788015215:30:08");
    rw_text_clock_ms(INT64_MIN, longest);
    assert_string_equal(longest, "-2562047788015:12:55.808");
}

static void milliseconds_are_written_only_where_there_are_some(void **state)
{
    (void)state;
    char text[RW_TEXT_TIME_MAX];
    rw_text_clock_ms(750000, text);
    assert_string_equal(text, "12:30");
    rw_text_clock_ms(750005, text);
    assert_string_equal(text, "12:30.005");
}

static void spans_leave_out_what_is_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "0 s"},           {40000, "40 s"},         {90000, "1 min 30 s"},
        {1440000, "24 min"},  {3900000, "1 h 5 min"},  {3600000, "1 h"},
        {3605000, "1 h 5 s"}, {1500, "1.5 s"},         {1250, "1.25 s"},
        {1, "0.001 s"},       {60010, "1 min 0.01 s"}, {86400000, "24 h"},
        {-30000, "-30 s"},
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        char text[RW_TEXT_TIME_MAX];
        rw_text_span(rows[i].ms, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void seconds_left_reach_zero_exactly_at_the_deadline(void **state)
{
    (void)state;
    assert_int_equal(rw_text_seconds_left(3000), 3);
    assert_int_equal(rw_text_seconds_left(2999), 3);
    assert_int_equal(rw_text_seconds_left(1), 1);
    assert_int_equal(rw_text_seconds_left(0), 0);
    assert_int_equal(rw_text_seconds_left(-1), 0);
}

static void names_lose_what_a_terminal_would_obey(void **state)
{
    (void)state;
    static const struct {
        const char *dirty, *clean;
    } rows[] = {
        {"Tuesday", "Tuesday"},
        {"a\x1b[31mred\x1b[0m", "a[31mred[0m"},
        {"bell\a\b\r\n\ttab", "belltab"},
        {"\xc2\x9b"
         "31mC1",
         "31mC1"}, /* an escape sequence of one character */
        {"\xe2\x80\xae"
         "txet",
         "txet"}, /* right-to-left override */
        {"\xe2\x81\xa6iso\xe2\x81\xa9", "iso"},
        {"na\xc3\xafve", "na\xc3\xafve"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf0\x9f\x8f\x83", "\xf0\x9f\x8f\x83"},
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        char clean[64];
        rw_text_clean(rows[i].dirty, clean, sizeof clean);
        assert_string_equal(clean, rows[i].clean);
    }
}

static void a_name_is_cut_between_characters(void **state)
{
    (void)state;
    char clean[6];
    rw_text_clean("ab\xe2\x82\xac\xe2\x82\xac", clean, sizeof clean);
    assert_string_equal(clean, "ab\xe2\x82\xac");
}

static void widths_count_columns_and_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(rw_text_width("run"), 3);
    assert_int_equal(rw_text_width("l\xc3\xa4uft"), 5);
    assert_int_equal(rw_text_width("\xe8\xb7\x91\xe6\xad\xa5"), 4); /* two wide characters */
    assert_int_equal(rw_text_width("e\xcc\x81"), 1);                /* e with a combining accent */
    assert_int_equal(rw_text_width("\x1b[1m"), 3);
}

static void encoding_and_decoding_are_inverse(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code += 7) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        char bytes[5] = {0};
        size_t size = rw_text_encode(code, bytes);
        bytes[size] = '\0';
        const char *cursor = bytes;
        assert_int_equal(rw_text_next(&cursor), code);
        assert_ptr_equal(cursor, bytes + size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_written_as_on_a_watch),
        cmocka_unit_test(milliseconds_are_written_only_where_there_are_some),
        cmocka_unit_test(spans_leave_out_what_is_zero),
        cmocka_unit_test(seconds_left_reach_zero_exactly_at_the_deadline),
        cmocka_unit_test(names_lose_what_a_terminal_would_obey),
        cmocka_unit_test(a_name_is_cut_between_characters),
        cmocka_unit_test(widths_count_columns_and_not_bytes),
        cmocka_unit_test(encoding_and_decoding_are_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
