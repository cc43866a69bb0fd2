/*
 * The vocabulary every box shares: integer units of time, the status a fallible
 * function returns, and the marks for the compiler. It includes no box.
 */
#ifndef RUNWALK_BASE_H
#define RUNWALK_BASE_H

#include <stdint.h>

/* Nanoseconds: of session time (pauses excluded), or of CLOCK_BOOTTIME where the name says boot. */
typedef int64_t rw_ns;

/* A count of frames of one stream, from its first frame. */
typedef uint64_t rw_frame;

#define RW_NS_PER_SECOND INT64_C(1000000000)
#define RW_NS_PER_MS     INT64_C(1000000)
#define RW_NS_NEVER      INT64_MAX

/* The one rate at which everything is mixed. */
#define RW_RATE     48000u
#define RW_CHANNELS 2u

enum rw_status {
    RW_OK = 0,
    RW_EMEMORY,  /* an allocation failed */
    RW_EINVALID, /* the input is malformed; a diagnostic says where */
    RW_ELIMIT,   /* the input exceeds a stated bound */
    RW_ENOENT,   /* no such file, phrase, device or method */
    RW_EIO,      /* reading or writing failed; errno tells */
    RW_ESTATE,   /* not possible in the present state */
    RW_ETIMEOUT, /* no answer in time */
    RW_EFULL,    /* a bounded queue or table is full */
};

/* The caller must look at the returned status. */
#define RW_CHECKED __attribute__((warn_unused_result))

/* Runs on the audio thread: never allocates, locks, logs, or makes a system call. */
#define RW_REALTIME

#define RW_PRINTF(format_index, first_index)                                                       \
    __attribute__((format(printf, format_index, first_index)))

#define RW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
