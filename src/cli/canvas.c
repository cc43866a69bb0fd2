#include "canvas.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ELLIPSIS 0x2026u

struct rw_canvas *rw_canvas_create(unsigned columns, unsigned rows)
{
    columns = columns < 1 ? 1 : columns;
    columns = columns > RW_CANVAS_COLUMNS_MAX ? RW_CANVAS_COLUMNS_MAX : columns;
    rows = rows < 1 ? 1 : rows;
    rows = rows > RW_CANVAS_ROWS_MAX ? RW_CANVAS_ROWS_MAX : rows;

    size_t count = (size_t)columns * rows;
    struct rw_canvas *canvas = malloc(sizeof *canvas + count * sizeof canvas->cells[0]);
    if (!canvas) {
        return NULL;
    }
    canvas->columns = columns;
    canvas->rows = rows;
    rw_canvas_clear(canvas);
    return canvas;
}

void rw_canvas_destroy(struct rw_canvas *canvas)
{
    free(canvas);
}

void rw_canvas_clear(struct rw_canvas *canvas)
{
    size_t count = (size_t)canvas->columns * canvas->rows;
    for (size_t i = 0; i < count; i++) {
        canvas->cells[i] = (struct rw_cell){.code = ' ', .style = RW_STYLE_PLAIN};
    }
}

static bool is_inside(const struct rw_canvas *canvas, int column, int row)
{
    return column >= 0 && row >= 0 && column < (int)canvas->columns && row < (int)canvas->rows;
}

static struct rw_cell *cell_at(struct rw_canvas *canvas, int column, int row)
{
    return &canvas->cells[(size_t)row * canvas->columns + (size_t)column];
}

void rw_canvas_put(struct rw_canvas *canvas, int column, int row, uint32_t code, unsigned style)
{
    unsigned width = rw_text_columns(code);
    if (width == 0 || !is_inside(canvas, column, row) ||
        !is_inside(canvas, column + (int)width - 1, row)) {
        return;
    }
    struct rw_cell *cell = cell_at(canvas, column, row);
    /* Half of a wide character that is overwritten would shift its whole row. */
    if (cell->code == 0 && column > 0) {
        cell[-1].code = ' ';
    }
    *cell = (struct rw_cell){.code = code, .style = (uint8_t)style};
    if (width == 2) {
        cell[1] = (struct rw_cell){.code = 0, .style = (uint8_t)style};
    }
    struct rw_cell *right = cell + width;
    if (column + (int)width < (int)canvas->columns && right->code == 0) {
        right->code = ' ';
    }
}

int rw_canvas_text(struct rw_canvas *canvas, int column, int row, int limit, const char *text,
                   unsigned style)
{
    bool is_cut = (int)rw_text_width(text) > limit;
    int end = column + (is_cut ? limit - 1 : limit);
    uint32_t code;
    while ((code = rw_text_next(&text)) != 0) {
        if (rw_text_is_control(code)) {
            continue;
        }
        int width = (int)rw_text_columns(code);
        if (column + width > end) {
            break;
        }
        rw_canvas_put(canvas, column, row, code, style);
        column += width;
    }
    if (is_cut && limit > 0) {
        rw_canvas_put(canvas, column, row, ELLIPSIS, style);
        column++;
    }
    return column;
}

void rw_canvas_text_centred(struct rw_canvas *canvas, int column, int row, int limit,
                            const char *text, unsigned style)
{
    int width = (int)rw_text_width(text);
    int shift = width < limit ? (limit - width) / 2 : 0;
    rw_canvas_text(canvas, column + shift, row, limit - shift, text, style);
}

void rw_canvas_text_right(struct rw_canvas *canvas, int column, int row, int limit,
                          const char *text, unsigned style)
{
    int width = (int)rw_text_width(text);
    int shift = width < limit ? limit - width : 0;
    rw_canvas_text(canvas, column + shift, row, limit - shift, text, style);
}

