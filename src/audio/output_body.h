/*
 * What every real-time output is made of: the part that all share, and its four functions.
 */
#ifndef RUNWALK_SRC_AUDIO_OUTPUT_BODY_H
#define RUNWALK_SRC_AUDIO_OUTPUT_BODY_H

#include "runwalk/audio/output.h"

#include <stdatomic.h>

struct rw_output_body {
    enum rw_status (*start)(struct rw_output *output);
    void (*close)(struct rw_output *output);
    bool (*is_active)(const struct rw_output *output);
};

/* The first member of each output. */
struct rw_output {
    const struct rw_output_body *body;
    struct rw_output_config config; /* `device` is not kept */
    char name[128];
    rw_ns latency;
    atomic_uint_least32_t underruns; /* written by the audio thread, relaxed: a mere count */
};

/* CLOCK_BOOTTIME. */
RW_REALTIME rw_ns rw_output_now(void);

#endif
