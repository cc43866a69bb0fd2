/*
 * The `cues` of a profile or configuration file: YAML to settings.
 */
#ifndef RUNWALK_PROFILE_CUES_FILE_H
#define RUNWALK_PROFILE_CUES_FILE_H

#include "runwalk/core/settings.h"
#include "runwalk/yaml/tree.h"

/*
 * Reads the mapping NODE over SETTINGS, which hold what the levels above it in the same file say.
 * `auto` takes back what they say. NULL, an absent key, changes nothing; errors are reported to
 * YAML.
 */
void rw_cue_settings_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                          struct rw_cue_settings *settings);

#endif
