/*
 * The cue planner: places the cues of one segment, back-timed from its end, so that
 * no two overlap and nothing runs into the change. What does not fit is shortened,
 * moved inside its window or dropped, the least important first. Pure; fixed storage.
 */
#ifndef RUNWALK_CORE_PLANNER_H
#define RUNWALK_CORE_PLANNER_H

#include "runwalk/core/cue.h"
#include "runwalk/core/settings.h"
#include "runwalk/core/timeline.h"

/* How often the time left can be told in one session: each bit of rw_told.time_left is one. */
#define RW_TIME_LEFT_MARKS 6

/* What is said of a rest, beside its beginning and end. */
#define RW_REST_CUES_MAX 6

/* change, announcement, ticks, next, halfway, time left, say, cadence; or of a rest */
#define RW_PLAN_CUES_MAX (2 + RW_COUNTDOWN_MAX + 2 + RW_TIME_LEFT_MARKS + 2 + RW_REST_CUES_MAX)

/* Only a segment of at least this length is counted down. */
#define RW_COUNTDOWN_STEP_MIN (20 * RW_NS_PER_SECOND)

/* What the runner has been told before a segment begins; it decides what is worth saying. */
struct rw_told {
    uint32_t duration_ms[RW_KIND_COUNT]; /* announced last for each kind; 0: none yet */
    bool halfway;
    unsigned time_left; /* a bit for each mark that was told */
    rw_ns ran;          /* how long the runner has run: in runs that are over */
};

/* One stretch of the session to be planned: a segment, or the finish. Times are session time. */
struct rw_stretch {
    uint32_t segment;  /* the number of segments of the session: the finish */
    uint32_t follower; /* the segment that comes after it; the number of segments: the finish */
    rw_ns start, end;
    rw_ns session_end; /* as things stand */
    rw_ns from;        /* what begins before is past: not planned again */
    rw_ns floor;       /* no sound can begin before */
    rw_ns busy_until;  /* an answer sounds from `floor` until then */
    rw_ns quiet_until; /* no words before */
    rw_ns resumed_at;  /* the last pause ended then; RW_NS_NEVER: there was none */
    bool is_announced; /* the announcement has been heard before `from` */
    bool is_said;      /* the step's own words likewise */
    bool is_hurt;      /* nothing is said unasked */
    uint32_t runs;     /* for the finish: how many to tell of */
    bool asks_pain;    /* for the finish: whether it still hurts */

    /* A segment that the profile does not have, in the place of the one of that number; or NULL. */
    const struct rw_step *inserted;
    bool is_opened; /* these words instead of the announcement */
    struct rw_words opening;
    bool is_after_rest;
    bool tells_rest; /* how long it lasts yet */
    rw_ns asks_at;   /* whether the runner is ready; RW_NS_NEVER: never */
};

struct rw_surroundings; /* place.h */

struct rw_plan {
    size_t count;
    struct rw_cue cues[RW_PLAN_CUES_MAX]; /* in order of time, dropped ones included */
};

/* What planning looks at beside the stretch; all borrowed. */
struct rw_ground {
    const struct rw_profile *profile;
    const struct rw_measure *measure;
    const struct rw_manner *manner;
};

/* Plans all of STRETCH but for what comes unasked, which rw_talk_next adds one by one. */
void rw_plan_stretch(struct rw_plan *plan, const struct rw_ground *ground,
                     const struct rw_stretch *stretch, const struct rw_told *told);

/* Brings TOLD to what it is after the segment at POSITION, LENGTH long, is over. */
void rw_told_update(struct rw_told *told, const struct rw_position *position, rw_ns length);

/* Whether POSITION is the session's last run. */
bool rw_is_last_run(const struct rw_profile *profile, const struct rw_position *position);

/* Adds to PLAN what is said of the rest that STRETCH is. */
void rw_rest_plan(struct rw_plan *plan, const struct rw_surroundings *around);

/* Which mark of the time left LEFT_MS is, as an index below RW_TIME_LEFT_MARKS. */
unsigned rw_time_left_mark(uint32_t left_ms);

/* How much is quiet between two cues that are spoken, and around what comes unasked. */
rw_ns rw_manner_room(enum rw_verbosity verbosity);
rw_ns rw_manner_clearance(enum rw_verbosity verbosity);

/* A number that depends on SEED and the other two alone, and looks like chance. */
uint64_t rw_chance(uint64_t seed, uint64_t what, uint64_t which);

#endif
