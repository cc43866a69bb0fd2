/* The message thread's half of the mixer. */
#include "mixer_state.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GAIN_MAX_DB    24.0f
#define GAIN_MAX       15.8489319f
#define GAIN_SILENT_DB (-96.0f)

enum rw_status rw_mixer_create(struct rw_mixer **ret_mixer)
{
    /* Aligned, for the rings keep their two sides on different cache lines. */
    size_t size = (sizeof(struct rw_mixer) + RW_CACHE_LINE - 1) / RW_CACHE_LINE * RW_CACHE_LINE;
    struct rw_mixer *mixer = aligned_alloc(RW_CACHE_LINE, size);

    if (mixer == NULL) {
        return RW_EMEMORY;
    }
    memset(mixer, 0, sizeof(*mixer));
    mixer->mixed = RW_MIXER_AHEAD_FRAMES;
    rw_ring_init(&mixer->plays, mixer->play_storage, sizeof(mixer->play_storage[0]),
                 RW_COUNT(mixer->play_storage));
    rw_ring_init(&mixer->reports, mixer->report_storage, sizeof(mixer->report_storage[0]),
                 RW_COUNT(mixer->report_storage));
    atomic_init(&mixer->cancelled, 0);
    for (uint32_t bus = 0; bus < RW_MIXER_BUSES; bus++) {
        atomic_init(&mixer->gains[bus], 1.0f);
        mixer->buses[bus].from = mixer->buses[bus].to = 1.0f;
    }
    for (uint32_t i = 0; i < RW_MIXER_FADE_FRAMES; i++) {
        const uint32_t length = RW_MIXER_FADE_FRAMES;
        float t = (float)(i + 1) / (float)length;
        mixer->fall[i] = 1.0f - t * t * (3.0f - 2.0f * t);
    }
    rw_limiter_init(&mixer->limiter);
    *ret_mixer = mixer;
    return RW_OK;
}

void rw_mixer_destroy(struct rw_mixer *mixer)
{
    free(mixer);
}

static bool play_is_valid(const struct rw_mixer_play *play)
{
    if (play->bus >= RW_MIXER_BUSES || play->epoch == UINT32_MAX) {
        return false;
    }
    /* Written so that what is not a number is refused, too. */
    if (!(fabsf(play->gain_left) <= GAIN_MAX && fabsf(play->gain_right) <= GAIN_MAX)) {
        return false;
    }
    if (play->part_count == 0 || play->part_count > RW_MIXER_PARTS_MAX) {
        return false;
    }
    /* An offset and a clip's length have 32 bits each. */
    return play->start <= MIXER_NEVER - (UINT64_C(1) << 33) - RW_MIXER_FADE_FRAMES;
}

enum rw_status rw_mixer_play(struct rw_mixer *mixer, const struct rw_mixer_play *play)
{
    if (!play_is_valid(play)) {
        return RW_EINVALID;
    }
    if (mixer->outstanding == RW_MIXER_VOICES_MAX) {
        return RW_EFULL;
    }

    bool pushed = rw_ring_push(&mixer->plays, play);
    assert(pushed);
    (void)pushed;
    mixer->outstanding++;
    return RW_OK;
}

void rw_mixer_cancel(struct rw_mixer *mixer, uint32_t epoch)
{
    uint32_t below = epoch == UINT32_MAX ? epoch : epoch + 1;

    if (below > atomic_load_explicit(&mixer->cancelled, memory_order_relaxed)) {
        atomic_store_explicit(&mixer->cancelled, below, memory_order_relaxed);
    }
}

enum rw_status rw_mixer_set_gain(struct rw_mixer *mixer, uint32_t bus, float gain_db)
{
    if (bus >= RW_MIXER_BUSES || !(gain_db <= GAIN_MAX_DB)) {
        return RW_EINVALID;
    }

    float gain = gain_db <= GAIN_SILENT_DB ? 0.0f : powf(10.0f, gain_db / 20.0f);
    atomic_store_explicit(&mixer->gains[bus], gain, memory_order_relaxed);
    return RW_OK;
}

bool rw_mixer_report(struct rw_mixer *mixer, struct rw_mixer_report *ret_report)
{
    if (!rw_ring_pop(&mixer->reports, ret_report)) {
        return false;
    }
    if (ret_report->outcome != RW_MIXER_STARTED) {
        mixer->outstanding--;
    }
    return true;
}
