#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void child_run(rw_guard_work work, void *context, int descriptor, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1); /* it died before it could be watched */
    }
    /* The libraries of sound chatter on the error stream. */
    int nowhere = open("/dev/null", O_RDWR);
    if (nowhere >= 0) {
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
    }
    work(context, descriptor);
    /* Without the clean-up of libraries, which may hang as well. */
    _exit(0);
}

enum rw_status rw_guard_start(rw_guard_work work, void *context, struct rw_guard *ret_guard)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return RW_EIO;
    }
    pid_t parent = getpid();
    fflush(NULL);
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return RW_EIO;
    }
    if (child == 0) {
        close(ends[0]);
        child_run(work, context, ends[1], parent);
    }
    close(ends[1]);
    *ret_guard = (struct rw_guard){.child = child, .descriptor = ends[0]};
    return RW_OK;
}

void rw_guard_tell(int descriptor, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    if (text) {
        dprintf(descriptor, "%s\n", text);
        free(text);
    }
}

void rw_guard_tell_end(int descriptor)
{
    rw_guard_tell(descriptor, json_pack("{s:b}", "end", 1));
}

void rw_guard_tell_problem(int descriptor, const char *problem)
{
    rw_guard_tell(descriptor, json_pack("{s:s}", "problem", problem));
}

/* Cuts the first line off what has been read; false: none is complete. */
static bool line_take(struct rw_guard *guard, json_t **ret_told)
{
    char *end = memchr(guard->bytes, '\n', guard->used);
    if (!end) {
        return false;
    }
    size_t length = (size_t)(end - guard->bytes);
    *ret_told = json_loadb(guard->bytes, length, 0, NULL);
    guard->used -= length + 1;
    memmove(guard->bytes, end + 1, guard->used);
    return true;
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / RW_NS_PER_MS;
}

/*
 * The next thing told, which belongs to the caller. RW_ENOENT: the child is done, or dead;
 * RW_ETIMEOUT; RW_EIO; RW_EINVALID: what came is no line of JSON.
 */
static enum rw_status guard_hear(struct rw_guard *guard, int timeout_ms, json_t **ret_told)
{
    int64_t deadline = monotonic_ms() + timeout_ms;
    json_t *told = NULL;
    while (!line_take(guard, &told)) {
        if (guard->used == sizeof guard->bytes) {
            return RW_EINVALID;
        }
        int64_t left = deadline - monotonic_ms();
        struct pollfd source = {.fd = guard->descriptor, .events = POLLIN};
        int ready = left > 0 ? poll(&source, 1, (int)left) : 0;
        if (ready == 0) {
            return RW_ETIMEOUT;
        }
        if (ready < 0) {
            if (errno == EINTR) {
                continue;
            }
            return RW_EIO;
        }
        ssize_t size =
            read(guard->descriptor, guard->bytes + guard->used, sizeof guard->bytes - guard->used);
        if (size <= 0) {
            return RW_ENOENT;
        }
        guard->used += (size_t)size;
    }
    if (!told) {
        return RW_EINVALID;
    }
    *ret_told = told;
    return RW_OK;
}

enum rw_exit rw_guard_listen(struct rw_guard *guard, const struct rw_invocation *invocation,
                             int timeout_ms, void (*heard)(void *context, json_t *told),
                             void *context)
{
    for (;;) {
        json_t *told;
        enum rw_status status = guard_hear(guard, timeout_ms, &told);
        if (status == RW_ETIMEOUT) {
            return rw_fail(invocation, RW_EXIT_TIMEOUT,
                           "the sound system does not answer; is the sound server hung?");
        }
        if (status != RW_OK) {
            return rw_fail(invocation, RW_EXIT_IO, "the sound system failed");
        }
        enum rw_exit exit = RW_EXIT_OK;
        bool is_end = json_object_get(told, "end") != NULL;
        const char *problem = json_string_value(json_object_get(told, "problem"));
        if (problem) {
            exit = rw_fail(invocation, RW_EXIT_IO, "%s", problem);
            is_end = true;
        } else if (!is_end) {
            heard(context, told);
        }
        json_decref(told);
        if (is_end) {
            return exit;
        }
    }
}

void rw_guard_finish(struct rw_guard *guard)
{
    close(guard->descriptor);
    kill(guard->child, SIGKILL);
    while (waitpid(guard->child, NULL, 0) < 0 && errno == EINTR) {
    }
}
