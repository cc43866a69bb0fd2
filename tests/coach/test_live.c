/*
 * What the runner says of the body and the plan, and what is heard: with the real English pack and
 * a sink that only remembers.
 */
#include "runwalk/coach/coach.h"
#include "runwalk/core/pain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s)  ((rw_ns)(s)*RW_NS_PER_SECOND)
#define PLAYS_MAX   1024
#define ENTRIES_MAX 64

struct stage {
    struct rw_voice *voice;
    struct rw_coach *coach;
    rw_ns now;
    size_t count;
    struct {
        rw_ns at;
        uint32_t epoch;
        enum rw_bus bus;
        char text[RW_UTTERANCE_TEXT_MAX];
    } plays[PLAYS_MAX];
    size_t entry_count;
    struct rw_command_entry entries[ENTRIES_MAX];
    size_t care; /* cues of that type */
};

static void sink_play(void *context, const struct rw_play *play)
{
    struct stage *stage = context;
    assert_true(stage->count < PLAYS_MAX);
    stage->plays[stage->count].at = play->at;
    stage->plays[stage->count].epoch = play->epoch;
    stage->plays[stage->count].bus = play->bus;
    snprintf(stage->plays[stage->count++].text, RW_UTTERANCE_TEXT_MAX, "%s", play->utterance.text);
}

static void sink_cancel(void *context, uint32_t epoch)
{
    struct stage *stage = context;
    size_t kept = 0;
    for (size_t i = 0; i < stage->count; i++) {
        if (stage->plays[i].epoch > epoch || stage->plays[i].at < stage->now) {
            stage->plays[kept++] = stage->plays[i];
        }
    }
    stage->count = kept;
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

static void event_seen(void *context, const struct rw_coach_event *event)
{
    struct stage *stage = context;
    stage->care += event->type == RW_COACH_EVENT_CUE && event->cue.type == RW_CUE_CARE;
}

static void command_seen(void *context, const struct rw_command_entry *entry)
{
    struct stage *stage = context;
    assert_true(stage->entry_count < ENTRIES_MAX);
    stage->entries[stage->entry_count++] = *entry;
}

static int stage_set(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct rw_sink sink = {sink_play, sink_cancel, sink_expect, sink_earliest, NULL, stage};
    struct rw_coach_observer observer = {event_seen, stage, command_seen};
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

/* Four times 120 s of running and 60 s of walking, and 300 s of cooldown. */
static void stage_start(struct stage *stage)
{
    struct rw_step_spec steps[2] = {
        {.kind = RW_KIND_RUN, .duration_ms = 120000, .cues = &rw_cue_settings_default},
        {.kind = RW_KIND_WALK, .duration_ms = 60000, .cues = &rw_cue_settings_default},
    };
    struct rw_step_spec all[2] = {
        {.repeat = 4, .steps = steps, .step_count = 2},
        {.kind = RW_KIND_COOLDOWN, .duration_ms = 300000, .cues = &rw_cue_settings_default},
    };
    struct rw_profile_spec spec = {.name = "Test", .steps = all, .step_count = 2};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, stage->now), RW_OK);
}

static void stage_run(struct stage *stage, rw_ns span)
{
    rw_ns until = stage->now + span;
    while (rw_coach_deadline(stage->coach) <= until) {
        rw_ns due = rw_coach_deadline(stage->coach);
        stage->now = due > stage->now ? due : stage->now;
        rw_coach_advance(stage->coach, stage->now);
    }
    stage->now = until;
    rw_coach_advance(stage->coach, until);
}

static struct rw_coach_view view_of(struct stage *stage)
{
    struct rw_coach_view view;
    rw_coach_view(stage->coach, stage->now, &view);
    return view;
}

/* Whether TEXT is said from FROM on, and when. */
static bool is_said(const struct stage *stage, rw_ns from, const char *text, rw_ns *ret_at)
{
    for (size_t i = 0; i < stage->count; i++) {
        if (stage->plays[i].at >= from && strstr(stage->plays[i].text, text)) {
            if (ret_at) {
                *ret_at = stage->plays[i].at;
            }
            return true;
        }
    }
    return false;
}

