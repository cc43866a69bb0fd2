/*
 * The nearest known word to one that is unknown, for messages that offer a remedy.
 */
#ifndef RUNWALK_PATHS_NEAREST_H
#define RUNWALK_PATHS_NEAREST_H

#include <stddef.h>

/*
 * Remembers the best of the words it is shown: one edit (insert, delete, change, swap two
 * neighbours) for up to 4 bytes of the unknown word, two up to 8, three beyond that.
 */
struct rw_nearest {
    const char *wanted;
    const char *best; /* borrowed from the candidates; NULL: none is near */
    size_t distance;  /* of `best` */
};

/* WANTED is borrowed. */
void rw_nearest_init(struct rw_nearest *nearest, const char *wanted);
void rw_nearest_offer(struct rw_nearest *nearest, const char *candidate);

#endif
