/*
 * The readers of one value and of a mapping's fields: what they take, and what they say.
 */
#include "runwalk/yaml/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rw_diagnostics diagnostics;

/* Opens "key: VALUE" and returns the document; its root's first child is the value. */
static struct rw_yaml *value_open(const char *value)
{
    char text[512];
    snprintf(text, sizeof text, "key: %s\n", value);
    rw_diagnostics_init(&diagnostics);
    struct rw_yaml *yaml = NULL;
    assert_int_equal(rw_yaml_create(text, strlen(text), NULL, &diagnostics, &yaml), RW_OK);
    return yaml;
}

static const struct rw_yaml_node *value_of(const struct rw_yaml *yaml)
{
    return rw_yaml_root(yaml)->first;
}

static void yes_no_on_off_true_and_false_are_alike(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int value; /* -1: none */
    } cases[] = {
        {"yes", 1}, {"no", 0},     {"on", 1},   {"off", 0},     {"true", 1}, {"false", 0},
        {"Yes", 1}, {"OFF", 0},    {"'no'", 0}, {"y", -1},      {"1", -1},   {"0", -1},
        {"", -1},   {"maybe", -1}, {"[]", -1},  {"{a: b}", -1}, {"~", -1},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_yaml *yaml = value_open(cases[i].text);
        bool value = cases[i].value != 1;
        bool is_read = rw_yaml_boolean(yaml, value_of(yaml), &value);
        assert_int_equal(is_read, cases[i].value >= 0);
        assert_int_equal(value, is_read ? cases[i].value == 1 : true);
        assert_int_equal(diagnostics.count, !is_read);
        assert_int_equal(rw_yaml_status(yaml), is_read ? RW_OK : RW_EINVALID);
        assert_int_equal(rw_yaml_is_off(value_of(yaml)), cases[i].value == 0);
        rw_yaml_destroy(yaml);
    }
    assert_false(rw_yaml_is_off(NULL));
}

static void a_whole_number_is_taken_within_its_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value; /* INT64_MIN: none */
    } cases[] = {
        {"0", 0},
        {"10", 10},
        {"-5", -5},
        {"007", 7},
        {"11", INT64_MIN},
        {"-6", INT64_MIN},
        {"2.0", INT64_MIN},
        {"0x7", INT64_MIN},
        {"1e1", INT64_MIN},
        {"+1", INT64_MIN},
        {"\"-\"", INT64_MIN},
        {"99999999999999999999", INT64_MIN},
        {"three", INT64_MIN},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_yaml *yaml = value_open(cases[i].text);
        int64_t value = INT64_MIN;
        bool is_read = rw_yaml_integer(yaml, value_of(yaml), -5, 10, &value);
        assert_int_equal(is_read, cases[i].value != INT64_MIN);
        assert_int_equal(value, cases[i].value);
        if (!is_read) {
            assert_int_equal(diagnostics.count, 1);
        }
        rw_yaml_destroy(yaml);
    }
}

static void a_number_is_taken_with_a_point(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_read;
        double value;
    } cases[] = {
        {"-6", true, -6},     {"-6.5", true, -6.5}, {"+3.25", true, 3.25}, {"0", true, 0},
        {"12.000", true, 12}, {"12.001", false, 0}, {"-60.5", false, 0},   {"nan", false, 0},
        {".inf", false, 0},   {"1e1", false, 0},    {"1.", false, 0},      {".5", false, 0},
        {"1.5.5", false, 0},  {"1,5", false, 0},    {"- 1", false, 0},     {"-.", false, 0},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        char quoted[32];
        snprintf(quoted, sizeof quoted, "'%s'", cases[i].text);
        struct rw_yaml *yaml = value_open(quoted);
        double value = 0;
        if (rw_yaml_number(yaml, value_of(yaml), -60, 12, &value) != cases[i].is_read ||
            value < cases[i].value || value > cases[i].value) {
            fail_msg("%s", cases[i].text);
        }
        rw_yaml_destroy(yaml);
    }
}

