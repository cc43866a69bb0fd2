/*
 * Speech for the verbs without a daemon: what a profile says beyond the sound pack is made, or
 * taken from the cache that the daemon uses too, before anything is measured or rendered.
 */
#ifndef RW_CLI_SPEAK_H
#define RW_CLI_SPEAK_H

#include "runwalk/config/config.h"
#include "runwalk/core/profile.h"
#include "runwalk/paths/paths.h"
#include "runwalk/voice/voice.h"

/*
 * Adds to VOICE what PROFILE's steps need, by the speech command that CONFIG names. What cannot be
 * made stays unspeakable, and the plan will say so; it is no failure, and *ret_problem (NULL
 * before) becomes malloc'd text with the first reason. RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_speak_profile(const struct rw_paths *paths,
                                           const struct rw_config *config, struct rw_voice *voice,
                                           const struct rw_profile *profile, char **ret_problem);

#endif
