#include "runwalk/plan/rules.h"

#include <string.h>

static const char *const mark_names[RW_PLAN_MARK_COUNT] = {
    [RW_PLAN_MARK_START] = "start", [RW_PLAN_MARK_SKIP] = "skip", [RW_PLAN_MARK_REPEAT] = "repeat",
    [RW_PLAN_MARK_WELL] = "well",   [RW_PLAN_MARK_RAN] = "ran",   [RW_PLAN_MARK_STOP] = "stop",
};

static const enum rw_plan_reason mark_reasons[RW_PLAN_MARK_COUNT] = {
    [RW_PLAN_MARK_START] = RW_PLAN_BEGINS,    [RW_PLAN_MARK_SKIP] = RW_PLAN_SKIPPED,
    [RW_PLAN_MARK_REPEAT] = RW_PLAN_REPEATED, [RW_PLAN_MARK_WELL] = RW_PLAN_WELL,
    [RW_PLAN_MARK_RAN] = RW_PLAN_GOES_ON,     [RW_PLAN_MARK_STOP] = RW_PLAN_BEGINS,
};

static const char *const reason_names[RW_PLAN_REASON_COUNT] = {
    [RW_PLAN_BEGINS] = "begins",
    [RW_PLAN_GOES_ON] = "goes-on",
    [RW_PLAN_MANY_RESTS] = "many-rests",
    [RW_PLAN_ENDED_EARLY] = "ended-early",
    [RW_PLAN_PAIN] = "pain",
    [RW_PLAN_PAUSE] = "pause",
    [RW_PLAN_SKIPPED] = "skipped",
    [RW_PLAN_REPEATED] = "repeated",
    [RW_PLAN_WELL] = "well",
    [RW_PLAN_OVER] = "over",
    [RW_PLAN_WAITS] = "waits",
};

const char *rw_plan_mark_name(enum rw_plan_mark mark)
{
    return mark_names[mark];
}

bool rw_plan_mark_find(const char *name, enum rw_plan_mark *ret_mark)
{
    for (int i = 0; i < RW_PLAN_MARK_COUNT; i++) {
        if (strcmp(mark_names[i], name) == 0) {
            *ret_mark = (enum rw_plan_mark)i;
            return true;
        }
    }
    return false;
}

const char *rw_plan_reason_name(enum rw_plan_reason reason)
{
    return reason_names[reason];
}

/* Where the plan stands while its history is gone through. */
struct course {
    const struct rw_plan *plan;
    struct rw_plan_decision decision;
    struct rw_plan_date last; /* the last known day of a run, or of a word to the plan */
    bool has_done;            /* of this plan, since the mark */
    uint32_t done;            /* the latest */
    struct rw_plan_date done_on;
    bool waits;
};

/* Whether what is done in the week of SESSION is at most a tenth more than in the week of FROM. */
static bool is_no_more(const struct rw_plan *plan, uint32_t session, uint32_t from)
{
    uint64_t least = rw_plan_week_running_ms(plan, plan->sessions[from].week);
    uint64_t running = rw_plan_week_running_ms(plan, plan->sessions[session].week);
    return running * 100 <= least * (100 + RW_PLAN_STEP_DEFAULT);
}

/*
 * The latest session up to WANTED that does not raise the week's running: going back is no way to
 * do more. Where all before it are harder, FROM itself is done again.
 */
static uint32_t back_find(const struct rw_plan *plan, uint32_t wanted, uint32_t from)
{
    for (uint32_t i = wanted + 1; i-- > 0;) {
        if (is_no_more(plan, i, from)) {
            return i;
        }
    }
    return from;
}

static uint32_t step_back(const struct rw_plan *plan, uint32_t session)
{
    return session > 0 ? back_find(plan, session - 1, session) : 0;
}

/* The first session of the week that lies WEEKS before that of SESSION. */
static uint32_t weeks_back(const struct rw_plan *plan, uint32_t session, uint32_t weeks)
{
    uint32_t week = plan->sessions[session].week;
    uint32_t earlier = week > weeks ? week - weeks : 1;
    return back_find(plan, plan->weeks[earlier - 1].first, session);
}

/* After a run that nobody can date, nobody knows how long a pause was. */
static void last_keep(struct course *course, const struct rw_plan_date *date)
{
    if (!date->is_known || !course->last.is_known || date->day > course->last.day) {
        course->last = *date;
    }
}

/* SESSION was completed. */
static void session_complete(struct course *course, uint32_t session)
{
    struct rw_plan_decision *decision = &course->decision;
    bool is_last = session + 1 == course->plan->session_count;
    decision->reason = is_last ? RW_PLAN_OVER : RW_PLAN_GOES_ON;
    decision->done = session;
    decision->session =
        is_last ? course->plan->weeks[course->plan->week_count - 1].first : session + 1;
}

