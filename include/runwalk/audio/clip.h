/*
 * A clip: decoded sound in memory, 48 kHz float, mono or stereo. Loading decodes
 * (WAV, FLAC, Ogg), checks, resamples and aligns loudness; never on the audio thread.
 */
#ifndef RUNWALK_AUDIO_CLIP_H
#define RUNWALK_AUDIO_CLIP_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

#define RW_CLIP_FRAMES_MAX    (120u * RW_RATE) /* a clip lasts two minutes at most */
#define RW_CLIP_LOUDNESS_LUFS (-18.0)
#define RW_CLIP_PEAK_DBTP     (-1.0)

struct rw_clip {
    uint32_t frames;   /* at RW_RATE */
    uint32_t channels; /* 1 or 2; interleaved */
    float samples[];
};

/*
 * Decodes the file open at DESCRIPTOR (read only, seekable; stays the caller's).
 * With ALIGN the clip is brought to RW_CLIP_LOUDNESS_LUFS, its true peak not above
 * RW_CLIP_PEAK_DBTP. RW_EINVALID: not a sound file that we take, or it lies about
 * itself; RW_ELIMIT: too long, too many channels, a rate outside 8 to 192 kHz;
 * RW_EIO; RW_EMEMORY. ret_problem (may be NULL) is static text with the reason.
 */
RW_CHECKED enum rw_status rw_clip_load(int descriptor, bool align, struct rw_clip **ret_clip,
                                       const char **ret_problem);
void rw_clip_destroy(struct rw_clip *clip);

#endif
