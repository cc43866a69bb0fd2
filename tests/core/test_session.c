/*
 * Properties of sessions that hold for every profile and every sequence of edits.
 */
#include "fake_voice.h"
#include "random_profile.h"
#include "runwalk/core/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUNDS  150
#define LOG_MAX 60000

/* What a session said and did, as text that can be compared. */
struct log {
    size_t count;
    struct entry {
        bool is_cue;
        rw_ns at;
        int type, fate, saying;
        uint32_t segment;
    } * entries;
};

static void log_add(struct log *log, struct entry entry)
{
    assert_true(log->count < LOG_MAX);
    log->entries[log->count++] = entry;
}

static void log_compare(const struct log *a, const struct log *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_memory_equal(&a->entries[i], &b->entries[i], sizeof a->entries[i]);
    }
}

static void events_collect(struct rw_session *session, rw_ns until, struct log *log)
{
    struct rw_event event;
    while (rw_session_advance(session, until, &event)) {
        struct entry entry;
        memset(&entry, 0, sizeof entry); /* padding too: entries are compared as bytes */
        entry.at = event.at;
        entry.type = event.type;
        entry.segment = event.type == RW_EVENT_END ? 0 : event.position.segment;
        log_add(log, entry);
    }
}

static void cues_collect(struct rw_session *session, rw_ns until, struct log *log)
{
    struct rw_cue cue;
    while (rw_session_cue(session, until, &cue)) {
        struct entry entry;
        memset(&entry, 0, sizeof entry);
        entry.is_cue = true;
        entry.at = cue.at;
        entry.type = cue.type;
        entry.fate = cue.fate;
        entry.saying = cue.words.saying;
        entry.segment = cue.segment;
        log_add(log, entry);
    }
}

static void one_big_advance_equals_any_splitting_of_it(void **state)
{
    (void)state;
    struct random_source source = {77};
    struct random_profile *random = malloc(sizeof *random);
    struct log logs[4];
    for (size_t i = 0; i < RW_COUNT(logs); i++) {
        logs[i].entries = malloc(LOG_MAX * sizeof logs[i].entries[0]);
    }
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        rw_ns end = rw_profile_duration_ms(profile) * RW_NS_PER_MS;
        struct rw_session *whole;
        struct rw_session *split;
        for (size_t i = 0; i < RW_COUNT(logs); i++) {
            logs[i].count = 0;
        }
        assert_int_equal(rw_session_create(profile, talking_measure, &whole), RW_OK);
        assert_int_equal(rw_session_create(profile, talking_measure, &split), RW_OK);
        events_collect(whole, end, &logs[0]);
        cues_collect(whole, RW_NS_NEVER, &logs[1]);

        for (rw_ns now = 0; now <= end;) {
            rw_ns ahead = (rw_ns)random_between(&source, 0, 20000) * RW_NS_PER_MS;
            cues_collect(split, now + ahead, &logs[3]);
            events_collect(split, now, &logs[2]);
            if (now == end) {
                break;
            }
            now += random_between(&source, 1, 90000) * RW_NS_PER_MS / 3;
            now = now > end ? end : now;
        }
        cues_collect(split, RW_NS_NEVER, &logs[3]);
        log_compare(&logs[0], &logs[2]);
        log_compare(&logs[1], &logs[3]);
        rw_session_destroy(whole);
        rw_session_destroy(split);
        rw_profile_destroy(profile);
    }
    for (size_t i = 0; i < RW_COUNT(logs); i++) {
        free(logs[i].entries);
    }
    free(random);
}

/* What must hold of every cue that is handed out between two edits. */
struct watcher {
    rw_ns last_at, last_end;
    enum rw_cue_type last_type;
    uint32_t segment;
    rw_ns segment_end;
};

static void cue_check(struct watcher *watcher, const struct rw_cue *cue, rw_ns edited_at)
{
    assert_true(cue->at >= edited_at || cue->fate == RW_CUE_DROPPED);
    assert_true((cue->fate == RW_CUE_DROPPED) == (cue->reason != RW_DROP_NONE));
    if (cue->fate == RW_CUE_DROPPED) {
        return;
    }
    assert_true(cue->length > 0);
    assert_true(cue->at >= watcher->last_end); /* none overlaps, none is doubled */
    watcher->last_end = cue->at + cue->length;
    watcher->last_at = cue->at;
}

