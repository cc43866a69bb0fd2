/* runwalk-ducker: lowers the music of others under the voice, for runwalkd, which starts it. */
#include "ducker.h"

#include "runwalk/confine/confine.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Whether descriptor 3 is a socket of ours whose other end is open. */
static bool has_player(void)
{
    int type;
    socklen_t size = sizeof(type);
    struct pollfd player = {.fd = RW_DUCK_SOCKET_FD};

    return getsockopt(RW_DUCK_SOCKET_FD, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
           type == SOCK_SEQPACKET && poll(&player, 1, 0) >= 0 && !(player.revents & POLLHUP);
}

int main(void)
{
    if (!has_player()) {
        fputs("runwalk-ducker: runwalkd starts this program; by hand there is nothing to do "
              "with it\n",
              stderr);
        return 2;
    }
    rw_confine_self(RW_CONFINED_DUCKER);
    /* But it outlives the daemon by as long as it takes to give everything back. */
    prctl(PR_SET_PDEATHSIG, 0);
    signal(SIGPIPE, SIG_IGN);
    close_range(RW_DUCK_SOCKET_FD + 1, ~0u, 0);
    return rw_ducker_run(RW_DUCK_SOCKET_FD) == RW_OK ? 0 : 1;
}
