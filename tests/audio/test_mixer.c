#include "sound.h"

#include "runwalk/audio/mixer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static const uint32_t block_sizes[] = {1, 37, 64, 480, 4096, 0 /* random */};

/* How a stream is cut: SIZE frames a block, or random sizes when that is 0. */
struct cut {
    uint32_t size;
    uint32_t seed;
};

static uint32_t cut_next(struct cut *cut)
{
    return cut->size != 0 ? cut->size : 1 + random_next(&cut->seed) % 700;
}

static void run(struct rw_mixer *mixer, struct cut *cut, float *out, uint32_t frames)
{
    while (frames > 0) {
        uint32_t count = cut_next(cut);
        if (count > frames) {
            count = frames;
        }
        rw_mixer_process(mixer, out, count);
        out += 2 * (size_t)count;
        frames -= count;
    }
}

static struct rw_mixer *mixer_new(void)
{
    struct rw_mixer *mixer;
    assert_int_equal(rw_mixer_create(&mixer), RW_OK);
    return mixer;
}

static struct rw_mixer_play play_of(const struct rw_clip *clip, uint64_t cue, rw_frame start)
{
    return (struct rw_mixer_play){
        .cue = cue,
        .start = start,
        .gain_left = 1.0f,
        .gain_right = 1.0f,
        .part_count = 1,
        .parts = {{.clip = clip}},
    };
}

static void assert_report(struct rw_mixer *mixer, uint64_t cue, enum rw_mixer_outcome outcome,
                          rw_frame frame)
{
    struct rw_mixer_report report;
    assert_true(rw_mixer_report(mixer, &report));
    assert_int_equal(report.cue, cue);
    assert_int_equal(report.outcome, outcome);
    assert_int_equal(report.frame, frame);
}

static void assert_no_report(struct rw_mixer *mixer)
{
    struct rw_mixer_report report;
    assert_false(rw_mixer_report(mixer, &report));
}

static float *frames_create(uint32_t frames)
{
    float *samples = malloc(2 * (size_t)frames * sizeof(*samples));
    assert_non_null(samples);
    /* What the mixer does not write must be noticed. */
    for (size_t i = 0; i < 2 * (size_t)frames; i++) {
        samples[i] = NAN;
    }
    return samples;
}

static void a_clip_starts_on_its_exact_frame(void **state)
{
    (void)state;
    static const rw_frame starts[] = {240, 241, 255, 256, 257, 479, 480, 500, 4096, 4097, 9000};
    const uint32_t frames = 10000;
    struct rw_clip *impulse = impulse_create(50, 0.25f);

    for (size_t s = 0; s < RW_COUNT(block_sizes); s++) {
        struct cut cut = {.size = block_sizes[s], .seed = 7};
        struct rw_mixer *mixer = mixer_new();
        float *out = frames_create(frames);
        float *expected = calloc(2 * frames, sizeof(*expected));
        for (size_t i = 0; i < RW_COUNT(starts); i++) {
            struct rw_mixer_play play = play_of(impulse, i, starts[i]);
            play.gain_right = 0.5f;
            assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
            expected[2 * starts[i]] += 0.25f;
            expected[2 * starts[i] + 1] += 0.125f;
        }
        run(mixer, &cut, out, frames);
        assert_memory_equal(out, expected, 2 * frames * sizeof(*out));
        assert_int_equal(rw_mixer_position(mixer), frames);
        assert_int_equal(rw_mixer_earliest(mixer), frames + RW_MIXER_AHEAD_FRAMES);
        rw_mixer_destroy(mixer);
        free(out);
        free(expected);
    }
    free(impulse);
}

static void parts_sound_at_their_offsets_butted_or_overlapping(void **state)
{
    (void)state;
    struct rw_clip *first = noise_create(300, 1, 0.2f, 11);
    struct rw_clip *second = noise_create(400, 2, 0.2f, 12);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(3000);
    float *expected = calloc(6000, sizeof(*expected));
    struct rw_mixer_play play = play_of(first, 1, 1000);
    struct cut cut = {.size = 333};

    play.part_count = 3; /* the second butts, the third overlaps the second */
    play.parts[1].clip = second;
    play.parts[1].offset = 300;
    play.parts[2].clip = first;
    play.parts[2].offset = 600;
    for (uint32_t i = 0; i < 300; i++) {
        for (uint32_t c = 0; c < 2; c++) {
            expected[2 * (1000 + i) + c] += first->samples[i];
        }
    }
    for (uint32_t i = 0; i < 400; i++) {
        for (uint32_t c = 0; c < 2; c++) {
            expected[2 * (1300 + i) + c] += second->samples[2 * i + c];
        }
    }
    for (uint32_t i = 0; i < 300; i++) {
        for (uint32_t c = 0; c < 2; c++) {
            expected[2 * (1600 + i) + c] += first->samples[i];
        }
    }

    assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
    run(mixer, &cut, out, 3000);
    assert_memory_equal(out, expected, 6000 * sizeof(*out));
    assert_report(mixer, 1, RW_MIXER_STARTED, 1000);
    assert_report(mixer, 1, RW_MIXER_ENDED, 1900);
    assert_no_report(mixer);
    rw_mixer_destroy(mixer);
    free(first);
    free(second);
    free(out);
    free(expected);
}