#define assert_said(stage, from, text) assert_true(is_said((stage), (from), (text), NULL))

/* How many words, tones apart, sound from FROM on. */
static size_t words_from(const struct stage *stage, rw_ns from)
{
    size_t count = 0;
    for (size_t i = 0; i < stage->count; i++) {
        count += stage->plays[i].at >= from && stage->plays[i].text[0] != '\0';
    }
    return count;
}

static void assert_last_entry(const struct stage *stage, enum rw_command command)
{
    assert_true(stage->entry_count > 0);
    assert_int_equal(stage->entries[stage->entry_count - 1].command, command);
}

static void a_rest_is_announced_told_of_and_ended(void **state)
{
    struct stage *stage = *state;
    rw_ns at = 0;
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    rw_ns asked = stage->now;
    assert_int_equal(rw_coach_rest(stage->coach, stage->now, 0), RW_OK);
    assert_last_entry(stage, RW_COMMAND_REST);
    assert_true(stage->entries[stage->entry_count - 1].amount == SECONDS(120));
    assert_true(view_of(stage).session.is_resting);
    stage_run(stage, SECONDS(121));
    assert_true(is_said(stage, asked, "Two minutes at most.", &at) && at < asked + SECONDS(2));
    assert_true(is_said(stage, asked, "Thirty seconds", &at));
    assert_true(at - asked == SECONDS(90));
    assert_true(is_said(stage, asked, "run again?", &at));
    assert_true(at - asked == SECONDS(110));
    assert_said(stage, asked + SECONDS(120), "Run. One minute twenty left.");
    assert_false(view_of(stage).session.is_resting);
}

static void ready_ends_a_rest_with_a_good_word(void **state)
{
    struct stage *stage = *state;
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    assert_int_equal(rw_coach_rest(stage->coach, stage->now, 0), RW_OK);
    stage_run(stage, SECONDS(20));
    rw_ns said = stage->now;
    assert_int_equal(rw_coach_ready(stage->coach, stage->now), RW_OK);
    assert_last_entry(stage, RW_COMMAND_READY);
    assert_said(stage, said, "Good. Run");
    assert_false(is_said(stage, said + SECONDS(5), "run again?", NULL));
    assert_int_equal(rw_coach_ready(stage->coach, stage->now), RW_OK); /* says where it is */
    stage_run(stage, SECONDS(2));
    assert_int_equal(view_of(stage).session.position.step->kind, RW_KIND_RUN);
}

static void a_rest_begun_in_a_pause_waits_for_its_end(void **state)
{
    struct stage *stage = *state;
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    stage_run(stage, SECONDS(20));
    assert_int_equal(rw_coach_rest(stage->coach, stage->now, SECONDS(60)), RW_OK);
    assert_int_equal(view_of(stage).state, RW_COACH_PAUSED);
    assert_said(stage, stage->now, "One minute at most.");
    stage_run(stage, SECONDS(10));
    rw_ns resumed = stage->now;
    assert_int_equal(rw_coach_ready(stage->coach, stage->now), RW_OK); /* as resume */
    stage_run(stage, SECONDS(50));
    assert_true(view_of(stage).session.is_resting);
    assert_said(stage, resumed, "One minute at most.");
}

