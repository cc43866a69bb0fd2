#include "runwalk/paths/paths.h"

#include "places.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the running program lies decides which engine, profiles and sounds belong to it. */
struct origin {
    char *folder;  /* of the program, without links */
    bool is_built; /* it runs where it was built: the source tree is there too */
};

/* A variable that holds an absolute path, or NULL. */
static const char *get_path(const char *variable)
{
    const char *value = getenv(variable);

    return value && value[0] == '/' ? value : NULL;
}

static const char *get_home(void)
{
    const char *home = get_path("HOME");

    if (home) {
        return home;
    }
    const struct passwd *user = getpwuid(geteuid());

    return user && user->pw_dir && user->pw_dir[0] == '/' ? user->pw_dir : "";
}

static char *format(const char *text, ...) RW_PRINTF(1, 2);

static char *format(const char *text, ...)
{
    va_list args;
    char *result;

    va_start(args, text);
    if (vasprintf(&result, text, args) < 0) {
        result = NULL;
    }
    va_end(args);
    return result;
}

/* $VARIABLE/runwalk, or ~/FALLBACK/runwalk. */
static char *get_xdg(const char *variable, const char *home, const char *fallback)
{
    const char *value = get_path(variable);

    return value ? format("%s/runwalk", value) : format("%s/%s/runwalk", home, fallback);
}

