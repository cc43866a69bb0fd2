#include "watch_model.h"

#include "watch_parts.h"

#include <stdio.h>
#include <string.h>

/* No time of a run is longer; and sums of times cannot overflow. */
#define INTEGER_MAX (INT64_C(1) << 50)

static int64_t member_integer(const json_t *object, const char *name, int64_t fallback)
{
    const json_t *value = json_object_get(object, name);
    int64_t integer = json_integer_value(value);
    bool is_sane = json_is_integer(value) && integer <= INTEGER_MAX && integer >= -INTEGER_MAX;
    return is_sane ? integer : fallback;
}

static uint32_t member_count(const json_t *object, const char *name, uint32_t fallback)
{
    int64_t value = member_integer(object, name, fallback);
    return value < 0 || value > UINT32_MAX ? 0 : (uint32_t)value;
}

/* Names come from files, so they are cleaned before anything draws them. */
static void member_text(const json_t *object, const char *name, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(object, name));
    rw_text_clean(text ? text : "", out, size);
}

static enum rw_watch_phase phase_of(const char *word)
{
    static const struct {
        const char *word;
        enum rw_watch_phase phase;
    } phases[] = {
        {"idle", RW_WATCH_IDLE},   {"chosen", RW_WATCH_CHOSEN},   {"preparing", RW_WATCH_PREPARING},
        {"armed", RW_WATCH_ARMED}, {"running", RW_WATCH_RUNNING}, {"paused", RW_WATCH_PAUSED},
        {"done", RW_WATCH_DONE},   {"stopped", RW_WATCH_STOPPED},
    };
    for (size_t i = 0; word && i < RW_COUNT(phases); i++) {
        if (strcmp(phases[i].word, word) == 0) {
            return phases[i].phase;
        }
    }
    return RW_WATCH_IDLE;
}

static void segment_take(struct rw_watch_segment *segment, const json_t *object)
{
    *segment = (struct rw_watch_segment){.is_known = false};
    const char *kind = json_string_value(json_object_get(object, "kind"));
    if (!kind || !rw_label_kind_find(kind, &segment->kind)) {
        return;
    }
    segment->is_known = true;
    member_text(object, "name", segment->name, sizeof segment->name);
    segment->run = member_count(object, "run", 0);
    segment->duration_ms = member_integer(object, "duration_ms", 0);
    segment->start_ms = member_integer(object, "start_ms", 0);
    segment->end_ms = member_integer(object, "end_ms", segment->start_ms + segment->duration_ms);

    const char *side = json_string_value(json_object_get(object, "side"));
    if (side) {
        segment->side = strcmp(side, "left") == 0    ? RW_SIDE_LEFT
                        : strcmp(side, "right") == 0 ? RW_SIDE_RIGHT
                                                     : RW_SIDE_NONE;
    }
    const json_t *reps = json_object_get(object, "reps");
    for (size_t i = 0; i < json_array_size(reps) && i < RW_REPEAT_DEPTH_MAX; i++) {
        const json_t *pair = json_array_get(reps, i);
        segment->reps[i] = (struct rw_rep){
            .number = (uint32_t)json_integer_value(json_array_get(pair, 0)),
            .total = (uint32_t)json_integer_value(json_array_get(pair, 1)),
        };
        segment->depth++;
    }
}

/* What is on and what comes, as a status and the event of a segment have it. */
static void place_take(struct rw_watch_state *state, const json_t *place)
{
    const json_t *rest = json_object_get(place, "rest");
    segment_take(&state->current, json_object_get(place, "segment"));
    segment_take(&state->next, json_object_get(place, "next"));
    state->is_resting = json_is_object(rest);
    if (state->is_resting && state->current.is_known) {
        state->current.depth = 0; /* those of the step that it interrupts */
        snprintf(state->current.name, sizeof state->current.name, "%s",
                 json_is_true(json_object_get(rest, "waits")) ? "until you are ready" : "resting");
    }
}

