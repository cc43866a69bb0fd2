#include "places.h"
#include "runwalk/paths/file.h"
#include "runwalk/paths/nearest.h"
#include "runwalk/paths/paths.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char plan_ending[] = ".plan.yaml";

/* What a person may ask for by name. */
struct kind {
    const char *noun, *ending;
    const char *list; /* the command that shows all */
    const char *examples;
};
static const struct kind profiles = {"profile", ".yaml", "runwalk list",
                                     "quickstart or beginner-9-week/week-1"};
static const struct kind plans = {"plan", plan_ending, "runwalk plan list", "beginner-9-week"};

static bool ends_in(const char *name, const char *ending)
{
    size_t size = strlen(name), ending_size = strlen(ending);

    return size > ending_size && strcmp(name + size - ending_size, ending) == 0;
}

/* Whether NAME ends as the files of KIND do; those of plans are no profiles. */
static bool has_ending(const struct kind *kind, const char *name)
{
    return ends_in(name, kind->ending) && (kind == &plans || !ends_in(name, plan_ending));
}

/* The length of NAME without the ending. */
static int stem_size(const struct kind *kind, const char *name)
{
    return (int)(strlen(name) - (has_ending(kind, name) ? strlen(kind->ending) : 0));
}

static bool is_file(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

void rw_profile_place_finish(struct rw_profile_place *place)
{
    free(place->name);
    free(place->path);
    *place = (struct rw_profile_place){0};
}

/* ---- the list ---- */

struct list {
    const struct kind *kind;
    struct rw_profile_place *places;
    size_t count, capacity;
};

static enum rw_status list_add(struct list *list, const char *name, const char *path)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        struct rw_profile_place *more = realloc(list->places, capacity * sizeof(*more));

        if (!more) {
            return RW_EMEMORY;
        }
        list->places = more;
        list->capacity = capacity;
    }
    struct rw_profile_place place = {.name = strndup(name, (size_t)stem_size(list->kind, name)),
                                     .path = strdup(path)};

    if (!place.name || !place.path) {
        rw_profile_place_finish(&place);
        return RW_EMEMORY;
    }
    list->places[list->count++] = place;
    return RW_OK;
}

/*
 * Adds the profiles in FOLDER and below it; their names begin with PREFIX. Folders that cannot be
 * read have none. Links are followed, and the bound on the depth ends those that go in circles.
 */
static enum rw_status list_folder(struct list *list, const char *folder, const char *prefix,
                                  unsigned depth)
{
    enum rw_status status = RW_OK;
    DIR *directory = opendir(folder);
    const struct dirent *entry;

    if (!directory) {
        return RW_OK;
    }
    while (status == RW_OK && list->count < RW_PROFILE_LIST_MAX && (entry = readdir(directory))) {
        char *path = NULL, *name = NULL;
        struct stat info;

        if (entry->d_name[0] == '.' || strlen(prefix) + strlen(entry->d_name) > RW_PLACE_NAME_MAX) {
            continue;
        }
        if (asprintf(&path, "%s/%s", folder, entry->d_name) < 0) {
            path = NULL;
        }
        if (asprintf(&name, "%s%s", prefix, entry->d_name) < 0) {
            name = NULL;
        }
        if (!path || !name) {
            status = RW_EMEMORY;
        } else if (stat(path, &info) == 0) {
            if (S_ISREG(info.st_mode) && has_ending(list->kind, entry->d_name)) {
                status = list_add(list, name, path);
            } else if (S_ISDIR(info.st_mode) && depth < RW_PROFILE_DEPTH_MAX) {
                free(name);
                if (asprintf(&name, "%s%s/", prefix, entry->d_name) < 0) {
                    name = NULL;
                }
                status = name ? list_folder(list, path, name, depth + 1) : RW_EMEMORY;
            }
        }
        free(name);
        free(path);
    }
    closedir(directory);
    return status;
}

