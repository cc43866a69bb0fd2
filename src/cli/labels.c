#include "labels.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

const char *rw_label_kind(enum rw_kind kind)
{
    switch (kind) {
    case RW_KIND_WARMUP:
        return "Warm up";
    case RW_KIND_RUN:
        return "Run";
    case RW_KIND_WALK:
        return "Walk";
    case RW_KIND_COOLDOWN:
        return "Cool down";
    case RW_KIND_REST:
        return "Rest";
    case RW_KIND_EXERCISE:
        return "Exercise";
    }
    return "";
}

bool rw_label_kind_find(const char *word, enum rw_kind *ret_kind)
{
    for (int kind = 0; kind < RW_KIND_COUNT; kind++) {
        if (strcmp(word, rw_kind_name((enum rw_kind)kind)) == 0) {
            *ret_kind = (enum rw_kind)kind;
            return true;
        }
    }
    return false;
}

static const char *side_label(enum rw_side side)
{
    switch (side) {
    case RW_SIDE_NONE:
        return "";
    case RW_SIDE_LEFT:
        return "left side";
    case RW_SIDE_RIGHT:
        return "right side";
    }
    return "";
}

void rw_label_segment(enum rw_kind kind, enum rw_side side, const char *name, uint32_t run,
                      uint32_t runs, char out[RW_LABEL_MAX])
{
    char clean[96] = "";
    if (name) {
        rw_text_clean(name, clean, sizeof clean);
    }
    const char *side_text = side_label(side);
    const char *side_comma = side == RW_SIDE_NONE ? "" : ", ";

    if (kind == RW_KIND_EXERCISE && clean[0] != '\0') {
        snprintf(out, RW_LABEL_MAX, "%s%s%s", clean, side_comma, side_text);
        return;
    }
    int used = snprintf(out, RW_LABEL_MAX, "%s", rw_label_kind(kind));
    if (run > 0 && runs > 1) {
        used += snprintf(out + used, RW_LABEL_MAX - (size_t)used, " %u of %u", run, runs);
    }
    snprintf(out + used, RW_LABEL_MAX - (size_t)used, "%s%s%s%s", side_comma, side_text,
             clean[0] != '\0' ? ", " : "", clean);
}

void rw_label_reps(const struct rw_rep *reps, uint32_t depth, char out[RW_LABEL_MAX])
{
    size_t used = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < depth; i++) {
        used += (size_t)snprintf(out + used, RW_LABEL_MAX - used, "%s%u of %u", i > 0 ? ", " : "",
                                 reps[i].number, reps[i].total);
    }
}

const char *rw_label_cue(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_CHANGE:
        return "the change tone";
    case RW_CUE_ANNOUNCE:
        return "the announcement";
    case RW_CUE_COUNTDOWN:
        return "the countdown";
    case RW_CUE_ANSWER:
        return "the answer";
    case RW_CUE_CARE:
        return "the answer about pain";
    case RW_CUE_NEXT:
        return "the \"next\" warning";
    case RW_CUE_HALFWAY:
        return "\"halfway\"";
    case RW_CUE_TIME_LEFT:
        return "the time left";
    case RW_CUE_SAY:
        return "its own words (say)";
    case RW_CUE_DEAD_POINT:
        return "a word on the dead point";
    case RW_CUE_ENCOURAGE:
        return "an encouragement";
    case RW_CUE_BREATHING:
        return "a word on breathing";
    case RW_CUE_POSTURE:
        return "a word on posture";
    case RW_CUE_CADENCE:
        return "the cadence";
    }
    return "";
}

const char *rw_label_fate(enum rw_cue_fate fate)
{
    switch (fate) {
    case RW_CUE_PLANNED:
        return "planned";
    case RW_CUE_SHORTENED:
        return "shortened";
    case RW_CUE_MOVED:
        return "moved";
    case RW_CUE_DROPPED:
        return "dropped";
    }
    return "";
}

const char *rw_label_tone(enum rw_saying saying)
{
    static const char *const labels[] = {
        [RW_SAY_TONE_RUN] = "rising tone",
        [RW_SAY_TONE_WALK] = "falling tone",
        [RW_SAY_TONE_FINISH] = "finish tone",
        [RW_SAY_TICK] = "tick",
    };
    return saying < RW_COUNT(labels) ? labels[saying] : "";
}
