#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS_PER_TURN 16 /* of one connection, so that none keeps the loop for itself */

static void handle_closed(uv_handle_t *handle)
{
    struct rw_connection *connection = handle->data;
    struct rw_server *server = connection->server;

    free(connection);
    rw_server_release(server);
}

void rw_connection_close(struct rw_connection *connection)
{
    struct rw_server *server = connection->server;

    if (connection->is_closed) {
        return;
    }
    connection->is_closed = true;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (server->connections[i] == connection) {
            server->connections[i] = NULL;
        }
    }
    free(connection->out);
    connection->out = NULL;
    json_decref(connection->waiting);
    connection->waiting = NULL;
    uv_close((uv_handle_t *)&connection->poll, handle_closed);
    close(connection->fd);
}

/*
 * What would be lost with CONNECTION: 0 when its client is gone, 1 when it waits for nothing, 2
 * when it has asked for something. Many that come and go must not push out who waits to be served.
 */
static unsigned connection_worth(const struct rw_connection *connection)
{
    struct pollfd state = {.fd = connection->fd};
    int unread = 0;

    /* Half a line that has been read is no request. */
    if (memchr(connection->in, '\n', connection->in_size) ||
        (ioctl(connection->fd, FIONREAD, &unread) == 0 && unread > 0)) {
        return 2;
    }
    return poll(&state, 1, 0) > 0 && (state.revents & POLLHUP) ? 0 : 1;
}

/*
 * Makes room for one more of the kind when there is none: of those with the least to lose, the one
 * idle for longest yields.
 */
static void make_room(struct rw_server *server, bool among_subscribers)
{
    static const unsigned most[] = {[false] = RW_OTHERS_MAX, [true] = RW_SUBSCRIBERS_MAX};
    struct rw_connection *idlest = NULL;
    unsigned least = 0;

    if (rw_server_count(server, among_subscribers) < most[among_subscribers]) {
        return;
    }
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct rw_connection *connection = server->connections[i];

        if (!connection || connection->is_subscriber != among_subscribers) {
            continue;
        }
        unsigned worth = connection_worth(connection);
        if (!idlest || worth < least ||
            (worth == least && connection->last_active < idlest->last_active)) {
            idlest = connection;
            least = worth;
        }
    }
    server->yielded++;
    rw_connection_close(idlest);
}

void rw_connection_open(struct rw_server *server, int fd)
{
    struct rw_connection *connection = malloc(sizeof(*connection));
    size_t place = 0;

    if (!connection) {
        close(fd);
        return;
    }
    memset(connection, 0, offsetof(struct rw_connection, in)); /* the buffer is filled before use */
    connection->server = server;
    connection->fd = fd;
    if (uv_poll_init(server->loop, &connection->poll, fd) != 0) {
        close(fd);
        free(connection);
        return;
    }
    connection->poll.data = connection;
    connection->number = ++server->accepted;
    connection->last_active = ++server->activity;
    server->handles++;
    make_room(server, false);
    while (server->connections[place]) {
        place++;
    }
    server->connections[place] = connection;
    rw_connection_settle(connection);
}

/* ---- sending ---- */

static void drop_output(struct rw_connection *connection)
{
    free(connection->out);
    connection->out = NULL;
    connection->out_size = 0;
}

/* How much of BYTES the socket takes now; all of it when nobody is there to take it. */
static size_t send_some(struct rw_connection *connection, const char *bytes, size_t size)
{
    size_t sent = 0;

    while (sent < size) {
        ssize_t count =
            send(connection->fd, bytes + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return sent;
        }
        if (count < 0) {
            connection->is_deaf = true;
            return size;
        }
        sent += (size_t)count;
    }
    return sent;
}

void rw_connection_flush(struct rw_connection *connection)
{
    size_t sent = send_some(connection, connection->out, connection->out_size);

    connection->out_size -= sent;
    if (connection->out_size == 0) {
        drop_output(connection);
    } else {
        memmove(connection->out, connection->out + sent, connection->out_size);
    }
}

