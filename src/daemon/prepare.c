#include "prepare.h"

#include "runwalk/core/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t near_ms = 10 * 60 * 1000;

struct rw_prepare {
    struct rw_voice *voice;
    struct rw_speech *speech;
    struct rw_prepare_observer observer;
    const struct rw_profile *profile; /* NULL: none, or all of it is made */
    size_t next;                      /* text of the profile: its name, then two for each step */
    size_t near;                      /* the first text that is not needed soon */
    bool is_ready;                    /* the texts before that have been made, or have failed */
    bool is_waiting;                  /* for a text, perhaps of a profile forgotten since */
    bool is_told;                     /* that this profile has words and there is no engine */
    char trouble[96];                 /* with the engine, as told last; "": it works */
};

enum rw_status rw_prepare_create(struct rw_voice *voice, struct rw_speech *speech,
                                 struct rw_prepare_observer observer,
                                 struct rw_prepare **ret_prepare)
{
    struct rw_prepare *prepare = calloc(1, sizeof *prepare);
    if (!prepare) {
        return RW_EMEMORY;
    }
    prepare->voice = voice;
    prepare->speech = speech;
    prepare->observer = observer;
    *ret_prepare = prepare;
    return RW_OK;
}

void rw_prepare_destroy(struct rw_prepare *prepare)
{
    free(prepare);
}

/* Text INDEX of the profile, NULL where a step has none; false behind the last. */
static bool profile_text(const struct rw_profile *profile, size_t index, const char **ret_text)
{
    size_t step_count;
    const struct rw_step *steps = rw_profile_steps(profile, &step_count);
    if (index == 0) {
        *ret_text = rw_profile_name(profile);
        return true;
    }
    size_t step = (index - 1) / 2;
    if (step >= step_count) {
        return false;
    }
    *ret_text = index % 2 ? steps[step].name : steps[step].say;
    return true;
}

/* How many texts there are up to the last step that begins in the first ten minutes. */
static size_t near_count(const struct rw_profile *profile)
{
    size_t step_count;
    const struct rw_step *steps = rw_profile_steps(profile, &step_count);
    struct rw_position position;
    size_t last = 0;
    for (uint32_t segment = 0;
         rw_timeline_seek(profile, segment, &position) && position.start_ms < near_ms; segment++) {
        size_t step = (size_t)(position.step - steps);
        last = step > last ? step : last;
    }
    return 1 + 2 * (last + 1);
}

static void fail_tell(const struct rw_prepare *prepare, const char *text, const char *problem)
{
    prepare->observer.text_failed(prepare->observer.context, text, problem);
}

/* An engine that fails says so once, not for each text, until it fails otherwise or has worked. */
static void trouble_tell(struct rw_prepare *prepare, const char *text, const char *problem)
{
    if (strncmp(prepare->trouble, problem, sizeof prepare->trouble - 1) != 0) {
        snprintf(prepare->trouble, sizeof prepare->trouble, "%s", problem);
        fail_tell(prepare, text, problem);
    }
}

static void text_made(void *context, const struct rw_speech_answer *answer);

/* Asks for the next text that nothing speaks yet. */
static void text_ask(struct rw_prepare *prepare)
{
    const char *text;
    while (prepare->profile && profile_text(prepare->profile, prepare->next, &text)) {
        prepare->next++;
        if (!text || rw_voice_knows_text(prepare->voice, text)) {
            continue;
        }
        if (!prepare->speech) {
            if (!prepare->is_told) {
                fail_tell(prepare, text,
                          "there is no speech engine (install espeak-ng); a tone sounds in its "
                          "place, and in that of all else that `runwalk check` lists");
            }
            prepare->is_told = true;
            continue;
        }
        if (rw_speech_request(prepare->speech, text, text_made, prepare) == RW_OK) {
            prepare->is_waiting = true;
            return;
        }
        fail_tell(prepare, text, "the speech engine cannot take it");
    }
    prepare->profile = NULL;
}

/* Whether the text that is at work now, if any, is one that is needed later. */
static void ready_check(struct rw_prepare *prepare)
{
    prepare->is_ready = !prepare->profile || prepare->next > prepare->near;
}

static void text_made(void *context, const struct rw_speech_answer *answer)
{
    struct rw_prepare *prepare = context;
    enum rw_status status = answer->status;
    prepare->is_waiting = false;
    if (status == RW_OK) {
        status = rw_voice_add_text(prepare->voice, answer->text, answer->path, answer->frames);
    }
    bool was_wanted = rw_prepare_is_busy(prepare);
    if (status == RW_OK && !answer->was_kept) {
        prepare->trouble[0] = '\0';
    } else if (status != RW_OK && prepare->profile) {
        trouble_tell(prepare, answer->text, answer->problem ? answer->problem : "memory is short");
    }
    text_ask(prepare);
    ready_check(prepare);
    if (was_wanted && prepare->is_ready) {
        prepare->observer.profile_ready(prepare->observer.context);
    }
}

bool rw_prepare_profile(struct rw_prepare *prepare, const struct rw_profile *profile,
                        bool with_name)
{
    prepare->profile = profile;
    prepare->next = with_name ? 0 : 1;
    prepare->near = near_count(profile);
    prepare->is_ready = false;
    prepare->is_told = false;
    if (!prepare->is_waiting) {
        text_ask(prepare);
        ready_check(prepare);
    }
    return rw_prepare_is_busy(prepare);
}

void rw_prepare_cancel(struct rw_prepare *prepare)
{
    prepare->profile = NULL;
}

bool rw_prepare_is_busy(const struct rw_prepare *prepare)
{
    return prepare->profile != NULL && !prepare->is_ready;
}
