/*
 * What the parts of a session share: session.c holds its state and the edits; session_cues.c hands
 * out the cues ahead of its time.
 */
#ifndef RUNWALK_CORE_SESSION_PRIVATE_H
#define RUNWALK_CORE_SESSION_PRIVATE_H

#include "planner.h"
#include "runwalk/core/session.h"
#include "talk.h"

/* The last cue of a type that was handed out; UINT32_MAX: none yet. */
struct rw_handed {
    uint32_t segment;
    rw_ns at, length;
};

/* Where the cues are handed out: it runs ahead of the session's time, one planned stretch long. */
struct rw_cursor {
    struct rw_stretch stretch;
    struct rw_told told; /* before the stretch */
    struct rw_plan plan;
    size_t index;    /* of the next cue of the plan to hand out */
    bool has_talk;   /* `talk` is the next unasked cue to hand out */
    bool knows_talk; /* it has been looked for; else it is found when it is needed */
    bool has_last;   /* `last` is the unasked cue before it in this stretch */
    struct rw_cue talk, last;
    bool is_current; /* the stretch is the session's current segment, edits and all */
    bool is_over;    /* the finish has been handed out */
};

struct rw_session {
    const struct rw_profile *profile;
    struct rw_measure measure;
    struct rw_manner manner;
    uint32_t segment_count;

    enum rw_session_state state;
    rw_ns now;
    struct rw_position position; /* the current segment, once running */
    rw_ns start, end;            /* of the current segment */
    uint32_t follower;           /* the segment that comes at `end` */
    bool is_cut_short;           /* it does not end by itself: a command has ended it */
    uint64_t *runs_done;         /* a bit for each run that ended by itself */

    struct rw_told told;           /* before the current segment */
    rw_ns halfway_at, halfway_end; /* when it was or will be said; RW_NS_NEVER: not handed out */
    rw_ns time_left_end[RW_TIME_LEFT_MARKS]; /* likewise, when each is over */
    struct rw_handed announced, said;
    rw_ns quiet_until; /* no words before */
    rw_ns resumed_at;  /* after the last pause; RW_NS_NEVER: there was none */
    struct rw_talk talk;
    struct rw_cursor cursor;
};

/* How long SESSION lasts, as things stand. */
rw_ns rw_session_end(const struct rw_session *session);

/* How many runs will have been done at the end if nothing more is cut short. */
uint32_t rw_session_runs_expected(const struct rw_session *session);

/* What planning looks at. */
struct rw_ground rw_session_ground(const struct rw_session *session);

/*
 * After an edit: what lies ahead is planned anew, from the present on. No sound can begin before
 * FLOOR, and an answer sounds for BUSY from then on.
 */
void rw_session_rewind(struct rw_session *session, rw_ns floor, rw_ns busy);

#endif
