#include "ducker.h"

#include "policy.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* A cue this soon after another finds the music still down: it must not pump. */
#define HOLD_LOWERED RW_NS_PER_SECOND
#define HOLD_PAUSED  (3 * RW_NS_PER_SECOND)
/* For a server that hangs: what is lowered there cannot be given back sooner. */
#define LEAVE_MOST (60 * RW_NS_PER_SECOND)

static rw_ns boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

static void arm(struct ducker *ducker, rw_ns at)
{
    struct itimerspec when = {0};

    if (at != RW_NS_NEVER) {
        when.it_value.tv_sec = at / RW_NS_PER_SECOND;
        when.it_value.tv_nsec = at % RW_NS_PER_SECOND;
    }
    timerfd_settime(ducker->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void rw_ducker_tell(struct ducker *ducker, struct rw_duck_message *message)
{
    if (rw_duck_send(ducker->socket, message) != RW_OK) {
        return; /* its end is seen where messages are read */
    }
}

void rw_ducker_note(struct ducker *ducker, const char *text)
{
    struct rw_duck_message message = {.type = RW_DUCK_NOTE};

    snprintf(message.text, sizeof(message.text), "%s", text);
    rw_ducker_tell(ducker, &message);
}

void rw_ducker_leave_it(pa_operation *operation)
{
    if (operation) {
        pa_operation_unref(operation);
    }
}

int rw_ducker_depth(const struct ducker *ducker)
{
    bool lowers = ducker->mode == RW_DUCK_LOWER && !ducker->server_announces && !ducker->is_leaving;
    return lowers ? ducker->ramp.depth_mb : 0;
}

void rw_ducker_settle(struct ducker *ducker)
{
    if (ducker->is_leaving && rw_streams_are_settled(ducker) &&
        rw_players_are_settled(&ducker->players)) {
        pa_mainloop_quit(ducker->loop, 0);
    }
}

/* ---- time ---- */

static void update(struct ducker *ducker)
{
    int before = rw_ducker_depth(ducker);

    ducker->ramp.hold = ducker->mode == RW_DUCK_PAUSE ? HOLD_PAUSED : HOLD_LOWERED;
    arm(ducker, rw_ramp_update(&ducker->ramp, &ducker->plan, boot_now()));

    int depth = rw_ducker_depth(ducker);
    if (ducker->is_connected && depth != before) {
        rw_streams_apply(ducker);
        if (before == 0) {
            rw_ducker_look(ducker);
        }
    }
    bool is_down = ducker->mode == RW_DUCK_PAUSE && ducker->ramp.down;
    if (is_down != ducker->players.is_down) {
        if (is_down) {
            rw_players_pause(ducker);
        } else {
            rw_players_resume(ducker);
        }
    }
}

static void leave(struct ducker *ducker)
{
    if (ducker->is_leaving) {
        return;
    }
    ducker->is_leaving = true;
    ducker->plan.count = 0;
    if (ducker->is_connected) {
        rw_streams_apply(ducker);
    }
    rw_players_resume(ducker);
    arm(ducker, boot_now() + LEAVE_MOST);
    rw_ducker_settle(ducker);
}

static void timer_due(pa_mainloop_api *api, pa_io_event *io, int fd, pa_io_event_flags_t flags,
                      void *userdata)
{
    struct ducker *ducker = userdata;
    uint64_t expirations;
    (void)api;
    (void)io;
    (void)flags;

    if (read(fd, &expirations, sizeof(expirations)) < 0) {
        return; /* set anew meanwhile */
    }
    if (ducker->is_leaving) {
        pa_mainloop_quit(ducker->loop, 0);
    } else {
        update(ducker);
    }
}

static void signal_came(pa_mainloop_api *api, pa_io_event *io, int fd, pa_io_event_flags_t flags,
                        void *userdata)
{
    struct signalfd_siginfo info;
    (void)api;
    (void)io;
    (void)flags;

    if (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info) && info.ssi_signo != SIGHUP) {
        leave(userdata);
    }
}

/* ---- the sound server ---- */

/* A question about one stream. */
struct question {
    struct ducker *ducker;
    unsigned steps; /* that it had been given before */
};

static void see_stream(struct ducker *ducker, const pa_sink_input_info *info, unsigned steps)
{
    const char *program = pa_proplist_gets(info->proplist, PA_PROP_APPLICATION_PROCESS_BINARY);
    if (program && strcmp(program, "runwalk-engine") == 0) {
        rw_watch_see_stream(ducker, info);
    } else if (!program || strcmp(program, "runwalk") != 0) {
        rw_streams_see(ducker, info, steps);
    }
}

static void see_one(pa_context *context, const pa_sink_input_info *info, int end, void *userdata)
{
    struct question *question = userdata;
    (void)context;

    if (end == 0) {
        see_stream(question->ducker, info, question->steps);
    } else {
        free(question);
    }
}

static void ask_stream(struct ducker *ducker, uint32_t index)
{
    struct question *question = malloc(sizeof(*question));

    if (!question) {
        return; /* its next change asks again */
    }
    *question = (struct question){ducker, rw_streams_steps(ducker, index)};
    pa_operation *operation =
        pa_context_get_sink_input_info(ducker->context, index, see_one, question);
    if (!operation) {
        free(question);
    }
    rw_ducker_leave_it(operation);
}

static void see_listed(pa_context *context, const pa_sink_input_info *info, int end, void *userdata)
{
    (void)context;
    if (end == 0) {
        see_stream(userdata, info, 0);
    }
}

void rw_ducker_look(struct ducker *ducker)
{
    rw_ducker_leave_it(pa_context_get_sink_input_info_list(ducker->context, see_listed, ducker));
}

static void see_module(pa_context *context, const pa_module_info *info, int end, void *userdata)
{
    struct ducker *ducker = userdata;
    (void)context;

    if (end == 0) {
        ducker->has_announced |= rw_policy_announces(info->name, info->argument);
        return;
    }
    ducker->server_announces = ducker->has_announced;
    if (ducker->is_connected) {
        rw_streams_apply(ducker);
    } else {
        ducker->is_connected = true;
        rw_streams_claim(ducker);
        rw_watch_ask(ducker);
        rw_ducker_look(ducker);
        update(ducker);
    }
}

static void ask_modules(struct ducker *ducker)
{
    ducker->has_announced = false;
    rw_ducker_leave_it(pa_context_get_module_info_list(ducker->context, see_module, ducker));
}

static void stream_event(struct ducker *ducker, unsigned type, uint32_t index)
{
    if (type == PA_SUBSCRIPTION_EVENT_REMOVE) {
        rw_streams_see_end(ducker, index);
        rw_watch_see_stream_end(ducker, index);
        return;
    }
    bool is_known = rw_streams_steps(ducker, index) > 0 || index == ducker->watch.own;
    if (type == PA_SUBSCRIPTION_EVENT_NEW || is_known || rw_ducker_depth(ducker) > 0) {
        ask_stream(ducker, index);
    }
}

static void sink_event(struct ducker *ducker, unsigned type, uint32_t index)
{
    if (type == PA_SUBSCRIPTION_EVENT_REMOVE) {
        rw_watch_see_sink_end(ducker, index);
    } else if (type == PA_SUBSCRIPTION_EVENT_NEW) {
        rw_watch_see_server(ducker);
    } else {
        rw_watch_see_sink(ducker, index);
    }
}

static void event_came(pa_context *context, pa_subscription_event_type_t event, uint32_t index,
                       void *userdata)
{
    struct ducker *ducker = userdata;
    unsigned type = event & PA_SUBSCRIPTION_EVENT_TYPE_MASK;
    (void)context;

    switch (event & PA_SUBSCRIPTION_EVENT_FACILITY_MASK) {
    case PA_SUBSCRIPTION_EVENT_SINK_INPUT:
        stream_event(ducker, type, index);
        break;
    case PA_SUBSCRIPTION_EVENT_SINK:
        sink_event(ducker, type, index);
        break;
    case PA_SUBSCRIPTION_EVENT_SERVER:
        rw_watch_see_server(ducker);
        break;
    case PA_SUBSCRIPTION_EVENT_MODULE:
        ask_modules(ducker);
        break;
    }
}

static void see_server(pa_context *context, const pa_server_info *info, void *userdata)
{
    struct ducker *ducker = userdata;
    (void)context;

    if (info) {
        ducker->server = info->cookie;
        ask_modules(ducker);
    }
}

static void become_connected(struct ducker *ducker)
{
    pa_subscription_mask_t mask = PA_SUBSCRIPTION_MASK_SINK_INPUT | PA_SUBSCRIPTION_MASK_SINK |
                                  PA_SUBSCRIPTION_MASK_SERVER | PA_SUBSCRIPTION_MASK_MODULE;

    pa_context_set_subscribe_callback(ducker->context, event_came, ducker);
    rw_ducker_leave_it(pa_context_subscribe(ducker->context, mask, NULL, NULL));
    rw_ducker_leave_it(pa_context_get_server_info(ducker->context, see_server, ducker));
}

/* Without a server there is nothing to lower; but a player may still be paused. */
static void lose_server(struct ducker *ducker)
{
    ducker->is_broken = true;
    ducker->is_connected = false;
    rw_streams_give_up(ducker);
    leave(ducker);
    rw_ducker_settle(ducker); /* it may have been leaving already, and waited for the server */
}

static void context_changed(pa_context *context, void *userdata)
{
    struct ducker *ducker = userdata;
    pa_context_state_t state = pa_context_get_state(context);

    if (state == PA_CONTEXT_READY) {
        become_connected(ducker);
    } else if (!PA_CONTEXT_IS_GOOD(state) && !ducker->is_broken) {
        lose_server(ducker);
    }
}

/* Never starts a server; one that hangs is waited for without an end. */
static void connect_server(struct ducker *ducker)
{
    ducker->context = pa_context_new(ducker->api, "runwalk");
    if (!ducker->context) {
        lose_server(ducker);
        return;
    }
    pa_context_set_state_callback(ducker->context, context_changed, ducker);
    if (pa_context_connect(ducker->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0 &&
        !ducker->is_broken) {
        lose_server(ducker);
    }
}

/* ---- the player ---- */

static void take_mode(struct ducker *ducker, enum rw_duck_mode mode)
{
    ducker->mode = mode;
    if (ducker->is_connected) {
        rw_streams_apply(ducker);
        rw_ducker_look(ducker);
    }
    update(ducker);
}

static void take_message(struct ducker *ducker, const struct rw_duck_message *message)
{
    switch ((enum rw_duck_type)message->type) {
    case RW_DUCK_MODE:
        take_mode(ducker, (enum rw_duck_mode)message->mode);
        return;
    case RW_DUCK_PLAN:
        ducker->plan = message->plan;
        update(ducker);
        return;
    case RW_DUCK_OWED:
        if (message->debt.kind == RW_DUCK_STREAM) {
            rw_streams_owe(ducker, &message->debt);
        } else {
            rw_players_owe(ducker, message->debt.name);
        }
        return;
    case RW_DUCK_PAID:
    case RW_DUCK_SINK:
    case RW_DUCK_LOST:
    case RW_DUCK_NOTE:
        return;
    }
}

static void player_told(pa_mainloop_api *api, pa_io_event *io, int fd, pa_io_event_flags_t flags,
                        void *userdata)
{
    struct ducker *ducker = userdata;
    struct rw_duck_message message;
    enum rw_status status = RW_OK;
    (void)flags;

    while (!ducker->is_leaving && (status = rw_duck_receive(fd, &message)) == RW_OK) {
        take_message(ducker, &message);
    }
    if (status != RW_OK && status != RW_ENOENT) {
        api->io_enable(io, PA_IO_EVENT_NULL); /* the daemon is gone, however it went */
        leave(ducker);
    } else if (!ducker->context) {
        connect_server(ducker); /* only now, when it is known what an earlier ducker has left */
    }
}

/* ---- life ---- */

static int open_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return -1;
    }
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static bool watch_descriptors(struct ducker *ducker)
{
    pa_mainloop_api *api = ducker->api;

    return api->io_new(api, ducker->socket, PA_IO_EVENT_INPUT, player_told, ducker) &&
           api->io_new(api, ducker->timer, PA_IO_EVENT_INPUT, timer_due, ducker) &&
           api->io_new(api, ducker->signals, PA_IO_EVENT_INPUT, signal_came, ducker);
}

static void finish(struct ducker *ducker)
{
    rw_players_finish(ducker);
    if (ducker->context) {
        pa_context_set_state_callback(ducker->context, NULL, NULL);
        pa_context_disconnect(ducker->context);
        pa_context_unref(ducker->context);
    }
    if (ducker->loop) {
        pa_mainloop_free(ducker->loop);
    }
    if (ducker->timer >= 0) {
        close(ducker->timer);
    }
    if (ducker->signals >= 0) {
        close(ducker->signals);
    }
}

enum rw_status rw_ducker_run(int socket)
{
    struct ducker ducker = {
        .socket = socket,
        .timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC),
        .signals = open_signals(),
        .loop = pa_mainloop_new(),
    };
    enum rw_status status = RW_EIO;
    int result;

    rw_watch_init(&ducker.watch);
    if (ducker.loop && ducker.timer >= 0 && ducker.signals >= 0) {
        ducker.api = pa_mainloop_get_api(ducker.loop);
        if (watch_descriptors(&ducker) && pa_mainloop_run(ducker.loop, &result) >= 0) {
            status = ducker.is_broken ? RW_EIO : RW_OK;
        }
    }
    finish(&ducker);
    return status;
}
