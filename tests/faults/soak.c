/*
 * Usage: soak SECONDS HOURS SEED
 *
 * One session after the other in the real daemon, on a clock set by hand, disturbed at random:
 * commands in any order, lost sound, suspends, clients that come, go, talk nonsense or do not
 * read, memory that is short for a moment. Ends after SECONDS of real time or HOURS of session
 * time, whichever comes first; fails when a cue is not accounted for, when what the player is
 * told makes no sense, or when memory or descriptors grow.
 */
#include "bench.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CUES_MAX    512
#define CLIENTS     6
#define MEMORY_MORE (4 << 20) /* than after the first sessions is no growth yet: caches fill */
#define MINUTE      (60 * RW_NS_PER_SECOND)
#define HOUR        (60 * MINUTE)

static const char profile[] = "name: Bench\n"
                              "steps:\n"
                              "  - warmup: 20s\n"
                              "  - repeat: 2\n"
                              "    steps:\n"
                              "      - run: 25s\n"
                              "      - walk: 8s\n"
                              "      - repeat: 3\n"
                              "        steps:\n"
                              "          - run: 5s\n"
                              "          - walk: 1s\n"
                              "  - exercise: 10s\n"
                              "    name: side plank\n"
                              "    say: Warm up.\n"
                              "  - cooldown: 1m\n";

static const char *const profiles[] = {"bench",       "quickstart",  "core-20-10",  "core-55-5",
                                       "ratio-8-30",  "ratio-15-30", "ratio-60-30", "ratio-90-30",
                                       "ratio-4m-30", "ratio-20-20", "ratio-2m-30", "ratio-30-30"};

struct soak {
    double seconds;
    rw_ns hours;
    uint64_t random;
    struct bench_client *watcher, *clients[CLIENTS];
    uint64_t pending[CUES_MAX]; /* cues that have not come to an end */
    size_t pending_count;
    rw_ns ran;
    uint64_t sessions, whole, commands, cues, faults;
    size_t memory, memory_last;     /* allocated, in bytes */
    size_t resident, resident_last; /* KiB */
    unsigned descriptors;
    char wrong[256];
};

static double real_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* xorshift64*: 0 to BELOW - 1. */
static uint32_t pick(struct soak *soak, uint32_t below)
{
    soak->random ^= soak->random >> 12;
    soak->random ^= soak->random << 25;
    soak->random ^= soak->random >> 27;
    return (uint32_t)((soak->random * UINT64_C(2685821657736338717)) >> 33) % below;
}

static void complain(struct soak *soak, const char *what, uint64_t number)
{
    if (!soak->wrong[0]) {
        snprintf(soak->wrong, sizeof soak->wrong, "%s (%llu) in session %llu", what,
                 (unsigned long long)number, (unsigned long long)soak->sessions);
    }
}

/* ---- what is told ---- */

static void cue_told(struct soak *soak, uint64_t cue, const char *outcome)
{
    size_t i = 0;
    if (cue == 0) {
        return; /* left out by the planner, with its reason */
    }
    while (i < soak->pending_count && soak->pending[i] != cue) {
        i++;
    }
    if (strcmp(outcome, "planned") == 0) {
        if (i < soak->pending_count || i == CUES_MAX) {
            complain(soak, "a cue was planned twice, or there are too many", cue);
            return;
        }
        soak->pending[soak->pending_count++] = cue;
        soak->cues++;
    } else if (i == soak->pending_count) {
        complain(soak, "a cue ended that was not on", cue);
    } else if (strcmp(outcome, "started") != 0 && strcmp(outcome, "late") != 0) {
        soak->pending[i] = soak->pending[--soak->pending_count];
    }
}

static void watcher_connect(struct soak *soak)
{
    bench_close(soak->watcher);
    soak->watcher = bench_connect();
    json_t *status = soak->watcher ? bench_call(soak->watcher, "subscribe", NULL) : NULL;
    if (!status) {
        complain(soak, "nobody can subscribe", 0);
    }
    json_decref(status);
}

static void events_take(struct soak *soak)
{
    for (const char *line; soak->watcher && (line = bench_line(soak->watcher));) {
        if (!strstr(line, "\"outcome\"")) {
            continue;
        }
        json_t *message = json_loads(line, 0, NULL);
        json_t *fields = json_object_get(message, "params");
        cue_told(soak, (uint64_t)json_integer_value(json_object_get(fields, "cue")),
                 json_string_value(json_object_get(fields, "outcome")));
        json_decref(message);
    }
}

/* ---- what is done ---- */

