/* The rows of a cadence, and their clicks in the mixer: exact, soft, and never under a cue. */
#include "sound.h"

#include "runwalk/audio/cadence.h"
#include "runwalk/audio/mixer.h"

#include <ebur128.h>

#define SECOND RW_NS_PER_SECOND
#define LEVEL  1e-7f /* anything louder is a sound */

static const uint32_t block_sizes[] = {1, 37, 64, 480, 4096};

static struct rw_cadence_row row_of(uint32_t millisteps, rw_ns from, rw_ns until)
{
    return (struct rw_cadence_row){1, from, until, millisteps};
}

static void take(struct rw_cadence_rows *rows, struct rw_cadence_row row, rw_ns expected_void)
{
    rw_ns from;
    assert_int_equal(rw_cadence_take(rows, &row, &from), RW_OK);
    assert_int_equal(from, expected_void);
}

static rw_ns next_at(struct rw_cadence_rows *rows)
{
    struct rw_cadence_click click;
    if (!rw_cadence_next(rows, 0, &click)) {
        return -1;
    }
    rw_cadence_done(rows);
    return click.at;
}

static rw_frame frame_of(rw_ns time)
{
    rw_ns seconds = time / SECOND, rest = time % SECOND;
    return (rw_frame)(seconds * RW_RATE + (rest * RW_RATE + SECOND / 2) / SECOND);
}

static void a_day_of_clicks_does_not_drift(void **state)
{
    static const uint32_t millisteps[] = {30000, 165000, 173250, 180000, 299999, 300000};
    (void)state;

    for (size_t i = 0; i < RW_COUNT(millisteps); i++) {
        struct rw_cadence_rows rows = {0};
        struct rw_cadence_click click;
        const rw_ns day = 86400 * SECOND, from = 12345;
        take(&rows, row_of(millisteps[i], from, from + day + 1),
             from - (rw_ns)(30e12 / millisteps[i]));
        /* A click of each hour, by the definition. */
        for (uint64_t hour = 1; hour <= 24; hour++) {
            uint64_t number = hour * 60 * millisteps[i] / 1000;
            long double at = (long double)number * 60e12L / millisteps[i];
            assert_true(rw_cadence_next(&rows, from + (rw_ns)at, &click));
            assert_true(fabsl((long double)(click.at - from) - at) < 1);
        }
        assert_false(rw_cadence_next(&rows, from + day + 1, &click));
    }
}

static void a_later_row_takes_over_without_a_stumble(void **state)
{
    struct rw_cadence_rows rows = {0};
    struct rw_cadence_click click;
    (void)state;

    take(&rows, row_of(120000, 0, 60 * SECOND), -SECOND / 4);
    assert_int_equal(next_at(&rows), 0);
    assert_int_equal(next_at(&rows), SECOND / 2);
    /* At 1.1 s: the click at 1 s would come a tenth of a second before. */
    take(&rows, row_of(150000, 11 * SECOND / 10, 5 * SECOND), 9 * SECOND / 10);
    assert_true(rw_cadence_next(&rows, 0, &click));
    assert_int_equal(click.at, 11 * SECOND / 10);
    assert_true(click.gain == 1.0f); /* it goes on: no fade */
    assert_int_equal(next_at(&rows), 11 * SECOND / 10);
    assert_int_equal(next_at(&rows), 15 * SECOND / 10);
    take(&rows, row_of(0, 2 * SECOND, 2 * SECOND), 2 * SECOND);
    assert_int_equal(next_at(&rows), 19 * SECOND / 10);
    assert_int_equal(next_at(&rows), -1);
}

static void cancelled_rows_are_gone_and_bad_ones_refused(void **state)
{
    static const struct rw_cadence_row bad[] = {
        {1, 0, SECOND, 29999},   {1, 0, SECOND, 300001},      {1, SECOND, SECOND, 165000},
        {1, -1, SECOND, 165000}, {1, 0, RW_NS_NEVER, 165000},
    };
    struct rw_cadence_rows rows = {0};
    rw_ns from;
    (void)state;

    for (size_t i = 0; i < RW_COUNT(bad); i++) {
        assert_int_equal(rw_cadence_take(&rows, &bad[i], &from), RW_EINVALID);
    }
    take(&rows, row_of(120000, 0, SECOND), -SECOND / 4);
    struct rw_cadence_row second = row_of(120000, 2 * SECOND, 3 * SECOND);
    second.epoch = 2;
    take(&rows, second, 2 * SECOND - SECOND / 4);
    rw_cadence_cancel(&rows, 1);
    assert_int_equal(next_at(&rows), 2 * SECOND);
    rw_cadence_cancel(&rows, 2);
    assert_int_equal(next_at(&rows), -1);
}

