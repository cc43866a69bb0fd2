/*
 * Where things are: socket, configuration, state, cache, profiles, sounds, the engine.
 * The environment is read here once, at creation, and nowhere else in the product.
 */
#ifndef RUNWALK_PATHS_PATHS_H
#define RUNWALK_PATHS_PATHS_H

#include "runwalk/base.h"

#include <stddef.h>

#define RW_PLACE_NAME_MAX    255  /* bytes of a profile's name in the lists */
#define RW_PROFILE_LIST_MAX  4096 /* profiles listed; those beyond can still be named */
#define RW_PROFILE_DEPTH_MAX 4    /* folders below a profiles directory that are looked into */

struct rw_paths;

/*
 * Reads HOME, XDG_RUNTIME_DIR, XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_DATA_HOME,
 * XDG_DATA_DIRS and RUNWALK_ENGINE; values that are no absolute paths count as unset, as the XDG
 * specification asks. Creates nothing on disk. RW_EMEMORY only.
 */
RW_CHECKED enum rw_status rw_paths_create(struct rw_paths **ret_paths);
void rw_paths_destroy(struct rw_paths *paths);

/*
 * Absolute paths, owned by PATHS; none is checked or created here. The directories are made
 * ready with rw_directory_prepare by those who write into them.
 */

/* $XDG_RUNTIME_DIR/runwalk; without it /run/user/UID/runwalk, if that is ours; else
 * /tmp/runwalk-UID. */
const char *rw_paths_run_directory(const struct rw_paths *paths);
/* control.sock in the run directory. */
const char *rw_paths_socket(const struct rw_paths *paths);
/* $XDG_CONFIG_HOME/runwalk/config.yaml */
const char *rw_paths_config_file(const struct rw_paths *paths);
/* $XDG_STATE_HOME/runwalk */
const char *rw_paths_state_directory(const struct rw_paths *paths);
/* $XDG_CACHE_HOME/runwalk */
const char *rw_paths_cache_directory(const struct rw_paths *paths);
/* The runwalk-engine that belongs to the running program, or $RUNWALK_ENGINE. */
const char *rw_paths_engine(const struct rw_paths *paths);
/* The runwalk-ducker that belongs to the running program. */
const char *rw_paths_ducker(const struct rw_paths *paths);
/* The runwalk-confine that belongs to the running program. */
const char *rw_paths_confine(const struct rw_paths *paths);
/* The runwalk-inhibit that belongs to the running program. */
const char *rw_paths_inhibit(const struct rw_paths *paths);

/* A profile on disk. */
struct rw_profile_place {
    char *name; /* by which it is asked for: "beginner-9-week/week-1"; for a path, the path */
    char *path; /* absolute */
};
void rw_profile_place_finish(struct rw_profile_place *place);

/*
 * Finds the profile that a person calls NAME. A name is looked for in the profiles folders, with
 * or without ".yaml", its parts separated by slashes; it never leaves those folders. What begins
 * with a slash is a path; so is, when DIRECTORY is not NULL, what has a slash or ends in ".yaml"
 * and is a file as seen from DIRECTORY. RW_ENOENT: there is none; RW_EINVALID: no possible name,
 * or what it names is a folder, a special file or a link to nowhere; RW_EMEMORY. *ret_problem (may
 * be NULL) becomes malloc'd text unless it is RW_OK, with the nearest name there is, or NULL when
 * memory is short.
 */
RW_CHECKED enum rw_status rw_paths_find_profile(const struct rw_paths *paths, const char *name,
                                                const char *directory,
                                                struct rw_profile_place *ret_place,
                                                char **ret_problem);

/*
 * Where a profile of the user's own with this NAME is, or would be: the first folder that is
 * searched. Nothing is made. *ret_path is malloc'd. RW_EINVALID: no possible name; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_paths_own_profile(const struct rw_paths *paths, const char *name,
                                               char **ret_path);

/*
 * All profiles that have a name, sorted by it; the first folder wins where two have the same.
 * The malloc'd array and its places belong to the caller: rw_profile_list_free.
 */
RW_CHECKED enum rw_status rw_paths_list_profiles(const struct rw_paths *paths,
                                                 struct rw_profile_place **ret_list,
                                                 size_t *ret_count);
/*
 * The same for plans: files NAME.plan.yaml in the same folders. They are no profiles, and in no
 * list of them.
 */
RW_CHECKED enum rw_status rw_paths_find_plan(const struct rw_paths *paths, const char *name,
                                             const char *directory,
                                             struct rw_profile_place *ret_place,
                                             char **ret_problem);
RW_CHECKED enum rw_status rw_paths_list_plans(const struct rw_paths *paths,
                                              struct rw_profile_place **ret_list,
                                              size_t *ret_count);
void rw_profile_list_free(struct rw_profile_place *list, size_t count);

/*
 * The folder of the sound pack for LANGUAGE ("en", "pt-BR", "de_AT.UTF-8"): the exact tag first,
 * then the language alone; the runner's own before the installed one. It holds a pack.yaml. The
 * first SKIPPED that are found are passed over: those that cannot be used. *ret_path is malloc'd.
 * RW_ENOENT: none; RW_EINVALID: not a language tag; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_paths_find_pack(const struct rw_paths *paths, const char *language,
                                             size_t skipped, char **ret_path);

#endif
