/* A simulated device, with all that a sound server and a busy machine do to what a clock is told.
 */
#ifndef TESTS_ENGINE_DEVICE_H
#define TESTS_ENGINE_DEVICE_H

#include "clock.h"

#include <math.h>

#define START (INT64_C(86400) * RW_NS_PER_SECOND) /* of boot time: up for a day */

#define DELAY (100 * RW_NS_PER_MS) /* what the device holds after a callback */

/* A device that plays at RATE_PPM off, tells its delay badly, on a busy machine. */
struct device {
    double rate_ppm;
    double noise_ns;  /* rms, of what it tells */
    double wander_ns; /* a slow wave in what it tells */
    double busy_ns;   /* callbacks are late by this, on average */
    double late_ns;   /* and by this, all of them */
    double bias_ns;   /* of all that it tells */
    rw_ns shift;      /* what underruns have added so far */
    rw_ns delay;      /* beyond DELAY */
    uint32_t block;
    uint64_t random;
    rw_frame frame;
};

static inline double next_uniform(struct device *device)
{
    device->random = device->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(device->random >> 11) / (double)(UINT64_C(1) << 53);
}

/* Roughly normal, variance 1. */
static inline double next_normal(struct device *device)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        sum += next_uniform(device);
    }
    return sum - 6;
}

static inline rw_ns true_time(const struct device *device, rw_frame frame)
{
    double ns = (double)frame * 1e9 / RW_RATE * (1 + device->rate_ppm * 1e-6);
    return START + device->shift + device->delay + llround(ns);
}

static inline struct observation next_callback(struct device *device)
{
    rw_frame frame = device->frame, end = frame + device->block;
    double late = -log(1 - next_uniform(device)) * device->busy_ns;
    double wave = device->wander_ns * sin((double)frame / RW_RATE * 1.3 + (double)device->random);
    double error = device->noise_ns * next_normal(device) + wave;

    device->frame = end;
    return (struct observation){
        .frame = frame,
        .frames = device->block,
        .taken = true_time(device, end) - DELAY - device->delay + llround(late + device->late_ns),
        .heard = true_time(device, frame) + llround(error + device->bias_ns),
    };
}

#endif
