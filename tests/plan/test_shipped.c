/*
 * The plans we ship: what each week comes to, and that those of our own never grow faster than a
 * tenth a week.
 */
#include "fixture.h"

#define WEEKS 10

static const struct shipped {
    const char *name, *spoken;
    uint32_t weeks, sessions;
    uint32_t running_s[WEEKS]; /* of each week */
} all[] = {
    /* The table that the NHS publishes, three runs a week. */
    {"beginner-9-week",
     "Beginner",
     9,
     27,
     {3 * 8 * 60, 3 * 6 * 90, 3 * 2 * (90 + 180), 3 * 2 * (180 + 300), 3 * 300 + 2 * 480 + 1200,
      (300 + 480 + 300) + 2 * 600 + 1500, 3 * 1500, 3 * 1680, 3 * 1800}},
    {"beginner-10-week",
     "Gentle beginner",
     10,
     30,
     {3 * 8 * 60, 3 * 6 * 90, 3 * 2 * (90 + 180), 3 * 3 * 195, 3 * 2 * (180 + 300),
      3 * 300 + 2 * 480 + 1200, (300 + 480 + 300) + 2 * 600 + 1500, 3 * 1500, 3 * 1680, 3 * 1800}},
    {"bridge-5k-10k",
     "From five to ten",
     8,
     24,
     {90 * 60, 98 * 60, 107 * 60, 100 * 60, 110 * 60, 121 * 60, 127 * 60, 130 * 60}},
    {"core-3-a-week", "Core", 8, 24, {0}},
};

static void each_plan_comes_to_its_figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(all); i++) {
        struct rw_plan *plan = plan_shipped(all[i].name);
        assert_string_equal(plan->name, all[i].spoken);
        assert_int_equal(plan->week_count, all[i].weeks);
        assert_int_equal(plan->session_count, all[i].sessions);
        for (uint32_t week = 1; week <= plan->week_count; week++) {
            assert_int_equal(plan->weeks[week - 1].count, 3);
            assert_non_null(plan->weeks[week - 1].note);
            assert_int_equal(rw_plan_week_running_ms(plan, week),
                             all[i].running_s[week - 1] * 1000);
        }
        rw_plan_destroy(plan);
    }
}

static void no_step_of_our_own_adds_more_than_a_tenth(void **state)
{
    (void)state;
    struct rw_plan *bridge = plan_shipped("bridge-5k-10k");
    for (uint32_t i = 0; i < bridge->session_count; i++) {
        assert_in_range(rw_plan_step_percent(bridge, i), 0, 10);
        assert_false(rw_plan_is_big_step(bridge, i));
    }
    rw_plan_destroy(bridge);

    struct rw_plan *gentle = plan_shipped("beginner-10-week");
    uint32_t ours;
    assert_true(rw_plan_find(gentle, 4, 1, &ours));
    assert_in_range(rw_plan_step_percent(gentle, ours), 1, 10);
    rw_plan_destroy(gentle);
}

/* The published steps stay as they are; these have a word before them. */
static void the_big_steps_of_the_published_plan_are_known(void **state)
{
    (void)state;
    static const struct {
        uint32_t week, day, percent;
    } big[] = {{2, 1, 13}, {4, 1, 78}, {5, 3, 0}, {6, 1, 24}, {7, 1, 20}, {8, 1, 12}};
    struct rw_plan *plan = plan_shipped("beginner-9-week");
    size_t found = 0;
    for (uint32_t i = 0; i < plan->session_count; i++) {
        if (!rw_plan_is_big_step(plan, i)) {
            continue;
        }
        assert_true(found < RW_COUNT(big));
        assert_int_equal(plan->sessions[i].week, big[found].week);
        assert_int_equal(plan->sessions[i].day, big[found].day);
        assert_int_equal(rw_plan_step_percent(plan, i), big[found].percent);
        found++;
    }
    assert_int_equal(found, RW_COUNT(big));
    rw_plan_destroy(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_plan_comes_to_its_figures),
        cmocka_unit_test(no_step_of_our_own_adds_more_than_a_tenth),
        cmocka_unit_test(the_big_steps_of_the_published_plan_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
