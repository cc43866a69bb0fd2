/*
 * A ratio becomes a session of a wanted length, and the session the text of a profile that a
 * person can read and change. It writes no file. Pure.
 */
#ifndef RUNWALK_ADVICE_SESSION_H
#define RUNWALK_ADVICE_SESSION_H

#include "runwalk/advice/ratio.h"

#define RW_SESSION_WARM_S 300 /* the warm-up, and as much to cool down */

/* What a session may be asked to take, all in all. */
#define RW_SESSION_MINUTES_MIN 15
#define RW_SESSION_MINUTES_MAX (24 * 60)

struct rw_session_plan {
    struct rw_ratio ratio;
    uint32_t repeats; /* runs; after the last one there is no walk */
    uint32_t total_s; /* with warm-up and cool-down */
};

/* The session that comes nearest to TOTAL_S, which is within the bounds above, and has a run. */
struct rw_session_plan rw_session_fit(struct rw_ratio ratio, uint32_t total_s);

/*
 * The profile, as malloc'd text with a comment in each line; ABOUT is one of them at its top, what
 * it was made for. NULL when memory is short.
 */
char *rw_session_profile(const struct rw_session_plan *plan, const char *about);

#endif
