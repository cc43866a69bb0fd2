/* check: whether profiles are valid, and which of their cues do not fit. */

#include "labels.h"
#include "load.h"
#include "runwalk/coach/measure.h"
#include "script.h"
#include "text.h"

#include <string.h>

#define FINDINGS_MAX 24

/* One thing that happens to a cue, however often the step is repeated. */
struct finding {
    const struct rw_step *step; /* NULL: the finish */
    enum rw_cue_type type;
    enum rw_cue_fate fate;
    enum rw_drop_reason reason;
    uint32_t count;        /* of segments that it happens in */
    uint32_t last_segment; /* three lost ticks of one countdown are one loss */
    rw_ns first_at;
};

struct findings {
    struct finding list[FINDINGS_MAX];
    size_t count;
    uint32_t more; /* beyond those listed */
};

/* Steps that a reader could not tell apart are one. */
static bool step_is_alike(const struct rw_step *a, const struct rw_step *b)
{
    if (a == b || !a || !b) {
        return a == b;
    }
    bool same_name =
        (!a->name && !b->name) || (a->name && b->name && strcmp(a->name, b->name) == 0);
    return same_name && a->kind == b->kind && a->side == b->side &&
           a->duration_ms == b->duration_ms;
}

static void finding_add(struct findings *findings, const struct rw_step *step,
                        const struct rw_cue *cue)
{
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = &findings->list[i];
        if (finding->type == cue->type && finding->fate == cue->fate &&
            finding->reason == cue->reason && step_is_alike(finding->step, step)) {
            finding->count += finding->last_segment != cue->segment;
            finding->last_segment = cue->segment;
            return;
        }
    }
    if (findings->count == FINDINGS_MAX) {
        findings->more++;
        return;
    }
    findings->list[findings->count++] = (struct finding){
        .step = step,
        .type = cue->type,
        .fate = cue->fate,
        .reason = cue->reason,
        .count = 1,
        .last_segment = cue->segment,
        .first_at = cue->at,
    };
}

static enum rw_status findings_collect(const struct rw_profile *profile,
                                       const struct rw_voice *voice, struct findings *findings)
{
    struct rw_script *script;
    enum rw_status status = rw_script_open(profile, rw_coach_measure(voice), &script);
    if (status != RW_OK) {
        return status;
    }
    struct rw_script_item item;
    while (rw_script_next(script, &item)) {
        bool is_loss = item.type == RW_SCRIPT_CUE &&
                       (item.cue.fate == RW_CUE_DROPPED || item.cue.fate == RW_CUE_SHORTENED);
        /* What nothing can speak is listed by its words. */
        if (is_loss && item.cue.reason != RW_DROP_UNSPEAKABLE) {
            struct rw_position position;
            bool is_step = rw_timeline_seek(profile, item.cue.segment, &position);
            finding_add(findings, is_step ? position.step : NULL, &item.cue);
        }
    }
    rw_script_close(script);
    return RW_OK;
}

static void finding_print(const struct rw_invocation *invocation, const struct finding *finding)
{
    char label[RW_LABEL_MAX] = "the finish";
    char length[RW_TEXT_TIME_MAX + 8] = "";
    char at[RW_TEXT_TIME_MAX];
    if (finding->step) {
        char span[RW_TEXT_TIME_MAX];
        rw_label_segment(finding->step->kind, finding->step->side, finding->step->name, 0, 0,
                         label);
        rw_text_span(finding->step->duration_ms, span);
        snprintf(length, sizeof length, ", %s", span);
    }
    rw_text_clock_ms(finding->first_at / RW_NS_PER_MS, at);
    if (finding->fate == RW_CUE_DROPPED) {
        fprintf(invocation->out, "  %s%s: dropped: %s; %s", label, length,
                rw_label_cue(finding->type), rw_drop_reason_text(finding->reason));
    } else {
        fprintf(invocation->out, "  %s%s: shortened: %s", label, length,
                rw_label_cue(finding->type));
    }
    if (finding->count > 1) {
        fprintf(invocation->out, " (%u times, first at %s)\n", finding->count, at);
    } else {
        fprintf(invocation->out, " (at %s)\n", at);
    }
}

static bool is_listed(const char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* Names and words that neither the pack nor the speech engine speaks. */
static void unspeakable_print(const struct rw_invocation *invocation,
                              const struct rw_profile *profile, const struct rw_voice *voice)
{
    const char *list[FINDINGS_MAX];
    size_t listed = 0;
    size_t count;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    for (size_t i = 0; i < 2 * count && listed < FINDINGS_MAX; i++) {
        const char *text = i % 2 == 0 ? steps[i / 2].name : steps[i / 2].say;
        if (!text || rw_voice_knows_text(voice, text) || is_listed(list, listed, text)) {
            continue;
        }
        list[listed++] = text;
        char clean[120];
        rw_text_clean(text, clean, sizeof clean);
        fprintf(invocation->out, "  nothing here can speak \"%s\"\n", clean);
    }
}

static enum rw_exit profile_check(const struct rw_invocation *invocation,
                                  const struct rw_paths *paths, const char *name)
{
    struct rw_profile *profile = NULL;
    struct rw_voice *voice = NULL;
    enum rw_exit exit = rw_load_profile(invocation, paths, name, &profile);
    if (exit == RW_EXIT_OK) {
        const char *language = rw_arguments_value(&invocation->arguments, "lang");
        exit = rw_load_voice(invocation, paths, language, profile, &voice);
    }
    struct findings findings = {.count = 0};
    if (exit == RW_EXIT_OK && findings_collect(profile, voice, &findings) != RW_OK) {
        exit = rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    if (exit == RW_EXIT_OK) {
        char length[RW_TEXT_TIME_MAX];
        rw_text_span(rw_profile_duration_ms(profile), length);
        uint32_t segments = rw_profile_segment_count(profile);
        uint32_t runs = rw_profile_run_count(profile);
        fprintf(invocation->out, "%s: ok, %s, %u segment%s, %u run%s\n", name, length, segments,
                segments == 1 ? "" : "s", runs, runs == 1 ? "" : "s");
        for (size_t i = 0; i < findings.count; i++) {
            finding_print(invocation, &findings.list[i]);
        }
        unspeakable_print(invocation, profile, voice);
        if (findings.more > 0) {
            fprintf(invocation->out, "  and %u more; `runwalk timeline` shows each\n",
                    findings.more);
        }
    }
    rw_voice_close(voice);
    rw_profile_destroy(profile);
    return exit;
}

enum rw_exit rw_verb_check(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    enum rw_exit worst = rw_load_paths(invocation, &paths);
    if (worst != RW_EXIT_OK) {
        return worst;
    }
    for (size_t i = 0; i < invocation->arguments.word_count; i++) {
        enum rw_exit exit = profile_check(invocation, paths, invocation->arguments.words[i]);
        worst = worst == RW_EXIT_OK ? exit : worst;
    }
    rw_paths_destroy(paths);
    return worst;
}
