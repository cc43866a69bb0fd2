/* The speech maker against engines that are small shell scripts, good ones and bad ones. */
#include "runwalk/voice/speech.h"

#include "wave.h"

#include <sndfile.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define RATE   16000u
#define FRAMES 8000u /* of the test sound, the silence around it included */
#define QUIET  800u  /* frames of silence at each end */

struct bench {
    uv_loop_t loop;
    struct rw_speech *speech;
    char folder[64];
    char cache[80];
    unsigned answers;
    bool closed;
    bool close_on_answer;
    enum rw_status status;
    uint32_t frames;
    char path[256];
    char problem[128];
};

static void file_write(const struct bench *bench, const char *name, const void *bytes, size_t size)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static size_t file_read(const struct bench *bench, const char *name, char *text, size_t size)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", bench->folder, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        text[0] = '\0';
        return 0;
    }
    size_t got = fread(text, 1, size - 1, file);
    text[got] = '\0';
    fclose(file);
    return got;
}

/* A buzz with silence around it. The caller frees the bytes. */
static unsigned char *buzz_make(size_t *ret_size)
{
    static unsigned char samples[FRAMES * 2];
    for (unsigned i = QUIET; i < FRAMES - QUIET; i++) {
        samples[2 * i + 1] = i / 40 % 2 ? 0x20 : 0xE0;
    }
    struct wave wave = {.samples = samples, .frames = FRAMES, .rate = RATE, .channels = 1};
    return rw_wave_write(&wave, "", ret_size);
}

