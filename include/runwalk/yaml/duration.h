/*
 * Durations as people write them: 90s, 1m30s, 1:30, 1:02:30, 1h, 1.5m, 250ms. Pure text to
 * whole milliseconds and back; what range makes sense is the caller's business.
 */
#ifndef RUNWALK_YAML_DURATION_H
#define RUNWALK_YAML_DURATION_H

#include "runwalk/base.h"

#include <stddef.h>

enum rw_duration_problem {
    RW_DURATION_FINE,
    RW_DURATION_MALFORMED, /* nothing of the kind */
    RW_DURATION_BARE,      /* a number without a unit: seconds or minutes? */
    RW_DURATION_ORDER,     /* a unit twice, or a larger one after a smaller one: 30s1m */
    RW_DURATION_CARRY,     /* a part that belongs to a larger unit: 1m90s, 1:75 */
    RW_DURATION_DIGITS,    /* not two digits after a colon: 1:5 */
    RW_DURATION_FRACTION,  /* a fraction that is not in the last part: 1.5m30s */
    RW_DURATION_TOO_FINE,  /* not a whole number of milliseconds */
    RW_DURATION_TOO_LONG,  /* beyond what 32 bits of milliseconds hold */
};

/*
 * Reads TEXT/SIZE, all of it, without blanks around it. RW_DURATION_FINE: *ret_ms is set, and
 * may be 0; else it is untouched.
 */
RW_CHECKED enum rw_duration_problem rw_duration_parse(const char *text, size_t size,
                                                      uint32_t *ret_ms);

/*
 * Writes what is wrong with TEXT/SIZE and how to write it instead, as one sentence for a person,
 * into BUFFER/BUFFER_SIZE (cut when it is short; 160 holds all). PROBLEM is not RW_DURATION_FINE.
 */
void rw_duration_explain(enum rw_duration_problem problem, const char *text, size_t size,
                         char *buffer, size_t buffer_size);

#define RW_DURATION_TEXT_MAX 24

/* Writes MS as rw_duration_parse reads it: "1h2m30s", "1m30s", "45s", "1.5s", "20ms", "0s". */
void rw_duration_format(uint32_t ms, char ret_text[RW_DURATION_TEXT_MAX]);

#endif
