#include "runwalk/core/timeline.h"

#include "step.h"

/*
 * A seek looks for an index along one axis: segments or milliseconds. Both descend
 * the tree the same way; only the field that counts differs.
 */
enum axis { AXIS_SEGMENT, AXIS_MS };

static uint32_t step_offset(const struct rw_step *step, enum axis axis)
{
    return axis == AXIS_SEGMENT ? step->segments_before : step->start_ms;
}

static uint32_t step_extent(const struct rw_step *step, enum axis axis)
{
    return axis == AXIS_SEGMENT ? step->segment_count : step->duration_ms;
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
                index += (uint32_t)(axis == AXIS_SEGMENT ? skipped.segments : skipped.ms);
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
