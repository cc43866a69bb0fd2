/* The methods about what is heard: a text to say, and the volume. */
#include "handlers.h"

/* The text of a `say` has been made: now it can be said. */
static void saying_made(void *context, const struct rw_speech_answer *made)
{
    struct rw_daemon *daemon = context;
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = made->text};
    const char *problem = made->problem;
    enum rw_status status = made->status;
    daemon->is_saying = false;
    if (status == RW_OK) {
        problem = "it would talk into the next countdown or change";
        status = rw_voice_add_text(daemon->voice, made->text, made->path, made->frames);
    }
    if (status == RW_OK) {
        status = rw_coach_say(daemon->coach, rw_boot_now(), &words);
    }
    if (status != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_WARNING, "\"%s\" is not said: %s", made->text, problem);
    }
    rw_daemon_rearm(daemon);
}

void rw_handle_say(struct rw_daemon *daemon, const struct rw_call *call, struct rw_answer *answer)
{
    const char *text = rw_param_text(call, "text");
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = text};
    enum rw_status status = RW_ENOENT;
    if (rw_voice_knows_text(daemon->voice, text)) {
        status = rw_coach_say(daemon->coach, rw_boot_now(), &words);
    } else if (daemon->is_saying) {
        rw_answer_refuse(answer, RW_REASON_BUSY, "an earlier text is still being made");
        return;
    } else if (daemon->speech) {
        status = rw_speech_request(daemon->speech, text, saying_made, daemon);
        daemon->is_saying = status == RW_OK;
        status = status == RW_EINVALID ? RW_ENOENT : status; /* no words in it */
    } else {
        /* The caller is refused; the runner hears at least that there was something. */
        (void)!rw_coach_say(daemon->coach, rw_boot_now(), &words);
    }
    rw_answer_command(daemon, status, answer);
}

void rw_handle_volume_get(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    (void)call;
    answer->result = json_pack("{s:f}", "volume_db", daemon->volume_db);
}

void rw_handle_volume_set(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    double volume_db = json_number_value(json_object_get(call->params, "volume_db"));
    if (rw_param_flag(call, "relative")) {
        volume_db += daemon->volume_db;
    }
    rw_daemon_set_volume(daemon, volume_db < -60 ? -60 : volume_db > 12 ? 12 : volume_db);
    rw_handle_volume_get(daemon, call, answer);
}
