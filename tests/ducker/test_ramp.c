/*
 * How far the music is down, by a clock that is set by hand.
 */
#include "ramp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS     RW_NS_PER_MS
#define SECOND RW_NS_PER_SECOND

static struct rw_duck_plan one(rw_ns from, rw_ns until)
{
    return (struct rw_duck_plan){.count = 1, .spans = {{from, until}}};
}

/* Runs RAMP from FROM to UNTIL as its timer would; returns how often it was woken. */
static unsigned run(struct ramp *ramp, const struct rw_duck_plan *plan, rw_ns from, rw_ns until)
{
    unsigned wakeups = 0;
    rw_ns next = rw_ramp_update(ramp, plan, from);
    while (next <= until) {
        assert_true(next > from);
        from = next;
        next = rw_ramp_update(ramp, plan, from);
        assert_true(++wakeups < 1000);
    }
    return wakeups;
}

static void the_music_is_down_when_the_cue_begins_and_up_half_a_second_after(void **state)
{
    (void)state;
    struct ramp ramp = {.hold = SECOND};
    struct rw_duck_plan plan = one(10 * SECOND, 12 * SECOND);
    run(&ramp, &plan, 0, 10 * SECOND - 151 * MS);
    assert_int_equal(ramp.depth_mb, 0);
    run(&ramp, &plan, 10 * SECOND - 150 * MS, 10 * SECOND - 1);
    assert_int_equal(ramp.depth_mb, RAMP_DEPTH_MB);
    run(&ramp, &plan, 10 * SECOND, 12 * SECOND - 1);
    assert_int_equal(ramp.depth_mb, RAMP_DEPTH_MB);
    run(&ramp, &plan, 12 * SECOND, 12 * SECOND + 200 * MS);
    assert_in_range(ramp.depth_mb, 1, RAMP_DEPTH_MB - 1);
    run(&ramp, &plan, 12 * SECOND + 200 * MS, 12 * SECOND + 500 * MS);
    assert_int_equal(ramp.depth_mb, 0);
}

static void nothing_wakes_between_cues(void **state)
{
    (void)state;
    struct ramp ramp = {.hold = SECOND};
    struct rw_duck_plan plan = one(600 * SECOND, 603 * SECOND);
    assert_int_equal(run(&ramp, &plan, 0, 599 * SECOND), 0);
    assert_in_range(run(&ramp, &plan, 599 * SECOND, 700 * SECOND), 1, 16);
    plan.count = 0;
    assert_true(rw_ramp_update(&ramp, &plan, 701 * SECOND) == RW_NS_NEVER);
}

static void a_countdown_does_not_pump(void **state)
{
    (void)state;
    struct ramp ramp = {.hold = SECOND};
    struct rw_duck_plan plan = {
        .count = 3,
        .spans = {{10 * SECOND, 10 * SECOND + 100 * MS},
                  {11 * SECOND, 11 * SECOND + 100 * MS},
                  {12 * SECOND, 12 * SECOND + 100 * MS}},
    };
    run(&ramp, &plan, 0, 10 * SECOND);
    for (rw_ns now = 10 * SECOND; now < 12 * SECOND + 100 * MS; now += 10 * MS) {
        rw_ramp_update(&ramp, &plan, now);
        assert_int_equal(ramp.depth_mb, RAMP_DEPTH_MB);
    }
    run(&ramp, &plan, 12 * SECOND + 100 * MS, 13 * SECOND);
    assert_int_equal(ramp.depth_mb, 0);
}

static void plans_that_change_every_few_milliseconds_never_lower_twice(void **state)
{
    (void)state;
    struct ramp ramp = {.hold = SECOND};
    rw_ns now = SECOND;
    for (int i = 0; i < 500; i++, now += 7 * MS) {
        struct rw_duck_plan plan = one(now + (i % 40) * 5 * MS, now + SECOND);
        plan.count = i % 3 != 0;
        rw_ramp_update(&ramp, &plan, now);
        assert_in_range(ramp.depth_mb, 0, RAMP_DEPTH_MB);
    }
    struct rw_duck_plan none = {0};
    run(&ramp, &none, now, now + 600 * MS);
    assert_int_equal(ramp.depth_mb, 0);
}

static void a_cue_told_late_is_still_lowered_for(void **state)
{
    (void)state;
    struct ramp ramp = {.hold = SECOND};
    struct rw_duck_plan plan = one(10 * SECOND, 12 * SECOND);
    run(&ramp, &plan, 10 * SECOND + 300 * MS, 10 * SECOND + 460 * MS);
    assert_int_equal(ramp.depth_mb, RAMP_DEPTH_MB);
}

static void after_a_long_sleep_it_is_up_at_once(void **state)
{
    (void)state;
    struct ramp ramp = {.hold = SECOND};
    struct rw_duck_plan plan = one(10 * SECOND, 12 * SECOND);
    run(&ramp, &plan, 0, 11 * SECOND);
    rw_ramp_update(&ramp, &plan, 3600 * SECOND);
    run(&ramp, &plan, 3600 * SECOND, 3601 * SECOND);
    assert_int_equal(ramp.depth_mb, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_music_is_down_when_the_cue_begins_and_up_half_a_second_after),
        cmocka_unit_test(nothing_wakes_between_cues),
        cmocka_unit_test(a_countdown_does_not_pump),
        cmocka_unit_test(plans_that_change_every_few_milliseconds_never_lower_twice),
        cmocka_unit_test(a_cue_told_late_is_still_lowered_for),
        cmocka_unit_test(after_a_long_sleep_it_is_up_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
