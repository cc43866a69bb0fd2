/*
 * A plan from its file, with the profiles that it names: the one part of this box that opens
 * files, those that `paths` finds. What is wrong is told in text for a person.
 */
#ifndef RUNWALK_PLAN_LOAD_H
#define RUNWALK_PLAN_LOAD_H

#include "runwalk/paths/paths.h"
#include "runwalk/plan/plan.h"

/* The profiles that a plan names, together: they are read while a run may be on. */
#define RW_PLAN_PROFILES_BYTES_MAX (1024u * 1024)

/*
 * Reads the plan at PATH, which messages call SHOWN, and measures each of its workouts. RW_EINVALID
 * or RW_ELIMIT: it has errors, *ret_problem tells them with their places; RW_EIO, RW_ENOENT: it
 * cannot be read, *ret_problem says so; RW_EMEMORY. *ret_problem is malloc'd, or NULL when memory
 * is short.
 */
RW_CHECKED enum rw_status rw_plan_load(const struct rw_paths *paths, const char *path,
                                       const char *shown, struct rw_plan **ret_plan,
                                       char **ret_problem);

/*
 * The profile that SESSION of PLAN is run by, as a file would have it: *ret_bytes is malloc'd.
 * Where the plan gives it no name, it is called by the plan, its week and day. *ret_path is the
 * file it comes from, malloc'd, or NULL. The errors are those of rw_plan_load.
 */
RW_CHECKED enum rw_status rw_plan_session_load(const struct rw_paths *paths,
                                               const struct rw_plan *plan, uint32_t session,
                                               char **ret_bytes, size_t *ret_size, char **ret_path,
                                               char **ret_problem);

#endif
