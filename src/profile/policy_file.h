/*
 * The keys of a profile about rests and live changes, as values of its policy.
 */
#ifndef PROFILE_POLICY_FILE_H
#define PROFILE_POLICY_FILE_H

#include "keys.h"
#include "runwalk/yaml/duration.h"

/* The words of `after-rest`, in the order of enum rw_after_rest. */
extern const char *const rw_profile_after_rest_words[RW_AFTER_REST_COUNT];

/* Reads what VALUES, by enum profile_key, say into POLICY; what they do not say stays. */
void rw_policy_read(struct rw_yaml *yaml, const struct rw_yaml_node *const *values,
                    struct rw_policy *policy);

#endif
