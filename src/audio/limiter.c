#include "limiter.h"

#include "peak.h"

#include <string.h>

/*
 * How it keeps its promise. At frame n the interpolator sees the samples n-11..n; if the wave there
 * is too high, all twelve need the gain c or less. Sample n-11 leaves the delay line at n+229 and
 * sample n at n+240. The gain in force at frame m is the average of the envelope over the latest
 * 228 frames, m-227..m. So the envelope must be at most c from n+2 to n+240, and it is: it falls to
 * c at n, and the least need of the last 16 full spans of 16 frames (256 or more frames) holds it
 * there. The average makes a smooth ramp of 4.75 ms out of the fall.
 */
_Static_assert(RW_LIMITER_AVERAGE + RW_PEAK_TAPS <= RW_LIMITER_DELAY + 1, "turned down too late");
_Static_assert(RW_LIMITER_SPAN *RW_LIMITER_SPANS >= RW_LIMITER_DELAY, "let go too early");

/* One envelope in `average`; the sum of all must fit 32 bits. */
#define UNIT     (UINT32_C(1) << 24)
#define FULL_SUM (RW_LIMITER_AVERAGE * UNIT)
_Static_assert(UINT64_C(1) * RW_LIMITER_AVERAGE * UNIT <= UINT32_MAX, "the sum overflows");

/* 1 - exp(-1 / n) for n = 50 ms. */
#define RELEASE 0.000416580f
/* Closer to 1 than this (-80 dB) is 1, so that releasing ends. */
#define NEARLY_ONE 0.9999f

/* Samples up to here make no wave above the ceiling; a little less, for rounding. */
#define SAFE (RW_PEAK_CEILING / RW_PEAK_OVERSHOOT * 0.999f)

/* Peaks are looked for around so many frames at once. */
#define LOOKED_AT 32u

void rw_limiter_init(struct rw_limiter *limiter)
{
    memset(limiter, 0, sizeof(*limiter));
    limiter->silent = RW_LIMITER_DELAY;
    limiter->resting = true;
    limiter->lowest = limiter->held = limiter->envelope = 1.0f;
    limiter->sum = FULL_SUM;
    for (uint32_t i = 0; i < RW_LIMITER_SPANS; i++) {
        limiter->spans[i] = 1.0f;
    }
    for (uint32_t i = 0; i < RW_LIMITER_AVERAGE; i++) {
        limiter->average[i] = UNIT;
    }
}

/* Whether the wave between the samples around the COUNT ones from SAMPLES on may be too high. */
static RW_REALTIME bool may_be_high(const float *samples, uint32_t count)
{
    return rw_peak_exceeds(samples, count + RW_PEAK_TAPS - 1, SAFE);
}

/*
 * Raises PEAKS to the peaks around COUNT samples, where these may be too high; elsewhere it may
 * leave them.
 */
static RW_REALTIME void raise_peaks(float *restrict peaks, const float *samples, uint32_t count)
{
    for (uint32_t done = 0; done < count; done += LOOKED_AT) {
        uint32_t some = count - done < LOOKED_AT ? count - done : LOOKED_AT;
        if (may_be_high(samples + done, some)) {
            rw_peak_raise(peaks + done, samples + done, some);
        }
    }
}

/*
 * Whether the COUNT newest samples have to be turned down, or earlier ones are; then PEAKS are the
 * peaks around them. A cheap look at the samples alone spares nearly always the dear one between
 * them.
 */
static RW_REALTIME bool is_at_work(const struct rw_limiter *limiter, uint32_t count,
                                   float *restrict peaks)
{
    const float *left = limiter->left + RW_LIMITER_DELAY - (RW_PEAK_TAPS - 1);
    const float *right = limiter->right + RW_LIMITER_DELAY - (RW_PEAK_TAPS - 1);

    if (limiter->resting && !may_be_high(left, count) && !may_be_high(right, count)) {
        return false;
    }
    memset(peaks, 0, count * sizeof(*peaks));
    raise_peaks(peaks, left, count);
    raise_peaks(peaks, right, count);
    return !limiter->resting || rw_peak_exceeds(peaks, count, RW_PEAK_CEILING);
}

