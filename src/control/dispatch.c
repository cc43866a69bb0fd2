#include "runwalk/control/dispatch.h"

#include "runwalk/paths/nearest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rw_answer_refuse(struct rw_answer *answer, enum rw_reason reason, const char *format, ...)
{
    va_list args;

    json_decref(answer->result);
    answer->result = NULL;
    answer->refused = true;
    va_start(args, format);
    rw_error_vset(&answer->error, reason, format, args);
    va_end(args);
}

/* ---- parameters ---- */

static const char *type_phrase(enum rw_param_type type)
{
    switch (type) {
    case RW_PARAM_BOOLEAN:
        return "true or false";
    case RW_PARAM_INTEGER:
        return "a whole number";
    case RW_PARAM_NUMBER:
        return "a number";
    case RW_PARAM_TEXT:
        return "text";
    }
    return "";
}

static bool has_type(const json_t *value, enum rw_param_type type)
{
    switch (type) {
    case RW_PARAM_BOOLEAN:
        return json_is_boolean(value);
    case RW_PARAM_INTEGER:
        return json_is_integer(value);
    case RW_PARAM_NUMBER:
        return json_is_number(value);
    case RW_PARAM_TEXT:
        return json_is_string(value);
    }
    return false;
}

#define SPAN_MAX 32

/* MS as a person says it: "1 s", "24 h". */
static void span_format(double ms, char ret_text[SPAN_MAX])
{
    if (ms >= 3600e3) {
        snprintf(ret_text, SPAN_MAX, "%g h", ms / 3600e3);
    } else if (ms >= 60e3) {
        snprintf(ret_text, SPAN_MAX, "%g min", ms / 60e3);
    } else {
        snprintf(ret_text, SPAN_MAX, "%g s", ms / 1e3);
    }
}

static void refuse_range(const struct rw_param *param, struct rw_answer *answer)
{
    size_t length = strlen(param->name);

    if (param->type == RW_PARAM_TEXT) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "'%s' must have from %.0f to %.0f bytes",
                         param->name, param->min, param->max);
    } else if (length > 3 && strcmp(param->name + length - 3, "_ms") == 0) {
        char least[SPAN_MAX], most[SPAN_MAX];

        span_format(param->min, least);
        span_format(param->max, most);
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "'%s' must be from %.0f to %.0f (%s to %s)", param->name, param->min,
                         param->max, least, most);
    } else {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "'%s' must be from %.0f to %.0f",
                         param->name, param->min, param->max);
    }
}

/* Whether VALUE is what PARAM takes; says so when it is not. */
static bool check_value(const struct rw_param *param, const json_t *value, struct rw_answer *answer)
{
    double size;

    if (!has_type(value, param->type)) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "'%s' must be %s", param->name,
                         type_phrase(param->type));
        return false;
    }
    if (param->type == RW_PARAM_BOOLEAN) {
        return true;
    }
    size =
        param->type == RW_PARAM_TEXT ? (double)json_string_length(value) : json_number_value(value);
    if (size >= param->min && size <= param->max) {
        return true;
    }
    refuse_range(param, answer);
    return false;
}

static const struct rw_param *find_param(const struct rw_method_info *method, const char *name)
{
    for (size_t i = 0; i < method->param_count; i++) {
        if (strcmp(method->params[i].name, name) == 0) {
            return &method->params[i];
        }
    }
    return NULL;
}

static void refuse_param(const struct rw_method_info *method, const char *name,
                         struct rw_answer *answer)
{
    struct rw_nearest nearest;

    rw_nearest_init(&nearest, name);
    for (size_t i = 0; i < method->param_count; i++) {
        rw_nearest_offer(&nearest, method->params[i].name);
    }
    /* Whoever writes `in` for `in_ms` has only forgotten the unit. */
    for (size_t i = 0; i < method->param_count && !nearest.best; i++) {
        if (strncmp(method->params[i].name, name, strlen(name)) == 0) {
            nearest.best = method->params[i].name;
        }
    }
    if (nearest.best) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "%s has no parameter '%s'; is '%s' meant?", method->name, name,
                         nearest.best);
    } else {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "%s has no parameter '%.64s'; `describe` names those it has", method->name,
                         name);
    }
}

/*
 * The checked parameters with their defaults, as a new object; NULL when ANSWER refuses them.
 */
static json_t *check_params(const struct rw_method_info *method, json_t *given,
                            struct rw_answer *answer)
{
    const char *name;
    json_t *value, *params = NULL;

