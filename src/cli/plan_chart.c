#include "plan_chart.h"

#include "chart.h"
#include "text.h"

#include <string.h>

#define MARK      0x25B6u /* a triangle that points to the right */
#define BLOCK     0x2588u
#define LEFT      5  /* columns of the mark and the number of the week */
#define RIGHT     16 /* of the minutes of running, and how much more that is */
#define GAP       2  /* between two sessions */
#define SLOT_MIN  7  /* narrower, the sessions are not drawn one by one */
#define HEAD_ROWS 4

struct layout {
    int slots;     /* sessions side by side */
    int slot;      /* columns of each; 0: one bar for the week */
    int middle;    /* columns of all of them */
    bool has_runs; /* else the length of the sessions is told */
};

static uint32_t week_ms(const struct rw_plan *plan, uint32_t week, bool running)
{
    uint32_t ms = 0;
    const struct rw_plan_week *found = &plan->weeks[week - 1];
    if (running) {
        return rw_plan_week_running_ms(plan, week);
    }
    for (uint32_t i = found->first; i < found->first + found->count; i++) {
        ms += rw_plan_workout_of(plan, i)->duration_ms;
    }
    return ms;
}

static struct layout layout_make(const struct rw_plan *plan, unsigned columns)
{
    struct layout layout = {.middle = (int)columns - LEFT - RIGHT, .slots = 1};
    for (uint32_t week = 1; week <= plan->week_count; week++) {
        int count = (int)plan->weeks[week - 1].count;
        layout.slots = count > layout.slots ? count : layout.slots;
        layout.has_runs |= rw_plan_week_running_ms(plan, week) > 0;
    }
    int slot = (layout.middle - GAP * (layout.slots - 1)) / layout.slots;
    layout.slot = slot >= SLOT_MIN ? slot : 0;
    return layout;
}

/* The longest of what is drawn to one scale: a session, or a week's running. */
static int64_t scale_find(const struct rw_plan *plan, const struct layout *layout)
{
    int64_t longest = 1;
    for (uint32_t i = 0; layout->slot > 0 && i < plan->session_count; i++) {
        int64_t ms = rw_plan_workout_of(plan, i)->duration_ms;
        longest = ms > longest ? ms : longest;
    }
    for (uint32_t week = 1; layout->slot == 0 && week <= plan->week_count; week++) {
        int64_t ms = week_ms(plan, week, layout->has_runs);
        longest = ms > longest ? ms : longest;
    }
    return longest;
}

/*
 * One cell of a session, from START to END: as high as what is done in it is hard on average, and
 * in the colour of running where a quarter of it is. So short runs show, too, where many fit in a
 * cell.
 */
static void cell_draw(struct rw_canvas *canvas, int column, int row,
                      const struct rw_plan_course *course, int64_t start, int64_t end, bool is_done)
{
    int64_t share[RW_KIND_COUNT] = {0};
    int64_t height = 0;
    int64_t total = 0;
    unsigned kind = 0;
    for (size_t i = 0; i < course->count; i++) {
        const struct rw_watch_block *block = &course->blocks[i];
        int64_t from = block->start_ms > start ? block->start_ms : start;
        int64_t block_end = block->start_ms + block->duration_ms;
        int64_t ms = (block_end < end ? block_end : end) - from;
        if (ms > 0) {
            share[block->kind] += ms;
            height += ms * rw_chart_height(block->kind);
            total += ms;
        }
    }
    if (total == 0) {
        return;
    }
    for (unsigned i = 0; i < RW_KIND_COUNT; i++) {
        kind = share[i] > share[kind] ? i : kind;
    }
    kind = share[RW_KIND_RUN] * 4 >= total ? RW_KIND_RUN : kind;
    /* U+2581 to U+2588: one to eight eighths from below. */
    uint32_t code = 0x2580u + (uint32_t)((height + total / 2) / total);
    rw_canvas_put(canvas, column, row, code,
                  (is_done ? RW_STYLE_KIND : RW_STYLE_KIND_FAINT) + kind);
}

static void session_draw(const struct rw_plan_picture *picture, struct rw_canvas *canvas,
                         const struct layout *layout, uint32_t session, int row, int64_t scale)
{
    const struct rw_plan_session *one = &picture->plan->sessions[session];
    const struct rw_plan_course *course = &picture->courses[one->workout];
    int64_t length = rw_plan_workout_of(picture->plan, session)->duration_ms;
    int column = LEFT + ((int)one->day - 1) * (layout->slot + GAP);
    bool is_done = !picture->has_due || session < picture->due;
    int columns = (int)((length * layout->slot + scale - 1) / scale);
    for (int i = 0; i < columns; i++) {
        cell_draw(canvas, column + i, row, course, rw_chart_time_of(i, length, columns),
                  rw_chart_time_of(i + 1, length, columns), is_done);
    }
    if (picture->has_due && session == picture->due) {
        rw_canvas_put(canvas, column - 1, row, MARK, RW_STYLE_STRONG);
    }
}

