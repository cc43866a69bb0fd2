/*
 * A canvas: a grid of styled characters that a view is drawn on, and its translation to
 * what a terminal understands. Drawing knows styles, not colours; whatever is drawn
 * outside is cut off. Pure.
 */
#ifndef RW_CLI_CANVAS_H
#define RW_CLI_CANVAS_H

#include "runwalk/core/profile.h"

#include <stdio.h>

#define RW_CANVAS_COLUMNS_MAX 400
#define RW_CANVAS_ROWS_MAX    120

enum rw_style {
    RW_STYLE_PLAIN,
    RW_STYLE_STRONG,
    RW_STYLE_FAINT,
    RW_STYLE_KEY,                                        /* a key that may be pressed */
    RW_STYLE_ALARM,                                      /* what must not be overlooked */
    RW_STYLE_KIND,                                       /* + enum rw_kind: in the kind's colour */
    RW_STYLE_KIND_FAINT = RW_STYLE_KIND + RW_KIND_COUNT, /* likewise, what is still to come */
};
#define RW_STYLE_COUNT (RW_STYLE_KIND_FAINT + RW_KIND_COUNT)

/* How much a terminal can show. */
enum rw_palette {
    RW_PALETTE_NONE, /* bold and faint only */
    RW_PALETTE_16,
    RW_PALETTE_256,
};

struct rw_cell {
    uint32_t code; /* 0: covered by the wide character to the left */
    uint8_t style;
};

struct rw_canvas {
    unsigned columns, rows;
    struct rw_cell cells[]; /* row by row */
};

/* COLUMNS and ROWS are brought within the bounds. Blank. NULL when memory is short. */
struct rw_canvas *rw_canvas_create(unsigned columns, unsigned rows);
void rw_canvas_destroy(struct rw_canvas *canvas);
void rw_canvas_clear(struct rw_canvas *canvas);

void rw_canvas_put(struct rw_canvas *canvas, int column, int row, uint32_t code, unsigned style);

/*
 * Writes TEXT, controls left out, from COLUMN on, LIMIT columns at most: a longer one ends with
 * an ellipsis. Returns the column after it.
 */
int rw_canvas_text(struct rw_canvas *canvas, int column, int row, int limit, const char *text,
                   unsigned style);

/* The same between COLUMN and COLUMN + LIMIT, centred or at the right end. */
void rw_canvas_text_centred(struct rw_canvas *canvas, int column, int row, int limit,
                            const char *text, unsigned style);
void rw_canvas_text_right(struct rw_canvas *canvas, int column, int row, int limit,
                          const char *text, unsigned style);

/* As malloc'd UTF-8 lines without styles or spaces at their ends; for tests and for eyes. */
char *rw_canvas_to_text(const struct rw_canvas *canvas);

/*
 * Prints CANVAS as lines among others, as `less` and files like it too. Without STYLED there are
 * no sequences in it.
 */
void rw_canvas_print(const struct rw_canvas *canvas, FILE *out, bool styled,
                     enum rw_palette palette, bool ascii);

/*
 * The escape sequences and characters that turn what shows BEFORE (NULL: unknown) into CANVAS,
 * as malloc'd bytes; "" when nothing differs. With ASCII, block characters become plain ones.
 */
char *rw_canvas_encode(const struct rw_canvas *canvas, const struct rw_canvas *before,
                       enum rw_palette palette, bool ascii, size_t *ret_size);

/* The escape sequence that selects STYLE, complete with a reset before it. Static. */
const char *rw_style_sequence(unsigned style, enum rw_palette palette);

#endif
