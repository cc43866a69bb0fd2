/* The daemon in this process, on a clock set by hand: its life, its clients, the turns of its loop.
 */
#include "bench.h"

#include "bench_parts.h"
#include "daemon.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Some weeks after the boot, so that nothing begins near zero. */
#define FIRST_NOW ((rw_ns)4000000 * RW_NS_PER_SECOND)
#define TURNS_MAX 1000
#define WAITS_MAX 50000 /* of 0.1 ms */

static struct {
    void (*drive)(void *context);
    void *context;
    uv_loop_t *loop;
    rw_ns now;
    rw_ns wall;     /* how far the wall clock is ahead */
    int timer;      /* the daemon's, an eventfd in the place of a timerfd */
    rw_ns deadline; /* RW_NS_NEVER: disarmed */
    char directory[64];
    char socket[108];
    const char *configuration;
} bench = {
    .now = FIRST_NOW,
    .wall = (rw_ns)1800000000 * RW_NS_PER_SECOND, /* in 2027 */
    .timer = -1,
    .deadline = RW_NS_NEVER,
    .configuration = "speech: off\nlog: error\n",
};

/* ---- the clock ---- */

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock != CLOCK_BOOTTIME && clock != CLOCK_REALTIME) {
        return __real_clock_gettime(clock, now);
    }
    rw_ns time = bench.now + (clock == CLOCK_REALTIME ? bench.wall : 0);
    now->tv_sec = time / RW_NS_PER_SECOND;
    now->tv_nsec = time % RW_NS_PER_SECOND;
    return 0;
}

int __wrap_timerfd_create(int clock, int flags);
int __wrap_timerfd_create(int clock, int flags)
{
    (void)clock;
    (void)flags;
    bench.timer = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return bench.timer;
}

int __wrap_timerfd_settime(int timer, int flags, const struct itimerspec *when,
                           struct itimerspec *old);
int __wrap_timerfd_settime(int timer, int flags, const struct itimerspec *when,
                           struct itimerspec *old)
{
    uint64_t ignored;
    (void)flags;
    (void)old;
    if (timer != bench.timer || eventfd_read(timer, &ignored) != 0) {
        ignored = 0; /* nothing was due */
    }
    bench.deadline = when->it_value.tv_sec * RW_NS_PER_SECOND + when->it_value.tv_nsec;
    if (bench.deadline == 0) {
        bench.deadline = RW_NS_NEVER;
    }
    return 0;
}

rw_ns bench_now(void)
{
    return bench.now;
}

void bench_settle(void)
{
    for (int i = 0; i < 10 * TURNS_MAX && bench.loop->active_reqs.count > 0; i++) {
        bench_wait(1);
    }
}

/* What is due at the present moment. */
static void moment(void)
{
    bench_player_moment(bench.now);
    if (bench.deadline <= bench.now) {
        bench.deadline = RW_NS_NEVER;
        eventfd_write(bench.timer, 1);
    }
    bench_turn();
}

void bench_turn(void)
{
    int turns = 0;
    bench_player_moment(bench.now);
    do {
        uv_run(bench.loop, UV_RUN_NOWAIT);
    } while (uv_backend_timeout(bench.loop) == 0 && ++turns < TURNS_MAX);
}

void bench_step_wall(rw_ns span)
{
    bench.wall += span;
}

void bench_wait(unsigned ms)
{
    usleep(ms * 1000);
    bench_turn();
}

void bench_advance(rw_ns span)
{
    rw_ns until = bench.now + span;
    for (;;) {
        rw_ns next = bench_player_next(bench.now);
        if (bench.deadline < next) {
            next = bench.deadline;
        }
        if (next > until) {
            break;
        }
        if (next > bench.now) {
            bench.now = next;
        }
        moment();
    }
    bench.now = until;
    moment();
}

void bench_jump(rw_ns span)
{
    bench.now += span;
    moment();
}

/* ---- life ---- */

int __real_uv_run(uv_loop_t *loop, uv_run_mode mode);
int __wrap_uv_run(uv_loop_t *loop, uv_run_mode mode);
int __wrap_uv_run(uv_loop_t *loop, uv_run_mode mode)
{
    if (mode != UV_RUN_DEFAULT) {
        return __real_uv_run(loop, mode);
    }
    bench.loop = loop;
    struct bench_client *client = bench_connect();
    if (client) {
        bench_close(client);
        bench.drive(bench.context);
        bench_fail_allocation(-1);
        raise(SIGTERM);
    }
    for (int i = 0; i < 30 * TURNS_MAX && (uv_loop_alive(loop) || bench_player_is_closing()); i++) {
        bench_player_moment(bench.now);
        __real_uv_run(loop, UV_RUN_NOWAIT);
        usleep(i < 10 ? 0 : 1000); /* a worker may still be at it */
    }
    if (uv_loop_alive(loop)) {
        fprintf(stderr, "the daemon does not come to its end\n");
        abort();
    }
    bench.loop = NULL;
    return 0;
}

static void file_write(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", bench.directory, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        abort();
    }
}

static void directory_make(const char *name, const char *variable)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", bench.directory, name);
    if (mkdir(path, 0700) != 0) {
        abort();
    }
    if (variable) {
        setenv(variable, path, 1);
    }
}

static void directory_remove(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        char inner[512];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (entry->d_type == DT_DIR) {
            directory_remove(inner);
        } else {
            unlink(inner);
        }
    }
    if (directory) {
        closedir(directory);
    }
    rmdir(path);
}

