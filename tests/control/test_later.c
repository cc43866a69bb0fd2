/* Answers that come later: in order, to whoever asked, and to nobody else. */
#include "fixture.h"

/* Turns the loop until nothing more comes of what was sent. */
static void settle(struct fixture *fixture)
{
    for (int i = 0; i < 100; i++) {
        turn(fixture);
    }
}

static void questions_after_a_promise_wait_for_its_answer(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);
    json_t *result = json_pack("{s:i}", "found", 1);

    fixture->is_later = true;
    send_text(fixture, fd,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pause\"}\n"
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"hello\"}\n");
    settle(fixture);
    assert_int_equal(fixture->calls, 1);
    rw_server_answer(fixture->server, fixture->client + 1, result, NULL); /* somebody else */
    rw_server_answer(fixture->server, fixture->client, result, NULL);
    rw_server_answer(fixture->server, fixture->client, result, NULL); /* once is enough */
    expect_answer(fixture, fd, 1, NULL);
    expect_answer(fixture, fd, 2, NULL);
    json_decref(result);
    close(fd);
}

static void a_promise_can_end_in_a_refusal(void **state)
{
    struct fixture *fixture = *state;
    struct rw_error error = {0};
    int fd = open_client(fixture);

    fixture->is_later = true;
    send_text(fixture, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pause\"}\n");
    settle(fixture);
    rw_error_set(&error, RW_REASON_UNKNOWN_RUN, "no such run");
    rw_server_answer(fixture->server, fixture->client, NULL, &error);
    rw_error_finish(&error);
    expect_answer(fixture, fd, 1, "unknown-run");
    close(fd);
}

static void who_has_left_is_not_answered(void **state)
{
    struct fixture *fixture = *state;
    json_t *result = json_object();
    int fd = open_client(fixture), other = open_client(fixture);

    fixture->is_later = true;
    send_text(fixture, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pause\"}\n");
    settle(fixture);
    close(fd);
    settle(fixture);
    rw_server_answer(fixture->server, fixture->client, result, NULL);
    fixture->is_later = false;
    call(fixture, other, "session.pause");
    json_decref(result);
    close(other);
}

static void who_has_finished_sending_still_gets_what_was_promised(void **state)
{
    struct fixture *fixture = *state;
    json_t *result = json_object();
    int fd = open_client(fixture);

    fixture->is_later = true;
    send_text(fixture, fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pause\"}\n");
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    settle(fixture);
    rw_server_answer(fixture->server, fixture->client, result, NULL);
    expect_answer(fixture, fd, 1, NULL);
    expect_closed(fixture, fd);
    json_decref(result);
}

static void a_client_is_called_what_it_calls_itself(void **state)
{
    struct fixture *fixture = *state;
    int fd = open_client(fixture);

    call(fixture, fd, "session.pause");
    assert_string_equal(rw_server_client_name(fixture->server, fixture->client), "remote");
    send_text(
        fixture, fd,
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"hello\",\"params\":{\"client\":\"cli\"}}\n");
    expect_answer(fixture, fd, 7, NULL);
    assert_string_equal(rw_server_client_name(fixture->server, fixture->client), "cli");
    send_text(
        fixture, fd,
        "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"hello\",\"params\":{\"client\":\"A B\"}}\n");
    expect_answer(fixture, fd, 8, NULL);
    assert_string_equal(rw_server_client_name(fixture->server, fixture->client), "cli");
    close(fd);
}

#define later_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        later_test(questions_after_a_promise_wait_for_its_answer),
        later_test(a_promise_can_end_in_a_refusal),
        later_test(who_has_left_is_not_answered),
        later_test(who_has_finished_sending_still_gets_what_was_promised),
        later_test(a_client_is_called_what_it_calls_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
