/* The stream's clock against simulated devices: noise, rate errors, jumps, long runs. */
#include "device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void observe_for(struct clock *clock, struct device *device, double seconds)
{
    rw_frame end = device->frame + (rw_frame)(seconds * RW_RATE);
    while (device->frame < end) {
        struct observation seen = next_callback(device);
        rw_clock_observe(clock, &seen);
    }
}

/* The error 0.4 s ahead of the last observation, where cues are placed. */
static double error_ahead_ms(const struct clock *clock, const struct device *device)
{
    rw_frame frame = device->frame + RW_RATE * 4 / 10;
    return fabs((double)(rw_clock_time(clock, frame) - true_time(device, frame)) / 1e6);
}

static void first_observation_is_the_clock(void **state)
{
    struct clock clock;
    (void)state;

    rw_clock_init(&clock, 0);
    assert_false(rw_clock_is_set(&clock));
    rw_clock_observe(
        &clock, &(struct observation){4800, 1200, START + RW_NS_PER_SECOND / 40 - DELAY, START});
    assert_true(rw_clock_is_set(&clock));
    assert_int_equal(rw_clock_delay(&clock), DELAY);
    assert_int_equal(rw_clock_time(&clock, 4800), START);
    assert_int_equal(rw_clock_time(&clock, 4800 + RW_RATE), START + RW_NS_PER_SECOND);
    assert_int_equal(rw_clock_time(&clock, 0), START - RW_NS_PER_SECOND / 10);
}

static void frames_and_times_are_inverse(void **state)
{
    struct clock clock;
    struct device device = {.rate_ppm = 321, .noise_ns = 3e5, .block = 1200, .random = 5};
    (void)state;

    rw_clock_init(&clock, 0);
    observe_for(&clock, &device, 30);
    for (rw_frame frame = 0; frame < 400 * (rw_frame)RW_RATE; frame += 99991) {
        assert_int_equal(rw_clock_frame(&clock, rw_clock_time(&clock, frame)), frame);
    }
}

static void time_before_the_stream_is_frame_zero(void **state)
{
    struct clock clock;
    (void)state;

    rw_clock_init(&clock, 0);
    rw_clock_observe(&clock, &(struct observation){0, 480, START - DELAY, START});
    rw_clock_observe(&clock, &(struct observation){480, 480, START - DELAY + 10 * RW_NS_PER_MS,
                                                   START + 10 * RW_NS_PER_MS});
    assert_int_equal(rw_clock_frame(&clock, START - 1000), 0);
    assert_int_equal(rw_clock_frame(&clock, START - RW_NS_PER_MS), 0);
    assert_int_equal(rw_clock_frame(&clock, 0), 0);
}

static void small_noise_is_averaged_within_a_second(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct clock clock;
        struct device device = {.rate_ppm = 20, .noise_ns = 0.24e6, .block = 1200, .random = seed};
        rw_clock_init(&clock, 0);
        observe_for(&clock, &device, 1);
        assert_true(error_ahead_ms(&clock, &device) < 0.35);
        observe_for(&clock, &device, 10);
        assert_true(error_ahead_ms(&clock, &device) < 0.15);
        assert_int_equal(clock.jumps, 0);
    }
}

static void large_noise_is_averaged_in_the_end(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct clock clock;
        struct device device = {.rate_ppm = -50, .noise_ns = 10e6, .block = 600, .random = seed};
        rw_clock_init(&clock, 0);
        observe_for(&clock, &device, 60);
        assert_true(error_ahead_ms(&clock, &device) < 1);
        assert_int_equal(clock.jumps, 0);
    }
}

static void rate_error_of_500_ppm_is_followed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct clock clock;
        struct device device = {
            .rate_ppm = seed % 2 ? 500 : -500, .noise_ns = 0.24e6, .block = 2400, .random = seed};
        rw_clock_init(&clock, 0);
        observe_for(&clock, &device, 1);
        assert_true(error_ahead_ms(&clock, &device) < 0.6);
        observe_for(&clock, &device, 20);
        assert_true(error_ahead_ms(&clock, &device) < 0.3);
    }
}

