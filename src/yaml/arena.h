/*
 * An arena: memory of one document, taken in large blocks and given back all at once.
 */
#ifndef YAML_ARENA_H
#define YAML_ARENA_H

#include <stddef.h>

struct arena_block;

/* All zero: empty. */
struct arena {
    struct arena_block *blocks; /* the newest first */
    size_t left;                /* free bytes at the end of the newest */
};

/* Zeroed, aligned for any type; NULL when memory is short. */
void *rw_yaml_arena_allocate(struct arena *arena, size_t size);
void rw_yaml_arena_finish(struct arena *arena);

#endif
