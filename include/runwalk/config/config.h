/*
 * The user's configuration, config.yaml: of the daemon, and of the verbs that do without one.
 * docs/config.md is its manual.
 */
#ifndef RUNWALK_CONFIG_CONFIG_H
#define RUNWALK_CONFIG_CONFIG_H

#include "runwalk/core/settings.h"
#include "runwalk/wire/duck.h"
#include "runwalk/yaml/diagnostic.h"

#define RW_CONFIG_BYTES_MAX    (64u * 1024)
#define RW_CONFIG_OUTPUT_MAX   128
#define RW_CONFIG_LANGUAGE_MAX 36
#define RW_CONFIG_SPEECH_MAX   16   /* words of the speech command */
#define RW_CONFIG_WORD_MAX     512  /* bytes of one of them */
#define RW_CONFIG_MUSIC_MAX    1024 /* bytes of its path, with the end */

/* How much the daemon logs; each also what is more important. */
enum rw_log_level { RW_LOG_ERROR, RW_LOG_WARNING, RW_LOG_INFO, RW_LOG_DEBUG };

struct rw_config {
    char output[RW_CONFIG_OUTPUT_MAX]; /* "auto", "null", a device's name or index */
    uint32_t latency_ms;
    uint32_t wake_ms;
    bool wake_is_auto; /* `wake_ms` does not count: the output decides */
    enum rw_duck_mode duck;
    bool pauses_on_loss; /* of the output; else the run goes on where the sound goes */
    uint32_t keep_awake_ms;
    bool dither;
    char music[RW_CONFIG_MUSIC_MAX]; /* a file or folder that plays during a run; "": none */
    double volume_db;
    char language[RW_CONFIG_LANGUAGE_MAX];
    enum rw_log_level log_level;
    bool speech_is_off;
    size_t speech_count; /* 0: the default command */
    char speech[RW_CONFIG_SPEECH_MAX][RW_CONFIG_WORD_MAX];
    uint32_t speech_timeout_ms;
    bool on_crash_resumes;
    uint32_t on_crash_within_ms; /* away for longer, a run goes on only when it is asked for */
    uint32_t away_as_run_ms;     /* away for longer, the time counts as a pause */
    struct rw_cue_settings cues; /* what it says of them; the other settings are not said */
};

void rw_config_init(struct rw_config *config);

/*
 * Reads BYTES/SIZE over the defaults. RW_EINVALID or RW_ELIMIT: DIAGNOSTICS say where and why,
 * and *ret_config is untouched.
 */
RW_CHECKED enum rw_status rw_config_parse(const char *bytes, size_t size,
                                          struct rw_diagnostics *diagnostics,
                                          struct rw_config *ret_config);

/*
 * Reads the file at PATH over the defaults; that there is none is fine, unless it MUST_EXIST.
 * Otherwise as rw_config_parse, or RW_ENOENT, RW_EIO, and *ret_problem becomes malloc'd text with
 * the place, the problem and the remedy, in lines; NULL when memory is short.
 */
RW_CHECKED enum rw_status rw_config_read(const char *path, bool must_exist,
                                         struct rw_config *ret_config, char **ret_problem);

/* Makes of "none", as people name it, the output "null". rw_config_parse has done so. */
void rw_config_name_output(struct rw_config *config);

/* Whether both make the same voice: language and speech command. */
bool rw_config_speaks_alike(const struct rw_config *a, const struct rw_config *b);

/* The name of key INDEX; NULL behind the last. For the test that compares them with the manual. */
const char *rw_config_key(size_t index);

#endif
