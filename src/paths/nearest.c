#include "runwalk/paths/nearest.h"

#include <string.h>

#define WORD_MAX 64 /* longer words are never near anything */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * The number of edits from A to B when no part is edited twice (optimal string alignment):
 * three rows of the usual table suffice, the third for swapped neighbours.
 */
static size_t edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_size; j++) {
        before[j] = 0;
        above[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);

            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
        size_t *oldest = before;

        before = above;
        above = row;
        row = oldest;
    }
    return above[b_size];
}

void rw_nearest_init(struct rw_nearest *nearest, const char *wanted)
{
    size_t size = strlen(wanted);

    nearest->wanted = wanted;
    nearest->best = NULL;
    nearest->distance = (size <= 4 ? 1 : size <= 8 ? 2 : 3) + 1;
}

void rw_nearest_offer(struct rw_nearest *nearest, const char *candidate)
{
    size_t wanted_size = strlen(nearest->wanted), size = strlen(candidate);

    if (wanted_size == 0 || wanted_size > WORD_MAX || size > WORD_MAX) {
        return;
    }
    size_t distance = edit_distance(nearest->wanted, wanted_size, candidate, size);

    /* A word of which nothing is left is not a near one. */
    if (distance < nearest->distance && distance < wanted_size) {
        nearest->distance = distance;
        nearest->best = candidate;
    }
}
