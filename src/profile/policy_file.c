/* What the top of a profile says of rests and of live changes. */

#include "policy_file.h"

#include <stdlib.h>
#include <string.h>

const char *const rw_profile_after_rest_words[RW_AFTER_REST_COUNT] = {
    [RW_AFTER_REST_CONTINUE] = "continue",
    [RW_AFTER_REST_RESTART] = "restart",
    [RW_AFTER_REST_SHORTEN] = "shorten",
};

/* "20%" */
static bool percent_parse(const char *text, uint32_t *ret_percent)
{
    char *end;
    unsigned long percent = strtoul(text, &end, 10);
    bool is_percent = text[0] >= '0' && text[0] <= '9' && strcmp(end, "%") == 0 &&
                      percent >= RW_STEP_PERCENT_MIN && percent <= RW_STEP_PERCENT_MAX;
    if (is_percent) {
        *ret_percent = (uint32_t)percent;
    }
    return is_percent;
}

static void step_read(struct rw_yaml *yaml, const struct rw_yaml_node *node, uint32_t *percent)
{
    if (!node || node->type == RW_YAML_BAD) {
        return;
    }
    if (node->type != RW_YAML_SCALAR || !percent_parse(node->text, percent)) {
        rw_yaml_error(yaml, node, "\"adapt-step\" is from %u%% to %u%%, such as %u%%",
                      RW_STEP_PERCENT_MIN, RW_STEP_PERCENT_MAX, RW_STEP_PERCENT);
    }
}

/* Two times with a hyphen between: "30s-5m". */
static bool bounds_parse(const char *text, struct rw_bounds *ret_bounds)
{
    const char *hyphen = strchr(text, '-');
    struct rw_bounds bounds;
    bool is_range =
        hyphen &&
        rw_duration_parse(text, (size_t)(hyphen - text), &bounds.least_ms) == RW_DURATION_FINE &&
        rw_duration_parse(hyphen + 1, strlen(hyphen + 1), &bounds.most_ms) == RW_DURATION_FINE &&
        bounds.least_ms >= RW_SEGMENT_MS_MIN && bounds.least_ms <= bounds.most_ms &&
        bounds.most_ms <= RW_SESSION_MS_MAX;
    if (is_range) {
        *ret_bounds = bounds;
    }
    return is_range;
}

static void bounds_read(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *name,
                        struct rw_bounds *bounds)
{
    if (!node || node->type == RW_YAML_BAD) {
        return;
    }
    if (node->type != RW_YAML_SCALAR || !bounds_parse(node->text, bounds)) {
        rw_yaml_error(yaml, node,
                      "\"%s\" is the shortest and the longest, from 1 s to 24 h, such as 30s-5m",
                      name);
    }
}

void rw_policy_read(struct rw_yaml *yaml, const struct rw_yaml_node *const *values,
                    struct rw_policy *policy)
{
    size_t word = 0;
    rw_yaml_duration(yaml, values[PROFILE_REST_MAX], RW_REST_MS_MIN, RW_REST_MS_MAX,
                     &policy->rest_max_ms);
    if (rw_yaml_word(yaml, values[PROFILE_AFTER_REST], rw_profile_after_rest_words,
                     RW_AFTER_REST_COUNT, &word)) {
        policy->after_rest = (enum rw_after_rest)word;
    }
    step_read(yaml, values[PROFILE_ADAPT_STEP], &policy->step_percent);
    bounds_read(yaml, values[PROFILE_ADAPT_RUN], "adapt-run", &policy->run);
    bounds_read(yaml, values[PROFILE_ADAPT_WALK], "adapt-walk", &policy->walk);
}
