/*
 * watch: the run as it goes on. One loop over keys, signals and the daemon's events; between
 * events it only looks at its own clock, so that the daemon sleeps.
 */

#include "load.h"
#include "remote.h"
#include "terminal.h"
#include "watch_lines.h"
#include "watch_model.h"
#include "watch_parts.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define CALL_TIMEOUT_MS    1500
#define CONNECT_TIMEOUT_MS 300
#define RETRY_MS           1000
#define MESSAGE_MS         4000
#define HOLD_MS            1000 /* a key that came so lately may still be held down */
#define FRAME_MS           40   /* smooth enough; and kind to a slow line */
#define CTRL_C             0x03
#define CTRL_L             0x0C
#define CTRL_Z             0x1A
#define ESCAPE             0x1B

struct watch {
    const struct rw_invocation *invocation;
    const char *socket;
    struct rw_client *client; /* NULL: lost; tried again at `retry_at` */
    int64_t retry_at;
    struct rw_watch_state state;
    int64_t message_until;
    int64_t minus_at;      /* when `-` came last, */
    int64_t minus_step_ms; /* and where the step began that it shortened */

    struct rw_terminal terminal;
    int signals;
    bool ascii;
    struct rw_canvas *canvas, *shown; /* `shown` is NULL when the screen's content is unknown */
    int64_t drawn_at;
    bool is_over;
    bool has_result; /* what the run that is over came to has been asked for */
};

static void message_set(struct watch *watch, const char *text)
{
    rw_text_clean(text, watch->state.message, sizeof watch->state.message);
    watch->message_until = rw_boot_ms() + MESSAGE_MS;
}

/* WHY is what the last dealing with the connection came to. */
static void connection_drop(struct watch *watch, enum rw_status why)
{
    rw_client_destroy(watch->client);
    watch->client = NULL;
    watch->retry_at = rw_boot_ms() + RETRY_MS;
    watch->state.phase = RW_WATCH_LOST;
    watch->state.asks_to_leave = false;
    watch->state.has_ended = why == RW_EIO;
}

/* Calls METHOD and takes over the status that answers it; a refusal becomes a message. */
static bool status_ask(struct watch *watch, const char *method, json_t *params)
{
    json_t *answer = NULL;
    enum rw_status status =
        watch->client ? rw_client_call(watch->client, method, params, CALL_TIMEOUT_MS, &answer)
                      : RW_EIO;
    json_decref(params);
    switch (status) {
    case RW_OK:
        rw_watch_take_status(&watch->state, answer);
        break;
    case RW_ESTATE:
        message_set(watch, rw_client_message(answer));
        break;
    case RW_ETIMEOUT:
        message_set(watch, "The daemon does not answer in time.");
        break;
    case RW_EMEMORY:
    case RW_EINVALID:
    case RW_ELIMIT:
    case RW_ENOENT:
    case RW_EIO:
    case RW_EFULL:
        if (watch->client) {
            connection_drop(watch, status);
        }
        break;
    }
    json_decref(answer);
    return status == RW_OK;
}

static bool connection_open(struct watch *watch)
{
    if (rw_client_connect(watch->socket, CONNECT_TIMEOUT_MS, &watch->client) != RW_OK) {
        watch->client = NULL;
        watch->retry_at = rw_boot_ms() + RETRY_MS;
        return false;
    }
    if (!status_ask(watch, "subscribe", json_pack("{s:b}", "blocks", 1))) {
        if (watch->client) { /* it answers, but not this */
            connection_drop(watch, RW_ETIMEOUT);
        }
        return false;
    }
    return true;
}

/* Takes what events have come; true when the course of the session may have changed. */
static bool events_drain(struct watch *watch)
{
    bool wants_blocks = false;
    while (watch->client) {
        json_t *event;
        enum rw_status status = rw_client_next_event(watch->client, 0, &event);
        if (status == RW_ETIMEOUT) {
            break;
        }
        if (status != RW_OK) {
            connection_drop(watch, status);
            return false;
        }
        wants_blocks |= rw_watch_take_event(&watch->state, event);
        json_decref(event);
    }
    return wants_blocks;
}

/* Until no event is left, also of those that come while the daemon is asked. */
static void events_take(struct watch *watch)
{
    while (events_drain(watch)) {
        status_ask(watch, "session.status", json_pack("{s:b}", "blocks", 1));
    }
}

static void result_follow(struct watch *watch)
{
    bool is_over = rw_watch_is_over(watch->state.phase);
    if (is_over && !watch->has_result && watch->client) {
        rw_watch_result(watch->client, &watch->state);
    }
    watch->has_result = is_over;
}

