/*
 * UTF-8, strictly: one code point at a time. Columns of diagnostics, limits of texts and the
 * check of a file's bytes all count with it.
 */
#ifndef YAML_UTF8_H
#define YAML_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The length of the code point at BYTES (SIZE >= 1), 1 to 4, and the code point itself; 0 when
 * the bytes are not UTF-8: surrogates and overlong forms are none.
 */
size_t rw_utf8_decode(const char *bytes, size_t size, uint32_t *ret_code);

/* Whether CODE has no place in a text for people: C0, DEL, C1, line separators, a stray BOM. */
bool rw_utf8_is_control(uint32_t code);

/* The size of BYTES/SIZE without a code point at its end that has been cut in two. */
size_t rw_utf8_whole(const char *bytes, size_t size);

#endif
