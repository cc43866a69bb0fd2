/* check: whether profiles are valid, and which of their cues do not fit. */

#include "labels.h"
#include "load.h"
#include "plan.h"
#include "runwalk/coach/measure.h"
#include "script.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
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
    uint32_t more;                         /* beyond those listed */
    const char *unspeakable[FINDINGS_MAX]; /* names and words; the profile's */
    size_t unspeakable_count;
};

/* One profile, and what was found out about it. */
struct examination {
    const char *name; /* as it was typed */
    char *path;       /* NULL: it was not found */
    enum rw_exit exit;
    struct rw_profile *profile; /* this and the voice: unless something is wrong */
    struct rw_voice *voice;
    struct findings findings;
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

/* What is unasked comes by chance: only that it finds no room at all is worth a line. */
static bool is_finding(const struct rw_cue *cue)
{
    bool is_unasked = cue->type >= RW_CUE_DEAD_POINT;
    return cue->fate == RW_CUE_DROPPED || (cue->fate != RW_CUE_PLANNED && !is_unasked);
}

static enum rw_status findings_collect(const struct rw_profile *profile,
                                       const struct rw_voice *voice, const struct rw_manner *manner,
                                       struct findings *findings)
{
    struct rw_script *script;
    enum rw_status status = rw_script_open(profile, rw_coach_measure(voice), manner, &script);
    if (status != RW_OK) {
        return status;
    }
    struct rw_script_item item;
    while (rw_script_next(script, &item)) {
        bool is_loss = item.type == RW_SCRIPT_CUE && is_finding(&item.cue);
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
static void unspeakable_collect(const struct rw_profile *profile, const struct rw_voice *voice,
                                struct findings *findings)
{
    size_t count;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    for (size_t i = 0; i < 2 * count && findings->unspeakable_count < FINDINGS_MAX; i++) {
        const char *text = i % 2 == 0 ? steps[i / 2].name : steps[i / 2].say;
        if (text && !rw_voice_knows_text(voice, text) &&
            !is_listed(findings->unspeakable, findings->unspeakable_count, text)) {
            findings->unspeakable[findings->unspeakable_count++] = text;
        }
    }
}

/* Clicks that are asked for but cannot be heard, because nobody says what the percents are of. */
static void baseline_missing(const struct rw_invocation *invocation,
                             const struct rw_profile *profile, const struct rw_manner *manner)
{
    size_t count;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].repeat != 0) {
            continue;
        }
        struct rw_cue_settings settings;
        rw_cue_settings_resolve(manner, &steps[i], &settings);
        if (settings.cadence_is_relative && settings.baseline == 0) {
            rw_note(invocation,
                    "a cadence in percent is not heard: set `baseline`, your own steps a minute, "
                    "under `cues` in the configuration");
            return;
        }
    }
}

static void finding_label(const struct finding *finding, char out[RW_LABEL_MAX])
{
    if (finding->step) {
        rw_label_segment(finding->step->kind, finding->step->side, finding->step->name, 0, 0, out);
    } else {
        snprintf(out, RW_LABEL_MAX, "the finish");
    }
}

static void finding_print(const struct rw_invocation *invocation, const struct finding *finding)
{
    char label[RW_LABEL_MAX];
    char length[RW_TEXT_TIME_MAX + 8] = "";
    char at[RW_TEXT_TIME_MAX];
    finding_label(finding, label);
    if (finding->step) {
        char span[RW_TEXT_TIME_MAX];
        rw_text_span(finding->step->duration_ms, span);
        snprintf(length, sizeof length, ", %s", span);
    }
    rw_text_clock_ms(finding->first_at / RW_NS_PER_MS, at);
    if (finding->fate == RW_CUE_DROPPED) {
        fprintf(invocation->out, "  %s%s: dropped: %s; %s", label, length,
                rw_label_cue(finding->type), rw_drop_reason_text(finding->reason));
    } else {
        fprintf(invocation->out, "  %s%s: %s: %s; %s", label, length, rw_label_fate(finding->fate),
                rw_label_cue(finding->type),
                finding->fate == RW_CUE_MOVED ? "something more important sounds before"
                                              : "there is no room for more");
    }
    if (finding->count > 1) {
        fprintf(invocation->out, " (%u times, first at %s)\n", finding->count, at);
    } else {
        fprintf(invocation->out, " (at %s)\n", at);
    }
}

