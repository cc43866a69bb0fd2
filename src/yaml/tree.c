#include "diagnostics_add.h"
#include "document.h"
#include "source.h"
#include "syntax.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

const struct rw_yaml_limits rw_yaml_limits_default = {
    .bytes = (size_t)256 * 1024,
    .scalar_bytes = 4096,
    .depth = 16,
};

/* From this size on the tree of a file comes to a good part of a megabyte. */
#define LARGE_FILE ((size_t)96 * 1024)

/* A mapping or sequence whose end has not come yet. */
struct frame {
    struct rw_yaml_node *node;
    struct rw_yaml_node *last;      /* child */
    const struct rw_yaml_node *key; /* of a mapping: read, and waiting for its value */
};

struct builder {
    struct rw_yaml *yaml;
    const struct rw_yaml_limits *limits;
    struct rw_yaml_node top; /* stands for the file: its only child is the root */
    struct frame frames[1 + RW_YAML_DEPTH_MAX];
    uint32_t depth; /* of the frame that is being filled; that of `top` has 0 */
    bool is_done;
    const struct rw_yaml_node **keys; /* scratch for the search for duplicates */
    size_t key_room;
};

static struct rw_yaml_node *node_create(struct builder *builder, const yaml_event_t *event,
                                        enum rw_yaml_type type)
{
    struct rw_yaml_node *node = rw_yaml_arena_allocate(&builder->yaml->arena, sizeof *node);
    if (!node) {
        return NULL;
    }
    *node = (struct rw_yaml_node){
        .type = type,
        .line = (uint32_t)event->start_mark.line + 1,
        .column = (uint32_t)event->start_mark.column + 1,
        .width = 1,
    };
    if (event->end_mark.line == event->start_mark.line &&
        event->end_mark.column > event->start_mark.column) {
        node->width = (uint32_t)(event->end_mark.column - event->start_mark.column);
    }
    return node;
}

/* Reports an error at NODE, which has no more to say after that. */
static void node_spoil(struct builder *builder, struct rw_yaml_node *node, const char *text)
{
    rw_yaml_error(builder->yaml, node, "%s", text);
    node->type = RW_YAML_BAD;
}

/* Stands for a key that is none; the error has been reported. */
static const struct rw_yaml_node bad_key = {.type = RW_YAML_BAD, .width = 1, .text = ""};

/* Takes NODE for the key of the next value. */
static const struct rw_yaml_node *key_accept(struct builder *builder, struct rw_yaml_node *node)
{
    switch (node->type) {
    case RW_YAML_SCALAR:
        if (node->size > 0) {
            return node;
        }
        node_spoil(builder, node, "a key is missing here");
        return &bad_key;
    case RW_YAML_SEQUENCE:
    case RW_YAML_MAPPING:
        rw_yaml_error(builder->yaml, node,
                      "a key is a plain word; put text that begins with [ or { in quotes");
        return &bad_key;
    case RW_YAML_BAD:
        return &bad_key;
    }
    return &bad_key;
}

/* Hangs NODE into the tree. A collection that was meant for a key is read and left out. */
static void node_attach(struct builder *builder, struct rw_yaml_node *node)
{
    struct frame *frame = &builder->frames[builder->depth];
    if (frame->node->type == RW_YAML_MAPPING) {
        if (!frame->key) {
            frame->key = key_accept(builder, node);
            return;
        }
        node->key = frame->key;
        frame->key = NULL;
    }
    if (frame->last) {
        frame->last->next = node;
    } else {
        frame->node->first = node;
    }
    frame->last = node;
    frame->node->count++;
}

/* ANCHOR and TAG are what stands before a node, NULL when nothing does. */
static void decoration_refuse(struct builder *builder, struct rw_yaml_node *node,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor) {
        node_spoil(builder, node,
                   "names for reuse (&name) are not taken here; leave it out, or put text "
                   "that begins with \"&\" in quotes");
    } else if (tag) {
        node_spoil(builder, node,
                   "tags (!name) are not taken here; leave it out, or put text that begins "
                   "with \"!\" in quotes");
    }
}

