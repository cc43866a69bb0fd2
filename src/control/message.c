#include "runwalk/control/message.h"

#include "runwalk/paths/nearest.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct rw_reason_info reasons[RW_REASON_COUNT] = {
    [RW_REASON_PARSE] = {"parse", -32700,
                         "the line is no JSON, or not UTF-8, or names a member "
                         "twice"},
    [RW_REASON_INVALID_REQUEST] = {"invalid-request", -32600,
                                   "the JSON is no request of JSON-RPC 2.0, or it is a batch"},
    [RW_REASON_UNKNOWN_METHOD] = {"unknown-method", -32601, "there is no such method"},
    [RW_REASON_INVALID_PARAMS] = {"invalid-params", -32602,
                                  "a parameter is unknown, missing, of the wrong type, or out of "
                                  "range"},
    [RW_REASON_INTERNAL] = {"internal", -32603,
                            "the daemon failed, for example for want of "
                            "memory"},
    [RW_REASON_TOO_LONG] = {"too-long", -32001,
                            "the line is longer than 16384 bytes; the connection is closed"},
    [RW_REASON_LIMIT] = {"limit", -32002, "the answer, or what was asked for, exceeds a bound"},
    [RW_REASON_FORBIDDEN] = {"forbidden", -32003,
                             "the client is another user; the connection is closed"},
    [RW_REASON_BUSY] = {"busy", -32004,
                        "not now: words are still being made, or would talk into a change"},
    [RW_REASON_NO_PROFILE] = {"no-profile", -32005, "no profile has been chosen"},
    [RW_REASON_UNKNOWN_PROFILE] = {"unknown-profile", -32006, "there is no such profile"},
    [RW_REASON_INVALID_PROFILE] = {"invalid-profile", -32007,
                                   "the profile has errors; `diagnostics` tells where"},
    [RW_REASON_UNREADABLE] = {"unreadable", -32008, "a file could not be read"},
    [RW_REASON_RUN_ACTIVE] = {"run-active", -32009,
                              "a run is on; stop it first, or start with `replace`"},
    [RW_REASON_NOT_RUNNING] = {"not-running", -32010, "no run is on"},
    [RW_REASON_UNSPEAKABLE] = {"unspeakable", -32011, "no voice can speak these words"},
    [RW_REASON_UNKNOWN_RUN] = {"unknown-run", -32012, "the history has no such run"},
    [RW_REASON_WRONG_STEP] = {"wrong-step", -32013,
                              "the step that is on does not go with this command"},
    [RW_REASON_NO_PLAN] = {"no-plan", -32014, "no plan is followed"},
    [RW_REASON_UNKNOWN_PLAN] = {"unknown-plan", -32015, "there is no such plan"},
    [RW_REASON_INVALID_PLAN] = {"invalid-plan", -32016,
                                "the plan has errors; `diagnostics` tells where"},
    [RW_REASON_PLAN_WAITS] = {"plan-waits", -32017,
                              "after an emergency the plan waits until all is well"},
};

const struct rw_reason_info *rw_reason_info(enum rw_reason reason)
{
    assert((unsigned)reason < RW_REASON_COUNT);
    return &reasons[reason];
}

/* ---- errors ---- */

/*
 * The length of the UTF-8 character at TEXT, 0 when its bytes are none (RFC 3629, section 4: no
 * overlong forms, no surrogates, nothing above U+10FFFF).
 */
