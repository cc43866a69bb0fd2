#include "beneath.h"

#include <string.h>

#define NEVER UINT64_MAX

_Static_assert(BENEATH_DUCK_FULL % BENEATH_ATTACK == 0, "the attack has whole steps");
_Static_assert(BENEATH_DUCK_FULL % BENEATH_RELEASE == 0, "the release has whole steps");
_Static_assert(BENEATH_PIECE <= MUSIC_PIECE, "the music comes in pieces of ours");

RW_REALTIME bool rw_beneath_has_room(const struct rw_beneath *beneath)
{
    return beneath->click_count < RW_MIXER_CLICKS_MAX;
}

RW_REALTIME void rw_beneath_click(struct rw_beneath *beneath, const struct rw_mixer_click *click)
{
    beneath->clicks[beneath->click_count++] = (struct beneath_click){*click, NEVER};
}

static RW_REALTIME void remove_click(struct rw_beneath *beneath, uint32_t index)
{
    beneath->click_count--;
    memmove(&beneath->clicks[index], &beneath->clicks[index + 1],
            (beneath->click_count - index) * sizeof(beneath->clicks[0]));
}

RW_REALTIME void rw_beneath_forget(struct rw_beneath *beneath, rw_frame frame)
{
    for (uint32_t i = beneath->click_count; i-- > 0;) {
        if (beneath->clicks[i].click.frame >= frame) {
            remove_click(beneath, i);
        }
    }
}

RW_REALTIME void rw_beneath_cancel(struct rw_beneath *beneath, uint32_t cancelled, rw_frame mixed)
{
    for (uint32_t i = beneath->click_count; i-- > 0;) {
        struct beneath_click *click = &beneath->clicks[i];
        if (click->click.epoch >= cancelled || click->fade != NEVER) {
            continue;
        }
        if (click->click.frame >= mixed) {
            remove_click(beneath, i);
        } else {
            click->fade = mixed;
        }
    }
}

/* Sets FLAGS from START to END, as far as that lies in the piece. */
static RW_REALTIME void mark(bool *flags, rw_frame start, rw_frame end, rw_frame mixed,
                             uint32_t count)
{
    rw_frame first = start > mixed ? start : mixed;
    rw_frame last = end < mixed + count ? end : mixed + count;

    if (first < last) {
        memset(flags + (first - mixed), true, (size_t)(last - first));
    }
}

RW_REALTIME void rw_beneath_begin(struct rw_beneath *beneath, rw_frame mixed, uint32_t count)
{
    beneath->any_cue = beneath->held > mixed;
    memset(beneath->hushed, false, count);
    memset(beneath->ducked, false, count);
    mark(beneath->ducked, 0, beneath->held, mixed, count);
}

RW_REALTIME void rw_beneath_cue(struct rw_beneath *beneath, uint32_t bus, rw_frame start,
                                rw_frame end, rw_frame mixed, uint32_t count)
{
    rw_frame hold = bus == RW_MIXER_TICK_BUS ? end + BENEATH_TICK_HOLD : end;
    rw_frame hush = start > BENEATH_HUSH ? start - BENEATH_HUSH : 0;
    rw_frame duck = start > BENEATH_ATTACK ? start - BENEATH_ATTACK : 0;

    if (bus == RW_MIXER_MUSIC_BUS || duck >= mixed + count) {
        return;
    }
    beneath->any_cue = true;
    mark(beneath->hushed, hush, end, mixed, count);
    mark(beneath->ducked, duck, hold, mixed, count);
    if (start < mixed + count && hold > beneath->held) {
        beneath->held = hold;
    }
}

