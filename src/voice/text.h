/*
 * Text: the form in which two texts count as the same words, and a bounded buffer for
 * building a sentence. UTF-8 throughout; no character is ever cut in two.
 */
#ifndef RUNWALK_SRC_VOICE_TEXT_H
#define RUNWALK_SRC_VOICE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes TEXT into BUFFER/SIZE as it is compared: ASCII letters small, runs of blanks as one, none
 * at the ends, no full stop, exclamation or question mark at the end, a straight apostrophe.
 * False when nothing is left of it or it does not fit.
 */
bool rw_text_normalise(const char *text, char *buffer, size_t size);

/* Whether TEXT ends as a sentence does: . ! ? or their wide forms. */
bool rw_text_is_sentence(const char *text);

/* A sentence in the making. What does not fit is left out from there on. */
struct text_builder {
    char *bytes; /* ends in NUL */
    size_t size, used;
    bool full;
};

void rw_text_start(struct text_builder *builder, char *bytes, size_t size);
void rw_text_append(struct text_builder *builder, const char *text);

/* Takes C off the end, where it stands there and all has fitted so far. */
void rw_text_drop(struct text_builder *builder, char c);

#endif
