/*
 * A session: one profile being run. A pure state machine on session time (pauses
 * excluded): it is told how far time has come and answers with events, and it
 * hands out the planned cues ahead of their time. Edits replan what lies ahead.
 * Nothing allocates after creation, and no function reads a clock.
 */
#ifndef RUNWALK_CORE_SESSION_H
#define RUNWALK_CORE_SESSION_H

#include "runwalk/core/cue.h"
#include "runwalk/core/timeline.h"

enum rw_session_state {
    RW_SESSION_READY, /* not yet started */
    RW_SESSION_RUNNING,
    RW_SESSION_PAUSED,
    RW_SESSION_DONE,    /* the last segment is over */
    RW_SESSION_STOPPED, /* ended early */
};

enum rw_event_type {
    RW_EVENT_SEGMENT, /* a segment began: `position`, `duration_ns` */
    RW_EVENT_END,     /* the last segment is over */
};

struct rw_event {
    enum rw_event_type type;
    rw_ns at; /* session time */
    rw_ns duration_ns;
    struct rw_position position;
};

/* Where the session is. All times are session time or lengths of it. */
struct rw_session_view {
    enum rw_session_state state;
    rw_ns now;
    struct rw_position position; /* meaningless when ready, done or stopped */
    rw_ns segment_start;
    rw_ns segment_end;
    rw_ns end;          /* of the session, as things stand */
    uint32_t runs_done; /* runs that ended by themselves, not by a command */
    bool has_next;
    struct rw_position next;
    rw_ns next_length; /* how much of it comes */
    const struct rw_profile
        *course;                /* the plan as it was fitted; it lives as long as the session */
    struct rw_adapt adapt;      /* to what */
    bool is_inserted;           /* the current segment is none of the plan */
    bool is_resting;            /* it is a rest */
    bool waits;                 /* the rest ends in no run unless the runner is ready */
    struct rw_position rest_of; /* what the rest interrupts, when resting */
    bool is_hurt, is_emergency; /* as rw_session_hurt was told */
};

struct rw_session;

/* PROFILE and MEASURE's context are borrowed and must outlive the session. */
RW_CHECKED enum rw_status rw_session_create(const struct rw_profile *profile,
                                            struct rw_measure measure,
                                            struct rw_session **ret_session);
void rw_session_destroy(struct rw_session *session);

/*
 * How the session talks from now on: settings and seed. Without it: at normal, with the seed 1. In
 * a session under way it counts from the next edit on; a seed only before the start.
 */
void rw_session_set_manner(struct rw_session *session, const struct rw_manner *manner);

/* No planned words before session time UNTIL, only tones; counts from the next edit on. */
void rw_session_set_quiet(struct rw_session *session, rw_ns until);

/*
 * Chooses a phrase of SAYING, RW_SAY_REASSURE or RW_SAY_DEAD_POINT, to be said now, and remembers
 * it; 0: there is none that is not longer than MOST.
 */
uint32_t rw_session_phrase(struct rw_session *session, enum rw_saying saying, rw_ns most);

/*
 * Time comes to UNTIL at most: returns true and the next event not later than UNTIL,
 * with the session's time at that event; or false, with the session's time at UNTIL.
 * Starts a session that is ready. While paused, done or stopped nothing happens.
 * One big advance gives the same events as any splitting of it.
 */
bool rw_session_advance(struct rw_session *session, rw_ns until, struct rw_event *ret_event);

/*
 * The next planned cue that begins not later than UNTIL and has not been handed out
 * since the last edit, in order of time, dropped ones included (their fate tells).
 * Runs ahead of the session's time as far as asked. False when there is none.
 */
bool rw_session_cue(struct rw_session *session, rw_ns until, struct rw_cue *ret_cue);

/* When the next cue begins, RW_NS_NEVER when none is left; peeks, hands out nothing. */
rw_ns rw_session_next_cue_at(struct rw_session *session);

/* When the next event happens; RW_NS_NEVER when paused, done or stopped. */
rw_ns rw_session_next_event_at(const struct rw_session *session);

/*
 * Edits, all at the session's present time. RW_ESTATE when the state forbids it. A change that
 * an edit makes due is the next event: call rw_session_advance after each edit, even when paused.
 * After an edit cues are handed out anew from the present on; those whose time had come before
 * are not handed out again. FLOOR is the earliest session time at which a new sound can begin
 * (the present or later): a change made by the edit sounds then.
 */
