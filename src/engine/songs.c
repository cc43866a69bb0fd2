#include "songs.h"

#include <stdio.h>

enum rw_status rw_songs_take(struct songs *songs, struct rw_mixer *mixer,
                             const struct rw_wire_music *music, int descriptor)
{
    if (descriptor < 0) {
        return RW_EINVALID;
    }
    if (!songs->music) {
        enum rw_status status = rw_music_create(true, &songs->music);
        if (status != RW_OK) {
            close(descriptor);
            return status;
        }
        rw_mixer_set_music(mixer, songs->music);
    }
    return rw_music_add(songs->music, descriptor, music->number, music->start);
}

void rw_songs_set(struct songs *songs, enum rw_wire_music_state state)
{
    if (!songs->music) {
        return;
    }
    switch (state) {
    case RW_WIRE_MUSIC_REST:
        rw_music_play(songs->music, false);
        return;
    case RW_WIRE_MUSIC_PLAY:
        rw_music_play(songs->music, true);
        return;
    case RW_WIRE_MUSIC_CLEAR:
        rw_music_clear(songs->music);
        return;
    }
}

bool rw_songs_event(struct songs *songs, struct rw_wire_message *ret_message)
{
    static const enum rw_wire_music_what whats[] = {
        [RW_MUSIC_BEGUN] = RW_WIRE_MUSIC_BEGUN,
        [RW_MUSIC_ENDED] = RW_WIRE_MUSIC_ENDED,
        [RW_MUSIC_REFUSED] = RW_WIRE_MUSIC_REFUSED,
    };
    struct rw_music_event event;

    if (!songs->music || !rw_music_event(songs->music, &event)) {
        return false;
    }
    *ret_message = (struct rw_wire_message){
        .type = RW_WIRE_MUSIC_EVENT,
        .music_event = {.number = event.number, .at = event.at, .what = whats[event.what]},
    };
    snprintf(ret_message->music_event.problem, sizeof(ret_message->music_event.problem), "%s",
             event.problem ? event.problem : "");
    return true;
}

int rw_songs_descriptor(const struct songs *songs)
{
    return songs->music ? rw_music_descriptor(songs->music) : -1;
}

uint32_t rw_songs_underruns(const struct songs *songs)
{
    return songs->music ? rw_music_underruns(songs->music) : 0;
}
