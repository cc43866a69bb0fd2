#include "runwalk/core/cue.h"

const char *rw_cue_type_name(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_CHANGE:
        return "change";
    case RW_CUE_ANNOUNCE:
        return "announce";
    case RW_CUE_COUNTDOWN:
        return "countdown";
    case RW_CUE_ANSWER:
        return "answer";
    case RW_CUE_CARE:
        return "care";
    case RW_CUE_NEXT:
        return "next";
    case RW_CUE_HALFWAY:
        return "halfway";
    case RW_CUE_TIME_LEFT:
        return "time-left";
    case RW_CUE_SAY:
        return "say";
    case RW_CUE_DEAD_POINT:
        return "dead-point";
    case RW_CUE_ENCOURAGE:
        return "encourage";
    case RW_CUE_BREATHING:
        return "breathing";
    case RW_CUE_POSTURE:
        return "posture";
    case RW_CUE_CADENCE:
        return "cadence";
    }
    return "";
}

enum rw_cue_type rw_cue_type_of_answer(enum rw_saying saying)
{
    bool is_care =
        saying == RW_SAY_PAIN || saying == RW_SAY_EMERGENCY || saying == RW_SAY_AFTER_PAIN;
    return is_care ? RW_CUE_CARE : RW_CUE_ANSWER;
}

bool rw_cue_type_speaks(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_CHANGE:
    case RW_CUE_COUNTDOWN:
    case RW_CUE_CADENCE:
        return false;
    case RW_CUE_ANNOUNCE:
    case RW_CUE_ANSWER:
    case RW_CUE_CARE:
    case RW_CUE_NEXT:
    case RW_CUE_HALFWAY:
    case RW_CUE_TIME_LEFT:
    case RW_CUE_SAY:
    case RW_CUE_DEAD_POINT:
    case RW_CUE_ENCOURAGE:
    case RW_CUE_BREATHING:
    case RW_CUE_POSTURE:
        break;
    }
    return true;
}

const char *rw_drop_reason_text(enum rw_drop_reason reason)
{
    switch (reason) {
    case RW_DROP_NONE:
        return "";
    case RW_DROP_TOO_SHORT:
        return "the step is too short for it";
    case RW_DROP_COLLISION:
        return "a more important cue sounds then";
    case RW_DROP_UNSPEAKABLE:
        return "neither a clip nor a speech engine speaks it";
    case RW_DROP_QUIET:
        return "you have asked for quiet";
    }
    return "";
}
