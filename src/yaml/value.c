#include "document.h"
#include "nearest.h"
#include "runwalk/yaml/duration.h"
#include "utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* How a message names NODE: by its key. */
static const char *subject(const struct rw_yaml_node *node, char buffer[QUOTE_MAX + 2])
{
    if (!node->key) {
        return "this";
    }
    char quote[QUOTE_MAX];
    snprintf(buffer, QUOTE_MAX + 2, "\"%s\"",
             rw_yaml_text_quote(node->key->text, node->key->size, quote));
    return buffer;
}

/* What YAML takes for nothing: no text at all, or a plain ~ or null. */
static bool is_empty(const struct rw_yaml_node *node)
{
    return node->size == 0 || (node->plain && node->size == 1 && node->text[0] == '~') ||
           (node->plain && node->size == 4 && strcasecmp(node->text, "null") == 0);
}

/* Whether NODE is a scalar with something in it; reported when it is not. */
static bool has_value(struct rw_yaml *yaml, const struct rw_yaml_node *node)
{
    char name[QUOTE_MAX + 2];
    if (!node || node->type == RW_YAML_BAD) {
        return false;
    }
    if (node->type != RW_YAML_SCALAR) {
        rw_yaml_error(yaml, node, "%s takes one value, no list and no keys", subject(node, name));
        return false;
    }
    if (is_empty(node)) {
        rw_yaml_error(yaml, node, "%s has no value; write one, or delete the key",
                      subject(node, name));
        return false;
    }
    return true;
}

static const struct boolean_word {
    const char *word;
    bool value;
} boolean_words[] = {
    {"yes", true}, {"no", false}, {"on", true}, {"off", false}, {"true", true}, {"false", false},
};

static const struct boolean_word *boolean_find(const struct rw_yaml_node *node)
{
    for (size_t i = 0; i < RW_COUNT(boolean_words); i++) {
        if (strcasecmp(node->text, boolean_words[i].word) == 0) {
            return &boolean_words[i];
        }
    }
    return NULL;
}

bool rw_yaml_is_off(const struct rw_yaml_node *node)
{
    if (!node || node->type != RW_YAML_SCALAR) {
        return false;
    }
    const struct boolean_word *word = boolean_find(node);
    return word && !word->value;
}

bool rw_yaml_boolean(struct rw_yaml *yaml, const struct rw_yaml_node *node, bool *value)
{
    if (!has_value(yaml, node)) {
        return false;
    }
    const struct boolean_word *word = boolean_find(node);
    if (!word) {
        char name[QUOTE_MAX + 2];
        rw_yaml_error(yaml, node, "%s is either yes or no", subject(node, name));
        return false;
    }
    *value = word->value;
    return true;
}

/* Reads DIGITS of SIZE as the digits of an integer; false when it is none, or too large. */
static bool digits_parse(const char *digits, size_t size, uint64_t *ret_value)
{
    uint64_t value = 0;
    if (size == 0 || size > 18) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(digits[i] - '0');
    }
    *ret_value = value;
    return true;
}

bool rw_yaml_integer(struct rw_yaml *yaml, const struct rw_yaml_node *node, int64_t min,
                     int64_t max, int64_t *value)
{
    if (!has_value(yaml, node)) {
        return false;
    }
    bool is_negative = node->text[0] == '-';
    uint64_t magnitude = 0;
    bool is_read = digits_parse(node->text + is_negative, node->size - is_negative, &magnitude);
    int64_t result = is_negative ? -(int64_t)magnitude : (int64_t)magnitude;
    if (!is_read || result < min || result > max) {
        char name[QUOTE_MAX + 2];
        rw_yaml_error(yaml, node, "%s is a whole number from %lld to %lld", subject(node, name),
                      (long long)min, (long long)max);
        return false;
    }
    *value = result;
    return true;
}

/* [-+]digits[.digits], whatever the locale says of points; other forms of numbers are no use. */
static bool number_parse(const char *text, size_t size, double *ret_value)
{
    size_t sign = text[0] == '-' || text[0] == '+';
    const char *point = memchr(text, '.', size);
    size_t whole_size = (point ? (size_t)(point - text) : size) - sign;
    uint64_t whole = 0;
    if (!digits_parse(text + sign, whole_size, &whole)) {
        return false;
    }
    double result = (double)whole;
    if (point) {
        uint64_t part = 0;
        size_t part_size = (size_t)(text + size - point) - 1;
        if (!digits_parse(point + 1, part_size, &part)) {
            return false;
        }
        double scale = 1;
        for (size_t i = 0; i < part_size; i++) {
            scale *= 10;
        }
        result += (double)part / scale;
    }
    *ret_value = text[0] == '-' ? -result : result;
    return true;
}

bool rw_yaml_number(struct rw_yaml *yaml, const struct rw_yaml_node *node, double min, double max,
                    double *value)
{
    if (!has_value(yaml, node)) {
        return false;
    }
    double result = 0;
    if (!number_parse(node->text, node->size, &result) || result < min || result > max) {
        char name[QUOTE_MAX + 2];
        rw_yaml_error(yaml, node, "%s is a number from %g to %g", subject(node, name), min, max);
        return false;
    }
    *value = result;
    return true;
}

