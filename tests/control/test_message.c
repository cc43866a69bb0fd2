#include "runwalk/control/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A line that is refused, why, and under which id (as JSON). */
struct refusal {
    const char *line;
    enum rw_reason reason;
    const char *id;
};

static const struct refusal refusals[] = {
    /* no JSON */
    {"", RW_REASON_PARSE, "null"},
    {"  \t\r", RW_REASON_PARSE, "null"},
    {"hello", RW_REASON_PARSE, "null"},
    {"{", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"}}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"} {}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",}", RW_REASON_PARSE, "null"},
    {"{'jsonrpc':'2.0','id':1,'method':'hello'}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"hello\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":NaN,\"method\":\"hello\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1e999,\"method\":\"hello\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"hello\"}", RW_REASON_PARSE,
     "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"hello\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"say\",\"params\":{\"text\":\"a\",\"text\":\"b\"}}",
     RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"say\",\"params\":{\"text\":\"a\\u0000b\"}}",
     RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"say\",\"params\":{\"text\":\"\\ud800\"}}",
     RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"say\",\"params\":{\"text\":\"a\tb\"}}",
     RW_REASON_PARSE, "null"},
    {"\xEF\xBB\xBF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"}", RW_REASON_PARSE, "null"},
    /* no UTF-8: a lone byte, an overlong slash, a surrogate, beyond the last character, cut off */
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xFF\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xC0\xAF\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xED\xA0\x80\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xF4\x90\x80\x80\"}", RW_REASON_PARSE, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xE2\x82\"}", RW_REASON_PARSE, "null"},
    /* no request */
    {"1", RW_REASON_INVALID_REQUEST, "null"},
    {"null", RW_REASON_INVALID_REQUEST, "null"},
    {"\"hello\"", RW_REASON_INVALID_REQUEST, "null"},
    {"[]", RW_REASON_INVALID_REQUEST, "null"},
    {"[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"}]", RW_REASON_INVALID_REQUEST, "null"},
    {"{}", RW_REASON_INVALID_REQUEST, "null"},
    {"{\"id\":1,\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":2.0,\"id\":1,\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"hello\"}", RW_REASON_INVALID_REQUEST, "null"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"param\":{}}", RW_REASON_INVALID_REQUEST,
     "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"auth\":\"me\"}",
     RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":7}", RW_REASON_INVALID_REQUEST,
     "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":null}",
     RW_REASON_INVALID_REQUEST, "1"},
    {"{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"say\",\"params\":[\"go\"]}",
     RW_REASON_INVALID_PARAMS, "\"x\""},
};

static void expect_refusal(const char *line, size_t size, enum rw_reason reason, const char *id)
{
    struct rw_request request;
    struct rw_error error;
    char *got;

    if (rw_request_parse(line, size, &request, &error) == RW_OK) {
        fail_msg("was taken: %.100s", line);
    }
    got = json_dumps(request.id ? request.id : json_null(), JSON_ENCODE_ANY);
    if (error.reason != reason || strcmp(got, id) != 0 || error.message[0] == '\0') {
        fail_msg("%.100s: %s under %s: %s", line, rw_reason_info(error.reason)->name, got,
                 error.message);
    }
    free(got);
    rw_error_finish(&error);
    rw_request_finish(&request);
}

static void each_malformed_line_is_refused_for_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(refusals); i++) {
        expect_refusal(refusals[i].line, strlen(refusals[i].line), refusals[i].reason,
                       refusals[i].id);
    }
}

static void a_nul_in_the_line_is_refused(void **state)
{
    const char line[] = "{\"jsonrpc\":\"2.0\",\0\"id\":1,\"method\":\"hello\"}";

    (void)state;
    expect_refusal(line, sizeof(line) - 1, RW_REASON_PARSE, "null");
    expect_refusal("\0\0\0", 3, RW_REASON_PARSE, "null");
}

static void deep_nesting_is_refused(void **state)
{
    char line[RW_REQUEST_MAX];

    (void)state;
    memset(line, '[', sizeof(line));
    expect_refusal(line, sizeof(line), RW_REASON_PARSE, "null");
}

