/*
 * A run that is taken up again goes on as the one that was never interrupted: random profiles,
 * random commands, interrupted at random moments, with the real English pack.
 */
#include "runwalk/coach/coach.h"

#include "../core/random_profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s)   ((rw_ns)(s)*RW_NS_PER_SECOND)
#define PLAYS_MAX    16384
#define SEGMENTS_MAX 4096
#define ENTRIES_MAX  256
#define ROUNDS       200

struct played {
    rw_ns at;
    uint32_t epoch;
    char text[64];
};

/* A coach, and all that came of it. */
struct stage {
    struct rw_voice *voice;
    struct rw_coach *coach;
    rw_ns now, latency;
    size_t count;
    struct played plays[PLAYS_MAX];
    size_t segment_count;
    struct {
        rw_ns at;
        uint32_t segment;
    } segments[SEGMENTS_MAX];
    size_t entry_count;
    struct rw_command_entry entries[ENTRIES_MAX];
};

static void sink_play(void *context, const struct rw_play *play)
{
    struct stage *stage = context;
    assert_true(stage->count < PLAYS_MAX);
    struct played *played = &stage->plays[stage->count++];
    played->at = play->at;
    played->epoch = play->epoch;
    memcpy(played->text, play->utterance.text, sizeof played->text - 1);
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
    struct stage *stage = context;
    return now + stage->latency;
}

static void event_seen(void *context, const struct rw_coach_event *event)
{
    struct stage *stage = context;
    if (event->type == RW_COACH_EVENT_SEGMENT) {
        assert_true(stage->segment_count < SEGMENTS_MAX);
        stage->segments[stage->segment_count].at = event->at;
        stage->segments[stage->segment_count++].segment = event->segment.position.segment;
    }
}

static void command_seen(void *context, const struct rw_command_entry *entry)
{
    struct stage *stage = context;
    assert_true(stage->entry_count < ENTRIES_MAX);
    stage->entries[stage->entry_count++] = *entry;
}

static void stage_open(struct stage *stage, struct rw_voice *voice)
{
    struct rw_sink sink = {.play = sink_play,
                           .cancel = sink_cancel,
                           .expect = sink_expect,
                           .earliest = sink_earliest,
                           .context = stage};
    struct rw_coach_observer observer = {event_seen, stage, command_seen};
    memset(stage, 0, sizeof *stage);
    stage->voice = voice;
    stage->latency = 20 * RW_NS_PER_MS;
    assert_int_equal(rw_coach_create(voice, sink, observer, &stage->coach), RW_OK);
}

static void stage_run(struct stage *stage, rw_ns until)
{
    while (rw_coach_deadline(stage->coach) <= until) {
        rw_ns due = rw_coach_deadline(stage->coach);
        stage->now = due > stage->now ? due : stage->now;
        rw_coach_advance(stage->coach, stage->now);
    }
    stage->now = until;
    rw_coach_advance(stage->coach, until);
}

/* Something of the body, or of the way ahead. */
static enum rw_status live_command(struct stage *stage, struct random_source *source)
{
    uint32_t run_ms = random_between(source, 1000, 90000);
    uint32_t walk_ms = random_between(source, 1000, 90000);
    uint32_t number = random_between(source, 0, 12);
    rw_ns max = SECONDS(random_between(source, 10, 200));
    switch (random_between(source, 0, 16)) {
    case 0:
        return rw_coach_rest(stage->coach, stage->now, max);
    case 1:
        return rw_coach_rest(stage->coach, stage->now, 0);
    case 2:
    case 3:
        return rw_coach_ready(stage->coach, stage->now);
    case 4:
    case 5:
        return rw_coach_change(stage->coach, stage->now, false);
    case 6:
        return rw_coach_change(stage->coach, stage->now, true);
    case 7:
        return rw_coach_ratio(stage->coach, stage->now, run_ms, walk_ms);
    case 8:
        return rw_coach_goto(stage->coach, stage->now, number);
    case 9:
        return rw_coach_cooldown(stage->coach, stage->now);
    case 10:
        return rw_coach_stitch(stage->coach, stage->now);
    case 11:
        return rw_coach_heavy(stage->coach, stage->now);
    case 12:
        return rw_coach_pain(stage->coach, stage->now, number);
    case 13:
        return rw_coach_dizzy(stage->coach, stage->now);
    case 14:
        return rw_coach_time(stage->coach, stage->now);
    case 15:
        return rw_coach_encourage(stage->coach, stage->now);
    case 16:
        return rw_coach_quiet(stage->coach, stage->now, max);
    }
    return RW_OK;
}

