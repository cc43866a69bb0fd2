/*
 * What libyaml says of malformed YAML, in words for a person who never heard of tokens, at the
 * place where the remedy is.
 */
#ifndef YAML_SYNTAX_H
#define YAML_SYNTAX_H

#include "runwalk/yaml/diagnostic.h"

#include <yaml.h>

/* Reports why PARSER stopped reading BYTES/SIZE; not for YAML_MEMORY_ERROR. */
void rw_yaml_syntax_report(const yaml_parser_t *parser, const char *bytes, size_t size,
                           struct rw_diagnostics *diagnostics);

#endif
