/*
 * Nothing reachable from rw_mixer_process allocates, locks, logs or makes a system call. The
 * functions named below are replaced at link time (see CMakeLists.txt) by ones that note when they
 * are called from within; and a child process lets the kernel kill it at the first system call.
 */
#include "sound.h"

#include "runwalk/audio/mixer.h"

#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Volatile, for a compiler knows that the real malloc looks at neither. */
static volatile bool inside;
static const char *volatile called;

static void note(const char *name)
{
    if (inside) {
        called = name;
    }
}

#define REPLACE(type, name, parameters, ...)                                                       \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        note(#name);                                                                               \
        return __real_##name(__VA_ARGS__);                                                         \
    }

REPLACE(void *, malloc, (size_t size), size)
REPLACE(void *, calloc, (size_t count, size_t size), count, size)
REPLACE(void *, realloc, (void *memory, size_t size), memory, size)
REPLACE(void, free, (void *memory), memory)
REPLACE(int, pthread_mutex_lock, (pthread_mutex_t * mutex), mutex)
REPLACE(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), mutex)
REPLACE(int, pthread_cond_signal, (pthread_cond_t * condition), condition)
REPLACE(ssize_t, read, (int descriptor, void *bytes, size_t count), descriptor, bytes, count)
REPLACE(ssize_t, write, (int descriptor, const void *bytes, size_t count), descriptor, bytes, count)
REPLACE(int, clock_gettime, (clockid_t clock, struct timespec *now), clock, now)

/* All that a mixer can be doing at once: voices, clicks, fades, ramps, dither, the limiter at work.
 */
static void busy_stream(struct rw_mixer *mixer, const struct rw_clip *clip, uint32_t blocks)
{
    static float out[2 * 700];
    struct rw_mixer_report report;
    uint32_t seed = 5;

    for (uint32_t block = 0; block < blocks; block++) {
        struct rw_mixer_play play = {.cue = block,
                                     .epoch = block / 10,
                                     .bus = block % RW_MIXER_BUSES,
                                     .start = rw_mixer_earliest(mixer) + random_next(&seed) % 300,
                                     .gain_left = 1.0f,
                                     .gain_right = 0.8f,
                                     .part_count = 1,
                                     .parts = {{.clip = clip}}};
        if (rw_mixer_play(mixer, &play) == RW_EFULL) {
            rw_mixer_cancel(mixer, play.epoch);
        }
        if (block % 10 == 9) {
            rw_mixer_cancel(mixer, block / 10 - 1);
        }
        struct rw_mixer_click click = {rw_mixer_earliest(mixer) + 50, block / 10, 0.5f};
        if (rw_mixer_click(mixer, &click) == RW_EINVALID) {
            called = "a click that was refused";
        }
        if (block % 16 == 0 && rw_mixer_forget_clicks(mixer, click.frame) == RW_EINVALID) {
            called = "clicks that are not forgotten";
        }
        rw_mixer_set_dither(mixer, block % 3 == 0);
        if (rw_mixer_set_gain(mixer, block % RW_MIXER_BUSES, -(float)(block % 7)) != RW_OK) {
            called = "a gain that was refused";
        }
        inside = true;
        rw_mixer_process(mixer, out, 1 + random_next(&seed) % 700);
        inside = false;
        while (rw_mixer_report(mixer, &report)) {
            ;
        }
    }
}

static void the_mixer_calls_nothing_that_may_wait(void **state)
{
    (void)state;
    struct rw_clip *clip = noise_create(9000, 2, 0.7f, 9);
    struct rw_mixer *mixer;

    assert_int_equal(rw_mixer_create(&mixer), RW_OK);
    called = NULL;
    busy_stream(mixer, clip, 500);
    if (called != NULL) {
        fail_msg("%s was called on the audio thread", called);
    }
    rw_mixer_destroy(mixer);
    free(clip);
}

static void the_replacements_notice(void **state)
{
    (void)state;
    void *volatile memory; /* or the compiler leaves both calls out */

    called = NULL;
    inside = true;
    memory = malloc(1);
    inside = false;
    assert_string_equal(called, "malloc");
    free(memory);
}

static void the_kernel_sees_nothing_of_the_mixer(void **state)
{
    (void)state;
#if defined(__SANITIZE_THREAD__)
    skip(); /* its own run-time library makes system calls */
#endif
    struct rw_clip *clip = noise_create(9000, 2, 0.7f, 9);
    struct rw_mixer *mixer;
    int status;

    assert_int_equal(rw_mixer_create(&mixer), RW_OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* From here on only read, write, exit and sigreturn: anything else is SIGKILL. */
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) {
            _exit(77);
        }
        busy_stream(mixer, clip, 500);
        syscall(SYS_exit, called == NULL ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    rw_mixer_destroy(mixer);
    free(clip);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        skip(); /* a kernel without seccomp */
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_replacements_notice),
        cmocka_unit_test(the_mixer_calls_nothing_that_may_wait),
        cmocka_unit_test(the_kernel_sees_nothing_of_the_mixer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
