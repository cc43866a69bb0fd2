/*
 * The coach's output interface: timed play commands. The player implements it for a
 * live run, the offline renderer for a file; a recording sink for tests.
 */
#ifndef RUNWALK_COACH_SINK_H
#define RUNWALK_COACH_SINK_H

#include "runwalk/core/cue.h"
#include "runwalk/voice/voice.h"

/* The mixer buses a cue can sound on; each has a gain of its own. */
enum rw_bus { RW_BUS_VOICE, RW_BUS_CHANGE, RW_BUS_TICK, RW_BUS_MUSIC };
#define RW_BUS_COUNT 4
/* How loud each bus is beside the voice, in dB. */
extern const float rw_bus_gain_db[RW_BUS_COUNT];

/* Play this utterance at that moment. */
struct rw_play {
    uint64_t cue;   /* the coach's number for it, rising; reports name it */
    uint32_t epoch; /* a cancel of this epoch or a later one silences it */
    enum rw_bus bus;
    rw_ns at;        /* clock time (boot time live, stream time offline) of the first frame */
    rw_ns not_after; /* it must not begin later than this */
    struct rw_utterance utterance;
};

/*
 * Click with the runner's steps: one click at from + n * 60e12 ns / millisteps, each counted from
 * `from`, up to `until`. There is one cadence; a new one takes over at its `from`.
 */
struct rw_cadence {
    uint32_t epoch;      /* a cancel of this epoch or a later one ends it */
    rw_ns from, until;   /* clock time: of the first click; of the first moment without one */
    uint32_t millisteps; /* steps a minute, in thousandths; 0: none any more */
};
#define RW_CADENCE_MILLISTEPS_MIN 30000u
#define RW_CADENCE_MILLISTEPS_MAX 300000u

struct rw_sink {
    /* Takes PLAY; it is copied. Never blocks. */
    void (*play)(void *context, const struct rw_play *play);
    /* Fades out within 10 ms and forgets all of EPOCH and before. Never blocks. */
    void (*cancel)(void *context, uint32_t epoch);
    /*
     * A cue is coming at clock time AT (RW_NS_NEVER: none is in sight): the sink may open in
     * time for it, or let go of the device meanwhile. Sent whenever the answer changes.
     */
    void (*expect)(void *context, rw_ns at);
    /* The earliest clock time at which a cue sent at NOW can begin to sound. */
    rw_ns (*earliest)(void *context, rw_ns now);
    /* Takes CADENCE; it is copied. Never blocks. NULL: this sink has no clicks. */
    void (*cadence)(void *context, const struct rw_cadence *cadence);
    void *context;
};

/* What became of a cue, as reported back by whoever played it. */
enum rw_outcome {
    RW_OUTCOME_STARTED, /* on time */
    RW_OUTCOME_LATE,    /* started, but later than `at` by more than 1 ms */
    RW_OUTCOME_ENDED,
    RW_OUTCOME_CUT,       /* cancelled or lost while it sounded */
    RW_OUTCOME_DROPPED,   /* never sounded: not_after had come, or there was no output */
    RW_OUTCOME_WITHDRAWN, /* never sounded: a command had made it obsolete */
};
const char *rw_outcome_name(enum rw_outcome outcome);

struct rw_report {
    uint64_t cue;
    enum rw_outcome outcome;
    rw_ns at; /* clock time at which it happened, or was to happen */
};

#endif
