#include "state.h"

#include "runwalk/confine/confine.h"

#include <stdio.h>
#include <stdlib.h>

#define LINGER       (60 * RW_NS_PER_SECOND) /* without a cue in sight */
#define LEAVE_GRACE  (800 * RW_NS_PER_MS)
#define TRIES_MOST   5 /* in a row, at an output that may be a new one */
#define RETRY_AFTER  (600 * RW_NS_PER_SECOND)
#define WAKE_UNKNOWN RW_NS_PER_SECOND

struct ducker_child {
    struct rw_player *player; /* NULL: nobody waits for it any more */
    uv_process_t process;
    uv_poll_t poll;
    int socket;
    unsigned open_handles;
};

/* ---- the plan ---- */

struct span {
    rw_ns from, until;
};

static int compare_spans(const void *a, const void *b)
{
    const struct span *one = a, *other = b;
    return one->from < other->from ? -1 : one->from > other->from;
}

void rw_ducking_plan(const struct cues *cues, rw_ns now, struct rw_duck_plan *ret_plan)
{
    struct span spans[RW_WIRE_PLAYS_MAX];
    struct rw_duck_plan plan = {0}; /* all of it, since plans are compared as bytes */
    size_t count = 0;

    for (size_t i = 0; i < cues->count; i++) {
        const struct cue *cue = &cues->list[i];
        rw_ns from = cue->state == CUE_STARTED ? cue->started : cue->play.at;
        rw_ns until = rw_cue_end(cue, from);
        if (!cue->cancelled && from >= 0 && until > now && until > from) {
            spans[count++] = (struct span){from, until};
        }
    }
    qsort(spans, count, sizeof(spans[0]), compare_spans);
    for (size_t i = 0; i < count; i++) {
        if (plan.count > 0 && spans[i].from <= plan.spans[plan.count - 1].until) {
            if (spans[i].until > plan.spans[plan.count - 1].until) {
                plan.spans[plan.count - 1].until = spans[i].until;
            }
        } else if (plan.count < RW_DUCK_SPANS_MAX) {
            plan.spans[plan.count].from = spans[i].from;
            plan.spans[plan.count++].until = spans[i].until;
        }
    }
    *ret_plan = plan;
}

/* ---- debts ---- */

static void forget_debt(struct ducking *ducking, const struct rw_duck_debt *debt)
{
    for (size_t i = ducking->debt_count; i-- > 0;) {
        if (rw_duck_is_same_debt(&ducking->debts[i], debt)) {
            ducking->debts[i] = ducking->debts[--ducking->debt_count];
        }
    }
}

static void note_debt(struct ducking *ducking, const struct rw_duck_debt *debt)
{
    forget_debt(ducking, debt);
    if (ducking->debt_count < RW_DUCK_DEBTS_MAX) {
        ducking->debts[ducking->debt_count++] = *debt;
    }
}

/* ---- the process ---- */

static void complain(struct rw_player *player, const char *why)
{
    if (!player->ducking.has_complained) {
        rw_player_note(player, "the music of others is not lowered: %s", why);
    }
    player->ducking.has_complained = true;
}

static void on_closed(uv_handle_t *handle)
{
    struct ducker_child *child = handle->data;

    if (--child->open_handles == 0) {
        close(child->socket);
        free(child);
    }
}

static void close_handles(struct ducker_child *child)
{
    uv_close((uv_handle_t *)&child->poll, on_closed);
    uv_close((uv_handle_t *)&child->process, on_closed);
}

static void take_sink(struct rw_player *player, const struct rw_duck_sink *sink)
{
    struct ducking *ducking = &player->ducking;

    ducking->failures = 0;
    ducking->has_sink = true;
    ducking->is_bluetooth = sink->is_bluetooth;
    snprintf(player->view.sink, sizeof(player->view.sink), "%s", sink->name);
}

static void take_message(struct rw_player *player, const struct rw_duck_message *message)
{
    switch ((enum rw_duck_type)message->type) {
    case RW_DUCK_OWED:
        note_debt(&player->ducking, &message->debt);
        break;
    case RW_DUCK_PAID:
        forget_debt(&player->ducking, &message->debt);
        break;
    case RW_DUCK_LOST:
        player->view.losses++;
        take_sink(player, &message->sink);
        break;
    case RW_DUCK_SINK:
        take_sink(player, &message->sink);
        break;
    case RW_DUCK_NOTE:
        rw_player_note(player, "%s", message->text);
        break;
    case RW_DUCK_MODE:
    case RW_DUCK_PLAN:
        break;
    }
}

