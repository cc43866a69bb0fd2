/* The published table row by row, what a mile predicts, and the sums around them. */
#include "runwalk/advice/pace.h"
#include "runwalk/advice/ratio.h"
#include "runwalk/advice/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t pace(const char *text)
{
    uint32_t pace_s = 0;
    assert_int_equal(rw_pace_parse(text, &pace_s), RW_OK);
    return pace_s;
}

/* The ratios of ROW as one text. */
static void ratios_join(const struct rw_ratio_row *row, char out[160])
{
    out[0] = '\0';
    for (size_t i = 0; i < row->count; i++) {
        char text[RW_RATIO_TEXT];
        rw_ratio_write(row->ratios[i], text);
        snprintf(out + strlen(out), 160 - strlen(out), "%s%s", i > 0 ? " " : "", text);
    }
}

/* As it was published, for each of its rows, and at the borders. */
static void each_pace_has_the_published_ratios(void **state)
{
    static const struct {
        const char *from, *to, *ratios;
    } published[] = {
        {"7:00", "7:00", "6m/30"},
        {"7:30", "7:30", "5m/30"},
        {"8:00", "8:00", "4m/30 2m/15"},
        {"8:30", "8:30", "3m/30 2m/20"},
        {"9:00", "9:00", "2m/30 80/20"},
        {"9:30", "10:44", "90/30 60/20 45/15 60/30 40/20"},
        {"10:45", "12:14", "60/30 40/20 30/15 30/30 20/20"},
        {"12:15", "14:29", "30/30 20/20 15/15"},
        {"14:30", "15:44", "15/30"},
        {"15:45", "16:59", "10/30"},
        {"17:00", "18:29", "8/30 5/25 10/30"},
        {"18:30", "20:00", "5/30 5/25 4/30"},
    };
    size_t count;
    (void)state;
    (void)rw_ratio_rows(&count);
    assert_int_equal(count, RW_COUNT(published));
    for (size_t i = 0; i < RW_COUNT(published); i++) {
        for (uint32_t pace_s = pace(published[i].from); pace_s <= pace(published[i].to); pace_s++) {
            char ratios[160];
            const struct rw_ratio_row *row = rw_ratio_find(pace_s);
            ratios_join(row, ratios);
            assert_string_equal(ratios, published[i].ratios);
            assert_true(rw_ratio_row_holds(row, pace_s));
        }
    }
}

static void between_two_rows_the_one_with_more_walking_is_taken(void **state)
{
    (void)state;
    assert_int_equal(rw_ratio_find(pace("7:01"))->from_s, pace("7:30"));
    assert_int_equal(rw_ratio_find(pace("8:59"))->from_s, pace("9:00"));
    assert_int_equal(rw_ratio_find(pace("9:01"))->from_s, pace("9:30"));
    assert_int_equal(rw_ratio_find(pace("4:00"))->from_s, pace("7:00"));
    assert_int_equal(rw_ratio_find(pace("30:00"))->from_s, pace("18:30"));
    assert_false(rw_ratio_row_holds(rw_ratio_find(pace("4:00")), pace("4:00")));
    assert_false(rw_ratio_row_holds(rw_ratio_find(pace("30:00")), pace("30:00")));
}

static void a_mile_predicts_the_published_paces(void **state)
{
    static const struct {
        const char *mile, *paces[RW_RACE_COUNT], *long_run;
    } published[] = {
        {"10:00", {"10:33", "11:30", "12:00", "13:00"}, "15:00"},
        {"8:00", {"8:33", "9:12", "9:36", "10:24"}, "12:24"},
        {"9:30", {"10:03", "10:56", "11:24", "12:21"}, "14:21"}, /* 655.5 and 684 s */
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(published); i++) {
        uint32_t mile_s = pace(published[i].mile);
        for (int race = 0; race < RW_RACE_COUNT; race++) {
            assert_int_equal(rw_race_predict((enum rw_race)race, mile_s),
                             pace(published[i].paces[race]));
        }
        assert_int_equal(rw_long_run_predict(mile_s), pace(published[i].long_run));
    }
    assert_int_equal(rw_race_time(RW_RACE_5K, 600), 1864); /* 3.107 miles */
    assert_int_equal(rw_race_time(RW_RACE_MARATHON, 600), 15731);
}

static void paces_are_read_a_mile_or_a_kilometre(void **state)
{
    static const char *const wrong[] = {"",      "11",     "11:3",     "11:60",  "11:300",
                                        "-1:30", "11:30x", "11:30/m",  "11:30/", "1:11:30",
                                        ":30",   "11.30",  "11:30 km", "1000:00"};
    uint32_t pace_s = 7;
    (void)state;
    assert_int_equal(pace("11:30"), 690);
    assert_int_equal(pace("11:30/mi"), 690);
    assert_int_equal(pace(" 11:30 / mile"), 690);
    assert_int_equal(pace("7:09/km"), 690);
    assert_int_equal(rw_pace_per_km(690), 429);
    for (size_t i = 0; i < RW_COUNT(wrong); i++) {
        assert_int_equal(rw_pace_parse(wrong[i], &pace_s), RW_EINVALID);
    }
    assert_int_equal(rw_pace_parse("2:00", &pace_s), RW_ELIMIT);
    assert_int_equal(rw_pace_parse("3:59", &pace_s), RW_ELIMIT);
    assert_int_equal(rw_pace_parse("30:01", &pace_s), RW_ELIMIT);
    assert_int_equal(rw_pace_parse("999:59/km", &pace_s), RW_ELIMIT);
    assert_int_equal(pace_s, 7);
}

