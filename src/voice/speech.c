#include "runwalk/voice/speech.h"

#include "speech_private.h"
#include "text.h"
#include "wave.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ACTIVE_MAX 2 /* children at once: as many as a small device has cores to spare */

static const char *const default_command[] = {"espeak-ng", "--stdin", "--stdout",
                                              "-v",        "{lang}",  NULL};
static const uint32_t default_timeout_ms = 10 * 1000;
static const uint32_t default_output_max = 8 * 1024 * 1024;
static const uint64_t default_cache_max = 64 * 1024 * 1024;

static void jobs_start(struct rw_speech *speech);

/* Whether COMMAND is a program, by its path or on PATH. */
static bool command_exists(const char *command)
{
    char path[SPEECH_PATH_MAX];
    if (strchr(command, '/')) {
        return access(command, X_OK) == 0;
    }
    for (const char *folder = getenv("PATH"); folder;) {
        int length = (int)strcspn(folder, ":");
        int used = snprintf(path, sizeof path, "%.*s/%s", length, folder, command);
        if (length > 0 && used > 0 && (size_t)used < sizeof path && access(path, X_OK) == 0) {
            return true;
        }
        folder = folder[length] == ':' ? folder + length + 1 : NULL;
    }
    return false;
}

static void speech_free(struct rw_speech *speech)
{
    for (size_t i = 0; speech->arguments[i]; i++) {
        free(speech->arguments[i]);
    }
    free(speech->engine);
    free(speech->confine_path);
    free(speech->cache_directory);
    free(speech);
}

static enum rw_status command_copy(struct rw_speech *speech, const char *const *command,
                                   const char *language)
{
    size_t size = 1;
    speech->reads_input = true;
    for (size_t i = 0; command[i]; i++) {
        if (i == RW_SPEECH_ARGUMENTS_MAX) {
            return RW_ELIMIT;
        }
        speech->arguments[i] = rw_argument_expand(command[i], "{lang}", language);
        if (!speech->arguments[i]) {
            return RW_EMEMORY;
        }
        size += strlen(speech->arguments[i]) + 1;
        speech->reads_input = speech->reads_input && !strstr(speech->arguments[i], "{text}");
    }
    if (!speech->arguments[0] || !command_exists(speech->arguments[0])) {
        return RW_ENOENT;
    }
    if (size > WAVE_NOTE_MAX - RW_SPEECH_TEXT_MAX - 1) {
        return RW_ELIMIT;
    }
    speech->engine = malloc(size);
    if (!speech->engine) {
        return RW_EMEMORY;
    }
    struct text_builder line;
    rw_text_start(&line, speech->engine, size);
    for (size_t i = 0; speech->arguments[i]; i++) {
        rw_text_append(&line, i > 0 ? " " : "");
        rw_text_append(&line, speech->arguments[i]);
    }
    return RW_OK;
}

/* What espeak-ng calls the voice for LANGUAGE. Its plain Chinese reads pinyin as English. */
static const char *espeak_voice(const char *language)
{
    return strcmp(language, "zh") == 0 ? "cmn-latn-pinyin" : language;
}

enum rw_status rw_speech_create(uv_loop_t *loop, const struct rw_speech_config *config,
                                struct rw_speech **ret_speech)
{
    struct rw_speech *speech = calloc(1, sizeof *speech);
    if (!speech) {
        return RW_EMEMORY;
    }
    speech->loop = loop;
    speech->waiting_end = &speech->waiting;
    speech->timeout_ms = config->timeout_ms ? config->timeout_ms : default_timeout_ms;
    speech->output_max = config->output_max ? config->output_max : default_output_max;
    speech->cache_max = config->cache_max ? config->cache_max : default_cache_max;
    enum rw_status status =
        config->command ? command_copy(speech, config->command, config->language)
                        : command_copy(speech, default_command, espeak_voice(config->language));
    if (status != RW_OK) {
        goto fail;
    }
    status = RW_EMEMORY;
    speech->cache_directory = strdup(config->cache_directory);
    if (!speech->cache_directory) {
        goto fail;
    }
    if (config->confine_path) {
        speech->confine_path = strdup(config->confine_path);
        if (!speech->confine_path) {
            goto fail;
        }
    }
    if (mkdir(speech->cache_directory, 0700) < 0 && errno != EEXIST) {
        status = RW_EIO;
        goto fail;
    }
    *ret_speech = speech;
    return RW_OK;

fail:
    speech_free(speech);
    return status;
}

static void job_free(struct speech_job *job)
{
    free(job->child.bytes);
    free(job->note);
    free(job);
}

static void speech_end_if_closed(struct rw_speech *speech)
{
    if (speech->closed && speech->active_count == 0) {
        void (*closed)(void *context) = speech->closed;
        void *context = speech->closed_context;
        speech_free(speech);
        closed(context);
    }
}

static void active_remove(struct speech_job *job)
{
    struct speech_job **link = &job->speech->active;
    while (*link != job) {
        link = &(*link)->next;
    }
    *link = job->next;
    job->speech->active_count--;
}

