/*
 * Where the runner stands in a plan: what the store tells of it, and what the plan's rules make of
 * that. It reads the plan's files, but knows neither the run that is on nor who asks.
 */
#ifndef RUNWALK_DAEMON_STANDING_H
#define RUNWALK_DAEMON_STANDING_H

#include "runwalk/core/cue.h"
#include "runwalk/paths/paths.h"
#include "runwalk/plan/rules.h"
#include "runwalk/store/course.h"

#include <jansson.h>

struct rw_standing {
    char id[RW_COURSE_PLAN_MAX]; /* the plan's name among the files; "": none is followed */
    uint32_t week, day;          /* where it stood when something was said to it last */
    bool waits;
    struct rw_plan *plan; /* owned; NULL: none is followed */
    struct rw_plan_date today;
    struct rw_plan_decision decision;
};

/*
 * Reads what rw_store_course has told, with the plan's files, as of WALL. RW_ENOENT: there is no
 * such plan any more; RW_EINVALID and others: it cannot be read; *ret_problem (malloc'd) then tells
 * a person, and *ret_standing has the plan's id. The caller finishes *ret_standing in any case.
 */
RW_CHECKED enum rw_status rw_standing_read(const struct rw_paths *paths, const char *course_json,
                                           const struct rw_wall *wall,
                                           struct rw_standing *ret_standing, char **ret_problem);
void rw_standing_finish(struct rw_standing *standing);

/* The plan called ID, from its file; errors as above. */
RW_CHECKED enum rw_status rw_standing_plan(const struct rw_paths *paths, const char *id,
                                           struct rw_plan **ret_plan, char **ret_problem);

/* As the protocol tells it; a new reference, or NULL when memory is short. */
json_t *rw_standing_json(const struct rw_standing *standing);

/* What is said of what is due. The plan's name is borrowed. */
struct rw_words rw_standing_words(const struct rw_standing *standing);

#endif
