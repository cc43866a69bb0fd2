/*
 * The bar of a whole session: time runs to the right, each stretch in the colour of its kind
 * and as high as it is hard. Pure.
 */
#ifndef RW_CLI_CHART_H
#define RW_CLI_CHART_H

#include "watch_view.h"

/*
 * Draws BLOCKS over the COLUMNS from COLUMN on and ROWS from ROW on. What lies before NOW_MS
 * is in full colour, what is to come is faint. TOTAL_MS is the time at the right end.
 */
void rw_chart_draw(struct rw_canvas *canvas, int column, int row, int columns, int rows,
                   const struct rw_watch_block *blocks, size_t block_count, int64_t total_ms,
                   int64_t now_ms);

/* How high a kind stands, in eighths. */
int rw_chart_height(enum rw_kind kind);

/* The column, 0 to COLUMNS - 1, in which NOW_MS lies. */
int rw_chart_marker(int64_t now_ms, int64_t total_ms, int columns);

/* The first time at which rw_chart_marker answers COLUMN or more. */
int64_t rw_chart_time_of(int column, int64_t total_ms, int columns);

#endif
