/*
 * The mixer's inside, shared by its two halves and nobody else: mixer.c (the message thread)
 * and mix.c (the audio thread).
 */
#ifndef RUNWALK_SRC_AUDIO_MIXER_STATE_H
#define RUNWALK_SRC_AUDIO_MIXER_STATE_H

#include "beneath.h"
#include "limiter.h"
#include "runwalk/audio/mixer.h"
#include "runwalk/audio/ring.h"

#define MIXER_PIECE   RW_LIMITER_PIECE /* frames mixed at once */
#define MIXER_NEVER   UINT64_MAX
#define MIXER_REPORTS (2u * RW_MIXER_VOICES_MAX) /* STARTED and the end of each */

struct mixer_voice {
    struct rw_mixer_play play; /* `start` is corrected when it came too late */
    rw_frame end;              /* one past its last frame */
    rw_frame fade;             /* where its fade-out begins; MIXER_NEVER */
    bool sounding;
};

/* The gain of a bus: on its way from one value to another since `since`. */
struct mixer_bus {
    float from, to;
    rw_frame since;
    float left[MIXER_PIECE], right[MIXER_PIECE];
};

/* A click to come; or, with `forgets`, none from its frame on. */
struct mixer_click_order {
    struct rw_mixer_click click;
    bool forgets;
};

struct rw_mixer {
    /* Message thread only. Plays taken whose last report has not been read: each of them is
     * sure of a place in `plays` or `voices`, and of two in `reports`. */
    uint32_t outstanding;

    /* Message thread -> audio thread. */
    struct rw_ring plays;
    /* Written by the message thread, relaxed: these settings stand alone, and one that was
     * made before a play is seen with it, since the audio thread takes the plays first. */
    atomic_uint_least32_t cancelled; /* epochs below it are silenced */
    _Atomic float gains[RW_MIXER_BUSES];
    atomic_bool dither;
    struct rw_ring clicks; /* of struct mixer_click_order */
    /* Set once by the message thread, with release: what it points to is whole. */
    struct rw_music_ring *_Atomic music;

    /* Audio thread -> message thread. */
    struct rw_ring reports;

    /* Audio thread only. */
    rw_frame mixed; /* the next frame to mix; the limiter puts it out later */
    uint32_t voice_count;
    struct mixer_voice voices[RW_MIXER_VOICES_MAX]; /* in order of arrival: the order of adding */
    struct mixer_bus buses[RW_MIXER_BUSES];
    float left[MIXER_PIECE], right[MIXER_PIECE]; /* a fading voice, then the sum of the buses */
    struct rw_limiter limiter;
    struct rw_beneath beneath;

    /* Constant after creation. */
    float fall[RW_MIXER_FADE_FRAMES]; /* smoothly from nearly 1 to 0 */

    /* Of the rings. */
    struct rw_mixer_play play_storage[RW_MIXER_VOICES_MAX];
    struct rw_mixer_report report_storage[MIXER_REPORTS];
    struct mixer_click_order click_storage[RW_MIXER_CLICKS_MAX];
};

_Static_assert(RW_LIMITER_DELAY == RW_MIXER_AHEAD_FRAMES, "the price named is the price paid");

#endif
