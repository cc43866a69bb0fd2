/*
 * Writing a sound file beside the mixing of what comes next, in a thread of its own: to pack and
 * to write takes as long as to mix. All calls come from one thread.
 */
#ifndef RUNWALK_AUDIO_WRITE_BEHIND_H
#define RUNWALK_AUDIO_WRITE_BEHIND_H

#include "runwalk/audio/output.h"

#define RW_WRITE_BEHIND_FRAMES 16384u

struct rw_write_behind;

/* FILE stays the caller's, who leaves it alone until rw_write_behind_finish. */
RW_CHECKED enum rw_status rw_write_behind_create(struct rw_soundfile *file,
                                                 struct rw_write_behind **ret_writer);
/*
 * Room for RW_WRITE_BEHIND_FRAMES interleaved stereo frames, the same until rw_write_behind_send.
 * It waits when much is yet to be written. NULL: writing has failed; rw_write_behind_finish
 * tells why.
 */
float *rw_write_behind_room(struct rw_write_behind *writer);
/* Has COUNT frames of the room written, from frame FIRST of it on. */
void rw_write_behind_send(struct rw_write_behind *writer, uint32_t first, uint32_t count);
/* Waits until all is written, and frees. RW_EIO: something could not be; errno tells why. */
RW_CHECKED enum rw_status rw_write_behind_finish(struct rw_write_behind *writer);

#endif
