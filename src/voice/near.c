/* The sentence of a pack that is nearest to a text, by the words that they share. */
#include "text.h"
#include "voice_private.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct word {
    const char *begin;
    size_t size;
};

/* The next word from *TEXT on, which is moved behind it; a word of no bytes after the last. */
static struct word word_next(const char **text)
{
    const char *begin = *text;
    while (*begin && !isalnum((unsigned char)*begin) && (unsigned char)*begin < 0x80) {
        begin++;
    }
    const char *end = begin;
    while (isalnum((unsigned char)*end) || *end == '\'' || (unsigned char)*end >= 0x80) {
        end++;
    }
    *text = end;
    return (struct word){.begin = begin, .size = (size_t)(end - begin)};
}

static bool has_word(const char *text, struct word wanted)
{
    for (struct word word = word_next(&text); word.size > 0; word = word_next(&text)) {
        if (word.size == wanted.size && strncasecmp(word.begin, wanted.begin, word.size) == 0) {
            return true;
        }
    }
    return false;
}

/* How many words TEXT has, and how many of them OTHER has too. */
static uint32_t words_count(const char *text, const char *other, uint32_t *ret_shared)
{
    uint32_t count = 0;
    *ret_shared = 0;
    for (struct word word = word_next(&text); word.size > 0; word = word_next(&text)) {
        *ret_shared += has_word(other, word);
        count++;
    }
    return count;
}

const struct phrase *rw_nearest_phrase(const struct rw_voice *voice, const char *text)
{
    const struct phrase *nearest = NULL;
    uint32_t most = 0; /* words of a hundred */
    for (uint32_t i = 0; i < voice->phrase_count; i++) {
        const struct phrase *phrase = &voice->phrases[i];
        uint32_t shared, own_shared;
        if (!rw_text_is_sentence(phrase->text)) {
            continue;
        }
        uint32_t count = words_count(text, phrase->text, &shared);
        uint32_t own_count = words_count(phrase->text, text, &own_shared);
        uint32_t longer = count > own_count ? count : own_count;
        uint32_t fewer = shared < own_shared ? shared : own_shared;
        uint32_t percent = longer > 0 ? fewer * 100 / longer : 0;
        if (percent >= 80 && percent > most) {
            nearest = phrase;
            most = percent;
        }
    }
    return nearest;
}