/* Moves on by one frame, around which a gain of at most NEED is wanted; the gain now in force. */
static RW_REALTIME float advance_gain(struct rw_limiter *limiter, float need)
{
    uint32_t span = limiter->clock / RW_LIMITER_SPAN % RW_LIMITER_SPANS;

    if (limiter->clock % RW_LIMITER_SPAN == 0) {
        limiter->spans[span] = limiter->lowest;
        limiter->lowest = 1.0f;
        limiter->held = 1.0f;
        for (uint32_t i = 0; i < RW_LIMITER_SPANS; i++) {
            if (limiter->spans[i] < limiter->held) {
                limiter->held = limiter->spans[i];
            }
        }
    }
    limiter->clock++;
    if (need < limiter->lowest) {
        limiter->lowest = need;
    }

    float target = limiter->lowest < limiter->held ? limiter->lowest : limiter->held;
    if (target <= limiter->envelope) {
        limiter->envelope = target;
    } else {
        limiter->envelope += (target - limiter->envelope) * RELEASE;
    }
    if (target >= 1.0f && limiter->envelope > NEARLY_ONE) {
        limiter->envelope = 1.0f;
    }

    uint32_t *slot = &limiter->average[limiter->oldest];
    limiter->sum -= *slot;
    *slot = (uint32_t)(limiter->envelope * (float)UNIT);
    limiter->sum += *slot;
    limiter->oldest = limiter->oldest + 1 == RW_LIMITER_AVERAGE ? 0 : limiter->oldest + 1;
    limiter->resting = limiter->sum == FULL_SUM; /* so the target is 1, too */
    return (float)limiter->sum / (float)FULL_SUM;
}

static RW_REALTIME void interleave(float *restrict out, const float *restrict left,
                                   const float *restrict right, uint32_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = left[i];
        out[2 * i + 1] = right[i];
    }
}

static RW_REALTIME void limit(struct rw_limiter *limiter, const float *peaks, uint32_t count,
                              float *restrict out)
{
    for (uint32_t i = 0; i < count; i++) {
        float need = peaks[i] > RW_PEAK_CEILING ? RW_PEAK_CEILING / peaks[i] : 1.0f;
        float gain = advance_gain(limiter, need);
        out[2 * i] = limiter->left[i] * gain;
        out[2 * i + 1] = limiter->right[i] * gain;
    }
}

RW_REALTIME void rw_limiter_process(struct rw_limiter *limiter, const float *left,
                                    const float *right, uint32_t count, float *restrict out)
{
    const size_t bytes = count * sizeof(*left);
    float peaks[RW_LIMITER_PIECE];

    if (left == NULL && limiter->silent == RW_LIMITER_DELAY && limiter->resting) {
        limiter->clock += count;
        memset(out, 0, RW_CHANNELS * bytes);
        return;
    }
    if (left != NULL) {
        memcpy(limiter->left + RW_LIMITER_DELAY, left, bytes);
        memcpy(limiter->right + RW_LIMITER_DELAY, right, bytes);
        limiter->silent = 0;
    } else {
        memset(limiter->left + RW_LIMITER_DELAY, 0, bytes);
        memset(limiter->right + RW_LIMITER_DELAY, 0, bytes);
        limiter->silent += count;
        if (limiter->silent > RW_LIMITER_DELAY) {
            limiter->silent = RW_LIMITER_DELAY;
        }
    }
    if (is_at_work(limiter, count, peaks)) {
        limit(limiter, peaks, count, out);
    } else {
        limiter->clock += count;
        interleave(out, limiter->left, limiter->right, count);
    }
    memmove(limiter->left, limiter->left + count, RW_LIMITER_DELAY * sizeof(*left));
    memmove(limiter->right, limiter->right + count, RW_LIMITER_DELAY * sizeof(*right));
}
