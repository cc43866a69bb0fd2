/*
 * What sounds beneath the cues, and makes room for them: the clicks of a cadence fall silent,
 * music is lowered. All of it runs on the audio thread, but for the init. A piece of frames goes
 * through it in this order: begin, each cue, clicks, music.
 */
#ifndef RUNWALK_SRC_AUDIO_BENEATH_H
#define RUNWALK_SRC_AUDIO_BENEATH_H

#include "limiter.h"
#include "music_ring.h"
#include "runwalk/audio/mixer.h"

#include <stdbool.h>

#define BENEATH_PIECE        RW_LIMITER_PIECE
#define BENEATH_CLICK_FRAMES (RW_RATE * 30 / 1000)
#define BENEATH_HUSH         (RW_RATE / 50)         /* 20 ms: clicks, before and after a cue */
#define BENEATH_ATTACK       (RW_RATE * 150 / 1000) /* music, before a cue */
#define BENEATH_RELEASE      (RW_RATE / 2)          /* music, after it */
#define BENEATH_TICK_HOLD    RW_RATE                /* after a tick: often the next one follows */
#define BENEATH_DUCKED       0.199526231f           /* -14 dB */
/* Both the attack and the release are whole numbers of steps to this. */
#define BENEATH_DUCK_FULL 72000u

struct beneath_click {
    struct rw_mixer_click click;
    rw_frame fade; /* where its fade-out begins; UINT64_MAX */
};

struct rw_beneath {
    /* How much room is made, up to BENEATH_HUSH and BENEATH_DUCK_FULL; 0: none. */
    uint32_t hush, duck;
    rw_frame held; /* the music stays lowered until this frame */
    uint32_t click_count;
    struct beneath_click clicks[RW_MIXER_CLICKS_MAX]; /* pending or sounding, as they came */

    /* Of the piece in work. */
    bool any_cue;
    bool hushed[BENEATH_PIECE], ducked[BENEATH_PIECE];
    float hush_levels[BENEATH_PIECE], duck_levels[BENEATH_PIECE]; /* 0: no room, to 1 */
    float left[BENEATH_PIECE], right[BENEATH_PIECE];

    float wave[BENEATH_CLICK_FRAMES]; /* of a click; constant */
};

/* Before there is an audio thread; all else is zero. */
void rw_beneath_init(struct rw_beneath *beneath);

RW_REALTIME bool rw_beneath_has_room(const struct rw_beneath *beneath);
RW_REALTIME void rw_beneath_click(struct rw_beneath *beneath, const struct rw_mixer_click *click);
/* Forgets the clicks that begin at FRAME or later. */
RW_REALTIME void rw_beneath_forget(struct rw_beneath *beneath, rw_frame frame);
/* Forgets the clicks of epochs below CANCELLED; what sounds at frame MIXED fades. */
RW_REALTIME void rw_beneath_cancel(struct rw_beneath *beneath, uint32_t cancelled, rw_frame mixed);

/* A piece of COUNT frames from MIXED on begins. */
RW_REALTIME void rw_beneath_begin(struct rw_beneath *beneath, rw_frame mixed, uint32_t count);
/* A cue of BUS sounds or will sound from START to END. */
RW_REALTIME void rw_beneath_cue(struct rw_beneath *beneath, uint32_t bus, rw_frame start,
                                rw_frame end, rw_frame mixed, uint32_t count);
/* Fills `left` and `right`; false: no click sounds. */
RW_REALTIME bool rw_beneath_clicks(struct rw_beneath *beneath, rw_frame mixed, uint32_t count);
/* Likewise with what RING (may be NULL) holds. */
RW_REALTIME bool rw_beneath_music(struct rw_beneath *beneath, struct rw_music_ring *ring,
                                  uint32_t count);

#endif
