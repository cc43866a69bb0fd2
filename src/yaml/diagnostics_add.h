/*
 * The one way in which a diagnostic is added, for the functions with variable arguments above it.
 */
#ifndef YAML_DIAGNOSTICS_ADD_H
#define YAML_DIAGNOSTICS_ADD_H

#include "runwalk/yaml/diagnostic.h"

/* Adds a diagnostic at PLACE (whose text is not looked at). DIAGNOSTICS may be NULL. */
void rw_diagnostics_add(struct rw_diagnostics *diagnostics, const struct rw_diagnostic *place,
                        const char *format, va_list arguments);

#endif
