#include "runwalk/yaml/write.h"

#include "utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    FILE *out;
    const struct rw_yaml_change *changes;
    size_t count;
};

/* Whether TEXT is the same with and without quotes, also between brackets. */
static bool is_simple(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!isalnum((unsigned char)text[i]) && (i == 0 || !strchr("-.%/", text[i]))) {
            return false;
        }
    }
    return size > 0;
}

static void quoted_write(FILE *out, const char *text, size_t size)
{
    const char *end = text + size;
    fputc('"', out);
    while (text < end) {
        uint32_t code = 0;
        size_t length = rw_utf8_decode(text, (size_t)(end - text), &code);
        length = length > 0 ? length : 1;
        if (code == '"' || code == '\\') {
            fprintf(out, "\\%c", (int)code);
        } else if (rw_utf8_is_control(code)) {
            fprintf(out, "\\u%04X", (unsigned)code);
        } else {
            fwrite(text, 1, length, out);
        }
        text += length;
    }
    fputc('"', out);
}

static void scalar_write(const struct writer *writer, const struct rw_yaml_node *node)
{
    const char *text = node->text;
    size_t size = node->size;
    bool plain = node->plain;
    for (size_t i = 0; i < writer->count; i++) {
        if (writer->changes[i].node == node) {
            text = writer->changes[i].text;
            size = strlen(text);
            plain = false;
        }
    }
    if (plain && is_simple(text, size)) {
        fwrite(text, 1, size, writer->out);
    } else {
        quoted_write(writer->out, text, size);
    }
}

/* Recursion ends at the depth the reader admits. */
static void node_write(const struct writer *writer, const struct rw_yaml_node *node)
{
    if (node->type == RW_YAML_SCALAR || node->type == RW_YAML_BAD) {
        scalar_write(writer, node);
        return;
    }
    bool is_mapping = node->type == RW_YAML_MAPPING;
    fputc(is_mapping ? '{' : '[', writer->out);
    for (const struct rw_yaml_node *child = node->first; child; child = child->next) {
        if (is_mapping) {
            scalar_write(writer, child->key);
            fputs(": ", writer->out);
        }
        node_write(writer, child);
        fputs(child->next ? ", " : "", writer->out);
    }
    fputc(is_mapping ? '}' : ']', writer->out);
}

char *rw_yaml_write(const struct rw_yaml_node *node, const struct rw_yaml_change *changes,
                    size_t count, size_t *ret_size)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    if (!out) {
        return NULL;
    }
    const struct writer writer = {out, changes, count};
    node_write(&writer, node);
    fputc('\n', out);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(bytes);
        return NULL;
    }
    *ret_size = size;
    return bytes;
}
