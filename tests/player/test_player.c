/* The player against the real engine, whose output is paced by the clock and heard by nobody. */
#include "bench.h"

#include "runwalk/wire/wire.h"

#include <poll.h>
#include <sys/wait.h>

#define SELF   "/proc/self/exe"
#define SECOND RW_NS_PER_SECOND
#define MS     RW_NS_PER_MS

static void assert_on_time(const struct bench *bench, uint64_t cue, rw_ns at)
{
    const struct rw_report *report = find(bench, cue, RW_OUTCOME_STARTED);
    assert_non_null(report);
    assert_true(report->at - at <= MS && at - report->at <= MS);
}

static void cues_start_at_their_time_and_end(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    uint64_t cues[5];
    (void)state;

    bench_open(&bench, &config);
    rw_ns first = bench.sink.earliest(bench.sink.context, boot_now()) + SECOND;
    for (int i = 0; i < 5; i++) {
        cues[i] = play(&bench, CLIP_SHORT, first + i * 200 * MS, SECOND);
    }
    wait_for(&bench, has(&bench, cues[4], RW_OUTCOME_ENDED));
    for (int i = 0; i < 5; i++) {
        assert_on_time(&bench, cues[i], first + i * 200 * MS);
        assert_int_equal(ends(&bench, cues[i]), 1);
        rw_ns length = find(&bench, cues[i], RW_OUTCOME_ENDED)->at -
                       find(&bench, cues[i], RW_OUTCOME_STARTED)->at;
        assert_in_range(length, 99 * MS, 101 * MS); /* the device's rate is its own */
    }
    assert_int_equal(view(&bench).spawns, 1);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

static void earliest_is_later_when_cold(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.wake = SECOND;
    bench_open(&bench, &config);
    rw_ns now = boot_now();
    rw_ns cold = bench.sink.earliest(bench.sink.context, now) - now;
    assert_true(cold >= config.wake + LATENCY_MS * MS);

    rw_player_warm(bench.player, now + 30 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    rw_ns wake_end = boot_now() + config.wake;
    wait_for(&bench, boot_now() > wake_end);
    now = boot_now();
    rw_ns warm = bench.sink.earliest(bench.sink.context, now) - now;
    assert_true(warm >= view(&bench).latency);
    assert_true(warm < config.wake);

    uint64_t cue = play(&bench, CLIP_SHORT, now + warm, SECOND);
    wait_for(&bench, ends(&bench, cue) == 1);
    assert_true(has(&bench, cue, RW_OUTCOME_ENDED));
    bench_close(&bench);
}

static void engine_comes_only_for_an_expected_cue_and_goes_after_it(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_ns at = boot_now() + 3 * SECOND;
    bench.sink.expect(bench.sink.context, at);
    wait_for(&bench, boot_now() > at - 2 * SECOND);
    assert_int_equal(view(&bench).spawns, 0);
    assert_int_equal(view(&bench).state, RW_PLAYER_OFF);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    assert_true(boot_now() < at);
    uint64_t cue = play(&bench, CLIP_SHORT, at, SECOND);
    bench.sink.expect(bench.sink.context, at + 3600 * SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_ENDED));
    assert_on_time(&bench, cue, at);
    wait_for(&bench, engine_of(getpid()) == 0);
    wait_for(&bench, view(&bench).state == RW_PLAYER_OFF);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

static void engine_is_kept_awake_after_a_cue(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.keep = 2 * SECOND;
    bench_open(&bench, &config);
    rw_ns now = boot_now();
    uint64_t cue = play(&bench, CLIP_SHORT, bench.sink.earliest(bench.sink.context, now), SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_STARTED));
    rw_ns started = boot_now();
    wait_for(&bench, view(&bench).state == RW_PLAYER_OFF);
    assert_true(boot_now() >= started + config.keep);
    bench_close(&bench);
}

/* Whoever has just given a command may give another one, whose answer should come at once. */
static void engine_stays_for_a_while_after_a_command(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.keep = 0;
    bench_open(&bench, &config);
    rw_ns now = boot_now();
    uint64_t cue = play(&bench, CLIP_SHORT, bench.sink.earliest(bench.sink.context, now), SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_STARTED));
    bench.sink.cancel(bench.sink.context, 1);
    rw_ns commanded = boot_now();
    wait_for(&bench, boot_now() > commanded + 3 * SECOND);
    assert_int_equal(view(&bench).state, RW_PLAYER_READY);
    bench_close(&bench);
}

