/*
 * Whether the sound server itself lowers or pauses music for announcements: then the ducker
 * stands back, or the music would be lowered twice.
 */
#ifndef DUCKER_POLICY_H
#define DUCKER_POLICY_H

#include <stdbool.h>

/* Whether the server's module NAME, loaded with ARGUMENT (may be NULL), acts on announcements. */
bool rw_policy_announces(const char *name, const char *argument);

#endif
