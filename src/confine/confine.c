#include "runwalk/confine/confine.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define NAMES_MAX  16
#define LIMITS_MAX 5

static const rlim_t mebibyte = 1024 * 1024;

struct rules {
    const char *names[NAMES_MAX]; /* of variables; one that ends in '_' stands for all such */
    struct {
        int resource;
        unsigned value;
        bool is_mebibytes;
    } limits[LIMITS_MAX];
    unsigned limit_count;
};

static const struct rules rules[] = {
    [RW_CONFINED_ENGINE] =
        {
            .names = {"HOME", "PATH", "LANG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
                      "DBUS_SESSION_BUS_ADDRESS", "PULSE_", "PIPEWIRE_", "ALSA_", "JACK_",
                      "RUNWALK_"},
            /* As many descriptors as a sound server allows itself. */
            .limits = {{RLIMIT_CORE, 0, false}, {RLIMIT_NOFILE, 256, false}},
            .limit_count = 2,
        },
    [RW_CONFINED_SPEECH] =
        {
            .names = {"HOME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR"},
            /* Room for a neural voice; seconds of the processor for the longest time limit. */
            .limits = {{RLIMIT_CORE, 0, false},
                       {RLIMIT_NOFILE, 256, false},
                       {RLIMIT_CPU, 120, false},
                       {RLIMIT_FSIZE, 64, true},
                       {RLIMIT_AS, 2047, true}},
            .limit_count = 5,
        },
    [RW_CONFINED_DUCKER] =
        {
            .names = {"HOME", "PATH", "LANG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME",
                      "DBUS_SESSION_BUS_ADDRESS", "PULSE_", "RUNWALK_"},
            /* What it shares with the sound server is memory that counts as a file. */
            .limits = {{RLIMIT_CORE, 0, false}, {RLIMIT_NOFILE, 64, false}},
            .limit_count = 2,
        },
};

static bool is_wanted(const struct rules *rule, const char *entry)
{
    for (size_t i = 0; i < NAMES_MAX && rule->names[i]; i++) {
        const char *name = rule->names[i];
        size_t length = strlen(name);
        if (strncmp(entry, name, length) == 0 &&
            (name[length - 1] == '_' || entry[length] == '=')) {
            return true;
        }
    }
    return false;
}

void rw_confine_environment(enum rw_confined kind, char *extra,
                            char *list[RW_CONFINE_ENVIRONMENT_MAX])
{
    size_t count = 0;

    for (char **entry = environ; *entry && count < RW_CONFINE_ENVIRONMENT_MAX - 2; entry++) {
        if (is_wanted(&rules[kind], *entry)) {
            list[count++] = *entry;
        }
    }
    if (extra) {
        list[count++] = extra;
    }
    list[count] = NULL;
}

/* Lowers the limit to MOST; one that is lower already stays. */
static void limit_lower(int resource, rlim_t most)
{
    struct rlimit limit;

    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0) {
        return;
    }
    limit.rlim_max = limit.rlim_max < most ? limit.rlim_max : most;
    limit.rlim_cur = limit.rlim_cur < limit.rlim_max ? limit.rlim_cur : limit.rlim_max;
    setrlimit((__rlimit_resource_t)resource, &limit);
}

void rw_confine_self(enum rw_confined kind)
{
    const struct rules *rule = &rules[kind];

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (unsigned i = 0; i < rule->limit_count; i++) {
        limit_lower(rule->limits[i].resource,
                    rule->limits[i].value * (rule->limits[i].is_mebibytes ? mebibyte : 1));
    }
}
