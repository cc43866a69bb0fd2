/* What a profile says is made ahead: the start waits for its first minutes, not for all of it. */
#include "prepare.h"

#include "runwalk/profile/profile_file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STEPS 120u /* of a minute, each with words of its own */
#define SOUND TEST_BUILD_DIR "/prepare-test.wav"

struct bench {
    uv_loop_t loop;
    char cache[64];
    struct rw_voice *voice;
    struct rw_speech *speech;
    struct rw_prepare *prepare;
    struct rw_profile *profile;
    unsigned ready, failed;
    uint32_t made_when_ready;
    bool closed;
};

/* How many of the profile's words can be spoken. */
static uint32_t made_count(const struct bench *bench)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < STEPS; i++) {
        char text[40];
        snprintf(text, sizeof text, "Zyxw number %u", i);
        count += rw_voice_knows_text(bench->voice, text);
    }
    return count;
}

static void profile_ready(void *context)
{
    struct bench *bench = context;
    bench->ready++;
    bench->made_when_ready = made_count(bench);
}

static void text_failed(void *context, const char *text, const char *problem)
{
    struct bench *bench = context;
    (void)text;
    (void)problem;
    bench->failed++;
}

static void closed(void *context)
{
    ((struct bench *)context)->closed = true;
}

/* A tenth of a second of a buzz, 8 kHz, 16 bits. */
static void sound_write(void)
{
    static const unsigned char head[44] =
        "RIFF\x64\x06\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0"
        "\x80\x3e\0\0\x02\0\x10\0data\x40\x06";
    FILE *file = fopen(SOUND, "wb");
    assert_non_null(file);
    fwrite(head, 1, sizeof head, file);
    for (unsigned i = 0; i < 800; i++) {
        fputc(0, file);
        fputc(i / 40 % 2 ? 0x20 : 0xE0, file);
    }
    fclose(file);
}

static void profile_make(struct bench *bench)
{
    size_t size = STEPS * 80;
    char *text = malloc(size);
    int used = snprintf(text, size, "name: Long\nsteps:\n");
    for (unsigned i = 0; i < STEPS; i++) {
        used +=
            snprintf(text + used, size - (size_t)used, "  - run: 1m\n    say: Zyxw number %u\n", i);
    }
    assert_int_equal(rw_profile_parse(text, (size_t)used, NULL, &bench->profile), RW_OK);
    free(text);
}

static int bench_open(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    signal(SIGPIPE, SIG_IGN);
    uv_loop_init(&bench->loop);
    strcpy(bench->cache, "/tmp/rw-prepare-XXXXXX");
    assert_non_null(mkdtemp(bench->cache));
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", NULL, &bench->voice), RW_OK);
    sound_write();
    profile_make(bench);
    *state = bench;
    return 0;
}

static int bench_finish(void **state)
{
    struct bench *bench = *state;
    char command[100];
    if (bench->speech) {
        rw_speech_close(bench->speech, closed, bench);
        uv_run(&bench->loop, UV_RUN_DEFAULT);
        assert_true(bench->closed);
    }
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    rw_prepare_destroy(bench->prepare);
    rw_profile_destroy(bench->profile);
    rw_voice_close(bench->voice);
    snprintf(command, sizeof command, "rm -rf %s", bench->cache);
    assert_int_equal(system(command), 0);
    free(bench);
    return 0;
}

static void speech_open(struct bench *bench)
{
    const char *command[] = {"cat", SOUND, NULL};
    struct rw_speech_config config = {
        .command = command, .language = "en", .cache_directory = bench->cache};
    assert_int_equal(rw_speech_create(&bench->loop, &config, &bench->speech), RW_OK);
}

static void prepare_open(struct bench *bench)
{
    struct rw_prepare_observer observer = {profile_ready, text_failed, bench};
    assert_int_equal(rw_prepare_create(bench->voice, bench->speech, observer, &bench->prepare),
                     RW_OK);
}

