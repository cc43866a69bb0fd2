/*
 * Any bytes as a configuration.
 */
#include "fuzz.h"

#include "runwalk/config/config.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rw_diagnostics diagnostics;
    struct rw_config config;
    rw_diagnostics_init(&diagnostics);
    if (rw_config_parse((const char *)data, size, &diagnostics, &config) != RW_OK) {
        free(rw_diagnostics_format(&diagnostics, "config.yaml", (const char *)data, size));
    }
    return 0;
}