static void screen_draw(struct watch *watch)
{
    unsigned columns, rows;
    rw_terminal_size(watch->terminal.output, &columns, &rows);
    if (!watch->canvas) {
        watch->canvas = rw_canvas_create(columns, rows);
    }
    if (!watch->canvas) {
        return;
    }
    watch->drawn_at = rw_boot_ms();
    rw_watch_draw(watch->canvas, &watch->state, watch->drawn_at);
    size_t size;
    char *bytes = rw_canvas_encode(watch->canvas, watch->shown, watch->invocation->palette,
                                   watch->ascii, &size);
    if (!bytes) {
        return;
    }
    if (rw_terminal_write(&watch->terminal, bytes, size) != RW_OK) {
        watch->is_over = true;
    }
    free(bytes);
    struct rw_canvas *drawn = watch->canvas;
    watch->canvas = watch->shown;
    watch->shown = drawn;
}

/* Forgets what the screen shows: after a change of size, or a foreign hand. */
static void screen_forget(struct watch *watch)
{
    rw_canvas_destroy(watch->canvas);
    rw_canvas_destroy(watch->shown);
    watch->canvas = watch->shown = NULL;
}

static void run_stop(struct watch *watch)
{
    watch->state.asks_to_leave = false;
    if (status_ask(watch, "session.stop", NULL)) {
        watch->is_over = true;
    }
}

static void question_answer(struct watch *watch, int key)
{
    watch->state.asks_to_leave = false;
    if (key == 'l' || key == 'L' || key == 'q') {
        watch->is_over = true;
    } else if (key == 's' || key == 'S' || key == CTRL_C) {
        run_stop(watch);
    }
}

static void suspend(struct watch *watch)
{
    rw_terminal_leave(&watch->terminal);
    raise(SIGSTOP);
    int input = watch->terminal.input;
    int output = watch->terminal.output;
    if (rw_terminal_enter(&watch->terminal, input, output) != RW_OK) {
        watch->is_over = true;
    }
    screen_forget(watch);
}

/* A `-` that was held down until its step was over must not eat the next one too. */
static void step_shorten(struct watch *watch)
{
    events_take(watch);
    int64_t now = rw_boot_ms();
    int64_t step_ms = watch->state.current.start_ms;
    bool is_held = now < watch->minus_at + HOLD_MS;
    watch->minus_at = now;
    if (is_held && step_ms != watch->minus_step_ms) {
        message_set(watch, "A new step has begun. Let go of -, then it shortens this one.");
        return;
    }
    watch->minus_step_ms = step_ms;
    status_ask(watch, "session.shorten", NULL);
}

static void key_obey(struct watch *watch, int key)
{
    if (watch->state.asks_to_leave) {
        question_answer(watch, key);
        return;
    }
    switch (key) {
    case ' ':
    case 'p':
        status_ask(watch, "session.toggle", NULL);
        break;
    case 's':
        status_ask(watch, "session.skip", NULL);
        break;
    case 'r':
        status_ask(watch, "session.rest", NULL);
        break;
    case 'y':
        status_ask(watch, "session.ready", NULL);
        break;
    case 'b':
        status_ask(watch, "session.back", NULL);
        break;
    case '+':
    case '=': /* the same key without shift */
        status_ask(watch, "session.extend", NULL);
        break;
    case '-':
        step_shorten(watch);
        break;
    case 'q':
        watch->is_over = true;
        break;
    case CTRL_C:
        watch->state.asks_to_leave = rw_watch_is_on(&watch->state);
        watch->is_over = !watch->state.asks_to_leave;
        break;
    case CTRL_Z:
        suspend(watch);
        break;
    case CTRL_L:
        screen_forget(watch);
        break;
    default:
        break;
    }
}

/* The arrows mean skip and back; every other sequence of a special key means nothing. */
static size_t sequence_obey(struct watch *watch, const char *bytes, size_t size)
{
    size_t length = 2;
    while (length < size && (bytes[length] < 0x40 || bytes[length] == 0x7F)) {
        length++;
    }
    if (length == 2 && size > 2 && bytes[2] == 'C') {
        key_obey(watch, 's');
    } else if (length == 2 && size > 2 && bytes[2] == 'D') {
        key_obey(watch, 'b');
    }
    return length < size ? length + 1 : size;
}

static void keys_read(struct watch *watch)
{
    char bytes[64];
    ssize_t size = read(watch->terminal.input, bytes, sizeof bytes);
    if (size <= 0) {
        watch->is_over = size == 0 || errno != EINTR;
        return;
    }
    for (size_t i = 0; i < (size_t)size && !watch->is_over;) {
        size_t rest = (size_t)size - i;
        if (bytes[i] == ESCAPE && rest > 1 && (bytes[i + 1] == '[' || bytes[i + 1] == 'O')) {
            i += sequence_obey(watch, bytes + i, rest);
        } else {
            key_obey(watch, bytes[i++]);
        }
    }
}

static void signal_read(struct watch *watch)
{
    struct signalfd_siginfo info;
    if (read(watch->signals, &info, sizeof info) != sizeof info) {
        return;
    }
    switch (info.ssi_signo) {
    case SIGWINCH:
        screen_forget(watch);
        break;
    case SIGINT:
        key_obey(watch, CTRL_C);
        break;
    default:
        watch->is_over = true;
        break;
    }
}

