#include "inhibitor.h"

#include "runwalk/confine/confine.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct rw_inhibitor {
    uv_loop_t *loop;
    const char *path;
    void (*changed)(void *context);
    void *context;
    bool is_wanted;
    int held; /* the descriptor that keeps the device awake, or -1 */
    char problem[128];

    /* One question at a time: its process, and our end of its socket. */
    uv_process_t process;
    uv_poll_t poll;
    int socket;
    unsigned open_handles; /* 0: no question is out */
    bool is_answered;
    bool is_given_up;

    void (*closed)(void *context); /* set: closing */
    void *closed_context;
};

static void question_ask(struct rw_inhibitor *inhibitor);

static void problem_set(struct rw_inhibitor *inhibitor, const char *problem)
{
    snprintf(inhibitor->problem, sizeof inhibitor->problem, "%s", problem);
}

static void held_release(struct rw_inhibitor *inhibitor)
{
    if (inhibitor->held >= 0) {
        close(inhibitor->held);
        inhibitor->held = -1;
    }
}

/* The first descriptor of MESSAGE, or -1; others are closed by nobody sending them. */
static int descriptor_get(struct msghdr *message)
{
    int fd = -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof fd)) {
        memcpy(&fd, CMSG_DATA(header), sizeof fd);
    }
    return fd;
}

/* Takes the one message of the process, if it has come. */
static void answer_take(struct rw_inhibitor *inhibitor)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    char problem[sizeof inhibitor->problem];
    struct iovec text = {.iov_base = problem, .iov_len = sizeof problem - 1};
    struct msghdr message = {
        .msg_iov = &text,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    ssize_t size = recvmsg(inhibitor->socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size <= 0) {
        return;
    }
    problem[size] = '\0';
    int fd = descriptor_get(&message);
    if (!inhibitor->is_wanted || inhibitor->held >= 0) {
        if (fd >= 0) {
            close(fd);
        }
    } else if (fd >= 0) {
        inhibitor->held = fd;
    } else {
        problem_set(inhibitor, problem);
    }
    inhibitor->is_answered = true;
}

static void inhibitor_free_if_closed(struct rw_inhibitor *inhibitor)
{
    if (inhibitor->closed && inhibitor->open_handles == 0) {
        void (*closed)(void *context) = inhibitor->closed;
        void *context = inhibitor->closed_context;
        free(inhibitor);
        closed(context);
    }
}

static void handle_closed(uv_handle_t *handle)
{
    struct rw_inhibitor *inhibitor = handle->data;
    if (--inhibitor->open_handles > 0) {
        return;
    }
    close(inhibitor->socket);
    inhibitor->socket = -1;
    if (!inhibitor->closed && inhibitor->is_wanted && inhibitor->held < 0 &&
        !inhibitor->problem[0]) {
        question_ask(inhibitor); /* it was given up, and is wanted again */
        inhibitor->changed(inhibitor->context);
    }
    inhibitor_free_if_closed(inhibitor);
}

static void question_end(struct rw_inhibitor *inhibitor)
{
    uv_close((uv_handle_t *)&inhibitor->poll, handle_closed);
    uv_close((uv_handle_t *)&inhibitor->process, handle_closed);
}

static void process_ended(uv_process_t *process, int64_t status, int number)
{
    struct rw_inhibitor *inhibitor = process->data;
    (void)status;
    answer_take(inhibitor);
    (void)number;
    if (!inhibitor->is_answered && !inhibitor->is_given_up) {
        problem_set(inhibitor, "logind did not answer");
    }
    question_end(inhibitor);
    if (!inhibitor->closed) {
        inhibitor->changed(inhibitor->context);
    }
}

static void socket_ready(uv_poll_t *poll, int status, int events)
{
    struct rw_inhibitor *inhibitor = poll->data;
    (void)status;
    (void)events;
    answer_take(inhibitor);
    uv_poll_stop(poll); /* there is one message, or its end, which the process's own end tells */
    if (inhibitor->is_answered && !inhibitor->closed) {
        inhibitor->changed(inhibitor->context);
    }
}