static void heat_shortens_the_run_as_published_and_between_evenly(void **state)
{
    static const struct {
        int celsius;
        uint32_t left;
    } expected[] = {{-30, 90}, {12, 90}, {13, 90}, {24, 60}, {29, 30}, {45, 30}, {27, 42}};
    uint32_t last = 90;
    (void)state;
    for (size_t i = 0; i < RW_COUNT(expected); i++) {
        assert_int_equal(rw_heat_left(expected[i].celsius), expected[i].left);
    }
    for (int celsius = RW_HEAT_MIN; celsius <= RW_HEAT_MAX; celsius++) {
        assert_true(rw_heat_left(celsius) <= last);
        last = rw_heat_left(celsius);
    }
}

static void choices_expect(const char *pace_text, int celsius, const char *expected)
{
    struct rw_choice choices[RW_CHOICES_MAX];
    char joined[240] = "";
    size_t count = rw_ratio_choices(rw_ratio_find(pace(pace_text)), celsius, choices);
    for (size_t i = 0; i < count; i++) {
        static const char *const marks[] = {"", "=1/2", "=1/3"};
        char text[RW_RATIO_TEXT];
        rw_ratio_write(choices[i].ratio, text);
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s%s",
                 i > 0 ? " " : "", text, marks[choices[i].origin]);
    }
    assert_string_equal(joined, expected);
}

static void the_first_choice_is_also_offered_in_halves_and_thirds(void **state)
{
    (void)state;
    choices_expect("9:30", 10, "90/30 60/20 45/15 60/30 40/20 30/10=1/3");
    choices_expect("7:00", 10, "6m/30 3m/15=1/2 2m/10=1/3");
    choices_expect("14:30", 10, "15/30 5/10=1/3");
    choices_expect("18:30", 10, "5/30 5/25 4/30"); /* 2.5 s is no run */
}

static void in_heat_the_published_example_comes_out(void **state)
{
    (void)state;
    choices_expect("9:30", 24, "60/30 40/20 30/15 40/30 25/20 20/10=1/3");
    choices_expect("9:30", 29, "30/30 20/20 15/15 20/30 10/20 10/10=1/3");
    choices_expect("18:30", 29, "5/30 5/25 4/30"); /* nothing shorter is a run */
    choices_expect("17:00", 29, "5/30 5/25");
}

static void a_session_comes_nearest_to_the_wanted_length(void **state)
{
    size_t count;
    const struct rw_ratio_row *rows = rw_ratio_rows(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < rows[i].count; j++) {
            struct rw_ratio ratio = rows[i].ratios[j];
            int cycle = ratio.run_s + ratio.walk_s;
            for (int minutes = RW_SESSION_MINUTES_MIN; minutes <= RW_SESSION_MINUTES_MAX;
                 minutes += 5) {
                struct rw_session_plan plan = rw_session_fit(ratio, (uint32_t)minutes * 60);
                assert_true(plan.repeats >= 1);
                assert_int_equal(plan.total_s,
                                 2 * RW_SESSION_WARM_S + (int)plan.repeats * cycle - ratio.walk_s);
                assert_true(plan.total_s <= RW_SESSION_MINUTES_MAX * 60);
                int off = abs((int)plan.total_s - minutes * 60);
                assert_true(off <= (cycle + 1) / 2 || plan.repeats == 1 ||
                            minutes == RW_SESSION_MINUTES_MAX);
            }
        }
    }
}

static void profile_expect(struct rw_ratio ratio, const char *present, const char *absent)
{
    struct rw_session_plan plan = rw_session_fit(ratio, 1800);
    char *text = rw_session_profile(&plan, "For a test.");
    assert_non_null(text);
    assert_non_null(strstr(text, "# For a test.\n"));
    if (!strstr(text, present) || strstr(text, absent)) {
        fail_msg("%s", text);
    }
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        assert_non_null(strstr(line, "# "));
    }
    free(text);
}

static void short_steps_get_fewer_cues(void **state)
{
    (void)state;
    profile_expect((struct rw_ratio){60, 30}, "name: Run 1 minute, walk 30 seconds ", "cues:");
    profile_expect((struct rw_ratio){210, 30}, "run: 3m30s ", "cues:");
    profile_expect((struct rw_ratio){240, 30}, "name: Run 4 minutes, walk 30 seconds ", "cues:");
    profile_expect((struct rw_ratio){8, 30}, "announce: kind", "countdown");
    profile_expect((struct rw_ratio){40, 10}, "announce: kind", "countdown");
    profile_expect((struct rw_ratio){15, 15}, "countdown: off", "duration");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pace_has_the_published_ratios),
        cmocka_unit_test(between_two_rows_the_one_with_more_walking_is_taken),
        cmocka_unit_test(a_mile_predicts_the_published_paces),
        cmocka_unit_test(paces_are_read_a_mile_or_a_kilometre),
        cmocka_unit_test(heat_shortens_the_run_as_published_and_between_evenly),
        cmocka_unit_test(the_first_choice_is_also_offered_in_halves_and_thirds),
        cmocka_unit_test(in_heat_the_published_example_comes_out),
        cmocka_unit_test(a_session_comes_nearest_to_the_wanted_length),
        cmocka_unit_test(short_steps_get_fewer_cues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
