/*
 * What a well-formed profile means, and what bounds hold against a hostile one.
 */
#include "runwalk/profile/profile_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rw_diagnostics diagnostics;

/* Parses a copy of exactly SIZE bytes, so that a sanitizer sees a read past the end. */
static enum rw_status bytes_parse(const char *bytes, size_t size, struct rw_profile **ret_profile)
{
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_profile_parse(copy, size, &diagnostics, ret_profile);
    free(copy);
    return status;
}

static struct rw_profile *text_parse(const char *text)
{
    struct rw_profile *profile = NULL;
    enum rw_status status = bytes_parse(text, strlen(text), &profile);
    if (status != RW_OK) {
        char *problems = rw_diagnostics_format(&diagnostics, "profile", text, strlen(text));
        fail_msg("%s", problems);
    }
    assert_int_equal(diagnostics.count, 0);
    return profile;
}

/* The segments as stored, in order: the children of the root, unless they are repeats. */
static const struct rw_step *step_at(const struct rw_profile *profile, uint32_t index)
{
    size_t count = 0;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    assert_true(index < steps[0].child_count);
    return &steps[steps[0].first_child + index];
}

static const struct rw_step *child_at(const struct rw_profile *profile, const struct rw_step *step,
                                      uint32_t index)
{
    size_t count = 0;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    assert_true(index < step->child_count);
    return &steps[step->first_child + index];
}

static void a_whole_profile_is_read_as_written(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Tuesday # a comment\n"
                                            "summary: Six one-minute runs. Easy.\n"
                                            "cues:\n"
                                            "  announce: auto\n"
                                            "  count: auto\n"
                                            "  countdown: 3\n"
                                            "  next: 10s\n"
                                            "  halfway: yes\n"
                                            "steps:\n"
                                            "  - warmup: 5m\n"
                                            "    say: Start with a brisk walk.\n"
                                            "  - repeat: 6\n"
                                            "    skip-last: walk\n"
                                            "    steps:\n"
                                            "      - run: 1m\n"
                                            "        cues: {next: off}\n"
                                            "      - walk: 1m30s\n"
                                            "  - cooldown: 5m\n");
    assert_string_equal(rw_profile_name(profile), "Tuesday");
    assert_string_equal(rw_profile_summary(profile), "Six one-minute runs. Easy.");
    assert_int_equal(rw_profile_duration_ms(profile), (10 * 60 + 6 * 150 - 90) * 1000);
    assert_int_equal(rw_profile_segment_count(profile), 13);
    assert_int_equal(rw_profile_run_count(profile), 6);
    assert_string_equal(step_at(profile, 0)->say, "Start with a brisk walk.");
    const struct rw_step *run = child_at(profile, step_at(profile, 1), 0);
    assert_int_equal(run->kind, RW_KIND_RUN);
    assert_int_equal(run->cues->next, RW_NEXT_OFF);
    assert_int_equal(run->cues->countdown, 3);
    assert_int_equal(child_at(profile, step_at(profile, 1), 1)->cues->next, RW_NEXT_ALWAYS);
    rw_profile_destroy(profile);
}

static void each_kind_and_duration_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        enum rw_kind kind;
        uint32_t ms;
    } expected[] = {
        {RW_KIND_WARMUP, 1000},      {RW_KIND_RUN, 1500},   {RW_KIND_WALK, 90000},
        {RW_KIND_COOLDOWN, 3750000}, {RW_KIND_REST, 60000}, {RW_KIND_EXERCISE, 20250},
    };
    struct rw_profile *profile = text_parse("name: All\n"
                                            "steps:\n"
                                            "  - warmup: 1s\n"
                                            "  - run: 1.5s\n"
                                            "  - walk: 1:30\n"
                                            "  - cooldown: 1:02:30\n"
                                            "  - rest: 1m\n"
                                            "  - exercise: 20.25s\n"
                                            "    name: Plank\n");
    for (uint32_t i = 0; i < RW_COUNT(expected); i++) {
        assert_int_equal(step_at(profile, i)->kind, expected[i].kind);
        assert_int_equal(step_at(profile, i)->duration_ms, expected[i].ms);
    }
    rw_profile_destroy(profile);
}