static void profile_take(struct rw_watch_state *state, const json_t *profile)
{
    char before[sizeof state->profile];
    memcpy(before, state->profile, sizeof before);
    member_text(profile, "name", state->profile, sizeof state->profile);
    if (strcmp(before, state->profile) != 0) {
        state->block_count = 0; /* they were another session's */
    }
    member_text(profile, "summary", state->summary, sizeof state->summary);
    state->duration_ms = member_integer(profile, "duration_ms", 0);
    state->runs = member_count(profile, "runs", 0);
}

static void output_take(struct rw_watch_state *state, const json_t *output)
{
    member_text(output, "device", state->device, sizeof state->device);
    if (strcmp(state->device, "null") == 0) {
        snprintf(state->device, sizeof state->device, "no sound");
    }
    member_text(output, "problem", state->problem, sizeof state->problem);
}

static void blocks_take(struct rw_watch_state *state, const json_t *blocks)
{
    if (!json_is_array(blocks)) {
        return;
    }
    state->block_count = 0;
    for (size_t i = 0; i < json_array_size(blocks) && i < RW_WATCH_BLOCKS_MAX; i++) {
        const json_t *object = json_array_get(blocks, i);
        struct rw_watch_block block = {
            .start_ms = member_integer(object, "start_ms", 0),
            .duration_ms = member_integer(object, "duration_ms", 0),
        };
        const char *kind = json_string_value(json_object_get(object, "kind"));
        if (kind && rw_label_kind_find(kind, &block.kind)) {
            state->blocks[state->block_count++] = block;
        }
    }
}

void rw_watch_take_status(struct rw_watch_state *state, const json_t *status)
{
    /* A run that is over is no longer told about; it ended where it was. */
    int64_t boot_ms = member_integer(status, "boot_ms", 0);
    int64_t last_ms = rw_watch_session_ms(state, boot_ms);
    int64_t last_end_ms = state->end_ms;

    state->phase = phase_of(json_string_value(json_object_get(status, "state")));
    profile_take(state, json_object_get(status, "profile"));
    state->runs_done = member_count(status, "runs_done", state->runs);
    bool is_over = state->phase == RW_WATCH_DONE || state->phase == RW_WATCH_STOPPED;
    state->origin_boot_ms = member_integer(status, "origin_boot_ms", 0);
    state->paused_boot_ms = member_integer(status, "paused_boot_ms", 0);
    state->end_ms = member_integer(status, "end_ms",
                                   is_over && last_end_ms > 0 ? last_end_ms : state->duration_ms);
    state->session_ms = member_integer(status, "session_ms",
                                       state->phase == RW_WATCH_DONE ? state->end_ms : last_ms);
    place_take(state, status);
    output_take(state, json_object_get(status, "output"));
    blocks_take(state, json_object_get(status, "blocks"));
    member_text(json_object_get(status, "awake"), "problem", state->asleep, sizeof state->asleep);
    const json_t *volume = json_object_get(status, "volume_db");
    state->volume_db = json_is_number(volume) ? json_number_value(volume) : 0.0;
}

bool rw_watch_take_event(struct rw_watch_state *state, const json_t *event)
{
    const char *name = json_string_value(json_object_get(event, "event"));
    if (!name) {
        return false;
    }
    if (strcmp(name, "state") == 0) {
        rw_watch_take_status(state, json_object_get(event, "status"));
        return rw_watch_is_live(state->phase) &&
               !json_object_get(json_object_get(event, "status"), "blocks");
    }
    if (strcmp(name, "segment") == 0) {
        place_take(state, event);
        state->end_ms = member_integer(event, "end_ms", state->end_ms);
    } else if (strcmp(name, "volume") == 0) {
        const json_t *volume = json_object_get(event, "volume_db");
        state->volume_db = json_is_number(volume) ? json_number_value(volume) : state->volume_db;
    } else if (strcmp(name, "output") == 0) {
        output_take(state, json_object_get(event, "output"));
    } else if (strcmp(name, "profile") == 0) {
        profile_take(state, json_object_get(event, "profile"));
    }
    return false;
}
