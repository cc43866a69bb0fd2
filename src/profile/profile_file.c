#include "runwalk/profile/profile_file.h"

#include "keys.h"
#include "policy_file.h"
#include "runwalk/profile/cues_file.h"
#include "runwalk/yaml/write.h"

#include <stdio.h>
#include <string.h>

struct reader {
    struct rw_yaml *yaml;
    bool is_too_long; /* reported once: every level above would say it again */
};

/* A list of steps as read. */
struct steps {
    struct rw_step_spec *specs;
    size_t count;
    uint64_t duration_ms; /* done once */
    bool is_whole;        /* each step is known to be what it is */
};

/* What holds for the steps of a list that say nothing themselves; in the document's memory. */
struct heritage {
    const struct rw_cue_settings *run, *other; /* steps are to be in time in runs only */
};

static bool steps_read(struct reader *reader, const struct rw_yaml_node *node,
                       const struct heritage *heritage, struct steps *ret_steps);

/* A copy of CUES; OTHERWISE when memory is short, which the document remembers. */
static const struct rw_cue_settings *cues_keep(struct reader *reader,
                                               const struct rw_cue_settings *cues,
                                               const struct rw_cue_settings *otherwise)
{
    struct rw_cue_settings *kept = rw_yaml_allocate(reader->yaml, sizeof *kept);
    return kept ? memcpy(kept, cues, sizeof *kept) : otherwise;
}

static struct heritage heritage_of(struct reader *reader, const struct rw_cue_settings *cues)
{
    struct rw_cue_settings other = *cues;
    other.said &= ~(1u << RW_SETTING_CADENCE);
    const struct rw_cue_settings *run = cues_keep(reader, cues, cues);
    bool is_same = other.said == cues->said;
    return (struct heritage){run, is_same ? run : cues_keep(reader, &other, run)};
}

static void duration_read(struct rw_yaml *yaml, const struct rw_yaml_node *node, enum rw_kind kind,
                          uint32_t *duration_ms)
{
    uint32_t ms = 0;
    if (!rw_yaml_duration(yaml, node, 0, UINT32_MAX, &ms)) {
        return;
    }
    if (ms < RW_SEGMENT_MS_MIN || ms > RW_SESSION_MS_MAX) {
        rw_yaml_error(yaml, node, "%s %s lasts from 1 s to 24 h",
                      kind == RW_KIND_EXERCISE ? "an" : "a", rw_kind_name(kind));
        return;
    }
    *duration_ms = ms;
}

/* Refuses the keys of VALUES among KEYS: they have no meaning here. */
static void keys_refuse(struct rw_yaml *yaml, const struct rw_yaml_node *const *values,
                        const enum step_key *keys, size_t count, const char *remedy)
{
    for (size_t i = 0; i < count; i++) {
        if (values[keys[i]]) {
            rw_yaml_error(yaml, values[keys[i]]->key, "\"%s\" %s",
                          rw_profile_step_keys[keys[i]].name, remedy);
        }
    }
}

static void segment_read(struct reader *reader, const struct rw_yaml_node *node,
                         const struct rw_yaml_node *const *values, enum rw_kind kind,
                         struct rw_step_spec *spec)
{
    static const enum step_key of_repeats[] = {STEP_SKIP_LAST, STEP_STEPS};
    static const enum step_key of_exercises[] = {STEP_SIDES};
    static const char *const sides_words[] = {"both"};
    struct rw_yaml *yaml = reader->yaml;

    spec->kind = kind;
    duration_read(yaml, values[kind], kind, &spec->duration_ms);
    rw_yaml_text(yaml, values[STEP_NAME], RW_PROFILE_NAME_MAX, &spec->name);
    rw_yaml_text(yaml, values[STEP_SAY], RW_PROFILE_SAY_MAX, &spec->say);
    keys_refuse(yaml, values, of_repeats, RW_COUNT(of_repeats), "belongs to a repeat");
    if (kind == RW_KIND_EXERCISE) {
        size_t word = 0;
        spec->both_sides =
            rw_yaml_word(yaml, values[STEP_SIDES], sides_words, RW_COUNT(sides_words), &word);
        if (!values[STEP_NAME]) {
            rw_yaml_error(yaml, node, "an exercise needs a \"name\", so that the coach can say it");
        }
    } else {
        keys_refuse(yaml, values, of_exercises, RW_COUNT(of_exercises), "belongs to an exercise");
    }
}

