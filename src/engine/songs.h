/*
 * The music as the player sends it, file by file: between the wire and the mixer's music.
 * Message thread only.
 */
#ifndef ENGINE_SONGS_H
#define ENGINE_SONGS_H

#include "runwalk/audio/mixer.h"
#include "runwalk/audio/music.h"
#include "runwalk/wire/wire.h"

/* All zero: there has been no music. */
struct songs {
    struct rw_music *music; /* never freed: the audio thread may use it until the process exits */
};

/*
 * DESCRIPTOR (-1: none came) becomes ours. The first one gives MIXER its music. RW_EINVALID: no
 * descriptor; else as rw_music_create and rw_music_add.
 */
RW_CHECKED enum rw_status rw_songs_take(struct songs *songs, struct rw_mixer *mixer,
                                        const struct rw_wire_music *music, int descriptor);
void rw_songs_set(struct songs *songs, enum rw_wire_music_state state);
/* The next message for the player; false: there is none. */
bool rw_songs_event(struct songs *songs, struct rw_wire_message *ret_message);
/* Readable while there may be one; -1 without music. */
int rw_songs_descriptor(const struct songs *songs);
uint32_t rw_songs_underruns(const struct songs *songs);

#endif
