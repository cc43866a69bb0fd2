/*
 * The nearest known word to one that was mistyped.
 */
#ifndef YAML_NEAREST_H
#define YAML_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many slips of the keyboard (a letter wrong, missing, too many, or two swapped) lead from
 * WORD to KNOWN, when they are few enough to have meant it, else SIZE_MAX. Case does not count,
 * nor does _ for -; a word that goes on or stops early counts as one slip.
 */
size_t rw_nearest_distance(const char *word, size_t size, const char *known);

#endif