static int process_spawn(struct rw_inhibitor *inhibitor, int socket)
{
    char *arguments[] = {(char *)(uintptr_t)inhibitor->path, NULL};
    char *environment[RW_CONFINE_ENVIRONMENT_MAX];
    uv_stdio_container_t stdio[] = {
        {.flags = UV_INHERIT_FD, .data.fd = socket},
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
    };
    uv_process_options_t options = {
        .file = inhibitor->path,
        .args = arguments,
        .env = environment,
        .stdio = stdio,
        .stdio_count = RW_COUNT(stdio),
        .exit_cb = process_ended,
        .flags = UV_PROCESS_DETACHED, /* the terminal's signals are not for it */
    };
    rw_confine_environment(RW_CONFINED_INHIBIT, NULL, environment);
    return uv_spawn(inhibitor->loop, &inhibitor->process, &options);
}

static void question_ask(struct rw_inhibitor *inhibitor)
{
    int pair[2];
    inhibitor->is_answered = inhibitor->is_given_up = false;
    inhibitor->problem[0] = '\0';
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
        problem_set(inhibitor, strerror(errno));
        return;
    }
    if (uv_poll_init(inhibitor->loop, &inhibitor->poll, pair[0]) != 0) {
        problem_set(inhibitor, "memory is short");
        close(pair[0]);
        close(pair[1]);
        return;
    }
    inhibitor->socket = pair[0];
    inhibitor->poll.data = inhibitor->process.data = inhibitor;
    inhibitor->open_handles = 2;
    int error = process_spawn(inhibitor, pair[1]);
    close(pair[1]);
    if (error == 0) {
        error = uv_poll_start(&inhibitor->poll, UV_READABLE, socket_ready);
        if (error != 0) {
            uv_process_kill(&inhibitor->process, SIGTERM); /* its end says that it failed */
        }
        return;
    }
    problem_set(inhibitor, "runwalk-inhibit cannot be started; install runwalk again");
    question_end(inhibitor); /* uv_spawn initialises its handle even when it fails */
}

enum rw_status rw_inhibitor_create(uv_loop_t *loop, const char *path,
                                   void (*changed)(void *context), void *context,
                                   struct rw_inhibitor **ret_inhibitor)
{
    struct rw_inhibitor *inhibitor = calloc(1, sizeof *inhibitor);
    if (!inhibitor) {
        return RW_EMEMORY;
    }
    inhibitor->loop = loop;
    inhibitor->path = path;
    inhibitor->changed = changed;
    inhibitor->context = context;
    inhibitor->held = inhibitor->socket = -1;
    *ret_inhibitor = inhibitor;
    return RW_OK;
}

void rw_inhibitor_want(struct rw_inhibitor *inhibitor, bool is_wanted)
{
    if (is_wanted == inhibitor->is_wanted) {
        return;
    }
    inhibitor->is_wanted = is_wanted;
    inhibitor->problem[0] = '\0';
    if (!is_wanted) {
        held_release(inhibitor);
        if (inhibitor->open_handles > 0 && uv_is_active((uv_handle_t *)&inhibitor->process)) {
            inhibitor->is_given_up = true;
            uv_process_kill(&inhibitor->process, SIGKILL);
        }
    } else if (inhibitor->open_handles == 0) {
        question_ask(inhibitor);
    }
}

void rw_inhibitor_view(const struct rw_inhibitor *inhibitor, struct rw_inhibitor_view *ret_view)
{
    bool asks = inhibitor->is_wanted && !inhibitor->problem[0];
    *ret_view = (struct rw_inhibitor_view){
        .state = inhibitor->held >= 0 ? RW_INHIBITOR_HELD
                 : asks               ? RW_INHIBITOR_ASKING
                                      : RW_INHIBITOR_OFF,
        .problem = inhibitor->problem,
    };
}

void rw_inhibitor_close(struct rw_inhibitor *inhibitor, void (*closed)(void *context),
                        void *context)
{
    rw_inhibitor_want(inhibitor, false);
    inhibitor->closed = closed;
    inhibitor->closed_context = context;
    inhibitor_free_if_closed(inhibitor);
}

const char *rw_inhibitor_state_name(enum rw_inhibitor_state state)
{
    switch (state) {
    case RW_INHIBITOR_OFF:
        return "off";
    case RW_INHIBITOR_ASKING:
        return "asking";
    case RW_INHIBITOR_HELD:
        return "held";
    }
    return "off";
}
