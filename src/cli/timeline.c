/* timeline: the plan of a session, without a daemon. */

#include "labels.h"
#include "load.h"
#include "runwalk/coach/measure.h"
#include "script.h"
#include "text.h"

#include <jansson.h>

struct timeline {
    const struct rw_invocation *invocation;
    const struct rw_voice *voice;
    const struct rw_profile *profile;
    struct rw_manner manner;
};

/* What is heard of CUE, as text; "" for a tone. */
static void cue_text(const struct timeline *timeline, const struct rw_cue *cue,
                     struct rw_utterance *utterance)
{
    utterance->text[0] = '\0';
    /* Also words that nothing can speak have a text. */
    (void)!rw_voice_compose(timeline->voice, &cue->words, utterance);
}

static json_int_t to_ms(rw_ns ns)
{
    return (json_int_t)(ns / RW_NS_PER_MS);
}

static json_t *segment_json(const struct rw_script_item *item)
{
    const struct rw_position *position = &item->segment.position;
    json_t *reps = json_array();
    for (uint32_t i = 0; i < position->depth; i++) {
        json_array_append_new(reps, json_pack("[I, I]", (json_int_t)position->reps[i].number,
                                              (json_int_t)position->reps[i].total));
    }
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:I, s:s?, s:o}", "t_ms", to_ms(item->at), "event", "segment",
                  "kind", rw_kind_name(position->step->kind), "duration_ms",
                  to_ms(item->segment.duration_ns), "name", position->step->name, "reps", reps);
    if (object && position->step->side != RW_SIDE_NONE) {
        bool is_left = position->step->side == RW_SIDE_LEFT;
        json_object_set_new(object, "side", json_string(is_left ? "left" : "right"));
    }
    return object;
}

static json_t *cue_json(const struct timeline *timeline, const struct rw_script_item *item)
{
    const struct rw_cue *cue = &item->cue;
    struct rw_utterance utterance;
    cue_text(timeline, cue, &utterance);
    if (cue->fate == RW_CUE_DROPPED) {
        return json_pack("{s:I, s:s, s:s, s:s, s:s}", "t_ms", to_ms(item->at), "event", "dropped",
                         "cue", rw_cue_type_name(cue->type), "text", utterance.text, "reason",
                         rw_drop_reason_text(cue->reason));
    }
    /* A sound of 350.4 ms needs 351. */
    json_t *object = json_pack("{s:I, s:s, s:s, s:s, s:I}", "t_ms", to_ms(item->at), "event", "cue",
                               "cue", rw_cue_type_name(cue->type), "text", utterance.text,
                               "duration_ms", to_ms(cue->length + RW_NS_PER_MS - 1));
    if (object && cue->fate != RW_CUE_PLANNED) {
        json_object_set_new(object, "fate", json_string(rw_label_fate(cue->fate)));
    }
    if (object && cue->type == RW_CUE_CADENCE) {
        json_object_set_new(object, "steps", json_real(cue->words.number / 1000.0));
    }
    return object;
}

static enum rw_status item_print_json(const struct timeline *timeline,
                                      const struct rw_script_item *item)
{
    json_t *object = NULL;
    switch (item->type) {
    case RW_SCRIPT_SEGMENT:
        object = segment_json(item);
        break;
    case RW_SCRIPT_CUE:
        object = cue_json(timeline, item);
        break;
    case RW_SCRIPT_END:
        object = json_pack("{s:I, s:s}", "t_ms", to_ms(item->at), "event", "end");
        break;
    }
    if (!object) {
        return RW_EMEMORY;
    }
    FILE *out = timeline->invocation->out;
    int failed = json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(object);
    return failed != 0 || fputc('\n', out) == EOF ? RW_EIO : RW_OK;
}

static void segment_print(const struct timeline *timeline, const char *time,
                          const struct rw_script_item *item)
{
    const struct rw_position *position = &item->segment.position;
    bool is_run = position->step->kind == RW_KIND_RUN;
    char label[RW_LABEL_MAX];
    char length[RW_TEXT_TIME_MAX];
    rw_label_segment(position->step->kind, position->step->side, position->step->name,
                     is_run ? position->run + 1 : 0, rw_profile_run_count(timeline->profile),
                     label);
    rw_text_span(item->segment.duration_ns / RW_NS_PER_MS, length);
    fprintf(timeline->invocation->out, "%12s  %s%s%s  %s\n", time,
            rw_style(timeline->invocation, RW_STYLE_KIND + position->step->kind), label,
            rw_style(timeline->invocation, RW_STYLE_PLAIN), length);
}

