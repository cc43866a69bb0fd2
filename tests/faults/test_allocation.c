/*
 * Usage: test_allocation [all]
 *
 * Each allocation in turn fails: in loading a profile, in opening the voice, in the daemon's start,
 * in a connection, and in every command. What cannot be done for want of memory is refused; the
 * daemon stays up, answers the next command, and can be run with. Where there are very many, some
 * hundred spread over them stand for all, unless `all` is said.
 */
#include "bench.h"

#include "runwalk/coach/coach.h"
#include "runwalk/control/dispatch.h"
#include "runwalk/paths/file.h"
#include "runwalk/profile/profile_file.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ENOUGH 25 /* each is so much slower */
#else
#define ENOUGH 150
#endif

static bool takes_all;

static const char profile[] = "name: Short of memory\n"
                              "steps:\n"
                              "  - warmup: 10s\n"
                              "  - repeat: 2\n"
                              "    steps:\n"
                              "      - run: 20s\n"
                              "        say: Warm up.\n"
                              "      - walk: 10s\n"
                              "  - exercise: 10s\n"
                              "    name: side plank\n"
                              "  - cooldown: 10s\n";

/*
 * Calls TRY with the first, second, … allocation failing until none is left that could. TRY tells
 * whether it has succeeded all the same. Returns how many allocations were made to fail.
 */
static long each_fails(bool (*try)(void *context), void *context)
{
    long failed = 0, step = 1;
    long total = LONG_MAX;
    /* Once for what is kept, such as tables of the libraries; and twice because workers allocate,
     * too. */
    for (int i = 0; i < 3; i++) {
        bench_fail_allocation(1000000000);
        assert_true(try(context));
        total = bench_allocations() < total ? bench_allocations() : total;
    }
    if (!takes_all && total > ENOUGH) {
        step = total / ENOUGH;
    }
    for (long n = 0; n < total + step; n += step) {
        bench_fail_allocation(n);
        bool succeeded = try(context);
        long seen = bench_allocations();
        bench_fail_allocation(-1);
        if (seen <= n) {
            assert_true(succeeded);
            break;
        }
        failed++;
    }
    bench_fail_allocation(-1);
    print_message("  %ld allocations, %ld of them made to fail\n", total, failed);
    assert_true(failed > 0);
    return failed;
}

/* Beyond what the first calls of the C library keep, nothing may be lost. */
static void assert_same_memory(size_t before)
{
    size_t after = bench_memory();
    if (after > before) {
        fail_msg("%zu bytes are lost", after - before);
    }
}

static bool profile_try(void *context)
{
    struct rw_diagnostics diagnostics;
    struct rw_profile *loaded;
    (void)context;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_profile_parse(profile, sizeof profile - 1, &diagnostics, &loaded);
    if (status == RW_OK) {
        rw_profile_destroy(loaded);
    } else {
        free(rw_diagnostics_format(&diagnostics, "p.yaml", profile, sizeof profile - 1));
    }
    return status == RW_OK;
}

static void each_allocation_of_a_profile_can_fail(void **state)
{
    (void)state;
    assert_true(profile_try(NULL));
    size_t before = bench_memory();
    each_fails(profile_try, NULL);
    assert_same_memory(before);
}

static bool voice_try(void *context)
{
    struct rw_diagnostics diagnostics;
    struct rw_voice *voice;
    (void)context;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_voice_open(TEST_SOURCE_DIR "/sounds/en", &diagnostics, &voice);
    if (status == RW_OK) {
        rw_voice_close(voice);
    }
    return status == RW_OK;
}

static void each_allocation_of_the_voice_can_fail(void **state)
{
    (void)state;
    assert_true(voice_try(NULL));
    size_t before = bench_memory();
    each_fails(voice_try, NULL);
    assert_same_memory(before);
}

/* ---- the daemon ---- */

static void nothing_do(void *context)
{
    *(bool *)context = true;
}