static void nothing_overlaps_or_runs_into_a_change(void **state)
{
    (void)state;
    struct random_source source = {4711};
    struct random_profile *random = malloc(sizeof *random);
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        struct rw_session *session;
        struct rw_position position;
        struct rw_cue cue;
        struct watcher watcher = {0};
        uint32_t changes = 0;
        assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
        while (rw_session_cue(session, RW_NS_NEVER, &cue)) {
            cue_check(&watcher, &cue, 0);
            if (cue.type == RW_CUE_CHANGE) {
                assert_int_equal(cue.fate, RW_CUE_PLANNED);
                assert_int_equal(cue.segment, changes++);
            }
            if (rw_timeline_seek(profile, cue.segment, &position)) {
                rw_ns start = position.start_ms * RW_NS_PER_MS;
                rw_ns end = start + position.step->duration_ms * RW_NS_PER_MS;
                assert_true(cue.at >= start);
                assert_true(cue.at + cue.length < end || cue.fate == RW_CUE_DROPPED);
                if (cue.type == RW_CUE_CHANGE) {
                    assert_true(cue.at == start);
                }
                if (cue.type == RW_CUE_COUNTDOWN && cue.fate == RW_CUE_PLANNED) {
                    assert_true((end - cue.at) % RW_NS_PER_SECOND == 0);
                    assert_true(position.step->duration_ms >= 20000);
                }
            }
        }
        assert_int_equal(changes, rw_profile_segment_count(profile) + 1);
        rw_session_destroy(session);
        rw_profile_destroy(profile);
    }
    free(random);
}

static void a_dropped_cue_never_makes_room_for_a_less_important_one(void **state)
{
    (void)state;
    struct random_source source = {99};
    struct random_profile *random = malloc(sizeof *random);
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        struct rw_session *session;
        struct rw_cue list[64];
        size_t count = 0;
        uint32_t segment = 0;
        bool more = true;
        assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
        while (more) {
            struct rw_cue cue = {0};
            more = rw_session_cue(session, RW_NS_NEVER, &cue);
            if (more && cue.segment == segment) {
                list[count++] = cue;
                assert_true(count < RW_COUNT(list));
                continue;
            }
            for (size_t i = 0; i < count; i++) {
                for (size_t j = 0; j < count; j++) {
                    bool stands_there =
                        list[j].fate != RW_CUE_DROPPED && list[i].fate == RW_CUE_DROPPED &&
                        list[i].reason == RW_DROP_COLLISION && list[j].at <= list[i].at &&
                        list[j].at + list[j].length > list[i].at;
                    assert_false(stands_there && list[j].type > list[i].type);
                }
            }
            segment = cue.segment;
            list[0] = cue;
            count = 1;
        }
        rw_session_destroy(session);
        rw_profile_destroy(profile);
    }
    free(random);
}

/* A session under random edits, and the sums that must come out whatever they are. */
struct drive {
    struct rw_session *session;
    struct random_source *source;
    rw_ns now, edited_at;
    rw_ns lived; /* in segments that are over */
    bool in_segment;
    uint32_t segment;
    rw_ns segment_start;
    bool is_done;
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
        drive->in_segment = event.type == RW_EVENT_SEGMENT;
        drive->segment = event.position.segment;
        drive->segment_start = event.at;
        drive->is_done = event.type == RW_EVENT_END;
    }
}

static void drive_edit(struct drive *drive)
{
    struct rw_session_view before;
    struct rw_session_view after;
    enum rw_status status = RW_OK;
    rw_ns floor = drive->now + (rw_ns)random_between(drive->source, 0, 1500) * RW_NS_PER_MS;
    rw_ns delta = ((rw_ns)random_between(drive->source, 0, 120000) - 60000) * RW_NS_PER_MS;
    rw_ns applied = 0;
    rw_session_view(drive->session, &before);
    switch (random_between(drive->source, 0, 4)) {
    case 0:
        status = rw_session_skip(drive->session, floor);
        rw_session_view(drive->session, &after);
        assert_true(after.end <= before.end);
        break;
    case 1:
        status = rw_session_back(drive->session, floor);
        break;
    case 2:
        status = rw_session_extend(drive->session, delta, floor, 0, &applied);
        rw_session_view(drive->session, &after);
        assert_true(after.end - before.end == applied);
        assert_true(after.segment_end >= drive->now);
        break;
    case 3:
        if (before.state == RW_SESSION_RUNNING) {
            status = rw_session_pause(drive->session);
        } else {
            status = rw_session_resume(drive->session, floor, 0);
        }
        break;
    case 4:
        return;
    }
    assert_int_equal(status, RW_OK);
    drive->edited_at = drive->now;
    drive_events(drive);
}

