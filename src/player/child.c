#include "child.h"

#include "runwalk/confine/confine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

struct child {
    struct child_events events;
    uv_process_t process;
    uv_poll_t poll;
    int socket;
    struct rw_wire_page *page;
    bool has_room; /* the last send found some */
    unsigned open_handles;
};

/* A page that neither side can shrink, so that touching it never faults. */
static struct rw_wire_page *create_page(int *ret_descriptor)
{
    int descriptor = memfd_create("runwalk-engine", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (descriptor < 0) {
        return NULL;
    }
    if (ftruncate(descriptor, RW_WIRE_PAGE_SIZE) != 0 ||
        fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        goto fail;
    }
    void *page = mmap(NULL, RW_WIRE_PAGE_SIZE, PROT_READ, MAP_SHARED, descriptor, 0);
    if (page == MAP_FAILED) {
        goto fail;
    }
    *ret_descriptor = descriptor;
    return page;
fail:
    close(descriptor);
    return NULL;
}

static void free_child(struct child *child)
{
    if (child->socket >= 0) {
        close(child->socket);
    }
    if (child->page) {
        munmap(child->page, RW_WIRE_PAGE_SIZE);
    }
    free(child);
}

static void on_closed(uv_handle_t *handle)
{
    struct child *child = handle->data;
    if (--child->open_handles == 0) {
        free_child(child);
    }
}

static void close_handles(struct child *child)
{
    uv_close((uv_handle_t *)&child->poll, on_closed);
    uv_close((uv_handle_t *)&child->process, on_closed);
}

static void read_messages(struct child *child)
{
    struct rw_wire_message message;
    enum rw_status status;

    while ((status = rw_wire_receive(child->socket, &message, NULL)) == RW_OK) {
        child->events.message(child->events.context, &message);
    }
    if (status != RW_ENOENT) {
        /* The engine has closed its end or talks nonsense: it is of no use any more. */
        uv_poll_stop(&child->poll);
        rw_child_kill(child);
    }
}

static void on_poll(uv_poll_t *poll, int status, int events);

static void watch(struct child *child)
{
    int events = UV_READABLE | (child->has_room ? 0 : UV_WRITABLE);
    uv_poll_start(&child->poll, events, on_poll);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct child *child = poll->data;

    if (status == 0 && (events & UV_WRITABLE)) {
        child->has_room = true;
        watch(child);
        child->events.writable(child->events.context);
    }
    if (status != 0 || (events & UV_READABLE)) {
        read_messages(child);
    }
}

static void on_end(uv_process_t *process, int64_t exit_status, int term_signal)
{
    struct child *child = process->data;
    struct child_end end = {.exit_status = exit_status, .signal = term_signal};

    /* Its last words may still wait in the socket. */
    struct rw_wire_message message;
    while (rw_wire_receive(child->socket, &message, NULL) == RW_OK) {
        child->events.message(child->events.context, &message);
    }
    child->events.gone(child->events.context, &end);
    close_handles(child);
}

/* Unless the user has given the stream a role. */
static void add_role(char *environment[RW_CONFINE_ENVIRONMENT_MAX + 1])
{
    static char announces[] = "PULSE_PROP_media.role=announce";
    size_t count = 0;

    if (getenv("PULSE_PROP_media.role")) {
        return;
    }
    while (environment[count]) {
        count++;
    }
    environment[count++] = announces;
    environment[count] = NULL;
}

static enum rw_status start_process(uv_loop_t *loop, struct child *child, const char *path,
                                    bool announces, int socket, int page)
{
    char *arguments[] = {(char *)path, NULL};
    char *environment[RW_CONFINE_ENVIRONMENT_MAX + 1];
    static char no_jack_server[] = "JACK_NO_START_SERVER=1";
    uv_stdio_container_t stdio[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        {.flags = UV_IGNORE},
        [RW_WIRE_SOCKET_FD] = {.flags = UV_INHERIT_FD, .data.fd = socket},
        [RW_WIRE_PAGE_FD] = {.flags = UV_INHERIT_FD, .data.fd = page},
    };
    /* The sound libraries print a page of noise; for debugging it can be seen. */
    if (getenv("RUNWALK_ENGINE_STDERR")) {
        stdio[2] = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = 2};
    }
    uv_process_options_t options = {
        .file = path,
        .args = arguments,
        .env = environment,
        .stdio = stdio,
        .stdio_count = RW_COUNT(stdio),
        .exit_cb = on_end,
        .flags = UV_PROCESS_DETACHED, /* the terminal's signals are not for it */
    };
    rw_confine_environment(RW_CONFINED_ENGINE, no_jack_server, environment);
    if (announces) {
        add_role(environment);
    }
    int error = uv_spawn(loop, &child->process, &options);
    if (error == 0) {
        return RW_OK;
    }
    errno = -error;
    return RW_EIO;
}

enum rw_status rw_child_spawn(uv_loop_t *loop, const char *path, bool announces,
                              struct child_events events, struct child **ret_child)
{
    struct child *child = calloc(1, sizeof(*child));
    int pair[2] = {-1, -1}, page = -1;
    enum rw_status status = RW_EIO;

    if (!child) {
        return RW_EMEMORY;
    }
    child->events = events;
    child->has_room = true;
    child->process.data = child;
    child->poll.data = child;
    child->socket = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
        goto fail;
    }
    child->socket = pair[0];
    child->page = create_page(&page);
    if (!child->page || uv_poll_init(loop, &child->poll, child->socket) != 0) {
        goto fail;
    }
    child->open_handles = 2;
    status = start_process(loop, child, path, announces, pair[1], page);
    if (status != RW_OK) {
        int error = errno;
        close(pair[1]);
        close(page);
        close_handles(child); /* uv_spawn initialises its handle even when it fails */
        errno = error;
        return status;
    }
    close(pair[1]);
    close(page);
    watch(child);
    *ret_child = child;
    return RW_OK;
fail:
    if (pair[1] >= 0) {
        close(pair[1]);
    }
    if (page >= 0) {
        close(page);
    }
    free_child(child);
    return status;
}

enum rw_status rw_child_send(struct child *child, struct rw_wire_message *message, int descriptor)
{
    enum rw_status status = rw_wire_send(child->socket, message, descriptor);

    if (status == RW_EFULL && child->has_room) {
        child->has_room = false;
        watch(child);
    }
    return status;
}

void rw_child_kill(struct child *child)
{
    uv_process_kill(&child->process, SIGKILL);
}

const struct rw_wire_page *rw_child_page(const struct child *child)
{
    return child->page;
}
