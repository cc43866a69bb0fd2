#include "watch_view.h"

#include "chart.h"
#include "digits.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEAVY_LINE      0x2501u
#define HEAVY_LINE_HALF 0x2578u
#define LIGHT_LINE      0x2500u
#define MARKER          0x25B2u

/* Where each part of the picture goes; a negative row: there is no room for it. */
struct layout {
    int left, width; /* the columns used */
    int header, kind, digits, progress, next, chart, marker, times, status, keys;
    int digit_scale; /* 0: in ordinary characters */
    int chart_rows;
    int digit_limit; /* the largest scale the height allows */
};

static bool is_live(enum rw_watch_phase phase)
{
    return phase == RW_WATCH_ARMED || phase == RW_WATCH_RUNNING || phase == RW_WATCH_PAUSED;
}

static bool is_over(enum rw_watch_phase phase)
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

/*
 * Shares out the rows: what matters most comes first, then larger digits, then the rest, then
 * air. 10 rows are enough for big digits.
 */
static struct layout layout_compute(const struct rw_canvas *canvas, const char *time)
{
    int rows = (int)canvas->rows;
    int margin = canvas->columns >= 60 ? 2 : canvas->columns >= 42 ? 1 : 0;
    struct layout layout = {
        .left = margin,
        .width = (int)canvas->columns - 2 * margin,
        .progress = -1,
        .next = -1,
        .marker = -1,
        .status = -1,
        .chart_rows = 1,
    };
    int limit = rows >= 34 ? 4 : rows >= 29 ? 3 : rows >= 24 ? 2 : rows >= 10 ? 1 : 0;
    layout.digit_scale = rw_digits_scale(time, layout.width, limit);
    int digit_rows = layout.digit_scale > 0 ? RW_DIGITS_ROWS(layout.digit_scale) : 1;

    /* header, kind, digits, chart, times, keys */
    int spare = rows - digit_rows - 5;
    int wants_status = spare >= 1 ? spare--, 1 : 0;
    int wants_next = spare >= 1 ? spare--, 1 : 0;
    int wants_marker = spare >= 1 ? spare--, 1 : 0;
    int wants_progress = spare >= 1 ? spare--, 1 : 0;
    int gaps[6] = {0}; /* below header, kind, digits, progress, next, times */
    static const int gap_order[] = {0, 2, 4, 1, 3, 5};
    for (size_t i = 0; i < RW_COUNT(gap_order) && spare > 0; i++, spare--) {
        gaps[gap_order[i]] = 1;
    }
    for (; layout.chart_rows < 3 && spare > 0; spare--) {
        layout.chart_rows++;
    }
    gaps[0] += spare / 2;
    gaps[5] += spare - spare / 2;

    int row = 0;
    layout.header = row++;
    row += gaps[0];
    layout.kind = row++;
    row += gaps[1];
    layout.digits = row;
    row += digit_rows + gaps[2];
    if (wants_progress) {
        layout.progress = row++;
    }
    row += gaps[3];
    if (wants_next) {
        layout.next = row++;
    }
    row += gaps[4];
    layout.chart = row;
    row += layout.chart_rows;
    if (wants_marker) {
        layout.marker = row++;
    }
    layout.times = row++;
    row += gaps[5];
    if (wants_status) {
        layout.status = row++;
    }
    layout.keys = row;
    return layout;
}

/* The time that stands large in the middle. */
static void format_main_time(const struct rw_watch_state *state, int64_t boot_ms,
                             char out[RW_TEXT_TIME_MAX])
{
    int64_t now = rw_watch_session_ms(state, boot_ms);
    switch (state->phase) {
    case RW_WATCH_LOST:
    case RW_WATCH_IDLE:
        snprintf(out, RW_TEXT_TIME_MAX, "-:--");
        break;
    case RW_WATCH_CHOSEN:
    case RW_WATCH_PREPARING:
        rw_text_clock(rw_text_seconds_left(state->duration_ms), out);
        break;
    case RW_WATCH_ARMED:
        rw_text_clock(rw_text_seconds_left(-now), out);
        break;
    case RW_WATCH_RUNNING:
    case RW_WATCH_PAUSED:
        rw_text_clock(rw_text_seconds_left(state->current.end_ms - now), out);
        break;
    case RW_WATCH_DONE:
    case RW_WATCH_STOPPED:
        rw_text_clock(now / 1000, out);
        break;
    }
}

