/*
 * Nothing reachable from the audio callback of the real engine allocates, locks, logs or makes a
 * system call: callback_guard.c stands in the place of PortAudio and aborts the engine if it does.
 */
#include "runwalk/wire/wire.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define ENGINE   TEST_BUILD_DIR "/runwalk-engine"
#define PATIENCE 30000 /* ms; far beyond anything that works */
#define MS       RW_NS_PER_MS
#define PLAYS    40
#define CLIPS    3

struct engine {
    pid_t process;
    int socket;
    int errors;
};

static rw_ns boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

static void tell(struct engine *engine, struct rw_wire_message message)
{
    assert_int_equal(rw_wire_send(engine->socket, &message, -1), RW_OK);
}

static void engine_start(struct engine *engine, const char *fault)
{
    int pair[2];
    int page = memfd_create("page", MFD_CLOEXEC);

    engine->errors = memfd_create("errors", MFD_CLOEXEC);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(ftruncate(page, RW_WIRE_PAGE_SIZE), 0);
    engine->process = fork();
    if (engine->process == 0) {
        /* By way of numbers that neither of the two has. */
        int socket = fcntl(pair[1], F_DUPFD_CLOEXEC, 20), memory = fcntl(page, F_DUPFD_CLOEXEC, 20);
        dup2(engine->errors, STDERR_FILENO);
        dup2(socket, RW_WIRE_SOCKET_FD);
        dup2(memory, RW_WIRE_PAGE_FD);
        setenv("LD_PRELOAD", CALLBACK_GUARD, 1);
        if (fault) {
            setenv("CALLBACK_FAULT", fault, 1);
        }
        execl(ENGINE, ENGINE, (char *)NULL);
        _exit(127);
    }
    engine->socket = pair[0];
    close(pair[1]);
    close(page);
    tell(engine, (struct rw_wire_message){
                     .type = RW_WIRE_CONFIG,
                     .config = {.latency_ms = 60, .block_frames = 480, .output = "auto"},
                 });
}

