#include "runwalk/plan/load.h"

#include "runwalk/paths/file.h"
#include "runwalk/plan/plan_file.h"
#include "runwalk/profile/profile_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 512

static void unreadable_tell(const char *shown, enum rw_status status, char **ret_problem)
{
    rw_problem_set(ret_problem, "%s cannot be read: %s", shown,
                   status == RW_ELIMIT     ? "it is larger than 256 KiB"
                   : status == RW_EINVALID ? "it is no file"
                                           : strerror(errno));
}

/* Reads the profile that WORKOUT names, changed as the plan says. */
static enum rw_status named_load(const struct rw_paths *paths,
                                 const struct rw_plan_workout *workout, char **ret_bytes,
                                 size_t *ret_size, char **ret_path, char **ret_problem)
{
    struct rw_profile_place place = {0};
    char *bytes = NULL;
    size_t size = 0;
    enum rw_status status =
        rw_paths_find_profile(paths, workout->profile, NULL, &place, ret_problem);
    if (status != RW_OK) {
        return status;
    }
    status = rw_file_read(place.path, RW_PROFILE_BYTES_MAX, &bytes, &size);
    if (status != RW_OK) {
        unreadable_tell(place.path, status, ret_problem);
        goto fail;
    }
    if (workout->name || workout->repeat > 0) {
        char *varied = NULL;
        struct rw_profile *profile;
        status = rw_profile_parse(bytes, size, NULL, &profile); /* only a sound one is varied */
        if (status == RW_OK) {
            rw_profile_destroy(profile);
            status = rw_profile_vary(bytes, size, workout->name, workout->repeat, &varied, &size);
        }
        if (status == RW_ENOENT) {
            rw_problem_set(ret_problem, "the profile %s has no \"repeat\" in its steps to change",
                           workout->profile);
            status = RW_EINVALID;
        } else if (status != RW_OK) {
            rw_problem_set(ret_problem, "the profile %s has errors: see `runwalk check %s`",
                           workout->profile, workout->profile);
        }
        free(bytes);
        bytes = varied;
    }
    if (status == RW_OK) {
        *ret_bytes = bytes;
        *ret_size = size;
        if (ret_path) {
            *ret_path = place.path;
            place.path = NULL;
        }
        rw_profile_place_finish(&place);
        return RW_OK;
    }

fail:
    free(bytes);
    rw_profile_place_finish(&place);
    return status;
}

/*
 * Finds out what WORKOUT, which names a profile, comes to. Its bytes are taken from ROOM, which is
 * 0 when they were too many.
 */
static enum rw_status workout_load(const struct rw_paths *paths, struct rw_plan_workout *workout,
                                   size_t *room, char **ret_problem)
{
    struct rw_profile *profile;
    char *bytes;
    size_t size;
    enum rw_status status = named_load(paths, workout, &bytes, &size, NULL, ret_problem);
    if (status != RW_OK) {
        return status;
    }
    if (size > *room) {
        free(bytes);
        *room = 0;
        rw_problem_set(ret_problem, "the profiles of a plan have at most %u KiB together",
                       RW_PLAN_PROFILES_BYTES_MAX / 1024);
        return RW_ELIMIT;
    }
    *room -= size;
    status = rw_profile_parse(bytes, size, NULL, &profile);
    free(bytes);
    if (status == RW_OK) {
        rw_plan_workout_measure(workout, profile);
        rw_profile_destroy(profile);
    } else if (workout->repeat > 0) {
        rw_problem_set(ret_problem, "with a \"repeat\" of %u the profile %s has errors",
                       (unsigned)workout->repeat, workout->profile);
    } else {
        rw_problem_set(ret_problem, "the profile %s has errors: see `runwalk check %s`",
                       workout->profile, workout->profile);
    }
    return status;
}

/* Measures what the plan has by name; what cannot be found is an error at its place in the file. */
static enum rw_status workouts_load(const struct rw_paths *paths, struct rw_plan *plan,
                                    struct rw_diagnostics *diagnostics)
{
    size_t room = RW_PLAN_PROFILES_BYTES_MAX;
    for (uint32_t i = 0; room > 0 && i < plan->workout_count; i++) {
        struct rw_plan_workout *workout = &plan->workouts[i];
        char *problem = NULL;
        if (workout->is_measured) {
            continue;
        }
        enum rw_status status = workout_load(paths, workout, &room, &problem);
        if (status == RW_EMEMORY) {
            free(problem);
            return RW_EMEMORY;
        }
        if (status != RW_OK) {
            rw_diagnostics_error(diagnostics, workout->place.line, workout->place.column,
                                 workout->place.width, "%s",
                                 problem ? problem : "this profile cannot be read");
        }
        free(problem);
    }
    return diagnostics->errors > 0 ? RW_EINVALID : RW_OK;
}

enum rw_status rw_plan_load(const struct rw_paths *paths, const char *path, const char *shown,
                            struct rw_plan **ret_plan, char **ret_problem)
{
    struct rw_diagnostics diagnostics;
    struct rw_plan *plan = NULL;
    char *bytes;
    size_t size;
    *ret_problem = NULL;
    enum rw_status status = rw_file_read(path, RW_PLAN_BYTES_MAX, &bytes, &size);
    if (status != RW_OK) {
        unreadable_tell(shown, status, ret_problem);
        return status;
    }
    rw_diagnostics_init(&diagnostics);
    status = rw_plan_parse(bytes, size, &diagnostics, &plan);
    if (status == RW_OK) {
        status = workouts_load(paths, plan, &diagnostics);
    }
    if (status == RW_OK) {
        *ret_plan = plan;
    } else {
        *ret_problem = rw_diagnostics_format(&diagnostics, shown, bytes, size);
        rw_plan_destroy(plan);
    }
    free(bytes);
    return status;
}

enum rw_status rw_plan_session_load(const struct rw_paths *paths, const struct rw_plan *plan,
                                    uint32_t session, char **ret_bytes, size_t *ret_size,
                                    char **ret_path, char **ret_problem)
{
    const struct rw_plan_workout *workout = rw_plan_workout_of(plan, session);
    char name[NAME_MAX_BYTES];
    enum rw_status status;
    *ret_problem = NULL;
    *ret_path = NULL;
    if (workout->profile) {
        return named_load(paths, workout, ret_bytes, ret_size, ret_path, ret_problem);
    }
    snprintf(name, sizeof name, "%s, week %u, day %u", plan->name,
             (unsigned)plan->sessions[session].week, (unsigned)plan->sessions[session].day);
    status = rw_profile_vary(workout->bytes, workout->size, workout->name ? NULL : name, 0,
                             ret_bytes, ret_size);
    return status;
}
