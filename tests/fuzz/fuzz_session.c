/*
 * Any bytes as what a client sends to the real daemon, which lives on from one input to the next.
 * Between the lines of the protocol, lines that begin with @ move the world: @TIME lets so many
 * milliseconds pass, @jTIME does so behind the daemon's back, @s and @S take the sound away and
 * bring it back, @c connects anew.
 */
#include "fuzz.h"

#include "bench.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPAN_MAX_MS 600000

static const char profile[] = "name: Fuzzed\n"
                              "steps:\n"
                              "  - warmup: 6s\n"
                              "  - repeat: 3\n"
                              "    steps:\n"
                              "      - run: 12s\n"
                              "        say: Warm up.\n"
                              "      - walk: 4s\n"
                              "  - cooldown: 6s\n";

/* The daemon runs on a thread of its own, and only while the fuzzer waits. */
static struct {
    pthread_t thread;
    sem_t given, taken;
    const uint8_t *data; /* NULL: the end */
    size_t size;
} turn;

/* The fuzzer's own alarm must not end the wait. */
static void turn_wait(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0) {
    }
}

static void span_pass(const char *text)
{
    bool jumps = *text == 'j';
    long ms = strtol(text + jumps, NULL, 10);
    rw_ns span = (ms < 0 ? 0 : ms > SPAN_MAX_MS ? SPAN_MAX_MS : ms) * RW_NS_PER_MS;
    if (jumps) {
        bench_jump(span);
    } else {
        bench_advance(span);
    }
}

static void world_move(const char *line, size_t size, struct bench_client **client)
{
    char text[16] = "";
    memcpy(text, line, size < sizeof text - 1 ? size : sizeof text - 1);
    switch (text[0]) {
    case 's':
        bench_sound(false);
        break;
    case 'S':
        bench_sound(true);
        break;
    case 'c':
        bench_close(*client);
        *client = bench_connect();
        break;
    default:
        span_pass(text);
        break;
    }
}

static void input_take(const char *line, size_t size)
{
    struct bench_client *client = bench_connect();
    while (size > 0) {
        const char *end = memchr(line, '\n', size);
        size_t length = end ? (size_t)(end - line) + 1 : size;
        if (*line == '@') {
            world_move(line + 1, length - 1, &client);
        } else if (client && !bench_send(client, line, length)) {
            bench_close(client);
            client = bench_connect();
        }
        size -= length;
        line += length;
    }
    bench_turn();
    while (client && bench_line(client)) {
    }
    bench_close(client);
    bench_sound(true);
    /* Where nothing was chosen there is nothing to stop. */
    bench_ask("session.stop", NULL);
    bench_advance(10 * RW_NS_PER_SECOND);
}

static void inputs_take(void *context)
{
    (void)context;
    for (;;) {
        turn_wait(&turn.given);
        if (!turn.data) {
            return;
        }
        input_take((const char *)turn.data, turn.size);
        if (!bench_ask("session.status", NULL)) {
            fputs("the daemon does not answer\n", stderr);
            abort();
        }
        if (bench_sound_wrong()[0]) {
            fprintf(stderr, "%s\n", bench_sound_wrong());
            abort();
        }
        sem_post(&turn.taken);
    }
}

static void *daemon_run(void *context)
{
    (void)context;
    if (bench_run(profile, inputs_take, NULL) != 0) {
        abort();
    }
    return NULL;
}

static void daemon_end(void)
{
    turn.data = NULL;
    sem_post(&turn.given);
    pthread_join(turn.thread, NULL);
}

static void daemon_start(void)
{
    if (sem_init(&turn.given, 0, 0) != 0 || sem_init(&turn.taken, 0, 0) != 0 ||
        pthread_create(&turn.thread, NULL, daemon_run, NULL) != 0) {
        abort();
    }
    atexit(daemon_end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_on;
    if (!is_on) {
        daemon_start();
        is_on = true;
    }
    turn.data = data;
    turn.size = size;
    sem_post(&turn.given);
    turn_wait(&turn.taken);
    return 0;
}
