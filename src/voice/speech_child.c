/* The speech engine as a child process: spawned, fed, read within bounds, killed when late. */
#include "speech_private.h"

#include "runwalk/confine/confine.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES (64 * 1024)

char *rw_argument_expand(const char *template, const char *name, const char *value)
{
    size_t count = 0;
    for (const char *at = template; (at = strstr(at, name)); at += strlen(name)) {
        count++;
    }
    char *expanded = malloc(strlen(template) + count * strlen(value) + 1);
    char *end = expanded;
    if (!expanded) {
        return NULL;
    }
    for (const char *found = strstr(template, name); found; found = strstr(template, name)) {
        memcpy(end, template, (size_t)(found - template));
        end += found - template;
        memcpy(end, value, strlen(value));
        end += strlen(value);
        template = found + strlen(name);
    }
    memcpy(end, template, strlen(template) + 1);
    return expanded;
}

static void handle_closed(uv_handle_t *handle)
{
    struct speech_job *job = handle->data;
    if (--job->child.open_handles == 0) {
        rw_speech_child_over(job);
    }
}

static void handle_close(void *handle)
{
    if (!uv_is_closing(handle)) {
        uv_close(handle, handle_closed);
    }
}

/* Once the child has ended and all that it printed is read, or nobody will read it. */
static void child_finish_when_over(struct speech_job *job)
{
    struct speech_child *child = &job->child;
    if (!child->is_running && !child->is_reading) {
        handle_close(&child->timer);
        handle_close(&child->input);
        handle_close(&child->output);
        if (child->has_process) {
            handle_close(&child->process);
        }
    }
}

void rw_speech_child_fail(struct speech_job *job, enum rw_status status, const char *problem)
{
    struct speech_child *child = &job->child;
    if (job->status == RW_OK) {
        job->status = status;
        job->problem = problem;
    }
    if (child->is_running) {
        /* Its whole group: an engine may be a script. While it is unreaped, so is its number. */
        kill(-child->process.pid, SIGKILL);
        kill(child->process.pid, SIGKILL);
    }
    child->is_reading = false;
    handle_close(&child->output);
    child_finish_when_over(job);
}

static void child_exited(uv_process_t *process, int64_t code, int signal)
{
    struct speech_job *job = process->data;
    job->child.is_running = false;
    if (job->status == RW_OK && (code != 0 || signal != 0)) {
        rw_speech_child_fail(job, RW_EIO, "the speech command failed");
        return;
    }
    child_finish_when_over(job);
}

static void child_is_late(uv_timer_t *timer)
{
    rw_speech_child_fail(timer->data, RW_ETIMEOUT, "the speech command took too long");
}

static void room_make(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct speech_job *job = handle->data;
    struct speech_child *child = &job->child;
    size_t limit = (size_t)job->speech->output_max + 1; /* one more, to see that it is too much */
    (void)suggested;
    if (child->used == child->capacity && child->capacity < limit) {
        size_t capacity = child->capacity ? child->capacity * 2 : READ_BYTES;
        capacity = capacity < limit ? capacity : limit;
        unsigned char *bytes = realloc(child->bytes, capacity);
        if (bytes) {
            child->bytes = bytes;
            child->capacity = capacity;
        }
    }
    /* Without room the read answers UV_ENOBUFS. */
    *buffer =
        uv_buf_init((char *)child->bytes + child->used, (unsigned)(child->capacity - child->used));
}

static void output_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer)
{
    struct speech_job *job = stream->data;
    struct speech_child *child = &job->child;
    (void)buffer;
    if (got == UV_EOF) {
        child->is_reading = false;
        child_finish_when_over(job);
    } else if (got == UV_ENOBUFS) {
        rw_speech_child_fail(job, RW_EMEMORY, "memory is short");
    } else if (got < 0) {
        rw_speech_child_fail(job, RW_EIO, "the speech command's output cannot be read");
    } else {
        child->used += (size_t)got;
        if (child->used > job->speech->output_max) {
            rw_speech_child_fail(job, RW_ELIMIT, "the speech command printed too much");
        }
    }
}

/* It may well end without reading its input: then its output tells what became of it. */
static void input_written(uv_write_t *write, int status)
{
    struct speech_job *job = write->data;
    (void)status;
    handle_close(&job->child.input);
}

static void strings_free(char **list)
{
    for (size_t i = 0; list && list[i]; i++) {
        free(list[i]);
    }
    free(list);
}

/*
 * What is run for these words: the command, by the program that confines it. Words that look like
 * an option get a blank before them.
 */