static void a_late_play_starts_at_the_earliest_frame(void **state)
{
    (void)state;
    static const rw_frame late[] = {0, 3, 100, 339, 340};

    for (size_t k = 0; k < RW_COUNT(late); k++) {
        struct rw_clip *impulse = impulse_create(1, 0.5f);
        struct rw_mixer *mixer = mixer_new();
        float out[2 * 1000];
        struct rw_mixer_play play = play_of(impulse, 9, late[k]);

        rw_mixer_process(mixer, out, 100);
        assert_int_equal(rw_mixer_earliest(mixer), 340);
        assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
        rw_mixer_process(mixer, out, 900);
        for (uint32_t i = 0; i < 900; i++) {
            assert_true(out[2 * i] == (i == 240 ? 0.5f : 0.0f));
        }
        assert_report(mixer, 9, RW_MIXER_STARTED, 340);
        assert_report(mixer, 9, RW_MIXER_ENDED, 341);
        rw_mixer_destroy(mixer);
        free(impulse);
    }
}

/* Many overlapping, fading, changing voices, loud enough to be limited: COMMANDS at given frames.
 */
static float *render_busy_stream(const struct rw_clip *const *clips, uint32_t clip_count,
                                 uint32_t frames, struct cut cut)
{
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(frames);
    uint32_t seed = 4711;

    for (uint32_t at = 0, epoch = 1; at < frames; at += 3000) {
        for (uint32_t i = 0; i < 12; i++) {
            const struct rw_clip *clip = clips[random_next(&seed) % clip_count];
            struct rw_mixer_play play = play_of(clip, i, at + 240 + random_next(&seed) % 4000);
            play.bus = random_next(&seed) % RW_MIXER_BUSES;
            play.gain_left = random_sample(&seed, 1.5f);
            play.epoch = epoch;
            play.part_count = 2;
            play.parts[1].clip = clips[random_next(&seed) % clip_count];
            play.parts[1].offset = random_next(&seed) % 2000;
            assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
        }
        if (at % 2 == 0) {
            assert_int_equal(rw_mixer_set_gain(mixer, random_next(&seed) % RW_MIXER_BUSES,
                                               random_sample(&seed, 6.0f)),
                             RW_OK);
        }
        if (at % 9000 == 6000) {
            rw_mixer_cancel(mixer, epoch++);
        }
        run(mixer, &cut, out + 2 * (size_t)at, 3000);
        for (struct rw_mixer_report report; rw_mixer_report(mixer, &report);) {
            ;
        }
    }
    rw_mixer_destroy(mixer);
    return out;
}

static void the_bytes_do_not_depend_on_the_block_sizes(void **state)
{
    (void)state;
    const uint32_t frames = 60000;
    struct rw_clip *clips[] = {noise_create(1000, 1, 0.4f, 3), noise_create(2111, 2, 0.5f, 4),
                               sine_create(3000, 2, 997.0, 0.5), impulse_create(10, 0.9f)};
    const struct rw_clip *const *views = (const struct rw_clip *const *)clips;
    float *reference = render_busy_stream(views, RW_COUNT(clips), frames, (struct cut){4096, 0});
    float loudest = 0.0f;

    for (uint32_t i = 0; i < 2 * frames; i++) {
        loudest = fmaxf(loudest, fabsf(reference[i]));
    }
    assert_true(loudest > 0.8f); /* the limiter had work to do */
    for (size_t s = 0; s < RW_COUNT(block_sizes); s++) {
        struct cut cut = {.size = block_sizes[s], .seed = 99};
        float *out = render_busy_stream(views, RW_COUNT(clips), frames, cut);
        assert_memory_equal(out, reference, 2 * frames * sizeof(*out));
        free(out);
    }
    free(reference);
    for (size_t i = 0; i < RW_COUNT(clips); i++) {
        free(clips[i]);
    }
}

