/* render: a session as a sound file. */

#include "load.h"
#include "runwalk/audio/output.h"
#include "runwalk/audio/write_behind.h"
#include "runwalk/paths/playlist.h"
#include "studio.h"
#include "text.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define BLOCK_FRAMES  4096u /* heard: music falls silent with the block in which the end is seen */
#define BAR_COLUMNS   30
#define FRAMES_PER_MS (RW_RATE / 1000)
/* The words of the finish come after the end, and take less than this. */
#define FINISH_MS 60000u

struct render {
    const struct rw_invocation *invocation;
    struct rw_manner manner;
    const char *path;
    rw_frame from, to; /* of the session; `to` is the first frame left out */
    struct rw_playlist music;
    rw_frame total; /* how many frames will be written at most, for the progress bar */
    struct rw_soundfile *file;
    sigset_t interrupts; /* the signals that end the rendering; blocked while it goes on */
    int interrupt;       /* the one that came; 0: none */
    bool shows_progress;
    unsigned percent; /* shown last */
};

/* Redraws when the number changes: a thousand writes would be slower than the rendering. */
static void progress_show(struct render *render, rw_frame now)
{
    unsigned percent = render->total > 0 ? (unsigned)(now * 100 / render->total) : 100;
    percent = percent > 100 ? 100 : percent;
    if (!render->shows_progress || percent == render->percent) {
        return;
    }
    render->percent = percent;
    char bar[BAR_COLUMNS + 1];
    int filled = (int)percent * BAR_COLUMNS / 100;
    memset(bar, '=', (size_t)filled);
    memset(bar + filled, ' ', (size_t)(BAR_COLUMNS - filled));
    bar[BAR_COLUMNS] = '\0';
    fprintf(render->invocation->err, "\r[%s] %3u %%", bar, percent);
    fflush(render->invocation->err);
}

static void progress_clear(const struct render *render)
{
    if (render->shows_progress) {
        fputs("\r\x1b[K", render->invocation->err);
    }
}

/*
 * Holds back what would end the program, so that no half file stays behind; what is ignored, as
 * under nohup, stays so. The mask of before goes to *RET_BEFORE.
 */
static void interrupts_hold(struct render *render, sigset_t *ret_before)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(&render->interrupts);
    for (size_t i = 0; i < RW_COUNT(signals); i++) {
        struct sigaction action;
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN) {
            sigaddset(&render->interrupts, signals[i]);
        }
    }
    sigprocmask(SIG_BLOCK, &render->interrupts, ret_before);
}

static bool is_interrupted(struct render *render)
{
    static const struct timespec at_once = {0};
    int number = sigtimedwait(&render->interrupts, NULL, &at_once);
    render->interrupt = number > 0 ? number : render->interrupt;
    return render->interrupt != 0;
}

/* Has the part of COUNT frames written, the first of which is AT, that lies inside the window. */
static void window_send(const struct render *render, struct rw_write_behind *writer, rw_frame at,
                        uint32_t count)
{
    rw_frame first = at > render->from ? at : render->from;
    rw_frame end = at + count < render->to ? at + count : render->to;
    if (first < end) {
        rw_write_behind_send(writer, (uint32_t)(first - at), (uint32_t)(end - first));
    }
}

/* Fills ROOM, as far as there is something; *RET_COUNT is how many frames. */
static enum rw_exit room_fill(struct render *render, struct rw_studio *studio, float *room,
                              uint32_t *ret_count)
{
    uint32_t count = 0, filled = 0;
    do {
        if (is_interrupted(render)) {
            return RW_EXIT_IO;
        }
        if (rw_studio_read(studio, room + (size_t)filled * RW_CHANNELS, BLOCK_FRAMES, &count) !=
            RW_OK) {
            return rw_fail(render->invocation, RW_EXIT_IO, "%s", rw_studio_problem(studio));
        }
        filled += count;
    } while (count > 0 && filled <= RW_WRITE_BEHIND_FRAMES - BLOCK_FRAMES);
    *ret_count = filled;
    return RW_EXIT_OK;
}

