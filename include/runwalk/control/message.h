/*
 * Messages of the control protocol: JSON-RPC 2.0, one message a line. Pure parsing and
 * formatting, with the one table of errors; no sockets, and no idea of what methods do.
 */
#ifndef RUNWALK_CONTROL_MESSAGE_H
#define RUNWALK_CONTROL_MESSAGE_H

#include "runwalk/base.h"

#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>

#define RW_PROTOCOL_VERSION 1

#define RW_REQUEST_MAX 16384u /* bytes of a request line, its newline not counted */
#define RW_REPLY_MAX   65536u /* bytes of a reply or an event, with its newline */
#define RW_ID_MAX      128u   /* bytes of a request's id, when it is a string */

#define RW_SUBSCRIBERS_MAX 16 /* connections that have subscribed */
#define RW_OTHERS_MAX      16 /* those that have not */

/* Why a request is refused. The order is that of the table, and of the documentation. */
enum rw_reason {
    RW_REASON_PARSE,
    RW_REASON_INVALID_REQUEST,
    RW_REASON_UNKNOWN_METHOD,
    RW_REASON_INVALID_PARAMS,
    RW_REASON_INTERNAL,
    RW_REASON_TOO_LONG,
    RW_REASON_LIMIT,
    RW_REASON_FORBIDDEN,
    RW_REASON_BUSY,
    RW_REASON_NO_PROFILE,
    RW_REASON_UNKNOWN_PROFILE,
    RW_REASON_INVALID_PROFILE,
    RW_REASON_UNREADABLE,
    RW_REASON_RUN_ACTIVE,
    RW_REASON_NOT_RUNNING,
    RW_REASON_UNSPEAKABLE,
    RW_REASON_UNKNOWN_RUN,
    RW_REASON_WRONG_STEP,
    RW_REASON_NO_PLAN,
    RW_REASON_UNKNOWN_PLAN,
    RW_REASON_INVALID_PLAN,
    RW_REASON_PLAN_WAITS,
};
#define RW_REASON_COUNT 22

struct rw_reason_info {
    const char *name; /* stable: programs compare it */
    int code;         /* JSON-RPC's own, or -32001 and below for ours */
    const char *summary;
};
/* Static. */
const struct rw_reason_info *rw_reason_info(enum rw_reason reason);

/* A refusal in the making. */
struct rw_error {
    enum rw_reason reason;
    char message[256]; /* UTF-8, for a person: the thing and the remedy */
    json_t *data;      /* more members for the error's `data`, or NULL; owned */
};

/* Sets reason and message (cut at a whole character when too long) and drops earlier data. */
void rw_error_set(struct rw_error *error, enum rw_reason reason, const char *format, ...)
    RW_PRINTF(3, 4);
void rw_error_vset(struct rw_error *error, enum rw_reason reason, const char *format, va_list args)
    RW_PRINTF(3, 0);
/* Adds a member to `data`; steals VALUE. Where memory is short the member is left out. */
void rw_error_add(struct rw_error *error, const char *key, json_t *value);
void rw_error_finish(struct rw_error *error);

/*
 * A JSON string of any text, such as a file's name: bytes that are not UTF-8 become question
 * marks. NULL when memory is short.
 */
json_t *rw_json_text(const char *text);

struct rw_request {
    json_t *root;       /* owns all the rest */
    const char *method; /* UTF-8 */
    const json_t *id;   /* an integer or a string; NULL: a notification, never answered */
    json_t *params;     /* an object, or NULL when there are none */
};

/*
 * Parses one line of SIZE bytes, without its newline. Unless it is RW_OK, *ret_error is set and
 * an answer is due, under the id in *ret_request where one could be read: RW_EINVALID (reason
 * parse, invalid-request or invalid-params), RW_ELIMIT (reason too-long), RW_EMEMORY (reason
 * internal). Finish both in any case.
 */
RW_CHECKED enum rw_status rw_request_parse(const char *line, size_t size,
                                           struct rw_request *ret_request,
                                           struct rw_error *ret_error);
void rw_request_finish(struct rw_request *request);

/*
 * Formatting. Each returns one malloc'd line with its newline, *ret_size bytes long, or NULL when
 * memory is short. What would be longer than RW_REPLY_MAX becomes the error `limit`, or for an
 * event NULL.
 */
char *rw_reply_format(const json_t *id, const json_t *result, size_t *ret_size);
/* ID may be NULL: it could not be read. */
char *rw_error_format(const json_t *id, const struct rw_error *error, size_t *ret_size);
/* FIELDS is an object whose members stand beside `seq` and `event`; borrowed. */
char *rw_event_format(uint64_t seq, const char *event, const json_t *fields, size_t *ret_size);
/* For the client. PARAMS may be NULL; borrowed. */
char *rw_request_format(int64_t id, const char *method, const json_t *params, size_t *ret_size);

#endif
