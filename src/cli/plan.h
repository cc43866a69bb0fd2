/*
 * What the files of the verb `plan` share: plan.c shows plans that are files, course.c asks the
 * daemon where the runner stands in one.
 */
#ifndef RW_CLI_PLAN_H
#define RW_CLI_PLAN_H

#include "runwalk/paths/paths.h"
#include "runwalk/plan/plan.h"
#include "verbs.h"

#include <jansson.h>

/* One word after `plan`. */
struct rw_plan_word {
    const char *name;
    size_t word_min, word_max; /* that follow it */
    enum rw_exit (*run)(const struct rw_invocation *invocation);
};

/* The COUNT words after the one that says what to do with plans. */
const char *const *rw_plan_words(const struct rw_invocation *invocation, size_t *ret_count);

/* Finds and reads the plan NAME; what is wrong is told. The caller destroys *ret_plan. */
enum rw_exit rw_plan_read(const struct rw_invocation *invocation, const struct rw_paths *paths,
                          const char *name, struct rw_plan **ret_plan);

/* Checks the plan NAME as `check` does profiles. */
enum rw_exit rw_plan_check(const struct rw_invocation *invocation, const struct rw_paths *paths,
                           const char *name);

/* The plan that is followed, if *ret_follows, and which of its sessions is due, from 0. */
enum rw_exit rw_plan_due(const struct rw_invocation *invocation, char *ret_id, size_t size,
                         bool *ret_follows, uint32_t *ret_session);

/* Prints what plan.status told. */
void rw_standing_print(const struct rw_invocation *invocation, const json_t *standing);

/* The words after `plan`. */
enum rw_exit rw_plan_list(const struct rw_invocation *invocation);
enum rw_exit rw_plan_show(const struct rw_invocation *invocation);
enum rw_exit rw_plan_start(const struct rw_invocation *invocation);
enum rw_exit rw_plan_status(const struct rw_invocation *invocation);
enum rw_exit rw_plan_next(const struct rw_invocation *invocation);
enum rw_exit rw_plan_skip_due(const struct rw_invocation *invocation);
enum rw_exit rw_plan_repeat_done(const struct rw_invocation *invocation);
enum rw_exit rw_plan_well(const struct rw_invocation *invocation);
enum rw_exit rw_plan_stop(const struct rw_invocation *invocation);

#endif
