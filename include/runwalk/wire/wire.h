/*
 * The wire between the player (in the daemon) and the engine (the process that may die):
 * fixed-size versioned messages over a SOCK_SEQPACKET pair, and one shared page. It is
 * private to one build: both ends always come from the same installation.
 */
#ifndef RUNWALK_WIRE_WIRE_H
#define RUNWALK_WIRE_WIRE_H

#include "runwalk/base.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define RW_WIRE_VERSION UINT32_C(0x72770002) /* changes with any change of layout or meaning */

/* The only descriptors the engine is born with, besides the standard three. */
#define RW_WIRE_SOCKET_FD 3
#define RW_WIRE_PAGE_FD   4

#define RW_WIRE_PARTS_MAX 16  /* clips of one play */
#define RW_WIRE_PLAYS_MAX 64  /* plays the engine holds or sounds at once */
#define RW_WIRE_CLIPS_MAX 256 /* clips the engine knows at once */
#define RW_WIRE_BUSES     4
#define RW_WIRE_NAME_MAX  128
#define RW_WIRE_TEXT_MAX  192

enum rw_wire_type {
    /* From the player. CONFIG comes first and once. */
    RW_WIRE_CONFIG = 1,
    RW_WIRE_LOAD,    /* `clip`, with its file as a read-only descriptor; before any play of it */
    RW_WIRE_UNLOAD,  /* `clip`: no play to come uses it */
    RW_WIRE_PLAY,    /* `play` */
    RW_WIRE_CANCEL,  /* `epoch` and all before: what sounds fades, what waits is dropped */
    RW_WIRE_GAIN,    /* `gain` of one bus */
    RW_WIRE_CADENCE, /* `cadence`: a row of clicks; it takes over at its `from` */
    RW_WIRE_MUSIC,   /* `music`, with its file as a read-only descriptor */
    RW_WIRE_MUSIC_STATE, /* `music_state` */
    RW_WIRE_QUIT,        /* fade, let the device play what it holds, exit */

    /* From the engine. */
    RW_WIRE_READY,       /* `ready`: the stream runs */
    RW_WIRE_FAILED,      /* `text`: why there is no sound; the engine exits */
    RW_WIRE_REPORT,      /* `report` */
    RW_WIRE_MUSIC_EVENT, /* `music_event` */
    RW_WIRE_NOTE,        /* `text`: something for the log, such as a clip that is damaged */
};

/*
 * What is buffered, in blocks of whole ms: three that the device holds, and one that the sound
 * server does. Of other blocks a server that counts in µs loses a fraction each.
 */
#define RW_WIRE_BLOCKS 4u

struct rw_wire_config {
    rw_ns wake;    /* a late cue does not begin sooner than this after the stream's first frame */
    rw_ns latency; /* what the page told of an earlier stream like this; 0: there was none */
    uint32_t latency_ms;
    uint32_t block_frames;
    uint32_t dither;               /* not 0: noise of one step of 16 bits under everything */
    char output[RW_WIRE_NAME_MAX]; /* "auto", "null", a name, or an index in digits */
};

struct rw_wire_play {
    uint64_t cue;
    rw_ns at;        /* CLOCK_BOOTTIME */
    rw_ns not_after; /* likewise, at or later */
    uint32_t epoch;
    uint32_t bus;
    float gain_db;
    uint32_t frames; /* from the first part's start to the last part's end */
    uint32_t part_count;
    struct {
        uint32_t clip;
        uint32_t offset; /* frames after `at` */
    } parts[RW_WIRE_PARTS_MAX];
};

struct rw_wire_gain {
    uint32_t bus;
    float gain_db;
};

struct rw_wire_cadence {
    rw_ns from, until; /* CLOCK_BOOTTIME */
    uint32_t epoch;
    uint32_t millisteps; /* 0: no clicks from `from` on */
};

/* A file of music: from its frame `start` on, after what plays. */
struct rw_wire_music {
    uint64_t number; /* events name it; rising */
    rw_frame start;
};

enum rw_wire_music_state { RW_WIRE_MUSIC_REST, RW_WIRE_MUSIC_PLAY, RW_WIRE_MUSIC_CLEAR };

enum rw_wire_music_what {
    RW_WIRE_MUSIC_BEGUN,   /* at frame `at` of the music, as the page counts */
    RW_WIRE_MUSIC_ENDED,   /* the next one is wanted, while the last of this one still sounds */
    RW_WIRE_MUSIC_REFUSED, /* likewise, because of `problem` */
};

struct rw_wire_music_event {
    uint64_t number;
    rw_frame at;
    uint32_t what;
    char problem[RW_WIRE_NAME_MAX];
};

struct rw_wire_ready {
    char device[RW_WIRE_NAME_MAX];
};

enum rw_wire_outcome {
    RW_WIRE_STARTED, /* within 1 ms of its time */
    RW_WIRE_LATE,
    RW_WIRE_ENDED,
    RW_WIRE_CUT,
    RW_WIRE_DROPPED,
};

/* Each play is answered by DROPPED, or by STARTED or LATE and then ENDED or CUT. */
struct rw_wire_report {
    uint64_t cue;
    rw_ns at; /* when it is heard; of a drop, when it was to be */
    uint32_t outcome;
};