static void command_send(struct soak *soak)
{
    static const struct {
        const char *method, *params;
    } commands[] = {
        {"session.pause", NULL},
        {"session.resume", NULL},
        {"session.resume", NULL},
        {"session.toggle", NULL},
        {"session.skip", NULL},
        {"session.back", NULL},
        {"session.extend", "{\"by_ms\":30000}"},
        {"session.shorten", "{\"by_ms\":15000}"},
        {"session.rest", "{\"max_ms\":45000}"},
        {"session.ready", NULL},
        {"session.easier", NULL},
        {"session.harder", NULL},
        {"session.ratio", "{\"run_ms\":45000,\"walk_ms\":30000}"},
        {"session.goto", "{\"run\":2}"},
        {"session.cooldown", NULL},
        {"session.stitch", NULL},
        {"session.heavy", NULL},
        {"session.pain", "{\"place\":\"back\"}"},
        {"session.dizzy", NULL},
        {"session.time", NULL},
        {"session.encourage", NULL},
        {"session.quiet", "{\"for_ms\":60000}"},
        {"session.recover", NULL},
        {"voice.set", "{\"verbosity\":\"chatty\",\"cadence\":170}"},
        {"voice.set", "{\"verbosity\":\"normal\",\"cadence\":0}"},
        {"history.list", NULL},
        {"history.log", "{\"effort\":5,\"note\":\"Even\"}"},
        {"session.status", "{\"blocks\":true}"},
        {"say", "{\"text\":\"Warm up.\"}"},
        {"volume.set", "{\"volume_db\":-6}"},
        {"profile.check", "{\"profile\":\"quickstart\"}"},
        {"session.start", "{\"in_ms\":20000}"},
        {"no.such", NULL},
        {"session.extend", "{\"by_ms\":\"much\"}"},
    };
    size_t i = pick(soak, RW_COUNT(commands));
    soak->commands++;
    bench_ask(commands[i].method, commands[i].params);
}

static void client_disturb(struct soak *soak)
{
    static const char *const lines[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"profile.list\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"met",
        "[]\n{}\nnull\n\n\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1e999}\n",
    };
    struct bench_client **client = &soak->clients[pick(soak, CLIENTS)];
    if (*client && pick(soak, 3) == 0) {
        bench_close(*client);
        *client = NULL;
    } else if (!*client) {
        *client = bench_connect();
    } else {
        const char *line = lines[pick(soak, RW_COUNT(lines))];
        bench_send(*client, line, strlen(line));
    }
}

static void fault_make(struct soak *soak)
{
    static char megabyte[1 << 20];
    soak->faults++;
    switch (pick(soak, 6)) {
    case 0:
        bench_sound(false);
        bench_advance((1 + pick(soak, 90)) * RW_NS_PER_SECOND);
        bench_sound(true);
        break;
    case 1: /* asleep */
        bench_jump((1 + pick(soak, 900)) * RW_NS_PER_SECOND);
        break;
    case 2: /* the loop stalls */
        bench_jump(pick(soak, 4000) * RW_NS_PER_MS);
        break;
    case 3: {
        struct bench_client *client = bench_connect();
        memset(megabyte, 'x', sizeof megabyte);
        if (client) {
            bench_send(client, megabyte, sizeof megabyte);
        }
        bench_close(client);
        break;
    }
    case 4: {
        /* On a command; what memory is short for is lost, the daemon is not. The watcher may be. */
        uint32_t n = pick(soak, 400);
        struct bench_client *client = bench_connect();
        bench_fail_allocation(n);
        json_decref(client ? bench_call(client, "session.status", NULL) : NULL);
        bench_fail_allocation(-1);
        bench_close(client);
        break;
    }
    case 5:
        bench_sound(true);
        break;
    }
}

static const char *session_state(json_t **ret_status)
{
    struct bench_client *client = bench_connect();
    json_decref(*ret_status);
    *ret_status = client ? bench_call(client, "session.status", NULL) : NULL;
    bench_close(client);
    const char *state = json_string_value(json_object_get(*ret_status, "state"));
    return state ? state : "unknown";
}