/* The biggest step from one frame to the next of the left channel. */
static float biggest_step(const float *samples, uint32_t frames)
{
    float biggest = 0.0f;
    for (uint32_t i = 1; i < frames; i++) {
        biggest = fmaxf(biggest, fabsf(samples[2 * i] - samples[2 * (i - 1)]));
    }
    return biggest;
}

static void cancel_fades_within_ten_milliseconds_without_a_click(void **state)
{
    (void)state;
    struct rw_clip *sine = sine_create(RW_RATE, 2, 200.0, 0.5);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(4800);
    struct cut cut = {.size = 64};
    struct rw_mixer_play play = play_of(sine, 5, 240);

    play.epoch = 3;
    assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
    run(mixer, &cut, out, 1000);
    rw_mixer_cancel(mixer, 2); /* an older epoch: nothing happens */
    run(mixer, &cut, out + 2000, 1000);
    rw_mixer_cancel(mixer, 3);
    rw_frame fade = rw_mixer_earliest(mixer);
    run(mixer, &cut, out + 4000, 2800);

    assert_true(biggest_step(out, 4800) < 1.1f * 0.5f * 2.0f * (float)PI * 200.0f / RW_RATE);
    for (uint32_t i = 0; i < fade - 240; i++) {
        assert_true(out[2 * (240 + i)] == sine->samples[2 * i]);
    }
    for (uint32_t i = 0; i < 240; i++) { /* not just cut: half way it still sounds */
        assert_true(fabsf(out[2 * (fade + i)]) >=
                    0.49f * fabsf(sine->samples[2 * (fade - 240 + i)]));
    }
    for (uint64_t i = 2 * (fade + RW_MIXER_FADE_FRAMES - 1); i < 9600; i++) {
        assert_true(out[i] == 0.0f);
    }
    assert_report(mixer, 5, RW_MIXER_STARTED, 240);
    assert_report(mixer, 5, RW_MIXER_CUT, fade + RW_MIXER_FADE_FRAMES);
    assert_no_report(mixer);
    rw_mixer_destroy(mixer);
    free(sine);
    free(out);
}

static void cancel_silences_what_is_pending_and_what_comes_too_late(void **state)
{
    (void)state;
    struct rw_clip *impulse = impulse_create(10, 0.5f);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(5000);
    struct rw_mixer_play pending = play_of(impulse, 1, 3000);
    struct rw_mixer_play late = play_of(impulse, 2, 3100);
    struct rw_mixer_play next = play_of(impulse, 3, 3200);

    pending.epoch = late.epoch = 7;
    next.epoch = 8;
    assert_int_equal(rw_mixer_play(mixer, &pending), RW_OK);
    rw_mixer_process(mixer, out, 100);
    rw_mixer_cancel(mixer, 7);
    rw_mixer_cancel(mixer, 5); /* takes nothing back */
    assert_int_equal(rw_mixer_play(mixer, &late), RW_OK);
    assert_int_equal(rw_mixer_play(mixer, &next), RW_OK);
    rw_mixer_process(mixer, out + 200, 4900);
    for (uint32_t i = 0; i < 5000; i++) {
        assert_true(out[2 * i] == (i == 3200 ? 0.5f : 0.0f));
    }
    assert_report(mixer, 1, RW_MIXER_CANCELLED, 340);
    assert_report(mixer, 2, RW_MIXER_CANCELLED, 340);
    assert_report(mixer, 3, RW_MIXER_STARTED, 3200);
    assert_report(mixer, 3, RW_MIXER_ENDED, 3210);
    assert_no_report(mixer);
    rw_mixer_destroy(mixer);
    free(impulse);
    free(out);
}

static void a_clip_that_ends_while_it_fades_is_cut_at_its_end(void **state)
{
    (void)state;
    struct rw_clip *sine = sine_create(400, 1, 300.0, 0.5);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(2000);
    struct rw_mixer_play play = play_of(sine, 5, 240);

    assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
    rw_mixer_process(mixer, out, 200);
    rw_mixer_cancel(mixer, 0);
    rw_mixer_process(mixer, out + 400, 1800);
    assert_report(mixer, 5, RW_MIXER_STARTED, 240);
    assert_report(mixer, 5, RW_MIXER_CUT, 640);
    assert_no_report(mixer);
    for (uint32_t i = 1280; i < 4000; i++) {
        assert_true(out[i] == 0.0f);
    }
    rw_mixer_destroy(mixer);
    free(sine);
    free(out);
}