char *rw_canvas_to_text(const struct rw_canvas *canvas)
{
    char *text = malloc((size_t)canvas->rows * ((size_t)canvas->columns * 4 + 1) + 1);
    if (!text) {
        return NULL;
    }
    size_t used = 0;
    for (unsigned row = 0; row < canvas->rows; row++) {
        size_t row_end = used;
        for (unsigned column = 0; column < canvas->columns; column++) {
            uint32_t code = canvas->cells[(size_t)row * canvas->columns + column].code;
            if (code == 0) {
                continue;
            }
            used += rw_text_encode(code, text + used);
            row_end = code == ' ' ? row_end : used;
        }
        used = row_end;
        text[used++] = '\n';
    }
    text[used] = '\0';
    return text;
}

/* Without colour a kind is told by its word; with 16, by the terminal's own; with 256, by ours. */
static const struct {
    const char *sequence[3]; /* by palette */
} styles[RW_STYLE_COUNT] = {
    [RW_STYLE_PLAIN] = {{"\x1b[0m", "\x1b[0m", "\x1b[0m"}},
    [RW_STYLE_STRONG] = {{"\x1b[0;1m", "\x1b[0;1m", "\x1b[0;1m"}},
    [RW_STYLE_FAINT] = {{"\x1b[0;2m", "\x1b[0;2m", "\x1b[0;38;5;245m"}},
    [RW_STYLE_KEY] = {{"\x1b[0;1m", "\x1b[0;1m", "\x1b[0;1m"}},
    [RW_STYLE_ALARM] = {{"\x1b[0;1;7m", "\x1b[0;1;97;41m", "\x1b[0;1;38;5;231;48;5;160m"}},
    [RW_STYLE_KIND + RW_KIND_WARMUP] = {{"\x1b[0m", "\x1b[0;33m", "\x1b[0;38;5;178m"}},
    [RW_STYLE_KIND + RW_KIND_RUN] = {{"\x1b[0;1m", "\x1b[0;91m", "\x1b[0;38;5;208m"}},
    [RW_STYLE_KIND + RW_KIND_WALK] = {{"\x1b[0m", "\x1b[0;36m", "\x1b[0;38;5;37m"}},
    [RW_STYLE_KIND + RW_KIND_COOLDOWN] = {{"\x1b[0m", "\x1b[0;34m", "\x1b[0;38;5;68m"}},
    [RW_STYLE_KIND + RW_KIND_REST] = {{"\x1b[0m", "\x1b[0;37m", "\x1b[0;38;5;250m"}},
    [RW_STYLE_KIND + RW_KIND_EXERCISE] = {{"\x1b[0;1m", "\x1b[0;35m", "\x1b[0;38;5;141m"}},
    [RW_STYLE_KIND_FAINT + RW_KIND_WARMUP] = {{"\x1b[0;2m", "\x1b[0;2;33m", "\x1b[0;38;5;58m"}},
    [RW_STYLE_KIND_FAINT + RW_KIND_RUN] = {{"\x1b[0;2m", "\x1b[0;2;31m", "\x1b[0;38;5;130m"}},
    [RW_STYLE_KIND_FAINT + RW_KIND_WALK] = {{"\x1b[0;2m", "\x1b[0;2;36m", "\x1b[0;38;5;23m"}},
    [RW_STYLE_KIND_FAINT + RW_KIND_COOLDOWN] = {{"\x1b[0;2m", "\x1b[0;2;34m", "\x1b[0;38;5;24m"}},
    [RW_STYLE_KIND_FAINT + RW_KIND_REST] = {{"\x1b[0;2m", "\x1b[0;2;37m", "\x1b[0;38;5;240m"}},
    [RW_STYLE_KIND_FAINT + RW_KIND_EXERCISE] = {{"\x1b[0;2m", "\x1b[0;2;35m", "\x1b[0;38;5;60m"}},
};

const char *rw_style_sequence(unsigned style, enum rw_palette palette)
{
    return styles[style].sequence[palette];
}