static void home_make(const char *profile)
{
    bool has_memory = access("/dev/shm", W_OK) == 0;
    snprintf(bench.directory, sizeof bench.directory, "%s/rw-bench-XXXXXX",
             has_memory ? "/dev/shm" : "/tmp");
    if (!mkdtemp(bench.directory)) {
        abort();
    }
    directory_make("run", "XDG_RUNTIME_DIR");
    directory_make("config", "XDG_CONFIG_HOME");
    directory_make("config/runwalk", NULL);
    directory_make("config/runwalk/profiles", NULL);
    directory_make("state", "XDG_STATE_HOME");
    directory_make("cache", "XDG_CACHE_HOME");
    directory_make("data", "XDG_DATA_HOME");
    setenv("HOME", bench.directory, 1);
    unsetenv("DBUS_SESSION_BUS_ADDRESS");
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "disabled:", 1);
    file_write("config/runwalk/config.yaml", bench.configuration);
    file_write("config/runwalk/profiles/bench.yaml", profile);
    snprintf(bench.socket, sizeof bench.socket, "%s/run/runwalk/control.sock", bench.directory);
}

void bench_configure(const char *text)
{
    bench.configuration = text;
}

int bench_run(const char *profile, void (*drive)(void *context), void *context)
{
    const struct rw_daemon_options options = {0};
    bench.drive = drive;
    bench.context = context;
    long paused = bench_pause_faults();
    home_make(profile);
    bench_resume_faults(paused);
    int status = rw_daemon_run(&options);
    paused = bench_pause_faults();
    directory_remove(bench.directory);
    bench_resume_faults(paused);
    return status;
}

/* ---- clients ---- */

struct bench_client {
    int fd;
    int64_t id;
    size_t size;   /* of what is in `buffer` */
    size_t passed; /* of the line handed out last */
    char buffer[256 * 1024];
};

struct bench_client *bench_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct bench_client *client = bench_own_allocate(sizeof *client);
    memcpy(address.sun_path, bench.socket, sizeof address.sun_path);
    client->id = 0;
    client->size = client->passed = 0;
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0 ||
        connect(client->fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        bench_close(client);
        return NULL;
    }
    bench_turn();
    return client;
}

void bench_close(struct bench_client *client)
{
    if (client) {
        if (client->fd >= 0) {
            close(client->fd);
        }
        bench_own_free(client);
        if (bench.loop) {
            bench_turn();
        }
    }
}

bool bench_send(struct bench_client *client, const void *bytes, size_t size)
{
    const char *rest = bytes;
    for (int tries = 0; size > 0; tries++) {
        ssize_t sent = bench_own_send(client->fd, rest, size);
        if (sent < 0 && (errno != EAGAIN || tries > 100)) {
            return false;
        }
        rest += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
        bench_turn();
    }
    return true;
}

/* False: there is nothing more to read at present. */
static bool client_fill(struct bench_client *client)
{
    if (client->size == sizeof client->buffer) {
        abort(); /* a line that no reply may be as long as */
    }
    ssize_t got = bench_own_recv(client->fd, client->buffer + client->size,
                                 sizeof client->buffer - client->size);
    client->size += got > 0 ? (size_t)got : 0;
    return got > 0;
}

const char *bench_line(struct bench_client *client)
{
    client->size -= client->passed;
    memmove(client->buffer, client->buffer + client->passed, client->size);
    client->passed = 0;
    for (;;) {
        char *end = memchr(client->buffer, '\n', client->size);
        if (end) {
            *end = '\0';
            client->passed = (size_t)(end - client->buffer) + 1;
            return client->buffer;
        }
        if (!client_fill(client)) {
            return NULL;
        }
    }
}

/* A line of what was said; what the disk is asked for is waited for. */
static const char *reply_line(struct bench_client *client)
{
    const char *line = bench_line(client);
    for (int i = 0; !line && i < WAITS_MAX && bench.loop->active_reqs.count > 0; i++) {
        usleep(100);
        bench_turn();
        line = bench_line(client);
    }
    return line;
}

json_t *bench_call(struct bench_client *client, const char *method, const char *params)
{
    char line[4096];
    int size = snprintf(
        line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%lld,\"method\":\"%s\"%s%s}\n",
        (long long)++client->id, method, params ? ",\"params\":" : "", params ? params : "");
    if (!bench_send(client, line, (size_t)size)) {
        return NULL;
    }
    bench_turn();
    for (const char *reply; (reply = reply_line(client));) {
        long fault = bench_pause_faults();
        json_t *message = json_loads(reply, 0, NULL);
        json_t *result = json_incref(json_object_get(message, "result"));
        bool is_it = json_integer_value(json_object_get(message, "id")) == client->id;
        json_decref(message);
        bench_resume_faults(fault);
        if (is_it) {
            return result;
        }
        json_decref(result);
    }
    return NULL;
}

bool bench_ask(const char *method, const char *params)
{
    struct bench_client *client = bench_connect();
    json_t *result = client ? bench_call(client, method, params) : NULL;
    bool is_answered = result != NULL;
    json_decref(result);
    bench_close(client);
    return is_answered;
}

unsigned bench_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    unsigned count = 0;
    while (directory && readdir(directory)) {
        count++;
    }
    if (directory) {
        closedir(directory);
    }
    return count;
}
