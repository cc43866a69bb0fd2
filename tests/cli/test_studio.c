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
        {.kind = RW_KIND_RUN, .duration_ms = 3000, .cues = &cues},
        {.kind = RW_KIND_WALK, .duration_ms = 4500, .cues = &cues},
    };
    const struct rw_step_spec steps[] = {
        {.kind = RW_KIND_WARMUP, .duration_ms = 20000, .cues = &cues},
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

/* A run of half a minute with so many clicks a minute. */
static struct rw_profile *run_make(int32_t cadence)
{
    struct rw_cue_settings cues = rw_cue_settings_default;
    cues.said |= 1u << RW_SETTING_CADENCE;
    cues.cadence = cadence;
    const struct rw_step_spec steps[] = {
        {.kind = RW_KIND_RUN, .duration_ms = 30000, .cues = &cues},
    };
    const struct rw_profile_spec spec = {.name = "Run", .steps = steps, .step_count = 1};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    return profile;
}

/* Everything STUDIO plays, read BLOCK frames at a time; *ret_frames long. It is destroyed. */
static float *studio_read(struct rw_studio *studio, uint32_t block, size_t *ret_frames)
{
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

static float *profile_read(struct rw_voice *voice, struct rw_profile *profile, uint32_t block,
                           size_t *ret_frames)
{
    struct rw_studio *studio;
    assert_int_equal(rw_studio_create(voice, profile, NULL, &studio), RW_OK);
    return studio_read(studio, block, ret_frames);
}

static float *session_read(struct rw_voice *voice, uint32_t block, size_t *ret_frames)
{
    return profile_read(voice, profile_make(), block, ret_frames);
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

/* Whether a cue of the script sounds between FIRST and END, or so near that clicks make room. */
static bool has_words(struct rw_voice *voice, size_t first, size_t end)
{
    struct rw_profile *profile = run_make(0);
    struct rw_script *script;
    struct rw_script_item item;
    bool has = false;
    assert_int_equal(rw_script_open(profile, rw_coach_measure(voice), NULL, &script), RW_OK);
    while (rw_script_next(script, &item)) {
        if (item.type == RW_SCRIPT_CUE && item.cue.fate != RW_CUE_DROPPED) {
            double start = (double)item.at / RW_NS_PER_MS * (RW_RATE / 1000);
            double length = (double)item.cue.length / RW_NS_PER_MS * (RW_RATE / 1000);
            has = has || (start < (double)end + 1000 && start + length > (double)first - 1000);
        }
    }
    rw_script_close(script);
    rw_profile_destroy(profile);
    return has;
}

static void a_cadence_clicks_at_every_step_but_never_under_words(void **state)
{
    (void)state;
    struct rw_voice *voice = voice_open();
    size_t frames, other_frames;
    unsigned clear = 0, covered = 0;
    float *plain = profile_read(voice, run_make(0), 4096, &frames);
    float *clicks = profile_read(voice, run_make(165), 480, &other_frames);
    assert_int_equal(frames, other_frames);
    for (size_t i = 0; i < frames * RW_CHANNELS; i++) {
        clicks[i] -= plain[i];
    }
    for (unsigned step = 0; step * 60.0 / 165 < 30; step++) {
        size_t at = (size_t)lround(step * 60.0 / 165 * RW_RATE);
        bool sounds = fabsf(clicks[2 * at]) > 1e-5f;
        if (!has_words(voice, at, at + RW_RATE * 3 / 100)) {
            assert_true(sounds);
            assert_true(at == 0 || fabsf(clicks[2 * at - 2]) < 1e-6f);
            clear++;
        } else if (at > 1000 && has_words(voice, at + 1000, at - 1000)) {
            assert_false(sounds);
            covered++;
        }
    }
    assert_true(clear > 30);
    assert_true(covered > 3);
    for (size_t i = (size_t)30 * RW_RATE; i < frames; i++) {
        assert_true(fabsf(clicks[2 * i]) < 1e-6f); /* with the last step they end */
    }
    free(plain);
    free(clicks);
    rw_voice_close(voice);
}

static double level(const float *samples, size_t first, size_t end)
{
    double sum = 0;
    for (size_t i = first * RW_CHANNELS; i < end * RW_CHANNELS; i++) {
        sum += (double)samples[i] * (double)samples[i];
    }
    return 10 * log10(sum / (double)((end - first) * RW_CHANNELS) + 1e-20);
}

static void music_sounds_all_along_and_makes_room_for_words(void **state)
{
    (void)state;
    /* A clip of the pack is as good as any music: it is played over and over. */
    static const char *const paths[] = {TEST_SOURCE_DIR "/nothing.wav",
                                        TEST_SOURCE_DIR "/sounds/tones/clips/tone-finish.flac"};
    struct rw_voice *voice = voice_open();
    struct rw_studio *studio;
    size_t frames, other_frames;
    float *plain = profile_read(voice, run_make(0), 4096, &frames);
    float *read[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rw_studio_create(voice, run_make(0), NULL, &studio), RW_OK);
        assert_int_equal(rw_studio_play_music(studio, paths, RW_COUNT(paths)), RW_OK);
        read[i] = studio_read(studio, i ? 37 : 4096, &other_frames);
        assert_int_equal(frames, other_frames);
    }
    /* Up to the tail, in which it ends. */
    assert_memory_equal(read[0], read[1], (frames - RW_RATE) * RW_CHANNELS * sizeof(float));
    double loudest = -200, softest = 200;
    for (size_t at = RW_RATE; at < (size_t)29 * RW_RATE; at += RW_RATE) {
        for (size_t i = at * RW_CHANNELS; i < (at + RW_RATE) * RW_CHANNELS; i++) {
            read[0][i] -= plain[i];
        }
        double heard = level(read[0], at, at + RW_RATE);
        loudest = heard > loudest ? heard : loudest;
        softest = heard < softest ? heard : softest;
    }
    assert_true(softest > -60);
    assert_true(loudest - softest > 10 && loudest - softest < 20);
    free(plain);
    free(read[0]);
    free(read[1]);
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
        cmocka_unit_test(a_cadence_clicks_at_every_step_but_never_under_words),
        cmocka_unit_test(music_sounds_all_along_and_makes_room_for_words),
        cmocka_unit_test(a_script_names_a_segment_before_its_cues_and_the_end_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