static size_t character_length(const unsigned char *text)
{
    unsigned char first = text[0];
    unsigned char low = 0x80, high = 0xBF; /* bounds of the second byte */
    size_t length;

    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first == 0xE0) {
        low = 0xA0;
    } else if (first == 0xED) {
        high = 0x9F;
    } else if (first == 0xF0) {
        low = 0x90;
    } else if (first == 0xF4) {
        high = 0x8F;
    }
    if (text[1] < low || text[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

/* Makes TEXT valid UTF-8: each byte that is part of no character becomes a question mark. */
static void mend_text(char *text)
{
    while (*text) {
        size_t length = character_length((const unsigned char *)text);

        if (length == 0) {
            *text = '?';
        }
        text += length ? length : 1;
    }
}

json_t *rw_json_text(const char *text)
{
    char *mended = strdup(text);
    json_t *value = NULL;

    if (mended) {
        mend_text(mended);
        value = json_string(mended);
    }
    free(mended);
    return value;
}

/* Drops the last character of TEXT, SIZE bytes long, if a cut has left only its beginning. */
static void drop_half_character(char *text, size_t size)
{
    size_t tail = 0; /* continuation bytes at the end */

    while (tail < size && tail < 3 && ((unsigned char)text[size - 1 - tail] & 0xC0) == 0x80) {
        tail++;
    }
    if (tail < size && (unsigned char)text[size - 1 - tail] >= 0xC2 &&
        character_length((const unsigned char *)text + size - 1 - tail) == 0) {
        text[size - 1 - tail] = '\0';
    }
}

void rw_error_vset(struct rw_error *error, enum rw_reason reason, const char *format, va_list args)
{
    int size = vsnprintf(error->message, sizeof(error->message), format, args);

    json_decref(error->data);
    error->data = NULL;
    error->reason = reason;
    if (size < 0) {
        error->message[0] = '\0';
    } else if ((size_t)size >= sizeof(error->message)) {
        drop_half_character(error->message, sizeof(error->message) - 1);
    }
    mend_text(error->message);
}

void rw_error_set(struct rw_error *error, enum rw_reason reason, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    rw_error_vset(error, reason, format, args);
    va_end(args);
}

void rw_error_add(struct rw_error *error, const char *key, json_t *value)
{
    if (!error->data) {
        error->data = json_object();
    }
    /* VALUE is released also when this fails. */
    (void)json_object_set_new(error->data, key, value);
}

void rw_error_finish(struct rw_error *error)
{
    json_decref(error->data);
    error->data = NULL;
}

/* ---- requests ---- */

static enum rw_status refuse(struct rw_error *ret_error, enum rw_reason reason, const char *message)
{
    rw_error_set(ret_error, reason, "%s", message);
    return RW_EINVALID;
}

/* What jansson says, in the words of one who sees one line. */
static enum rw_status refuse_json(const json_error_t *json_error, struct rw_error *ret_error)
{
    switch (json_error_code(json_error)) {
    case json_error_out_of_memory:
        rw_error_set(ret_error, RW_REASON_INTERNAL, "memory is short");
        return RW_EMEMORY;
    case json_error_invalid_utf8:
        return refuse(ret_error, RW_REASON_PARSE, "the line is not UTF-8");
    case json_error_stack_overflow:
        return refuse(ret_error, RW_REASON_PARSE, "the JSON is nested too deeply");
    default: /* not ours to list */
        rw_error_set(ret_error, RW_REASON_PARSE, "the line is no JSON: %s, at column %d",
                     json_error->text, json_error->column);
        return RW_EINVALID;
    }
}

/* Takes the id if it is one that can be answered under. */
static bool take_id(const json_t *root, struct rw_request *request)
{
    const json_t *id = json_object_get(root, "id");
    bool is_good =
        !id || json_is_integer(id) || (json_is_string(id) && json_string_length(id) <= RW_ID_MAX);

    if (is_good) {
        request->id = id;
    }
    return is_good;
}

static const char *const members[] = {"jsonrpc", "id", "method", "params"};

static void refuse_member(const char *name, struct rw_error *ret_error)
{
    struct rw_nearest nearest;

    rw_nearest_init(&nearest, name);
    for (size_t i = 0; i < RW_COUNT(members); i++) {
        rw_nearest_offer(&nearest, members[i]);
    }
    if (nearest.best) {
        rw_error_set(ret_error, RW_REASON_INVALID_REQUEST,
                     "a request has no member '%s'; is '%s' meant?", name, nearest.best);
    } else {
        rw_error_set(ret_error, RW_REASON_INVALID_REQUEST,
                     "a request has no member '%.64s'; it has jsonrpc, id, method, params", name);
    }
}

static enum rw_status check_members(const json_t *root, struct rw_error *ret_error)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)root, key, value)
    {
        size_t i = 0;

        while (i < RW_COUNT(members) && strcmp(key, members[i]) != 0) {
            i++;
        }
        if (i == RW_COUNT(members)) {
            refuse_member(key, ret_error);
            return RW_EINVALID;
        }
    }
    return RW_OK;
}

static enum rw_status read_request(json_t *root, struct rw_request *request,
                                   struct rw_error *ret_error)
{
    const json_t *version, *method;

    if (json_is_array(root)) {
        return refuse(ret_error, RW_REASON_INVALID_REQUEST,
                      "batches are not taken; send one request a line");
    }
    if (!json_is_object(root)) {
        return refuse(ret_error, RW_REASON_INVALID_REQUEST, "a request is a JSON object");
    }
    if (!take_id(root, request)) {
        return refuse(ret_error, RW_REASON_INVALID_REQUEST,
                      "the id must be a whole number or a string of at most 128 bytes");
    }
    version = json_object_get(root, "jsonrpc");
    if (!json_is_string(version) || strcmp(json_string_value(version), "2.0") != 0) {
        return refuse(ret_error, RW_REASON_INVALID_REQUEST, "a request has \"jsonrpc\":\"2.0\"");
    }
    if (check_members(root, ret_error) != RW_OK) {
        return RW_EINVALID;
    }
    method = json_object_get(root, "method");
    if (!json_is_string(method)) {
        return refuse(ret_error, RW_REASON_INVALID_REQUEST, "a request names its method, as text");
    }
    request->method = json_string_value(method);
    request->params = json_object_get(root, "params");
    if (json_is_array(request->params)) {
        return refuse(ret_error, RW_REASON_INVALID_PARAMS,
                      "parameters are given by name, in an object, not by position");
    }
    if (request->params && !json_is_object(request->params)) {
        return refuse(ret_error, RW_REASON_INVALID_REQUEST, "params must be an object");
    }
    return RW_OK;
}