void rw_connection_send(struct rw_connection *connection, const char *line, size_t size)
{
    size_t sent = 0;

    if (connection->is_closed || connection->is_deaf) {
        return;
    }
    if (!connection->out) {
        sent = send_some(connection, line, size);
    }
    line += sent;
    size -= sent;
    if (size == 0) {
        return;
    }
    if (connection->out_size + size > RW_OUTPUT_MAX) {
        connection->server->slow++;
        rw_connection_close(connection);
        return;
    }
    char *out = realloc(connection->out, connection->out_size + size);

    if (!out) {
        rw_connection_close(connection);
        return;
    }
    memcpy(out + connection->out_size, line, size);
    connection->out = out;
    connection->out_size += size;
}

static void send_error(struct rw_connection *connection, enum rw_reason reason, const char *message)
{
    struct rw_error error = {0};
    size_t size;
    char *line;

    rw_error_set(&error, reason, "%s", message);
    line = rw_error_format(NULL, &error, &size);
    if (line) {
        rw_connection_send(connection, line, size);
    }
    free(line);
}

/* ---- requests ---- */

static void take_request(struct rw_connection *connection, const char *line, size_t size)
{
    struct rw_server *server = connection->server;
    struct rw_kept *kept = &server->kept;
    struct rw_dispatched done;

    connection->last_active = ++server->activity;
    if (rw_kept_recall(kept, line, size)) {
        rw_connection_send(connection, kept->reply, kept->size);
        return;
    }
    rw_kept_forget(kept);
    rw_dispatch(&server->handler, server->version, connection->number, server->seq, line, size,
                &done);
    if (done.failed) {
        rw_connection_close(connection);
    }
    /* The handler may have closed it, as a slow reader of events or with the whole server. */
    if (done.subscribed && !connection->is_closed && !connection->is_subscriber) {
        make_room(server, true);
        connection->is_subscriber = true;
    }
    if (done.client_name[0]) {
        memcpy(connection->name, done.client_name, sizeof(connection->name));
    }
    if (done.later && !connection->is_closed) {
        connection->waiting = done.later;
    } else {
        json_decref(done.later);
    }
    if (done.reply) {
        rw_connection_send(connection, done.reply, done.size);
    }
    rw_kept_keep(kept, line, size, &done);
}

/* Whether a whole line has been read and waits. */
static bool has_line(const struct rw_connection *connection)
{
    return memchr(connection->in, '\n', connection->in_size) != NULL;
}

/* Whether an earlier answer must be on its way first. */
static bool is_held(const struct rw_connection *connection)
{
    return connection->out || connection->waiting;
}

/*
 * Takes the requests that have been read, some at a time. While answers wait to be made or sent no
 * request is taken: who does not read the answers asks no more questions.
 */
static void take_requests(struct rw_connection *connection)
{
    size_t used = 0;

    for (unsigned i = 0; i < REQUESTS_PER_TURN && !connection->is_closed && !is_held(connection);
         i++) {
        const char *line = connection->in + used;
        const char *end = memchr(line, '\n', connection->in_size - used);

        if (!end) {
            break;
        }
        take_request(connection, line, (size_t)(end - line));
        used += (size_t)(end - line) + 1;
    }
    connection->in_size -= used;
    memmove(connection->in, connection->in + used, connection->in_size);
}

/* What is to be done about a line that is not whole: nothing, as long as more may come. */
static void take_rest(struct rw_connection *connection)
{
    if (connection->in_size > RW_REQUEST_MAX) {
        send_error(connection, RW_REASON_TOO_LONG, "a request line has at most 16384 bytes");
        connection->is_finishing = true;
    } else if (connection->is_ended) {
        if (connection->in_size > 0) {
            send_error(connection, RW_REASON_PARSE, "the line has no newline at its end");
        }
        /* Who has asked for events and then ended its own side still gets them. */
        connection->is_finishing = !connection->is_subscriber || connection->is_deaf;
        connection->in_size = 0;
    }
}