static void rate_that_wanders_is_followed_for_two_hours(void **state)
{
    struct clock clock;
    struct device device = {.noise_ns = 1e6, .block = 2400, .random = 9};
    double worst = 0;
    (void)state;

    rw_clock_init(&clock, 0);
    for (int second = 0; second < 7200; second++) {
        /* A crystal that warms up by 5 ppm and more, up and down; the phase is continuous. */
        double rate_ppm = 100 + 5 * sin(second / 400.0);
        double frames = (double)device.frame;
        device.shift += llround(frames * 1e9 / RW_RATE * (device.rate_ppm - rate_ppm) * 1e-6);
        device.rate_ppm = rate_ppm;
        observe_for(&clock, &device, 1);
        if (second > 10) {
            worst = fmax(worst, error_ahead_ms(&clock, &device));
        }
    }
    assert_true(worst < 1);
    assert_int_equal(clock.jumps, 0);
}

static void underrun_moves_the_clock_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct clock clock;
        struct device device = {.rate_ppm = 30, .noise_ns = 0.24e6, .block = 1200, .random = seed};
        rw_clock_init(&clock, 0);
        observe_for(&clock, &device, 20);
        device.shift += 85 * RW_NS_PER_MS;
        observe_for(&clock, &device, 0.3);
        assert_int_equal(clock.jumps, 1);
        assert_true(error_ahead_ms(&clock, &device) < 0.6);
    }
}

static void suspend_moves_the_clock_once(void **state)
{
    struct clock clock;
    struct device device = {.rate_ppm = 30, .noise_ns = 0.24e6, .block = 2400, .random = 3};
    (void)state;

    rw_clock_init(&clock, 0);
    observe_for(&clock, &device, 20);
    device.shift += 3600 * RW_NS_PER_SECOND;
    observe_for(&clock, &device, 0.3);
    assert_int_equal(clock.jumps, 1);
    assert_true(error_ahead_ms(&clock, &device) < 0.6);
}

static void single_wild_values_are_ignored(void **state)
{
    struct clock clock;
    struct device device = {.rate_ppm = 30, .noise_ns = 0.24e6, .block = 1200, .random = 3};
    (void)state;

    rw_clock_init(&clock, 0);
    for (int i = 0; i < 100; i++) {
        observe_for(&clock, &device, 0.5);
        struct observation seen = next_callback(&device);
        seen.heard += (i % 3 - 1) * 400 * RW_NS_PER_MS;
        rw_clock_observe(&clock, &seen);
    }
    assert_int_equal(clock.jumps, 0);
    assert_true(error_ahead_ms(&clock, &device) < 0.2);
}

/* Before a device's buffer has filled for the first time, what it tells is far off. */
static void false_first_words_are_forgotten(void **state)
{
    (void)state;
    for (int wrong = 1; wrong <= 2; wrong++) {
        struct clock clock;
        struct device device = {.rate_ppm = 30, .noise_ns = 0.05e6, .block = 1200, .random = 7};
        rw_clock_init(&clock, 0);
        for (int i = 0; i < wrong; i++) {
            struct observation seen = next_callback(&device);
            seen.heard += (100 + i * 25) * RW_NS_PER_MS;
            rw_clock_observe(&clock, &seen);
        }
        observe_for(&clock, &device, 0.5);
        assert_true(error_ahead_ms(&clock, &device) < 0.35);
        assert_int_equal(clock.jumps, 0);
    }
}

/* Sound servers tell the delay with an error that swings slowly; the stream itself does not. */
static void wandering_delay_moves_no_cue(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct clock clock;
        struct device device = {
            .rate_ppm = 10, .noise_ns = 5e4, .wander_ns = 7e5, .block = 1152, .random = seed};
        device.busy_ns = 2e5;
        rw_clock_init(&clock, DELAY);
        for (int i = 0; i < 30; i++) {
            observe_for(&clock, &device, 1);
            assert_true(error_ahead_ms(&clock, &device) < 0.35);
        }
    }
}

