/*
 * The runner's music: which one is on, and that it keeps to the run. It waits while the run is
 * paused and ends with it. How it is played is the player's business.
 */
#ifndef RUNWALK_DAEMON_MUSIC_H
#define RUNWALK_DAEMON_MUSIC_H

#include "runwalk/config/config.h"

#include <stdbool.h>

struct rw_daemon;

struct rw_music_choice {
    char path[RW_CONFIG_MUSIC_MAX]; /* a file or a folder; "": none */
    bool rests;                     /* the run is paused */
    bool run_is_on;                 /* when it was last looked at */
};

/*
 * Plays PATH from now on. RW_ENOENT: there is no music there; RW_ELIMIT: PATH is too long;
 * RW_EMEMORY. *ret_problem is malloc'd text, or NULL.
 */
RW_CHECKED enum rw_status rw_daemon_play_music(struct rw_daemon *daemon, const char *path,
                                               char **ret_problem);
void rw_daemon_stop_music(struct rw_daemon *daemon);

/* After anything that may have changed the state of the run. */
void rw_daemon_follow_music(struct rw_daemon *daemon);

#endif