static void time_is_conserved_under_any_edits(void **state)
{
    (void)state;
    struct random_source source = {31337};
    struct random_profile *random = malloc(sizeof *random);
    for (int round = 0; round < ROUNDS * 4; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        struct drive drive = {.source = &source};
        struct rw_session_view view;
        struct rw_cue cue;
        assert_int_equal(rw_session_create(profile, talking_measure, &drive.session), RW_OK);
        drive_events(&drive);
        for (int step = 0; step < 300 && !drive.is_done; step++) {
            struct watcher watcher = {0};
            rw_ns ahead = (rw_ns)random_between(&source, 0, 30000) * RW_NS_PER_MS;
            while (rw_session_cue(drive.session, drive.now + ahead, &cue)) {
                cue_check(&watcher, &cue, drive.edited_at);
            }
            rw_session_view(drive.session, &view);
            if (view.state == RW_SESSION_RUNNING) {
                drive.now += (rw_ns)random_between(&source, 1, 40000) * RW_NS_PER_MS;
            }
            drive_events(&drive);
            if (!drive.is_done) {
                drive_edit(&drive);
            }
        }
        if (drive.is_done) {
            rw_session_view(drive.session, &view);
            assert_true(drive.lived == view.now);
        }
        rw_session_destroy(drive.session);
        rw_profile_destroy(profile);
    }
    free(random);
}

/* The next entry from INDEX on that is heard and has a fixed time: words may move after a pause. */
static size_t entry_next(const struct log *log, size_t index)
{
    for (; index < log->count; index++) {
        const struct entry *entry = &log->entries[index];
        bool is_fixed = entry->type == RW_CUE_CHANGE || entry->type == RW_CUE_COUNTDOWN ||
                        entry->type == RW_CUE_NEXT;
        if (is_fixed && entry->fate != RW_CUE_DROPPED) {
            break;
        }
    }
    return index;
}

/* Without edits of the plan itself, pausing anywhere loses and doubles nothing. */
static void a_pause_loses_and_doubles_no_cue(void **state)
{
    (void)state;
    struct random_source source = {8};
    struct random_profile *random = malloc(sizeof *random);
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        struct log whole = {0, malloc(LOG_MAX * sizeof(struct entry))};
        struct log paused = {0, malloc(LOG_MAX * sizeof(struct entry))};
        struct log ignored = {0, malloc(LOG_MAX * sizeof(struct entry))};
        struct rw_session *session;
        struct rw_session_view view;
        assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
        cues_collect(session, RW_NS_NEVER, &whole);
        rw_session_destroy(session);

        assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
        rw_ns now = 500000;
        do {
            events_collect(session, now, &ignored);
            cues_collect(session, now, &paused); /* what has begun by now is heard */
            rw_session_view(session, &view);
            if (view.state == RW_SESSION_RUNNING) {
                assert_int_equal(rw_session_pause(session), RW_OK);
                assert_true(rw_session_next_cue_at(session) == RW_NS_NEVER);
                assert_int_equal(rw_session_resume(session, now + 1, 0), RW_OK);
            }
            /* Between the full milliseconds of the cues, so that none falls on the pause. */
            now = (now / RW_NS_PER_MS + random_between(&source, 1, 60000)) * RW_NS_PER_MS + 500000;
        } while (view.state == RW_SESSION_RUNNING);
        cues_collect(session, RW_NS_NEVER, &paused);

        size_t heard = entry_next(&paused, 0);
        for (size_t i = entry_next(&whole, 0); i < whole.count; i = entry_next(&whole, i + 1)) {
            assert_true(heard < paused.count);
            assert_true(whole.entries[i].type == paused.entries[heard].type);
            assert_true(whole.entries[i].segment == paused.entries[heard].segment);
            heard = entry_next(&paused, heard + 1);
        }
        assert_true(heard == paused.count);
        rw_session_destroy(session);
        rw_profile_destroy(profile);
        free(whole.entries);
        free(paused.entries);
        free(ignored.entries);
    }
    free(random);
}

