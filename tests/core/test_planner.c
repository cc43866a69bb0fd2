/*
 * The script a runner hears, cue by cue, as the manual promises it.
 */
#include "fake_voice.h"
#include "runwalk/core/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SCRIPT_MAX 16384

/* One cue as a short line: when, which, and what it says. */
static void cue_print(char *script, const struct rw_cue *cue)
{
    const struct rw_words *words = &cue->words;
    char line[160];
    int size = snprintf(line, sizeof line, "%ld.%ld %s", (long)(cue->at / RW_NS_PER_SECOND),
                        (long)(cue->at % RW_NS_PER_SECOND / (100 * RW_NS_PER_MS)),
                        rw_cue_type_name(cue->type));
    if (words->saying == RW_SAY_SEGMENT) {
        size += snprintf(line + size, sizeof line - (size_t)size, " %s", rw_kind_name(words->kind));
    }
    if (words->saying == RW_SAY_TONE_RUN || words->saying == RW_SAY_TONE_FINISH) {
        size += snprintf(line + size, sizeof line - (size_t)size, " %s",
                         words->saying == RW_SAY_TONE_RUN ? "rising" : "finish");
    }
    if (words->number > 0) {
        size += snprintf(line + size, sizeof line - (size_t)size, " %u/%u", words->number,
                         words->total);
    }
    if (words->duration_ms > 0) {
        size +=
            snprintf(line + size, sizeof line - (size_t)size, " %us", words->duration_ms / 1000);
    }
    size += snprintf(line + size, sizeof line - (size_t)size, "%s%s%s%s",
                     words->side == RW_SIDE_LEFT    ? " left"
                     : words->side == RW_SIDE_RIGHT ? " right"
                                                    : "",
                     words->flags & RW_WORDS_LAST_RUN ? " last-run" : "",
                     words->flags & RW_WORDS_WAS_LAST_RUN ? " was-last-run" : "",
                     words->flags & RW_WORDS_HALFWAY ? " halfway" : "");
    if (words->saying == RW_SAY_SEGMENT && words->text) {
        size += snprintf(line + size, sizeof line - (size_t)size, " next: %s", words->text);
    }
    size += snprintf(line + size, sizeof line - (size_t)size, "%s%s\n",
                     cue->fate == RW_CUE_DROPPED ? ": dropped, " : "",
                     rw_drop_reason_text(cue->reason));
    assert_true(strlen(script) + (size_t)size < SCRIPT_MAX);
    strcat(script, line);
}

/* The script of STEPS from FROM to TO seconds; ticks are left out unless they are asked for. */
static char *script_of(const struct rw_step_spec *steps, size_t count, long from, long to,
                       bool ticks)
{
    static char script[SCRIPT_MAX];
    struct rw_profile_spec spec = {.name = "Script", .steps = steps, .step_count = count};
    struct rw_profile *profile;
    struct rw_session *session;
    struct rw_cue cue;
    script[0] = '\0';
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    assert_int_equal(rw_session_create(profile, fake_measure, &session), RW_OK);
    while (rw_session_cue(session, to * RW_NS_PER_SECOND, &cue)) {
        bool is_wanted = ticks || cue.type != RW_CUE_COUNTDOWN;
        if (cue.at >= from * RW_NS_PER_SECOND && is_wanted) {
            cue_print(script, &cue);
        }
    }
    rw_session_destroy(session);
    rw_profile_destroy(profile);
    return script;
}

/* Settings of STEP's own, to be changed. */
static struct rw_cue_settings *cues_of(struct rw_step_spec *step)
{
    static struct rw_cue_settings all[16];
    static size_t count;
    struct rw_cue_settings *cues = &all[count++ % RW_COUNT(all)];
    *cues = *step->cues;
    step->cues = cues;
    return cues;
}

static struct rw_step_spec segment(enum rw_kind kind, uint32_t seconds)
{
    return (struct rw_step_spec){
        .kind = kind,
        .duration_ms = seconds * 1000,
        .cues = &rw_cue_settings_default,
    };
}

