#include "clock.h"

#include <math.h>

/*
 * A Kalman filter of two states (offset and slope) with one observation, as in R. E. Kalman,
 * "A New Approach to Linear Filtering and Prediction Problems" (1960). At first it is a plain
 * least-squares line through all observations; as they add up, the two process noises below
 * keep it following a device whose rate wanders.
 */
#define SLOPE_SIGMA      2e5         /* ns/s: before we know it, a device is within 200 ppm */
#define SLOPE_WANDER     (50.0 * 50) /* (ns/s)² a second: 0.05 ppm */
#define OFFSET_WANDER    (1e3 * 1e3) /* ns² a second */
#define NOISE_FIRST      (3e6 * 3e6) /* ns²: of an observation, until it is measured */
#define NOISE_LEAST      (1e5 * 1e5) /* ns²: less than this is luck */
#define NOISE_SPAN       128         /* observations that the noise is measured over */
#define STRAY_SIGMAS     5.0
#define STRAY_LEAST      3e6 /* ns: a smaller deviation is noise, whatever the noise was so far */
#define SETTLED          20  /* observations after which a jump counts as one */
#define NOMINAL_FRAME_NS (1e9 / RW_RATE)

/* Nanoseconds that COUNT frames last at the nominal rate; exact to half a nanosecond. */
static rw_ns frames_ns(int64_t count)
{
    int64_t seconds = count / RW_RATE, rest = count % RW_RATE;
    return seconds * RW_NS_PER_SECOND + rest * RW_NS_PER_SECOND / RW_RATE;
}

static double seconds_since(rw_frame since, rw_frame frame)
{
    return (double)(int64_t)(frame - since) / RW_RATE;
}

/* The nominal line's time of FRAME. */
static rw_ns nominal_time(const struct clock *clock, rw_frame frame)
{
    return clock->origin + frames_ns((int64_t)(frame - clock->first));
}

void clock_init(struct clock *clock)
{
    *clock = (struct clock){.noise = NOISE_FIRST, .slope_variance = SLOPE_SIGMA * SLOPE_SIGMA};
}

/* Starts the line anew at one observation; what was learned of the device's rate stays. */
static void restart(struct clock *clock, rw_frame frame, rw_ns heard)
{
    clock->origin = heard;
    clock->first = frame;
    clock->at = frame;
    clock->offset = 0;
    clock->offset_variance = clock->noise;
    clock->covariance = 0;
    clock->count = 1;
    clock->strays = 0;
}

/* Brings the state forward to FRAME. */
static void predict(struct clock *clock, rw_frame frame)
{
    double dt = seconds_since(clock->at, frame);

    clock->offset += clock->slope * dt;
    clock->offset_variance +=
        2 * dt * clock->covariance + dt * dt * clock->slope_variance + OFFSET_WANDER * dt;
    clock->covariance += dt * clock->slope_variance;
    clock->slope_variance += SLOPE_WANDER * dt;
    clock->at = frame;
}

static void correct(struct clock *clock, double residual)
{
    double sum = clock->offset_variance + clock->noise;
    double offset_gain = clock->offset_variance / sum;
    double slope_gain = clock->covariance / sum;

    clock->offset += offset_gain * residual;
    clock->slope += slope_gain * residual;
    clock->slope_variance -= slope_gain * clock->covariance;
    clock->covariance -= slope_gain * clock->offset_variance;
    clock->offset_variance -= offset_gain * clock->offset_variance;
    clock->count++;
}

static void learn_noise(struct clock *clock, double residual)
{
    double weight = 1.0 / (clock->count < NOISE_SPAN ? clock->count + 4 : NOISE_SPAN);
    double most = STRAY_SIGMAS * STRAY_SIGMAS * clock->noise;

    clock->noise += weight * (fmin(residual * residual, most) - clock->noise);
    clock->noise = fmax(clock->noise, NOISE_LEAST);
}

/* The strays agree among themselves: the stream itself has moved. */
static void jump(struct clock *clock)
{
    if (clock->count >= SETTLED)
        clock->jumps++;
    restart(clock, clock->stray[0].frame, clock->stray[0].heard);
    for (unsigned i = 1; i < CLOCK_JUMP_RUN; i++)
        clock_observe(clock, clock->stray[i].frame, clock->stray[i].heard);
}

static bool strays_agree(const struct clock *clock, double spread_most)
{
    double least = INFINITY, most = -INFINITY;

    for (unsigned i = 0; i < CLOCK_JUMP_RUN; i++) {
        double deviation =
            (double)(clock->stray[i].heard - clock->stray[0].heard -
                     frames_ns((int64_t)(clock->stray[i].frame - clock->stray[0].frame)));
        least = fmin(least, deviation);
        most = fmax(most, deviation);
    }
    return most - least <= spread_most;
}

void clock_observe(struct clock *clock, rw_frame frame, rw_ns heard)
{
    if (!clock_is_set(clock)) {
        restart(clock, frame, heard);
        return;
    }
    predict(clock, frame);
    double residual = (double)(heard - nominal_time(clock, frame)) - clock->offset;
    double limit = fmax(STRAY_SIGMAS * sqrt(clock->noise + clock->offset_variance), STRAY_LEAST);

    learn_noise(clock, residual);
    if (fabs(residual) <= limit) {
        clock->strays = 0;
        correct(clock, residual);
        return;
    }
    if (clock->strays == CLOCK_JUMP_RUN) {
        for (unsigned i = 1; i < CLOCK_JUMP_RUN; i++)
            clock->stray[i - 1] = clock->stray[i];
        clock->strays--;
    }
    clock->stray[clock->strays].frame = frame;
    clock->stray[clock->strays].heard = heard;
    clock->strays++;
    if (clock->strays == CLOCK_JUMP_RUN && strays_agree(clock, limit))
        jump(clock);
}

bool clock_is_set(const struct clock *clock)
{
    return clock->count > 0;
}

rw_ns clock_time(const struct clock *clock, rw_frame frame)
{
    double deviation = clock->offset + clock->slope * seconds_since(clock->at, frame);
    return nominal_time(clock, frame) + (rw_ns)llround(deviation);
}

rw_frame clock_frame(const struct clock *clock, rw_ns time)
{
    /* Whole seconds first, so that no product overflows; then what the deviation adds. */
    rw_ns span = time - clock->origin;
    int64_t count = span / RW_NS_PER_SECOND * RW_RATE +
                    span % RW_NS_PER_SECOND * (int64_t)RW_RATE / RW_NS_PER_SECOND;

    if (count < -(int64_t)clock->first)
        return 0;
    /* A deviation of 1000 ppm leaves less than a frame after two steps. */
    rw_frame frame = clock->first + (rw_frame)count;
    for (int i = 0; i < 2; i++) {
        double rest = (double)(time - clock_time(clock, frame)) / NOMINAL_FRAME_NS;
        int64_t step = llround(rest);
        if (step < 0 && (rw_frame)-step > frame)
            return 0;
        frame += (rw_frame)step;
    }
    return frame;
}