static void examination_print(const struct rw_invocation *invocation,
                              const struct examination *examination)
{
    const struct findings *findings = &examination->findings;
    char length[RW_TEXT_TIME_MAX];
    rw_text_span(rw_profile_duration_ms(examination->profile), length);
    uint32_t segments = rw_profile_segment_count(examination->profile);
    uint32_t runs = rw_profile_run_count(examination->profile);
    rw_print_clean(invocation->out, examination->name);
    fprintf(invocation->out, ": ok, %s, %u segment%s, %u run%s\n", length, segments,
            segments == 1 ? "" : "s", runs, runs == 1 ? "" : "s");
    for (size_t i = 0; i < findings->count; i++) {
        finding_print(invocation, &findings->list[i]);
    }
    for (size_t i = 0; i < findings->unspeakable_count; i++) {
        char clean[120];
        rw_text_clean(findings->unspeakable[i], clean, sizeof clean);
        fprintf(invocation->out, "  nothing here can speak \"%s\"\n", clean);
    }
    if (findings->more > 0) {
        fprintf(invocation->out, "  and %u more; `runwalk timeline` shows each\n", findings->more);
    }
}

/* NULL, and what is no UTF-8 and so no JSON, become null. */
static json_t *text_json(const char *text)
{
    json_t *json = text ? json_string(text) : NULL;
    return json ? json : json_null();
}

static json_t *finding_json(const struct finding *finding)
{
    char label[RW_LABEL_MAX];
    finding_label(finding, label);
    bool is_dropped = finding->fate == RW_CUE_DROPPED;
    return json_pack("{s:s, s:s, s:s, s:s?, s:I, s:I}", "step", label, "cue",
                     rw_cue_type_name(finding->type), "fate", rw_label_fate(finding->fate),
                     "reason", is_dropped ? rw_drop_reason_text(finding->reason) : NULL, "times",
                     (json_int_t)finding->count, "first_ms",
                     (json_int_t)(finding->first_at / RW_NS_PER_MS));
}

/* MESSAGES is what the error stream would have shown. */
static enum rw_exit examination_print_json(const struct rw_invocation *invocation,
                                           const struct examination *examination,
                                           const char *messages)
{
    bool is_ok = examination->exit == RW_EXIT_OK;
    json_t *object = json_pack("{s:o, s:o, s:b, s:o}", "name", text_json(examination->name), "path",
                               text_json(examination->path), "ok", is_ok,
                               is_ok ? "notes" : "errors", text_json(messages));
    if (is_ok) {
        const struct findings *findings = &examination->findings;
        const struct rw_profile *profile = examination->profile;
        json_t *cues = json_array();
        json_t *unspeakable = json_array();
        for (size_t i = 0; i < findings->count; i++) {
            json_array_append_new(cues, finding_json(&findings->list[i]));
        }
        for (size_t i = 0; i < findings->unspeakable_count; i++) {
            json_array_append_new(unspeakable, text_json(findings->unspeakable[i]));
        }
        json_t *facts = json_pack("{s:I, s:I, s:I, s:o, s:I, s:o}", "duration_ms",
                                  (json_int_t)rw_profile_duration_ms(profile), "segments",
                                  (json_int_t)rw_profile_segment_count(profile), "runs",
                                  (json_int_t)rw_profile_run_count(profile), "cues", cues, "more",
                                  (json_int_t)findings->more, "unspeakable", unspeakable);
        json_object_update(object, facts);
        json_decref(facts);
    }
    int failed = json_dumpf(object, invocation->out, JSON_COMPACT);
    json_decref(object);
    if (failed != 0) {
        return rw_fail(invocation, RW_EXIT_IO, "out of memory, or the output cannot be written");
    }
    fputc('\n', invocation->out);
    return examination->exit;
}