    json_object_foreach(given, name, value)
    {
        const struct rw_param *param = find_param(method, name);

        if (!param) {
            refuse_param(method, name, answer);
            return NULL;
        }
        if (!check_value(param, value, answer)) {
            return NULL;
        }
    }
    params = json_object();
    for (size_t i = 0; params && i < method->param_count; i++) {
        const struct rw_param *param = &method->params[i];

        value = json_incref(json_object_get(given, param->name));
        if (!value && param->required) {
            rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "%s needs '%s': %s", method->name,
                             param->name, param->summary);
            json_decref(params);
            return NULL;
        }
        if (!value && !param->fallback) {
            continue;
        }
        if (!value) {
            value = json_loads(param->fallback, JSON_DECODE_ANY, NULL);
        }
        if (json_object_set_new(params, param->name, value) != 0) {
            json_decref(params);
            params = NULL;
        }
    }
    if (!params) {
        rw_answer_refuse(answer, RW_REASON_INTERNAL, "memory is short");
    }
    return params;
}

/* ---- what is answered here ---- */

/* Adds VALUE to *ARRAY; where memory is short *ARRAY becomes NULL, and so the answer. */
static void append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value) == 0) {
        return;
    }
    json_decref(*array);
    *array = NULL;
}

/* The groups of methods: what stands before the dot. */
static json_t *list_features(void)
{
    json_t *features = json_array();
    const char *previous = "";

    for (int i = RW_METHOD_DESCRIBE + 1; i < RW_METHOD_COUNT; i++) {
        const char *name = rw_method_info((enum rw_method)i)->name;
        size_t size = strcspn(name, ".");

        if (strlen(previous) >= size && strncmp(previous, name, size) == 0) {
            continue;
        }
        append(&features, json_stringn(name, size));
        previous = name;
    }
    return features;
}

static void answer_hello(const char *version, struct rw_answer *answer)
{
    answer->result =
        json_pack("{s:i, s:s, s:s, s:o, s:{s:i, s:i, s:i, s:i}}", "protocol", RW_PROTOCOL_VERSION,
                  "name", "runwalkd", "version", version, "features", list_features(), "limits",
                  "request_bytes", (int)RW_REQUEST_MAX, "reply_bytes", (int)RW_REPLY_MAX,
                  "subscribers", RW_SUBSCRIBERS_MAX, "others", RW_OTHERS_MAX);
}

static const char *type_name(enum rw_param_type type)
{
    switch (type) {
    case RW_PARAM_BOOLEAN:
        return "boolean";
    case RW_PARAM_INTEGER:
        return "integer";
    case RW_PARAM_NUMBER:
        return "number";
    case RW_PARAM_TEXT:
        return "text";
    }
    return "";
}

static json_t *describe_param(const struct rw_param *param)
{
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:s}", "name", param->name, "type", type_name(param->type),
                  "required", param->required, "summary", param->summary);
    int failed = 0;

    if (param->fallback) {
        failed |= json_object_set_new(object, "default",
                                      json_loads(param->fallback, JSON_DECODE_ANY, NULL));
    }
    if (param->type != RW_PARAM_BOOLEAN) {
        failed |= json_object_set_new(object, "min", json_integer((json_int_t)param->min));
        failed |= json_object_set_new(object, "max", json_integer((json_int_t)param->max));
    }
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *describe_method(const struct rw_method_info *method)
{
    json_t *params = json_array();

    for (size_t i = 0; i < method->param_count; i++) {
        append(&params, describe_param(&method->params[i]));
    }
    return json_pack("{s:s, s:s, s:o, s:s}", "name", method->name, "summary", method->summary,
                     "params", params, "result", method->result);
}

static void refuse_method(const char *name, struct rw_answer *answer)
{
    struct rw_nearest nearest;

    rw_nearest_init(&nearest, name);
    for (int i = 0; i < RW_METHOD_COUNT; i++) {
        rw_nearest_offer(&nearest, rw_method_info((enum rw_method)i)->name);
    }
    if (nearest.best) {
        rw_answer_refuse(answer, RW_REASON_UNKNOWN_METHOD,
                         "there is no method '%s'; is '%s' meant?", name, nearest.best);
    } else {
        rw_answer_refuse(answer, RW_REASON_UNKNOWN_METHOD,
                         "there is no method '%.64s'; `describe` names all", name);
    }
}

static bool find_method(const char *name, enum rw_method *ret_method)
{
    for (int i = 0; i < RW_METHOD_COUNT; i++) {
        if (strcmp(rw_method_info((enum rw_method)i)->name, name) == 0) {
            *ret_method = (enum rw_method)i;
            return true;
        }
    }
    return false;
}

