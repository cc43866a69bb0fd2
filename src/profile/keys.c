#include "keys.h"

const struct rw_yaml_key rw_profile_keys[PROFILE_KEY_COUNT] = {
    [PROFILE_NAME] = {"name", true},
    [PROFILE_SUMMARY] = {"summary", false},
    [PROFILE_CUES] = {"cues", false},
    [PROFILE_REST_MAX] = {"rest-max", false},
    [PROFILE_AFTER_REST] = {"after-rest", false},
    [PROFILE_ADAPT_STEP] = {"adapt-step", false},
    [PROFILE_ADAPT_RUN] = {"adapt-run", false},
    [PROFILE_ADAPT_WALK] = {"adapt-walk", false},
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

const struct rw_yaml_key rw_profile_cue_keys[RW_SETTING_TYPES] = {
    [RW_SETTING_VERBOSITY] = {"verbosity", false},
    [RW_SETTING_ANNOUNCE] = {"announce", false},
    [RW_SETTING_COUNT] = {"count", false},
    [RW_SETTING_COUNTDOWN] = {"countdown", false},
    [RW_SETTING_NEXT] = {"next", false},
    [RW_SETTING_HALFWAY] = {"halfway", false},
    [RW_SETTING_TIME_LEFT] = {"time-left", false},
    [RW_SETTING_ENCOURAGE] = {"encourage", false},
    [RW_SETTING_POSTURE] = {"posture", false},
    [RW_SETTING_BREATHING] = {"breathing", false},
    [RW_SETTING_DEAD_POINT] = {"dead-point", false},
    [RW_SETTING_CADENCE] = {"cadence", false},
    [RW_SETTING_BASELINE] = {"baseline", false},
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
