#include "speak.h"

#include "runwalk/paths/file.h"
#include "runwalk/voice/speech.h"

#include <stdlib.h>

/* The texts are made one after the other: a step's name, then its words, then the next step. */
struct speaking {
    struct rw_voice *voice;
    struct rw_speech *speech;
    const struct rw_step *steps;
    size_t text_count; /* two a step */
    size_t next;
    enum rw_status status;
    const char *cache_problem; /* NULL: the cache is as it must be */
    char *problem;             /* why the first text that was not made was not; NULL: all were */
};

static void text_ask(struct speaking *speaking);

static void text_made(void *context, const struct rw_speech_answer *answer)
{
    struct speaking *speaking = context;
    if (answer->status == RW_OK && speaking->status == RW_OK) {
        speaking->status =
            rw_voice_add_text(speaking->voice, answer->text, answer->path, answer->frames);
    }
    if (answer->status != RW_OK && !speaking->problem) {
        bool is_cache = answer->status == RW_EIO && speaking->cache_problem;
        rw_problem_set(&speaking->problem, "%s",
                       is_cache ? speaking->cache_problem : answer->problem);
    }
    text_ask(speaking);
}

static void speech_closed(void *context)
{
    (void)context;
}

/* Asks for the next text that nothing speaks yet; after the last the loop has nothing to do. */
static void text_ask(struct speaking *speaking)
{
    while (speaking->next < speaking->text_count && speaking->status == RW_OK) {
        const struct rw_step *step = &speaking->steps[speaking->next / 2];
        const char *text = speaking->next % 2 == 0 ? step->name : step->say;
        speaking->next++;
        if (text && !rw_voice_knows_text(speaking->voice, text) &&
            rw_speech_request(speaking->speech, text, text_made, speaking) == RW_OK) {
            return;
        }
    }
    rw_speech_close(speaking->speech, speech_closed, NULL);
}

static bool needs_speech(const struct rw_voice *voice, const struct rw_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool speaks_all = (!steps[i].name || rw_voice_knows_text(voice, steps[i].name)) &&
                          (!steps[i].say || rw_voice_knows_text(voice, steps[i].say));
        if (!speaks_all) {
            return true;
        }
    }
    return false;
}

enum rw_status rw_speak_profile(const struct rw_paths *paths, const struct rw_config *config,
                                struct rw_voice *voice, const struct rw_profile *profile,
                                char **ret_problem)
{
    size_t step_count;
    const struct rw_step *steps = rw_profile_steps(profile, &step_count);
    if (!needs_speech(voice, steps, step_count)) {
        return RW_OK;
    }
    if (config->speech_is_off) {
        rw_problem_set(ret_problem, "speech is turned off in the configuration");
        return RW_OK;
    }
    const char *command[RW_CONFIG_SPEECH_MAX + 1] = {NULL};
    for (size_t i = 0; i < config->speech_count; i++) {
        command[i] = config->speech[i];
    }
    uv_loop_t loop;
    if (uv_loop_init(&loop) != 0) {
        return RW_EMEMORY;
    }
    struct rw_speech_config speech = {
        .command = config->speech_count > 0 ? command : NULL,
        .timeout_ms = config->speech_timeout_ms,
        .language = rw_voice_language(voice),
        .cache_directory = rw_paths_cache_directory(paths),
        .confine_path = rw_paths_confine(paths),
    };
    /* A cache that is not as it must be may still do; where it does not, the reason is here. */
    char *cache_problem = NULL;
    (void)!rw_directory_prepare(speech.cache_directory, &cache_problem);
    struct speaking speaking = {
        .voice = voice,
        .steps = steps,
        .text_count = 2 * step_count,
        .cache_problem = cache_problem,
    };
    enum rw_status status = rw_speech_create(&loop, &speech, &speaking.speech);
    if (status == RW_OK) {
        text_ask(&speaking);
        uv_run(&loop, UV_RUN_DEFAULT);
    }
    uv_loop_close(&loop);
    if (status == RW_ENOENT) {
        rw_problem_set(&speaking.problem, "%s is not installed",
                       config->speech_count > 0 ? config->speech[0] : "espeak-ng");
    } else if (status == RW_EIO) {
        rw_problem_set(&speaking.problem, "%s",
                       cache_problem ? cache_problem : "the speech cache cannot be made");
    }
    free(cache_problem);
    *ret_problem = speaking.problem;
    if (status == RW_EMEMORY || speaking.status == RW_EMEMORY) {
        return RW_EMEMORY;
    }
    return RW_OK;
}
