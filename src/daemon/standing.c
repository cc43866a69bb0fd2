#include "standing.h"

#include "runwalk/plan/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Days since 1970-01-01 in the proleptic Gregorian calendar, whose year begins in March here. */
static int32_t days_of(int year, int month, int day)
{
    int from_march = (month + 9) % 12;
    int64_t years = (int64_t)year - (month <= 2);
    int64_t era = (years >= 0 ? years : years - 399) / 400;
    int64_t of_era = years - era * 400;
    int64_t of_year = (153 * from_march + 2) / 5 + day - 1;
    return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468);
}

/* The day of the runner's calendar, where the device is. */
static struct rw_plan_date date_of(json_int_t unix_ms, bool is_known)
{
    struct tm local;
    time_t seconds = (time_t)(unix_ms / 1000);
    if (!is_known || !localtime_r(&seconds, &local)) {
        return (struct rw_plan_date){0};
    }
    return (struct rw_plan_date){true,
                                 days_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday)};
}

static json_int_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

/* A number that is a count; what is none is 0. */
static uint32_t count_of(const json_t *object, const char *name)
{
    json_int_t number = number_of(object, name);
    return number >= 0 && number <= INT32_MAX ? (uint32_t)number : 0;
}

static bool flag_of(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static struct rw_plan_date dating_read(const json_t *object)
{
    const char *dating = json_string_value(json_object_get(object, "dating"));
    bool is_known = dating && strcmp(dating, "uncertain") != 0;
    return date_of(number_of(object, "unix_ms"), is_known);
}

static struct rw_plan_run run_read(const json_t *run)
{
    return (struct rw_plan_run){
        .week = count_of(run, "week"),
        .day = count_of(run, "day"),
        .date = dating_read(run),
        .session_ms = count_of(run, "session_ms"),
        .planned_ms = count_of(run, "planned_ms"),
        .rests = count_of(run, "rests"),
        .is_ended_early = flag_of(run, "ended_early"),
        .has_runs = flag_of(run, "has_runs"),
        .has_pain = flag_of(run, "pain"),
        .is_emergency = flag_of(run, "emergency"),
    };
}

enum rw_status rw_standing_plan(const struct rw_paths *paths, const char *id,
                                struct rw_plan **ret_plan, char **ret_problem)
{
    struct rw_profile_place place;
    enum rw_status status = rw_paths_find_plan(paths, id, NULL, &place, ret_problem);
    if (status != RW_OK) {
        return status == RW_EMEMORY ? status : RW_ENOENT;
    }
    status = rw_plan_load(paths, place.path, place.path, ret_plan, ret_problem);
    rw_profile_place_finish(&place);
    return status == RW_ENOENT ? RW_EIO : status;
}

static enum rw_status standing_decide(const json_t *told, const json_t *course,
                                      struct rw_standing *standing)
{
    const char *mark = json_string_value(json_object_get(course, "mark"));
    const json_t *runs = json_object_get(told, "runs");
    struct rw_plan_history history = {
        .week = count_of(course, "week"),
        .day = count_of(course, "day"),
        .marked = dating_read(course),
        .waits = standing->waits,
    };
    struct rw_plan_run *list = calloc(json_array_size(runs) + 1, sizeof *list);
    if (!list) {
        return RW_EMEMORY;
    }
    size_t i;
    const json_t *run;
    json_array_foreach(runs, i, run)
    {
        list[history.count++] = run_read(run);
    }
    history.runs = list;
    if (!mark || !rw_plan_mark_find(mark, &history.mark)) {
        history.mark = RW_PLAN_MARK_START;
    }
    rw_plan_decide(standing->plan, &history, standing->today, &standing->decision);
    standing->waits = standing->decision.reason == RW_PLAN_WAITS;
    free(list);
    return RW_OK;
}

/* Whether anything since the last word was an emergency, where no plan's rules tell. */
static bool emergency_find(const json_t *told)
{
    size_t i;
    const json_t *run;
    json_array_foreach(json_object_get(told, "runs"), i, run)
    {
        if (flag_of(run, "emergency")) {
            return true;
        }
    }
    return flag_of(told, "waits");
}

enum rw_status rw_standing_read(const struct rw_paths *paths, const char *course_json,
                                const struct rw_wall *wall, struct rw_standing *ret_standing,
                                char **ret_problem)
{
    json_t *told = json_loads(course_json, 0, NULL);
    const json_t *course = json_object_get(told, "course");
    const char *id = json_string_value(json_object_get(course, "plan"));
    *ret_problem = NULL;
    *ret_standing = (struct rw_standing){
        .week = count_of(course, "week"),
        .day = count_of(course, "day"),
        .waits = emergency_find(told),
        .today = date_of(wall->real / RW_NS_PER_MS, wall->is_synced),
    };
    enum rw_status status = told ? RW_OK : RW_EMEMORY;
    if (status == RW_OK && id && strlen(id) < sizeof ret_standing->id) {
        memcpy(ret_standing->id, id, strlen(id) + 1);
        status = rw_standing_plan(paths, id, &ret_standing->plan, ret_problem);
        if (status == RW_OK) {
            ret_standing->waits = flag_of(told, "waits");
            status = standing_decide(told, course, ret_standing);
        }
    }
    json_decref(told);
    return status;
}

void rw_standing_finish(struct rw_standing *standing)
{
    rw_plan_destroy(standing->plan);
    standing->plan = NULL;
}

/* "2026-11-30" */
static json_t *date_json(const struct rw_plan_date *date)
{
    char text[16];
    struct tm broken_down;
    time_t seconds = (time_t)date->day * 86400;
    if (!date->is_known || !gmtime_r(&seconds, &broken_down) ||
        strftime(text, sizeof text, "%Y-%m-%d", &broken_down) == 0) {
        return json_null();
    }
    return json_string(text);
}

static json_t *next_json(const struct rw_standing *standing)
{
    const struct rw_plan_decision *decision = &standing->decision;
    const struct rw_plan_session *session = &standing->plan->sessions[decision->session];
    const struct rw_plan_workout *workout = rw_plan_workout_of(standing->plan, decision->session);
    bool counts = decision->due.is_known && standing->today.is_known;
    return json_pack("{s:I, s:I, s:I, s:I, s:s?, s:s?, s:I, s:I, s:s, s:o, s:o}", "week",
                     (json_int_t)session->week, "day", (json_int_t)session->day, "days",
                     (json_int_t)standing->plan->weeks[session->week - 1].count, "session",
                     (json_int_t)decision->session + 1, "profile", workout->profile, "name",
                     workout->name, "duration_ms", (json_int_t)workout->duration_ms, "running_ms",
                     (json_int_t)workout->running_ms, "first", rw_kind_name(workout->first), "due",
                     date_json(&decision->due), "due_in_days",
                     counts ? json_integer((json_int_t)decision->due.day - standing->today.day)
                            : json_null());
}

json_t *rw_standing_json(const struct rw_standing *standing)
{
    const struct rw_plan *plan = standing->plan;
    char why[RW_PLAN_WORDS_MAX] = "";
    char advice[RW_PLAN_WORDS_MAX] = "";
    if (!plan) {
        return json_pack("{s:n, s:b, s:n, s:n, s:s, s:s}", "plan", "waits", standing->waits, "next",
                         "reason", "why", "", "advice", "");
    }
    rw_plan_explain(plan, &standing->decision, why);
    rw_plan_advise(plan, &standing->decision, advice);
    return json_pack("{s:{s:s, s:s, s:s, s:I, s:I}, s:b, s:o, s:s, s:s, s:s}", "plan", "id",
                     standing->id, "name", plan->name, "summary",
                     plan->summary ? plan->summary : "", "weeks", (json_int_t)plan->week_count,
                     "sessions", (json_int_t)plan->session_count, "waits", standing->waits, "next",
                     next_json(standing), "reason", rw_plan_reason_name(standing->decision.reason),
                     "why", why, "advice", advice);
}

/* Nothing is called easier that is not: at its beginning a plan has no way back. */
static unsigned why_flag(const struct rw_plan_decision *decision)
{
    bool is_earlier = decision->session < decision->done;
    switch (decision->reason) {
    case RW_PLAN_MANY_RESTS:
    case RW_PLAN_ENDED_EARLY:
    case RW_PLAN_REPEATED:
    case RW_PLAN_WELL:
        return RW_WORDS_AGAIN;
    case RW_PLAN_PAIN:
        return is_earlier ? RW_WORDS_STEP_BACK : RW_WORDS_AGAIN;
    case RW_PLAN_PAUSE:
        return is_earlier ? RW_WORDS_WEEKS_BACK : RW_WORDS_AGAIN;
    case RW_PLAN_BEGINS:
    case RW_PLAN_GOES_ON:
    case RW_PLAN_SKIPPED:
    case RW_PLAN_OVER:
    case RW_PLAN_WAITS:
        break;
    }
    return decision->is_big_step ? RW_WORDS_BIG_STEP : 0;
}

struct rw_words rw_standing_words(const struct rw_standing *standing)
{
    const struct rw_plan_decision *decision = &standing->decision;
    const struct rw_plan_workout *workout = rw_plan_workout_of(standing->plan, decision->session);
    return (struct rw_words){
        .saying = RW_SAY_PLAN,
        .text = standing->plan->name,
        .number = standing->plan->sessions[decision->session].week,
        .duration_ms = workout->duration_ms,
        .kind = workout->first,
        .flags = why_flag(decision),
    };
}
