/* The manifest of a sound pack: which clip speaks which phrase. docs/voice.md is its manual. */
#include "pack_file.h"
#include "text.h"
#include "voice_private.h"

#include <string.h>

#define PHRASES_MAX     4096
#define PHRASE_TEXT_MAX 1000
#define WORD_MAX        64 /* bytes of a head entry or a key */
#define FILE_MAX        255
#define RATE_MIN        8000
#define RATE_MAX        192000
#define SECONDS_MAX     120 /* as long as a clip may last */

enum pack_key {
    PACK_LANGUAGE,
    PACK_VOICE,
    PACK_GENERATOR,
    PACK_LICENCE,
    PACK_QUALITY,
    PACK_RATE,
    PACK_PHRASES,
    PACK_TEXTS,
    PACK_KEY_COUNT
};

static const struct rw_yaml_key pack_keys[PACK_KEY_COUNT] = {
    [PACK_LANGUAGE] = {"language", true},   [PACK_VOICE] = {"voice", true},
    [PACK_GENERATOR] = {"generator", true}, [PACK_LICENCE] = {"licence", true},
    [PACK_QUALITY] = {"quality", true},     [PACK_RATE] = {"rate", true},
    [PACK_PHRASES] = {"phrases", true},     [PACK_TEXTS] = {"texts", false},
};

static const char *const qualities[] = {"basic", "good"};

enum entry_key {
    ENTRY_TEXT,
    ENTRY_FOR,
    ENTRY_FILE,
    ENTRY_FRAMES,
    ENTRY_RATE,
    ENTRY_TAGS,
    ENTRY_SOURCE,
    ENTRY_KEY_COUNT
};

static const struct rw_yaml_key entry_keys[ENTRY_KEY_COUNT] = {
    [ENTRY_TEXT] = {"text", false},     [ENTRY_FOR] = {"for", false},
    [ENTRY_FILE] = {"file", true},      [ENTRY_FRAMES] = {"frames", true},
    [ENTRY_RATE] = {"rate", false},     [ENTRY_TAGS] = {"tags", false},
    [ENTRY_SOURCE] = {"source", false},
};

const char *const rw_phrase_tag_names[RW_PHRASE_TAG_COUNT] = {
    "early", "middle", "hard", "last-run", "after-rest", "after-pause", "last-minute"};

struct reader {
    struct rw_voice *voice;
    struct rw_yaml *yaml;
    const char *directory;
    int64_t rate; /* of entries that state none */
};

static enum rw_status head_read(struct reader *reader, const struct rw_yaml_node **fields)
{
    struct rw_yaml *yaml = reader->yaml;
    const char *language = NULL;
    const char *ignored = NULL;
    size_t quality = 0;
    rw_yaml_text(yaml, fields[PACK_LANGUAGE], WORD_MAX, &language);
    rw_yaml_text(yaml, fields[PACK_VOICE], PHRASE_TEXT_MAX, &ignored);
    rw_yaml_text(yaml, fields[PACK_GENERATOR], PHRASE_TEXT_MAX, &ignored);
    rw_yaml_text(yaml, fields[PACK_LICENCE], PHRASE_TEXT_MAX, &ignored);
    rw_yaml_word(yaml, fields[PACK_QUALITY], qualities, RW_COUNT(qualities), &quality);
    rw_yaml_integer(yaml, fields[PACK_RATE], RATE_MIN, RATE_MAX, &reader->rate);
    if (!reader->voice->language && language) {
        reader->voice->language = rw_arena_copy(&reader->voice->arena, language, strlen(language));
        return reader->voice->language ? RW_OK : RW_EMEMORY;
    }
    return RW_OK;
}

/* Inside the pack: a relative path that never climbs. */
static bool is_inside(const char *file)
{
    if (file[0] == '/' || file[0] == '\0') {
        return false;
    }
    for (const char *part = file; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0')) {
            return false;
        }
    }
    return true;
}

static uint32_t frames_at_rate(int64_t frames, int64_t rate)
{
    return (uint32_t)((frames * RW_RATE + rate - 1) / rate);
}

static unsigned tags_read(struct rw_yaml *yaml, const struct rw_yaml_node *node)
{
    unsigned tags = 0;
    if (!node || !rw_yaml_is_sequence(yaml, node, "tags")) {
        return 0;
    }
    for (const struct rw_yaml_node *tag = node->first; tag; tag = tag->next) {
        size_t bit;
        if (rw_yaml_word(yaml, tag, rw_phrase_tag_names, RW_PHRASE_TAG_COUNT, &bit)) {
            tags |= 1u << bit;
        }
    }
    return tags;
}

