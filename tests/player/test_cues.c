/* The player's book of cues. */
#include "cues.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct cue *add(struct cues *cues, uint64_t number, rw_ns at)
{
    struct rw_play play = {
        .cue = number,
        .at = at,
        .not_after = at,
        .epoch = 1,
        .utterance = {.part_count = 1, .frames = RW_RATE},
    };
    play.utterance.parts[0].clip = (uint32_t)number;
    assert_int_equal(rw_cues_add(cues, &play), RW_OK);
    return rw_cues_find(cues, number);
}

static void cue_keeps_what_it_was_given(void **state)
{
    struct cues cues = {0};
    struct rw_play play = {
        .cue = 7,
        .epoch = 3,
        .bus = RW_BUS_TICK,
        .at = 100,
        .not_after = 50, /* a window never ends before it begins */
        .utterance = {.part_count = 2, .frames = 999},
    };
    (void)state;

    play.utterance.parts[1].clip = 4;
    play.utterance.parts[1].offset = 480;
    assert_int_equal(rw_cues_add(&cues, &play), RW_OK);
    const struct rw_wire_play *kept = &rw_cues_find(&cues, 7)->play;
    assert_int_equal(kept->epoch, 3);
    assert_int_equal(kept->bus, RW_BUS_TICK);
    assert_int_equal(kept->at, 100);
    assert_int_equal(kept->not_after, 100);
    assert_int_equal(kept->frames, 999);
    assert_int_equal(kept->parts[1].clip, 4);
    assert_int_equal(kept->parts[1].offset, 480);
    assert_null(rw_cues_find(&cues, 8));
}

static void book_is_bounded(void **state)
{
    struct cues cues = {0};
    struct rw_play play = {.cue = 1000};
    (void)state;

    for (uint64_t i = 1; i <= RW_WIRE_PLAYS_MAX; i++) {
        add(&cues, i, 0);
    }
    assert_int_equal(rw_cues_add(&cues, &play), RW_EFULL);
    rw_cues_remove(&cues, rw_cues_find(&cues, 5));
    assert_null(rw_cues_find(&cues, 5));
    assert_int_equal(rw_cues_add(&cues, &play), RW_OK);
}

static void first_held_is_the_one_due_first(void **state)
{
    struct cues cues = {0};
    (void)state;

    assert_null(rw_cues_first_held(&cues));
    add(&cues, 1, 30);
    add(&cues, 2, 10);
    add(&cues, 3, 20);
    assert_int_equal(rw_cues_first_held(&cues)->play.cue, 2);
    rw_cues_find(&cues, 2)->state = CUE_SENT;
    assert_int_equal(rw_cues_first_held(&cues)->play.cue, 3);
}

static void due_is_of_cues_that_have_not_begun(void **state)
{
    struct cues cues = {0};
    (void)state;

    assert_int_equal(rw_cues_due(&cues), RW_NS_NEVER);
    add(&cues, 1, 30);
    add(&cues, 2, 10)->state = CUE_STARTED;
    assert_int_equal(rw_cues_due(&cues), 30);
    rw_cues_find(&cues, 1)->state = CUE_SENT;
    assert_int_equal(rw_cues_due(&cues), 30);
}

static void only_cues_out_use_clips(void **state)
{
    struct cues cues = {0};
    (void)state;

    struct cue *cue = add(&cues, 9, 0);
    assert_false(rw_cues_any_out(&cues));
    assert_false(rw_cues_use_clip(&cues, 9));
    cue->state = CUE_SENT;
    assert_true(rw_cues_any_out(&cues));
    assert_true(rw_cues_use_clip(&cues, 9));
    assert_false(rw_cues_use_clip(&cues, 8));
}

static void cue_ends_a_length_after_its_start(void **state)
{
    struct cues cues = {0};
    (void)state;

    assert_int_equal(rw_cue_end(add(&cues, 1, 0), 5), RW_NS_PER_SECOND + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cue_keeps_what_it_was_given),
        cmocka_unit_test(book_is_bounded),
        cmocka_unit_test(first_held_is_the_one_due_first),
        cmocka_unit_test(due_is_of_cues_that_have_not_begun),
        cmocka_unit_test(only_cues_out_use_clips),
        cmocka_unit_test(cue_ends_a_length_after_its_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
