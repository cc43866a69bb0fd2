#include "runwalk/core/profile.h"

#include "step.h"

#include <stdlib.h>
#include <string.h>

struct rw_profile {
    const char *name;
    const char *summary;
    struct rw_policy policy;
    struct rw_adapt adapt; /* that the steps are fitted to */
    size_t step_count;
    struct rw_step *steps;        /* steps[0] is the root: a repeat of one */
    char *text;                   /* all strings, each ended by a NUL; NULL in a copy */
    struct rw_cue_settings *cues; /* of all segments; likewise */
};

const char *rw_kind_name(enum rw_kind kind)
{
    switch (kind) {
    case RW_KIND_WARMUP:
        return "warmup";
    case RW_KIND_RUN:
        return "run";
    case RW_KIND_WALK:
        return "walk";
    case RW_KIND_COOLDOWN:
        return "cooldown";
    case RW_KIND_REST:
        return "rest";
    case RW_KIND_EXERCISE:
        return "exercise";
    }
    return "";
}

const char *rw_side_name(enum rw_side side)
{
    switch (side) {
    case RW_SIDE_NONE:
        return NULL;
    case RW_SIDE_LEFT:
        return "left";
    case RW_SIDE_RIGHT:
        return "right";
    }
    return NULL;
}

/*
 * Which segments share settings: those that name the same ones as one of the two segments with
 * others before. As a rule runs and walks take turns.
 */
struct sharing {
    const struct rw_cue_settings *named[2];
    size_t numbers[2]; /* of the copies */
    size_t oldest;     /* of the two */
    size_t count;      /* of the copies so far */
};

/* The number of the copy of NAMED; it is `count` of before when there is none yet. */
static size_t sharing_number(struct sharing *sharing, const struct rw_cue_settings *named)
{
    for (size_t i = 0; i < RW_COUNT(sharing->named) && i < sharing->count; i++) {
        if (sharing->named[i] == named) {
            return sharing->numbers[i];
        }
    }
    size_t slot = sharing->oldest;
    sharing->named[slot] = named;
    sharing->numbers[slot] = sharing->count;
    sharing->oldest = 1 - slot;
    return sharing->count++;
}

/* What a profile needs in memory, counted before anything is allocated. */
struct need {
    size_t steps;
    size_t text;
    struct sharing sharing;
};

