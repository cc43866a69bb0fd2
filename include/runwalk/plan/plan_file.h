/*
 * Plan files: YAML bytes become a plan, or diagnostics that name each place. It opens no file;
 * the profiles that a plan names are found by load.h. docs/plan.md is the manual of the format.
 */
#ifndef RUNWALK_PLAN_PLAN_FILE_H
#define RUNWALK_PLAN_PLAN_FILE_H

#include "runwalk/plan/plan.h"
#include "runwalk/yaml/diagnostic.h"

#include <stddef.h>

#define RW_PLAN_BYTES_MAX (256u * 1024)

/* In characters (code points). */
#define RW_PLAN_NAME_MAX    60u /* a session's name also has its week and day in it */
#define RW_PLAN_SUMMARY_MAX 300u
#define RW_PLAN_NOTE_MAX    300u

/*
 * Reads BYTES/SIZE. RW_EINVALID or RW_ELIMIT: DIAGNOSTICS (may be NULL) say where and why;
 * RW_EMEMORY. The plan is the caller's (rw_plan_destroy) and needs BYTES no more. Workouts that
 * stand in the file are measured; those with the name of a profile are not.
 */
RW_CHECKED enum rw_status rw_plan_parse(const char *bytes, size_t size,
                                        struct rw_diagnostics *diagnostics,
                                        struct rw_plan **ret_plan);

#endif