/* False when the other end has closed, or talks nonsense. */
static bool read_messages(struct ducker_child *child)
{
    struct rw_duck_message message;
    enum rw_status status;

    while ((status = rw_duck_receive(child->socket, &message)) == RW_OK) {
        if (child->player) {
            take_message(child->player, &message);
        }
    }
    if (child->player) {
        rw_player_touch(child->player);
    }
    return status == RW_ENOENT;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct ducker_child *child = poll->data;
    (void)events;

    if (status != 0 || !read_messages(child)) {
        uv_poll_stop(poll); /* its end follows */
    }
}

static void on_end(uv_process_t *process, int64_t exit_status, int signal)
{
    struct ducker_child *child = process->data;
    struct rw_player *player = child->player;

    if (player) {
        bool can_read = read_messages(child);
        (void)can_read; /* its last words, and nothing after them */
        player->ducking.child = NULL;
        if (signal != 0 || exit_status != 0) {
            player->ducking.failures++;
            player->ducking.failed_at = rw_player_now();
        }
        if (signal == 0) {
            player->ducking.debt_count = 0; /* paid, or void as there is no server */
        }
        if (signal == 0 && exit_status != 0 && !player->ducking.has_sink) {
            complain(player, "no PulseAudio or PipeWire server answers");
        }
        rw_player_touch(player);
    }
    close_handles(child);
}

static enum rw_status start_process(uv_loop_t *loop, struct ducker_child *child, const char *path,
                                    int socket)
{
    char *arguments[] = {(char *)path, NULL};
    char *environment[RW_CONFINE_ENVIRONMENT_MAX];
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        [RW_DUCK_SOCKET_FD] = {.flags = UV_INHERIT_FD, .data.fd = socket},
    };
    uv_process_options_t options = {
        .file = path,
        .args = arguments,
        .env = environment,
        .stdio = stdio,
        .stdio_count = RW_COUNT(stdio),
        .exit_cb = on_end,
        .flags = UV_PROCESS_DETACHED, /* the terminal's signals are not for it */
    };
    rw_confine_environment(RW_CONFINED_DUCKER, NULL, environment);
    return uv_spawn(loop, &child->process, &options) == 0 ? RW_OK : RW_EIO;
}

static enum rw_status create_child(struct rw_player *player, struct ducker_child **ret_child)
{
    struct ducker_child *child = calloc(1, sizeof(*child));
    int pair[2];

    if (!child) {
        return RW_EMEMORY;
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
        free(child);
        return RW_EIO;
    }
    child->socket = pair[0];
    child->player = player;
    child->process.data = child;
    child->poll.data = child;
    if (uv_poll_init(player->loop, &child->poll, child->socket) != 0) {
        close(pair[0]);
        close(pair[1]);
        free(child);
        return RW_EIO;
    }
    child->open_handles = 2;
    enum rw_status status = start_process(player->loop, child, player->config.ducker_path, pair[1]);
    close(pair[1]);
    if (status != RW_OK) {
        close_handles(child); /* uv_spawn initialises its handle even when it fails */
        return status;
    }
    uv_poll_start(&child->poll, UV_READABLE, on_poll);
    *ret_child = child;
    return RW_OK;
}

/* ---- what it is told ---- */

/* A ducker that does not read gets no second chance: what it is not told makes it useless. */
static void tell(struct ducking *ducking, struct rw_duck_message *message)
{
    if (rw_duck_send(ducking->child->socket, message) == RW_EFULL) {
        uv_process_kill(&ducking->child->process, SIGKILL);
    }
}

static void tell_mode(struct rw_player *player)
{
    struct rw_duck_message message = {.type = RW_DUCK_MODE, .mode = player->config.duck};

    player->ducking.told_mode = player->config.duck;
    tell(&player->ducking, &message);
}

static void tell_plan(struct rw_player *player, rw_ns now)
{
    struct rw_duck_message message = {.type = RW_DUCK_PLAN};

    rw_ducking_plan(&player->cues, now, &message.plan);
    if (memcmp(&message.plan, &player->ducking.told, sizeof(message.plan)) != 0) {
        player->ducking.told = message.plan;
        tell(&player->ducking, &message);
    }
}

