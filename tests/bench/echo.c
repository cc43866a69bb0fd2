/*
 * echo SOCKET ANSWER: listens at the Unix socket and sends ANSWER, which ends by a newline, for
 * whatever comes, as fast as the machine lets a program do that: one thread, three system calls.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define READY_MAX 64

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (listener < 0 || strlen(path) >= sizeof(address.sun_path)) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(listener, READY_MAX) != 0) {
        return -1;
    }
    return listener;
}

static bool watch(int poll, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};

    return descriptor >= 0 && epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static bool answer(int peer, const char *text, size_t size)
{
    char request[4096];

    return recv(peer, request, sizeof(request), 0) > 0 &&
           send(peer, text, size, MSG_NOSIGNAL) == (ssize_t)size;
}

int main(int argc, char **argv)
{
    struct epoll_event ready[READY_MAX];
    int poll = epoll_create1(EPOLL_CLOEXEC), listener = argc == 3 ? listen_at(argv[1]) : -1;

    if (argc != 3) {
        fprintf(stderr, "echo: SOCKET ANSWER\n");
        return 2;
    }
    if (!watch(poll, listener)) {
        perror(argv[1]);
        return 1;
    }
    for (;;) {
        int count = epoll_wait(poll, ready, READY_MAX, -1);

        for (int i = 0; i < count; i++) {
            if (ready[i].data.fd == listener) {
                watch(poll, accept4(listener, NULL, NULL, SOCK_CLOEXEC));
            } else if (!answer(ready[i].data.fd, argv[2], strlen(argv[2]))) {
                close(ready[i].data.fd);
            }
        }
    }
}
