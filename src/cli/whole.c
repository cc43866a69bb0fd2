#include "whole.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rw_exit fail_with(const struct rw_invocation *invocation, const char *path, int reason)
{
    return rw_fail(invocation, RW_EXIT_IO, "%s: %s", path, strerror(reason));
}

static enum rw_exit kept(const struct rw_invocation *invocation, const char *path)
{
    return rw_fail(invocation, RW_EXIT_REFUSED,
                   "%s is there already, and stays as it is; --force replaces it", path);
}

/* PATH, or the file that it leads to, malloc'd into *ret_target, if it may be written. */
static enum rw_exit target_find(const struct rw_invocation *invocation,
                                const struct rw_whole *whole, char **ret_target)
{
    struct stat info;
    if (stat(whole->path, &info) == 0) {
        if (!S_ISREG(info.st_mode)) {
            return rw_fail(invocation, RW_EXIT_IO, "%s is no file that could be replaced",
                           whole->path);
        }
        if (whole->keeps) {
            return kept(invocation, whole->path);
        }
        *ret_target = realpath(whole->path, NULL);
    } else if (lstat(whole->path, &info) == 0) {
        return rw_fail(invocation, RW_EXIT_IO, "%s is a link that leads nowhere; remove it",
                       whole->path);
    } else {
        *ret_target = strdup(whole->path);
    }
    return *ret_target ? RW_EXIT_OK : fail_with(invocation, whole->path, errno);
}

/* 0, or the errno of what failed. */
static int part_write(const struct rw_whole *whole, char *part)
{
    int fd = mkostemp(part, O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) {
        int reason = errno;
        if (fd >= 0) {
            close(fd);
            unlink(part);
        }
        return reason;
    }
    whole->write(file, whole->context);
    int reason = fflush(file) != 0 || ferror(file) ? (errno ? errno : EIO) : 0;
    if (reason == 0 && (fchmod(fd, whole->mode) != 0 || fsync(fd) != 0)) {
        reason = errno;
    }
    if (fclose(file) != 0 && reason == 0) {
        reason = errno;
    }
    if (reason != 0) {
        unlink(part);
    }
    return reason;
}

static enum rw_exit target_write(const struct rw_invocation *invocation,
                                 const struct rw_whole *whole, const char *target)
{
    char *part;
    if (asprintf(&part, "%s.XXXXXX", target) < 0) {
        return rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    int reason = part_write(whole, part);
    if (reason == 0) {
        /* Some file systems have no such flag; whoever is that quick there wins. */
        unsigned flags = whole->keeps ? RENAME_NOREPLACE : 0;
        bool is_done = renameat2(AT_FDCWD, part, AT_FDCWD, target, flags) == 0 ||
                       ((errno == EINVAL || errno == ENOSYS) && rename(part, target) == 0);
        if (!is_done) {
            reason = errno;
            unlink(part);
        }
    }
    free(part);
    if (reason == EEXIST) {
        return kept(invocation, whole->path);
    }
    return reason == 0 ? RW_EXIT_OK : fail_with(invocation, whole->path, reason);
}

enum rw_exit rw_whole_write(const struct rw_invocation *invocation, const struct rw_whole *whole)
{
    static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    char *target = NULL;
    sigset_t set, before;
    enum rw_exit exit = target_find(invocation, whole, &target);
    if (exit == RW_EXIT_OK) {
        sigemptyset(&set);
        for (size_t i = 0; i < RW_COUNT(held); i++) {
            sigaddset(&set, held[i]);
        }
        sigprocmask(SIG_BLOCK, &set, &before);
        exit = target_write(invocation, whole, target);
        sigprocmask(SIG_SETMASK, &before, NULL);
    }
    free(target);
    return exit;
}
