/*
 * What the parts of a session share: session.c holds its state and the edits of single segments;
 * session_way.c changes the way ahead and rest.c interrupts it; session_cues.c hands out the cues
 * ahead of its time.
 */
#ifndef RUNWALK_CORE_SESSION_PRIVATE_H
#define RUNWALK_CORE_SESSION_PRIVATE_H

#include "planner.h"
#include "runwalk/core/session.h"
#include "talk.h"

struct rw_handed {
    uint32_t segment; /* UINT32_MAX: none */
    rw_ns at, length;
};

/* More than can be ahead of the present, or be the present one's, when an edit comes. */
#define RW_HANDED_MAX 16

/* The latest cues of a type that were handed out. */
struct rw_handed_list {
    struct rw_handed cues[RW_HANDED_MAX];
    size_t next; /* to be overwritten */
};

/* What comes after the current segment: a segment, or what is left of one. */
struct rw_leg {
    uint32_t segment; /* the number of segments: the finish */
    rw_ns length;     /* 0: all of it */
    bool is_after_rest;
    bool is_opened; /* `opening` is said instead of the announcement */
    struct rw_words opening;
};

/* A rest: it stands in the session as a segment that the profile does not have. */
struct rw_rest {
    bool is_on;
    bool waits;       /* no run follows unless the runner is ready */
    bool resumes;     /* the segment that it interrupts is to be gone on with */
    uint32_t segment; /* that one */
    uint32_t after;   /* the segment after it */
    rw_ns left;       /* of it */
    rw_ns began;
};

/* Where the cues are handed out: it runs ahead of the session's time, one planned stretch long. */
struct rw_cursor {
    struct rw_stretch stretch;
    struct rw_leg next;  /* what comes after the stretch */
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
    const struct rw_profile *plan; /* borrowed */
    struct rw_profile *profile;    /* owned: the plan as it is fitted */
    struct rw_adapt adapt;         /* to what */
    struct rw_measure measure;
    struct rw_manner manner;
    uint32_t segment_count;

    enum rw_session_state state;
    rw_ns now;
    struct rw_position position; /* the current segment, once running */
    rw_ns start, end;            /* of the current segment */
    bool is_new;                 /* an edit has begun it, and no event has told so yet */
    struct rw_leg here;          /* how it began */
    struct rw_leg next;          /* what comes at `end` */
    bool is_inserted;            /* it is `inserted`, which the profile does not have */
    struct rw_step inserted;
    struct rw_cue_settings inserted_cues;
    struct rw_rest rest;
    bool is_cut_short;   /* it does not end by itself: a command has ended it */
    uint64_t *runs_done; /* a bit for each run that ended by itself */

    struct rw_told told;           /* before the current segment */
    rw_ns halfway_at, halfway_end; /* when it was or will be said; RW_NS_NEVER: not handed out */
    rw_ns time_left_end[RW_TIME_LEFT_MARKS]; /* likewise, when each is over */
    struct rw_handed_list announced, said;
    rw_ns quiet_until; /* no words before */
    rw_ns resumed_at;  /* after the last pause; RW_NS_NEVER: there was none */
    bool is_hurt, is_emergency;
    struct rw_talk talk;
    struct rw_cursor cursor;
};

bool rw_session_is_under_way(const struct rw_session *session);

/* How long LEG lasts; 0 for the finish. */
rw_ns rw_leg_length(const struct rw_session *session, const struct rw_leg *leg);

/* How long the plan lasts from the start of SEGMENT on; 0 for the finish. */
rw_ns rw_plan_rest(const struct rw_session *session, uint32_t segment);

/* The current segment ends now, by a command, and LEG comes. */
void rw_session_cut(struct rw_session *session, struct rw_leg leg, rw_ns floor);

/*
 * A segment that the profile does not have, of KIND and LENGTH, begins now in the place of the
 * current one; LEG comes after it.
 */
void rw_session_insert(struct rw_session *session, enum rw_kind kind, rw_ns length,
                       struct rw_leg leg);

/* The run that is on counts as done. */
void rw_session_run_done(struct rw_session *session);

/* After an edit of when the rest ends, or of the plan: what comes after it. */
void rw_rest_settle(struct rw_session *session);

/* How long SESSION lasts, as things stand. */
rw_ns rw_session_end(const struct rw_session *session);

/* How many runs will have been done at the end if nothing more is cut short. */
uint32_t rw_session_runs_expected(const struct rw_session *session);

/* Remembers CUE instead of the oldest one. */
void rw_handed_add(struct rw_handed_list *list, struct rw_handed cue);

/* What planning looks at. */
struct rw_ground rw_session_ground(const struct rw_session *session);

/*
 * After an edit: what lies ahead is planned anew, from the present on. No sound can begin before
 * FLOOR, and an answer sounds for BUSY from then on.
 */
void rw_session_rewind(struct rw_session *session, rw_ns floor, rw_ns busy);

#endif