static void read_some(struct rw_connection *connection)
{
    ssize_t got;

    do {
        got = recv(connection->fd, connection->in + connection->in_size,
                   sizeof(connection->in) - connection->in_size, MSG_DONTWAIT);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        connection->in_size += (size_t)got;
    } else if (got == 0) {
        struct pollfd state = {.fd = connection->fd};

        /* Either it has only finished sending, or it is gone altogether. */
        connection->is_ended = true;
        if (poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR))) {
            connection->is_deaf = true;
        }
    } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
        rw_connection_close(connection);
    }
}

/* ---- turns of the loop ---- */

/* Carries on with what has been read. */
static void proceed(struct rw_connection *connection)
{
    if (connection->is_deaf) {
        drop_output(connection);
        json_decref(connection->waiting);
        connection->waiting = NULL;
    }
    if (!connection->is_finishing && !is_held(connection)) {
        take_requests(connection);
    }
    if (!connection->is_closed && !connection->is_finishing && !is_held(connection) &&
        !has_line(connection)) {
        take_rest(connection);
    }
    rw_connection_settle(connection);
}

/*
 * Answers what has been read, and reads nothing: each request was here before the first answer was
 * made, so an answer that is kept is never older than the question it is given to.
 */
static void answer_all(struct rw_server *server)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct rw_connection *connection = server->connections[i];

        if (connection && connection->is_ready) {
            connection->is_ready = false;
            proceed(connection);
        }
    }
    rw_kept_forget(&server->kept);
}

static void all_is_read(uv_check_t *check)
{
    uv_check_stop(check);
    answer_all(check->data);
}

static void more_requests(uv_idle_t *idle)
{
    uv_idle_stop(idle); /* whoever has still more starts it again */
    answer_all(idle->data);
}

void rw_connection_answer(struct rw_connection *connection, const json_t *result,
                          const struct rw_error *error)
{
    size_t size;
    char *line;

    if (!connection->waiting) {
        return;
    }
    line = error ? rw_error_format(connection->waiting, error, &size)
                 : rw_reply_format(connection->waiting, result, &size);
    json_decref(connection->waiting);
    connection->waiting = NULL;
    if (!line) {
        rw_connection_close(connection);
        return;
    }
    rw_connection_send(connection, line, size);
    free(line);
    connection->is_ready = true;
    uv_idle_start(&connection->server->more, more_requests);
}

static void connection_ready(uv_poll_t *poll, int status, int events)
{
    struct rw_connection *connection = poll->data;

    if (status < 0) {
        /* The client is gone, and libuv has stopped watching; what was sent may still be read. */
        connection->is_deaf = true;
        connection->interest = 0;
        drop_output(connection);
    }
    if (events & UV_PRIORITIZED) {
        rw_connection_close(connection);
        return;
    }
    if (connection->out) {
        rw_connection_flush(connection);
    } else if (!connection->is_ended && !has_line(connection)) {
        read_some(connection);
    }
    if (has_line(connection)) {
        connection->is_ready = true;
        uv_check_start(&connection->server->answering, all_is_read);
    } else if (!connection->is_closed) {
        proceed(connection); /* who is gone makes room at once for who is about to be accepted */
    }
}

void rw_connection_settle(struct rw_connection *connection)
{
    int interest;

    if (connection->is_closed) {
        return;
    }
    if (connection->is_finishing && !connection->out) {
        rw_connection_close(connection);
        return;
    }
    if (connection->out) {
        interest = UV_WRITABLE;
    } else if (!connection->waiting && has_line(connection)) {
        interest = 0;
        connection->is_ready = true;
        uv_idle_start(&connection->server->more, more_requests);
    } else if (!connection->waiting && !connection->is_ended) {
        interest = UV_READABLE;
    } else {
        /* Nothing that comes here has priority: this waits for the end, which is always told. */
        interest = UV_PRIORITIZED;
    }
    if (interest == connection->interest) {
        return;
    }
    connection->interest = interest;
    if (interest) {
        uv_poll_start(&connection->poll, interest, connection_ready);
    } else {
        uv_poll_stop(&connection->poll);
    }
}
