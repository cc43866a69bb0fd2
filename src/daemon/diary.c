#include "diary.h"

#include "daemon.h"
#include "settings.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The cues that a run ends with follow within this time. */
static const rw_ns ending = 15 * RW_NS_PER_SECOND;

static const char from_coach[] = "coach";

/* ---- records ---- */

/* Copies TEXT, or as many whole characters of it as there is room for. */
static void text_cut(char *copy, size_t room, const char *text)
{
    size_t size = text ? strnlen(text, room - 1) : 0;
    bool is_cut = text && text[size] != '\0';
    while (is_cut && size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
        size--;
    }
    memcpy(copy, text ? text : "", size);
    copy[size] = '\0';
}

static rw_ns session_of(const struct rw_coach_view *view)
{
    bool goes = view->state == RW_COACH_ARMED || view->state == RW_COACH_RUNNING;
    return goes ? view->now - view->origin : view->session.now;
}

static void add(struct rw_daemon *daemon, struct rw_record *record, bool is_urgent)
{
    if (daemon->diary.journal) {
        rw_journal_add(daemon->diary.journal, record, is_urgent);
    } else {
        rw_record_finish(record);
    }
}

static struct rw_mark mark_take(void *context)
{
    struct rw_daemon *daemon = context;
    struct rw_mark mark;
    struct rw_coach_view view;
    rw_wall_read(&mark.wall);
    rw_coach_view(daemon->coach, mark.wall.boot, &view);
    mark.clock = daemon->diary.is_on ? mark.wall.boot - daemon->diary.base : 0;
    mark.session = session_of(&view);
    return mark;
}

/* ---- a run begins and ends ---- */

static struct rw_run_begin *begin_make(struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    struct rw_run_begin *begin = calloc(1, sizeof *begin);
    if (!begin) {
        return NULL;
    }
    json_t *path = daemon->place.path ? rw_json_text(daemon->place.path) : NULL;
    *begin = (struct rw_run_begin){
        .name = strdup(rw_profile_name(view.profile)),
        .path = path ? strdup(json_string_value(path)) : NULL,
        .bytes = malloc(daemon->diary.size + 1),
        .size = daemon->diary.size,
        .settings = rw_settings_write(&view.manner),
        .plan = daemon->part.plan[0] ? strdup(daemon->part.plan) : NULL,
        .plan_week = daemon->part.week,
        .plan_day = daemon->part.day,
        .seed = (int64_t)view.manner.seed,
        .planned_ms = rw_profile_duration_ms(view.profile),
        .planned_segments = rw_profile_segment_count(view.profile),
        .planned_runs = rw_profile_run_count(view.profile),
    };
    json_decref(path);
    if (!begin->name || !begin->bytes || !begin->settings || !daemon->diary.bytes) {
        rw_run_begin_destroy(begin);
        return NULL;
    }
    memcpy(begin->bytes, daemon->diary.bytes, begin->size);
    return begin;
}

static char *settings_make(const struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    return rw_settings_write(&view.manner);
}

void rw_diary_manner(struct rw_daemon *daemon)
{
    struct rw_diary *diary = &daemon->diary;
    if (!diary->is_on) {
        return;
    }
    struct rw_record record = {.type = RW_RECORD_SETTINGS, .settings = settings_make(daemon)};
    if (!record.settings || (diary->settings && strcmp(record.settings, diary->settings) == 0)) {
        free(record.settings);
        return;
    }
    free(diary->settings);
    diary->settings = strdup(record.settings);
    add(daemon, &record, true);
}

static void run_begin(struct rw_daemon *daemon, rw_ns boot)
{
    struct rw_diary *diary = &daemon->diary;
    struct rw_run_begin *begin = begin_make(daemon);
    struct rw_record record = {.type = RW_RECORD_BEGIN};
    diary->base = boot;
    diary->is_on = begin != NULL;
    diary->has_begun = false;
    diary->last.run = 0;
    free(diary->settings);
    diary->settings = settings_make(daemon);
    if (begin) {
        record.begin = begin;
        add(daemon, &record, true);
    } else {
        rw_log_write(&daemon->log, RW_LOG_WARNING, "memory is short: this run has no history");
    }
}

static void run_end(struct rw_daemon *daemon, const struct rw_coach_view *view)
{
    struct rw_diary *diary = &daemon->diary;
    struct rw_record record = {
        .type = RW_RECORD_END,
        .clock = view->now - diary->base,
        .session = view->session.now,
        .end = {view->state == RW_COACH_DONE ? RW_RUN_DONE : RW_RUN_STOPPED,
                view->session.runs_done},
    };
    add(daemon, &record, true);
    diary->is_on = false;
    diary->ended = view->now;
    /* What a `recover` would find: the store knows the run's number better. */
    diary->last = (struct rw_last_run){
        .run = view->state == RW_COACH_STOPPED ? -1 : 0,
        .state = record.end.state,
    };
    diary->last.mark = mark_take(daemon);
    diary->last.mark.clock = record.clock;
    diary->last.mark.session = record.session;
    text_cut(diary->last.name, sizeof diary->last.name, rw_profile_name(view->profile));
}

