/*
 * Which files a path to music stands for: itself, or all the sound files of a folder and the
 * folders in it, in the order of their names. It opens none of them.
 */
#ifndef RUNWALK_PATHS_PLAYLIST_H
#define RUNWALK_PATHS_PLAYLIST_H

#include "runwalk/base.h"

#include <stddef.h>

#define RW_PLAYLIST_MAX       4096 /* files of one list; those beyond are left out */
#define RW_PLAYLIST_DEPTH_MAX 8    /* folders in folders */
/* Names that are looked at: the loop waits for it, whatever folder somebody asks for. */
#define RW_PLAYLIST_LOOK_MAX 16384

struct rw_playlist {
    char **paths; /* each and all malloc'd; absolute when PATH was */
    size_t count;
};

/*
 * Fills *ret_playlist, which rw_playlist_finish frees. A "~/" at the beginning of PATH is HOME of
 * the environment. RW_ENOENT: there is nothing, or no music in it; RW_EMEMORY. *ret_problem is
 * malloc'd text about PATH, or NULL.
 */
RW_CHECKED enum rw_status rw_playlist_read(const char *path, struct rw_playlist *ret_playlist,
                                           char **ret_problem);
void rw_playlist_finish(struct rw_playlist *playlist);

#endif