static enum rw_status scalar_read(struct builder *builder, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    struct rw_yaml_node *node = node_create(builder, event, RW_YAML_SCALAR);
    if (!node) {
        return RW_EMEMORY;
    }
    decoration_refuse(builder, node, event->data.scalar.anchor, event->data.scalar.tag);
    if (node->type == RW_YAML_SCALAR && size > builder->limits->scalar_bytes) {
        rw_yaml_error(builder->yaml, node, "a text has at most %zu bytes; shorten this one",
                      builder->limits->scalar_bytes);
        node->type = RW_YAML_BAD;
    }
    if (node->type == RW_YAML_SCALAR && memchr(text, '\0', size)) {
        node_spoil(builder, node, "a text cannot hold \"\\0\"; delete it");
    }
    if (node->type == RW_YAML_SCALAR) {
        char *copy = rw_yaml_arena_allocate_text(&builder->yaml->arena, size + 1);
        if (!copy) {
            return RW_EMEMORY;
        }
        node->text = memcpy(copy, text, size + 1); /* libyaml ends it with a NUL */
        node->size = (uint32_t)size;
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    }
    node_attach(builder, node);
    return RW_OK;
}

static enum rw_status alias_read(struct builder *builder, const yaml_event_t *event)
{
    struct rw_yaml_node *node = node_create(builder, event, RW_YAML_SCALAR);
    if (!node) {
        return RW_EMEMORY;
    }
    node_spoil(builder, node,
               "references (*name) are not taken here; write it out, or put text that begins "
               "with \"*\" in quotes");
    node_attach(builder, node);
    return RW_OK;
}

static enum rw_status collection_begin(struct builder *builder, const yaml_event_t *event,
                                       enum rw_yaml_type type)
{
    struct rw_yaml_node *node = node_create(builder, event, type);
    if (!node) {
        return RW_EMEMORY;
    }
    if (builder->depth == builder->limits->depth) {
        rw_yaml_error(builder->yaml, node, "this is nested too deeply; %u levels are taken at most",
                      builder->limits->depth);
        return RW_ELIMIT;
    }
    if (type == RW_YAML_SEQUENCE) {
        decoration_refuse(builder, node, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
    } else {
        decoration_refuse(builder, node, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
    }
    /* What is inside is still read: one run tells all errors. */
    node->type = type;
    node_attach(builder, node);
    builder->frames[++builder->depth] = (struct frame){node, NULL, NULL};
    return RW_OK;
}

static int key_compare(const void *left, const void *right)
{
    const struct rw_yaml_node *a = *(const struct rw_yaml_node *const *)left;
    const struct rw_yaml_node *b = *(const struct rw_yaml_node *const *)right;
    if (a->size != b->size) {
        return a->size < b->size ? -1 : 1;
    }
    int order = memcmp(a->text, b->text, a->size);
    if (order == 0) {
        order = a->line != b->line ? (a->line < b->line ? -1 : 1)
                                   : (a->column < b->column ? -1 : a->column > b->column);
    }
    return order;
}

/* Sorted, so that a mapping of fifty thousand keys costs no fifty thousand squared. */
static enum rw_status duplicates_refuse(struct builder *builder, const struct rw_yaml_node *mapping)
{
    if (mapping->count > builder->key_room) {
        size_t room = mapping->count * 2;
        const struct rw_yaml_node **keys = realloc(builder->keys, room * sizeof *keys);
        if (!keys) {
            return RW_EMEMORY;
        }
        builder->keys = keys;
        builder->key_room = room;
    }
    size_t count = 0;
    for (const struct rw_yaml_node *child = mapping->first; child; child = child->next) {
        if (child->key->type == RW_YAML_SCALAR) {
            builder->keys[count++] = child->key;
        }
    }
    qsort(builder->keys, count, sizeof *builder->keys, key_compare);
    for (size_t i = 1; i < count; i++) {
        const struct rw_yaml_node *before = builder->keys[i - 1];
        const struct rw_yaml_node *key = builder->keys[i];
        if (key->size == before->size && memcmp(key->text, before->text, key->size) == 0) {
            char quote[QUOTE_MAX];
            rw_yaml_error(builder->yaml, key, "\"%s\" stands twice; it is in line %u already",
                          rw_yaml_text_quote(key->text, key->size, quote), before->line);
        }
    }
    return RW_OK;
}

static enum rw_status collection_end(struct builder *builder)
{
    if (builder->depth == 0) {
        return RW_EINVALID; /* never: libyaml ends only what it has begun */
    }
    struct rw_yaml_node *node = builder->frames[builder->depth--].node;
    if (node->type == RW_YAML_MAPPING && node->first) {
        const struct rw_yaml_node *key = node->first->key;
        if (key->line == node->line && key->column == node->column) {
            node->width = key->width; /* a block mapping begins with its first key */
        }
        if (node->count > 1) {
            return duplicates_refuse(builder, node);
        }
    }
    return RW_OK;
}

static enum rw_status event_read(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return scalar_read(builder, event);
    case YAML_ALIAS_EVENT:
        return alias_read(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return collection_begin(builder, event, RW_YAML_SEQUENCE);
    case YAML_MAPPING_START_EVENT:
        return collection_begin(builder, event, RW_YAML_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return collection_end(builder);
    case YAML_DOCUMENT_START_EVENT:
        if (builder->top.first) {
            struct rw_yaml_node place = {
                .line = (uint32_t)event->start_mark.line + 1,
                .column = (uint32_t)event->start_mark.column + 1,
                .width = 3,
            };
            rw_yaml_error(builder->yaml, &place,
                          "a second document begins here; a file holds one, so delete this line");
            return RW_EINVALID;
        }
        return RW_OK;
    case YAML_STREAM_END_EVENT:
        builder->is_done = true;
        if (!builder->top.first) {
            rw_yaml_error(builder->yaml, NULL, "the file is empty");
            return RW_EINVALID;
        }
        return RW_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return RW_OK;
    }
    return RW_OK;
}

static enum rw_status tree_build(struct builder *builder, const char *bytes, size_t size)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return RW_EMEMORY;
    }
    size_t mark = rw_source_mark_size(bytes, size);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes + mark, size - mark);
    enum rw_status status = RW_OK;
    while (status == RW_OK && !builder->is_done) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event)) {
            status = event_read(builder, &event);
            yaml_event_delete(&event);
        } else if (parser.error == YAML_MEMORY_ERROR) {
            status = RW_EMEMORY;
        } else {
            rw_yaml_syntax_report(&parser, bytes, size, builder->yaml->diagnostics);
            status = RW_EINVALID;
        }
    }
    yaml_parser_delete(&parser);
    free(builder->keys);
    return status;
}

