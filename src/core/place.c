#include "place.h"

/* Apart from the draws of what is said unasked. */
#define VARIANT_DRAW 1000

static const rw_ns pause_after_tone = MS(150);  /* a change tone of 0.35 s: words at 0.5 s */
static const rw_ns clear_before_tick = MS(100); /* words end this long before a tick */
static const rw_ns unasked_before_tick = SECONDS(1);

rw_ns rw_type_window(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_CHANGE:
    case RW_CUE_ANNOUNCE:
    case RW_CUE_ANSWER:
    case RW_CUE_CARE:
        return SECONDS(3);
    case RW_CUE_COUNTDOWN:
        return MS(100);
    case RW_CUE_NEXT:
    case RW_CUE_DEAD_POINT:
    case RW_CUE_ENCOURAGE:
    case RW_CUE_BREATHING:
    case RW_CUE_POSTURE:
        return SECONDS(1);
    case RW_CUE_HALFWAY:
    case RW_CUE_TIME_LEFT:
    case RW_CUE_SAY:
        return SECONDS(10);
    case RW_CUE_CADENCE:
        return 0;
    }
    return 0;
}

/* What nobody asked for keeps away from other words. */
static bool is_unasked(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_DEAD_POINT:
    case RW_CUE_ENCOURAGE:
    case RW_CUE_BREATHING:
    case RW_CUE_POSTURE:
        return true;
    case RW_CUE_CHANGE:
    case RW_CUE_ANNOUNCE:
    case RW_CUE_COUNTDOWN:
    case RW_CUE_ANSWER:
    case RW_CUE_CARE:
    case RW_CUE_NEXT:
    case RW_CUE_HALFWAY:
    case RW_CUE_TIME_LEFT:
    case RW_CUE_SAY:
    case RW_CUE_CADENCE:
        break;
    }
    return false;
}

static rw_ns room_between(const struct rw_surroundings *around, const struct rw_cue *one,
                          const struct rw_cue *other)
{
    bool keeps_away = is_unasked(one->type) || is_unasked(other->type);
    return keeps_away ? around->clearance : around->room;
}

rw_ns rw_cue_gap(const struct rw_surroundings *around, const struct rw_cue *first,
                 const struct rw_cue *second)
{
    if (second->type == RW_CUE_COUNTDOWN || first->type == RW_CUE_COUNTDOWN) {
        bool is_near = !is_unasked(first->type) && !is_unasked(second->type);
        return is_near ? clear_before_tick : unasked_before_tick;
    }
    if (first->type == RW_CUE_CHANGE) {
        return pause_after_tone;
    }
    return room_between(around, first, second);
}

/* Where CUE must move to so as not to touch OTHER; `at` itself when it is clear. */
static rw_ns clear_of(const struct rw_surroundings *around, const struct rw_cue *cue, rw_ns at,
                      rw_ns length, const struct rw_cue *other)
{
    bool counts = other != cue && other->fate != RW_CUE_DROPPED && other->type != RW_CUE_CADENCE;
    if (!counts || other->length == 0) {
        return at;
    }
    bool before = at + length + rw_cue_gap(around, cue, other) <= other->at;
    rw_ns free_at = other->at + other->length + rw_cue_gap(around, other, cue);
    return before || at >= free_at ? at : free_at;
}

/*
 * Where CUE must move to so as not to touch what is already placed: `at` itself when it is
 * clear, else the end of what stands in the way. One pass; the caller repeats until it is stable.
 */
static rw_ns clear_after(const struct rw_surroundings *around, const struct rw_cue *cue, rw_ns at,
                         rw_ns length)
{
    const struct rw_stretch *stretch = around->stretch;
    rw_ns answer_room = is_unasked(cue->type) ? around->clearance : around->room;
    if (rw_cue_type_speaks(cue->type) && stretch->busy_until > stretch->floor &&
        at < stretch->busy_until + answer_room && at + length > stretch->floor) {
        return stretch->busy_until + answer_room;
    }
    if (around->before) {
        rw_ns clear = clear_of(around, cue, at, length, around->before);
        if (clear != at) {
            return clear;
        }
    }
    for (size_t i = 0; i < around->plan->count; i++) {
        rw_ns clear = clear_of(around, cue, at, length, &around->plan->cues[i]);
        if (clear != at) {
            return clear;
        }
    }
    return at;
}

/* Finds the earliest clear moment from `at` to LATEST; RW_DROP_NONE and the moment, or why not. */
static enum rw_drop_reason slot_find(const struct rw_surroundings *around, const struct rw_cue *cue,
                                     rw_ns at, rw_ns latest, rw_ns length, rw_ns *ret_at)
{
    for (size_t i = 0; i <= around->plan->count + 1; i++) {
        rw_ns clear = clear_after(around, cue, at, length);
        if (clear == at) {
            break;
        }
        at = MS((clear + MS(1) - 1) / MS(1)); /* what has moved stands on a whole millisecond */
    }
    if (at > latest || clear_after(around, cue, at, length) != at) {
        return RW_DROP_COLLISION;
    }
    if (!around->is_finish && at + length + around->before_end > around->stretch->end) {
        return RW_DROP_TOO_SHORT;
    }
    bool is_answer = cue->type == RW_CUE_ANSWER || cue->type == RW_CUE_CARE;
    bool is_unwanted =
        rw_cue_type_speaks(cue->type) && !is_answer && at < around->stretch->quiet_until;
    if (is_unwanted) {
        return RW_DROP_QUIET;
    }
    *ret_at = at;
    return RW_DROP_NONE;
}

static void cue_drop(const struct rw_surroundings *around, struct rw_cue *cue,
                     enum rw_drop_reason reason)
{
    if (cue->at > around->stretch->end) {
        cue->at = around->stretch->end; /* so that plans stay in order, one after the other */
    }
    cue->fate = RW_CUE_DROPPED;
    cue->reason = reason;
    cue->length = 0;
    cue->window = 0;
}

/* Which of the recordings of its phrases CUE takes. */
static uint32_t cue_variant(const struct rw_surroundings *around, const struct rw_cue *cue)
{
    uint64_t drawn = rw_chance(around->seed, VARIANT_DRAW + (uint64_t)cue->type, cue->segment);
    return (uint32_t)(drawn >> 32);
}

void rw_cue_place(const struct rw_surroundings *around, struct rw_cue *cue, rw_ns move,
                  const struct rw_words *variants, size_t variant_count)
{
    const struct rw_stretch *stretch = around->stretch;
    rw_ns wanted = cue->at;
    rw_ns earliest = wanted > stretch->floor ? wanted : stretch->floor;
    rw_ns latest = earliest > wanted + move ? earliest : wanted + move;
    enum rw_drop_reason reason = RW_DROP_UNSPEAKABLE;
    for (size_t i = 0; i < variant_count; i++) {
        struct rw_words words = variants[i];
        words.variant = cue_variant(around, cue);
        rw_ns length = around->measure->length(around->measure->context, &words);
        rw_ns at = 0;
        if (length < 0) {
            continue;
        }
        reason = slot_find(around, cue, earliest, latest, length, &at);
        if (reason != RW_DROP_NONE) {
            continue;
        }
        cue->words = words;
        cue->at = at;
        cue->length = length;
        cue->fate = i > 0 ? RW_CUE_SHORTENED : at > wanted ? RW_CUE_MOVED : RW_CUE_PLANNED;
        rw_ns room = stretch->end - around->before_end - at - length;
        if (!around->is_finish && room < cue->window) {
            cue->window = room > 0 ? room : 0;
        }
        return;
    }
    cue_drop(around, cue, reason);
}
