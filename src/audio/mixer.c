/* The message thread's half of the mixer. */
#include "mixer_state.h"

#include "music.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GAIN_MAX_DB    24.0f
#define GAIN_MAX       15.8489319f
#define GAIN_SILENT_DB (-96.0f)

/*
 * A click is the knock of a small piece of wood: two partials that fade fast. The level is what
 * makes it RW_MIXER_CLICK_DB softer than speech, as a clip's loudness is measured (a test does).
 */
#define CLICK_LEVEL 0.1862

void rw_beneath_init(struct rw_beneath *beneath)
{
    static const double turn = 6.283185307179586 / RW_RATE;
    const uint32_t length = BENEATH_CLICK_FRAMES;

    memset(beneath, 0, sizeof(*beneath));
    for (uint32_t i = 0; i < length; i++) {
        double t = (double)(i + 1) / RW_RATE;
        double rise = fmin(1.0, t / 0.0005);
        double fall = (double)(length - i) / length;
        double knock = exp(-t / 0.006) * sin(turn * 1150 * (i + 1)) +
                       0.5 * exp(-t / 0.003) * sin(turn * 2760 * (i + 1));
        beneath->wave[i] = (float)(CLICK_LEVEL * rise * fall * knock);
    }
}

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
    rw_ring_init(&mixer->clicks, mixer->click_storage, sizeof(mixer->click_storage[0]),
                 RW_COUNT(mixer->click_storage));
    atomic_init(&mixer->dither, false);
    atomic_init(&mixer->music, NULL);
    rw_limiter_init(&mixer->limiter);
    rw_beneath_init(&mixer->beneath);
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

enum rw_status rw_mixer_click(struct rw_mixer *mixer, const struct rw_mixer_click *click)
{
    struct mixer_click_order order = {.click = *click};

    if (click->epoch == UINT32_MAX || !(click->gain >= 0.0f && click->gain <= 1.0f) ||
        click->frame > MIXER_NEVER / 2) {
        return RW_EINVALID;
    }
    return rw_ring_push(&mixer->clicks, &order) ? RW_OK : RW_EFULL;
}

enum rw_status rw_mixer_forget_clicks(struct rw_mixer *mixer, rw_frame frame)
{
    struct mixer_click_order order = {.click = {.frame = frame}, .forgets = true};
    return rw_ring_push(&mixer->clicks, &order) ? RW_OK : RW_EFULL;
}

void rw_mixer_set_music(struct rw_mixer *mixer, struct rw_music *music)
{
    atomic_store_explicit(&mixer->music, rw_music_ring(music), memory_order_release);
}

void rw_mixer_set_dither(struct rw_mixer *mixer, bool dither)
{
    atomic_store_explicit(&mixer->dither, dither, memory_order_relaxed);
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
