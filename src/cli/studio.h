/*
 * The studio: coach and mixer in one process, on a clock that counts frames. Who reads from it
 * gets, block by block, what a live run sounds like. It waits for nothing and is deterministic.
 */
#ifndef RW_CLI_STUDIO_H
#define RW_CLI_STUDIO_H

#include "runwalk/core/profile.h"
#include "runwalk/voice/voice.h"

struct rw_studio;

/*
 * Takes PROFILE (the studio destroys it, also on failure); VOICE is borrowed, MANNER copied (NULL:
 * how a coach talks by itself). RW_EMEMORY, or what the coach says to starting.
 */
RW_CHECKED enum rw_status rw_studio_create(struct rw_voice *voice, struct rw_profile *profile,
                                           const struct rw_manner *manner,
                                           struct rw_studio **ret_studio);
void rw_studio_destroy(struct rw_studio *studio);

/*
 * Plays the files at PATHS (borrowed), COUNT of them and at least one, over and over beneath the
 * session. Once, before anything is read. RW_EMEMORY, RW_EIO.
 */
RW_CHECKED enum rw_status rw_studio_play_music(struct rw_studio *studio, const char *const *paths,
                                               size_t count);
/* The last of them that could not be played, and why; "" when there was none. */
const char *rw_studio_music_problem(const struct rw_studio *studio);

/*
 * Fills OUT with up to FRAMES interleaved stereo frames; *ret_frames tells how many: 0 when the
 * session is over, its last sound has ended and a short silence has passed. RW_EIO: a clip
 * cannot be used, rw_studio_problem tells.
 */
RW_CHECKED enum rw_status rw_studio_read(struct rw_studio *studio, float *out, uint32_t frames,
                                         uint32_t *ret_frames);

/* Why reading failed: the clip and the reason; "" before that. */
const char *rw_studio_problem(const struct rw_studio *studio);

#endif
