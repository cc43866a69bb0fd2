#include "document.h"
#include "nearest.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

const char *rw_yaml_text_quote(const char *text, size_t size, char buffer[QUOTE_MAX])
{
    static const char cut[] = "...";
    size_t room = QUOTE_MAX - sizeof cut;
    size_t used = 0;
    const char *end = text + size;
    while (text < end) {
        uint32_t code = 0;
        size_t length = rw_utf8_decode(text, (size_t)(end - text), &code);
        bool is_shown = length > 0 && !rw_utf8_is_control(code);
        length = length > 0 ? length : 1;
        if (used + (is_shown ? length : 1) > room) {
            memcpy(buffer + used, cut, sizeof cut);
            return buffer;
        }
        if (is_shown) {
            memcpy(buffer + used, text, length);
            used += length;
        } else {
            buffer[used++] = '?';
        }
        text += length;
    }
    buffer[used] = '\0';
    return buffer;
}

/* The names of KEYS in one line, as far as BUFFER holds them. */
static void keys_list(const struct rw_yaml_key *keys, size_t count, char *buffer, size_t size)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++) {
        used +=
            (size_t)snprintf(buffer + used, size - used, "%s%s", i > 0 ? ", " : "", keys[i].name);
    }
}

static void unknown_report(struct rw_yaml *yaml, const struct rw_yaml_node *key, const char *what,
                           const struct rw_yaml_key *keys, size_t count)
{
    if (!yaml->diagnostics || yaml->diagnostics->count == RW_DIAGNOSTIC_MAX) {
        /* Nobody will read it: a file of nothing but wrong keys must not cost a search for each. */
        rw_yaml_error(yaml, key, "unknown");
        return;
    }
    char quote[QUOTE_MAX];
    rw_yaml_text_quote(key->text, key->size, quote);
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t distance = rw_nearest_distance(key->text, key->size, keys[i].name);
        if (distance < least) {
            least = distance;
            nearest = keys[i].name;
        }
    }
    if (nearest) {
        rw_yaml_error(yaml, key, "%s has no \"%s\"; did you mean \"%s\"?", what, quote, nearest);
    } else {
        char list[RW_DIAGNOSTIC_TEXT_MAX];
        keys_list(keys, count, list, sizeof list);
        rw_yaml_error(yaml, key, "%s has no \"%s\"; it may have: %s", what, quote, list);
    }
}

/* Most words differ in their first letter. */
static bool is_same(const char *word, const char *other)
{
    return word[0] == other[0] && strcmp(word, other) == 0;
}

bool rw_yaml_fields(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *what,
                    const struct rw_yaml_key *keys, size_t count,
                    const struct rw_yaml_node **values)
{
    for (size_t i = 0; i < count; i++) {
        values[i] = NULL;
    }
    if (!rw_yaml_is_mapping(yaml, node, what)) {
        return false;
    }
    for (const struct rw_yaml_node *child = node->first; child; child = child->next) {
        if (child->key->type == RW_YAML_BAD) {
            continue;
        }
        size_t i = 0;
        while (i < count && !is_same(child->key->text, keys[i].name)) {
            i++;
        }
        if (i == count) {
            unknown_report(yaml, child->key, what, keys, count);
        } else if (!values[i]) {
            values[i] = child;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (keys[i].required && !values[i]) {
            rw_yaml_error(yaml, node, "%s needs \"%s\"", what, keys[i].name);
        }
    }
    return true;
}

bool rw_yaml_is_sequence(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *what)
{
    if (node && node->type != RW_YAML_SEQUENCE) {
        rw_yaml_error(yaml, node, "%s is a list; begin each item on its own line with \"- \"",
                      what);
    }
    return node && node->type == RW_YAML_SEQUENCE;
}

bool rw_yaml_is_mapping(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *what)
{
    if (node && node->type != RW_YAML_MAPPING) {
        rw_yaml_error(yaml, node, "%s is made of keys with values, each like \"key: value\"", what);
    }
    return node && node->type == RW_YAML_MAPPING;
}
