/* What was lost for want of sound is caught up by one sentence, and only if it is still news. */
#include "runwalk/coach/coach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)
#define PLAYS_MAX  256

struct played {
    uint64_t cue;
    rw_ns at;
    char text[RW_UTTERANCE_TEXT_MAX];
};

/* A run of a minute and a walk of a minute, for ever. */
struct stage {
    struct rw_voice *voice;
    struct rw_coach *coach;
    rw_ns now;
    struct played plays[PLAYS_MAX];
    size_t count;
};

static void sink_play(void *context, const struct rw_play *play)
{
    struct stage *stage = context;
    assert_true(stage->count < PLAYS_MAX);
    struct played *played = &stage->plays[stage->count++];
    played->cue = play->cue;
    played->at = play->at;
    strcpy(played->text, play->utterance.text);
}

static void sink_cancel(void *context, uint32_t epoch)
{
    (void)context;
    (void)epoch;
}

static void sink_expect(void *context, rw_ns at)
{
    (void)context;
    (void)at;
}

static rw_ns sink_earliest(void *context, rw_ns now)
{
    (void)context;
    return now + RW_NS_PER_SECOND / 5;
}

static void event_pass(void *context, const struct rw_coach_event *event)
{
    (void)context;
    (void)event;
}

static void time_pass(struct stage *stage, rw_ns until)
{
    rw_ns next;
    while ((next = rw_coach_deadline(stage->coach)) <= until) {
        stage->now = next > stage->now ? next : stage->now;
        rw_coach_advance(stage->coach, stage->now);
    }
    stage->now = until;
    rw_coach_advance(stage->coach, until);
}

static struct rw_profile *profile_make(void)
{
    struct rw_step_spec steps[2] = {
        {.kind = RW_KIND_RUN, .duration_ms = 60000, .cues = &rw_cue_settings_default},
        {.kind = RW_KIND_WALK, .duration_ms = 60000, .cues = &rw_cue_settings_default},
    };
    struct rw_step_spec repeat = {.repeat = 2, .steps = steps, .step_count = 2};
    struct rw_profile_spec spec = {.name = "Test", .steps = &repeat, .step_count = 1};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    return profile;
}

/* All that was due before second AT of the session has been heard. */
static void all_is_heard(struct stage *stage, int second)
{
    for (size_t i = 0; i < stage->count; i++) {
        if (stage->plays[i].at < SECONDS(1001 + second)) {
            struct rw_report told = {.cue = stage->plays[i].cue, .outcome = RW_OUTCOME_ENDED};
            rw_coach_report(stage->coach, &told);
        }
    }
}

/* Stands ten seconds into the walk; all that was to be heard at its start has been sent. */
static int stage_set(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct rw_sink sink = {.play = sink_play,
                           .cancel = sink_cancel,
                           .expect = sink_expect,
                           .earliest = sink_earliest,
                           .context = stage};
    struct rw_coach_observer observer = {.event = event_pass};
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", &diagnostics, &stage->voice),
                     RW_OK);
    assert_int_equal(rw_coach_create(stage->voice, sink, observer, &stage->coach), RW_OK);
    stage->now = SECONDS(1000);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile_make(), false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, SECONDS(1001)), RW_OK);
    time_pass(stage, SECONDS(1001 + 70));
    all_is_heard(stage, 60);
    *state = stage;
    return 0;
}

static int stage_strike(void **state)
{
    struct stage *stage = *state;
    rw_coach_destroy(stage->coach);
    rw_voice_close(stage->voice);
    free(stage);
    return 0;
}

/* Reports OUTCOME for the cue sent for second AT of the session, or for the words just after it. */
static void report(struct stage *stage, int second, bool words, enum rw_outcome outcome)
{
    rw_ns due = SECONDS(1001 + second);
    for (size_t i = 0; i < stage->count; i++) {
        const struct played *played = &stage->plays[i];
        bool is_it = words ? played->at > due && played->at < due + SECONDS(2) : played->at == due;
        if (is_it) {
            struct rw_report told = {.cue = played->cue, .outcome = outcome, .at = stage->now};
            rw_coach_report(stage->coach, &told);
            return;
        }
    }
    fail_msg("nothing was sent for second %d", second);
}

