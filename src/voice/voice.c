#include "runwalk/voice/voice.h"

#include "pack_file.h"
#include "text.h"
#include "voice_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDED_CLIPS_MAX 4096

const char *rw_tone_key(enum rw_saying saying)
{
    static const char *const keys[] = {
        [RW_SAY_TONE_RUN] = "tone-run",
        [RW_SAY_TONE_WALK] = "tone-walk",
        [RW_SAY_TONE_FINISH] = "tone-finish",
        [RW_SAY_TICK] = "tick",
    };
    return saying < RW_COUNT(keys) ? keys[saying] : NULL;
}

enum rw_status rw_voice_clip_add(struct rw_voice *voice, const char *path, const char *phrase,
                                 uint32_t frames, uint32_t *ret_clip)
{
    if (voice->clip_count == voice->clip_capacity) {
        uint32_t capacity = voice->clip_capacity ? voice->clip_capacity * 2 : 64;
        struct rw_clip_info **clips =
            realloc(voice->clips, capacity * sizeof(struct rw_clip_info *));
        if (!clips) {
            return RW_EMEMORY;
        }
        voice->clips = clips;
        voice->clip_capacity = capacity;
    }
    struct rw_clip_info *clip = rw_arena_allocate(&voice->arena, sizeof *clip);
    if (!clip) {
        return RW_EMEMORY;
    }
    clip->path = rw_arena_copy(&voice->arena, path, strlen(path));
    clip->phrase = rw_arena_copy(&voice->arena, phrase, strlen(phrase));
    clip->frames = frames;
    if (!clip->path || !clip->phrase) {
        return RW_EMEMORY;
    }
    *ret_clip = voice->clip_count;
    voice->clips[voice->clip_count++] = clip;
    return RW_OK;
}

enum rw_status rw_voice_text_add(struct rw_voice *voice, const char *text, uint32_t clip)
{
    char normal[RW_STEP_TEXT_MAX + 1];
    if (!rw_text_normalise(text, normal, sizeof normal)) {
        return RW_EINVALID;
    }
    const char *copy = rw_arena_copy(&voice->arena, normal, strlen(normal));
    return copy ? rw_table_add(&voice->texts, copy, clip) : RW_EMEMORY;
}

bool rw_voice_text_find(const struct rw_voice *voice, const char *text, uint32_t *ret_clip)
{
    char normal[RW_STEP_TEXT_MAX + 1];
    return rw_text_normalise(text, normal, sizeof normal) &&
           rw_table_find(&voice->texts, normal, ret_clip);
}

const struct phrase *rw_voice_translation(const struct rw_voice *voice, const char *text)
{
    char normal[RW_STEP_TEXT_MAX + 1];
    uint32_t phrase;
    return rw_text_normalise(text, normal, sizeof normal) &&
                   rw_table_find(&voice->translations, normal, &phrase)
               ? &voice->phrases[phrase]
               : NULL;
}

/* The tones are in no language, so packs share those beside them, unless they bring their own. */
static enum rw_status tones_read(struct rw_voice *voice, const char *directory,
                                 struct rw_diagnostics *diagnostics)
{
    char path[PACK_PATH_MAX];
    struct rw_diagnostics others;
    rw_diagnostics_init(&others);
    enum rw_status status = rw_pack_path(directory, "../tones", path);
    if (status == RW_OK) {
        status = rw_pack_read(voice, path, true, &others);
    }
    rw_diagnostics_adopt(diagnostics, "../tones/pack.yaml", &others);
    for (int saying = 0; saying < RW_SAYING_COUNT; saying++) {
        const char *key = rw_tone_key((enum rw_saying)saying);
        uint32_t phrase;
        if (key && !rw_table_find(&voice->keys, key, &phrase)) {
            rw_diagnostics_error(diagnostics, 0, 0, 1,
                                 "there is no \"%s\", neither here nor in ../tones", key);
            status = status == RW_OK || status == RW_ENOENT ? RW_EINVALID : status;
        }
    }
    return status == RW_ENOENT ? RW_OK : status;
}