static void stage_command(struct stage *stage, struct random_source *source)
{
    rw_ns applied;
    enum rw_status status = RW_OK;
    stage->latency = random_between(source, 10, 1500) * RW_NS_PER_MS;
    switch (random_between(source, 0, 13)) {
    case 0:
        status = rw_coach_pause(stage->coach, stage->now);
        break;
    case 1:
    case 2:
        status = rw_coach_resume(stage->coach, stage->now);
        break;
    case 3:
        status = rw_coach_skip(stage->coach, stage->now);
        break;
    case 4:
        status = rw_coach_back(stage->coach, stage->now);
        break;
    case 5:
        status = rw_coach_extend(stage->coach, stage->now, SECONDS(30), &applied);
        break;
    case 6:
        status = rw_coach_extend(stage->coach, stage->now, -SECONDS(30), &applied);
        break;
    default:
        status = live_command(stage, source);
        break;
    }
    (void)status; /* some are refused */
}

static bool is_on(const struct stage *stage, struct rw_coach_view *ret_view)
{
    rw_coach_view(stage->coach, stage->now, ret_view);
    return ret_view->state == RW_COACH_ARMED || ret_view->state == RW_COACH_RUNNING ||
           ret_view->state == RW_COACH_PAUSED;
}

/* Starts a random run at clock time 0 and steers it for a while; false when it is over then. */
static bool stage_play(struct stage *stage, struct random_source *source,
                       struct random_profile *specs)
{
    struct rw_coach_view view;
    struct rw_profile *profile = random_profile_create(source, specs);
    rw_profile_destroy(profile);
    specs->spec.policy.after_rest = (enum rw_after_rest)random_between(source, 0, 2);
    assert_int_equal(rw_profile_create(&specs->spec, &profile), RW_OK);
    assert_int_equal(rw_coach_choose(stage->coach, 0, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(stage->coach, 0, SECONDS(random_between(source, 0, 10))),
                     RW_OK);
    uint32_t commands = random_between(source, 0, 25);
    for (uint32_t i = 0; i < commands && is_on(stage, &view); i++) {
        stage_run(stage, stage->now + random_between(source, 1, 40000) * RW_NS_PER_MS);
        stage_command(stage, source);
    }
    stage_run(stage, stage->now + random_between(source, 0, 20000) * RW_NS_PER_MS);
    return is_on(stage, &view);
}

static void assert_same_place(const struct stage *a, const struct stage *b, rw_ns shift)
{
    struct rw_coach_view left;
    struct rw_coach_view right;
    rw_coach_view(a->coach, a->now, &left);
    rw_coach_view(b->coach, b->now, &right);
    assert_int_equal(left.state, right.state);
    assert_true(left.origin + shift == right.origin);
    if (left.state == RW_COACH_PAUSED) {
        assert_true(left.paused_at + shift == right.paused_at);
    }
    assert_true(left.session.now == right.session.now);
    assert_true(left.session.end == right.session.end);
    assert_true(left.session.segment_start == right.session.segment_start);
    assert_true(left.session.segment_end == right.session.segment_end);
    assert_int_equal(left.session.position.segment, right.session.position.segment);
    assert_int_equal(left.session.runs_done, right.session.runs_done);
    assert_memory_equal(&left.session.adapt, &right.session.adapt, sizeof left.session.adapt);
    assert_int_equal(left.session.is_resting, right.session.is_resting);
    assert_int_equal(left.session.waits, right.session.waits);
    assert_int_equal(left.session.is_hurt, right.session.is_hurt);
    assert_int_equal(left.session.is_emergency, right.session.is_emergency);
    assert_true(left.session.next_length == right.session.next_length);
}

/* Both go on to their ends: the same segments at the same times, and the same cues. */
static void assert_same_rest(struct stage *a, struct stage *b, rw_ns shift)
{
    struct rw_coach_view view;
    size_t first = a->segment_count;
    rw_ns settled = a->now + SECONDS(120); /* what was planned around the answer has passed */
    b->segment_count = 0;
    for (struct stage *stage = a;; stage = b) {
        if (is_on(stage, &view) && view.state == RW_COACH_PAUSED) {
            assert_int_equal(rw_coach_resume(stage->coach, stage->now), RW_OK);
        }
        while (is_on(stage, &view)) {
            stage_run(stage, stage->now + SECONDS(600));
        }
        if (stage == b) {
            break;
        }
    }
    assert_int_equal(a->segment_count - first, b->segment_count);
    for (size_t i = 0; i < b->segment_count; i++) {
        assert_int_equal(a->segments[first + i].segment, b->segments[i].segment);
        assert_true(a->segments[first + i].at + shift == b->segments[i].at);
    }
    size_t i = 0;
    size_t j = 0;
    while (i < a->count && a->plays[i].at < settled) {
        i++;
    }
    while (j < b->count && b->plays[j].at < settled + shift) {
        j++;
    }
    assert_int_equal(a->count - i, b->count - j);
    for (; i < a->count; i++, j++) {
        assert_true(a->plays[i].at + shift == b->plays[j].at);
        assert_string_equal(a->plays[i].text, b->plays[j].text);
    }
}

static struct rw_voice *voice_open(void)
{
    struct rw_diagnostics diagnostics;
    struct rw_voice *voice;
    rw_diagnostics_init(&diagnostics);
    assert_int_equal(rw_voice_open(TEST_SOURCE_DIR "/sounds/en", &diagnostics, &voice), RW_OK);
    return voice;
}

/* B takes up what A has done, at clock time NOW of its own. */
static void recover(const struct stage *a, struct stage *b, struct random_profile *specs, rw_ns now,
                    rw_ns away)
{
    struct rw_coach_recovery recovery = {
        .entries = a->entries,
        .count = a->entry_count,
        .until = a->now,
        .away = away,
    };
    assert_int_equal(rw_profile_create(&specs->spec, &recovery.profile), RW_OK);
    b->now = now;
    assert_int_equal(rw_coach_recover(b->coach, now, &recovery), RW_OK);
}

static void what_is_ahead_is_as_if_nothing_had_happened(void **state)
{
    static struct stage a;
    static struct stage b;
    static struct random_profile specs;
    struct rw_voice *voice = voice_open();
    (void)state;
    size_t compared = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        struct random_source source = {seed};
        stage_open(&a, voice);
        stage_open(&b, voice);
        if (stage_play(&a, &source, &specs)) {
            rw_ns now = SECONDS(random_between(&source, 0, 100000)) - SECONDS(50000);
            a.latency = b.latency = 20 * RW_NS_PER_MS;
            recover(&a, &b, &specs, now, 0);
            assert_same_place(&a, &b, now - a.now);
            assert_same_rest(&a, &b, now - a.now);
            compared++;
        }
        rw_coach_destroy(a.coach);
        rw_coach_destroy(b.coach);
    }
    assert_true(compared > ROUNDS / 3);
    rw_voice_close(voice);
}