/* Numbers in names count as numbers: week-2 comes before week-10. */
static int compare_names(const void *a, const void *b)
{
    const struct rw_profile_place *left = a, *right = b;

    return strverscmp(left->name, right->name);
}

/* Drops from index FIRST on whatever has the name of one before it. */
static void list_drop_hidden(struct list *list, size_t first)
{
    size_t kept = first;

    for (size_t i = first; i < list->count; i++) {
        bool hidden = false;

        for (size_t j = 0; j < first && !hidden; j++) {
            hidden = strcmp(list->places[j].name, list->places[i].name) == 0;
        }
        if (hidden) {
            rw_profile_place_finish(&list->places[i]);
        } else {
            list->places[kept++] = list->places[i];
        }
    }
    list->count = kept;
}

static enum rw_status list_all(const struct rw_paths *paths, const struct kind *kind,
                               struct rw_profile_place **ret_list, size_t *ret_count)
{
    struct list list = {.kind = kind};

    for (size_t i = 0; i < paths->place_count; i++) {
        size_t first = list.count;
        char *folder;
        enum rw_status status = RW_EMEMORY;

        if (asprintf(&folder, "%s/profiles", paths->places[i]) >= 0) {
            status = list_folder(&list, folder, "", 0);
            free(folder);
        }
        if (status != RW_OK) {
            rw_profile_list_free(list.places, list.count);
            return status;
        }
        list_drop_hidden(&list, first);
    }
    if (list.count > 0) {
        qsort(list.places, list.count, sizeof(*list.places), compare_names);
    }
    *ret_list = list.places;
    *ret_count = list.count;
    return RW_OK;
}

enum rw_status rw_paths_list_profiles(const struct rw_paths *paths,
                                      struct rw_profile_place **ret_list, size_t *ret_count)
{
    return list_all(paths, &profiles, ret_list, ret_count);
}

enum rw_status rw_paths_list_plans(const struct rw_paths *paths, struct rw_profile_place **ret_list,
                                   size_t *ret_count)
{
    return list_all(paths, &plans, ret_list, ret_count);
}

void rw_profile_list_free(struct rw_profile_place *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rw_profile_place_finish(&list[i]);
    }
    free(list);
}

/* ---- one by name ---- */

/*
 * Whether NAME is made of parts that cannot lead out of a folder: none is empty or begins with a
 * dot, and none holds a control character.
 */
static bool is_name(const char *name)
{
    size_t size = strlen(name);

    if (size == 0 || size > RW_PLACE_NAME_MAX || name[size - 1] == '/') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bool begins = i == 0 || name[i - 1] == '/';

        if ((begins && (name[i] == '.' || name[i] == '/')) || iscntrl((unsigned char)name[i])) {
            return false;
        }
    }
    return true;
}

static const char *last_part(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash ? slash + 1 : name;
}

/* NAME as seen from DIRECTORY; NULL when memory is short. */
static char *path_join(const char *directory, const char *name)
{
    char *path;

    if (name[0] == '/') {
        return strdup(name);
    }
    return asprintf(&path, "%s/%s", directory, name) < 0 ? NULL : path;
}

/* Whether the person stands in DIRECTORY beside a file of that NAME; then only `./` is missing. */
static bool is_beside(const char *directory, const char *name)
{
    char *path = directory ? path_join(directory, name) : NULL;
    bool found = path && is_file(path);

    free(path);
    return found;
}