static void cue_sent_early_survives_the_engine_that_is_let_go(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.keep = 0;
    bench_open(&bench, &config);
    rw_ns now = boot_now();
    rw_ns near = bench.sink.earliest(bench.sink.context, now), far = now + 5 * SECOND;
    uint64_t first = play(&bench, CLIP_SHORT, near, SECOND);
    uint64_t second = play(&bench, CLIP_SHORT, far, 0);
    wait_for(&bench, has(&bench, first, RW_OUTCOME_ENDED));
    wait_for(&bench, view(&bench).state == RW_PLAYER_OFF && engine_of(getpid()) == 0);
    wait_for(&bench, has(&bench, second, RW_OUTCOME_ENDED));
    assert_on_time(&bench, second, far);
    assert_int_equal(ends(&bench, second), 1);
    assert_int_equal(view(&bench).spawns, 2);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

static void cancel_cuts_what_sounds_and_drops_what_waits(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_ns at = bench.sink.earliest(bench.sink.context, boot_now());
    uint64_t sounding = play(&bench, CLIP_LONG, at, SECOND);
    uint64_t waiting = play(&bench, CLIP_SHORT, at + 5 * SECOND, SECOND);
    uint64_t later = play_on(&bench, RW_BUS_VOICE, CLIP_SHORT, at + 2 * SECOND, SECOND, 2);
    wait_for(&bench,
             has(&bench, sounding, RW_OUTCOME_STARTED) || has(&bench, sounding, RW_OUTCOME_LATE));
    bench.sink.cancel(bench.sink.context, 1);
    wait_for(&bench, has(&bench, sounding, RW_OUTCOME_CUT));
    wait_for(&bench, has(&bench, waiting, RW_OUTCOME_DROPPED));
    assert_true(find(&bench, sounding, RW_OUTCOME_CUT)->at < at + 2 * SECOND);
    uint64_t tardy = play(&bench, CLIP_SHORT, boot_now() + SECOND, SECOND);
    wait_for(&bench, has(&bench, tardy, RW_OUTCOME_DROPPED));
    wait_for(&bench, has(&bench, later, RW_OUTCOME_ENDED));
    assert_on_time(&bench, later, at + 2 * SECOND);
    bench_close(&bench);
}

static void killed_engine_is_replaced_and_the_rest_sounds(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_ns at = bench.sink.earliest(bench.sink.context, boot_now()) + 500 * MS;
    uint64_t words = play(&bench, CLIP_LONG, at, 20 * SECOND);
    uint64_t tick = play_on(&bench, RW_BUS_TICK, CLIP_LONG, at, 20 * SECOND, 1);
    uint64_t brief = play(&bench, CLIP_LONG, at, 0);
    uint64_t next = play(&bench, CLIP_SHORT, at + 6 * SECOND, 0);
    wait_for(&bench, has(&bench, words, RW_OUTCOME_STARTED) &&
                         has(&bench, tick, RW_OUTCOME_STARTED) &&
                         has(&bench, brief, RW_OUTCOME_STARTED));
    kill(engine_of(getpid()), SIGKILL);
    /* A countdown never begins again; nor does what may not begin so late. */
    wait_for(&bench, has(&bench, tick, RW_OUTCOME_CUT) && has(&bench, brief, RW_OUTCOME_CUT));
    wait_for(&bench, has(&bench, words, RW_OUTCOME_ENDED));
    assert_true(has(&bench, words, RW_OUTCOME_LATE));
    assert_false(has(&bench, words, RW_OUTCOME_CUT));
    wait_for(&bench, has(&bench, next, RW_OUTCOME_ENDED));
    assert_on_time(&bench, next, at + 6 * SECOND);
    assert_int_equal(view(&bench).spawns, 2);
    assert_int_equal(view(&bench).deaths, 1);
    assert_string_equal(view(&bench).problem, "");
    bench_close(&bench);
}

static void stopped_engine_is_noticed_and_replaced(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 60 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    pid_t engine = engine_of(getpid());
    kill(engine, SIGSTOP);
    uint64_t cue = play(&bench, CLIP_SHORT, boot_now() + SECOND, 20 * SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_ENDED));
    assert_int_equal(view(&bench).deaths, 1);
    assert_int_not_equal(engine_of(getpid()), engine);
    bench_close(&bench);
}

/* As a program that the player starts: an engine that is ready, and whose sound never moves. */
static int be_a_mute_engine(void)
{
    struct pollfd player = {.fd = RW_WIRE_SOCKET_FD};
    struct rw_wire_message message = {.type = RW_WIRE_READY};

    if (rw_wire_send(RW_WIRE_SOCKET_FD, &message, -1) != RW_OK) {
        return 1;
    }
    return poll(&player, 1, -1) == 1 ? 0 : 1;
}

