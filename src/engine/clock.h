/*
 * The stream's clock: which boot time a frame is heard at, and which frame a boot time
 * falls on, smoothed from the device's noisy word. Pure: it reads no clock itself.
 *
 * Two facts make it up. The line: callbacks come when the device wants more, so the earliest
 * of them (those that were not kept waiting) follow the device's true rate closely. The
 * delay: how much later than its callback a frame is heard; the device tells, with errors
 * that wander for seconds, but the buffer it fills has one size. So the line is followed
 * quickly and the delay slowly, from what an earlier stream or the buffer's size lets expect.
 */
#ifndef ENGINE_CLOCK_H
#define ENGINE_CLOCK_H

#include "runwalk/base.h"

#include <stdbool.h>

#define CLOCK_RUN       4 /* observations that must agree before the clock is believed to have jumped */
#define CLOCK_FIRST_MAX 16

/* One callback. */
struct observation {
    rw_frame frame;  /* its first */
    uint32_t frames; /* how many */
    rw_ns taken;     /* when it ran */
    rw_ns heard;     /* when `frame` leaves the device, says the device */
};

struct clock {
    /*
     * Times are held as deviations in ns from the nominal time of a frame, origin +
     * (frame - first) / RW_RATE; they are small, so they may be floating point.
     */
    bool set;
    rw_ns origin;
    rw_frame first;

    /* The line: the deviation of the time at which a callback that ends with a frame runs. */
    rw_frame at; /* the frame `offset` and `slope` hold for */
    double offset;
    double slope; /* ns a second */
    double offset_variance, covariance, slope_variance;
    uint32_t windows; /* that the line was drawn through since it began */
    uint32_t skipped; /* in a row, because all callbacks in them were late */

    /* The window in progress: its earliest callback. */
    rw_frame window_end;
    rw_frame earliest_frame;
    double earliest;

    /* The delay. */
    double delay;
    double delay_seconds; /* of listening that `delay` is worth; 0: nothing is known */
    double line_seconds;  /* those of them that were heard against this line */
    double told_last;     /* the residual of the last word */
    double told_recent;   /* and of those of late, on average */
    double jitter;        /* variance of one word against the next, ns² */
    uint32_t jitter_count;
    /* Whether the device tells the same for a stretch of windows. */
    uint32_t stretch_end, told_window;
    double told_sum, told_seconds; /* of the window in progress */
    double told_least, told_most;  /* of the windows so far */
    double noise;                  /* variance of what the device tells, ns² */
    double told[CLOCK_FIRST_MAX];  /* deviations told in the first window, when nothing is known */
    uint32_t told_count;

    uint32_t strays; /* in a row, too far from the line */
    struct observation stray[CLOCK_RUN];
    uint32_t jumps; /* of a line that was known */
};

/*
 * DELAY is what rw_clock_delay is expected to be: what it was for an earlier stream, or the size
 * of the buffer; 0: unknown. It is given up if the device tells something quite different.
 */
void rw_clock_init(struct clock *clock, rw_ns delay);

/* Frames never go back. */
void rw_clock_observe(struct clock *clock, const struct observation *seen);

/* Whether there is an observation at all; the others need one. */
bool rw_clock_is_set(const struct clock *clock);
/* Whether it has listened long enough to be right within its noise. */
bool rw_clock_is_steady(const struct clock *clock);
rw_ns rw_clock_time(const struct clock *clock, rw_frame frame);
/* The nearest frame; 0 for a time before the first. */
rw_frame rw_clock_frame(const struct clock *clock, rw_ns time);
/* From a callback to the moment the frame after its last is heard: what the device holds. */
rw_ns rw_clock_delay(const struct clock *clock);

#endif