static void easier_and_harder_are_answered(void **state)
{
    struct stage *stage = *state;
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    rw_ns end = view_of(stage).session.end;
    assert_int_equal(rw_coach_change(stage->coach, stage->now, false), RW_OK);
    assert_last_entry(stage, RW_COMMAND_EASIER);
    assert_said(stage, stage->now, "horter runs from here");
    assert_true(view_of(stage).session.end ==
                end + 4 * (SECONDS(72) - SECONDS(60)) - 4 * (SECONDS(120) - SECONDS(96)));
    stage_run(stage, SECONDS(70));
    assert_said(stage, stage->now - SECONDS(70), "Walk. One minute twelve.");
    rw_ns later = stage->now;
    assert_int_equal(rw_coach_change(stage->coach, stage->now, true), RW_OK);
    assert_said(stage, later, "onger runs from here");
    assert_int_equal(rw_coach_ratio(stage->coach, stage->now, 45000, 30000), RW_OK);
    assert_last_entry(stage, RW_COMMAND_RATIO);
    assert_said(stage, later, "rhythm from here.");
    assert_false(is_said(stage, later, "Run. Forty-five", NULL));
    while (view_of(stage).session.position.step->kind != RW_KIND_RUN) {
        stage_run(stage, SECONDS(1));
    }
    stage_run(stage, SECONDS(10));
    rw_ns in_run = stage->now;
    assert_int_equal(rw_coach_ratio(stage->coach, stage->now, 50000, 30000), RW_OK);
    assert_said(stage, in_run, "rhythm from here. Run. Fifty seconds.");
}

