#include "runwalk/control/dispatch.h"
#include "runwalk/paths/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A handler that notes what it was called for, and answers as it is told. */
struct recorder {
    unsigned calls;
    enum rw_method method;
    uint64_t client;
    char params[512];
    bool refuse, leave_nothing;
};

static void record(void *context, const struct rw_call *call, struct rw_answer *answer)
{
    struct recorder *recorder = context;
    char *params = json_dumps(call->params, JSON_COMPACT | JSON_SORT_KEYS);

    if (!params) {
        return;
    }
    recorder->calls++;
    recorder->method = call->method;
    recorder->client = call->client;
    snprintf(recorder->params, sizeof(recorder->params), "%s", params);
    free(params);
    if (recorder->leave_nothing) {
        return;
    }
    answer->result = json_pack("{s:b}", "done", 1);
    if (recorder->refuse) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PROFILE, "the profile %s has errors", "x");
        rw_error_add(&answer->error, "diagnostics", json_string("x.yaml:1:1: error: no"));
    }
}

/* Sends LINE; returns the parsed reply, NULL when there is none. */
static json_t *send_line(struct recorder *recorder, const char *line, bool *ret_subscribed)
{
    struct rw_handler handler = {record, recorder};
    struct rw_dispatched done;
    json_t *reply = NULL;

    rw_dispatch(&handler, "1.2.3", 77, 41, line, strlen(line), &done);
    assert_false(done.failed);
    if (done.reply) {
        assert_int_equal(done.reply[done.size - 1], '\n');
        reply = json_loadb(done.reply, done.size, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(reply);
    }
    if (ret_subscribed) {
        *ret_subscribed = done.subscribed;
    }
    free(done.reply);
    return reply;
}

static json_t *call(struct recorder *recorder, const char *method, const char *params)
{
    char line[1024];

    snprintf(line, sizeof(line), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}",
             method, params);
    return send_line(recorder, line, NULL);
}

static void expect_params(const char *method, const char *params, const char *expected)
{
    struct recorder recorder = {0};
    json_t *reply = call(&recorder, method, params);

    if (recorder.calls != 1 || strcmp(recorder.params, expected) != 0) {
        fail_msg("%s %s became %s", method, params, recorder.params);
    }
    assert_non_null(json_object_get(reply, "result"));
    json_decref(reply);
}

static void expect_error(const char *method, const char *params, const char *reason,
                         const char *words)
{
    struct recorder recorder = {0};
    json_t *reply = call(&recorder, method, params);
    const json_t *error = json_object_get(reply, "error");
    const char *message = json_string_value(json_object_get(error, "message"));

    if (recorder.calls != 0 || !error) {
        fail_msg("%s %s was taken", method, params);
    }
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(error, "data"), "reason")), reason);
    if (!strstr(message, words)) {
        fail_msg("'%s' does not say '%s'", message, words);
    }
    json_decref(reply);
}

static void defaults_are_filled_in_for_the_handler(void **state)
{
    (void)state;
    expect_params("session.start", "{}", "{\"in_ms\":0,\"next\":false,\"replace\":false}");
    expect_params("session.start", "{\"in_ms\":30000,\"profile\":\"easy\",\"replace\":true}",
                  "{\"in_ms\":30000,\"next\":false,\"profile\":\"easy\",\"replace\":true}");
    expect_params("session.extend", "{}", "{\"by_ms\":30000}");
    expect_params("session.choose", "{\"profile\":\"easy\"}",
                  "{\"next\":false,\"profile\":\"easy\",\"speak\":true}");
    expect_params("profile.list", "{}", "{\"limit\":100,\"offset\":0}");
    expect_params("session.pause", "{}", "{}");
    expect_params("volume.set", "{\"volume_db\":-60}", "{\"relative\":false,\"volume_db\":-60}");
    expect_params("volume.set", "{\"volume_db\":11.5}", "{\"relative\":false,\"volume_db\":11.5}");
}

static void wrong_parameters_never_reach_the_handler(void **state)
{
    (void)state;
    expect_error("session.start", "{\"in\":1}", "invalid-params", "is 'in_ms' meant?");
    expect_error("session.start", "{\"replase\":true}", "invalid-params", "is 'replace' meant?");
    expect_error("session.start", "{\"quickly\":true}", "invalid-params", "`describe`");
    expect_error("session.start", "{\"in_ms\":\"30s\"}", "invalid-params",
                 "'in_ms' must be a whole number");
    expect_error("session.start", "{\"in_ms\":1.5}", "invalid-params", "a whole number");
    expect_error("session.start", "{\"in_ms\":-1}", "invalid-params", "from 0 to 3600000");
    expect_error("session.start", "{\"in_ms\":3600001}", "invalid-params", "from 0 to 3600000");
    expect_error("session.start", "{\"replace\":1}", "invalid-params", "must be true or false");
    expect_error("session.start", "{\"profile\":null}", "invalid-params", "must be text");
    expect_error("session.start", "{\"profile\":\"\"}", "invalid-params", "from 1 to 4095 bytes");
    expect_error("profile.check", "{}", "invalid-params", "profile.check needs 'profile'");
    expect_error("session.extend", "{\"by_ms\":999}", "invalid-params", "from 1000 to 86400000");
    expect_error("session.extend", "{\"by_ms\":9223372036854775807}", "invalid-params", "from");
    expect_error("volume.set", "{\"volume_db\":12.01}", "invalid-params", "from -60 to 12");
    expect_error("volume.set", "{\"volume_db\":true}", "invalid-params", "must be a number");
    expect_error("session.pause", "{\"now\":true}", "invalid-params", "no parameter 'now'");
}

