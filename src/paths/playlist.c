#include "runwalk/paths/playlist.h"

#include <errno.h>
#include <fts.h>
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

static int compare(const FTSENT **left, const FTSENT **right)
{
    return strverscmp((*left)->fts_name, (*right)->fts_name);
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

static enum rw_status read_folder(char *path, struct rw_playlist *playlist)
{
    char *roots[] = {path, NULL};
    FTS *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, compare);
    enum rw_status status = tree ? RW_OK : RW_EMEMORY;
    FTSENT *entry;

    while (status == RW_OK && playlist->count < RW_PLAYLIST_MAX && (entry = fts_read(tree))) {
        bool hidden = entry->fts_level > 0 && entry->fts_name[0] == '.';
        if (entry->fts_info == FTS_D && (hidden || entry->fts_level > RW_PLAYLIST_DEPTH_MAX)) {
            fts_set(tree, entry, FTS_SKIP);
        } else if (entry->fts_info == FTS_F && !hidden && is_music(entry->fts_name)) {
            status = add(playlist, entry->fts_path);
        }
    }
    if (tree) {
        fts_close(tree);
    }
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
        status = read_folder(whole, &playlist);
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
