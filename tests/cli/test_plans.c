/*
 * The plan of each profile that comes with runwalk, as text to be read: what is said at each
 * verbosity. RUNWALK_BLESS=1 writes the texts anew; then read what has changed.
 */
#include "labels.h"
#include "runwalk/coach/measure.h"
#include "runwalk/profile/profile_file.h"
#include "script.h"
#include "text.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PLANS     TEST_SOURCE_DIR "/tests/cli/plans"
#define PROFILES  TEST_SOURCE_DIR "/profiles/"
#define EXTENSION ".yaml"
#define LINES_MAX 2000
#define LINE_MAX  320
#define BYTES_MAX (256u * 1024)

struct line {
    rw_ns at;
    unsigned levels; /* of verbosity, a bit for each */
    char text[LINE_MAX];
};

struct plan {
    size_t count;
    struct line lines[LINES_MAX];
};

static void line_add(struct plan *plan, rw_ns at, unsigned level, const char *text)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->lines[i].at == at && strcmp(plan->lines[i].text, text) == 0) {
            plan->lines[i].levels |= 1u << level;
            return;
        }
    }
    assert_true(plan->count < LINES_MAX);
    struct line *line = &plan->lines[plan->count++];
    line->at = at;
    line->levels = 1u << level;
    snprintf(line->text, sizeof line->text, "%s", text);
}

static void cue_add(struct plan *plan, const struct rw_voice *voice, const struct rw_cue *cue,
                    unsigned level)
{
    struct rw_utterance utterance;
    char text[LINE_MAX];
    utterance.text[0] = '\0';
    enum rw_status status = rw_voice_compose(voice, &cue->words, &utterance);
    assert_true(status == RW_OK || cue->fate == RW_CUE_DROPPED);
    if (!rw_cue_type_speaks(cue->type) && cue->fate == RW_CUE_PLANNED) {
        return; /* the tones are the same at each level, and follow from the steps */
    }
    int used =
        snprintf(text, sizeof text, "%s: %.240s", rw_cue_type_name(cue->type), utterance.text);
    if (cue->fate != RW_CUE_PLANNED) {
        snprintf(text + used, sizeof text - (size_t)used, " [%s%s%s]", rw_label_fate(cue->fate),
                 cue->reason == RW_DROP_NONE ? "" : ": ", rw_drop_reason_text(cue->reason));
    }
    line_add(plan, cue->at, level, text);
}

static void segment_add(struct plan *plan, const struct rw_event *event, unsigned level)
{
    const struct rw_position *position = &event->position;
    char label[RW_LABEL_MAX];
    char span[RW_TEXT_TIME_MAX];
    char text[LINE_MAX];
    rw_label_segment(position->step->kind, position->step->side, position->step->name, 0, 0, label);
    rw_text_span(event->duration_ns / RW_NS_PER_MS, span);
    snprintf(text, sizeof text, "== %s, %s", label, span);
    line_add(plan, event->at, level, text);
}

static void plan_make(const struct rw_profile *profile, const struct rw_voice *voice,
                      struct plan *plan)
{
    plan->count = 0;
    for (unsigned level = 0; level < RW_VERBOSITY_COUNT; level++) {
        struct rw_manner manner = {
            .seed = 1,
            .live = {.said = 1u << RW_SETTING_VERBOSITY, .verbosity = (enum rw_verbosity)level},
        };
        struct rw_script *script;
        struct rw_script_item item;
        assert_int_equal(rw_script_open(profile, rw_coach_measure(voice), &manner, &script), RW_OK);
        while (rw_script_next(script, &item)) {
            switch (item.type) {
            case RW_SCRIPT_SEGMENT:
                segment_add(plan, &item.segment, level);
                break;
            case RW_SCRIPT_CUE:
                cue_add(plan, voice, &item.cue, level);
                break;
            case RW_SCRIPT_END:
                line_add(plan, item.at, level, "== End");
                break;
            }
        }
        rw_script_close(script);
    }
}

/* In order of time, in the order of their making where that is the same. */
static void plan_sort(struct plan *plan)
{
    for (size_t i = 1; i < plan->count; i++) {
        struct line line = plan->lines[i];
        size_t slot = i;
        for (; slot > 0 && plan->lines[slot - 1].at > line.at; slot--) {
            plan->lines[slot] = plan->lines[slot - 1];
        }
        plan->lines[slot] = line;
    }
}

static char *plan_write(const struct plan *plan)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    fprintf(stream, "# q silent, s sparse, n normal, c chatty; seed 1\n");
    for (size_t i = 0; i < plan->count; i++) {
        const struct line *line = &plan->lines[i];
        char time[RW_TEXT_TIME_MAX];
        rw_text_clock_ms(line->at / RW_NS_PER_MS, time);
        fprintf(stream, "%s ", time);
        for (unsigned level = 0; level < RW_VERBOSITY_COUNT; level++) {
            fputc(line->levels & 1u << level ? "qsnc"[level] : '-', stream);
        }
        fprintf(stream, " %s\n", line->text);
    }
    fclose(stream);
    return text;
}

/* The paths of all profiles that come with runwalk. */
static void profiles_find(glob_t *ret_paths)
{
    assert_int_equal(glob(PROFILES "*" EXTENSION, 0, NULL, ret_paths), 0);
    assert_int_equal(glob(PROFILES "*/*" EXTENSION, GLOB_APPEND, NULL, ret_paths), 0);
}

static struct rw_profile *profile_read(const char *path)
{
    static char bytes[BYTES_MAX];
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        fail_msg("%s is not there", path);
        return NULL;
    }
    size_t size = fread(bytes, 1, sizeof bytes, stream);
    struct rw_profile *profile = NULL;
    fclose(stream);
    assert_int_equal(rw_profile_parse(bytes, size, NULL, &profile), RW_OK);
    return profile;
}

