/*
 * The coach with the real English pack and a sink that only remembers.
 */
#include "runwalk/coach/coach.h"
#include "runwalk/coach/measure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)
#define PLAYS_MAX  4096

/* What reached the sink, less what was cancelled before it was due. */
struct played {
    rw_ns at;
    rw_ns length;
    uint32_t epoch;
    enum rw_bus bus;
    char text[RW_UTTERANCE_TEXT_MAX];
};

struct stage {
    struct rw_voice *voice;
    struct rw_coach *coach;
    rw_ns now;
    rw_ns latency; /* from a command to its answer */
    rw_ns expected;
    size_t count;
    struct played plays[PLAYS_MAX];
    size_t segments, reports_dropped;
};

static void sink_play(void *context, const struct rw_play *play)
{
    struct stage *stage = context;
    assert_true(stage->count < PLAYS_MAX);
    assert_true(play->not_after >= stage->now);
    struct played *played = &stage->plays[stage->count++];
    played->at = play->at;
    played->length = rw_frames_to_ns(play->utterance.frames);
    played->epoch = play->epoch;
    played->bus = play->bus;
    snprintf(played->text, sizeof played->text, "%s", play->utterance.text);
}

static void sink_cancel(void *context, uint32_t epoch)
{
    struct stage *stage = context;
    size_t kept = 0;
    for (size_t i = 0; i < stage->count; i++) {
        struct played *played = &stage->plays[i];
        if (played->epoch > epoch || played->at + played->length <= stage->now) {
            stage->plays[kept++] = *played;
        } else if (played->at < stage->now) {
            played->length = stage->now - played->at; /* cut */
            stage->plays[kept++] = *played;
        }
    }
    stage->count = kept;
}

static void sink_expect(void *context, rw_ns at)
{
    struct stage *stage = context;
    stage->expected = at;
}

static rw_ns sink_earliest(void *context, rw_ns now)
{
    struct stage *stage = context;
    return now + stage->latency;
}

static void event_seen(void *context, const struct rw_coach_event *event)
{
    struct stage *stage = context;
    stage->segments += event->type == RW_COACH_EVENT_SEGMENT;
    stage->reports_dropped +=
        event->type == RW_COACH_EVENT_REPORT && event->outcome == RW_OUTCOME_DROPPED;
}

static struct rw_profile *profile_make(uint32_t runs, uint32_t run_s, uint32_t walk_s)
{
    struct rw_step_spec steps[2] = {
        {.kind = RW_KIND_RUN, .duration_ms = run_s * 1000, .cues = &rw_cue_settings_default},
        {.kind = RW_KIND_WALK, .duration_ms = walk_s * 1000, .cues = &rw_cue_settings_default},
    };
    struct rw_step_spec repeat = {.repeat = runs, .steps = steps, .step_count = 2};
    struct rw_profile_spec spec = {.name = "Test", .steps = &repeat, .step_count = 1};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    return profile;
}

static int stage_set(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    struct rw_sink sink = {sink_play, sink_cancel, sink_expect, sink_earliest, NULL, stage};
    struct rw_coach_observer observer = {.event = event_seen, .context = stage};
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", &diagnostics, &stage->voice),
                     RW_OK);
    assert_int_equal(rw_coach_create(stage->voice, sink, observer, &stage->coach), RW_OK);
    stage->now = SECONDS(1000);
    stage->latency = 20 * RW_NS_PER_MS;
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

/* Starts `runs` times run and walk; returns the clock time of the session's beginning. */
static rw_ns stage_start(struct stage *stage, uint32_t runs, uint32_t run_s, uint32_t walk_s)
{
    struct rw_profile *profile = profile_make(runs, run_s, walk_s);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, stage->now), RW_OK);
    return stage->now + stage->latency;
}

