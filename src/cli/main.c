#include "verbs.h"

#include <signal.h>

int main(int argc, char **argv)
{
    /* A reader that has seen enough is an error of writing, not a death. */
    signal(SIGPIPE, SIG_IGN);
    /* So is a file that grows larger than this user may write. */
    signal(SIGXFSZ, SIG_IGN);
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    return (int)rw_cli_run((const char *const *)argv + 1, count, stdout, stderr);
}