static int bench_open(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    size_t size;
    unsigned char *buzz = buzz_make(&size);
    strcpy(bench->folder, "/tmp/rw-speech-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->cache, sizeof bench->cache, "%s/cache", bench->folder);
    file_write(bench, "buzz.wav", buzz, size);
    free(buzz);
    uv_loop_init(&bench->loop);
    signal(SIGPIPE, SIG_IGN);
    *state = bench;
    return 0;
}

static void closed(void *context)
{
    struct bench *bench = context;
    bench->closed = true;
    bench->speech = NULL;
}

static void answered(void *context, const struct rw_speech_answer *answer)
{
    struct bench *bench = context;
    assert_false(bench->closed);
    bench->answers++;
    bench->status = answer->status;
    bench->frames = answer->frames;
    snprintf(bench->path, sizeof bench->path, "%s", answer->path ? answer->path : "");
    snprintf(bench->problem, sizeof bench->problem, "%s", answer->problem ? answer->problem : "");
    if (bench->close_on_answer) {
        rw_speech_close(bench->speech, closed, bench);
    }
}

static void bench_close_speech(struct bench *bench)
{
    if (bench->speech) {
        rw_speech_close(bench->speech, closed, bench);
        uv_run(&bench->loop, UV_RUN_DEFAULT);
        assert_true(bench->closed);
    }
    bench->closed = false;
}

static int bench_finish(void **state)
{
    struct bench *bench = *state;
    char command[128];
    bench_close_speech(bench);
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    assert_int_equal(system(command), 0);
    free(bench);
    return 0;
}

/* An engine that runs SCRIPT in the bench's folder. */
static void engine_open(struct bench *bench, const char *script, struct rw_speech_config config)
{
    char line[400];
    const char *command[] = {"/bin/sh", "-c", line, "sh", "{text}", NULL};
    bool by_input = strstr(script, "stdin") != NULL;
    snprintf(line, sizeof line, "cd %s; %s", bench->folder, script);
    command[4] = by_input ? NULL : command[4];
    bench_close_speech(bench);
    bench->answers = 0;
    config.command = command;
    config.language = "en";
    config.cache_directory = bench->cache;
    assert_int_equal(rw_speech_create(&bench->loop, &config, &bench->speech), RW_OK);
}

static void speak(struct bench *bench, const char *text)
{
    assert_int_equal(rw_speech_request(bench->speech, text, answered, bench), RW_OK);
    assert_int_equal(bench->answers, 0); /* later, never from within */
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(bench->answers, 1);
    bench->answers = 0;
}

static void assert_spoken(struct bench *bench)
{
    struct stat info;
    SF_INFO sound = {0};
    assert_string_equal(bench->problem, "");
    assert_int_equal(bench->status, RW_OK);
    assert_int_equal(stat(bench->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    SNDFILE *file = sf_open(bench->path, SFM_READ, &sound);
    assert_non_null(file);
    assert_int_equal(sf_close(file), 0);
    uint64_t frames = ((uint64_t)sound.frames * RW_RATE + (unsigned)sound.samplerate - 1) /
                      (unsigned)sound.samplerate;
    assert_int_equal(frames, bench->frames);
}

static void a_text_is_spoken_once_and_kept(void **state)
{
    struct bench *bench = *state;
    char runs[64];
    engine_open(bench, "echo >> runs; cat buzz.wav", (struct rw_speech_config){0});
    speak(bench, "Mind the dog.");
    assert_spoken(bench);
    uint32_t frames = bench->frames;
    /* Silence is taken off but for 20 ms before and 50 ms after; the buzz goes on to its end. */
    assert_int_equal(frames, 3 * (FRAMES - 2 * QUIET + RATE * 70 / 1000 - 1));
    speak(bench, "Mind the dog.");
    assert_spoken(bench);
    assert_int_equal(bench->frames, frames);
    assert_int_equal(file_read(bench, "runs", runs, sizeof runs), 1);

    engine_open(bench, "echo >> runs; cat buzz.wav; :", (struct rw_speech_config){0});
    speak(bench, "Mind the dog."); /* another engine has another voice */
    assert_spoken(bench);
    assert_int_equal(file_read(bench, "runs", runs, sizeof runs), 2);
}

static void a_damaged_file_in_the_cache_is_made_anew(void **state)
{
    struct bench *bench = *state;
    char runs[64];
    engine_open(bench, "echo >> runs; cat buzz.wav", (struct rw_speech_config){0});
    speak(bench, "One");
    assert_int_equal(truncate(bench->path, 1000), 0);
    speak(bench, "One");
    assert_spoken(bench);
    assert_int_equal(truncate(bench->path, 3), 0);
    speak(bench, "One");
    assert_spoken(bench);
    assert_int_equal(file_read(bench, "runs", runs, sizeof runs), 3);
}

static void the_words_arrive_as_they_are(void **state)
{
    static const char *const texts[] = {"It's \"80 %\" $HOME `ls` ; \\ done", "\u8dd1\u6b65",
                                        "--version", "two\nlines"};
    struct bench *bench = *state;
    char got[200];
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        engine_open(bench, "cat > got; cat buzz.wav # stdin", (struct rw_speech_config){0});
        speak(bench, texts[i]);
        assert_spoken(bench);
        file_read(bench, "got", got, sizeof got);
        assert_string_equal(got, texts[i]);

        engine_open(bench, "printf %s \"$1\" > got; cat buzz.wav", (struct rw_speech_config){0});
        speak(bench, texts[i]);
        assert_spoken(bench);
        file_read(bench, "got", got, sizeof got);
        assert_string_equal(got + (texts[i][0] == '-'), texts[i]); /* never an option */
    }
}

static void an_engine_may_open_its_streams_by_name(void **state)
{
    struct bench *bench = *state;
    char got[64];
    engine_open(bench, "cat /dev/stdin > got; cp buzz.wav copy; cat copy > /dev/stdout",
                (struct rw_speech_config){0});
    speak(bench, "Hello");
    assert_spoken(bench);
    file_read(bench, "got", got, sizeof got);
    assert_string_equal(got, "Hello");
}

static void an_engine_that_reads_nothing_is_fine(void **state)
{
    struct bench *bench = *state;
    engine_open(bench, "exec < /dev/null; cat buzz.wav # stdin", (struct rw_speech_config){0});
    speak(bench, "Hello");
    assert_spoken(bench);
}

static void the_environment_is_bare(void **state)
{
    struct bench *bench = *state;
    char got[4000];
    setenv("RW_SECRET", "1", 1);
    engine_open(bench, "env > got; cat buzz.wav", (struct rw_speech_config){0});
    speak(bench, "Hello");
    unsetenv("RW_SECRET");
    file_read(bench, "got", got, sizeof got);
    assert_non_null(strstr(got, "PATH="));
    assert_null(strstr(got, "RW_SECRET"));
}

static void a_header_that_cannot_know_the_length_is_taken(void **state)
{
    static const unsigned lengths[] = {0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0};
    struct bench *bench = *state;
    for (size_t i = 0; i < RW_COUNT(lengths); i++) {
        size_t size;
        unsigned char *buzz = buzz_make(&size);
        char text[32];
        for (unsigned byte = 0; byte < 4; byte++) {
            buzz[4 + byte] = (unsigned char)(lengths[i] >> 8 * byte);
            buzz[rw_wave_header_size("") - 4 + byte] = (unsigned char)(lengths[i] >> 8 * byte);
        }
        file_write(bench, "buzz.wav", buzz, size);
        free(buzz);
        snprintf(text, sizeof text, "Length %zu", i);
        engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
        speak(bench, text);
        assert_spoken(bench);
        assert_int_equal(bench->frames, 3 * (FRAMES - 2 * QUIET + RATE * 70 / 1000 - 1));
    }
}

static void a_bad_engine_is_an_answer_with_a_reason(void **state)
{
    static const struct {
        const char *script;
        enum rw_status status;
        const char *problem;
    } cases[] = {
        {"exit 3", RW_EIO, "the speech command failed"},
        {"cat buzz.wav; kill -9 $$", RW_EIO, "the speech command failed"},
        {":", RW_EINVALID, "it printed nothing"},
        {"echo no voice, sorry", RW_EINVALID, "it did not print a WAV"},
        {"head -c 44 buzz.wav", RW_EINVALID, "the WAV is empty"},
        {"head -c 20 buzz.wav", RW_EINVALID, "the WAV has no proper format"},
        {"head -c 80 buzz.wav; head -c 4000 /dev/zero", RW_EINVALID,
         "the speech command printed silence"},
        {"cat /dev/zero", RW_ELIMIT, "the speech command printed too much"},
        {"cat buzz.wav /dev/zero", RW_ELIMIT, "the speech command printed too much"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        engine_open(bench, cases[i].script, (struct rw_speech_config){.output_max = 1 << 20});
        speak(bench, "Hello");
        assert_string_equal(bench->problem, cases[i].problem);
        assert_int_equal(bench->status, cases[i].status);
        assert_string_equal(bench->path, "");
    }
}

static bool is_gone(const struct bench *bench)
{
    char text[32];
    file_read(bench, "pid", text, sizeof text);
    assert_true(atoi(text) > 1);
    return kill(atoi(text), 0) < 0 && errno == ESRCH;
}

static void a_hung_engine_is_killed_with_its_children(void **state)
{
    struct bench *bench = *state;
    char path[100];
    engine_open(bench, "sleep 600 & echo $! > pid; wait",
                (struct rw_speech_config){.timeout_ms = 200});
    speak(bench, "Hello");
    assert_int_equal(bench->status, RW_ETIMEOUT);
    /* The sleeper is nobody's child now: whoever adopts orphans may take a moment to bury it. */
    file_read(bench, "pid", path, sizeof path);
    for (int tries = 0; tries < 1000 && !is_gone(bench); tries++) {
        char stat_path[64], text[200] = "";
        snprintf(stat_path, sizeof stat_path, "/proc/%d/stat", atoi(path));
        FILE *file = fopen(stat_path, "r");
        if (file && fgets(text, sizeof text, file) && strstr(text, ") Z ")) {
            fclose(file);
            return; /* dead, not yet buried */
        }
        if (file) {
            fclose(file);
        }
        usleep(5000);
    }
    assert_true(is_gone(bench));
}

static void an_engine_that_leaves_a_child_behind_is_not_waited_for(void **state)
{
    struct bench *bench = *state;
    engine_open(bench, "sleep 3 & exit 0", (struct rw_speech_config){.timeout_ms = 200});
    speak(bench, "Hello");
    assert_int_equal(bench->status, RW_ETIMEOUT);
}

static void the_queue_is_bounded_and_every_request_is_answered(void **state)
{
    struct bench *bench = *state;
    engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
    for (unsigned i = 0; i < RW_SPEECH_QUEUE_MAX; i++) {
        assert_int_equal(
            rw_speech_request(bench->speech, i % 2 ? "Left" : "Right", answered, bench), RW_OK);
    }
    assert_int_equal(rw_speech_request(bench->speech, "More", answered, bench), RW_EFULL);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(bench->answers, RW_SPEECH_QUEUE_MAX);
    assert_spoken(bench);
}

static void requests_without_words_or_too_long_are_refused(void **state)
{
    struct bench *bench = *state;
    char text[RW_SPEECH_TEXT_MAX + 2];
    memset(text, 'a', sizeof text);
    text[RW_SPEECH_TEXT_MAX + 1] = '\0';
    engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
    assert_int_equal(rw_speech_request(bench->speech, " .", answered, bench), RW_EINVALID);
    assert_int_equal(rw_speech_request(bench->speech, text, answered, bench), RW_ELIMIT);
    text[RW_SPEECH_TEXT_MAX] = '\0';
    speak(bench, text);
    assert_spoken(bench);
    speak(bench, text);
    assert_spoken(bench);
}

static void closing_kills_what_is_at_work(void **state)
{
    struct bench *bench = *state;
    engine_open(bench, "echo $$ > pid; exec sleep 600", (struct rw_speech_config){0});
    for (int i = 0; i < 5; i++) {
        assert_int_equal(rw_speech_request(bench->speech, i ? "a" : "b", answered, bench), RW_OK);
    }
    char text[32];
    while (file_read(bench, "pid", text, sizeof text) == 0) {
        uv_run(&bench->loop, UV_RUN_NOWAIT);
    }
    bench_close_speech(bench);
    assert_int_equal(bench->answers, 0);
    assert_true(is_gone(bench));
}

static void closing_is_possible_at_once_and_from_an_answer(void **state)
{
    struct bench *bench = *state;
    engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
    bench_close_speech(bench);
    engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
    assert_int_equal(rw_speech_request(bench->speech, "a", answered, bench), RW_OK);
    bench_close_speech(bench);
    bench->close_on_answer = true;
    for (int round = 0; round < 2; round++) { /* spoken, then from the cache */
        engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
        assert_int_equal(rw_speech_request(bench->speech, "a", answered, bench), RW_OK);
        assert_int_equal(rw_speech_request(bench->speech, "b", answered, bench), RW_OK);
        assert_int_equal(rw_speech_request(bench->speech, "c", answered, bench), RW_OK);
        uv_run(&bench->loop, UV_RUN_DEFAULT);
        assert_true(bench->closed);
        assert_int_equal(bench->answers, 1);
        bench->closed = false;
    }
}

static void the_oldest_sounds_make_room(void **state)
{
    struct bench *bench = *state;
    char paths[4][256];
    struct stat info;
    engine_open(bench, "cat buzz.wav", (struct rw_speech_config){.cache_max = 3 * 15500});
    for (int i = 0; i < 4; i++) {
        char text[] = {(char)('a' + i), '\0'};
        speak(bench, text);
        assert_spoken(bench);
        strcpy(paths[i], bench->path);
        struct timespec times[2] = {{.tv_sec = 1000 + i}, {.tv_sec = 1000 + i}};
        if (i < 3) {
            assert_int_equal(utimensat(AT_FDCWD, paths[i], times, 0), 0);
        }
        if (i == 2) {
            speak(bench, "a"); /* used again, so it is young again */
        }
    }
    assert_int_equal(stat(paths[0], &info), 0);
    assert_int_equal(stat(paths[1], &info), -1);
    assert_int_equal(stat(paths[2], &info), 0);
    assert_int_equal(stat(paths[3], &info), 0);
}

static void a_missing_engine_or_cache_is_told(void **state)
{
    struct bench *bench = *state;
    const char *missing[] = {"no-such-speech-engine", NULL};
    const char *present[] = {"cat", NULL};
    struct rw_speech_config config = {
        .command = missing, .language = "en", .cache_directory = bench->cache};
    assert_int_equal(rw_speech_create(&bench->loop, &config, &bench->speech), RW_ENOENT);
    config.command = present;
    config.cache_directory = "/proc/no/such/folder";
    assert_int_equal(rw_speech_create(&bench->loop, &config, &bench->speech), RW_EIO);
    assert_null(bench->speech);
}

static void a_full_or_lost_cache_folder_is_an_answer(void **state)
{
    struct bench *bench = *state;
    engine_open(bench, "cat buzz.wav", (struct rw_speech_config){0});
    assert_int_equal(rmdir(bench->cache), 0);
    speak(bench, "Hello");
    assert_int_equal(bench->status, RW_EIO);
    assert_string_equal(bench->problem, "the speech cache cannot be written");
}

static void no_bytes_confuse_the_reader(void **state)
{
    size_t size;
    unsigned char *buzz = buzz_make(&size);
    struct wave wave;
    const char *problem;
    uint32_t random = 1;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        unsigned char *copy = malloc(400);
        memcpy(copy, buzz, 400);
        for (int i = 0; i < 3; i++) {
            random = random * 1664525 + 1013904223;
            copy[(random >> 16) % 90] = (unsigned char)(random >> 8);
        }
        copy = realloc(copy, (random >> 20) % 400 + 1);
        if (rw_wave_read(copy, (random >> 20) % 400, &wave, &problem) == RW_OK) {
            (void)rw_wave_trim(&wave);
        }
        free(copy);
    }
    free(buzz);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_text_is_spoken_once_and_kept, bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(a_damaged_file_in_the_cache_is_made_anew, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(the_words_arrive_as_they_are, bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(an_engine_may_open_its_streams_by_name, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(an_engine_that_reads_nothing_is_fine, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(the_environment_is_bare, bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(a_header_that_cannot_know_the_length_is_taken, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(a_bad_engine_is_an_answer_with_a_reason, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(a_hung_engine_is_killed_with_its_children, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(an_engine_that_leaves_a_child_behind_is_not_waited_for,
                                        bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(the_queue_is_bounded_and_every_request_is_answered,
                                        bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(requests_without_words_or_too_long_are_refused, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(closing_kills_what_is_at_work, bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(closing_is_possible_at_once_and_from_an_answer, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(the_oldest_sounds_make_room, bench_open, bench_finish),
        cmocka_unit_test_setup_teardown(a_missing_engine_or_cache_is_told, bench_open,
                                        bench_finish),
        cmocka_unit_test_setup_teardown(a_full_or_lost_cache_folder_is_an_answer, bench_open,
                                        bench_finish),
        cmocka_unit_test(no_bytes_confuse_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
