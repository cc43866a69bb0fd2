/*
 * The timeline: a profile read as a sequence of segments, without expanding it.
 * A position addresses one segment inside the nested repeats; seeking by number
 * or by time costs a binary search a level.
 */
#ifndef RUNWALK_CORE_TIMELINE_H
#define RUNWALK_CORE_TIMELINE_H

#include "runwalk/core/profile.h"

struct rw_rep {
    uint32_t number; /* 1-based */
    uint32_t total;
};

struct rw_position {
    uint32_t segment;  /* 0-based among all segments of the session */
    uint32_t run;      /* runs before this segment, in the whole session */
    uint32_t start_ms; /* planned, from the start of the session */
    const struct rw_step *step;
    uint32_t depth; /* of reps, outermost first */
    struct rw_rep reps[RW_REPEAT_DEPTH_MAX];
};

/* The position of segment SEGMENT; false past the end (the output is then untouched). */
bool rw_timeline_seek(const struct rw_profile *profile, uint32_t segment,
                      struct rw_position *ret_position);

/* The position that holds planned time MS; false from the end of the session on. */
bool rw_timeline_seek_ms(const struct rw_profile *profile, uint32_t ms,
                         struct rw_position *ret_position);

/* The position of run RUN, from 0; false when there are not so many. */
bool rw_timeline_seek_run(const struct rw_profile *profile, uint32_t run,
                          struct rw_position *ret_position);

/* The last segment of KIND; false when there is none. In time proportional to the file. */
bool rw_timeline_seek_last(const struct rw_profile *profile, enum rw_kind kind,
                           struct rw_position *ret_position);

#endif
