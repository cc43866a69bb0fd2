/*
 * A sound file in which silence is a hole: nothing is written there, and it takes no room where
 * the file system knows holes. To whoever reads the file it is zeros, as ever. An hour's cues
 * are a few minutes of sound in a gigabyte, on a card that wears out.
 */
#ifndef AUDIO_SPARSE_H
#define AUDIO_SPARSE_H

#include <sndfile.h>
#include <stdbool.h>
#include <stddef.h>

struct rw_sparse {
    int descriptor;
    sf_count_t size;   /* with the hole at its end, which the file has only after rw_sparse_end */
    sf_count_t at;     /* where libsndfile writes or reads next */
    sf_count_t stored; /* up to there the disk has been told to begin */
    int error;         /* of the first write that failed, as an errno; 0: none */
};

/*
 * Opens the empty file DESCRIPTOR, which stays the caller's, for writing. SPARSE must stay where
 * it is until sf_close. As sf_open; when a write failed, errno tells why.
 */
SNDFILE *rw_sparse_open(struct rw_sparse *sparse, int descriptor, SF_INFO *info);
/*
 * After sf_close: makes the file as long as it is. As ftruncate; it fails, too, when a write has
 * failed, for sf_close writes and does not tell.
 */
int rw_sparse_end(const struct rw_sparse *sparse);

/* Whether all COUNT bytes are 0. */
bool rw_is_zeros(const void *bytes, size_t count);

#endif
