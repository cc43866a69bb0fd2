#include "text.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The marks that end a sentence, those of Chinese and Japanese too. */
static const char *const stops[] = {".", "!", "?", "…", "。", "！", "？"};

/* The length of the mark or blank that TEXT/SIZE ends with; 0: neither. */
static size_t ending_size(const char *text, size_t size, bool blanks)
{
    if (blanks && size > 0 && is_blank(text[size - 1])) {
        return 1;
    }
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        size_t length = strlen(stops[i]);
        if (size >= length && memcmp(text + size - length, stops[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

bool rw_text_is_sentence(const char *text)
{
    return ending_size(text, strlen(text), false) > 0;
}

bool rw_text_normalise(const char *text, char *buffer, size_t size)
{
    static const char curly_apostrophe[] = "\u2019";
    size_t left = strlen(text);
    size_t used = 0;
    for (size_t end = ending_size(text, left, true); end > 0; end = ending_size(text, left, true)) {
        left -= end;
    }
    for (const char *end = text + left; text < end; text++) {
        char c = *text;
        if (is_blank(c)) {
            if (used == 0 || buffer[used - 1] == ' ') {
                continue;
            }
            c = ' ';
        } else if (strncmp(text, curly_apostrophe, strlen(curly_apostrophe)) == 0) {
            text += strlen(curly_apostrophe) - 1;
            c = '\'';
        } else if (c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        if (used + 1 >= size) {
            return false;
        }
        buffer[used++] = c;
    }
    if (used == 0) {
        return false;
    }
    buffer[used] = '\0';
    return true;
}

void rw_text_start(struct text_builder *builder, char *bytes, size_t size)
{
    *builder = (struct text_builder){.bytes = bytes, .size = size};
    bytes[0] = '\0';
}

void rw_text_append(struct text_builder *builder, const char *text)
{
    size_t length = strlen(text);
    if (builder->full) {
        return;
    }
    if (length >= builder->size - builder->used) {
        builder->full = true;
        length = builder->size - builder->used - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
            length--; /* a continuation byte would begin what is cut off */
        }
    }
    memcpy(builder->bytes + builder->used, text, length);
    builder->used += length;
    builder->bytes[builder->used] = '\0';
}

void rw_text_drop(struct text_builder *builder, char c)
{
    if (!builder->full && builder->used > 0 && builder->bytes[builder->used - 1] == c) {
        builder->bytes[--builder->used] = '\0';
    }
}
