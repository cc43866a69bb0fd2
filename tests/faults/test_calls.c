/*
 * The system calls that the daemon makes fail, each in turn, in its start, in connections and in
 * commands: what cannot be done is refused, the daemon stays up and can be run with.
 */
#include "bench.h"

#include "speech_cache.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FAILURES_MAX 200
#define WAITS_MAX    20 /* ms */

static const char profile[] = "name: Failing calls\n"
                              "steps:\n"
                              "  - warmup: 10s\n"
                              "  - run: 20s\n"
                              "  - walk: 10s\n";

struct fault {
    enum bench_call_kind kind;
    int error;
};

static const struct fault faults[] = {
    {BENCH_READ, EIO},     {BENCH_READ, EINTR},     {BENCH_WRITE, ENOSPC}, {BENCH_WRITE, EIO},
    {BENCH_FSYNC, EIO},    {BENCH_OPEN, EMFILE},    {BENCH_OPEN, EACCES},  {BENCH_ACCEPT, EMFILE},
    {BENCH_ACCEPT, EINTR}, {BENCH_ACCEPT, ENOBUFS}, {BENCH_RECV, EINTR},   {BENCH_RECV, ECONNRESET},
    {BENCH_SEND, EPIPE},   {BENCH_SEND, EINTR},     {BENCH_SEND, EAGAIN},  {BENCH_SPAWN, EAGAIN},
};

/* ---- the start ---- */

static void note_up(void *context)
{
    *(bool *)context = true;
}

static void a_start_with_a_failing_call_ends_or_succeeds(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(faults); i++) {
        long n = 0;
        for (bool was_reached = true; was_reached && n < FAILURES_MAX; n++) {
            bool is_up = false;
            bench_fail_call(faults[i].kind, n, 1, faults[i].error);
            int status = bench_run(profile, note_up, &is_up);
            was_reached = bench_calls(faults[i].kind) > n;
            bench_fail_call(faults[i].kind, 0, 0, 0);
            assert_true(is_up || status != 0);
        }
        assert_true(n < FAILURES_MAX);
    }
}

/* ---- commands ---- */

static void commands_send(void)
{
    bench_ask("profile.list", NULL);
    bench_ask("profile.check", "{\"profile\":\"bench\"}");
    bench_ask("session.start", "{\"profile\":\"bench\",\"replace\":true}");
    bench_advance(5 * RW_NS_PER_SECOND);
    bench_ask("session.pause", NULL);
    bench_ask("session.resume", NULL);
    bench_ask("say", "{\"text\":\"Something that no pack has.\"}");
    /* A worker looks into the speech cache first; the same text is made only once at a time. */
    for (int i = 0; i < WAITS_MAX && bench_calls(BENCH_SPAWN) == 0; i++) {
        bench_wait(1);
    }
    bench_ask("session.status", "{\"blocks\":true}");
    bench_ask("session.stop", NULL);
}

/* What waits for a moment of real time, such as the pause after an accept that failed, is over. */
static bool is_answered(void)
{
    for (int i = 0; i < 1000; i++) {
        if (bench_ask("session.status", NULL)) {
            return true;
        }
        bench_wait(1);
    }
    return false;
}

static void run_hear(void)
{
    uint64_t before = bench_sound_count().ended;
    assert_true(bench_ask("session.start", "{\"profile\":\"bench\",\"replace\":true}"));
    bench_advance(60 * RW_NS_PER_SECOND);
    assert_true(bench_sound_count().ended > before + 5);
}

static void commands_drive(void *context)
{
    (void)context;
    run_hear();
    commands_send();
    bench_settle();
    unsigned descriptors = bench_descriptors();
    for (size_t i = 0; i < RW_COUNT(faults); i++) {
        const struct fault *fault = &faults[i];
        long n = 0;
        for (bool was_reached = true; was_reached && n < FAILURES_MAX; n++) {
            bench_fail_call(BENCH_SPAWN, 0, 0, 0); /* counts anew */
            bench_fail_call(fault->kind, n, 1 + n % 3, fault->error);
            commands_send();
            was_reached = bench_calls(fault->kind) > n;
            bench_fail_call(fault->kind, 0, 0, 0);
            assert_true(is_answered());
        }
        print_message("  %s, %s: %ld times\n", bench_call_name(fault->kind), strerror(fault->error),
                      n - 1);
        assert_true(n < FAILURES_MAX);
    }
    run_hear();
    assert_string_equal(bench_sound_wrong(), "");
    for (int i = 0; i < 1000 && bench_descriptors() > descriptors; i++) {
        bench_wait(1); /* a child may still be ending */
    }
    assert_true(bench_descriptors() <= descriptors);
}

static void a_command_with_a_failing_call_is_refused_and_the_next_one_served(void **state)
{
    (void)state;
    bench_configure("speech: [cat]\nlog: error\n");
    assert_int_equal(bench_run(profile, commands_drive, NULL), 0);
}

/* ---- what is written ---- */

static unsigned files_count(const char *directory)
{
    unsigned count = 0;
    DIR *folder = opendir(directory);
    for (struct dirent *entry; (entry = readdir(folder));) {
        count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    }
    closedir(folder);
    return count;
}

static void speech_that_cannot_be_written_leaves_nothing_behind(void **state)
{
    static const int errors[] = {ENOSPC, EIO, EDQUOT, EINTR};
    static const unsigned char bytes[100000];
    char directory[] = "/tmp/runwalk-calls-XXXXXX";
    char path[64];
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/speech.wav", directory);
    for (size_t i = 0; i < RW_COUNT(errors); i++) {
        bench_fail_call(BENCH_WRITE, 0, 1, errors[i]);
        enum rw_status status = rw_speech_cache_store(directory, path, bytes, sizeof bytes);
        assert_true(bench_calls(BENCH_WRITE) > 0);
        assert_int_equal(status, errors[i] == EINTR ? RW_OK : RW_EIO);
        assert_int_equal(files_count(directory), errors[i] == EINTR ? 1 : 0);
    }
    unlink(path);
    rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_with_a_failing_call_ends_or_succeeds),
        cmocka_unit_test(speech_that_cannot_be_written_leaves_nothing_behind),
        cmocka_unit_test(a_command_with_a_failing_call_is_refused_and_the_next_one_served),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
