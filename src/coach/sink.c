#include "runwalk/coach/sink.h"

const float rw_bus_gain_db[RW_BUS_COUNT] = {
    [RW_BUS_VOICE] = 0.0f,
    [RW_BUS_CHANGE] = -3.0f,
    [RW_BUS_TICK] = -9.0f,
    [RW_BUS_MUSIC] = 0.0f,
};

const char *rw_outcome_name(enum rw_outcome outcome)
{
    switch (outcome) {
    case RW_OUTCOME_STARTED:
        return "started";
    case RW_OUTCOME_LATE:
        return "late";
    case RW_OUTCOME_ENDED:
        return "ended";
    case RW_OUTCOME_CUT:
        return "cut";
    case RW_OUTCOME_DROPPED:
        return "dropped";
    case RW_OUTCOME_WITHDRAWN:
        return "withdrawn";
    }
    return "";
}
