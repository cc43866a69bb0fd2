#include "daemon.h"

#include "runwalk/paths/file.h"
#include "status.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* A cue dropped that long after its time was missed because we slept, not for want of sound. */
static const rw_ns backlog_age = 10 * RW_NS_PER_SECOND;

rw_ns rw_boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

/* --- time ---------------------------------------------------------------------------------- */

void rw_daemon_rearm(struct rw_daemon *daemon)
{
    rw_ns at = rw_coach_deadline(daemon->coach);
    if (daemon->pending != RW_PENDING_NOTHING && daemon->pending_until < at) {
        at = daemon->pending_until;
    }
    if (at == daemon->timer_at) {
        return;
    }
    /* All zeroes would disarm: a deadline that has come is one nanosecond old instead. */
    struct itimerspec when = {0};
    if (at != RW_NS_NEVER) {
        rw_ns due = at > 0 ? at : 1;
        when.it_value.tv_sec = due / RW_NS_PER_SECOND;
        when.it_value.tv_nsec = due % RW_NS_PER_SECOND;
    }
    if (timerfd_settime(daemon->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0) {
        daemon->timer_at = at;
    }
}

static void timer_due(uv_poll_t *poll, int status, int events)
{
    struct rw_daemon *daemon = poll->data;
    uint64_t expirations;
    (void)status;
    (void)events;
    if (read(daemon->timer_fd, &expirations, sizeof expirations) < 0) {
        return; /* not yet due after all */
    }
    daemon->timer_at = RW_NS_NEVER;
    rw_ns now = rw_boot_now();
    rw_coach_advance(daemon->coach, now);
    if (daemon->pending != RW_PENDING_NOTHING && now >= daemon->pending_until) {
        rw_daemon_settle(daemon);
    }
    rw_daemon_rearm(daemon);
}

/* --- what the parts tell ------------------------------------------------------------------- */

static void source_fill(const struct rw_daemon *daemon, struct rw_status_source *source)
{
    *source = (struct rw_status_source){
        .is_preparing = daemon->pending == RW_PENDING_START,
        .path = daemon->place.path,
        .volume_db = daemon->volume_db,
    };
    rw_coach_view(daemon->coach, rw_boot_now(), &source->coach);
    rw_player_view(daemon->player, &source->player);
}

json_t *rw_daemon_status(const struct rw_daemon *daemon, bool blocks)
{
    struct rw_status_source source;
    source_fill(daemon, &source);
    source.blocks = blocks;
    return rw_status_json(&source);
}

static bool is_listened_to(const struct rw_daemon *daemon)
{
    return daemon->server && rw_server_has_subscribers(daemon->server);
}

void rw_daemon_tell_state(struct rw_daemon *daemon)
{
    if (is_listened_to(daemon)) {
        json_t *fields = json_pack("{s:o}", "status", rw_daemon_status(daemon, false));
        rw_server_notify(daemon->server, RW_NOTICE_STATE, fields);
    }
}

void rw_daemon_set_volume(struct rw_daemon *daemon, double volume_db)
{
    daemon->volume_db = volume_db;
    rw_player_set_volume(daemon->player, volume_db);
    if (is_listened_to(daemon)) {
        json_t *fields = json_pack("{s:f}", "volume_db", volume_db);
        rw_server_notify(daemon->server, RW_NOTICE_VOLUME, fields);
    }
}

static void report_log(const struct rw_daemon *daemon, const struct rw_coach_event *event)
{
    /* After a long sleep a whole backlog is dropped: that is no news of the sound. */
    bool lost = event->outcome == RW_OUTCOME_DROPPED && rw_boot_now() - event->at < backlog_age;
    rw_log_write(&daemon->log, lost ? RW_LOG_WARNING : RW_LOG_DEBUG, "cue %llu %s: %s \"%s\"",
                 (unsigned long long)event->cue_number, rw_outcome_name(event->outcome),
                 rw_cue_type_name(event->cue.type), event->text);
}

static void cue_log(const struct rw_daemon *daemon, const struct rw_coach_event *event)
{
    const char *type = rw_cue_type_name(event->cue.type);
    if (event->type == RW_COACH_EVENT_REPORT) {
        report_log(daemon, event);
    } else if (event->cue_number == 0) {
        rw_log_write(&daemon->log, RW_LOG_DEBUG, "cue dropped: %s \"%s\": %s", type, event->text,
                     rw_drop_reason_text(event->cue.reason));
    } else {
        rw_log_write(&daemon->log, RW_LOG_DEBUG, "cue %llu planned: %s \"%s\"",
                     (unsigned long long)event->cue_number, type, event->text);
    }
}

static void coach_event(void *context, const struct rw_coach_event *event)
{
    struct rw_daemon *daemon = context;
    struct rw_coach_view view;
    switch (event->type) {
    case RW_COACH_EVENT_STATE:
        rw_coach_view(daemon->coach, event->at, &view);
        rw_log_write(&daemon->log, RW_LOG_DEBUG, "state: %s", rw_coach_state_name(view.state));
        rw_daemon_tell_state(daemon);
        break;
    case RW_COACH_EVENT_SEGMENT:
        rw_log_write(&daemon->log, RW_LOG_DEBUG, "segment %u: %s",
                     event->segment.position.segment + 1,
                     rw_kind_name(event->segment.position.step->kind));
        if (is_listened_to(daemon)) {
            rw_coach_view(daemon->coach, event->at, &view);
            rw_server_notify(daemon->server, RW_NOTICE_SEGMENT,
                             rw_status_place_json(&view.session));
        }
        break;
    case RW_COACH_EVENT_CUE:
    case RW_COACH_EVENT_REPORT:
        cue_log(daemon, event);
        if (is_listened_to(daemon)) {
            rw_server_notify(daemon->server, RW_NOTICE_CUE, rw_status_cue_json(event));
        }
        break;
    }
}

static void player_report(void *context, const struct rw_report *report)
{
    struct rw_daemon *daemon = context;
    rw_coach_report(daemon->coach, report);
    rw_daemon_rearm(daemon);
}

static void player_changed(void *context)
{
    struct rw_daemon *daemon = context;
    struct rw_status_source source;
    source_fill(daemon, &source);
    const char *problem = source.player.problem;
    if (strcmp(problem, daemon->told_problem) != 0) {
        memcpy(daemon->told_problem, problem, sizeof daemon->told_problem);
        if (problem[0]) {
            rw_log_write(&daemon->log, RW_LOG_WARNING, "no sound: %s", problem);
        } else {
            rw_log_write(&daemon->log, RW_LOG_INFO, "sound is back on %s", source.player.device);
        }
    }
    if (is_listened_to(daemon)) {
        json_t *fields = json_pack("{s:o}", "output", rw_status_output_json(&source.player));
        rw_server_notify(daemon->server, RW_NOTICE_OUTPUT, fields);
    }
}

static void player_log(void *context, const char *message)
{
    struct rw_daemon *daemon = context;
    rw_log_write(&daemon->log, RW_LOG_WARNING, "%s", message);
}

/* --- speech that has to be made first -------------------------------------------------------- */

void rw_daemon_forget_pending(struct rw_daemon *daemon)
{
    daemon->pending = RW_PENDING_NOTHING;
    daemon->pending_until = RW_NS_NEVER;
}

void rw_daemon_settle(struct rw_daemon *daemon)
{
    enum rw_pending pending = daemon->pending;
    rw_ns now = rw_boot_now();
    enum rw_status status = RW_OK;
    struct rw_coach_view view;
    rw_daemon_forget_pending(daemon);
    rw_coach_view(daemon->coach, now, &view);
    switch (pending) {
    case RW_PENDING_NOTHING:
        break;
    case RW_PENDING_CHOSEN: {
        struct rw_words words = {
            .saying = RW_SAY_CHOSEN,
            .text = rw_profile_name(view.profile),
            .duration_ms = rw_profile_duration_ms(view.profile),
        };
        status = rw_coach_say(daemon->coach, now, &words);
        break;
    }
    case RW_PENDING_START:
        status = rw_coach_start(daemon->coach, now, daemon->start_not_before);
        break;
    }
    if (status == RW_EMEMORY) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "memory is short: the run could not be started");
    }
}

