#include "keys.h"

const struct rw_yaml_key rw_plan_keys[PLAN_KEY_COUNT] = {
    [PLAN_NAME] = {"name", true},
    [PLAN_SUMMARY] = {"summary", false},
    [PLAN_RULES] = {"rules", false},
    [PLAN_WEEKS] = {"weeks", true},
};

const struct rw_yaml_key rw_plan_week_keys[WEEK_KEY_COUNT] = {
    [WEEK_DAYS] = {"days", true},
    [WEEK_TIMES] = {"times", false},
    [WEEK_NOTE] = {"note", false},
};

const struct rw_yaml_key rw_plan_day_keys[DAY_KEY_COUNT] = {
    [DAY_PROFILE] = {"profile", false}, [DAY_SESSION] = {"session", false},
    [DAY_RUN] = {"run", false},         [DAY_NAME] = {"name", false},
    [DAY_REPEAT] = {"repeat", false},   [DAY_WALK] = {"walk", false},
    [DAY_WARMUP] = {"warmup", false},   [DAY_COOLDOWN] = {"cooldown", false},
};

const struct rw_yaml_key rw_plan_rule_keys[RULE_KEY_COUNT] = {
    [RULE_RESTS] = {"rests", false},
    [RULE_PAUSE] = {"pause", false},
    [RULE_LONG_PAUSE] = {"long-pause", false},
    [RULE_BIG_STEP] = {"big-step", false},
    [RULE_CORE] = {"core", false},
};
