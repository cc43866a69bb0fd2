/* show: what a profile consists of, as a tree of steps. */

#include "labels.h"
#include "load.h"
#include "text.h"

#include <jansson.h>

static void segment_print(const struct rw_invocation *invocation, const struct rw_step *step)
{
    char label[RW_LABEL_MAX];
    char length[RW_TEXT_TIME_MAX];
    rw_label_segment(step->kind, step->side, step->name, 0, 0, label);
    rw_text_span(step->duration_ms, length);
    fprintf(invocation->out, "%s%s%s  %s\n", rw_style(invocation, RW_STYLE_KIND + step->kind),
            label, rw_style(invocation, RW_STYLE_PLAIN), length);
}

static void repeat_print(const struct rw_invocation *invocation, const struct rw_step *steps,
                         const struct rw_step *repeat)
{
    char length[RW_TEXT_TIME_MAX];
    rw_text_span(repeat->duration_ms, length);
    fprintf(invocation->out, "%u times  (%s each", repeat->repeat, length);
    if (repeat->skip_count > 0) {
        const struct rw_step *skipped = &steps[repeat->first_child + repeat->skip_first];
        fprintf(invocation->out, "; the last time without its %s", rw_kind_name(skipped->kind));
    }
    fputs(")\n", invocation->out);
}

/* Depth is bounded by RW_REPEAT_DEPTH_MAX. */
static void steps_print(const struct rw_invocation *invocation, const struct rw_step *steps,
                        uint32_t first, uint32_t count, int depth)
{
    for (uint32_t i = first; i < first + count; i++) {
        fprintf(invocation->out, "%*s", 2 + 4 * depth, "");
        if (steps[i].repeat > 0) {
            repeat_print(invocation, steps, &steps[i]);
            steps_print(invocation, steps, steps[i].first_child, steps[i].child_count, depth + 1);
            continue;
        }
        segment_print(invocation, &steps[i]);
        if (steps[i].say) {
            char say[256];
            rw_text_clean(steps[i].say, say, sizeof say);
            fprintf(invocation->out, "%*s%s\"%s\"%s\n", 4 + 4 * depth, "",
                    rw_style(invocation, RW_STYLE_FAINT), say,
                    rw_style(invocation, RW_STYLE_PLAIN));
        }
    }
}

static json_t *steps_json(const struct rw_step *steps, uint32_t first, uint32_t count)
{
    json_t *array = json_array();
    for (uint32_t i = first; i < first + count; i++) {
        const struct rw_step *step = &steps[i];
        json_t *object;
        if (step->repeat > 0) {
            object = json_pack("{s:i, s:I, s:o}", "repeat", (int)step->repeat, "duration_ms",
                               (json_int_t)step->duration_ms, "steps",
                               steps_json(steps, step->first_child, step->child_count));
            if (step->skip_count > 0) {
                const struct rw_step *skipped = &steps[step->first_child + step->skip_first];
                json_object_set_new(object, "skip_last", json_string(rw_kind_name(skipped->kind)));
            }
        } else {
            object =
                json_pack("{s:s, s:I, s:s?, s:s?}", "kind", rw_kind_name(step->kind), "duration_ms",
                          (json_int_t)step->duration_ms, "name", step->name, "say", step->say);
            if (step->side != RW_SIDE_NONE) {
                json_object_set_new(object, "side",
                                    json_string(step->side == RW_SIDE_LEFT ? "left" : "right"));
            }
        }
        json_array_append_new(array, object);
    }
    return array;
}

static void profile_print_json(const struct rw_invocation *invocation,
                               const struct rw_profile *profile, const struct rw_step *steps)
{
    json_t *object = json_pack("{s:s, s:s, s:I, s:I, s:I, s:o}", "name", rw_profile_name(profile),
                               "summary", rw_profile_summary(profile), "duration_ms",
                               (json_int_t)rw_profile_duration_ms(profile), "segments",
                               (json_int_t)rw_profile_segment_count(profile), "runs",
                               (json_int_t)rw_profile_run_count(profile), "steps",
                               steps_json(steps, steps[0].first_child, steps[0].child_count));
    json_dumpf(object, invocation->out, JSON_INDENT(2));
    fputc('\n', invocation->out);
    json_decref(object);
}

static void profile_print(const struct rw_invocation *invocation, const struct rw_profile *profile,
                          const struct rw_step *steps)
{
    char text[400];
    char length[RW_TEXT_TIME_MAX];
    rw_text_clean(rw_profile_name(profile), text, sizeof text);
    rw_text_span(rw_profile_duration_ms(profile), length);
    fprintf(invocation->out, "%s%s%s  %s", rw_style(invocation, RW_STYLE_STRONG), text,
            rw_style(invocation, RW_STYLE_PLAIN), length);
    uint32_t runs = rw_profile_run_count(profile);
    if (runs > 0) {
        fprintf(invocation->out, ", %u run%s", runs, runs == 1 ? "" : "s");
    }
    fputc('\n', invocation->out);
    rw_text_clean(rw_profile_summary(profile), text, sizeof text);
    if (text[0] != '\0') {
        fprintf(invocation->out, "%s\n", text);
    }
    fputc('\n', invocation->out);
    steps_print(invocation, steps, steps[0].first_child, steps[0].child_count, 0);
}

enum rw_exit rw_verb_show(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_profile *profile;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_load_profile(invocation, paths, invocation->arguments.words[0], &profile);
    if (exit == RW_EXIT_OK) {
        size_t count;
        const struct rw_step *steps = rw_profile_steps(profile, &count);
        if (rw_arguments_has(&invocation->arguments, "json")) {
            profile_print_json(invocation, profile, steps);
        } else {
            profile_print(invocation, profile, steps);
        }
        rw_profile_destroy(profile);
    }
    rw_paths_destroy(paths);
    return exit;
}