static void a_gain_is_reached_by_a_ramp_of_ten_milliseconds(void **state)
{
    (void)state;
    struct rw_clip *level = clip_create(20000, 1);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(6000);
    struct cut cut = {.size = 100};
    struct rw_mixer_play play = play_of(level, 1, 240);

    for (uint32_t i = 0; i < level->frames; i++) {
        level->samples[i] = 0.4f;
    }
    play.bus = 2;
    assert_int_equal(rw_mixer_set_gain(mixer, 2, -6.0206f), RW_OK); /* at once: nothing sounds */
    assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
    run(mixer, &cut, out, 1000);
    assert_int_equal(rw_mixer_set_gain(mixer, 2, -96.0f), RW_OK);
    assert_int_equal(rw_mixer_set_gain(mixer, 1, 3.0f), RW_OK); /* another bus */
    run(mixer, &cut, out + 2000, 200);
    assert_int_equal(rw_mixer_set_gain(mixer, 2, 0.0f), RW_OK); /* turned back on the way */
    run(mixer, &cut, out + 2400, 4800);

    for (uint32_t i = 240; i < 1240; i++) {
        assert_true(fabsf(out[2 * i] - 0.2f) < 1e-6f);
    }
    assert_true(out[2 * 1439] < 0.2f);
    for (uint32_t i = 1440 + RW_MIXER_FADE_FRAMES; i < 6000; i++) {
        assert_true(out[2 * i] == 0.4f);
    }
    const uint32_t length = RW_MIXER_FADE_FRAMES;
    assert_true(biggest_step(out + 480, 5000) < 0.8f / (float)length);
    rw_mixer_destroy(mixer);
    free(level);
    free(out);
}

static void what_stays_below_the_ceiling_passes_bit_for_bit(void **state)
{
    (void)state;
    /* A sine of 997 Hz hardly rises between its samples: 0.88 is just below -1 dBTP (0.891). */
    struct rw_clip *sine = sine_create(5000, 2, 997.0, 0.88);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(6000);
    struct cut cut = {.size = 480};
    struct rw_mixer_play play = play_of(sine, 1, 240);

    assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
    run(mixer, &cut, out, 6000);
    assert_memory_equal(out + 480, sine->samples, 10000 * sizeof(*out));
    rw_mixer_destroy(mixer);
    free(sine);
    free(out);
}

static void sixty_four_plays_fit_and_every_one_is_answered(void **state)
{
    (void)state;
    struct rw_clip *clip = noise_create(700, 1, 0.01f, 5);
    struct rw_mixer *mixer = mixer_new();
    float *out = frames_create(4096);
    bool started[3 * RW_MIXER_VOICES_MAX] = {false}, ended[3 * RW_MIXER_VOICES_MAX] = {false};
    struct rw_mixer_report report;

    for (uint64_t round = 0; round < 3; round++) {
        rw_frame origin = rw_mixer_earliest(mixer);
        for (uint64_t i = 0; i < RW_MIXER_VOICES_MAX; i++) {
            struct rw_mixer_play play =
                play_of(clip, round * RW_MIXER_VOICES_MAX + i, origin + 9 * i);
            assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
        }
        struct rw_mixer_play more = play_of(clip, 1000, 0);
        assert_int_equal(rw_mixer_play(mixer, &more), RW_EFULL);
        rw_mixer_process(mixer, out, 4096);
        /* All have ended, but nobody has read the reports. */
        assert_int_equal(rw_mixer_play(mixer, &more), RW_EFULL);
        while (rw_mixer_report(mixer, &report)) {
            uint64_t i = report.cue % RW_MIXER_VOICES_MAX;
            assert_in_range(report.cue, round * RW_MIXER_VOICES_MAX,
                            (round + 1) * RW_MIXER_VOICES_MAX - 1);
            if (report.outcome == RW_MIXER_STARTED) {
                assert_false(started[report.cue]);
                started[report.cue] = true;
                assert_int_equal(report.frame, origin + 9 * i);
            } else {
                assert_int_equal(report.outcome, RW_MIXER_ENDED);
                assert_true(started[report.cue] && !ended[report.cue]);
                ended[report.cue] = true;
                assert_int_equal(report.frame, origin + 9 * i + 700);
            }
        }
    }
    for (size_t i = 0; i < RW_COUNT(ended); i++) {
        assert_true(ended[i]);
    }
    rw_mixer_destroy(mixer);
    free(clip);
    free(out);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct rw_clip *clip = impulse_create(1, 0.5f);
    struct rw_mixer *mixer = mixer_new();
    struct rw_mixer_play good = play_of(clip, 1, 500), bad;

    bad = good, bad.part_count = 0;
    assert_int_equal(rw_mixer_play(mixer, &bad), RW_EINVALID);
    bad = good, bad.part_count = RW_MIXER_PARTS_MAX + 1;
    assert_int_equal(rw_mixer_play(mixer, &bad), RW_EINVALID);
    bad = good, bad.bus = RW_MIXER_BUSES;
    assert_int_equal(rw_mixer_play(mixer, &bad), RW_EINVALID);
    bad = good, bad.gain_left = NAN;
    assert_int_equal(rw_mixer_play(mixer, &bad), RW_EINVALID);
    bad = good, bad.gain_right = 100.0f;
    assert_int_equal(rw_mixer_play(mixer, &bad), RW_EINVALID);
    bad = good, bad.start = UINT64_MAX;
    assert_int_equal(rw_mixer_play(mixer, &bad), RW_EINVALID);
    assert_int_equal(rw_mixer_set_gain(mixer, RW_MIXER_BUSES, 0.0f), RW_EINVALID);
    assert_int_equal(rw_mixer_set_gain(mixer, 0, NAN), RW_EINVALID);
    assert_int_equal(rw_mixer_set_gain(mixer, 0, 25.0f), RW_EINVALID);
    rw_mixer_destroy(mixer);
    free(clip);
}

