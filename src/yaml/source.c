#include "source.h"

#include "utf8.h"

#include <string.h>

size_t rw_source_mark_size(const char *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

struct source_point rw_source_first(const struct source_line *line)
{
    return (struct source_point){line->bytes, 0, 0, line->bytes + line->size};
}

bool rw_source_next(struct source_point *point)
{
    point->bytes += point->length;
    if (point->bytes == point->end) {
        return false;
    }
    point->length = rw_utf8_decode(point->bytes, (size_t)(point->end - point->bytes), &point->code);
    if (point->length == 0) {
        point->length = 1;
        point->code = 0xFFFD;
    }
    return true;
}

bool rw_source_line(const char *bytes, size_t size, uint32_t number, struct source_line *ret_line)
{
    if (!bytes || number == 0) {
        return false;
    }
    const char *at = bytes + rw_source_mark_size(bytes, size);
    const char *end = bytes + size;
    for (uint32_t i = 1; i < number; i++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at) {
            return false;
        }
        at++;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    stop = stop ? stop : end;
    if (stop > at && stop[-1] == '\r') {
        stop--;
    }
    struct source_line line = {at, (size_t)(stop - at), 0};
    for (struct source_point point = rw_source_first(&line); rw_source_next(&point);) {
        line.columns++;
    }
    *ret_line = line;
    return true;
}

uint32_t rw_source_code(const char *bytes, size_t size, uint32_t number, uint32_t column)
{
    struct source_line line;
    if (!rw_source_line(bytes, size, number, &line)) {
        return 0;
    }
    struct source_point point = rw_source_first(&line);
    for (uint32_t i = 0; i < column; i++) {
        if (!rw_source_next(&point)) {
            return 0;
        }
    }
    return point.code;
}

/* Why the code point at AT (LENGTH 0: no UTF-8) cannot stand in a file; NULL when it can. */
static const char *code_fault(const char *at, const char *end, size_t length, uint32_t code)
{
    if (length == 0) {
        return "this is not UTF-8 text; save the file as UTF-8";
    }
    if (code == '\t' || code == '\n') {
        return NULL;
    }
    if (code == '\r') {
        /* Every reader of lines must count them alike, so only one kind of end is a line's. */
        return at + 1 < end && at[1] == '\n'
                   ? NULL
                   : "a carriage return alone ends no line; save the file with Unix line ends";
    }
    return rw_utf8_is_control(code) ? "an invisible control character stands here; delete it"
                                    : NULL;
}

bool rw_source_check(const char *bytes, size_t size, struct source_fault *ret_fault)
{
    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        *ret_fault = (struct source_fault){0, 0, "this is UTF-16 text; save the file as UTF-8"};
        return false;
    }
    const char *at = bytes + rw_source_mark_size(bytes, size);
    const char *end = bytes + size;
    uint32_t line = 1;
    uint32_t column = 1;
    while (at < end) {
        uint32_t code = 0;
        size_t length = rw_utf8_decode(at, (size_t)(end - at), &code);
        const char *fault = NULL;
        if (length == 0 || code < 0x20 || code >= 0x7F) {
            fault = code_fault(at, end, length, code);
        }
        if (fault) {
            *ret_fault = (struct source_fault){line, column, fault};
            return false;
        }
        column = code == '\n' ? 1 : column + 1;
        line += code == '\n';
        at += length;
    }
    return true;
}
