/*
 * Speech for words that no pack has: a configurable command makes them, as a child
 * process without a shell, and the sound is kept in a cache on disk. It runs on an event
 * loop and never blocks it; a command that hangs, fails, or prints rubbish or gigabytes
 * costs nothing but the answer "no".
 */
#ifndef RUNWALK_VOICE_SPEECH_H
#define RUNWALK_VOICE_SPEECH_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <uv.h>

#define RW_SPEECH_QUEUE_MAX     256  /* requests waiting or at work */
#define RW_SPEECH_TEXT_MAX      4096 /* bytes of one text */
#define RW_SPEECH_ARGUMENTS_MAX 32

struct rw_speech_config {
    /*
     * The program and its arguments, ended by NULL. It writes a WAV of 16-bit samples to its
     * standard output. {text} in an argument is replaced by the words, {lang} by the language;
     * without a {text} the words come on its standard input. NULL: espeak-ng.
     */
    const char *const *command;
    const char *language;        /* for {lang}, for example "en" */
    const char *cache_directory; /* made, for the user alone, when it is not there */
    const char *confine_path;    /* of runwalk-confine, which limits it; NULL: it runs unlimited */
    uint32_t timeout_ms;         /* for one text; 0: 10 s */
    uint32_t output_max;         /* bytes of one text's WAV; 0: 8 MiB */
    uint64_t cache_max;          /* bytes of all that is kept; the oldest goes; 0: 64 MiB */
};

/* What became of a request; the strings are valid during the call. */
struct rw_speech_answer {
    enum rw_status status; /* RW_OK, or: */
    const char *problem;   /* why there is no sound, without a full stop; NULL with RW_OK */
    const char *text;      /* as requested */
    const char *path;      /* a WAV in the cache; NULL when there is none */
    uint32_t frames;       /* its length at RW_RATE */
    bool was_kept;         /* it was in the cache: the command was not asked */
};

typedef void rw_speech_done(void *context, const struct rw_speech_answer *answer);

/* Deletes every sound that is kept in CACHE_DIRECTORY. Not while a voice may still need one. */
void rw_speech_forget(const char *cache_directory);

struct rw_speech;

/*
 * Everything in CONFIG is copied. RW_ENOENT: the command is not installed; RW_ELIMIT: too many
 * arguments, or a path too long; RW_EIO: the cache cannot be made; RW_EMEMORY. The process must
 * ignore SIGPIPE. All calls and callbacks happen on LOOP's thread.
 */
RW_CHECKED enum rw_status rw_speech_create(uv_loop_t *loop, const struct rw_speech_config *config,
                                           struct rw_speech **ret_speech);

/*
 * Kills what is at work, forgets what waits, and calls CLOSED when all is over, perhaps at once;
 * no other callback comes any more. SPEECH is gone then. It may be called from a callback.
 */
void rw_speech_close(struct rw_speech *speech, void (*closed)(void *context), void *context);

/*
 * Asks for TEXT (copied). DONE is called once, later, in any order among requests. RW_EFULL: too
 * much is waiting; RW_EINVALID: no words; RW_ELIMIT: too long; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_speech_request(struct rw_speech *speech, const char *text,
                                            rw_speech_done *done, void *context);

#endif