static void delay_of_an_earlier_stream_is_trusted(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct clock clock;
        struct device device = {
            .rate_ppm = 10, .noise_ns = 5e5, .wander_ns = 8e5, .block = 1152, .random = seed};
        rw_clock_init(&clock, DELAY);
        observe_for(&clock, &device, 0.7);
        assert_true(error_ahead_ms(&clock, &device) < 0.35);
    }
}

static void delay_of_another_device_is_forgotten(void **state)
{
    struct clock clock;
    struct device device = {
        .rate_ppm = 10, .noise_ns = 2e5, .delay = 60 * RW_NS_PER_MS, .block = 1152, .random = 4};
    (void)state;

    rw_clock_init(&clock, DELAY);
    observe_for(&clock, &device, 0.7);
    assert_true(error_ahead_ms(&clock, &device) < 0.35);
    assert_int_equal(clock.jumps, 0);
}

/* The server moves the stream to another device: the frames go on, only later. */
static void longer_way_to_the_ear_is_noticed(void **state)
{
    struct clock clock;
    struct device device = {.rate_ppm = 10, .noise_ns = 2e5, .block = 1152, .random = 4};
    (void)state;

    rw_clock_init(&clock, 0);
    observe_for(&clock, &device, 20);
    device.delay = 60 * RW_NS_PER_MS;
    observe_for(&clock, &device, 0.7);
    assert_true(error_ahead_ms(&clock, &device) < 0.35);
    assert_int_equal(clock.jumps, 1);
}

static void busy_machine_moves_no_cue(void **state)
{
    struct clock clock;
    struct device device = {
        .rate_ppm = 10, .noise_ns = 5e4, .busy_ns = 2e5, .block = 1152, .random = 8};
    (void)state;

    rw_clock_init(&clock, 0);
    observe_for(&clock, &device, 10);
    device.busy_ns = 8e6;
    for (int i = 0; i < 100; i++) {
        observe_for(&clock, &device, 0.1);
        assert_true(error_ahead_ms(&clock, &device) < 1);
    }
}

static void server_that_errs_by_9_ms_for_seconds_moves_cues_by_less_than_2(void **state)
{
    struct clock clock;
    struct device device = {.noise_ns = 1e5, .block = 960, .random = 43};
    (void)state;

    rw_clock_init(&clock, 0);
    observe_for(&clock, &device, 0.5);
    for (int tenth = 0; tenth < 400; tenth++) {
        if (tenth < 60) {
            device.bias_ns += tenth < 30 ? 3e5 : -3e5; /* up to 9 ms */
        }
        observe_for(&clock, &device, 0.1);
        assert_true(error_ahead_ms(&clock, &device) < 2);
    }
    assert_int_equal(clock.jumps, 0);
}

/* What a server estimates swings for the first seconds of a stream; the buffer has its size. */
static void swinging_first_words_move_no_cue(void **state)
{
    static const double starts_ns[] = {7e6, -6e6};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        struct clock clock;
        struct device device = {.noise_ns = 5e4, .block = 960, .random = 47};
        rw_clock_init(&clock, DELAY);
        for (int tenth = 0; tenth < 600; tenth++) {
            double seconds = tenth / 10.0;
            device.bias_ns = starts_ns[i] * exp(-seconds / 10) * cos(seconds) * (1 + seconds / 2);
            observe_for(&clock, &device, 0.1);
            assert_true(!rw_clock_is_steady(&clock) || error_ahead_ms(&clock, &device) < 0.7);
        }
        assert_int_equal(clock.jumps, 0);
    }
}

static void wrong_expectation_is_given_up(void **state)
{
    struct clock clock;
    struct device device = {.noise_ns = 5e4, .block = 960, .random = 53};
    (void)state;

    rw_clock_init(&clock, DELAY - 9 * RW_NS_PER_MS);
    observe_for(&clock, &device, 1.5);
    assert_true(error_ahead_ms(&clock, &device) < 0.35);
    device.delay = 12 * RW_NS_PER_MS; /* the server moves the stream */
    observe_for(&clock, &device, 11);
    assert_true(error_ahead_ms(&clock, &device) < 0.35);
    assert_int_equal(clock.jumps, 0);
}

