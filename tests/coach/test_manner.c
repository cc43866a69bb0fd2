/*
 * How the coach talks can be changed while a run is on: verbosity, quiet, a word on request,
 * clicks.
 */
#include "runwalk/coach/coach.h"
#include "runwalk/coach/measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s)     ((rw_ns)(s)*RW_NS_PER_SECOND)
#define SAID(name)     (1u << RW_SETTING_##name)
#define PLAYS_MAX      2048
#define CADENCES_MAX   64
#define UNASKED_WITHIN SECONDS(900) /* long enough for some of all that comes unasked */

struct stage {
    struct rw_voice *voice;
    struct rw_coach *coach;
    rw_ns now;
    size_t play_count;
    struct {
        rw_ns at;
        uint32_t epoch;
        char text[RW_UTTERANCE_TEXT_MAX];
    } plays[PLAYS_MAX];
    size_t cadence_count;
    struct rw_cadence cadences[CADENCES_MAX];
    size_t unasked; /* encouragement and the like among the cues told to the observer */
};

static void sink_play(void *context, const struct rw_play *play)
{
    struct stage *stage = context;
    assert_true(stage->play_count < PLAYS_MAX);
    stage->plays[stage->play_count].at = play->at;
    stage->plays[stage->play_count].epoch = play->epoch;
    strcpy(stage->plays[stage->play_count++].text, play->utterance.text);
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
    return now + 20 * RW_NS_PER_MS;
}

static void sink_cadence(void *context, const struct rw_cadence *cadence)
{
    struct stage *stage = context;
    assert_true(stage->cadence_count < CADENCES_MAX);
    stage->cadences[stage->cadence_count++] = *cadence;
}

static void event_seen(void *context, const struct rw_coach_event *event)
{
    struct stage *stage = context;
    bool is_unasked = event->cue.type >= RW_CUE_DEAD_POINT && event->cue.type <= RW_CUE_POSTURE;
    assert_false(event->type == RW_COACH_EVENT_CUE && event->cue.type == RW_CUE_CADENCE);
    stage->unasked += event->type == RW_COACH_EVENT_CUE && is_unasked && event->cue_number > 0;
}

static int stage_set(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct rw_sink sink = {
        .play = sink_play,
        .cancel = sink_cancel,
        .expect = sink_expect,
        .earliest = sink_earliest,
        .cadence = sink_cadence,
        .context = stage,
    };
    struct rw_coach_observer observer = {.event = event_seen, .context = stage};
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", NULL, &stage->voice), RW_OK);
    assert_int_equal(rw_coach_create(stage->voice, sink, observer, &stage->coach), RW_OK);
    stage->now = SECONDS(1000);
    *state = stage;
    return 0;
}

static int stage_clear(void **state)
{
    struct stage *stage = *state;
    rw_coach_destroy(stage->coach);
    rw_voice_close(stage->voice);
    free(stage);
    return 0;
}

/* One run of RUN_S seconds between two walks of a minute. */
static void stage_start(struct stage *stage, uint32_t run_s)
{
    struct rw_step_spec steps[3] = {
        {.kind = RW_KIND_WALK, .duration_ms = 60000},
        {.kind = RW_KIND_RUN, .duration_ms = run_s * 1000},
        {.kind = RW_KIND_WALK, .duration_ms = 60000},
    };
    struct rw_profile_spec spec = {.name = "Test", .steps = steps, .step_count = 3};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, stage->now), RW_OK);
}

static void time_pass(struct stage *stage, rw_ns length)
{
    rw_ns until = stage->now + length;
    for (rw_ns due = rw_coach_deadline(stage->coach); due <= until;
         due = rw_coach_deadline(stage->coach)) {
        stage->now = due > stage->now ? due : stage->now;
        rw_coach_advance(stage->coach, stage->now);
        if (rw_coach_deadline(stage->coach) <= due) {
            break;
        }
    }
    stage->now = until;
    rw_coach_advance(stage->coach, until);
}

static const char *last_text(const struct stage *stage)
{
    const char *text = "";
    for (size_t i = 0; i < stage->play_count; i++) {
        text = stage->plays[i].text[0] != '\0' ? stage->plays[i].text : text;
    }
    return text;
}

static struct rw_cue_settings verbosity(enum rw_verbosity level)
{
    return (struct rw_cue_settings){.said = SAID(VERBOSITY), .verbosity = level};
}

