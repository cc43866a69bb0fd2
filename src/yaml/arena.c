#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

/* Large enough that a big file costs few blocks, small enough that a small one costs little. */
#define BLOCK_SIZE ((size_t)16 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static int block_add(struct arena *arena, size_t size)
{
    struct arena_block *block = calloc(1, sizeof *block + size);
    if (!block) {
        return 0;
    }
    block->older = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->left = size;
    return 1;
}

void *rw_yaml_arena_allocate(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = size ? (size + unit - 1) / unit * unit : unit;
    if (size > arena->left && !block_add(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE)) {
        return NULL;
    }
    void *memory = arena->blocks->bytes + arena->blocks->size - arena->left;
    arena->left -= size;
    return memory;
}

void rw_yaml_arena_finish(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->older;
        free(block);
    }
    arena->left = 0;
}
