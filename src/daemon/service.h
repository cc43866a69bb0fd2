/*
 * What a service manager gives the daemon and is told by it, by the two small protocols of
 * sd_listen_fds(3) and sd_notify(3). Without a manager nothing happens.
 */
#ifndef RUNWALK_DAEMON_SERVICE_H
#define RUNWALK_DAEMON_SERVICE_H

#include "runwalk/base.h"

#include <sys/socket.h>
#include <sys/un.h>

struct rw_service {
    int listen_fd;               /* the control socket, listening already; -1: none was given */
    struct sockaddr_un notified; /* where the manager hears us */
    socklen_t notified_size;     /* 0: it does not */
};

enum rw_service_state { RW_SERVICE_READY, RW_SERVICE_RELOADING, RW_SERVICE_STOPPING };

/*
 * Takes over what the environment says, and removes it from there, so that no child believes to
 * be meant. RW_ESTATE: more than one socket was given; RW_EIO: the one is no open descriptor.
 */
RW_CHECKED enum rw_status rw_service_init(struct rw_service *ret_service);

/* Never blocks; a manager that does not listen is no concern. */
void rw_service_tell(const struct rw_service *service, enum rw_service_state state);

#endif
