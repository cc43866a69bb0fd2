#include "listener.h"

#include "runwalk/paths/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 64

/* How long what a killed daemon had just forked may take to let go of its lock. */
#define LOCK_TRIES  200
#define LOCK_NAP_MS 10

/* The directory of PATH, made ready. */
static enum rw_status prepare_directory(const char *path, char **ret_problem)
{
    char *folder = strdup(path);
    enum rw_status status;

    if (!folder) {
        rw_problem_set(ret_problem, "memory is short");
        return RW_EMEMORY;
    }
    *strrchr(folder, '/') = '\0';
    status = rw_directory_prepare(folder, ret_problem);
    free(folder);
    return status;
}

/* Which process has taken the lock of LOCK_FD last, as it has written there itself; 0: none. */
static long read_owner(int lock_fd)
{
    char text[16];
    ssize_t size = pread(lock_fd, text, sizeof(text) - 1, 0);

    if (size <= 0) {
        return 0;
    }
    text[size] = '\0';
    return strtol(text, NULL, 10);
}

static void explain_second(int lock_fd, const char *path, char **ret_problem)
{
    long pid = read_owner(lock_fd);

    if (pid > 0) {
        rw_problem_set(ret_problem,
                       "runwalkd is running already, as process %ld; end it first: kill %ld", pid,
                       pid);
    } else {
        rw_problem_set(ret_problem, "runwalkd is running already; it holds %s.lock", path);
    }
}

/*
 * Locks FD at once; or, when the daemon that held it is dead, in a moment: a child that it had
 * forked, and that has not become its program yet, still holds what the daemon held.
 */
static bool lock_soon(int fd)
{
    const struct timespec nap = {.tv_nsec = LOCK_NAP_MS * RW_NS_PER_MS};

    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            return true;
        }
        if (errno != EWOULDBLOCK) {
            return false;
        }
        long owner = read_owner(fd);

        if (owner <= 0 || kill((pid_t)owner, 0) == 0 || errno != ESRCH) {
            break;
        }
        nanosleep(&nap, NULL);
    }
    errno = EWOULDBLOCK;
    return false;
}

/*
 * Takes the lock beside the socket. The lock file stays when the daemon ends: removing it would
 * let two daemons hold the locks of two files of the same name.
 */
static enum rw_status take_lock(const char *path, int *ret_fd, char **ret_problem)
{
    char *name = NULL;
    char pid[16];
    int fd, size;

    if (asprintf(&name, "%s.lock", path) < 0) {
        rw_problem_set(ret_problem, "memory is short");
        return RW_EMEMORY;
    }
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        rw_problem_set(ret_problem, "cannot open the lock %s: %s", name, strerror(errno));
        free(name);
        return RW_EIO;
    }
    free(name);
    if (!lock_soon(fd)) {
        bool is_held = errno == EWOULDBLOCK;

        if (is_held) {
            explain_second(fd, path, ret_problem);
        } else {
            rw_problem_set(ret_problem, "cannot lock %s.lock: %s", path, strerror(errno));
        }
        close(fd);
        return is_held ? RW_ESTATE : RW_EIO;
    }
    /* For people only; the lock holds without it, on a full disk for example. */
    size = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) == 0 && pwrite(fd, pid, (size_t)size, 0) != size) {
        (void)ftruncate(fd, 0);
    }
    *ret_fd = fd;
    return RW_OK;
}

/*
 * Removes a socket that nobody listens on. Holding the lock does not prove that nobody does: a
 * service manager may hold the socket for a daemon it has not started yet.
 */
static enum rw_status remove_stale(const struct sockaddr_un *address, char **ret_problem)
{
    const char *path = address->sun_path;
    struct stat info;
    int fd, error;

    if (lstat(path, &info) != 0) {
        if (errno == ENOENT) {
            return RW_OK;
        }
        rw_problem_set(ret_problem, "%s: %s", path, strerror(errno));
        return RW_EIO;
    }
    if (!S_ISSOCK(info.st_mode)) {
        rw_problem_set(ret_problem, "%s is no socket; remove it", path);
        return RW_ESTATE;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    error = 0;
    if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
        error = errno;
    }
    if (fd >= 0) {
        close(fd);
    }
    /* EAGAIN: somebody listens, but is behind with accepting. */
    if (error == 0 || error == EAGAIN) {
        rw_problem_set(ret_problem, "another program listens on %s; end it first", path);
        return RW_ESTATE;
    }
    if (error == ENOENT || (error == ECONNREFUSED && unlink(path) == 0)) {
        return RW_OK;
    }
    rw_problem_set(ret_problem, "cannot replace the socket %s: %s", path, strerror(error));
    errno = error;
    return RW_EIO;
}

