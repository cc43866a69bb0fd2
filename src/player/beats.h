/*
 * The rows of clicks the player has been given and that are not over, so that a new engine can
 * be told of them again. Pure bookkeeping.
 */
#ifndef PLAYER_BEATS_H
#define PLAYER_BEATS_H

#include "runwalk/coach/sink.h"

#include <stdbool.h>
#include <stddef.h>

#define BEATS_MAX 8

struct beats {
    struct {
        struct rw_cadence row;
        bool sent;     /* the engine knows of it */
    } rows[BEATS_MAX]; /* by rising `from`; none reaches into the next */
    size_t count;
};

/* ROW takes over at its `from`. RW_EFULL. */
RW_CHECKED enum rw_status rw_beats_take(struct beats *beats, const struct rw_cadence *row);
/* Forgets the rows of EPOCH and before. */
void rw_beats_cancel(struct beats *beats, uint32_t epoch);
/* Forgets what is over. */
void rw_beats_expire(struct beats *beats, rw_ns now);
/* No engine knows of any. */
void rw_beats_recall(struct beats *beats);
/* When the stream must be open for clicks: a past time while they go on; RW_NS_NEVER: none are. */
rw_ns rw_beats_due(const struct beats *beats);
/* When the row of rw_beats_due ends; RW_NS_NEVER: there is none. */
rw_ns rw_beats_end(const struct beats *beats);

#endif