/* Closes our end; returns the signal that ended the engine, or 0, and what it said. */
static int engine_end(struct engine *engine, char ret_text[256])
{
    int status;

    close(engine->socket);
    assert_int_equal(waitpid(engine->process, &status, 0), engine->process);
    ssize_t size = pread(engine->errors, ret_text, 255, 0);
    ret_text[size > 0 ? size : 0] = '\0';
    close(engine->errors);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* False when the engine is gone. */
static bool hear(struct engine *engine, struct rw_wire_message *ret_message)
{
    struct pollfd source = {.fd = engine->socket, .events = POLLIN};

    assert_int_equal(poll(&source, 1, PATIENCE), 1);
    return rw_wire_receive(engine->socket, ret_message, NULL) == RW_OK;
}

static void put(int file, uint32_t value, size_t bytes)
{
    assert_int_equal(write(file, &value, bytes), bytes); /* a little-endian machine, as WAV wants */
}

/* A descriptor of a mono 16-bit WAV as loud as it gets, so that the limiter has work. */
static int tone(uint32_t frames)
{
    int file = memfd_create("tone", MFD_CLOEXEC);

    assert_int_equal(write(file, "RIFF", 4), 4);
    put(file, 36 + frames * 2, 4);
    assert_int_equal(write(file, "WAVEfmt ", 8), 8);
    put(file, 16, 4);
    put(file, 1, 2);
    put(file, 1, 2);
    put(file, RW_RATE, 4);
    put(file, RW_RATE * 2, 4);
    put(file, 2, 2);
    put(file, 16, 2);
    assert_int_equal(write(file, "data", 4), 4);
    put(file, frames * 2, 4);
    for (uint32_t i = 0; i < frames; i++) {
        put(file, (i * 900 % 65000 - 32500u) & 0xffff, 2);
    }
    return file;
}

/* Clicks and music beneath what is said. */
static void accompany(struct engine *engine)
{
    rw_ns from = boot_now() + 200 * MS;
    struct rw_wire_message music = {.type = RW_WIRE_MUSIC, .music = {.number = 1}};
    int file = tone(RW_RATE);

    tell(engine, (struct rw_wire_message){
                     .type = RW_WIRE_CADENCE,
                     .cadence = {.from = from,
                                 .until = from + 1200 * MS,
                                 .epoch = 1000,
                                 .millisteps = 170000},
                 });
    assert_int_equal(rw_wire_send(engine->socket, &music, file), RW_OK);
    close(file);
    tell(engine,
         (struct rw_wire_message){.type = RW_WIRE_MUSIC_STATE, .music_state = RW_WIRE_MUSIC_PLAY});
}

/* All that the engine can be asked: overlapping plays on each bus, gains, a cancel now and then. */
static void keep_busy(struct engine *engine)
{
    for (uint32_t clip = 0; clip < CLIPS; clip++) {
        struct rw_wire_message load = {.type = RW_WIRE_LOAD, .clip = clip};
        int file = tone(2000 + 3000 * clip);
        assert_int_equal(rw_wire_send(engine->socket, &load, file), RW_OK);
        close(file);
    }
    rw_ns first = boot_now() + 200 * MS;
    for (uint32_t i = 0; i < PLAYS; i++) {
        struct rw_wire_message message = {
            .type = RW_WIRE_PLAY,
            .play = {.cue = i + 1,
                     .epoch = 1 + i / 20,
                     .bus = i % RW_WIRE_BUSES,
                     .at = first + i * 30 * MS,
                     .not_after = RW_NS_NEVER,
                     .frames = 2000 + 3000 * (i % CLIPS) + 1500,
                     .part_count = 2},
        };
        message.play.parts[0].clip = message.play.parts[1].clip = i % CLIPS;
        message.play.parts[1].offset = 1500;
        tell(engine, message);
    }
}

static void the_callback_does_nothing_that_may_wait(void **state)
{
    struct engine engine;
    struct rw_wire_message message;
    char text[256];
    unsigned started = 0, over = 0;
    bool has_music = false;
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* they have a malloc of their own, which must come first */
#endif

    engine_start(&engine, NULL);
    while (over < PLAYS && hear(&engine, &message)) {
        if (message.type == RW_WIRE_READY) {
            accompany(&engine);
            keep_busy(&engine);
        } else if (message.type == RW_WIRE_MUSIC_EVENT) {
            has_music = has_music || message.music_event.what == RW_WIRE_MUSIC_BEGUN;
        } else if (message.type == RW_WIRE_REPORT && message.report.outcome >= RW_WIRE_ENDED) {
            over++;
        } else if (message.type == RW_WIRE_REPORT && ++started % 8 == 0) {
            tell(&engine,
                 (struct rw_wire_message){.type = RW_WIRE_GAIN, .gain = {started % 4, -6.0f}});
        }
        if (started == 12) {
            tell(&engine, (struct rw_wire_message){.type = RW_WIRE_CANCEL, .epoch = 1});
        }
    }
    int ended_by = engine_end(&engine, text);
    if (ended_by != 0 || over != PLAYS) {
        fail_msg("signal %d, %u of %d plays: %s", ended_by, over, PLAYS, text);
    }
    assert_true(started > PLAYS / 2);
    assert_true(has_music);
}

static void what_a_callback_does_wrong_is_noticed(void **state)
{
    static const struct {
        const char *fault, *told;
    } cases[] = {
        {"malloc", "malloc was called"},
        {"lock", "pthread_mutex_lock was called"},
        {"write", "write was called"},
        {"call", "system call"},
    };
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif

    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct engine engine;
        struct rw_wire_message message;
        char text[256];
        engine_start(&engine, cases[i].fault);
        while (hear(&engine, &message)) {
        }
        assert_int_equal(engine_end(&engine, text), SIGABRT);
        assert_non_null(strstr(text, cases[i].told));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_callback_does_wrong_is_noticed),
        cmocka_unit_test(the_callback_does_nothing_that_may_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
