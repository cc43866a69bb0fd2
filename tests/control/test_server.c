#include "fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>

/* Whether the loop, after some turns, has come to nothing that is ready. */
static bool is_waiting(struct fixture *fixture)
{
    struct pollfd backend = {.fd = uv_backend_fd(&fixture->loop), .events = POLLIN};

    for (int i = 0; i < 100; i++) {
        turn(fixture);
    }
    return poll(&backend, 1, 0) == 0;
}

/* Whether it would even sleep for ever: no timer runs either. */
static bool is_quiet(struct fixture *fixture)
{
    return is_waiting(fixture) && uv_backend_timeout(&fixture->loop) == -1;
}

static void requests_are_answered_in_their_order(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);

    send_text(fixture, fd,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pause\"}\n"
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"session.puase\"}\n"
              "{\"jsonrpc\":\"2.0\",\"method\":\"session.skip\"}\n"
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"hello\"}\n");
    expect_answer(fixture, fd, 1, NULL);
    expect_answer(fixture, fd, 2, "unknown-method");
    expect_answer(fixture, fd, 3, NULL);
    assert_int_equal(fixture->calls, 2);
    close(fd);
}

static void a_request_may_come_byte_by_byte(void **state)
{
    static const char line[] = "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"session.pause\"}\n";
    struct fixture *fixture = *state;
    int fd = open_client(fixture);
    char nothing;

    for (size_t i = 0; i < sizeof(line) - 1; i++) {
        assert_int_equal(fixture->calls, 0);
        assert_int_equal(recv(fd, &nothing, 1, 0), -1);
        assert_true(send_bytes(fixture, fd, line + i, 1));
        turn(fixture);
    }
    expect_answer(fixture, fd, 5, NULL);
    assert_int_equal(fixture->calls, 1);
    close(fd);
}

static void the_longest_line_is_taken_and_one_byte_more_is_not(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);
    char line[RW_REQUEST_MAX + 2];
    int used = snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"hello\"}");

    memset(line + used, ' ', sizeof(line) - (size_t)used);
    /* The newline may come later than all the rest. */
    assert_true(send_bytes(fixture, fd, line, RW_REQUEST_MAX));
    assert_true(is_quiet(fixture));
    send_text(fixture, fd, "\n");
    expect_answer(fixture, fd, 6, NULL);
    line[RW_REQUEST_MAX + 1] = '\n';
    assert_true(send_bytes(fixture, fd, line, RW_REQUEST_MAX + 2));
    expect_answer(fixture, fd, 0, "too-long");
    expect_closed(fixture, fd);
}

static void a_megabyte_without_a_newline_ends_only_its_connection(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture), other = open_client(fixture);
    char *flood = malloc(1 << 20);

    memset(flood, 'x', 1 << 20);
    call(fixture, other, "session.pause");
    assert_false(send_bytes(fixture, fd, flood, 1 << 20));
    free(flood);
    close(fd);
    call(fixture, other, "session.pause");
    assert_int_equal(view_of(fixture).others, 1);
    close(other);
}

static void a_line_cut_off_by_the_end_is_reported(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);

    send_text(fixture, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.stop\"}");
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    expect_answer(fixture, fd, 0, "parse");
    expect_closed(fixture, fd);
    assert_int_equal(fixture->calls, 0);
}

static void who_has_finished_sending_still_gets_the_answers(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);

    for (int i = 0; i < 100; i++) {
        request(fixture, fd, i, "session.pause");
    }
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    for (int i = 0; i < 100; i++) {
        expect_answer(fixture, fd, i, NULL);
    }
    expect_closed(fixture, fd);
}

static void what_a_client_sent_before_it_left_is_carried_out(void **state)
{
    struct fixture *fixture = *state;
    struct sockaddr_un address = address_of(fixture->path);
    char lines[64 * 50] = "";
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    for (int i = 0; i < 50; i++) {
        strcat(lines, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.extend\"}\n");
    }
    /* The loop does not turn before the client is gone. */
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(send(fd, lines, strlen(lines), 0), strlen(lines));
    close(fd);
    UNTIL(fixture, fixture->calls == 50);
    UNTIL(fixture, view_of(fixture).others == 0);
}

