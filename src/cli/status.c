/* status: where the run is, on one screen. */

#include "remote.h"
#include "text.h"
#include "watch_model.h"
#include "watch_parts.h"

#include <math.h>

static void run_print(FILE *out, const struct rw_watch_state *state, int64_t boot_ms)
{
    int64_t now = rw_watch_session_ms(state, boot_ms);
    char done[RW_TEXT_TIME_MAX];
    char left[RW_TEXT_TIME_MAX];
    rw_text_clock(rw_watch_seconds_done(state, now), done);
    rw_text_clock(rw_text_seconds_left(state->end_ms - (now > 0 ? now : 0)), left);
    fprintf(out, "Session:  %s done, %s left\n", done, left);
    const struct rw_watch_segment *ahead = rw_watch_segment_ahead(state);
    if (ahead->is_known) {
        char label[RW_LABEL_MAX];
        char length[RW_TEXT_TIME_MAX];
        rw_label_segment(ahead->kind, ahead->side, ahead->name, ahead->run, state->runs, label);
        rw_text_span((ahead->duration_ms + 500) / 1000 * 1000, length);
        fprintf(out, "%s %s, %s\n",
                state->phase == RW_WATCH_ARMED ? "First:   " : "Next:    ", label, length);
    } else {
        fputs("Next:     the end\n", out);
    }
}

enum rw_exit rw_verb_status(const struct rw_invocation *invocation)
{
    json_t *status;
    enum rw_exit exit = rw_remote_ask(invocation, "session.status", NULL, &status);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, status);
        json_decref(status);
        return RW_EXIT_OK;
    }
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    rw_watch_take_status(&state, status);
    json_decref(status);

    FILE *out = invocation->out;
    int64_t boot_ms = rw_boot_ms();
    char line[512];
    rw_watch_line(&state, boot_ms, line, sizeof line);
    if (state.profile[0] != '\0') {
        fprintf(out, "Workout:  %s\n", state.profile);
    }
    fprintf(out, "Now:      %s\n", line);
    bool is_on = state.phase == RW_WATCH_ARMED || state.phase == RW_WATCH_RUNNING ||
                 state.phase == RW_WATCH_PAUSED;
    if (is_on) {
        run_print(out, &state, boot_ms);
    }
    fprintf(out, "Sound:    %s", state.device[0] != '\0' ? state.device : "no output is open");
    if (fabs(state.volume_db) >= 0.05) {
        fprintf(out, ", %+.4g dB", state.volume_db);
    }
    fputc('\n', out);
    if (state.problem[0] != '\0') {
        fprintf(out, "Problem:  %s\n", state.problem);
    }
    if (state.asleep[0] != '\0') {
        fprintf(out, "Suspend:  would delay the cues, and nothing holds it off: %s\n",
                state.asleep);
    }
    return RW_EXIT_OK;
}
