#include "runwalk/audio/ring.h"

#include <assert.h>
#include <string.h>

void rw_ring_init(struct rw_ring *ring, void *storage, size_t message_size, uint32_t capacity)
{
    assert(capacity > 0 && capacity <= UINT32_C(1) << 31 && (capacity & (capacity - 1)) == 0);
    ring->storage = storage;
    ring->message_size = message_size;
    ring->mask = capacity - 1;
    atomic_init(&ring->pushed, 0);
    atomic_init(&ring->popped, 0);
}

static RW_REALTIME unsigned char *ring_slot(const struct rw_ring *ring, uint32_t count)
{
    return ring->storage + (count & ring->mask) * ring->message_size;
}

RW_REALTIME bool rw_ring_push(struct rw_ring *ring, const void *message)
{
    uint32_t pushed = atomic_load_explicit(&ring->pushed, memory_order_relaxed);
    uint32_t popped = atomic_load_explicit(&ring->popped, memory_order_acquire);

    if (pushed - popped > ring->mask)
        return false;
    memcpy(ring_slot(ring, pushed), message, ring->message_size);
    atomic_store_explicit(&ring->pushed, pushed + 1, memory_order_release);
    return true;
}

RW_REALTIME bool rw_ring_pop(struct rw_ring *ring, void *ret_message)
{
    uint32_t popped = atomic_load_explicit(&ring->popped, memory_order_relaxed);
    uint32_t pushed = atomic_load_explicit(&ring->pushed, memory_order_acquire);

    if (pushed == popped)
        return false;
    memcpy(ret_message, ring_slot(ring, popped), ring->message_size);
    atomic_store_explicit(&ring->popped, popped + 1, memory_order_release);
    return true;
}
