/* A run that was interrupted goes on: by itself when the daemon was away for a short time, or when
 * it is asked for. */
#include "daemon.h"
#include "settings.h"

#include "runwalk/profile/profile_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Speech that is not made by then is left out. */
static const rw_ns prepare_max = 5 * RW_NS_PER_SECOND;
/* A run that was stopped, perhaps by mistake, can be taken up again for so long. */
static const rw_ns stopped_max = INT64_C(3600) * RW_NS_PER_SECOND;

void rw_recover_forget(struct rw_daemon *daemon)
{
    rw_prepare_cancel(daemon->prepare);
    rw_profile_destroy(daemon->recovered);
    daemon->recovered = NULL;
    rw_replay_finish(&daemon->diary.replay);
}

bool rw_recover_is_possible(const struct rw_daemon *daemon, char text[128])
{
    const struct rw_last_run *last = &daemon->diary.last;
    struct rw_wall now;
    bool is_exact;
    if (last->run == 0 || last->state == RW_RUN_DONE) {
        return false;
    }
    rw_wall_read(&now);
    rw_ns away = rw_wall_away(&last->mark.wall, &now, &is_exact);
    if (last->state == RW_RUN_STOPPED && away > stopped_max) {
        return false;
    }
    rw_ns seconds = last->mark.session > 0 ? last->mark.session / RW_NS_PER_SECOND : 0;
    snprintf(text, 128, "%.80s, %s at %d:%02d", last->name,
             last->state == RW_RUN_STOPPED ? "stopped" : "interrupted", (int)(seconds / 60),
             (int)(seconds % 60));
    return true;
}

/*
 * What ended a run that was stopped is taken back: the stop itself, or the pause that was given up.
 */
static bool end_take_back(struct rw_replay *replay)
{
    if (replay->last.state != RW_RUN_STOPPED || replay->count < 2) {
        return false;
    }
    const struct rw_command_entry *end = &replay->entries[replay->count - 1];
    if (end->command != RW_COMMAND_STOP && end->command != RW_COMMAND_PAUSE) {
        return false;
    }
    replay->last.mark.clock = end->clock;
    replay->count--;
    return true;
}

static enum rw_status run_take_up(struct rw_daemon *daemon, struct rw_profile *profile)
{
    struct rw_diary *diary = &daemon->diary;
    bool takes_back = end_take_back(&diary->replay);
    rw_ns now = rw_boot_now();
    struct rw_coach_recovery recovery = {
        .profile = profile,
        .entries = diary->replay.entries,
        .count = diary->replay.count,
        .until = diary->replay.last.mark.clock,
        /* Up to now: the disk and the speech command have taken their time, too. */
        .away = diary->since == RW_NS_NEVER ? 0 : now - diary->since,
        .cue_max = diary->replay.cue_max,
    };
    diary->base = now - recovery.away - recovery.until;
    rw_diary_continue(daemon, takes_back);
    struct rw_manner manner;
    const struct rw_run_begin *begin = diary->replay.begin;
    if (rw_settings_read(begin->settings, (uint64_t)begin->seed, &manner)) {
        rw_coach_set_manner(daemon->coach, &manner);
    }
    enum rw_status status = rw_coach_recover(daemon->coach, now, &recovery);
    if (status != RW_OK) {
        rw_journal_take_back(diary->journal);
        diary->is_on = false;
    }
    return status;
}

void rw_recover_now(struct rw_daemon *daemon)
{
    struct rw_diary *diary = &daemon->diary;
    struct rw_run_begin *begin = diary->replay.begin;
    struct rw_profile *profile = daemon->recovered;
    if (!profile) { /* the disk is slow: the run goes on when it has answered */
        daemon->pending = RW_PENDING_RECOVER;
        return;
    }
    daemon->recovered = NULL;
    enum rw_status status = run_take_up(daemon, profile);
    if (status == RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_INFO, "\"%s\" goes on", begin->name);
        rw_profile_place_finish(&daemon->place);
        daemon->place = (struct rw_profile_place){.name = begin->name, .path = begin->path};
        daemon->part = (struct rw_plan_part){0};
        daemon->has_intro = false;
        rw_diary_choose(daemon, begin->bytes, begin->size);
        begin->name = begin->path = begin->bytes = NULL;
        diary->last.run = 0;
    } else {
        rw_prepare_cancel(daemon->prepare);
        rw_profile_destroy(profile);
        rw_log_write(&daemon->log, RW_LOG_WARNING,
                     "the last run cannot go on: what was recorded of it does not fit together");
        diary->last.run = 0;
        rw_daemon_tell_state(daemon);
    }
    rw_replay_finish(&diary->replay);
}

