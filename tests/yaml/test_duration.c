/*
 * Durations: each form, each mistake, and that writing and reading are each other's inverse.
 */
#include "runwalk/yaml/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum rw_duration_problem parse(const char *text, uint32_t *ret_ms)
{
    return rw_duration_parse(text, strlen(text), ret_ms);
}

static void nothing_past_the_size_is_read(void **state)
{
    (void)state;
    uint32_t ms = 0;
    assert_int_equal(rw_duration_parse("1m30s", 2, &ms), RW_DURATION_FINE);
    assert_int_equal(ms, 60000);
    assert_int_equal(rw_duration_parse("1ms", 2, &ms), RW_DURATION_FINE);
    assert_int_equal(ms, 60000);
    assert_int_equal(rw_duration_parse("1:30", 3, &ms), RW_DURATION_DIGITS);
    assert_int_equal(rw_duration_parse("90s", 2, &ms), RW_DURATION_BARE);
    assert_int_equal(rw_duration_parse("90s", 0, &ms), RW_DURATION_MALFORMED);
}

static void each_way_of_writing_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t ms;
    } cases[] = {
        {"90s", 90000},
        {"1m30s", 90000},
        {"1:30", 90000},
        {"1:02:30", 3750000},
        {"1h", 3600000},
        {"1.5m", 90000},
        {"0s", 0},
        {"0:00", 0},
        {"250ms", 250},
        {"1s250ms", 1250},
        {"1.25s", 1250},
        {"0.001s", 1},
        {"1h30s", 3630000},
        {"1h2m3s4ms", 3723004},
        {"90m", 5400000},
        {"90:00", 5400000},
        {"0.5h", 1800000},
        {"1h0.5m", 3630000},
        {"007s", 7000},
        {"1.50000000000000s", 1500},
        {"0:30.5", 30500},
        {"24h", 86400000},
        {"0.00002h", 72},
        {"4294967295ms", UINT32_MAX},
        {"1193:02:47.295", UINT32_MAX},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        uint32_t ms = 1;
        enum rw_duration_problem problem = parse(cases[i].text, &ms);
        if (problem != RW_DURATION_FINE || ms != cases[i].ms) {
            fail_msg("%s: problem %d, %u ms", cases[i].text, (int)problem, ms);
        }
    }
}

static void each_mistake_has_its_own_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum rw_duration_problem problem;
    } cases[] = {
        {"", RW_DURATION_MALFORMED},
        {"s", RW_DURATION_MALFORMED},
        {"soon", RW_DURATION_MALFORMED},
        {"-5s", RW_DURATION_MALFORMED},
        {"+5s", RW_DURATION_MALFORMED},
        {"5 s", RW_DURATION_MALFORMED},
        {" 5s", RW_DURATION_MALFORMED},
        {"5s ", RW_DURATION_MALFORMED},
        {"5S", RW_DURATION_MALFORMED},
        {"5min", RW_DURATION_MALFORMED},
        {"5d", RW_DURATION_MALFORMED},
        {".5s", RW_DURATION_MALFORMED},
        {"5.s", RW_DURATION_MALFORMED},
        {"1,5m", RW_DURATION_MALFORMED},
        {"1m30", RW_DURATION_MALFORMED},
        {"1:30s", RW_DURATION_MALFORMED},
        {"1:2:3:4", RW_DURATION_DIGITS},
        {"1:02:03:04", RW_DURATION_MALFORMED},
        {"1:", RW_DURATION_MALFORMED},
        {":30", RW_DURATION_MALFORMED},
        {"1h:30", RW_DURATION_MALFORMED},
        {"1e3s", RW_DURATION_MALFORMED},
        {"0x1s", RW_DURATION_MALFORMED},
        {"5", RW_DURATION_BARE},
        {"1.5", RW_DURATION_BARE},
        {"30s1m", RW_DURATION_ORDER},
        {"1m1m", RW_DURATION_ORDER},
        {"1m90s", RW_DURATION_CARRY},
        {"1h60m", RW_DURATION_CARRY},
        {"1s1000ms", RW_DURATION_CARRY},
        {"1:60", RW_DURATION_CARRY},
        {"1:5", RW_DURATION_DIGITS},
        {"1:005", RW_DURATION_DIGITS},
        {"1.5m30s", RW_DURATION_FRACTION},
        {"1.5:30", RW_DURATION_FRACTION},
        {"1.0005s", RW_DURATION_TOO_FINE},
        {"0.5ms", RW_DURATION_TOO_FINE},
        {"1.00000000000000000001s", RW_DURATION_TOO_FINE},
        {"4294967296ms", RW_DURATION_TOO_LONG},
        {"1193h3m", RW_DURATION_TOO_LONG},
        {"99999999999999999999999s", RW_DURATION_TOO_LONG},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        uint32_t ms = 12345;
        enum rw_duration_problem problem = parse(cases[i].text, &ms);
        if (problem != cases[i].problem) {
            fail_msg("\"%s\": problem %d, not %d", cases[i].text, (int)problem,
                     (int)cases[i].problem);
        }
        assert_int_equal(ms, 12345);
        char sentence[160];
        rw_duration_explain(problem, cases[i].text, strlen(cases[i].text), sentence,
                            sizeof sentence);
        assert_true(strlen(sentence) > 20 && strlen(sentence) < sizeof sentence - 1);
    }
}

