#include "load.h"

#include "runwalk/paths/file.h"
#include "runwalk/profile/profile_file.h"
#include "speak.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void rw_print_clean(FILE *stream, const char *text)
{
    uint32_t code;
    while ((code = rw_text_next(&text)) != 0) {
        if (code == '\n' || code == '\t' || !rw_text_is_control(code)) {
            char bytes[4];
            size_t size = rw_text_encode(code, bytes);
            fwrite(bytes, 1, size, stream);
        }
    }
}

static enum rw_exit cues_configured(const struct rw_invocation *invocation,
                                    struct rw_cue_settings *ret_settings)
{
    struct rw_config config;
    struct rw_paths *paths;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_load_config(invocation, paths, &config);
    rw_paths_destroy(paths);
    if (exit == RW_EXIT_OK) {
        *ret_settings = config.cues;
    }
    return exit;
}

enum rw_exit rw_load_manner(const struct rw_invocation *invocation, struct rw_manner *ret_manner)
{
    struct rw_manner manner = {.seed = 1};
    const char *seed = rw_arguments_value(&invocation->arguments, "seed");
    const char *verbosity = rw_arguments_value(&invocation->arguments, "verbosity");
    if (seed && !rw_arguments_number(seed, &manner.seed)) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--seed: \"%s\" is no whole number", seed);
    }
    if (verbosity) {
        manner.live.said = 1u << RW_SETTING_VERBOSITY;
        if (!rw_verbosity_find(verbosity, &manner.live.verbosity)) {
            return rw_fail(invocation, RW_EXIT_USAGE,
                           "--verbosity is silent, sparse, normal or chatty");
        }
    }
    enum rw_exit exit = cues_configured(invocation, &manner.configured);
    if (exit == RW_EXIT_OK) {
        *ret_manner = manner;
    }
    return exit;
}