/* The last step of KIND among STEPS, which the last repetition leaves out. */
static const struct rw_step_spec *skipped_find(const struct steps *steps, enum rw_kind kind)
{
    for (size_t i = steps->count; i-- > 0;) {
        if (steps->specs[i].repeat == 0 && steps->specs[i].kind == kind) {
            return &steps->specs[i];
        }
    }
    return NULL;
}

static uint64_t segment_duration(const struct rw_step_spec *spec)
{
    return (uint64_t)spec->duration_ms * (spec->both_sides ? 2 : 1);
}

/* Reads skip-last of a repeat of STEPS; returns how much time it leaves out. */
static uint64_t skip_last_read(struct reader *reader, const struct rw_yaml_node *node,
                               const struct steps *steps, struct rw_step_spec *spec)
{
    const char *kinds[RW_KIND_COUNT];
    for (size_t i = 0; i < RW_KIND_COUNT; i++) {
        kinds[i] = rw_profile_step_keys[i].name;
    }
    size_t kind = 0;
    if (!rw_yaml_word(reader->yaml, node, kinds, RW_KIND_COUNT, &kind) || !steps->is_whole) {
        return 0;
    }
    const struct rw_step_spec *skipped = skipped_find(steps, (enum rw_kind)kind);
    if (!skipped) {
        rw_yaml_error(reader->yaml, node, "no \"%s\" stands directly in this repeat", kinds[kind]);
        return 0;
    }
    if (spec->repeat == 1 && steps->count == 1) {
        rw_yaml_error(reader->yaml, node,
                      "nothing is left of this repeat: it is done once, without its only step");
        return 0;
    }
    spec->has_skip_last = true;
    spec->skip_last = (enum rw_kind)kind;
    return segment_duration(skipped);
}

/* Returns how long the repeat lasts, all its repetitions. */
static uint64_t repeat_read(struct reader *reader, const struct rw_yaml_node *node,
                            const struct rw_yaml_node *const *values,
                            const struct heritage *heritage, struct rw_step_spec *spec)
{
    static const enum step_key of_segments[] = {STEP_NAME, STEP_SAY, STEP_SIDES};
    struct rw_yaml *yaml = reader->yaml;
    int64_t times = 2; /* when it is wrong, so that nothing else seems wrong */
    rw_yaml_integer(yaml, values[STEP_REPEAT], 1, RW_REPEAT_COUNT_MAX, &times);
    spec->repeat = (uint32_t)times;
    keys_refuse(yaml, values, of_segments, RW_COUNT(of_segments),
                "does not belong to a repeat; give it to a step inside");
    if (!values[STEP_STEPS]) {
        rw_yaml_error(yaml, node, "a repeat needs \"steps\"");
        return 0;
    }
    struct heritage inner = *heritage;
    if (values[STEP_CUES]) {
        inner = heritage_of(reader, spec->cues);
    }
    struct steps steps;
    if (!steps_read(reader, values[STEP_STEPS], &inner, &steps)) {
        return 0;
    }
    spec->steps = steps.specs;
    spec->step_count = steps.count;
    uint64_t skipped_ms = skip_last_read(reader, values[STEP_SKIP_LAST], &steps, spec);
    return steps.duration_ms * spec->repeat - skipped_ms;
}

