/*
 * Music of any length for the mixer: files decoded one after the other, without a gap, into a
 * ring that the audio thread reads. It keeps no list and opens no path: it is handed one open file
 * after the other and tells when it wants the next. What it cannot decode it tells and skips.
 */
#ifndef RUNWALK_AUDIO_MUSIC_H
#define RUNWALK_AUDIO_MUSIC_H

#include "runwalk/base.h"

#include <stdbool.h>

#define RW_MUSIC_CHANNELS_MAX 8 /* the first two sound */

enum rw_music_what {
    RW_MUSIC_BEGUN,   /* `at`: the frame of the music, as rw_music_position counts, it begins at */
    RW_MUSIC_ENDED,   /* all of it is in the ring: time for the next one */
    RW_MUSIC_REFUSED, /* likewise, because it is none or damaged: `problem` is static text */
};

struct rw_music_event {
    uint64_t number; /* as the file was given */
    enum rw_music_what what;
    rw_frame at;
    const char *problem;
};

struct rw_music;

/*
 * With THREADED a thread of its own decodes; else rw_music_fill does. RW_EMEMORY; RW_EIO: no
 * thread or descriptor is to be had. All but what is marked is for the message thread.
 */
RW_CHECKED enum rw_status rw_music_create(bool threaded, struct rw_music **ret_music);
/* Not before the audio thread has stopped. NULL is fine. */
void rw_music_destroy(struct rw_music *music);

/*
 * The file open at DESCRIPTOR (it becomes the music's in any case), called NUMBER, from its frame
 * START on, counted at RW_RATE. It follows what plays without a gap. RW_EFULL: one waits already.
 */
RW_CHECKED enum rw_status rw_music_add(struct rw_music *music, int descriptor, uint64_t number,
                                       rw_frame start);
/* Fades out and forgets everything. */
void rw_music_clear(struct rw_music *music);
/* Goes on, or rests; by a ramp of 10 ms. It rests at first. */
void rw_music_play(struct rw_music *music, bool playing);

/* The next event; false: there is none. */
bool rw_music_event(struct rw_music *music, struct rw_music_event *ret_event);
/* Readable while there may be events. */
int rw_music_descriptor(const struct rw_music *music);

/* Without a thread: decodes until the ring is full or there is nothing to decode. */
void rw_music_fill(struct rw_music *music);

/* Any thread: frames that have sounded or were passed over. */
rw_frame rw_music_position(const struct rw_music *music);
/* Any thread: how often the decoder did not keep up. */
uint32_t rw_music_underruns(const struct rw_music *music);

#endif