struct stage {
    struct rw_mixer *mixer;
    atomic_bool over;
};

static void *play_along(void *context)
{
    struct stage *stage = context;
    struct cut cut = {.seed = 31};
    static float out[2 * 700];

    while (!atomic_load_explicit(&stage->over, memory_order_relaxed)) {
        rw_mixer_process(stage->mixer, out, cut_next(&cut));
    }
    return NULL;
}

static void two_threads_lose_no_report(void **state)
{
    (void)state;
    enum { CUES = 3000, NONE = -1 };
    struct rw_clip *clip = noise_create(900, 2, 0.1f, 17);
    struct stage stage = {.mixer = mixer_new()};
    int *last = malloc(CUES * sizeof(*last)); /* the latest report of each cue */
    uint32_t seed = 77, played = 0, over = 0;
    struct rw_mixer_report report;
    rw_frame now = 0; /* as far as the reports tell */
    pthread_t thread;

    for (uint32_t i = 0; i < CUES; i++) {
        last[i] = NONE;
    }
    assert_int_equal(pthread_create(&thread, NULL, play_along, &stage), 0);
    while (over < CUES) {
        if (played < CUES) {
            struct rw_mixer_play play = play_of(clip, played, now + random_next(&seed) % 3000);
            play.epoch = played / 50;
            play.bus = played % RW_MIXER_BUSES;
            enum rw_status status = rw_mixer_play(stage.mixer, &play);
            assert_true(status == RW_OK || status == RW_EFULL);
            played += status == RW_OK;
            if (random_next(&seed) % 200 == 0 && played > 0) {
                rw_mixer_cancel(stage.mixer, (played - 1) / 50);
            }
            assert_int_equal(
                rw_mixer_set_gain(stage.mixer, play.bus, -(float)(random_next(&seed) % 9)), RW_OK);
        }
        while (rw_mixer_report(stage.mixer, &report)) {
            int *before = &last[report.cue];
            bool is_first =
                report.outcome == RW_MIXER_STARTED || report.outcome == RW_MIXER_CANCELLED;
            assert_int_equal(*before, is_first ? NONE : RW_MIXER_STARTED);
            *before = (int)report.outcome;
            over += report.outcome != RW_MIXER_STARTED;
            now = report.frame > now ? report.frame : now;
        }
    }
    atomic_store_explicit(&stage.over, true, memory_order_relaxed);
    pthread_join(thread, NULL);
    assert_no_report(stage.mixer);
    rw_mixer_destroy(stage.mixer);
    free(clip);
    free(last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clip_starts_on_its_exact_frame),
        cmocka_unit_test(parts_sound_at_their_offsets_butted_or_overlapping),
        cmocka_unit_test(a_late_play_starts_at_the_earliest_frame),
        cmocka_unit_test(the_bytes_do_not_depend_on_the_block_sizes),
        cmocka_unit_test(cancel_fades_within_ten_milliseconds_without_a_click),
        cmocka_unit_test(cancel_silences_what_is_pending_and_what_comes_too_late),
        cmocka_unit_test(a_clip_that_ends_while_it_fades_is_cut_at_its_end),
        cmocka_unit_test(a_gain_is_reached_by_a_ramp_of_ten_milliseconds),
        cmocka_unit_test(what_stays_below_the_ceiling_passes_bit_for_bit),
        cmocka_unit_test(sixty_four_plays_fit_and_every_one_is_answered),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(two_threads_lose_no_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
