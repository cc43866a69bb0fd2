/*
 * One client's connection, and the inside of the server that owns it. A connection
 * reads lines, has them dispatched, and sends; the server accepts, counts and ends.
 */
#ifndef RUNWALK_CONTROL_CONNECTION_H
#define RUNWALK_CONTROL_CONNECTION_H

#include "kept.h"
#include "listener.h"
#include "runwalk/control/server.h"

#define CONNECTIONS_MAX (RW_SUBSCRIBERS_MAX + RW_OTHERS_MAX)

struct rw_connection {
    struct rw_server *server;
    uv_poll_t poll;
    int fd;
    int interest;         /* what `poll` waits for; 0: it is stopped */
    uint64_t number;      /* the client's, for the handler */
    uint64_t last_active; /* the server's count when it connected or sent a whole request */
    bool is_subscriber;
    bool is_ready;     /* has its turn when the answers are made */
    bool is_ended;     /* the client sends no more */
    bool is_deaf;      /* the client takes no more; what it has sent is still carried out */
    bool is_finishing; /* closed as soon as its output is gone */
    bool is_closed;    /* only waits to be freed */
    json_t *waiting; /* the id of a request whose answer comes later; no other is taken till then */
    char name[RW_CLIENT_NAME_MAX]; /* what it calls itself, or "" */
    char *out;                     /* what the socket did not take; NULL when that is nothing */
    size_t out_size;
    size_t in_size;
    char in[RW_REQUEST_MAX + 1]; /* the longest line and its newline */
};

struct rw_server {
    uv_loop_t *loop;
    struct rw_handler handler;
    char *version;
    struct rw_listener listener;
    uv_poll_t accepting;
    uv_check_t answering; /* runs when all that had come has been read */
    uv_idle_t more;       /* runs while requests that have been read wait for their turn */
    struct rw_kept kept;  /* while answers are made, until anything but a question is carried out */
    uv_timer_t retry;     /* to accept again */
    struct rw_connection *connections[CONNECTIONS_MAX]; /* NULL: free */
    uint64_t activity;                                  /* counts connects and requests */
    uint64_t seq;
    uint64_t accepted, yielded, slow, refused;
    unsigned handles; /* of the loop that are not closed yet */
    void (*done)(void *context);
    void *done_context;
};

/* Takes FD over, which it closes even when it fails for want of memory. */
void rw_connection_open(struct rw_server *server, int fd);
/* Gives the place and the descriptor back at once; the memory stays until the loop is done. */
void rw_connection_close(struct rw_connection *connection);
/* Sends a line (borrowed), or keeps what the socket does not take, within RW_OUTPUT_MAX. */
void rw_connection_send(struct rw_connection *connection, const char *line, size_t size);
/* The answer to the request that waits; nothing happens when none does. ERROR may be NULL. */
void rw_connection_answer(struct rw_connection *connection, const json_t *result,
                          const struct rw_error *error);
/* Sends what waits, as far as the socket takes it. */
void rw_connection_flush(struct rw_connection *connection);
/* Waits for what comes next, after anything has changed; closes what is finished. */
void rw_connection_settle(struct rw_connection *connection);

/* One handle of the loop is closed; with the last one the server is freed. */
void rw_server_release(struct rw_server *server);
unsigned rw_server_count(const struct rw_server *server, bool subscribers);

#endif
