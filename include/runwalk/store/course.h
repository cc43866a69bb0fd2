/*
 * Where the runner stands in a plan: what was said to the plan last, and the runs since. The
 * store keeps and counts; what follows from it is for the plan's rules.
 */
#ifndef RUNWALK_STORE_COURSE_H
#define RUNWALK_STORE_COURSE_H

#include "runwalk/store/store.h"

#define RW_COURSE_MARK_MAX 16  /* bytes of its word, with the NUL */
#define RW_COURSE_PLAN_MAX 256 /* of the plan's name, likewise */
#define RW_COURSE_RUNS_MAX 400 /* the latest that are told */
#define RW_COURSE_WELL     "well"
#define RW_COURSE_STOP     "stop"

/* What is said to the plan. */
struct rw_course {
    char mark[RW_COURSE_MARK_MAX]; /* what: "start", "skip", ... */
    char plan[RW_COURSE_PLAN_MAX]; /* its name; "": none is followed any more */
    int64_t week, day;             /* the session that is due by it */
};

/* Writes COURSE in place of the one before, as of WALL. RW_COURSE_WELL ends what an emergency
 * began. */
RW_CHECKED enum rw_status rw_store_course_set(struct rw_store *store,
                                              const struct rw_course *course,
                                              const struct rw_wall *wall);

/*
 * Notes, as of WALL, that the runner was dizzy or the chest hurt while no run was on: from then on
 * the course waits, also a later one, until RW_COURSE_WELL.
 */
RW_CHECKED enum rw_status rw_store_course_unwell(struct rw_store *store,
                                                 const struct rw_wall *wall);

/*
 * As JSON: `course` (mark, plan, week, day, unix_ms, dating; null before the first), `waits` (an
 * emergency before it, after which nobody has said that all is well), and `runs` since, the oldest
 * first: run, week and day of this plan or 0, unix_ms, dating, session_ms, planned_ms, rests,
 * ended_early, has_runs, pain, emergency. The run that is on is not among them.
 */
RW_CHECKED enum rw_status rw_store_course(struct rw_store *store, char **ret_json);

#endif
