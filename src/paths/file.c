#include "runwalk/paths/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads to the end of the file, growing past EXPECTED bytes if it turns out longer. */
static enum rw_status read_all(int fd, size_t expected, size_t max, char **ret_bytes,
                               size_t *ret_size)
{
    enum rw_status status;
    /* One byte more than expected shows the end of the file, and holds the NUL. */
    size_t capacity = expected + 1, size = 0;
    char *bytes = malloc(capacity);

    if (!bytes) {
        return RW_EMEMORY;
    }
    for (;;) {
        ssize_t got = read(fd, bytes + size, capacity - size);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            status = RW_EIO;
            goto fail;
        }
        if (got == 0) {
            break;
        }
        size += (size_t)got;
        if (size > max) {
            status = RW_ELIMIT;
            goto fail;
        }
        if (size < capacity) {
            continue;
        }
        size_t wider = capacity < max / 2 ? capacity * 2 : max + 1;
        char *more = realloc(bytes, wider);

        if (!more) {
            status = RW_EMEMORY;
            goto fail;
        }
        bytes = more;
        capacity = wider;
    }
    bytes[size] = '\0';
    *ret_bytes = bytes;
    *ret_size = size;
    return RW_OK;
fail:
    free(bytes);
    return status;
}

enum rw_status rw_file_read(const char *path, size_t max, char **ret_bytes, size_t *ret_size)
{
    enum rw_status status;
    struct stat info;
    /* Non-blocking, so that a FIFO without a writer holds nobody up; files do not care. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0) {
        /* A socket, or a device without a driver. */
        if (errno == ENXIO) {
            return RW_EINVALID;
        }
        return errno == ENOENT || errno == ENOTDIR ? RW_ENOENT : RW_EIO;
    }
    if (fstat(fd, &info) != 0) {
        status = RW_EIO;
    } else if (!S_ISREG(info.st_mode)) {
        status = RW_EINVALID;
    } else if ((uintmax_t)info.st_size > max) {
        status = RW_ELIMIT;
    } else {
        status = read_all(fd, (size_t)info.st_size, max, ret_bytes, ret_size);
    }
    int saved = errno;

    close(fd);
    errno = saved;
    return status;
}

void rw_problem_set(char **ret_problem, const char *format, ...)
{
    va_list args;
    int saved = errno;

    if (!ret_problem) {
        return;
    }
    va_start(args, format);
    if (vasprintf(ret_problem, format, args) < 0) {
        *ret_problem = NULL;
    }
    va_end(args);
    errno = saved;
}

enum rw_status rw_directory_check(const char *path, char **ret_problem)
{
    struct stat info;

    if (lstat(path, &info) != 0) {
        rw_problem_set(ret_problem, "%s: %s", path, strerror(errno));
        return errno == ENOENT || errno == ENOTDIR ? RW_ENOENT : RW_EIO;
    }
    if (!S_ISDIR(info.st_mode)) {
        rw_problem_set(ret_problem, "%s is %s where a directory must be; remove it", path,
                       S_ISLNK(info.st_mode) ? "a link" : "something else");
        return RW_ESTATE;
    }
    if (info.st_uid != geteuid()) {
        rw_problem_set(ret_problem,
                       "%s belongs to user %u, but must belong to user %u; have it removed or "
                       "its owner changed",
                       path, (unsigned)info.st_uid, (unsigned)geteuid());
        return RW_ESTATE;
    }
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        rw_problem_set(ret_problem, "%s is open to other users (mode %04o); close it: chmod 700 %s",
                       path, (unsigned)info.st_mode & 07777, path);
        return RW_ESTATE;
    }
    return RW_OK;
}

/* mkdir, for which it is fine that the directory is there. */
static enum rw_status make_directory(const char *path, char **ret_problem)
{
    if (mkdir(path, S_IRWXU) == 0 || errno == EEXIST) {
        return RW_OK;
    }
    rw_problem_set(ret_problem, "cannot create the directory %s: %s", path, strerror(errno));
    return RW_EIO;
}

enum rw_status rw_directory_make(const char *path, char **ret_problem)
{
    enum rw_status status = RW_OK;
    char *part = strdup(path);

    if (!part) {
        if (ret_problem) {
            *ret_problem = NULL;
        }
        return RW_EMEMORY;
    }
    /* The parents, each made in turn; one that cannot be made but exists is no concern. */
    for (char *slash = strchr(part + 1, '/'); slash && status == RW_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (access(part, F_OK) != 0) {
            status = make_directory(part, ret_problem);
        }
        *slash = '/';
    }
    free(part);
    return status == RW_OK ? make_directory(path, ret_problem) : status;
}

enum rw_status rw_directory_prepare(const char *path, char **ret_problem)
{
    enum rw_status status = rw_directory_make(path, ret_problem);
    return status == RW_OK ? rw_directory_check(path, ret_problem) : status;
}
