/*
 * Plans for the tests of the rules: from text, or from a file that comes with runwalk.
 */
#ifndef TESTS_PLAN_FIXTURE_H
#define TESTS_PLAN_FIXTURE_H

#include "runwalk/plan/load.h"
#include "runwalk/plan/plan_file.h"
#include "runwalk/plan/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline struct rw_plan *plan_read(const char *text)
{
    struct rw_diagnostics diagnostics;
    struct rw_plan *plan = NULL;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_plan_parse(text, strlen(text), &diagnostics, &plan);
    if (status != RW_OK || diagnostics.count > 0) {
        fail_msg("status %d\n%s", (int)status,
                 rw_diagnostics_format(&diagnostics, "plan", text, strlen(text)));
    }
    return plan;
}

/* The plan NAME of profiles/, measured. */
static inline struct rw_plan *plan_shipped(const char *name)
{
    struct rw_paths *paths;
    struct rw_profile_place place;
    struct rw_plan *plan;
    char *problem = NULL;
    assert_int_equal(rw_paths_create(&paths), RW_OK);
    if (rw_paths_find_plan(paths, name, NULL, &place, &problem) != RW_OK ||
        rw_plan_load(paths, place.path, name, &plan, &problem) != RW_OK) {
        fail_msg("%s", problem);
    }
    rw_profile_place_finish(&place);
    rw_paths_destroy(paths);
    return plan;
}

#endif
