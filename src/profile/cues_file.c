#include "runwalk/profile/cues_file.h"

#include "keys.h"
#include "runwalk/yaml/duration.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_word(const struct rw_yaml_node *node, const char *word)
{
    return node && node->type == RW_YAML_SCALAR && strcmp(node->text, word) == 0;
}

/* Whether NODE begins with a digit, so that it is meant as a number or time. */
static bool is_numeric(const struct rw_yaml_node *node)
{
    return node && node->type == RW_YAML_SCALAR && node->size > 0 && node->text[0] >= '0' &&
           node->text[0] <= '9';
}

static void setting_say(struct rw_cue_settings *settings, enum rw_setting setting)
{
    settings->said |= 1u << setting;
}

/* Whether NODE is `auto`, which takes back what the levels above say of SETTING. */
static bool auto_read(const struct rw_yaml_node *node, enum rw_setting setting,
                      struct rw_cue_settings *settings)
{
    if (!is_word(node, "auto")) {
        return false;
    }
    settings->said &= ~(1u << setting);
    return true;
}

static void next_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                      struct rw_cue_settings *settings)
{
    if (rw_yaml_is_off(node)) {
        settings->next = RW_NEXT_OFF;
    } else if (is_word(node, "auto")) {
        settings->next = RW_NEXT_AUTO;
        settings->next_ms = rw_cue_settings_default.next_ms;
    } else if (node && node->type == RW_YAML_SCALAR && node->size > 0 && !is_numeric(node)) {
        rw_yaml_error(yaml, node, "\"next\" is off, auto, or a time such as 10s");
        return;
    } else if (rw_yaml_duration(yaml, node, RW_NEXT_MS_MIN, RW_NEXT_MS_MAX, &settings->next_ms)) {
        settings->next = RW_NEXT_ALWAYS;
    } else {
        return;
    }
    setting_say(settings, RW_SETTING_NEXT);
}

/* no, yes, auto, or how much running lies between two at least. NORMAL_MS is what `yes` means. */
static void rate_read(struct rw_yaml *yaml, const struct rw_yaml_node *node, uint32_t normal_ms,
                      enum rw_setting setting, struct rw_cue_settings *settings, uint32_t *rate_ms)
{
    bool is_yes = true;
    if (!node || auto_read(node, setting, settings)) {
        return;
    }
    if (is_numeric(node)) {
        if (rw_yaml_duration(yaml, node, RW_TALK_MS_MIN, RW_TALK_MS_MAX, rate_ms)) {
            setting_say(settings, setting);
        }
        return;
    }
    bool is_other_word = node->type == RW_YAML_SCALAR && node->size > 3 && !rw_yaml_is_off(node);
    if (is_other_word && strcasecmp(node->text, "true") != 0) {
        rw_yaml_error(yaml, node, "\"%s\" is yes, no, auto, or a time such as 5m",
                      rw_profile_cue_keys[setting].name);
    } else if (rw_yaml_boolean(yaml, node, &is_yes)) {
        *rate_ms = is_yes ? normal_ms : 0;
        setting_say(settings, setting);
    }
}

/* Two times with a hyphen between: "8m-20m". */
static bool range_parse(const char *text, uint32_t *ret_from_ms, uint32_t *ret_until_ms)
{
    const char *hyphen = strchr(text, '-');
    uint32_t from_ms;
    uint32_t until_ms;
    bool is_range =
        hyphen && rw_duration_parse(text, (size_t)(hyphen - text), &from_ms) == RW_DURATION_FINE &&
        rw_duration_parse(hyphen + 1, strlen(hyphen + 1), &until_ms) == RW_DURATION_FINE &&
        from_ms + RW_TALK_MS_MIN <= until_ms && until_ms <= RW_SESSION_MS_MAX;
    if (is_range) {
        *ret_from_ms = from_ms;
        *ret_until_ms = until_ms;
    }
    return is_range;
}

static void dead_point_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                            struct rw_cue_settings *settings)
{
    const struct rw_cue_settings *normal = rw_cue_settings_normal();
    bool is_yes = true;
    if (!node || auto_read(node, RW_SETTING_DEAD_POINT, settings)) {
        return;
    }
    if (is_numeric(node)) {
        if (!range_parse(node->text, &settings->dead_from_ms, &settings->dead_until_ms)) {
            rw_yaml_error(yaml, node,
                          "\"dead-point\" is off, auto, or from when to when, such as 8m-20m");
            return;
        }
    } else if (rw_yaml_boolean(yaml, node, &is_yes)) {
        settings->dead_from_ms = is_yes ? normal->dead_from_ms : 0;
        settings->dead_until_ms = is_yes ? normal->dead_until_ms : 0;
    } else {
        return;
    }
    setting_say(settings, RW_SETTING_DEAD_POINT);
}

static bool percent_parse(const char *text, int32_t *ret_percent)
{
    char *end;
    bool is_signed = text[0] == '+' || text[0] == '-';
    long percent = strtol(text, &end, 10);
    bool is_percent =
        is_signed && end > text + 1 && strcmp(end, "%") == 0 && labs(percent) <= RW_CADENCE_PERCENT;
    if (is_percent) {
        *ret_percent = (int32_t)percent;
    }
    return is_percent;
}