static void busy_beginning_moves_no_cue(void **state)
{
    static const rw_ns known_delays[] = {0, DELAY};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        for (double busy_s = 0.1; busy_s < 3; busy_s *= 2) {
            struct clock clock;
            struct device device = {.noise_ns = 1e5, .late_ns = 6e6, .block = 960, .random = 41};
            rw_clock_init(&clock, known_delays[i]);
            observe_for(&clock, &device, busy_s);
            device.late_ns = 0;
            for (int tenth = 0; tenth < 100; tenth++) {
                observe_for(&clock, &device, 0.1);
                /* With an expected delay a cue is as late as the machine was, and no later. */
                bool is_steady = rw_clock_is_steady(&clock);
                double most = known_delays[i] > 0 && tenth < 1 ? 7 : 1;
                assert_true(!is_steady || error_ahead_ms(&clock, &device) < most);
            }
            assert_int_equal(clock.jumps, 0);
        }
    }
}

/*
 * After a stall the server may ask for each block earlier than it did, by as much as a block, and
 * later again after the next. When a frame is heard has not changed, and it says so.
 */
static void callbacks_at_another_time_move_no_cue(void **state)
{
    static const double earlier_ns[] = {20e6, 8e6, 2e6};
    (void)state;

    for (size_t i = 0; i < 3; i++) {
        for (double age_s = 6; age_s < 50; age_s *= 2) {
            struct clock clock;
            struct device device = {
                .noise_ns = 5e4, .wander_ns = 3e5, .busy_ns = 1e5, .block = 960, .random = 59};
            rw_clock_init(&clock, DELAY);
            observe_for(&clock, &device, age_s);
            for (int tenth = 0; tenth < 1600; tenth++) {
                device.late_ns = tenth / 400 % 2 ? 0 : -earlier_ns[i];
                observe_for(&clock, &device, 0.1);
                if (error_ahead_ms(&clock, &device) >= 1) {
                    print_message("%g ms earlier after %g s: off by %g ms at %g s\n",
                                  earlier_ns[i] / 1e6, age_s, error_ahead_ms(&clock, &device),
                                  tenth / 10.0);
                    fail();
                }
            }
            assert_int_equal(clock.jumps, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_observation_is_the_clock),
        cmocka_unit_test(frames_and_times_are_inverse),
        cmocka_unit_test(time_before_the_stream_is_frame_zero),
        cmocka_unit_test(small_noise_is_averaged_within_a_second),
        cmocka_unit_test(large_noise_is_averaged_in_the_end),
        cmocka_unit_test(rate_error_of_500_ppm_is_followed),
        cmocka_unit_test(rate_that_wanders_is_followed_for_two_hours),
        cmocka_unit_test(underrun_moves_the_clock_once),
        cmocka_unit_test(suspend_moves_the_clock_once),
        cmocka_unit_test(wandering_delay_moves_no_cue),
        cmocka_unit_test(delay_of_an_earlier_stream_is_trusted),
        cmocka_unit_test(delay_of_another_device_is_forgotten),
        cmocka_unit_test(longer_way_to_the_ear_is_noticed),
        cmocka_unit_test(busy_machine_moves_no_cue),
        cmocka_unit_test(server_that_errs_by_9_ms_for_seconds_moves_cues_by_less_than_2),
        cmocka_unit_test(swinging_first_words_move_no_cue),
        cmocka_unit_test(wrong_expectation_is_given_up),
        cmocka_unit_test(busy_beginning_moves_no_cue),
        cmocka_unit_test(callbacks_at_another_time_move_no_cue),
        cmocka_unit_test(false_first_words_are_forgotten),
        cmocka_unit_test(single_wild_values_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