static bool is_blank(const char *line, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!strchr(" \t\r", line[i])) {
            return false;
        }
    }
    return true;
}

enum rw_status rw_request_parse(const char *line, size_t size, struct rw_request *ret_request,
                                struct rw_error *ret_error)
{
    json_error_t json_error;
    struct rw_request request = {0};

    *ret_request = request;
    *ret_error = (struct rw_error){0};
    if (size > RW_REQUEST_MAX) {
        rw_error_set(ret_error, RW_REASON_TOO_LONG, "a request line has at most %u bytes",
                     RW_REQUEST_MAX);
        return RW_ELIMIT;
    }
    if (is_blank(line, size)) {
        return refuse(ret_error, RW_REASON_PARSE, "the line is empty");
    }
    request.root = json_loadb(line, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &json_error);
    if (!request.root) {
        return refuse_json(&json_error, ret_error);
    }
    enum rw_status status = read_request(request.root, &request, ret_error);

    *ret_request = request;
    return status;
}

void rw_request_finish(struct rw_request *request)
{
    json_decref(request->root);
    *request = (struct rw_request){0};
}

/* ---- lines ---- */

/* Six digits are enough for decibels, the only numbers here that are not whole. */
#define DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(6))

#define LINE_USUAL 2048u /* bytes; a longer message is written twice, first to be measured */

/* Makes a line of MESSAGE and releases it. NULL: memory is short. */
static char *dump(json_t *message, size_t *ret_size)
{
    char *line = message ? malloc(LINE_USUAL) : NULL;
    size_t size = line ? json_dumpb(message, line, LINE_USUAL - 1, DUMP_FLAGS) : 0;

    if (size >= LINE_USUAL) {
        free(line);
        line = malloc(size + 1);
        /* Writing may want memory, too, and fail where measuring did not. */
        size = line && json_dumpb(message, line, size, DUMP_FLAGS) == size ? size : 0;
    }
    if (size > 0) {
        line[size] = '\n';
        *ret_size = size + 1;
    } else {
        free(line);
        line = NULL;
    }
    json_decref(message);
    return line;
}

char *rw_reply_format(const json_t *id, const json_t *result, size_t *ret_size)
{
    struct rw_error error = {0};
    size_t size;
    char *line =
        dump(json_pack("{s:s, s:O, s:O}", "jsonrpc", "2.0", "id", id, "result", result), &size);

    if (line && size > RW_REPLY_MAX) {
        free(line);
        rw_error_set(&error, RW_REASON_LIMIT,
                     "the answer is longer than %u bytes; ask for a part of it", RW_REPLY_MAX);
        return rw_error_format(id, &error, ret_size);
    }
    if (line) {
        *ret_size = size;
    }
    return line;
}

char *rw_error_format(const json_t *id, const struct rw_error *error, size_t *ret_size)
{
    const struct rw_reason_info *info = rw_reason_info(error->reason);
    json_t *data = json_pack("{s:s}", "reason", info->name);
    size_t size;
    char *line;

    if (data && error->data && json_object_update_missing(data, error->data) != 0) {
        json_decref(data);
        return NULL;
    }
    line = dump(json_pack("{s:s, s:O?, s:{s:i, s:s, s:o}}", "jsonrpc", "2.0", "id", id, "error",
                          "code", info->code, "message", error->message, "data", data),
                &size);
    if (line && size > RW_REPLY_MAX) {
        /* Without the additions it still says what it must. */
        struct rw_error bare = *error;

        free(line);
        bare.data = NULL;
        return rw_error_format(id, &bare, ret_size);
    }
    if (line) {
        *ret_size = size;
    }
    return line;
}

char *rw_event_format(uint64_t seq, const char *event, const json_t *fields, size_t *ret_size)
{
    json_t *params = json_pack("{s:I, s:s}", "seq", (json_int_t)seq, "event", event);
    size_t size;
    char *line;

    if (params && json_object_update_missing(params, (json_t *)fields) != 0) {
        json_decref(params);
        return NULL;
    }
    line = dump(json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", "event", "params", params),
                &size);
    if (line && size > RW_REPLY_MAX) {
        free(line);
        return NULL;
    }
    if (line) {
        *ret_size = size;
    }
    return line;
}

char *rw_request_format(int64_t id, const char *method, const json_t *params, size_t *ret_size)
{
    json_t *message =
        json_pack("{s:s, s:I, s:s}", "jsonrpc", "2.0", "id", (json_int_t)id, "method", method);

    if (message && params && json_object_set(message, "params", (json_t *)params) != 0) {
        json_decref(message);
        return NULL;
    }
    return dump(message, ret_size);
}
