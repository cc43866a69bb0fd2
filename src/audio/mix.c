/*
 * The audio thread's half of the mixer. Nothing in this file, or reached from it, allocates,
 * locks, logs, makes a system call, or loops without a bound; a test looks at its symbols.
 */
#include "mixer_state.h"

#include <string.h>

static RW_REALTIME void report(struct rw_mixer *mixer, uint64_t cue, enum rw_mixer_outcome outcome,
                               rw_frame frame)
{
    struct rw_mixer_report message = {.cue = cue, .outcome = outcome, .frame = frame};

    /* There is room: rw_mixer_play has seen to it. */
    rw_ring_push(&mixer->reports, &message);
}

static RW_REALTIME void take_plays(struct rw_mixer *mixer)
{
    while (mixer->voice_count < RW_MIXER_VOICES_MAX) {
        struct mixer_voice *voice = &mixer->voices[mixer->voice_count];
        if (!rw_ring_pop(&mixer->plays, &voice->play)) {
            return;
        }
        if (voice->play.start < mixer->mixed) {
            voice->play.start = mixer->mixed;
        }
        voice->end = voice->play.start;
        for (uint32_t i = 0; i < voice->play.part_count; i++) {
            rw_frame end =
                voice->play.start + voice->play.parts[i].offset + voice->play.parts[i].clip->frames;
            if (end > voice->end) {
                voice->end = end;
            }
        }
        voice->fade = MIXER_NEVER;
        voice->sounding = false;
        mixer->voice_count++;
    }
}

static RW_REALTIME void remove_voice(struct rw_mixer *mixer, uint32_t index)
{
    mixer->voice_count--;
    memmove(&mixer->voices[index], &mixer->voices[index + 1],
            (mixer->voice_count - index) * sizeof(mixer->voices[0]));
}

static RW_REALTIME void obey_cancel(struct rw_mixer *mixer)
{
    uint32_t cancelled = atomic_load_explicit(&mixer->cancelled, memory_order_relaxed);

    for (uint32_t i = 0; i < mixer->voice_count;) {
        struct mixer_voice *voice = &mixer->voices[i];
        if (voice->play.epoch < cancelled && !voice->sounding) {
            report(mixer, voice->play.cue, RW_MIXER_CANCELLED, mixer->mixed);
            remove_voice(mixer, i);
            continue;
        }
        if (voice->play.epoch < cancelled && voice->fade == MIXER_NEVER) {
            voice->fade = mixer->mixed;
        }
        i++;
    }
    rw_beneath_cancel(&mixer->beneath, cancelled, mixer->mixed);
}

static RW_REALTIME void take_clicks(struct rw_mixer *mixer)
{
    struct mixer_click_order order;

    while (rw_beneath_has_room(&mixer->beneath) && rw_ring_pop(&mixer->clicks, &order)) {
        if (order.forgets) {
            rw_beneath_forget(&mixer->beneath,
                              order.click.frame > mixer->mixed ? order.click.frame : mixer->mixed);
        } else if (order.click.frame >= mixer->mixed) {
            rw_beneath_click(&mixer->beneath, &order.click);
        }
    }
}

/* The gain of BUS at FRAME, not before the ramp began. */
static RW_REALTIME float bus_gain(const struct rw_mixer *mixer, const struct mixer_bus *bus,
                                  rw_frame frame)
{
    rw_frame elapsed = frame - bus->since;

    if (elapsed >= RW_MIXER_FADE_FRAMES) {
        return bus->to;
    }
    return bus->to + (bus->from - bus->to) * mixer->fall[elapsed];
}

static RW_REALTIME void obey_gains(struct rw_mixer *mixer)
{
    for (uint32_t i = 0; i < RW_MIXER_BUSES; i++) {
        struct mixer_bus *bus = &mixer->buses[i];
        float gain = atomic_load_explicit(&mixer->gains[i], memory_order_relaxed);
        if (gain == bus->to) {
            continue;
        }
        /* Nothing has sounded before the first block, so there is nothing to ramp from. */
        bool first = mixer->mixed == RW_MIXER_AHEAD_FRAMES;
        bus->from = first ? gain : bus_gain(mixer, bus, mixer->mixed - 1);
        bus->to = gain;
        bus->since = mixer->mixed;
    }
}

/*
 * A plain loop over plain arrays, so that the compiler vectorises it; likewise the next ones. The
 * index is a size_t, for 2 * i could wrap in 32 bits, and that costs half the speed.
 */
