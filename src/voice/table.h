/*
 * A table from words to numbers, for lookups while a sentence is composed: open
 * addressing, at most half full. The words are borrowed.
 */
#ifndef RUNWALK_SRC_VOICE_TABLE_H
#define RUNWALK_SRC_VOICE_TABLE_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

struct table {
    struct table_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

/* Adds WORD, or leaves what it stands for already. RW_EMEMORY. A zeroed table is empty. */
RW_CHECKED enum rw_status rw_table_add(struct table *table, const char *word, uint32_t number);

bool rw_table_find(const struct table *table, const char *word, uint32_t *ret_number);

void rw_table_finish(struct table *table);

#endif
