/*
 * What is to be heard: the settings of cues, and the levels that say them. A level says
 * some of them and leaves the others to the levels below it; what holds for a step comes
 * out when they are laid over one another. It plans nothing.
 */
#ifndef RUNWALK_CORE_SETTINGS_H
#define RUNWALK_CORE_SETTINGS_H

#include "runwalk/base.h"

#include <stdbool.h>

#define RW_COUNTDOWN_MAX   10u
#define RW_NEXT_MS_MIN     5000u
#define RW_NEXT_MS_MAX     60000u
#define RW_TALK_MS_MIN     60000u   /* how often something unasked can be said: once a minute */
#define RW_TALK_MS_MAX     7200000u /* to once in two hours of running */
#define RW_CADENCE_MIN     40u      /* steps a minute */
#define RW_CADENCE_MAX     300u
#define RW_CADENCE_PERCENT 50 /* more or less than the baseline */

/* How much is said. */
enum rw_verbosity {
    RW_VERBOSITY_SILENT, /* tones, ticks and answers; nothing else, whatever a profile says */
    RW_VERBOSITY_SPARSE, /* what the profile is about, and nothing that was not asked for */
    RW_VERBOSITY_NORMAL,
    RW_VERBOSITY_CHATTY,
};
#define RW_VERBOSITY_COUNT 4
/* The word of profiles, configuration and protocol, for example "sparse". Static. */
const char *rw_verbosity_name(enum rw_verbosity verbosity);
bool rw_verbosity_find(const char *word, enum rw_verbosity *ret_verbosity);

enum rw_announce { RW_ANNOUNCE_OFF, RW_ANNOUNCE_KIND, RW_ANNOUNCE_DURATION, RW_ANNOUNCE_AUTO };
enum rw_count { RW_COUNT_OFF, RW_COUNT_ALL, RW_COUNT_AUTO };
enum rw_next { RW_NEXT_OFF, RW_NEXT_AUTO, RW_NEXT_ALWAYS };

/* Each setting that a level can say. */
enum rw_setting {
    RW_SETTING_VERBOSITY,
    RW_SETTING_ANNOUNCE,
    RW_SETTING_COUNT,
    RW_SETTING_COUNTDOWN,
    RW_SETTING_NEXT,
    RW_SETTING_HALFWAY,
    RW_SETTING_TIME_LEFT,
    RW_SETTING_ENCOURAGE,
    RW_SETTING_POSTURE,
    RW_SETTING_BREATHING,
    RW_SETTING_DEAD_POINT,
    RW_SETTING_CADENCE,
    RW_SETTING_BASELINE,
};
#define RW_SETTING_TYPES 13

struct rw_cue_settings {
    unsigned said; /* 1 << enum rw_setting of each that is said here; the others do not count */
    enum rw_verbosity verbosity;
    enum rw_announce announce;
    enum rw_count count;
    enum rw_next next; /* AUTO: only before a run */
    uint32_t next_ms;  /* how long before the change; RW_NEXT_MS_MIN to RW_NEXT_MS_MAX */
    uint8_t countdown; /* ticks before a change, 0 to RW_COUNTDOWN_MAX */
    bool halfway;
    bool time_left;
    /* At most once in so much running, RW_TALK_MS_MIN to RW_TALK_MS_MAX; 0: never. */
    uint32_t encourage_ms, posture_ms, breathing_ms;
    /* In which running time the dead point is looked for; until 0: nowhere. */
    uint32_t dead_from_ms, dead_until_ms;
    bool cadence_is_relative; /* `cadence` is in percent more than the baseline */
    int32_t cadence;          /* steps a minute, 0: no clicks; or percent */
    uint32_t baseline;        /* the runner's own steps a minute; 0: not known */
};

/* The built-in values of the settings that verbosity does not touch, all of them said. */
extern const struct rw_cue_settings rw_cue_settings_default;

/* What `yes` means for encourage, posture and breathing, and for the dead point: as at normal. */
const struct rw_cue_settings *rw_cue_settings_normal(void);

/* Lays what UPPER says over SETTINGS; NULL says nothing. */
void rw_cue_settings_lay(struct rw_cue_settings *settings, const struct rw_cue_settings *upper);

/* How the coach is to talk, beside what the profile says. */
struct rw_manner {
    struct rw_cue_settings configured; /* under the profile's */
    struct rw_cue_settings live;       /* over everything */
    uint64_t seed;                     /* of all that is left to chance */
};

struct rw_step;

/*
 * What holds for STEP. Later ones win: built-in, verbosity, configuration, profile and step, live.
 * The verbosity is itself the last that is said; a live one counts as live with all that it means.
 * A cadence that is configured or live is for runs.
 */
void rw_cue_settings_resolve(const struct rw_manner *manner, const struct rw_step *step,
                             struct rw_cue_settings *ret_settings);

/* The cadence of resolved SETTINGS in thousandths of steps a minute; 0: no clicks. */
uint32_t rw_cue_settings_millisteps(const struct rw_cue_settings *settings);

#endif