/* The last step of every job, on the loop's thread and from the loop. */
static void job_answer(struct speech_job *job)
{
    struct rw_speech *speech = job->speech;
    if (!speech->closed) {
        struct rw_speech_answer answer = {
            .status = job->status,
            .problem = job->problem,
            .text = job->text,
            .path = job->status == RW_OK ? job->path : NULL,
            .frames = job->status == RW_OK ? job->frames : 0,
            .was_kept = job->status == RW_OK && job->child.used == 0,
        };
        job->done(job->context, &answer);
    }
    active_remove(job);
    job_free(job);
    jobs_start(speech);
    speech_end_if_closed(speech);
}

static void work_queue(struct speech_job *job, uv_work_cb work, uv_after_work_cb after)
{
    job->work.data = job;
    /* It fails only without a callback, and there is one. */
    (void)uv_queue_work(job->speech->loop, &job->work, work, after);
}

/* On a worker: what the child printed becomes a file in the cache. */
static void store_work(uv_work_t *work)
{
    struct speech_job *job = work->data;
    struct wave wave;
    size_t size = 0;
    job->status = rw_wave_read(job->child.bytes, job->child.used, &wave, &job->problem);
    if (job->status != RW_OK) {
        return;
    }
    if (!rw_wave_trim(&wave)) {
        job->status = RW_EINVALID;
        job->problem = "the speech command printed silence";
        return;
    }
    unsigned char *bytes = rw_wave_write(&wave, job->note, &size);
    job->status = RW_EMEMORY;
    if (bytes) {
        job->status = rw_speech_cache_store(job->speech->cache_directory, job->path, bytes, size);
    }
    free(bytes);
    if (job->status != RW_OK) {
        job->problem = "the speech cache cannot be written";
        return;
    }
    job->problem = NULL;
    job->frames = rw_wave_frames(wave.frames, wave.rate);
    rw_speech_cache_trim(job->speech->cache_directory, job->path, job->speech->cache_max);
}

static void store_done(uv_work_t *work, int status)
{
    struct speech_job *job = work->data;
    (void)status;
    job_answer(job);
}

void rw_speech_child_over(struct speech_job *job)
{
    job->is_speaking = false;
    if (job->status != RW_OK || job->speech->closed) {
        job_answer(job);
        return;
    }
    work_queue(job, store_work, store_done);
}

/* On a worker. */
static void lookup_work(uv_work_t *work)
{
    struct speech_job *job = work->data;
    job->status = rw_speech_cache_find(job->path, job->note, &job->frames);
}

static void lookup_done(uv_work_t *work, int status)
{
    struct speech_job *job = work->data;
    (void)status;
    if (job->status == RW_OK || job->speech->closed) {
        job_answer(job);
        return;
    }
    job->is_speaking = true;
    rw_speech_child_start(job);
}

static void jobs_start(struct rw_speech *speech)
{
    while (!speech->closed && speech->waiting && speech->active_count < ACTIVE_MAX) {
        struct speech_job *job = speech->waiting;
        speech->waiting = job->next;
        if (!speech->waiting) {
            speech->waiting_end = &speech->waiting;
        }
        speech->waiting_count--;
        job->next = speech->active;
        speech->active = job;
        speech->active_count++;
        work_queue(job, lookup_work, lookup_done);
    }
}

enum rw_status rw_speech_request(struct rw_speech *speech, const char *text, rw_speech_done *done,
                                 void *context)
{
    char normal[RW_SPEECH_TEXT_MAX + 1];
    size_t length = strlen(text);
    enum rw_status status = RW_EMEMORY;
    if (length > RW_SPEECH_TEXT_MAX) {
        return RW_ELIMIT;
    }
    if (!rw_text_normalise(text, normal, sizeof normal)) {
        return RW_EINVALID;
    }
    if (speech->closed || speech->waiting_count + speech->active_count >= RW_SPEECH_QUEUE_MAX) {
        return RW_EFULL;
    }
    struct speech_job *job = calloc(1, sizeof *job + length + 1);
    if (!job) {
        return RW_EMEMORY;
    }
    job->speech = speech;
    job->done = done;
    job->context = context;
    memcpy(job->text, text, length);
    if (asprintf(&job->note, "%s\n%s", speech->engine, text) < 0) {
        job->note = NULL;
        goto fail;
    }
    status = rw_speech_cache_path(speech->cache_directory, job->note, job->path);
    if (status != RW_OK) {
        goto fail;
    }
    *speech->waiting_end = job;
    speech->waiting_end = &job->next;
    speech->waiting_count++;
    jobs_start(speech);
    return RW_OK;

fail:
    job_free(job);
    return status;
}

void rw_speech_close(struct rw_speech *speech, void (*closed)(void *context), void *context)
{
    speech->closed = closed;
    speech->closed_context = context;
    while (speech->waiting) {
        struct speech_job *job = speech->waiting;
        speech->waiting = job->next;
        job_free(job);
    }
    for (struct speech_job *job = speech->active; job; job = job->next) {
        if (job->is_speaking) {
            rw_speech_child_fail(job, RW_ESTATE, "it was closed");
        }
    }
    speech_end_if_closed(speech);
}
