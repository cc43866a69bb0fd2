#include "runwalk/core/command.h"

#include <string.h>

static const struct rw_command_info commands[RW_COMMAND_COUNT] = {
    [RW_COMMAND_START] = {.name = "start"},
    [RW_COMMAND_PAUSE] = {.name = "pause"},
    [RW_COMMAND_RESUME] = {.name = "resume"},
    [RW_COMMAND_SKIP] = {.name = "skip"},
    [RW_COMMAND_BACK] = {.name = "back"},
    [RW_COMMAND_EXTEND] = {.name = "extend"},
    [RW_COMMAND_STOP] = {.name = "stop"},
    [RW_COMMAND_SAY] = {.name = "say"},
    [RW_COMMAND_BACK_AGAIN] = {.name = "back-again"},
    [RW_COMMAND_REST] = {.name = "rest"},
    [RW_COMMAND_READY] = {.name = "ready"},
    [RW_COMMAND_EASIER] = {.name = "easier"},
    [RW_COMMAND_HARDER] = {.name = "harder"},
    [RW_COMMAND_RATIO] = {.name = "ratio"},
    [RW_COMMAND_GOTO] = {.name = "goto", .number = RW_NUMBER_RUN},
    [RW_COMMAND_COOLDOWN] = {.name = "cooldown"},
    [RW_COMMAND_STITCH] = {.name = "stitch"},
    [RW_COMMAND_HEAVY] = {.name = "heavy"},
    [RW_COMMAND_PAIN] = {.name = "pain", .number = RW_NUMBER_PAIN, .is_health = true},
    [RW_COMMAND_DIZZY] = {.name = "dizzy", .is_health = true},
    [RW_COMMAND_TIME] = {.name = "time"},
    [RW_COMMAND_ENCOURAGE] = {.name = "encourage"},
    [RW_COMMAND_QUIET] = {.name = "quiet"},
};

const struct rw_command_info *rw_command_info(enum rw_command command)
{
    return &commands[command];
}

const char *rw_command_name(enum rw_command command)
{
    return commands[command].name;
}

bool rw_command_find(const char *name, enum rw_command *ret_command)
{
    for (size_t i = 0; i < RW_COUNT(commands); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            *ret_command = (enum rw_command)i;
            return true;
        }
    }
    return false;
}