static void a_start_waits_for_the_first_ten_minutes_only(void **state)
{
    struct bench *bench = *state;
    speech_open(bench);
    prepare_open(bench);
    assert_true(rw_prepare_profile(bench->prepare, bench->profile, false));
    assert_true(rw_prepare_is_busy(bench->prepare));
    while (bench->ready == 0) {
        uv_run(&bench->loop, UV_RUN_ONCE);
    }
    assert_in_range(bench->made_when_ready, 10, 12);
    assert_false(rw_prepare_is_busy(bench->prepare));

    /* And the rest is made while the run is on, each text once, without another word. */
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(made_count(bench), STEPS);
    assert_int_equal(bench->ready, 1);
    assert_int_equal(bench->failed, 0);
    assert_false(rw_prepare_profile(bench->prepare, bench->profile, false));
}

static void without_an_engine_it_is_told_once_and_nothing_is_waited_for(void **state)
{
    struct bench *bench = *state;
    prepare_open(bench);
    assert_false(rw_prepare_profile(bench->prepare, bench->profile, true));
    assert_int_equal(bench->failed, 1);
    assert_int_equal(bench->ready, 0);
    assert_false(rw_prepare_profile(bench->prepare, bench->profile, true));
    assert_int_equal(bench->failed, 2);
}

/* An engine that does what stands in the file `mode`: fail, also at odd numbers only; or speak. */
static void engine_open(struct bench *bench)
{
    char script[300];
    snprintf(script, sizeof script,
             "words=$(cat); case $(cat %s/mode)$words in fail* | odd*[13579]) exit 3;; "
             "empty*) exit 0;; esac; cat %s",
             bench->cache, SOUND);
    const char *command[] = {"sh", "-c", script, NULL};
    struct rw_speech_config config = {
        .command = command, .language = "en", .cache_directory = bench->cache};
    assert_int_equal(rw_speech_create(&bench->loop, &config, &bench->speech), RW_OK);
}

static void engine_set(const struct bench *bench, const char *mode)
{
    char path[100];
    snprintf(path, sizeof path, "%s/mode", bench->cache);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(mode, file);
    fclose(file);
}

static void prepare_all(struct bench *bench)
{
    (void)rw_prepare_profile(bench->prepare, bench->profile, false);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
}

static void an_engine_that_fails_is_told_once_until_it_changes(void **state)
{
    struct bench *bench = *state;
    engine_open(bench);
    prepare_open(bench);
    engine_set(bench, "fail");
    prepare_all(bench);
    assert_int_equal(bench->failed, 1);
    prepare_all(bench);
    assert_int_equal(bench->failed, 1);
    engine_set(bench, "empty");
    prepare_all(bench);
    assert_int_equal(bench->failed, 2);
    engine_set(bench, "speak");
    (void)rw_prepare_profile(bench->prepare, bench->profile, false);
    while (made_count(bench) == 0) {
        uv_run(&bench->loop, UV_RUN_ONCE);
    }
    engine_set(bench, "empty");
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(bench->failed, 3);
}

static void a_text_that_was_kept_does_not_mean_that_the_engine_works(void **state)
{
    struct bench *bench = *state;
    engine_open(bench);
    prepare_open(bench);
    engine_set(bench, "odd");
    prepare_all(bench);
    assert_int_equal(made_count(bench), STEPS / 2);
    assert_int_equal(bench->failed, STEPS / 2);

    rw_prepare_destroy(bench->prepare);
    rw_voice_close(bench->voice);
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", NULL, &bench->voice), RW_OK);
    prepare_open(bench);
    bench->failed = 0;
    prepare_all(bench);
    assert_int_equal(made_count(bench), STEPS / 2);
    assert_int_equal(bench->failed, 1);
}

static void what_is_forgotten_is_not_told(void **state)
{
    struct bench *bench = *state;
    speech_open(bench);
    prepare_open(bench);
    assert_true(rw_prepare_profile(bench->prepare, bench->profile, false));
    rw_prepare_cancel(bench->prepare);
    assert_false(rw_prepare_is_busy(bench->prepare));
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(bench->ready, 0);
    assert_in_range(made_count(bench), 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_start_waits_for_the_first_ten_minutes_only, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(without_an_engine_it_is_told_once_and_nothing_is_waited_for,
                                        bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(an_engine_that_fails_is_told_once_until_it_changes,
                                        bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(a_text_that_was_kept_does_not_mean_that_the_engine_works,
                                        bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(what_is_forgotten_is_not_told, bench_open, bench_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
