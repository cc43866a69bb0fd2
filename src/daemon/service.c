#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_GIVEN_FD 3 /* SD_LISTEN_FDS_START */

/* The whole number in VARIABLE, or -1. */
static long number_get(const char *variable)
{
    const char *text = getenv(variable);
    char *end;
    if (!text || *text < '0' || *text > '9') {
        return -1;
    }
    errno = 0;
    long number = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : -1;
}

static enum rw_status listen_take(struct rw_service *service)
{
    long count = number_get("LISTEN_PID") == (long)getpid() ? number_get("LISTEN_FDS") : -1;
    if (count <= 0) {
        return RW_OK; /* given to another process, or nothing */
    }
    if (count > 1) {
        return RW_ESTATE;
    }
    if (fcntl(FIRST_GIVEN_FD, F_SETFD, FD_CLOEXEC) != 0) {
        return RW_EIO;
    }
    service->listen_fd = FIRST_GIVEN_FD;
    return RW_OK;
}

/* A path, or with @ an abstract name. Other kinds of address are for virtual machines. */
static void notify_take(struct rw_service *service)
{
    const char *name = getenv("NOTIFY_SOCKET");
    size_t length = name ? strlen(name) : 0;
    if (length < 2 || length >= sizeof service->notified.sun_path ||
        (name[0] != '/' && name[0] != '@')) {
        return;
    }
    service->notified.sun_family = AF_UNIX;
    memcpy(service->notified.sun_path, name, length);
    service->notified_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (name[0] == '@') {
        service->notified.sun_path[0] = '\0';
    } else {
        service->notified_size++; /* the NUL belongs to a path */
    }
}

enum rw_status rw_service_init(struct rw_service *ret_service)
{
    struct rw_service service = {.listen_fd = -1};
    notify_take(&service);
    enum rw_status status = listen_take(&service);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    unsetenv("NOTIFY_SOCKET");
    if (status == RW_OK) {
        *ret_service = service;
    }
    return status;
}

void rw_service_tell(const struct rw_service *service, enum rw_service_state state)
{
    char text[64];
    struct timespec now = {0};
    if (service->notified_size == 0) {
        return;
    }
    switch (state) {
    case RW_SERVICE_READY:
        snprintf(text, sizeof text, "READY=1");
        break;
    case RW_SERVICE_RELOADING:
        /* The time tells the manager which READY=1 ends it. */
        clock_gettime(CLOCK_MONOTONIC, &now);
        snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
                 (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
        break;
    case RW_SERVICE_STOPPING:
        snprintf(text, sizeof text, "STOPPING=1");
        break;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return;
    }
    (void)!sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&service->notified,
                  service->notified_size);
    close(fd);
}
