/*
 * JSON as text, the way json_dumpb of jansson writes it, byte for byte, and several times as fast:
 * it prints each number by printf and keeps a set of all that it is inside of.
 */
#ifndef RUNWALK_SRC_CONTROL_WRITE_H
#define RUNWALK_SRC_CONTROL_WRITE_H

#include <jansson.h>
#include <stddef.h>

/*
 * Writes VALUE, which does not contain itself, to BUFFER, as much of it as SIZE bytes hold. Returns
 * how long it is, or 0 when memory is short.
 */
size_t rw_json_write(const json_t *value, char *buffer, size_t size);

#endif