/* Lets time come to UNTIL, waking the coach exactly when it has asked for it. */
static void stage_run(struct stage *stage, rw_ns until)
{
    for (;;) {
        rw_ns deadline = rw_coach_deadline(stage->coach);
        if (deadline > until) {
            break;
        }
        stage->now = deadline > stage->now ? deadline : stage->now;
        rw_coach_advance(stage->coach, stage->now);
        assert_true(rw_coach_deadline(stage->coach) > stage->now);
    }
    stage->now = until;
    rw_coach_advance(stage->coach, stage->now);
}

static size_t stage_find(const struct stage *stage, const char *text, rw_ns from)
{
    for (size_t i = 0; i < stage->count; i++) {
        if (stage->plays[i].at >= from && !strcmp(stage->plays[i].text, text)) {
            return i;
        }
    }
    return SIZE_MAX;
}

#define assert_heard(stage, text, from)     assert_true(stage_find(stage, text, from) != SIZE_MAX)
#define assert_not_heard(stage, text, from) assert_true(stage_find(stage, text, from) == SIZE_MAX)

static enum rw_coach_state stage_state(const struct stage *stage)
{
    struct rw_coach_view view;
    rw_coach_view(stage->coach, stage->now, &view);
    return view.state;
}

static void a_whole_session_is_spoken_at_its_times(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(1210));
    static const struct {
        int tenths;
        const char *text;
    } script[] = {
        {5, "Run one of eight. One minute."},
        {605, "Walk. One minute thirty."},
        {1400, "Ten seconds."},
        {1505, "Run two of eight."},
        {2105, "Walk."},
        {6005, "Run five of eight. Halfway."},
        {10400, "Last run in ten seconds."},
        {10505, "Last run."},
        {11105, "Walk. That was the last run."},
    };
    for (size_t i = 0; i < RW_COUNT(script); i++) {
        rw_ns at = origin + script[i].tenths * (RW_NS_PER_SECOND / 10);
        size_t index = stage_find(stage, script[i].text, at);
        assert_true(index != SIZE_MAX);
        assert_true(stage->plays[index].at == at);
    }
    assert_heard(stage, "Done. Twenty minutes, eight runs.", origin + SECONDS(1200));
    assert_int_equal(stage_state(stage), RW_COACH_DONE);
    assert_int_equal(stage->segments, 16);
    for (size_t i = 1; i < stage->count; i++) {
        assert_true(stage->plays[i].at >= stage->plays[i - 1].at + stage->plays[i - 1].length);
    }
}

static void a_pause_is_answered_and_time_stands_still(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(20));
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    assert_heard(stage, "Workout paused.", stage->now);
    assert_true(stage->expected == RW_NS_NEVER);
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    stage_run(stage, stage->now + SECONDS(50));
    assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
    assert_heard(stage, "Run. Forty seconds left.", stage->now);
    stage_run(stage, stage->now + SECONDS(50));
    size_t walk = stage_find(stage, "Walk. One minute thirty.", 0);
    assert_true(walk != SIZE_MAX);
    assert_true(stage->plays[walk].at == origin + SECONDS(110) + 500 * RW_NS_PER_MS);
}

static void a_long_pause_is_recalled_and_at_last_ends_the_run(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(120));
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    rw_ns paused_at = stage->now;
    stage_run(stage, paused_at + SECONDS(59));
    assert_not_heard(stage, "Still paused.", paused_at);
    stage_run(stage, paused_at + SECONDS(61));
    assert_heard(stage, "Still paused.", paused_at + SECONDS(60));
    stage_run(stage, paused_at + SECONDS(301));
    assert_heard(stage, "Still paused.", paused_at + SECONDS(300));
    stage_run(stage, paused_at + SECONDS(1801));
    assert_int_equal(stage_state(stage), RW_COACH_STOPPED);
    assert_heard(stage, "Stopped at two minutes.", paused_at + SECONDS(1800));
    assert_true(rw_coach_deadline(stage->coach) == RW_NS_NEVER);
}

