#include "studio.h"

#include "runwalk/coach/measure.h"
#include "script.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A short session with every kind of change. */
static struct rw_profile *profile_make(void)
{
    struct rw_cue_settings cues = rw_cue_settings_default;
    const struct rw_step_spec inner[] = {
        {.kind = RW_KIND_RUN, .duration_ms = 3000, .cues = cues},
        {.kind = RW_KIND_WALK, .duration_ms = 4500, .cues = cues},
    };
    const struct rw_step_spec steps[] = {
        {.kind = RW_KIND_WARMUP, .duration_ms = 20000, .cues = cues},
        {.repeat = 2, .steps = inner, .step_count = RW_COUNT(inner)},
    };
    const struct rw_profile_spec spec = {
        .name = "Short", .steps = steps, .step_count = RW_COUNT(steps)};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    return profile;
}

static struct rw_voice *voice_open(void)
{
    struct rw_diagnostics diagnostics;
    struct rw_voice *voice;
    rw_diagnostics_init(&diagnostics);
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", &diagnostics, &voice), RW_OK);
    return voice;
}

/* Everything a studio plays, read BLOCK frames at a time; *ret_frames long. */
static float *session_read(struct rw_voice *voice, uint32_t block, size_t *ret_frames)
{
    struct rw_studio *studio;
    assert_int_equal(rw_studio_create(voice, profile_make(), NULL, &studio), RW_OK);
    size_t capacity = 60 * RW_RATE;
    float *samples = malloc(capacity * RW_CHANNELS * sizeof *samples);
    assert_non_null(samples);
    size_t used = 0;
    for (;;) {
        uint32_t count;
        assert_true(used + block <= capacity);
        assert_int_equal(rw_studio_read(studio, samples + used * RW_CHANNELS, block, &count),
                         RW_OK);
        assert_true(count <= block);
        if (count == 0) {
            break;
        }
        used += count;
    }
    rw_studio_destroy(studio);
    *ret_frames = used;
    return samples;
}

static void the_sound_does_not_depend_on_how_it_is_read(void **state)
{
    (void)state;
    struct rw_voice *voice = voice_open();
    size_t frames, other_frames;
    float *samples = session_read(voice, 4096, &frames);
    static const uint32_t blocks[] = {480, 37, 48000};
    for (size_t i = 0; i < RW_COUNT(blocks); i++) {
        float *other = session_read(voice, blocks[i], &other_frames);
        assert_int_equal(frames, other_frames);
        assert_memory_equal(samples, other, frames * RW_CHANNELS * sizeof *samples);
        free(other);
    }
    free(samples);
    rw_voice_close(voice);
}

static bool is_silent(const float *samples, size_t first, size_t end)
{
    for (size_t i = first * RW_CHANNELS; i < end * RW_CHANNELS; i++) {
        if (fabsf(samples[i]) > 1e-4f) {
            return false;
        }
    }
    return true;
}

/* The plan and the sound are two ways to the same cues. */
static void something_sounds_at_each_cue_of_the_script_and_nothing_between(void **state)
{
    (void)state;
    struct rw_voice *voice = voice_open();
    struct rw_profile *profile = profile_make();
    struct rw_script *script;
    size_t frames;
    float *samples = session_read(voice, 4096, &frames);
    assert_int_equal(rw_script_open(profile, rw_coach_measure(voice), NULL, &script), RW_OK);

    size_t silent_from = 0;
    unsigned cues = 0;
    struct rw_script_item item;
    while (rw_script_next(script, &item)) {
        if (item.type != RW_SCRIPT_CUE || item.cue.fate == RW_CUE_DROPPED) {
            continue;
        }
        size_t start = (size_t)(item.at / RW_NS_PER_MS) * (RW_RATE / 1000);
        size_t end = start + (size_t)(item.cue.length * (rw_ns)RW_RATE / RW_NS_PER_SECOND) + 1;
        assert_true(end + RW_RATE / 1000 < frames);
        assert_true(is_silent(samples, silent_from, start));
        assert_false(is_silent(samples, start, end));
        silent_from = end + RW_RATE / 1000; /* `at` need not fall on a whole millisecond */
        cues++;
    }
    assert_true(cues > 10);
    assert_true(is_silent(samples, silent_from, frames));
    size_t tail = frames + RW_RATE / 1000 - silent_from;
    assert_in_range(tail, RW_RATE / 2 - 1, RW_RATE / 2); /* `end` was rounded up */

    rw_script_close(script);
    rw_profile_destroy(profile);
    free(samples);
    rw_voice_close(voice);
}

static void a_script_names_a_segment_before_its_cues_and_the_end_last(void **state)
{
    (void)state;
    struct rw_voice *voice = voice_open();
    struct rw_profile *profile = profile_make();
    struct rw_script *script;
    assert_int_equal(rw_script_open(profile, rw_coach_measure(voice), NULL, &script), RW_OK);
    struct rw_script_item item;
    rw_ns last = 0;
    unsigned segments = 0;
    bool is_over = false;
    while (rw_script_next(script, &item)) {
        assert_false(is_over);
        switch (item.type) {
        case RW_SCRIPT_SEGMENT:
            assert_int_equal(item.segment.position.segment, segments);
            assert_int_equal(item.at, item.segment.position.start_ms * RW_NS_PER_MS);
            segments++;
            break;
        case RW_SCRIPT_CUE:
            assert_true(item.cue.segment < segments || item.cue.segment == 5);
            break;
        case RW_SCRIPT_END:
            assert_int_equal(item.at, 35 * RW_NS_PER_SECOND);
            is_over = true;
            continue;
        }
        assert_true(item.at >= last);
        last = item.at;
    }
    assert_true(is_over);
    assert_int_equal(segments, 5);
    assert_true(last > 35 * RW_NS_PER_SECOND);
    assert_false(rw_script_next(script, &item));
    rw_script_close(script);
    rw_profile_destroy(profile);
    rw_voice_close(voice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sound_does_not_depend_on_how_it_is_read),
        cmocka_unit_test(something_sounds_at_each_cue_of_the_script_and_nothing_between),
        cmocka_unit_test(a_script_names_a_segment_before_its_cues_and_the_end_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
