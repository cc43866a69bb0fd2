#include "clock.h"

#include <math.h>
#include <stdlib.h>

/*
 * The line is a Kalman filter of two states, offset and slope, with one observation (R. E.
 * Kalman, "A New Approach to Linear Filtering and Prediction Problems", 1960), which is the
 * earliest callback of each window. At first that is a least-squares line through all of
 * them; as they add up, the wander below keeps it following a device whose rate changes.
 */
#define SLOPE_SIGMA   1e5         /* ns/s: before we know it, a device is within 100 ppm */
#define SLOPE_WANDER  (50.0 * 50) /* (ns/s)² a second: 0.05 ppm */
#define OFFSET_WANDER (1e3 * 1e3) /* ns² a second */
#define EARLY_NOISE   (5e4 * 5e4) /* ns²: of the earliest callback of a window, which may be */
#define LATE_NOISE    (2e5 * 2e5) /* late, but hardly early */
#define WINDOW        (RW_RATE * 14 / 100) /* four of the usual blocks: of fewer callbacks the */
#define WINDOW_S      0.14                 /* earliest is often late */
#define STEADY        3                    /* windows */
#define LATE_LEAST    5e5 /* ns: a window whose earliest callback is later by this is skipped */
#define SKIPPED_MOST  214 /* a machine may be busy for long; a device that jumps tells so */

#define NOISE_FIRST  (3e6 * 3e6) /* ns²: of what the device tells, until it is measured */
#define NOISE_LEAST  (1e5 * 1e5)
#define STRAY_SIGMAS 5.0
#define STRAY_LEAST  4e6 /* ns: a smaller deviation is noise, whatever the noise was so far */
#define SWING_MOST                                                                                 \
    30e6 /* ns: what a device may tell wrongly while its callbacks go on as before                 \
          */
#define NOISE_SPAN   10.0 /* seconds */
#define FLAT_MOST    2e5  /* ns: a device that told the same for a while is right, */
#define FLAT_FIRST   7    /* windows: at first, */
#define FLAT_WINDOWS 36   /* and later */
#define DELAY_SPAN   60.0 /* seconds of listening: the delay is their average */
#define WANDER_MOST  2e5  /* ns */
#define JITTER_SPAN  64
#define RECENT_SPAN  2.0  /* seconds of what the device told that count as its word of late */
#define YOUNG        21   /* windows: until then what it tells swings too much to decide by */
#define DELAY_TRUST  15e6 /* ns: one that is expected is kept if the first word is this close */

#define NOMINAL_FRAME_NS (1e9 / RW_RATE)

/* Nanoseconds that COUNT frames last at the nominal rate; exact to a nanosecond. */
static rw_ns frames_ns(int64_t count)
{
    int64_t seconds = count / RW_RATE, rest = count % RW_RATE;
    return seconds * RW_NS_PER_SECOND + rest * RW_NS_PER_SECOND / RW_RATE;
}

static double seconds_between(rw_frame since, rw_frame frame)
{
    return (double)(int64_t)(frame - since) / RW_RATE;
}

static rw_ns nominal_time(const struct clock *clock, rw_frame frame)
{
    return clock->origin + frames_ns((int64_t)(frame - clock->first));
}

static double line_at(const struct clock *clock, rw_frame frame)
{
    return clock->offset + clock->slope * seconds_between(clock->at, frame);
}

void rw_clock_init(struct clock *clock, rw_ns delay)
{
    *clock = (struct clock){
        .noise = NOISE_FIRST,
        .slope_variance = SLOPE_SIGMA * SLOPE_SIGMA,
        .delay = (double)delay,
        .delay_seconds = delay > 0 ? DELAY_SPAN : 0,
    };
}

/* From here on it counts whether the device tells the same, for WINDOWS windows. */
static void begin_stretch(struct clock *clock, uint32_t windows)
{
    clock->stretch_end = clock->windows + windows;
    clock->told_window = clock->windows;
    clock->told_sum = clock->told_seconds = 0;
    clock->told_least = (double)INFINITY;
    clock->told_most = -(double)INFINITY;
}