static void prepare_failed(void *context, const char *text, const char *problem)
{
    struct rw_daemon *daemon = context;
    rw_log_write(&daemon->log, RW_LOG_WARNING, "\"%s\" will not be spoken: %s", text, problem);
}

static void prepare_done(void *context)
{
    struct rw_daemon *daemon = context;
    rw_daemon_settle(daemon);
    rw_daemon_rearm(daemon);
}

/* --- configuration ------------------------------------------------------------------------- */

enum rw_status rw_daemon_configure(struct rw_daemon *daemon, struct rw_config *config)
{
    const char *path = daemon->options.config_path;
    bool must_exist = path != NULL;
    struct rw_diagnostics diagnostics;
    char *bytes;
    size_t size;
    if (!path) {
        path = rw_paths_config_file(daemon->paths);
    }
    rw_config_init(config);
    enum rw_status status = rw_file_read(path, RW_CONFIG_BYTES_MAX, &bytes, &size);
    if (status == RW_ENOENT && !must_exist) {
        status = RW_OK;
    } else if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "%s: cannot read it: %s", path,
                     status == RW_ELIMIT     ? "larger than 64 KiB"
                     : status == RW_EINVALID ? "it is not a file"
                                             : strerror(errno));
    } else {
        rw_diagnostics_init(&diagnostics);
        status = rw_config_parse(bytes, size, &diagnostics, config);
        char *text = rw_diagnostics_format(&diagnostics, path, bytes, size);
        for (char *line = text; line && *line;) {
            char *end = strchrnul(line, '\n');
            rw_log_write(&daemon->log, RW_LOG_ERROR, "%.*s", (int)(end - line), line);
            line = *end ? end + 1 : end;
        }
        free(text);
        free(bytes);
    }
    if (daemon->options.output) {
        strncpy(config->output, daemon->options.output, sizeof config->output - 1);
    }
    if (daemon->options.is_verbose) {
        config->log_level = RW_LOG_DEBUG;
    }
    return status;
}

