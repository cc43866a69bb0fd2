/*
 * Rest, easier, ratio, goto, cooldown and pain, in any order and at any time: what holds for every
 * profile, and what each means.
 */
#include "fake_voice.h"
#include "random_profile.h"
#include "runwalk/core/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS     400
#define LOG_MAX    20000
#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)
#define MS(ms)     ((rw_ns)(ms)*RW_NS_PER_MS)
#define DAY        (RW_SESSION_MS_MAX * RW_NS_PER_MS)

/* ---- any edits ---- */

enum edit {
    EDIT_REST,
    EDIT_STITCH,
    EDIT_PAIN,
    EDIT_READY,
    EDIT_EASIER,
    EDIT_HARDER,
    EDIT_RATIO,
    EDIT_GOTO,
    EDIT_COOLDOWN,
    EDIT_SKIP,
    EDIT_BACK,
    EDIT_EXTEND,
    EDIT_PAUSE,
    EDIT_NOTHING,
};
#define EDIT_COUNT 14

static enum rw_status edit_try(struct rw_session *session, struct random_source *source,
                               enum edit edit)
{
    struct rw_session_view view;
    rw_ns applied;
    rw_session_view(session, &view);
    rw_ns floor = view.now + MS(random_between(source, 0, 1500));
    rw_ns delta = MS(random_between(source, 0, 120000)) - SECONDS(60);
    rw_ns max = MS(random_between(source, 10000, 300000));
    uint32_t run_ms = random_between(source, 1000, 120000);
    uint32_t walk_ms = random_between(source, 1000, 120000);
    uint32_t run = random_between(source, 0, 12);
    bool is_emergency = random_between(source, 0, 3) == 0;
    switch (edit) {
    case EDIT_REST:
        return rw_session_rest(session, RW_SAY_REST, max, floor);
    case EDIT_STITCH:
        return rw_session_rest(session, RW_SAY_STITCH, max, floor);
    case EDIT_PAIN:
        if (rw_session_rest(session, RW_SAY_PAIN, SECONDS(600), floor) != RW_OK) {
            return RW_ESTATE;
        }
        rw_session_hurt(session, is_emergency);
        return rw_session_extend(session, 0, floor, 0, &applied);
    case EDIT_READY:
        return rw_session_ready(session, floor);
    case EDIT_EASIER:
        return rw_session_change(session, false, floor, 0);
    case EDIT_HARDER:
        return rw_session_change(session, true, floor, SECONDS(1));
    case EDIT_RATIO:
        return rw_session_ratio(session, run_ms, walk_ms, floor, 0);
    case EDIT_GOTO:
        return rw_session_goto(session, run, floor);
    case EDIT_COOLDOWN:
        return rw_session_cooldown(session, floor);
    case EDIT_SKIP:
        return rw_session_skip(session, floor);
    case EDIT_BACK:
        return rw_session_back(session, floor);
    case EDIT_EXTEND:
        return rw_session_extend(session, delta, floor, 0, &applied);
    case EDIT_PAUSE:
        return view.state == RW_SESSION_RUNNING ? rw_session_pause(session)
                                                : rw_session_resume(session, floor, 0);
    case EDIT_NOTHING:
        break;
    }
    return RW_OK;
}

/*
 * Makes a random edit; whether it has planned anew what is ahead. One that is refused, or that does
 * nothing, has not.
 */
static bool edit_make(struct rw_session *session, struct random_source *source)
{
    struct rw_session_view before;
    rw_session_view(session, &before);
    enum edit edit = (enum edit)random_between(source, 0, EDIT_COUNT - 1);
    enum rw_status status = edit_try(session, source, edit);
    bool was_running = !before.is_resting && before.position.step->kind == RW_KIND_RUN;
    bool does_nothing = edit == EDIT_NOTHING || (edit == EDIT_READY && was_running) ||
                        (edit == EDIT_PAUSE && before.state == RW_SESSION_RUNNING);
    return status == RW_OK && !does_nothing;
}

