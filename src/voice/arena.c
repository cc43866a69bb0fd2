#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES (16 * 1024)

struct arena_block {
    struct arena_block *before;
    size_t used, size;
    alignas(max_align_t) char bytes[];
};

void *rw_arena_allocate(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = (size + align - 1) / align * align;
    if (!arena->last || arena->last->size - arena->last->used < size) {
        size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        struct arena_block *block = calloc(1, sizeof *block + bytes);
        if (!block) {
            return NULL;
        }
        block->before = arena->last;
        block->size = bytes;
        arena->last = block;
    }
    void *memory = arena->last->bytes + arena->last->used;
    arena->last->used += size;
    return memory;
}

char *rw_arena_copy(struct arena *arena, const char *text, size_t size)
{
    char *copy = rw_arena_allocate(arena, size + 1);
    if (copy) {
        memcpy(copy, text, size);
    }
    return copy;
}

void rw_arena_finish(struct arena *arena)
{
    while (arena->last) {
        struct arena_block *block = arena->last;
        arena->last = block->before;
        free(block);
    }
}
