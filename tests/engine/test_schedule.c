/* Which frame a play starts at, on a stream whose frame 0 is heard at START. */
#include "schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define START   (100 * RW_NS_PER_SECOND)
#define LATENCY (100 * RW_NS_PER_MS)
#define LEAD    (400 * RW_NS_PER_MS)

struct bench {
    struct clock clock;
    struct schedule schedule;
    struct moment moment;
};

/* A block of 25 ms from FRAME, heard at HEARD; the device holds LATENCY after it. */
static void observe(struct bench *bench, rw_frame frame, rw_ns heard)
{
    struct observation seen = {frame, 1200, heard + 25 * RW_NS_PER_MS - LATENCY, heard};
    rw_clock_observe(&bench->clock, &seen);
}

static void setup(struct bench *bench)
{
    *bench = (struct bench){0};
    rw_clock_init(&bench->clock, 0);
    observe(bench, 0, START);
    bench->moment = (struct moment){.clock = &bench->clock, .lead = LEAD};
}

/* It is now SECONDS after frame 0 is heard; the device holds LATENCY more. */
static void go_to(struct bench *bench, double seconds)
{
    bench->moment.now = START + (rw_ns)(seconds * 1e9);
    bench->moment.earliest = (rw_frame)(seconds * RW_RATE) + RW_RATE / 10;
}

/* A play of 0.5 s at SECONDS, with a window of WINDOW seconds, prepared. */
static void add(struct bench *bench, uint64_t cue, double seconds, double window)
{
    rw_ns at = START + (rw_ns)(seconds * 1e9);
    struct rw_wire_play play = {
        .cue = cue,
        .at = at,
        .not_after = at + (rw_ns)(window * 1e9),
        .epoch = 1,
        .frames = RW_RATE / 2,
        .part_count = 1,
    };
    assert_int_equal(rw_schedule_add(&bench->schedule, &play), RW_OK);
    for (struct held *held; (held = rw_schedule_unprepared(&bench->schedule));) {
        held->prepared = true;
    }
}

static void assert_starts(struct bench *bench, uint64_t cue, rw_frame frame)
{
    struct rw_wire_play play;
    rw_frame start;
    assert_int_equal(rw_schedule_decide(&bench->schedule, &bench->moment, &play, &start),
                     SCHEDULE_START);
    assert_int_equal(play.cue, cue);
    assert_int_equal(start, frame);
}

static void assert_drops(struct bench *bench, uint64_t cue)
{
    struct rw_wire_play play;
    rw_frame start;
    assert_int_equal(rw_schedule_decide(&bench->schedule, &bench->moment, &play, &start),
                     SCHEDULE_DROP);
    assert_int_equal(play.cue, cue);
}

static void assert_waits(struct bench *bench)
{
    struct rw_wire_play play;
    rw_frame start;
    assert_int_equal(rw_schedule_decide(&bench->schedule, &bench->moment, &play, &start),
                     SCHEDULE_WAIT);
}

static void play_is_held_until_shortly_before_it_is_due(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 1);
    assert_int_equal(rw_schedule_deadline(&bench.schedule, LEAD),
                     START + 10 * RW_NS_PER_SECOND - LEAD);
    go_to(&bench, 9.5);
    assert_waits(&bench);
    go_to(&bench, 9.61);
    assert_starts(&bench, 1, 10 * RW_RATE);
    assert_int_equal(rw_schedule_deadline(&bench.schedule, LEAD), RW_NS_NEVER);
}

static void plays_start_in_order_of_time(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 3, 1);
    add(&bench, 2, 1, 1);
    add(&bench, 3, 2, 1);
    go_to(&bench, 0.7);
    assert_starts(&bench, 2, RW_RATE);
    assert_waits(&bench);
    go_to(&bench, 2.7);
    assert_int_equal(bench.schedule.count, 2);
}

static void freshest_clock_decides_the_frame(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 1);
    for (int i = 1; i < 60; i++) { /* blocks of 25 ms, after the 50th an underrun of 50 ms */
        rw_ns heard = START + (i * 25 + (i >= 50 ? 50 : 0)) * RW_NS_PER_MS;
        observe(&bench, (rw_frame)(i * 1200), heard);
    }
    go_to(&bench, 9.7);
    assert_starts(&bench, 1, 10 * RW_RATE - RW_RATE / 20);
}

static void late_play_starts_as_early_as_possible(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 1);
    go_to(&bench, 10.5);
    assert_starts(&bench, 1, bench.moment.earliest);
}

static void play_whose_window_is_over_is_dropped(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 0.5);
    go_to(&bench, 10.45); /* heard at 10.55 */
    assert_drops(&bench, 1);
    assert_waits(&bench);
}

static void endless_window_never_drops(void **state)
{
    struct bench bench;
    struct rw_wire_play play = {
        .cue = 1, .at = START, .not_after = RW_NS_NEVER, .frames = 480, .part_count = 1};
    (void)state;

    setup(&bench);
    assert_int_equal(rw_schedule_add(&bench.schedule, &play), RW_OK);
    rw_schedule_unprepared(&bench.schedule)->prepared = true;
    go_to(&bench, 5000);
    assert_starts(&bench, 1, bench.moment.earliest);
}

