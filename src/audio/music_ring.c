#include "music_ring.h"

#include <string.h>

/* Whether so much is there that COUNT frames and a ramp after them can be played. */
static RW_REALTIME bool keeps_up(struct rw_music_ring *ring, uint64_t there, uint32_t count)
{
    if (ring->flowing && there < count + MUSIC_RAMP) {
        ring->flowing = false;
        if (atomic_load_explicit(&ring->decoding, memory_order_relaxed)) {
            uint32_t underruns = atomic_load_explicit(&ring->underruns, memory_order_relaxed);
            atomic_store_explicit(&ring->underruns, underruns + 1, memory_order_relaxed);
        }
    } else if (!ring->flowing && there >= MUSIC_AHEAD) {
        ring->flowing = true;
    }
    return ring->flowing;
}

static RW_REALTIME void deinterleave(const float *restrict frames, size_t count,
                                     float *restrict left, float *restrict right)
{
    for (size_t i = 0; i < count; i++) {
        left[i] = frames[2 * i];
        right[i] = frames[2 * i + 1];
    }
}

/* Copies COUNT frames from frame FROM on, without the ramp. */
static RW_REALTIME void copy(const struct rw_music_ring *ring, uint64_t from, uint32_t count,
                             float *restrict left, float *restrict right)
{
    size_t at = from % MUSIC_RING_FRAMES, room = MUSIC_RING_FRAMES - at;
    size_t first = count < room ? count : room; /* the rest is at the ring's beginning */

    deinterleave(ring->frames + RW_CHANNELS * at, first, left, right);
    deinterleave(ring->frames, count - first, left + first, right + first);
}

/* Ramps towards playing or resting; returns how many frames sound until it rests. */
static RW_REALTIME uint32_t ramp(struct rw_music_ring *ring, bool plays, uint32_t count,
                                 float *restrict left, float *restrict right)
{
    const uint32_t length = MUSIC_RAMP;
    uint32_t i = 0;

    for (; i < count && (plays ? ring->level < MUSIC_RAMP : ring->level > 0); i++) {
        ring->level += plays ? 1 : UINT32_MAX;
        float gain = (float)ring->level / (float)length;
        left[i] *= gain;
        right[i] *= gain;
    }
    if (plays) {
        return count;
    }
    memset(left + i, 0, (count - i) * sizeof(*left));
    memset(right + i, 0, (count - i) * sizeof(*right));
    return i;
}

RW_REALTIME bool rw_music_ring_pull(struct rw_music_ring *ring, uint32_t count,
                                    float *restrict left, float *restrict right)
{
    uint64_t pushed = atomic_load_explicit(&ring->pushed, memory_order_acquire);
    uint64_t passed = atomic_load_explicit(&ring->passed, memory_order_relaxed);
    uint64_t popped = atomic_load_explicit(&ring->popped, memory_order_relaxed);

    if (ring->level == 0 && popped < passed) {
        popped = passed;
        ring->flowing = false; /* it begins anew, which is no underrun */
        atomic_store_explicit(&ring->popped, popped, memory_order_release);
    }
    /* What is passed over was pushed before, but perhaps seen later. */
    uint64_t there = pushed > popped ? pushed - popped : 0;
    bool plays = keeps_up(ring, there, count) && popped >= passed &&
                 atomic_load_explicit(&ring->playing, memory_order_relaxed);
    if (!plays && ring->level == 0) {
        return false;
    }
    uint32_t copied = count < there ? count : (uint32_t)there;
    copy(ring, popped, copied, left, right);
    memset(left + copied, 0, (count - copied) * sizeof(*left));
    memset(right + copied, 0, (count - copied) * sizeof(*right));
    uint32_t sounded = ramp(ring, plays, count, left, right);
    sounded = sounded < copied ? sounded : copied;
    atomic_store_explicit(&ring->popped, popped + sounded, memory_order_release);
    return true;
}