static void the_default_script_is_the_one_of_the_manual(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 60), segment(RW_KIND_WALK, 90)};
    struct rw_step_spec repeat = {.repeat = 8, .steps = steps, .step_count = 2};
    assert_string_equal(script_of(&repeat, 1, 0, 299, true), "0.0 change rising\n"
                                                             "0.5 announce run 1/8 60s\n"
                                                             "57.0 countdown\n"
                                                             "58.0 countdown\n"
                                                             "59.0 countdown\n"
                                                             "60.0 change\n"
                                                             "60.5 announce walk 90s\n"
                                                             "140.0 next 10s\n"
                                                             "147.0 countdown\n"
                                                             "148.0 countdown\n"
                                                             "149.0 countdown\n"
                                                             "150.0 change rising\n"
                                                             "150.5 announce run 2/8\n"
                                                             "207.0 countdown\n"
                                                             "208.0 countdown\n"
                                                             "209.0 countdown\n"
                                                             "210.0 change\n"
                                                             "210.5 announce walk\n"
                                                             "290.0 next 10s\n"
                                                             "297.0 countdown\n"
                                                             "298.0 countdown\n"
                                                             "299.0 countdown\n");
    assert_string_equal(script_of(&repeat, 1, 595, 1300, false),
                        "600.0 change rising\n"
                        "600.5 announce run 5/8 halfway\n"
                        "660.0 change\n"
                        "660.5 announce walk\n"
                        "740.0 next 10s\n"
                        "750.0 change rising\n"
                        "750.5 announce run 6/8\n"
                        "810.0 change\n"
                        "810.5 announce walk\n"
                        "890.0 next 10s\n"
                        "900.0 change rising\n"
                        "900.5 announce run 7/8\n"
                        "902.1 time-left 300s\n"
                        "960.0 change\n"
                        "960.5 announce walk\n"
                        "1040.0 next 10s last-run\n"
                        "1050.0 change rising\n"
                        "1050.5 announce run last-run\n"
                        "1110.0 change\n"
                        "1110.5 announce walk was-last-run\n"
                        "1200.0 change finish\n"
                        "1201.0 announce 1200s\n");
}

static void above_twelve_runs_only_every_fifth_is_counted(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 30), segment(RW_KIND_WALK, 30)};
    struct rw_step_spec repeat = {.repeat = 13, .steps = steps, .step_count = 2};
    char *script = script_of(&repeat, 1, 0, 10000, false);
    assert_non_null(strstr(script, "announce run 5/13\n"));
    assert_non_null(strstr(script, "announce run 10/13\n"));
    assert_null(strstr(script, "1/13"));
    assert_null(strstr(script, "4/13"));
    assert_non_null(strstr(script, "announce run last-run\n"));

    cues_of(&steps[0])->count = RW_COUNT_ALL;
    script = script_of(&repeat, 1, 0, 10000, false);
    assert_non_null(strstr(script, "announce run 4/13\n"));
    cues_of(&steps[0])->count = cues_of(&steps[1])->count = RW_COUNT_OFF;
    script = script_of(&repeat, 1, 0, 10000, false);
    assert_null(strstr(script, "/13"));
    assert_null(strstr(script, "last-run"));
}

static void a_single_run_is_neither_counted_nor_called_the_last(void **state)
{
    (void)state;
    struct rw_step_spec steps[3] = {segment(RW_KIND_WARMUP, 300), segment(RW_KIND_RUN, 1500),
                                    segment(RW_KIND_COOLDOWN, 300)};
    assert_string_equal(script_of(steps, 3, 0, 10000, false), "0.0 change\n"
                                                              "0.5 announce warmup 300s\n"
                                                              "290.0 next 10s\n"
                                                              "300.0 change rising\n"
                                                              "300.5 announce run 1500s\n"
                                                              "1050.0 halfway\n"
                                                              "1500.0 time-left 600s\n"
                                                              "1800.0 change\n"
                                                              "1800.5 announce cooldown 300s\n"
                                                              "2100.0 change finish\n"
                                                              "2101.0 announce 2100s\n");
}

