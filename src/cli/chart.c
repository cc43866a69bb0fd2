#include "chart.h"

/* How high a kind stands, in eighths. */
static const int kind_height[RW_KIND_COUNT] = {
    [RW_KIND_WARMUP] = 3,   [RW_KIND_RUN] = 8,  [RW_KIND_WALK] = 4,
    [RW_KIND_COOLDOWN] = 3, [RW_KIND_REST] = 2, [RW_KIND_EXERCISE] = 7,
};

int rw_chart_height(enum rw_kind kind)
{
    return kind_height[kind];
}

int64_t rw_chart_time_of(int column, int64_t total_ms, int columns)
{
    return (column * total_ms + columns - 1) / columns;
}

int rw_chart_marker(int64_t now_ms, int64_t total_ms, int columns)
{
    if (now_ms <= 0 || total_ms <= 0) {
        return 0;
    }
    return now_ms >= total_ms ? columns - 1 : (int)(now_ms * columns / total_ms);
}

/* The kind that fills most of the time from START to END; false: no block lies there. */
static bool kind_of_stretch(const struct rw_watch_block *blocks, size_t block_count,
                            size_t *first_block, int64_t start, int64_t end, enum rw_kind *ret_kind)
{
    int64_t share[RW_KIND_COUNT] = {0};
    while (*first_block < block_count &&
           blocks[*first_block].start_ms + blocks[*first_block].duration_ms <= start) {
        ++*first_block;
    }
    for (size_t i = *first_block; i < block_count && blocks[i].start_ms < end; i++) {
        int64_t from = blocks[i].start_ms > start ? blocks[i].start_ms : start;
        int64_t block_end = blocks[i].start_ms + blocks[i].duration_ms;
        int64_t to = block_end < end ? block_end : end;
        share[blocks[i].kind] += to - from;
    }
    int64_t largest = 0;
    for (int kind = 0; kind < RW_KIND_COUNT; kind++) {
        if (share[kind] > largest) {
            largest = share[kind];
            *ret_kind = (enum rw_kind)kind;
        }
    }
    return largest > 0;
}

void rw_chart_draw(struct rw_canvas *canvas, int column, int row, int columns, int rows,
                   const struct rw_watch_block *blocks, size_t block_count, int64_t total_ms,
                   int64_t now_ms)
{
    if (total_ms <= 0) {
        return;
    }
    size_t first_block = 0;
    for (int x = 0; x < columns; x++) {
        int64_t start = rw_chart_time_of(x, total_ms, columns);
        int64_t end = rw_chart_time_of(x + 1, total_ms, columns);
        enum rw_kind kind;
        if (!kind_of_stretch(blocks, block_count, &first_block, start, end, &kind)) {
            continue;
        }
        unsigned style = (start < now_ms ? RW_STYLE_KIND : RW_STYLE_KIND_FAINT) + (unsigned)kind;
        int height = kind_height[kind] * rows;
        for (int y = 0; y < rows; y++) {
            int eighths = height - (rows - 1 - y) * 8;
            if (eighths > 0) {
                /* U+2581 to U+2588: one to eight eighths from below. */
                uint32_t code = 0x2580u + (unsigned)(eighths > 8 ? 8 : eighths);
                rw_canvas_put(canvas, column + x, row + y, code, style);
            }
        }
    }
}