static void both_sides_make_a_left_and_a_right_of_full_length(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Core\n"
                                            "steps:\n"
                                            "  - exercise: 20s\n"
                                            "    name: Side plank\n"
                                            "    sides: both\n");
    assert_int_equal(rw_profile_duration_ms(profile), 40000);
    assert_int_equal(step_at(profile, 0)->side, RW_SIDE_LEFT);
    assert_int_equal(step_at(profile, 1)->side, RW_SIDE_RIGHT);
    assert_string_equal(step_at(profile, 1)->name, "Side plank");
    rw_profile_destroy(profile);
}

static void cues_left_out_are_the_default_ones(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Plain\nsteps:\n  - run: 1m\n");
    const struct rw_cue_settings *cues = step_at(profile, 0)->cues;
    assert_int_equal(cues->announce, RW_ANNOUNCE_AUTO);
    assert_int_equal(cues->count, RW_COUNT_AUTO);
    assert_int_equal(cues->countdown, 3);
    assert_int_equal(cues->next, RW_NEXT_AUTO);
    assert_int_equal(cues->next_ms, 10000);
    assert_true(cues->halfway);
    rw_profile_destroy(profile);
}

#define SAYS(cues, name) (((cues)->said & 1u << RW_SETTING_##name) != 0)

static void what_is_said_unasked_is_read_and_what_is_not_told_stays_open(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse(
        "name: Talk\n"
        "cues: {verbosity: chatty, encourage: 3m, posture: no, cadence: 165}\n"
        "steps:\n"
        "  - run: 20m\n"
        "    cues: {dead-point: 5m-12m30s, breathing: yes, time-left: no, cadence: +5%}\n"
        "  - walk: 1m\n"
        "    cues: {encourage: auto, dead-point: off, baseline: 162}\n"
        "  - cooldown: 1m\n"
        "    cues: {cadence: 110}\n");
    const struct rw_cue_settings *run = step_at(profile, 0)->cues;
    const struct rw_cue_settings *walk = step_at(profile, 1)->cues;
    assert_int_equal(run->verbosity, RW_VERBOSITY_CHATTY);
    assert_int_equal(run->encourage_ms, 180000);
    assert_true(SAYS(run, POSTURE) && run->posture_ms == 0);
    assert_int_equal(run->breathing_ms, 720000);
    assert_int_equal(run->dead_from_ms, 300000);
    assert_int_equal(run->dead_until_ms, 750000);
    assert_true(SAYS(run, TIME_LEFT) && !run->time_left);
    assert_true(run->cadence_is_relative && run->cadence == 5);
    assert_false(SAYS(run, ANNOUNCE) || SAYS(run, BASELINE));

    assert_false(SAYS(walk, ENCOURAGE) || SAYS(walk, BREATHING));
    assert_true(SAYS(walk, DEAD_POINT) && walk->dead_until_ms == 0);
    assert_int_equal(walk->baseline, 162);
    assert_false(SAYS(walk, CADENCE)); /* that of the file is for runs */
    assert_true(SAYS(step_at(profile, 2)->cues, CADENCE));
    assert_int_equal(step_at(profile, 2)->cues->cadence, 110);
    rw_profile_destroy(profile);
}

static void steps_that_say_nothing_themselves_share_what_holds(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Shared\n"
                                            "cues: {cadence: 165}\n"
                                            "steps:\n"
                                            "  - run: 1m\n"
                                            "  - walk: 1m\n"
                                            "  - run: 1m\n"
                                            "  - walk: 1m\n"
                                            "    cues: {countdown: off}\n"
                                            "  - repeat: 2\n"
                                            "    steps: [run: 1m, walk: 1m]\n"
                                            "  - run: 1m\n");
    const struct rw_cue_settings *run = step_at(profile, 0)->cues;
    const struct rw_cue_settings *walk = step_at(profile, 1)->cues;
    assert_ptr_equal(step_at(profile, 2)->cues, run);
    assert_true(SAYS(run, CADENCE) && !SAYS(walk, CADENCE));
    assert_int_equal(step_at(profile, 3)->cues->countdown, 0);
    assert_int_equal(walk->countdown, 3);
    const struct rw_step *repeat = step_at(profile, 4);
    assert_ptr_equal(child_at(profile, repeat, 0)->cues, step_at(profile, 5)->cues);
    assert_true(SAYS(child_at(profile, repeat, 0)->cues, CADENCE));
    assert_false(SAYS(child_at(profile, repeat, 1)->cues, CADENCE));
    rw_profile_destroy(profile);
}

