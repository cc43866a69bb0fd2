#include "daemon.h"

#include "parts.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

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
    rw_diary_wake(daemon);
    rw_ns now = rw_boot_now();
    rw_coach_advance(daemon->coach, now);
    if (daemon->pending != RW_PENDING_NOTHING && now >= daemon->pending_until) {
        rw_daemon_settle(daemon);
    }
    rw_daemon_rearm(daemon);
}

/* --- what was pending ------------------------------------------------------------------------ */

void rw_daemon_forget_pending(struct rw_daemon *daemon)
{
    if (daemon->pending == RW_PENDING_RECOVER) {
        rw_recover_forget(daemon);
    }
    daemon->pending = RW_PENDING_NOTHING;
    daemon->pending_until = RW_NS_NEVER;
}

void rw_daemon_settle(struct rw_daemon *daemon)
{
    enum rw_pending pending = daemon->pending;
    rw_ns now = rw_boot_now();
    enum rw_status status = RW_OK;
    struct rw_coach_view view;
    daemon->pending = RW_PENDING_NOTHING;
    daemon->pending_until = RW_NS_NEVER;
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
        status = rw_daemon_start_run(daemon, now, daemon->start_not_before);
        break;
    case RW_PENDING_RECOVER:
        rw_recover_now(daemon);
        break;
    }
    if (status == RW_EMEMORY) {
        rw_log_write(&daemon->log, RW_LOG_ERROR, "memory is short: the run could not be started");
    }
}

/* --- life ---------------------------------------------------------------------------------- */

static void signal_caught(uv_signal_t *handle, int number)
{
    struct rw_daemon *daemon = handle->data;
    if (number == SIGHUP) {
        rw_service_tell(&daemon->service, RW_SERVICE_RELOADING);
        rw_daemon_reload(daemon);
        rw_service_tell(&daemon->service, RW_SERVICE_READY);
        return;
    }
    rw_log_write(&daemon->log, RW_LOG_INFO, "ending on signal %d", number);
    rw_diary_signal(daemon, number);
    rw_service_tell(&daemon->service, RW_SERVICE_STOPPING);
    for (size_t i = 0; i < RW_COUNT(daemon->signals); i++) {
        uv_signal_stop(&daemon->signals[i]);
    }
    uv_poll_stop(&daemon->timer);
    rw_parts_close(daemon);
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

static void daemon_finish(struct rw_daemon *daemon)
{
    uv_loop_close(&daemon->loop);
    if (daemon->timer_fd >= 0) {
        close(daemon->timer_fd);
    }
    rw_diary_finish(daemon);
    rw_profile_destroy(daemon->recovered);
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
    enum rw_status status = rw_service_init(&daemon.service);
    if (status != RW_OK) {
        rw_log_write(&daemon.log, RW_LOG_ERROR,
                     "the service manager must give one listening socket (LISTEN_FDS=1) or none");
        return EXIT_FAILURE;
    }
    status = rw_paths_create(&daemon.paths);
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
        status = rw_parts_open(&daemon);
    }
    if (status == RW_OK) {
        rw_log_write(&daemon.log, RW_LOG_INFO, "ready on %s", rw_paths_socket(daemon.paths));
        rw_service_tell(&daemon.service, RW_SERVICE_READY);
    } else {
        rw_parts_close(&daemon);
    }
    uv_run(&daemon.loop, UV_RUN_DEFAULT);
    daemon_finish(&daemon);
    return status == RW_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