static struct rw_session *plain_session(struct rw_profile **ret_profile)
{
    struct rw_step_spec steps[2] = {
        {.kind = RW_KIND_RUN, .duration_ms = 60000, .cues = &rw_cue_settings_default},
        {.kind = RW_KIND_WALK, .duration_ms = 90000, .cues = &rw_cue_settings_default},
    };
    struct rw_step_spec repeat = {.repeat = 3, .steps = steps, .step_count = 2};
    struct rw_profile_spec spec = {.name = "Plain", .steps = &repeat, .step_count = 1};
    struct rw_session *session;
    struct rw_event event;
    assert_int_equal(rw_profile_create(&spec, ret_profile), RW_OK);
    assert_int_equal(rw_session_create(*ret_profile, fake_measure, &session), RW_OK);
    while (rw_session_advance(session, 0, &event)) {
    }
    return session;
}

static void time_pass(struct rw_session *session, rw_ns until)
{
    struct rw_event event;
    while (rw_session_advance(session, until, &event)) {
    }
}

static void back_restarts_the_step_and_in_its_first_seconds_goes_to_the_previous(void **state)
{
    (void)state;
    struct rw_profile *profile;
    struct rw_session *session = plain_session(&profile);
    struct rw_session_view view;
    rw_ns now = 70 * RW_NS_PER_SECOND;
    time_pass(session, now);
    assert_int_equal(rw_session_back(session, now), RW_OK);
    time_pass(session, now);
    rw_session_view(session, &view);
    assert_int_equal(view.position.segment, 1);
    assert_true(view.segment_start == now);

    assert_int_equal(rw_session_back(session, now), RW_OK);
    time_pass(session, now);
    rw_session_view(session, &view);
    assert_int_equal(view.position.segment, 0);

    assert_int_equal(rw_session_back(session, now), RW_OK);
    time_pass(session, now);
    rw_session_view(session, &view);
    assert_int_equal(view.position.segment, 0);
    assert_true(view.end - now == rw_profile_duration_ms(profile) * RW_NS_PER_MS);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void shortening_below_the_present_changes_now(void **state)
{
    (void)state;
    struct rw_profile *profile;
    struct rw_session *session = plain_session(&profile);
    struct rw_session_view view;
    struct rw_cue cue;
    rw_ns applied;
    rw_ns now = 40 * RW_NS_PER_SECOND;
    time_pass(session, now);
    assert_int_equal(
        rw_session_extend(session, -30 * RW_NS_PER_SECOND, now + RW_NS_PER_MS, 0, &applied), RW_OK);
    assert_true(applied == -20 * RW_NS_PER_SECOND);
    time_pass(session, now);
    rw_session_view(session, &view);
    assert_int_equal(view.position.segment, 1);
    assert_true(rw_session_cue(session, RW_NS_NEVER, &cue));
    assert_int_equal(cue.type, RW_CUE_CHANGE);
    assert_true(cue.at == now + RW_NS_PER_MS);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void an_extended_step_counts_down_to_its_new_end(void **state)
{
    (void)state;
    struct rw_profile *profile;
    struct rw_session *session = plain_session(&profile);
    struct rw_cue cue;
    rw_ns applied;
    rw_ns now = 58500 * RW_NS_PER_MS;
    time_pass(session, now);
    assert_int_equal(
        rw_session_extend(session, 30 * RW_NS_PER_SECOND, now, RW_NS_PER_SECOND, &applied), RW_OK);
    for (rw_ns second = 87; second < 90; second++) {
        assert_true(rw_session_cue(session, RW_NS_NEVER, &cue));
        assert_int_equal(cue.type, RW_CUE_COUNTDOWN);
        assert_true(cue.at == second * RW_NS_PER_SECOND);
    }
    assert_true(rw_session_cue(session, RW_NS_NEVER, &cue));
    assert_int_equal(cue.type, RW_CUE_CHANGE);
    assert_true(cue.at == 90 * RW_NS_PER_SECOND);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void a_session_never_grows_beyond_a_day(void **state)
{
    (void)state;
    struct rw_profile *profile;
    struct rw_session *session = plain_session(&profile);
    struct rw_session_view view;
    rw_ns applied;
    assert_int_equal(rw_session_extend(session, RW_NS_NEVER / 2, 0, 0, &applied), RW_OK);
    rw_session_view(session, &view);
    assert_true(view.end == RW_SESSION_MS_MAX * RW_NS_PER_MS);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void skips_while_paused_stay_paused_and_announce_on_resume(void **state)
{
    (void)state;
    struct rw_profile *profile;
    struct rw_session *session = plain_session(&profile);
    struct rw_session_view view;
    struct rw_cue cue;
    rw_ns now = 10 * RW_NS_PER_SECOND;
    time_pass(session, now);
    assert_int_equal(rw_session_pause(session), RW_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(rw_session_skip(session, now), RW_OK);
        time_pass(session, now);
    }
    rw_session_view(session, &view);
    assert_int_equal(view.state, RW_SESSION_PAUSED);
    assert_int_equal(view.position.segment, 2);
    assert_false(rw_session_cue(session, RW_NS_NEVER, &cue));
    assert_int_equal(rw_session_resume(session, now, 0), RW_OK);
    assert_true(rw_session_cue(session, RW_NS_NEVER, &cue));
    assert_int_equal(cue.type, RW_CUE_CHANGE);
    assert_true(cue.at == now);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

/* Skips or finishes each segment in turn and goes back at random; a run is counted once, if ever.
 */
static void only_runs_that_end_by_themselves_are_counted(void **state)
{
    (void)state;
    struct random_source source = {5};
    for (int round = 0; round < 300; round++) {
        struct rw_profile *profile;
        struct rw_session *session = plain_session(&profile);
        struct rw_session_view view;
        bool done[3] = {false};
        rw_ns now = 0;
        uint32_t told = UINT32_MAX;
        struct rw_cue cue;
        for (int step = 0; step < 40; step++) {
            rw_session_view(session, &view);
            if (view.state == RW_SESSION_DONE) {
                break;
            }
            uint32_t segment = view.position.segment;
            uint32_t choice = random_between(&source, 0, 3);
            if (choice == 0) {
                assert_int_equal(rw_session_skip(session, now), RW_OK);
            } else if (choice == 1 && step < 30) {
                now += RW_NS_PER_SECOND;
                time_pass(session, now);
                assert_int_equal(rw_session_back(session, now), RW_OK);
            } else {
                done[segment / 2] = done[segment / 2] || segment % 2 == 0;
                now = view.segment_end;
            }
            time_pass(session, now);
            while (rw_session_cue(session, RW_NS_NEVER, &cue)) {
                told = cue.words.saying == RW_SAY_DONE ? cue.words.total : told;
            }
        }
        rw_session_view(session, &view);
        assert_int_equal(view.runs_done, (uint32_t)done[0] + done[1] + done[2]);
        if (view.state == RW_SESSION_DONE) {
            assert_int_equal(told, view.runs_done);
        }
        rw_session_destroy(session);
        rw_profile_destroy(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_big_advance_equals_any_splitting_of_it),
        cmocka_unit_test(nothing_overlaps_or_runs_into_a_change),
        cmocka_unit_test(a_dropped_cue_never_makes_room_for_a_less_important_one),
        cmocka_unit_test(time_is_conserved_under_any_edits),
        cmocka_unit_test(a_pause_loses_and_doubles_no_cue),
        cmocka_unit_test(back_restarts_the_step_and_in_its_first_seconds_goes_to_the_previous),
        cmocka_unit_test(shortening_below_the_present_changes_now),
        cmocka_unit_test(an_extended_step_counts_down_to_its_new_end),
        cmocka_unit_test(a_session_never_grows_beyond_a_day),
        cmocka_unit_test(only_runs_that_end_by_themselves_are_counted),
        cmocka_unit_test(skips_while_paused_stay_paused_and_announce_on_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