static void segment_label(const struct rw_watch_state *state,
                          const struct rw_watch_segment *segment, char out[RW_LABEL_MAX])
{
    rw_label_segment(segment->kind, segment->side, segment->name, segment->run, state->runs, out);
    /* A run is counted in the whole session; anything else by the repeat it stands in. */
    if (segment->run == 0 && segment->depth > 0) {
        char reps[RW_LABEL_MAX];
        rw_label_reps(segment->reps, segment->depth, reps);
        size_t used = strlen(out);
        snprintf(out + used, RW_LABEL_MAX - used, "  (%.60s)", reps);
    }
}

/* The line above the digits: what this time is the time of. */
static unsigned format_headline(const struct rw_watch_state *state, char out[RW_LABEL_MAX])
{
    switch (state->phase) {
    case RW_WATCH_LOST:
        snprintf(out, RW_LABEL_MAX, "The daemon does not answer. Trying again");
        return RW_STYLE_ALARM;
    case RW_WATCH_IDLE:
        snprintf(out, RW_LABEL_MAX, "No workout chosen. Try: runwalk start quickstart");
        return RW_STYLE_STRONG;
    case RW_WATCH_CHOSEN:
        snprintf(out, RW_LABEL_MAX, "Ready when you are");
        return RW_STYLE_STRONG;
    case RW_WATCH_PREPARING:
        snprintf(out, RW_LABEL_MAX, "Preparing the words");
        return RW_STYLE_STRONG;
    case RW_WATCH_ARMED:
        snprintf(out, RW_LABEL_MAX, "Starts in");
        return RW_STYLE_STRONG;
    case RW_WATCH_RUNNING:
    case RW_WATCH_PAUSED:
        segment_label(state, &state->current, out);
        return RW_STYLE_KIND + (unsigned)state->current.kind;
    case RW_WATCH_DONE:
        if (state->runs > 0) {
            snprintf(out, RW_LABEL_MAX, "Done: %u run%s", state->runs, state->runs == 1 ? "" : "s");
        } else {
            snprintf(out, RW_LABEL_MAX, "Done");
        }
        return RW_STYLE_STRONG;
    case RW_WATCH_STOPPED:
        snprintf(out, RW_LABEL_MAX, "Stopped after");
        return RW_STYLE_STRONG;
    }
    return RW_STYLE_PLAIN;
}

static void format_next(const struct rw_watch_state *state, char *out, size_t size)
{
    out[0] = '\0';
    if (state->phase == RW_WATCH_CHOSEN || state->phase == RW_WATCH_PREPARING) {
        snprintf(out, size, "%s", state->summary);
    } else if (is_live(state->phase) && state->next.is_known) {
        char label[RW_LABEL_MAX];
        char time[RW_TEXT_TIME_MAX];
        segment_label(state, &state->next, label);
        rw_text_clock(rw_text_seconds_left(state->next.duration_ms), time);
        snprintf(out, size, "%s %s, %s", state->phase == RW_WATCH_ARMED ? "first" : "next", label,
                 time);
    } else if (is_live(state->phase)) {
        snprintf(out, size, "next the end");
    }
}

/* Two halves a column, so that the line grows smoothly. */
static int64_t progress_halves(const struct rw_watch_state *state, int64_t now, int width)
{
    int64_t length = state->current.end_ms - state->current.start_ms;
    int64_t done = now - state->current.start_ms;
    if (length <= 0 || done <= 0) {
        return 0;
    }
    return done >= length ? 2 * (int64_t)width : done * 2 * width / length;
}

