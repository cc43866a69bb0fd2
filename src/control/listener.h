/*
 * The place where a daemon listens: the directory, the lock that keeps a second one
 * out, and the socket. It accepts nothing.
 */
#ifndef RUNWALK_CONTROL_LISTENER_H
#define RUNWALK_CONTROL_LISTENER_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <sys/types.h>

struct rw_listener {
    int fd;      /* listening, non-blocking */
    int lock_fd; /* held for the life of the listener */
    char *path;  /* of a socket that is ours to remove, or NULL */
    dev_t device;
    ino_t inode; /* of that socket, as bound: another one at the path is not removed */
};

/* As rw_server_create. GIVEN_FD is -1 or a listening socket, taken over on success. */
RW_CHECKED enum rw_status rw_listener_open(const char *path, int given_fd,
                                           struct rw_listener *ret_listener, char **ret_problem);
void rw_listener_close(struct rw_listener *listener);

#endif
