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
    case RW_CUE_NEXT:
        return "next";
    case RW_CUE_HALFWAY:
        return "halfway";
    case RW_CUE_SAY:
        return "say";
    }
    return "";
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
    }
    return "";
}
