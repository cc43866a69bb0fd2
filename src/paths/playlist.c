#include "runwalk/paths/playlist.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What the decoders take; of a file whose name says nothing else they need not be asked. */
static bool is_music(const char *name)
{
    static const char *const endings[] = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3"};
    const char *ending = strrchr(name, '.');

    for (size_t i = 0; ending && i < RW_COUNT(endings); i++) {
        if (strcasecmp(ending, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static RW_PRINTF(2, 3) enum rw_status refuse(char **ret_problem, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(ret_problem, format, arguments) < 0) {
        *ret_problem = NULL;
    }
    va_end(arguments);
    return RW_ENOENT;
}

static enum rw_status add(struct rw_playlist *playlist, const char *path)
{
    char *copy = strdup(path);

    if (!copy) {
        return RW_EMEMORY;
    }
    playlist->paths[playlist->count++] = copy;
    return RW_OK;
}

/* A walk through folders; those that it is in at present. */
struct walk {
    struct rw_playlist *playlist;
    size_t looked; /* names so far */
    struct stat within[RW_PLAYLIST_DEPTH_MAX + 1];
};

struct names {
    char **list; /* each malloc'd */
    size_t count;
};

static int compare(const void *left, const void *right)
{
    return strverscmp(*(char *const *)left, *(char *const *)right);
}

static void names_finish(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->list[i]);
    }
    free(names->list);
}

/* The names in FOLDER that are not hidden, in order, as long as there may be more. */
static enum rw_status names_read(struct walk *walk, DIR *folder, struct names *names)
{
    struct dirent *entry;
    size_t capacity = 0;

    while (walk->looked < RW_PLAYLIST_LOOK_MAX && (entry = readdir(folder))) {
        if (names->count == capacity) {
            capacity = capacity ? 2 * capacity : 64;
            char **list = realloc(names->list, capacity * sizeof(*list));
            if (!list) {
                return RW_EMEMORY;
            }
            names->list = list;
        }
        walk->looked++;
        if (entry->d_name[0] != '.') {
            names->list[names->count] = strdup(entry->d_name);
            if (!names->list[names->count]) {
                return RW_EMEMORY;
            }
            names->count++;
        }
    }
    if (names->count > 0) {
        qsort(names->list, names->count, sizeof(*names->list), compare);
    }
    return RW_OK;
}

static enum rw_status read_folder(struct walk *walk, const char *path, unsigned depth);

/* What PATH is in a folder: a song, a folder, or nothing of interest. */
static enum rw_status take(struct walk *walk, const char *path, unsigned depth)
{
    struct stat info;
    bool may_be_folder = depth <= RW_PLAYLIST_DEPTH_MAX;

    if ((!is_music(path) && !may_be_folder) || stat(path, &info) != 0) {
        return RW_OK;
    }
    if (S_ISDIR(info.st_mode)) {
        return may_be_folder ? read_folder(walk, path, depth) : RW_OK;
    }
    return S_ISREG(info.st_mode) && is_music(path) ? add(walk->playlist, path) : RW_OK;
}

/* Whether a link has led back to a folder that the walk is in. */
static bool is_within(const struct walk *walk, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) {
        if (walk->within[i].st_ino == walk->within[depth].st_ino &&
            walk->within[i].st_dev == walk->within[depth].st_dev) {
            return true;
        }
    }
    return false;
}

static enum rw_status read_folder(struct walk *walk, const char *path, unsigned depth)
{
    DIR *folder = opendir(path);
    struct names names = {0};
    enum rw_status status = RW_OK;

    if (!folder) {
        return errno == ENOMEM ? RW_EMEMORY : RW_OK;
    }
    if (fstat(dirfd(folder), &walk->within[depth]) == 0 && !is_within(walk, depth)) {
        status = names_read(walk, folder, &names);
    }
    closedir(folder);
    const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
    for (size_t i = 0;
         i < names.count && status == RW_OK && walk->playlist->count < RW_PLAYLIST_MAX; i++) {
        char *inner;
        if (asprintf(&inner, "%s%s%s", path, slash, names.list[i]) < 0) {
            status = RW_EMEMORY;
            break;
        }
        status = take(walk, inner, depth + 1);
        free(inner);
    }
    names_finish(&names);
    return status;
}

/* PATH with its "~/" replaced; malloc'd. */
static char *expand(const char *path)
{
    const char *home = getenv("HOME");
    char *whole;

    if (strncmp(path, "~/", 2) != 0 || !home) {
        return strdup(path);
    }
    return asprintf(&whole, "%s/%s", home, path + 2) < 0 ? NULL : whole;
}

enum rw_status rw_playlist_read(const char *path, struct rw_playlist *ret_playlist,
                                char **ret_problem)
{
    struct rw_playlist playlist = {.paths = calloc(RW_PLAYLIST_MAX, sizeof(*playlist.paths))};
    char *whole = expand(path);
    enum rw_status status = RW_EMEMORY;
    struct stat info;

    *ret_problem = NULL;
    if (!playlist.paths || !whole) {
        goto fail;
    }
    if (stat(whole, &info) != 0) {
        status = refuse(ret_problem, "%s: %s", path, strerror(errno));
    } else if (S_ISDIR(info.st_mode)) {
        struct walk walk = {.playlist = &playlist};
        status = read_folder(&walk, whole, 0);
        if (status == RW_OK && playlist.count == 0) {
            status = refuse(ret_problem, "%s: no WAV, FLAC, Ogg or MP3 file is in it", path);
        }
    } else if (S_ISREG(info.st_mode)) {
        status = add(&playlist, whole);
    } else {
        status = refuse(ret_problem, "%s: it is neither a file nor a folder", path);
    }
    if (status != RW_OK) {
        goto fail;
    }
    free(whole);
    *ret_playlist = playlist;
    return RW_OK;

fail:
    free(whole);
    rw_playlist_finish(&playlist);
    return status;
}

void rw_playlist_finish(struct rw_playlist *playlist)
{
    for (size_t i = 0; i < playlist->count; i++) {
        free(playlist->paths[i]);
    }
    free(playlist->paths);
    *playlist = (struct rw_playlist){0};
}