static bool start_try(void *context)
{
    bool came_up = false;
    (void)context;
    int status = bench_run(profile, nothing_do, &came_up);
    assert_true(came_up || status != 0);
    return came_up && status == 0;
}

static void each_allocation_of_the_start_can_fail(void **state)
{
    (void)state;
    each_fails(start_try, NULL);
}

struct command {
    const char *method, *params;
    enum { ANY, RUN, PAUSED, RESTING, STOPPED, PLAN } wants; /* of the run, or a plan */
};

static const struct command commands[] = {
    {"hello", NULL, ANY},
    {"describe", NULL, ANY},
    {"subscribe", NULL, ANY},
    {"profile.list", NULL, ANY},
    {"profile.check", "{\"profile\":\"bench\"}", ANY},
    {"session.choose", "{\"profile\":\"bench\",\"speak\":true}", ANY},
    {"session.start", "{\"profile\":\"bench\",\"replace\":true}", ANY},
    {"session.start", "{\"in_ms\":60000,\"replace\":true}", ANY},
    {"session.status", "{\"blocks\":true}", RUN},
    {"session.pause", NULL, RUN},
    {"session.skip", NULL, RUN},
    {"session.back", NULL, RUN},
    {"session.extend", "{\"by_ms\":10000}", RUN},
    {"session.shorten", "{\"by_ms\":1000}", RUN},
    {"session.toggle", NULL, RUN},
    {"session.rest", NULL, RUN},
    {"session.easier", NULL, RUN},
    {"session.ratio", "{\"run_ms\":15000,\"walk_ms\":5000}", RUN},
    {"session.goto", "{\"run\":2,\"of\":2}", RUN},
    {"session.cooldown", NULL, RUN},
    {"session.pain", "{\"place\":\"knee\"}", RUN},
    {"session.dizzy", NULL, RUN},
    {"say", "{\"text\":\"Warm up.\"}", ANY},
    {"volume.set", "{\"volume_db\":-3}", ANY},
    {"session.stop", NULL, RUN},
    {"session.resume", NULL, PAUSED},
    {"session.harder", NULL, RUN},
    {"session.stitch", NULL, RUN},
    {"session.heavy", NULL, RUN},
    {"session.ready", NULL, RESTING},
    {"session.time", NULL, RUN},
    {"session.encourage", NULL, RUN},
    {"session.quiet", "{\"for_ms\":60000}", RUN},
    {"session.recover", NULL, STOPPED},
    {"volume.get", NULL, ANY},
    {"voice.get", NULL, ANY},
    {"voice.set", "{\"verbosity\":\"sparse\",\"cadence\":170}", ANY},
    {"music.play", "{\"path\":\"" TEST_SOURCE_DIR "/sounds/en/clips\"}", ANY},
    {"music.get", NULL, ANY},
    {"music.stop", NULL, ANY},
    {"history.list", NULL, ANY},
    {"history.show", "{\"run\":1}", ANY},
    {"history.rows", "{\"run\":1,\"part\":\"cues\"}", ANY},
    {"history.log", "{\"effort\":5,\"note\":\"Even\"}", STOPPED},
    {"history.forget", "{\"all\":true}", ANY},
    {"plan.list", NULL, ANY},
    {"plan.start", "{\"plan\":\"core-3-a-week\",\"week\":2}", ANY},
    {"plan.status", NULL, PLAN},
    {"session.choose", "{\"next\":true}", PLAN},
    {"session.start", "{\"next\":true}", PLAN},
    {"plan.skip", NULL, PLAN},
    {"plan.repeat", NULL, PLAN},
    {"plan.well", NULL, PLAN},
    {"plan.stop", NULL, PLAN},
};

/* What leads there, beside a run for all but a plan. */
static const struct {
    const char *method, *params;
} first[] = {
    [PAUSED] = {"session.pause", NULL},
    [RESTING] = {"session.rest", NULL},
    [STOPPED] = {"session.stop", NULL},
    [PLAN] = {"plan.start", "{\"plan\":\"core-3-a-week\",\"week\":2}"},
};

