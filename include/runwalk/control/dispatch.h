/*
 * The methods of the control protocol: one table from which requests are checked,
 * `describe` is answered and the documentation is tested. It knows what each method
 * takes, not what it does: that is the handler's, which the daemon supplies.
 */
#ifndef RUNWALK_CONTROL_DISPATCH_H
#define RUNWALK_CONTROL_DISPATCH_H

#include "runwalk/control/message.h"

#include <stdbool.h>

enum rw_method {
    RW_METHOD_HELLO,    /* answered here */
    RW_METHOD_DESCRIBE, /* answered here */
    RW_METHOD_PROFILE_LIST,
    RW_METHOD_PROFILE_CHECK,
    RW_METHOD_SESSION_CHOOSE,
    RW_METHOD_SESSION_START,
    RW_METHOD_SESSION_PAUSE,
    RW_METHOD_SESSION_RESUME,
    RW_METHOD_SESSION_TOGGLE,
    RW_METHOD_SESSION_SKIP,
    RW_METHOD_SESSION_BACK,
    RW_METHOD_SESSION_EXTEND,
    RW_METHOD_SESSION_SHORTEN,
    RW_METHOD_SESSION_STOP,
    RW_METHOD_SESSION_RECOVER,
    RW_METHOD_SESSION_ENCOURAGE,
    RW_METHOD_SESSION_QUIET,
    RW_METHOD_SESSION_REST,
    RW_METHOD_SESSION_READY,
    RW_METHOD_SESSION_EASIER,
    RW_METHOD_SESSION_HARDER,
    RW_METHOD_SESSION_RATIO,
    RW_METHOD_SESSION_GOTO,
    RW_METHOD_SESSION_COOLDOWN,
    RW_METHOD_SESSION_STITCH,
    RW_METHOD_SESSION_HEAVY,
    RW_METHOD_SESSION_PAIN,
    RW_METHOD_SESSION_DIZZY,
    RW_METHOD_SESSION_TIME,
    RW_METHOD_SESSION_STATUS,
    RW_METHOD_HISTORY_LIST,
    RW_METHOD_HISTORY_SHOW,
    RW_METHOD_HISTORY_ROWS,
    RW_METHOD_HISTORY_LOG,
    RW_METHOD_HISTORY_FORGET,
    RW_METHOD_PLAN_LIST,
    RW_METHOD_PLAN_START,
    RW_METHOD_PLAN_STOP,
    RW_METHOD_PLAN_STATUS,
    RW_METHOD_PLAN_SKIP,
    RW_METHOD_PLAN_REPEAT,
    RW_METHOD_PLAN_WELL,
    RW_METHOD_SAY,
    RW_METHOD_VOLUME_GET,
    RW_METHOD_VOLUME_SET,
    RW_METHOD_MUSIC_GET,
    RW_METHOD_MUSIC_PLAY,
    RW_METHOD_MUSIC_STOP,
    RW_METHOD_VOICE_GET,
    RW_METHOD_VOICE_SET,
    RW_METHOD_SUBSCRIBE, /* the handler answers with the status; the server does the rest */
};
#define RW_METHOD_COUNT 51

enum rw_param_type { RW_PARAM_BOOLEAN, RW_PARAM_INTEGER, RW_PARAM_NUMBER, RW_PARAM_TEXT };

struct rw_param {
    const char *name; /* durations end in _ms and are whole milliseconds */
    enum rw_param_type type;
    bool required;
    const char *fallback; /* the default as JSON, or NULL: absent when not given */
    double min, max;      /* of an integer or number; of a text, its bytes */
    const char *summary;
};

#define RW_PARAMS_MAX 9

#define RW_CLIENT_NAME_MAX 16 /* bytes, with the NUL */

struct rw_method_info {
    const char *name;
    const char *summary;
    const char *result; /* what the answer holds, in a sentence */
    const struct rw_param *params;
    size_t param_count;
    bool is_question; /* nothing changes by it, and its answer does not depend on who asks */
};
/* Static. */
const struct rw_method_info *rw_method_info(enum rw_method method);

/* What subscribers are told, with the fields that the daemon gives to each. */
enum rw_notice {
    RW_NOTICE_STATE,   /* status: all of it; the state changed or what lies ahead moved */
    RW_NOTICE_SEGMENT, /* segment, next, end_ms */
    RW_NOTICE_CUE,     /* cue, type, outcome, boot_ms, text, reason */
    RW_NOTICE_VOLUME,  /* volume_db */
    RW_NOTICE_OUTPUT,  /* output */
    RW_NOTICE_PROFILE, /* profile: another one is chosen */
    RW_NOTICE_COMMAND, /* command, session_ms: a command to the run was carried out */
};
#define RW_NOTICE_COUNT 7

struct rw_notice_info {
    const char *name;
    const char *summary;
};
/* Static. */
const struct rw_notice_info *rw_notice_info(enum rw_notice notice);

/* A request that has passed every check. */
struct rw_call {
    enum rw_method method;
    const json_t *params; /* an object: only known members, in range, defaults filled in */
    uint64_t client;      /* a number for the connection, never used for another; 0: none */
    bool is_answered;     /* false: a notification, whose answer nobody gets */
};

/*
 * What a handler leaves: a result (owned), a refusal, or the promise of an answer that comes later
 * by rw_server_answer; none of them means that memory is short.
 */
struct rw_answer {
    json_t *result;
    bool refused;
    bool is_later;
    struct rw_error error; /* when refused */
};

/* Refuses: the result is dropped, message and reason stand in the reply. */
void rw_answer_refuse(struct rw_answer *answer, enum rw_reason reason, const char *format, ...)
    RW_PRINTF(3, 4);

struct rw_handler {
    /* Never blocks. ANSWER comes empty. */
    void (*call)(void *context, const struct rw_call *call, struct rw_answer *answer);
    void *context;
};

struct rw_dispatched {
    char *reply; /* one malloc'd line, or NULL: none is due, or memory is short */
    size_t size;
    bool failed;      /* an answer is due, but memory is too short for it */
    bool is_question; /* `reply` is the result of a question (rw_method_info) */
    bool subscribed;  /* the client is to be sent events from now on */
    json_t *later;    /* the id of a request that is answered later, owned; else NULL */
    /* What the client has called itself with `hello`; "" when it has not. */
    char client_name[RW_CLIENT_NAME_MAX];
};

/*
 * The whole way of one request: parse, check, hand to HANDLER, format. SEQ is the number of the
 * last event, which the answer to `subscribe` carries; a `subscribe` without an id would be one
 * without the status, so it does nothing. The caller frees `reply`.
 */
void rw_dispatch(const struct rw_handler *handler, const char *version, uint64_t client,
                 uint64_t seq, const char *line, size_t size, struct rw_dispatched *ret_dispatched);

#endif