/* Which of the keys that make a step what it is stands in VALUES; STEP_KEY_COUNT when none. */
static size_t step_identify(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                            const struct rw_yaml_node *const *values)
{
    size_t found = STEP_KEY_COUNT;
    size_t known = 0;
    for (size_t i = 0; i < STEP_KEY_COUNT; i++) {
        known += values[i] != NULL;
        if (i > STEP_REPEAT || !values[i]) {
            continue;
        }
        if (found < STEP_KEY_COUNT) {
            rw_yaml_error(yaml, values[i]->key,
                          "a step is one thing, but here are \"%s\" and \"%s\"; make two steps",
                          rw_profile_step_keys[found].name, rw_profile_step_keys[i].name);
            return STEP_KEY_COUNT;
        }
        found = i;
    }
    /* An unknown key, reported already, is more likely a kind mistyped than a kind missing. */
    if (found == STEP_KEY_COUNT && known == node->count) {
        rw_yaml_error(yaml, node,
                      "a step needs one of: warmup, run, walk, cooldown, rest, exercise, repeat");
    }
    return found;
}

/* Reads one step, adding its length to STEPS. */
static void step_read(struct reader *reader, const struct rw_yaml_node *node,
                      const struct heritage *heritage, struct rw_step_spec *spec,
                      struct steps *steps)
{
    const struct rw_yaml_node *values[STEP_KEY_COUNT];
    if (!rw_yaml_fields(reader->yaml, node, "a step", rw_profile_step_keys, STEP_KEY_COUNT,
                        values)) {
        steps->is_whole = false;
        return;
    }
    size_t what = step_identify(reader->yaml, node, values);
    bool is_other = what < RW_KIND_COUNT && what != RW_KIND_RUN;
    spec->cues = is_other ? heritage->other : heritage->run;
    if (values[STEP_CUES]) {
        struct rw_cue_settings own = *spec->cues;
        rw_cue_settings_read(reader->yaml, values[STEP_CUES], &own);
        spec->cues = cues_keep(reader, &own, spec->cues);
    }
    if (what < RW_KIND_COUNT) {
        segment_read(reader, node, values, (enum rw_kind)what, spec);
        steps->duration_ms += segment_duration(spec);
    } else if (what == STEP_REPEAT) {
        steps->duration_ms += repeat_read(reader, node, values, heritage, spec);
    } else {
        steps->is_whole = false;
    }
    if (steps->duration_ms > RW_SESSION_MS_MAX && !reader->is_too_long) {
        rw_yaml_error(reader->yaml, node, "with this the session lasts longer than 24 h");
        reader->is_too_long = true;
    }
}

/* False when NODE is no list of steps. Recursion ends at the depth the YAML reader admits. */
static bool steps_read(struct reader *reader, const struct rw_yaml_node *node,
                       const struct heritage *heritage, struct steps *ret_steps)
{
    if (!rw_yaml_is_sequence(reader->yaml, node, "\"steps\"")) {
        return false;
    }
    if (node->count == 0) {
        rw_yaml_error(reader->yaml, node, "\"steps\" needs at least one step");
        return false;
    }
    struct steps steps = {.count = node->count, .is_whole = true};
    steps.specs = rw_yaml_allocate(reader->yaml, steps.count * sizeof *steps.specs);
    if (!steps.specs) {
        return false;
    }
    struct rw_step_spec *spec = steps.specs;
    for (const struct rw_yaml_node *item = node->first; item; item = item->next) {
        step_read(reader, item, heritage, spec++, &steps);
    }
    *ret_steps = steps;
    return true;
}

static void profile_read(struct reader *reader, const struct rw_yaml_node *node,
                         struct rw_profile_spec *spec)
{
    struct rw_yaml *yaml = reader->yaml;
    const struct rw_yaml_node *values[PROFILE_KEY_COUNT];
    if (!rw_yaml_fields(yaml, node, "a profile", rw_profile_keys, PROFILE_KEY_COUNT, values)) {
        return;
    }
    rw_yaml_text(yaml, values[PROFILE_NAME], RW_PROFILE_NAME_MAX, &spec->name);
    rw_yaml_text(yaml, values[PROFILE_SUMMARY], RW_PROFILE_SUMMARY_MAX, &spec->summary);
    rw_policy_read(yaml, values, &spec->policy);
    struct rw_cue_settings cues = rw_cue_settings_default;
    cues.said = 0;
    rw_cue_settings_read(yaml, values[PROFILE_CUES], &cues);
    struct heritage heritage = heritage_of(reader, &cues);
    struct steps steps;
    if (steps_read(reader, values[PROFILE_STEPS], &heritage, &steps)) {
        spec->steps = steps.specs;
        spec->step_count = steps.count;
    }
}

