#include "reserve.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/*
 * Blocks of three sizes, enough for what a request takes while memory is short for a moment. They
 * come from malloc, so that whoever has one frees it as any other.
 */
static const struct {
    size_t size, count;
} shelves[] = {{512, 48}, {4096, 8}, {65536, 2}};

#define SHELVES     (sizeof(shelves) / sizeof(shelves[0]))
#define SHELF_WIDTH 48

/* The allocation functions of jansson have no context, so this has no other place to be. */
static struct {
    void *blocks[SHELVES][SHELF_WIDTH];
    size_t filled[SHELVES];
    bool is_whole;
} reserve;

/* As far as there is memory for it. */
static void reserve_fill(void)
{
    reserve.is_whole = true;
    for (size_t i = 0; i < SHELVES; i++) {
        while (reserve.filled[i] < shelves[i].count) {
            void *block = malloc(shelves[i].size);
            if (!block) {
                reserve.is_whole = false;
                return;
            }
            reserve.blocks[i][reserve.filled[i]++] = block;
        }
    }
}

static void *reserve_take(size_t size)
{
    for (size_t i = 0; i < SHELVES; i++) {
        if (size <= shelves[i].size && reserve.filled[i] > 0) {
            reserve.is_whole = false;
            return reserve.blocks[i][--reserve.filled[i]];
        }
    }
    return NULL;
}

static void *block_allocate(size_t size)
{
    void *block = malloc(size);
    if (!block) {
        return reserve_take(size);
    }
    if (!reserve.is_whole) {
        reserve_fill();
    }
    return block;
}

void rw_json_reserve(void)
{
    json_set_alloc_funcs(block_allocate, free);
    reserve_fill();
}
