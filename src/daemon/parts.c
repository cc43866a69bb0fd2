/* Opening the parts of the daemon in the order in which they need one another, and closing them. */
#include "parts.h"
#include "runwalk/paths/file.h"

#include <stdlib.h>

struct rw_player_config rw_daemon_player_config(const struct rw_daemon *daemon)
{
    return (struct rw_player_config){
        .engine_path = rw_paths_engine(daemon->paths),
        .output = daemon->config.output,
        .latency_ms = daemon->config.latency_ms,
        .wake = daemon->config.wake_ms * RW_NS_PER_MS,
        .keep = daemon->config.keep_awake_ms * RW_NS_PER_MS,
        .dither = daemon->config.dither,
        .wake_auto = daemon->config.wake_is_auto,
        .ducker_path = rw_paths_ducker(daemon->paths),
        .duck = daemon->config.duck,
        .watch_output = daemon->config.pauses_on_loss,
    };
}

/* Says what is wrong with the pack at PATH; one of the runner's own may be of another version. */
static void pack_refuse(struct rw_daemon *daemon, const char *path,
                        const struct rw_diagnostics *diagnostics)
{
    char *text = rw_diagnostics_format(diagnostics, path, NULL, 0);
    rw_log_write(&daemon->log, RW_LOG_ERROR,
                 "%s: cannot use this sound pack; make it anew with scripts/make-pack: %s", path,
                 text ? text : "memory is short");
    free(text);
}

static enum rw_status voice_open(struct rw_daemon *daemon)
{
    const char *language = daemon->config.language;
    enum rw_status status = RW_ENOENT;
    for (size_t skipped = 0; !daemon->voice; skipped++) {
        struct rw_diagnostics diagnostics;
        char *path = NULL;
        rw_diagnostics_init(&diagnostics);
        enum rw_status found = rw_paths_find_pack(daemon->paths, language, skipped, &path);
        if (found != RW_OK && skipped == 0) {
            rw_log_write(&daemon->log, RW_LOG_ERROR,
                         "no sound pack for language \"%s\": expected "
                         "sounds/%s/pack.yaml beside the profiles",
                         language, language);
        }
        if (found != RW_OK) {
            return skipped == 0 ? found : status;
        }
        status = rw_voice_open(path, &diagnostics, &daemon->voice);
        if (status != RW_OK) {
            pack_refuse(daemon, path, &diagnostics);
        } else if (skipped > 0) {
            rw_log_write(&daemon->log, RW_LOG_WARNING, "%s speaks instead", path);
        }
        free(path);
    }
    return RW_OK;
}

static enum rw_status server_open(struct rw_daemon *daemon)
{
    char *problem = NULL;
    struct rw_server_config config = {
        .loop = &daemon->loop,
        .socket_path = rw_paths_socket(daemon->paths),
        .listen_fd = daemon->service.listen_fd,
        .version = RW_VERSION,
        .handler = {rw_daemon_call, daemon},
    };
    enum rw_status status = rw_server_create(&config, &daemon->server, &problem);
    if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "%s",
                     problem ? problem : "the control socket could not be opened");
    }
    free(problem);
    return status;
}

/* Without a speech engine the daemon still runs; only words that no pack has stay unsaid. */
static void speech_open(struct rw_daemon *daemon)
{
    const struct rw_config *config = &daemon->config;
    const char *command[RW_CONFIG_SPEECH_MAX + 1] = {NULL};
    for (size_t i = 0; i < config->speech_count; i++) {
        command[i] = config->speech[i];
    }
    struct rw_speech_config speech = {
        .command = config->speech_count > 0 ? command : NULL,
        .language = config->language,
        .cache_directory = rw_paths_cache_directory(daemon->paths),
        .confine_path = rw_paths_confine(daemon->paths),
        .timeout_ms = config->speech_timeout_ms,
    };
    char *problem = NULL;
    if (config->speech_is_off) {
        return;
    }
    enum rw_status status = rw_directory_prepare(speech.cache_directory, &problem);
    if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_WARNING, "the speech engine cannot be used: %s",
                     problem ? problem : "memory is short");
        free(problem);
        return;
    }
    status = rw_speech_create(&daemon->loop, &speech, &daemon->speech);
    if (status == RW_ENOENT) {
        rw_log_write(&daemon->log, RW_LOG_INFO,
                     "no speech engine: only words of the sound pack can be spoken");
    } else if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_WARNING,
                     "the speech engine cannot be used: check that %s can be written",
                     speech.cache_directory);
    }
}

enum rw_status rw_parts_open(struct rw_daemon *daemon)
{
    struct rw_player_config player = rw_daemon_player_config(daemon);
    struct rw_player_observer heard = rw_daemon_player_observer(daemon);
    struct rw_coach_observer told = rw_daemon_coach_observer(daemon);
    struct rw_prepare_observer made = rw_daemon_prepare_observer(daemon);
    enum rw_status status = voice_open(daemon);
    rw_diary_speech_erase(daemon);
    if (status == RW_OK) {
        speech_open(daemon);
        status = rw_prepare_create(daemon->voice, daemon->speech, made, &daemon->prepare);
    }
    if (status == RW_OK) {
        status = rw_player_create(&daemon->loop, daemon->voice, &player, heard, &daemon->player);
    }
    if (status == RW_OK) {
        status = rw_daemon_inhibitor_create(daemon);
    }
    if (status == RW_OK) {
        struct rw_sink sink = rw_player_sink(daemon->player);
        rw_player_set_volume(daemon->player, daemon->volume_db);
        status = rw_coach_create(daemon->voice, sink, told, &daemon->coach);
    }
    if (status == RW_OK) {
        rw_daemon_configure_manner(daemon);
        rw_diary_open(daemon);
        status = server_open(daemon);
    }
    return status;
}

/* --- the end -------------------------------------------------------------------------------- */

static void handle_close(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle)) {
        uv_close(handle, NULL);
    }
}

/*
 * The end, step by step: each part calls the next when it has closed, and when the last one has,
 * no handle is left and the loop returns.
 */
static void inhibitor_closed(void *context)
{
    struct rw_daemon *daemon = context;
    daemon->inhibitor = NULL;
    uv_walk(&daemon->loop, handle_close, NULL);
}

static void speech_closed(void *context)
{
    struct rw_daemon *daemon = context;
    daemon->speech = NULL;
    if (daemon->inhibitor) {
        rw_inhibitor_close(daemon->inhibitor, inhibitor_closed, daemon);
    } else {
        inhibitor_closed(daemon);
    }
}

static void diary_closed(void *context)
{
    struct rw_daemon *daemon = context;
    if (daemon->speech) {
        rw_speech_close(daemon->speech, speech_closed, daemon);
    } else {
        speech_closed(daemon);
    }
}

static void player_closed(void *context)
{
    struct rw_daemon *daemon = context;
    daemon->player = NULL;
    rw_diary_close(daemon, diary_closed, daemon);
}

static void server_closed(void *context)
{
    struct rw_daemon *daemon = context;
    daemon->server = NULL;
    if (daemon->player) {
        rw_player_close(daemon->player, player_closed, daemon);
    } else {
        player_closed(daemon);
    }
}

void rw_parts_close(struct rw_daemon *daemon)
{
    if (daemon->server) {
        rw_server_close(daemon->server, server_closed, daemon);
    } else {
        server_closed(daemon);
    }
}