static void bar_draw(const struct rw_plan_picture *picture, struct rw_canvas *canvas,
                     const struct layout *layout, uint32_t week, int row, int64_t scale)
{
    const struct rw_plan *plan = picture->plan;
    unsigned kind = layout->has_runs ? RW_KIND_RUN : RW_KIND_EXERCISE;
    bool is_done = !picture->has_due || week < plan->sessions[picture->due].week;
    int64_t ms = week_ms(plan, week, layout->has_runs);
    for (int i = 0; i < (int)((ms * layout->middle + scale - 1) / scale); i++) {
        rw_canvas_put(canvas, LEFT + i, row, BLOCK,
                      (is_done ? RW_STYLE_KIND : RW_STYLE_KIND_FAINT) + kind);
    }
}

static void week_draw(const struct rw_plan_picture *picture, struct rw_canvas *canvas,
                      const struct layout *layout, uint32_t week, int row, int64_t scale)
{
    const struct rw_plan *plan = picture->plan;
    const struct rw_plan_week *found = &plan->weeks[week - 1];
    bool is_here = picture->has_due && plan->sessions[picture->due].week == week;
    int right = (int)canvas->columns - RIGHT;
    char text[32];
    snprintf(text, sizeof text, "%u", (unsigned)week);
    rw_canvas_text_right(canvas, 0, row, 3, text, is_here ? RW_STYLE_STRONG : RW_STYLE_PLAIN);
    for (uint32_t i = found->first; layout->slot > 0 && i < found->first + found->count; i++) {
        session_draw(picture, canvas, layout, i, row, scale);
    }
    if (layout->slot == 0) {
        bar_draw(picture, canvas, layout, week, row, scale);
    }
    uint32_t minutes = (week_ms(plan, week, layout->has_runs) + 30000) / 60000;
    snprintf(text, sizeof text, "%u min", (unsigned)minutes);
    rw_canvas_text_right(canvas, right, row, 9, text, RW_STYLE_PLAIN);
    uint32_t percent = rw_plan_step_percent(plan, found->first);
    if (percent > 0) {
        snprintf(text, sizeof text, "+%u %%", (unsigned)percent);
        rw_canvas_text_right(canvas, right + 9, row, 7, text,
                             percent > plan->rules.big_step ? RW_STYLE_STRONG : RW_STYLE_FAINT);
    }
    if (found->note) {
        rw_canvas_text(canvas, LEFT, row + 1, (int)canvas->columns - LEFT, found->note,
                       RW_STYLE_FAINT);
    }
}

static void head_draw(const struct rw_plan *plan, struct rw_canvas *canvas,
                      const struct layout *layout)
{
    char text[64];
    int columns = (int)canvas->columns;
    snprintf(text, sizeof text, "%u week%s, %u session%s", (unsigned)plan->week_count,
             plan->week_count == 1 ? "" : "s", (unsigned)plan->session_count,
             plan->session_count == 1 ? "" : "s");
    int end = rw_canvas_text(canvas, 0, 0, columns, plan->name, RW_STYLE_STRONG);
    rw_canvas_text_right(canvas, end + GAP, 0, columns - end - GAP, text, RW_STYLE_FAINT);
    if (plan->summary) {
        rw_canvas_text(canvas, 0, 1, columns, plan->summary, RW_STYLE_PLAIN);
    }
    rw_canvas_text(canvas, 0, 3, LEFT, "week", RW_STYLE_FAINT);
    for (int i = 0; layout->slot > 0 && i < layout->slots; i++) {
        snprintf(text, sizeof text, "day %d", i + 1);
        rw_canvas_text(canvas, LEFT + i * (layout->slot + GAP), 3, layout->slot, text,
                       RW_STYLE_FAINT);
    }
    rw_canvas_text_right(canvas, columns - RIGHT, 3, 9, layout->has_runs ? "running" : "exercise",
                         RW_STYLE_FAINT);
}

struct rw_canvas *rw_plan_draw(const struct rw_plan_picture *picture, unsigned columns)
{
    const struct rw_plan *plan = picture->plan;
    columns = columns < RW_PLAN_COLUMNS_MIN ? RW_PLAN_COLUMNS_MIN : columns;
    columns = columns > RW_PLAN_COLUMNS_MAX ? RW_PLAN_COLUMNS_MAX : columns;
    struct layout layout = layout_make(plan, columns);
    unsigned rows = HEAD_ROWS;
    for (uint32_t week = 0; week < plan->week_count; week++) {
        rows += plan->weeks[week].note ? 2 : 1;
    }
    struct rw_canvas *canvas = rw_canvas_create(columns, rows);
    if (!canvas) {
        return NULL;
    }
    int64_t scale = scale_find(plan, &layout);
    int row = HEAD_ROWS;
    head_draw(plan, canvas, &layout);
    for (uint32_t week = 1; week <= plan->week_count; week++) {
        week_draw(picture, canvas, &layout, week, row, scale);
        row += plan->weeks[week - 1].note ? 2 : 1;
    }
    return canvas;
}
