/* A run that was interrupted is run again, silently and at once, up to where it was. */

#include "coach_private.h"

#include <stdlib.h>

/* The sink of a run that is run again: silent, and as late as the real one was. */
struct mute {
    struct rw_coach *coach;
    rw_ns latency;
};

static void mute_play(void *context, const struct rw_play *play)
{
    (void)context;
    (void)play;
}

static void mute_cancel(void *context, uint32_t epoch)
{
    (void)context;
    (void)epoch;
}

static void mute_expect(void *context, rw_ns at)
{
    (void)context;
    (void)at;
}

static rw_ns mute_earliest(void *context, rw_ns now)
{
    const struct mute *mute = context;
    return now + mute->latency;
}

static void mute_event(void *context, const struct rw_coach_event *event)
{
    (void)context;
    (void)event;
}

/* What was to sound while nobody was there: too late now, or planned anew in a moment. */
static void missed_play(void *context, const struct rw_play *play)
{
    struct mute *mute = context;
    bool is_missed = play->not_after < mute->coach->now;
    struct rw_report report = {
        .cue = play->cue,
        .outcome = is_missed ? RW_OUTCOME_DROPPED : RW_OUTCOME_WITHDRAWN,
        .at = play->at,
    };
    rw_coach_report(mute->coach, &report);
}

static struct rw_sink mute_sink(struct mute *mute,
                                void (*play)(void *context, const struct rw_play *play))
{
    return (struct rw_sink){
        .play = play,
        .cancel = mute_cancel,
        .expect = mute_expect,
        .earliest = mute_earliest,
        .context = mute,
    };
}

/* Says "I'm back" and where the run stands; what lies ahead is planned around it. */
static void back_again_say(struct rw_coach *coach)
{
    struct rw_words variants[2 * RW_WHERE_VARIANTS];
    struct rw_session_view view;
    rw_ns at = rw_coach_interrupt(coach);
    rw_coach_tell_command(coach, RW_COMMAND_BACK_AGAIN, 0, at);
    rw_session_view(coach->session, &view);
    switch (coach->state) {
    case RW_COACH_RUNNING:
        rw_coach_where_words(coach, at - coach->origin, &variants[0]);
        rw_coach_where_words(coach, at - coach->origin, &variants[RW_WHERE_VARIANTS]);
        for (size_t i = 0; i < RW_WHERE_VARIANTS; i++) {
            variants[i].saying = RW_SAY_BACK_AGAIN;
        }
        rw_coach_answer_weave(coach, at, variants, RW_COUNT(variants));
        break;
    case RW_COACH_PAUSED:
        variants[0] = (struct rw_words){.saying = RW_SAY_STILL_PAUSED};
        if (!coach->keeps_silent) {
            rw_coach_answer_send(coach, at, &variants[0]);
        }
        break;
    case RW_COACH_DONE:
        variants[0] = (struct rw_words){
            .saying = RW_SAY_DONE,
            .duration_ms = (uint32_t)(view.now / RW_NS_PER_MS),
            .total = view.runs_done,
        };
        rw_coach_answer_send(coach, at, &variants[0]);
        break;
    case RW_COACH_ARMED:
        rw_coach_answer_weave(coach, at, variants, 0); /* the start will be heard */
        break;
    case RW_COACH_IDLE:
    case RW_COACH_CHOSEN:
    case RW_COACH_STOPPED:
        break;
    }
}

/* Brings time to CLOCK, waking whenever the run would have. */
static void time_pass(struct rw_coach *coach, rw_ns clock)
{
    rw_ns due = rw_coach_deadline(coach);
    while (due <= clock) {
        rw_coach_advance(coach, due);
        rw_ns next = rw_coach_deadline(coach);
        if (next <= due) {
            break;
        }
        due = next;
    }
    rw_coach_advance(coach, clock);
}

/* An answer that has no room now, or no voice, is no other run: only a sentence is missing. */
static enum rw_status answered(enum rw_status status)
{
    return status == RW_EFULL || status == RW_ENOENT ? RW_OK : status;
}