static RW_REALTIME void add_mono(float *restrict left, float *restrict right,
                                 const float *restrict samples, float gain_left, float gain_right,
                                 uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        left[i] += samples[i] * gain_left;
        right[i] += samples[i] * gain_right;
    }
}

static RW_REALTIME void add_stereo(float *restrict left, float *restrict right,
                                   const float *restrict samples, float gain_left, float gain_right,
                                   uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        left[i] += samples[2 * i] * gain_left;
        right[i] += samples[2 * i + 1] * gain_right;
    }
}

static RW_REALTIME void add_scaled(float *restrict sum, const float *restrict samples,
                                   const float *restrict gains, uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        sum[i] += samples[i] * gains[i];
    }
}

static RW_REALTIME void add_gained(float *restrict sum, const float *restrict samples, float gain,
                                   uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        sum[i] += samples[i] * gain;
    }
}

/*
 * Triangular noise of one step of 16 bits: the difference of two even random numbers. A number
 * comes from its place in the stream alone, so that no cutting into blocks changes it. (The
 * multiplier and the shifts are those of SplitMix64: Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", 2014.)
 */
static RW_REALTIME void add_dither(float *restrict out, rw_frame frame, uint32_t count)
{
    const float step = 1.0f / 32768.0f / 65536.0f;

    for (uint32_t i = 0; i < RW_CHANNELS * count; i++) {
        uint64_t x = (RW_CHANNELS * frame + i + 1) * UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        int32_t first = (int32_t)(x >> 48), second = (int32_t)(x >> 32 & 0xffff);
        out[i] += (float)(first - second) * step;
    }
}

static RW_REALTIME void clear(float *left, float *right, uint32_t count)
{
    memset(left, 0, count * sizeof(*left));
    memset(right, 0, count * sizeof(*right));
}

/* Adds what the parts of PLAY sound from frame FROM up to TO. */
static RW_REALTIME void add_parts(const struct rw_mixer_play *play, rw_frame from, rw_frame to,
                                  float *left, float *right)
{
    for (uint32_t i = 0; i < play->part_count; i++) {
        const struct rw_clip *clip = play->parts[i].clip;
        rw_frame start = play->start + play->parts[i].offset;
        rw_frame first = start > from ? start : from;
        rw_frame last = start + clip->frames < to ? start + clip->frames : to;
        if (first >= last) {
            continue;
        }

        uint32_t count = (uint32_t)(last - first);
        size_t at = (size_t)(first - from);
        const float *samples = clip->samples + (size_t)(first - start) * clip->channels;
        if (clip->channels == 1) {
            add_mono(left + at, right + at, samples, play->gain_left, play->gain_right, count);
        } else {
            add_stereo(left + at, right + at, samples, play->gain_left, play->gain_right, count);
        }
    }
}

/* Adds COUNT frames of VOICE to its bus; false when that was its end. */
static RW_REALTIME bool mix_voice(struct rw_mixer *mixer, struct mixer_voice *voice, uint32_t count)
{
    struct mixer_bus *bus = &mixer->buses[voice->play.bus];
    rw_frame from = mixer->mixed;
    rw_frame to = from + count;
    bool fading = voice->fade != MIXER_NEVER;
    rw_frame end = voice->end;

    if (!voice->sounding) {
        voice->sounding = true;
        report(mixer, voice->play.cue, RW_MIXER_STARTED, voice->play.start);
    }
    if (fading && voice->fade + RW_MIXER_FADE_FRAMES < end) {
        end = voice->fade + RW_MIXER_FADE_FRAMES;
    }
    if (!fading) {
        add_parts(&voice->play, from, to, bus->left, bus->right);
    } else {
        rw_frame last = end < to ? end : to;
        const float *fall = mixer->fall + (from - voice->fade);
        clear(mixer->left, mixer->right, count);
        add_parts(&voice->play, from, last, mixer->left, mixer->right);
        add_scaled(bus->left, mixer->left, fall, (uint32_t)(last - from));
        add_scaled(bus->right, mixer->right, fall, (uint32_t)(last - from));
    }
    if (end > to) {
        return true;
    }
    report(mixer, voice->play.cue, fading ? RW_MIXER_CUT : RW_MIXER_ENDED, end);
    return false;
}

