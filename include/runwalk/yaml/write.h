/*
 * A node of a document, and all below it, as YAML again: so a part of one file becomes a
 * file of its own, with a few values exchanged.
 */
#ifndef RUNWALK_YAML_WRITE_H
#define RUNWALK_YAML_WRITE_H

#include "runwalk/yaml/tree.h"

/* Instead of NODE, a scalar, TEXT is written. */
struct rw_yaml_change {
    const struct rw_yaml_node *node;
    const char *text; /* UTF-8 */
};

/*
 * Writes NODE with COUNT changes, as one line that rw_yaml_create reads into the same tree.
 * Malloc'd, with a NUL after its *ret_size bytes; NULL when memory is short. NODE belongs to a
 * document without errors.
 */
char *rw_yaml_write(const struct rw_yaml_node *node, const struct rw_yaml_change *changes,
                    size_t count, size_t *ret_size);

#endif