static void answer_describe(const json_t *params, struct rw_answer *answer)
{
    const char *only = json_string_value(json_object_get(params, "method"));
    enum rw_method method = RW_METHOD_HELLO;
    json_t *methods, *errors, *events;

    if (only && !find_method(only, &method)) {
        refuse_method(only, answer);
        return;
    }
    methods = json_array();
    errors = json_array();
    events = json_array();
    for (int i = only ? (int)method : 0; i < (only ? (int)method + 1 : RW_METHOD_COUNT); i++) {
        append(&methods, describe_method(rw_method_info((enum rw_method)i)));
    }
    for (int i = 0; i < RW_REASON_COUNT; i++) {
        const struct rw_reason_info *info = rw_reason_info((enum rw_reason)i);

        append(&errors, json_pack("{s:s, s:i, s:s}", "reason", info->name, "code", info->code,
                                  "summary", info->summary));
    }
    for (int i = 0; i < RW_NOTICE_COUNT; i++) {
        const struct rw_notice_info *info = rw_notice_info((enum rw_notice)i);

        append(&events, json_pack("{s:s, s:s}", "name", info->name, "summary", info->summary));
    }
    answer->result =
        json_pack("{s:o, s:o, s:o}", "methods", methods, "errors", errors, "events", events);
}

/* ---- the way of one request ---- */

/* Keeps what the client calls itself, if it is a plain word. */
static void take_name(const json_t *params, struct rw_dispatched *done)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *name = json_string_value(json_object_get(params, "client"));

    if (name && strlen(name) < sizeof(done->client_name) && !name[strspn(name, allowed)]) {
        memcpy(done->client_name, name, strlen(name) + 1);
    }
}

/* Hands CALL to whoever answers it. */
static void answer_call(const struct rw_handler *handler, const char *version,
                        const struct rw_call *call, struct rw_answer *answer)
{
    if (call->method == RW_METHOD_HELLO) {
        answer_hello(version, answer);
    } else if (call->method == RW_METHOD_DESCRIBE) {
        answer_describe(call->params, answer);
    } else {
        handler->call(handler->context, call, answer);
    }
    if (!answer->result && !answer->refused && !answer->is_later) {
        rw_answer_refuse(answer, RW_REASON_INTERNAL, "memory is short");
    }
}

void rw_dispatch(const struct rw_handler *handler, const char *version, uint64_t client,
                 uint64_t seq, const char *line, size_t size, struct rw_dispatched *ret_dispatched)
{
    struct rw_dispatched done = {0};
    struct rw_request request;
    struct rw_answer answer = {0};
    struct rw_call call = {.client = client};
    json_t *params = NULL;
    /* What is no request at all is answered, under the id null if need be. */
    bool is_answered = true;

    if (rw_request_parse(line, size, &request, &answer.error) != RW_OK) {
        answer.refused = true;
    } else {
        is_answered = request.id != NULL;
        if (!find_method(request.method, &call.method)) {
            refuse_method(request.method, &answer);
        } else {
            params = check_params(rw_method_info(call.method), request.params, &answer);
        }
    }
    if (params && (is_answered || call.method != RW_METHOD_SUBSCRIBE)) {
        call.params = params;
        call.is_answered = is_answered;
        answer_call(handler, version, &call, &answer);
    }
    if (params && is_answered && !answer.refused && call.method == RW_METHOD_SUBSCRIBE) {
        done.subscribed =
            json_object_set_new(answer.result, "seq", json_integer((json_int_t)seq)) == 0;
        if (!done.subscribed) {
            rw_answer_refuse(&answer, RW_REASON_INTERNAL, "memory is short");
        }
    }
    if (params && call.method == RW_METHOD_HELLO) {
        take_name(params, &done);
    }
    if (is_answered && answer.is_later && !answer.refused) {
        done.later = json_copy((json_t *)(uintptr_t)request.id);
        done.failed = !done.later;
    } else if (is_answered) {
        done.reply = answer.refused ? rw_error_format(request.id, &answer.error, &done.size)
                                    : rw_reply_format(request.id, answer.result, &done.size);
        done.failed = !done.reply;
        done.is_question = !answer.refused && rw_method_info(call.method)->is_question;
    }
    rw_error_finish(&answer.error);
    json_decref(answer.result);
    json_decref(params);
    rw_request_finish(&request);
    *ret_dispatched = done;
}