static char **arguments_make(const struct rw_speech *speech, const char *text)
{
    char **list = calloc(RW_SPEECH_ARGUMENTS_MAX + 2, sizeof *list);
    char words[RW_SPEECH_TEXT_MAX + 2];
    snprintf(words, sizeof words, "%s%s", *text == '-' ? " " : "", text);
    size_t count = 0;
    if (list && speech->confine_path) {
        list[count++] = strdup(speech->confine_path);
        if (!list[0]) {
            goto fail;
        }
    }
    for (size_t i = 0; list && speech->arguments[i]; i++) {
        list[count] = rw_argument_expand(speech->arguments[i], "{text}", words);
        if (!list[count++]) {
            goto fail;
        }
    }
    return list;

fail:
    strings_free(list);
    return NULL;
}

static void pipe_close(const uv_file ends[2])
{
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0) {
            close(ends[i]);
        }
    }
}

/* Makes a pipe and gives its end number OURS to HANDLE; that place in ENDS is then -1. */
static int pipe_make(uv_pipe_t *handle, int ours, uv_file ends[2])
{
    int error = uv_pipe(ends, ours == 0 ? UV_NONBLOCK_PIPE : 0, ours == 1 ? UV_NONBLOCK_PIPE : 0);
    if (error == 0) {
        error = uv_pipe_open(handle, ends[ours]);
    }
    if (error == 0) {
        ends[ours] = -1; /* the handle closes it */
    }
    return error;
}

/*
 * True pipes, not the socket pairs that the event loop makes by itself: engines open
 * /dev/stdout and /dev/stdin by name, which a socket refuses.
 */
static int child_spawn(struct speech_job *job, char **arguments, char **environment)
{
    struct speech_child *child = &job->child;
    bool reads_input = job->speech->reads_input;
    uv_file input[2] = {-1, -1};
    uv_file output[2] = {-1, -1};
    int error = pipe_make(&child->output, 0, output);
    if (error == 0 && reads_input) {
        error = pipe_make(&child->input, 1, input);
    }
    uv_stdio_container_t streams[3] = {
        {.flags = reads_input ? UV_INHERIT_FD : UV_IGNORE, .data.fd = input[0]},
        {.flags = UV_INHERIT_FD, .data.fd = output[1]},
        {.flags = UV_IGNORE},
    };
    uv_process_options_t options = {
        .file = arguments[0],
        .args = arguments,
        .env = environment,
        .exit_cb = child_exited,
        .flags = UV_PROCESS_DETACHED, /* a group of its own, to be killed as one */
        .stdio_count = 3,
        .stdio = streams,
    };
    if (error == 0) {
        child->has_process = true;
        child->open_handles++;
        error = uv_spawn(job->speech->loop, &child->process, &options);
    }
    pipe_close(input);
    pipe_close(output);
    return error;
}

static void child_feed(struct speech_job *job)
{
    struct speech_child *child = &job->child;
    uv_buf_t words = uv_buf_init(job->text, (unsigned)strlen(job->text));
    child->write.data = job;
    if (uv_write(&child->write, (uv_stream_t *)&child->input, &words, 1, input_written) != 0) {
        handle_close(&child->input);
    }
}

void rw_speech_child_start(struct speech_job *job)
{
    struct speech_child *child = &job->child;
    uv_loop_t *loop = job->speech->loop;
    char **arguments = arguments_make(job->speech, job->text);
    char *environment[RW_CONFINE_ENVIRONMENT_MAX];
    int error = UV_ENOMEM;
    uv_pipe_init(loop, &child->input, 0);
    uv_pipe_init(loop, &child->output, 0);
    uv_timer_init(loop, &child->timer);
    child->input.data = child->output.data = child->timer.data = child->process.data = job;
    child->open_handles = 3;
    job->status = RW_OK;
    job->problem = NULL;
    rw_confine_environment(RW_CONFINED_SPEECH, NULL, environment);
    if (arguments) {
        error = child_spawn(job, arguments, environment);
    }
    strings_free(arguments);
    if (error == 0) {
        child->is_running = child->is_reading = true;
        uv_timer_start(&child->timer, child_is_late, job->speech->timeout_ms, 0);
        error = uv_read_start((uv_stream_t *)&child->output, room_make, output_read);
        if (job->speech->reads_input) {
            child_feed(job);
        } else {
            handle_close(&child->input);
        }
    }
    if (error != 0) {
        rw_speech_child_fail(job, error == UV_ENOMEM ? RW_EMEMORY : RW_EIO,
                             "the speech command cannot be started");
    }
}
