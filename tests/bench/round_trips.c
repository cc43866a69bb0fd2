/*
 * round_trips SOCKET CLIENTS COUNT REQUEST END [GREETING]: sends REQUEST over the Unix socket COUNT
 * times from each of CLIENTS connections, one after the other on each, all connections at once.
 * An answer is over when END ends it. Prints the median and the 99th percentile of the time of a
 * round trip in µs, and the round trips per second of all connections together.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 256
#define END_MAX     16

/* One connection, on which one round trip follows the other. */
struct client {
    double sent; /* when its request was */
    size_t left; /* round trips that it has not begun yet */
    size_t size; /* of what has come of the answer */
    char tail[END_MAX];
};

struct talk {
    const char *request, *end;
    size_t request_size, end_size;
    double *micros; /* of all round trips of all clients */
    size_t done;
};

static double now_micros(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

/* Reads what there is; 1 when that ends the answer, 0 when more must come, -1: the end is there. */
static int read_some(int socket, struct client *client, const struct talk *talk)
{
    char answer[65536];
    ssize_t got = read(socket, answer, sizeof(answer));

    if (got <= 0) {
        return -1;
    }
    /* The last bytes so far, however the answer was cut. */
    size_t size = (size_t)got, keep = talk->end_size;
    if (size < keep) {
        memmove(client->tail, client->tail + size, keep - size);
        memcpy(client->tail + keep - size, answer, size);
    } else {
        memcpy(client->tail, answer + size - keep, keep);
    }
    client->size += size;
    return client->size >= keep && memcmp(client->tail, talk->end, keep) == 0;
}

static bool ask(int socket, struct client *client, const struct talk *talk)
{
    client->left--;
    client->size = 0;
    client->sent = now_micros();
    return write(socket, talk->request, talk->request_size) == (ssize_t)talk->request_size;
}

/* Goes on with the connections that have something; false when one is gone. */
static bool serve(struct pollfd *sockets, struct client *clients, size_t count, struct talk *talk)
{
    for (size_t i = 0; i < count; i++) {
        int over = sockets[i].revents ? read_some(sockets[i].fd, &clients[i], talk) : 0;
        if (over < 0) {
            return false;
        }
        if (over == 0) {
            continue;
        }
        talk->micros[talk->done++] = now_micros() - clients[i].sent;
        if (clients[i].left > 0 && !ask(sockets[i].fd, &clients[i], talk)) {
            return false;
        }
    }
    return true;
}

static bool read_greeting(int socket)
{
    char byte = '\0';

    while (byte != '\n') {
        if (read(socket, &byte, 1) != 1) {
            return false;
        }
    }
    return true;
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
        (greeted && !read_greeting(descriptor))) {
        return -1;
    }
    return descriptor;
}

static int compare(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

/* Lets each of COUNT clients ask EACH times; false when an answer did not come. */
static bool talk_all(struct pollfd *sockets, size_t count, size_t each, struct talk *talk)
{
    static struct client clients[CLIENTS_MAX];

    for (size_t i = 0; i < count; i++) {
        clients[i].left = each;
        if (!ask(sockets[i].fd, &clients[i], talk)) {
            return false;
        }
    }
    while (talk->done < count * each) {
        if (poll(sockets, count, -1) < 0 || !serve(sockets, clients, count, talk)) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct pollfd sockets[CLIENTS_MAX];
    size_t count = argc > 5 ? strtoul(argv[2], NULL, 10) : 0;
    size_t each = argc > 5 ? strtoul(argv[3], NULL, 10) : 0;

    if (count == 0 || count > CLIENTS_MAX || each == 0 || strlen(argv[5]) > END_MAX) {
        fprintf(stderr, "round_trips: SOCKET CLIENTS COUNT REQUEST END [GREETING]\n");
        return 2;
    }
    struct talk talk = {
        .request = argv[4],
        .end = argv[5],
        .request_size = strlen(argv[4]),
        .end_size = strlen(argv[5]),
        .micros = calloc(count * each, sizeof(*talk.micros)),
    };
    if (!talk.micros) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        sockets[i] = (struct pollfd){.fd = connect_to(argv[1], argc > 6), .events = POLLIN};
        if (sockets[i].fd < 0) {
            perror(argv[1]);
            return 1;
        }
    }
    double begin = now_micros();
    if (!talk_all(sockets, count, each, &talk)) {
        fprintf(stderr, "%s: an answer did not come\n", argv[1]);
        return 1;
    }
    double seconds = (now_micros() - begin) * 1e-6;
    qsort(talk.micros, talk.done, sizeof(*talk.micros), compare);
    printf("%.2f %.2f %.0f\n", talk.micros[talk.done / 2], talk.micros[talk.done * 99 / 100],
           (double)talk.done / seconds);
    free(talk.micros);
    return 0;
}
