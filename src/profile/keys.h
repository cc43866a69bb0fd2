/*
 * The words of a profile file, in the tables that reading, messages and the test of the manual
 * share.
 */
#ifndef PROFILE_KEYS_H
#define PROFILE_KEYS_H

#include "runwalk/core/profile.h"
#include "runwalk/yaml/tree.h"

enum profile_key {
    PROFILE_NAME,
    PROFILE_SUMMARY,
    PROFILE_CUES,
    PROFILE_REST_MAX,
    PROFILE_AFTER_REST,
    PROFILE_ADAPT_STEP,
    PROFILE_ADAPT_RUN,
    PROFILE_ADAPT_WALK,
    PROFILE_STEPS,
    PROFILE_KEY_COUNT
};

/* The first RW_KIND_COUNT keys of a step are the kinds, in the order of enum rw_kind. */
enum step_key {
    STEP_REPEAT = RW_KIND_COUNT,
    STEP_NAME,
    STEP_SAY,
    STEP_CUES,
    STEP_SIDES,
    STEP_SKIP_LAST,
    STEP_STEPS,
    STEP_KEY_COUNT
};

extern const struct rw_yaml_key rw_profile_keys[PROFILE_KEY_COUNT];
extern const struct rw_yaml_key rw_profile_step_keys[STEP_KEY_COUNT];
/* In the order of enum rw_setting. */
extern const struct rw_yaml_key rw_profile_cue_keys[RW_SETTING_TYPES];

/* The words of `announce` and `count`, in the order of their enums. */
#define ANNOUNCE_WORD_COUNT 4
#define COUNT_WORD_COUNT    3
extern const char *const rw_profile_announce_words[ANNOUNCE_WORD_COUNT];
extern const char *const rw_profile_count_words[COUNT_WORD_COUNT];

#endif