/* PHRASE says ASKED in the pack's language. Words without a letter are none, and never asked. */
static enum rw_status translation_add(struct rw_voice *voice, const char *asked, uint32_t phrase)
{
    char normal[PHRASE_TEXT_MAX * 4 + 1];
    if (!rw_text_normalise(asked, normal, sizeof normal)) {
        return RW_OK;
    }
    const char *copy = rw_arena_copy(&voice->arena, normal, strlen(normal));
    return copy ? rw_table_add(&voice->translations, copy, phrase) : RW_EMEMORY;
}

/* What an entry says of its clip, besides where that is. */
struct entry {
    const char *key;   /* NULL: a text */
    const char *text;  /* what is spoken */
    const char *asked; /* NULL, or the words of another language that this stands for */
    unsigned tags;
    uint32_t frames; /* at RW_RATE */
};

/* Adds the clip at PATH to the voice. RW_EINVALID: its text has no words. */
static enum rw_status entry_add(struct rw_voice *voice, const struct entry *entry, const char *path)
{
    const char *key = entry->key;
    struct phrase *phrase = &voice->phrases[voice->phrase_count];
    phrase->variants = 1;
    phrase->tags = entry->tags;
    phrase->key = key ? rw_arena_copy(&voice->arena, key, strlen(key)) : NULL;
    phrase->text = rw_arena_copy(&voice->arena, entry->text, strlen(entry->text));
    if (!phrase->text || (key && !phrase->key)) {
        return RW_EMEMORY;
    }
    enum rw_status status = rw_voice_clip_add(voice, path, key ? phrase->key : phrase->text,
                                              entry->frames, &phrase->clip);
    if (status == RW_OK && key) {
        status = rw_table_add(&voice->keys, phrase->key, voice->phrase_count);
    }
    if (status == RW_OK && entry->asked) {
        status = translation_add(voice, entry->asked, voice->phrase_count);
    }
    if (status == RW_OK && (!key || rw_text_is_sentence(entry->text))) {
        status = rw_voice_text_add(voice, entry->text, phrase->clip);
    }
    if (status == RW_OK || status == RW_EINVALID) {
        voice->phrase_count++;
    }
    return status;
}

/* Reads one clip into the voice, as phrase KEY or, without one, as a text. */
static enum rw_status entry_read(struct reader *reader, const struct rw_yaml_node *node,
                                 const char *key)
{
    struct rw_yaml *yaml = reader->yaml;
    const struct rw_yaml_node *fields[ENTRY_KEY_COUNT];
    struct entry entry = {.key = key, .text = ""};
    const char *file = NULL;
    int64_t frames = 0;
    int64_t rate = reader->rate;
    char path[PACK_PATH_MAX];
    if (!rw_yaml_fields(yaml, node, "a phrase", entry_keys, ENTRY_KEY_COUNT, fields)) {
        return RW_OK;
    }
    rw_yaml_text(yaml, fields[ENTRY_TEXT], PHRASE_TEXT_MAX, &entry.text);
    rw_yaml_text(yaml, fields[ENTRY_FOR], PHRASE_TEXT_MAX, &entry.asked);
    rw_yaml_integer(yaml, fields[ENTRY_RATE], RATE_MIN, RATE_MAX, &rate);
    entry.tags = tags_read(yaml, fields[ENTRY_TAGS]);
    if (!rw_yaml_text(yaml, fields[ENTRY_FILE], FILE_MAX, &file) ||
        !rw_yaml_integer(yaml, fields[ENTRY_FRAMES], 1, rate * SECONDS_MAX, &frames)) {
        return RW_OK;
    }
    if (!is_inside(file)) {
        rw_yaml_error(yaml, fields[ENTRY_FILE], "a clip lies inside the pack: clips/%s.flac",
                      key ? key : "name");
        return RW_OK;
    }
    entry.frames = frames_at_rate(frames, rate);
    enum rw_status status = rw_pack_path(reader->directory, file, path);
    if (status == RW_OK) {
        status = entry_add(reader->voice, &entry, path);
        if (status == RW_EINVALID) {
            rw_yaml_error(yaml, node, "a text needs at least one word");
            status = RW_OK;
        }
    }
    return status;
}

