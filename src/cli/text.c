#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT 0xFFFDu

struct code_range {
    uint32_t first, last;
};

static bool is_in(const struct code_range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* The blocks that terminals show two columns wide, after Unicode Standard Annex 11. */
static const struct code_range wide_ranges[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

/* Marks drawn over the character before them, and joiners that are not drawn. */
static const struct code_range combining_ranges[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};

/* C0 and C1 controls, line and paragraph separators, and everything that turns text around. */
static const struct code_range control_ranges[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F},   {0x2028, 0x202E},
    {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF},
};

uint32_t rw_text_next(const char **cursor)
{
    const unsigned char *byte = (const unsigned char *)*cursor;
    if (byte[0] == 0) {
        return 0;
    }
    if (byte[0] < 0x80) {
        *cursor += 1;
        return byte[0];
    }
    unsigned length = byte[0] >= 0xF0 ? 4 : byte[0] >= 0xE0 ? 3 : 2;
    uint32_t code = byte[0] & (0xFFu >> (length + 1));
    bool valid = byte[0] >= 0xC2 && byte[0] <= 0xF4;
    for (unsigned i = 1; valid && i < length; i++) {
        valid = (byte[i] & 0xC0) == 0x80;
        code = code << 6 | (byte[i] & 0x3Fu);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (!valid || code < smallest[length] || code > 0x10FFFF ||
        (code >= 0xD800 && code <= 0xDFFF)) {
        *cursor += 1;
        return REPLACEMENT;
    }
    *cursor += length;
    return code;
}

size_t rw_text_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)(lead[length] | code);
    return length;
}

bool rw_text_is_control(uint32_t code)
{
    return is_in(control_ranges, RW_COUNT(control_ranges), code);
}

unsigned rw_text_columns(uint32_t code)
{
    if (code < 0x300) {
        return 1;
    }
    if (is_in(combining_ranges, RW_COUNT(combining_ranges), code)) {
        return 0;
    }
    return is_in(wide_ranges, RW_COUNT(wide_ranges), code) ? 2 : 1;
}

void rw_text_clean(const char *text, char *out, size_t size)
{
    size_t used = 0;
    uint32_t code;
    while ((code = rw_text_next(&text)) != 0) {
        if (rw_text_is_control(code)) {
            continue;
        }
        char bytes[4];
        size_t length = rw_text_encode(code, bytes);
        if (used + length >= size) {
            break;
        }
        memcpy(out + used, bytes, length);
        used += length;
    }
    out[used] = '\0';
}

unsigned rw_text_width(const char *text)
{
    unsigned width = 0;
    uint32_t code;
    while ((code = rw_text_next(&text)) != 0) {
        width += rw_text_is_control(code) ? 0 : rw_text_columns(code);
    }
    return width;
}

void rw_text_clock(int64_t seconds, char out[RW_TEXT_TIME_MAX])
{
    const char *sign = seconds < 0 ? "-" : "";
    uint64_t rest = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    uint64_t hours = rest / 3600;
    unsigned minutes = (unsigned)(rest / 60 % 60);
    unsigned odd = (unsigned)(rest % 60);
    if (hours > 0) {
        snprintf(out, RW_TEXT_TIME_MAX, "%s%" PRIu64 ":%02u:%02u", sign, hours, minutes, odd);
    } else {
        snprintf(out, RW_TEXT_TIME_MAX, "%s%u:%02u", sign, minutes, odd);
    }
}

void rw_text_clock_ms(int64_t ms, char out[RW_TEXT_TIME_MAX])
{
    char clock[RW_TEXT_TIME_MAX];
    unsigned odd = (unsigned)((ms < 0 ? -(ms % 1000) : ms % 1000));
    rw_text_clock(ms / 1000, clock);
    if (odd == 0) {
        snprintf(out, RW_TEXT_TIME_MAX, "%s", clock);
    } else {
        snprintf(out, RW_TEXT_TIME_MAX, "%.40s.%03u", clock, odd);
    }
}

void rw_text_span(int64_t ms, char out[RW_TEXT_TIME_MAX])
{
    uint64_t rest = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
    uint64_t hours = rest / 3600000;
    unsigned minutes = (unsigned)(rest / 60000 % 60);
    unsigned seconds = (unsigned)(rest / 1000 % 60);
    unsigned odd = (unsigned)(rest % 1000);
    int used = snprintf(out, RW_TEXT_TIME_MAX, "%s", ms < 0 ? "-" : "");
    if (hours > 0) {
        used += snprintf(out + used, RW_TEXT_TIME_MAX - (size_t)used, "%" PRIu64 " h ", hours);
    }
    if (minutes > 0) {
        used += snprintf(out + used, RW_TEXT_TIME_MAX - (size_t)used, "%u min ", minutes);
    }
    if (odd > 0) {
        /* 1.5 s, 1.25 s, 0.001 s: as many decimals as it takes. */
        int decimals = odd % 100 == 0 ? 1 : odd % 10 == 0 ? 2 : 3;
        unsigned shown = decimals == 1 ? odd / 100 : decimals == 2 ? odd / 10 : odd;
        snprintf(out + used, RW_TEXT_TIME_MAX - (size_t)used, "%u.%0*u s", seconds, decimals,
                 shown);
    } else if (seconds > 0 || (hours == 0 && minutes == 0)) {
        snprintf(out + used, RW_TEXT_TIME_MAX - (size_t)used, "%u s", seconds);
    } else {
        out[used - 1] = '\0';
    }
}

int64_t rw_text_seconds_left(int64_t ms)
{
    return ms <= 0 ? 0 : (ms + 999) / 1000;
}