/* How long nothing will happen by itself, in milliseconds; -1: for ever. */
static int quiet_time(const struct watch *watch, int64_t now)
{
    int64_t next = INT64_MAX;
    if (watch->shown) {
        next = rw_watch_next_change(&watch->state, now, watch->shown->columns);
        /* Not before the last frame has been looked at. */
        next = next < watch->drawn_at + FRAME_MS ? watch->drawn_at + FRAME_MS : next;
    }
    if (!watch->client && watch->retry_at < next) {
        next = watch->retry_at;
    }
    if (watch->state.message[0] != '\0' && watch->message_until < next) {
        next = watch->message_until;
    }
    if (next == INT64_MAX) {
        return -1;
    }
    return next <= now ? 0 : next - now > 60000 ? 60000 : (int)(next - now);
}

static void watch_loop(struct watch *watch)
{
    while (!watch->is_over) {
        events_take(watch);
        int64_t now = rw_boot_ms();
        if (!watch->client && now >= watch->retry_at) {
            connection_open(watch);
        }
        if (watch->state.message[0] != '\0' && now >= watch->message_until) {
            watch->state.message[0] = '\0';
        }
        result_follow(watch);
        screen_draw(watch);

        struct pollfd sources[] = {
            {.fd = watch->terminal.input, .events = POLLIN},
            {.fd = watch->signals, .events = POLLIN},
            {.fd = watch->client ? rw_client_fd(watch->client) : -1, .events = POLLIN},
        };
        if (poll(sources, RW_COUNT(sources), quiet_time(watch, rw_boot_ms())) < 0 &&
            errno != EINTR) {
            watch->is_over = true;
        }
        if (sources[0].revents != 0) {
            keys_read(watch);
        }
        if (sources[1].revents != 0) {
            signal_read(watch);
        }
    }
}

/* The signals that would leave the terminal as it is are taken as events instead. */
static enum rw_status signals_take(struct watch *watch, sigset_t *ret_before)
{
    static const int taken[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < RW_COUNT(taken); i++) {
        sigaddset(&set, taken[i]);
    }
    if (sigprocmask(SIG_BLOCK, &set, ret_before) != 0) {
        return RW_EIO;
    }
    watch->signals = signalfd(-1, &set, SFD_CLOEXEC);
    return watch->signals < 0 ? RW_EIO : RW_OK;
}

static enum rw_exit watch_live(struct watch *watch)
{
    sigset_t before;
    sigemptyset(&before);
    enum rw_status status = signals_take(watch, &before);
    if (status == RW_OK) {
        status = rw_terminal_enter(&watch->terminal, STDIN_FILENO, STDOUT_FILENO);
    }
    if (status == RW_OK) {
        watch_loop(watch);
    }
    int reason = errno;
    rw_terminal_leave(&watch->terminal);
    if (watch->signals >= 0) {
        close(watch->signals);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    screen_forget(watch);
    if (status != RW_OK) {
        return rw_fail(watch->invocation, RW_EXIT_IO, "the terminal cannot be used: %s",
                       strerror(reason));
    }
    FILE *out = watch->invocation->out;
    if (rw_watch_is_over(watch->state.phase)) {
        char line[512];
        rw_watch_line(&watch->state, rw_boot_ms(), line, sizeof line);
        result_follow(watch);
        fprintf(out, "%s\n", line);
        rw_watch_result_print(out, &watch->state);
    } else if (rw_watch_is_on(&watch->state)) {
        fputs("The run goes on. `runwalk watch` shows it, `runwalk stop` ends it.\n", out);
    }
    return RW_EXIT_OK;
}

enum rw_exit rw_verb_watch(const struct rw_invocation *invocation)
{
    struct watch watch = {
        .invocation = invocation,
        .ascii = rw_arguments_has(&invocation->arguments, "ascii") || rw_terminal_is_ascii(),
        .signals = -1,
    };
    /* The first connection is made like any other verb's, with its messages and exit codes. */
    json_t *snapshot;
    enum rw_exit exit = rw_remote_connect(invocation, &watch.client);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_remote_call(invocation, watch.client, "subscribe", json_pack("{s:b}", "blocks", 1),
                          RW_REMOTE_TIMEOUT_MS, &snapshot);
    struct rw_paths *paths = NULL;
    if (exit == RW_EXIT_OK) {
        exit = rw_load_paths(invocation, &paths);
    }
    if (exit == RW_EXIT_OK) {
        watch.socket = rw_paths_socket(paths);
        rw_watch_take_status(&watch.state, snapshot);
        if (rw_arguments_has(&invocation->arguments, "json")) {
            exit = rw_watch_json(invocation, watch.client, snapshot);
        } else if (rw_arguments_has(&invocation->arguments, "lines") || !invocation->can_draw ||
                   !isatty(STDIN_FILENO)) {
            exit = rw_watch_lines(invocation, watch.client, &watch.state);
        } else {
            exit = watch_live(&watch);
        }
        json_decref(snapshot);
    }
    rw_paths_destroy(paths);
    rw_client_destroy(watch.client);
    return exit;
}
