/*
 * What the parts of the reader share of a document.
 */
#ifndef YAML_DOCUMENT_H
#define YAML_DOCUMENT_H

#include "arena.h"
#include "runwalk/yaml/tree.h"

struct rw_yaml {
    struct arena arena;
    struct rw_diagnostics *diagnostics; /* or NULL */
    const struct rw_yaml_node *root;
    bool has_errors;
    bool is_out_of_memory;
};

/* A piece of the file's text as a message quotes it. */
#define QUOTE_MAX 56

/* Writes TEXT/SIZE into BUFFER, cut and freed of what a terminal would obey; returns BUFFER. */
const char *rw_yaml_text_quote(const char *text, size_t size, char buffer[QUOTE_MAX]);

#endif
