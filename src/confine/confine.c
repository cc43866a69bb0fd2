#include "runwalk/confine/confine.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define NAMES_MAX 16
#define MEBIBYTE  (1024u * 1024)

struct limit {
    int resource;
    rlim_t most;
};

/* The engine holds up to 256 clips open, a file of music, and what the sound libraries need. */
static const struct limit engine_limits[] = {{RLIMIT_CORE, 0}, {RLIMIT_NOFILE, 512}};

/* Room for a neural voice, and seconds of the processor for the longest time limit. */
static const struct limit speech_limits[] = {
    {RLIMIT_CORE, 0},
    {RLIMIT_NOFILE, 256},
    {RLIMIT_CPU, 120},
    {RLIMIT_FSIZE, 64 * MEBIBYTE},
    {RLIMIT_AS, 2047 * MEBIBYTE},
};

/* Memory shared with the sound server counts as a file, so files have no limit here. */
static const struct limit small_limits[] = {{RLIMIT_CORE, 0}, {RLIMIT_NOFILE, 64}};

/* By enum rw_confined. */
static const struct rules {
    const char *names[NAMES_MAX]; /* of variables; one that ends in '_' stands for all such */
    const struct limit *limits;
    size_t limit_count;
} rules[] = {
    {{"HOME", "PATH", "LANG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS",
      "PULSE_", "PIPEWIRE_", "ALSA_", "JACK_", "RUNWALK_"},
     engine_limits,
     RW_COUNT(engine_limits)},
    {{"HOME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR"},
     speech_limits,
     RW_COUNT(speech_limits)},
    {{"HOME", "PATH", "LANG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS",
      "PULSE_", "RUNWALK_"},
     small_limits,
     RW_COUNT(small_limits)},
    {{"DBUS_SYSTEM_BUS_ADDRESS"}, small_limits, RW_COUNT(small_limits)},
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
    for (size_t i = 0; i < rule->limit_count; i++) {
        limit_lower(rule->limits[i].resource, rule->limits[i].most);
    }
}
