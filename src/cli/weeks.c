#include "weeks.h"

#include "text.h"

#include <stdio.h>

#define RUN_BLOCK  0x2588u /* full, */
#define WALK_BLOCK 0x2584u /* and half as high, as in the live view */
#define MS_PER_MIN 60000
#define DAY_S      86400

int64_t rw_week_of(time_t moment)
{
    struct tm local;
    localtime_r(&moment, &local);
    int64_t days =
        (int64_t)(timegm(&(struct tm){
                      .tm_year = local.tm_year, .tm_mon = local.tm_mon, .tm_mday = local.tm_mday}) /
                  DAY_S);
    return days - (local.tm_wday + 6) % 7;
}

struct tm rw_date_of(int64_t days)
{
    struct tm date;
    time_t seconds = (time_t)(days * DAY_S);
    gmtime_r(&seconds, &date);
    return date;
}

void rw_weeks_init(struct rw_weeks *weeks, time_t now, size_t count)
{
    int64_t monday = rw_week_of(now);
    *weeks = (struct rw_weeks){.count = count, .streak_monday = monday + 7};
    for (size_t i = 0; i < count; i++) {
        weeks->list[i].monday = monday - 7 * (int64_t)(count - 1 - i);
    }
}

static void streak_follow(struct rw_weeks *weeks, int64_t monday)
{
    int64_t present = weeks->list[weeks->count - 1].monday;
    /* The present week is not over: without a session yet it breaks nothing. */
    bool is_next =
        monday == weeks->streak_monday - 7 || (weeks->streak == 0 && monday == present - 7);
    if (is_next && !weeks->is_streak_over) {
        weeks->streak++;
        weeks->streak_monday = monday;
    } else if (monday < weeks->streak_monday) {
        weeks->is_streak_over = true;
    }
}

bool rw_weeks_add(struct rw_weeks *weeks, const struct rw_session_sum *sum)
{
    const struct rw_week *oldest = &weeks->list[0];
    int64_t present = weeks->list[weeks->count - 1].monday;
    if (sum->session_ms < RW_SESSION_LEAST_MS) {
        return true;
    }
    int64_t monday = rw_week_of((time_t)(sum->begin_unix_ms / 1000));
    if (!sum->is_dated || monday > present) {
        weeks->undated++;
        return true;
    }
    streak_follow(weeks, monday);
    if (monday < oldest->monday) {
        return !weeks->is_streak_over;
    }
    struct rw_week *week = &weeks->list[(monday - oldest->monday) / 7];
    week->sessions++;
    week->rests += sum->rests;
    week->session_ms += sum->session_ms;
    week->planned_ms += sum->planned_ms;
    week->running_ms += sum->running_ms;
    week->walking_ms += sum->walking_ms;
    return true;
}

/* ---- the chart ---- */

/* The columns of numbers, the less important ones last. */
enum column { COLUMN_RUNNING, COLUMN_WALKING, COLUMN_SESSIONS, COLUMN_RESTS };
#define COLUMN_COUNT 4

static const struct {
    const char *head;
    int width;
} columns_of_numbers[COLUMN_COUNT] = {
    [COLUMN_RUNNING] = {"run min", 9},
    [COLUMN_WALKING] = {"walk min", 10},
    [COLUMN_SESSIONS] = {"sessions", 10},
    [COLUMN_RESTS] = {"rests", 7},
};
#define LABEL_COLUMNS 9
#define BAR_GAP       2
#define BAR_MIN       13 /* what the two colours mean fits above them */

static int64_t minutes(int64_t ms)
{
    return (ms + MS_PER_MIN / 2) / MS_PER_MIN;
}

static int64_t number_of(const struct rw_week *week, enum column column)
{
    switch (column) {
    case COLUMN_RUNNING:
        return minutes(week->running_ms);
    case COLUMN_WALKING:
        return minutes(week->walking_ms);
    case COLUMN_SESSIONS:
        return week->sessions;
    case COLUMN_RESTS:
        return week->rests;
    }
    return 0;
}

struct layout {
    int numbers;   /* how many columns of them */
    int bar_begin; /* 0: no bars */
    int bar_width;
    int64_t scale_ms; /* of the whole width */
};

