/*
 * When the ducker is told that cues are heard.
 */
#include "ducking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND RW_NS_PER_SECOND

static struct cue *add(struct cues *cues, rw_ns at, rw_ns seconds)
{
    struct cue *cue = &cues->list[cues->count++];
    *cue = (struct cue){.play = {.at = at, .frames = (uint32_t)seconds * RW_RATE}};
    return cue;
}

static void spans_come_in_order_and_those_that_touch_are_one(void **state)
{
    (void)state;
    struct cues cues = {0};
    struct rw_duck_plan plan;
    add(&cues, 20 * SECOND, 3);
    add(&cues, 10 * SECOND, 2);
    add(&cues, 12 * SECOND, 4);
    add(&cues, 13 * SECOND, 1);
    rw_ducking_plan(&cues, SECOND, &plan);
    assert_int_equal(plan.count, 2);
    assert_true(plan.spans[0].from == 10 * SECOND && plan.spans[0].until == 16 * SECOND);
    assert_true(plan.spans[1].from == 20 * SECOND && plan.spans[1].until == 23 * SECOND);
    assert_true(rw_duck_plan_is_sound(&plan));
}

static void what_is_over_or_cancelled_lowers_nothing(void **state)
{
    (void)state;
    struct cues cues = {0};
    struct rw_duck_plan plan;
    add(&cues, 10 * SECOND, 2);
    add(&cues, 15 * SECOND, 2)->cancelled = true;
    add(&cues, 17 * SECOND, 0);
    rw_ducking_plan(&cues, 12 * SECOND, &plan);
    assert_int_equal(plan.count, 0);
}

static void a_cue_that_began_late_ends_late(void **state)
{
    (void)state;
    struct cues cues = {0};
    struct rw_duck_plan plan;
    struct cue *cue = add(&cues, 10 * SECOND, 2);
    cue->state = CUE_STARTED;
    cue->started = 13 * SECOND;
    rw_ducking_plan(&cues, 14 * SECOND, &plan);
    assert_int_equal(plan.count, 1);
    assert_true(plan.spans[0].from == 13 * SECOND && plan.spans[0].until == 15 * SECOND);
}

static void more_cues_than_a_plan_holds_leave_the_nearest(void **state)
{
    (void)state;
    struct cues cues = {0};
    struct rw_duck_plan plan;
    for (int i = RW_WIRE_PLAYS_MAX; i > 0; i--) {
        add(&cues, i * 10 * SECOND, 1);
    }
    rw_ducking_plan(&cues, SECOND, &plan);
    assert_int_equal(plan.count, RW_DUCK_SPANS_MAX);
    assert_true(plan.spans[0].from == 10 * SECOND);
    assert_true(rw_duck_plan_is_sound(&plan));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_come_in_order_and_those_that_touch_are_one),
        cmocka_unit_test(what_is_over_or_cancelled_lowers_nothing),
        cmocka_unit_test(a_cue_that_began_late_ends_late),
        cmocka_unit_test(more_cues_than_a_plan_holds_leave_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
