/*
 * The words of a plan file, in the tables that reading, messages and the test of the manual share.
 */
#ifndef PLAN_KEYS_H
#define PLAN_KEYS_H

#include "runwalk/yaml/tree.h"

enum plan_key { PLAN_NAME, PLAN_SUMMARY, PLAN_RULES, PLAN_WEEKS, PLAN_KEY_COUNT };
enum week_key { WEEK_DAYS, WEEK_TIMES, WEEK_NOTE, WEEK_KEY_COUNT };

/* A day is a profile by name, a profile in place, or runs and walks in turn. */
enum day_key {
    DAY_PROFILE,
    DAY_SESSION,
    DAY_RUN,
    DAY_NAME,
    DAY_REPEAT,
    DAY_WALK,
    DAY_WARMUP,
    DAY_COOLDOWN,
    DAY_KEY_COUNT
};

enum rule_key { RULE_RESTS, RULE_PAUSE, RULE_LONG_PAUSE, RULE_BIG_STEP, RULE_CORE, RULE_KEY_COUNT };

extern const struct rw_yaml_key rw_plan_keys[PLAN_KEY_COUNT];
extern const struct rw_yaml_key rw_plan_week_keys[WEEK_KEY_COUNT];
extern const struct rw_yaml_key rw_plan_day_keys[DAY_KEY_COUNT];
extern const struct rw_yaml_key rw_plan_rule_keys[RULE_KEY_COUNT];

#endif
