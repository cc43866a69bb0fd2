/* runwalk-engine: makes the sound for runwalkd, which starts it and may kill it at any moment. */
#include "engine.h"

#include "runwalk/confine/confine.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Whether descriptor 3 is a socket of ours whose other end is open. */
static bool has_player(void)
{
    int type;
    socklen_t size = sizeof(type);
    struct pollfd player = {.fd = RW_WIRE_SOCKET_FD};

    return getsockopt(RW_WIRE_SOCKET_FD, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
           type == SOCK_SEQPACKET && poll(&player, 1, 0) >= 0 && !(player.revents & POLLHUP);
}

static struct rw_wire_page *map_page(void)
{
    struct stat info;

    if (fstat(RW_WIRE_PAGE_FD, &info) != 0 || info.st_size != RW_WIRE_PAGE_SIZE) {
        return NULL;
    }
    void *page =
        mmap(NULL, RW_WIRE_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, RW_WIRE_PAGE_FD, 0);
    return page == MAP_FAILED ? NULL : page;
}

/* The daemon fades the last sound out; a signal meant for both of us must not cut it off. */
static void ignore_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < RW_COUNT(signals); i++) {
        signal(signals[i], SIG_IGN);
    }
}

int main(void)
{
    /* First ask to die with the daemon, then see whether it is still there. */
    rw_confine_self(RW_CONFINED_ENGINE);
    struct rw_wire_page *page = has_player() ? map_page() : NULL;
    if (!page) {
        fputs("runwalk-engine: runwalkd starts this program; by hand there is nothing to do "
              "with it (try: runwalk soundcheck)\n",
              stderr);
        return 2;
    }
    ignore_signals();
    close(RW_WIRE_PAGE_FD);
    close_range(RW_WIRE_PAGE_FD, ~0u, 0);

    enum rw_status status = rw_engine_run(RW_WIRE_SOCKET_FD, page);
    /* No exit handlers: those of the sound libraries may hang. */
    _exit(status == RW_OK ? 0 : 1);
}