static void a_deeper_level_overrides_cues_key_by_key(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Levels\n"
                                            "cues: {announce: kind, countdown: 5, next: 30s}\n"
                                            "steps:\n"
                                            "  - repeat: 2\n"
                                            "    cues: {countdown: off, count: all}\n"
                                            "    steps:\n"
                                            "      - run: 1m\n"
                                            "        cues: {next: auto, halfway: Off}\n"
                                            "      - walk: 1m\n"
                                            "  - run: 1m\n");
    const struct rw_step *repeat = step_at(profile, 0);
    const struct rw_cue_settings *run = child_at(profile, repeat, 0)->cues;
    assert_int_equal(run->announce, RW_ANNOUNCE_KIND);
    assert_int_equal(run->countdown, 0);
    assert_int_equal(run->count, RW_COUNT_ALL);
    assert_int_equal(run->next, RW_NEXT_AUTO);
    assert_int_equal(run->next_ms, 10000);
    assert_false(run->halfway);
    const struct rw_cue_settings *walk = child_at(profile, repeat, 1)->cues;
    assert_int_equal(walk->next, RW_NEXT_ALWAYS);
    assert_int_equal(walk->next_ms, 30000);
    assert_true(walk->halfway);
    const struct rw_cue_settings *last = step_at(profile, 1)->cues;
    assert_int_equal(last->countdown, 5);
    assert_int_equal(last->count, RW_COUNT_AUTO);
    rw_profile_destroy(profile);
}

/* A repeat's cues hold for its steps wherever in the repeat they are written. */
static void cues_written_below_the_steps_hold_for_them_too(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("steps:\n"
                                            "  - repeat: 2\n"
                                            "    steps:\n"
                                            "      - run: 1m\n"
                                            "    cues: {countdown: 7}\n"
                                            "cues: {announce: off}\n"
                                            "name: Upside down\n");
    const struct rw_cue_settings *cues = child_at(profile, step_at(profile, 0), 0)->cues;
    assert_int_equal(cues->countdown, 7);
    assert_int_equal(cues->announce, RW_ANNOUNCE_OFF);
    rw_profile_destroy(profile);
}

static void texts_are_joined_into_one_line(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: '  Early   morning '\n"
                                            "steps:\n"
                                            "  - run: 1m\n"
                                            "    say: >\n"
                                            "      Easy\n"
                                            "      and even.\n"
                                            "  - walk: 1m\n"
                                            "    say: |\n"
                                            "      Breathe\n"
                                            "      out.\n");
    assert_string_equal(rw_profile_name(profile), "Early morning");
    assert_string_equal(step_at(profile, 0)->say, "Easy and even.");
    assert_string_equal(step_at(profile, 1)->say, "Breathe out.");
    rw_profile_destroy(profile);
}

static void six_nested_repeats_are_taken_with_cues_inside(void **state)
{
    (void)state;
    char text[2048] = "name: Deep\nsteps:\n";
    size_t used = strlen(text);
    for (int level = 0; level < 6; level++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%*s- repeat: 2\n%*ssteps:\n",
                                 level * 4, "", level * 4 + 2, "");
    }
    snprintf(text + used, sizeof text - used, "%*s- run: 1s\n%*scues: {next: off}\n", 24, "", 26,
             "");
    struct rw_profile *profile = text_parse(text);
    assert_int_equal(rw_profile_segment_count(profile), 64);
    rw_profile_destroy(profile);
}

static void a_day_of_seconds_is_the_longest_session(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Day\n"
                                            "steps:\n"
                                            "  - repeat: 43200\n"
                                            "    steps: [{run: 1s}, {walk: 1s}]\n");
    assert_int_equal(rw_profile_segment_count(profile), 86400);
    assert_int_equal(rw_profile_duration_ms(profile), RW_SESSION_MS_MAX);
    rw_profile_destroy(profile);

    static const char longer[] = "name: Day\n"
                                 "steps:\n"
                                 "  - repeat: 43200\n"
                                 "    steps: [{run: 1s}, {walk: 1s}]\n"
                                 "  - cooldown: 1s\n";
    assert_int_equal(bytes_parse(longer, strlen(longer), &profile), RW_EINVALID);
    assert_int_equal(diagnostics.list[0].line, 5);
}

