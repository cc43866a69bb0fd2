/*
 * The wire between the player (in the daemon) and the ducker, the process that lowers the
 * music of others while a cue sounds: fixed-size versioned messages over a SOCK_SEQPACKET
 * pair. It is private to one build, as the wire to the engine is.
 */
#ifndef RUNWALK_WIRE_DUCK_H
#define RUNWALK_WIRE_DUCK_H

#include "runwalk/base.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#define RW_DUCK_VERSION UINT32_C(0x72776401) /* changes with any change of layout or meaning */

/* The only descriptor the ducker is born with, besides the standard three. */
#define RW_DUCK_SOCKET_FD 3

#define RW_DUCK_SPANS_MAX    8
#define RW_DUCK_CHANNELS_MAX 32
#define RW_DUCK_NAME_MAX     256
#define RW_DUCK_DEBTS_MAX    32

/* What is done to the music of others while a cue sounds. */
enum rw_duck_mode { RW_DUCK_NOTHING, RW_DUCK_LOWER, RW_DUCK_PAUSE };

enum rw_duck_type {
    /* From the player. */
    RW_DUCK_MODE = 1, /* `mode`; comes first, and again when it changes */
    RW_DUCK_PLAN,     /* `plan`: all that sounds or is to come; it replaces the one before */

    /* From the ducker; and, after it died with debts, from the player to the next one. */
    RW_DUCK_OWED, /* `debt`: this is lowered or paused, and must be given back */

    /* From the ducker. */
    RW_DUCK_PAID, /* `debt`, as far as kind, server, index and name: it has been given back */
    RW_DUCK_SINK, /* `sink`: what our sound goes to, or will go to */
    RW_DUCK_LOST, /* `sink`: what our sound went to has gone, and this is where it goes now */
    RW_DUCK_NOTE, /* `text`: something for the log */
};

/* When our voice is heard, CLOCK_BOOTTIME; in order, none touches another. */
struct rw_duck_plan {
    uint64_t count;
    struct {
        rw_ns from, until;
    } spans[RW_DUCK_SPANS_MAX];
};

enum rw_duck_debt_kind { RW_DUCK_STREAM, RW_DUCK_PLAYER };

/* A stream that is lowered, or a player that is paused. */
struct rw_duck_debt {
    uint32_t kind;
    uint32_t server; /* of a stream: which life of the sound server knows it */
    uint32_t index;  /* of a stream */
    uint32_t channels;
    uint32_t volumes[RW_DUCK_CHANNELS_MAX]; /* of a stream, before it was lowered */
    char name[RW_DUCK_NAME_MAX]; /* of a player on the bus; of a stream: under which the server
                                    remembers its volume */
};

struct rw_duck_sink {
    char name[RW_DUCK_NAME_MAX];
    bool is_bluetooth;
};

struct rw_duck_message {
    uint32_t version;
    uint32_t type;
    union {
        uint32_t mode;
        struct rw_duck_plan plan;
        struct rw_duck_debt debt;
        struct rw_duck_sink sink;
        char text[RW_DUCK_NAME_MAX];
    };
};

static inline bool rw_duck_plan_is_sound(const struct rw_duck_plan *plan)
{
    if (plan->count > RW_DUCK_SPANS_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < plan->count; i++) {
        if (plan->spans[i].from < 0 || plan->spans[i].until <= plan->spans[i].from ||
            (i > 0 && plan->spans[i].from <= plan->spans[i - 1].until)) {
            return false;
        }
    }
    return true;
}

/* Ends every text in MESSAGE and tells whether all of it is within bounds. */
static inline bool rw_duck_is_sound(struct rw_duck_message *message)
{
    if (message->version != RW_DUCK_VERSION) {
        return false;
    }
    switch ((enum rw_duck_type)message->type) {
    case RW_DUCK_MODE:
        return message->mode <= RW_DUCK_PAUSE;
    case RW_DUCK_PLAN:
        return rw_duck_plan_is_sound(&message->plan);
    case RW_DUCK_OWED:
    case RW_DUCK_PAID:
        message->debt.name[RW_DUCK_NAME_MAX - 1] = '\0';
        return message->debt.kind <= RW_DUCK_PLAYER &&
               message->debt.channels <= RW_DUCK_CHANNELS_MAX;
    case RW_DUCK_SINK:
    case RW_DUCK_LOST:
        message->sink.name[RW_DUCK_NAME_MAX - 1] = '\0';
        return true;
    case RW_DUCK_NOTE:
        message->text[RW_DUCK_NAME_MAX - 1] = '\0';
        return true;
    }
    return false;
}

/* Whether A and B are about the same stream or player. */
static inline bool rw_duck_is_same_debt(const struct rw_duck_debt *a, const struct rw_duck_debt *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    return a->kind == RW_DUCK_STREAM ? a->server == b->server && a->index == b->index
                                     : strcmp(a->name, b->name) == 0;
}

/*
 * Sends MESSAGE; sets its version. Never blocks: RW_EFULL when the other end does not read;
 * RW_EIO when it is gone.
 */
RW_CHECKED static inline enum rw_status rw_duck_send(int socket, struct rw_duck_message *message)
{
    ssize_t sent;

    message->version = RW_DUCK_VERSION;
    do {
        sent = send(socket, message, sizeof(*message), MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent == (ssize_t)sizeof(*message)) {
        return RW_OK;
    }
    return sent < 0 && (errno == EAGAIN || errno == ENOBUFS) ? RW_EFULL : RW_EIO;
}

/*
 * Receives the next message. Never blocks: RW_ENOENT when there is none; RW_EIO when the other
 * end is gone; RW_EINVALID when it is malformed or of another version.
 */
RW_CHECKED static inline enum rw_status rw_duck_receive(int socket,
                                                        struct rw_duck_message *ret_message)
{
    struct rw_duck_message message;
    ssize_t got;

    do {
        got = recv(socket, &message, sizeof(message), MSG_DONTWAIT | MSG_TRUNC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return errno == EAGAIN ? RW_ENOENT : RW_EIO;
    }
    if (got == 0) {
        return RW_EIO;
    }
    if (got != (ssize_t)sizeof(message) || !rw_duck_is_sound(&message)) {
        return RW_EINVALID;
    }
    *ret_message = message;
    return RW_OK;
}

#endif
