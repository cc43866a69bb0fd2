/* What is said of a rest while it lasts: how long it does yet, and whether the runner is ready. */

#include "place.h"

/* Seconds before its end, in rests that last at least twice as long. */
static const uint32_t marks[] = {600, 300, 120, 60, 30};

static void cue_plan(struct rw_plan *plan, const struct rw_surroundings *around, rw_ns at,
                     struct rw_words words)
{
    const struct rw_stretch *stretch = around->stretch;
    if (at < stretch->from || at < stretch->floor || at >= stretch->end) {
        return;
    }
    struct rw_cue *cue = &plan->cues[plan->count++];
    *cue = (struct rw_cue){
        .type = RW_CUE_NEXT,
        .segment = stretch->segment,
        .at = at,
        .window = rw_type_window(RW_CUE_NEXT),
        .words = words,
    };
    rw_cue_place(around, cue, 0, &words, 1);
}

void rw_rest_plan(struct rw_plan *plan, const struct rw_surroundings *around)
{
    const struct rw_stretch *stretch = around->stretch;
    rw_ns length = stretch->end - stretch->start;
    struct rw_words ask = {.saying = RW_SAY_REST_OVER};
    if (stretch->asks_at != RW_NS_NEVER) {
        cue_plan(plan, around, stretch->asks_at, ask);
    }
    for (size_t i = 0; i < RW_COUNT(marks) && stretch->tells_rest; i++) {
        struct rw_words words = {.saying = RW_SAY_REST_LEFT, .duration_ms = marks[i] * 1000};
        if (length >= 2 * SECONDS(marks[i])) {
            cue_plan(plan, around, stretch->end - SECONDS(marks[i]), words);
        }
    }
}
