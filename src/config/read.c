#include "runwalk/config/config.h"
#include "runwalk/paths/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum rw_status rw_config_read(const char *path, bool must_exist, struct rw_config *ret_config,
                              char **ret_problem)
{
    struct rw_diagnostics diagnostics;
    char *bytes;
    size_t size;
    enum rw_status status = rw_file_read(path, RW_CONFIG_BYTES_MAX, &bytes, &size);
    if (status == RW_ENOENT && !must_exist) {
        rw_config_init(ret_config);
        return RW_OK;
    }
    if (status != RW_OK) {
        rw_problem_set(ret_problem, "%s: cannot read it: %s", path,
                       status == RW_ELIMIT     ? "larger than 64 KiB"
                       : status == RW_EINVALID ? "it is not a file"
                                               : strerror(errno));
        return status;
    }
    rw_diagnostics_init(&diagnostics);
    status = rw_config_parse(bytes, size, &diagnostics, ret_config);
    if (status != RW_OK && ret_problem) {
        *ret_problem = rw_diagnostics_format(&diagnostics, path, bytes, size);
    }
    free(bytes);
    return status;
}
