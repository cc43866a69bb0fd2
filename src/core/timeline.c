#include "runwalk/core/timeline.h"

#include "step.h"

/*
 * A seek looks for an index along one axis: segments, milliseconds or runs. All descend
 * the tree the same way; only the field that counts differs.
 */
enum axis { AXIS_SEGMENT, AXIS_MS, AXIS_RUN };

static uint32_t step_offset(const struct rw_step *step, enum axis axis)
{
    switch (axis) {
    case AXIS_SEGMENT:
        return step->segments_before;
    case AXIS_MS:
        return step->start_ms;
    case AXIS_RUN:
        break;
    }
    return step->runs_before;
}

static uint32_t step_extent(const struct rw_step *step, enum axis axis)
{
    switch (axis) {
    case AXIS_SEGMENT:
        return step->segment_count;
    case AXIS_MS:
        return step->duration_ms;
    case AXIS_RUN:
        break;
    }
    return step->run_count;
}

/* What is left out, along AXIS. */
static uint32_t total_along(const struct rw_total *total, enum axis axis)
{
    switch (axis) {
    case AXIS_SEGMENT:
        return (uint32_t)total->segments;
    case AXIS_MS:
        return (uint32_t)total->ms;
    case AXIS_RUN:
        break;
    }
    return (uint32_t)total->runs;
}

/* The last child of PARENT that begins at INDEX of one full repetition, or before. */
static const struct rw_step *child_find(const struct rw_step *steps, const struct rw_step *parent,
                                        enum axis axis, uint32_t index)
{
    const struct rw_step *children = &steps[parent->first_child];
    uint32_t low = 0;
    uint32_t high = parent->child_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (step_offset(&children[middle], axis) <= index) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &children[low];
}

static bool timeline_seek(const struct rw_profile *profile, enum axis axis, uint32_t index,
                          struct rw_position *ret_position)
{
    size_t step_count;
    const struct rw_step *steps = rw_profile_steps(profile, &step_count);
    const struct rw_step *step = &steps[0];
    if (index >= step_extent(step, axis)) {
        return false;
    }

    struct rw_position position = {0};
    for (unsigned level = 0; step->repeat > 0; level++) {
        uint32_t extent = step_extent(step, axis);
        uint32_t done = index / extent;
        if (done > step->repeat - 1) {
            done = step->repeat - 1;
        }
        index -= done * extent;
        position.segment += done * step->segment_count;
        position.run += done * step->run_count;
        position.start_ms += done * step->duration_ms;
        if (level > 0) { /* the root is the session itself, not a repeat of the file */
            position.reps[position.depth++] = (struct rw_rep){done + 1, step->repeat};
        }
        /* Behind what the last repetition leaves out, look where it would be if it were there. */
        if (step->skip_count > 0 && done == step->repeat - 1) {
            const struct rw_step *left_out = &steps[step->first_child + step->skip_first];
            if (index >= step_offset(left_out, axis)) {
                struct rw_total skipped = rw_step_skipped(steps, step);
                index += total_along(&skipped, axis);
                position.segment -= (uint32_t)skipped.segments;
                position.run -= (uint32_t)skipped.runs;
                position.start_ms -= (uint32_t)skipped.ms;
            }
        }
        step = child_find(steps, step, axis, index);
        index -= step_offset(step, axis);
        position.segment += step->segments_before;
        position.run += step->runs_before;
        position.start_ms += step->start_ms;
    }
    position.step = step;
    *ret_position = position;
    return true;
}

bool rw_timeline_seek(const struct rw_profile *profile, uint32_t segment,
                      struct rw_position *ret_position)
{
    return timeline_seek(profile, AXIS_SEGMENT, segment, ret_position);
}

bool rw_timeline_seek_ms(const struct rw_profile *profile, uint32_t ms,
                         struct rw_position *ret_position)
{
    return timeline_seek(profile, AXIS_MS, ms, ret_position);
}

bool rw_timeline_seek_run(const struct rw_profile *profile, uint32_t run,
                          struct rw_position *ret_position)
{
    return timeline_seek(profile, AXIS_RUN, run, ret_position);
}

static bool is_left_out(const struct rw_step *parent, uint32_t child)
{
    return child >= parent->skip_first && child < parent->skip_first + parent->skip_count;
}

/*
 * The last segment of KIND in STEP, counted from its beginning; false when there is none. What the
 * last repetition leaves out stands in the one before.
 */
static bool last_find(const struct rw_step *steps, const struct rw_step *step, enum rw_kind kind,
                      uint32_t *ret_segment)
{
    if (step->repeat == 0) {
        *ret_segment = 0;
        return step->kind == kind;
    }
    uint32_t first_round =
        step->repeat > 1 && step->skip_count > 0 ? step->repeat - 1 : step->repeat;
    for (uint32_t rounds = step->repeat; rounds >= first_round; rounds--) {
        bool is_last_round = rounds == step->repeat;
        uint32_t before = (rounds - 1) * step->segment_count;
        for (uint32_t i = step->child_count; i-- > 0;) {
            const struct rw_step *child = &steps[step->first_child + i];
            uint32_t inside;
            if ((is_last_round && is_left_out(step, i)) ||
                !last_find(steps, child, kind, &inside)) {
                continue;
            }
            bool is_behind = is_last_round && i >= step->skip_first + step->skip_count;
            uint32_t missing = is_behind ? step->skip_count : 0;
            *ret_segment = before + child->segments_before + inside - missing;
            return true;
        }
    }
    return false;
}

bool rw_timeline_seek_last(const struct rw_profile *profile, enum rw_kind kind,
                           struct rw_position *ret_position)
{
    size_t step_count;
    uint32_t segment;
    const struct rw_step *steps = rw_profile_steps(profile, &step_count);
    return last_find(steps, &steps[0], kind, &segment) &&
           rw_timeline_seek(profile, segment, ret_position);
}
