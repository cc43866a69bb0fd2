/*
 * The voice: words -> clips. A sound pack (sounds/<lang>/pack.yaml) says how its
 * language composes a sentence and which recorded clips speak each part; texts that
 * are in no pack come from the speech cache. It mixes nothing and schedules nothing.
 */
#ifndef RUNWALK_VOICE_VOICE_H
#define RUNWALK_VOICE_VOICE_H

#include "runwalk/core/cue.h"
#include "runwalk/yaml/diagnostic.h"

#define RW_UTTERANCE_PARTS_MAX 16
#define RW_UTTERANCE_TEXT_MAX  512

/* One sentence, ready to be played: clips at frame offsets, at RW_RATE. */
struct rw_utterance {
    uint32_t part_count;
    struct {
        uint32_t clip;   /* see rw_voice_clip */
        uint32_t offset; /* frames from the start of the utterance */
    } parts[RW_UTTERANCE_PARTS_MAX];
    uint32_t frames;                  /* from the first part's start to the last part's end */
    char text[RW_UTTERANCE_TEXT_MAX]; /* UTF-8, what is heard; "" for a tone */
};

struct rw_clip_info {
    const char *path;   /* owned by the voice */
    const char *phrase; /* its key in the pack, or the text for a made clip */
    uint32_t frames;    /* at RW_RATE, after decoding and resampling */
};

struct rw_voice;

/*
 * Opens the pack in DIRECTORY, which holds pack.yaml and grammar.yaml; the tones are found in
 * ../tones from there. Clips are not decoded here; their lengths stand in the manifest.
 * RW_EINVALID, RW_ELIMIT: DIAGNOSTICS (may be NULL) of pack.yaml say why; those of the other files
 * are among them as problems of the whole, their place in the text. RW_ENOENT: no pack there;
 * RW_EIO: it cannot be read; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_voice_open(const char *directory, struct rw_diagnostics *diagnostics,
                                        struct rw_voice **ret_voice);
void rw_voice_close(struct rw_voice *voice);

/* The pack's language tag, for example "en". */
const char *rw_voice_language(const struct rw_voice *voice);

/*
 * Composes WORDS. What cannot be said is left out where the rest makes sense without it: a name
 * that nothing speaks (an exercise is then called by its kind), a count beyond 999. For a
 * RW_SAY_TEXT that nothing speaks there is a tone, and the pack's nearest sentence, if one is near.
 * The text is what is heard. RW_ENOENT: nothing of it can be spoken; the text then names it, for a
 * person, and there are no parts. Pure for the life of the voice, but for texts added with
 * rw_voice_add_text. Allocates nothing.
 */
RW_CHECKED enum rw_status rw_voice_compose(const struct rw_voice *voice,
                                           const struct rw_words *words,
                                           struct rw_utterance *ret_utterance);

/* How many phrases there are to choose from for SAYING; 0 where there is no choice. */
uint32_t rw_voice_phrase_count(const struct rw_voice *voice, enum rw_saying saying);

/* What packs call the bits of rw_phrase_tag, from the lowest. */
#define RW_PHRASE_TAG_COUNT 7
extern const char *const rw_phrase_tag_names[RW_PHRASE_TAG_COUNT];

/* When phrase NUMBER (from 1) of SAYING fits: bits of rw_phrase_tag; 0: always, or no such one. */
unsigned rw_voice_phrase_tags(const struct rw_voice *voice, enum rw_saying saying, uint32_t number);

/* The whole sentences and names that the pack speaks word for word, 0 to count - 1. */
uint32_t rw_voice_text_count(const struct rw_voice *voice);
const char *rw_voice_text(const struct rw_voice *voice, uint32_t number);

/* Whether TEXT (any words) can be spoken: by the pack or by an added clip. */
bool rw_voice_knows_text(const struct rw_voice *voice, const char *text);

/*
 * Makes TEXT speakable by the clip at PATH, FRAMES long at RW_RATE (a speech engine's
 * result in the cache). Both strings are copied. Adding a text again replaces nothing.
 * RW_EINVALID: no words; RW_EFULL: too many were added; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_voice_add_text(struct rw_voice *voice, const char *text,
                                            const char *path, uint32_t frames);

/* Clip numbers run from 0 to count - 1 and never change while the voice is open. */
uint32_t rw_voice_clip_count(const struct rw_voice *voice);
const struct rw_clip_info *rw_voice_clip(const struct rw_voice *voice, uint32_t clip);

#endif
