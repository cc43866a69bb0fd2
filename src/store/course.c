#include "runwalk/store/course.h"

#include "runwalk/core/pain.h"
#include "store_private.h"

#include <stdio.h>

#define WORDS_MAX 256

#define BOOLEAN(condition) "json(iif(" condition ", 'true', 'false'))"

/* Commands that were carried out in the run of the row. */
#define SAID(command)                                                                              \
    "EXISTS(SELECT 1 FROM commands WHERE commands.run = runs.run AND refused IS NULL"              \
    " AND command = '" command "')"

/* `pain` lists what was said, such as "knee, chest"; ?3 are the words that call for help, as JSON.
 */
#define EMERGENCY                                                                                  \
    "(" SAID(                                                                                      \
        "dizzy") " OR EXISTS(SELECT 1 FROM json_each(?3)"                                          \
                 " WHERE instr(', ' || coalesce(pain, '') || ', ', ', ' || value || ', ') > 0))"
#define PAIN                                                                                       \
    "(" SAID("pain") " OR coalesce(pain, '') NOT IN ('', 'none', 'dizzy')"                         \
                     " OR coalesce(back, '') = 'bad')"

/* Whoever ends a run after its last run, in the cool-down, has done what was to be done. */
#define ENDED_EARLY "(state <> 'done' AND NOT (planned_runs > 0 AND runs_done >= planned_runs))"

enum rw_status rw_store_course_set(struct rw_store *store, const struct rw_course *course,
                                   const struct rw_wall *wall)
{
    static const char sql[] =
        "INSERT INTO course(one, mark, plan, week, day, after_run, well_run, real_ns, boot_ns,"
        " boot_id, dating) VALUES(1, ?1, nullif(?2, ''), ?3, ?4,"
        " (SELECT coalesce(max(run), 0) FROM runs),"
        " iif(?1 = '" RW_COURSE_WELL "', (SELECT coalesce(max(run), 0) FROM runs), 0),"
        " ?5, ?6, ?7, ?8)"
        " ON CONFLICT(one) DO UPDATE SET mark = excluded.mark, plan = excluded.plan,"
        " week = excluded.week, day = excluded.day, after_run = excluded.after_run,"
        " well_run = max(well_run, excluded.well_run),"
        " is_unwell = is_unwell AND excluded.mark <> '" RW_COURSE_WELL "',"
        " real_ns = excluded.real_ns,"
        " boot_ns = excluded.boot_ns, boot_id = excluded.boot_id, dating = excluded.dating";
    return rw_store_run(store, sql, "ttiiiitt", course->mark, course->plan, course->week,
                        course->day, wall->real, wall->boot, wall->boot_id,
                        wall->is_synced ? "clock" : "uncertain");
}

enum rw_status rw_store_course_unwell(struct rw_store *store, const struct rw_wall *wall)
{
    static const char sql[] =
        "INSERT INTO course(one, mark, week, day, after_run, well_run, real_ns, boot_ns, boot_id,"
        " dating, is_unwell) VALUES(1, '" RW_COURSE_STOP "', 1, 1,"
        " (SELECT coalesce(max(run), 0) FROM runs), 0, ?1, ?2, ?3, ?4, 1)"
        " ON CONFLICT(one) DO UPDATE SET is_unwell = 1";
    return rw_store_run(store, sql, "iitt", wall->real, wall->boot, wall->boot_id,
                        wall->is_synced ? "clock" : "uncertain");
}

/* The words for what calls for help, as a JSON array; they hold nothing that JSON would escape. */
static const char *emergencies(char words[WORDS_MAX])
{
    int used = snprintf(words, WORDS_MAX, "[\"%s\"", rw_command_name(RW_COMMAND_DIZZY));
    for (uint32_t place = 0; place < rw_pain_count(); place++) {
        if (rw_pain_is_emergency(place)) {
            used +=
                snprintf(words + used, WORDS_MAX - (size_t)used, ", \"%s\"", rw_pain_name(place));
        }
    }
    snprintf(words + used, WORDS_MAX - (size_t)used, "]");
    return words;
}

enum rw_status rw_store_course(struct rw_store *store, char **ret_json)
{
    static const char sql[] =
        "WITH now AS (SELECT coalesce((SELECT after_run FROM course), 0) AS after_run,"
        " coalesce((SELECT well_run FROM course), 0) AS well_run,"
        " (SELECT plan FROM course) AS plan)"
        " SELECT json_object('course', (SELECT json_object('mark', mark, 'plan', plan, 'week',"
        " week, 'day', day, 'unix_ms', real_ns / 1000000, 'dating', dating) FROM course),"
        " 'waits', " BOOLEAN(
            "coalesce((SELECT is_unwell FROM course), 0) OR"
            " EXISTS(SELECT 1 FROM runs, now WHERE runs.run > now.well_run"
            " AND runs.run <= now.after_run AND " EMERGENCY
            ")") ","
                 " 'runs', (SELECT json_group_array(json(one)) FROM (SELECT one FROM ("
                 "SELECT run, json_object('run', run,"
                 " 'week', iif(runs.plan = now.plan, plan_week, 0),"
                 " 'day', iif(runs.plan = now.plan, plan_day, 0),"
                 " 'unix_ms', begin_real_ns / 1000000, 'dating', dating,"
                 " 'session_ms', session_ns / 1000000, 'planned_ms', planned_ms,"
                 " 'rests', (SELECT count(*) FROM commands WHERE commands.run = runs.run"
                 " AND command = 'rest' AND refused IS NULL),"
                 " 'ended_early', " BOOLEAN(ENDED_EARLY) ", 'has_runs', " BOOLEAN(
                     "planned_runs > 0") ","
                                         " 'pain', " BOOLEAN(PAIN) ", 'emergency', " BOOLEAN(
                                             EMERGENCY) ") AS one"
                                                        " FROM runs, now WHERE run > now.after_run "
                                                        "AND NOT (state = 'on' AND run = ?1)"
                                                        " ORDER BY run DESC LIMIT ?2) ORDER BY "
                                                        "run)))";
    sqlite3_stmt *statement;
    char words[WORDS_MAX];
    enum rw_status status = rw_store_prepare(store, &statement, sql, "rit",
                                             (int64_t)RW_COURSE_RUNS_MAX, emergencies(words));
    return status == RW_OK ? rw_store_answer(store, statement, ret_json) : status;
}
