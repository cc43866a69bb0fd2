/*
 * The timeline against a plain expansion of the same profile.
 */
#include "random_profile.h"
#include "runwalk/core/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define EXPANSION_MAX 100000

struct expanded {
    const struct rw_step_spec *spec;
    enum rw_side side;
    uint32_t start_ms;
    uint32_t run;
    uint32_t depth;
    struct rw_rep reps[RW_REPEAT_DEPTH_MAX];
};

struct expansion {
    size_t count;
    uint32_t ms, runs;
    struct expanded list[EXPANSION_MAX];
};

static void segment_expand(struct expansion *expansion, const struct rw_step_spec *spec,
                           enum rw_side side, uint32_t depth, const struct rw_rep *reps)
{
    assert_true(expansion->count < EXPANSION_MAX);
    struct expanded *segment = &expansion->list[expansion->count++];
    *segment = (struct expanded){spec, side, expansion->ms, expansion->runs, depth, {{0, 0}}};
    for (uint32_t i = 0; i < depth; i++) {
        segment->reps[i] = reps[i];
    }
    expansion->ms += spec->duration_ms;
    expansion->runs += spec->kind == RW_KIND_RUN;
}

static void steps_expand(struct expansion *expansion, const struct rw_step_spec *steps,
                         size_t count, size_t left_out, uint32_t depth, struct rw_rep *reps)
{
    for (size_t i = 0; i < count; i++) {
        const struct rw_step_spec *spec = &steps[i];
        if (i == left_out) {
            continue;
        }
        if (spec->repeat == 0 && spec->both_sides) {
            segment_expand(expansion, spec, RW_SIDE_LEFT, depth, reps);
            segment_expand(expansion, spec, RW_SIDE_RIGHT, depth, reps);
            continue;
        }
        if (spec->repeat == 0) {
            segment_expand(expansion, spec, RW_SIDE_NONE, depth, reps);
            continue;
        }
        size_t skipped = SIZE_MAX;
        for (size_t j = 0; j < spec->step_count && spec->has_skip_last; j++) {
            if (spec->steps[j].repeat == 0 && spec->steps[j].kind == spec->skip_last) {
                skipped = j;
            }
        }
        for (uint32_t n = 1; n <= spec->repeat; n++) {
            reps[depth] = (struct rw_rep){n, spec->repeat};
            steps_expand(expansion, spec->steps, spec->step_count,
                         n == spec->repeat ? skipped : SIZE_MAX, depth + 1, reps);
        }
    }
}

static void position_check(const struct rw_position *position, const struct expanded *expected,
                           uint32_t segment)
{
    assert_int_equal(position->segment, segment);
    assert_int_equal(position->start_ms, expected->start_ms);
    assert_int_equal(position->run, expected->run);
    assert_int_equal(position->step->kind, expected->spec->kind);
    assert_int_equal(position->step->side, expected->side);
    assert_int_equal(position->step->duration_ms, expected->spec->duration_ms);
    assert_int_equal(position->depth, expected->depth);
    assert_memory_equal(position->reps, expected->reps, expected->depth * sizeof expected->reps[0]);
}

static void seeks_agree_with_the_expansion_of_random_profiles(void **state)
{
    (void)state;
    struct random_source source = {20260401};
    struct random_profile *random = malloc(sizeof *random);
    struct expansion *expansion = malloc(sizeof *expansion);
    for (int round = 0; round < 400; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        struct rw_rep reps[RW_REPEAT_DEPTH_MAX + 1];
        struct rw_position position;
        expansion->count = expansion->ms = expansion->runs = 0;
        steps_expand(expansion, random->spec.steps, random->spec.step_count, SIZE_MAX, 0, reps);

        assert_int_equal(rw_profile_segment_count(profile), expansion->count);
        assert_int_equal(rw_profile_duration_ms(profile), expansion->ms);
        assert_int_equal(rw_profile_run_count(profile), expansion->runs);
        for (uint32_t i = 0; i < expansion->count; i++) {
            const struct expanded *expected = &expansion->list[i];
            uint32_t last_ms = expected->start_ms + expected->spec->duration_ms - 1;
            assert_true(rw_timeline_seek(profile, i, &position));
            position_check(&position, expected, i);
            assert_true(rw_timeline_seek_ms(profile, expected->start_ms, &position));
            position_check(&position, expected, i);
            assert_true(rw_timeline_seek_ms(profile, last_ms, &position));
            position_check(&position, expected, i);
        }
        assert_false(rw_timeline_seek(profile, (uint32_t)expansion->count, &position));
        assert_false(rw_timeline_seek_ms(profile, expansion->ms, &position));
        rw_profile_destroy(profile);
    }
    free(expansion);
    free(random);
}