static void second_late_play_waits_for_the_first(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 5);
    add(&bench, 2, 10.5, 5);
    add(&bench, 3, 10.6, 0.2);
    go_to(&bench, 11);
    rw_frame first = bench.moment.earliest;
    assert_starts(&bench, 1, first);
    assert_starts(&bench, 2, first + RW_RATE / 2 + SCHEDULE_LATE_GAP);
    assert_drops(&bench, 3);
}

static void play_on_time_is_exact_beside_a_late_one(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 5);
    add(&bench, 2, 10.75, 0);
    go_to(&bench, 10.5);
    assert_starts(&bench, 1, bench.moment.earliest);
    assert_starts(&bench, 2, 10 * RW_RATE + RW_RATE * 3 / 4);
}

static void late_play_lets_the_earphone_wake(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    bench.moment.awake = 2 * RW_RATE;
    add(&bench, 1, 0, 0.3);
    add(&bench, 2, 0.2, 5);
    add(&bench, 3, 0.7, 0);
    go_to(&bench, 0.1);
    assert_starts(&bench, 1, bench.moment.earliest); /* better half than not */
    bench.schedule.late_end = 0;
    go_to(&bench, 0.4);
    assert_starts(&bench, 2, 2 * RW_RATE);
    assert_starts(&bench, 3, RW_RATE * 7 / 10); /* on time: the moment counts */
}

static void cancel_voids_the_epoch_and_all_before(void **state)
{
    struct bench bench;
    struct rw_wire_play play = {.cue = 9, .epoch = 1, .part_count = 1};
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 5);
    bench.schedule.held[0].play.epoch = 2;
    add(&bench, 2, 11, 5);
    rw_schedule_cancel(&bench.schedule, 1);
    assert_true(rw_schedule_take_cancelled(&bench.schedule, &play));
    assert_int_equal(play.cue, 2);
    assert_false(rw_schedule_take_cancelled(&bench.schedule, &play));
    assert_int_equal(rw_schedule_add(&bench.schedule, &play), RW_ESTATE);
    assert_int_equal(bench.schedule.count, 1);
}

static void cancelled_late_play_delays_nothing(void **state)
{
    struct bench bench;
    (void)state;

    setup(&bench);
    add(&bench, 1, 10, 5);
    go_to(&bench, 10.5);
    assert_starts(&bench, 1, bench.moment.earliest);
    rw_schedule_cancel(&bench.schedule, 1);
    struct rw_wire_play next = {.cue = 2,
                                .at = bench.moment.now,
                                .not_after = RW_NS_NEVER,
                                .epoch = 2,
                                .frames = 480,
                                .part_count = 1};
    assert_int_equal(rw_schedule_add(&bench.schedule, &next), RW_OK);
    rw_schedule_unprepared(&bench.schedule)->prepared = true;
    assert_starts(&bench, 2, bench.moment.earliest);
}

static void play_that_is_not_prepared_is_asked_for(void **state)
{
    struct bench bench;
    struct rw_wire_play play = {.cue = 1, .at = START, .not_after = START, .part_count = 1};
    rw_frame frame;
    (void)state;

    setup(&bench);
    assert_int_equal(rw_schedule_add(&bench.schedule, &play), RW_OK);
    go_to(&bench, 1);
    assert_int_equal(rw_schedule_decide(&bench.schedule, &bench.moment, &play, &frame),
                     SCHEDULE_PREPARE);
    assert_int_equal(rw_schedule_remove(&bench.schedule, &bench.schedule.held[0]).cue, 1);
    assert_null(rw_schedule_unprepared(&bench.schedule));
}

static void full_schedule_refuses(void **state)
{
    struct bench bench;
    struct rw_wire_play play = {.part_count = 1};
    (void)state;

    setup(&bench);
    for (int i = 0; i < RW_WIRE_PLAYS_MAX; i++) {
        assert_int_equal(rw_schedule_add(&bench.schedule, &play), RW_OK);
    }
    assert_int_equal(rw_schedule_add(&bench.schedule, &play), RW_EFULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(play_is_held_until_shortly_before_it_is_due),
        cmocka_unit_test(plays_start_in_order_of_time),
        cmocka_unit_test(freshest_clock_decides_the_frame),
        cmocka_unit_test(late_play_starts_as_early_as_possible),
        cmocka_unit_test(play_whose_window_is_over_is_dropped),
        cmocka_unit_test(endless_window_never_drops),
        cmocka_unit_test(second_late_play_waits_for_the_first),
        cmocka_unit_test(play_on_time_is_exact_beside_a_late_one),
        cmocka_unit_test(late_play_lets_the_earphone_wake),
        cmocka_unit_test(cancel_voids_the_epoch_and_all_before),
        cmocka_unit_test(cancelled_late_play_delays_nothing),
        cmocka_unit_test(play_that_is_not_prepared_is_asked_for),
        cmocka_unit_test(full_schedule_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
