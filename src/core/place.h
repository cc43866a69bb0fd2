/*
 * Placing cues: where in a stretch of the session one finds room beside those that are placed
 * already, and what is left of it when there is none. What is worth saying is decided elsewhere.
 */
#ifndef RUNWALK_CORE_PLACE_H
#define RUNWALK_CORE_PLACE_H

#include "planner.h"

#define MS(ms)     ((rw_ns)(ms)*RW_NS_PER_MS)
#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

/* How much later than planned a cue of TYPE may still begin and make sense. */
rw_ns rw_type_window(enum rw_cue_type type);

/* What surrounds a cue that is to be placed. */
struct rw_surroundings {
    const struct rw_stretch *stretch;
    const struct rw_measure *measure;
    const struct rw_plan *plan;  /* what is placed already */
    const struct rw_cue *before; /* one more, or NULL */
    rw_ns room;                  /* between two things that are spoken */
    rw_ns clearance;             /* between what is unasked and other words */
    rw_ns before_end;            /* must be quiet before the next change */
    bool is_finish;              /* nothing comes after the stretch */
    uint64_t seed;               /* decides which recording of a phrase is heard */
};

/* How long must be quiet between one cue and the next. */
rw_ns rw_cue_gap(const struct rw_surroundings *around, const struct rw_cue *first,
                 const struct rw_cue *second);

/*
 * Places CUE at its `at` or up to MOVE later, in the first of VARIANTS that fits; the first is what
 * is wanted. Without room or voice it is dropped, with the reason. An `at` before the stretch's
 * floor becomes the floor.
 */
void rw_cue_place(const struct rw_surroundings *around, struct rw_cue *cue, rw_ns move,
                  const struct rw_words *variants, size_t variant_count);

#endif
