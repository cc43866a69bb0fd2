#include "keys.h"

const struct rw_yaml_key rw_profile_keys[PROFILE_KEY_COUNT] = {
    [PROFILE_NAME] = {"name", true},
    [PROFILE_SUMMARY] = {"summary", false},
    [PROFILE_CUES] = {"cues", false},
    [PROFILE_STEPS] = {"steps", true},
};

const struct rw_yaml_key rw_profile_step_keys[STEP_KEY_COUNT] = {
    [RW_KIND_WARMUP] = {"warmup", false}, [RW_KIND_RUN] = {"run", false},
    [RW_KIND_WALK] = {"walk", false},     [RW_KIND_COOLDOWN] = {"cooldown", false},
    [RW_KIND_REST] = {"rest", false},     [RW_KIND_EXERCISE] = {"exercise", false},
    [STEP_REPEAT] = {"repeat", false},    [STEP_NAME] = {"name", false},
    [STEP_SAY] = {"say", false},          [STEP_CUES] = {"cues", false},
    [STEP_SIDES] = {"sides", false},      [STEP_SKIP_LAST] = {"skip-last", false},
    [STEP_STEPS] = {"steps", false},
};

const struct rw_yaml_key rw_profile_cue_keys[CUE_KEY_COUNT] = {
    [CUE_ANNOUNCE] = {"announce", false},   [CUE_COUNT] = {"count", false},
    [CUE_COUNTDOWN] = {"countdown", false}, [CUE_NEXT] = {"next", false},
    [CUE_HALFWAY] = {"halfway", false},
};

const char *const rw_profile_announce_words[ANNOUNCE_WORD_COUNT] = {
    [RW_ANNOUNCE_OFF] = "off",
    [RW_ANNOUNCE_KIND] = "kind",
    [RW_ANNOUNCE_DURATION] = "duration",
    [RW_ANNOUNCE_AUTO] = "auto",
};

const char *const rw_profile_count_words[COUNT_WORD_COUNT] = {
    [RW_COUNT_OFF] = "off",
    [RW_COUNT_ALL] = "all",
    [RW_COUNT_AUTO] = "auto",
};
