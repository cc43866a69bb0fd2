/*
 * The stream's clock: which boot time a frame is heard at, and which frame a boot time
 * falls on, smoothed from the device's noisy word. Pure: it reads no clock itself.
 */
#ifndef ENGINE_CLOCK_H
#define ENGINE_CLOCK_H

#include "runwalk/base.h"

#include <stdbool.h>

#define CLOCK_JUMP_RUN 4 /* observations in a row that must agree before a jump is believed */

/*
 * The line that frames follow, held as a deviation from nominal rate: time(frame) =
 * origin + (frame - first) / RW_RATE + offset + slope * seconds since `at`. The deviation
 * is small, so it may be floating point; the rest is integer from the absolute origin.
 */
struct clock {
    rw_ns origin; /* of frame `first`; the first observation, or the one after a jump */
    rw_frame first;
    rw_frame at; /* the frame `offset` and `slope` hold for */
    double offset;
    double slope;                                       /* ns a second */
    double offset_variance, covariance, slope_variance; /* of the two, ns², ns²/s, ns²/s² */
    double noise;                                       /* variance of an observation, ns² */
    uint32_t count;                                     /* observations since the last jump */
    uint32_t strays;                                    /* in a row, too far from the line */
    struct {
        rw_frame frame;
        rw_ns heard;
    } stray[CLOCK_JUMP_RUN];
    uint32_t jumps; /* of a stream that had settled */
};

void clock_init(struct clock *clock);

/* FRAME will be heard at HEARD, says the device. Frames never go back. */
void clock_observe(struct clock *clock, rw_frame frame, rw_ns heard);

/* Whether there is an observation at all; the two below need one. */
bool clock_is_set(const struct clock *clock);
rw_ns clock_time(const struct clock *clock, rw_frame frame);
/* The nearest frame; 0 for a time before the first. */
rw_frame clock_frame(const struct clock *clock, rw_ns time);

#endif
