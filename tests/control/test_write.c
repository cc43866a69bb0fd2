/* What the writer writes is what jansson writes. */
#include "write.h"

#include "runwalk/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What stands before and after the buffer in which is written. */
#define GUARD 16

/* Into a buffer of any size, the length is told and nothing is written beside it. */
static void expect_bounds(const json_t *value, const char *expected, size_t length)
{
    for (size_t size = 0; size <= length; size++) {
        char *block = malloc(size + 2 * (size_t)GUARD), guard[GUARD];

        memset(guard, '#', GUARD);
        memset(block, '#', size + 2 * (size_t)GUARD);
        assert_int_equal(rw_json_write(value, block + GUARD, size), length);
        assert_memory_equal(block, guard, GUARD);
        assert_memory_equal(block + GUARD + size, guard, GUARD);
        if (size == length) {
            assert_memory_equal(block + GUARD, expected, length);
        }
        free(block);
    }
}

/* VALUE is released. */
static void expect_alike(json_t *value)
{
    char *expected;

    assert_non_null(value);
    expected = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(6) | JSON_ENCODE_ANY);
    assert_non_null(expected);
    expect_bounds(value, expected, strlen(expected));
    free(expected);
    json_decref(value);
}

static void numbers_are_written_as_jansson_writes_them(void **state)
{
    static const double reals[] = {0,     -0.0,  1,    -1,    3.3,  -60,   0.1, 170.25,
                                   1e-07, 1e300, 1e15, 1e-30, 1e06, 12e05, 100, 1234567.8};

    (void)state;
    for (size_t i = 0; i < RW_COUNT(reals); i++) {
        expect_alike(json_real(reals[i]));
    }
    expect_alike(json_integer(INT64_MAX));
    expect_alike(json_integer(INT64_MIN));
    for (json_int_t power = 1; power < INT64_MAX / 10; power *= 10) {
        expect_alike(json_pack("[IIII]", power, power - 1, -power, 1 - power));
    }
}

static void text_is_written_as_jansson_writes_it(void **state)
{
    static const char *const words[] = {
        "",  "plain", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
        "~", "/",     "\x7F",     "a\"b\\c\n\td", "\"\""};

    (void)state;
    for (char byte = 0; byte < 0x7F; byte++) {
        char text[] = {'a', byte, 'z'};

        expect_alike(json_stringn(text, sizeof(text)));
        expect_alike(json_pack("{s#:b}", text, byte ? 3 : 1, 1));
    }
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        expect_alike(json_string(words[i]));
        expect_alike(json_pack("{s:s}", words[i], words[i]));
    }
}

static void all_that_holds_others_is_written_as_jansson_writes_it(void **state)
{
    (void)state;
    expect_alike(json_object());
    expect_alike(json_array());
    expect_alike(json_pack("[nbb]", 1, 0));
    expect_alike(json_pack("[[], {}, [[[i]]], {s:{s:[]}}]", 1, "a", "b"));
    expect_alike(json_pack("{s:n, s:b, s:f, s:s, s:[iii], s:{s:i, s:s}, s:I}", "z", "y", 1, "x",
                           0.5, "w", "v", "u", 1, 2, 3, "t", "s", 4, "r", "\xC3\xA9", "q",
                           (json_int_t)1 << 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_as_jansson_writes_them),
        cmocka_unit_test(text_is_written_as_jansson_writes_it),
        cmocka_unit_test(all_that_holds_others_is_written_as_jansson_writes_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