static void an_unknown_method_offers_the_nearest(void **state)
{
    (void)state;
    expect_error("session.puase", "{}", "unknown-method", "is 'session.pause' meant?");
    expect_error("", "{}", "unknown-method", "`describe`");
    expect_error("event", "{}", "unknown-method", "no method 'event'");
}

static void a_refusal_carries_its_data(void **state)
{
    struct recorder recorder = {.refuse = true};
    json_t *reply = call(&recorder, "session.start", "{}");
    json_t *expected = json_loads("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32007,"
                                  "\"message\":\"the profile x has errors\",\"data\":{"
                                  "\"reason\":\"invalid-profile\","
                                  "\"diagnostics\":\"x.yaml:1:1: error: no\"}}}",
                                  0, NULL);

    (void)state;
    assert_true(json_equal(reply, expected));
    json_decref(reply);
    json_decref(expected);
}

static void a_handler_that_leaves_nothing_is_an_internal_error(void **state)
{
    struct recorder recorder = {.leave_nothing = true};
    json_t *reply = call(&recorder, "session.stop", "{}");

    (void)state;
    assert_int_equal(json_integer_value(json_object_get(json_object_get(reply, "error"), "code")),
                     -32603);
    json_decref(reply);
}

static void a_notification_is_carried_out_without_an_answer(void **state)
{
    struct recorder recorder = {0};

    (void)state;
    assert_null(send_line(&recorder, "{\"jsonrpc\":\"2.0\",\"method\":\"session.skip\"}", NULL));
    assert_int_equal(recorder.calls, 1);
    assert_int_equal(recorder.method, RW_METHOD_SESSION_SKIP);
    assert_int_equal(recorder.client, 77);
    /* Not even when it is wrong. */
    assert_null(send_line(&recorder, "{\"jsonrpc\":\"2.0\",\"method\":\"session.skp\"}", NULL));
    assert_null(send_line(
        &recorder, "{\"jsonrpc\":\"2.0\",\"method\":\"session.skip\",\"params\":{\"a\":1}}", NULL));
    recorder.refuse = true;
    assert_null(send_line(&recorder, "{\"jsonrpc\":\"2.0\",\"method\":\"session.skip\"}", NULL));
    assert_int_equal(recorder.calls, 2);
}

static void only_an_answered_subscribe_subscribes(void **state)
{
    struct recorder recorder = {0};
    bool subscribed = false;
    json_t *reply = send_line(
        &recorder, "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"subscribe\"}", &subscribed);

    (void)state;
    assert_true(subscribed);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(reply, "result"), "seq")),
                     41);
    json_decref(reply);
    assert_null(
        send_line(&recorder, "{\"jsonrpc\":\"2.0\",\"method\":\"subscribe\"}", &subscribed));
    assert_false(subscribed);
    assert_int_equal(recorder.calls, 1);
    recorder.refuse = true;
    json_decref(send_line(&recorder, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}",
                          &subscribed));
    assert_false(subscribed);
}

static void hello_and_describe_need_no_handler(void **state)
{
    struct recorder recorder = {0};
    json_t *reply = call(&recorder, "hello", "{}");
    json_t *result = json_object_get(reply, "result");

    (void)state;
    assert_int_equal(json_integer_value(json_object_get(result, "protocol")), 1);
    assert_string_equal(json_string_value(json_object_get(result, "version")), "1.2.3");
    assert_int_equal(json_array_size(json_object_get(result, "features")), 9);
    json_decref(reply);
    reply = call(&recorder, "describe", "{}");
    result = json_object_get(reply, "result");
    assert_int_equal(json_array_size(json_object_get(result, "methods")), RW_METHOD_COUNT);
    assert_int_equal(json_array_size(json_object_get(result, "errors")), RW_REASON_COUNT);
    assert_int_equal(json_array_size(json_object_get(result, "events")), RW_NOTICE_COUNT);
    json_decref(reply);
    assert_int_equal(recorder.calls, 0);
    expect_error("describe", "{\"method\":\"session.strat\"}", "unknown-method",
                 "is 'session.start' meant?");
}

static size_t allocations_left;

static void *allocate_some(size_t size)
{
    return allocations_left > 0 && allocations_left-- ? malloc(size) : NULL;
}