static void a_duration_is_taken_within_its_range(void **state)
{
    (void)state;
    struct rw_yaml *yaml = value_open("1m30s");
    uint32_t ms = 0;
    assert_true(rw_yaml_duration(yaml, value_of(yaml), 90000, 90000, &ms));
    assert_int_equal(ms, 90000);
    assert_false(rw_yaml_duration(yaml, value_of(yaml), 0, 60000, &ms));
    assert_string_equal(diagnostics.list[0].text, "\"key\" is from 0s to 1m");
    rw_yaml_destroy(yaml);

    yaml = value_open("9999h");
    assert_false(rw_yaml_duration(yaml, value_of(yaml), 0, 60000, &ms));
    assert_true(rw_yaml_duration(yaml, value_of(yaml), 0, UINT32_MAX, &ms));
    assert_int_equal(ms, UINT32_MAX);
    rw_yaml_destroy(yaml);
}

static void text_is_counted_in_characters(void **state)
{
    (void)state;
    struct rw_yaml *yaml = value_open("\xC3\xA4\xC3\xB6\xC3\xBC");
    const char *text = NULL;
    assert_true(rw_yaml_text(yaml, value_of(yaml), 3, &text));
    assert_string_equal(text, "\xC3\xA4\xC3\xB6\xC3\xBC");
    assert_false(rw_yaml_text(yaml, value_of(yaml), 2, &text));
    assert_string_equal(diagnostics.list[0].text, "\"key\" has 3 characters; shorten it to 2");
    rw_yaml_destroy(yaml);
}

static void text_is_freed_of_needless_blanks(void **state)
{
    (void)state;
    struct rw_yaml *yaml = value_open("\"  a \\t b\\n\\nc  \"");
    const char *text = NULL;
    assert_true(rw_yaml_text(yaml, value_of(yaml), 5, &text));
    assert_string_equal(text, "a b c");
    rw_yaml_destroy(yaml);
}

static void text_without_words_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"",     "''",     "' '",          "\"\\n\"", "~",
                                        "null", "[a, b]", "\"a\\u0007\"", "\"\\L\"", "\"\\N\""};
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_yaml *yaml = value_open(cases[i]);
        const char *text = "before";
        assert_false(rw_yaml_text(yaml, value_of(yaml), 100, &text));
        assert_string_equal(text, "before");
        assert_int_equal(diagnostics.count, 1);
        rw_yaml_destroy(yaml);
    }
}

static void a_word_is_found_and_a_slip_is_guessed(void **state)
{
    (void)state;
    static const char *const words[] = {"off", "kind", "duration", "auto"};
    static const struct {
        const char *text;
        size_t index; /* 4: none */
        const char *message;
    } cases[] = {
        {"off", 0, NULL},
        {"kind", 1, NULL},
        {"auto", 3, NULL},
        {"no", 0, NULL},
        {"False", 0, NULL},
        {"durations", 4, "\"key\" is off, kind, duration or auto; did you mean duration?"},
        {"Auto", 4, "\"key\" is off, kind, duration or auto; did you mean auto?"},
        {"loud", 4, "\"key\" is off, kind, duration or auto"},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_yaml *yaml = value_open(cases[i].text);
        size_t index = RW_COUNT(words);
        bool is_read = rw_yaml_word(yaml, value_of(yaml), words, RW_COUNT(words), &index);
        assert_int_equal(is_read, cases[i].message == NULL);
        assert_int_equal(index, cases[i].index);
        if (cases[i].message) {
            assert_string_equal(diagnostics.list[0].text, cases[i].message);
        }
        rw_yaml_destroy(yaml);
    }
}

static void an_absent_key_leaves_the_default_and_is_no_error(void **state)
{
    (void)state;
    static const char *const words[] = {"a"};
    struct rw_yaml *yaml = value_open("1");
    bool flag = true;
    int64_t number = 1;
    double real = 1;
    uint32_t ms = 1;
    const char *text = "t";
    size_t word = 1;
    assert_false(rw_yaml_boolean(yaml, NULL, &flag));
    assert_false(rw_yaml_integer(yaml, NULL, 0, 9, &number));
    assert_false(rw_yaml_number(yaml, NULL, 0, 9, &real));
    assert_false(rw_yaml_duration(yaml, NULL, 0, 9, &ms));
    assert_false(rw_yaml_text(yaml, NULL, 9, &text));
    assert_false(rw_yaml_word(yaml, NULL, words, 1, &word));
    assert_false(rw_yaml_is_sequence(yaml, NULL, "x"));
    assert_false(rw_yaml_is_mapping(yaml, NULL, "x"));
    assert_int_equal(rw_yaml_status(yaml), RW_OK);
    rw_yaml_destroy(yaml);
}