static void a_client_that_asks_much_does_not_hold_up_the_others(void **state)
{
    struct fixture *fixture = *state;
    int busy = open_client(fixture), other = open_client(fixture);
    char lines[RW_REQUEST_MAX] = "";
    int count = 0;

    call(fixture, busy, "hello");
    call(fixture, other, "hello");
    while (strlen(lines) + 100 < sizeof(lines)) {
        strcat(lines, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"session.pause\"}\n");
        count++;
    }
    /* Both lie in their sockets when the loop turns. */
    assert_int_equal(send(busy, lines, strlen(lines), 0), strlen(lines));
    strcpy(lines, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"hello\"}\n");
    assert_int_equal(send(other, lines, strlen(lines), 0), strlen(lines));
    expect_answer(fixture, other, 9, NULL);
    assert_true(fixture->calls < 64);
    for (int i = 0; i < count; i++) {
        expect_answer(fixture, busy, 0, NULL);
    }
    close(busy);
    close(other);
}

static void who_does_not_read_answers_is_asked_no_more(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);
    const int count = 60;
    char lines[60 * 80] = "";

    fixture->is_wordy = true;
    call(fixture, fd, "session.status");
    for (int i = 0; i < count; i++) {
        sprintf(lines + strlen(lines),
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"session.status\"}\n", i);
    }
    /* They come all at once. */
    assert_int_equal(send(fd, lines, strlen(lines), 0), strlen(lines));
    assert_true(is_quiet(fixture));
    assert_int_equal(view_of(fixture).others, 1);
    for (int i = 0; i < count; i++) {
        expect_answer(fixture, fd, i, NULL);
    }
    close(fd);
}

static void the_connection_idle_for_longest_makes_room(void **state)
{
    struct fixture *fixture = *state;
    int fds[RW_OTHERS_MAX], last;

    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        fds[i] = open_client(fixture);
        call(fixture, fds[i], "hello");
    }
    call(fixture, fds[0], "hello");
    /* Half a request is no sign of life. */
    send_text(fixture, fds[1], "{\"jsonrpc\":\"2.0\",\"id\":");
    last = open_client(fixture);
    call(fixture, last, "hello");
    expect_closed(fixture, fds[1]);
    assert_int_equal(view_of(fixture).others, RW_OTHERS_MAX);
    assert_int_equal(view_of(fixture).yielded, 1);
    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        if (i == 1) {
            continue;
        }
        call(fixture, fds[i], "hello");
        close(fds[i]);
    }
    close(last);
}

static void who_waits_to_be_served_does_not_make_room_for_those_who_come_and_go(void **state)
{
    struct fixture *fixture = *state;
    struct sockaddr_un address = address_of(fixture->path);
    static const char text[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"}\n";
    int asking = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(asking, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(send(asking, text, strlen(text), 0), strlen(text));
    for (int i = 0; i < 3 * RW_OTHERS_MAX; i++) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
        close(fd);
    }
    /* All of them are accepted before one byte of the first is read, if it comes to the worst. */
    expect_answer(fixture, asking, 1, NULL);
    close(asking);
}

static void the_subscriber_idle_for_longest_makes_room(void **state)
{
    struct fixture *fixture = *state;
    int fds[RW_SUBSCRIBERS_MAX], last;

    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        fds[i] = open_client(fixture);
        call(fixture, fds[i], "subscribe");
    }
    call(fixture, fds[0], "session.status");
    last = open_client(fixture);
    call(fixture, last, "subscribe");
    expect_closed(fixture, fds[1]);
    assert_int_equal(view_of(fixture).subscribers, RW_SUBSCRIBERS_MAX);
    call(fixture, fds[0], "session.status");
    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        if (i != 1) {
            close(fds[i]);
        }
    }
    close(last);
}

