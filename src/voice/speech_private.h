/*
 * One request's way: waiting -> looked up in the cache (worker) -> spoken by a child ->
 * kept in the cache (worker) -> answered. The loop's thread owns every field but for the
 * ones that a worker uses while its work is under way.
 */
#ifndef RUNWALK_SRC_VOICE_SPEECH_PRIVATE_H
#define RUNWALK_SRC_VOICE_SPEECH_PRIVATE_H

#include "runwalk/voice/speech.h"

#include "speech_cache.h"

#include <stdbool.h>

struct speech_child {
    uv_process_t process;
    uv_pipe_t input, output;
    uv_timer_t timer;
    uv_write_t write;
    unsigned open_handles; /* of the four above; the child is gone when none is left */
    bool has_process;      /* a try was made, so `process` must be closed */
    bool is_running;       /* spawned, and its end not yet seen */
    bool is_reading;       /* its output has not ended yet */
    unsigned char *bytes;  /* what it printed so far */
    size_t used, capacity;
};

struct speech_job {
    struct rw_speech *speech;
    struct speech_job *next;
    rw_speech_done *done;
    void *context;
    char *note; /* engine, language and text: what the sound in the cache must be of */
    enum rw_status status;
    const char *problem;
    uint32_t frames;
    char path[SPEECH_PATH_MAX];
    uv_work_t work;
    bool is_speaking; /* `child` is in use */
    struct speech_child child;
    char text[];
};

struct rw_speech {
    uv_loop_t *loop;
    char *arguments[RW_SPEECH_ARGUMENTS_MAX + 1]; /* {lang} already replaced; NULL after the last */
    bool reads_input;                             /* no {text}: the words go to its input */
    char *engine;                                 /* the arguments in one line */
    char *cache_directory;
    char *confine_path; /* NULL: none */
    uint32_t timeout_ms;
    uint32_t output_max;
    uint64_t cache_max;

    struct speech_job *waiting, **waiting_end;
    struct speech_job *active; /* at most ACTIVE_MAX, linked by `next` */
    uint32_t waiting_count, active_count;
    void (*closed)(void *context); /* set: closing */
    void *closed_context;
};

/* Speaks JOB's text by a child; rw_speech_child_over(job) comes later, once, never from within. */
void rw_speech_child_start(struct speech_job *job);

/* Ends the child early with STATUS and PROBLEM (static text). */
void rw_speech_child_fail(struct speech_job *job, enum rw_status status, const char *problem);

/* Called when the child and all its handles are gone: JOB's status, problem and bytes are set. */
void rw_speech_child_over(struct speech_job *job);

/* Copies TEMPLATE with each NAME in it replaced by VALUE; NULL when memory is short. */
char *rw_argument_expand(const char *template, const char *name, const char *value);

#endif
