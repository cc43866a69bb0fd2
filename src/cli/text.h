/*
 * Text for a terminal: names from files made harmless, their width in columns, and
 * times as a person writes them. Pure.
 */
#ifndef RW_CLI_TEXT_H
#define RW_CLI_TEXT_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Decodes one UTF-8 code point of the string at *CURSOR and moves past it. A byte that
 * begins no valid sequence is one code point U+FFFD. Returns 0 at the end, without moving.
 */
uint32_t rw_text_next(const char **cursor);

/* Writes CODE as UTF-8 (no terminator) and returns the number of bytes, 1 to 4. */
size_t rw_text_encode(uint32_t code, char out[4]);

/* The columns CODE takes on a terminal: 0 (combining), 1 or 2 (East Asian wide, emoji). */
unsigned rw_text_columns(uint32_t code);

/* True for what a terminal might obey or a reader be misled by: controls, bidirectional marks. */
bool rw_text_is_control(uint32_t code);

/* Copies TEXT to OUT without anything that rw_text_is_control; cut at a code point if need be. */
void rw_text_clean(const char *text, char *out, size_t size);

/* The columns of a whole string, controls not counted. */
unsigned rw_text_width(const char *text);

/* Long enough for every time below, also of 24 h and of a negative one. */
#define RW_TEXT_TIME_MAX 48

/* "0:40", "12:30", "1:02:30"; SECONDS is taken as it is. */
void rw_text_clock(int64_t seconds, char out[RW_TEXT_TIME_MAX]);

/* "12:30", or "12:30.250" where the milliseconds are not zero. */
void rw_text_clock_ms(int64_t ms, char out[RW_TEXT_TIME_MAX]);

/* "40 s", "1 min 30 s", "24 min", "1 h 5 min", "1.5 s"; what is zero is left out. */
void rw_text_span(int64_t ms, char out[RW_TEXT_TIME_MAX]);

/* Whole seconds until a deadline, rounded up: it shows 0 exactly when the time has come. */
int64_t rw_text_seconds_left(int64_t ms);

#endif