static void first_beat_may_take_as_long_as_any(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.engine_path = SELF;
    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 60 * SECOND);
    play(&bench, CLIP_SHORT, boot_now() + SECOND, 20 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    rw_ns ready = boot_now();
    wait_for(&bench, view(&bench).deaths > 0);
    assert_true(boot_now() > ready + 2 * SECOND);
    assert_non_null(strstr(view(&bench).problem, "hung"));
    bench_close(&bench);
}

static void player_that_slept_itself_does_not_blame_the_engine(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 60 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    uint64_t slept_through = play(&bench, CLIP_SHORT, boot_now() + SECOND, 0);
    uint64_t cue = play(&bench, CLIP_SHORT, boot_now() + 8 * SECOND, 0);
    uv_run(&bench.loop, UV_RUN_ONCE);
    rw_ns asleep = boot_now() + 6 * SECOND;
    while (boot_now() < asleep) {
        usleep(10000); /* the loop does not turn, nor does the clock of the test decide */
    }
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_ENDED));
    assert_true(has(&bench, slept_through, RW_OUTCOME_ENDED));
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

/* More clips in a row than an engine can know at once. */
static void clips_make_room_for_others(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    struct rw_play play = {.not_after = RW_NS_NEVER};
    (void)state;

    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 60 * SECOND);
    uint32_t clip = CLIP_COUNT;
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 5; i++) {
            play.cue = ++bench.cue;
            play.epoch = 1;
            play.at = boot_now() + 300 * MS;
            play.utterance.part_count = RW_UTTERANCE_PARTS_MAX;
            play.utterance.frames = RW_RATE / 10;
            for (uint32_t part = 0; part < RW_UTTERANCE_PARTS_MAX; part++) {
                play.utterance.parts[part].clip = clip++;
            }
            bench.sink.play(bench.sink.context, &play);
        }
        wait_for(&bench, ends(&bench, bench.cue) == 1);
    }
    assert_true(clip > RW_WIRE_CLIPS_MAX);
    for (uint64_t cue = 1; cue <= bench.cue; cue++) {
        wait_for(&bench, has(&bench, cue, RW_OUTCOME_ENDED));
    }
    assert_int_equal(bench.notes, 0);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

static void missing_and_damaged_clips_cost_only_their_cue(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_ns at = bench.sink.earliest(bench.sink.context, boot_now()) + SECOND;
    uint64_t missing = play(&bench, CLIP_MISSING, at, SECOND);
    uint64_t damaged = play(&bench, CLIP_DAMAGED, at, SECOND);
    uint64_t whole = play(&bench, CLIP_SHORT, at, SECOND);
    wait_for(&bench, has(&bench, whole, RW_OUTCOME_ENDED));
    assert_on_time(&bench, whole, at);
    assert_true(has(&bench, missing, RW_OUTCOME_DROPPED));
    assert_true(has(&bench, damaged, RW_OUTCOME_DROPPED));
    assert_int_equal(bench.notes, 2);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

static void more_cues_than_fit_are_dropped(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    uint64_t last = 0;
    (void)state;

    bench_open(&bench, &config);
    rw_ns at = boot_now() + 3600 * SECOND;
    for (int i = 0; i < 70; i++) {
        last = play(&bench, CLIP_SHORT, at + i * SECOND, 0);
    }
    assert_int_equal(bench.report_count, 0); /* never from within a call */
    wait_for(&bench, has(&bench, last, RW_OUTCOME_DROPPED));
    assert_int_equal(bench.report_count, 6);
    assert_int_equal(view(&bench).spawns, 0);
    bench_close(&bench);
    assert_int_equal(bench.report_count, 70);
}

static void without_an_engine_cues_are_dropped_when_their_time_is_over(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.engine_path = "/nonexistent/runwalk-engine";
    bench_open(&bench, &config);
    rw_ns at = boot_now() + 200 * MS;
    uint64_t cue = play(&bench, CLIP_SHORT, at, SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_WAITING);
    assert_non_null(strstr(view(&bench).problem, config.engine_path));
    assert_true(bench.changes > 0);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_DROPPED));
    assert_true(boot_now() >= at + SECOND);
    assert_int_equal(find(&bench, cue, RW_OUTCOME_DROPPED)->at, at);
    bench_close(&bench);
}

static void without_a_device_it_tells_why_and_tries_again(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.output = "no device of this name";
    bench_open(&bench, &config);
    uint64_t cue = play(&bench, CLIP_SHORT, boot_now() + SECOND, 3 * SECOND);
    wait_for(&bench, view(&bench).problem[0] != '\0');
    wait_for(&bench, view(&bench).spawns >= 2);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_DROPPED));
    unsigned spawns = view(&bench).spawns;
    rw_ns quiet = boot_now() + 2 * SECOND;
    wait_for(&bench, boot_now() > quiet);
    assert_true(view(&bench).spawns <= spawns + 1); /* nothing is due, so nothing is tried */
    assert_int_equal(view(&bench).state, RW_PLAYER_WAITING);

    config.output = "null";
    rw_player_configure(bench.player, &config);
    cue = play(&bench, CLIP_SHORT, boot_now() + SECOND, SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_ENDED));
    assert_string_equal(view(&bench).problem, "");
    bench_close(&bench);
}