/* A random profile with a random policy. */
static struct rw_profile *profile_make(struct random_source *source, struct random_profile *random)
{
    struct rw_profile *profile = random_profile_create(source, random);
    random->spec.policy = (struct rw_policy){
        .rest_max_ms = random_between(source, RW_REST_MS_MIN, 200000),
        .after_rest = (enum rw_after_rest)random_between(source, 0, RW_AFTER_REST_COUNT - 1),
        .step_percent = random_between(source, RW_STEP_PERCENT_MIN, RW_STEP_PERCENT_MAX),
        .run = {random_between(source, 0, 30000), random_between(source, 30000, 400000)},
        .walk = {random_between(source, 0, 30000), random_between(source, 30000, 400000)},
    };
    rw_profile_destroy(profile);
    assert_int_equal(rw_profile_create(&random->spec, &profile), RW_OK);
    return profile;
}

static void lengths_check(const struct rw_profile *course)
{
    size_t count;
    const struct rw_step *steps = rw_profile_steps(course, &count);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].repeat == 0) {
            assert_true(steps[i].duration_ms >= RW_SEGMENT_MS_MIN);
            assert_true(steps[i].duration_ms <= RW_SESSION_MS_MAX);
        }
    }
}

/* What a session does between two edits, and what must come out of it. */
struct drive {
    struct rw_session *session;
    rw_ns now, lived, segment_start;
    bool in_segment, is_done;
};

static void drive_events(struct drive *drive)
{
    struct rw_event event;
    while (rw_session_advance(drive->session, drive->now, &event)) {
        assert_true(event.at <= drive->now);
        if (drive->in_segment) {
            assert_true(event.at >= drive->segment_start);
            drive->lived += event.at - drive->segment_start;
        }
        if (event.type == RW_EVENT_SEGMENT) {
            assert_true(event.duration_ns > 0 && event.duration_ns <= DAY);
        }
        drive->in_segment = event.type == RW_EVENT_SEGMENT;
        drive->segment_start = event.at;
        drive->is_done = event.type == RW_EVENT_END;
    }
}

static void cues_check(struct drive *drive, rw_ns until, rw_ns edited_at)
{
    struct rw_cue cue;
    rw_ns last_end = 0;
    rw_ns last_at = 0;
    while (rw_session_cue(drive->session, until, &cue)) {
        assert_true((cue.fate == RW_CUE_DROPPED) == (cue.reason != RW_DROP_NONE));
        assert_true(cue.at >= last_at);
        last_at = cue.at;
        if (cue.fate == RW_CUE_DROPPED || cue.type == RW_CUE_CADENCE) {
            continue;
        }
        assert_true(cue.length > 0 && cue.at >= edited_at);
        assert_true(cue.at >= last_end); /* none overlaps, none is doubled */
        last_end = cue.at + cue.length;
    }
}

static void time_and_bounds_hold_whatever_is_said(void **state)
{
    (void)state;
    struct random_source source = {4242};
    struct random_profile *random = malloc(sizeof *random);
    size_t taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_profile *profile = profile_make(&source, random);
        struct drive drive = {0};
        struct rw_session_view view;
        rw_ns edited_at = 0;
        assert_int_equal(rw_session_create(profile, talking_measure, &drive.session), RW_OK);
        drive_events(&drive);
        for (int step = 0; step < 200 && !drive.is_done; step++) {
            cues_check(&drive, drive.now + MS(random_between(&source, 0, 30000)), edited_at);
            rw_session_view(drive.session, &view);
            rw_ns end = view.end;
            if (view.state == RW_SESSION_RUNNING) {
                drive.now += MS(random_between(&source, 1, 40000)) + 7;
            }
            drive_events(&drive);
            rw_session_view(drive.session, &view);
            assert_true(drive.is_done ? view.now == end : view.end == end);
            if (!drive.is_done && edit_make(drive.session, &source)) {
                taken++;
                edited_at = drive.now;
                drive_events(&drive);
                rw_session_view(drive.session, &view);
                assert_true(view.end >= drive.now);
                lengths_check(view.course);
            }
        }
        if (!drive.is_done) { /* to the end, which is where it was said to be */
            rw_session_view(drive.session, &view);
            if (view.state == RW_SESSION_PAUSED) {
                assert_int_equal(rw_session_resume(drive.session, drive.now, 0), RW_OK);
                edited_at = drive.now;
            }
            drive.now = view.end;
            cues_check(&drive, RW_NS_NEVER, edited_at);
            drive_events(&drive);
            assert_true(drive.is_done);
        }
        rw_session_view(drive.session, &view);
        assert_true(drive.lived == view.now);
        rw_session_destroy(drive.session);
        rw_profile_destroy(profile);
    }
    assert_true(taken > (size_t)ROUNDS * 10);
    free(random);
}