static char *find_run_directory(void)
{
    const char *runtime = get_path("XDG_RUNTIME_DIR");
    unsigned uid = (unsigned)geteuid();
    struct stat info;
    char usual[sizeof("/run/user/4294967295")];

    if (runtime) {
        return format("%s/runwalk", runtime);
    }
    snprintf(usual, sizeof(usual), "/run/user/%u", uid);
    if (lstat(usual, &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
        (info.st_mode & 07777) == S_IRWXU) {
        return format("%s/runwalk", usual);
    }
    return format("/tmp/runwalk-%u", uid);
}

static enum rw_status find_origin(struct origin *ret_origin)
{
    char *program = realpath("/proc/self/exe", NULL);
    char *build = realpath(RW_BUILD_DIR, NULL);
    size_t build_size = build ? strlen(build) : 0;

    if (!program) {
        program = strdup("/usr/bin/runwalk"); /* no /proc: the usual place */
    }
    if (!program) {
        free(build);
        return RW_EMEMORY;
    }
    ret_origin->is_built =
        build && strncmp(program, build, build_size) == 0 && program[build_size] == '/';
    *strrchr(program, '/') = '\0';
    ret_origin->folder = program;
    free(build);
    return RW_OK;
}

/* Takes PATH over and returns it without `..` in it, if it exists. */
static char *straighten(char *path)
{
    char *straight = path ? realpath(path, NULL) : NULL;

    if (!straight) {
        return path;
    }
    free(path);
    return straight;
}

/* Takes PLACE over; false when memory is short. Places beyond the bound are left out. */
static bool add_place(struct rw_paths *paths, char *place)
{
    if (place && paths->place_count < PLACES_MAX) {
        paths->places[paths->place_count++] = place;
    } else {
        free(place);
    }
    return place != NULL;
}

static enum rw_status find_places(struct rw_paths *paths, const char *home,
                                  const struct origin *origin)
{
    const char *dirs = getenv("XDG_DATA_DIRS");

    if (!add_place(paths, get_xdg("XDG_CONFIG_HOME", home, ".config")) ||
        !add_place(paths, get_xdg("XDG_DATA_HOME", home, ".local/share"))) {
        return RW_EMEMORY;
    }
    if (!dirs || !*dirs) {
        dirs = "/usr/local/share:/usr/share";
    }
    while (*dirs) {
        size_t size = strcspn(dirs, ":");

        /* The last place is kept for what came with the program. */
        if (*dirs == '/' && size < 4096 && paths->place_count < PLACES_MAX - 1 &&
            !add_place(paths, format("%.*s/runwalk", (int)size, dirs))) {
            return RW_EMEMORY;
        }
        dirs += size + (dirs[size] == ':');
    }
    char *own = origin->is_built
                    ? strdup(RW_SOURCE_DIR)
                    : straighten(format("%s/" RW_BIN_TO_DATA "/runwalk", origin->folder));

    return add_place(paths, own) ? RW_OK : RW_EMEMORY;
}

/* The program NAME that runwalk starts by itself, from where this one comes. */
static char *find_helper(const struct origin *origin, const char *name)
{
    if (origin->is_built) {
        return format(RW_BUILD_DIR "/%s", name);
    }
    return straighten(format("%s/" RW_BIN_TO_LIBEXEC "/runwalk/%s", origin->folder, name));
}

static char *find_engine(const struct origin *origin)
{
    const char *given = get_path("RUNWALK_ENGINE");

    return given ? strdup(given) : find_helper(origin, "runwalk-engine");
}

enum rw_status rw_paths_create(struct rw_paths **ret_paths)
{
    const char *home = get_home();
    struct origin origin;
    struct rw_paths *paths = calloc(1, sizeof(*paths));

    if (!paths) {
        return RW_EMEMORY;
    }
    if (find_origin(&origin) != RW_OK) {
        free(paths);
        return RW_EMEMORY;
    }
    enum rw_status status = find_places(paths, home, &origin);

    paths->run_directory = find_run_directory();
    if (paths->run_directory) {
        paths->socket = format("%s/control.sock", paths->run_directory);
    }
    if (status == RW_OK) {
        paths->config_file = format("%s/config.yaml", paths->places[0]);
    }
    paths->state_directory = get_xdg("XDG_STATE_HOME", home, ".local/state");
    paths->cache_directory = get_xdg("XDG_CACHE_HOME", home, ".cache");
    paths->engine = find_engine(&origin);
    paths->ducker = find_helper(&origin, "runwalk-ducker");
    paths->confine = find_helper(&origin, "runwalk-confine");
    paths->inhibit = find_helper(&origin, "runwalk-inhibit");
    free(origin.folder);
    if (status != RW_OK || !paths->socket || !paths->config_file || !paths->state_directory ||
        !paths->cache_directory || !paths->engine || !paths->ducker || !paths->confine ||
        !paths->inhibit) {
        rw_paths_destroy(paths);
        return RW_EMEMORY;
    }
    *ret_paths = paths;
    return RW_OK;
}

void rw_paths_destroy(struct rw_paths *paths)
{
    if (!paths) {
        return;
    }
    for (size_t i = 0; i < paths->place_count; i++) {
        free(paths->places[i]);
    }
    free(paths->inhibit);
    free(paths->confine);
    free(paths->ducker);
    free(paths->engine);
    free(paths->cache_directory);
    free(paths->state_directory);
    free(paths->config_file);
    free(paths->socket);
    free(paths->run_directory);
    free(paths);
}

const char *rw_paths_run_directory(const struct rw_paths *paths)
{
    return paths->run_directory;
}

const char *rw_paths_socket(const struct rw_paths *paths)
{
    return paths->socket;
}

const char *rw_paths_config_file(const struct rw_paths *paths)
{
    return paths->config_file;
}

const char *rw_paths_state_directory(const struct rw_paths *paths)
{
    return paths->state_directory;
}

const char *rw_paths_cache_directory(const struct rw_paths *paths)
{
    return paths->cache_directory;
}

const char *rw_paths_engine(const struct rw_paths *paths)
{
    return paths->engine;
}

const char *rw_paths_ducker(const struct rw_paths *paths)
{
    return paths->ducker;
}

const char *rw_paths_confine(const struct rw_paths *paths)
{
    return paths->confine;
}

const char *rw_paths_inhibit(const struct rw_paths *paths)
{
    return paths->inhibit;
}