static void run_loaded(void *context, const struct rw_question *question,
                       const struct rw_question_answer *answer)
{
    struct rw_daemon *daemon = context;
    struct rw_diary *diary = &daemon->diary;
    (void)question;
    diary->is_loading = false;
    if (daemon->pending != RW_PENDING_RECOVER || diary->is_ending) {
        return; /* something else has been begun meanwhile */
    }
    enum rw_status status = answer->status;
    if (status == RW_OK) {
        const struct rw_run_begin *begin = answer->replay->begin;
        status = rw_profile_parse(begin->bytes, begin->size, NULL, &daemon->recovered);
    }
    if (status != RW_OK) {
        const char *problem = answer->status == RW_OK       ? "its profile is not valid any more"
                              : answer->status == RW_ENOENT ? "it has been forgotten"
                                                            : answer->problem;
        rw_daemon_forget_pending(daemon);
        diary->last.run = 0;
        rw_log_write(&daemon->log, RW_LOG_WARNING, "the last run cannot go on: %s", problem);
        rw_daemon_tell_state(daemon);
        return;
    }
    diary->replay = *answer->replay;
    *answer->replay = (struct rw_replay){0};
    if (!rw_prepare_profile(daemon->prepare, daemon->recovered, false)) {
        rw_daemon_settle(daemon);
    }
    rw_daemon_rearm(daemon);
}

enum rw_status rw_recover_begin(struct rw_daemon *daemon, rw_ns since)
{
    struct rw_diary *diary = &daemon->diary;
    struct rw_question question = {
        .kind = RW_QUESTION_LOAD,
        .run = diary->last.run, /* -1: the one that was written last */
        .answered = run_loaded,
        .context = daemon,
    };
    if (!diary->journal || diary->is_loading) {
        return RW_EFULL;
    }
    enum rw_status status = rw_journal_ask(diary->journal, &question);
    if (status != RW_OK) {
        return status;
    }
    rw_prepare_cancel(daemon->prepare);
    rw_daemon_forget_pending(daemon);
    diary->is_loading = true;
    diary->since = since;
    daemon->pending = RW_PENDING_RECOVER;
    daemon->pending_until = rw_boot_now() + prepare_max;
    rw_player_warm(daemon->player, rw_boot_now() + 2 * prepare_max);
    return RW_OK;
}

void rw_recover_opened(void *context, const struct rw_last_run *last)
{
    struct rw_daemon *daemon = context;
    struct rw_coach_view view;
    struct rw_wall now;
    bool is_exact;
    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    bool is_busy = daemon->pending != RW_PENDING_NOTHING || view.state != RW_COACH_IDLE;
    if (!last || daemon->diary.is_on || daemon->diary.is_ending) {
        return;
    }
    daemon->diary.last = *last;
    if (last->state != RW_RUN_ON) {
        return;
    }
    rw_wall_read(&now);
    rw_ns away = rw_wall_away(&last->mark.wall, &now, &is_exact);
    bool is_near = away <= daemon->config.on_crash_within_ms * RW_NS_PER_MS;
    if (!daemon->config.on_crash_resumes || !is_near || is_busy) {
        rw_log_write(&daemon->log, RW_LOG_INFO,
                     "\"%s\" was interrupted; `runwalk recover` goes on with it", last->name);
        return;
    }
    bool is_run = is_exact && away <= daemon->config.away_as_run_ms * RW_NS_PER_MS;
    if (rw_recover_begin(daemon, is_run ? now.boot - away : RW_NS_NEVER) == RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_INFO, "\"%s\" was interrupted %lld s ago", last->name,
                     (long long)(away / RW_NS_PER_SECOND));
    }
    rw_daemon_rearm(daemon);
}