static void what_skip_last_leaves_out_does_not_count_against_the_day(void **state)
{
    (void)state;
    struct rw_profile *profile = text_parse("name: Day\n"
                                            "steps:\n"
                                            "  - repeat: 2\n"
                                            "    skip-last: rest\n"
                                            "    steps:\n"
                                            "      - run: 4h\n"
                                            "      - rest: 16h\n");
    assert_int_equal(rw_profile_duration_ms(profile), RW_SESSION_MS_MAX);
    rw_profile_destroy(profile);
}

static void the_profile_does_not_need_the_bytes_any_more(void **state)
{
    (void)state;
    char text[] = "name: Mine\nsteps:\n  - exercise: 10s\n    name: Bridge\n    say: Hold.\n";
    struct rw_profile *profile = text_parse(text);
    memset(text, 'x', sizeof text);
    assert_string_equal(rw_profile_name(profile), "Mine");
    assert_string_equal(step_at(profile, 0)->name, "Bridge");
    assert_string_equal(step_at(profile, 0)->say, "Hold.");
    rw_profile_destroy(profile);
}

/* A text of SIZE bytes: FIRST, then UNIT as often as it fits, then blanks. The caller frees. */
static char *text_fill(size_t size, const char *first, const char *unit)
{
    char *text = malloc(size + 1);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, size + 1, "%s", first);
    for (size_t step = strlen(unit); used + step <= size; used += step) {
        snprintf(text + used, size + 1 - used, "%s", unit);
    }
    memset(text + used, ' ', size - used);
    return text;
}

static void a_valid_profile_of_255_kib_is_taken(void **state)
{
    (void)state;
    const size_t size = (size_t)255 * 1024;
    char *text = text_fill(size, "name: Large\nsteps:\n", "- run: 1s\n");
    struct rw_profile *profile = NULL;
    assert_int_equal(bytes_parse(text, size, &profile), RW_OK);
    assert_int_equal(rw_profile_run_count(profile), (size - 19) / 10);
    rw_profile_destroy(profile);
    free(text);
}

static void a_file_of_one_byte_too_many_is_refused_unread(void **state)
{
    (void)state;
    char *text = text_fill(RW_PROFILE_BYTES_MAX + 1, "\xFF\xFF not even text", "[");
    struct rw_profile *profile = NULL;
    assert_int_equal(bytes_parse(text, RW_PROFILE_BYTES_MAX + 1, &profile), RW_ELIMIT);
    assert_int_equal(diagnostics.count, 1);
    assert_int_equal(diagnostics.list[0].line, 0);
    assert_string_equal(diagnostics.list[0].text, "the file is larger than 256 KiB");
    free(text);
}

/* Each would take minutes, times the repetitions, if anything about it were not linear. */
static void hostile_files_are_refused_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        const char *unit;
    } bombs[] = {
        {"", "["},
        {"", "{"},
        {"", "- "},
        {"", "? "},
        {"", "- ["},
        {"", "{[: "},
        {"", "&a "},
        {"", "*a "},
        {"", "!a "},
        {"name: x\nsteps:\n", "- &a run\n"},
        {"name: x\nsteps:\n", "- *a\n"},
        {"name: x\nsteps: [", "{},"},
        {"name: x\nsteps: [", "a,"},
        {"name: x\nsteps: [", "[],"},
        {"name: x\nsteps: [", "{say: x},"},
        {"", "a: 1\n"},
        {"", "? a\n"},
        {"say: \"", "\\n"},
        {"say: |\n", " x\n"},
        {"", "#\n"},
        {"", "a"},
        {"", "\n"},
        {"", ": "},
        {"", ", "},
        {"", "'' "},
        {"%", "YAML "},
        {"name: x\nsteps:\n- run: ", "1"},
        {"name: x\nsteps:\n- run: 1.", "0"},
    };
    for (size_t i = 0; i < RW_COUNT(bombs); i++) {
        const size_t size = (size_t)255 * 1024;
        char *text = text_fill(size, bombs[i].first, bombs[i].unit);
        struct rw_profile *profile = NULL;
        for (unsigned times = 0; times < 5; times++) {
            enum rw_status status = bytes_parse(text, size, &profile);
            if (status != RW_EINVALID && status != RW_ELIMIT) {
                fail_msg("bomb %zu: status %d", i, (int)status);
            }
            assert_true(diagnostics.errors > 0);
        }
        free(text);
    }
}

