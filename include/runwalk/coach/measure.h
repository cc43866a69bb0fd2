/*
 * The bridge between the planner and the voice: how long words sound.
 */
#ifndef RUNWALK_COACH_MEASURE_H
#define RUNWALK_COACH_MEASURE_H

#include "runwalk/core/cue.h"
#include "runwalk/voice/voice.h"

/* Measures with VOICE, which is borrowed. */
struct rw_measure rw_coach_measure(const struct rw_voice *voice);

/* The length of FRAMES at RW_RATE, rounded up to the next nanosecond. */
rw_ns rw_frames_to_ns(uint64_t frames);

#endif
