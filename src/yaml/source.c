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

/* Whether BYTE is a character of its own that may stand anywhere. */
static bool is_plain(char byte)
{
    return (byte >= ' ' && byte <= '~') || byte == '\n';
}

/* How many bytes the compiler can look at together, in a loop of a fixed length with no way out. */
#define PLAIN_RUN 32

static bool is_plain_run(const char *bytes)
{
    unsigned others = 0;
    for (size_t i = 0; i < PLAIN_RUN; i++) {
        others |= !is_plain(bytes[i]);
    }
    return others == 0;
}

/* The place of AT in the text from START on, all of which is UTF-8. */
static void fault_place(const char *start, const char *at, struct source_fault *ret_fault)
{
    uint32_t line = 1;
    uint32_t column = 1;
    for (; start < at; start++) {
        if (*start == '\n') {
            line++;
            column = 1;
        } else {
            column += ((uint8_t)*start & 0xC0) != 0x80; /* a code point begins here */
        }
    }
    ret_fault->line = line;
    ret_fault->column = column;
}

bool rw_source_check(const char *bytes, size_t size, struct source_fault *ret_fault)
{
    if (size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        *ret_fault = (struct source_fault){0, 0, "this is UTF-16 text; save the file as UTF-8"};
        return false;
    }
    const char *start = bytes + rw_source_mark_size(bytes, size);
    const char *end = bytes + size;
    for (const char *at = start; at < end;) {
        if (end - at >= PLAIN_RUN && is_plain_run(at)) { /* nearly all of them */
            at += PLAIN_RUN;
            continue;
        }
        if (is_plain(*at)) {
            at++;
            continue;
        }
        uint32_t code = 0;
        size_t length = rw_utf8_decode(at, (size_t)(end - at), &code);
        const char *fault = code_fault(at, end, length, code);
        if (fault) {
            fault_place(start, at, ret_fault);
            ret_fault->text = fault;
            return false;
        }
        at += length;
    }
    return true;
}
