#include "runwalk/core/command.h"

#include <string.h>

static const char *const names[RW_COMMAND_COUNT] = {
    [RW_COMMAND_START] = "start",
    [RW_COMMAND_PAUSE] = "pause",
    [RW_COMMAND_RESUME] = "resume",
    [RW_COMMAND_SKIP] = "skip",
    [RW_COMMAND_BACK] = "back",
    [RW_COMMAND_EXTEND] = "extend",
    [RW_COMMAND_STOP] = "stop",
    [RW_COMMAND_SAY] = "say",
    [RW_COMMAND_BACK_AGAIN] = "back-again",
};

const char *rw_command_name(enum rw_command command)
{
    return names[command];
}

bool rw_command_find(const char *name, enum rw_command *ret_command)
{
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_command = (enum rw_command)i;
            return true;
        }
    }
    return false;
}
