#include "runwalk/coach/sink.h"

const float rw_bus_gain_db[RW_BUS_COUNT] = {
    [RW_BUS_VOICE] = 0.0f,
    [RW_BUS_CHANGE] = -3.0f,
    /*
     * A tick is so short that loudness over 400 ms misjudges it: alike by that, it has 5 dB more in
     * its 50 ms than a word. At this it is 8 dB under the voice in them, and softer than a change.
     */
    [RW_BUS_TICK] = -12.0f,
    [RW_BUS_MUSIC] = -6.0f, /* most music is mastered much louder than speech */
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