static struct rw_player_config player_config(const struct rw_daemon *daemon)
{
    return (struct rw_player_config){
        .engine_path = rw_paths_engine(daemon->paths),
        .output = daemon->config.output,
        .latency_ms = daemon->config.latency_ms,
        .wake = daemon->config.wake_ms * RW_NS_PER_MS,
        .keep = daemon->config.keep_awake_ms * RW_NS_PER_MS,
    };
}

static void reload(struct rw_daemon *daemon)
{
    struct rw_config config;
    if (rw_daemon_configure(daemon, &config) != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "the configuration stays as it was");
        return;
    }
    if (config.volume_db != daemon->config.volume_db) {
        rw_daemon_set_volume(daemon, config.volume_db);
    }
    if (!rw_config_speaks_alike(&config, &daemon->config)) {
        rw_log_write(&daemon->log, RW_LOG_WARNING,
                     "language and speech take effect when the daemon is started again");
    }
    daemon->config = config;
    daemon->log.level = config.log_level;
    struct rw_player_config player = player_config(daemon);
    rw_player_configure(daemon->player, &player);
    rw_log_write(&daemon->log, RW_LOG_INFO, "configuration read again");
}

/* --- life ---------------------------------------------------------------------------------- */

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
static void speech_closed(void *context)
{
    struct rw_daemon *daemon = context;
    daemon->speech = NULL;
    uv_walk(&daemon->loop, handle_close, NULL);
}

static void player_closed(void *context)
{
    struct rw_daemon *daemon = context;
    daemon->player = NULL;
    if (daemon->speech) {
        rw_speech_close(daemon->speech, speech_closed, daemon);
    } else {
        speech_closed(daemon);
    }
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

/* Closes whatever is open. */
static void parts_close(struct rw_daemon *daemon)
{
    if (daemon->server) {
        rw_server_close(daemon->server, server_closed, daemon);
    } else {
        server_closed(daemon);
    }
}

static void signal_caught(uv_signal_t *handle, int number)
{
    struct rw_daemon *daemon = handle->data;
    if (number == SIGHUP) {
        reload(daemon);
        return;
    }
    rw_log_write(&daemon->log, RW_LOG_INFO, "ending on signal %d", number);
    for (size_t i = 0; i < RW_COUNT(daemon->signals); i++) {
        uv_signal_stop(&daemon->signals[i]);
    }
    uv_poll_stop(&daemon->timer);
    parts_close(daemon);
}

static enum rw_status loop_open(struct rw_daemon *daemon)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    daemon->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (daemon->timer_fd < 0) {
        return RW_EIO;
    }
    daemon->timer_at = RW_NS_NEVER;
    daemon->timer.data = daemon;
    if (uv_poll_init(&daemon->loop, &daemon->timer, daemon->timer_fd) != 0 ||
        uv_poll_start(&daemon->timer, UV_READABLE, timer_due) != 0) {
        return RW_EIO;
    }
    for (size_t i = 0; i < RW_COUNT(numbers); i++) {
        daemon->signals[i].data = daemon;
        if (uv_signal_init(&daemon->loop, &daemon->signals[i]) != 0 ||
            uv_signal_start(&daemon->signals[i], signal_caught, numbers[i]) != 0) {
            return RW_EIO;
        }
    }
    signal(SIGPIPE, SIG_IGN);
    return RW_OK;
}