/* Begins a new line; what was learned of the device's rate and delay stays. */
static void begin(struct clock *clock, const struct observation *seen)
{
    clock->set = true;
    clock->origin = seen->taken;
    clock->first = seen->frame + seen->frames;
    clock->at = clock->first;
    clock->offset = 0;
    clock->offset_variance = LATE_NOISE;
    clock->covariance = 0;
    clock->windows = 0;
    clock->skipped = 0;
    clock->window_end = clock->first + WINDOW;
    clock->earliest = (double)INFINITY;
    clock->line_seconds = 0;
    clock->jitter_count = 0;
    clock->told_last = 0;
    clock->told_recent = 0;
    clock->told_count = 0;
    begin_stretch(clock, FLAT_FIRST);
    clock->strays = 0;
}

/* Brings the line's state forward to FRAME. */
static void predict(struct clock *clock, rw_frame frame)
{
    double dt = seconds_between(clock->at, frame);

    clock->offset += clock->slope * dt;
    clock->offset_variance +=
        2 * dt * clock->covariance + dt * dt * clock->slope_variance + OFFSET_WANDER * dt;
    clock->covariance += dt * clock->slope_variance;
    clock->slope_variance += SLOPE_WANDER * dt;
    clock->at = frame;
}

static void correct(struct clock *clock, double residual)
{
    double sum = clock->offset_variance + (residual < 0 ? EARLY_NOISE : LATE_NOISE);
    double offset_gain = clock->offset_variance / sum;
    double slope_gain = clock->covariance / sum;

    clock->offset += offset_gain * residual;
    clock->slope += slope_gain * residual;
    clock->slope_variance -= slope_gain * clock->covariance;
    clock->covariance -= slope_gain * clock->offset_variance;
    clock->offset_variance -= offset_gain * clock->offset_variance;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, uint32_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return values[count / 2];
}

/*
 * What the device told in the first window decides whether the delay we expect can be. The
 * median, because before its buffer has filled for the first time a device tells anything.
 */
static void begin_delay(struct clock *clock)
{
    double delay = median(clock->told, clock->told_count) - clock->offset;

    if (clock->delay_seconds > 0 && fabs(delay - clock->delay) <= DELAY_TRUST) {
        return;
    }
    clock->delay = delay;
    clock->delay_seconds = WINDOW_S;
    clock->line_seconds = WINDOW_S;
}

/*
 * The callbacks come at another time than the line says, by RESIDUAL. Either the line has been late
 * all along, because on a busy machine no callback of the windows so far came in time; then what
 * was learned of the delay against it was too short by as much. Or the callbacks have moved, as
 * they do when a server has been starved, by up to a block; then the delay has changed, and no
 * frame is heard at another time. The device's word of late tells which.
 */
static double delay_change(const struct clock *clock, double residual)
{
    double moved = -residual;

    if (clock->delay_seconds == 0) {
        return 0;
    }
    if (residual > 0) {
        return fmax(moved, fmin(clock->told_recent - residual, 0));
    }
    double learned = moved * fmin(1, clock->line_seconds / clock->delay_seconds);
    bool was_late = clock->windows < YOUNG || clock->told_recent < (learned - moved) / 2;
    return was_late ? learned : moved;
}

/* The line is moved by RESIDUAL, not bent. */
static void shift_line(struct clock *clock, double residual)
{
    double change = delay_change(clock, residual);

    clock->offset += residual;
    clock->offset_variance = LATE_NOISE;
    clock->covariance = 0;
    clock->delay += change;
    clock->told_recent -= residual + change;
}

