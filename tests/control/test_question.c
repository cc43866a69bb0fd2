/* What is asked by many at the same moment is answered once for all, and never a moment later. */
#include "fixture.h"

#define QUESTION "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.status\"}\n"
#define COMMAND  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.pause\"}\n"

/* Puts TEXT into the socket while the loop stands still. */
static void put_text(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* The next answer is to ID, and is that of the handler's call with this NUMBER. */
static void expect_call(struct fixture *fixture, int fd, const char *id, int number)
{
    char expected[128], *line = read_line(fixture, fd);

    snprintf(expected, sizeof(expected),
             "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"calls\":%d}}", id, number);
    assert_non_null(line);
    assert_string_equal(line, expected);
    free(line);
}

/* Clients that the server knows, and that it will see in this order when all have sent something.
 */
static void open_clients(struct fixture *fixture, int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fds[i] = open_client(fixture);
        call(fixture, fds[i], "session.pause");
    }
    turn(fixture); /* it sees that the last has nothing more to say */
    fixture->calls = 0;
}

static void close_all(const int *fds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        close(fds[i]);
    }
}

static void what_many_ask_at_once_is_made_once(void **state)
{
    struct fixture *fixture = *state;
    int fds[5];

    open_clients(fixture, fds, RW_COUNT(fds));
    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        put_text(fds[i], QUESTION QUESTION);
    }
    for (size_t i = 0; i < RW_COUNT(fds); i++) {
        expect_call(fixture, fds[i], "1", 1);
        expect_call(fixture, fds[i], "1", 1);
    }
    assert_int_equal(fixture->calls, 1);
    close_all(fds, RW_COUNT(fds));
}

static void what_is_asked_a_moment_later_is_made_anew(void **state)
{
    struct fixture *fixture = *state;
    int fds[2];

    open_clients(fixture, fds, RW_COUNT(fds));
    for (int i = 1; i < 10; i++) {
        put_text(fds[i % 2], QUESTION);
        expect_call(fixture, fds[i % 2], "1", i);
    }
    close_all(fds, RW_COUNT(fds));
}

/* Half a line is here in time, the rest while the answer that would suit it is being made. */
static void what_comes_while_answers_are_made_is_made_anew(void **state)
{
    struct fixture *fixture = *state;
    int fds[2];

    open_clients(fixture, fds, RW_COUNT(fds));
    put_text(fds[0], QUESTION);
    put_text(fds[1], "{\"jsonrpc\":\"2.0\",\"id\":1,");
    fixture->late_fd = fds[1];
    fixture->late_text = "\"method\":\"session.status\"}\n";
    expect_call(fixture, fds[0], "1", 1);
    expect_call(fixture, fds[1], "1", 2);
    close_all(fds, RW_COUNT(fds));
}

static void a_command_between_questions_is_seen_by_the_second(void **state)
{
    struct fixture *fixture = *state;
    int fds[3];

    open_clients(fixture, fds, RW_COUNT(fds));
    put_text(fds[0], QUESTION);
    put_text(fds[1], COMMAND COMMAND);
    put_text(fds[2], QUESTION);
    expect_call(fixture, fds[0], "1", 1);
    expect_call(fixture, fds[1], "1", 2);
    expect_call(fixture, fds[1], "1", 3);
    expect_call(fixture, fds[2], "1", 4);
    put_text(fds[0], QUESTION "{\"jsonrpc\":\"2.0\",\"method\":\"session.pause\"}\n" QUESTION);
    expect_call(fixture, fds[0], "1", 5);
    expect_call(fixture, fds[0], "1", 7);
    close_all(fds, RW_COUNT(fds));
}

static void each_is_answered_in_its_own_words(void **state)
{
    struct fixture *fixture = *state;
    int fds[2];

    open_clients(fixture, fds, RW_COUNT(fds));
    put_text(fds[0], QUESTION);
    put_text(fds[1], "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.status\"} \n"
                     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"volume.get\"}\n"
                     "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.statu\"}\n" QUESTION
                     "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"session.status\"}\n");
    expect_call(fixture, fds[0], "1", 1);
    expect_call(fixture, fds[1], "1", 2);
    expect_call(fixture, fds[1], "1", 3);
    expect_answer(fixture, fds[1], 1, "unknown-method");
    expect_call(fixture, fds[1], "1", 4);
    expect_call(fixture, fds[1], "1", 5);
    close_all(fds, RW_COUNT(fds));
}

/* The id as it is asked under, and as it is answered; NULL: as asked. Which call it is; 0: none. */
static const struct {
    const char *asked, *answered;
    int call;
} ids[] = {
    {"1", NULL, 1},
    {"2", NULL, 1},
    {"0", NULL, 1},
    {"10", NULL, 2},
    {"99", NULL, 2},
    {"09", NULL, 0},
    {"10", NULL, 3},
    {"123456789012345678", NULL, 4},
    {"999999999999999999", NULL, 4},
    {"1234567890123456789", NULL, 5},
    {"9999999999999999999", NULL, 0},
    {"\"a\"", NULL, 6},
    {"\"a\"", NULL, 6},
    {"\"b\"", NULL, 7},
    {"-0", "0", 8},
    {"-0", "0", 8},
    {"-1", NULL, 9},
    {"1.5", NULL, 0},
    {"1", NULL, 10},
    {"1e0", NULL, 0},
    {"null", NULL, 0},
};

static void each_is_answered_under_its_own_id(void **state)
{
    struct fixture *fixture = *state;
    int fds[RW_COUNT(ids) / 10 + 1]; /* one alone is not given so many answers in one go */

    open_clients(fixture, fds, RW_COUNT(fds));
    for (size_t i = 0; i < RW_COUNT(ids); i++) {
        char line[128];

        snprintf(line, sizeof(line),
                 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"session.status\"}\n", ids[i].asked);
        put_text(fds[i / 10], line);
    }
    for (size_t i = 0; i < RW_COUNT(ids); i++) {
        if (ids[i].call) {
            expect_call(fixture, fds[i / 10], ids[i].answered ? ids[i].answered : ids[i].asked,
                        ids[i].call);
        } else {
            json_t *refusal = read_json(fixture, fds[i / 10]);

            assert_non_null(json_object_get(refusal, "error"));
            json_decref(refusal);
        }
    }
    close_all(fds, RW_COUNT(fds));
}

/* A question changes nothing and is for everybody: only methods that are known to be so are. */
static void the_questions_are_these(void **state)
{
    static const enum rw_method questions[] = {RW_METHOD_SESSION_STATUS, RW_METHOD_VOLUME_GET,
                                               RW_METHOD_MUSIC_GET, RW_METHOD_VOICE_GET};
    bool is_question[RW_METHOD_COUNT] = {false};

    (void)state;
    for (size_t i = 0; i < RW_COUNT(questions); i++) {
        is_question[questions[i]] = true;
    }
    for (int i = 0; i < RW_METHOD_COUNT; i++) {
        assert_int_equal(rw_method_info((enum rw_method)i)->is_question, is_question[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_many_ask_at_once_is_made_once, fixture_set_up),
        TEST(what_is_asked_a_moment_later_is_made_anew, fixture_set_up),
        TEST(what_comes_while_answers_are_made_is_made_anew, fixture_set_up),
        TEST(a_command_between_questions_is_seen_by_the_second, fixture_set_up),
        TEST(each_is_answered_in_its_own_words, fixture_set_up),
        TEST(each_is_answered_under_its_own_id, fixture_set_up),
        cmocka_unit_test(the_questions_are_these),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
