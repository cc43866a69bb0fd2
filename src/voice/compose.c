/*
 * Words -> clips and text. First the grammar is walked, which gives a list of pieces; then the
 * pieces are laid out in time and written down, sentence by sentence. Nothing allocates.
 */
#include "text.h"
#include "voice_private.h"

#include <stdio.h>
#include <string.h>

/* Tokens looked at for one utterance; a sane grammar needs some dozen. */
#define STEPS_MAX 2000

static const uint32_t whole_minutes_from = 600; /* seconds; see time_spoken */

struct piece {
    const char *text;
    uint32_t clip;
    enum joint joint; /* to the piece before it */
};

struct composition {
    const struct rw_voice *voice;
    const struct rw_words *words;
    uint32_t values[VARIABLE_COUNT]; /* 0: not said */
    uint32_t steps;
    enum joint joint; /* to the piece that comes next */
    uint32_t count;
    struct piece pieces[RW_UTTERANCE_PARTS_MAX];
};

static bool piece_add(struct composition *composition, const char *text, uint32_t clip)
{
    if (composition->count == RW_UTTERANCE_PARTS_MAX) {
        return false;
    }
    composition->pieces[composition->count++] =
        (struct piece){.text = text, .clip = clip, .joint = composition->joint};
    composition->joint = JOINT_WORD;
    return true;
}

static bool phrase_add(struct composition *composition, uint32_t number)
{
    const struct phrase *phrase = &composition->voice->phrases[number];
    phrase += composition->words->variant % phrase->variants;
    return piece_add(composition, phrase->text, phrase->clip);
}

static bool text_add(struct composition *composition, const char *text)
{
    uint32_t clip;
    const struct phrase *translation = text ? rw_voice_translation(composition->voice, text) : NULL;
    if (translation) {
        return piece_add(composition, translation->text, translation->clip);
    }
    return text && rw_voice_text_find(composition->voice, text, &clip) &&
           piece_add(composition, text, clip);
}

static bool key_find(const struct composition *composition, const char *family, const char *infix,
                     uint32_t number, uint32_t *ret_phrase)
{
    char key[96];
    snprintf(key, sizeof key, "%s-%s%u", family, infix, (unsigned)number);
    return rw_table_find(&composition->voice->keys, key, ret_phrase);
}

/*
 * The largest head up to NUMBER that leaves a rest, and not more of a rest than there is room for
 * before the next head (after the last one: as much as before it). NULL: there is none.
 */
static const struct head *head_find(const struct grammar *grammar, uint32_t number)
{
    const struct head *heads = grammar->heads;
    uint32_t count = grammar->head_count;
    uint32_t i = count;
    while (i > 0 && heads[i - 1].value > number) {
        i--;
    }
    if (i == 0 || count < 2) {
        return NULL;
    }
    uint32_t above = i < count ? i : count - 1;
    uint32_t room = heads[above].value - heads[above - 1].value;
    uint32_t rest = number - heads[i - 1].value;
    return rest > 0 && rest < room ? &heads[i - 1] : NULL;
}

/* The phrase FAMILY-NUMBER, or, for a number that the family lacks, a head and the rest. */
static bool number_add(struct composition *composition, const struct token *token, uint32_t number)
{
    const struct grammar *grammar = &composition->voice->grammar;
    const char *infix = "";
    uint32_t phrase;
    while (!key_find(composition, token->word, infix, number, &phrase) &&
           !key_find(composition, token->word, "", number, &phrase)) {
        const struct head *head = token->split ? head_find(grammar, number) : NULL;
        if (!head || !phrase_add(composition, head->phrase)) {
            return false;
        }
        number -= head->value;
        infix = "after-";
    }
    return phrase_add(composition, phrase);
}

static bool kind_add(struct composition *composition, const struct token *token)
{
    char key[96];
    uint32_t phrase;
    snprintf(key, sizeof key, "%s-%s", token->word, rw_kind_name(composition->words->kind));
    return rw_table_find(&composition->voice->keys, key, &phrase) &&
           phrase_add(composition, phrase);
}

static bool rule_add(struct composition *composition, uint32_t number);

