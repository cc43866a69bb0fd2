#include "runwalk/control/client.h"

#include "fixture.h"

#include <poll.h>
#include <pthread.h>

/*
 * The client blocks, so whoever answers it has a thread: either a real server, or a script that
 * sends one prepared text for each line that comes, and then closes.
 */
struct script {
    struct fixture *fixture;
    int fd;
    const char *const *texts; /* NULL ends; "" sends nothing */
    pthread_t thread;
};

static void *run_script(void *context)
{
    struct script *script = context;
    int fd = accept(script->fd, NULL, NULL);

    for (const char *const *text = script->texts; *text; text++) {
        char byte = 0;

        while (byte != '\n') {
            if (recv(fd, &byte, 1, 0) != 1) {
                goto done;
            }
        }
        send(fd, *text, strlen(*text), MSG_NOSIGNAL);
    }
done:
    close(fd);
    return NULL;
}

static struct rw_client *open_script(struct script *script, struct fixture *fixture,
                                     const char *const *texts)
{
    struct sockaddr_un address;
    struct rw_client *client;

    snprintf(fixture->path, sizeof(fixture->path), "%s/script.sock", fixture->folder);
    address = address_of(fixture->path);
    script->fixture = fixture;
    script->texts = texts;
    script->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(script->fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(script->fd, 4), 0);
    assert_int_equal(pthread_create(&script->thread, NULL, run_script, script), 0);
    assert_int_equal(rw_client_connect(fixture->path, 20000, &client), RW_OK);
    return client;
}

static void close_script(struct script *script, struct rw_client *client)
{
    rw_client_destroy(client);
    pthread_join(script->thread, NULL);
    close(script->fd);
}

static void without_a_daemon_it_says_so(void **state)
{
    struct fixture *fixture = *state;
    struct rw_client *client = NULL;
    struct sockaddr_un address;
    char path[300];
    int fd;

    assert_int_equal(rw_client_connect(fixture->path, 1000, &client), RW_ENOENT);
    snprintf(path, sizeof(path), "%s/stale.sock", fixture->folder);
    address = address_of(path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    close(fd);
    assert_int_equal(rw_client_connect(path, 1000, &client), RW_ENOENT);
    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(rw_client_connect(path, 1000, &client), RW_ELIMIT);
    assert_null(client);
}

static void a_daemon_that_accepts_nobody_times_out(void **state)
{
    struct fixture *fixture = *state;
    struct rw_client *clients[3], *late = NULL;
    struct sockaddr_un address;
    char path[96];
    size_t count = 0;
    enum rw_status status = RW_OK;
    int fd;

    snprintf(path, sizeof(path), "%s/full.sock", fixture->folder);
    address = address_of(path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 0), 0);
    while (count < RW_COUNT(clients) && status == RW_OK) {
        status = rw_client_connect(path, 50, &late);
        if (status == RW_OK) {
            clients[count++] = late;
        }
    }
    assert_int_equal(status, RW_ETIMEOUT);
    while (count > 0) {
        rw_client_destroy(clients[--count]);
    }
    close(fd);
}

/* ---- a real server ---- */

struct service {
    struct fixture *fixture;
    uv_async_t quit;
    pthread_t thread;
};

static void quit_service(uv_async_t *quit)
{
    struct service *service = quit->data;

    rw_server_close(service->fixture->server, fixture_closed, service->fixture);
    uv_close((uv_handle_t *)quit, NULL);
}

static void *run_service(void *context)
{
    struct service *service = context;

    uv_run(&service->fixture->loop, UV_RUN_DEFAULT);
    return NULL;
}

static struct rw_client *open_service(struct service *service, struct fixture *fixture)
{
    struct rw_client *client;

    service->fixture = fixture;
    service->quit.data = service;
    assert_int_equal(uv_async_init(&fixture->loop, &service->quit, quit_service), 0);
    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    assert_int_equal(pthread_create(&service->thread, NULL, run_service, service), 0);
    assert_int_equal(rw_client_connect(fixture->path, 20000, &client), RW_OK);
    return client;
}