static void words_lost_without_sound_are_caught_up_once(void **state)
{
    struct stage *stage = *state;
    report(stage, 60, false, RW_OUTCOME_DROPPED);
    report(stage, 60, true, RW_OUTCOME_DROPPED);
    assert_true(rw_coach_has_missed(stage->coach));
    time_pass(stage, SECONDS(1001 + 80));
    size_t before = stage->count;
    rw_coach_catch_up(stage->coach, stage->now);
    assert_true(stage->count > before);
    const char *text = stage->plays[before].text;
    assert_non_null(strcasestr(text, "walk"));
    assert_non_null(strcasestr(text, "seconds"));
    assert_false(rw_coach_has_missed(stage->coach));
    before = stage->count;
    rw_coach_catch_up(stage->coach, stage->now);
    assert_int_equal(stage->count, before);
}

static void words_cut_off_are_caught_up(void **state)
{
    struct stage *stage = *state;
    report(stage, 60, false, RW_OUTCOME_STARTED);
    report(stage, 60, true, RW_OUTCOME_STARTED);
    report(stage, 60, true, RW_OUTCOME_CUT);
    assert_true(rw_coach_has_missed(stage->coach));
}

static void what_is_heard_after_all_is_not_said_again(void **state)
{
    struct stage *stage = *state;
    report(stage, 60, false, RW_OUTCOME_DROPPED);
    report(stage, 60, true, RW_OUTCOME_LATE);
    assert_false(rw_coach_has_missed(stage->coach));
    size_t before = stage->count;
    rw_coach_catch_up(stage->coach, stage->now);
    assert_int_equal(stage->count, before);
}

static void words_that_can_still_come_are_waited_for(void **state)
{
    struct stage *stage = *state;
    report(stage, 60, false, RW_OUTCOME_DROPPED);
    assert_true(rw_coach_has_missed(stage->coach));
    size_t before = stage->count;
    rw_coach_catch_up(stage->coach, stage->now);
    assert_int_equal(stage->count, before);
}

static void a_segment_that_is_over_is_not_spoken_of(void **state)
{
    struct stage *stage = *state;
    report(stage, 60, false, RW_OUTCOME_DROPPED);
    report(stage, 60, true, RW_OUTCOME_DROPPED);
    time_pass(stage, SECONDS(1001 + 125));
    assert_false(rw_coach_has_missed(stage->coach));
    size_t before = stage->count;
    rw_coach_catch_up(stage->coach, stage->now);
    assert_int_equal(stage->count, before);
}

static void a_command_tells_where_we_are_by_itself(void **state)
{
    struct stage *stage = *state;
    report(stage, 60, false, RW_OUTCOME_DROPPED);
    report(stage, 60, true, RW_OUTCOME_DROPPED);
    assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_OK);
    assert_false(rw_coach_has_missed(stage->coach));
}

static void a_finish_that_was_not_heard_is_told(void **state)
{
    struct stage *stage = *state;
    time_pass(stage, SECONDS(1001 + 250));
    all_is_heard(stage, 240);
    report(stage, 240, false, RW_OUTCOME_DROPPED);
    report(stage, 240, true, RW_OUTCOME_DROPPED);
    assert_true(rw_coach_has_missed(stage->coach));
    size_t before = stage->count;
    rw_coach_catch_up(stage->coach, stage->now);
    assert_int_equal(stage->count, before + 1);
    assert_non_null(strcasestr(stage->plays[before].text, "done"));
    assert_false(rw_coach_has_missed(stage->coach));
}

int main(void)
{
#define stage_test(name) cmocka_unit_test_setup_teardown(name, stage_set, stage_strike)
    const struct CMUnitTest tests[] = {
        stage_test(words_lost_without_sound_are_caught_up_once),
        stage_test(words_cut_off_are_caught_up),
        stage_test(what_is_heard_after_all_is_not_said_again),
        stage_test(words_that_can_still_come_are_waited_for),
        stage_test(a_segment_that_is_over_is_not_spoken_of),
        stage_test(a_command_tells_where_we_are_by_itself),
        stage_test(a_finish_that_was_not_heard_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
