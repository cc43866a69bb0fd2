/*
 * The mixer: plays utterances (sequences of clips) at exact frames of one 48 kHz
 * stereo stream. It knows frames, not clocks, and decides nothing. The audio thread
 * calls rw_mixer_process; one other thread (the message thread, or the same one
 * offline) calls everything else. Between the two stand single-producer
 * single-consumer rings of small fixed-size messages, and a few atomic settings.
 *
 * What it writes does not depend on how the stream is cut into blocks, to the last
 * bit; only the moment at which a command is noticed does: the start of a block.
 */
#ifndef RUNWALK_AUDIO_MIXER_H
#define RUNWALK_AUDIO_MIXER_H

#include "runwalk/audio/clip.h"

#include <stdbool.h>

#define RW_MIXER_VOICES_MAX  64 /* utterances pending or sounding at once */
#define RW_MIXER_PARTS_MAX   16 /* clips of one utterance */
#define RW_MIXER_BUSES       4
#define RW_MIXER_FADE_FRAMES (RW_RATE / 100) /* 10 ms: cancel, gain changes */

struct rw_mixer_play {
    uint64_t cue;   /* named in reports */
    uint32_t epoch; /* silenced by a cancel of this epoch or a later one; < UINT32_MAX */
    uint32_t bus;   /* < RW_MIXER_BUSES */
    rw_frame start; /* output frame; when it is past, the earliest possible one */
    float gain_left, gain_right;
    uint32_t part_count; /* 1 to RW_MIXER_PARTS_MAX; parts may butt, overlap or leave gaps */
    struct {
        const struct rw_clip *clip; /* borrowed until the report that ends the cue */
        uint32_t offset;            /* frames after `start` */
    } parts[RW_MIXER_PARTS_MAX];
};

enum rw_mixer_outcome {
    RW_MIXER_STARTED,   /* `frame` is the very frame at which it began (offset 0) */
    RW_MIXER_ENDED,     /* `frame` is the first one after its last; its clips are free */
    RW_MIXER_CUT,       /* cancelled while sounding; silent from `frame` on; its clips are free */
    RW_MIXER_CANCELLED, /* cancelled before it sounded; its clips are free */
};

struct rw_mixer_report {
    uint64_t cue;
    enum rw_mixer_outcome outcome;
    rw_frame frame;
};

struct rw_mixer;

/* All gains start at 0 dB. */
RW_CHECKED enum rw_status rw_mixer_create(struct rw_mixer **ret_mixer);
/* The audio thread must have stopped. NULL is fine. */
void rw_mixer_destroy(struct rw_mixer *mixer);

/*
 * Message thread. Each play is answered by reports: STARTED and then ENDED or CUT, or only
 * CANCELLED. RW_EFULL: RW_MIXER_VOICES_MAX cues are pending, sounding, or have ended without
 * their last report being read; nothing was taken. RW_EINVALID: no or too many parts, no such
 * bus or epoch, a gain beyond 24 dB or not a number, a start so far that frames overflow.
 */
RW_CHECKED enum rw_status rw_mixer_play(struct rw_mixer *mixer, const struct rw_mixer_play *play);
/*
 * Message thread. Fades out over RW_MIXER_FADE_FRAMES, from the next block on, all of EPOCH and
 * before, and silences whatever may still come of these epochs. It cannot fail.
 */
void rw_mixer_cancel(struct rw_mixer *mixer, uint32_t epoch);
/*
 * Message thread. -96 dB and below is silence, +24 dB is the most; reached by a ramp of
 * RW_MIXER_FADE_FRAMES from the next block on, or at once before the first block.
 * RW_EINVALID: no such bus, too loud, or not a number.
 */
RW_CHECKED enum rw_status rw_mixer_set_gain(struct rw_mixer *mixer, uint32_t bus, float gain_db);

/*
 * A click of the runner's steps: short and soft, RW_MIXER_CLICK_DB under speech, as loud as the
 * voice's bus is set. It makes room for every cue that is not on the music's bus: silent from 20 ms
 * before the cue begins. One that comes too late is left out, for a click out of step is worse.
 */
struct rw_mixer_click {
    rw_frame frame; /* of its first sample */
    uint32_t epoch; /* as of a play */
    float gain;     /* 0 to 1: the fade of a row of clicks */
};
#define RW_MIXER_CLICKS_MAX 32
#define RW_MIXER_CLICK_DB   (-18.0)
/*
 * Message thread. Clicks are given in the order in which they sound. RW_EFULL: so many wait already
 * that there is no room; RW_EINVALID: no such epoch or gain.
 */
RW_CHECKED enum rw_status rw_mixer_click(struct rw_mixer *mixer,
                                         const struct rw_mixer_click *click);
/* Message thread. Forgets the clicks given so far that begin at FRAME or later. RW_EFULL. */
RW_CHECKED enum rw_status rw_mixer_forget_clicks(struct rw_mixer *mixer, rw_frame frame);

/*
 * Message thread, once. What MUSIC holds sounds on RW_MIXER_MUSIC_BUS from the next block on,
 * lowered while a cue sounds. It outlives the mixer.
 */
struct rw_music;
void rw_mixer_set_music(struct rw_mixer *mixer, struct rw_music *music);

/*
 * Message thread. Adds noise of one step of 16 bits to all that is written, also to silence: for
 * earphones that take digital silence for the end. Off at first.
 */
void rw_mixer_set_dither(struct rw_mixer *mixer, bool dither);

/* The buses that clicks and music know by what they are for. */
#define RW_MIXER_VOICE_BUS 0u
#define RW_MIXER_TICK_BUS  2u
#define RW_MIXER_MUSIC_BUS 3u

/*
 * Message thread. The next report; false when there is none. A cue's reports come in order; a
 * clip is free once its cue's end is reported. None is ever lost: a play is only taken when
 * there is room for all its reports.
 */
bool rw_mixer_report(struct rw_mixer *mixer, struct rw_mixer_report *ret_report);

/*
 * Audio thread. Writes the next FRAMES frames (any number) to OUT, interleaved stereo,
 * through the look-ahead limiter (ceiling -1 dBTP; what stays below passes bit for bit).
 * The limiter's delay is hidden: a cue with start N has its first sample in output frame N.
 * Its price is that a command must come RW_MIXER_AHEAD_FRAMES before the frame it concerns;
 * see rw_mixer_earliest. The first RW_MIXER_AHEAD_FRAMES frames of a stream are silent.
 */
#define RW_MIXER_AHEAD_FRAMES (RW_RATE / 200) /* 5 ms */
RW_REALTIME void rw_mixer_process(struct rw_mixer *mixer, float *restrict out, uint32_t frames);

/* Audio thread, or any when it is stopped: the next output frame, from 0. */
RW_REALTIME rw_frame rw_mixer_position(const struct rw_mixer *mixer);
/* Likewise: rw_music_position of its music; 0 without. */
RW_REALTIME rw_frame rw_mixer_music_position(const struct rw_mixer *mixer);
/* Likewise: the earliest frame at which a sound can still begin. */
RW_REALTIME rw_frame rw_mixer_earliest(const struct rw_mixer *mixer);

#endif