/* A request with an id of SIZE letters. */
static size_t write_long_id(char *line, size_t line_size, int size)
{
    char id[RW_REQUEST_MAX];

    memset(id, 'i', sizeof(id));
    return (size_t)snprintf(line, line_size,
                            "{\"jsonrpc\":\"2.0\",\"id\":\"%.*s\",\"method\":\"hello\"}", size, id);
}

static void bounds_hold_to_the_byte(void **state)
{
    char line[RW_REQUEST_MAX + 2];
    struct rw_request request;
    struct rw_error error;
    size_t size = write_long_id(line, sizeof(line), RW_ID_MAX);

    (void)state;
    assert_int_equal(rw_request_parse(line, size, &request, &error), RW_OK);
    assert_int_equal(json_string_length(request.id), RW_ID_MAX);
    rw_request_finish(&request);
    size = write_long_id(line, sizeof(line), RW_ID_MAX + 1);
    expect_refusal(line, size, RW_REASON_INVALID_REQUEST, "null");

    size = write_long_id(line, sizeof(line), 1);
    memset(line + size, ' ', sizeof(line) - size);
    assert_int_equal(rw_request_parse(line, RW_REQUEST_MAX, &request, &error), RW_OK);
    rw_request_finish(&request);
    expect_refusal(line, RW_REQUEST_MAX + 1, RW_REASON_TOO_LONG, "null");
}

static void a_request_is_read_with_all_its_parts(void **state)
{
    static const char line[] = " {\"id\":-7,\"params\":{\"text\":\"Grüß dich \\u20ac\"},"
                               "\"method\":\"say\",\"jsonrpc\":\"2.0\"}\r";
    struct rw_request request;
    struct rw_error error;

    (void)state;
    assert_int_equal(rw_request_parse(line, sizeof(line) - 1, &request, &error), RW_OK);
    assert_string_equal(request.method, "say");
    assert_int_equal(json_integer_value(request.id), -7);
    assert_string_equal(json_string_value(json_object_get(request.params, "text")), "Grüß dich €");
    rw_request_finish(&request);
}

static void without_an_id_it_is_a_notification(void **state)
{
    static const char line[] = "{\"jsonrpc\":\"2.0\",\"method\":\"session.pause\"}";
    struct rw_request request;
    struct rw_error error;

    (void)state;
    assert_int_equal(rw_request_parse(line, sizeof(line) - 1, &request, &error), RW_OK);
    assert_null(request.id);
    assert_null(request.params);
    rw_request_finish(&request);
}

static void expect_line(char *line, size_t size, const char *expected)
{
    assert_non_null(line);
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(line, expected, size);
    free(line);
}

static void lines_are_formatted_without_waste(void **state)
{
    json_t *id = json_integer(3), *result = json_pack("{s:f, s:s}", "db", -3.3, "t", "é");
    json_t *params = json_pack("{s:b}", "blocks", 1);
    struct rw_error error = {0};
    size_t size;
    char *line;

    (void)state;
    line = rw_reply_format(id, result, &size);
    expect_line(line, size,
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"db\":-3.3,\"t\":\"é\"}}\n");
    line = rw_event_format(12, "volume", result, &size);
    expect_line(line, size,
                "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":"
                "{\"seq\":12,\"event\":\"volume\",\"db\":-3.3,\"t\":\"é\"}}\n");
    rw_error_set(&error, RW_REASON_BUSY, "wait %d s", 2);
    rw_error_add(&error, "left_ms", json_integer(2000));
    line = rw_error_format(NULL, &error, &size);
    expect_line(line, size,
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32004,"
                "\"message\":\"wait 2 s\",\"data\":{\"reason\":\"busy\",\"left_ms\":2000}}}\n");
    rw_error_finish(&error);
    line = rw_request_format(9, "subscribe", params, &size);
    expect_line(line, size,
                "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"subscribe\","
                "\"params\":{\"blocks\":true}}\n");
    line = rw_request_format(9, "hello", NULL, &size);
    expect_line(line, size, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"hello\"}\n");
    json_decref(id);
    json_decref(result);
    json_decref(params);
}