static void a_verbosity_set_in_a_run_counts_at_once(void **state)
{
    struct stage *stage = *state;
    struct rw_cue_settings live = verbosity(RW_VERBOSITY_SPARSE);
    struct rw_words less = {.saying = RW_SAY_LESS_TALK};
    stage_start(stage, 3600);
    time_pass(stage, UNASKED_WITHIN);
    assert_true(stage->unasked > 1);

    rw_coach_tune(stage->coach, stage->now, &live, &less);
    assert_string_equal(last_text(stage), "I will say less.");
    stage->unasked = 0;
    time_pass(stage, UNASKED_WITHIN);
    assert_int_equal(stage->unasked, 0);

    live = verbosity(RW_VERBOSITY_CHATTY);
    rw_coach_tune(stage->coach, stage->now, &live, NULL);
    time_pass(stage, UNASKED_WITHIN);
    assert_true(stage->unasked > 4);
}

static void what_is_set_before_a_run_holds_in_it(void **state)
{
    struct stage *stage = *state;
    struct rw_manner manner = {.configured = verbosity(RW_VERBOSITY_SILENT), .seed = 77};
    struct rw_coach_view view;
    rw_coach_set_manner(stage->coach, &manner);
    stage_start(stage, 1800);
    time_pass(stage, UNASKED_WITHIN);
    assert_string_equal(last_text(stage), "");
    assert_true(stage->play_count > 0); /* the tones */

    manner.seed = 78; /* a run keeps its seed */
    rw_coach_set_manner(stage->coach, &manner);
    rw_coach_view(stage->coach, stage->now, &view);
    assert_int_equal(view.manner.seed, 77);
}

static void quiet_lasts_as_long_as_was_asked(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(rw_coach_quiet(stage->coach, stage->now, SECONDS(60)), RW_ESTATE);
    stage_start(stage, 3600);
    time_pass(stage, SECONDS(70));
    assert_int_equal(rw_coach_quiet(stage->coach, stage->now, SECONDS(900)), RW_OK);
    assert_string_equal(last_text(stage), "I will be quiet.");
    stage->unasked = 0;
    time_pass(stage, SECONDS(880));
    assert_int_equal(stage->unasked, 0);
    assert_string_equal(last_text(stage), "I will be quiet.");
    time_pass(stage, UNASKED_WITHIN);
    assert_true(stage->unasked > 0);
}

static void a_word_is_said_when_it_is_asked_for(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(rw_coach_encourage(stage->coach, stage->now), RW_ESTATE);
    stage_start(stage, 3600);
    time_pass(stage, SECONDS(90));
    size_t before = stage->play_count;
    assert_int_equal(rw_coach_encourage(stage->coach, stage->now), RW_OK);
    assert_true(stage->play_count > before);
    char first[RW_UTTERANCE_TEXT_MAX];
    strcpy(first, last_text(stage));
    time_pass(stage, SECONDS(10));
    assert_int_equal(rw_coach_encourage(stage->coach, stage->now), RW_OK);
    assert_string_not_equal(last_text(stage), first);
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    assert_int_equal(rw_coach_encourage(stage->coach, stage->now), RW_OK);
}

static void clicks_are_sent_for_the_run_and_again_after_each_command(void **state)
{
    struct stage *stage = *state;
    struct rw_cue_settings live = {.said = SAID(CADENCE), .cadence = 165};
    rw_ns start = stage->now + 20 * RW_NS_PER_MS;
    rw_ns end = start + SECONDS(60 + 600);
    stage_start(stage, 600);
    rw_coach_tune(stage->coach, stage->now, &live, NULL);
    time_pass(stage, SECONDS(30));
    assert_int_equal(stage->cadence_count, 0); /* not in the walk */
    time_pass(stage, SECONDS(90));
    assert_int_equal(stage->cadence_count, 1);
    assert_true(stage->cadences[0].from == start + SECONDS(60));
    assert_true(stage->cadences[0].until == end);
    assert_int_equal(stage->cadences[0].millisteps, 165000);

    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    time_pass(stage, SECONDS(20));
    assert_int_equal(stage->cadence_count, 1); /* the pause has cancelled its epoch */
    assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
    assert_int_equal(stage->cadence_count, 2);
    assert_true(stage->cadences[1].epoch > stage->cadences[0].epoch);
    assert_true(stage->cadences[1].from == stage->now + 20 * RW_NS_PER_MS);
    assert_true(stage->cadences[1].until == end + SECONDS(20));

    live.cadence = 0;
    rw_coach_tune(stage->coach, stage->now, &live, NULL);
    assert_int_equal(stage->cadence_count, 2); /* cancelled, and not sent again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_verbosity_set_in_a_run_counts_at_once, stage_set,
                                        stage_clear),
        cmocka_unit_test_setup_teardown(what_is_set_before_a_run_holds_in_it, stage_set,
                                        stage_clear),
        cmocka_unit_test_setup_teardown(quiet_lasts_as_long_as_was_asked, stage_set, stage_clear),
        cmocka_unit_test_setup_teardown(a_word_is_said_when_it_is_asked_for, stage_set,
                                        stage_clear),
        cmocka_unit_test_setup_teardown(clicks_are_sent_for_the_run_and_again_after_each_command,
                                        stage_set, stage_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
