/*
 * Diagnostics: what a person must read about a malformed file. Each has a place, the
 * problem and, where there is one, the remedy; several are collected in one run.
 */
#ifndef RUNWALK_YAML_DIAGNOSTIC_H
#define RUNWALK_YAML_DIAGNOSTIC_H

#include "runwalk/base.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define RW_DIAGNOSTIC_MAX      32
#define RW_DIAGNOSTIC_TEXT_MAX 256

struct rw_diagnostic {
    bool warning;
    uint32_t line, column; /* 1-based, column in code points; 0: concerns the whole file */
    uint32_t width;        /* code points to underline, at least 1 */
    char text[RW_DIAGNOSTIC_TEXT_MAX];
};

/* Fixed storage; the 33rd diagnostic and later ones are only counted. */
struct rw_diagnostics {
    size_t count;   /* kept in `list` */
    size_t dropped; /* beyond RW_DIAGNOSTIC_MAX */
    size_t errors;  /* of all, those that are no warnings */
    struct rw_diagnostic list[RW_DIAGNOSTIC_MAX];
};

void rw_diagnostics_init(struct rw_diagnostics *diagnostics);

/* Adds an error. DIAGNOSTICS may be NULL: then nobody wants to know. */
void rw_diagnostics_error(struct rw_diagnostics *diagnostics, uint32_t line, uint32_t column,
                          uint32_t width, const char *format, ...) RW_PRINTF(5, 6);
void rw_diagnostics_warning(struct rw_diagnostics *diagnostics, uint32_t line, uint32_t column,
                            uint32_t width, const char *format, ...) RW_PRINTF(5, 6);

/*
 * Writes DIAGNOSTICS as a person reads them, in order of place: NAME:line:column: error: text,
 * then the source line and a caret that is right with tabs and UTF-8. BYTES/SIZE is the file's
 * content (may be NULL/0: no source lines). Returns malloc'd text that the caller frees, or NULL
 * when memory is short.
 */
char *rw_diagnostics_format(const struct rw_diagnostics *diagnostics, const char *name,
                            const char *bytes, size_t size);

#endif
