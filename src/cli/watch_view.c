#include "watch_parts.h"

#include "chart.h"
#include "digits.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEAVY_LINE      0x2501u
#define HEAVY_LINE_HALF 0x2578u
#define LIGHT_LINE      0x2500u
#define ROWS_MIN        6 /* with fewer, the picture is one line */
#define MARKER          0x25B2u

/* Where each part of the picture goes; a negative row: there is no room for it. */
struct layout {
    int left, width; /* the columns used */
    int header, kind, digits, progress, next, chart, marker, times, status, keys;
    int digit_scale; /* 0: in ordinary characters */
    int chart_rows;
};

/*
 * Shares out the rows: what matters most comes first, then larger digits, then the rest, then
 * air. 10 rows are enough for big digits.
 */
static struct layout layout_compute(const struct rw_canvas *canvas, const char *time)
{
    int rows = (int)canvas->rows;
    int width = rw_watch_width(canvas->columns);
    struct layout layout = {
        .left = ((int)canvas->columns - width) / 2,
        .width = width,
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
        bool before_chart = i == 3;
        if (before_chart && layout.chart_rows == 1) {
            layout.chart_rows = 2;
            i--;
            continue;
        }
        gaps[gap_order[i]] = 1;
    }
    if (spare > 0) {
        layout.chart_rows = 3;
        spare--;
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

static void draw_progress(struct rw_canvas *canvas, const struct layout *layout,
                          const struct rw_watch_state *state, int64_t now)
{
    unsigned style = RW_STYLE_KIND + (unsigned)state->current.kind;
    int64_t halves = rw_watch_progress(state, now, layout->width);
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
    } else if (state->phase != RW_WATCH_ARMED && !rw_watch_is_over(state->phase)) {
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
    bool has_begun = rw_watch_is_live(state->phase) || rw_watch_is_over(state->phase);
    int64_t total = has_begun ? state->end_ms : state->duration_ms;
    rw_chart_draw(canvas, layout->left, layout->chart, layout->width, layout->chart_rows,
                  state->blocks, state->block_count, total, now);

    char left[RW_TEXT_TIME_MAX + 8];
    char right[RW_TEXT_TIME_MAX + 8];
    char time[RW_TEXT_TIME_MAX];
    rw_text_clock(rw_watch_seconds_done(state, now), time);
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
        rw_watch_coming(state, next, sizeof next);
        if (room >= 8) {
            rw_canvas_text_centred(canvas, layout->left + (int)strlen(left) + 2, layout->times,
                                   room, next, RW_STYLE_STRONG);
        }
    }
}

/* A key, and what it does: in full, and where room is short. */
struct hint {
    const char *key, *wide, *narrow;
    bool only_live;
};

#define HINTS_MAX 7

/* The columns that COUNT hints take, with the words of the first WORDED, GAP columns apart. */
static int hints_width(const struct hint *hints, size_t count, size_t worded, bool is_wide, int gap)
{
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        const char *word = is_wide ? hints[i].wide : hints[i].narrow;
        width += (i > 0 ? gap : 0) + (int)strlen(hints[i].key);
        width += i < worded && word[0] != '\0' ? 1 + (int)strlen(word) : 0;
    }
    return width;
}

/* In full where there is room; otherwise closer together, the first ones keeping their words. */
static void draw_hints(struct rw_canvas *canvas, const struct layout *layout,
                       const struct hint *hints, size_t count)
{
    bool is_wide = hints_width(hints, count, count, true, 3) <= layout->width;
    int gap = is_wide ? 3 : 1;
    size_t worded = count;
    while (worded > 0 && hints_width(hints, count, worded, is_wide, gap) > layout->width) {
        worded--;
    }
    int column = layout->left;
    int end = layout->left + layout->width;
    for (size_t i = 0; i < count; i++) {
        const char *word = is_wide ? hints[i].wide : hints[i].narrow;
        column =
            rw_canvas_text(canvas, column, layout->keys, end - column, hints[i].key, RW_STYLE_KEY);
        if (i < worded && word[0] != '\0') {
            column = rw_canvas_text(canvas, column + 1, layout->keys, end - column - 1, word,
                                    RW_STYLE_FAINT);
        }
        column += gap;
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
    static const struct hint others[] = {
        {"s", "skip", "skip", true},  {"b", "back", "back", true},    {"+", "30 s more", "", true},
        {"-", "30 s less", "", true}, {"q", "leave", "leave", false},
    };
    static const struct hint rest = {"r", "rest", "rest", true};
    static const struct hint ready = {"y", "run", "run", true};
    const char *toggle = state->phase == RW_WATCH_PAUSED  ? "resume"
                         : rw_watch_is_live(state->phase) ? "pause"
                                                          : "start";
    struct hint hints[HINTS_MAX];
    size_t count = 0;
    if (state->phase != RW_WATCH_LOST && state->phase != RW_WATCH_IDLE) {
        hints[count++] = (struct hint){"space", toggle, toggle, false};
    }
    if (state->phase == RW_WATCH_RUNNING) {
        hints[count++] = state->is_resting ? ready : rest;
    }
    for (size_t i = 0; i < RW_COUNT(others); i++) {
        if (rw_watch_is_live(state->phase) || !others[i].only_live) {
            hints[count++] = others[i];
        }
    }
    draw_hints(canvas, layout, hints, count);
}

void rw_watch_draw(struct rw_canvas *canvas, const struct rw_watch_state *state, int64_t boot_ms)
{
    rw_canvas_clear(canvas);
    if (canvas->rows < ROWS_MIN) {
        char line[256];
        rw_watch_line(state, boot_ms, line, sizeof line);
        rw_canvas_text(canvas, 0, 0, (int)canvas->columns, line, RW_STYLE_PLAIN);
        return;
    }
    char time[RW_TEXT_TIME_MAX];
    rw_watch_main_time(state, boot_ms, time);
    struct layout layout = layout_compute(canvas, time);
    int64_t now = rw_watch_session_ms(state, boot_ms);

    char status[256];
    unsigned status_style;
    rw_watch_notice(state, boot_ms, status, sizeof status, &status_style);
    if (layout.status >= 0) {
        draw_header(canvas, &layout, state);
        rw_canvas_text(canvas, layout.left, layout.status, layout.width, status, status_style);
    } else if (status[0] != '\0') {
        /* Too small for a line of its own: trouble is more important than the title. */
        rw_canvas_text(canvas, layout.left, layout.header, layout.width, status, status_style);
    } else {
        draw_header(canvas, &layout, state);
    }

    char headline[RW_LABEL_MAX];
    unsigned style = rw_watch_headline(state, headline);
    rw_canvas_text_centred(canvas, layout.left, layout.kind, layout.width, headline, style);
    draw_digits(canvas, &layout, state, time);

    bool is_within = state->phase == RW_WATCH_RUNNING || state->phase == RW_WATCH_PAUSED;
    if (layout.progress >= 0 && is_within) {
        draw_progress(canvas, &layout, state, now);
    }
    if (layout.next >= 0) {
        char next[RW_LABEL_MAX + RW_TEXT_TIME_MAX + 16];
        rw_watch_coming(state, next, sizeof next);
        const struct rw_watch_segment *segment = rw_watch_segment_ahead(state);
        unsigned next_style =
            segment->is_known ? RW_STYLE_KIND + (unsigned)segment->kind : RW_STYLE_PLAIN;
        rw_canvas_text_centred(canvas, layout.left, layout.next, layout.width, next, next_style);
    }
    draw_session(canvas, &layout, state, now);

    draw_keys(canvas, &layout, state);
}
