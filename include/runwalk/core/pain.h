/*
 * Where it hurts: the words that a runner may say, and which of them mean that it is an emergency.
 */
#ifndef RUNWALK_CORE_PAIN_H
#define RUNWALK_CORE_PAIN_H

#include <stdbool.h>
#include <stdint.h>

#define RW_PAIN_SOMEWHERE 0 /* no place was said */

/* How many places there are, SOMEWHERE included. */
uint32_t rw_pain_count(void);
/* The word for PLACE, which is less than rw_pain_count: "knee", or "" for SOMEWHERE. Static. */
const char *rw_pain_name(uint32_t place);
/* False: there is no such word. "" is found. */
bool rw_pain_find(const char *name, uint32_t *ret_place);
/* Whether pain there means to stop at once and to think of calling for help. */
bool rw_pain_is_emergency(uint32_t place);

#endif
