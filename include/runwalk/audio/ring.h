/*
 * A lock-free ring of fixed-size messages between one producer thread and one consumer
 * thread. It neither waits nor allocates: a full ring refuses, and the storage is the
 * caller's. Not for more than one thread on either side.
 */
#ifndef RUNWALK_AUDIO_RING_H
#define RUNWALK_AUDIO_RING_H

#include "runwalk/base.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define RW_CACHE_LINE 64

struct rw_ring {
    /* Set by rw_ring_init, constant afterwards. */
    unsigned char *storage;
    size_t message_size;
    uint32_t mask;

    /*
     * Counts of messages ever pushed and popped; they wrap. Each has one writer, which
     * stores with release; the other side loads with acquire, so that a message is whole
     * when it is seen and is read before its slot is used again.
     */
    _Alignas(RW_CACHE_LINE) atomic_uint_least32_t pushed; /* written by the producer */
    _Alignas(RW_CACHE_LINE) atomic_uint_least32_t popped; /* written by the consumer */
};

/*
 * STORAGE holds CAPACITY messages of MESSAGE_SIZE bytes, is aligned for them, and outlives
 * the ring. CAPACITY is a power of two, at most 2^31. Before the threads start.
 */
static inline void rw_ring_init(struct rw_ring *ring, void *storage, size_t message_size,
                                uint32_t capacity)
{
    assert(capacity > 0 && capacity <= UINT32_C(1) << 31 && (capacity & (capacity - 1)) == 0);
    ring->storage = (unsigned char *)storage;
    ring->message_size = message_size;
    ring->mask = capacity - 1;
    atomic_init(&ring->pushed, 0);
    atomic_init(&ring->popped, 0);
}

/* Producer. Copies the message in; false, and nothing happens, when the ring is full. */
RW_REALTIME bool rw_ring_push(struct rw_ring *ring, const void *message);

/* Consumer. Takes the oldest message; false, and ret_message untouched, when there is none. */
RW_REALTIME bool rw_ring_pop(struct rw_ring *ring, void *ret_message);

#endif
