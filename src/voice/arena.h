/*
 * Memory that lives as long as the voice: many small pieces, given back all at once.
 */
#ifndef RUNWALK_SRC_VOICE_ARENA_H
#define RUNWALK_SRC_VOICE_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_block *last;
};

/* SIZE zeroed bytes, aligned for any type; NULL when memory is short. A zeroed arena is empty. */
void *rw_arena_allocate(struct arena *arena, size_t size);

/* A copy of SIZE bytes of TEXT and a NUL; NULL when memory is short. */
char *rw_arena_copy(struct arena *arena, const char *text, size_t size);

void rw_arena_finish(struct arena *arena);

#endif
