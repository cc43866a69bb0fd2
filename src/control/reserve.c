#include "reserve.h"

#include <jansson.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* More than jansson needs at once for any request that people and programs send. */
#define RESERVE_SIZE (128u * 1024)

/*
 * Blocks are cut off one after the other; when all have been given back it is whole again. The
 * allocation functions of jansson have no context, so this has no other place to be.
 */
static struct {
    alignas(max_align_t) unsigned char bytes[RESERVE_SIZE];
    size_t used;
    size_t blocks;
} reserve;

static void *reserve_take(size_t size)
{
    size_t aligned = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (aligned < size || aligned > RESERVE_SIZE - reserve.used) {
        return NULL;
    }
    void *block = reserve.bytes + reserve.used;
    reserve.used += aligned;
    reserve.blocks++;
    return block;
}

static void *block_allocate(size_t size)
{
    void *block = malloc(size);
    return block ? block : reserve_take(size);
}

static void block_free(void *block)
{
    uintptr_t address = (uintptr_t)block, begin = (uintptr_t)reserve.bytes;
    bool is_reserve = address >= begin && address < begin + RESERVE_SIZE;
    if (!is_reserve) {
        free(block);
    } else if (--reserve.blocks == 0) {
        reserve.used = 0;
    }
}

void rw_json_reserve(void)
{
    json_set_alloc_funcs(block_allocate, block_free);
}