/* ---- one big advance ---- */

struct entry {
    rw_ns at;
    int type, saying;
    uint32_t segment, number, duration_ms;
};

struct log {
    size_t count;
    struct entry entries[LOG_MAX];
};

static void log_add(struct log *log, struct entry entry)
{
    assert_true(log->count < LOG_MAX);
    log->entries[log->count++] = entry;
}

static void events_log(struct rw_session *session, rw_ns until, struct log *log)
{
    struct rw_event event;
    while (rw_session_advance(session, until, &event)) {
        struct entry entry;
        memset(&entry, 0, sizeof entry);
        entry.at = event.at;
        entry.type = -1;
        entry.segment = event.type == RW_EVENT_END ? UINT32_MAX : event.position.segment;
        entry.duration_ms = (uint32_t)(event.duration_ns / RW_NS_PER_MS);
        log_add(log, entry);
    }
}

/* Takes cues up to AHEAD; those after NOW wait in a list that an edit withdraws. */
static void cues_log(struct rw_session *session, rw_ns ahead, struct log *log)
{
    struct rw_cue cue;
    while (rw_session_cue(session, ahead, &cue)) {
        struct entry entry;
        memset(&entry, 0, sizeof entry);
        entry.at = cue.at;
        entry.type = cue.fate == RW_CUE_DROPPED ? -2 - (int)cue.type : (int)cue.type;
        entry.saying = cue.words.saying;
        entry.segment = cue.segment;
        entry.number = cue.words.number;
        entry.duration_ms = cue.words.duration_ms;
        log_add(log, entry);
    }
}

/* What lies after NOW was never heard. */
static void log_withdraw(struct log *log, rw_ns now)
{
    while (log->count > 0 && log->entries[log->count - 1].at > now) {
        log->count--;
    }
}

static void edits_between_any_steps_give_the_same_session(void **state)
{
    (void)state;
    static struct log logs[4];
    struct random_profile *random = malloc(sizeof *random);
    for (uint64_t seed = 1; seed <= ROUNDS / 2; seed++) {
        struct random_source source = {seed};
        struct random_source steps = {seed + 1000000};
        struct rw_profile *profile = profile_make(&source, random);
        struct rw_session *whole;
        struct rw_session *split;
        struct rw_session_view view;
        rw_ns now = 0;
        memset(logs, 0, sizeof logs);
        assert_int_equal(rw_session_create(profile, talking_measure, &whole), RW_OK);
        assert_int_equal(rw_session_create(profile, talking_measure, &split), RW_OK);
        for (int edit = 0; edit < 30; edit++) {
            rw_session_view(whole, &view);
            rw_ns next = view.state == RW_SESSION_PAUSED
                             ? now
                             : now + MS(random_between(&source, 1, 90000)) + 3;
            for (rw_ns at = now; at < next; at += MS(random_between(&steps, 1, 20000))) {
                cues_log(split, at + MS(random_between(&steps, 0, 20000)), &logs[3]);
                events_log(split, at, &logs[2]);
            }
            events_log(split, next, &logs[2]);
            cues_log(split, next, &logs[3]);
            events_log(whole, next, &logs[0]);
            cues_log(whole, next, &logs[1]);
            now = next;
            struct random_source same = source;
            bool is_edited = edit_make(whole, &source);
            assert_int_equal(is_edited, edit_make(split, &same));
            if (is_edited) {
                log_withdraw(&logs[3], now);
            }
            events_log(whole, now, &logs[0]);
            events_log(split, now, &logs[2]);
        }
        log_withdraw(&logs[3], now);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(logs[i].count, logs[i + 2].count);
            assert_memory_equal(logs[i].entries, logs[i + 2].entries,
                                logs[i].count * sizeof(struct entry));
        }
        rw_session_destroy(whole);
        rw_session_destroy(split);
        rw_profile_destroy(profile);
    }
    free(random);
}