static enum rw_status voice_open(struct rw_daemon *daemon)
{
    struct rw_diagnostics diagnostics;
    char *path = NULL;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_paths_find_pack(daemon->paths, daemon->config.language, &path);
    if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_ERROR,
                     "no sound pack for language \"%s\": expected "
                     "sounds/%s/pack.yaml beside the profiles",
                     daemon->config.language, daemon->config.language);
        return status;
    }
    status = rw_voice_open(path, &diagnostics, &daemon->voice);
    if (status != RW_OK) {
        char *text = rw_diagnostics_format(&diagnostics, path, NULL, 0);
        rw_log_write(&daemon->log, RW_LOG_ERROR, "%s: cannot use this sound pack: %s", path,
                     text ? text : "memory is short");
        free(text);
    }
    free(path);
    return status;
}

static enum rw_status server_open(struct rw_daemon *daemon)
{
    char *problem = NULL;
    struct rw_server_config config = {
        .loop = &daemon->loop,
        .socket_path = rw_paths_socket(daemon->paths),
        .listen_fd = -1,
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

/* Opens all that talks to one another; on failure what was opened is left to close. */
static enum rw_status parts_open(struct rw_daemon *daemon)
{
    struct rw_player_config player = player_config(daemon);
    struct rw_player_observer heard = {player_report, player_changed, player_log, daemon};
    struct rw_coach_observer told = {coach_event, daemon};
    struct rw_prepare_observer made = {prepare_done, prepare_failed, daemon};
    enum rw_status status = voice_open(daemon);
    if (status == RW_OK) {
        speech_open(daemon);
        status = rw_prepare_create(daemon->voice, daemon->speech, made, &daemon->prepare);
    }
    if (status == RW_OK) {
        status = rw_player_create(&daemon->loop, daemon->voice, &player, heard, &daemon->player);
    }
    if (status == RW_OK) {
        struct rw_sink sink = rw_player_sink(daemon->player);
        rw_player_set_volume(daemon->player, daemon->volume_db);
        status = rw_coach_create(daemon->voice, sink, told, &daemon->coach);
    }
    return status == RW_OK ? server_open(daemon) : status;
}

static void daemon_finish(struct rw_daemon *daemon)
{
    uv_loop_close(&daemon->loop);
    if (daemon->timer_fd >= 0) {
        close(daemon->timer_fd);
    }
    rw_prepare_destroy(daemon->prepare);
    rw_coach_destroy(daemon->coach);
    rw_voice_close(daemon->voice);
    rw_profile_place_finish(&daemon->place);
    rw_paths_destroy(daemon->paths);
}

int rw_daemon_run(const struct rw_daemon_options *options)
{
    struct rw_daemon daemon = {.options = *options, .timer_fd = -1, .pending_until = RW_NS_NEVER};
    rw_log_init(&daemon.log, options->is_verbose ? RW_LOG_DEBUG : RW_LOG_INFO);
    enum rw_status status = rw_paths_create(&daemon.paths);
    if (status == RW_OK) {
        status = rw_daemon_configure(&daemon, &daemon.config);
    }
    if (status != RW_OK || uv_loop_init(&daemon.loop) != 0) {
        rw_paths_destroy(daemon.paths);
        return EXIT_FAILURE;
    }
    daemon.log.level = daemon.config.log_level;
    daemon.volume_db = daemon.config.volume_db;
    status = loop_open(&daemon);
    if (status == RW_OK) {
        status = parts_open(&daemon);
    }
    if (status == RW_OK) {
        rw_log_write(&daemon.log, RW_LOG_INFO, "ready on %s", rw_paths_socket(daemon.paths));
    } else {
        parts_close(&daemon);
    }
    uv_run(&daemon.loop, UV_RUN_DEFAULT);
    daemon_finish(&daemon);
    return status == RW_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
