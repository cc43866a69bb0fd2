/*
 * The real daemon in this process: its loop, its control socket, its coach and its voice. Only
 * the outermost things are replaced, at link time: the clock is set by hand, and in the place of
 * the player, which would start the engine, stands one that notes what it is told to play and
 * reports what became of it. Allocations and system calls can be made to fail.
 */
#ifndef TESTS_FAULTS_BENCH_H
#define TESTS_FAULTS_BENCH_H

#include "runwalk/coach/sink.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct bench_client; /* a connection to the control socket */

/*
 * Makes private directories, with `profile` among the profiles, and runs rw_daemon_run in them;
 * DRIVE is called when the daemon is ready, and when it returns the daemon is asked to end.
 * Returns the daemon's exit code; DRIVE is not called when the daemon did not come up.
 */
int bench_run(const char *profile, void (*drive)(void *context), void *context);

/* What stands in config.yaml of the next bench_run; without it, that there is no speech engine. */
void bench_configure(const char *text);

/* ---- time ---- */

rw_ns bench_now(void);
/* The clock goes to NOW + SPAN, stopping wherever the daemon or the player has something to do. */
void bench_advance(rw_ns span);
/* The clock jumps by SPAN and the daemon learns of it afterwards: a suspend, or a stopped process.
 */
void bench_jump(rw_ns span);
/* The wall clock (CLOCK_REALTIME) is set by SPAN; the boot clock goes on as it did. */
void bench_step_wall(rw_ns span);
/* Turns the loop until nothing is left to do at the present moment. */
void bench_turn(void);
/* For what does not go by the daemon's clock: lets MS of real time pass, and turns the loop. */
void bench_wait(unsigned ms);
/* Waits until no worker of the daemon's has anything to do. */
void bench_settle(void);

/* ---- sound ---- */

/* The output is lost, or found again. */
void bench_sound(bool is_there);

/* What the player saw since the start of the program. */
struct bench_sound_count {
    uint64_t plays, ended, cut, dropped, late;
    rw_ns worst; /* how long after it was due a cue was handed over at the latest */
};
struct bench_sound_count bench_sound_count(void);
/* What has been heard that the daemon must never do; "" while all is well. */
const char *bench_sound_wrong(void);
/* A copy of the last play handed over. */
struct rw_play bench_last_play(void);

/* ---- clients ---- */

/* NULL when the daemon refuses. Closed by bench_close. */
struct bench_client *bench_connect(void);
void bench_close(struct bench_client *client);
/* Sends bytes as they are; false when the connection is gone. */
bool bench_send(struct bench_client *client, const void *bytes, size_t size);
/* The next line that has come, without its newline, or NULL; valid until the next call. */
const char *bench_line(struct bench_client *client);
/*
 * Calls METHOD with PARAMS (JSON text or NULL). Returns the result, or NULL when it was refused
 * or the connection is gone; passes over events.
 */
json_t *bench_call(struct bench_client *client, const char *method, const char *params);
/* The same on a connection of its own; true when it was answered with a result. */
bool bench_ask(const char *method, const char *params);

/* ---- faults ---- */

/* The N-th allocation from now on fails (0: the next); negative: none does. */
void bench_fail_allocation(long n);
/* How many allocations there have been since bench_fail_allocation. */
long bench_allocations(void);
/*
 * Between the two nothing fails or is counted, on this thread; what the first returns goes to the
 * second.
 */
long bench_pause_faults(void);
void bench_resume_faults(long paused);
/* The same on every thread, workers included; settle before it is let go. */
void bench_hold_faults(bool held);

enum bench_call_kind {
    BENCH_READ,
    BENCH_WRITE,
    BENCH_FSYNC,
    BENCH_OPEN,
    BENCH_ACCEPT,
    BENCH_RECV,
    BENCH_SEND,
    BENCH_SPAWN,
};
#define BENCH_CALLS 8
const char *bench_call_name(enum bench_call_kind kind);
/* The N-th call of KIND from now on fails with ERROR; COUNT of them in a row. */
void bench_fail_call(enum bench_call_kind kind, long n, long count, int error);
/* How many calls of KIND there have been since then. */
long bench_calls(enum bench_call_kind kind);

/* ---- what must not grow ---- */

size_t bench_memory(void); /* bytes allocated */
unsigned bench_descriptors(void);

#endif