/* ---- what each means ---- */

#define RUN(s)                                                                                     \
    {                                                                                              \
        .kind = RW_KIND_RUN, .duration_ms = (s)*1000, .cues = &rw_cue_settings_default             \
    }
#define WALK(s)                                                                                    \
    {                                                                                              \
        .kind = RW_KIND_WALK, .duration_ms = (s)*1000, .cues = &rw_cue_settings_default            \
    }
#define COOLDOWN(s)                                                                                \
    {                                                                                              \
        .kind = RW_KIND_COOLDOWN, .duration_ms = (s)*1000, .cues = &rw_cue_settings_default        \
    }

struct scene {
    struct rw_profile *profile;
    struct rw_session *session;
};

/* Three times 60 s of running and 90 s of walking, then 300 s of cooldown if HAS_COOLDOWN. */
static struct scene scene_open(struct rw_policy policy, bool has_cooldown)
{
    struct rw_step_spec steps[2] = {RUN(60), WALK(90)};
    struct rw_step_spec all[2] = {{.repeat = 3, .steps = steps, .step_count = 2}, COOLDOWN(300)};
    struct rw_profile_spec spec = {
        .name = "Plain", .policy = policy, .steps = all, .step_count = has_cooldown ? 2 : 1};
    struct scene scene;
    assert_int_equal(rw_profile_create(&spec, &scene.profile), RW_OK);
    assert_int_equal(rw_session_create(scene.profile, fake_measure, &scene.session), RW_OK);
    return scene;
}

static void scene_close(struct scene *scene)
{
    rw_session_destroy(scene->session);
    rw_profile_destroy(scene->profile);
}

static struct rw_session_view scene_at(struct scene *scene, rw_ns now)
{
    struct rw_event event;
    struct rw_session_view view;
    while (rw_session_advance(scene->session, now, &event)) {
    }
    rw_session_view(scene->session, &view);
    return view;
}

static const struct rw_policy usual;
static const struct rw_policy restarts = {.after_rest = RW_AFTER_REST_RESTART};
static const struct rw_policy shortens = {.after_rest = RW_AFTER_REST_SHORTEN};

static void rest_at(struct scene *scene, rw_ns now, rw_ns max)
{
    scene_at(scene, now);
    assert_int_equal(rw_session_rest(scene->session, RW_SAY_REST, max, now), RW_OK);
}

static void after_a_rest_the_run_goes_on_with_what_was_left(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    rest_at(&scene, SECONDS(20), SECONDS(120));
    struct rw_session_view view = scene_at(&scene, SECONDS(20));
    assert_true(view.is_resting && view.position.step->kind == RW_KIND_WALK);
    assert_true(view.segment_end == SECONDS(140) && view.end == SECONDS(750 + 120));
    assert_true(view.has_next && view.next.segment == 0 && view.next_length == SECONDS(40));
    assert_int_equal(view.rest_of.segment, 0);
    view = scene_at(&scene, SECONDS(150));
    assert_false(view.is_resting);
    assert_true(view.position.segment == 0 && view.segment_end == SECONDS(180));
    view = scene_at(&scene, SECONDS(185));
    assert_true(view.position.segment == 1 && view.runs_done == 1);
    assert_true(view.end == SECONDS(750 + 120));
    scene_close(&scene);
}