enum rw_exit rw_load_paths(const struct rw_invocation *invocation, struct rw_paths **ret_paths)
{
    if (rw_paths_create(ret_paths) != RW_OK) {
        return rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    return RW_EXIT_OK;
}

enum rw_exit rw_load_config(const struct rw_invocation *invocation, const struct rw_paths *paths,
                            struct rw_config *ret_config)
{
    char *problem = NULL;
    if (rw_config_read(rw_paths_config_file(paths), false, ret_config, &problem) == RW_OK) {
        return RW_EXIT_OK;
    }
    if (problem) {
        rw_print_clean(invocation->err, problem);
        free(problem);
    }
    return rw_fail(invocation, RW_EXIT_IO, "the configuration cannot be used");
}

typedef enum rw_status place_find(const struct rw_paths *paths, const char *name,
                                  const char *directory, struct rw_profile_place *ret_place,
                                  char **ret_problem);

static enum rw_exit place_load(const struct rw_invocation *invocation, const struct rw_paths *paths,
                               place_find *find, const char *name,
                               struct rw_profile_place *ret_place)
{
    char *problem = NULL;
    char *directory = getcwd(NULL, 0);
    enum rw_status status = find(paths, name, directory, ret_place, &problem);
    free(directory);
    if (status == RW_OK) {
        return RW_EXIT_OK;
    }
    enum rw_exit exit = rw_fail(invocation, status == RW_EMEMORY ? RW_EXIT_IO : RW_EXIT_PROFILE,
                                "%s", problem ? problem : "it was not found");
    free(problem);
    return exit;
}

enum rw_exit rw_load_place(const struct rw_invocation *invocation, const struct rw_paths *paths,
                           const char *name, struct rw_profile_place *ret_place)
{
    return place_load(invocation, paths, rw_paths_find_profile, name, ret_place);
}

enum rw_exit rw_load_plan_place(const struct rw_invocation *invocation,
                                const struct rw_paths *paths, const char *name,
                                struct rw_profile_place *ret_place)
{
    return place_load(invocation, paths, rw_paths_find_plan, name, ret_place);
}

static void diagnostics_print(const struct rw_invocation *invocation,
                              const struct rw_diagnostics *diagnostics, const char *name,
                              const char *bytes, size_t size)
{
    if (diagnostics->count == 0) {
        return;
    }
    char *text = rw_diagnostics_format(diagnostics, name, bytes, size);
    if (text) {
        rw_print_clean(invocation->err, text);
        free(text);
    }
}

static enum rw_exit file_parse(const struct rw_invocation *invocation, const char *path,
                               const char *shown, struct rw_profile **ret_profile)
{
    char *bytes;
    size_t size;
    enum rw_status status = rw_file_read(path, RW_PROFILE_BYTES_MAX, &bytes, &size);
    if (status == RW_ELIMIT) {
        return rw_fail(invocation, RW_EXIT_PROFILE,
                       "%s is larger than %u KiB; a profile is a short text", shown,
                       RW_PROFILE_BYTES_MAX / 1024);
    }
    if (status == RW_EINVALID) {
        return rw_fail(invocation, RW_EXIT_PROFILE, "%s is no file", shown);
    }
    if (status != RW_OK) {
        return rw_fail(invocation, RW_EXIT_IO, "%s cannot be read: %s", shown, strerror(errno));
    }
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    status = rw_profile_parse(bytes, size, &diagnostics, ret_profile);
    diagnostics_print(invocation, &diagnostics, shown, bytes, size);
    free(bytes);
    if (status == RW_EMEMORY) {
        return rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    return status == RW_OK ? RW_EXIT_OK : RW_EXIT_PROFILE;
}

enum rw_exit rw_load_profile(const struct rw_invocation *invocation, const struct rw_paths *paths,
                             const char *name, struct rw_profile **ret_profile)
{
    struct rw_profile_place place;
    enum rw_exit exit = rw_load_place(invocation, paths, name, &place);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    /* A path is shown as it was typed, so that an editor finds it. */
    bool is_path = strcmp(place.name, place.path) == 0;
    exit = file_parse(invocation, place.path, is_path ? name : place.path, ret_profile);
    rw_profile_place_finish(&place);
    return exit;
}

/* Opens the first pack for WANTED that can be used, and tells of those that cannot. */
static enum rw_exit pack_open(const struct rw_invocation *invocation, const struct rw_paths *paths,
                              const char *wanted, enum rw_exit none, struct rw_voice **ret_voice)
{
    for (size_t skipped = 0;; skipped++) {
        struct rw_diagnostics diagnostics;
        char *directory;
        enum rw_status status = rw_paths_find_pack(paths, wanted, skipped, &directory);
        if (status == RW_EINVALID) {
            return rw_fail(invocation, RW_EXIT_USAGE, "\"%s\" is no language, such as en or de",
                           wanted);
        }
        if (status == RW_ENOENT) {
            return rw_fail(invocation, skipped > 0 ? RW_EXIT_IO : none,
                           "there is no sound pack for the language \"%s\"%s", wanted,
                           skipped > 0 ? " that can be used" : "");
        }
        if (status != RW_OK) {
            return rw_fail(invocation, RW_EXIT_IO, "out of memory");
        }
        rw_diagnostics_init(&diagnostics);
        status = rw_voice_open(directory, &diagnostics, ret_voice);
        diagnostics_print(invocation, &diagnostics, directory, NULL, 0);
        if (status != RW_OK) {
            rw_note(invocation,
                    "the sound pack in %s cannot be used; make it anew with scripts/make-pack",
                    directory);
        }
        free(directory);
        if (status == RW_OK) {
            return RW_EXIT_OK;
        }
    }
}

enum rw_exit rw_load_voice(const struct rw_invocation *invocation, const struct rw_paths *paths,
                           const char *language, const struct rw_profile *profile,
                           struct rw_voice **ret_voice)
{
    struct rw_config config;
    enum rw_exit exit = rw_load_config(invocation, paths, &config);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    /* Without --lang it is not the person's mistake: the installation lacks something. */
    exit = pack_open(invocation, paths, language ? language : config.language,
                     language ? RW_EXIT_USAGE : RW_EXIT_IO, ret_voice);
    if (exit != RW_EXIT_OK || !profile) {
        return exit;
    }
    char *problem = NULL;
    if (rw_speak_profile(paths, &config, *ret_voice, profile, &problem) != RW_OK) {
        rw_voice_close(*ret_voice);
        *ret_voice = NULL;
        exit = rw_fail(invocation, RW_EXIT_IO, "out of memory");
    } else if (problem) {
        rw_note(invocation, "not all words can be spoken: %s", problem);
    }
    free(problem);
    return exit;
}