static void close_service(struct service *service, struct rw_client *client)
{
    uv_async_send(&service->quit);
    pthread_join(service->thread, NULL);
    rw_client_destroy(client);
}

static void a_call_brings_the_result_or_the_refusal(void **state)
{
    struct service service;
    struct rw_client *client = open_service(&service, *state);
    json_t *params = json_pack("{s:i}", "by_ms", 5), *answer = NULL;

    assert_int_equal(rw_client_call(client, "session.pause", NULL, 20000, &answer), RW_OK);
    assert_int_equal(json_integer_value(json_object_get(answer, "calls")), 1);
    json_decref(answer);
    assert_int_equal(rw_client_call(client, "session.extend", params, 20000, &answer), RW_ESTATE);
    assert_string_equal(rw_client_reason(answer), "invalid-params");
    assert_string_equal(rw_client_message(answer),
                        "'by_ms' must be from 1000 to 86400000 (1 s to 24 h)");
    json_decref(answer);
    json_decref(params);
    close_service(&service, client);
}

static void events_come_after_a_subscription_and_during_calls(void **state)
{
    struct fixture *fixture = *state;
    struct service service;
    struct rw_client *client;
    json_t *answer = NULL, *event = NULL;

    fixture->notifies = true;
    client = open_service(&service, fixture);
    assert_int_equal(rw_client_next_event(client, 0, &event), RW_ETIMEOUT);
    assert_int_equal(rw_client_call(client, "subscribe", NULL, 20000, &answer), RW_OK);
    assert_int_equal(json_integer_value(json_object_get(answer, "seq")), 0);
    json_decref(answer);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rw_client_call(client, "session.skip", NULL, 20000, &answer), RW_OK);
        json_decref(answer);
    }
    for (int seq = 2; seq < 5; seq++) {
        assert_int_equal(rw_client_next_event(client, 0, &event), RW_OK);
        assert_int_equal(json_integer_value(json_object_get(event, "seq")), seq);
        assert_string_equal(json_string_value(json_object_get(event, "event")), "volume");
        json_decref(event);
    }
    assert_int_equal(rw_client_next_event(client, 0, &event), RW_ETIMEOUT);
    close_service(&service, client);
}

static void the_descriptor_tells_when_an_event_is_there(void **state)
{
    static const char *const texts[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"seq\":0}}\n"
        "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":1,\"event\":\"cue\"}}\n"
        "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":2,\"event\":\"cue\"}}\n",
        NULL};
    struct script script;
    struct rw_client *client = open_script(&script, *state, texts);
    struct pollfd ready = {.fd = rw_client_fd(client), .events = POLLIN};
    json_t *answer, *event;

    assert_int_equal(rw_client_call(client, "subscribe", NULL, 20000, &answer), RW_OK);
    json_decref(answer);
    for (int seq = 1; seq < 3; seq++) {
        while (rw_client_next_event(client, 0, &event) == RW_ETIMEOUT) {
            assert_true(poll(&ready, 1, 20000) > 0);
        }
        assert_int_equal(json_integer_value(json_object_get(event, "seq")), seq);
        json_decref(event);
    }
    /* The script is over. */
    assert_int_equal(rw_client_next_event(client, 20000, &event), RW_EIO);
    close_script(&script, client);
}

/* ---- what goes wrong ---- */

static void an_answer_that_is_late_is_passed_over(void **state)
{
    static const char *const texts[] = {"",
                                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"n\":1}}\n"
                                        "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"n\":2}}\n",
                                        NULL};
    struct script script;
    struct rw_client *client = open_script(&script, *state, texts);
    json_t *answer = NULL;

    assert_int_equal(rw_client_call(client, "hello", NULL, 20, &answer), RW_ETIMEOUT);
    assert_null(answer);
    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_OK);
    assert_int_equal(json_integer_value(json_object_get(answer, "n")), 2);
    json_decref(answer);
    close_script(&script, client);
}

