/* Small helpers of the audio tests: clips made by hand, a random number anyone can repeat. */
#ifndef RUNWALK_TESTS_AUDIO_SOUND_H
#define RUNWALK_TESTS_AUDIO_SOUND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runwalk/audio/clip.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

static inline struct rw_clip *clip_create(uint32_t frames, uint32_t channels)
{
    struct rw_clip *clip =
        calloc(1, sizeof(*clip) + (size_t)frames * channels * sizeof(clip->samples[0]));
    assert_non_null(clip);
    clip->frames = frames;
    clip->channels = channels;
    return clip;
}

static inline struct rw_clip *impulse_create(uint32_t frames, float height)
{
    struct rw_clip *clip = clip_create(frames, 1);
    clip->samples[0] = height;
    return clip;
}

static inline struct rw_clip *sine_create(uint32_t frames, uint32_t channels, double hertz,
                                          double height)
{
    struct rw_clip *clip = clip_create(frames, channels);
    for (uint32_t i = 0; i < frames; i++) {
        for (uint32_t c = 0; c < channels; c++) {
            clip->samples[i * channels + c] =
                (float)(height * sin(2.0 * PI * hertz * (i + 0.37 * c) / RW_RATE));
        }
    }
    return clip;
}

/* xorshift32: the same sequence everywhere. SEED is not 0. */
static inline uint32_t random_next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static inline float random_sample(uint32_t *seed, float height)
{
    return height * ((float)random_next(seed) / 2147483648.0f - 1.0f);
}

static inline struct rw_clip *noise_create(uint32_t frames, uint32_t channels, float height,
                                           uint32_t seed)
{
    struct rw_clip *clip = clip_create(frames, channels);
    for (uint32_t i = 0; i < frames * channels; i++) {
        clip->samples[i] = random_sample(&seed, height);
    }
    return clip;
}

#endif
