#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Large enough that a big file costs few blocks, small enough that a small one costs little. */
#define BLOCK_SIZE ((size_t)16 * 1024)
/* For a large file the kernel hands out memory by this, not by 4 KiB, which would take a third of
 * the time. */
#define HUGE_PAGE ((size_t)2 * 1024 * 1024)
#define UNIT      alignof(max_align_t)

struct arena_block {
    struct arena_block *older;
    alignas(max_align_t) char bytes[];
};

/* Room for SIZE bytes and more; *RET_ROOM is how much. */
static struct arena_block *block_create(bool is_large, size_t size, size_t *ret_room)
{
    struct arena_block *block = NULL;
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    size_t whole = sizeof *block + (size > BLOCK_SIZE ? size : BLOCK_SIZE);
    if (is_large) {
        whole = (whole + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
        block = aligned_alloc(HUGE_PAGE, whole);
        if (block) {
            (void)madvise(block, whole, MADV_HUGEPAGE); /* without it the pages are small */
        }
    } else {
        block = malloc(whole);
    }
    *ret_room = whole - sizeof *block;
    return block;
}

/* Sees to it that SIZE bytes are free. */
static bool room_make(struct arena *arena, size_t size)
{
    if (size <= (size_t)(arena->end - arena->free)) {
        return true;
    }
    size_t room;
    struct arena_block *block = block_create(arena->is_large, size, &room);
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
