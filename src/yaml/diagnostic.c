#include "runwalk/yaml/diagnostic.h"

#include "diagnostics_add.h"
#include "source.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line longer than this is shown in part, around the place. In code points. */
#define SHOWN_MAX    120u
#define SHOWN_BEFORE 60u

void rw_diagnostics_init(struct rw_diagnostics *diagnostics)
{
    diagnostics->count = 0;
    diagnostics->dropped = 0;
    diagnostics->errors = 0;
}

void rw_diagnostics_add(struct rw_diagnostics *diagnostics, const struct rw_diagnostic *place,
                        const char *format, va_list arguments)
{
    if (!diagnostics) {
        return;
    }
    diagnostics->errors += !place->warning;
    if (diagnostics->count == RW_DIAGNOSTIC_MAX) {
        diagnostics->dropped++;
        return;
    }
    struct rw_diagnostic *diagnostic = &diagnostics->list[diagnostics->count++];
    *diagnostic = *place;
    int size = vsnprintf(diagnostic->text, sizeof diagnostic->text, format, arguments);
    if (size >= (int)sizeof diagnostic->text) {
        size_t kept = rw_utf8_whole(diagnostic->text, sizeof diagnostic->text - 1);
        diagnostic->text[kept] = '\0';
    }
}

void rw_diagnostics_error(struct rw_diagnostics *diagnostics, uint32_t line, uint32_t column,
                          uint32_t width, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rw_diagnostics_add(diagnostics,
                       &(struct rw_diagnostic){.line = line, .column = column, .width = width},
                       format, arguments);
    va_end(arguments);
}

void rw_diagnostics_warning(struct rw_diagnostics *diagnostics, uint32_t line, uint32_t column,
                            uint32_t width, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rw_diagnostics_add(
        diagnostics,
        &(struct rw_diagnostic){.warning = true, .line = line, .column = column, .width = width},
        format, arguments);
    va_end(arguments);
}

/* Writes a code point so that a terminal cannot take it for a command. */
static void code_write(FILE *out, const char *bytes, size_t length, uint32_t code)
{
    if (code == 0xFFFD || (code != '\t' && rw_utf8_is_control(code))) {
        fputs("\xEF\xBF\xBD", out); /* U+FFFD also for what is no UTF-8 */
    } else {
        fwrite(bytes, 1, length, out);
    }
}

/* Writes the source line, or the part of it around the place, and the caret under the place. */
static void excerpt_write(FILE *out, const struct rw_diagnostic *diagnostic,
                          const struct source_line *line)
{
    uint32_t from = 0;
    if (line->columns > SHOWN_MAX && diagnostic->column > SHOWN_BEFORE) {
        from = diagnostic->column - SHOWN_BEFORE;
    }
    const char *cut_before = from > 0 ? "..." : "";
    const char *cut_after = line->columns - from > SHOWN_MAX ? "..." : "";

    int gutter = fprintf(out, "%5u", diagnostic->line);
    fprintf(out, " | %s", cut_before);
    /* Tabs before the place go under tabs, so that it lines up whatever their width. */
    char pad[SHOWN_MAX + 1];
    size_t pad_size = 0;
    uint32_t column = 0;
    for (struct source_point point = rw_source_first(line); rw_source_next(&point); column++) {
        if (column < from || column >= from + SHOWN_MAX) {
            continue;
        }
        code_write(out, point.bytes, point.length, point.code);
        if (column + 1 < diagnostic->column) {
            pad[pad_size++] = point.code == '\t' ? '\t' : ' ';
        }
    }
    fprintf(out, "%s\n", cut_after);
    pad[pad_size] = '\0';

    /* The underline ends with the shown part of the line; the caret may stand just past it. */
    uint32_t end = line->columns < from + SHOWN_MAX ? line->columns : from + SHOWN_MAX;
    uint32_t room = end + 1 > diagnostic->column ? end + 1 - diagnostic->column : 1;
    fprintf(out, "%*s | %*s%s^", gutter, "", (int)strlen(cut_before), "", pad);
    for (uint32_t i = 1; i < diagnostic->width && i < room; i++) {
        fputc('~', out);
    }
    fputc('\n', out);
}

static void diagnostic_write(FILE *out, const struct rw_diagnostic *diagnostic, const char *name,
                             const char *bytes, size_t size)
{
    fputs(name, out);
    if (diagnostic->line > 0) {
        fprintf(out, ":%u:%u", diagnostic->line, diagnostic->column);
    }
    fprintf(out, ": %s: %s\n", diagnostic->warning ? "warning" : "error", diagnostic->text);
    struct source_line line;
    if (diagnostic->line > 0 && rw_source_line(bytes, size, diagnostic->line, &line)) {
        excerpt_write(out, diagnostic, &line);
    }
}

static bool is_before(const struct rw_diagnostic *left, const struct rw_diagnostic *right)
{
    return left->line != right->line ? left->line < right->line : left->column < right->column;
}

char *rw_diagnostics_format(const struct rw_diagnostics *diagnostics, const char *name,
                            const char *bytes, size_t size)
{
    size_t order[RW_DIAGNOSTIC_MAX] = {0}; /* into the list, by insertion */
    for (size_t i = 0; i < diagnostics->count; i++) {
        size_t place = i;
        for (; place > 0 && is_before(&diagnostics->list[i], &diagnostics->list[order[place - 1]]);
             place--) {
            order[place] = order[place - 1];
        }
        order[place] = i;
    }

    char *text = NULL;
    size_t text_size = 0;
    FILE *out = open_memstream(&text, &text_size);
    if (!out) {
        return NULL;
    }
    for (size_t i = 0; i < diagnostics->count; i++) {
        diagnostic_write(out, &diagnostics->list[order[i]], name, bytes, size);
    }
    if (diagnostics->dropped > 0) {
        fprintf(out, "%s: and %zu more\n", name, diagnostics->dropped);
    }
    bool failed = ferror(out);
    if (fclose(out) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
