/* What the parts tell the daemon, and what it tells its log and its subscribers. */
#include "parts.h"
#include "status.h"

#include <stdio.h>
#include <string.h>

/* A cue dropped that long after its time was missed because we slept, not for want of sound. */
static const rw_ns backlog_age = 10 * RW_NS_PER_SECOND;
/* Longer than any one attempt to open an output takes. */
static const rw_ns missed_seek_span = 30 * RW_NS_PER_SECOND;

static void source_fill(const struct rw_daemon *daemon, struct rw_status_source *source)
{
    *source = (struct rw_status_source){
        .is_preparing =
            daemon->pending == RW_PENDING_START || daemon->pending == RW_PENDING_RECOVER,
        .path = daemon->place.path,
        .volume_db = daemon->volume_db,
    };
    rw_coach_view(daemon->coach, rw_boot_now(), &source->coach);
    rw_player_view(daemon->player, &source->player);
    rw_inhibitor_view(daemon->inhibitor, &source->awake);
}

json_t *rw_daemon_status(const struct rw_daemon *daemon, bool blocks)
{
    struct rw_status_source source;
    source_fill(daemon, &source);
    source.blocks = blocks;
    json_t *status = rw_status_json(&source);
    const struct rw_plan_part *part = &daemon->part;
    json_object_set_new(status, "plan",
                        part->plan[0]
                            ? json_pack("{s:s, s:I, s:I}", "id", part->plan, "week",
                                        (json_int_t)part->week, "day", (json_int_t)part->day)
                            : json_null());
    return status;
}

static void sleep_log(struct rw_daemon *daemon)
{
    struct rw_inhibitor_view awake;
    rw_inhibitor_view(daemon->inhibitor, &awake);
    if (awake.problem[0] && strcmp(awake.problem, daemon->told_sleep) != 0) {
        snprintf(daemon->told_sleep, sizeof daemon->told_sleep, "%s", awake.problem);
        rw_log_write(&daemon->log, RW_LOG_WARNING,
                     "a suspend would delay the cues of a run, and nothing holds it off: %s",
                     awake.problem);
    }
}

static bool is_listened_to(const struct rw_daemon *daemon)
{
    return daemon->server && rw_server_has_subscribers(daemon->server);
}

/* While a run goes on, the device stays awake: a suspend would delay its cues. */
static void sleep_follow(struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    rw_inhibitor_want(daemon->inhibitor, daemon->pending == RW_PENDING_START ||
                                             view.state == RW_COACH_ARMED ||
                                             view.state == RW_COACH_RUNNING);
    sleep_log(daemon);
}

void rw_daemon_tell_state(struct rw_daemon *daemon)
{
    sleep_follow(daemon);
    rw_daemon_follow_music(daemon);
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
    if (event->cue.type == RW_CUE_CARE) {
        return; /* what hurts is in no log */
    }
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
    rw_diary_event(daemon, event);
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

static void coach_command(void *context, const struct rw_command_entry *entry)
{
    struct rw_daemon *daemon = context;
    rw_diary_command(daemon, entry);
    if (is_listened_to(daemon)) {
        json_t *fields = json_pack("{s:s, s:I}", "command", rw_command_name(entry->command),
                                   "session_ms", (json_int_t)(entry->session / RW_NS_PER_MS));
        rw_server_notify(daemon->server, RW_NOTICE_COMMAND, fields);
    }
}

/* While the runner has missed where they are, sound is sought even if no cue is near. */
static void missed_seek(struct rw_daemon *daemon)
{
    if (rw_coach_has_missed(daemon->coach)) {
        rw_player_warm(daemon->player, rw_boot_now() + missed_seek_span);
    }
}

static void player_report(void *context, const struct rw_report *report)
{
    struct rw_daemon *daemon = context;
    rw_coach_report(daemon->coach, report);
    missed_seek(daemon);
    rw_daemon_rearm(daemon);
}

/*
 * The earphones have gone, and the sound server has sent the voice elsewhere. Whoever wants the
 * run to stand still then hears "Paused." from there: better than a run that seems to have died.
 */
static void output_lost(struct rw_daemon *daemon, const struct rw_player_view *player)
{
    daemon->told_losses = player->losses;
    bool is_paused =
        daemon->config.pauses_on_loss && rw_coach_pause(daemon->coach, rw_boot_now()) == RW_OK;
    rw_log_write(&daemon->log, RW_LOG_WARNING, "the sound output vanished; the voice goes to %s%s",
                 player->sink, is_paused ? ", and the run is paused" : "");
    rw_daemon_rearm(daemon);
}

static void player_changed(void *context)
{
    struct rw_daemon *daemon = context;
    struct rw_status_source source;
    source_fill(daemon, &source);
    const char *problem = source.player.problem;
    bool is_new = strcmp(problem, daemon->told_problem) != 0;
    rw_diary_player(daemon, &source.player, is_new);
    if (is_new) {
        memcpy(daemon->told_problem, problem, sizeof daemon->told_problem);
        if (problem[0]) {
            rw_log_write(&daemon->log, RW_LOG_WARNING, "no sound: %s", problem);
        } else {
            rw_log_write(&daemon->log, RW_LOG_INFO, "sound is back on %s", source.player.device);
        }
    }
    if (source.player.losses != daemon->told_losses) {
        output_lost(daemon, &source.player);
    }
    if (is_listened_to(daemon)) {
        json_t *fields = json_pack("{s:o}", "output", rw_status_output_json(&source.player));
        rw_server_notify(daemon->server, RW_NOTICE_OUTPUT, fields);
    }
    if (source.player.state == RW_PLAYER_READY) {
        rw_coach_catch_up(daemon->coach, rw_boot_now());
        rw_daemon_rearm(daemon);
    }
    missed_seek(daemon);
}

/* How the question for the inhibitor ended. */
static void sleep_changed(void *context)
{
    struct rw_daemon *daemon = context;
    sleep_log(daemon);
    rw_daemon_tell_state(daemon);
}

static void player_log(void *context, const char *message)
{
    struct rw_daemon *daemon = context;
    rw_log_write(&daemon->log, RW_LOG_WARNING, "%s", message);
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

struct rw_coach_observer rw_daemon_coach_observer(struct rw_daemon *daemon)
{
    return (struct rw_coach_observer){coach_event, daemon, coach_command};
}

struct rw_player_observer rw_daemon_player_observer(struct rw_daemon *daemon)
{
    return (struct rw_player_observer){player_report, player_changed, player_log, daemon};
}

struct rw_prepare_observer rw_daemon_prepare_observer(struct rw_daemon *daemon)
{
    return (struct rw_prepare_observer){prepare_done, prepare_failed, daemon};
}

enum rw_status rw_daemon_inhibitor_create(struct rw_daemon *daemon)
{
    return rw_inhibitor_create(&daemon->loop, rw_paths_inhibit(daemon->paths), sleep_changed,
                               daemon, &daemon->inhibitor);
}