/* Adds LEFT and RIGHT to the sum, with the gain of BUS. */
static RW_REALTIME void add_bus(struct rw_mixer *mixer, const struct mixer_bus *bus,
                                const float *left, const float *right, uint32_t count)
{
    float gains[MIXER_PIECE];

    if (mixer->mixed - bus->since >= RW_MIXER_FADE_FRAMES) {
        add_gained(mixer->left, left, bus->to, count);
        add_gained(mixer->right, right, bus->to, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        gains[i] = bus_gain(mixer, bus, mixer->mixed + i);
    }
    add_scaled(mixer->left, left, gains, count);
    add_scaled(mixer->right, right, gains, count);
}

/* Mixes what sounds on each bus; tells in USED which one. */
static RW_REALTIME void mix_voices(struct rw_mixer *mixer, uint32_t count, bool *used)
{
    for (uint32_t i = 0; i < mixer->voice_count;) {
        struct mixer_voice *voice = &mixer->voices[i];
        if (voice->play.start >= mixer->mixed + count) {
            i++;
            continue;
        }
        struct mixer_bus *bus = &mixer->buses[voice->play.bus];
        if (!used[voice->play.bus]) {
            clear(bus->left, bus->right, count);
        }
        used[voice->play.bus] = true;
        if (mix_voice(mixer, voice, count)) {
            i++;
        } else {
            remove_voice(mixer, i);
        }
    }
}

/* Tells clicks and music for which cues they have to make room. */
static RW_REALTIME void announce_voices(struct rw_mixer *mixer, uint32_t count)
{
    rw_beneath_begin(&mixer->beneath, mixer->mixed, count);
    for (uint32_t i = 0; i < mixer->voice_count; i++) {
        const struct mixer_voice *voice = &mixer->voices[i];
        bool fading = voice->fade != MIXER_NEVER && voice->fade + RW_MIXER_FADE_FRAMES < voice->end;
        rw_frame end = fading ? voice->fade + RW_MIXER_FADE_FRAMES : voice->end;
        rw_beneath_cue(&mixer->beneath, voice->play.bus, voice->play.start, end, mixer->mixed,
                       count);
    }
}

static RW_REALTIME void mix_piece(struct rw_mixer *mixer, float *restrict out, uint32_t count)
{
    struct rw_beneath *beneath = &mixer->beneath;
    bool used[RW_MIXER_BUSES] = {false};
    bool sounds = false;

    announce_voices(mixer, count);
    mix_voices(mixer, count, used);
    clear(mixer->left, mixer->right, count);
    for (uint32_t i = 0; i < RW_MIXER_BUSES; i++) {
        if (used[i]) {
            const struct mixer_bus *bus = &mixer->buses[i];
            add_bus(mixer, bus, bus->left, bus->right, count);
            sounds = true;
        }
    }
    if (rw_beneath_clicks(beneath, mixer->mixed, count)) {
        add_bus(mixer, &mixer->buses[RW_MIXER_VOICE_BUS], beneath->left, beneath->right, count);
        sounds = true;
    }
    struct rw_music_ring *music = atomic_load_explicit(&mixer->music, memory_order_acquire);
    if (rw_beneath_music(beneath, music, count)) {
        add_bus(mixer, &mixer->buses[RW_MIXER_MUSIC_BUS], beneath->left, beneath->right, count);
        sounds = true;
    }
    rw_limiter_process(&mixer->limiter, sounds ? mixer->left : NULL, sounds ? mixer->right : NULL,
                       count, out);
    if (atomic_load_explicit(&mixer->dither, memory_order_relaxed)) {
        add_dither(out, mixer->mixed, count);
    }
    mixer->mixed += count;
}

RW_REALTIME void rw_mixer_process(struct rw_mixer *mixer, float *restrict out, uint32_t frames)
{
    if (frames == 0) {
        return;
    }
    take_plays(mixer);
    take_clicks(mixer);
    obey_cancel(mixer);
    obey_gains(mixer);
    while (frames > 0) {
        uint32_t count = frames < MIXER_PIECE ? frames : MIXER_PIECE;
        mix_piece(mixer, out, count);
        out += RW_CHANNELS * (size_t)count;
        frames -= count;
    }
}

RW_REALTIME rw_frame rw_mixer_position(const struct rw_mixer *mixer)
{
    return mixer->mixed - RW_MIXER_AHEAD_FRAMES;
}

RW_REALTIME rw_frame rw_mixer_earliest(const struct rw_mixer *mixer)
{
    return mixer->mixed;
}

RW_REALTIME rw_frame rw_mixer_music_position(const struct rw_mixer *mixer)
{
    const struct rw_music_ring *music = atomic_load_explicit(&mixer->music, memory_order_acquire);
    return music ? atomic_load_explicit(&music->popped, memory_order_relaxed) : 0;
}
