#include "table.h"

#include <stdlib.h>
#include <string.h>

struct table_slot {
    const char *word; /* NULL: empty */
    uint32_t number;
};

/* FNV-1a: short words, no adversary who could gain from collisions. */
static size_t word_hash(const char *word)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *word; word++) {
        hash = (hash ^ (unsigned char)*word) * UINT64_C(1099511628211);
    }
    return (size_t)(hash ^ (hash >> 32));
}

/* The slot that holds WORD, or the empty one where it belongs. */
static struct table_slot *slot_find(const struct table *table, const char *word)
{
    size_t mask = table->capacity - 1;
    size_t i = word_hash(word) & mask;
    while (table->slots[i].word && strcmp(table->slots[i].word, word) != 0) {
        i = (i + 1) & mask;
    }
    return &table->slots[i];
}

static enum rw_status table_grow(struct table *table)
{
    struct table larger = {.capacity = table->capacity ? table->capacity * 2 : 64,
                           .count = table->count};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots) {
        return RW_EMEMORY;
    }
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->slots[i].word) {
            *slot_find(&larger, table->slots[i].word) = table->slots[i];
        }
    }
    free(table->slots);
    *table = larger;
    return RW_OK;
}

enum rw_status rw_table_add(struct table *table, const char *word, uint32_t number)
{
    if (table->count >= table->capacity / 2) {
        enum rw_status status = table_grow(table);
        if (status != RW_OK) {
            return status;
        }
    }
    struct table_slot *slot = slot_find(table, word);
    if (!slot->word) {
        *slot = (struct table_slot){.word = word, .number = number};
        table->count++;
    }
    return RW_OK;
}

bool rw_table_find(const struct table *table, const char *word, uint32_t *ret_number)
{
    if (table->capacity == 0) {
        return false;
    }
    const struct table_slot *slot = slot_find(table, word);
    if (!slot->word) {
        return false;
    }
    *ret_number = slot->number;
    return true;
}

void rw_table_finish(struct table *table)
{
    free(table->slots);
    *table = (struct table){0};
}