/* The sayings with several phrases, and the family of each. */
static const char *family_of(enum rw_saying saying)
{
    static const char *const families[RW_SAYING_COUNT] = {
        [RW_SAY_ENCOURAGE] = "encourage",   [RW_SAY_REASSURE] = "reassure",
        [RW_SAY_POSTURE] = "posture",       [RW_SAY_BREATHING] = "breathing",
        [RW_SAY_DEAD_POINT] = "dead-point",
    };
    return families[saying];
}

static const struct phrase *phrase_of(const struct rw_voice *voice, enum rw_saying saying,
                                      uint32_t number)
{
    char key[32];
    uint32_t phrase;
    snprintf(key, sizeof key, "%s-%u", family_of(saying), (unsigned)number);
    return rw_table_find(&voice->keys, key, &phrase) ? &voice->phrases[phrase] : NULL;
}

static void choices_count(struct rw_voice *voice)
{
    for (int i = 0; i < RW_SAYING_COUNT; i++) {
        enum rw_saying saying = (enum rw_saying)i;
        while (family_of(saying) && phrase_of(voice, saying, voice->choices[i] + 1)) {
            voice->choices[i]++;
        }
    }
}

enum rw_status rw_voice_open(const char *directory, struct rw_diagnostics *diagnostics,
                             struct rw_voice **ret_voice)
{
    struct rw_voice *voice = calloc(1, sizeof *voice);
    if (!voice) {
        return RW_EMEMORY;
    }
    enum rw_status status = rw_pack_read(voice, directory, false, diagnostics);
    if (status == RW_OK) {
        status = tones_read(voice, directory, diagnostics);
    }
    if (status == RW_OK) {
        status = rw_grammar_read(voice, directory, diagnostics);
    }
    if (status != RW_OK) {
        rw_voice_close(voice);
        return status;
    }
    choices_count(voice);
    voice->pack_clip_count = voice->clip_count;
    *ret_voice = voice;
    return RW_OK;
}

void rw_voice_close(struct rw_voice *voice)
{
    if (!voice) {
        return;
    }
    rw_table_finish(&voice->keys);
    rw_table_finish(&voice->texts);
    rw_table_finish(&voice->translations);
    rw_arena_finish(&voice->arena);
    free(voice->clips);
    free(voice);
}

const char *rw_voice_language(const struct rw_voice *voice)
{
    return voice->language;
}

uint32_t rw_voice_phrase_count(const struct rw_voice *voice, enum rw_saying saying)
{
    return voice->choices[saying];
}

unsigned rw_voice_phrase_tags(const struct rw_voice *voice, enum rw_saying saying, uint32_t number)
{
    const struct phrase *phrase = family_of(saying) ? phrase_of(voice, saying, number) : NULL;
    return phrase ? phrase->tags : 0;
}

uint32_t rw_voice_text_count(const struct rw_voice *voice)
{
    return voice->text_count;
}

const char *rw_voice_text(const struct rw_voice *voice, uint32_t number)
{
    return number < voice->text_count ? voice->phrases[voice->text_first + number].text : NULL;
}

bool rw_voice_knows_text(const struct rw_voice *voice, const char *text)
{
    uint32_t clip;
    return rw_voice_text_find(voice, text, &clip) || rw_voice_translation(voice, text);
}

enum rw_status rw_voice_add_text(struct rw_voice *voice, const char *text, const char *path,
                                 uint32_t frames)
{
    uint32_t clip;
    char normal[RW_STEP_TEXT_MAX + 1];
    if (!rw_text_normalise(text, normal, sizeof normal)) {
        return RW_EINVALID;
    }
    if (rw_voice_knows_text(voice, text)) {
        return RW_OK;
    }
    if (voice->clip_count - voice->pack_clip_count >= ADDED_CLIPS_MAX) {
        return RW_EFULL;
    }
    enum rw_status status = rw_voice_clip_add(voice, path, text, frames, &clip);
    return status == RW_OK ? rw_voice_text_add(voice, text, clip) : status;
}

uint32_t rw_voice_clip_count(const struct rw_voice *voice)
{
    return voice->clip_count;
}

const struct rw_clip_info *rw_voice_clip(const struct rw_voice *voice, uint32_t clip)
{
    return clip < voice->clip_count ? voice->clips[clip] : NULL;
}
