#include "markup.h"

#include "text.h"

static const char *entity(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void rw_markup_text(FILE *file, const char *text)
{
    uint32_t code;
    while ((code = rw_text_next(&text)) != 0) {
        char bytes[4];
        const char *escaped = entity(code);
        if (escaped) {
            fputs(escaped, file);
        } else if (!rw_text_is_control(code)) {
            fwrite(bytes, 1, rw_text_encode(code, bytes), file);
        }
    }
}
