#include "runwalk/audio/ring.h"

#include <string.h>

static RW_REALTIME unsigned char *ring_slot(const struct rw_ring *ring, uint32_t count)
{
    return ring->storage + (count & ring->mask) * ring->message_size;
}

RW_REALTIME bool rw_ring_push(struct rw_ring *ring, const void *message)
{
    uint32_t pushed = atomic_load_explicit(&ring->pushed, memory_order_relaxed);
    uint32_t popped = atomic_load_explicit(&ring->popped, memory_order_acquire);

    if (pushed - popped > ring->mask) {
        return false;
    }
    memcpy(ring_slot(ring, pushed), message, ring->message_size);
    atomic_store_explicit(&ring->pushed, pushed + 1, memory_order_release);
    return true;
}

RW_REALTIME bool rw_ring_pop(struct rw_ring *ring, void *ret_message)
{
    uint32_t popped = atomic_load_explicit(&ring->popped, memory_order_relaxed);
    uint32_t pushed = atomic_load_explicit(&ring->pushed, memory_order_acquire);

    if (pushed == popped) {
        return false;
    }
    memcpy(ret_message, ring_slot(ring, popped), ring->message_size);
    atomic_store_explicit(&ring->popped, popped + 1, memory_order_release);
    return true;
}