static void a_second_interruption_is_survived_as_well(void **state)
{
    static struct stage a;
    static struct stage b;
    static struct stage c;
    static struct random_profile specs;
    struct rw_voice *voice = voice_open();
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS / 3; seed++) {
        struct random_source source = {seed};
        stage_open(&a, voice);
        stage_open(&b, voice);
        stage_open(&c, voice);
        if (stage_play(&a, &source, &specs)) {
            memcpy(b.entries, a.entries, sizeof a.entries);
            b.entry_count = a.entry_count;
            recover(&a, &b, &specs, a.now, 0);
            stage_run(&b, b.now + SECONDS(random_between(&source, 0, 30)));
            stage_command(&b, &source);
            struct rw_coach_view view;
            if (is_on(&b, &view)) {
                recover(&b, &c, &specs, SECONDS(5000), 0);
                assert_same_place(&b, &c, SECONDS(5000) - b.now);
            }
        }
        rw_coach_destroy(a.coach);
        rw_coach_destroy(b.coach);
        rw_coach_destroy(c.coach);
    }
    rw_voice_close(voice);
}

static void a_short_time_away_counts_as_run(void **state)
{
    static struct stage a;
    static struct stage b;
    static struct random_profile specs;
    struct rw_voice *voice = voice_open();
    struct rw_step_spec steps[] = {
        {.kind = RW_KIND_RUN, .duration_ms = 60000, .cues = &rw_cue_settings_default},
        {.kind = RW_KIND_WALK, .duration_ms = 90000, .cues = &rw_cue_settings_default},
    };
    struct rw_coach_view view;
    (void)state;
    specs.spec = (struct rw_profile_spec){.name = "Test", .steps = steps, .step_count = 2};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&specs.spec, &profile), RW_OK);
    stage_open(&a, voice);
    stage_open(&b, voice);
    assert_int_equal(rw_coach_choose(a.coach, 0, profile, false), RW_OK);
    assert_int_equal(rw_coach_start(a.coach, 0, 0), RW_OK);
    stage_run(&a, SECONDS(50));
    recover(&a, &b, &specs, SECONDS(500), SECONDS(20));
    rw_coach_view(b.coach, b.now, &view);
    assert_int_equal(view.session.position.segment, 1);
    assert_true(view.session.now == SECONDS(70) - a.plays[0].at);
    assert_int_equal(b.segment_count, 1); /* the change that nobody heard is known all the same */
    bool is_told = false;
    for (size_t i = 0; i < b.count; i++) {
        is_told = is_told || strstr(b.plays[i].text, "Walk") != NULL;
    }
    assert_true(is_told);
    rw_coach_destroy(a.coach);
    rw_coach_destroy(b.coach);
    rw_voice_close(voice);
}