static void a_bare_number_is_offered_in_both_readings(void **state)
{
    (void)state;
    char sentence[160];
    rw_duration_explain(RW_DURATION_BARE, "90", 2, sentence, sizeof sentence);
    assert_string_equal(sentence, "90 of what? Write 90s for seconds or 90m for minutes");
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (unsigned i = 0; i < 200000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint32_t ms = (uint32_t)(random >> 32) >> (i % 32);
        ms -= i % 3 == 0 ? ms % 1000 : 0;
        char text[RW_DURATION_TEXT_MAX];
        rw_duration_format(ms, text);
        uint32_t back = ~ms;
        if (parse(text, &back) != RW_DURATION_FINE || back != ms) {
            fail_msg("%u ms is written %s and read %u", ms, text, back);
        }
    }
}

/* The same time written by units, as a clock and with a fraction is the same duration. */
static void all_ways_of_writing_agree(void **state)
{
    (void)state;
    for (uint32_t seconds = 0; seconds < 86400; seconds += 7) {
        char texts[4][48];
        snprintf(texts[0], 48, "%us", seconds);
        snprintf(texts[1], 48, "%uh%um%us", seconds / 3600, seconds / 60 % 60, seconds % 60);
        snprintf(texts[2], 48, "%u:%02u:%02u", seconds / 3600, seconds / 60 % 60, seconds % 60);
        snprintf(texts[3], 48, "%u:%02u", seconds / 60, seconds % 60);
        for (size_t i = 0; i < 4; i++) {
            uint32_t ms = 0;
            assert_int_equal(parse(texts[i], &ms), RW_DURATION_FINE);
            assert_int_equal(ms, seconds * 1000);
        }
    }
}

/* Any short text over the letters of durations is read or refused, and what is read is in range. */
static void no_text_is_read_wrongly(void **state)
{
    (void)state;
    static const char letters[] = "0159hms:.-";
    const size_t count = sizeof letters - 1;
    for (uint32_t number = 0; number < 1000000; number++) {
        char text[7];
        uint32_t rest = number;
        for (size_t i = 0; i < 6; i++) {
            text[i] = letters[rest % count];
            rest /= (uint32_t)count;
        }
        text[6] = '\0';
        uint32_t ms = 0;
        if (parse(text, &ms) == RW_DURATION_FINE) {
            /* It means what its canonical form means. */
            char canonical[RW_DURATION_TEXT_MAX];
            rw_duration_format(ms, canonical);
            uint32_t back = 0;
            assert_int_equal(parse(canonical, &back), RW_DURATION_FINE);
            assert_int_equal(back, ms);
            assert_null(strchr(text, '-'));
        }
    }
}

static void durations_are_written_as_people_do(void **state)
{
    (void)state;
    static const struct {
        uint32_t ms;
        const char *text;
    } cases[] = {
        {0, "0s"},
        {45000, "45s"},
        {60000, "1m"},
        {90000, "1m30s"},
        {3600000, "1h"},
        {1500, "1.5s"},
        {20, "20ms"},
        {60010, "1m0.01s"},
        {3750000, "1h2m30s"},
        {86400000, "24h"},
        {UINT32_MAX, "1193h2m47.295s"},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        char text[RW_DURATION_TEXT_MAX];
        rw_duration_format(cases[i].ms, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_past_the_size_is_read),
        cmocka_unit_test(each_way_of_writing_is_read),
        cmocka_unit_test(each_mistake_has_its_own_name),
        cmocka_unit_test(a_bare_number_is_offered_in_both_readings),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(all_ways_of_writing_agree),
        cmocka_unit_test(no_text_is_read_wrongly),
        cmocka_unit_test(durations_are_written_as_people_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