/* *RET_END is what has been sent to WRITER, which need not have written all of it. */
static enum rw_exit session_send(struct render *render, struct rw_studio *studio,
                                 struct rw_write_behind *writer, rw_frame *ret_end)
{
    rw_frame at = 0;
    float *room;
    while (at < render->to && (room = rw_write_behind_room(writer)) != NULL) {
        uint32_t count = 0;
        enum rw_exit exit = room_fill(render, studio, room, &count);
        if (exit != RW_EXIT_OK) {
            return exit;
        }
        if (count == 0) {
            break;
        }
        window_send(render, writer, at, count);
        at += count;
        progress_show(render, at);
    }
    *ret_end = at < render->to ? at : render->to;
    return RW_EXIT_OK;
}

static enum rw_exit session_write(struct render *render, struct rw_studio *studio,
                                  rw_frame *ret_end)
{
    struct rw_write_behind *writer;
    if (rw_write_behind_create(render->file, &writer) != RW_OK) {
        return rw_fail(render->invocation, RW_EXIT_IO, "out of memory");
    }
    enum rw_exit exit = session_send(render, studio, writer, ret_end);
    if (rw_write_behind_finish(writer) != RW_OK && exit == RW_EXIT_OK) {
        exit = rw_fail(render->invocation, RW_EXIT_IO, "%s cannot be written: %s", render->path,
                       strerror(errno));
    }
    return exit;
}

/* Refuses a window after END, the end of all that can sound. */
static enum rw_exit window_check(const struct render *render, uint32_t session_ms, rw_frame end)
{
    if (end > render->from) {
        return RW_EXIT_OK;
    }
    char length[RW_TEXT_TIME_MAX];
    rw_text_clock_ms(session_ms, length);
    return rw_fail(render->invocation, RW_EXIT_USAGE, "nothing is left: the session is over at %s",
                   length);
}

static enum rw_exit file_render(struct render *render, struct rw_voice *voice,
                                struct rw_profile *profile)
{
    struct rw_studio *studio;
    uint32_t session_ms = rw_profile_duration_ms(profile);
    if (rw_studio_create(voice, profile, &render->manner, &studio) != RW_OK) {
        return rw_fail(render->invocation, RW_EXIT_IO, "out of memory");
    }
    if (render->music.count > 0 &&
        rw_studio_play_music(studio, (const char *const *)render->music.paths,
                             render->music.count) != RW_OK) {
        rw_studio_destroy(studio);
        return rw_fail(render->invocation, RW_EXIT_IO, "out of memory");
    }
    char *problem = NULL;
    rw_frame end = 0;
    enum rw_exit exit = RW_EXIT_OK;
    if (rw_soundfile_create(render->path, &render->file, &problem) != RW_OK) {
        exit = rw_fail(render->invocation, RW_EXIT_IO, "%s",
                       problem ? problem : "the file cannot be written");
        free(problem);
    } else {
        exit = session_write(render, studio, &end);
        progress_clear(render);
        if (exit == RW_EXIT_OK) {
            exit = window_check(render, session_ms, end);
        }
        if (exit != RW_EXIT_OK) {
            rw_soundfile_abandon(render->file);
        } else if (rw_soundfile_finish(render->file) != RW_OK) {
            exit = rw_fail(render->invocation, RW_EXIT_IO, "%s cannot be written: %s", render->path,
                           strerror(errno));
        }
    }
    if (exit == RW_EXIT_OK && rw_studio_music_problem(studio)[0]) {
        rw_note(render->invocation, "music: %s", rw_studio_music_problem(studio));
    }
    rw_studio_destroy(studio);
    if (exit == RW_EXIT_OK && render->invocation->is_terminal) {
        char length[RW_TEXT_TIME_MAX];
        rw_text_clock((int64_t)((end - render->from) / RW_RATE), length);
        rw_print_clean(render->invocation->out, render->path);
        fprintf(render->invocation->out, ": %s of sound\n", length);
    }
    return exit;
}