static void commands_that_never_were_are_refused_and_change_nothing(void **state)
{
    static struct stage b;
    struct rw_voice *voice = voice_open();
    struct rw_step_spec step = {.kind = RW_KIND_RUN, .duration_ms = 60000};
    struct rw_profile_spec spec = {.name = "Test", .steps = &step, .step_count = 1};
    struct rw_profile *profile;
    struct rw_coach_view view;
    (void)state;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    struct rw_command_entry entries[] = {
        {.command = RW_COMMAND_START, .latency = SECONDS(1)},
        {.command = RW_COMMAND_RESUME, .clock = SECONDS(90)},
        {.command = RW_COMMAND_SKIP, .clock = SECONDS(100)},
    };
    struct rw_coach_recovery recovery = {profile, entries, 3, SECONDS(100), 0, 0};
    stage_open(&b, voice);
    assert_int_equal(rw_coach_recover(b.coach, SECONDS(500), &recovery), RW_EINVALID);
    recovery.count = 0;
    assert_int_equal(rw_coach_recover(b.coach, SECONDS(500), &recovery), RW_EINVALID);
    rw_coach_view(b.coach, SECONDS(500), &view);
    assert_int_equal(view.state, RW_COACH_IDLE);
    rw_profile_destroy(profile);
    rw_coach_destroy(b.coach);
    rw_voice_close(voice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_ahead_is_as_if_nothing_had_happened),
        cmocka_unit_test(a_second_interruption_is_survived_as_well),
        cmocka_unit_test(a_short_time_away_counts_as_run),
        cmocka_unit_test(commands_that_never_were_are_refused_and_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