static void close_fades_what_sounds_and_ends_the_engine(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_ns at = bench.sink.earliest(bench.sink.context, boot_now());
    uint64_t cue = play(&bench, CLIP_LONG, at, SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_STARTED) || has(&bench, cue, RW_OUTCOME_LATE));
    bench_close(&bench);
    assert_true(has(&bench, cue, RW_OUTCOME_CUT));
    assert_int_equal(engine_of(getpid()), 0);
}

static void close_does_not_wait_for_a_stopped_engine(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 60 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    kill(engine_of(getpid()), SIGSTOP);
    bench_close(&bench);
    assert_int_equal(engine_of(getpid()), 0);
}

static void new_configuration_takes_a_new_engine(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 60 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    config.latency_ms = 200;
    rw_player_configure(bench.player, &config);
    wait_for(&bench, view(&bench).spawns == 2 && view(&bench).state == RW_PLAYER_READY);
    wait_for(&bench, view(&bench).latency > 150 * MS);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

/* A process with a player and a warm engine; tells the engine's id through PIPE, then stays. */
static void be_a_parent(int pipe)
{
    struct bench bench;
    struct rw_player_config config = bench_config();

    bench_open(&bench, &config);
    rw_player_warm(bench.player, boot_now() + 3600 * SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    pid_t engine = engine_of(getpid());
    if (write(pipe, &engine, sizeof(engine)) != sizeof(engine)) {
        _exit(1);
    }
    wait_for(&bench, bench.closed);
}

static void engine_dies_with_the_daemon(void **state)
{
    int ends_of[2];
    pid_t engine;
    (void)state;

    assert_int_equal(pipe(ends_of), 0);
    pid_t parent = fork();
    if (parent == 0) {
        be_a_parent(ends_of[1]);
    }
    close(ends_of[1]);
    assert_int_equal(read(ends_of[0], &engine, sizeof(engine)), sizeof(engine));
    close(ends_of[0]);
    assert_true(engine > 0);
    assert_int_equal(kill(engine, 0), 0);
    kill(parent, SIGKILL);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    rw_ns end = boot_now() + PATIENCE;
    while (boot_now() < end) {
        char path[64], word;
        snprintf(path, sizeof(path), "/proc/%d/stat", (int)engine);
        FILE *file = fopen(path, "r");
        int got = file ? fscanf(file, "%*d (%*[^)]) %c", &word) : 0;
        if (file) {
            fclose(file);
        }
        if (got != 1 || word == 'Z') {
            return;
        }
        usleep(1000);
    }
    fail_msg("the engine outlived its parent");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cues_start_at_their_time_and_end),
        cmocka_unit_test(earliest_is_later_when_cold),
        cmocka_unit_test(engine_comes_only_for_an_expected_cue_and_goes_after_it),
        cmocka_unit_test(engine_is_kept_awake_after_a_cue),
        cmocka_unit_test(engine_stays_for_a_while_after_a_command),
        cmocka_unit_test(cue_sent_early_survives_the_engine_that_is_let_go),
        cmocka_unit_test(cancel_cuts_what_sounds_and_drops_what_waits),
        cmocka_unit_test(killed_engine_is_replaced_and_the_rest_sounds),
        cmocka_unit_test(stopped_engine_is_noticed_and_replaced),
        cmocka_unit_test(first_beat_may_take_as_long_as_any),
        cmocka_unit_test(player_that_slept_itself_does_not_blame_the_engine),
        cmocka_unit_test(clips_make_room_for_others),
        cmocka_unit_test(missing_and_damaged_clips_cost_only_their_cue),
        cmocka_unit_test(more_cues_than_fit_are_dropped),
        cmocka_unit_test(without_an_engine_cues_are_dropped_when_their_time_is_over),
        cmocka_unit_test(without_a_device_it_tells_why_and_tries_again),
        cmocka_unit_test(close_fades_what_sounds_and_ends_the_engine),
        cmocka_unit_test(close_does_not_wait_for_a_stopped_engine),
        cmocka_unit_test(new_configuration_takes_a_new_engine),
        cmocka_unit_test(engine_dies_with_the_daemon),
    };
    if (argc == 1 && strcmp(argv[0], SELF) == 0) {
        return be_a_mute_engine();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
