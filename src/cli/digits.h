/*
 * Big digits: a time drawn so large that it is read at arm's length while running. Pure.
 */
#ifndef RW_CLI_DIGITS_H
#define RW_CLI_DIGITS_H

#include "canvas.h"

#define RW_DIGITS_SCALE_MAX 4

/* The rows that digits of SCALE (1 to RW_DIGITS_SCALE_MAX) take. */
#define RW_DIGITS_ROWS(scale) (5 * (scale))

/* The columns TEXT takes at SCALE. TEXT consists of digits, ':', '-' and blanks. */
int rw_digits_columns(const char *text, int scale);

/* The largest scale up to LIMIT at which TEXT fits into COLUMNS; 0 when none does. */
int rw_digits_scale(const char *text, int columns, int limit);

/* Draws TEXT with its upper left corner at COLUMN, ROW. */
void rw_digits_draw(struct rw_canvas *canvas, int column, int row, int scale, const char *text,
                    unsigned style);

#endif