static void session_run(struct soak *soak)
{
    char params[128];
    json_t *status = NULL;
    rw_ns begun = bench_now();
    bool is_disturbed = pick(soak, 8) != 0;
    snprintf(params, sizeof params, "{\"profile\":\"%s\",\"replace\":true}",
             profiles[pick(soak, RW_COUNT(profiles))]);
    if (!bench_ask("session.start", params)) {
        complain(soak, "a session cannot be started", 0);
        return;
    }
    for (unsigned step = 0;; step++) {
        bench_advance((1 + pick(soak, 40000)) * RW_NS_PER_MS);
        events_take(soak);
        const char *state = session_state(&status);
        if (strcmp(state, "done") == 0 || strcmp(state, "stopped") == 0 ||
            strcmp(state, "chosen") == 0) {
            soak->whole += strcmp(state, "done") == 0;
            break;
        }
        if (strcmp(state, "unknown") == 0 || step > 5000) {
            complain(soak, "the daemon does not tell its state, or a session has no end", step);
            break;
        }
        uint32_t what = is_disturbed ? pick(soak, 40) : 99;
        if (what < 4) {
            command_send(soak);
        } else if (what < 7) {
            client_disturb(soak);
        } else if (what < 8) {
            fault_make(soak);
            events_take(soak);
        }
    }
    json_decref(status);
    bench_sound(true);
    bench_advance(30 * RW_NS_PER_SECOND);
    events_take(soak);
    if (soak->pending_count > 0) {
        complain(soak, "nothing has become of a cue", soak->pending[0]);
    }
    soak->ran += bench_now() - begun;
    soak->sessions++;
}

static void clients_close(struct soak *soak)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        bench_close(soak->clients[i]);
        soak->clients[i] = NULL;
    }
}

/* KiB of this process that are in memory. */
static size_t resident(void)
{
    char text[64] = ""; /* pages: of the address space, then resident */
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (!fgets(text, sizeof text, file)) {
            text[0] = 0;
        }
        fclose(file);
    }
    const char *second = strchr(text, ' ');
    return second ? strtoul(second, NULL, 10) * ((size_t)sysconf(_SC_PAGESIZE) / 1024) : 0;
}

/* After the first sessions; then all that is cached is there. */
static void growth_check(struct soak *soak)
{
    clients_close(soak);
    watcher_connect(soak);
    bench_settle();
    if (soak->sessions == 64) {
        soak->memory = soak->memory_last = bench_memory();
        soak->resident = soak->resident_last = resident();
        soak->descriptors = bench_descriptors();
    } else if (soak->sessions > 64) {
        size_t memory = soak->memory_last = bench_memory();
        soak->resident_last = resident();
        if (memory > soak->memory + MEMORY_MORE) {
            complain(soak, "memory grows: bytes", memory - soak->memory);
        }
        if (bench_descriptors() > soak->descriptors) {
            complain(soak, "descriptors grow", bench_descriptors());
        }
    }
}

static void soak_drive(void *context)
{
    struct soak *soak = context;
    double end = real_seconds() + soak->seconds;
    /* Processes take real time, and there is nothing that they could do here. */
    bench_fail_call(BENCH_SPAWN, 0, LONG_MAX, EAGAIN);
    watcher_connect(soak);
    while (!soak->wrong[0] && soak->ran < soak->hours && real_seconds() < end) {
        session_run(soak);
        if (bench_sound_wrong()[0]) {
            complain(soak, bench_sound_wrong(), 0);
        }
        if (soak->sessions % 64 == 0) {
            growth_check(soak);
        }
    }
    clients_close(soak);
    bench_close(soak->watcher);
}

int main(int argc, char **argv)
{
    static struct soak soak;
    if (argc != 4) {
        fputs("Usage: soak SECONDS HOURS SEED\n", stderr);
        return 2;
    }
    soak.seconds = strtod(argv[1], NULL);
    soak.hours = (rw_ns)strtoll(argv[2], NULL, 10) * HOUR;
    soak.random = strtoull(argv[3], NULL, 10) * 2 + 1;
    double begun = real_seconds();
    int status = bench_run(profile, soak_drive, &soak);
    struct bench_sound_count sound = bench_sound_count();
    printf("%.0f hours in %llu sessions (%llu to their end), %llu commands, %llu faults, in %.0f s "
           "(seed %s)\n",
           (double)soak.ran / (double)HOUR, (unsigned long long)soak.sessions,
           (unsigned long long)soak.whole, (unsigned long long)soak.commands,
           (unsigned long long)soak.faults, real_seconds() - begun, argv[3]);
    printf("%llu cues planned; %llu played: %llu ended, %llu cut, %llu dropped, %llu late\n",
           (unsigned long long)soak.cues, (unsigned long long)sound.plays,
           (unsigned long long)sound.ended, (unsigned long long)sound.cut,
           (unsigned long long)sound.dropped, (unsigned long long)sound.late);
    printf("%zu KiB in use after 64 sessions, %zu at the end, of %zu and %zu KiB resident; "
           "%u descriptors\n",
           soak.memory / 1024, soak.memory_last / 1024, soak.resident, soak.resident_last,
           soak.descriptors);
    fflush(stdout); /* a sanitizer may end this on the way out */
    if (soak.wrong[0] || status != 0 || soak.sessions == 0) {
        printf("wrong: %s; the daemon's exit code is %d\n", soak.wrong, status);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