/* Draws the line through the earliest callback of the window that is over. */
static void end_window(struct clock *clock)
{
    rw_frame frame = clock->earliest_frame;

    if (clock->windows == 0) {
        clock->at = frame;
        clock->offset = clock->earliest;
        begin_delay(clock);
    } else {
        predict(clock, frame);
        double residual = clock->earliest - clock->offset;
        double limit = fmax(STRAY_SIGMAS * sqrt(clock->offset_variance + LATE_NOISE), LATE_LEAST);
        if (residual > limit && clock->skipped < SKIPPED_MOST) {
            clock->skipped++; /* the machine was busy; the device was not */
        } else {
            clock->skipped = 0;
            if (residual < -LATE_LEAST || residual > limit) {
                shift_line(clock, residual);
            } else {
                correct(clock, residual);
            }
        }
    }
    clock->windows++;
    clock->earliest = (double)INFINITY;
}

static void follow_line(struct clock *clock, const struct observation *seen)
{
    rw_frame end = seen->frame + seen->frames;
    double deviation = (double)(seen->taken - nominal_time(clock, end));

    if (end >= clock->window_end) {
        if (isfinite(clock->earliest)) {
            end_window(clock);
        }
        clock->window_end = end + WINDOW;
    }
    if (deviation <= clock->earliest) {
        clock->earliest = deviation;
        clock->earliest_frame = end;
    }
    if (clock->windows == 0 && deviation <= clock->offset) {
        clock->at = end; /* the best we know so far */
        clock->offset = deviation;
    }
}

/* One window of a stretch is over: the mean of what it told counts. */
static void end_stretch_window(struct clock *clock)
{
    double mean = clock->told_sum / clock->told_seconds;

    clock->told_least = fmin(clock->told_least, mean);
    clock->told_most = fmax(clock->told_most, mean);
    clock->told_sum = clock->told_seconds = 0;
    clock->told_window = clock->windows;
}

/*
 * Sound servers tell a delay that they estimate, and for the first seconds of a stream their
 * estimate swings, by as much as 20 ms. That shows; a device that tells the same for a whole
 * stretch knows what it says.
 */
static void settle_delay(struct clock *clock, double delay, double dt)
{
    if (clock->windows != clock->told_window && clock->told_seconds > 0) {
        end_stretch_window(clock);
    }
    if (clock->windows >= clock->stretch_end) {
        if (clock->told_most - clock->told_least <= FLAT_MOST) {
            clock->delay = (clock->told_least + clock->told_most) / 2;
            clock->line_seconds = clock->delay_seconds;
        }
        begin_stretch(clock, FLAT_WINDOWS);
    }
    clock->told_sum += dt * delay;
    clock->told_seconds += dt;
}

static void follow_delay(struct clock *clock, const struct observation *seen, double residual)
{
    double dt = (double)seen->frames / RW_RATE;

    settle_delay(clock, clock->delay + residual, dt);

    clock->delay_seconds = fmin(clock->delay_seconds + dt, DELAY_SPAN);
    clock->line_seconds = fmin(clock->line_seconds + dt, DELAY_SPAN);
    double recent_seconds = fmin(clock->windows * WINDOW_S, RECENT_SPAN);
    clock->told_recent += fmin(dt / recent_seconds, 1) * (residual - clock->told_recent);
    /*
     * Jitter is averaged; but a device that errs by the same amount for seconds, as a sound server
     * does when it is starved, is believed by WANDER_MOST at a time.
     */
    double step = residual - clock->told_last;
    clock->told_last = residual;
    clock->jitter_count += clock->jitter_count < JITTER_SPAN;
    clock->jitter += (step * step / 2 - clock->jitter) / clock->jitter_count;
    double most = WANDER_MOST + 3 * sqrt(clock->jitter);
    clock->delay += dt / clock->delay_seconds * fmax(-most, fmin(residual, most));
    double noise_seconds = fmin(clock->windows * WINDOW_S, NOISE_SPAN);
    clock->noise += fmin(dt / noise_seconds, 1) * (residual * residual - clock->noise);
    clock->noise = fmax(clock->noise, NOISE_LEAST);
}

