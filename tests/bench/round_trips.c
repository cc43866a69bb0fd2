/*
 * round_trips SOCKET CLIENTS COUNT REQUEST END [GREETING]: sends REQUEST over the Unix socket COUNT
 * times from each of CLIENTS connections, one after the other on each, all connections at once.
 * An answer is over when END ends it. Prints the median and the 99th percentile of the time of a
 * round trip in µs, and the round trips per second of all connections together.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 256

struct client {
    pthread_t thread;
    int socket;
    const char *request, *end;
    size_t count;
    double *micros; /* COUNT of them */
    bool failed;
};

static double now_micros(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

/* Reads until END ends what was read; false when the other side is gone. */
static bool read_answer(int socket, const char *end)
{
    char answer[65536];
    size_t size = 0, length = strlen(end);

    while (size < length || memcmp(answer + size - length, end, length) != 0) {
        if (size == sizeof(answer)) {
            return false;
        }
        ssize_t received = read(socket, answer + size, sizeof(answer) - size);
        if (received <= 0) {
            return false;
        }
        size += (size_t)received;
    }
    return true;
}

static void *ask(void *context)
{
    struct client *client = context;
    size_t size = strlen(client->request);

    for (size_t i = 0; i < client->count && !client->failed; i++) {
        double begin = now_micros();
        client->failed = write(client->socket, client->request, size) != (ssize_t)size ||
                         !read_answer(client->socket, client->end);
        client->micros[i] = now_micros() - begin;
    }
    return NULL;
}

static int connect_to(const char *path, bool greeted)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (strlen(path) >= sizeof(address.sun_path)) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        (greeted && !read_answer(descriptor, "\n"))) {
        return -1;
    }
    return descriptor;
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MAX];
    size_t count = argc > 5 ? strtoul(argv[2], NULL, 10) : 0;
    size_t each = argc > 5 ? strtoul(argv[3], NULL, 10) : 0;
    bool failed = false;

    if (count == 0 || count > CLIENTS_MAX || each == 0) {
        fprintf(stderr, "round_trips: SOCKET CLIENTS COUNT REQUEST END [GREETING]\n");
        return 2;
    }
    double *micros = calloc(count * each, sizeof(*micros));
    if (!micros) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        clients[i] = (struct client){.socket = connect_to(argv[1], argc > 6),
                                     .request = argv[4],
                                     .end = argv[5],
                                     .count = each,
                                     .micros = micros + i * each};
        if (clients[i].socket < 0) {
            perror(argv[1]);
            return 1;
        }
    }
    double begin = now_micros();
    for (size_t i = 0; i < count; i++) {
        if (pthread_create(&clients[i].thread, NULL, ask, &clients[i]) != 0) {
            return 1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        failed = failed || clients[i].failed;
    }
    double seconds = (now_micros() - begin) * 1e-6;
    if (failed) {
        fprintf(stderr, "%s: an answer did not come\n", argv[1]);
        return 1;
    }
    size_t total = count * each;
    qsort(micros, total, sizeof(*micros), compare);
    printf("%.2f %.2f %.0f\n", micros[total / 2], micros[total * 99 / 100],
           (double)total / seconds);
    free(micros);
    return 0;
}
