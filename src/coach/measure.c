#include "runwalk/coach/measure.h"

rw_ns rw_frames_to_ns(uint64_t frames)
{
    /* Split, so that a day of frames does not overflow. */
    uint64_t seconds = frames / RW_RATE;
    uint64_t rest = frames % RW_RATE;
    return (rw_ns)(seconds * RW_NS_PER_SECOND + (rest * RW_NS_PER_SECOND + RW_RATE - 1) / RW_RATE);
}

static rw_ns measure_length(void *context, const struct rw_words *words)
{
    const struct rw_voice *voice = context;
    struct rw_utterance utterance;
    if (rw_voice_compose(voice, words, &utterance) != RW_OK) {
        return -1;
    }
    return rw_frames_to_ns(utterance.frames);
}

static uint32_t measure_phrase_count(void *context, enum rw_saying saying)
{
    return rw_voice_phrase_count(context, saying);
}

static unsigned measure_phrase_tags(void *context, enum rw_saying saying, uint32_t number)
{
    return rw_voice_phrase_tags(context, saying, number);
}

struct rw_measure rw_coach_measure(const struct rw_voice *voice)
{
    /* The measure only reads, but a context is shared by interfaces that may write. */
    return (struct rw_measure){
        .length = measure_length,
        .phrase_count = measure_phrase_count,
        .phrase_tags = measure_phrase_tags,
        .context = (void *)(uintptr_t)voice,
    };
}
