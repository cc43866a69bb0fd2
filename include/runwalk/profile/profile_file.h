/*
 * Profile files: YAML bytes become a profile, or diagnostics that name each place. It opens no
 * file: whoever does reads at most RW_PROFILE_BYTES_MAX + 1 bytes, so that a larger file is
 * refused without having been read whole. docs/profile.md is the manual of the format.
 */
#ifndef RUNWALK_PROFILE_PROFILE_FILE_H
#define RUNWALK_PROFILE_PROFILE_FILE_H

#include "runwalk/core/profile.h"
#include "runwalk/yaml/tree.h"

#define RW_PROFILE_BYTES_MAX (256u * 1024)

/* In characters (code points). */
#define RW_PROFILE_NAME_MAX    80u /* of a profile's name, and of a step's */
#define RW_PROFILE_SUMMARY_MAX 300u
#define RW_PROFILE_SAY_MAX     500u /* of a step's `say`: half a minute of speech */

/*
 * Reads BYTES/SIZE. RW_EINVALID or RW_ELIMIT: DIAGNOSTICS (may be NULL) say where and why;
 * RW_EMEMORY. The profile is the caller's (rw_profile_destroy) and needs BYTES no more.
 */
RW_CHECKED enum rw_status rw_profile_parse(const char *bytes, size_t size,
                                           struct rw_diagnostics *diagnostics,
                                           struct rw_profile **ret_profile);

/*
 * Reads the profile that stands at NODE, part of another file, and reports to YAML. The status is
 * that of rw_profile_parse; it also fails when something else was wrong with YAML before.
 */
RW_CHECKED enum rw_status rw_profile_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                                          struct rw_profile **ret_profile);

/*
 * The profile BYTES/SIZE, which is a sound one, with another name (NULL: its own) and the first
 * repeat of its steps done REPEAT times (0: as it says). *ret_bytes is malloc'd. RW_ENOENT: it has
 * no such repeat; RW_EMEMORY. Whether the result is a sound profile is for rw_profile_parse to say.
 */
RW_CHECKED enum rw_status rw_profile_vary(const char *bytes, size_t size, const char *name,
                                          uint32_t repeat, char **ret_bytes, size_t *ret_size);

#endif
