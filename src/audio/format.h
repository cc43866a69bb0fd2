/* Which of libsndfile's many encodings we let it decode. */
#ifndef RUNWALK_SRC_AUDIO_FORMAT_H
#define RUNWALK_SRC_AUDIO_FORMAT_H

#include <stdbool.h>

/* FORMAT as libsndfile tells it: WAV with PCM, floating point or G.711, FLAC, Vorbis, Opus. */
bool rw_format_is_taken(int format);

#endif
