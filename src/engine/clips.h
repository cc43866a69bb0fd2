/*
 * The clips the engine knows: each a descriptor it was given, decoded when a play first
 * needs it and kept while there is room. Owned and used by the message thread alone; the
 * mixer borrows the samples of clips that a play holds.
 */
#ifndef ENGINE_CLIPS_H
#define ENGINE_CLIPS_H

#include "runwalk/audio/clip.h"
#include "runwalk/wire/wire.h"

#define CLIPS_IDLE_BYTES_MAX (8u << 20) /* decoded clips that no play holds */

struct clip_entry {
    uint32_t id;
    int descriptor;       /* owned; -1: the slot is free */
    struct rw_clip *clip; /* NULL: not decoded */
    uint32_t holds;       /* plays that use it */
};

struct clips {
    struct clip_entry entries[RW_WIRE_CLIPS_MAX];
};

void rw_clips_init(struct clips *clips);
void rw_clips_finish(struct clips *clips);

/* Takes DESCRIPTOR in any case. RW_EFULL; RW_ESTATE: ID is known already. */
RW_CHECKED enum rw_status rw_clips_add(struct clips *clips, uint32_t id, int descriptor);
/* Forgets ID; RW_ENOENT: not known; RW_ESTATE: a play holds it. */
RW_CHECKED enum rw_status rw_clips_remove(struct clips *clips, uint32_t id);

/* Holds the clips of PLAY until rw_clips_release; RW_ENOENT: one is not known (none is held then).
 */
RW_CHECKED enum rw_status rw_clips_hold(struct clips *clips, const struct rw_wire_play *play);
void rw_clips_release(struct clips *clips, const struct rw_wire_play *play);

/*
 * Decodes the first clip of PLAY that is not; *ret_ready tells whether all are now. Blocks
 * for as long as decoding one clip takes. The errors are those of rw_clip_load.
 */
RW_CHECKED enum rw_status rw_clips_prepare(struct clips *clips, const struct rw_wire_play *play,
                                           bool *ret_ready, const char **ret_problem);

/* The decoded clip ID, which a prepared play holds. */
const struct rw_clip *rw_clips_get(struct clips *clips, uint32_t id);

#endif