/* The start was taken back, so there was no run. */
static void run_cancel(struct rw_daemon *daemon)
{
    struct rw_record record = {.type = RW_RECORD_CANCEL};
    daemon->diary.is_on = false;
    add(daemon, &record, true);
}

void rw_diary_continue(struct rw_daemon *daemon, bool takes_back)
{
    struct rw_record record = {
        .type = RW_RECORD_CONTINUE,
        .resumed = {daemon->diary.replay.last.run, takes_back},
    };
    daemon->diary.is_on = true;
    daemon->diary.has_begun = daemon->diary.replay.last.mark.session > 0;
    add(daemon, &record, true);
}

/* ---- what happens ---- */

void rw_diary_command(struct rw_daemon *daemon, const struct rw_command_entry *entry)
{
    struct rw_diary *diary = &daemon->diary;
    if (entry->command == RW_COMMAND_START) {
        run_begin(daemon, entry->clock);
    }
    if (!diary->is_on) {
        return;
    }
    struct rw_record record = {
        .type = RW_RECORD_COMMAND,
        .clock = entry->clock - diary->base,
        .session = entry->session,
        .command.entry = *entry,
    };
    text_cut(record.command.source, sizeof record.command.source,
             diary->source[0] ? diary->source : from_coach);
    text_cut(record.text, sizeof record.text, rw_command_name(entry->command));
    add(daemon, &record, true);
}

static void state_record(struct rw_daemon *daemon)
{
    struct rw_coach_view view;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    switch (view.state) {
    case RW_COACH_DONE:
    case RW_COACH_STOPPED:
        if (daemon->diary.has_begun) {
            run_end(daemon, &view);
        } else {
            run_cancel(daemon);
        }
        break;
    case RW_COACH_CHOSEN:
        run_cancel(daemon);
        break;
    case RW_COACH_IDLE:
    case RW_COACH_ARMED:
    case RW_COACH_RUNNING:
    case RW_COACH_PAUSED:
        break;
    }
}

static void segment_record(struct rw_daemon *daemon, const struct rw_coach_event *event)
{
    const struct rw_step *step = event->segment.position.step;
    struct rw_record record = {
        .type = RW_RECORD_SEGMENT,
        .clock = event->at - daemon->diary.base,
        .session = event->segment.at,
        .segment = {event->segment.position.segment, step->duration_ms, step->kind, step->side},
    };
    text_cut(record.text, sizeof record.text, step->name);
    daemon->diary.has_begun = true;
    add(daemon, &record, true);
}

static void cue_record(struct rw_daemon *daemon, const struct rw_coach_event *event)
{
    struct rw_record record = {
        .type = RW_RECORD_CUE,
        .session = event->cue.at,
        .cue = {event->cue_number, rw_cue_type_name(event->cue.type),
                event->at - daemon->diary.base},
    };
    text_cut(record.text, sizeof record.text, event->text);
    if (event->cue_number == 0) {
        text_cut(record.reason, sizeof record.reason, rw_drop_reason_text(event->cue.reason));
    }
    add(daemon, &record, true);
}

static void outcome_record(struct rw_daemon *daemon, const struct rw_coach_event *event)
{
    bool is_start = event->outcome == RW_OUTCOME_STARTED || event->outcome == RW_OUTCOME_LATE;
    struct rw_record record = {
        .type = RW_RECORD_OUTCOME,
        .clock = event->at - daemon->diary.base,
        .outcome = {event->cue_number, rw_outcome_name(event->outcome), is_start},
    };
    if (event->outcome == RW_OUTCOME_DROPPED) {
        text_cut(record.reason, sizeof record.reason, "no sound could be made in time");
    }
    add(daemon, &record, !daemon->diary.is_on);
}

void rw_diary_event(struct rw_daemon *daemon, const struct rw_coach_event *event)
{
    struct rw_diary *diary = &daemon->diary;
    bool is_ending = diary->ended != 0 && event->at < diary->ended + ending;
    switch (event->type) {
    case RW_COACH_EVENT_STATE:
        if (diary->is_on) {
            state_record(daemon);
        }
        break;
    case RW_COACH_EVENT_SEGMENT:
        if (diary->is_on) {
            segment_record(daemon, event);
        }
        break;
    case RW_COACH_EVENT_CUE:
        if (diary->is_on || is_ending) {
            cue_record(daemon, event);
        }
        break;
    case RW_COACH_EVENT_REPORT:
        if (diary->is_on || is_ending) {
            outcome_record(daemon, event);
        }
        break;
    }
}

void rw_diary_incident(struct rw_daemon *daemon, const char *incident, const char *details)
{
    struct rw_coach_view view;
    if (!daemon->diary.is_on) {
        return;
    }
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    struct rw_record record = {
        .type = RW_RECORD_INCIDENT,
        .clock = view.now - daemon->diary.base,
        .session = session_of(&view),
        .incident = incident,
    };
    text_cut(record.text, sizeof record.text, details);
    add(daemon, &record, true);
}