static struct layout layout_make(const struct rw_weeks *weeks, int columns)
{
    struct layout layout = {.scale_ms = 1};
    int used = LABEL_COLUMNS;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        /* Bars tell more than the last two columns. */
        int needed = used + columns_of_numbers[i].width;
        needed += i >= COLUMN_SESSIONS ? BAR_GAP + BAR_MIN : 0;
        if (needed > columns) {
            break;
        }
        used += columns_of_numbers[i].width;
        layout.numbers++;
    }
    if (columns - used - BAR_GAP >= BAR_MIN) {
        layout.bar_begin = used + BAR_GAP;
        layout.bar_width = columns - layout.bar_begin;
    }
    for (size_t i = 0; i < weeks->count; i++) {
        int64_t whole = weeks->list[i].running_ms + weeks->list[i].walking_ms;
        layout.scale_ms = whole > layout.scale_ms ? whole : layout.scale_ms;
    }
    return layout;
}

/* How many columns MS take; something is never nothing. */
static int bar_columns(const struct layout *layout, int64_t ms)
{
    int columns = (int)((ms * layout->bar_width + layout->scale_ms / 2) / layout->scale_ms);
    return ms > 0 && columns == 0 ? 1 : columns;
}

static void bar_draw(struct rw_canvas *canvas, const struct layout *layout, int row,
                     const struct rw_week *week)
{
    int run = bar_columns(layout, week->running_ms);
    int whole = bar_columns(layout, week->running_ms + week->walking_ms);
    for (int i = 0; i < whole || i < run; i++) {
        bool is_run = i < run;
        rw_canvas_put(canvas, layout->bar_begin + i, row, is_run ? RUN_BLOCK : WALK_BLOCK,
                      RW_STYLE_KIND + (is_run ? RW_KIND_RUN : RW_KIND_WALK));
    }
}

static void week_draw(struct rw_canvas *canvas, const struct layout *layout, int row,
                      const struct rw_week *week, bool is_present)
{
    char text[32];
    struct tm monday = rw_date_of(week->monday);
    strftime(text, sizeof text, "%e %b", &monday);
    rw_canvas_text_right(canvas, 0, row, LABEL_COLUMNS, is_present ? "this week" : text,
                         is_present ? RW_STYLE_STRONG : RW_STYLE_PLAIN);
    int column = LABEL_COLUMNS;
    for (int i = 0; i < layout->numbers; i++) {
        int64_t number = number_of(week, (enum column)i);
        snprintf(text, sizeof text, "%lld", (long long)number);
        rw_canvas_text_right(canvas, column, row, columns_of_numbers[i].width, text,
                             number == 0 ? RW_STYLE_FAINT : RW_STYLE_PLAIN);
        column += columns_of_numbers[i].width;
    }
    if (layout->bar_begin > 0) {
        bar_draw(canvas, layout, row, week);
    }
}

static void head_draw(struct rw_canvas *canvas, const struct layout *layout)
{
    rw_canvas_text_right(canvas, 0, 0, LABEL_COLUMNS, "week of", RW_STYLE_FAINT);
    int column = LABEL_COLUMNS;
    for (int i = 0; i < layout->numbers; i++) {
        rw_canvas_text_right(canvas, column, 0, columns_of_numbers[i].width,
                             columns_of_numbers[i].head, RW_STYLE_FAINT);
        column += columns_of_numbers[i].width;
    }
    if (layout->bar_begin > 0) {
        int at = layout->bar_begin;
        rw_canvas_put(canvas, at, 0, RUN_BLOCK, RW_STYLE_KIND + RW_KIND_RUN);
        at = rw_canvas_text(canvas, at + 2, 0, 8, "run", RW_STYLE_FAINT) + 2;
        rw_canvas_put(canvas, at, 0, WALK_BLOCK, RW_STYLE_KIND + RW_KIND_WALK);
        rw_canvas_text(canvas, at + 2, 0, 8, "walk", RW_STYLE_FAINT);
    }
}

struct rw_canvas *rw_weeks_draw(const struct rw_weeks *weeks, unsigned columns)
{
    columns = columns < RW_WEEKS_COLUMNS_MIN ? RW_WEEKS_COLUMNS_MIN : columns;
    columns = columns > RW_WEEKS_COLUMNS_MAX ? RW_WEEKS_COLUMNS_MAX : columns;
    struct layout layout = layout_make(weeks, (int)columns);
    struct rw_canvas *canvas = rw_canvas_create(columns, (unsigned)weeks->count + 1);
    if (!canvas) {
        return NULL;
    }
    head_draw(canvas, &layout);
    for (size_t i = 0; i < weeks->count; i++) {
        week_draw(canvas, &layout, (int)i + 1, &weeks->list[i], i + 1 == weeks->count);
    }
    return canvas;
}