RW_CHECKED enum rw_status rw_session_pause(struct rw_session *session);
/*
 * BUSY is how long the answer to the command sounds from FLOOR on: planned cues keep clear of it,
 * and the answer stands for an announcement that had not been heard yet.
 */
RW_CHECKED enum rw_status rw_session_resume(struct rw_session *session, rw_ns floor, rw_ns busy);
/* Ends the current segment now. */
RW_CHECKED enum rw_status rw_session_skip(struct rw_session *session, rw_ns floor);
/* Begins the current segment anew; in its first 3 s, the one before it. */
RW_CHECKED enum rw_status rw_session_back(struct rw_session *session, rw_ns floor);
/*
 * Makes the current segment longer, or shorter by a negative DELTA. A segment never
 * ends before the present; it lasts 24 h at most, as the session does. *ret_applied
 * is what was really added. A DELTA of 0 only plans anew around an answer.
 */
RW_CHECKED enum rw_status rw_session_extend(struct rw_session *session, rw_ns delta, rw_ns floor,
                                            rw_ns busy, rw_ns *ret_applied);
RW_CHECKED enum rw_status rw_session_stop(struct rw_session *session);

/*
 * A walk that the plan has not begins now, for MAX at most; SAYING (RW_SAY_REST, RW_SAY_STITCH or
 * RW_SAY_PAIN) opens it. What comes after it is the policy of the profile. In a walk of the plan it
 * takes the place of what is left of it, and lasts at least as long; in the last 10 s of a run that
 * run counts as done. With RW_SAY_PAIN no run follows unless the runner is ready: after MAX the
 * session goes on with its cooldown. RW_ESTATE: a cooldown, or (unless for pain) an exercise or a
 * rest of the plan is on; RW_ELIMIT: the session would last longer than 24 h.
 */
RW_CHECKED enum rw_status rw_session_rest(struct rw_session *session, enum rw_saying saying,
                                          rw_ns max, rw_ns floor);
/*
 * The rest is over; without one, the run that comes next begins now. In a run nothing happens.
 * RW_ESTATE: no run comes next.
 */
RW_CHECKED enum rw_status rw_session_ready(struct rw_session *session, rw_ns floor);

/*
 * The runs that remain become longer by a step, or shorter where LONGER is false; walks the other
 * way round. What is on is fitted too, but goes on for 10 s at least. RW_ESTATE: no run remains;
 * RW_EINVALID: the policy of the profile allows no more; RW_ELIMIT: the session would last longer
 * than 24 h. BUSY as in rw_session_resume.
 */
RW_CHECKED enum rw_status rw_session_change(struct rw_session *session, bool longer, rw_ns floor,
                                            rw_ns busy);
/* The same with these lengths, from RW_SEGMENT_MS_MIN to RW_SESSION_MS_MAX, for all that remain. */
RW_CHECKED enum rw_status rw_session_ratio(struct rw_session *session, uint32_t run_ms,
                                           uint32_t walk_ms, rw_ns floor, rw_ns busy);

/* Run RUN, from 0, begins now. RW_ENOENT: there is no such run; RW_ELIMIT: as above. */
RW_CHECKED enum rw_status rw_session_goto(struct rw_session *session, uint32_t run, rw_ns floor);
/*
 * The last cooldown of the plan begins now; when it has none ahead, one of 5 min, and then the end.
 * RW_ESTATE: a cooldown is on.
 */
RW_CHECKED enum rw_status rw_session_cooldown(struct rw_session *session, rw_ns floor);

/*
 * From now on nothing is said unasked; in the end the session asks whether it still hurts, unless
 * IS_EMERGENCY. It lasts; counts from the next edit on.
 */
void rw_session_hurt(struct rw_session *session, bool is_emergency);

/*
 * The earliest session time from FROM on that a change or a countdown needs for itself: an answer
 * that is over by then disturbs nothing more important. RW_NS_NEVER: none is left.
 */
rw_ns rw_session_quiet_until(const struct rw_session *session, rw_ns from);

void rw_session_view(const struct rw_session *session, struct rw_session_view *ret_view);

#endif
