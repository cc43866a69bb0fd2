#include "state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>

#define LATENCY_LEAST_MS 20
#define LATENCY_MOST_MS  1000
#define WAKE_MOST        (3 * RW_NS_PER_SECOND)
#define OPEN_GUESS       (150 * RW_NS_PER_MS)
#define NOTE_MAX         512

const char *rw_player_state_name(enum rw_player_state state)
{
    switch (state) {
    case RW_PLAYER_OFF:
        return "off";
    case RW_PLAYER_STARTING:
        return "starting";
    case RW_PLAYER_READY:
        return "ready";
    case RW_PLAYER_WAITING:
        return "waiting";
    }
    return "?";
}

rw_ns rw_player_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

/* AT in the past fires at once; RW_NS_NEVER disarms. */
static void arm(struct rw_player *player, rw_ns at)
{
    struct itimerspec when = {0};

    if (at != RW_NS_NEVER) {
        rw_ns positive = at > 0 ? at : 1;
        when.it_value.tv_sec = positive / RW_NS_PER_SECOND;
        when.it_value.tv_nsec = positive % RW_NS_PER_SECOND;
    }
    timerfd_settime(player->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void rw_player_touch(struct rw_player *player)
{
    player->touched = true;
    arm(player, 1);
}

void rw_player_report(struct rw_player *player, uint64_t cue, enum rw_outcome outcome, rw_ns at)
{
    if (player->reported - player->told == REPORTS_MAX) {
        return; /* more refusals in one turn of the loop than any coach makes */
    }
    player->reports[player->reported++ % REPORTS_MAX] = (struct rw_report){cue, outcome, at};
}

void rw_player_end_cue(struct rw_player *player, struct cue *cue, enum rw_outcome outcome, rw_ns at)
{
    if (outcome == RW_OUTCOME_DROPPED && cue->sounded) {
        outcome = RW_OUTCOME_CUT;
    }
    rw_player_report(player, cue->play.cue, outcome, at);
    rw_cues_remove(&player->cues, cue);
}

void rw_player_note(struct rw_player *player, const char *format, ...)
{
    char text[NOTE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (player->observer.note) {
        player->observer.note(player->observer.context, text);
    }
}

/* ---- the loop's side ---- */

static enum rw_player_state state_of(const struct rw_player *player)
{
    switch (player->phase) {
    case ENGINE_STARTING:
        return RW_PLAYER_STARTING;
    case ENGINE_READY:
        return RW_PLAYER_READY;
    case ENGINE_NONE:
    case ENGINE_LEAVING:
        break;
    }
    bool failed = player->killed || player->failures > 0;
    return failed && player->view.problem[0] ? RW_PLAYER_WAITING : RW_PLAYER_OFF;
}

static void tell_observer(struct rw_player *player)
{
    struct rw_player_view *view = &player->view, *seen = &player->seen;

    while (player->told != player->reported) {
        struct rw_report report = player->reports[player->told++ % REPORTS_MAX];
        player->observer.report(player->observer.context, &report);
    }
    view->state = state_of(player);
    view->latency = player->latency;
    bool changed = view->state != seen->state || strcmp(view->device, seen->device) != 0 ||
                   strcmp(view->problem, seen->problem) != 0 || view->losses != seen->losses;
    *seen = *view;
    if (changed) {
        player->observer.changed(player->observer.context);
    }
}

static void free_config(struct rw_player_config *config)
{
    free((char *)config->engine_path);
    free((char *)config->output);
    free((char *)config->ducker_path);
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct rw_player *player = handle->data;

    close(player->timer);
    if (player->done) {
        player->done(player->done_context);
    }
    free_config(&player->config);
    free(player);
}

static void on_timer(uv_poll_t *poll, int status, int events)
{
    struct rw_player *player = poll->data;
    uint64_t expirations;
    (void)status;
    (void)events;

    if (read(player->timer, &expirations, sizeof(expirations)) < 0) {
        /* Set anew since the loop saw it: it will fire again. */
    }
    player->touched = false;
    rw_ns now = rw_player_now();
    rw_ns next = rw_keeper_update(player, now), ducking = rw_ducking_update(player, now);
    tell_observer(player);
    if (player->closing && player->phase == ENGINE_NONE && rw_ducking_is_over(player) &&
        player->told == player->reported) {
        uv_close((uv_handle_t *)&player->timer_poll, on_timer_closed);
    } else if (!player->touched) {
        arm(player, next < ducking ? next : ducking);
    }
}

/* ---- the sink ---- */

static void sink_play(void *context, const struct rw_play *play)
{
    struct rw_player *player = context;
    bool sayable = play->utterance.part_count > 0 &&
                   play->utterance.part_count <= RW_UTTERANCE_PARTS_MAX &&
                   (!player->any_cancelled || play->epoch > player->cancelled);

    if (!sayable || player->closing || rw_cues_add(&player->cues, play) != RW_OK) {
        rw_player_report(player, play->cue, RW_OUTCOME_DROPPED, play->at);
    }
    rw_player_touch(player);
}

static void cancel_cues(struct rw_player *player, uint32_t epoch)
{
    for (size_t i = player->cues.count; i-- > 0;) {
        struct cue *cue = &player->cues.list[i];
        if (cue->play.epoch > epoch) {
            continue;
        }
        cue->cancelled = true;
        if (cue->state == CUE_HELD) {
            rw_player_end_cue(player, cue, RW_OUTCOME_DROPPED, cue->play.at);
        }
    }
}

static void sink_cancel(void *context, uint32_t epoch)
{
    struct rw_player *player = context;

    if (player->any_cancelled && epoch <= player->cancelled) {
        return;
    }
    player->cancelled = epoch;
    player->any_cancelled = true;
    player->cancelled_at = rw_player_now();
    player->tell_cancel = true;
    cancel_cues(player, epoch);
    rw_beats_cancel(&player->beats, epoch);
    rw_player_touch(player);
}

static void sink_cadence(void *context, const struct rw_cadence *cadence)
{
    struct rw_player *player = context;
    bool is_wanted =
        !player->closing && (!player->any_cancelled || cadence->epoch > player->cancelled);

    if (is_wanted && rw_beats_take(&player->beats, cadence) != RW_OK) {
        rw_player_note(player, "more changes of cadence than can be kept: one is left out");
    }
    rw_player_touch(player);
}

static void sink_expect(void *context, rw_ns at)
{
    struct rw_player *player = context;

    if (player->expected == at) {
        return;
    }
    player->expected = at;
    rw_player_touch(player);
}

static rw_ns sink_earliest(void *context, rw_ns now)
{
    rw_keeper_read_page(context);
    return rw_keeper_earliest(context, now);
}

struct rw_sink rw_player_sink(struct rw_player *player)
{
    return (struct rw_sink){sink_play,     sink_cancel,  sink_expect,
                            sink_earliest, sink_cadence, player};
}

/* ---- what the daemon calls ---- */

static rw_ns clamp(rw_ns value, rw_ns least, rw_ns most)
{
    return value < least ? least : value > most ? most : value;
}

/* Copies CONFIG into *ret_config, within its bounds. */
static enum rw_status copy_config(const struct rw_player_config *config,
                                  struct rw_player_config *ret_config)
{
    char *path = strdup(config->engine_path), *output = strdup(config->output);
    char *ducker = config->ducker_path ? strdup(config->ducker_path) : NULL;

    if (!path || !output || (config->ducker_path && !ducker)) {
        free(path);
        free(output);
        free(ducker);
        return RW_EMEMORY;
    }
    *ret_config = (struct rw_player_config){
        .engine_path = path,
        .output = output,
        .latency_ms = (uint32_t)clamp(config->latency_ms, LATENCY_LEAST_MS, LATENCY_MOST_MS),
        .wake = clamp(config->wake, 0, WAKE_MOST),
        .dither = config->dither,
        .keep = clamp(config->keep, 0, RW_NS_NEVER / 4),
        .wake_auto = config->wake_auto,
        .ducker_path = ducker,
        .duck = config->duck,
        .watch_output = config->watch_output,
    };
    return RW_OK;
}

enum rw_status rw_player_create(uv_loop_t *loop, const struct rw_voice *voice,
                                const struct rw_player_config *config,
                                struct rw_player_observer observer, struct rw_player **ret_player)
{
    struct rw_player *player = calloc(1, sizeof(*player));
    enum rw_status status = RW_EMEMORY;

    if (!player) {
        return RW_EMEMORY;
    }
    player->loop = loop;
    player->voice = voice;
    player->observer = observer;
    player->expected = RW_NS_NEVER;
    player->open_time = OPEN_GUESS;
    player->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (player->timer < 0) {
        status = RW_EIO;
        goto fail;
    }
    status = copy_config(config, &player->config);
    if (status != RW_OK) {
        goto fail;
    }
    player->latency = player->config.latency_ms * RW_NS_PER_MS;
    if (player->config.wake_auto) {
        player->config.wake = rw_ducking_wake(player);
    }
    if (uv_poll_init(loop, &player->timer_poll, player->timer) != 0) {
        status = RW_EIO;
        goto fail;
    }
    player->timer_poll.data = player;
    uv_poll_start(&player->timer_poll, UV_READABLE, on_timer);
    *ret_player = player;
    return RW_OK;
fail:
    if (player->timer >= 0) {
        close(player->timer);
    }
    free_config(&player->config);
    free(player);
    return status;
}

void rw_player_configure(struct rw_player *player, const struct rw_player_config *config)
{
    struct rw_player_config old = player->config;

    if (copy_config(config, &player->config) != RW_OK) {
        rw_player_note(player, "not enough memory for a new sound configuration");
        return;
    }
    if (player->config.wake_auto) {
        player->config.wake = old.wake_auto ? old.wake : rw_ducking_wake(player);
    }
    if (strcmp(old.engine_path, player->config.engine_path) != 0 ||
        strcmp(old.output, player->config.output) != 0 ||
        old.latency_ms != player->config.latency_ms || old.wake != player->config.wake ||
        old.dither != player->config.dither) {
        player->outdated = true;
        player->latency = player->config.latency_ms * RW_NS_PER_MS;
        player->knows_latency = false;
        player->next_try = 0; /* what failed before may work now */
    }
    free_config(&old);
    rw_player_touch(player);
}

void rw_player_set_volume(struct rw_player *player, double volume_db)
{
    player->volume_db = volume_db < -60 ? -60 : volume_db > 12 ? 12 : volume_db;
    player->tell_volume = true;
    rw_player_touch(player);
}

static void free_paths(char **paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(paths[i]);
    }
    free(paths);
}

enum rw_status rw_player_play_music(struct rw_player *player, const char *const *paths,
                                    size_t count)
{
    char **copies = count > 0 ? calloc(count, sizeof(*copies)) : NULL;

    if (count > 0 && !copies) {
        return RW_EMEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        copies[i] = strdup(paths[i]);
        if (!copies[i]) {
            free_paths(copies, i);
            return RW_EMEMORY;
        }
    }
    rw_tunes_set(&player->tunes, copies, count);
    rw_player_touch(player);
    return RW_OK;
}

void rw_player_rest_music(struct rw_player *player, bool rests)
{
    if (player->tunes.rests != rests) {
        rw_tunes_rest(&player->tunes, rests);
        rw_player_touch(player);
    }
}

/* The file name of what plays or rests. */
static void name_music(struct rw_player *player, char *name, size_t size)
{
    const struct tunes *tunes = &player->tunes;

    name[0] = '\0';
    if (tunes->count > 0) {
        const char *path = tunes->paths[tunes->index], *slash = strrchr(path, '/');
        snprintf(name, size, "%s", slash ? slash + 1 : path);
    }
}

void rw_player_view(struct rw_player *player, struct rw_player_view *ret_view)
{
    rw_keeper_read_page(player);
    *ret_view = player->view;
    ret_view->state = state_of(player);
    ret_view->latency = player->latency;
    name_music(player, ret_view->music, sizeof(ret_view->music));
}

void rw_player_warm(struct rw_player *player, rw_ns until)
{
    if (until > player->warm_until) {
        player->warm_until = until;
    }
    rw_player_touch(player);
}

void rw_player_close(struct rw_player *player, void (*done)(void *context), void *context)
{
    player->closing = true;
    player->done = done;
    player->done_context = context;
    cancel_cues(player, UINT32_MAX);
    rw_beats_cancel(&player->beats, UINT32_MAX);
    rw_tunes_set(&player->tunes, NULL, 0);
    rw_player_touch(player);
}