bool rw_yaml_duration(struct rw_yaml *yaml, const struct rw_yaml_node *node, uint32_t min_ms,
                      uint32_t max_ms, uint32_t *value_ms)
{
    if (!has_value(yaml, node)) {
        return false;
    }
    uint32_t ms = 0;
    enum rw_duration_problem problem = rw_duration_parse(node->text, node->size, &ms);
    if (problem != RW_DURATION_FINE && problem != RW_DURATION_TOO_LONG) {
        char sentence[RW_DIAGNOSTIC_TEXT_MAX];
        rw_duration_explain(problem, node->text, node->size, sentence, sizeof sentence);
        rw_yaml_error(yaml, node, "%s", sentence);
        return false;
    }
    if (problem == RW_DURATION_TOO_LONG) {
        ms = UINT32_MAX;
    }
    if (ms < min_ms || ms > max_ms) {
        char name[QUOTE_MAX + 2];
        char min_text[RW_DURATION_TEXT_MAX];
        char max_text[RW_DURATION_TEXT_MAX];
        rw_duration_format(min_ms, min_text);
        rw_duration_format(max_ms, max_text);
        rw_yaml_error(yaml, node, "%s is from %s to %s", subject(node, name), min_text, max_text);
        return false;
    }
    *value_ms = ms;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* TEXT/SIZE with its blanks made one each and none at the ends; NULL when memory is short. */
static const char *blanks_fold(struct rw_yaml *yaml, const char *text, size_t size)
{
    char *copy = rw_yaml_allocate(yaml, size + 1);
    if (!copy) {
        return NULL;
    }
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        if (!is_blank(text[i])) {
            copy[used++] = text[i];
        } else if (used > 0 && copy[used - 1] != ' ') {
            copy[used++] = ' ';
        }
    }
    used -= used > 0 && copy[used - 1] == ' ';
    copy[used] = '\0';
    return copy;
}

/* The first control character of NODE's text that is no blank; 0 when there is none. */
static uint32_t control_find(const struct rw_yaml_node *node)
{
    const char *end = node->text + node->size;
    for (const char *at = node->text; at < end;) {
        if (*at >= ' ' && *at <= '~') {
            at++;
            continue;
        }
        uint32_t code = 0;
        size_t length = rw_utf8_decode(at, (size_t)(end - at), &code);
        assert(length > 0); /* libyaml makes nothing but UTF-8 */
        if (rw_utf8_is_control(code) && !is_blank(*at)) {
            return code;
        }
        at += length;
    }
    return 0;
}

static size_t characters_count(const char *text)
{
    size_t count = 0;
    for (; *text; text++) {
        count += ((uint8_t)*text & 0xC0) != 0x80;
    }
    return count;
}

bool rw_yaml_text(struct rw_yaml *yaml, const struct rw_yaml_node *node, size_t max,
                  const char **value)
{
    if (!has_value(yaml, node)) {
        return false;
    }
    char name[QUOTE_MAX + 2];
    uint32_t control = control_find(node);
    if (control > 0) {
        rw_yaml_error(yaml, node, "%s holds a control character (U+%04X); delete it",
                      subject(node, name), control);
        return false;
    }
    const char *text = blanks_fold(yaml, node->text, node->size);
    if (!text) {
        return false;
    }
    size_t characters = characters_count(text);
    if (characters == 0) {
        rw_yaml_error(yaml, node, "%s is blank; write some words, or delete the key",
                      subject(node, name));
        return false;
    }
    if (characters > max) {
        rw_yaml_error(yaml, node, "%s has %zu characters; shorten it to %zu", subject(node, name),
                      characters, max);
        return false;
    }
    *value = text;
    return true;
}

static size_t word_nearest(const struct rw_yaml_node *node, const char *const *words, size_t count)
{
    size_t nearest = count;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t distance = rw_nearest_distance(node->text, node->size, words[i]);
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

bool rw_yaml_word(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *const *words,
                  size_t count, size_t *value)
{
    if (!has_value(yaml, node)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(node->text, words[i]) == 0 ||
            (strcmp(words[i], "off") == 0 && rw_yaml_is_off(node))) {
            *value = i;
            return true;
        }
    }
    char name[QUOTE_MAX + 2];
    char list[RW_DIAGNOSTIC_TEXT_MAX];
    char hint[64] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
                                 i == 0           ? ""
                                 : i + 1 == count ? " or "
                                                  : ", ",
                                 words[i]);
    }
    size_t nearest = word_nearest(node, words, count);
    if (nearest < count) {
        snprintf(hint, sizeof hint, "; did you mean %s?", words[nearest]);
    }
    rw_yaml_error(yaml, node, "%s is %s%s", subject(node, name), list, hint);
    return false;
}