static void an_explicit_next_is_said_before_every_change(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 60), segment(RW_KIND_WALK, 60)};
    cues_of(&steps[0])->next = RW_NEXT_ALWAYS;
    cues_of(&steps[0])->next_ms = 15000;
    char *script = script_of(steps, 2, 0, 10000, false);
    assert_non_null(strstr(script, "45.0 next 15s\n"));
    steps[0].duration_ms = 59000;
    script = script_of(steps, 2, 0, 10000, false);
    assert_null(strstr(script, "next"));
}

static void both_sides_are_told_apart(void **state)
{
    (void)state;
    struct rw_step_spec step = segment(RW_KIND_EXERCISE, 20);
    step.name = "Side plank";
    step.both_sides = true;
    cues_of(&step)->halfway = false;
    assert_string_equal(script_of(&step, 1, 0, 39, false), "0.0 change rising\n"
                                                           "0.5 announce exercise 20s left\n"
                                                           "20.0 change rising\n"
                                                           "20.5 announce exercise right\n");
}

static void a_rest_tells_which_exercise_comes(void **state)
{
    (void)state;
    struct rw_step_spec steps[5] = {segment(RW_KIND_REST, 10), segment(RW_KIND_EXERCISE, 10),
                                    segment(RW_KIND_REST, 2), segment(RW_KIND_EXERCISE, 10),
                                    segment(RW_KIND_REST, 10)};
    steps[1].name = "Side plank";
    steps[1].both_sides = true;
    steps[3].name = "Bridge";
    for (int i = 0; i < 5; i++) {
        cues_of(&steps[i])->halfway = false;
    }
    /* In two seconds there is no room for it. */
    assert_string_equal(script_of(steps, 5, 0, 53, false),
                        "0.0 change\n"
                        "0.5 announce rest 10s next: Side plank\n"
                        "10.0 change rising\n"
                        "10.5 announce exercise 10s left\n"
                        "20.0 change rising\n"
                        "20.5 announce exercise right\n"
                        "30.0 change\n"
                        "30.5 announce rest\n"
                        "32.0 change rising\n"
                        "32.5 announce exercise\n"
                        "42.0 change\n"
                        "42.5 announce rest 10s\n"
                        "52.0 change finish\n");
    cues_of(&steps[0])->next = RW_NEXT_OFF;
    assert_string_equal(script_of(steps, 5, 0, 5, false), "0.0 change\n"
                                                          "0.5 announce rest 10s\n");
}

static void what_a_short_step_cannot_hold_is_dropped_and_named(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 5), segment(RW_KIND_WALK, 1)};
    steps[0].say = "This sentence is much too long for it.";
    assert_string_equal(script_of(steps, 2, 0, 10, true),
                        "0.0 change rising\n"
                        "0.5 announce run 5s\n"
                        "2.5 say: dropped, the step is too short for it\n"
                        "3.0 halfway\n"
                        "5.0 change\n"
                        "5.5 announce walk 1s: dropped, the step is too short for it\n"
                        "6.0 change finish\n"
                        "7.0 announce 6s\n");
}

static void a_change_too_short_for_the_middle_leaves_it_where_it_is(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 29), segment(RW_KIND_WALK, 3)};
    char *script = script_of(steps, 2, 0, 100, false);
    assert_non_null(strstr(script, "16.0 halfway\n"));
    assert_null(strstr(script, "dropped"));
}

/* Words with the middle in them are too long for a step of six seconds. */
static rw_ns slow_length(void *context, const struct rw_words *words)
{
    rw_ns length = fake_length(context, words);
    return words->flags & RW_WORDS_HALFWAY ? length + 10 * RW_NS_PER_SECOND : length;
}

static void an_announcement_that_lost_only_the_middle_counts_as_planned(void **state)
{
    (void)state;
    struct rw_step_spec steps[3] = {segment(RW_KIND_RUN, 30), segment(RW_KIND_WALK, 6),
                                    segment(RW_KIND_WARMUP, 30)};
    struct rw_profile_spec spec = {.name = "Middle", .steps = steps, .step_count = 3};
    struct rw_measure slow = {.length = slow_length};
    struct rw_profile *profile;
    struct rw_session *session;
    struct rw_cue cue;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    assert_int_equal(rw_session_create(profile, slow, &session), RW_OK);
    while (rw_session_cue(session, RW_NS_NEVER, &cue)) {
        assert_int_not_equal(cue.fate, RW_CUE_SHORTENED);
    }
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void what_ticks_keep_away_is_not_blamed_on_the_step(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 60), segment(RW_KIND_WALK, 60)};
    cues_of(&steps[0])->next = RW_NEXT_ALWAYS;
    cues_of(&steps[0])->countdown = 10;
    char *script = script_of(steps, 2, 0, 59, false);
    assert_non_null(strstr(script, "50.0 next 10s: dropped, a more important cue sounds then\n"));
}