/* Whether the strays tell of one and the same new line. */
static bool strays_agree(const struct clock *clock, double spread_most)
{
    double least = INFINITY, most = -INFINITY;

    for (unsigned i = 0; i < CLOCK_RUN; i++) {
        const struct observation *stray = &clock->stray[i];
        double deviation = (double)(stray->heard - nominal_time(clock, stray->frame));
        least = fmin(least, deviation);
        most = fmax(most, deviation);
    }
    return most - least <= spread_most;
}

static void jump(struct clock *clock)
{
    struct observation stray[CLOCK_RUN];

    for (unsigned i = 0; i < CLOCK_RUN; i++) {
        stray[i] = clock->stray[i];
    }
    clock->jumps++;
    clock->set = false;
    for (unsigned i = 0; i < CLOCK_RUN; i++) {
        rw_clock_observe(clock, &stray[i]);
    }
}

/* A deviation up to this, in ns, is noise. A device that jumps calls at other times as well. */
static double stray_least(const struct clock *clock, const struct observation *seen)
{
    rw_frame end = seen->frame + seen->frames;
    double late = (double)(seen->taken - nominal_time(clock, end)) - line_at(clock, end);

    return fabs(late) <= STRAY_LEAST ? SWING_MOST : STRAY_LEAST;
}

void rw_clock_observe(struct clock *clock, const struct observation *seen)
{
    if (!clock->set) {
        begin(clock, seen);
    }

    double told = (double)(seen->heard - nominal_time(clock, seen->frame));
    if (clock->windows == 0) {
        if (clock->told_count < CLOCK_FIRST_MAX) {
            clock->told[clock->told_count++] = told;
        }
        follow_line(clock, seen);
        return;
    }
    double residual = told - line_at(clock, seen->frame) - clock->delay;
    double limit = fmax(STRAY_SIGMAS * sqrt(clock->noise), stray_least(clock, seen));
    if (fabs(residual) <= limit) {
        clock->strays = 0;
        follow_line(clock, seen);
        follow_delay(clock, seen, residual);
        return;
    }
    clock->stray[clock->strays++] = *seen;
    if (clock->strays < CLOCK_RUN) {
        return;
    }
    clock->strays = 0;
    if (strays_agree(clock, limit)) {
        jump(clock);
    } else {
        clock->noise *= 2; /* wilder than it seemed so far */
    }
}

bool rw_clock_is_set(const struct clock *clock)
{
    return clock->set;
}

bool rw_clock_is_steady(const struct clock *clock)
{
    return clock->windows >= STEADY;
}

rw_ns rw_clock_delay(const struct clock *clock)
{
    if (clock->delay_seconds > 0) {
        return llround(clock->delay);
    }
    /* In the first window of a first stream: the device's last word. */
    return clock->told_count == 0 ? 0 : llround(clock->told[clock->told_count - 1] - clock->offset);
}

rw_ns rw_clock_time(const struct clock *clock, rw_frame frame)
{
    return nominal_time(clock, frame) + llround(line_at(clock, frame)) + rw_clock_delay(clock);
}

rw_frame rw_clock_frame(const struct clock *clock, rw_ns time)
{
    /* The nominal line first, in whole seconds so that no product overflows. */
    rw_ns span = time - clock->origin;
    int64_t count = span / RW_NS_PER_SECOND * RW_RATE +
                    span % RW_NS_PER_SECOND * (int64_t)RW_RATE / RW_NS_PER_SECOND;

    if (count < -(int64_t)clock->first) {
        return 0;
    }
    /* Then what the line and the delay make of it; each step leaves a thousandth of the rest. */
    rw_frame frame = clock->first + (rw_frame)count;
    for (int i = 0; i < 3; i++) {
        double rest = (double)(time - rw_clock_time(clock, frame)) / NOMINAL_FRAME_NS;
        int64_t step = llround(rest);
        if (step < 0 && (rw_frame)-step > frame) {
            return 0;
        }
        frame += (rw_frame)step;
    }
    return frame;
}