static void draw_progress(struct rw_canvas *canvas, const struct layout *layout,
                          const struct rw_watch_state *state, int64_t now)
{
    unsigned style = RW_STYLE_KIND + (unsigned)state->current.kind;
    int64_t halves = progress_halves(state, now, layout->width);
    for (int x = 0; x < layout->width; x++) {
        int column = layout->left + x;
        if (halves >= 2 * x + 2) {
            rw_canvas_put(canvas, column, layout->progress, HEAVY_LINE, style);
        } else if (halves == 2 * x + 1) {
            rw_canvas_put(canvas, column, layout->progress, HEAVY_LINE_HALF, style);
        } else {
            rw_canvas_put(canvas, column, layout->progress, LIGHT_LINE, RW_STYLE_FAINT);
        }
    }
}

static void draw_header(struct rw_canvas *canvas, const struct layout *layout,
                        const struct rw_watch_state *state)
{
    char right[160] = "";
    int width = layout->width;
    bool has_volume = fabs(state->volume_db) >= 0.05;
    if (state->phase != RW_WATCH_LOST) {
        int used = snprintf(right, sizeof right, "%s", state->device);
        if (has_volume) {
            snprintf(right + used, sizeof right - (size_t)used, "%s%+.4g dB", used > 0 ? "  " : "",
                     state->volume_db);
        }
    }
    int column =
        rw_canvas_text(canvas, layout->left, layout->header, width, "runwalk", RW_STYLE_FAINT);
    column = rw_canvas_text(canvas, column + 2, layout->header, width - 9, state->profile,
                            RW_STYLE_STRONG);
    int room = layout->left + width - column - 2;
    if (room >= 12) {
        rw_canvas_text_right(canvas, column + 2, layout->header, room, right, RW_STYLE_FAINT);
    }
}

static void draw_digits(struct rw_canvas *canvas, const struct layout *layout,
                        const struct rw_watch_state *state, const char *time)
{
    unsigned style = RW_STYLE_STRONG;
    if (state->phase == RW_WATCH_RUNNING) {
        style = RW_STYLE_KIND + (unsigned)state->current.kind;
    } else if (state->phase != RW_WATCH_ARMED && !is_over(state->phase)) {
        style = RW_STYLE_FAINT;
    }
    if (layout->digit_scale == 0) {
        rw_canvas_text_centred(canvas, layout->left, layout->digits, layout->width, time, style);
        return;
    }
    int columns = rw_digits_columns(time, layout->digit_scale);
    rw_digits_draw(canvas, layout->left + (layout->width - columns) / 2, layout->digits,
                   layout->digit_scale, time, style);
}

static void draw_session(struct rw_canvas *canvas, const struct layout *layout,
                         const struct rw_watch_state *state, int64_t now)
{
    if (state->phase == RW_WATCH_LOST || state->block_count == 0) {
        return;
    }
    bool has_begun = is_live(state->phase) || is_over(state->phase);
    int64_t total = has_begun ? state->end_ms : state->duration_ms;
    rw_chart_draw(canvas, layout->left, layout->chart, layout->width, layout->chart_rows,
                  state->blocks, state->block_count, total, now);

    char left[RW_TEXT_TIME_MAX + 8];
    char right[RW_TEXT_TIME_MAX + 8];
    char time[RW_TEXT_TIME_MAX];
    rw_text_clock(now > 0 ? now / 1000 : 0, time);
    snprintf(left, sizeof left, "%s done", time);
    rw_text_clock(rw_text_seconds_left(total - (now > 0 ? now : 0)), time);
    snprintf(right, sizeof right, "%s left", time);

    if (has_begun) {
        int marker = layout->left + rw_chart_marker(now, total, layout->width);
        if (layout->marker >= 0) {
            rw_canvas_put(canvas, marker, layout->marker, MARKER, RW_STYLE_STRONG);
        } else {
            rw_canvas_put(canvas, marker, layout->chart, MARKER, RW_STYLE_STRONG);
        }
        rw_canvas_text(canvas, layout->left, layout->times, layout->width, left, RW_STYLE_PLAIN);
    }
    rw_canvas_text_right(canvas, layout->left, layout->times, layout->width, right, RW_STYLE_PLAIN);
    if (layout->next < 0) {
        int room = layout->width - (int)strlen(left) - (int)strlen(right) - 4;
        char next[RW_LABEL_MAX + RW_TEXT_TIME_MAX + 16];
        format_next(state, next, sizeof next);
        if (room >= 8) {
            rw_canvas_text_centred(canvas, layout->left + (int)strlen(left) + 2, layout->times,
                                   room, next, RW_STYLE_STRONG);
        }
    }
}