/* Without a fault it must work; with one it may, but the daemon has to be as able as before. */
static bool command_try(void *context)
{
    const struct command *command = context;
    bench_hold_faults(true);
    bench_settle(); /* nothing of the last try is on its way */
    bench_ask("session.stop", NULL);
    if (command->wants != ANY && command->wants != PLAN) {
        assert_true(bench_ask("session.start", "{\"profile\":\"bench\",\"replace\":true}"));
        bench_advance(13 * RW_NS_PER_SECOND);
    }
    if (first[command->wants].method) {
        assert_true(bench_ask(first[command->wants].method, first[command->wants].params));
    }
    bench_settle();
    bench_hold_faults(false);
    bool worked = bench_ask(command->method, command->params);
    bench_advance(RW_NS_PER_SECOND);
    long paused = bench_pause_faults();
    assert_true(bench_ask("session.status", NULL));
    bench_resume_faults(paused);
    return worked;
}

static void run_hear(void)
{
    uint64_t before = bench_sound_count().ended;
    assert_true(bench_ask("session.start", "{\"profile\":\"bench\",\"replace\":true}"));
    bench_advance(120 * RW_NS_PER_SECOND);
    assert_true(bench_sound_count().ended > before + 15);
}

static void every_method_is_tried(void **state)
{
    (void)state;
    for (int method = 0; method < RW_METHOD_COUNT; method++) {
        const char *name = rw_method_info((enum rw_method)method)->name;
        size_t i = 0;
        while (i < RW_COUNT(commands) && strcmp(commands[i].method, name) != 0) {
            i++;
        }
        if (i == RW_COUNT(commands)) {
            fail_msg("%s is not among the commands", name);
        }
    }
}

static void commands_drive(void *context)
{
    (void)context;
    run_hear();
    bench_settle();
    unsigned descriptors = bench_descriptors();
    for (size_t i = 0; i < RW_COUNT(commands); i++) {
        print_message("  %s\n", commands[i].method);
        each_fails(command_try, (void *)&commands[i]);
    }
    run_hear();
    for (int i = 0; i < 1000 && bench_descriptors() > descriptors; i++) {
        bench_wait(1); /* a child may still be ending */
    }
    assert_true(bench_descriptors() <= descriptors);
    assert_string_equal(bench_sound_wrong(), "");
}

static void each_allocation_of_a_command_can_fail(void **state)
{
    (void)state;
    assert_int_equal(bench_run(profile, commands_drive, NULL), 0);
}

/* A run goes on while every so many allocations fail, whatever they were for. */
static void run_drive(void *context)
{
    uint64_t before = bench_sound_count().ended;
    (void)context;
    assert_true(bench_ask("session.start", "{\"profile\":\"bench\",\"replace\":true}"));
    struct bench_client *watcher = bench_connect();
    json_decref(bench_call(watcher, "subscribe", NULL));
    for (int i = 0; i < 120; i++) {
        bench_fail_allocation(i % 40);
        bench_advance(RW_NS_PER_SECOND);
    }
    bench_fail_allocation(-1);
    bench_close(watcher);
    assert_true(bench_sound_count().ended > before + 15);
    assert_true(bench_ask("session.status", NULL));
}

static void a_run_goes_on_while_allocations_fail(void **state)
{
    (void)state;
    assert_int_equal(bench_run(profile, run_drive, NULL), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_allocation_of_a_profile_can_fail),
        cmocka_unit_test(each_allocation_of_the_voice_can_fail),
        cmocka_unit_test(each_allocation_of_the_start_can_fail),
        cmocka_unit_test(every_method_is_tried),
        cmocka_unit_test(each_allocation_of_a_command_can_fail),
        cmocka_unit_test(a_run_goes_on_while_allocations_fail),
    };
    takes_all = argc > 1 && strcmp(argv[1], "all") == 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
