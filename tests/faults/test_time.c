/*
 * The clock does what clocks do: it stands, jumps, is stepped. The real daemon, on a clock set by
 * hand, is at the right place after it, says so once, and hands over each cue before it is due.
 */
#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

/* Sparse, so that nothing is said unasked at a moment that chance decides. */
static const char profile[] = "name: Clock\n"
                              "cues: {verbosity: sparse}\n"
                              "steps:\n"
                              "  - run: 2m\n"
                              "  - walk: 2m\n"
                              "  - run: 2m\n"
                              "  - walk: 2m\n";

static int64_t member(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static int64_t session_ms(void)
{
    struct bench_client *client = bench_connect();
    json_t *status = bench_call(client, "session.status", NULL);
    int64_t ms = member(status, "session_ms");
    json_decref(status);
    bench_close(client);
    return ms;
}

/* Starts the run and lets it come to second AT; returns the clock time of its beginning. */
static rw_ns run_begin(int at)
{
    assert_true(bench_ask("session.start", "{\"profile\":\"bench\",\"replace\":true}"));
    bench_advance(SECONDS(1));
    rw_ns origin = bench_now() - session_ms() * RW_NS_PER_MS;
    bench_advance(SECONDS(at) - (bench_now() - origin));
    return origin;
}

/* A jump by SPAN from half a minute into the first run. */
static void jump(rw_ns span, const char *place)
{
    rw_ns origin = run_begin(30);
    uint64_t before = bench_sound_count().plays;
    bench_jump(span);
    rw_ns since = bench_now() - origin, whole = SECONDS(480);
    assert_true(llabs(session_ms() - (since < whole ? since : whole) / RW_NS_PER_MS) <= 1);
    uint64_t handed = bench_sound_count().plays - before;
    struct rw_play last = bench_last_play();
    if (place) {
        /* One sentence, now, and perhaps what is due next. */
        assert_true(handed >= 1 && handed <= 2);
        assert_non_null(strcasestr(last.utterance.text, place));
        assert_true(last.at - bench_now() < SECONDS(2));
    } else {
        assert_int_equal(handed, 0);
    }
    before = bench_sound_count().plays;
    bench_advance(SECONDS(1));
    assert_true(bench_sound_count().plays - before <= 1); /* no burst afterwards */
    assert_string_equal(bench_sound_wrong(), "");
}

static void jumps_drive(void *context)
{
    (void)context;
    jump(SECONDS(2), NULL);      /* a stall of the loop */
    jump(SECONDS(100), "walk");  /* asleep over one change */
    jump(SECONDS(240), "run");   /* over two */
    jump(SECONDS(1000), "done"); /* over the end */
}

static void after_a_suspend_the_place_is_right_and_said_once(void **state)
{
    (void)state;
    assert_int_equal(bench_run(profile, jumps_drive, NULL), 0);
}

/* Two hours: each cue reaches the player before it is due, and is due where the plan has it. */
static void hours_drive(void *context)
{
    rw_ns worst_begin = bench_sound_count().worst;
    (void)context;
    for (int run = 0; run < 15; run++) {
        rw_ns origin = run_begin(60);
        uint64_t before = bench_sound_count().ended;
        for (int i = 0; i < 420; i++) {
            bench_advance(SECONDS(1) + i % 7 * RW_NS_PER_MS);
            int64_t off = session_ms() - (bench_now() - origin) / RW_NS_PER_MS;
            assert_true(bench_now() - origin >= SECONDS(480) || llabs(off) <= 1);
        }
        assert_true(bench_sound_count().ended > before + 10);
    }
    assert_true(bench_sound_count().worst <= worst_begin);
    assert_int_equal(bench_sound_count().late, 0);
    assert_string_equal(bench_sound_wrong(), "");
}

static void over_two_hours_nothing_drifts(void **state)
{
    (void)state;
    assert_int_equal(bench_run(profile, hours_drive, NULL), 0);
}

/* The wall clock is none of the run's business. */
static void wall_drive(void *context)
{
    (void)context;
    rw_ns origin = run_begin(60);
    uint64_t before = bench_sound_count().plays;
    bench_step_wall(-SECONDS(86400));
    bench_advance(SECONDS(10));
    bench_step_wall(SECONDS(7 * 86400));
    bench_advance(SECONDS(10));
    assert_int_equal(bench_sound_count().plays, before);
    assert_true(llabs(session_ms() - (bench_now() - origin) / RW_NS_PER_MS) <= 1);
    bench_advance(SECONDS(60));
    assert_true(bench_sound_count().plays > before);
    assert_string_equal(bench_sound_wrong(), "");
}

static void a_wall_clock_that_is_stepped_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(bench_run(profile, wall_drive, NULL), 0);
}

/* Sound is away over a change and comes back: one sentence, and the rest as planned. */
static void silence_drive(void *context)
{
    (void)context;
    run_begin(100);
    bench_sound(false);
    bench_advance(SECONDS(50));
    bench_sound(true);
    uint64_t before = bench_sound_count().plays;
    bench_advance(SECONDS(3));
    assert_int_equal(bench_sound_count().plays, before + 1);
    struct rw_play last = bench_last_play();
    assert_non_null(strcasestr(last.utterance.text, "walk"));
    bench_advance(SECONDS(10));
    assert_int_equal(bench_sound_count().plays, before + 1);
    assert_string_equal(bench_sound_wrong(), "");
}

static void what_was_missed_without_sound_is_said_when_it_is_back(void **state)
{
    (void)state;
    assert_int_equal(bench_run(profile, silence_drive, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_suspend_the_place_is_right_and_said_once),
        cmocka_unit_test(over_two_hours_nothing_drifts),
        cmocka_unit_test(a_wall_clock_that_is_stepped_changes_nothing),
        cmocka_unit_test(what_was_missed_without_sound_is_said_when_it_is_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