/* Says that there is no NAME, and which one may be meant. */
static void explain_absence(const struct rw_paths *paths, const struct kind *kind, const char *name,
                            const char *directory, char **ret_problem)
{
    struct rw_profile_place *list;
    size_t count;
    struct rw_nearest nearest, nearest_part;
    const char *meant = NULL;

    if (!ret_problem) {
        return;
    }
    char *stem = strndup(name, (size_t)stem_size(kind, name));

    if (!stem || list_all(paths, kind, &list, &count) != RW_OK) {
        free(stem);
        *ret_problem = NULL;
        return;
    }
    rw_nearest_init(&nearest, stem);
    rw_nearest_init(&nearest_part, last_part(stem));
    for (size_t i = 0; i < count; i++) {
        const char *part = nearest_part.best;

        rw_nearest_offer(&nearest, list[i].name);
        rw_nearest_offer(&nearest_part, last_part(list[i].name));
        if (nearest_part.best != part) {
            meant = list[i].name; /* right but for its folder */
        }
    }
    if (nearest.best) {
        meant = nearest.best;
    }
    bool is_file_name = directory && has_ending(kind, name);

    if (!is_file_name && is_beside(directory, name)) {
        rw_problem_set(ret_problem,
                       "no %s is called '%s'; for the file of that name here, write ./%s",
                       kind->noun, name, name);
    } else if (is_file_name) {
        rw_problem_set(ret_problem, "there is no file %s here, and no %s of that name%s%s%s", name,
                       kind->noun, meant ? "; is '" : "", meant ? meant : "",
                       meant ? "' meant?" : "");
    } else if (meant) {
        rw_problem_set(ret_problem, "no %s is called '%s'; is '%s' meant?", kind->noun, name,
                       meant);
    } else {
        rw_problem_set(ret_problem, "no %s is called '%s'; `%s` shows all there are", kind->noun,
                       name, kind->list);
    }
    free(stem);
    rw_profile_list_free(list, count);
}

/* What stands at PATH and can be no profile, in words; NULL: a file, or nothing at all. */
static const char *obstacle_text(const char *path)
{
    struct stat info;

    if (stat(path, &info) != 0) {
        switch (errno) {
        case ELOOP:
            return "is a link that leads round in a circle";
        case EACCES:
            return "cannot be reached: you may not look into its folder";
        case ENAMETOOLONG:
            return "is too long for a path";
        default:
            return lstat(path, &info) == 0 ? "is a link to a file that is not there" : NULL;
        }
    }
    if (S_ISDIR(info.st_mode)) {
        return "is a folder; name one of the profiles in it";
    }
    return S_ISREG(info.st_mode) ? NULL : "is no ordinary file";
}

/* RW_EINVALID: something else is in that place, *ret_problem says what. */
static enum rw_status find_path(const char *name, const char *directory,
                                struct rw_profile_place *ret_place, char **ret_problem)
{
    char *joined = path_join(directory, name);

    if (!joined) {
        return RW_EMEMORY;
    }
    char *path = realpath(joined, NULL);
    const char *obstacle = obstacle_text(joined);

    free(joined);
    if (obstacle) {
        rw_problem_set(ret_problem, "%s %s", name, obstacle);
    }
    if (!path || obstacle) {
        free(path);
        return obstacle ? RW_EINVALID : RW_ENOENT;
    }
    struct rw_profile_place place = {.name = strdup(path), .path = path};

    if (!place.name) {
        rw_profile_place_finish(&place);
        return RW_EMEMORY;
    }
    *ret_place = place;
    return RW_OK;
}

static enum rw_status find_name(const struct rw_paths *paths, const struct kind *kind,
                                const char *name, struct rw_profile_place *ret_place)
{
    int size = stem_size(kind, name);

    for (size_t i = 0; i < paths->place_count; i++) {
        struct rw_profile_place place = {0};

        if (asprintf(&place.path, "%s/profiles/%.*s%s", paths->places[i], size, name,
                     kind->ending) < 0) {
            return RW_EMEMORY;
        }
        if (is_file(place.path)) {
            place.name = strndup(name, (size_t)size);
            if (!place.name) {
                rw_profile_place_finish(&place);
                return RW_EMEMORY;
            }
            *ret_place = place;
            return RW_OK;
        }
        free(place.path);
    }
    return RW_ENOENT;
}

