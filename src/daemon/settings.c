#include "settings.h"

#include <jansson.h>

#define VERSION 1

/* The fields in the order in which they are written, each with its bounds. */
enum field {
    FIELD_SAID,
    FIELD_VERBOSITY,
    FIELD_ANNOUNCE,
    FIELD_COUNT,
    FIELD_NEXT,
    FIELD_NEXT_MS,
    FIELD_COUNTDOWN,
    FIELD_HALFWAY,
    FIELD_TIME_LEFT,
    FIELD_ENCOURAGE_MS,
    FIELD_POSTURE_MS,
    FIELD_BREATHING_MS,
    FIELD_DEAD_FROM_MS,
    FIELD_DEAD_UNTIL_MS,
    FIELD_CADENCE_IS_RELATIVE,
    FIELD_CADENCE,
    FIELD_BASELINE,
};
#define FIELDS 17

static const struct {
    json_int_t least, most;
} bounds[FIELDS] = {
    [FIELD_SAID] = {0, (1 << RW_SETTING_TYPES) - 1},
    [FIELD_VERBOSITY] = {0, RW_VERBOSITY_COUNT - 1},
    [FIELD_ANNOUNCE] = {0, RW_ANNOUNCE_AUTO},
    [FIELD_COUNT] = {0, RW_COUNT_AUTO},
    [FIELD_NEXT] = {0, RW_NEXT_ALWAYS},
    [FIELD_NEXT_MS] = {0, RW_NEXT_MS_MAX},
    [FIELD_COUNTDOWN] = {0, RW_COUNTDOWN_MAX},
    [FIELD_HALFWAY] = {0, 1},
    [FIELD_TIME_LEFT] = {0, 1},
    [FIELD_ENCOURAGE_MS] = {0, RW_TALK_MS_MAX},
    [FIELD_POSTURE_MS] = {0, RW_TALK_MS_MAX},
    [FIELD_BREATHING_MS] = {0, RW_TALK_MS_MAX},
    [FIELD_DEAD_FROM_MS] = {0, UINT32_MAX},
    [FIELD_DEAD_UNTIL_MS] = {0, UINT32_MAX},
    [FIELD_CADENCE_IS_RELATIVE] = {0, 1},
    [FIELD_CADENCE] = {-RW_CADENCE_PERCENT, RW_CADENCE_MAX},
    [FIELD_BASELINE] = {0, RW_CADENCE_MAX},
};

static json_t *level_json(const struct rw_cue_settings *level)
{
    const json_int_t values[FIELDS] = {
        [FIELD_SAID] = level->said,
        [FIELD_VERBOSITY] = level->verbosity,
        [FIELD_ANNOUNCE] = level->announce,
        [FIELD_COUNT] = level->count,
        [FIELD_NEXT] = level->next,
        [FIELD_NEXT_MS] = level->next_ms,
        [FIELD_COUNTDOWN] = level->countdown,
        [FIELD_HALFWAY] = level->halfway,
        [FIELD_TIME_LEFT] = level->time_left,
        [FIELD_ENCOURAGE_MS] = level->encourage_ms,
        [FIELD_POSTURE_MS] = level->posture_ms,
        [FIELD_BREATHING_MS] = level->breathing_ms,
        [FIELD_DEAD_FROM_MS] = level->dead_from_ms,
        [FIELD_DEAD_UNTIL_MS] = level->dead_until_ms,
        [FIELD_CADENCE_IS_RELATIVE] = level->cadence_is_relative,
        [FIELD_CADENCE] = level->cadence,
        [FIELD_BASELINE] = level->baseline,
    };
    json_t *list = json_array();
    for (size_t i = 0; i < FIELDS; i++) {
        json_array_append_new(list, json_integer(values[i]));
    }
    return list;
}

char *rw_settings_write(const struct rw_manner *manner)
{
    json_t *object = json_pack("{s:i, s:o, s:o}", "version", VERSION, "configured",
                               level_json(&manner->configured), "live", level_json(&manner->live));
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return text;
}

static bool level_read(const json_t *list, struct rw_cue_settings *ret_level)
{
    json_int_t values[FIELDS];
    if (json_array_size(list) != FIELDS) {
        return false;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        const json_t *value = json_array_get(list, i);
        values[i] = json_integer_value(value);
        if (!json_is_integer(value) || values[i] < bounds[i].least || values[i] > bounds[i].most) {
            return false;
        }
    }
    *ret_level = (struct rw_cue_settings){
        .said = (unsigned)values[FIELD_SAID],
        .verbosity = (enum rw_verbosity)values[FIELD_VERBOSITY],
        .announce = (enum rw_announce)values[FIELD_ANNOUNCE],
        .count = (enum rw_count)values[FIELD_COUNT],
        .next = (enum rw_next)values[FIELD_NEXT],
        .next_ms = (uint32_t)values[FIELD_NEXT_MS],
        .countdown = (uint8_t)values[FIELD_COUNTDOWN],
        .halfway = values[FIELD_HALFWAY] != 0,
        .time_left = values[FIELD_TIME_LEFT] != 0,
        .encourage_ms = (uint32_t)values[FIELD_ENCOURAGE_MS],
        .posture_ms = (uint32_t)values[FIELD_POSTURE_MS],
        .breathing_ms = (uint32_t)values[FIELD_BREATHING_MS],
        .dead_from_ms = (uint32_t)values[FIELD_DEAD_FROM_MS],
        .dead_until_ms = (uint32_t)values[FIELD_DEAD_UNTIL_MS],
        .cadence_is_relative = values[FIELD_CADENCE_IS_RELATIVE] != 0,
        .cadence = (int32_t)values[FIELD_CADENCE],
        .baseline = (uint32_t)values[FIELD_BASELINE],
    };
    return true;
}

bool rw_settings_read(const char *text, uint64_t seed, struct rw_manner *ret_manner)
{
    struct rw_manner manner = {.seed = seed};
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    bool is_sound = json_integer_value(json_object_get(object, "version")) == VERSION &&
                    level_read(json_object_get(object, "configured"), &manner.configured) &&
                    level_read(json_object_get(object, "live"), &manner.live);
    json_decref(object);
    if (is_sound) {
        *ret_manner = manner;
    }
    return is_sound;
}
