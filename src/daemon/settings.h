/*
 * The manner of a run as the history keeps it: text that any later program can read, within
 * bounds, whoever has written it.
 */
#ifndef RUNWALK_DAEMON_SETTINGS_H
#define RUNWALK_DAEMON_SETTINGS_H

#include "runwalk/core/settings.h"

/* Malloc'd; NULL when memory is short. The seed is not part of it. */
char *rw_settings_write(const struct rw_manner *manner);

/* False: TEXT is nothing that rw_settings_write writes; *ret_manner is then untouched. */
bool rw_settings_read(const char *text, uint64_t seed, struct rw_manner *ret_manner);

#endif