enum rw_status rw_paths_own_profile(const struct rw_paths *paths, const char *name, char **ret_path)
{
    char *path;
    if (!is_name(name) || paths->place_count == 0) {
        return RW_EINVALID;
    }
    const char *more = ends_in(name, profiles.ending) ? "" : profiles.ending;
    if (asprintf(&path, "%s/profiles/%s%s", paths->places[0], name, more) < 0) {
        return RW_EMEMORY;
    }
    if (!has_ending(&profiles, path)) { /* it would be taken for a plan */
        free(path);
        return RW_EINVALID;
    }
    *ret_path = path;
    return RW_OK;
}

static enum rw_status find(const struct rw_paths *paths, const struct kind *kind, const char *name,
                           const char *directory, struct rw_profile_place *ret_place,
                           char **ret_problem)
{
    enum rw_status status = RW_ENOENT;
    bool may_be_path =
        name[0] == '/' || (directory && (strchr(name, '/') || has_ending(kind, name)));
    bool may_be_name = is_name(name);
    char *obstacle = NULL;

    if (may_be_path) {
        status = find_path(name, directory, ret_place, &obstacle);
    }
    /* What is no file hides no profile: plan/week-1 may be asked for beside a folder plan. */
    if (may_be_name && (status == RW_ENOENT || status == RW_EINVALID)) {
        enum rw_status named = find_name(paths, kind, name, ret_place);

        status = named == RW_ENOENT ? status : named;
    }
    if (status == RW_ENOENT && !may_be_name && !may_be_path) {
        status = RW_EINVALID;
        rw_problem_set(&obstacle, "'%s' is no name of a %s; names look like %s, and a path %s",
                       name, kind->noun, kind->examples,
                       directory ? "contains a slash" : "begins with one");
    }
    if (status == RW_ENOENT && may_be_name) {
        explain_absence(paths, kind, name, directory, ret_problem);
    } else if (status == RW_ENOENT) {
        rw_problem_set(ret_problem, "there is no file %s", name);
    } else if (status == RW_EINVALID) {
        rw_problem_set(ret_problem, "%s", obstacle ? obstacle : "memory is short");
    } else if (status == RW_EMEMORY) {
        rw_problem_set(ret_problem, "memory is short");
    }
    free(obstacle);
    return status;
}

enum rw_status rw_paths_find_profile(const struct rw_paths *paths, const char *name,
                                     const char *directory, struct rw_profile_place *ret_place,
                                     char **ret_problem)
{
    return find(paths, &profiles, name, directory, ret_place, ret_problem);
}

enum rw_status rw_paths_find_plan(const struct rw_paths *paths, const char *name,
                                  const char *directory, struct rw_profile_place *ret_place,
                                  char **ret_problem)
{
    return find(paths, &plans, name, directory, ret_place, ret_problem);
}

/* ---- sound packs ---- */

#define TAG_MAX 35 /* the longest language tag that RFC 5646 (section 4.4.1) asks to hold */

enum rw_status rw_paths_find_pack(const struct rw_paths *paths, const char *language,
                                  size_t skipped, char **ret_path)
{
    char tag[TAG_MAX + 1];
    size_t size = strcspn(language, ".@"); /* a locale may go on with its encoding */

    if (size == 0 || size > TAG_MAX || !isalpha((unsigned char)language[0])) {
        return RW_EINVALID;
    }
    for (size_t i = 0; i < size; i++) {
        tag[i] = language[i] == '_' ? '-' : language[i];
        if (!isalnum((unsigned char)tag[i]) && tag[i] != '-') {
            return RW_EINVALID;
        }
    }
    tag[size] = '\0';
    for (;;) {
        for (size_t i = 0; i < paths->place_count; i++) {
            char *path;

            if (asprintf(&path, "%s/sounds/%s/pack.yaml", paths->places[i], tag) < 0) {
                return RW_EMEMORY;
            }
            if (is_file(path) && skipped-- == 0) {
                *strrchr(path, '/') = '\0';
                *ret_path = path;
                return RW_OK;
            }
            free(path);
        }
        char *region = strchr(tag, '-');

        if (!region) {
            return RW_ENOENT;
        }
        *region = '\0';
    }
}
