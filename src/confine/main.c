/*
 * runwalk-confine: becomes the speech command that runwalk names, within limits that no parent can
 * set from outside. It interprets nothing: the arguments are the program and its own.
 */
#include "runwalk/confine/confine.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Whether somebody still reads what will be printed: a parent that died too early does not. */
static bool has_reader(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO};

    return poll(&output, 1, 0) >= 0 && !(output.revents & (POLLERR | POLLNVAL));
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("runwalk-confine: runwalk starts its speech command with this program; by hand: "
              "runwalk-confine PROGRAM [ARGUMENT]...\n",
              stderr);
        return 2;
    }
    rw_confine_self(RW_CONFINED_SPEECH);
    close_range(STDERR_FILENO + 1, ~0u, 0);
    if (!has_reader()) {
        return 1;
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    _exit(127); /* exit handlers could want more than the limits leave */
}