/* Carries LINE out with each allocation for JSON failing in turn; the last time none does. */
static void expect_survival(const char *line)
{
    struct recorder recorder = {0};
    struct rw_handler handler = {record, &recorder};
    size_t limit = 0;

    json_object_seed(1); /* else it would be done, and fail, in the midst of it */
    do {
        struct rw_dispatched done;

        allocations_left = limit;
        json_set_alloc_funcs(allocate_some, free);
        rw_dispatch(&handler, "1.2.3", 1, 0, line, strlen(line), &done);
        json_set_alloc_funcs(malloc, free);
        /* Even where nothing can be answered, the server is told so. */
        assert_true(done.reply || done.failed);
        if (done.reply && allocations_left == 0 && !strstr(done.reply, "\"result\"")) {
            assert_non_null(strstr(done.reply, "\"reason\":\"internal\""));
        }
        free(done.reply);
        limit++;
    } while (allocations_left == 0);
    assert_true(limit > 10);
}

static void want_of_memory_is_survived_wherever_it_comes(void **state)
{
    (void)state;
    expect_survival("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"}");
    expect_survival("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"describe\"}");
    expect_survival("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.start\","
                    "\"params\":{\"in_ms\":5}}");
    expect_survival("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"subscribe\"}");
}

static void the_table_is_whole(void **state)
{
    (void)state;
    for (int i = 0; i < RW_METHOD_COUNT; i++) {
        const struct rw_method_info *info = rw_method_info((enum rw_method)i);

        assert_non_null(info->name);
        assert_non_null(info->summary);
        assert_non_null(info->result);
        for (size_t p = 0; p < info->param_count; p++) {
            const struct rw_param *param = &info->params[p];

            assert_non_null(param->summary);
            assert_false(param->required && param->fallback);
            assert_true(param->type == RW_PARAM_BOOLEAN || param->min < param->max);
            if (param->fallback) {
                json_t *value = json_loads(param->fallback, JSON_DECODE_ANY, NULL);

                assert_non_null(value);
                json_decref(value);
            }
        }
    }
}

/* The section of TEXT whose heading names METHOD, up to the next heading; malloc'd. */
static char *section_of(const char *text, const char *method)
{
    for (const char *heading = strstr(text, "\n### "); heading;
         heading = strstr(heading + 1, "\n### ")) {
        size_t size = strcspn(heading + 1, "\n");
        char *line = strndup(heading + 1, size);
        char *found = strstr(line, method);
        bool is_it = found && (found[strlen(method)] == '\0' || found[strlen(method)] == ',');

        free(line);
        if (is_it) {
            const char *end = strstr(heading + 1, "\n##");

            return end ? strndup(heading, (size_t)(end - heading)) : strdup(heading);
        }
    }
    fail_msg("docs/protocol.md has no section for %s", method);
    return NULL;
}

static void expect_documented(const char *text, const char *words)
{
    if (!strstr(text, words)) {
        fail_msg("docs/protocol.md does not have: %s", words);
    }
}

static void the_manual_has_every_method_parameter_error_and_event(void **state)
{
    char *text, words[512];
    size_t size;

    (void)state;
    assert_int_equal(rw_file_read(TEST_SOURCE_DIR "/docs/protocol.md", 1 << 20, &text, &size),
                     RW_OK);
    for (int i = 0; i < RW_METHOD_COUNT; i++) {
        const struct rw_method_info *info = rw_method_info((enum rw_method)i);
        char *section = section_of(text, info->name);

        for (size_t p = 0; p < info->param_count; p++) {
            const struct rw_param *param = &info->params[p];

            snprintf(words, sizeof(words), "| `%s` | ", param->name);
            expect_documented(section, words);
            expect_documented(section, param->summary);
            if (param->type != RW_PARAM_BOOLEAN) {
                snprintf(words, sizeof(words), "%.0f to %.0f", param->min, param->max);
                expect_documented(section, words);
            }
            if (param->fallback && param->type != RW_PARAM_TEXT) {
                snprintf(words, sizeof(words), "; %s |", param->fallback);
                expect_documented(section, words);
            }
            if (param->required) {
                expect_documented(section, "; required |");
            }
        }
        free(section);
    }
    for (int i = 0; i < RW_REASON_COUNT; i++) {
        const struct rw_reason_info *info = rw_reason_info((enum rw_reason)i);

        snprintf(words, sizeof(words), "| `%s` | %d | %s |", info->name, info->code, info->summary);
        expect_documented(text, words);
    }
    for (int i = 0; i < RW_NOTICE_COUNT; i++) {
        snprintf(words, sizeof(words), "| `%s` | ", rw_notice_info((enum rw_notice)i)->name);
        expect_documented(text, words);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_filled_in_for_the_handler),
        cmocka_unit_test(wrong_parameters_never_reach_the_handler),
        cmocka_unit_test(an_unknown_method_offers_the_nearest),
        cmocka_unit_test(a_refusal_carries_its_data),
        cmocka_unit_test(a_handler_that_leaves_nothing_is_an_internal_error),
        cmocka_unit_test(a_notification_is_carried_out_without_an_answer),
        cmocka_unit_test(only_an_answered_subscribe_subscribes),
        cmocka_unit_test(hello_and_describe_need_no_handler),
        cmocka_unit_test(want_of_memory_is_survived_wherever_it_comes),
        cmocka_unit_test(the_table_is_whole),
        cmocka_unit_test(the_manual_has_every_method_parameter_error_and_event),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
