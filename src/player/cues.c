#include "cues.h"

enum rw_status rw_cues_add(struct cues *cues, const struct rw_play *play)
{
    if (cues->count == RW_COUNT(cues->list)) {
        return RW_EFULL;
    }
    struct cue *cue = &cues->list[cues->count++];
    *cue = (struct cue){
        .play =
            {
                .cue = play->cue,
                .at = play->at,
                .not_after = play->not_after > play->at ? play->not_after : play->at,
                .epoch = play->epoch,
                .bus = play->bus,
                .frames = play->utterance.frames,
                .part_count = play->utterance.part_count,
            },
    };
    for (uint32_t i = 0; i < play->utterance.part_count; i++) {
        cue->play.parts[i].clip = play->utterance.parts[i].clip;
        cue->play.parts[i].offset = play->utterance.parts[i].offset;
    }
    return RW_OK;
}

struct cue *rw_cues_find(struct cues *cues, uint64_t number)
{
    for (size_t i = 0; i < cues->count; i++) {
        if (cues->list[i].play.cue == number) {
            return &cues->list[i];
        }
    }
    return NULL;
}

void rw_cues_remove(struct cues *cues, struct cue *cue)
{
    *cue = cues->list[--cues->count];
}

struct cue *rw_cues_first_held(struct cues *cues)
{
    struct cue *first = NULL;

    for (size_t i = 0; i < cues->count; i++) {
        struct cue *cue = &cues->list[i];
        if (cue->state == CUE_HELD && (!first || cue->play.at < first->play.at)) {
            first = cue;
        }
    }
    return first;
}

rw_ns rw_cues_due(const struct cues *cues)
{
    rw_ns due = RW_NS_NEVER;

    for (size_t i = 0; i < cues->count; i++) {
        if (cues->list[i].state != CUE_STARTED && cues->list[i].play.at < due) {
            due = cues->list[i].play.at;
        }
    }
    return due;
}

bool rw_cues_any_out(const struct cues *cues)
{
    for (size_t i = 0; i < cues->count; i++) {
        if (cues->list[i].state != CUE_HELD) {
            return true;
        }
    }
    return false;
}

bool rw_cues_use_clip(const struct cues *cues, uint32_t clip)
{
    for (size_t i = 0; i < cues->count; i++) {
        const struct cue *cue = &cues->list[i];
        for (uint32_t part = 0; cue->state != CUE_HELD && part < cue->play.part_count; part++) {
            if (cue->play.parts[part].clip == clip) {
                return true;
            }
        }
    }
    return false;
}

rw_ns rw_cue_end(const struct cue *cue, rw_ns start)
{
    return start + (rw_ns)cue->play.frames * RW_NS_PER_SECOND / RW_RATE;
}
