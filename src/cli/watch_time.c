/* When the view shows what: pure arithmetic on the state. */

#include "chart.h"
#include "watch_parts.h"

bool rw_watch_is_live(enum rw_watch_phase phase)
{
    return phase == RW_WATCH_ARMED || phase == RW_WATCH_RUNNING || phase == RW_WATCH_PAUSED;
}

bool rw_watch_is_over(enum rw_watch_phase phase)
{
    return phase == RW_WATCH_DONE || phase == RW_WATCH_STOPPED;
}

int64_t rw_watch_session_ms(const struct rw_watch_state *state, int64_t boot_ms)
{
    int64_t now = 0;
    switch (state->phase) {
    case RW_WATCH_LOST:
    case RW_WATCH_IDLE:
    case RW_WATCH_CHOSEN:
    case RW_WATCH_PREPARING:
        return 0;
    case RW_WATCH_ARMED:
    case RW_WATCH_RUNNING:
        now = boot_ms - state->origin_boot_ms;
        break;
    case RW_WATCH_PAUSED:
        now = state->paused_boot_ms - state->origin_boot_ms;
        break;
    case RW_WATCH_DONE:
    case RW_WATCH_STOPPED:
        now = state->session_ms;
        break;
    }
    return now > state->end_ms ? state->end_ms : now;
}

bool rw_watch_is_on(const struct rw_watch_state *state)
{
    return state->phase == RW_WATCH_PREPARING || rw_watch_is_live(state->phase);
}

const struct rw_watch_segment *rw_watch_segment_ahead(const struct rw_watch_state *state)
{
    return state->phase == RW_WATCH_ARMED ? &state->current : &state->next;
}

int64_t rw_watch_seconds_done(const struct rw_watch_state *state, int64_t now)
{
    if (now <= 0) {
        return 0;
    }
    return (rw_watch_is_over(state->phase) ? now + 500 : now) / 1000;
}

int rw_watch_width(unsigned columns)
{
    int margin = columns >= 60 ? 2 : columns >= 42 ? 1 : 0;
    return (int)columns - 2 * margin;
}

int64_t rw_watch_progress(const struct rw_watch_state *state, int64_t now, int width)
{
    int64_t length = state->current.end_ms - state->current.start_ms;
    int64_t done = now - state->current.start_ms;
    if (length <= 0 || done <= 0) {
        return 0;
    }
    return done >= length ? 2 * (int64_t)width : done * 2 * width / length;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The moment after NOW at which the whole seconds left until END, rounded up, become fewer. */
static int64_t next_second_left(int64_t now, int64_t end)
{
    int64_t left = end - now;
    return left <= 0 ? INT64_MAX : now + (left - 1) % 1000 + 1;
}

int64_t rw_watch_next_change(const struct rw_watch_state *state, int64_t boot_ms, unsigned columns)
{
    int64_t now = rw_watch_session_ms(state, boot_ms);
    int64_t next = INT64_MAX;
    switch (state->phase) {
    case RW_WATCH_LOST:
    case RW_WATCH_IDLE:
    case RW_WATCH_CHOSEN:
    case RW_WATCH_PREPARING:
    case RW_WATCH_DONE:
    case RW_WATCH_STOPPED:
        return INT64_MAX;
    case RW_WATCH_PAUSED:
        return boot_ms + 1000 - (boot_ms - state->paused_boot_ms) % 1000;
    case RW_WATCH_ARMED:
        if (now < 0) {
            return state->origin_boot_ms + next_second_left(now, 0);
        }
        return INT64_MAX;
    case RW_WATCH_RUNNING:
        break;
    }
    if (now >= state->end_ms) {
        return INT64_MAX;
    }
    next = earlier(next, next_second_left(now, state->end_ms));
    next = earlier(next, next_second_left(now, state->current.end_ms));
    next = earlier(next, now + 1000 - now % 1000);

    int width = rw_watch_width(columns);
    int64_t length = state->current.end_ms - state->current.start_ms;
    if (length > 0 && now < state->current.end_ms) {
        int64_t halves = rw_watch_progress(state, now, width) + 1;
        int64_t step = (halves * length + 2 * width - 1) / (2 * width);
        next = earlier(next, state->current.start_ms + step);
    }
    int marker = rw_chart_marker(now, state->end_ms, width);
    if (marker + 1 < width) {
        next = earlier(next, rw_chart_time_of(marker + 1, state->end_ms, width));
    }
    return state->origin_boot_ms + (next > now ? next : now + 1);
}