/* Follows FLAGS with LEVEL, by UP and DOWN a frame and up to FULL. */
static RW_REALTIME uint32_t follow(uint32_t level, uint32_t full, uint32_t up, uint32_t down,
                                   const bool *flags, uint32_t count, float *restrict levels)
{
    uint8_t any = 0, all = 1; /* not bool: that is not vectorised */

    for (uint32_t i = 0; i < count; i++) {
        any |= flags[i];
        all &= flags[i];
    }
    /* Nearly always it has long arrived where all of the flags lead. */
    if ((any == 0 && level == 0) || (all == 1 && level == full)) {
        for (uint32_t i = 0; i < count; i++) {
            levels[i] = level == 0 ? 0.0f : 1.0f;
        }
        return level;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (flags[i]) {
            level = level + up < full ? level + up : full;
        } else {
            level = level > down ? level - down : 0;
        }
        levels[i] = (float)level / (float)full;
    }
    return level;
}

/* Whether anything is in the way of clicks and music in this piece; if so, by how much. */
static RW_REALTIME bool make_room(struct rw_beneath *beneath, uint32_t count)
{
    if (!beneath->any_cue && beneath->hush == 0 && beneath->duck == 0) {
        return false;
    }
    beneath->hush =
        follow(beneath->hush, BENEATH_HUSH, 1, 1, beneath->hushed, count, beneath->hush_levels);
    beneath->duck =
        follow(beneath->duck, BENEATH_DUCK_FULL, BENEATH_DUCK_FULL / BENEATH_ATTACK,
               BENEATH_DUCK_FULL / BENEATH_RELEASE, beneath->ducked, count, beneath->duck_levels);
    return true;
}

static RW_REALTIME void hush(float *restrict samples, const float *restrict levels, uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        samples[i] *= 1.0f - levels[i];
    }
}

static RW_REALTIME void duck(float *restrict left, float *restrict right,
                             const float *restrict levels, uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        float level = levels[i];
        float gain = 1.0f - (1.0f - BENEATH_DUCKED) * level * level * (3.0f - 2.0f * level);
        left[i] *= gain;
        right[i] *= gain;
    }
}

/* Adds the frames FIRST to LAST of CLICK; the piece begins at MIXED. */
static RW_REALTIME void add_click(struct rw_beneath *beneath, const struct beneath_click *click,
                                  rw_frame first, rw_frame last, rw_frame mixed)
{
    const float *wave = beneath->wave + (first - click->click.frame);
    float *sum = beneath->left + (first - mixed);
    const uint32_t length = RW_MIXER_FADE_FRAMES;

    for (size_t i = 0; i < last - first; i++) {
        float gain = click->click.gain;
        if (click->fade != NEVER) {
            rw_frame elapsed = first + i - click->fade;
            gain *= elapsed < length ? 1.0f - (float)(elapsed + 1) / (float)length : 0.0f;
        }
        sum[i] += wave[i] * gain;
    }
}

RW_REALTIME bool rw_beneath_clicks(struct rw_beneath *beneath, rw_frame mixed, uint32_t count)
{
    bool any = false;

    beneath->any_cue = make_room(beneath, count);
    for (uint32_t i = 0; i < beneath->click_count;) {
        const struct beneath_click *click = &beneath->clicks[i];
        rw_frame start = click->click.frame, end = start + BENEATH_CLICK_FRAMES;
        if (start < mixed + count) {
            if (!any) {
                memset(beneath->left, 0, count * sizeof(beneath->left[0]));
            }
            any = true;
            add_click(beneath, click, start > mixed ? start : mixed,
                      end < mixed + count ? end : mixed + count, mixed);
        }
        if (end <= mixed + count) {
            remove_click(beneath, i);
        } else {
            i++;
        }
    }
    if (any && beneath->any_cue) {
        hush(beneath->left, beneath->hush_levels, count);
    }
    if (any) {
        memcpy(beneath->right, beneath->left, count * sizeof(beneath->left[0]));
    }
    return any;
}

RW_REALTIME bool rw_beneath_music(struct rw_beneath *beneath, struct rw_music_ring *ring,
                                  uint32_t count)
{
    if (!ring || !rw_music_ring_pull(ring, count, beneath->left, beneath->right)) {
        return false;
    }
    if (beneath->any_cue) {
        duck(beneath->left, beneath->right, beneath->duck_levels, count);
    }
    return true;
}
