#include "beats.h"

enum rw_status rw_beats_take(struct beats *beats, const struct rw_cadence *row)
{
    while (beats->count > 0 && beats->rows[beats->count - 1].row.from >= row->from) {
        beats->count--;
    }
    if (beats->count == BEATS_MAX) {
        return RW_EFULL;
    }
    if (beats->count > 0 && beats->rows[beats->count - 1].row.until > row->from) {
        beats->rows[beats->count - 1].row.until = row->from;
    }
    beats->rows[beats->count].row = *row;
    beats->rows[beats->count].sent = false;
    beats->count++;
    return RW_OK;
}

static void remove_row(struct beats *beats, size_t index)
{
    beats->count--;
    for (; index < beats->count; index++) {
        beats->rows[index] = beats->rows[index + 1];
    }
}

void rw_beats_cancel(struct beats *beats, uint32_t epoch)
{
    for (size_t i = beats->count; i-- > 0;) {
        if (beats->rows[i].row.epoch <= epoch) {
            remove_row(beats, i);
        }
    }
}

void rw_beats_expire(struct beats *beats, rw_ns now)
{
    for (size_t i = beats->count; i-- > 0;) {
        const struct rw_cadence *row = &beats->rows[i].row;
        if ((row->millisteps == 0 ? row->from : row->until) <= now) {
            remove_row(beats, i);
        }
    }
}

void rw_beats_recall(struct beats *beats)
{
    for (size_t i = 0; i < beats->count; i++) {
        beats->rows[i].sent = false;
    }
}

/* The first row with clicks; NULL: there is none. */
static const struct rw_cadence *first_row(const struct beats *beats)
{
    for (size_t i = 0; i < beats->count; i++) {
        if (beats->rows[i].row.millisteps != 0) {
            return &beats->rows[i].row;
        }
    }
    return NULL;
}

rw_ns rw_beats_due(const struct beats *beats)
{
    const struct rw_cadence *row = first_row(beats);
    return row ? row->from : RW_NS_NEVER;
}

rw_ns rw_beats_end(const struct beats *beats)
{
    const struct rw_cadence *row = first_row(beats);
    return row ? row->until : RW_NS_NEVER;
}