/* Where the plan of PROFILE stands: beginner-9-week-week-1.txt for beginner-9-week/week-1.yaml. */
static void plan_path(const char *language, const char *profile, char path[512])
{
    const char *name = profile + strlen(PROFILES);
    int length = (int)(strlen(name) - strlen(EXTENSION));
    snprintf(path, 512, "%s/%s/", PLANS, language);
    size_t start = strlen(path);
    snprintf(path + start, 512 - start, "%.*s.txt", length, name);
    for (char *slash = strchr(path + start, '/'); slash; slash = strchr(slash, '/')) {
        *slash = '-';
    }
}

static void plan_compare(const char *language, const char *profile, const char *text)
{
    static char expected[BYTES_MAX];
    char path[512];
    plan_path(language, profile, path);
    if (getenv("RUNWALK_BLESS")) {
        FILE *stream = fopen(path, "wb");
        assert_non_null(stream);
        fputs(text, stream);
        fclose(stream);
    }
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        fail_msg("%s is not there: RUNWALK_BLESS=1 writes it", path);
        return;
    }
    size_t size = fread(expected, 1, sizeof expected - 1, stream);
    expected[size] = '\0';
    fclose(stream);
    if (strcmp(expected, text) != 0) {
        size_t at = 0;
        while (expected[at] == text[at]) {
            at++;
        }
        while (at > 0 && expected[at - 1] != '\n') {
            at--;
        }
        fail_msg("%s: expected\n%.*s\ngot\n%.*s", path, (int)strcspn(expected + at, "\n"),
                 expected + at, (int)strcspn(text + at, "\n"), text + at);
    }
}

static void plans_check(const char *language, const glob_t *paths)
{
    char directory[512];
    struct rw_voice *voice;
    struct plan *plan = malloc(sizeof *plan);
    snprintf(directory, sizeof directory, "%s/sounds/%s", TEST_SOURCE_DIR, language);
    assert_int_equal(rw_voice_open(directory, NULL, &voice), RW_OK);
    for (size_t i = 0; i < paths->gl_pathc; i++) {
        if (strstr(paths->gl_pathv[i], ".plan" EXTENSION)) {
            continue; /* weeks of profiles */
        }
        struct rw_profile *profile = profile_read(paths->gl_pathv[i]);
        plan_make(profile, voice, plan);
        plan_sort(plan);
        char *text = plan_write(plan);
        plan_compare(language, paths->gl_pathv[i], text);
        free(text);
        rw_profile_destroy(profile);
    }
    rw_voice_close(voice);
    free(plan);
}

static void every_profile_says_what_it_said_in_every_language(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "de", "es", "fr", "zh"};
    glob_t paths;
    profiles_find(&paths);
    for (size_t i = 0; i < RW_COUNT(languages); i++) {
        plans_check(languages[i], &paths);
    }
    globfree(&paths);
}

/* What is heard of PROFILE at normal, as lines of a script. */
static char *script_write(const struct rw_profile *profile, const struct rw_voice *voice)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    struct rw_script *script;
    struct rw_script_item item;
    assert_non_null(stream);
    assert_int_equal(rw_script_open(profile, rw_coach_measure(voice), NULL, &script), RW_OK);
    while (rw_script_next(script, &item)) {
        struct rw_utterance utterance;
        char time[RW_TEXT_TIME_MAX];
        bool is_heard = item.type == RW_SCRIPT_CUE && item.cue.fate != RW_CUE_DROPPED &&
                        rw_cue_type_speaks(item.cue.type);
        if (is_heard && rw_voice_compose(voice, &item.cue.words, &utterance) == RW_OK) {
            rw_text_clock(item.at / RW_NS_PER_SECOND, time);
            fprintf(stream, "%5s  %s\n", time, utterance.text);
        }
    }
    rw_script_close(script);
    fclose(stream);
    return text;
}

/* The text of the first block of docs/hour.md that opens with OPEN; its length in *ret_size. */
static char *block_find(char *manual, const char *open, size_t *ret_size)
{
    char *at = strstr(manual, open);
    if (!at) {
        fail_msg("docs/hour.md has no block %s", open);
        return NULL;
    }
    at += strlen(open);
    *ret_size = (size_t)(strstr(at, "```") - at);
    return at;
}

static void the_manual_tells_of_an_hour_as_it_is_heard(void **state)
{
    (void)state;
    static char manual[BYTES_MAX];
    static const char path[] = TEST_SOURCE_DIR "/docs/hour.md";
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    manual[fread(manual, 1, sizeof manual - 1, stream)] = '\0';
    fclose(stream);
    size_t size;
    struct rw_profile *profile;
    struct rw_voice *voice;
    const char *yaml = block_find(manual, "```yaml\n", &size);
    assert_int_equal(rw_profile_parse(yaml, size, NULL, &profile), RW_OK);
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", NULL, &voice), RW_OK);
    char *text = script_write(profile, voice);
    const char *told = block_find(manual, "```text\n", &size);
    if (getenv("RUNWALK_BLESS")) {
        stream = fopen(path, "wb");
        assert_non_null(stream);
        fprintf(stream, "%.*s%s%s", (int)(told - manual), manual, text, told + size);
        fclose(stream);
    } else {
        assert_int_equal(strlen(text), size);
        assert_memory_equal(text, told, size);
    }
    free(text);
    rw_voice_close(voice);
    rw_profile_destroy(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_profile_says_what_it_said_in_every_language),
        cmocka_unit_test(the_manual_tells_of_an_hour_as_it_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