static void draw_keys(struct rw_canvas *canvas, const struct layout *layout,
                      const struct rw_watch_state *state)
{
    if (state->asks_to_leave) {
        rw_canvas_text(canvas, layout->left, layout->keys, layout->width,
                       layout->width >= 66
                           ? " Leave it running (l), or stop (s)? Another Ctrl-C stops. "
                           : " l leave it running  s stop ",
                       RW_STYLE_ALARM);
        return;
    }
    static const struct {
        const char *key, *wide, *narrow;
        bool only_live;
    } hints[] = {
        {"space", "", "", false},     {"s", "skip", "skip", true},  {"b", "back", "back", true},
        {"+", "30 s more", "", true}, {"-", "30 s less", "", true}, {"q", "leave", "leave", false},
    };
    const char *toggle = "start";
    if (state->phase == RW_WATCH_RUNNING || state->phase == RW_WATCH_ARMED) {
        toggle = "pause";
    } else if (state->phase == RW_WATCH_PAUSED) {
        toggle = "resume";
    }
    bool is_wide = layout->width >= 66;
    int column = layout->left;
    int end = layout->left + layout->width;
    for (size_t i = 0; i < RW_COUNT(hints); i++) {
        bool is_toggle = i == 0;
        if ((hints[i].only_live && !is_live(state->phase)) ||
            (is_toggle && (state->phase == RW_WATCH_LOST || state->phase == RW_WATCH_IDLE))) {
            continue;
        }
        const char *word = is_toggle ? toggle : is_wide ? hints[i].wide : hints[i].narrow;
        column =
            rw_canvas_text(canvas, column, layout->keys, end - column, hints[i].key, RW_STYLE_KEY);
        if (word[0] != '\0') {
            column = rw_canvas_text(canvas, column + 1, layout->keys, end - column - 1, word,
                                    RW_STYLE_FAINT);
        }
        column += is_wide ? 3 : 1;
    }
}

static void format_status(const struct rw_watch_state *state, int64_t boot_ms, char *out,
                          size_t size, unsigned *ret_style)
{
    *ret_style = RW_STYLE_PLAIN;
    out[0] = '\0';
    if (state->message[0] != '\0') {
        snprintf(out, size, "%s", state->message);
        *ret_style = RW_STYLE_STRONG;
    } else if (state->phase == RW_WATCH_PAUSED) {
        char time[RW_TEXT_TIME_MAX];
        rw_text_clock((boot_ms - state->paused_boot_ms) / 1000, time);
        snprintf(out, size, " Paused for %s%s%s ", time, state->problem[0] ? ". " : "",
                 state->problem);
        *ret_style = RW_STYLE_ALARM;
    } else if (state->problem[0] != '\0' && state->phase != RW_WATCH_LOST) {
        snprintf(out, size, " No sound: %s ", state->problem);
        *ret_style = RW_STYLE_ALARM;
    }
}