static void all_places_can_be_taken_at_once(void **state)
{
    struct fixture *fixture = *state;
    int fds[RW_SUBSCRIBERS_MAX + RW_OTHERS_MAX];

    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        fds[i] = open_client(fixture);
        call(fixture, fds[i], i < RW_SUBSCRIBERS_MAX ? "subscribe" : "hello");
    }
    assert_int_equal(view_of(fixture).subscribers, RW_SUBSCRIBERS_MAX);
    assert_int_equal(view_of(fixture).others, RW_OTHERS_MAX);
    assert_int_equal(view_of(fixture).yielded, 0);
    rw_server_notify(fixture->server, RW_NOTICE_STATE, json_object());
    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        if (i < RW_SUBSCRIBERS_MAX) {
            json_decref(read_json(fixture, fds[i]));
        } else {
            call(fixture, fds[i], "hello");
        }
        close(fds[i]);
    }
}

static void expect_event(struct fixture *fixture, int fd, int seq, const char *name)
{
    json_t *message = read_json(fixture, fd), *params = json_object_get(message, "params");

    assert_string_equal(json_string_value(json_object_get(message, "method")), "event");
    assert_string_equal(json_string_value(json_object_get(params, "event")), name);
    assert_int_equal(json_integer_value(json_object_get(params, "seq")), seq);
    json_decref(message);
}

static void a_snapshot_is_followed_by_numbered_events(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);
    json_t *message;

    /* Events count also when nobody listens. */
    rw_server_notify(fixture->server, RW_NOTICE_STATE, json_object());
    rw_server_notify(fixture->server, RW_NOTICE_CUE, json_object());
    assert_false(rw_server_has_subscribers(fixture->server));
    request(fixture, fd, 1, "subscribe");
    message = read_json(fixture, fd);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(message, "result"), "seq")),
                     2);
    json_decref(message);
    assert_true(rw_server_has_subscribers(fixture->server));
    rw_server_notify(fixture->server, RW_NOTICE_SEGMENT, json_object());
    rw_server_notify(fixture->server, RW_NOTICE_OUTPUT, json_object());
    expect_event(fixture, fd, 3, "segment");
    expect_event(fixture, fd, 4, "output");
    /* The event that a request causes comes before its answer. */
    fixture->notifies = true;
    request(fixture, fd, 8, "volume.get");
    expect_event(fixture, fd, 5, "volume");
    expect_answer(fixture, fd, 8, NULL);
    close(fd);
}

static void a_subscriber_that_does_not_read_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    int slow = open_client(fixture), quick = open_client(fixture);
    char text[1001];
    int seq = 0;

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    call(fixture, slow, "subscribe");
    call(fixture, quick, "subscribe");
    while (view_of(fixture).subscribers == 2) {
        rw_server_notify(fixture->server, RW_NOTICE_CUE, json_pack("{s:s}", "text", text));
        expect_event(fixture, quick, ++seq, "cue");
        assert_true(seq < 2000);
    }
    assert_int_equal(view_of(fixture).slow, 1);
    /* What the kernel and the server together kept is more than what the server may keep. */
    assert_true(seq > (int)(RW_OUTPUT_MAX / sizeof(text)));
    rw_server_notify(fixture->server, RW_NOTICE_CUE, json_object());
    expect_event(fixture, quick, seq + 1, "cue");
    close(slow);
    close(quick);
}

static void a_slow_subscriber_that_reads_in_time_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture), small = 1;
    char text[1001];
    int sent = 0;

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    call(fixture, fd, "subscribe");
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 40; i++) {
            rw_server_notify(fixture->server, RW_NOTICE_CUE, json_pack("{s:s}", "text", text));
        }
        for (int i = 0; i < 40; i++) {
            expect_event(fixture, fd, ++sent, "cue");
        }
    }
    assert_int_equal(view_of(fixture).slow, 0);
    close(fd);
}

static void who_unplugs_is_noticed_without_an_event(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);

    call(fixture, fd, "subscribe");
    close(fd);
    UNTIL(fixture, view_of(fixture).subscribers == 0);
}

static void a_subscriber_may_finish_sending_and_still_listen(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);

    call(fixture, fd, "subscribe");
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    assert_true(is_quiet(fixture));
    rw_server_notify(fixture->server, RW_NOTICE_STATE, json_object());
    expect_event(fixture, fd, 1, "state");
    assert_int_equal(view_of(fixture).subscribers, 1);
    close(fd);
    UNTIL(fixture, view_of(fixture).subscribers == 0);
}