void rw_diary_player(struct rw_daemon *daemon, const struct rw_player_view *view, bool is_new)
{
    if (is_new) {
        rw_diary_incident(daemon, view->problem[0] ? "no-sound" : "sound-back",
                          view->problem[0] ? view->problem : view->device);
    }
    if (view->underruns > daemon->diary.underruns) {
        rw_diary_incident(daemon, "underrun", view->device);
    }
    daemon->diary.underruns = view->underruns;
}

void rw_diary_signal(struct rw_daemon *daemon, int number)
{
    char details[32];
    daemon->diary.is_ending = true;
    snprintf(details, sizeof details, "signal %d", number);
    rw_diary_incident(daemon, "daemon-ended", details);
    if (number != SIGINT) {
        return;
    }
    text_cut(daemon->diary.source, sizeof daemon->diary.source, "signal");
    enum rw_status status = rw_coach_stop(daemon->coach, rw_boot_now());
    (void)status; /* where no run is on there is nothing to stop */
}

void rw_diary_wake(struct rw_daemon *daemon)
{
    struct timespec running;
    clock_gettime(CLOCK_MONOTONIC, &running);
    rw_ns asleep = rw_boot_now() - running.tv_sec * RW_NS_PER_SECOND - running.tv_nsec;
    rw_ns slept = asleep - daemon->diary.asleep;
    if (slept > RW_NS_PER_SECOND) {
        char details[32];
        snprintf(details, sizeof details, "%lld s", (long long)(slept / RW_NS_PER_SECOND));
        rw_diary_incident(daemon, "suspend", details);
    }
    daemon->diary.asleep = asleep;
}

/* ---- requests ---- */

void rw_diary_call_begin(struct rw_daemon *daemon, const struct rw_call *call)
{
    text_cut(daemon->diary.source, sizeof daemon->diary.source,
             rw_server_client_name(daemon->server, call->client));
}

void rw_diary_call_end(struct rw_daemon *daemon, const struct rw_call *call,
                       const struct rw_answer *answer)
{
    static const char group[] = "session.";
    const char *name = rw_method_info(call->method)->name;
    bool is_command = strncmp(name, group, strlen(group)) == 0;
    if (answer->refused && is_command && daemon->diary.is_on) {
        struct rw_coach_view view;
        rw_coach_view(daemon->coach, rw_boot_now(), &view);
        struct rw_record record = {
            .type = RW_RECORD_COMMAND,
            .clock = view.now - daemon->diary.base,
            .session = session_of(&view),
        };
        text_cut(record.text, sizeof record.text, name + strlen(group));
        text_cut(record.reason, sizeof record.reason, rw_reason_info(answer->error.reason)->name);
        text_cut(record.command.source, sizeof record.command.source, daemon->diary.source);
        add(daemon, &record, true);
    }
    daemon->diary.source[0] = '\0';
    if (!rw_method_info(call->method)->is_question) {
        rw_diary_manner(daemon);
    }
}

/* ---- life ---- */

static void journal_told(void *context, bool is_problem, const char *text)
{
    struct rw_daemon *daemon = context;
    if (is_problem) {
        rw_log_write(&daemon->log, RW_LOG_WARNING, "the run goes on without its history: %s", text);
    } else {
        rw_log_write(&daemon->log, RW_LOG_INFO, "%s", text);
    }
}

void rw_diary_speech_erase(struct rw_daemon *daemon)
{
    const char *directory = rw_paths_cache_directory(daemon->paths);
    if (!daemon->diary.forget_mark &&
        asprintf(&daemon->diary.forget_mark, "%s/forget", directory) < 0) {
        daemon->diary.forget_mark = NULL;
        return;
    }
    if (access(daemon->diary.forget_mark, F_OK) == 0) {
        rw_speech_forget(directory);
        unlink(daemon->diary.forget_mark);
    }
}

void rw_diary_open(struct rw_daemon *daemon)
{
    struct rw_journal_observer observer = {rw_recover_opened, mark_take, journal_told, daemon};
    rw_diary_wake(daemon);
    if (rw_journal_create(&daemon->loop, rw_paths_state_directory(daemon->paths), observer,
                          &daemon->diary.journal) != RW_OK) {
        daemon->diary.journal = NULL;
        rw_log_write(&daemon->log, RW_LOG_WARNING, "memory is short: there will be no history");
    }
}

void rw_diary_close(struct rw_daemon *daemon, void (*closed)(void *context), void *context)
{
    if (daemon->diary.journal) {
        rw_journal_close(daemon->diary.journal, closed, context);
    } else {
        closed(context);
    }
}

void rw_diary_finish(struct rw_daemon *daemon)
{
    rw_journal_destroy(daemon->diary.journal);
    rw_diary_speech_erase(daemon);
    free(daemon->diary.forget_mark);
    rw_replay_finish(&daemon->diary.replay);
    free(daemon->diary.bytes);
    free(daemon->diary.settings);
}

void rw_diary_choose(struct rw_daemon *daemon, char *bytes, size_t size)
{
    free(daemon->diary.bytes);
    daemon->diary.bytes = bytes;
    daemon->diary.size = size;
}
