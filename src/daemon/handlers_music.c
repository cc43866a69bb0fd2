/* The methods about the runner's music. */
#include "handlers.h"

#include <stdlib.h>

void rw_handle_music_get(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    struct rw_player_view view;
    (void)call;
    rw_player_view(daemon->player, &view);
    const char *state = !view.music[0] ? "off" : daemon->music.rests ? "paused" : "playing";
    /* The name of a file need not be text. */
    json_t *file = json_string(view.music);
    answer->result =
        json_pack("{s:s, s:s, s:o}", "state", state, "path",
                  view.music[0] ? daemon->music.path : "", "file", file ? file : json_string("?"));
}

void rw_handle_music_play(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    char *problem;
    enum rw_status status = rw_daemon_play_music(daemon, rw_param_text(call, "path"), &problem);
    if (status == RW_OK) {
        rw_handle_music_get(daemon, call, answer);
    } else if (status == RW_ENOENT) {
        rw_answer_refuse(answer, RW_REASON_UNREADABLE, "%s",
                         problem ? problem : "there is no music");
    } else {
        rw_answer_refuse(answer, RW_REASON_INTERNAL, "memory is short");
    }
    free(problem);
}

void rw_handle_music_stop(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    rw_daemon_stop_music(daemon);
    rw_handle_music_get(daemon, call, answer);
}