static size_t text_size(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static enum rw_status need_count(const struct rw_step_spec *specs, size_t count, unsigned depth,
                                 struct need *need)
{
    if (count == 0) {
        return RW_EINVALID;
    }
    for (size_t i = 0; i < count; i++) {
        const struct rw_step_spec *spec = &specs[i];
        need->steps += spec->repeat == 0 && spec->both_sides ? 2 : 1;
        need->text += text_size(spec->name) + text_size(spec->say);
        if (spec->repeat == 0) {
            if (spec->cues) {
                sharing_number(&need->sharing, spec->cues);
            }
            continue;
        }
        if (depth == RW_REPEAT_DEPTH_MAX || spec->repeat > RW_REPEAT_COUNT_MAX) {
            return RW_ELIMIT;
        }
        enum rw_status status = need_count(spec->steps, spec->step_count, depth + 1, need);
        if (status != RW_OK) {
            return status;
        }
    }
    return need->steps > UINT32_MAX / 2 ? RW_ELIMIT : RW_OK;
}

struct builder {
    struct rw_profile *profile;
    char *text;
    struct sharing sharing;
};

static const char *text_copy(struct builder *builder, const char *text)
{
    if (!text) {
        return NULL;
    }
    size_t size = strlen(text) + 1;
    char *copy = memcpy(builder->text, text, size);
    builder->text += size;
    return copy;
}

static const struct rw_cue_settings *cues_copy(struct builder *builder,
                                               const struct rw_cue_settings *cues)
{
    if (!cues) {
        return NULL;
    }
    size_t count = builder->sharing.count;
    size_t number = sharing_number(&builder->sharing, cues);
    struct rw_cue_settings *copy = &builder->profile->cues[number];
    if (number == count) {
        *copy = *cues;
    }
    return copy;
}

static enum rw_status steps_place(struct builder *builder, struct rw_step *parent,
                                  const struct rw_step_spec *specs, size_t count);

static enum rw_status segment_place(struct builder *builder, const struct rw_step_spec *spec,
                                    struct rw_step *step)
{
    if (spec->duration_ms < RW_SEGMENT_MS_MIN || spec->duration_ms > RW_SESSION_MS_MAX) {
        return RW_ELIMIT;
    }
    *step = (struct rw_step){
        .duration_ms = spec->duration_ms,
        .segment_count = 1,
        .run_count = spec->kind == RW_KIND_RUN,
        .kind = spec->kind,
        .side = spec->both_sides ? RW_SIDE_LEFT : RW_SIDE_NONE,
        .name = text_copy(builder, spec->name),
        .say = text_copy(builder, spec->say),
        .cues = cues_copy(builder, spec->cues),
    };
    if (spec->both_sides) {
        step[1] = step[0];
        step[1].side = RW_SIDE_RIGHT;
        step[1].say = NULL;
    }
    return RW_OK;
}

/* Finds the children that the last repetition leaves out. */
static enum rw_status skip_resolve(const struct rw_step *steps, struct rw_step *repeat,
                                   enum rw_kind kind)
{
    const struct rw_step *children = &steps[repeat->first_child];
    for (uint32_t i = repeat->child_count; i-- > 0;) {
        if (children[i].repeat == 0 && children[i].kind == kind) {
            bool pair = children[i].side == RW_SIDE_RIGHT;
            repeat->skip_first = pair ? i - 1 : i;
            repeat->skip_count = pair ? 2 : 1;
            return RW_OK;
        }
    }
    return RW_EINVALID;
}

static enum rw_status repeat_place(struct builder *builder, const struct rw_step_spec *spec,
                                   struct rw_step *step)
{
    *step = (struct rw_step){.repeat = spec->repeat};
    enum rw_status status = steps_place(builder, step, spec->steps, spec->step_count);
    if (status == RW_OK && spec->has_skip_last) {
        status = skip_resolve(builder->profile->steps, step, spec->skip_last);
    }
    return status;
}

/*
 * Gives the children their offsets and the parent the sums of one full repetition, of at most
 * MS_MAX.
 */
static enum rw_status offsets_sum(struct rw_profile *profile, struct rw_step *parent,
                                  uint64_t ms_max)
{
    struct rw_total sum = {0, 0, 0};
    for (uint32_t i = 0; i < parent->child_count; i++) {
        struct rw_step *child = &profile->steps[parent->first_child + i];
        struct rw_total total = rw_step_total(profile->steps, child);
        if (total.segments == 0) {
            return RW_EINVALID;
        }
        child->start_ms = (uint32_t)sum.ms;
        child->segments_before = (uint32_t)sum.segments;
        child->runs_before = (uint32_t)sum.runs;
        sum.ms += total.ms;
        sum.segments += total.segments;
        sum.runs += total.runs;
        if (sum.ms > ms_max) {
            return RW_ELIMIT;
        }
    }
    parent->duration_ms = (uint32_t)sum.ms;
    parent->segment_count = (uint32_t)sum.segments;
    parent->run_count = (uint32_t)sum.runs;
    return RW_OK;
}

/* Places the children of PARENT side by side, then what is inside each. */
static enum rw_status steps_place(struct builder *builder, struct rw_step *parent,
                                  const struct rw_step_spec *specs, size_t count)
{
    struct rw_profile *profile = builder->profile;
    size_t slots = 0;
    for (size_t i = 0; i < count; i++) {
        slots += specs[i].repeat == 0 && specs[i].both_sides ? 2 : 1;
    }
    parent->first_child = (uint32_t)profile->step_count;
    parent->child_count = (uint32_t)slots;
    struct rw_step *step = &profile->steps[profile->step_count];
    profile->step_count += slots;
    for (size_t i = 0; i < count; i++) {
        enum rw_status status = specs[i].repeat > 0 ? repeat_place(builder, &specs[i], step)
                                                    : segment_place(builder, &specs[i], step);
        if (status != RW_OK) {
            return status;
        }
        step += specs[i].repeat == 0 && specs[i].both_sides ? 2 : 1;
    }
    return offsets_sum(profile, parent, RW_SESSION_MS_MAX);
}

enum rw_status rw_profile_create(const struct rw_profile_spec *spec,
                                 struct rw_profile **ret_profile)
{
    struct need need = {.steps = 1, .text = text_size(spec->name) + text_size(spec->summary)};
    enum rw_status status = spec->name ? RW_OK : RW_EINVALID;
    if (status == RW_OK) {
        status = need_count(spec->steps, spec->step_count, 0, &need);
    }
    if (status != RW_OK) {
        return status;
    }

    struct rw_profile *profile = calloc(1, sizeof *profile);
    if (!profile) {
        return RW_EMEMORY;
    }
    profile->steps = calloc(need.steps, sizeof *profile->steps);
    profile->text = malloc(need.text);
    profile->cues = calloc(need.sharing.count + 1, sizeof *profile->cues);
    if (!profile->steps || !profile->text || !profile->cues) {
        status = RW_EMEMORY;
        goto fail;
    }
    struct builder builder = {.profile = profile, .text = profile->text};
    profile->name = text_copy(&builder, spec->name);
    profile->summary = text_copy(&builder, spec->summary);
    profile->policy = spec->policy;
    profile->step_count = 1;
    profile->steps[0] = (struct rw_step){.repeat = 1};
    status = steps_place(&builder, &profile->steps[0], spec->steps, spec->step_count);
    if (status != RW_OK) {
        goto fail;
    }
    *ret_profile = profile;
    return RW_OK;

fail:
    rw_profile_destroy(profile);
    return status;
}

void rw_profile_destroy(struct rw_profile *profile)
{
    if (profile) {
        free(profile->steps);
        free(profile->text);
        free(profile->cues);
        free(profile);
    }
}

const char *rw_profile_name(const struct rw_profile *profile)
{
    return profile->name;
}

const char *rw_profile_summary(const struct rw_profile *profile)
{
    return profile->summary ? profile->summary : "";
}

const struct rw_policy *rw_profile_policy(const struct rw_profile *profile)
{
    return &profile->policy;
}

uint32_t rw_profile_segment_count(const struct rw_profile *profile)
{
    return profile->steps[0].segment_count;
}

uint32_t rw_profile_run_count(const struct rw_profile *profile)
{
    return profile->steps[0].run_count;
}

uint32_t rw_profile_duration_ms(const struct rw_profile *profile)
{
    return profile->steps[0].duration_ms;
}

const struct rw_step *rw_profile_steps(const struct rw_profile *profile, size_t *ret_count)
{
    *ret_count = profile->step_count;
    return profile->steps;
}

enum rw_status rw_profile_copy(const struct rw_profile *profile, struct rw_profile **ret_copy)
{
    struct rw_profile *copy = malloc(sizeof *copy);
    if (!copy) {
        return RW_EMEMORY;
    }
    *copy = *profile;
    copy->text = NULL;
    copy->cues = NULL;
    copy->steps = malloc(profile->step_count * sizeof *copy->steps);
    if (!copy->steps) {
        free(copy);
        return RW_EMEMORY;
    }
    memcpy(copy->steps, profile->steps, profile->step_count * sizeof *copy->steps);
    *ret_copy = copy;
    return RW_OK;
}

static uint32_t step_fitted(const struct rw_profile *profile, const struct rw_step *step,
                            const struct rw_adapt *adapt)
{
    switch (step->kind) {
    case RW_KIND_RUN:
        return rw_adapt_run(&profile->policy, adapt, step->duration_ms);
    case RW_KIND_WALK:
        return rw_adapt_walk(&profile->policy, adapt, step->duration_ms);
    case RW_KIND_WARMUP:
    case RW_KIND_COOLDOWN:
    case RW_KIND_REST:
    case RW_KIND_EXERCISE:
        break;
    }
    return step->duration_ms;
}

/* Children stand behind their parents, so that sums are made from the end on. */
static enum rw_status steps_fit(struct rw_profile *copy, const struct rw_profile *profile,
                                const struct rw_adapt *adapt, bool *changed)
{
    enum rw_status status = RW_OK;
    for (size_t i = copy->step_count; i-- > 0 && status == RW_OK;) {
        struct rw_step *step = &copy->steps[i];
        if (step->repeat > 0) {
            status = offsets_sum(copy, step, UINT32_MAX);
            continue;
        }
        uint32_t ms = step_fitted(profile, &profile->steps[i], adapt);
        *changed = *changed || ms != step->duration_ms;
        step->duration_ms = ms;
    }
    return status;
}

enum rw_status rw_profile_fit(struct rw_profile *copy, const struct rw_profile *profile,
                              const struct rw_adapt *adapt, bool *ret_changed)
{
    bool changed = false;
    bool ignored = false;
    enum rw_status status = steps_fit(copy, profile, adapt, &changed);
    if (status != RW_OK) {
        enum rw_status undone = steps_fit(copy, profile, &copy->adapt, &ignored);
        (void)undone; /* they have been fitted like that before */
        return status;
    }
    copy->adapt = *adapt;
    *ret_changed = changed;
    return RW_OK;
}

struct rw_total rw_step_skipped(const struct rw_step *steps, const struct rw_step *step)
{
    struct rw_total skipped = {0, 0, 0};
    for (uint32_t i = 0; i < step->skip_count; i++) {
        const struct rw_step *child = &steps[step->first_child + step->skip_first + i];
        skipped.ms += child->duration_ms;
        skipped.segments += 1;
        skipped.runs += child->run_count;
    }
    return skipped;
}

struct rw_total rw_step_total(const struct rw_step *steps, const struct rw_step *step)
{
    uint64_t times = step->repeat ? step->repeat : 1;
    struct rw_total skipped = rw_step_skipped(steps, step);
    return (struct rw_total){
        .ms = step->duration_ms * times - skipped.ms,
        .segments = step->segment_count * times - skipped.segments,
        .runs = step->run_count * times - skipped.runs,
    };
}
