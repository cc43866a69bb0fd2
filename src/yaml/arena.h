/*
 * An arena: memory of one document, taken in large blocks and given back all at once. Text stands
 * byte by byte at the end of a block, so that a short word costs no more than its letters.
 */
#ifndef YAML_ARENA_H
#define YAML_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/* All zero: empty. */
struct arena {
    bool is_large;              /* much is to come: take huge pages, where the system has them */
    struct arena_block *blocks; /* the newest first */
    char *free, *end;           /* what is free of the newest */
};

/* Aligned for any type, its content not set; NULL when memory is short. */
void *rw_yaml_arena_allocate(struct arena *arena, size_t size);
/* Likewise for text, aligned for nothing else. */
char *rw_yaml_arena_allocate_text(struct arena *arena, size_t size);
void rw_yaml_arena_finish(struct arena *arena);

#endif
