#include "daemon.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const char help[] =
    "Usage: runwalkd [OPTION]...\n"
    "Coaches run-walk intervals by voice; `runwalk` talks to it.\n"
    "\n"
    "  -c, --config FILE    read FILE instead of $XDG_CONFIG_HOME/runwalk/config.yaml\n"
    "  -o, --output NAME    auto, none (silence, paced by the clock), a device's name or index\n"
    "  -v, --verbose        log every cue\n"
    "  -h, --help           this text\n"
    "      --version        the version\n"
    "\n"
    "It stays in the foreground and logs to stderr. SIGTERM ends it, SIGHUP makes it read\n"
    "its configuration again.\n"
    "\n"
    "Examples:\n"
    "  runwalkd                         run with the default sound output\n"
    "  runwalkd --output none -v        try a profile without a sound device\n"
    "  setsid -f runwalkd 2>run.log     keep running when the terminal closes\n";

/* What a runner tells is nobody else's: no file is open to others, and no core is left behind. */
static void privacy_keep(void)
{
    struct rlimit core;
    umask(S_IRWXG | S_IRWXO);
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0; /* who looks for a fault can raise it again: prlimit(1) */
        setrlimit(RLIMIT_CORE, &core);
    }
}

int main(int argc, char **argv)
{
    enum { OPTION_VERSION = 256 };
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'},
        {"output", required_argument, NULL, 'o'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, OPTION_VERSION},
        {0},
    };
    struct rw_daemon_options options = {0};
    int option;
    while ((option = getopt_long(argc, argv, "c:o:vh", known, NULL)) != -1) {
        switch (option) {
        case 'c':
            options.config_path = optarg;
            break;
        case 'o':
            options.output = optarg;
            break;
        case 'v':
            options.is_verbose = true;
            break;
        case 'h':
            fputs(help, stdout);
            return EXIT_SUCCESS;
        case OPTION_VERSION:
            puts("runwalkd " RW_VERSION);
            return EXIT_SUCCESS;
        default:
            fputs("Try `runwalkd --help`.\n", stderr);
            return 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "runwalkd: takes no arguments: \"%s\"\nTry `runwalkd --help`.\n",
                argv[optind]);
        return 2;
    }
    privacy_keep();
    return rw_daemon_run(&options);
}