/* Gives the mixer the clicks of the next second. */
static void feed(struct rw_mixer *mixer, struct rw_cadence_rows *rows)
{
    struct rw_cadence_click click;
    rw_ns until = (rw_ns)(rw_mixer_earliest(mixer) / RW_RATE + 2) * SECOND;

    while (rw_cadence_next(rows, 0, &click) && click.at < until) {
        struct rw_mixer_click mixed = {frame_of(click.at), click.epoch, click.gain};
        if (rw_mixer_click(mixer, &mixed) != RW_OK) {
            return;
        }
        rw_cadence_done(rows);
    }
}

/* Checks that exactly at each frame of the row the sound begins, over FRAMES frames. */
static void assert_clicks(uint32_t millisteps, uint32_t block, rw_frame frames)
{
    const rw_ns from = SECOND + 333;
    struct rw_cadence_rows rows = {0};
    struct rw_mixer *mixer;
    float out[2 * 4096];
    uint64_t number = 0;
    rw_frame silent = RW_RATE; /* frames of silence so far */

    assert_int_equal(rw_mixer_create(&mixer), RW_OK);
    take(&rows, row_of(millisteps, from, from + 3600 * SECOND), from - (rw_ns)(30e12 / millisteps));
    for (rw_frame at = 0; at < frames; at += block) {
        feed(mixer, &rows);
        rw_mixer_process(mixer, out, block);
        for (uint32_t i = 0; i < block; i++) {
            if (fabsf(out[2 * i]) <= LEVEL) {
                silent++;
                continue;
            }
            if (silent > 480) {
                rw_ns due = from + (rw_ns)(number * 60 * 1000 * (uint64_t)SECOND / millisteps);
                assert_int_equal(at + i, frame_of(due));
                number++;
            }
            silent = 0;
        }
    }
    assert_true(number >= (frames / RW_RATE - 2) * millisteps / 60000);
    rw_mixer_destroy(mixer);
}

static void each_click_falls_on_its_frame_however_the_stream_is_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(block_sizes); i++) {
        assert_clicks(165000, block_sizes[i], (block_sizes[i] == 4096 ? 660 : 10) * RW_RATE);
        assert_clicks(180000, block_sizes[i], (block_sizes[i] == 480 ? 660 : 10) * RW_RATE);
    }
}

/* One second of sound with a click at 4800 and, with CLIP, a cue at START. */
static void render_second(float *out, const struct rw_clip *clip, rw_frame start, rw_frame click_at,
                          uint32_t block)
{
    struct rw_mixer_click click = {click_at, 1, 1.0f};
    struct rw_mixer *mixer;

    assert_int_equal(rw_mixer_create(&mixer), RW_OK);
    assert_int_equal(rw_mixer_click(mixer, &click), RW_OK);
    if (clip) {
        struct rw_mixer_play play = {.epoch = 1,
                                     .start = start,
                                     .gain_left = 1.0f,
                                     .gain_right = 1.0f,
                                     .part_count = 1,
                                     .parts = {{.clip = clip}}};
        assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
    }
    for (uint32_t at = 0; at < RW_RATE; at += block) {
        rw_mixer_process(mixer, out + 2 * (size_t)at, block < RW_RATE - at ? block : RW_RATE - at);
    }
    rw_mixer_destroy(mixer);
}

static float loudest(const float *out, uint32_t from, uint32_t to)
{
    float most = 0;
    for (uint32_t i = 2 * from; i < 2 * to; i++) {
        most = fmaxf(most, fabsf(out[i]));
    }
    return most;
}

static void a_click_never_sounds_under_a_cue(void **state)
{
    static float out[2 * RW_RATE], plain[2 * RW_RATE];
    struct rw_clip *silence = clip_create(9600, 1); /* a cue whose own sound does not disturb */
    (void)state;

    for (size_t i = 0; i < RW_COUNT(block_sizes); i++) {
        render_second(plain, NULL, 0, 12000, block_sizes[i]);
        assert_true(loudest(plain, 12000, 13440) > 0.01f);
        /* Within the cue, just before it, in its fade, and clear of it. */
        render_second(out, silence, 9600, 12000, block_sizes[i]);
        assert_true(loudest(out, 0, RW_RATE) <= LEVEL);
        render_second(out, silence, 12000, 12000, block_sizes[i]);
        assert_true(loudest(out, 0, RW_RATE) <= LEVEL);
        render_second(out, silence, 12480, 12000, block_sizes[i]);
        assert_true(loudest(out, 12000, 12480) < loudest(plain, 12000, 12480));
        assert_true(loudest(out, 12480, RW_RATE) <= LEVEL);
        render_second(out, silence, 12000 + 2400, 12000, block_sizes[i]);
        assert_memory_equal(out, plain, sizeof(out));
        render_second(out, silence, 12000 - 9600 - 960, 12000, block_sizes[i]);
        assert_memory_equal(out, plain, sizeof(out));
    }
    free(silence);
}

