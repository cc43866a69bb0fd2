/*
 * The runs of the history by week: from Monday to Sunday, as the clock on the wall has it. Pure
 * but for the time zone.
 */
#ifndef RW_CLI_WEEKS_H
#define RW_CLI_WEEKS_H

#include "canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define RW_WEEKS_MAX 104

/* What is shorter was a try, and counts as no session. */
#define RW_SESSION_LEAST_MS 60000

/* One run of the history, as far as it is counted. */
struct rw_session_sum {
    int64_t begin_unix_ms;
    bool is_dated; /* the device's clock was right then, or later in the same boot */
    int64_t session_ms, planned_ms, running_ms, walking_ms;
    unsigned rests;
};

struct rw_week {
    int64_t monday; /* days since 1970-01-01 */
    unsigned sessions, rests;
    int64_t session_ms, planned_ms, running_ms, walking_ms;
};

struct rw_weeks {
    struct rw_week list[RW_WEEKS_MAX]; /* the oldest first; the last one is the present */
    size_t count;
    unsigned streak;       /* weeks in a row with a session; the present one may be to come */
    unsigned undated;      /* sessions without a date that can be relied on */
    int64_t streak_monday; /* the earliest week of the streak so far */
    bool is_streak_over;
};

/* COUNT weeks up to that of NOW; from 1 to RW_WEEKS_MAX. */
void rw_weeks_init(struct rw_weeks *weeks, time_t now, size_t count);

/*
 * Counts SUM, which is not later than those before it. False: nothing earlier can change the
 * weeks or the streak.
 */
bool rw_weeks_add(struct rw_weeks *weeks, const struct rw_session_sum *sum);

/* The day's Monday, in days since 1970-01-01. */
int64_t rw_week_of(time_t moment);
/* Days since 1970-01-01 as a date; only year, month and day are set. */
struct tm rw_date_of(int64_t days);

/* How narrow the chart of the weeks can be, and how wide it grows. */
#define RW_WEEKS_COLUMNS_MIN 24
#define RW_WEEKS_COLUMNS_MAX 100

/* As a canvas of COLUMNS, with what it means; NULL: memory is short. */
struct rw_canvas *rw_weeks_draw(const struct rw_weeks *weeks, unsigned columns);

#endif