static void fields_are_found_whatever_their_order(void **state)
{
    (void)state;
    static const struct rw_yaml_key keys[] = {{"one", true}, {"two", false}, {"three", false}};
    struct rw_yaml *yaml = value_open("{three: 3, one: 1}");
    const struct rw_yaml_node *values[3];
    assert_true(rw_yaml_fields(yaml, value_of(yaml), "a thing", keys, 3, values));
    assert_string_equal(values[0]->text, "1");
    assert_null(values[1]);
    assert_string_equal(values[2]->text, "3");
    assert_int_equal(rw_yaml_status(yaml), RW_OK);
    rw_yaml_destroy(yaml);
}

static void an_unknown_field_is_told_with_the_nearest_known_one(void **state)
{
    (void)state;
    static const struct rw_yaml_key keys[] = {
        {"skip-last", false}, {"warmup", false}, {"walk", false}, {"run", false}};
    static const struct {
        const char *key;
        const char *nearest; /* NULL: none is near */
    } cases[] = {
        {"skip_last", "skip-last"},
        {"skiplast", "skip-last"},
        {"skip", "skip-last"},
        {"Warmup", "warmup"},
        {"warm", "warmup"},
        {"warm-up", "warmup"},
        {"wlak", "walk"},
        {"wal", "walk"},
        {"walking", "walk"},
        {"rum", "run"},
        {"rnu", "run"},
        {"runs", "run"},
        {"swim", NULL},
        {"x", NULL},
        {"music", NULL},
        {"a-very-long-key-that-is-longer-than-any-word-we-know", NULL},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        char text[128];
        snprintf(text, sizeof text, "{%s: 1}", cases[i].key);
        struct rw_yaml *yaml = value_open(text);
        const struct rw_yaml_node *values[4];
        assert_true(rw_yaml_fields(yaml, value_of(yaml), "a step", keys, 4, values));
        char expected[64];
        snprintf(expected, sizeof expected, "did you mean \"%s\"?",
                 cases[i].nearest ? cases[i].nearest : "");
        const char *message = diagnostics.list[0].text;
        if (cases[i].nearest ? !strstr(message, expected)
                             : !strstr(message, "it may have: skip-last, warmup, walk, run")) {
            fail_msg("%s", message);
        }
        rw_yaml_destroy(yaml);
    }
}

static void a_required_field_that_is_absent_is_told(void **state)
{
    (void)state;
    static const struct rw_yaml_key keys[] = {{"name", true}};
    struct rw_yaml *yaml = value_open("{}");
    const struct rw_yaml_node *values[1];
    assert_true(rw_yaml_fields(yaml, value_of(yaml), "a thing", keys, 1, values));
    assert_string_equal(diagnostics.list[0].text, "a thing needs \"name\"");
    assert_false(rw_yaml_fields(yaml, value_of(yaml)->key, "a thing", keys, 1, values));
    assert_int_equal(diagnostics.count, 2);
    rw_yaml_destroy(yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yes_no_on_off_true_and_false_are_alike),
        cmocka_unit_test(a_whole_number_is_taken_within_its_range),
        cmocka_unit_test(a_number_is_taken_with_a_point),
        cmocka_unit_test(a_duration_is_taken_within_its_range),
        cmocka_unit_test(text_is_counted_in_characters),
        cmocka_unit_test(text_is_freed_of_needless_blanks),
        cmocka_unit_test(text_without_words_is_refused),
        cmocka_unit_test(a_word_is_found_and_a_slip_is_guessed),
        cmocka_unit_test(an_absent_key_leaves_the_default_and_is_no_error),
        cmocka_unit_test(fields_are_found_whatever_their_order),
        cmocka_unit_test(an_unknown_field_is_told_with_the_nearest_known_one),
        cmocka_unit_test(a_required_field_that_is_absent_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