static void whoever_is_ready_runs_at_once(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    struct rw_cue cue;
    rest_at(&scene, SECONDS(20), SECONDS(120));
    scene_at(&scene, SECONDS(50));
    assert_int_equal(rw_session_ready(scene.session, SECONDS(50)), RW_OK);
    struct rw_session_view view = scene_at(&scene, SECONDS(50));
    assert_false(view.is_resting);
    assert_true(view.position.segment == 0 && view.segment_end == SECONDS(90));
    assert_true(view.end == SECONDS(750 + 30));
    assert_true(rw_session_cue(scene.session, RW_NS_NEVER, &cue));
    assert_int_equal(cue.words.saying, RW_SAY_TONE_RUN);
    assert_true(rw_session_cue(scene.session, RW_NS_NEVER, &cue));
    assert_int_equal(cue.words.saying, RW_SAY_READY);
    assert_int_equal(cue.type, RW_CUE_ANSWER);
    assert_int_equal(rw_session_ready(scene.session, SECONDS(50)), RW_OK); /* harmless */
    view = scene_at(&scene, SECONDS(50));
    assert_true(view.segment_end == SECONDS(90));
    scene_close(&scene);
}

static void a_run_can_be_begun_anew_after_a_rest(void **state)
{
    (void)state;
    struct scene scene = scene_open(restarts, true);
    rest_at(&scene, SECONDS(20), SECONDS(120));
    struct rw_session_view view = scene_at(&scene, SECONDS(20));
    assert_true(view.next.segment == 0 && view.next_length == SECONDS(60));
    assert_true(view.end == SECONDS(750 + 120 + 20));
    scene_close(&scene);
}

static void a_session_can_keep_its_end_whatever_the_rest(void **state)
{
    (void)state;
    struct scene scene = scene_open(shortens, true);
    rest_at(&scene, SECONDS(20), SECONDS(120));
    struct rw_session_view view = scene_at(&scene, SECONDS(20));
    assert_true(view.end == SECONDS(750));
    /* The run would have been over at 60, and its walk at 150. */
    assert_true(view.next.segment == 1 && view.next_length == SECONDS(10));
    scene_at(&scene, SECONDS(35));
    assert_int_equal(rw_session_ready(scene.session, SECONDS(35)), RW_OK);
    view = scene_at(&scene, SECONDS(35));
    assert_true(view.position.segment == 0 && view.segment_end == SECONDS(60));
    assert_true(view.end == SECONDS(750));
    scene_close(&scene);
}

static void in_a_walk_a_rest_takes_its_place(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    rest_at(&scene, SECONDS(70), SECONDS(120)); /* 80 s of the walk are left */
    struct rw_session_view view = scene_at(&scene, SECONDS(70));
    assert_true(view.segment_end == SECONDS(190) && view.next.segment == 2);
    assert_true(view.end == SECONDS(750 + 40));
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_REST, SECONDS(30), SECONDS(70)), RW_OK);
    view = scene_at(&scene, SECONDS(70));
    assert_true(view.segment_end == SECONDS(150)); /* never shorter than the walk */
    scene_close(&scene);
}

static void in_the_last_seconds_of_a_run_its_walk_is_the_rest(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    rest_at(&scene, SECONDS(55), SECONDS(30));
    struct rw_session_view view = scene_at(&scene, SECONDS(55));
    assert_true(view.position.segment == 1 && view.runs_done == 1);
    assert_true(view.segment_end == SECONDS(55 + 90) && view.next.segment == 2);
    scene_close(&scene);
}

static void a_rest_is_told_of_and_asked_about(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    static const struct {
        rw_ns at;
        enum rw_saying saying;
    } expected[] = {
        {SECONDS(20), RW_SAY_TONE_WALK},  {0, RW_SAY_REST},
        {SECONDS(80), RW_SAY_REST_LEFT},  {SECONDS(110), RW_SAY_REST_LEFT},
        {SECONDS(130), RW_SAY_REST_OVER}, {SECONDS(137), RW_SAY_TICK},
        {SECONDS(138), RW_SAY_TICK},      {SECONDS(139), RW_SAY_TICK},
        {SECONDS(140), RW_SAY_TONE_RUN},  {0, RW_SAY_WHERE},
    };
    rest_at(&scene, SECONDS(20), SECONDS(120));
    scene_at(&scene, SECONDS(20));
    for (size_t i = 0; i < RW_COUNT(expected); i++) {
        struct rw_cue cue;
        assert_true(rw_session_cue(scene.session, RW_NS_NEVER, &cue));
        assert_int_equal(cue.words.saying, expected[i].saying);
        assert_true(cue.fate != RW_CUE_DROPPED);
        assert_true(expected[i].at == 0 || cue.at == expected[i].at);
    }
    scene_close(&scene);
}

