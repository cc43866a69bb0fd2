#include "runwalk/store/record.h"

#include <stdlib.h>

static const char *const state_names[RW_RUN_STATE_COUNT] = {
    [RW_RUN_ON] = "on",
    [RW_RUN_DONE] = "done",
    [RW_RUN_STOPPED] = "stopped",
    [RW_RUN_INTERRUPTED] = "interrupted",
};

const char *rw_run_state_name(enum rw_run_state state)
{
    return state_names[state];
}

void rw_run_begin_destroy(struct rw_run_begin *begin)
{
    if (begin) {
        free(begin->name);
        free(begin->path);
        free(begin->bytes);
        free(begin->settings);
        free(begin->plan);
        free(begin);
    }
}

void rw_record_finish(struct rw_record *record)
{
    if (record->type == RW_RECORD_BEGIN) {
        rw_run_begin_destroy(record->begin);
        record->begin = NULL;
    } else if (record->type == RW_RECORD_SETTINGS) {
        free(record->settings);
        record->settings = NULL;
    }
}
