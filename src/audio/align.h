/*
 * Alignment: brings a clip to the common loudness and softens its hard edges, as clip.h tells.
 */
#ifndef RUNWALK_SRC_AUDIO_ALIGN_H
#define RUNWALK_SRC_AUDIO_ALIGN_H

#include "runwalk/audio/clip.h"

/* Changes CLIP in place. RW_EMEMORY: it may then be half changed. */
RW_CHECKED enum rw_status rw_clip_align(struct rw_clip *clip);

#endif
