#include "arguments.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct rw_option options[] = {
    {"json", NULL, "as JSON"},
    {"from", "TIME", "the start"},
    {"to", "TIME", "the end"},
    {NULL, NULL, NULL},
};

static char problem[256];

static enum rw_status parse(struct rw_arguments *arguments, const char *const *words)
{
    size_t count = 0;
    while (words[count]) {
        count++;
    }
    problem[0] = '\0';
    return rw_arguments_parse(options, words, count, arguments, problem, sizeof problem);
}

static void words_and_options_stand_in_any_order(void **state)
{
    (void)state;
    struct rw_arguments arguments;
    const char *words[] = {"quickstart", "--json", "--from", "10s", "out.wav", "--to=1m", NULL};
    assert_int_equal(parse(&arguments, words), RW_OK);
    assert_int_equal(arguments.word_count, 2);
    assert_string_equal(arguments.words[0], "quickstart");
    assert_string_equal(arguments.words[1], "out.wav");
    assert_true(rw_arguments_has(&arguments, "json"));
    assert_string_equal(rw_arguments_value(&arguments, "from"), "10s");
    assert_string_equal(rw_arguments_value(&arguments, "to"), "1m");
    assert_false(arguments.help);
}

static void an_absent_option_has_no_value(void **state)
{
    (void)state;
    struct rw_arguments arguments;
    const char *words[] = {"x", NULL};
    assert_int_equal(parse(&arguments, words), RW_OK);
    assert_false(rw_arguments_has(&arguments, "json"));
    assert_null(rw_arguments_value(&arguments, "from"));
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    struct rw_arguments arguments;
    const char *words[] = {"--", "--json", "-h", NULL};
    assert_int_equal(parse(&arguments, words), RW_OK);
    assert_int_equal(arguments.word_count, 2);
    assert_string_equal(arguments.words[0], "--json");
    assert_false(arguments.help);
}

static void a_negative_number_is_a_word(void **state)
{
    (void)state;
    struct rw_arguments arguments;
    const char *words[] = {"-3", "-.5dB", "-", NULL};
    assert_int_equal(parse(&arguments, words), RW_OK);
    assert_int_equal(arguments.word_count, 3);
}

static void help_is_known_everywhere(void **state)
{
    (void)state;
    struct rw_arguments arguments;
    const char *longer[] = {"x", "--help", NULL};
    const char *shorter[] = {"-h", NULL};
    assert_int_equal(parse(&arguments, longer), RW_OK);
    assert_true(arguments.help);
    assert_int_equal(parse(&arguments, shorter), RW_OK);
    assert_true(arguments.help);
}

static void what_is_wrong_is_named_with_its_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *words[4];
        const char *problem;
    } rows[] = {
        {{"--jsn", NULL}, "unknown option --jsn; did you mean --json?"},
        {{"--form=10s", NULL}, "unknown option --form; did you mean --from?"},
        {{"--something-else", NULL}, "unknown option --something-else"},
        {{"--from", NULL}, "--from needs a value: --from TIME"},
        {{"--json=yes", NULL}, "--json takes no value"},
        {{"--json", "--json", NULL}, "--json was given twice"},
        {{"-j", NULL}, "unknown option -j; every option has two dashes and a whole word"},
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct rw_arguments arguments = {.word_count = 77};
        assert_int_equal(parse(&arguments, rows[i].words), RW_EINVALID);
        assert_string_equal(problem, rows[i].problem);
        assert_int_equal(arguments.word_count, 77);
    }
}

static void too_many_words_are_refused(void **state)
{
    (void)state;
    const char *words[RW_ARGUMENTS_MAX + 2];
    for (size_t i = 0; i <= RW_ARGUMENTS_MAX; i++) {
        words[i] = "w";
    }
    words[RW_ARGUMENTS_MAX + 1] = NULL;
    struct rw_arguments arguments;
    assert_int_equal(parse(&arguments, words), RW_EINVALID);
    assert_int_equal(parse(&arguments, words + 1), RW_OK);
}

static void times_are_those_of_the_profiles(void **state)
{
    (void)state;
    uint32_t ms = 0;
    assert_int_equal(rw_arguments_time("1m30s", &ms, problem, sizeof problem), RW_OK);
    assert_int_equal(ms, 90000);
    assert_int_equal(rw_arguments_time("24h", &ms, problem, sizeof problem), RW_OK);
    assert_int_equal(ms, 86400000);
    static const char *const wrong[] = {"30", "", "x", "-30s", "25h", "1m90s", " 30s"};
    for (size_t i = 0; i < RW_COUNT(wrong); i++) {
        problem[0] = '\0';
        assert_int_equal(rw_arguments_time(wrong[i], &ms, problem, sizeof problem), RW_EINVALID);
        assert_int_not_equal(strlen(problem), 0);
        assert_int_equal(ms, 86400000);
    }
}

static void a_sign_makes_decibels_relative(void **state)
{
    (void)state;
    bool relative = true;
    double db = 0;
    assert_true(rw_arguments_decibel("6", &relative, &db));
    assert_false(relative);
    assert_float_equal(db, 6.0, 1e-9);
    assert_true(rw_arguments_decibel("-1.5dB", &relative, &db));
    assert_true(relative);
    assert_float_equal(db, -1.5, 1e-9);
    assert_true(rw_arguments_decibel("+3 db", &relative, &db));
    assert_true(relative);
    assert_float_equal(db, 3.0, 1e-9);
    static const char *const wrong[] = {"",     "loud",  "nan",   "inf", "-inf",
                                        "0x10", "3 dBm", "1e999", "--3"};
    for (size_t i = 0; i < RW_COUNT(wrong); i++) {
        assert_false(rw_arguments_decibel(wrong[i], &relative, &db));
    }
}

static void numbers_are_whole_and_bounded(void **state)
{
    (void)state;
    uint64_t number = 0;
    assert_true(rw_arguments_number("18446744073709551615", &number));
    assert_true(number == UINT64_MAX);
    static const char *const wrong[] = {"", "-1", "+1", "1.5", " 1", "18446744073709551616", "0x1"};
    for (size_t i = 0; i < RW_COUNT(wrong); i++) {
        assert_false(rw_arguments_number(wrong[i], &number));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options_stand_in_any_order),
        cmocka_unit_test(an_absent_option_has_no_value),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(a_negative_number_is_a_word),
        cmocka_unit_test(help_is_known_everywhere),
        cmocka_unit_test(what_is_wrong_is_named_with_its_remedy),
        cmocka_unit_test(too_many_words_are_refused),
        cmocka_unit_test(times_are_those_of_the_profiles),
        cmocka_unit_test(a_sign_makes_decibels_relative),
        cmocka_unit_test(numbers_are_whole_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