static enum rw_status bind_socket(const struct sockaddr_un *address, struct rw_listener *listener,
                                  char **ret_problem)
{
    struct stat info;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    /* The mode is set before there is a name, so that nobody else can ever connect. */
    if (fd < 0 || fchmod(fd, S_IRUSR | S_IWUSR) != 0 ||
        bind(fd, (const struct sockaddr *)address, sizeof(*address)) != 0) {
        goto fail;
    }
    if (lstat(address->sun_path, &info) != 0 || listen(fd, BACKLOG) != 0) {
        int saved = errno;

        unlink(address->sun_path);
        errno = saved;
        goto fail;
    }
    listener->fd = fd;
    listener->device = info.st_dev;
    listener->inode = info.st_ino;
    return RW_OK;
fail:
    rw_problem_set(ret_problem, "cannot listen on %s: %s", address->sun_path, strerror(errno));
    if (fd >= 0) {
        int saved = errno;

        close(fd);
        errno = saved;
    }
    return RW_EIO;
}

static enum rw_status take_given(int fd, char **ret_problem)
{
    struct sockaddr_un address = {0};
    struct stat info;
    int domain = 0, listens = 0, flags = fcntl(fd, F_GETFL);
    socklen_t size = sizeof(int), address_size = sizeof(address) - 1;

    if (flags < 0 || getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || domain != AF_UNIX ||
        !listens) {
        rw_problem_set(ret_problem,
                       "descriptor %d, given to listen on, is no listening Unix "
                       "socket",
                       fd);
        return RW_ESTATE;
    }
    /* Reading is not enough to connect, so only the right to write opens it to others. */
    if (getsockname(fd, (struct sockaddr *)&address, &address_size) == 0 &&
        address.sun_path[0] == '/' && lstat(address.sun_path, &info) == 0 &&
        (info.st_uid != geteuid() || (info.st_mode & (S_IWGRP | S_IWOTH)))) {
        rw_problem_set(ret_problem,
                       "%s, given to listen on, is not for user %u alone (owner %u, mode %04o); "
                       "set SocketMode=0600 in its unit",
                       address.sun_path, (unsigned)geteuid(), (unsigned)info.st_uid,
                       (unsigned)info.st_mode & 07777);
        return RW_ESTATE;
    }
    if (fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
        rw_problem_set(ret_problem, "descriptor %d: %s", fd, strerror(errno));
        return RW_EIO;
    }
    return RW_OK;
}

enum rw_status rw_listener_open(const char *path, int given_fd, struct rw_listener *ret_listener,
                                char **ret_problem)
{
    struct rw_listener listener = {.fd = -1, .lock_fd = -1};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    enum rw_status status;

    if (path[0] != '/' || strlen(path) >= sizeof(address.sun_path)) {
        rw_problem_set(ret_problem,
                       "%s cannot be a socket's path: it must begin with a slash and have at "
                       "most %zu bytes",
                       path, sizeof(address.sun_path) - 1);
        return RW_ELIMIT;
    }
    memcpy(address.sun_path, path, strlen(path));
    status = prepare_directory(path, ret_problem);
    if (status == RW_OK) {
        status = take_lock(path, &listener.lock_fd, ret_problem);
    }
    if (status != RW_OK) {
        return status;
    }
    if (given_fd >= 0) {
        status = take_given(given_fd, ret_problem);
        listener.fd = given_fd;
    } else {
        status = remove_stale(&address, ret_problem);
        if (status == RW_OK) {
            status = bind_socket(&address, &listener, ret_problem);
        }
        if (status == RW_OK && !(listener.path = strdup(path))) {
            unlink(path);
            close(listener.fd);
            rw_problem_set(ret_problem, "memory is short");
            status = RW_EMEMORY;
        }
    }
    if (status != RW_OK) {
        int saved = errno;

        close(listener.lock_fd);
        errno = saved;
        return status;
    }
    *ret_listener = listener;
    return RW_OK;
}

void rw_listener_close(struct rw_listener *listener)
{
    struct stat info;

    if (listener->path && lstat(listener->path, &info) == 0 && info.st_dev == listener->device &&
        info.st_ino == listener->inode) {
        unlink(listener->path);
    }
    if (listener->fd >= 0) {
        close(listener->fd);
    }
    free(listener->path);
    close(listener->lock_fd);
    *listener = (struct rw_listener){.fd = -1, .lock_fd = -1};
}