/* A phrase is one clip, or a list of them: its variants, which follow the first one. */
static enum rw_status phrase_read(struct reader *reader, const struct rw_yaml_node *node)
{
    struct rw_voice *voice = reader->voice;
    const char *key = node->key->text;
    uint32_t first = voice->phrase_count;
    if (node->type != RW_YAML_SEQUENCE) {
        return entry_read(reader, node, key);
    }
    if (node->count == 0) {
        rw_yaml_error(reader->yaml, node->key, "a phrase has at least one clip");
    }
    for (const struct rw_yaml_node *variant = node->first; variant; variant = variant->next) {
        enum rw_status status = entry_read(reader, variant, key);
        if (status != RW_OK) {
            return status;
        }
    }
    if (voice->phrase_count > first) {
        voice->phrases[first].variants = voice->phrase_count - first;
    }
    return RW_OK;
}

static bool is_tone(const char *key)
{
    if (strcmp(key, RW_TONE_NOTE) == 0) {
        return true;
    }
    for (int saying = 0; saying < RW_SAYING_COUNT; saying++) {
        const char *tone = rw_tone_key((enum rw_saying)saying);
        if (tone && strcmp(tone, key) == 0) {
            return true;
        }
    }
    return false;
}

/* Room for COUNT more phrases; those of the tones come after those of the pack. */
static enum rw_status phrases_reserve(struct rw_voice *voice, uint32_t count)
{
    struct phrase *phrases =
        rw_arena_allocate(&voice->arena, (voice->phrase_count + count + 1) * sizeof *phrases);
    if (!phrases) {
        return RW_EMEMORY;
    }
    if (voice->phrase_count > 0) {
        memcpy(phrases, voice->phrases, voice->phrase_count * sizeof *phrases);
    }
    voice->phrases = phrases;
    return RW_OK;
}

/* How many clips PHRASES list. */
static uint32_t variants_count(const struct rw_yaml_node *phrases)
{
    uint32_t count = 0;
    for (const struct rw_yaml_node *node = phrases->first; node; node = node->next) {
        count += node->type == RW_YAML_SEQUENCE ? node->count : 1;
    }
    return count;
}

static enum rw_status entries_read(struct reader *reader, const struct rw_yaml_node *phrases,
                                   const struct rw_yaml_node *texts, bool tones)
{
    struct rw_yaml *yaml = reader->yaml;
    uint32_t ignored;
    if (!rw_yaml_is_mapping(yaml, phrases, "phrases") ||
        (texts && !rw_yaml_is_sequence(yaml, texts, "texts"))) {
        return RW_OK;
    }
    uint32_t text_count = texts ? texts->count : 0;
    uint32_t phrase_count = variants_count(phrases);
    if (phrase_count > PHRASES_MAX || text_count > PHRASES_MAX) {
        rw_yaml_error(yaml, phrase_count > PHRASES_MAX ? phrases : texts,
                      "a pack has at most %d phrases and as many texts", PHRASES_MAX);
        return RW_OK;
    }
    enum rw_status status = phrases_reserve(reader->voice, phrase_count + text_count);
    for (const struct rw_yaml_node *node = phrases->first; node && status == RW_OK;
         node = node->next) {
        if (node->key->size > WORD_MAX) {
            rw_yaml_error(yaml, node->key, "a phrase's key has at most %d bytes", WORD_MAX);
        } else if (!tones || (is_tone(node->key->text) &&
                              !rw_table_find(&reader->voice->keys, node->key->text, &ignored))) {
            status = phrase_read(reader, node);
        }
    }
    if (!tones) {
        reader->voice->text_first = reader->voice->phrase_count;
    }
    for (const struct rw_yaml_node *node = texts ? texts->first : NULL; node && status == RW_OK;
         node = node->next) {
        status = tones ? RW_OK : entry_read(reader, node, NULL);
    }
    if (!tones) {
        reader->voice->text_count = reader->voice->phrase_count - reader->voice->text_first;
    }
    return status;
}

enum rw_status rw_pack_read(struct rw_voice *voice, const char *directory, bool tones,
                            struct rw_diagnostics *diagnostics)
{
    struct reader reader = {.voice = voice, .directory = directory, .rate = RW_RATE};
    const struct rw_yaml_node *fields[PACK_KEY_COUNT];
    enum rw_status status = rw_pack_file_read(directory, "pack.yaml", diagnostics, &reader.yaml);
    if (status != RW_OK) {
        return status;
    }
    if (rw_yaml_fields(reader.yaml, rw_yaml_root(reader.yaml), "a pack", pack_keys, PACK_KEY_COUNT,
                       fields)) {
        status = head_read(&reader, fields);
        if (status == RW_OK && fields[PACK_PHRASES]) {
            status = entries_read(&reader, fields[PACK_PHRASES], fields[PACK_TEXTS], tones);
        }
    }
    if (status == RW_OK) {
        status = rw_yaml_status(reader.yaml);
    }
    rw_yaml_destroy(reader.yaml);
    return status;
}
