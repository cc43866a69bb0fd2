#include "pack_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pack of some thousand phrases; ours has a few hundred in 40 KiB. */
static const struct rw_yaml_limits pack_limits = {
    .bytes = 1024 * 1024,
    .scalar_bytes = 4096,
    .depth = 8,
};

enum rw_status rw_pack_path(const char *directory, const char *name, char ret_path[PACK_PATH_MAX])
{
    int length = snprintf(ret_path, PACK_PATH_MAX, "%s/%s", directory, name);
    return length >= 0 && length < PACK_PATH_MAX ? RW_OK : RW_ELIMIT;
}

/* Reads at most one byte more than the limit, so that a larger file is refused unread. */
static enum rw_status file_read(const char *path, char **ret_bytes, size_t *ret_size)
{
    enum rw_status status = RW_EIO;
    size_t used = 0;
    size_t capacity = pack_limits.bytes + 1;
    char *bytes = NULL;
    /* Without blocking, lest a pipe in its place hold us up. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return errno == ENOENT || errno == ENOTDIR ? RW_ENOENT : RW_EIO;
    }
    struct stat info;
    if (fstat(descriptor, &info) < 0 || !S_ISREG(info.st_mode)) {
        goto fail;
    }
    if ((uint64_t)info.st_size < capacity) {
        capacity = (size_t)info.st_size + 1;
    }
    bytes = malloc(capacity);
    if (!bytes) {
        status = RW_EMEMORY;
        goto fail;
    }
    while (used < capacity) {
        ssize_t got = read(descriptor, bytes + used, capacity - used);
        if (got == 0) {
            break;
        }
        if (got < 0 && errno != EINTR) {
            goto fail;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    close(descriptor);
    *ret_bytes = bytes;
    *ret_size = used;
    return RW_OK;

fail:
    free(bytes);
    close(descriptor);
    return status;
}

enum rw_status rw_pack_file_read(const char *directory, const char *name,
                                 struct rw_diagnostics *diagnostics, struct rw_yaml **ret_yaml)
{
    char path[PACK_PATH_MAX];
    char *bytes = NULL;
    size_t size = 0;
    enum rw_status status = rw_pack_path(directory, name, path);
    if (status != RW_OK) {
        return status;
    }
    status = file_read(path, &bytes, &size);
    if (status != RW_OK) {
        return status;
    }
    status = rw_yaml_create(bytes, size, &pack_limits, diagnostics, ret_yaml);
    free(bytes);
    return status;
}

void rw_diagnostics_adopt(struct rw_diagnostics *diagnostics, const char *name,
                          const struct rw_diagnostics *others)
{
    for (size_t i = 0; i < others->count; i++) {
        const struct rw_diagnostic *one = &others->list[i];
        rw_diagnostics_error(diagnostics, 0, 0, 1, "%s:%u:%u: %s", name, one->line, one->column,
                             one->text);
    }
}