enum rw_status rw_profile_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                               struct rw_profile **ret_profile)
{
    struct reader reader = {.yaml = yaml};
    struct rw_profile_spec spec = {0};
    profile_read(&reader, node, &spec);
    enum rw_status status = rw_yaml_status(yaml);
    if (status == RW_OK) {
        status = rw_profile_create(&spec, ret_profile);
        if (status == RW_EINVALID || status == RW_ELIMIT) {
            rw_yaml_error(yaml, node, "the steps make no session");
        }
    }
    return status;
}

static enum rw_status document_open(const char *bytes, size_t size,
                                    struct rw_diagnostics *diagnostics, struct rw_yaml **ret_yaml)
{
    struct rw_yaml_limits limits = rw_yaml_limits_default;
    limits.bytes = RW_PROFILE_BYTES_MAX;
    return rw_yaml_create(bytes, size, &limits, diagnostics, ret_yaml);
}

enum rw_status rw_profile_parse(const char *bytes, size_t size, struct rw_diagnostics *diagnostics,
                                struct rw_profile **ret_profile)
{
    struct rw_yaml *yaml;
    enum rw_status status = document_open(bytes, size, diagnostics, &yaml);
    if (status != RW_OK) {
        return status;
    }
    status = rw_profile_read(yaml, rw_yaml_root(yaml), ret_profile);
    rw_yaml_destroy(yaml);
    return status;
}

/* The times of the first repeat that stands directly in the steps of the profile ROOT. */
static const struct rw_yaml_node *repeat_find(const struct rw_yaml_node *root)
{
    for (const struct rw_yaml_node *value = root->first; value; value = value->next) {
        if (strcmp(value->key->text, rw_profile_keys[PROFILE_STEPS].name) != 0) {
            continue;
        }
        for (const struct rw_yaml_node *step = value->first; step; step = step->next) {
            for (const struct rw_yaml_node *key = step->first; key; key = key->next) {
                if (strcmp(key->key->text, rw_profile_step_keys[STEP_REPEAT].name) == 0) {
                    return key;
                }
            }
        }
    }
    return NULL;
}

static const struct rw_yaml_node *name_find(const struct rw_yaml_node *root)
{
    const struct rw_yaml_node *value = root->first;
    while (value && strcmp(value->key->text, rw_profile_keys[PROFILE_NAME].name) != 0) {
        value = value->next;
    }
    return value;
}

enum rw_status rw_profile_vary(const char *bytes, size_t size, const char *name, uint32_t repeat,
                               char **ret_bytes, size_t *ret_size)
{
    struct rw_yaml_change changes[2];
    struct rw_yaml *yaml;
    size_t count = 0;
    char times[16];
    enum rw_status status = document_open(bytes, size, NULL, &yaml);
    if (status != RW_OK) {
        return status;
    }
    const struct rw_yaml_node *root = rw_yaml_root(yaml);
    if (name) {
        changes[count++] = (struct rw_yaml_change){name_find(root), name};
    }
    if (repeat > 0) {
        snprintf(times, sizeof times, "%u", (unsigned)repeat);
        changes[count++] = (struct rw_yaml_change){repeat_find(root), times};
    }
    if (repeat > 0 && !changes[count - 1].node) {
        status = RW_ENOENT;
    } else {
        *ret_bytes = rw_yaml_write(root, changes, count, ret_size);
        status = *ret_bytes ? RW_OK : RW_EMEMORY;
    }
    rw_yaml_destroy(yaml);
    return status;
}