static void a_click_is_eighteen_decibels_under_the_voice(void **state)
{
    static float out[2 * RW_RATE];
    double loudness;
    (void)state;

    render_second(out, NULL, 0, 12000, 480);
    ebur128_state *meter = ebur128_init(2, RW_RATE, EBUR128_MODE_I);
    /* As a clip of a voice is measured: 400 ms from its start on. */
    assert_int_equal(ebur128_add_frames_float(meter, out + 2 * (size_t)12000, RW_RATE * 2 / 5), 0);
    assert_int_equal(ebur128_loudness_global(meter, &loudness), 0);
    ebur128_destroy(&meter);
    if (fabs(loudness - (RW_CLIP_LOUDNESS_LUFS + RW_MIXER_CLICK_DB)) > 0.5) {
        fail_msg("a click has %.2f LUFS", loudness);
    }
}

static void cancelled_and_forgotten_clicks_are_silent(void **state)
{
    static float out[2 * RW_RATE];
    struct rw_mixer_click click = {.frame = 4800, .epoch = 3, .gain = 1.0f};
    struct rw_mixer *mixer;
    (void)state;

    assert_int_equal(rw_mixer_create(&mixer), RW_OK);
    for (uint32_t i = 0; i < 4; i++, click.frame += 4800) {
        assert_int_equal(rw_mixer_click(mixer, &click), RW_OK);
    }
    assert_int_equal(rw_mixer_forget_clicks(mixer, 14400), RW_OK);
    rw_mixer_process(mixer, out, 9700);
    assert_true(loudest(out, 4800, 9600) > 0.01f);
    rw_mixer_cancel(mixer, 3); /* the second one has just begun */
    rw_mixer_process(mixer, out + 2 * 9700, RW_RATE - 9700);
    assert_true(loudest(out, 9600, 9700) > 0.001f);
    assert_true(loudest(out, 9700 + 240 + 480, RW_RATE) <= LEVEL);
    click.frame = 100; /* too late: left out */
    click.epoch = 4;
    assert_int_equal(rw_mixer_click(mixer, &click), RW_OK);
    rw_mixer_process(mixer, out, RW_RATE);
    assert_true(loudest(out, 0, RW_RATE) <= LEVEL);
    click.epoch = UINT32_MAX;
    assert_int_equal(rw_mixer_click(mixer, &click), RW_EINVALID);
    rw_mixer_destroy(mixer);
}

static void dither_is_one_step_of_noise_and_stays_the_same_however_cut(void **state)
{
    static float whole[2 * 4800], cut[2 * 4800];
    struct rw_mixer *mixer;
    double sum = 0;
    (void)state;

    for (int pass = 0; pass < 2; pass++) {
        float *out = pass ? cut : whole;
        uint32_t block = pass ? 37 : 4800;
        assert_int_equal(rw_mixer_create(&mixer), RW_OK);
        rw_mixer_set_dither(mixer, true);
        for (uint32_t at = 0; at < 4800; at += block) {
            rw_mixer_process(mixer, out + 2 * (size_t)at, block < 4800 - at ? block : 4800 - at);
        }
        rw_mixer_destroy(mixer);
    }
    assert_memory_equal(whole, cut, sizeof(whole));
    for (size_t i = 0; i < RW_COUNT(whole); i++) {
        double steps = (double)whole[i] * 32768;
        assert_true(fabs(steps) <= 1);
        sum += steps * steps;
    }
    /* The variance of triangular noise of that width is 1/6. */
    assert_true(fabs(sum / RW_COUNT(whole) - 1.0 / 6) < 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_of_clicks_does_not_drift),
        cmocka_unit_test(a_later_row_takes_over_without_a_stumble),
        cmocka_unit_test(cancelled_rows_are_gone_and_bad_ones_refused),
        cmocka_unit_test(each_click_falls_on_its_frame_however_the_stream_is_cut),
        cmocka_unit_test(a_click_never_sounds_under_a_cue),
        cmocka_unit_test(a_click_is_eighteen_decibels_under_the_voice),
        cmocka_unit_test(cancelled_and_forgotten_clicks_are_silent),
        cmocka_unit_test(dither_is_one_step_of_noise_and_stays_the_same_however_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