/* What is wrong is told to INVOCATION's error stream. */
static void examine(const struct rw_invocation *invocation, const struct rw_paths *paths,
                    struct examination *examination)
{
    struct rw_profile_place place;
    examination->exit = rw_load_place(invocation, paths, examination->name, &place);
    if (examination->exit != RW_EXIT_OK) {
        return;
    }
    examination->path = strdup(place.path);
    rw_profile_place_finish(&place);
    examination->exit =
        rw_load_profile(invocation, paths, examination->name, &examination->profile);
    if (examination->exit == RW_EXIT_OK) {
        const char *language = rw_arguments_value(&invocation->arguments, "lang");
        examination->exit =
            rw_load_voice(invocation, paths, language, examination->profile, &examination->voice);
    }
    if (examination->exit != RW_EXIT_OK) {
        return;
    }
    struct rw_manner manner;
    examination->exit = rw_load_manner(invocation, &manner);
    if (examination->exit != RW_EXIT_OK) {
        return;
    }
    if (findings_collect(examination->profile, examination->voice, &manner,
                         &examination->findings) != RW_OK) {
        examination->exit = rw_fail(invocation, RW_EXIT_IO, "out of memory");
        return;
    }
    unspeakable_collect(examination->profile, examination->voice, &examination->findings);
    baseline_missing(invocation, examination->profile, &manner);
}

static void examination_finish(struct examination *examination)
{
    rw_voice_close(examination->voice);
    rw_profile_destroy(examination->profile);
    free(examination->path);
}

static enum rw_exit check(const struct rw_invocation *invocation, const struct rw_paths *paths,
                          const char *name)
{
    struct examination examination = {.name = name};
    examine(invocation, paths, &examination);
    if (examination.exit == RW_EXIT_OK) {
        examination_print(invocation, &examination);
    }
    examination_finish(&examination);
    return examination.exit;
}

/* The same as an object; what would be told on the error stream is part of it. */
static enum rw_exit check_json(const struct rw_invocation *invocation, const struct rw_paths *paths,
                               const char *name)
{
    struct examination examination = {.name = name};
    struct rw_invocation quiet = *invocation;
    char *messages = NULL;
    size_t size;
    quiet.err = open_memstream(&messages, &size);
    if (!quiet.err) {
        return rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    examine(&quiet, paths, &examination);
    fclose(quiet.err);
    enum rw_exit exit = examination_print_json(invocation, &examination, messages);
    free(messages);
    examination_finish(&examination);
    return exit;
}

static bool is_plan(const char *name)
{
    static const char ending[] = ".plan.yaml";
    size_t size = strlen(name);
    return size >= sizeof ending && strcmp(name + size - sizeof ending + 1, ending) == 0;
}

/* A plan is a file of another form; as JSON it is only said whether it is one. */
static enum rw_exit plan_check(const struct rw_invocation *invocation, const struct rw_paths *paths,
                               const char *name, bool as_json)
{
    struct rw_invocation quiet = *invocation;
    char *messages = NULL;
    size_t size;
    if (!as_json) {
        return rw_plan_check(invocation, paths, name);
    }
    quiet.out = quiet.err = open_memstream(&messages, &size);
    if (!quiet.err) {
        return rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    enum rw_exit exit = rw_plan_check(&quiet, paths, name);
    fclose(quiet.err);
    bool is_fine = exit == RW_EXIT_OK;
    json_t *object = json_pack("{s:s, s:b, s:s}", "name", name, "ok", is_fine,
                               is_fine ? "notes" : "errors", messages);
    json_dumpf(object, invocation->out, JSON_COMPACT);
    fputc('\n', invocation->out);
    json_decref(object);
    free(messages);
    return exit;
}

enum rw_exit rw_verb_check(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    enum rw_exit worst = rw_load_paths(invocation, &paths);
    if (worst != RW_EXIT_OK) {
        return worst;
    }
    bool as_json = rw_arguments_has(&invocation->arguments, "json");
    for (size_t i = 0; i < invocation->arguments.word_count; i++) {
        const char *name = invocation->arguments.words[i];
        enum rw_exit exit = is_plan(name) ? plan_check(invocation, paths, name, as_json)
                            : as_json     ? check_json(invocation, paths, name)
                                          : check(invocation, paths, name);
        worst = worst == RW_EXIT_OK ? exit : worst;
    }
    rw_paths_destroy(paths);
    return worst;
}
