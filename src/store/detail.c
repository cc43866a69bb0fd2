/* What a command is about, as a word that stays what it is when a table is changed. */

#include "store_private.h"

#include "runwalk/core/pain.h"

#include <stdio.h>
#include <stdlib.h>

#define RUN_MAX (RW_SESSION_MS_MAX / RW_SEGMENT_MS_MIN)

void rw_detail_write(const struct rw_command_entry *entry, char ret_text[RW_DETAIL_MAX])
{
    ret_text[0] = '\0';
    switch (rw_command_info(entry->command)->number) {
    case RW_NUMBER_NONE:
        return;
    case RW_NUMBER_RUN:
        snprintf(ret_text, RW_DETAIL_MAX, "%u", (unsigned)entry->number);
        return;
    case RW_NUMBER_PAIN:
        snprintf(ret_text, RW_DETAIL_MAX, "%s", rw_pain_name(entry->number));
        return;
    }
}

static bool run_read(const char *text, uint32_t *ret_run)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    bool is_number = text[0] >= '1' && text[0] <= '9' && *end == '\0' && number <= RUN_MAX;
    if (is_number) {
        *ret_run = (uint32_t)number;
    }
    return is_number;
}

bool rw_detail_read(const char *text, struct rw_command_entry *entry)
{
    switch (rw_command_info(entry->command)->number) {
    case RW_NUMBER_NONE:
        return text[0] == '\0';
    case RW_NUMBER_RUN:
        return run_read(text, &entry->number);
    case RW_NUMBER_PAIN:
        return rw_pain_find(text, &entry->number);
    }
    return false;
}