static void what_is_too_long_to_send_becomes_an_error(void **state)
{
    json_t *id = json_integer(1), *result = json_object();
    struct rw_error error = {0};
    char text[RW_REPLY_MAX + 1];
    size_t size = 0;
    char *line;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    json_object_set_new(result, "text", json_string(text));
    line = rw_reply_format(id, result, &size);
    assert_non_null(strstr(line, "\"reason\":\"limit\""));
    free(line);
    assert_null(rw_event_format(1, "state", result, &size));
    /* An error does without its additions. */
    rw_error_set(&error, RW_REASON_INVALID_PROFILE, "it is wrong");
    rw_error_add(&error, "diagnostics", json_string(text));
    line = rw_error_format(id, &error, &size);
    expect_line(line, size,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32007,"
                "\"message\":\"it is wrong\",\"data\":{\"reason\":\"invalid-profile\"}}}\n");
    rw_error_finish(&error);
    json_decref(id);
    json_decref(result);
}

static void messages_stay_utf8_wherever_they_are_cut(void **state)
{
    static const char *const wide[] = {"é", "€", "😀"};

    (void)state;
    for (size_t w = 0; w < RW_COUNT(wide); w++) {
        for (int shift = 0; shift < 4; shift++) {
            struct rw_error error = {0};
            char text[400] = "";
            json_t *value;

            for (int i = 0; i < shift; i++) {
                strcat(text, "x");
            }
            while (strlen(text) < 300) {
                strcat(text, wide[w]);
            }
            rw_error_set(&error, RW_REASON_INTERNAL, "%s", text);
            value = json_string(error.message);
            assert_non_null(value);
            assert_true(strlen(error.message) >= 252);
            assert_memory_equal(error.message, text, strlen(error.message));
            json_decref(value);
        }
    }
}

static void bytes_that_are_no_text_become_question_marks(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"plain", "plain"},
        {"h\xC3\xBCgel \xE2\x82\xAC \xF0\x9F\x98\x80",
         "h\xC3\xBCgel \xE2\x82\xAC \xF0\x9F\x98\x80"},
        {"h\xFCgel", "h?gel"},
        {"\xC0\xAF", "??"},
        {"\xED\xA0\x80", "???"},
        {"\xF4\x90\x80\x80", "????"},
        {"\xE2\x82", "??"},
        {"\xE0\x80\x80", "???"},
        {"\xF0\x80\x80\x80", "????"},
    };

    (void)state;
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        json_t *value = rw_json_text(cases[i].text);

        assert_non_null(value);
        assert_string_equal(json_string_value(value), cases[i].expected);
        json_decref(value);
    }
}

static void reasons_and_codes_are_unique(void **state)
{
    (void)state;
    for (int i = 0; i < RW_REASON_COUNT; i++) {
        const struct rw_reason_info *info = rw_reason_info((enum rw_reason)i);

        assert_non_null(info->name);
        assert_non_null(info->summary);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(info->name, rw_reason_info((enum rw_reason)j)->name);
            assert_int_not_equal(info->code, rw_reason_info((enum rw_reason)j)->code);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_malformed_line_is_refused_for_its_reason),
        cmocka_unit_test(a_nul_in_the_line_is_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(bounds_hold_to_the_byte),
        cmocka_unit_test(a_request_is_read_with_all_its_parts),
        cmocka_unit_test(without_an_id_it_is_a_notification),
        cmocka_unit_test(lines_are_formatted_without_waste),
        cmocka_unit_test(what_is_too_long_to_send_becomes_an_error),
        cmocka_unit_test(messages_stay_utf8_wherever_they_are_cut),
        cmocka_unit_test(bytes_that_are_no_text_become_question_marks),
        cmocka_unit_test(reasons_and_codes_are_unique),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