static void thousands_of_different_wrong_keys_are_refused_at_once(void **state)
{
    (void)state;
    const size_t size = (size_t)255 * 1024;
    char *text = text_fill(size, "name: x\nsteps: [{run: 1m}]\n", " ");
    size_t used = 27;
    for (unsigned number = 0; used + 20 < size; number++) {
        used += (size_t)snprintf(text + used, size - used, "k%u: 1\n", number);
        text[used] = ' ';
    }
    struct rw_profile *profile = NULL;
    assert_int_equal(bytes_parse(text, used, &profile), RW_EINVALID);
    assert_int_equal(diagnostics.count, RW_DIAGNOSTIC_MAX);
    assert_true(diagnostics.errors > 20000);
    free(text);
}

static void nobody_has_to_want_the_diagnostics(void **state)
{
    (void)state;
    static const char text[] = "name: x\nname: y\nsteps:\n  - run: 1m\n    anounce: off\n";
    struct rw_profile *profile = NULL;
    assert_int_equal(rw_profile_parse(text, strlen(text), NULL, &profile), RW_EINVALID);
    static const char broken[] = "name: [";
    assert_int_equal(rw_profile_parse(broken, strlen(broken), NULL, &profile), RW_EINVALID);
    assert_int_equal(rw_profile_parse("\xFF", 1, NULL, &profile), RW_EINVALID);
    assert_null(profile);
}

/* Every beginning of a good profile, and every one with a byte spoilt, is taken or refused. */
static void no_part_of_a_profile_does_harm(void **state)
{
    (void)state;
    static const char text[] = "name: \"T\\u00fcesday\"\ncues: {next: 10s, countdown: 3}\nsteps:\n"
                               "  - repeat: 2\n    skip-last: walk\n    steps:\n"
                               "      - run: 1m\n        say: 'Los \xC3\xBC'\n      - walk: 1:30\n";
    for (size_t size = 0; size < sizeof text; size++) {
        struct rw_profile *profile = NULL;
        enum rw_status status = bytes_parse(text, size, &profile);
        assert_true((status == RW_OK) == (diagnostics.errors == 0));
        rw_profile_destroy(profile);
    }
    static const char spoilers[] = {'\0', '\t', '\n', '"', '[', '{', ':', '-', '*', '&', '\xC3'};
    for (size_t i = 0; i < RW_COUNT(spoilers); i++) {
        for (size_t at = 0; at + 1 < sizeof text; at++) {
            char spoilt[sizeof text];
            memcpy(spoilt, text, sizeof text);
            spoilt[at] = spoilers[i];
            struct rw_profile *profile = NULL;
            enum rw_status status = bytes_parse(spoilt, sizeof text - 1, &profile);
            assert_true((status == RW_OK) == (diagnostics.errors == 0));
            rw_profile_destroy(profile);
            char *shown = rw_diagnostics_format(&diagnostics, "p", spoilt, sizeof text - 1);
            assert_non_null(shown);
            free(shown);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_profile_is_read_as_written),
        cmocka_unit_test(each_kind_and_duration_is_told_apart),
        cmocka_unit_test(both_sides_make_a_left_and_a_right_of_full_length),
        cmocka_unit_test(cues_left_out_are_the_default_ones),
        cmocka_unit_test(what_is_said_unasked_is_read_and_what_is_not_told_stays_open),
        cmocka_unit_test(steps_that_say_nothing_themselves_share_what_holds),
        cmocka_unit_test(a_deeper_level_overrides_cues_key_by_key),
        cmocka_unit_test(cues_written_below_the_steps_hold_for_them_too),
        cmocka_unit_test(texts_are_joined_into_one_line),
        cmocka_unit_test(six_nested_repeats_are_taken_with_cues_inside),
        cmocka_unit_test(a_day_of_seconds_is_the_longest_session),
        cmocka_unit_test(what_skip_last_leaves_out_does_not_count_against_the_day),
        cmocka_unit_test(the_profile_does_not_need_the_bytes_any_more),
        cmocka_unit_test(a_valid_profile_of_255_kib_is_taken),
        cmocka_unit_test(a_file_of_one_byte_too_many_is_refused_unread),
        cmocka_unit_test(hostile_files_are_refused_at_once),
        cmocka_unit_test(thousands_of_different_wrong_keys_are_refused_at_once),
        cmocka_unit_test(nobody_has_to_want_the_diagnostics),
        cmocka_unit_test(no_part_of_a_profile_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