static void a_session_that_ends_unannounced_ends_with_the_tone_alone(void **state)
{
    (void)state;
    struct rw_step_spec step = segment(RW_KIND_RUN, 10);
    cues_of(&step)->announce = RW_ANNOUNCE_OFF;
    cues_of(&step)->halfway = false;
    assert_string_equal(script_of(&step, 1, 0, 100, false), "0.0 change rising\n"
                                                            "10.0 change finish\n");
}

static void a_sentence_too_long_for_its_step_is_shortened(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {segment(RW_KIND_RUN, 2), segment(RW_KIND_WALK, 20)};
    char *script = script_of(steps, 2, 0, 1, false);
    assert_string_equal(script, "0.0 change rising\n"
                                "0.5 announce run\n");
}

static void the_middle_is_said_once_and_joins_a_change_that_is_near(void **state)
{
    (void)state;
    struct rw_step_spec steps[3] = {segment(RW_KIND_RUN, 100), segment(RW_KIND_WALK, 40),
                                    segment(RW_KIND_RUN, 80)};
    /* The middle is at 110: the change at 100 takes it. */
    char *script = script_of(steps, 3, 0, 1000, false);
    assert_non_null(strstr(script, "100.5 announce walk 40s halfway\n"));
    assert_null(strstr(strstr(script, " halfway") + 1, " halfway"));
    /* At 130, nearer to the change at 140 that comes. */
    steps[2].duration_ms = 120000;
    script = script_of(steps, 3, 0, 1000, false);
    assert_non_null(strstr(script, "140.5 announce run 120s last-run halfway\n"));
    /* At 170, by itself. */
    steps[2].duration_ms = 200000;
    script = script_of(steps, 3, 0, 1000, false);
    assert_non_null(strstr(script, "170.0 halfway\n"));
    /* In the middle of one segment that does not want it. */
    cues_of(&steps[2])->halfway = false;
    script = script_of(steps, 3, 0, 1000, false);
    assert_null(strstr(script, "halfway"));
}

static void words_that_nothing_speaks_are_dropped_with_the_reason(void **state)
{
    (void)state;
    struct rw_step_spec step = segment(RW_KIND_RUN, 30);
    step.say = "unspeakable";
    cues_of(&step)->halfway = false;
    char *script = script_of(&step, 1, 0, 20, false);
    assert_non_null(strstr(script, "say: dropped, neither a clip nor a speech engine speaks it\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_script_is_the_one_of_the_manual),
        cmocka_unit_test(above_twelve_runs_only_every_fifth_is_counted),
        cmocka_unit_test(a_single_run_is_neither_counted_nor_called_the_last),
        cmocka_unit_test(an_explicit_next_is_said_before_every_change),
        cmocka_unit_test(both_sides_are_told_apart),
        cmocka_unit_test(a_rest_tells_which_exercise_comes),
        cmocka_unit_test(what_a_short_step_cannot_hold_is_dropped_and_named),
        cmocka_unit_test(a_change_too_short_for_the_middle_leaves_it_where_it_is),
        cmocka_unit_test(an_announcement_that_lost_only_the_middle_counts_as_planned),
        cmocka_unit_test(what_ticks_keep_away_is_not_blamed_on_the_step),
        cmocka_unit_test(a_session_that_ends_unannounced_ends_with_the_tone_alone),
        cmocka_unit_test(a_sentence_too_long_for_its_step_is_shortened),
        cmocka_unit_test(the_middle_is_said_once_and_joins_a_change_that_is_near),
        cmocka_unit_test(words_that_nothing_speaks_are_dropped_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
