/*
 * A stereo look-ahead limiter: delays the sound by RW_LIMITER_DELAY frames and turns it
 * down before a peak comes, so that the true peak stays at -1 dBTP. What stays below
 * passes unchanged, bit for bit. All of it runs on the audio thread.
 */
#ifndef RUNWALK_SRC_AUDIO_LIMITER_H
#define RUNWALK_SRC_AUDIO_LIMITER_H

#include "runwalk/base.h"

#include <stdbool.h>

#define RW_LIMITER_DELAY (RW_RATE / 200) /* 5 ms */
#define RW_LIMITER_PIECE 256u            /* most frames a call */

/* The gain is averaged over the delay less the interpolator's width: see limiter.c. */
#define RW_LIMITER_AVERAGE 228u
/* The least gain needed is remembered by spans of so many frames, for so many spans. */
#define RW_LIMITER_SPAN  16u
#define RW_LIMITER_SPANS 16u

struct rw_limiter {
    float left[RW_LIMITER_DELAY + RW_LIMITER_PIECE]; /* the delay line, oldest first */
    float right[RW_LIMITER_DELAY + RW_LIMITER_PIECE];
    uint32_t silent; /* frames of silence at the end of the line, at most RW_LIMITER_DELAY */
    uint32_t clock;  /* frames seen; wraps; only its place within the spans matters */

    bool resting;                         /* nothing below has an influence any more */
    float lowest;                         /* gain needed in the span that is not over */
    float spans[RW_LIMITER_SPANS];        /* gain needed in the spans before */
    float held;                           /* the least of them */
    float envelope;                       /* falls at once, rises slowly */
    uint32_t sum;                         /* of `average`; an integer, so that it stays exact */
    uint32_t oldest;                      /* in `average` */
    uint32_t average[RW_LIMITER_AVERAGE]; /* the latest envelopes in units of 2^-24 */
};

void rw_limiter_init(struct rw_limiter *limiter);

/*
 * Takes COUNT frames (at most RW_LIMITER_PIECE) and writes COUNT delayed ones to OUT, interleaved.
 * LEFT and RIGHT may both be NULL: silence.
 */
RW_REALTIME void rw_limiter_process(struct rw_limiter *limiter, const float *left,
                                    const float *right, uint32_t count, float *restrict out);

#endif