static void a_skip_cuts_what_sounds_and_changes_as_soon_as_it_can(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(1));
    assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_OK);
    size_t run = stage_find(stage, "Run one of eight. One minute.", 0);
    assert_true(stage->plays[run].length == 500 * RW_NS_PER_MS);
    size_t walk = stage_find(stage, "Walk. One minute thirty.", 0);
    assert_true(stage->plays[walk].at == stage->now + stage->latency + 500 * RW_NS_PER_MS);
    stage_run(stage, stage->now + SECONDS(100));
    size_t next = stage_find(stage, "Run two of eight. One minute.", 0);
    assert_true(next == SIZE_MAX); /* the duration has been told */
    next = stage_find(stage, "Run two of eight.", 0);
    assert_true(stage->plays[next].at == origin + SECONDS(91) + 500 * RW_NS_PER_MS);
}

static void extending_is_answered_and_the_countdown_moves(void **state)
{
    struct stage *stage = *state;
    rw_ns applied;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(56));
    assert_int_equal(rw_coach_extend(stage->coach, stage->now, SECONDS(30), &applied), RW_OK);
    assert_true(applied == SECONDS(30));
    assert_heard(stage, "Thirty seconds more.", stage->now);
    stage_run(stage, origin + SECONDS(89));
    size_t ticks = 0;
    for (size_t i = 0; i < stage->count; i++) {
        ticks += stage->plays[i].bus == RW_BUS_TICK;
        assert_true(stage->plays[i].bus != RW_BUS_TICK ||
                    stage->plays[i].at >= origin + SECONDS(87));
    }
    assert_int_equal(ticks, 3);
    assert_int_equal(rw_coach_extend(stage->coach, stage->now, SECONDS(-30), &applied), RW_OK);
    assert_true(applied == SECONDS(-1));
    assert_heard(stage, "Walk. One minute thirty.", stage->now);
}

static void a_reminder_of_the_pause_does_not_talk_over_an_answer(void **state)
{
    struct stage *stage = *state;
    struct rw_words words = {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN};
    rw_ns origin = stage_start(stage, 1, 60, 90);
    stage_run(stage, origin + SECONDS(10));
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    rw_ns reminder = stage->now + SECONDS(60);
    stage_run(stage, reminder - SECONDS(1) / 10);
    assert_int_equal(rw_coach_say(stage->coach, stage->now, &words), RW_OK);
    rw_ns said = stage->now + stage->latency;
    stage_run(stage, reminder + SECONDS(5));
    size_t answer = stage_find(stage, "Run.", said);
    size_t remind = stage_find(stage, "Still paused.", reminder);
    assert_true(answer != SIZE_MAX && remind != SIZE_MAX);
    assert_true(stage->plays[answer].at + stage->plays[answer].length <= stage->plays[remind].at);
}

static void after_a_late_wake_one_sentence_says_where_we_are(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(30));
    size_t before = stage->count;
    stage->now = origin + SECONDS(150 * 3 + 20); /* slept through six changes */
    rw_coach_advance(stage->coach, stage->now);
    assert_heard(stage, "Run. Forty seconds left.", stage->now);
    size_t voiced = 0;
    for (size_t i = before; i < stage->count; i++) {
        voiced += stage->plays[i].at < stage->now + SECONDS(5);
    }
    assert_int_equal(voiced, 1);
    assert_int_equal(stage_state(stage), RW_COACH_RUNNING);
    stage_run(stage, origin + SECONDS(150 * 3 + 70));
    assert_heard(stage, "Walk.", origin + SECONDS(150 * 3 + 60));
}

static void a_cold_sink_shifts_the_change_but_not_the_clock(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(30));
    stage->latency = 1500 * RW_NS_PER_MS;
    assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_OK);
    size_t walk = stage_find(stage, "Walk. One minute thirty.", 0);
    assert_true(stage->plays[walk].at == stage->now + SECONDS(2));
    stage->latency = 20 * RW_NS_PER_MS;
    stage_run(stage, origin + SECONDS(125));
    size_t run = stage_find(stage, "Run two of eight.", 0);
    assert_true(stage->plays[run].at == origin + SECONDS(120) + 500 * RW_NS_PER_MS);
}