static void a_day_of_one_second_segments_is_stored_once(void **state)
{
    (void)state;
    struct rw_step_spec step = {.kind = RW_KIND_RUN, .duration_ms = 1000};
    struct rw_step_spec repeat = {.repeat = RW_REPEAT_COUNT_MAX, .steps = &step, .step_count = 1};
    struct rw_profile_spec spec = {.name = "Day", .steps = &repeat, .step_count = 1};
    struct rw_profile *profile;
    struct rw_position position;
    size_t step_count;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    (void)rw_profile_steps(profile, &step_count);
    assert_int_equal(step_count, 3);
    assert_int_equal(rw_profile_segment_count(profile), RW_REPEAT_COUNT_MAX);
    assert_int_equal(rw_profile_duration_ms(profile), RW_SESSION_MS_MAX);
    assert_true(rw_timeline_seek(profile, RW_REPEAT_COUNT_MAX - 1, &position));
    assert_int_equal(position.start_ms, RW_SESSION_MS_MAX - 1000);
    rw_profile_destroy(profile);
}

static enum rw_status create_status(const struct rw_step_spec *steps, size_t count)
{
    struct rw_profile_spec spec = {.name = "Bounds", .steps = steps, .step_count = count};
    struct rw_profile *profile = NULL;
    enum rw_status status = rw_profile_create(&spec, &profile);
    assert_true((status == RW_OK) == (profile != NULL));
    rw_profile_destroy(profile);
    return status;
}

static void what_is_out_of_bounds_is_refused(void **state)
{
    (void)state;
    struct rw_step_spec run = {.kind = RW_KIND_RUN, .duration_ms = 1000};
    struct rw_step_spec levels[RW_REPEAT_DEPTH_MAX + 1];
    const struct rw_step_spec *inner = &run;
    for (size_t i = 0; i <= RW_REPEAT_DEPTH_MAX; i++) {
        levels[i] = (struct rw_step_spec){.repeat = 1, .steps = inner, .step_count = 1};
        inner = &levels[i];
    }
    assert_int_equal(create_status(&levels[RW_REPEAT_DEPTH_MAX - 1], 1), RW_OK);
    assert_int_equal(create_status(&levels[RW_REPEAT_DEPTH_MAX], 1), RW_ELIMIT);
    assert_int_equal(create_status(&run, 0), RW_EINVALID);

    run.duration_ms = RW_SEGMENT_MS_MIN - 1;
    assert_int_equal(create_status(&run, 1), RW_ELIMIT);
    run.duration_ms = RW_SESSION_MS_MAX + 1;
    assert_int_equal(create_status(&run, 1), RW_ELIMIT);
    run.duration_ms = RW_SESSION_MS_MAX;
    assert_int_equal(create_status(&run, 1), RW_OK);
    levels[0].repeat = 2;
    assert_int_equal(create_status(&levels[0], 1), RW_ELIMIT);
    levels[0].repeat = RW_REPEAT_COUNT_MAX + 1;
    run.duration_ms = 1000;
    assert_int_equal(create_status(&levels[0], 1), RW_ELIMIT);
}

static void skip_last_needs_a_step_of_its_kind_and_must_leave_something(void **state)
{
    (void)state;
    struct rw_step_spec run = {.kind = RW_KIND_RUN, .duration_ms = 1000};
    struct rw_step_spec repeat = {
        .repeat = 2,
        .has_skip_last = true,
        .skip_last = RW_KIND_WALK,
        .steps = &run,
        .step_count = 1,
    };
    assert_int_equal(create_status(&repeat, 1), RW_EINVALID);
    repeat.skip_last = RW_KIND_RUN;
    assert_int_equal(create_status(&repeat, 1), RW_OK);
    repeat.repeat = 1;
    assert_int_equal(create_status(&repeat, 1), RW_EINVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeks_agree_with_the_expansion_of_random_profiles),
        cmocka_unit_test(a_day_of_one_second_segments_is_stored_once),
        cmocka_unit_test(what_is_out_of_bounds_is_refused),
        cmocka_unit_test(skip_last_needs_a_step_of_its_kind_and_must_leave_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
