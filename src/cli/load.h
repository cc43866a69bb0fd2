/*
 * What the verbs without a daemon need: a profile from its file, and the voice that speaks it.
 * Whatever goes wrong is told on the error stream, and is then the verb's exit code.
 */
#ifndef RW_CLI_LOAD_H
#define RW_CLI_LOAD_H

#include "runwalk/config/config.h"
#include "runwalk/core/profile.h"
#include "runwalk/paths/paths.h"
#include "runwalk/voice/voice.h"
#include "verbs.h"

/* The caller destroys *ret_paths. */
enum rw_exit rw_load_paths(const struct rw_invocation *invocation, struct rw_paths **ret_paths);

/*
 * Finds the profile that a person on this command line calls NAME: a path as seen from here, or
 * a name. The caller finishes *ret_place.
 */
enum rw_exit rw_load_place(const struct rw_invocation *invocation, const struct rw_paths *paths,
                           const char *name, struct rw_profile_place *ret_place);
/* The same for a plan. */
enum rw_exit rw_load_plan_place(const struct rw_invocation *invocation,
                                const struct rw_paths *paths, const char *name,
                                struct rw_profile_place *ret_place);

/* Reads and parses it; diagnostics go to the error stream. The caller destroys *ret_profile. */
enum rw_exit rw_load_profile(const struct rw_invocation *invocation, const struct rw_paths *paths,
                             const char *name, struct rw_profile **ret_profile);

/* The user's configuration; what is wrong with it is told with the place. */
enum rw_exit rw_load_config(const struct rw_invocation *invocation, const struct rw_paths *paths,
                            struct rw_config *ret_config);

/*
 * Opens the voice for LANGUAGE (NULL: the configured one) and has made what PROFILE (or NULL) needs
 * beyond the pack, as far as the speech engine can. The caller closes *ret_voice.
 */
enum rw_exit rw_load_voice(const struct rw_invocation *invocation, const struct rw_paths *paths,
                           const char *language, const struct rw_profile *profile,
                           struct rw_voice **ret_voice);

/* How the coach is to talk, by the configuration, and the options --seed and --verbosity. */
enum rw_exit rw_load_manner(const struct rw_invocation *invocation, struct rw_manner *ret_manner);

/* Prints TEXT without what a terminal might obey; line ends and tabs are kept. */
void rw_print_clean(FILE *stream, const char *text);

#endif