static bool token_add(struct composition *composition, const struct token *token)
{
    uint32_t value = composition->values[token->variable];
    if (++composition->steps > STEPS_MAX) {
        return false;
    }
    switch (token->type) {
    case TOKEN_PHRASE:
        return phrase_add(composition, token->number);
    case TOKEN_FAMILY:
        return number_add(composition, token, value);
    case TOKEN_KIND:
        return kind_add(composition, token);
    case TOKEN_RULE:
        return rule_add(composition, token->number);
    case TOKEN_CLAUSE:
        composition->joint = JOINT_CLAUSE;
        return true;
    case TOKEN_SENTENCE:
        composition->joint = JOINT_SENTENCE;
        return true;
    case TOKEN_WHEN:
        return value >= token->number;
    case TOKEN_UNLESS:
        return value == 0;
    case TOKEN_TEXT:
        return text_add(composition, composition->words->text);
    case TOKEN_NAME:
        return text_add(composition, composition->words->name);
    }
    return false;
}

/* Adds the first alternative of which every token can be spoken; else leaves things as they were.
 */
static bool rule_add(struct composition *composition, uint32_t number)
{
    const struct rule *rule = &composition->voice->grammar.rules[number];
    const uint32_t count = composition->count;
    const enum joint joint = composition->joint;
    for (uint32_t i = 0; i < rule->count; i++) {
        const struct alternative *alternative = &rule->alternatives[i];
        uint32_t done = 0;
        while (done < alternative->count && token_add(composition, &alternative->tokens[done])) {
            done++;
        }
        if (done == alternative->count) {
            return true;
        }
        composition->count = count;
        composition->joint = joint;
    }
    return false;
}

/*
 * The seconds to say. A stop comes at no round time: from ten minutes on the minute it was in
 * is enough.
 */
static uint32_t time_spoken(const struct rw_words *words)
{
    if (words->duration_ms == 0) {
        return 0;
    }
    uint32_t seconds = words->duration_ms / 1000 + (words->duration_ms % 1000 >= 500);
    if (words->saying == RW_SAY_STOPPED && seconds >= whole_minutes_from) {
        seconds -= seconds % 60;
    }
    return seconds > 0 ? seconds : 1;
}

static void values_set(struct composition *composition)
{
    const struct rw_words *words = composition->words;
    uint32_t *values = composition->values;
    uint32_t seconds = time_spoken(words);
    values[VARIABLE_NUMBER] = words->number;
    values[VARIABLE_TOTAL] = words->total;
    values[VARIABLE_HOURS] = seconds / 3600;
    values[VARIABLE_MINUTES] = seconds / 60 % 60;
    values[VARIABLE_SECONDS] = seconds % 60;
    values[VARIABLE_LAST] = (words->flags & RW_WORDS_LAST_RUN) != 0;
    values[VARIABLE_WAS_LAST] = (words->flags & RW_WORDS_WAS_LAST_RUN) != 0;
    values[VARIABLE_HALFWAY] = (words->flags & RW_WORDS_HALFWAY) != 0;
    values[VARIABLE_LEFT] = words->side == RW_SIDE_LEFT;
    values[VARIABLE_RIGHT] = words->side == RW_SIDE_RIGHT;
    values[VARIABLE_AGAIN] = (words->flags & RW_WORDS_AGAIN) != 0;
    values[VARIABLE_STEP_BACK] = (words->flags & RW_WORDS_STEP_BACK) != 0;
    values[VARIABLE_WEEKS_BACK] = (words->flags & RW_WORDS_WEEKS_BACK) != 0;
    values[VARIABLE_BIG_STEP] = (words->flags & RW_WORDS_BIG_STEP) != 0;
    values[VARIABLE_KIND + words->kind] = 1;
}

/*
 * Whether TEXT ends in something after which no blank comes: the hyphen of "twenty-", or the
 * tilde of "einhundert~", which is not written.
 */
static bool is_open(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && (text[length - 1] == '-' || text[length - 1] == '~');
}

/* Writes COUNT pieces as one sentence, with a capital and a stop. */
static void sentence_write(const struct grammar *grammar, const struct piece *pieces,
                           uint32_t count, struct text_builder *builder)
{
    size_t start = builder->used;
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && !is_open(pieces[i - 1].text)) {
            rw_text_append(builder, grammar->joints[pieces[i].joint].text);
        }
        rw_text_append(builder, pieces[i].text);
        rw_text_drop(builder, '~');
    }
    char *first = builder->bytes + start;
    if (*first >= 'a' && *first <= 'z') {
        *first = (char)(*first - 'a' + 'A');
    }
    if (!rw_text_is_sentence(first)) {
        rw_text_append(builder, grammar->joints[JOINT_SENTENCE].text);
    }
}

static void part_add(const struct rw_voice *voice, struct rw_utterance *utterance, uint32_t clip,
                     uint32_t pause)
{
    uint32_t offset = utterance->part_count > 0 ? utterance->frames + pause : 0;
    utterance->parts[utterance->part_count].clip = clip;
    utterance->parts[utterance->part_count].offset = offset;
    utterance->part_count++;
    utterance->frames = offset + voice->clips[clip]->frames;
}

