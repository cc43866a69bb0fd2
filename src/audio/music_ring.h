/*
 * The ring between the music's decoder and the audio thread, and the audio thread's half of the
 * music: going on and resting by a ramp, silence when the decoder does not keep up.
 */
#ifndef RUNWALK_SRC_AUDIO_MUSIC_RING_H
#define RUNWALK_SRC_AUDIO_MUSIC_RING_H

#include "runwalk/audio/ring.h"
#include "runwalk/base.h"

#define MUSIC_RING_FRAMES (UINT32_C(1) << 17) /* 2.7 s */
#define MUSIC_RAMP        (RW_RATE / 100)     /* 10 ms: going on, resting */
#define MUSIC_PIECE       256u                /* most frames a call */
/* So much must be there before the music goes on after it ran dry, or begins. */
#define MUSIC_AHEAD (RW_RATE / 5)

struct rw_music_ring {
    /* Counts of frames. Written by the decoder, with release. */
    _Alignas(RW_CACHE_LINE) _Atomic uint64_t pushed;
    _Atomic uint64_t passed; /* what comes before is to fade and to be passed over */
    atomic_bool decoding;    /* more is to come by itself */
    /* Written by the message thread, relaxed. */
    atomic_bool playing;
    /* Written by the audio thread: with release, and relaxed. */
    _Alignas(RW_CACHE_LINE) _Atomic uint64_t popped;
    _Atomic uint32_t underruns;

    /* Audio thread only. */
    bool flowing;   /* the decoder keeps up */
    uint32_t level; /* 0: rests; MUSIC_RAMP: plays */

    float frames[RW_CHANNELS * MUSIC_RING_FRAMES]; /* interleaved */
};

/*
 * Audio thread. Writes the next COUNT frames (at most MUSIC_PIECE) to LEFT and RIGHT; false, and
 * nothing is written: it rests.
 */
RW_REALTIME bool rw_music_ring_pull(struct rw_music_ring *ring, uint32_t count,
                                    float *restrict left, float *restrict right);

#endif