static void where_there_is_nothing_to_rest_from_it_is_refused(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_REST, SECONDS(60), 0), RW_ESTATE);
    scene_at(&scene, SECONDS(500));
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_REST, SECONDS(60), 0), RW_ESTATE);
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_PAIN, SECONDS(60), 0), RW_ESTATE);
    assert_int_equal(rw_session_ready(scene.session, 0), RW_ESTATE);
    assert_int_equal(rw_session_change(scene.session, false, 0, 0), RW_ESTATE);
    assert_int_equal(rw_session_ratio(scene.session, 1000, 1000, 0, 0), RW_ESTATE);
    assert_int_equal(rw_session_cooldown(scene.session, 0), RW_ESTATE);
    scene_close(&scene);
}

static void easier_and_harder_are_steps_within_bounds(void **state)
{
    (void)state;
    struct scene scene = scene_open((struct rw_policy){.run = {40000, 90000}}, true);
    static const uint32_t runs[] = {48, 40, 40, 40};
    static const uint32_t walks[] = {108, 126, 144, 162};
    scene_at(&scene, SECONDS(5));
    for (size_t i = 0; i < RW_COUNT(runs); i++) {
        assert_int_equal(rw_session_change(scene.session, false, SECONDS(5), 0), RW_OK);
        struct rw_session_view view = scene_at(&scene, SECONDS(5));
        assert_true(view.segment_end == SECONDS(runs[i]));
        assert_true(view.next_length == SECONDS(walks[i]));
        assert_true(view.end == SECONDS(3 * (runs[i] + walks[i]) + 300));
    }
    assert_int_equal(rw_session_change(scene.session, false, SECONDS(5), 0), RW_OK); /* 180 */
    assert_int_equal(rw_session_change(scene.session, false, SECONDS(5), 0), RW_EINVALID);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rw_session_change(scene.session, true, SECONDS(5), 0), RW_OK);
    }
    struct rw_session_view view = scene_at(&scene, SECONDS(5));
    assert_true(view.segment_end == SECONDS(60) && view.end == SECONDS(750));
    scene_close(&scene);
}

static void what_is_on_is_not_suddenly_over(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    scene_at(&scene, SECONDS(45));
    assert_int_equal(rw_session_ratio(scene.session, 20000, 30000, SECONDS(45), 0), RW_OK);
    struct rw_session_view view = scene_at(&scene, SECONDS(45));
    assert_true(view.segment_end == SECONDS(55)); /* 20 s are long over: 10 s more */
    assert_true(view.end == SECONDS(55 + 30 + 2 * 50 + 300));
    view = scene_at(&scene, SECONDS(56));
    assert_true(view.runs_done == 1);
    scene_close(&scene);
}

static void a_day_is_the_longest_session(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    struct rw_session_view before = scene_at(&scene, SECONDS(5));
    assert_int_equal(rw_session_ratio(scene.session, RW_SESSION_MS_MAX, 1000, 0, 0), RW_ELIMIT);
    struct rw_session_view view = scene_at(&scene, SECONDS(5));
    assert_true(view.end == before.end && view.segment_end == before.segment_end);
    assert_true(view.adapt.run_ms == 0);
    rw_ns applied;
    assert_int_equal(rw_session_extend(scene.session, RW_NS_NEVER / 2, 0, 0, &applied), RW_OK);
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_REST, SECONDS(60), 0), RW_ELIMIT);
    assert_int_equal(rw_session_change(scene.session, true, 0, 0), RW_OK); /* walks are shorter */
    view = scene_at(&scene, SECONDS(5));
    assert_true(view.end <= DAY);
    scene_close(&scene);
}