struct rw_wire_message {
    uint32_t version;
    uint32_t type;
    union {
        struct rw_wire_config config;
        uint32_t clip;
        struct rw_wire_play play;
        uint32_t epoch;
        struct rw_wire_gain gain;
        struct rw_wire_cadence cadence;
        struct rw_wire_music music;
        uint32_t music_state;
        struct rw_wire_music_event music_event;
        struct rw_wire_ready ready;
        struct rw_wire_report report;
        char text[RW_WIRE_TEXT_MAX];
    };
};
static_assert(sizeof(struct rw_wire_message) == 200, "the wire has one layout");

/*
 * The shared page. The engine writes, the player reads; each field stands alone, so all
 * loads and stores may be relaxed. The audio thread writes `beat`, `position` and
 * `music`, the message thread the rest.
 */
struct rw_wire_page {
    _Atomic int64_t beat;             /* boot time of the last audio callback; 0: none so far */
    _Atomic uint64_t position;        /* frames handed to the device */
    _Atomic int64_t latency;          /* ns from a command to its first frame heard; 0: not known */
    _Atomic uint64_t underruns;       /* times the device's clock jumped */
    _Atomic uint64_t music;           /* frames of music handed to the device or passed over */
    _Atomic uint64_t music_underruns; /* times its decoder did not keep up */
};
static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the page is shared between processes");

#define RW_WIRE_PAGE_SIZE 4096u
static_assert(sizeof(struct rw_wire_page) <= RW_WIRE_PAGE_SIZE, "one page");

/*
 * Sends MESSAGE, with DESCRIPTOR if that is not negative (it stays the caller's). Sets the
 * version. Never blocks: RW_EFULL when the other end does not read; RW_EIO when it is gone.
 */
RW_CHECKED static inline enum rw_status rw_wire_send(int socket, struct rw_wire_message *message,
                                                     int descriptor)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec iov = {.iov_base = message, .iov_len = sizeof(*message)};
    struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};

    message->version = RW_WIRE_VERSION;
    if (descriptor >= 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof(control.bytes);
        struct cmsghdr *part = CMSG_FIRSTHDR(&header);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(part), &descriptor, sizeof(int));
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent == (ssize_t)sizeof(*message)) {
        return RW_OK;
    }
    return sent < 0 && (errno == EAGAIN || errno == ENOBUFS) ? RW_EFULL : RW_EIO;
}

/* Ends every text in MESSAGE and tells whether its counts and indices are within bounds. */
static inline bool rw_wire_is_sound(struct rw_wire_message *message)
{
    if (message->version != RW_WIRE_VERSION) {
        return false;
    }
    switch ((enum rw_wire_type)message->type) {
    case RW_WIRE_CONFIG:
        message->config.output[RW_WIRE_NAME_MAX - 1] = '\0';
        return true;
    case RW_WIRE_PLAY:
        return message->play.part_count >= 1 && message->play.part_count <= RW_WIRE_PARTS_MAX &&
               message->play.bus < RW_WIRE_BUSES && message->play.at >= 0;
    case RW_WIRE_GAIN:
        return message->gain.bus < RW_WIRE_BUSES;
    case RW_WIRE_CADENCE:
        return message->cadence.from >= 0 && message->cadence.until >= message->cadence.from;
    case RW_WIRE_MUSIC_STATE:
        return message->music_state <= RW_WIRE_MUSIC_CLEAR;
    case RW_WIRE_MUSIC_EVENT:
        message->music_event.problem[RW_WIRE_NAME_MAX - 1] = '\0';
        return message->music_event.what <= RW_WIRE_MUSIC_REFUSED;
    case RW_WIRE_READY:
        message->ready.device[RW_WIRE_NAME_MAX - 1] = '\0';
        return true;
    case RW_WIRE_REPORT:
        return message->report.outcome <= RW_WIRE_DROPPED;
    case RW_WIRE_FAILED:
    case RW_WIRE_NOTE:
        message->text[RW_WIRE_TEXT_MAX - 1] = '\0';
        return true;
    case RW_WIRE_LOAD:
    case RW_WIRE_UNLOAD:
    case RW_WIRE_CANCEL:
    case RW_WIRE_MUSIC:
    case RW_WIRE_QUIT:
        return true;
    }
    return false;
}

/*
 * Receives the next message. Never blocks: RW_ENOENT when there is none; RW_EIO when the
 * other end is gone; RW_EINVALID when it is malformed or of another version. With
 * ret_descriptor, a descriptor that came with it becomes the caller's, else -1; without,
 * none is taken.
 */
RW_CHECKED static inline enum rw_status rw_wire_receive(int socket,
                                                        struct rw_wire_message *ret_message,
                                                        int *ret_descriptor)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct rw_wire_message message;
    struct iovec iov = {.iov_base = &message, .iov_len = sizeof(message)};
    struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
    int descriptor = -1;

    if (ret_descriptor) {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof(control.bytes);
    }
    ssize_t got;
    do {
        got = recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return errno == EAGAIN ? RW_ENOENT : RW_EIO;
    }
    if (got == 0) {
        return RW_EIO;
    }
    if (ret_descriptor) {
        struct cmsghdr *part = CMSG_FIRSTHDR(&header);
        if (part && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
            memcpy(&descriptor, CMSG_DATA(part), sizeof(int));
        }
    }
    if (got != (ssize_t)sizeof(message) || (header.msg_flags & MSG_TRUNC) ||
        !rw_wire_is_sound(&message)) {
        if (descriptor >= 0) {
            close(descriptor);
        }
        return RW_EINVALID;
    }
    *ret_message = message;
    if (ret_descriptor) {
        *ret_descriptor = descriptor;
    }
    return RW_OK;
}

#endif