static void a_closed_connection_is_lost(void **state)
{
    static const char *const texts[] = {"{\"jsonrpc\":\"2.0\",\"id\":1,", NULL};
    struct script script;
    struct rw_client *client = open_script(&script, *state, texts);
    json_t *answer;

    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_EIO);
    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_EIO);
    assert_int_equal(rw_client_next_event(client, 20000, &answer), RW_EIO);
    close_script(&script, client);
}

static void answers_that_are_no_protocol_are_noticed(void **state)
{
    static const char *const strange[] = {
        "hello\n",
        "[]\n",
        "\n",
        "{}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":\"no\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":1,\"result\":{}}\n",
        "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":[]}\n",
    };

    for (size_t i = 0; i < RW_COUNT(strange); i++) {
        const char *const texts[] = {strange[i], NULL};
        struct script script;
        struct rw_client *client = open_script(&script, *state, texts);
        json_t *answer;
        enum rw_status status = rw_client_call(client, "hello", NULL, 20000, &answer);

        if (status != RW_EINVALID) {
            fail_msg("%d for %s", (int)status, strange[i]);
        }
        assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_EIO);
        close_script(&script, client);
        unlink(((struct fixture *)*state)->path);
    }
}

static void a_line_without_end_is_no_protocol(void **state)
{
    char *flood = calloc(1, RW_REPLY_MAX + 1);
    const char *const texts[] = {flood, NULL};
    struct script script;
    struct rw_client *client;
    json_t *answer;

    memset(flood, 'x', RW_REPLY_MAX);
    client = open_script(&script, *state, texts);
    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_EINVALID);
    close_script(&script, client);
    free(flood);
}

static void an_error_under_no_id_answers_the_call(void **state)
{
    static const char *const texts[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32003,\"message\":\"no\","
        "\"data\":{\"reason\":\"forbidden\"}}}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32603}}\n", NULL};
    struct script script;
    struct rw_client *client = open_script(&script, *state, texts);
    json_t *answer;

    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_ESTATE);
    assert_string_equal(rw_client_reason(answer), "forbidden");
    json_decref(answer);
    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_ESTATE);
    assert_string_equal(rw_client_reason(answer), "");
    assert_string_equal(rw_client_message(answer), "");
    json_decref(answer);
    close_script(&script, client);
}

static void a_request_that_is_too_long_is_not_sent(void **state)
{
    static const char *const texts[] = {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n", NULL};
    struct script script;
    struct rw_client *client = open_script(&script, *state, texts);
    char text[RW_REQUEST_MAX + 1];
    json_t *params, *answer;

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    params = json_pack("{s:s}", "text", text);
    assert_int_equal(rw_client_call(client, "say", params, 20000, &answer), RW_ELIMIT);
    assert_int_equal(rw_client_call(client, "hello", NULL, 20000, &answer), RW_OK);
    json_decref(answer);
    json_decref(params);
    close_script(&script, client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_daemon_it_says_so, fixture_set_up_bare),
        TEST(a_daemon_that_accepts_nobody_times_out, fixture_set_up_bare),
        TEST(a_call_brings_the_result_or_the_refusal, fixture_set_up_bare),
        TEST(events_come_after_a_subscription_and_during_calls, fixture_set_up_bare),
        TEST(the_descriptor_tells_when_an_event_is_there, fixture_set_up_bare),
        TEST(an_answer_that_is_late_is_passed_over, fixture_set_up_bare),
        TEST(a_closed_connection_is_lost, fixture_set_up_bare),
        TEST(answers_that_are_no_protocol_are_noticed, fixture_set_up_bare),
        TEST(a_line_without_end_is_no_protocol, fixture_set_up_bare),
        TEST(an_error_under_no_id_answers_the_call, fixture_set_up_bare),
        TEST(a_request_that_is_too_long_is_not_sent, fixture_set_up_bare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
