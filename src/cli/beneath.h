/* What sounds beneath the cues of a studio: the clicks of a cadence, and music. */
#ifndef RW_CLI_BENEATH_H
#define RW_CLI_BENEATH_H

#include "runwalk/audio/cadence.h"
#include "runwalk/audio/mixer.h"
#include "runwalk/coach/sink.h"

#include <stdbool.h>
#include <stddef.h>

struct rw_beneath_studio {
    struct rw_cadence_rows rows;
    struct rw_music *music;   /* NULL: there is none */
    const char *const *paths; /* borrowed; played over and over */
    size_t count;
    size_t next;    /* of them: the one to be decoded next */
    rw_frame begun; /* the frame of the music the last one began at */
    unsigned fruitless;
    char problem[512]; /* the last file that could not be played, and why; "" */
};

/* All zero: neither. MIXER gets its music. RW_EMEMORY, RW_EIO as rw_music_create. */
RW_CHECKED enum rw_status rw_beneath_play(struct rw_beneath_studio *beneath, struct rw_mixer *mixer,
                                          const char *const *paths, size_t count);
/* After the mixer. */
void rw_beneath_finish(struct rw_beneath_studio *beneath);

/* CADENCE takes over; the mixer's frame of clock time T is frame_of(T) + LEAD. */
RW_CHECKED enum rw_status rw_beneath_cadence(struct rw_beneath_studio *beneath,
                                             struct rw_mixer *mixer,
                                             const struct rw_cadence *cadence, rw_frame lead);
void rw_beneath_cancel_cadence(struct rw_beneath_studio *beneath, uint32_t epoch);
/* Gives MIXER what it needs until clock time UNTIL. */
void rw_beneath_advance(struct rw_beneath_studio *beneath, struct rw_mixer *mixer, rw_ns until,
                        rw_frame lead);
/* The session is over: the music ends. */
void rw_beneath_end(struct rw_beneath_studio *beneath);

/* The frame nearest to clock time NS. */
rw_frame rw_beneath_frame(rw_ns ns);

#endif
