/*
 * Random profiles for property tests, and a seedable source of numbers for them.
 */
#ifndef RANDOM_PROFILE_H
#define RANDOM_PROFILE_H

#include "runwalk/core/profile.h"

#include <stdlib.h>

#define RANDOM_STEPS_MAX 512

struct random_source {
    uint64_t state;
};

/* A number from LOW to HIGH, both included (splitmix64). */
static inline uint32_t random_between(struct random_source *source, uint32_t low, uint32_t high)
{
    uint64_t z = (source->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    z ^= z >> 31;
    return low + (uint32_t)(z % ((uint64_t)high - low + 1));
}

/* The specs of one random profile; the tree's arrays live in `steps`. */
struct random_profile {
    struct rw_step_spec steps[RANDOM_STEPS_MAX];
    struct rw_cue_settings cues[RANDOM_STEPS_MAX]; /* of each step */
    size_t used;
    struct rw_profile_spec spec;
};

static inline struct rw_step_spec *random_steps_make(struct random_profile *profile,
                                                     struct random_source *source, unsigned depth,
                                                     size_t *ret_count)
{
    size_t count = random_between(source, 1, 4);
    struct rw_step_spec *steps = &profile->steps[profile->used];
    profile->used += count;
    for (size_t i = 0; i < count; i++) {
        struct rw_step_spec *step = &steps[i];
        struct rw_cue_settings *cues = &profile->cues[step - profile->steps];
        *cues = rw_cue_settings_default;
        *step = (struct rw_step_spec){.cues = cues};
        bool repeats =
            depth < 4 && profile->used + 8 < RANDOM_STEPS_MAX && random_between(source, 0, 2) == 0;
        if (!repeats) {
            step->kind = (enum rw_kind)random_between(source, 0, RW_KIND_COUNT - 1);
            step->duration_ms = random_between(source, 0, 3) == 0
                                    ? random_between(source, 1000, 6000)
                                    : random_between(source, 1000, 150000);
            step->both_sides = random_between(source, 0, 7) == 0;
            step->name = random_between(source, 0, 5) == 0 ? "Name" : NULL;
            step->say = random_between(source, 0, 3) == 0 ? "Some words." : NULL;
            cues->announce = (enum rw_announce)random_between(source, 0, 3);
            cues->count = (enum rw_count)random_between(source, 0, 2);
            cues->next = (enum rw_next)random_between(source, 0, 2);
            cues->next_ms = random_between(source, RW_NEXT_MS_MIN, RW_NEXT_MS_MAX);
            cues->countdown = (uint8_t)random_between(source, 0, RW_COUNTDOWN_MAX);
            cues->halfway = random_between(source, 0, 3) != 0;
            continue;
        }
        step->repeat = random_between(source, 1, 4);
        step->steps = random_steps_make(profile, source, depth + 1, &step->step_count);
        const struct rw_step_spec *last = &step->steps[step->step_count - 1];
        step->has_skip_last = random_between(source, 0, 1) == 0 && last->repeat == 0 &&
                              (step->step_count > 1 || step->repeat > 1);
        step->skip_last = last->kind;
    }
    *ret_count = count;
    return steps;
}

/* Makes a profile of at most 24 h; the caller destroys it. */
static inline struct rw_profile *random_profile_create(struct random_source *source,
                                                       struct random_profile *ret_source)
{
    struct rw_profile *profile = NULL;
    while (!profile) {
        ret_source->used = 0;
        ret_source->spec = (struct rw_profile_spec){.name = "Random"};
        ret_source->spec.steps =
            random_steps_make(ret_source, source, 0, &ret_source->spec.step_count);
        if (rw_profile_create(&ret_source->spec, &profile) != RW_OK) {
            profile = NULL;
        }
    }
    return profile;
}

#endif
