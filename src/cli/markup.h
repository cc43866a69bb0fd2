/*
 * Text of others inside HTML, SVG and XML: it stays text, in content and in quoted attributes.
 */
#ifndef RW_CLI_MARKUP_H
#define RW_CLI_MARKUP_H

#include <stdio.h>

/* Writes TEXT escaped, without controls and what would turn it around. */
void rw_markup_text(FILE *file, const char *text);

#endif