/* 86400 segments that nobody expands: the sums of what remains are exact all the same. */
static void the_longest_repeat_is_fitted_at_once(void **state)
{
    (void)state;
    struct rw_step_spec steps[2] = {{.kind = RW_KIND_RUN, .duration_ms = 1000},
                                    {.kind = RW_KIND_WALK, .duration_ms = 1000}};
    struct rw_step_spec repeat = {.repeat = 43200, .steps = steps, .step_count = 2};
    struct rw_profile_spec spec = {.name = "Long", .steps = &repeat, .step_count = 1};
    struct scene scene;
    assert_int_equal(rw_profile_create(&spec, &scene.profile), RW_OK);
    assert_int_equal(rw_session_create(scene.profile, fake_measure, &scene.session), RW_OK);
    scene_at(&scene, 0);
    assert_int_equal(rw_session_ratio(scene.session, 2000, 1000, 0, 0), RW_ELIMIT);
    assert_int_equal(rw_session_goto(scene.session, 43199, 0), RW_OK);
    scene_at(&scene, 0);
    assert_int_equal(rw_session_ratio(scene.session, RW_SESSION_MS_MAX, 1000, 0, 0), RW_ELIMIT);
    assert_int_equal(rw_session_ratio(scene.session, 5000, 3000, 0, 0), RW_OK);
    struct rw_session_view view = scene_at(&scene, 0);
    assert_true(view.end == SECONDS(8));
    assert_int_equal(rw_session_goto(scene.session, 43200, 0), RW_ENOENT);
    scene_close(&scene);
}

static void goto_finds_each_run(void **state)
{
    (void)state;
    struct random_source source = {12};
    struct random_profile *random = malloc(sizeof *random);
    for (int round = 0; round < 300; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        struct rw_position position;
        struct rw_position found;
        struct rw_position last = {0};
        bool has_cooldown = false;
        uint32_t run = 0;
        for (uint32_t i = 0; rw_timeline_seek(profile, i, &position); i++) {
            if (position.step->kind == RW_KIND_RUN) {
                assert_true(rw_timeline_seek_run(profile, run++, &found));
                assert_memory_equal(&found, &position, sizeof found);
            }
            if (position.step->kind == RW_KIND_COOLDOWN) {
                has_cooldown = true;
                last = position;
            }
        }
        assert_false(rw_timeline_seek_run(profile, run, &found));
        assert_true(rw_timeline_seek_last(profile, RW_KIND_COOLDOWN, &found) == has_cooldown);
        if (has_cooldown) {
            assert_memory_equal(&found, &last, sizeof found);
        }
        rw_profile_destroy(profile);
    }
    free(random);
}

static void a_session_without_a_cooldown_gets_one_of_five_minutes(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, false);
    scene_at(&scene, SECONDS(30));
    assert_int_equal(rw_session_cooldown(scene.session, SECONDS(30)), RW_OK);
    struct rw_session_view view = scene_at(&scene, SECONDS(30));
    assert_int_equal(view.position.step->kind, RW_KIND_COOLDOWN);
    assert_true(view.end == SECONDS(330) && !view.has_next && view.runs_done == 0);
    assert_int_equal(rw_session_cooldown(scene.session, SECONDS(30)), RW_ESTATE);
    view = scene_at(&scene, SECONDS(100));
    assert_int_equal(rw_session_skip(scene.session, SECONDS(100)), RW_OK);
    view = scene_at(&scene, SECONDS(100));
    assert_int_equal(view.state, RW_SESSION_DONE);
    scene_close(&scene);
    scene = scene_open(usual, true);
    scene_at(&scene, SECONDS(30));
    assert_int_equal(rw_session_cooldown(scene.session, SECONDS(30)), RW_OK);
    view = scene_at(&scene, SECONDS(30));
    assert_true(view.position.segment == 6 && view.end == SECONDS(330));
    scene_close(&scene);
}

