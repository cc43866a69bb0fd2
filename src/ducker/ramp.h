/*
 * How far the music of others is down at a moment, from when cues are heard: down in a few steps
 * that end as the cue begins, up in a few more when it has ended. Pure: it is told the time.
 */
#ifndef DUCKER_RAMP_H
#define DUCKER_RAMP_H

#include "runwalk/wire/duck.h"

#define RAMP_DEPTH_MB 1400 /* 14 dB, in hundredths: what Android does */

/* Zeroed at first: up, and nothing is to come. */
struct ramp {
    int depth_mb; /* 0 to RAMP_DEPTH_MB */
    bool down;    /* where it goes to, or is */
    rw_ns stepped;
    rw_ns hold; /* a cue this soon after another finds the music still down */
};

/*
 * Brings RAMP to where it should be at NOW, and returns when it must be asked again;
 * RW_NS_NEVER: not before the plan changes.
 */
rw_ns rw_ramp_update(struct ramp *ramp, const struct rw_duck_plan *plan, rw_ns now);

#endif
