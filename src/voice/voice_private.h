/*
 * What the parts of the voice share: the phrases of a pack, its grammar as compiled,
 * and the clips of both the pack and the speech engine. Everything but the texts that
 * are added later is fixed once the voice is open.
 */
#ifndef RUNWALK_SRC_VOICE_VOICE_PRIVATE_H
#define RUNWALK_SRC_VOICE_VOICE_PRIVATE_H

#include "runwalk/voice/voice.h"

#include "arena.h"
#include "table.h"

#include <stdbool.h>

/* What a number inside a rule may be, and what `when:` may ask for. The names: grammar.c. */
enum variable {
    VARIABLE_NUMBER,
    VARIABLE_TOTAL,
    VARIABLE_HOURS,
    VARIABLE_MINUTES,
    VARIABLE_SECONDS,
    VARIABLE_LAST,
    VARIABLE_WAS_LAST,
    VARIABLE_HALFWAY,
    VARIABLE_LEFT,
    VARIABLE_RIGHT,
    VARIABLE_AGAIN,
    VARIABLE_STEP_BACK,
    VARIABLE_WEEKS_BACK,
    VARIABLE_BIG_STEP,
    VARIABLE_KIND, /* and the kinds themselves, in the order of enum rw_kind */
    VARIABLE_COUNT = VARIABLE_KIND + RW_KIND_COUNT,
};

enum token_type {
    TOKEN_PHRASE,   /* word: a phrase */
    TOKEN_FAMILY,   /* word-{variable}: the phrase of that number */
    TOKEN_KIND,     /* word-{kind}: the phrase of the segment's kind */
    TOKEN_RULE,     /* <rule> */
    TOKEN_CLAUSE,   /* , */
    TOKEN_SENTENCE, /* / */
    TOKEN_WHEN,     /* when:variable, when:variable>=number */
    TOKEN_UNLESS,   /* unless:variable */
    TOKEN_TEXT,     /* text:text */
    TOKEN_NAME,     /* text:name */
};

struct token {
    enum token_type type;
    enum variable variable;
    bool split;       /* of a family: numbers that it lacks may be put together */
    uint32_t number;  /* of a phrase or a rule; the least value for `when` */
    const char *word; /* of a family */
};

struct alternative {
    const struct token *tokens;
    uint32_t count;
};

struct rule {
    const char *name;
    struct alternative *alternatives;
    uint32_t count;
};

struct head {
    uint32_t value;
    uint32_t phrase;
};

/* How two clips follow each other: what is written between them, and the silence. */
enum joint { JOINT_WORD, JOINT_CLAUSE, JOINT_SENTENCE };
#define JOINT_COUNT 3

struct joint_style {
    const char *text;
    uint32_t frames;
};

struct grammar {
    struct joint_style joints[JOINT_COUNT];
    struct head *heads; /* rising */
    uint32_t head_count;
    struct rule *rules; /* each names only rules before it, so none calls itself */
    uint32_t rule_count;
    uint32_t sayings[RW_SAYING_COUNT]; /* the rule of each; of tones and texts unused */
};

struct phrase {
    const char *key; /* or NULL: a text without one */
    const char *text;
    uint32_t clip;
    uint32_t variants; /* this one and those after it, which say the same in other words */
    unsigned tags;     /* of rw_phrase_tag */
};

struct rw_voice {
    struct arena arena;
    const char *language;
    struct phrase *phrases;
    uint32_t phrase_count;
    uint32_t text_first, text_count; /* of the phrases: those without a key */
    struct table keys;               /* of phrases -> phrase */
    struct table translations;       /* normalised words of other languages -> phrase */
    struct table texts;              /* normalised whole sentences -> clip */
    struct grammar grammar;
    uint32_t choices[RW_SAYING_COUNT]; /* how many phrases there are to choose from */

    struct rw_clip_info **clips; /* each in the arena, so that it never moves */
    uint32_t clip_count, clip_capacity;
    uint32_t pack_clip_count; /* the clips from here on were added */
};

/* The tone before words that nothing speaks; a pack may do without. */
#define RW_TONE_NOTE "tone-note"

/*
 * The sentence of the pack that says nearly the same as TEXT: at least four of five words are in
 * both. NULL when there is none.
 */
const struct phrase *rw_nearest_phrase(const struct rw_voice *voice, const char *text);

/* The tones, as keys of phrases; the four sayings that are no words. */
const char *rw_tone_key(enum rw_saying saying);

/* Appends a clip; the strings are copied. RW_EMEMORY. */
RW_CHECKED enum rw_status rw_voice_clip_add(struct rw_voice *voice, const char *path,
                                            const char *phrase, uint32_t frames,
                                            uint32_t *ret_clip);

/* Makes CLIP speak TEXT, unless one does already. RW_EINVALID: the text is empty; RW_EMEMORY. */
RW_CHECKED enum rw_status rw_voice_text_add(struct rw_voice *voice, const char *text,
                                            uint32_t clip);

/* The clip that speaks TEXT; false when there is none. */
bool rw_voice_text_find(const struct rw_voice *voice, const char *text, uint32_t *ret_clip);

/* The phrase that says TEXT, which is in another language; NULL when there is none. */
const struct phrase *rw_voice_translation(const struct rw_voice *voice, const char *text);

/*
 * Reads the manifest of DIRECTORY into VOICE; with TONES only what is still missing of the tones.
 * RW_ENOENT: there is none. RW_EINVALID or RW_ELIMIT: DIAGNOSTICS say why.
 */
RW_CHECKED enum rw_status rw_pack_read(struct rw_voice *voice, const char *directory, bool tones,
                                       struct rw_diagnostics *diagnostics);

/* Reads grammar.yaml of DIRECTORY; the pack has been read. The errors are those of rw_pack_read. */
RW_CHECKED enum rw_status rw_grammar_read(struct rw_voice *voice, const char *directory,
                                          struct rw_diagnostics *diagnostics);

#endif
