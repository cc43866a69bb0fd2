/*
 * A cadence: rows of clicks at the runner's steps, each click's time computed from the origin of
 * its row, so that nothing drifts. Times only; which frame a time falls on, and the sound, are
 * the business of whoever asks.
 */
#ifndef RUNWALK_AUDIO_CADENCE_H
#define RUNWALK_AUDIO_CADENCE_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

#define RW_CADENCE_ROWS_MAX 4
/* A row is faded in at its beginning and out at its end. */
#define RW_CADENCE_FADE (2 * RW_NS_PER_SECOND)

struct rw_cadence_row {
    uint32_t epoch;
    rw_ns from, until;   /* of the first click; of the first moment without one */
    uint32_t millisteps; /* steps a minute, in thousandths, 30000 to 300000; 0: silence */
};

struct rw_cadence_rows {
    struct {
        struct rw_cadence_row row;
        rw_ns end;      /* `until`, or where a later row takes over */
        bool continues; /* it takes over from a row that clicks, so it needs no fade */
        uint64_t next;  /* number of its next click, from 0 */
    } rows[RW_CADENCE_ROWS_MAX];
    size_t count;
};

/* All zero is a cadence without rows. */

/*
 * ROW takes over at its `from`: of those before only what comes earlier stays. *ret_void is the
 * time from which earlier clicks are void: so much before `from` that the step between an old click
 * and the first new one is no stumble. RW_EINVALID: it is empty or out of bounds; RW_EFULL.
 */
RW_CHECKED enum rw_status rw_cadence_take(struct rw_cadence_rows *rows,
                                          const struct rw_cadence_row *row, rw_ns *ret_void);
/* Forgets the rows of EPOCH and before. */
void rw_cadence_cancel(struct rw_cadence_rows *rows, uint32_t epoch);

struct rw_cadence_click {
    rw_ns at;
    uint32_t epoch;
    float gain; /* 0 to 1 */
};
/*
 * The first click at or after NOT_BEFORE, which must not go back; false: there is none. It stays
 * the next one until rw_cadence_done or a later NOT_BEFORE.
 */
bool rw_cadence_next(struct rw_cadence_rows *rows, rw_ns not_before,
                     struct rw_cadence_click *ret_click);
/* The click that rw_cadence_next gave is done with. */
void rw_cadence_done(struct rw_cadence_rows *rows);

#endif