static void thousands_come_and_go(void **state)
{
    struct fixture *fixture = *state;
    int faithful = open_client(fixture);

    for (int i = 0; i < 3000; i++) {
        int fd = open_client(fixture);

        if (i % 3 == 0) {
            call(fixture, fd, "hello");
        } else if (i % 3 == 1) {
            (void)send(fd, "{\"half", 6, MSG_NOSIGNAL);
        }
        close(fd);
        if (i % 4 == 0) {
            call(fixture, faithful, "session.pause");
        }
    }
    call(fixture, faithful, "session.pause");
    UNTIL(fixture, view_of(fixture).others == 1);
    assert_int_equal(view_of(fixture).accepted, 3001);
    close(faithful);
}

static void without_descriptors_it_waits_and_then_serves(void **state)
{
    struct fixture *fixture = *state;
    struct rlimit before, none;
    int fd = open_client(fixture), other = open_client(fixture), lowest;

    /* No descriptor above those in use may be opened; this client waits to be accepted. */
    lowest = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    close(lowest);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = (rlim_t)lowest;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_true(is_waiting(fixture));
    assert_int_equal(view_of(fixture).accepted, 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    call(fixture, fd, "hello");
    call(fixture, other, "hello");
    close(fd);
    close(other);
}

static void nothing_turns_while_nobody_speaks(void **state)
{
    struct fixture *fixture = *state;
    int silent = open_client(fixture), half = open_client(fixture),
        listening = open_client(fixture);

    assert_true(is_quiet(fixture));
    send_text(fixture, half, "{\"jsonrpc\"");
    call(fixture, listening, "subscribe");
    call(fixture, listening, "session.status");
    assert_true(is_quiet(fixture));
    close(silent);
    close(half);
    close(listening);
    assert_true(is_quiet(fixture));
    assert_int_equal(view_of(fixture).others + view_of(fixture).subscribers, 0);
}

static void a_handler_may_close_the_server(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture), other = open_client(fixture);

    call(fixture, fd, "subscribe");
    call(fixture, other, "hello");
    fixture->closes = true;
    request(fixture, other, 1, "session.stop");
    expect_closed(fixture, fd);
    expect_closed(fixture, other);
    UNTIL(fixture, !fixture->server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(requests_are_answered_in_their_order, fixture_set_up),
        TEST(a_request_may_come_byte_by_byte, fixture_set_up),
        TEST(the_longest_line_is_taken_and_one_byte_more_is_not, fixture_set_up),
        TEST(a_megabyte_without_a_newline_ends_only_its_connection, fixture_set_up),
        TEST(a_line_cut_off_by_the_end_is_reported, fixture_set_up),
        TEST(who_has_finished_sending_still_gets_the_answers, fixture_set_up),
        TEST(what_a_client_sent_before_it_left_is_carried_out, fixture_set_up),
        TEST(a_client_that_asks_much_does_not_hold_up_the_others, fixture_set_up),
        TEST(who_does_not_read_answers_is_asked_no_more, fixture_set_up),
        TEST(the_connection_idle_for_longest_makes_room, fixture_set_up),
        TEST(who_waits_to_be_served_does_not_make_room_for_those_who_come_and_go, fixture_set_up),
        TEST(the_subscriber_idle_for_longest_makes_room, fixture_set_up),
        TEST(all_places_can_be_taken_at_once, fixture_set_up),
        TEST(a_snapshot_is_followed_by_numbered_events, fixture_set_up),
        TEST(a_subscriber_that_does_not_read_is_dropped, fixture_set_up),
        TEST(a_slow_subscriber_that_reads_in_time_loses_nothing, fixture_set_up),
        TEST(who_unplugs_is_noticed_without_an_event, fixture_set_up),
        TEST(a_subscriber_may_finish_sending_and_still_listen, fixture_set_up),
        TEST(thousands_come_and_go, fixture_set_up),
        TEST(without_descriptors_it_waits_and_then_serves, fixture_set_up),
        TEST(nothing_turns_while_nobody_speaks, fixture_set_up),
        TEST(a_handler_may_close_the_server, fixture_set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