static void spawn(struct rw_player *player, rw_ns now)
{
    struct ducking *ducking = &player->ducking;

    if (create_child(player, &ducking->child) != RW_OK) {
        complain(player, "its helper cannot be started");
        ducking->failures++;
        ducking->failed_at = now;
        return;
    }
    ducking->is_leaving = false;
    memset(&ducking->told, 0, sizeof(ducking->told));
    tell_mode(player);
    for (size_t i = 0; i < ducking->debt_count; i++) {
        struct rw_duck_message message = {.type = RW_DUCK_OWED, .debt = ducking->debts[i]};
        tell(ducking, &message);
    }
}

/* ---- decisions ---- */

static bool is_used(const struct rw_player *player)
{
    const struct rw_player_config *config = &player->config;

    return config->ducker_path && strcmp(config->output, "null") != 0 &&
           (config->duck != RW_DUCK_NOTHING || config->wake_auto || config->watch_output);
}

static bool is_wanted(const struct rw_player *player, rw_ns now)
{
    bool has_cue = player->cues.count > 0 || player->expected != RW_NS_NEVER ||
                   now < player->warm_until || player->phase != ENGINE_NONE;

    return is_used(player) && !player->closing && (has_cue || player->ducking.debt_count > 0);
}

/* After a failure only an output that works gives hope; there is no timer for it. */
static bool may_try(const struct rw_player *player, rw_ns now)
{
    const struct ducking *ducking = &player->ducking;

    if (ducking->failures == 0 || (ducking->debt_count > 0 && ducking->failures < TRIES_MOST)) {
        return true;
    }
    return player->phase == ENGINE_READY && player->ready_at > ducking->failed_at &&
           (ducking->failures < TRIES_MOST || now - ducking->failed_at > RETRY_AFTER);
}

static rw_ns let_go(struct ducking *ducking, rw_ns now)
{
    if (!ducking->is_leaving) {
        ducking->is_leaving = true;
        ducking->leave_by = now + LEAVE_GRACE;
        shutdown(ducking->child->socket, SHUT_WR);
    }
    if (now < ducking->leave_by) {
        return ducking->leave_by;
    }
    /* It waits for a server that hangs, and goes when it has answered; we need not. */
    ducking->child->player = NULL;
    ducking->child = NULL;
    return now;
}

/* When a ducker that nobody needs may go. */
static rw_ns idle_until(struct rw_player *player, rw_ns now)
{
    struct ducking *ducking = &player->ducking;

    if (is_wanted(player, now)) {
        ducking->idle_since = 0;
        return RW_NS_NEVER;
    }
    if (ducking->idle_since == 0) {
        ducking->idle_since = now;
    }
    return player->closing || !is_used(player) ? now : ducking->idle_since + LINGER;
}

rw_ns rw_ducking_wake(const struct rw_player *player)
{
    const struct ducking *ducking = &player->ducking;

    if (ducking->has_sink) {
        return ducking->is_bluetooth ? WAKE_UNKNOWN : 0;
    }
    return ducking->failures > 0 ? 0 : WAKE_UNKNOWN;
}

bool rw_ducking_is_over(const struct rw_player *player)
{
    return player->ducking.child == NULL;
}

rw_ns rw_ducking_update(struct rw_player *player, rw_ns now)
{
    struct ducking *ducking = &player->ducking;

    if (player->announces != (player->tunes.count == 0) &&
        (player->phase == ENGINE_STARTING || player->phase == ENGINE_READY) && !player->outdated) {
        player->outdated = true; /* a stream cannot change what it says of itself */
        rw_player_touch(player);
    }
    /* An engine that runs has been told of its lead-in; the next one gets what is known then. */
    if (player->config.wake_auto && player->phase == ENGINE_NONE) {
        player->config.wake = rw_ducking_wake(player);
    }
    if (!ducking->child) {
        if (!is_wanted(player, now) || !may_try(player, now)) {
            return RW_NS_NEVER;
        }
        spawn(player, now);
        if (!ducking->child) {
            return RW_NS_NEVER;
        }
    }
    rw_ns idle = idle_until(player, now);
    if (ducking->is_leaving || now >= idle) {
        return let_go(ducking, now);
    }
    if (ducking->told_mode != player->config.duck) {
        tell_mode(player);
    }
    tell_plan(player, now);
    return idle;
}