static void what_would_talk_into_a_countdown_is_refused_and_disturbs_nothing(void **state)
{
    struct stage *stage = *state;
    struct rw_words words = {.saying = RW_SAY_CHOSEN, .text = "Test", .duration_ms = 3599000};
    words.saying = RW_SAY_DONE;
    words.total = 8;
    rw_ns origin = stage_start(stage, 8, 60, 90);
    stage_run(stage, origin + SECONDS(56));
    size_t before = stage->count;
    assert_int_equal(rw_coach_say(stage->coach, stage->now, &words), RW_EFULL);
    assert_int_equal(stage->count, before);
    stage_run(stage, origin + SECONDS(63));
    assert_int_equal(rw_coach_say(stage->coach, stage->now, &words), RW_OK);
    assert_true(stage->count > before);
}

static void commands_without_a_run_are_refused(void **state)
{
    struct stage *stage = *state;
    rw_ns applied;
    assert_int_equal(rw_coach_start(stage->coach, stage->now, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_back(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(rw_coach_extend(stage->coach, stage->now, SECONDS(30), &applied), RW_ESTATE);
    assert_int_equal(rw_coach_stop(stage->coach, stage->now), RW_ESTATE);
    assert_int_equal(stage->count, 0);
}

static void a_start_that_lies_ahead_is_told_and_can_be_taken_back(void **state)
{
    struct stage *stage = *state;
    struct rw_profile *profile = profile_make(1, 60, 60);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile, false), RW_OK);
    rw_ns origin = stage->now + SECONDS(30);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, origin), RW_OK);
    assert_heard(stage, "Starting in thirty seconds.", stage->now);
    assert_int_equal(stage_state(stage), RW_COACH_ARMED);
    assert_true(stage->expected == origin);
    stage_run(stage, stage->now + SECONDS(10));
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    assert_int_equal(stage_state(stage), RW_COACH_CHOSEN);
    stage_run(stage, origin + SECONDS(10));
    assert_int_equal(stage_state(stage), RW_COACH_CHOSEN);
    assert_int_equal(stage->segments, 0);
}

static void moves_while_paused_stay_paused_and_name_the_place(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 2, 60, 90);
    stage_run(stage, origin + SECONDS(30));
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_OK);
    assert_int_equal(stage_state(stage), RW_COACH_PAUSED);
    assert_heard(stage, "Walk. One minute thirty.", stage->now);
    stage_run(stage, stage->now + SECONDS(10));
    assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
    assert_heard(stage, "Walk. One minute thirty.", stage->now);
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_OK);
    }
    assert_int_equal(stage_state(stage), RW_COACH_DONE);
    assert_int_equal(rw_coach_skip(stage->coach, stage->now), RW_ESTATE);
}

static void another_profile_waits_until_the_run_is_over(void **state)
{
    struct stage *stage = *state;
    (void)stage_start(stage, 2, 60, 90);
    struct rw_profile *other = profile_make(1, 60, 60);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, other, false), RW_ESTATE);
    assert_int_equal(rw_coach_stop(stage->coach, stage->now), RW_OK);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, other, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, stage->now), RW_OK);
}

static size_t stage_count(const struct stage *stage, const char *text, rw_ns from)
{
    size_t count = 0;
    for (size_t i = 0; i < stage->count; i++) {
        count += stage->plays[i].at >= from && !strcmp(stage->plays[i].text, text);
    }
    return count;
}

