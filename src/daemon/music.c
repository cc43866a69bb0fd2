#include "music.h"

#include "daemon.h"
#include "runwalk/paths/playlist.h"

#include <stdlib.h>
#include <string.h>

enum rw_status rw_daemon_play_music(struct rw_daemon *daemon, const char *path, char **ret_problem)
{
    struct rw_playlist playlist;

    *ret_problem = NULL;
    if (strlen(path) >= sizeof daemon->music.path) {
        return RW_ELIMIT;
    }
    enum rw_status status = rw_playlist_read(path, &playlist, ret_problem);
    if (status != RW_OK) {
        return status;
    }
    status =
        rw_player_play_music(daemon->player, (const char *const *)playlist.paths, playlist.count);
    rw_playlist_finish(&playlist);
    if (status == RW_OK && path != daemon->music.path) {
        memcpy(daemon->music.path, path, strlen(path) + 1);
    }
    return status;
}

void rw_daemon_stop_music(struct rw_daemon *daemon)
{
    daemon->music.path[0] = '\0';
    (void)!rw_player_play_music(daemon->player, NULL, 0); /* which needs no memory */
}

/* A run has begun: what is configured plays, unless the runner has chosen something else. */
static void begin(struct rw_daemon *daemon)
{
    const char *path = daemon->config.music;
    char *problem;

    if (path[0] == '\0' || daemon->music.path[0] != '\0') {
        return;
    }
    if (rw_daemon_play_music(daemon, path, &problem) != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_WARNING, "no music: %s",
                     problem ? problem : "memory is short");
        free(problem);
    }
}

void rw_daemon_follow_music(struct rw_daemon *daemon)
{
    struct rw_music_choice *music = &daemon->music;
    struct rw_coach_view view;

    rw_coach_view(daemon->coach, rw_boot_now(), &view);
    bool is_paused = view.state == RW_COACH_PAUSED;
    bool is_on = is_paused || view.state == RW_COACH_ARMED || view.state == RW_COACH_RUNNING;
    if (is_on && !music->run_is_on) {
        begin(daemon);
    } else if (!is_on && music->run_is_on) {
        rw_daemon_stop_music(daemon);
    }
    music->run_is_on = is_on;
    music->rests = is_paused;
    rw_player_rest_music(daemon->player, is_paused);
}
