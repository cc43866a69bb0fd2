/* The null output: a thread that asks for sound at the pace of the clock, and drops it. */
#include "output_body.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BLOCK_MAX   4800u /* 100 ms: how long closing may take */
#define BLOCK_USUAL 480u
/* What a device holds at least, so that a thread woken a little late is no underrun. */
#define LATENCY_MIN (20 * RW_NS_PER_MS)

struct null_output {
    struct rw_output output;
    pthread_t thread;
    bool started;
    atomic_bool quit; /* written by who closes; relaxed: no data comes with it */
    float block[2 * BLOCK_MAX];
};

static rw_ns frames_to_ns(rw_frame frames)
{
    /* Exact up to the nanosecond: 10^9 / 48000 = 62500 / 3. */
    _Static_assert(RW_NS_PER_SECOND * 3 == INT64_C(62500) * RW_RATE, "the rate has changed");
    return (rw_ns)(frames * 62500u / 3u);
}

static void sleep_until(rw_ns moment)
{
    const struct timespec due = {.tv_sec = moment / RW_NS_PER_SECOND,
                                 .tv_nsec = moment % RW_NS_PER_SECOND};

    while (clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &due, NULL) == EINTR) {
        ;
    }
}

static void *run(void *context)
{
    struct null_output *null = context;
    struct rw_output *output = &null->output;
    uint32_t count = output->config.block_frames;
    rw_ns origin = rw_output_now();

    for (rw_frame first = 0; !atomic_load_explicit(&null->quit, memory_order_relaxed);
         first += count) {
        rw_ns due = origin + frames_to_ns(first);
        sleep_until(due);
        rw_ns late = rw_output_now() - due;
        /* As a device would: what was not there in time is a gap, not a burst afterwards. */
        if (late > output->latency) {
            atomic_fetch_add_explicit(&output->underruns, 1, memory_order_relaxed);
            origin += late;
            due += late;
        }
        output->config.render(output->config.context, null->block, count, first,
                              due + output->latency);
    }
    return NULL;
}

static enum rw_status null_start(struct rw_output *output)
{
    struct null_output *null = (struct null_output *)output;

    if (pthread_create(&null->thread, NULL, run, null) != 0) {
        return RW_EIO;
    }
    null->started = true;
    return RW_OK;
}

static void null_close(struct rw_output *output)
{
    struct null_output *null = (struct null_output *)output;

    if (null->started) {
        atomic_store_explicit(&null->quit, true, memory_order_relaxed);
        pthread_join(null->thread, NULL);
    }
    free(null);
}

static bool null_is_active(const struct rw_output *output)
{
    return ((const struct null_output *)output)->started;
}

enum rw_status rw_output_open_null(const struct rw_output_config *config,
                                   struct rw_output **ret_output)
{
    static const struct rw_output_body body = {null_start, null_close, null_is_active};
    struct null_output *null = calloc(1, sizeof(*null));

    if (null == NULL) {
        return RW_EMEMORY;
    }
    null->output.body = &body;
    null->output.config = *config;
    null->output.config.device = NULL;
    if (config->block_frames == 0) {
        null->output.config.block_frames = BLOCK_USUAL;
    } else if (config->block_frames > BLOCK_MAX) {
        null->output.config.block_frames = BLOCK_MAX;
    }
    null->output.latency = config->latency_ms * RW_NS_PER_MS;
    if (null->output.latency < LATENCY_MIN) {
        null->output.latency = LATENCY_MIN;
    }
    snprintf(null->output.name, sizeof(null->output.name), "null");
    *ret_output = &null->output;
    return RW_OK;
}
