/*
 * A measure for tests: lengths like those of a real voice, without one.
 */
#ifndef FAKE_VOICE_H
#define FAKE_VOICE_H

#include "runwalk/core/cue.h"

#include <string.h>

static inline rw_ns fake_length(void *context, const struct rw_words *words)
{
    (void)context;
    switch (words->saying) {
    case RW_SAY_TONE_RUN:
    case RW_SAY_TONE_WALK:
        return 350 * RW_NS_PER_MS;
    case RW_SAY_TONE_FINISH:
        return 900 * RW_NS_PER_MS;
    case RW_SAY_TICK:
        return 60 * RW_NS_PER_MS;
    case RW_SAY_TEXT:
        if (!strcmp(words->text, "unspeakable")) {
            return -1;
        }
        return (rw_ns)strlen(words->text) * 70 * RW_NS_PER_MS;
    case RW_SAY_SEGMENT: {
        rw_ns ms = 600;
        ms += words->number ? 700 : 0;
        ms += words->duration_ms ? 1100 : 0;
        ms += words->name ? 800 : 0;
        ms += words->text ? 900 : 0;
        ms += words->flags & RW_WORDS_WAS_LAST_RUN ? 1300 : 0;
        ms += words->flags & RW_WORDS_HALFWAY ? 800 : 0;
        return ms * RW_NS_PER_MS;
    }
    case RW_SAY_IN:
    case RW_SAY_HALFWAY:
    case RW_SAY_DONE:
    case RW_SAY_CHOSEN:
    case RW_SAY_PAUSED:
    case RW_SAY_STILL_PAUSED:
    case RW_SAY_WHERE:
    case RW_SAY_EXTENDED:
    case RW_SAY_SHORTENED:
    case RW_SAY_STOPPED:
    case RW_SAY_STARTING_IN:
    case RW_SAY_NOTHING_CHOSEN:
    case RW_SAY_BACK_AGAIN:
    case RW_SAY_TIME_LEFT:
    case RW_SAY_ENCOURAGE:
    case RW_SAY_REASSURE:
    case RW_SAY_POSTURE:
    case RW_SAY_BREATHING:
    case RW_SAY_DEAD_POINT:
    case RW_SAY_REST:
    case RW_SAY_REST_LEFT:
    case RW_SAY_REST_OVER:
    case RW_SAY_READY:
    case RW_SAY_EASIER:
    case RW_SAY_HARDER:
    case RW_SAY_RATIO:
    case RW_SAY_COOLDOWN_NOW:
    case RW_SAY_STITCH:
    case RW_SAY_PAIN:
    case RW_SAY_EMERGENCY:
    case RW_SAY_AFTER_PAIN:
    case RW_SAY_QUIET:
    case RW_SAY_LESS_TALK:
    case RW_SAY_MORE_TALK:
    case RW_SAY_PLAN:
    case RW_SAY_PLAN_WAITS:
    case RW_SAY_NO_PLAN:
        return 900 * RW_NS_PER_MS;
    }
    return -1;
}

static const struct rw_measure fake_measure = {.length = fake_length};

/* The same with phrases to choose from; every fourth has a tag, one after the other. */
#define TALKING_PHRASES 28

static inline rw_ns talking_length(void *context, const struct rw_words *words)
{
    rw_ns length = fake_length(context, words);
    return words->number > 0 && words->total == 0 ? length + words->number * 100 * RW_NS_PER_MS
                                                  : length;
}

static inline uint32_t talking_count(void *context, enum rw_saying saying)
{
    (void)context;
    switch ((int)saying) {
    case RW_SAY_ENCOURAGE:
    case RW_SAY_REASSURE:
    case RW_SAY_POSTURE:
    case RW_SAY_BREATHING:
    case RW_SAY_DEAD_POINT:
        return TALKING_PHRASES;
    default:
        return 0;
    }
}

static inline unsigned talking_tags(void *context, enum rw_saying saying, uint32_t number)
{
    (void)context;
    (void)saying;
    return number % 4 == 0 ? 1u << (number / 4 - 1) : 0;
}

static const struct rw_measure talking_measure = {
    .length = talking_length,
    .phrase_count = talking_count,
    .phrase_tags = talking_tags,
};

#endif
