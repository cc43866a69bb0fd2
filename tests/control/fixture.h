/*
 * A server on a socket of its own and plain clients, all on one thread: whoever waits
 * for something turns the loop meanwhile.
 */
#ifndef RUNWALK_TESTS_CONTROL_FIXTURE_H
#define RUNWALK_TESTS_CONTROL_FIXTURE_H

#include "runwalk/control/server.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[96];
    uv_loop_t loop;
    struct rw_server *server; /* NULL: none runs */
    unsigned calls;           /* of the handler */
    bool notifies;            /* the handler sends an event at each call */
    bool closes;              /* the handler closes the server */
    bool is_wordy;            /* the handler's answers have 20 kB */
    bool is_later;            /* the handler promises its answers */
    uint64_t client;          /* who called last */
    int late_fd;              /* what comes there while the handler is at work */
    const char *late_text;    /* NULL: nothing */
};

static inline void fixture_closed(void *context)
{
    struct fixture *fixture = context;

    fixture->server = NULL;
}

static inline void fixture_call(void *context, const struct rw_call *call, struct rw_answer *answer)
{
    struct fixture *fixture = context;

    fixture->client = call->client;
    fixture->calls++;
    if (fixture->late_text) {
        assert_true(send(fixture->late_fd, fixture->late_text, strlen(fixture->late_text), 0) > 0);
        fixture->late_text = NULL;
    }
    if (fixture->is_later) {
        answer->is_later = true;
        return;
    }
    answer->result = json_pack("{s:i}", "calls", (int)fixture->calls);
    if (fixture->is_wordy) {
        char words[20000];

        memset(words, 'w', sizeof(words));
        json_object_set_new(answer->result, "words", json_stringn(words, sizeof(words)));
    }
    if (fixture->notifies) {
        rw_server_notify(fixture->server, RW_NOTICE_VOLUME, json_pack("{s:i}", "volume_db", 3));
    }
    if (fixture->closes) {
        rw_server_close(fixture->server, fixture_closed, fixture);
    }
}

static inline enum rw_status fixture_start(struct fixture *fixture, int listen_fd,
                                           char **ret_problem)
{
    struct rw_server_config config = {
        .loop = &fixture->loop,
        .socket_path = fixture->path,
        .listen_fd = listen_fd,
        .version = "1.2.3",
        .handler = {fixture_call, fixture},
    };

    return rw_server_create(&config, &fixture->server, ret_problem);
}

static inline void turn(struct fixture *fixture)
{
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

/* Turns the loop until CONDITION holds; a test that waits for 20 s has failed. */
#define UNTIL(fixture, condition)                                                                  \
    do {                                                                                           \
        time_t end_ = time(NULL) + 20;                                                             \
        while (!(condition)) {                                                                     \
            turn(fixture);                                                                         \
            if (time(NULL) > end_)                                                                 \
                fail_msg("%s did not come true", #condition);                                      \
        }                                                                                          \
    } while (0)

static inline void fixture_stop(struct fixture *fixture)
{
    if (fixture->server) {
        rw_server_close(fixture->server, fixture_closed, fixture);
    }
    UNTIL(fixture, !fixture->server);
}

/* Only a folder and a loop. */
static inline int fixture_set_up_bare(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    strcpy(fixture->folder, "/tmp/runwalk-control-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof(fixture->path), "%s/run/control.sock", fixture->folder);
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    *state = fixture;
    return 0;
}

static inline int fixture_set_up(void **state)
{
    fixture_set_up_bare(state);
    assert_int_equal(fixture_start(*state, -1, NULL), RW_OK);
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[128];

    fixture_stop(fixture);
    turn(fixture);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    snprintf(command, sizeof(command), "rm -r -- '%s'", fixture->folder);
    assert_int_equal(system(command), 0);
    free(fixture);
    return 0;
}

static inline struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strcpy(address.sun_path, path);
    return address;
}

/* A client's socket, non-blocking; connected, though perhaps not accepted yet. */
static inline int open_client(struct fixture *fixture)
{
    struct sockaddr_un address = address_of(fixture->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    /* EAGAIN: too many wait to be accepted. */
    UNTIL(fixture, connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    return fd;
}

/* Sends all of it while the loop turns; false when the other side is closed. */
static inline bool send_bytes(struct fixture *fixture, int fd, const char *bytes, size_t size)
{
    time_t end = time(NULL) + 20;

    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        } else if (errno != EAGAIN) {
            return false;
        }
        turn(fixture);
        if (time(NULL) > end) {
            fail_msg("the server takes nothing");
        }
    }
    return true;
}

static inline void send_text(struct fixture *fixture, int fd, const char *text)
{
    assert_true(send_bytes(fixture, fd, text, strlen(text)));
}

/* The next line, without its newline, malloc'd; NULL when the connection was closed. */
static inline char *read_line(struct fixture *fixture, int fd)
{
    size_t size = 0, capacity = 256;
    char *line = malloc(capacity);
    time_t end = time(NULL) + 20;

    for (;;) {
        ssize_t got = recv(fd, line + size, 1, 0);

        if (got == 1 && line[size] == '\n') {
            break;
        }
        if (got == 1 && ++size == capacity) {
            line = realloc(line, capacity *= 2);
        }
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            free(line);
            return NULL;
        }
        if (got < 0) {
            turn(fixture);
        }
        if (time(NULL) > end) {
            fail_msg("no line came");
        }
    }
    line[size] = '\0';
    return line;
}

/* The next line as JSON; there must be one. */
static inline json_t *read_json(struct fixture *fixture, int fd)
{
    char *line = read_line(fixture, fd);
    json_t *message;

    assert_non_null(line);
    message = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(message);
    free(line);
    return message;
}

/* The next line must be the answer to ID: a result, or an error for REASON. */
static inline void expect_answer(struct fixture *fixture, int fd, int id, const char *reason)
{
    json_t *message = read_json(fixture, fd);
    const char *got = NULL;

    assert_null(json_object_get(message, "method"));
    assert_int_equal(json_integer_value(json_object_get(message, "id")), id);
    json_unpack(message, "{s:{s:{s:s}}}", "error", "data", "reason", &got);
    if (reason) {
        assert_string_equal(got, reason);
    } else {
        assert_non_null(json_object_get(message, "result"));
    }
    json_decref(message);
}

static inline void expect_closed(struct fixture *fixture, int fd)
{
    assert_null(read_line(fixture, fd));
    close(fd);
}

static inline void request(struct fixture *fixture, int fd, int id, const char *method)
{
    char line[128];

    snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\"}\n", id, method);
    send_text(fixture, fd, line);
}

static inline void call(struct fixture *fixture, int fd, const char *method)
{
    request(fixture, fd, 1, method);
    expect_answer(fixture, fd, 1, NULL);
}

static inline struct rw_server_view view_of(const struct fixture *fixture)
{
    struct rw_server_view view;

    rw_server_view(fixture->server, &view);
    return view;
}

#define TEST(name, set_up) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

#endif
