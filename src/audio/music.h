/* What the mixer needs of the music, and nobody else. */
#ifndef RUNWALK_SRC_AUDIO_MUSIC_H
#define RUNWALK_SRC_AUDIO_MUSIC_H

#include "music_ring.h"
#include "runwalk/audio/music.h"

struct rw_music_ring *rw_music_ring(struct rw_music *music);

#endif
