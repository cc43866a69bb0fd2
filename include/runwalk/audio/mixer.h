/*
 * The mixer: plays utterances (sequences of clips) at exact frames of one 48 kHz
 * stereo stream. It knows frames, not clocks, and decides nothing. The audio thread
 * calls rw_mixer_process; one other thread (the message thread, or the same one
 * offline) calls everything else. Between the two stand single-producer
 * single-consumer rings of small fixed-size messages and nothing else.
 */
#ifndef RUNWALK_AUDIO_MIXER_H
#define RUNWALK_AUDIO_MIXER_H

#include "runwalk/audio/clip.h"

#define RW_MIXER_VOICES_MAX  64 /* utterances pending or sounding at once */
#define RW_MIXER_PARTS_MAX   16 /* clips of one utterance */
#define RW_MIXER_BUSES       4
#define RW_MIXER_FADE_FRAMES (RW_RATE / 100) /* 10 ms: cancel, gain changes */

struct rw_mixer_play {
    uint64_t cue;   /* named in reports */
    uint32_t epoch; /* silenced by a cancel of this epoch or later */
    uint32_t bus;   /* < RW_MIXER_BUSES */
    rw_frame start; /* output frame; when it is past, the earliest possible one */
    float gain_left, gain_right;
    uint32_t part_count;
    struct {
        const struct rw_clip *clip; /* borrowed until the report that ends the cue */
        uint32_t offset;            /* frames after `start` */
    } parts[RW_MIXER_PARTS_MAX];
};

enum rw_mixer_outcome {
    RW_MIXER_STARTED,   /* `frame` is the very frame of its first sample */
    RW_MIXER_ENDED,     /* its last sample has been mixed; its clips are free */
    RW_MIXER_CUT,       /* cancelled while sounding; faded; its clips are free */
    RW_MIXER_CANCELLED, /* cancelled before it sounded; its clips are free */
    RW_MIXER_REFUSED,   /* no free voice; its clips are free */
};

struct rw_mixer_report {
    uint64_t cue;
    enum rw_mixer_outcome outcome;
    rw_frame frame;
};

struct rw_mixer;

/* All gains start at 0 dB. */
RW_CHECKED enum rw_status rw_mixer_create(struct rw_mixer **ret_mixer);
/* The audio thread must have stopped. */
void rw_mixer_destroy(struct rw_mixer *mixer);

/* Message thread. RW_EFULL: the ring is full; nothing was taken. */
RW_CHECKED enum rw_status rw_mixer_play(struct rw_mixer *mixer, const struct rw_mixer_play *play);
/* Fades out over RW_MIXER_FADE_FRAMES, from the next block on, all of EPOCH and before. */
RW_CHECKED enum rw_status rw_mixer_cancel(struct rw_mixer *mixer, uint32_t epoch);
/* -96 dB and below is silence; reached by a ramp of RW_MIXER_FADE_FRAMES. */
RW_CHECKED enum rw_status rw_mixer_set_gain(struct rw_mixer *mixer, uint32_t bus, float gain_db);
/* The next report; false when there is none. A clip is free once its cue's end is reported. */
bool rw_mixer_report(struct rw_mixer *mixer, struct rw_mixer_report *ret_report);
/* Reports that found their ring full and were kept back a block or more. */
uint64_t rw_mixer_report_stalls(const struct rw_mixer *mixer);

/*
 * Audio thread. Writes the next FRAMES frames (any number) to OUT, interleaved stereo,
 * through the look-ahead limiter (ceiling -1 dBTP). The limiter's delay is hidden: a cue
 * with start N has its first sample in output frame N. Its price is that a command must
 * come RW_MIXER_AHEAD_FRAMES before the frame it concerns; see rw_mixer_earliest.
 */
#define RW_MIXER_AHEAD_FRAMES (RW_RATE / 200) /* 5 ms */
RW_REALTIME void rw_mixer_process(struct rw_mixer *mixer, float *restrict out, uint32_t frames);

/* Audio thread, or any when it is stopped: the next output frame, from 0. */
RW_REALTIME rw_frame rw_mixer_position(const struct rw_mixer *mixer);
/* Likewise: the earliest frame at which a sound can still begin. */
RW_REALTIME rw_frame rw_mixer_earliest(const struct rw_mixer *mixer);

#endif