static void after_pain_no_run_begins_by_itself(void **state)
{
    (void)state;
    struct scene scene = scene_open(usual, true);
    struct rw_cue cue;
    scene_at(&scene, SECONDS(20));
    rw_session_hurt(scene.session, false);
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_PAIN, SECONDS(600), SECONDS(20)), RW_OK);
    struct rw_session_view view = scene_at(&scene, SECONDS(20));
    assert_true(view.waits && view.segment_end == SECONDS(620) && view.next.segment == 6);
    bool asks = false;
    bool asks_in_the_end = false;
    while (rw_session_cue(scene.session, RW_NS_NEVER, &cue)) {
        assert_int_not_equal(cue.words.saying, RW_SAY_TONE_RUN);
        asks = asks || cue.words.saying == RW_SAY_REST_OVER;
        asks_in_the_end = cue.words.saying == RW_SAY_AFTER_PAIN;
    }
    assert_true(asks && asks_in_the_end);
    assert_int_equal(rw_session_skip(scene.session, SECONDS(20)), RW_OK);
    view = scene_at(&scene, SECONDS(20));
    assert_true(view.position.segment == 6); /* not the run: only who is ready runs */
    scene_close(&scene);

    scene = scene_open(usual, true);
    scene_at(&scene, SECONDS(20));
    assert_int_equal(rw_session_rest(scene.session, RW_SAY_PAIN, SECONDS(600), SECONDS(20)), RW_OK);
    scene_at(&scene, SECONDS(20));
    assert_int_equal(rw_session_ready(scene.session, SECONDS(20)), RW_OK);
    view = scene_at(&scene, SECONDS(20));
    assert_true(view.position.segment == 0 && view.segment_end == SECONDS(60));
    scene_close(&scene);
}

static void after_pain_nothing_is_said_unasked(void **state)
{
    (void)state;
    struct rw_step_spec step = RUN(3600);
    struct rw_profile_spec spec = {.name = "Long", .steps = &step, .step_count = 1};
    size_t unasked[2] = {0, 0};
    for (int hurts = 0; hurts < 2; hurts++) {
        struct scene scene;
        struct rw_cue cue;
        assert_int_equal(rw_profile_create(&spec, &scene.profile), RW_OK);
        assert_int_equal(rw_session_create(scene.profile, talking_measure, &scene.session), RW_OK);
        scene_at(&scene, SECONDS(20));
        if (hurts) {
            rw_session_hurt(scene.session, false);
            assert_int_equal(rw_session_rest(scene.session, RW_SAY_PAIN, SECONDS(600), 0), RW_OK);
            scene_at(&scene, SECONDS(60));
            assert_int_equal(rw_session_ready(scene.session, SECONDS(60)), RW_OK);
            scene_at(&scene, SECONDS(60));
        }
        while (rw_session_cue(scene.session, RW_NS_NEVER, &cue)) {
            unasked[hurts] += cue.type >= RW_CUE_DEAD_POINT && cue.type <= RW_CUE_POSTURE;
        }
        scene_close(&scene);
    }
    assert_true(unasked[0] > 5 && unasked[1] == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_and_bounds_hold_whatever_is_said),
        cmocka_unit_test(edits_between_any_steps_give_the_same_session),
        cmocka_unit_test(after_a_rest_the_run_goes_on_with_what_was_left),
        cmocka_unit_test(whoever_is_ready_runs_at_once),
        cmocka_unit_test(a_run_can_be_begun_anew_after_a_rest),
        cmocka_unit_test(a_session_can_keep_its_end_whatever_the_rest),
        cmocka_unit_test(in_a_walk_a_rest_takes_its_place),
        cmocka_unit_test(in_the_last_seconds_of_a_run_its_walk_is_the_rest),
        cmocka_unit_test(a_rest_is_told_of_and_asked_about),
        cmocka_unit_test(where_there_is_nothing_to_rest_from_it_is_refused),
        cmocka_unit_test(easier_and_harder_are_steps_within_bounds),
        cmocka_unit_test(what_is_on_is_not_suddenly_over),
        cmocka_unit_test(a_day_is_the_longest_session),
        cmocka_unit_test(the_longest_repeat_is_fitted_at_once),
        cmocka_unit_test(goto_finds_each_run),
        cmocka_unit_test(a_session_without_a_cooldown_gets_one_of_five_minutes),
        cmocka_unit_test(after_pain_no_run_begins_by_itself),
        cmocka_unit_test(after_pain_nothing_is_said_unasked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
