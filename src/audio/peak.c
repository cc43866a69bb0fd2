#include "peak.h"

#include <string.h>

/*
 * Windowed sinc, sinc(k - 5 - t) for k = 0..11 and t = 1/4 and 1/2 (3/4 is 1/4 backwards), Kaiser
 * window of half width 6 and beta 5, each phase scaled to sum 1. Within 0.11 dB up to 18 kHz.
 */
static const float quarter[RW_PEAK_TAPS] = {
    -0.004879555f, 0.014719555f,  -0.034300832f, 0.072401957f,  -0.163447096f, 0.897775454f,
    0.290083687f,  -0.106084276f, 0.050049278f,  -0.022932814f, 0.008885806f,  -0.002271165f,
};
static const float half[RW_PEAK_TAPS / 2] = {
    -0.004843870f, 0.016329487f, -0.039836273f, 0.085150470f, -0.184445326f, 0.627645512f,
};

static inline RW_REALTIME float magnitude(float value)
{
    return value < 0.0f ? -value : value;
}

static inline RW_REALTIME float higher(float a, float b)
{
    return a > b ? a : b;
}

RW_REALTIME void rw_peak_raise(float *restrict peaks, const float *restrict samples, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const float *x = samples + i;
        float first = 0.0f, middle = 0.0f, last = 0.0f;

        for (uint32_t k = 0; k < RW_PEAK_TAPS; k++) {
            first += quarter[k] * x[k];
            last += quarter[RW_PEAK_TAPS - 1 - k] * x[k];
        }
        for (uint32_t k = 0; k < RW_PEAK_TAPS / 2; k++) {
            middle += half[k] * (x[k] + x[RW_PEAK_TAPS - 1 - k]);
        }

        float between = higher(higher(magnitude(first), magnitude(last)), magnitude(middle));
        float around = higher(magnitude(x[RW_PEAK_TAPS / 2 - 1]), magnitude(x[RW_PEAK_TAPS / 2]));
        peaks[i] = higher(peaks[i], higher(between, around));
    }
}

RW_REALTIME float rw_peak_sample(const float *samples, uint32_t count)
{
    /* Without their sign floats are ordered as integers are, and that the compiler vectorises. */
    int32_t highest = 0;
    float result;

    for (uint32_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, &samples[i], sizeof(bits));
        bits &= INT32_MAX;
        highest = bits > highest ? bits : highest;
    }
    memcpy(&result, &highest, sizeof(result));
    return result;
}

RW_REALTIME bool rw_peak_exceeds(const float *samples, uint32_t count, float limit)
{
    /* As above, but to note each that is too high takes half of what it takes to keep the highest.
     */
    int32_t highest, any = 0;

    memcpy(&highest, &limit, sizeof(highest));
    for (uint32_t i = 0; i < count; i++) {
        int32_t bits;
        memcpy(&bits, &samples[i], sizeof(bits));
        any |= (bits & INT32_MAX) > highest;
    }
    return any != 0;
}