/* Reads the option NAME as a time into *FRAME, which is left alone when it was not given. */
static enum rw_exit time_option(const struct rw_invocation *invocation, const char *name,
                                rw_frame *frame)
{
    const char *text = rw_arguments_value(&invocation->arguments, name);
    char problem[256];
    uint32_t ms;
    if (!text) {
        return RW_EXIT_OK;
    }
    if (rw_arguments_time(text, &ms, problem, sizeof problem) != RW_OK) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--%s: %s", name, problem);
    }
    *frame = (rw_frame)ms * FRAMES_PER_MS;
    return RW_EXIT_OK;
}

static enum rw_exit options_read(const struct rw_invocation *invocation, struct render *render)
{
    const char *ending = strrchr(render->path, '.');
    if (!ending || (strcasecmp(ending, ".wav") != 0 && strcasecmp(ending, ".flac") != 0)) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "\"%s\" must end in .wav or .flac, to tell what to write", render->path);
    }
    if (ending == render->path || ending[-1] == '/') {
        return rw_fail(invocation, RW_EXIT_USAGE, "\"%s\" is only an ending, without a name",
                       render->path);
    }
    enum rw_exit exit = rw_load_manner(invocation, &render->manner);
    if (exit == RW_EXIT_OK) {
        exit = time_option(invocation, "from", &render->from);
    }
    if (exit == RW_EXIT_OK) {
        exit = time_option(invocation, "to", &render->to);
    }
    if (exit == RW_EXIT_OK && render->from >= render->to) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--from must come before --to");
    }
    return exit;
}

static enum rw_exit music_read(const struct rw_invocation *invocation, struct render *render)
{
    const char *path = rw_arguments_value(&invocation->arguments, "music");
    char *problem = NULL;
    if (!path) {
        return RW_EXIT_OK;
    }
    enum rw_status status = rw_playlist_read(path, &render->music, &problem);
    if (status == RW_OK) {
        return RW_EXIT_OK;
    }
    enum rw_exit exit = status == RW_ENOENT ? RW_EXIT_USAGE : RW_EXIT_IO;
    rw_fail(invocation, exit, "%s", problem ? problem : "out of memory");
    free(problem);
    return exit;
}

enum rw_exit rw_verb_render(const struct rw_invocation *invocation)
{
    struct render render = {
        .invocation = invocation,
        .path = invocation->arguments.words[1],
        .to = UINT64_MAX,
        .percent = UINT32_MAX,
        .shows_progress = isatty(fileno(invocation->err)) == 1,
    };
    struct rw_paths *paths = NULL;
    struct rw_profile *profile = NULL;
    struct rw_voice *voice = NULL;

    enum rw_exit exit = options_read(invocation, &render);
    if (exit == RW_EXIT_OK) {
        exit = rw_load_paths(invocation, &paths);
    }
    if (exit == RW_EXIT_OK) {
        exit = rw_load_profile(invocation, paths, invocation->arguments.words[0], &profile);
    }
    if (exit == RW_EXIT_OK) {
        rw_frame end = (rw_frame)rw_profile_duration_ms(profile) * FRAMES_PER_MS;
        render.total = render.to < end ? render.to : end;
        exit = window_check(&render, rw_profile_duration_ms(profile),
                            end + (rw_frame)FINISH_MS * FRAMES_PER_MS);
    }
    if (exit == RW_EXIT_OK) {
        exit = music_read(invocation, &render);
    }
    if (exit == RW_EXIT_OK) {
        const char *language = rw_arguments_value(&invocation->arguments, "lang");
        exit = rw_load_voice(invocation, paths, language, profile, &voice);
    }
    if (exit == RW_EXIT_OK) {
        sigset_t before;
        interrupts_hold(&render, &before);
        exit = file_render(&render, voice, profile);
        profile = NULL;
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    rw_playlist_finish(&render.music);
    rw_voice_close(voice);
    rw_profile_destroy(profile);
    rw_paths_destroy(paths);
    if (render.interrupt != 0) {
        raise(render.interrupt); /* the shell is to see what ended us */
    }
    return exit;
}