void rw_watch_draw(struct rw_canvas *canvas, const struct rw_watch_state *state, int64_t boot_ms)
{
    rw_canvas_clear(canvas);
    char time[RW_TEXT_TIME_MAX];
    format_main_time(state, boot_ms, time);
    struct layout layout = layout_compute(canvas, time);
    int64_t now = rw_watch_session_ms(state, boot_ms);

    draw_header(canvas, &layout, state);

    char headline[RW_LABEL_MAX];
    unsigned style = format_headline(state, headline);
    rw_canvas_text_centred(canvas, layout.left, layout.kind, layout.width, headline, style);
    draw_digits(canvas, &layout, state, time);

    bool is_within = state->phase == RW_WATCH_RUNNING || state->phase == RW_WATCH_PAUSED;
    if (layout.progress >= 0 && is_within) {
        draw_progress(canvas, &layout, state, now);
    }
    if (layout.next >= 0) {
        char next[RW_LABEL_MAX + RW_TEXT_TIME_MAX + 16];
        format_next(state, next, sizeof next);
        rw_canvas_text_centred(canvas, layout.left, layout.next, layout.width, next,
                               RW_STYLE_PLAIN);
    }
    draw_session(canvas, &layout, state, now);

    char status[256];
    format_status(state, boot_ms, status, sizeof status, &style);
    if (layout.status >= 0) {
        rw_canvas_text(canvas, layout.left, layout.status, layout.width, status, style);
    } else if (status[0] != '\0') {
        /* Too small for a line of its own: trouble is more important than the title. */
        rw_canvas_text(canvas, layout.left, layout.header, layout.width, status, style);
    }
    draw_keys(canvas, &layout, state);
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

    int64_t length = state->current.end_ms - state->current.start_ms;
    if (length > 0 && now < state->current.end_ms) {
        int64_t halves = progress_halves(state, now, (int)columns) + 1;
        int64_t step = (halves * length + 2 * (int64_t)columns - 1) / (2 * (int64_t)columns);
        next = earlier(next, state->current.start_ms + step);
    }
    int marker = rw_chart_marker(now, state->end_ms, (int)columns);
    if (marker + 1 < (int)columns) {
        next = earlier(next, rw_chart_time_of(marker + 1, state->end_ms, (int)columns));
    }
    return state->origin_boot_ms + (next > now ? next : now + 1);
}

void rw_watch_line(const struct rw_watch_state *state, int64_t boot_ms, char *out, size_t size)
{
    char headline[RW_LABEL_MAX];
    char clock[RW_TEXT_TIME_MAX];
    char length[RW_TEXT_TIME_MAX];
    int64_t now = rw_watch_session_ms(state, boot_ms);
    format_headline(state, headline);
    rw_text_clock(now > 0 ? now / 1000 : 0, clock);
    switch (state->phase) {
    case RW_WATCH_LOST:
    case RW_WATCH_IDLE:
        snprintf(out, size, "%s", headline);
        break;
    case RW_WATCH_CHOSEN:
    case RW_WATCH_PREPARING:
        rw_text_span(state->duration_ms, length);
        snprintf(out, size, "%s: %s, %s", headline, state->profile, length);
        break;
    case RW_WATCH_ARMED:
        rw_text_span(rw_text_seconds_left(-now) * 1000, length);
        snprintf(out, size, "%s: starts in %s", state->profile, length);
        break;
    case RW_WATCH_RUNNING:
    case RW_WATCH_PAUSED:
        rw_text_span(rw_text_seconds_left(state->current.end_ms - now) * 1000, length);
        snprintf(out, size, "%s  %s%s: %s left", clock,
                 state->phase == RW_WATCH_PAUSED ? "paused, " : "", headline, length);
        break;
    case RW_WATCH_DONE:
    case RW_WATCH_STOPPED:
        snprintf(out, size, "%s  %s", clock, state->phase == RW_WATCH_DONE ? headline : "Stopped");
        break;
    }
}