static void words_said_before_the_start_leave_the_opening_whole(void **state)
{
    struct stage *stage = *state;
    struct rw_words words = {.saying = RW_SAY_HALFWAY};
    struct rw_profile *profile = profile_make(2, 60, 90);
    rw_ns origin = stage->now + SECONDS(4);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, origin), RW_OK);
    assert_int_equal(rw_coach_say(stage->coach, stage->now, &words), RW_OK);
    assert_heard(stage, "Halfway.", stage->now);
    assert_int_equal(stage_count(stage, "Run one of two. One minute.", origin), 1);
    stage->now = origin - 100 * RW_NS_PER_MS;
    assert_int_equal(rw_coach_say(stage->coach, stage->now, &words), RW_EFULL);
    stage_run(stage, origin + SECONDS(5));
    assert_int_equal(stage_count(stage, "Run one of two. One minute.", origin), 1);
}

static void a_resume_between_tone_and_words_says_it_once(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 2, 60, 90);
    stage_run(stage, origin + 300 * RW_NS_PER_MS);
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    stage_run(stage, stage->now + SECONDS(5));
    rw_ns resumed = stage->now;
    assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
    stage_run(stage, resumed + SECONDS(20));
    size_t voiced = 0;
    for (size_t i = 0; i < stage->count; i++) {
        voiced += stage->plays[i].at >= resumed && stage->plays[i].bus == RW_BUS_VOICE;
    }
    assert_int_equal(voiced, 1);
}

static void a_wake_after_the_end_still_says_that_it_is_done(void **state)
{
    struct stage *stage = *state;
    rw_ns origin = stage_start(stage, 2, 60, 90);
    stage_run(stage, origin + SECONDS(30));
    stage->now = origin + SECONDS(400);
    rw_coach_advance(stage->coach, stage->now);
    assert_int_equal(stage_state(stage), RW_COACH_DONE);
    assert_int_equal(stage_count(stage, "Done. Five minutes, two runs.", stage->now), 1);
}

static void words_that_a_pause_cuts_are_said_again(void **state)
{
    struct stage *stage = *state;
    struct rw_step_spec step = {.kind = RW_KIND_RUN, .duration_ms = 60000};
    struct rw_profile_spec spec = {.name = "Test", .steps = &step, .step_count = 1};
    struct rw_profile *profile;
    step.cues = &rw_cue_settings_default;
    step.say = "Start with a brisk walk.";
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    assert_int_equal(rw_coach_choose(stage->coach, stage->now, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, stage->now, stage->now), RW_OK);
    size_t said = stage_find(stage, "Start with a brisk walk.", 0);
    assert_true(said != SIZE_MAX);
    stage_run(stage, stage->plays[said].at + 500 * RW_NS_PER_MS);
    assert_int_equal(rw_coach_pause(stage->coach, stage->now), RW_OK);
    stage_run(stage, stage->now + SECONDS(20));
    assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
    assert_int_equal(stage_count(stage, "Start with a brisk walk.", stage->now), 1);
}

#define stage_test(test) cmocka_unit_test_setup_teardown(test, stage_set, stage_clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_whole_session_is_spoken_at_its_times),
        stage_test(a_pause_is_answered_and_time_stands_still),
        stage_test(a_long_pause_is_recalled_and_at_last_ends_the_run),
        stage_test(a_skip_cuts_what_sounds_and_changes_as_soon_as_it_can),
        stage_test(extending_is_answered_and_the_countdown_moves),
        stage_test(a_reminder_of_the_pause_does_not_talk_over_an_answer),
        stage_test(after_a_late_wake_one_sentence_says_where_we_are),
        stage_test(a_cold_sink_shifts_the_change_but_not_the_clock),
        stage_test(what_would_talk_into_a_countdown_is_refused_and_disturbs_nothing),
        stage_test(commands_without_a_run_are_refused),
        stage_test(a_start_that_lies_ahead_is_told_and_can_be_taken_back),
        stage_test(moves_while_paused_stay_paused_and_name_the_place),
        stage_test(words_said_before_the_start_leave_the_opening_whole),
        stage_test(a_resume_between_tone_and_words_says_it_once),
        stage_test(a_wake_after_the_end_still_says_that_it_is_done),
        stage_test(words_that_a_pause_cuts_are_said_again),
        stage_test(another_profile_waits_until_the_run_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
