/*
 * The music the player is to play: a list of files, over and over, and where in it the runner
 * is. The engine is handed one open file after the other; when it dies, the next one goes on at the
 * same place.
 */
#ifndef PLAYER_TUNES_H
#define PLAYER_TUNES_H

#include "runwalk/wire/wire.h"

#include <stddef.h>

#define TUNES_PARTS 4 /* files whose sound an engine may hold at once; of shorter ones, more */

/* A file that the engine has been given. */
struct tune_part {
    uint64_t number;
    size_t index; /* in the list */
    rw_frame start;
    bool begun;
    rw_frame begin; /* the frame of the engine's music it begins at */
};

struct tunes {
    char **paths; /* owned, and each of them; NULL: no music */
    size_t count;
    bool rests;     /* it waits where it is */
    size_t index;   /* what plays, or is to be played next, */
    rw_frame start; /* and from where in it */

    /* In the engine. */
    bool given;      /* it has a file of this list */
    bool wants_next; /* it has decoded the last one it was given */
    bool tell_clear, tell_state;
    struct tune_part parts[TUNES_PARTS]; /* oldest first */
    size_t part_count;

    uint64_t number;    /* of the last file given to any engine */
    unsigned fruitless; /* files in a row of which nothing could be heard */
    unsigned crashes;   /* engines in a row that died with the present file */
};

/*
 * PATHS, COUNT of them, become ours (malloc'd, each and all) and are played from the first on;
 * COUNT 0 ends the music.
 */
void rw_tunes_set(struct tunes *tunes, char **paths, size_t count);
void rw_tunes_rest(struct tunes *tunes, bool rests);
/* Whether a stream is needed for it. */
bool rw_tunes_sound(const struct tunes *tunes);

/* The file to give to the engine next, from which frame on; NULL: none is wanted now. */
const char *rw_tunes_next(const struct tunes *tunes, rw_frame *ret_start);
/* It was given, under this number; or it could not be opened (then there is a next one, or none).
 */
uint64_t rw_tunes_given(struct tunes *tunes);
void rw_tunes_pass(struct tunes *tunes);

/*
 * What an engine says. Returns the file it refuses, or NULL. When all of the list has been
 * refused the music ends.
 */
const char *rw_tunes_event(struct tunes *tunes, const struct rw_wire_music_event *event);
/* The engine's music has come to frame POSITION. */
void rw_tunes_follow(struct tunes *tunes, rw_frame position);
/*
 * The engine is gone, and the last HELD frames were not heard; CRASHED: by a fault of its own.
 * Returns a file that is passed over since engines die of it, or NULL.
 */
const char *rw_tunes_recall(struct tunes *tunes, rw_frame held, bool crashed);

#endif