static enum rw_status entry_apply(struct rw_coach *coach, const struct rw_command_entry *entry)
{
    rw_ns applied;
    uint32_t ms = (uint32_t)(entry->amount / RW_NS_PER_MS);
    uint32_t other_ms = (uint32_t)(entry->other / RW_NS_PER_MS);
    switch (entry->command) {
    case RW_COMMAND_START:
        return rw_coach_start(coach, entry->clock, entry->clock + entry->amount);
    case RW_COMMAND_PAUSE:
        return rw_coach_pause(coach, entry->clock);
    case RW_COMMAND_RESUME:
        return rw_coach_resume(coach, entry->clock);
    case RW_COMMAND_SKIP:
        return rw_coach_skip(coach, entry->clock);
    case RW_COMMAND_BACK:
        return rw_coach_back(coach, entry->clock);
    case RW_COMMAND_EXTEND:
        return rw_coach_extend(coach, entry->clock, entry->amount, &applied);
    case RW_COMMAND_STOP:
        return rw_coach_stop(coach, entry->clock);
    case RW_COMMAND_BACK_AGAIN:
        back_again_say(coach);
        return RW_OK;
    case RW_COMMAND_SAY:
        return RW_OK;
    case RW_COMMAND_REST:
        return rw_coach_rest(coach, entry->clock, entry->amount);
    case RW_COMMAND_READY:
        return rw_coach_ready(coach, entry->clock);
    case RW_COMMAND_EASIER:
        return rw_coach_change(coach, entry->clock, false);
    case RW_COMMAND_HARDER:
        return rw_coach_change(coach, entry->clock, true);
    case RW_COMMAND_RATIO:
        return rw_coach_ratio(coach, entry->clock, ms, other_ms);
    case RW_COMMAND_GOTO:
        return rw_coach_goto(coach, entry->clock, entry->number);
    case RW_COMMAND_COOLDOWN:
        return rw_coach_cooldown(coach, entry->clock);
    case RW_COMMAND_STITCH:
        return rw_coach_stitch(coach, entry->clock);
    case RW_COMMAND_PAIN:
        return rw_coach_pain(coach, entry->clock, entry->number);
    case RW_COMMAND_DIZZY:
        return rw_coach_dizzy(coach, entry->clock);
    case RW_COMMAND_HEAVY:
        return answered(rw_coach_heavy(coach, entry->clock));
    case RW_COMMAND_TIME:
        return answered(rw_coach_time(coach, entry->clock));
    case RW_COMMAND_ENCOURAGE:
        return answered(rw_coach_encourage(coach, entry->clock));
    case RW_COMMAND_QUIET:
        return rw_coach_quiet(coach, entry->clock, entry->amount);
    }
    return RW_EINVALID;
}

/* Gives COACH, which is new, the profile and all entries. It owns the profile only on success. */
static enum rw_status entries_apply(struct rw_coach *coach, struct mute *mute,
                                    const struct rw_coach_recovery *recovery)
{
    const struct rw_command_entry *entries = recovery->entries;
    enum rw_status status = RW_EINVALID;
    if (recovery->count > 0 && entries[0].command == RW_COMMAND_START) {
        status = rw_coach_choose(coach, entries[0].clock, recovery->profile, false);
    }
    for (size_t i = 0; i < recovery->count && status == RW_OK; i++) {
        time_pass(coach, entries[i].clock);
        mute->latency = entries[i].latency;
        status = entry_apply(coach, &entries[i]);
        if (status == RW_ESTATE || status == RW_ELIMIT) {
            status = RW_EINVALID; /* it was carried out once, so it is not the same run */
        }
    }
    if (status == RW_OK) {
        time_pass(coach, recovery->until);
    } else if (coach->profile) {
        coach->profile = NULL; /* it stays the caller's */
    }
    return status;
}

/* COACH becomes what REPLAYED is; what it was is left there to be destroyed. */
static void state_take(struct rw_coach *coach, struct rw_coach *replayed, rw_ns shift)
{
    struct rw_coach before = *coach;
    *coach = *replayed;
    coach->sink = before.sink;
    coach->observer = before.observer;
    coach->origin += shift;
    coach->paused_at += shift;
    coach->now += shift;
    coach->expected = before.expected;
    coach->epoch = before.epoch > replayed->epoch ? before.epoch : replayed->epoch;
    coach->cue_count = before.cue_count;
    for (size_t i = 0; i < RW_SENT_MAX; i++) {
        coach->sent[i].number = 0;
    }
    replayed->session = before.session;
    replayed->profile = before.profile;
}

enum rw_status rw_coach_recover(struct rw_coach *coach, rw_ns now,
                                const struct rw_coach_recovery *recovery)
{
    struct mute mute = {.coach = coach};
    struct rw_coach_observer nobody = {.event = mute_event};
    struct rw_coach *replayed;
    rw_coach_advance(coach, now);
    if (coach->state == RW_COACH_ARMED || coach->state == RW_COACH_RUNNING ||
        coach->state == RW_COACH_PAUSED) {
        return RW_ESTATE;
    }
    enum rw_status status =
        rw_coach_create(coach->voice, mute_sink(&mute, mute_play), nobody, &replayed);
    if (status != RW_OK) {
        return status;
    }
    rw_coach_set_manner(replayed, &coach->manner);
    status = entries_apply(replayed, &mute, recovery);
    if (status != RW_OK) {
        rw_coach_destroy(replayed);
        return status;
    }
    state_take(coach, replayed, now - recovery->away - recovery->until);
    rw_coach_destroy(replayed);
    if (coach->cue_count < recovery->cue_max) {
        coach->cue_count = recovery->cue_max;
    }
    rw_coach_tell_state(coach);

    struct rw_sink sink = coach->sink;
    coach->sink = mute_sink(&mute, missed_play);
    rw_coach_advance(coach, now);
    coach->sink = sink;
    back_again_say(coach);
    rw_coach_advance(coach, now);
    return RW_OK;
}
