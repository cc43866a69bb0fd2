#include "runwalk/control/server.h"

#include "connection.h"
#include "reserve.h"
#include "runwalk/paths/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS_PER_TURN 8
#define ACCEPT_RETRY_MS  100 /* when descriptors or memory are short */
/* Descriptors that no client gets: for the engine, its clips, the journal and whatever else a run
   needs while it is on. */
#define DESCRIPTORS_KEPT 24

/* ---- accepting ---- */

/* Whether the client is this user, or root, who may do anything anyway. */
static bool is_welcome(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

/* Tells a stranger why, if there is room for it, and closes. */
static void turn_away(struct rw_server *server, int fd)
{
    struct rw_error error = {0};
    size_t size;
    char *line;

    server->refused++;
    rw_error_set(&error, RW_REASON_FORBIDDEN, "this daemon serves another user");
    line = rw_error_format(NULL, &error, &size);
    if (line) {
        (void)send(fd, line, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    free(line);
    close(fd);
}

/* FD is the lowest number that was free. */
static bool leaves_enough(int fd)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) != 0 || (rlim_t)fd + DESCRIPTORS_KEPT < limit.rlim_cur;
}

static void accept_ready(uv_poll_t *poll, int status, int events);

static void retry_accepting(uv_timer_t *timer)
{
    struct rw_server *server = timer->data;

    uv_poll_start(&server->accepting, UV_READABLE, accept_ready);
}

static void accept_ready(uv_poll_t *poll, int status, int events)
{
    struct rw_server *server = poll->data;

    (void)status; /* accepting tells what is wrong */
    (void)events;
    for (unsigned i = 0; i < ACCEPTS_PER_TURN; i++) {
        int fd = accept4(server->listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0 && !leaves_enough(fd)) {
            close(fd);
        } else if (fd >= 0 && is_welcome(fd)) {
            rw_connection_open(server, fd);
        } else if (fd >= 0) {
            turn_away(server, fd);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            break;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            /* The socket stays readable, so without a pause this would turn in circles. */
            uv_poll_stop(poll);
            uv_timer_start(&server->retry, retry_accepting, ACCEPT_RETRY_MS, 0);
            break;
        }
    }
}

/* ---- the server ---- */

enum rw_status rw_server_create(const struct rw_server_config *config,
                                struct rw_server **ret_server, char **ret_problem)
{
    enum rw_status status = RW_EMEMORY;
    struct rw_server *server = calloc(1, sizeof(*server));
    char *version = strdup(config->version);

    rw_json_reserve();
    if (!server || !version) {
        rw_problem_set(ret_problem, "memory is short");
        goto fail;
    }
    status =
        rw_listener_open(config->socket_path, config->listen_fd, &server->listener, ret_problem);
    if (status != RW_OK) {
        goto fail;
    }
    if (uv_poll_init(config->loop, &server->accepting, server->listener.fd) != 0) {
        rw_problem_set(ret_problem, "cannot watch the socket %s", config->socket_path);
        if (config->listen_fd >= 0) {
            server->listener.fd = -1; /* it stays the caller's */
        }
        rw_listener_close(&server->listener);
        status = RW_EIO;
        goto fail;
    }
    /* Neither of these can fail. */
    uv_check_init(config->loop, &server->answering);
    uv_idle_init(config->loop, &server->more);
    uv_timer_init(config->loop, &server->retry);
    server->handles = 4;
    server->loop = config->loop;
    server->handler = config->handler;
    server->version = version;
    server->accepting.data = server->answering.data = server->more.data = server->retry.data =
        server;
    uv_poll_start(&server->accepting, UV_READABLE, accept_ready);
    *ret_server = server;
    return RW_OK;
fail:
    free(version);
    free(server);
    return status;
}

void rw_server_release(struct rw_server *server)
{
    if (--server->handles > 0) {
        return;
    }
    if (server->done) {
        server->done(server->done_context);
    }
    free(server->version);
    free(server);
}

static void handle_closed(uv_handle_t *handle)
{
    rw_server_release(handle->data);
}

void rw_server_close(struct rw_server *server, void (*done)(void *context), void *context)
{
    server->done = done;
    server->done_context = context;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct rw_connection *connection = server->connections[i];

        if (connection && connection->out) {
            rw_connection_flush(connection);
        }
        if (connection) {
            rw_connection_close(connection);
        }
    }
    uv_close((uv_handle_t *)&server->accepting, handle_closed);
    uv_close((uv_handle_t *)&server->answering, handle_closed);
    uv_close((uv_handle_t *)&server->more, handle_closed);
    uv_close((uv_handle_t *)&server->retry, handle_closed);
    rw_listener_close(&server->listener);
}

void rw_server_notify(struct rw_server *server, enum rw_notice notice, json_t *fields)
{
    size_t size;
    char *line = NULL;

    server->seq++;
    if (rw_server_has_subscribers(server)) {
        line = rw_event_format(server->seq, rw_notice_info(notice)->name, fields, &size);
    }
    json_decref(fields);
    for (size_t i = 0; i < CONNECTIONS_MAX && line; i++) {
        struct rw_connection *connection = server->connections[i];

        if (!connection || !connection->is_subscriber || connection->is_finishing) {
            continue;
        }
        rw_connection_send(connection, line, size);
        rw_connection_settle(connection);
    }
    free(line);
}

static struct rw_connection *find_client(const struct rw_server *server, uint64_t client)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->connections[i] && server->connections[i]->number == client) {
            return server->connections[i];
        }
    }
    return NULL;
}

void rw_server_answer(struct rw_server *server, uint64_t client, const json_t *result,
                      const struct rw_error *error)
{
    struct rw_connection *connection = find_client(server, client);

    if (connection) {
        rw_connection_answer(connection, result, error);
    }
}

const char *rw_server_client_name(const struct rw_server *server, uint64_t client)
{
    const struct rw_connection *connection = find_client(server, client);

    return connection && connection->name[0] ? connection->name : "remote";
}

unsigned rw_server_count(const struct rw_server *server, bool subscribers)
{
    unsigned count = 0;

    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->connections[i] && server->connections[i]->is_subscriber == subscribers) {
            count++;
        }
    }
    return count;
}

bool rw_server_has_subscribers(const struct rw_server *server)
{
    return rw_server_count(server, true) > 0;
}

void rw_server_view(const struct rw_server *server, struct rw_server_view *ret_view)
{
    *ret_view = (struct rw_server_view){
        .subscribers = rw_server_count(server, true),
        .others = rw_server_count(server, false),
        .seq = server->seq,
        .accepted = server->accepted,
        .yielded = server->yielded,
        .slow = server->slow,
        .refused = server->refused,
    };
}