static void goto_and_cooldown_tell_where_they_lead(void **state)
{
    struct stage *stage = *state;
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    assert_int_equal(rw_coach_goto(stage->coach, stage->now, 5), RW_ENOENT);
    assert_int_equal(rw_coach_goto(stage->coach, stage->now, 0), RW_ENOENT);
    assert_int_equal(rw_coach_goto(stage->coach, stage->now, 3), RW_OK);
    assert_int_equal(stage->entries[stage->entry_count - 1].number, 3);
    assert_said(stage, stage->now, "Run three of four.");
    stage_run(stage, SECONDS(20));
    assert_int_equal(rw_coach_cooldown(stage->coach, stage->now), RW_OK);
    assert_said(stage, stage->now, "ool down");
    assert_int_equal(view_of(stage).session.position.step->kind, RW_KIND_COOLDOWN);
    assert_int_equal(rw_coach_cooldown(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_rest(stage->coach, stage->now, 0), RW_ESTATE);
}

static void words_alone_leave_the_plan_as_it_is(void **state)
{
    struct stage *stage = *state;
    stage_start(stage);
    stage_run(stage, SECONDS(30));
    rw_ns end = view_of(stage).session.end;
    assert_int_equal(rw_coach_time(stage->coach, stage->now), RW_OK);
    assert_last_entry(stage, RW_COMMAND_TIME);
    assert_said(stage, stage->now, "Sixteen minutes thirty left.");
    stage_run(stage, SECONDS(10));
    assert_int_equal(rw_coach_heavy(stage->coach, stage->now), RW_OK);
    assert_last_entry(stage, RW_COMMAND_HEAVY);
    assert_said(stage, stage->now, "Dizzy, or a tight chest? Stop.");
    assert_true(view_of(stage).session.end == end);
    assert_int_equal(rw_coach_stitch(stage->coach, stage->now), RW_OK);
    assert_true(view_of(stage).session.is_resting);
    assert_said(stage, stage->now, "press a hand on the sore side");
}

static void after_pain_nothing_comes_unasked_but_one_question(void **state)
{
    struct stage *stage = *state;
    uint32_t knee;
    rw_ns at = 0;
    assert_true(rw_pain_find("knee", &knee));
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    assert_int_equal(rw_coach_pain(stage->coach, stage->now, knee), RW_OK);
    assert_last_entry(stage, RW_COMMAND_PAIN);
    assert_int_equal(stage->entries[stage->entry_count - 1].number, knee);
    assert_said(stage, stage->now, "Walk gently. If it still hurts, end here.");
    stage_run(stage, SECONDS(300));
    assert_true(view_of(stage).session.waits);
    assert_said(stage, stage->now - SECONDS(300), "run again?");
    rw_ns asked = stage->now;
    assert_int_equal(rw_coach_encourage(stage->coach, stage->now), RW_OK);
    assert_said(stage, asked, "Walk gently.");
    stage_run(stage, SECONDS(300));
    assert_int_equal(view_of(stage).session.position.step->kind, RW_KIND_COOLDOWN);
    stage_run(stage, SECONDS(310));
    assert_int_equal(view_of(stage).state, RW_COACH_DONE);
    assert_true(is_said(stage, asked, "Does it still hurt?", &at));
    rw_ns done = 0;
    assert_true(is_said(stage, asked, "Done.", &done) && done < at);
    assert_true(stage->care >= 3);
}

static void a_run_that_is_stopped_after_pain_ends_with_the_question(void **state)
{
    struct stage *stage = *state;
    stage_start(stage);
    stage_run(stage, SECONDS(40));
    assert_int_equal(rw_coach_pain(stage->coach, stage->now, RW_PAIN_SOMEWHERE), RW_OK);
    stage_run(stage, SECONDS(20));
    rw_ns stopped = stage->now;
    assert_int_equal(rw_coach_stop(stage->coach, stage->now), RW_OK);
    assert_said(stage, stopped, "Stopped at");
    assert_said(stage, stopped + SECONDS(2), "Does it still hurt?");
}

static void in_an_emergency_nothing_is_said_but_on_a_command(void **state)
{
    static const char *const ways[] = {"dizzy", "chest", "heart"};
    (void)state;
    for (size_t i = 0; i < RW_COUNT(ways); i++) {
        uint32_t place = 0;
        void *own;
        stage_set(&own);
        struct stage *stage = own;
        stage_start(stage);
        stage_run(stage, SECONDS(40));
        rw_ns told = stage->now;
        if (i == 0) {
            assert_int_equal(rw_coach_dizzy(stage->coach, stage->now), RW_OK);
        } else {
            assert_true(rw_pain_find(ways[i], &place));
            assert_int_equal(rw_coach_pain(stage->coach, stage->now, place), RW_OK);
        }
        assert_int_equal(view_of(stage).state, RW_COACH_PAUSED);
        assert_said(stage, told, "call emergency services.");
        assert_int_equal(words_from(stage, told), 1);
        assert_true(rw_coach_deadline(stage->coach) == RW_NS_NEVER);
        stage_run(stage, SECONDS(3 * 3600));
        assert_int_equal(view_of(stage).state, RW_COACH_PAUSED);
        size_t count = 0;
        for (size_t j = 0; j < stage->count; j++) {
            count += stage->plays[j].at >= told;
        }
        assert_int_equal(count, 1);

        assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
        assert_true(view_of(stage).session.is_resting && view_of(stage).session.waits);
        assert_said(stage, stage->now, "Walk gently.");
        stage_run(stage, SECONDS(10));
        assert_int_equal(rw_coach_ready(stage->coach, stage->now), RW_OK);
        stage_run(stage, SECONDS(1));
        assert_int_equal(view_of(stage).session.position.step->kind, RW_KIND_RUN);
        stage_clear(&own);
    }
}

static void an_emergency_is_answered_without_a_run_too(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(rw_coach_dizzy(stage->coach, stage->now), RW_OK);
    assert_said(stage, stage->now, "call emergency services.");
    assert_int_equal(stage->entry_count, 0);
    assert_int_equal(rw_coach_pain(stage->coach, stage->now, RW_PAIN_SOMEWHERE), RW_ESTATE);
    assert_int_equal(rw_coach_rest(stage->coach, stage->now, 0), RW_ESTATE);
    assert_int_equal(rw_coach_ready(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_ratio(stage->coach, stage->now, 1000, 1000), RW_ESTATE);
    assert_int_equal(rw_coach_heavy(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_time(stage->coach, stage->now), RW_ESTATE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set, stage_clear)
    const struct CMUnitTest tests[] = {
        TEST(a_rest_is_announced_told_of_and_ended),
        TEST(ready_ends_a_rest_with_a_good_word),
        TEST(a_rest_begun_in_a_pause_waits_for_its_end),
        TEST(easier_and_harder_are_answered),
        TEST(goto_and_cooldown_tell_where_they_lead),
        TEST(words_alone_leave_the_plan_as_it_is),
        TEST(after_pain_nothing_comes_unasked_but_one_question),
        TEST(a_run_that_is_stopped_after_pain_ends_with_the_question),
        cmocka_unit_test(in_an_emergency_nothing_is_said_but_on_a_command),
        TEST(an_emergency_is_answered_without_a_run_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
