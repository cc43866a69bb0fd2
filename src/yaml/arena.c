#include "arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Large enough that a big file costs few blocks, small enough that a small one costs little. */
#define BLOCK_SIZE ((size_t)16 * 1024)
#define UNIT       alignof(max_align_t)

struct arena_block {
    struct arena_block *older;
    alignas(max_align_t) char bytes[];
};

/* Sees to it that SIZE bytes are free. */
static bool room_make(struct arena *arena, size_t size)
{
    if (size <= (size_t)(arena->end - arena->free)) {
        return true;
    }
    size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct arena_block *block = size <= SIZE_MAX / 2 ? malloc(sizeof *block + room) : NULL;
    if (!block) {
        return false;
    }
    block->older = arena->blocks;
    arena->blocks = block;
    arena->free = block->bytes;
    arena->end = block->bytes + room;
    return true;
}

void *rw_yaml_arena_allocate(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size = size ? (size + UNIT - 1) / UNIT * UNIT : UNIT;
    if (!room_make(arena, size)) {
        return NULL;
    }
    void *memory = arena->free;
    arena->free += size;
    return memory;
}

char *rw_yaml_arena_allocate_text(struct arena *arena, size_t size)
{
    if (!room_make(arena, size)) {
        return NULL;
    }
    return arena->end -= size;
}

void rw_yaml_arena_finish(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->older;
        free(block);
    }
    *arena = (struct arena){0};
}
