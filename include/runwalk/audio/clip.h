/*
 * A clip: decoded sound in memory, 48 kHz float, mono or stereo. Loading decodes
 * (WAV, FLAC, Ogg with Vorbis or Opus), checks, resamples and aligns loudness; never
 * on the audio thread.
 */
#ifndef RUNWALK_AUDIO_CLIP_H
#define RUNWALK_AUDIO_CLIP_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

#define RW_CLIP_FRAMES_MAX    (120u * RW_RATE) /* a clip lasts two minutes at most */
#define RW_CLIP_RATE_MIN      8000
#define RW_CLIP_RATE_MAX      192000
#define RW_CLIP_LOUDNESS_LUFS (-18.0)
#define RW_CLIP_PEAK_DBTP     (-1.0)
#define RW_CLIP_GAIN_MAX_DB   30.0             /* alignment makes nothing louder than that */
#define RW_CLIP_EDGE_FRAMES   (RW_RATE / 200u) /* 5 ms: the fade of a hard edge */

struct rw_clip {
    uint32_t frames;   /* at RW_RATE, never 0 */
    uint32_t channels; /* 1 or 2; interleaved */
    float samples[];
};

/*
 * Decodes the file open at DESCRIPTOR (read only, a regular file; it stays the caller's, but its
 * position moves). The clip has ceil(frames * RW_RATE / rate) frames and keeps its timing.
 *
 * With ALIGN the clip is brought to RW_CLIP_LOUDNESS_LUFS (ITU-R BS.1770, as heard on both
 * channels; a clip below 400 ms as if silence followed up to there), as far as its true peak does
 * not rise above RW_CLIP_PEAK_DBTP; silence stays silence. A hard edge would click and is faded
 * over RW_CLIP_EDGE_FRAMES: the clip begins or ends in the middle of sound, with two frames less
 * than 40 dB below its peak. (One such frame alone is an impulse, and meant.) Without ALIGN the
 * samples stay what they are.
 *
 * RW_EINVALID: not a sound file that we take, damaged, cut short, empty, or with samples that are
 * no numbers; RW_ELIMIT: too long, too many channels, a rate out of bounds; RW_EIO; RW_EMEMORY.
 * ret_problem (may be NULL) is static text with the reason, set on failure.
 */
RW_CHECKED enum rw_status rw_clip_load(int descriptor, bool align, struct rw_clip **ret_clip,
                                       const char **ret_problem);
/* NULL is fine. */
void rw_clip_destroy(struct rw_clip *clip);

#endif