enum rw_status rw_yaml_create(const char *bytes, size_t size, const struct rw_yaml_limits *limits,
                              struct rw_diagnostics *diagnostics, struct rw_yaml **ret_yaml)
{
    limits = limits ? limits : &rw_yaml_limits_default;
    assert(limits->depth <= RW_YAML_DEPTH_MAX);
    if (size > limits->bytes) {
        rw_diagnostics_error(diagnostics, 0, 0, 1, "the file is larger than %zu KiB",
                             limits->bytes / 1024);
        return RW_ELIMIT;
    }
    struct source_fault fault;
    if (!rw_source_check(bytes, size, &fault)) {
        rw_diagnostics_error(diagnostics, fault.line, fault.column, 1, "%s", fault.text);
        return RW_EINVALID;
    }
    struct rw_yaml *yaml = calloc(1, sizeof *yaml);
    if (!yaml) {
        return RW_EMEMORY;
    }
    yaml->diagnostics = diagnostics;
    yaml->arena.is_large = size >= LARGE_FILE;
    struct builder builder = {.yaml = yaml, .limits = limits, .top = {.type = RW_YAML_SEQUENCE}};
    builder.frames[0].node = &builder.top;
    enum rw_status status = tree_build(&builder, bytes, size);
    if (status != RW_OK) {
        rw_yaml_destroy(yaml);
        return status;
    }
    yaml->root = builder.top.first;
    *ret_yaml = yaml;
    return RW_OK;
}

void rw_yaml_destroy(struct rw_yaml *yaml)
{
    if (yaml) {
        rw_yaml_arena_finish(&yaml->arena);
        free(yaml);
    }
}

const struct rw_yaml_node *rw_yaml_root(const struct rw_yaml *yaml)
{
    return yaml->root;
}

enum rw_status rw_yaml_status(const struct rw_yaml *yaml)
{
    if (yaml->is_out_of_memory) {
        return RW_EMEMORY;
    }
    return yaml->has_errors ? RW_EINVALID : RW_OK;
}

void rw_yaml_error(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *format, ...)
{
    if (node && node->type == RW_YAML_BAD) {
        return;
    }
    struct rw_diagnostic place = {.width = 1};
    if (node) {
        place = (struct rw_diagnostic){
            .line = node->line, .column = node->column, .width = node->width};
    }
    yaml->has_errors = true;
    va_list arguments;
    va_start(arguments, format);
    rw_diagnostics_add(yaml->diagnostics, &place, format, arguments);
    va_end(arguments);
}

void *rw_yaml_allocate(struct rw_yaml *yaml, size_t size)
{
    void *memory = rw_yaml_arena_allocate(&yaml->arena, size);
    yaml->is_out_of_memory |= !memory;
    return memory ? memset(memory, 0, size) : NULL;
}
