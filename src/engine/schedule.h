/*
 * The plays the engine holds back until shortly before they are due, so that each is
 * placed by the freshest word of the stream's clock. Decides at which frame a play
 * starts, or that it comes too late. Pure: it is told what time it is.
 */
#ifndef ENGINE_SCHEDULE_H
#define ENGINE_SCHEDULE_H

#include "clock.h"

#include "runwalk/wire/wire.h"

#include <stddef.h>

#define SCHEDULE_LATE     RW_NS_PER_MS           /* off by more than this is late */
#define SCHEDULE_LATE_GAP (150 * RW_RATE / 1000) /* frames between two late cues */

struct held {
    struct rw_wire_play play;
    bool prepared; /* its clips are in memory */
};

struct schedule {
    struct held held[RW_WIRE_PLAYS_MAX]; /* by rising `at` */
    size_t count;
    uint32_t cancelled; /* the latest epoch cancelled */
    bool any_cancelled;
    rw_frame late_end; /* the end of the last cue that began late; 0: none */
    uint32_t late_epoch;
};

/* How the stream stands at a moment. */
struct moment {
    const struct clock *clock;
    rw_ns now;
    rw_ns lead;        /* how long before it is heard a play is placed */
    rw_frame earliest; /* the frame at which a sound can begin if it is sent now */
    rw_frame awake;    /* a late cue does not begin before this frame if its window allows */
};

enum decision {
    SCHEDULE_WAIT,    /* nothing is due */
    SCHEDULE_PREPARE, /* a play is due whose clips are not in memory; see rw_schedule_unprepared */
    SCHEDULE_START,   /* *ret_play begins at *ret_frame; it has left the schedule */
    SCHEDULE_DROP,    /* *ret_play cannot begin in time; it has left the schedule */
};

/* RW_EFULL; RW_ESTATE: its epoch is cancelled. */
RW_CHECKED enum rw_status rw_schedule_add(struct schedule *schedule,
                                          const struct rw_wire_play *play);

/* All of EPOCH and before, held or to come, are void. See rw_schedule_take_cancelled. */
void rw_schedule_cancel(struct schedule *schedule, uint32_t epoch);
/* Takes a held play that is void; false when there is none. */
bool rw_schedule_take_cancelled(struct schedule *schedule, struct rw_wire_play *ret_play);

/* The held play whose clips are wanted next; NULL when all are prepared. */
struct held *rw_schedule_unprepared(struct schedule *schedule);

/* Takes HELD, of this schedule, out of it. */
struct rw_wire_play rw_schedule_remove(struct schedule *schedule, struct held *held);

/* What to do with the next play that is due. Call it until it says SCHEDULE_WAIT. */
enum decision rw_schedule_decide(struct schedule *schedule, const struct moment *moment,
                                 struct rw_wire_play *ret_play, rw_frame *ret_frame);

/* When rw_schedule_decide must be asked again; RW_NS_NEVER when nothing is held. */
rw_ns rw_schedule_deadline(const struct schedule *schedule, rw_ns lead);

#endif
