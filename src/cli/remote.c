#include "remote.h"

#include "load.h"

#include <errno.h>
#include <string.h>
#include <time.h>

int64_t rw_boot_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / RW_NS_PER_MS;
}

/* What each failure is for the caller of the program. */
static enum rw_exit exit_of(enum rw_status status, const char *reason)
{
    static const struct {
        enum rw_reason reason;
        enum rw_exit exit;
    } exits[] = {
        {RW_REASON_INVALID_REQUEST, RW_EXIT_USAGE},   {RW_REASON_UNKNOWN_METHOD, RW_EXIT_USAGE},
        {RW_REASON_INVALID_PARAMS, RW_EXIT_USAGE},    {RW_REASON_UNKNOWN_PROFILE, RW_EXIT_PROFILE},
        {RW_REASON_INVALID_PROFILE, RW_EXIT_PROFILE}, {RW_REASON_UNREADABLE, RW_EXIT_IO},
        {RW_REASON_UNKNOWN_PLAN, RW_EXIT_PROFILE},    {RW_REASON_INVALID_PLAN, RW_EXIT_PROFILE},
    };
    switch (status) {
    case RW_OK:
        return RW_EXIT_OK;
    case RW_ENOENT:
        return RW_EXIT_NO_DAEMON;
    case RW_ETIMEOUT:
        return RW_EXIT_TIMEOUT;
    case RW_ELIMIT:
        return RW_EXIT_USAGE;
    case RW_ESTATE:
        for (size_t i = 0; i < RW_COUNT(exits); i++) {
            if (strcmp(rw_reason_info(exits[i].reason)->name, reason) == 0) {
                return exits[i].exit;
            }
        }
        return RW_EXIT_REFUSED;
    case RW_EMEMORY:
    case RW_EINVALID:
    case RW_EIO:
    case RW_EFULL:
        break;
    }
    return RW_EXIT_IO;
}

static enum rw_exit connect_fail(const struct rw_invocation *invocation, enum rw_status status,
                                 const char *socket)
{
    enum rw_exit exit = exit_of(status, "");
    switch (status) {
    case RW_ENOENT:
        return rw_fail(invocation, exit,
                       "no daemon is running; start one with `scripts/run` or "
                       "`setsid -f runwalkd`");
    case RW_ETIMEOUT:
        return rw_fail(invocation, exit, "the daemon at %s takes no connection", socket);
    case RW_ESTATE:
        return rw_fail(invocation, exit, "who listens at %s is another user; nothing was sent",
                       socket);
    case RW_ELIMIT:
        return rw_fail(invocation, exit, "the path %s is too long for a socket", socket);
    case RW_EMEMORY:
        return rw_fail(invocation, exit, "out of memory");
    case RW_OK:
    case RW_EINVALID:
    case RW_EIO:
    case RW_EFULL:
        break;
    }
    return rw_fail(invocation, exit, "%s: %s", socket, strerror(errno));
}

/* The history names commands by where they come from. CLIENT is gone when this fails. */
static enum rw_exit hello_say(const struct rw_invocation *invocation, struct rw_client *client)
{
    json_t *answer;
    enum rw_exit exit =
        rw_remote_call(invocation, client, "hello", json_pack("{s:s}", "client", "cli"),
                       RW_REMOTE_TIMEOUT_MS, &answer);
    if (exit == RW_EXIT_OK) {
        json_decref(answer);
    } else {
        rw_client_destroy(client);
    }
    return exit;
}

enum rw_exit rw_remote_connect(const struct rw_invocation *invocation,
                               struct rw_client **ret_client)
{
    struct rw_paths *paths;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    const char *socket = rw_paths_socket(paths);
    enum rw_status status = rw_client_connect(socket, RW_REMOTE_TIMEOUT_MS, ret_client);
    if (status != RW_OK) {
        exit = connect_fail(invocation, status, socket);
    } else {
        exit = hello_say(invocation, *ret_client);
    }
    rw_paths_destroy(paths);
    return exit;
}

/* The daemon's own words, and for a malformed profile where it is wrong. */
static void refusal_print(const struct rw_invocation *invocation, const json_t *error)
{
    const char *no_profile = rw_reason_info(RW_REASON_NO_PROFILE)->name;
    bool can_name_one = strcmp(rw_client_reason(error), no_profile) == 0;
    (void)rw_fail(invocation, RW_EXIT_REFUSED, "%s%s", rw_client_message(error),
                  can_name_one ? "; name one, for example: runwalk start quickstart" : "");
    const char *diagnostics =
        json_string_value(json_object_get(json_object_get(error, "data"), "diagnostics"));
    if (diagnostics) {
        rw_print_clean(invocation->err, diagnostics);
    }
}

enum rw_exit rw_remote_take(const struct rw_invocation *invocation, enum rw_status status,
                            json_t *answer, json_t **ret_result)
{
    enum rw_exit exit = exit_of(status, status == RW_ESTATE ? rw_client_reason(answer) : "");
    switch (status) {
    case RW_OK:
        *ret_result = answer;
        return RW_EXIT_OK;
    case RW_ESTATE:
        refusal_print(invocation, answer);
        json_decref(answer);
        return exit;
    case RW_ETIMEOUT:
        return rw_fail(invocation, exit, "the daemon does not answer");
    case RW_ELIMIT:
        return rw_fail(invocation, exit, "that is too long for one request");
    case RW_EMEMORY:
        return rw_fail(invocation, exit, "out of memory");
    case RW_EINVALID:
        return rw_fail(invocation, exit, "the daemon speaks another protocol");
    case RW_ENOENT:
    case RW_EIO:
    case RW_EFULL:
        break;
    }
    return rw_fail(invocation, RW_EXIT_IO, "the connection to the daemon was lost");
}

enum rw_exit rw_remote_call(const struct rw_invocation *invocation, struct rw_client *client,
                            const char *method, json_t *params, int timeout_ms, json_t **ret_result)
{
    json_t *answer = NULL;
    enum rw_status status = rw_client_call(client, method, params, timeout_ms, &answer);
    json_decref(params);
    return rw_remote_take(invocation, status, answer, ret_result);
}

enum rw_exit rw_remote_ask(const struct rw_invocation *invocation, const char *method,
                           json_t *params, json_t **ret_result)
{
    struct rw_client *client;
    enum rw_exit exit = rw_remote_connect(invocation, &client);
    if (exit != RW_EXIT_OK) {
        json_decref(params);
        return exit;
    }
    exit = rw_remote_call(invocation, client, method, params, RW_REMOTE_TIMEOUT_MS, ret_result);
    rw_client_destroy(client);
    return exit;
}

void rw_print_json(const struct rw_invocation *invocation, const json_t *result)
{
    json_dumpf(result, invocation->out, JSON_INDENT(2) | JSON_ENCODE_ANY);
    fputc('\n', invocation->out);
}
