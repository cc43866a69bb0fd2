#include "sound.h"

#include "limiter.h"
#include "peak.h"

#include <ebur128.h>

/* Runs COUNT stereo frames through a new limiter; the result is the caller's. */
static float *limited(const float *left, const float *right, uint32_t count)
{
    struct rw_limiter *limiter = malloc(sizeof(*limiter));
    float *out = malloc(2 * (size_t)count * sizeof(*out));

    assert_true(limiter != NULL && out != NULL);
    rw_limiter_init(limiter);
    for (uint32_t done = 0; done < count;) {
        uint32_t piece = count - done < RW_LIMITER_PIECE ? count - done : RW_LIMITER_PIECE;
        rw_limiter_process(limiter, left + done, right + done, piece, out + 2 * (size_t)done);
        done += piece;
    }
    free(limiter);
    return out;
}

static double true_peak_db(const float *samples, uint32_t frames)
{
    ebur128_state *meter = ebur128_init(2, RW_RATE, EBUR128_MODE_TRUE_PEAK);
    double left, right;

    assert_int_equal(ebur128_add_frames_float(meter, samples, frames), EBUR128_SUCCESS);
    ebur128_true_peak(meter, 0, &left);
    ebur128_true_peak(meter, 1, &right);
    ebur128_destroy(&meter);
    return 20.0 * log10(fmax(left, right));
}

enum { FRAMES = 48000 };

static void hot_sound_keeps_the_true_peak_at_the_ceiling(void **state)
{
    (void)state;
    static const double hertz[] = {50.0, 997.0, 4000.0, 11999.0, 14000.0};
    static const float heights[] = {0.95f, 2.0f, 16.0f};

    for (size_t h = 0; h < RW_COUNT(hertz); h++) {
        for (size_t k = 0; k < RW_COUNT(heights); k++) {
            struct rw_clip *sine = sine_create(FRAMES, 1, hertz[h], (double)heights[k]);
            float *out = limited(sine->samples, sine->samples, FRAMES);
            double peak = true_peak_db(out, FRAMES);
            if (peak > -0.9 || peak < -1.6) {
                fail_msg("%.0f Hz at %.2f: %.3f dBTP", hertz[h], (double)heights[k], peak);
            }
            free(out);
            free(sine);
        }
    }
}

static void noise_and_bursts_never_pass_the_ceiling(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 4; seed++) {
        struct rw_clip *noise = noise_create(FRAMES, 1, 0.3f, seed);
        struct rw_clip *other = noise_create(FRAMES, 1, 0.1f, seed + 100);
        for (uint32_t i = 0, at = seed; at < FRAMES; i++, at += 1 + 37 * i) {
            noise->samples[at] *= 3.0f + (float)(i % 20);
        }
        float *out = limited(noise->samples, other->samples, FRAMES);
        for (uint32_t i = 0; i < 2 * FRAMES; i++) {
            assert_true(fabsf(out[i]) <= RW_PEAK_CEILING * 1.00001f);
        }
        assert_true(true_peak_db(out, FRAMES) < -0.7);
        free(out);
        free(noise);
        free(other);
    }
}

static void a_peak_turns_both_sides_down_before_it_and_lets_go_after(void **state)
{
    (void)state;
    struct rw_clip *peak = clip_create(FRAMES, 1), *level = clip_create(FRAMES, 1);
    for (uint32_t i = 0; i < FRAMES; i++) {
        level->samples[i] = 0.5f;
    }
    peak->samples[20000] = 2.0f * RW_PEAK_CEILING;
    float *out = limited(peak->samples, level->samples, FRAMES);
    const float *right = out + 1 + 2 * RW_LIMITER_DELAY; /* as if there were no delay */
    const float least = 0.25f; /* half of the level, as half of the peak is needed */

    for (uint32_t i = 0; i < 20000 - RW_LIMITER_DELAY; i++) {
        assert_true(right[2 * i] == 0.5f);
    }
    assert_true(fabsf(right[2 * 20000] - least) < 1e-3f);
    /* A ramp of 4.75 ms leads there, without a step. */
    for (uint32_t i = 20000 - RW_LIMITER_DELAY; i < 20000; i++) {
        assert_true(right[2 * i] - right[2 * (i + 1)] < 1.02f * 0.25f / RW_LIMITER_AVERAGE &&
                    right[2 * (i + 1)] <= right[2 * i]);
    }
    /* 50 ms later, give or take the hold, 1 - 1/e of the way back is done; in the end all. */
    float back = (right[2 * (20000 + 2400 + 150)] - least) / least;
    assert_true(back > 0.55f && back < 0.67f);
    assert_true(right[2 * (FRAMES - 1 - RW_LIMITER_DELAY)] == 0.5f);
    free(out);
    free(peak);
    free(level);
}

static void the_wave_between_the_samples_counts(void **state)
{
    (void)state;
    /* A quarter of the rate, sampled at 45 degrees: the samples stay 3 dB below the wave. */
    static const float quarter[] = {0.7071f, 0.7071f, -0.7071f, -0.7071f};
    float *samples = malloc(FRAMES * sizeof(*samples));
    for (uint32_t i = 0; i < FRAMES; i++) {
        samples[i] = quarter[i % 4];
    }
    float *out = limited(samples, samples, FRAMES);
    float highest = rw_peak_sample(out + FRAMES, FRAMES);

    assert_true(fabsf(highest - 0.7071f * RW_PEAK_CEILING) < 0.01f);
    free(out);
    free(samples);
}

static void the_cheap_look_never_misses_a_peak(void **state)
{
    (void)state;
    uint32_t seed = 8;
    float worst = 0.0f;

    /* Full-scale squares of every pattern come close to the most that interpolation can add. */
    for (uint32_t pattern = 0; pattern < 1u << RW_PEAK_TAPS; pattern++) {
        float samples[RW_PEAK_TAPS], peak = 0.0f;
        for (uint32_t k = 0; k < RW_PEAK_TAPS; k++) {
            samples[k] = (pattern >> k & 1) != 0 ? 1.0f : -1.0f;
        }
        rw_peak_raise(&peak, samples, 1);
        worst = fmaxf(worst, peak);
    }
    assert_true(worst <= RW_PEAK_OVERSHOOT && worst > RW_PEAK_OVERSHOOT - 0.01f);
    for (int i = 0; i < 1000; i++) {
        float samples[RW_PEAK_TAPS], peak = 0.0f, highest = 0.0f;
        for (uint32_t k = 0; k < RW_PEAK_TAPS; k++) {
            samples[k] = random_sample(&seed, 1.0f);
            highest = fmaxf(highest, fabsf(samples[k]));
        }
        assert_true(rw_peak_sample(samples, RW_PEAK_TAPS) == highest);
        assert_false(rw_peak_exceeds(samples, RW_PEAK_TAPS, highest));
        assert_true(rw_peak_exceeds(samples, RW_PEAK_TAPS, nextafterf(highest, 0.0f)));
        rw_peak_raise(&peak, samples, 1);
        assert_true(peak <= RW_PEAK_OVERSHOOT * highest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hot_sound_keeps_the_true_peak_at_the_ceiling),
        cmocka_unit_test(noise_and_bursts_never_pass_the_ceiling),
        cmocka_unit_test(a_peak_turns_both_sides_down_before_it_and_lets_go_after),
        cmocka_unit_test(the_wave_between_the_samples_counts),
        cmocka_unit_test(the_cheap_look_never_misses_a_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
