/*
 * True peak: how high the wave between the samples rises, found by interpolating four
 * times (the method of ITU-R BS.1770, annex 2, with an interpolator of our own). Loader and
 * limiter share it, so a clip aligned by the one never disturbs the other.
 */
#ifndef RUNWALK_SRC_AUDIO_PEAK_H
#define RUNWALK_SRC_AUDIO_PEAK_H

#include "runwalk/base.h"

#include <stdbool.h>

/* -1 dBTP: what neither an aligned clip nor the mixed stream exceeds. */
#define RW_PEAK_CEILING 0.89125094f

/* The interpolator looks at this many samples at once ... */
#define RW_PEAK_TAPS 12u
/* ... and rises at most this much above the highest of them (the sum of its absolute taps). */
#define RW_PEAK_OVERSHOOT 1.92f

/*
 * Raises peaks[i] to the highest |value| of the wave in the middle of the RW_PEAK_TAPS samples from
 * samples[i] on, that is from the sixth to the seventh, for i < COUNT.
 */
RW_REALTIME void rw_peak_raise(float *restrict peaks, const float *restrict samples,
                               uint32_t count);

/* The highest |sample|, without what lies between. */
RW_REALTIME float rw_peak_sample(const float *samples, uint32_t count);

/* Whether any of COUNT samples is farther from 0 than LIMIT, which is above 0. */
RW_REALTIME bool rw_peak_exceeds(const float *samples, uint32_t count, float limit);

#endif