/*
 * One sentence: as a single clip when the pack happens to have it whole, which sounds better than
 * the best of joints.
 */
static void sentence_lay(const struct rw_voice *voice, const struct piece *pieces, uint32_t count,
                         struct rw_utterance *utterance, struct text_builder *builder)
{
    const struct joint_style *joints = voice->grammar.joints;
    uint32_t whole;
    if (utterance->part_count > 0) {
        rw_text_append(builder, joints[JOINT_WORD].text);
    }
    const char *text = builder->bytes + builder->used;
    sentence_write(&voice->grammar, pieces, count, builder);
    if (count > 1 && !builder->full && rw_voice_text_find(voice, text, &whole) &&
        whole < voice->pack_clip_count) {
        part_add(voice, utterance, whole, joints[JOINT_SENTENCE].frames);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        part_add(voice, utterance, pieces[i].clip, joints[pieces[i].joint].frames);
    }
}

static void pieces_lay(const struct composition *composition, struct rw_utterance *utterance,
                       struct text_builder *builder)
{
    for (uint32_t begin = 0, end = 1; begin < composition->count; begin = end++) {
        while (end < composition->count && composition->pieces[end].joint != JOINT_SENTENCE) {
            end++;
        }
        sentence_lay(composition->voice, composition->pieces + begin, end - begin, utterance,
                     builder);
    }
}

/*
 * For words that nothing speaks: a soft tone, and the sentence of the pack that is nearest to them,
 * if one is near. So the runner knows at least that there was something to be said.
 */
static enum rw_status substitute_compose(const struct rw_voice *voice, const char *text,
                                         struct rw_utterance *utterance,
                                         struct text_builder *builder)
{
    uint32_t tone;
    char normal[RW_STEP_TEXT_MAX + 1];
    if (!rw_text_normalise(text, normal, sizeof normal) ||
        !rw_table_find(&voice->keys, RW_TONE_NOTE, &tone)) {
        rw_text_append(builder, text);
        return RW_ENOENT;
    }
    part_add(voice, utterance, voice->phrases[tone].clip, 0);
    const struct phrase *nearest = rw_nearest_phrase(voice, text);
    if (nearest) {
        rw_text_append(builder, nearest->text);
        part_add(voice, utterance, nearest->clip, voice->grammar.joints[JOINT_CLAUSE].frames);
    }
    return RW_OK;
}

/* What is one clip and stands in no grammar: a tone, or a text word for word. */
static enum rw_status single_compose(const struct rw_voice *voice, const struct rw_words *words,
                                     struct rw_utterance *utterance, struct text_builder *builder)
{
    const char *tone = rw_tone_key(words->saying);
    const char *text = words->text ? words->text : "";
    uint32_t number = 0;
    uint32_t clip = 0;
    if (tone) {
        if (!rw_table_find(&voice->keys, tone, &number)) {
            return RW_ENOENT;
        }
        part_add(voice, utterance, voice->phrases[number].clip, 0);
        return RW_OK;
    }
    const struct phrase *translation = rw_voice_translation(voice, text);
    if (translation) {
        rw_text_append(builder, translation->text);
        part_add(voice, utterance, translation->clip, 0);
        return RW_OK;
    }
    if (!rw_voice_text_find(voice, text, &clip)) {
        return substitute_compose(voice, text, utterance, builder);
    }
    rw_text_append(builder, text);
    part_add(voice, utterance, clip, 0);
    return RW_OK;
}

enum rw_status rw_voice_compose(const struct rw_voice *voice, const struct rw_words *words,
                                struct rw_utterance *ret_utterance)
{
    struct text_builder builder;
    struct composition composition = {.voice = voice, .words = words};
    ret_utterance->part_count = 0;
    ret_utterance->frames = 0;
    rw_text_start(&builder, ret_utterance->text, sizeof ret_utterance->text);
    if (rw_tone_key(words->saying) || words->saying == RW_SAY_TEXT) {
        return single_compose(voice, words, ret_utterance, &builder);
    }
    uint32_t rule = voice->grammar.sayings[words->saying];
    values_set(&composition);
    if (!rule_add(&composition, rule) || composition.count == 0) {
        rw_text_append(&builder, voice->grammar.rules[rule].name);
        return RW_ENOENT;
    }
    pieces_lay(&composition, ret_utterance, &builder);
    return RW_OK;
}
