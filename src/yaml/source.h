/*
 * A file's bytes as lines of code points, as a person counts them in an editor: lines end with
 * LF or CR LF, a byte order mark at the start is not part of the text, and a byte that is no
 * UTF-8 counts as one code point.
 */
#ifndef YAML_SOURCE_H
#define YAML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source_line {
    const char *bytes;
    size_t size;      /* without its end */
    uint32_t columns; /* code points */
};

/* Finds line NUMBER (1-based); false when the file has no such line. */
bool rw_source_line(const char *bytes, size_t size, uint32_t number, struct source_line *ret_line);

/* A walk over the code points of a line: rw_source_next stands on the next one, false at the end.
 */
struct source_point {
    const char *bytes;
    size_t length;
    uint32_t code; /* U+FFFD for a byte that is no UTF-8 */
    const char *end;
};
struct source_point rw_source_first(const struct source_line *line);
bool rw_source_next(struct source_point *point);

/* The code point at COLUMN (1-based) of line NUMBER; 0 when there is none. */
uint32_t rw_source_code(const char *bytes, size_t size, uint32_t number, uint32_t column);

/* The size of the byte order mark at the start of BYTES, 3 or 0. */
size_t rw_source_mark_size(const char *bytes, size_t size);

/* The first place of BYTES that is no text, for people or for YAML. */
struct source_fault {
    uint32_t line, column; /* 1-based; 0: the whole file */
    const char *text;      /* what is wrong, and the remedy; static */
};

/* Whether BYTES is UTF-8 text without control characters; *ret_fault is set when it is not. */
bool rw_source_check(const char *bytes, size_t size, struct source_fault *ret_fault);

#endif
