#include "digits.h"

#include <assert.h>
#include <string.h>

#define GLYPH_ROWS 10 /* of dots; two dots stand on top of each other in one cell */

#define UPPER_HALF 0x2580u
#define LOWER_HALF 0x2584u
#define FULL       0x2588u

struct glyph {
    char character;
    int columns;
    const char *dots[GLYPH_ROWS];
};

static const struct glyph glyphs[] = {
    {'0',
     6,
     {" #### ", "######", "##  ##", "##  ##", "##  ##", "##  ##", "##  ##", "##  ##", "######",
      " #### "}},
    {'1',
     6,
     {"  ##  ", " ###  ", "####  ", "# ##  ", "  ##  ", "  ##  ", "  ##  ", "  ##  ", "######",
      "######"}},
    {'2',
     6,
     {" #### ", "######", "##  ##", "    ##", "   ###", "  ### ", " ###  ", "###   ", "######",
      "######"}},
    {'3',
     6,
     {" #### ", "######", "##  ##", "    ##", "  ### ", "  ### ", "    ##", "##  ##", "######",
      " #### "}},
    {'4',
     6,
     {"   ###", "  ####", " #####", " ## ##", "##  ##", "##  ##", "######", "######", "    ##",
      "    ##"}},
    {'5',
     6,
     {"######", "######", "##    ", "##    ", "##### ", "######", "    ##", "##  ##", "######",
      " #### "}},
    {'6',
     6,
     {" #### ", "######", "##    ", "##    ", "##### ", "######", "##  ##", "##  ##", "######",
      " #### "}},
    {'7',
     6,
     {"######", "######", "    ##", "    ##", "   ## ", "   ## ", "  ##  ", "  ##  ", "  ##  ",
      "  ##  "}},
    {'8',
     6,
     {" #### ", "######", "##  ##", "##  ##", " #### ", " #### ", "##  ##", "##  ##", "######",
      " #### "}},
    {'9',
     6,
     {" #### ", "######", "##  ##", "##  ##", "######", " #####", "    ##", "    ##", "######",
      " #### "}},
    {':', 2, {"  ", "  ", "##", "##", "  ", "  ", "##", "##", "  ", "  "}},
    {'-', 4, {"    ", "    ", "    ", "    ", "####", "####", "    ", "    ", "    ", "    "}},
    {' ', 2, {"  ", "  ", "  ", "  ", "  ", "  ", "  ", "  ", "  ", "  "}},
};

static const struct glyph *glyph_find(char character)
{
    for (size_t i = 0; i < RW_COUNT(glyphs); i++) {
        if (glyphs[i].character == character) {
            return &glyphs[i];
        }
    }
    assert(!"a big digit has a glyph");
    return &glyphs[RW_COUNT(glyphs) - 1];
}

int rw_digits_columns(const char *text, int scale)
{
    int columns = 0;
    for (const char *c = text; *c; c++) {
        columns += glyph_find(*c)->columns * scale + scale;
    }
    return columns > 0 ? columns - scale : 0;
}

int rw_digits_scale(const char *text, int columns, int limit)
{
    for (int scale = limit; scale > 0; scale--) {
        if (rw_digits_columns(text, scale) <= columns) {
            return scale;
        }
    }
    return 0;
}

static void glyph_draw(struct rw_canvas *canvas, int column, int row, int scale,
                       const struct glyph *glyph, unsigned style)
{
    for (int y = 0; y < RW_DIGITS_ROWS(scale); y++) {
        const char *upper = glyph->dots[2 * y / scale];
        const char *lower = glyph->dots[(2 * y + 1) / scale];
        for (int x = 0; x < glyph->columns * scale; x++) {
            bool is_upper = upper[x / scale] == '#';
            bool is_lower = lower[x / scale] == '#';
            if (is_upper || is_lower) {
                uint32_t code = !is_lower ? UPPER_HALF : !is_upper ? LOWER_HALF : FULL;
                rw_canvas_put(canvas, column + x, row + y, code, style);
            }
        }
    }
}

void rw_digits_draw(struct rw_canvas *canvas, int column, int row, int scale, const char *text,
                    unsigned style)
{
    for (const char *c = text; *c; c++) {
        const struct glyph *glyph = glyph_find(*c);
        glyph_draw(canvas, column, row, scale, glyph, style);
        column += (glyph->columns + 1) * scale;
    }
}