/* What stands in for a character that a terminal without block characters cannot show. */
static uint32_t ascii_for(uint32_t code)
{
    static const struct {
        uint32_t code;
        char plain;
    } plain_forms[] = {
        {0x2580, '"'}, {0x2581, '_'}, {0x2582, '_'}, {0x2583, '_'}, {0x2584, '='}, {0x2585, '='},
        {0x2586, '='}, {0x2587, '#'}, {0x2588, '#'}, {0x2589, '#'}, {0x258A, '#'}, {0x258B, '#'},
        {0x258C, '|'}, {0x258D, '|'}, {0x258E, '|'}, {0x258F, '|'}, {0x2500, '-'}, {0x2501, '='},
        {0x2578, '='}, {0x25B2, '^'}, {0x25BC, 'v'}, {0x25B6, '>'}, {0x00B7, '-'}, {0x2026, '.'},
        {0x2212, '-'}, {0x2192, '>'},
    };
    if (code < 0x80) {
        return code;
    }
    for (size_t i = 0; i < RW_COUNT(plain_forms); i++) {
        if (plain_forms[i].code == code) {
            return (unsigned char)plain_forms[i].plain;
        }
    }
    return '?';
}

static bool row_is_equal(const struct rw_canvas *a, const struct rw_canvas *b, unsigned row)
{
    const struct rw_cell *left = &a->cells[(size_t)row * a->columns];
    const struct rw_cell *right = &b->cells[(size_t)row * b->columns];
    for (unsigned i = 0; i < a->columns; i++) {
        if (left[i].code != right[i].code || left[i].style != right[i].style) {
            return false;
        }
    }
    return true;
}

/* Where the part of a row ends that looks like something. */
static unsigned row_end(const struct rw_cell *cells, unsigned columns)
{
    while (columns > 0 && cells[columns - 1].code == ' ' &&
           cells[columns - 1].style != RW_STYLE_ALARM) {
        columns--;
    }
    return columns;
}

/* Writes CELLS up to END; without STYLED only the characters. */
static void cells_write(FILE *out, const struct rw_cell *cells, unsigned end, bool styled,
                        enum rw_palette palette, bool ascii)
{
    unsigned style = RW_STYLE_COUNT;
    for (unsigned i = 0; i < end; i++) {
        if (cells[i].code == 0 && !ascii) {
            continue;
        }
        /* A blank looks the same in every style but the one with a background. */
        if (styled && cells[i].style != style &&
            (cells[i].code != ' ' || style == RW_STYLE_ALARM || cells[i].style == RW_STYLE_ALARM)) {
            style = cells[i].style;
            fputs(rw_style_sequence(style, palette), out);
        }
        char bytes[4];
        uint32_t code = cells[i].code == 0 ? '?' : cells[i].code;
        size_t size = rw_text_encode(ascii ? ascii_for(code) : code, bytes);
        fwrite(bytes, 1, size, out);
    }
    if (styled && end > 0) {
        fputs(rw_style_sequence(RW_STYLE_PLAIN, palette), out);
    }
}

void rw_canvas_print(const struct rw_canvas *canvas, FILE *out, bool styled,
                     enum rw_palette palette, bool ascii)
{
    for (unsigned row = 0; row < canvas->rows; row++) {
        const struct rw_cell *cells = &canvas->cells[(size_t)row * canvas->columns];
        cells_write(out, cells, row_end(cells, canvas->columns), styled, palette, ascii);
        fputc('\n', out);
    }
}

static void encode_row(FILE *out, const struct rw_canvas *canvas, unsigned row,
                       enum rw_palette palette, bool ascii)
{
    const struct rw_cell *cells = &canvas->cells[(size_t)row * canvas->columns];
    unsigned end = row_end(cells, canvas->columns);
    fprintf(out, "\x1b[%u;1H", row + 1);
    cells_write(out, cells, end, true, palette, ascii);
    if (end == 0) {
        fputs("\x1b[0m", out);
    }
    if (end < canvas->columns) {
        fputs("\x1b[K", out);
    }
}

char *rw_canvas_encode(const struct rw_canvas *canvas, const struct rw_canvas *before,
                       enum rw_palette palette, bool ascii, size_t *ret_size)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    if (!out) {
        return NULL;
    }
    bool is_known = before && before->columns == canvas->columns && before->rows == canvas->rows;
    if (!is_known) {
        fputs("\x1b[0m\x1b[2J", out);
    }
    for (unsigned row = 0; row < canvas->rows; row++) {
        if (!is_known || !row_is_equal(canvas, before, row)) {
            encode_row(out, canvas, row, palette, ascii);
        }
    }
    if (fclose(out) != 0) {
        free(bytes);
        return NULL;
    }
    *ret_size = size;
    return bytes;
}
