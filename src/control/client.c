#include "runwalk/control/client.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_MAX 1024 /* kept until they are asked for */

struct rw_client {
    int fd;
    json_int_t last_id;
    json_t *events; /* an array of their params, oldest first */
    bool is_broken; /* the stream has lost its place */
    size_t in_size;
    char in[RW_REPLY_MAX];
};

/* ---- deadlines ---- */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A time of now_ms, INT64_MAX when there is no end. */
static int64_t deadline_in(int timeout_ms)
{
    return timeout_ms < 0 ? INT64_MAX : now_ms() + timeout_ms;
}

/* Waits for EVENTS; what is wrong with the connection shows when it is used. */
static enum rw_status wait_for(const struct rw_client *client, short events, int64_t deadline)
{
    for (;;) {
        struct pollfd state = {.fd = client->fd, .events = events};
        int64_t left = deadline == INT64_MAX ? -1 : deadline - now_ms();
        int count;

        if (deadline != INT64_MAX && left < 0) {
            left = 0;
        }
        count = poll(&state, 1, left > INT32_MAX ? INT32_MAX : (int)left);
        if (count > 0) {
            return RW_OK;
        }
        if (count == 0 && now_ms() >= deadline) {
            return RW_ETIMEOUT;
        }
        if (count < 0 && errno != EINTR) {
            return RW_EIO;
        }
    }
}

/* ---- connecting ---- */

/* Who listens must be this user, or root, so that nobody else is believed. */
static bool is_trusted(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static enum rw_status connect_status(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ECONNREFUSED:
        return RW_ENOENT;
    case EAGAIN:
        return RW_ETIMEOUT;
    default: /* errno tells the caller */
        return RW_EIO;
    }
}

enum rw_status rw_client_connect(const char *socket_path, int timeout_ms,
                                 struct rw_client **ret_client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    enum rw_status status = RW_EMEMORY;
    struct rw_client *client;
    int result, saved;

    if (strlen(socket_path) >= sizeof(address.sun_path)) {
        return RW_ELIMIT;
    }
    memcpy(address.sun_path, socket_path, strlen(socket_path));
    client = calloc(1, sizeof(*client));
    if (!client) {
        return RW_EMEMORY;
    }
    client->fd = -1;
    client->events = json_array();
    if (!client->events) {
        goto fail;
    }
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* For this kind of socket the limit on sending is the one on waiting to be accepted, too. */
    if (client->fd < 0 || (timeout_ms > 0 && setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
                                                        sizeof(limit)) != 0)) {
        status = RW_EIO;
        goto fail;
    }
    do {
        result = connect(client->fd, (const struct sockaddr *)&address, sizeof(address));
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        status = connect_status(errno);
        goto fail;
    }
    if (!is_trusted(client->fd)) {
        status = RW_ESTATE;
        goto fail;
    }
    *ret_client = client;
    return RW_OK;
fail:
    saved = errno;
    rw_client_destroy(client);
    errno = saved;
    return status;
}

void rw_client_destroy(struct rw_client *client)
{
    if (!client) {
        return;
    }
    if (client->fd >= 0) {
        close(client->fd);
    }
    json_decref(client->events);
    free(client);
}

int rw_client_fd(const struct rw_client *client)
{
    return client->fd;
}

/* ---- lines ---- */

static enum rw_status send_all(struct rw_client *client, const char *bytes, size_t size,
                               int64_t deadline)
{
    while (size > 0) {
        ssize_t sent = send(client->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent >= 0) {
            bytes += sent;
            size -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            enum rw_status status = wait_for(client, POLLOUT, deadline);

            if (status != RW_OK) {
                return status;
            }
        } else if (errno != EINTR) {
            return RW_EIO;
        }
    }
    return RW_OK;
}

/* Takes the first line that has been read, SIZE bytes without the newline, as a message. */
static enum rw_status take_message(struct rw_client *client, size_t size, json_t **ret_message)
{
    json_error_t error;
    json_t *message = json_loadb(client->in, size, JSON_REJECT_DUPLICATES, &error);

    client->in_size -= size + 1;
    memmove(client->in, client->in + size + 1, client->in_size);
    if (!message) {
        return json_error_code(&error) == json_error_out_of_memory ? RW_EMEMORY : RW_EINVALID;
    }
    if (!json_is_object(message)) {
        json_decref(message);
        return RW_EINVALID;
    }
    *ret_message = message;
    return RW_OK;
}

