#include "runwalk/core/settings.h"

#include "runwalk/core/profile.h"

#include <string.h>

#define MINUTES(m) ((m)*60000u)
#define SAID(name) (1u << RW_SETTING_##name)

static const char *const verbosity_names[RW_VERBOSITY_COUNT] = {
    [RW_VERBOSITY_SILENT] = "silent",
    [RW_VERBOSITY_SPARSE] = "sparse",
    [RW_VERBOSITY_NORMAL] = "normal",
    [RW_VERBOSITY_CHATTY] = "chatty",
};

const char *rw_verbosity_name(enum rw_verbosity verbosity)
{
    return verbosity_names[verbosity];
}

bool rw_verbosity_find(const char *word, enum rw_verbosity *ret_verbosity)
{
    for (size_t i = 0; i < RW_VERBOSITY_COUNT; i++) {
        if (strcmp(word, verbosity_names[i]) == 0) {
            *ret_verbosity = (enum rw_verbosity)i;
            return true;
        }
    }
    return false;
}

const struct rw_cue_settings rw_cue_settings_default = {
    .said = SAID(ANNOUNCE) | SAID(COUNT) | SAID(COUNTDOWN) | SAID(NEXT) | SAID(HALFWAY),
    .verbosity = RW_VERBOSITY_NORMAL,
    .announce = RW_ANNOUNCE_AUTO,
    .count = RW_COUNT_AUTO,
    .next = RW_NEXT_AUTO,
    .next_ms = 10000,
    .countdown = 3,
    .halfway = true,
};

#define TALK                                                                                       \
    (SAID(TIME_LEFT) | SAID(ENCOURAGE) | SAID(POSTURE) | SAID(BREATHING) | SAID(DEAD_POINT))

/* What each level of verbosity says. */
static const struct rw_cue_settings levels[RW_VERBOSITY_COUNT] = {
    [RW_VERBOSITY_SILENT] =
        {
            .said = TALK | SAID(ANNOUNCE) | SAID(NEXT) | SAID(HALFWAY),
            .announce = RW_ANNOUNCE_OFF,
            .next = RW_NEXT_OFF,
        },
    [RW_VERBOSITY_SPARSE] = {.said = TALK},
    [RW_VERBOSITY_NORMAL] =
        {
            .said = TALK,
            .time_left = true,
            .encourage_ms = MINUTES(4),
            .posture_ms = MINUTES(10),
            .breathing_ms = MINUTES(12),
            .dead_from_ms = MINUTES(8),
            .dead_until_ms = MINUTES(20),
        },
    [RW_VERBOSITY_CHATTY] =
        {
            .said = TALK,
            .time_left = true,
            .encourage_ms = MINUTES(2),
            .posture_ms = MINUTES(5),
            .breathing_ms = MINUTES(6),
            .dead_from_ms = MINUTES(8),
            .dead_until_ms = MINUTES(20),
        },
};

const struct rw_cue_settings *rw_cue_settings_normal(void)
{
    return &levels[RW_VERBOSITY_NORMAL];
}

static void setting_lay(struct rw_cue_settings *settings, const struct rw_cue_settings *upper,
                        enum rw_setting setting)
{
    switch (setting) {
    case RW_SETTING_VERBOSITY:
        settings->verbosity = upper->verbosity;
        return;
    case RW_SETTING_ANNOUNCE:
        settings->announce = upper->announce;
        return;
    case RW_SETTING_COUNT:
        settings->count = upper->count;
        return;
    case RW_SETTING_COUNTDOWN:
        settings->countdown = upper->countdown;
        return;
    case RW_SETTING_NEXT:
        settings->next = upper->next;
        settings->next_ms = upper->next_ms;
        return;
    case RW_SETTING_HALFWAY:
        settings->halfway = upper->halfway;
        return;
    case RW_SETTING_TIME_LEFT:
        settings->time_left = upper->time_left;
        return;
    case RW_SETTING_ENCOURAGE:
        settings->encourage_ms = upper->encourage_ms;
        return;
    case RW_SETTING_POSTURE:
        settings->posture_ms = upper->posture_ms;
        return;
    case RW_SETTING_BREATHING:
        settings->breathing_ms = upper->breathing_ms;
        return;
    case RW_SETTING_DEAD_POINT:
        settings->dead_from_ms = upper->dead_from_ms;
        settings->dead_until_ms = upper->dead_until_ms;
        return;
    case RW_SETTING_CADENCE:
        settings->cadence = upper->cadence;
        settings->cadence_is_relative = upper->cadence_is_relative;
        return;
    case RW_SETTING_BASELINE:
        settings->baseline = upper->baseline;
        return;
    }
}

void rw_cue_settings_lay(struct rw_cue_settings *settings, const struct rw_cue_settings *upper)
{
    if (!upper) {
        return;
    }
    for (unsigned i = 0; i < RW_SETTING_TYPES; i++) {
        if (upper->said & 1u << i) {
            setting_lay(settings, upper, (enum rw_setting)i);
        }
    }
    settings->said |= upper->said;
}

void rw_cue_settings_resolve(const struct rw_manner *manner, const struct rw_step *step,
                             struct rw_cue_settings *ret_settings)
{
    const struct rw_cue_settings *live = &manner->live;
    struct rw_cue_settings settings = rw_cue_settings_default;
    rw_cue_settings_lay(&settings, &manner->configured);
    rw_cue_settings_lay(&settings, step->cues);
    rw_cue_settings_lay(&settings, live);
    enum rw_verbosity verbosity = settings.verbosity; /* the last one said */

    settings = rw_cue_settings_default;
    rw_cue_settings_lay(&settings, &levels[verbosity]);
    rw_cue_settings_lay(&settings, &manner->configured);
    if (step->kind != RW_KIND_RUN) {
        settings.cadence = 0;
        settings.cadence_is_relative = false;
    }
    rw_cue_settings_lay(&settings, step->cues);
    if (live->said & SAID(VERBOSITY)) {
        rw_cue_settings_lay(&settings, &levels[live->verbosity]);
    }
    struct rw_cue_settings upper = *live;
    if (step->kind != RW_KIND_RUN) {
        upper.said &= ~SAID(CADENCE);
    }
    rw_cue_settings_lay(&settings, &upper);
    settings.verbosity = verbosity;
    if (verbosity == RW_VERBOSITY_SILENT) {
        rw_cue_settings_lay(&settings, &levels[RW_VERBOSITY_SILENT]);
    }
    *ret_settings = settings;
}

uint32_t rw_cue_settings_millisteps(const struct rw_cue_settings *settings)
{
    int64_t millisteps = (int64_t)settings->cadence * 1000;
    if (settings->cadence_is_relative) {
        millisteps = (int64_t)settings->baseline * (100 + settings->cadence) * 10;
    }
    if (millisteps <= 0) {
        return 0;
    }
    int64_t least = RW_CADENCE_MIN * 1000;
    int64_t most = RW_CADENCE_MAX * 1000;
    return (uint32_t)(millisteps < least ? least : millisteps > most ? most : millisteps);
}