/* A session of the plan was done: what follows from how it went. */
static void session_count(struct course *course, const struct rw_plan_run *run, uint32_t session)
{
    struct rw_plan_decision *decision = &course->decision;
    bool is_hasty = run->session_ms < run->planned_ms / 2;
    decision->done = session;
    decision->number = 0;
    decision->session = session;
    course->has_done = true;
    course->done = session;
    course->done_on = run->date;
    if (run->has_pain) {
        decision->reason = RW_PLAN_PAIN;
        decision->session = step_back(course->plan, session);
    } else if (run->is_ended_early || run->is_emergency || is_hasty) {
        decision->reason = RW_PLAN_ENDED_EARLY;
    } else if (run->rests > course->plan->rules.rests) {
        decision->reason = RW_PLAN_MANY_RESTS;
        decision->number = run->rests;
    } else {
        session_complete(course, session);
        decision->number = run->rests;
    }
}

static void run_count(struct course *course, const struct rw_plan_run *run)
{
    uint32_t session;
    course->waits |= run->is_emergency; /* however short the run was */
    if (run->session_ms < RW_PLAN_COUNTED_MS) {
        return;
    }
    if (rw_plan_find(course->plan, run->week, run->day, &session)) {
        session_count(course, run, session);
    } else if (run->has_pain) {
        course->decision.reason = RW_PLAN_PAIN;
        course->decision.done = course->decision.session;
        course->decision.session = step_back(course->plan, course->decision.session);
    } else if (!run->has_runs) {
        return; /* exercises beside a plan of runs end no pause from running */
    }
    last_keep(course, &run->date);
}

static void pause_count(struct course *course, struct rw_plan_date today)
{
    const struct rw_plan_rules *rules = &course->plan->rules;
    struct rw_plan_decision *decision = &course->decision;
    bool is_untouched = !course->has_done && decision->reason == RW_PLAN_BEGINS;
    int64_t days = (int64_t)today.day - course->last.day;
    if (!today.is_known || !course->last.is_known || days < rules->pause_days || is_untouched) {
        return;
    }
    uint32_t weeks = days < rules->long_days ? 1 : 2;
    decision->reason = RW_PLAN_PAUSE;
    decision->number = (uint32_t)days;
    decision->done = decision->session;
    decision->session = weeks_back(course->plan, decision->session, weeks);
}

/* How many days after session FROM the session TO follows in the plan. */
static int32_t days_between(const struct rw_plan *plan, uint32_t from, uint32_t to)
{
    const struct rw_plan_session *one = &plan->sessions[from];
    const struct rw_plan_session *other = &plan->sessions[to];
    return (int32_t)((other->week - one->week) * RW_PLAN_WEEK_DAYS + other->weekday - one->weekday);
}

/*
 * The next session follows the one before after as many days as in the plan; what is done again
 * waits as long as the one after it would have.
 */
static void due_find(struct course *course)
{
    struct rw_plan_decision *decision = &course->decision;
    bool rules_decide = decision->reason != RW_PLAN_SKIPPED && decision->reason != RW_PLAN_REPEATED;
    if (!course->has_done || !course->done_on.is_known || !rules_decide ||
        decision->reason == RW_PLAN_PAUSE) {
        return;
    }
    uint32_t next = course->done + 1;
    bool has_next = next < course->plan->session_count;
    decision->due.is_known = true;
    decision->due.day =
        course->done_on.day + (has_next ? days_between(course->plan, course->done, next) : 2);
}

void rw_plan_decide(const struct rw_plan *plan, const struct rw_plan_history *history,
                    struct rw_plan_date today, struct rw_plan_decision *ret_decision)
{
    struct course course = {.plan = plan, .last = history->marked, .waits = history->waits};
    course.decision.reason = mark_reasons[history->mark];
    if (!rw_plan_find(plan, history->week, history->day, &course.decision.session)) {
        course.decision.session = 0; /* the file has changed since */
        course.decision.reason = RW_PLAN_BEGINS;
    } else if (history->mark == RW_PLAN_MARK_RAN) {
        session_complete(&course, course.decision.session);
    }
    for (size_t i = 0; i < history->count; i++) {
        run_count(&course, &history->runs[i]);
    }
    pause_count(&course, today);
    due_find(&course);
    struct rw_plan_decision *decision = &course.decision;
    decision->proposes_core = decision->reason == RW_PLAN_PAIN && !course.waits;
    /* A word before a step up; what is done again, or easier, is none. */
    bool goes_up = decision->reason == RW_PLAN_GOES_ON || decision->reason == RW_PLAN_SKIPPED;
    decision->is_big_step = goes_up && rw_plan_is_big_step(plan, decision->session);
    if (decision->is_big_step) {
        uint32_t percent = rw_plan_step_percent(plan, decision->session);
        decision->step_percent = percent > plan->rules.big_step ? percent : 0;
    }
    if (course.waits) {
        decision->reason = RW_PLAN_WAITS;
        decision->is_big_step = false;
    }
    *ret_decision = *decision;
}

uint32_t rw_plan_skip(const struct rw_plan *plan, const struct rw_plan_decision *decision)
{
    uint32_t next = decision->session + 1;
    return next < plan->session_count ? next : decision->session;
}

uint32_t rw_plan_repeat(const struct rw_plan *plan, const struct rw_plan_decision *decision,
                        bool week)
{
    bool stands_after = decision->reason == RW_PLAN_GOES_ON || decision->reason == RW_PLAN_SKIPPED;
    uint32_t session = decision->session;
    if (stands_after && session > 0) {
        session--;
    }
    return week ? plan->weeks[plan->sessions[session].week - 1].first : session;
}