/* The next message, whatever it is. */
static enum rw_status read_message(struct rw_client *client, int64_t deadline, json_t **ret_message)
{
    for (;;) {
        const char *end = memchr(client->in, '\n', client->in_size);
        ssize_t got;

        if (end) {
            return take_message(client, (size_t)(end - client->in), ret_message);
        }
        if (client->in_size == sizeof(client->in)) {
            return RW_EINVALID; /* longer than any line may be */
        }
        got = recv(client->fd, client->in + client->in_size, sizeof(client->in) - client->in_size,
                   MSG_DONTWAIT);
        if (got > 0) {
            client->in_size += (size_t)got;
        } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            enum rw_status status = wait_for(client, POLLIN, deadline);

            if (status != RW_OK) {
                return status;
            }
        } else if (got == 0 || errno != EINTR) {
            if (got == 0) {
                errno = ECONNRESET;
            }
            return RW_EIO;
        }
    }
}

/* The params of MESSAGE if it is an event, else NULL; borrowed. */
static json_t *event_of(const json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    json_t *params = json_object_get(message, "params");

    return method && strcmp(method, "event") == 0 && json_is_object(params) ? params : NULL;
}

static enum rw_status keep_event(struct rw_client *client, json_t *event)
{
    if (json_array_size(client->events) >= EVENTS_MAX) {
        json_array_remove(client->events, 0);
    }
    return json_array_append(client->events, event) == 0 ? RW_OK : RW_EMEMORY;
}

/* ---- calls and events ---- */

/*
 * Reads messages until the answer to request ID is there. An error without an id answers it too:
 * the daemon could not make out what was asked, or turns the client away.
 */
static enum rw_status await_answer(struct rw_client *client, json_int_t id, int64_t deadline,
                                   json_t **ret_answer)
{
    for (;;) {
        json_t *message, *event, *result, *error;
        const json_t *answered;
        enum rw_status status = read_message(client, deadline, &message);

        if (status != RW_OK) {
            return status;
        }
        event = event_of(message);
        answered = json_object_get(message, "id");
        result = json_object_get(message, "result");
        error = json_object_get(message, "error");
        if (event) {
            status = keep_event(client, event);
        } else if (json_is_integer(answered) && json_integer_value(answered) < id) {
            status = RW_OK; /* too late for the call it belongs to */
        } else if (json_is_object(error) &&
                   (json_is_null(answered) || json_integer_value(answered) == id)) {
            *ret_answer = json_incref(error);
            status = RW_ESTATE;
        } else if (result && json_integer_value(answered) == id) {
            *ret_answer = json_incref(result);
            json_decref(message);
            return RW_OK;
        } else {
            status = RW_EINVALID;
        }
        json_decref(message);
        if (status != RW_OK) {
            return status;
        }
        /* Others may come without end. */
        if (now_ms() > deadline) {
            return RW_ETIMEOUT;
        }
    }
}

enum rw_status rw_client_call(struct rw_client *client, const char *method, const json_t *params,
                              int timeout_ms, json_t **ret_answer)
{
    int64_t deadline = deadline_in(timeout_ms);
    enum rw_status status;
    size_t size;
    char *line;

    if (client->is_broken) {
        return RW_EIO;
    }
    line = rw_request_format(client->last_id + 1, method, params, &size);
    if (!line) {
        return RW_EMEMORY;
    }
    if (size - 1 > RW_REQUEST_MAX) {
        free(line);
        return RW_ELIMIT;
    }
    client->last_id++;
    status = send_all(client, line, size, deadline);
    free(line);
    if (status != RW_OK) {
        client->is_broken = true; /* perhaps in the middle of a line */
        return status;
    }
    status = await_answer(client, client->last_id, deadline, ret_answer);
    client->is_broken = status == RW_EIO || status == RW_EINVALID;
    return status;
}

enum rw_status rw_client_next_event(struct rw_client *client, int timeout_ms, json_t **ret_event)
{
    int64_t deadline = deadline_in(timeout_ms);

    while (json_array_size(client->events) == 0) {
        enum rw_status status = client->is_broken ? RW_EIO : RW_OK;
        json_t *message = NULL, *event;

        if (status == RW_OK) {
            status = read_message(client, deadline, &message);
        }
        if (status == RW_OK && (event = event_of(message))) {
            status = keep_event(client, event); /* others are late answers */
        }
        json_decref(message);
        if (status == RW_EIO || status == RW_EINVALID) {
            client->is_broken = true;
        }
        if (status != RW_OK) {
            return status;
        }
    }
    *ret_event = json_incref(json_array_get(client->events, 0));
    json_array_remove(client->events, 0);
    return RW_OK;
}

const char *rw_client_reason(const json_t *error)
{
    const char *reason =
        json_string_value(json_object_get(json_object_get(error, "data"), "reason"));

    return reason ? reason : "";
}

const char *rw_client_message(const json_t *error)
{
    const char *message = json_string_value(json_object_get(error, "message"));

    return message ? message : "";
}