/* What planning did to a cue that is heard, and why. */
static const char *fate_note(enum rw_cue_fate fate)
{
    switch (fate) {
    case RW_CUE_SHORTENED:
        return "  (shortened: there is no room for more)";
    case RW_CUE_MOVED:
        return "  (moved: something more important sounds before)";
    case RW_CUE_PLANNED:
    case RW_CUE_DROPPED:
        break;
    }
    return "";
}

static void cue_print(const struct timeline *timeline, const char *time, const struct rw_cue *cue)
{
    FILE *out = timeline->invocation->out;
    struct rw_utterance utterance;
    char text[RW_UTTERANCE_TEXT_MAX];
    cue_text(timeline, cue, &utterance);
    rw_text_clean(utterance.text, text, sizeof text);
    bool is_note = cue->words.saying == RW_SAY_TEXT && !utterance.text[0];
    const char *tone = is_note ? "a tone in place of words" : rw_label_tone(cue->words.saying);
    const char *quote = tone[0] ? "" : "\"";
    const char *heard = tone[0] ? tone : text;

    if (cue->fate == RW_CUE_DROPPED) {
        fprintf(out, "%12s    %snot heard: %s%s%s; %s%s\n", time,
                rw_style(timeline->invocation, RW_STYLE_FAINT), quote, heard, quote,
                rw_drop_reason_text(cue->reason), rw_style(timeline->invocation, RW_STYLE_PLAIN));
    } else if (cue->type == RW_CUE_CADENCE) {
        fprintf(out, "%12s    %.4g clicks a minute\n", time, cue->words.number / 1000.0);
    } else {
        fprintf(out, "%12s    %s%s%s%s\n", time, quote, heard, quote, fate_note(cue->fate));
    }
}

static enum rw_status item_print(const struct timeline *timeline, const struct rw_script_item *item)
{
    char time[RW_TEXT_TIME_MAX];
    rw_text_clock_ms(item->at / RW_NS_PER_MS, time);
    switch (item->type) {
    case RW_SCRIPT_SEGMENT:
        segment_print(timeline, time, item);
        break;
    case RW_SCRIPT_CUE:
        cue_print(timeline, time, &item->cue);
        break;
    case RW_SCRIPT_END:
        fprintf(timeline->invocation->out, "%12s  End\n", time);
        break;
    }
    return ferror(timeline->invocation->out) ? RW_EIO : RW_OK;
}

static enum rw_exit timeline_print(const struct timeline *timeline)
{
    struct rw_script *script;
    if (rw_script_open(timeline->profile, rw_coach_measure(timeline->voice), &timeline->manner,
                       &script) != RW_OK) {
        return rw_fail(timeline->invocation, RW_EXIT_IO, "out of memory");
    }
    bool as_json = rw_arguments_has(&timeline->invocation->arguments, "json");
    enum rw_status status = RW_OK;
    struct rw_script_item item;
    /* Stops when nobody reads on: a day has hundreds of thousands of lines. */
    while (status == RW_OK && rw_script_next(script, &item)) {
        status = as_json ? item_print_json(timeline, &item) : item_print(timeline, &item);
    }
    rw_script_close(script);
    return status == RW_OK ? RW_EXIT_OK : RW_EXIT_IO;
}

enum rw_exit rw_verb_timeline(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_profile *profile = NULL;
    struct rw_voice *voice = NULL;
    struct timeline timeline = {.invocation = invocation};
    enum rw_exit exit = rw_load_manner(invocation, &timeline.manner);
    if (exit == RW_EXIT_OK) {
        exit = rw_load_paths(invocation, &paths);
    }
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_load_profile(invocation, paths, invocation->arguments.words[0], &profile);
    if (exit == RW_EXIT_OK) {
        const char *language = rw_arguments_value(&invocation->arguments, "lang");
        exit = rw_load_voice(invocation, paths, language, profile, &voice);
    }
    if (exit == RW_EXIT_OK) {
        timeline.voice = voice;
        timeline.profile = profile;
        exit = timeline_print(&timeline);
        rw_voice_close(voice);
    }
    rw_profile_destroy(profile);
    rw_paths_destroy(paths);
    return exit;
}
