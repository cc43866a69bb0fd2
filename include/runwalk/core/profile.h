/*
 * A profile: what a session consists of, as a tree of steps. It is immutable once
 * created, never expanded (memory follows the file, not the repetitions), and
 * knows nothing of files or YAML.
 */
#ifndef RUNWALK_CORE_PROFILE_H
#define RUNWALK_CORE_PROFILE_H

#include "runwalk/core/adapt.h"
#include "runwalk/core/settings.h"

#include <stddef.h>

#define RW_REPEAT_DEPTH_MAX 6                   /* nested repeats */
#define RW_REPEAT_COUNT_MAX 86400u              /* one repetition a second for a day */
#define RW_SEGMENT_MS_MIN   1000u               /* a segment lasts from 1 s */
#define RW_SESSION_MS_MAX   (24u * 3600 * 1000) /* a session, and so a segment, at most 24 h */
#define RW_STEP_TEXT_MAX    4096u

/* What the runner does during a segment. */
enum rw_kind {
    RW_KIND_WARMUP,
    RW_KIND_RUN,
    RW_KIND_WALK,
    RW_KIND_COOLDOWN,
    RW_KIND_REST,
    RW_KIND_EXERCISE,
};
#define RW_KIND_COUNT 6

/* The word a profile and the protocol use for a kind, for example "warmup". Static. */
const char *rw_kind_name(enum rw_kind kind);

enum rw_side { RW_SIDE_NONE, RW_SIDE_LEFT, RW_SIDE_RIGHT };
/* Static; NULL for none. */
const char *rw_side_name(enum rw_side side);

/*
 * What a file says of one step; an array of these is what a profile is created
 * from. All pointers are borrowed during creation only.
 */
struct rw_step_spec {
    uint32_t repeat; /* 0: a segment; else how often `steps` are done, up to RW_REPEAT_COUNT_MAX */

    /* of a segment */
    enum rw_kind kind;
    uint32_t duration_ms; /* RW_SEGMENT_MS_MIN to RW_SESSION_MS_MAX */
    bool both_sides;      /* a left and a right segment, each of the full duration */
    const char *name;     /* UTF-8, or NULL */
    const char *say;      /* UTF-8, or NULL */
    /* What the file says for it here and further out; steps may share it. NULL: nothing. */
    const struct rw_cue_settings *cues;

    /* of a repeat */
    bool has_skip_last; /* leave out, in the last repetition, the last direct step of this kind */
    enum rw_kind skip_last;
    const struct rw_step_spec *steps;
    size_t step_count;
};

struct rw_profile_spec {
    const char *name;    /* required */
    const char *summary; /* or NULL */
    struct rw_policy policy;
    const struct rw_step_spec *steps;
    size_t step_count;
};

/*
 * One step as stored: a segment or a repeat. Siblings are adjacent, so that a seek
 * is a binary search a level. Offsets are within one repetition of the parent.
 */
struct rw_step {
    uint32_t repeat; /* 0: a segment */
    uint32_t first_child, child_count;
    uint32_t skip_first,
        skip_count; /* children left out in the last repetition, as child numbers */

    uint32_t duration_ms;   /* of a segment, or of one full repetition */
    uint32_t segment_count; /* in one full repetition; 1 for a segment */
    uint32_t run_count;     /* likewise */
    uint32_t start_ms;      /* planned start within one full repetition of the parent */
    uint32_t segments_before;
    uint32_t runs_before;

    enum rw_kind kind;
    enum rw_side side;
    const char *name; /* or NULL; owned by the profile, as are the next two */
    const char *say;
    const struct rw_cue_settings *cues; /* of a segment; NULL: nothing is said */
};

struct rw_profile;

/*
 * Creates a profile from SPEC; everything is copied. RW_ELIMIT: a duration, count,
 * depth or the whole session is out of bounds; RW_EINVALID: nothing to do is left,
 * or skip-last names a kind that is not there; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_profile_create(const struct rw_profile_spec *spec,
                                            struct rw_profile **ret_profile);
void rw_profile_destroy(struct rw_profile *profile);

const char *rw_profile_name(const struct rw_profile *profile);
const char *rw_profile_summary(const struct rw_profile *profile); /* "" when it has none */
const struct rw_policy *rw_profile_policy(const struct rw_profile *profile);
uint32_t rw_profile_segment_count(const struct rw_profile *profile);
uint32_t rw_profile_run_count(const struct rw_profile *profile);
uint32_t rw_profile_duration_ms(const struct rw_profile *profile);

/*
 * The steps as stored, for those who must look at each once. The first is the root: a repeat of one
 * that stands for the session itself.
 */
const struct rw_step *rw_profile_steps(const struct rw_profile *profile, size_t *ret_count);

/*
 * A copy whose steps can be fitted, and that is destroyed as a profile of its own. The texts remain
 * those of PROFILE, which must outlive it.
 */
RW_CHECKED enum rw_status rw_profile_copy(const struct rw_profile *profile,
                                          struct rw_profile **ret_copy);
/*
 * Gives the runs and walks of COPY the lengths that ADAPT makes of those in PROFILE, which it is a
 * copy of. *ret_changed: some have other lengths than before. RW_ELIMIT: the whole would be longer
 * than a number of ms holds; COPY is then as it was. In time proportional to the file.
 */
RW_CHECKED enum rw_status rw_profile_fit(struct rw_profile *copy, const struct rw_profile *profile,
                                         const struct rw_adapt *adapt, bool *ret_changed);

#endif
