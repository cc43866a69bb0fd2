#include "runwalk/audio/cadence.h"

#define MILLISTEPS_MIN 30000u
#define MILLISTEPS_MAX 300000u
/* So many clicks as a row's millisteps last this long: 1000 minutes. */
#define TURN          (UINT64_C(60000) * 1000000000)
#define LONGEST       (INT64_C(7) * 86400 * RW_NS_PER_SECOND)
#define NS_PER_MINUTE (UINT64_C(60) * 1000000000)

/* A product of less than MILLISTEPS_MAX and TURN fits 64 bits. */
_Static_assert(UINT64_MAX / TURN >= MILLISTEPS_MAX, "click times overflow");

/* How long after its row's origin click NUMBER comes, rounded down to the nanosecond. */
static rw_ns click_offset(uint32_t millisteps, uint64_t number)
{
    uint64_t turns = number / millisteps, rest = number % millisteps;
    return (rw_ns)(turns * TURN + rest * TURN / millisteps);
}

/* The number of the first click SPAN or more after the origin. */
static uint64_t click_number(uint32_t millisteps, rw_ns span)
{
    if (span <= 0) {
        return 0;
    }
    /* Whole minutes and the rest apart, so that nothing overflows; then to the nanosecond. */
    uint64_t minutes = (uint64_t)span / NS_PER_MINUTE, rest = (uint64_t)span % NS_PER_MINUTE;
    uint64_t number = minutes * millisteps / 1000 + rest * (millisteps / 1000) / NS_PER_MINUTE;
    while (click_offset(millisteps, number) < span) {
        number++;
    }
    return number;
}

enum rw_status rw_cadence_take(struct rw_cadence_rows *rows, const struct rw_cadence_row *row,
                               rw_ns *ret_void)
{
    bool clicks = row->millisteps != 0;
    bool continues = false;
    rw_ns margin = 0;

    if (clicks && (row->millisteps < MILLISTEPS_MIN || row->millisteps > MILLISTEPS_MAX ||
                   row->from < 0 || row->until <= row->from || row->until - row->from > LONGEST)) {
        return RW_EINVALID;
    }
    while (rows->count > 0 && rows->rows[rows->count - 1].row.from >= row->from) {
        rows->count--;
    }
    if (clicks && rows->count == RW_CADENCE_ROWS_MAX) {
        return RW_EFULL;
    }
    if (clicks) {
        margin = click_offset(row->millisteps, 1) / 2;
    }
    if (rows->count > 0 && rows->rows[rows->count - 1].end > row->from - margin) {
        continues = clicks;
        rows->rows[rows->count - 1].end = row->from - margin;
    }
    if (clicks) {
        rows->rows[rows->count].row = *row;
        rows->rows[rows->count].end = row->until;
        rows->rows[rows->count].continues = continues;
        rows->rows[rows->count].next = 0;
        rows->count++;
    }
    *ret_void = row->from - margin;
    return RW_OK;
}

static void remove_row(struct rw_cadence_rows *rows, size_t index)
{
    rows->count--;
    for (; index < rows->count; index++) {
        rows->rows[index] = rows->rows[index + 1];
    }
}

void rw_cadence_cancel(struct rw_cadence_rows *rows, uint32_t epoch)
{
    for (size_t i = rows->count; i-- > 0;) {
        if (rows->rows[i].row.epoch <= epoch) {
            remove_row(rows, i);
        }
    }
}

static float fade_gain(rw_ns since)
{
    return since >= RW_CADENCE_FADE ? 1.0f : (float)since / (float)RW_CADENCE_FADE;
}

bool rw_cadence_next(struct rw_cadence_rows *rows, rw_ns not_before,
                     struct rw_cadence_click *ret_click)
{
    while (rows->count > 0) {
        const struct rw_cadence_row *row = &rows->rows[0].row;
        uint64_t number = rows->rows[0].next;
        rw_ns at = row->from + click_offset(row->millisteps, number);
        if (at < not_before) {
            number = rows->rows[0].next = click_number(row->millisteps, not_before - row->from);
            at = row->from + click_offset(row->millisteps, number);
        }
        if (at >= rows->rows[0].end) {
            remove_row(rows, 0);
            continue;
        }
        /* The first click is heard, too. */
        float rise = fade_gain(at - row->from + click_offset(row->millisteps, 1));
        float fall = fade_gain(row->until - at);
        rise = rows->rows[0].continues ? 1.0f : rise;
        *ret_click = (struct rw_cadence_click){at, row->epoch, rise < fall ? rise : fall};
        return true;
    }
    return false;
}

void rw_cadence_done(struct rw_cadence_rows *rows)
{
    if (rows->count > 0) {
        rows->rows[0].next++;
    }
}