static void cadence_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                         struct rw_cue_settings *settings)
{
    int64_t steps = 0;
    if (!node || node->type == RW_YAML_BAD || auto_read(node, RW_SETTING_CADENCE, settings)) {
        return;
    }
    bool is_relative = node->type == RW_YAML_SCALAR && strpbrk(node->text, "+-%");
    if (is_relative) {
        if (!percent_parse(node->text, &settings->cadence)) {
            rw_yaml_error(yaml, node,
                          "\"cadence\" is off, steps a minute such as 165, or from "
                          "-%d%% to +%d%% of the baseline, such as +5%%",
                          RW_CADENCE_PERCENT, RW_CADENCE_PERCENT);
            return;
        }
    } else if (rw_yaml_is_off(node) ||
               rw_yaml_integer(yaml, node, RW_CADENCE_MIN, RW_CADENCE_MAX, &steps)) {
        settings->cadence = (int32_t)steps;
    } else {
        return;
    }
    settings->cadence_is_relative = is_relative;
    setting_say(settings, RW_SETTING_CADENCE);
}

static void words_read(struct rw_yaml *yaml, const struct rw_yaml_node *const *values,
                       struct rw_cue_settings *settings)
{
    const char *verbosities[RW_VERBOSITY_COUNT];
    size_t word = 0;
    for (size_t i = 0; i < RW_VERBOSITY_COUNT; i++) {
        verbosities[i] = rw_verbosity_name((enum rw_verbosity)i);
    }
    if (rw_yaml_word(yaml, values[RW_SETTING_VERBOSITY], verbosities, RW_VERBOSITY_COUNT, &word)) {
        settings->verbosity = (enum rw_verbosity)word;
        setting_say(settings, RW_SETTING_VERBOSITY);
    }
    if (rw_yaml_word(yaml, values[RW_SETTING_ANNOUNCE], rw_profile_announce_words,
                     ANNOUNCE_WORD_COUNT, &word)) {
        settings->announce = (enum rw_announce)word;
        setting_say(settings, RW_SETTING_ANNOUNCE);
    }
    if (rw_yaml_word(yaml, values[RW_SETTING_COUNT], rw_profile_count_words, COUNT_WORD_COUNT,
                     &word)) {
        settings->count = (enum rw_count)word;
        setting_say(settings, RW_SETTING_COUNT);
    }
    if (rw_yaml_boolean(yaml, values[RW_SETTING_HALFWAY], &settings->halfway)) {
        setting_say(settings, RW_SETTING_HALFWAY);
    }
    if (!auto_read(values[RW_SETTING_TIME_LEFT], RW_SETTING_TIME_LEFT, settings) &&
        rw_yaml_boolean(yaml, values[RW_SETTING_TIME_LEFT], &settings->time_left)) {
        setting_say(settings, RW_SETTING_TIME_LEFT);
    }
}

static void numbers_read(struct rw_yaml *yaml, const struct rw_yaml_node *const *values,
                         struct rw_cue_settings *settings)
{
    int64_t number = 0;
    if (rw_yaml_is_off(values[RW_SETTING_COUNTDOWN]) ||
        rw_yaml_integer(yaml, values[RW_SETTING_COUNTDOWN], 0, RW_COUNTDOWN_MAX, &number)) {
        settings->countdown = (uint8_t)number;
        setting_say(settings, RW_SETTING_COUNTDOWN);
    }
    if (rw_yaml_integer(yaml, values[RW_SETTING_BASELINE], RW_CADENCE_MIN, RW_CADENCE_MAX,
                        &number)) {
        settings->baseline = (uint32_t)number;
        setting_say(settings, RW_SETTING_BASELINE);
    }
}

void rw_cue_settings_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                          struct rw_cue_settings *settings)
{
    const struct rw_cue_settings *normal = rw_cue_settings_normal();
    const struct rw_yaml_node *values[RW_SETTING_TYPES];
    if (!rw_yaml_fields(yaml, node, "\"cues\"", rw_profile_cue_keys, RW_SETTING_TYPES, values)) {
        return;
    }
    words_read(yaml, values, settings);
    numbers_read(yaml, values, settings);
    next_read(yaml, values[RW_SETTING_NEXT], settings);
    rate_read(yaml, values[RW_SETTING_ENCOURAGE], normal->encourage_ms, RW_SETTING_ENCOURAGE,
              settings, &settings->encourage_ms);
    rate_read(yaml, values[RW_SETTING_POSTURE], normal->posture_ms, RW_SETTING_POSTURE, settings,
              &settings->posture_ms);
    rate_read(yaml, values[RW_SETTING_BREATHING], normal->breathing_ms, RW_SETTING_BREATHING,
              settings, &settings->breathing_ms);
    dead_point_read(yaml, values[RW_SETTING_DEAD_POINT], settings);
    cadence_read(yaml, values[RW_SETTING_CADENCE], settings);
}
