/*
 * What is said unasked: seldom enough, at the right moment, never the same, and never in the way.
 */
#include "fake_voice.h"
#include "random_profile.h"
#include "runwalk/core/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define ROUNDS     40
#define HEARD      20000
#define SECONDS    RW_NS_PER_SECOND
#define MINUTES    (60 * RW_NS_PER_SECOND)
#define SAID(name) (1u << RW_SETTING_##name)

/* All cues of a session, with the running time at each. */
struct record {
    size_t count;
    struct {
        struct rw_cue cue;
        rw_ns ran;
    } list[HEARD];
};

static bool is_unasked(const struct rw_cue *cue)
{
    return cue->type >= RW_CUE_DEAD_POINT && cue->type <= RW_CUE_POSTURE;
}

static bool is_heard(const struct rw_cue *cue)
{
    return cue->fate != RW_CUE_DROPPED && cue->type != RW_CUE_CADENCE;
}

static void record_add(struct record *record, const struct rw_profile *profile,
                       const struct rw_cue *cue)
{
    rw_ns ran = 0;
    struct rw_position position;
    for (uint32_t i = 0; i <= cue->segment && rw_timeline_seek(profile, i, &position); i++) {
        rw_ns start = position.start_ms * RW_NS_PER_MS;
        rw_ns length = position.step->duration_ms * RW_NS_PER_MS;
        rw_ns until_cue = cue->at - start < length ? cue->at - start : length;
        ran += position.step->kind == RW_KIND_RUN ? until_cue : 0;
    }
    assert_true(record->count < HEARD);
    record->list[record->count].cue = *cue;
    record->list[record->count++].ran = ran;
}

static struct rw_manner manner_of(enum rw_verbosity verbosity, uint64_t seed)
{
    return (struct rw_manner){
        .seed = seed,
        .configured = {.said = SAID(VERBOSITY), .verbosity = verbosity},
    };
}

static void session_record(const struct rw_profile *profile, const struct rw_manner *manner,
                           struct record *record)
{
    struct rw_session *session;
    struct rw_cue cue;
    record->count = 0;
    assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
    rw_session_set_manner(session, manner);
    while (rw_session_cue(session, RW_NS_NEVER, &cue)) {
        record_add(record, profile, &cue);
    }
    rw_session_destroy(session);
}

/* RUNS times RUN_S of running and WALK_S of walking. */
static struct rw_profile *intervals(uint32_t runs, uint32_t run_s, uint32_t walk_s)
{
    struct rw_step_spec steps[2] = {
        {.kind = RW_KIND_RUN, .duration_ms = run_s * 1000},
        {.kind = RW_KIND_WALK, .duration_ms = walk_s * 1000},
    };
    struct rw_step_spec repeat = {.repeat = runs, .steps = steps, .step_count = 2};
    struct rw_profile_spec spec = {.name = "Intervals", .steps = &repeat, .step_count = 1};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    return profile;
}

static rw_ns rate_of(enum rw_cue_type type, enum rw_verbosity verbosity)
{
    bool is_chatty = verbosity == RW_VERBOSITY_CHATTY;
    switch ((int)type) {
    case RW_CUE_ENCOURAGE:
        return (is_chatty ? 2 : 4) * MINUTES;
    case RW_CUE_BREATHING:
        return (is_chatty ? 6 : 12) * MINUTES;
    case RW_CUE_POSTURE:
        return (is_chatty ? 5 : 10) * MINUTES;
    default:
        return 4 * MINUTES; /* the dead point: a third of its window */
    }
}

/* Everything that must hold of one session. */
static void record_check(const struct record *record, enum rw_verbosity verbosity)
{
    rw_ns room = (verbosity == RW_VERBOSITY_SPARSE ? 500 : 300) * RW_NS_PER_MS;
    rw_ns clearance = (verbosity == RW_VERBOSITY_CHATTY ? 2500 : 4000) * RW_NS_PER_MS;
    rw_ns last_ran[RW_CUE_TYPE_COUNT];
    const struct rw_cue *words = NULL;
    unsigned dead_points = 0;
    for (size_t i = 0; i < RW_CUE_TYPE_COUNT; i++) {
        last_ran[i] = -RW_NS_NEVER / 2;
    }
    for (size_t i = 0; i < record->count; i++) {
        const struct rw_cue *cue = &record->list[i].cue;
        rw_ns ran = record->list[i].ran;
        assert_true((cue->fate == RW_CUE_DROPPED) == (cue->reason != RW_DROP_NONE));
        if (!is_heard(cue)) {
            continue;
        }
        if (rw_cue_type_speaks(cue->type)) {
            bool keeps_away = words && (is_unasked(cue) || is_unasked(words));
            rw_ns quiet = words ? cue->at - words->at - words->length : RW_NS_NEVER;
            assert_true(quiet >= (keeps_away ? clearance : room));
            words = cue;
        }
        if (!is_unasked(cue)) {
            continue;
        }
        assert_true(ran - last_ran[cue->type] >= rate_of(cue->type, verbosity));
        last_ran[cue->type] = ran;
        dead_points += cue->type == RW_CUE_DEAD_POINT;
        if (cue->type == RW_CUE_DEAD_POINT) {
            assert_in_range(ran, 8 * MINUTES, 20 * MINUTES + 10 * SECONDS);
        }
    }
    assert_true(dead_points <= 2);
}

static void what_is_unasked_is_seldom_and_keeps_away_from_other_words(void **state)
{
    (void)state;
    struct random_source source = {2024};
    struct random_profile *random = malloc(sizeof *random);
    struct record *record = malloc(sizeof *record);
    unsigned unasked = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct rw_profile *profile = random_profile_create(&source, random);
        for (int level = RW_VERBOSITY_SPARSE; level <= RW_VERBOSITY_CHATTY; level++) {
            struct rw_manner manner = manner_of((enum rw_verbosity)level, (uint64_t)round);
            session_record(profile, &manner, record);
            record_check(record, (enum rw_verbosity)level);
            for (size_t i = 0; i < record->count; i++) {
                unasked += is_unasked(&record->list[i].cue) && is_heard(&record->list[i].cue);
                assert_false(level == RW_VERBOSITY_SPARSE && is_unasked(&record->list[i].cue));
            }
        }
        rw_profile_destroy(profile);
    }
    assert_true(unasked > 40);
    free(record);
    free(random);
}

static void silent_has_no_words_at_all(void **state)
{
    (void)state;
    struct rw_profile *profile = intervals(10, 60, 30);
    struct record *record = malloc(sizeof *record);
    struct rw_manner manner = manner_of(RW_VERBOSITY_SILENT, 1);
    session_record(profile, &manner, record);
    for (size_t i = 0; i < record->count; i++) {
        assert_false(rw_cue_type_speaks(record->list[i].cue.type));
    }
    assert_true(record->count >= 21); /* the tones are there */
    free(record);
    rw_profile_destroy(profile);
}

static void no_phrase_comes_again_while_it_is_in_the_ear(void **state)
{
    (void)state;
    struct record *record = malloc(sizeof *record);
    struct rw_profile *profile = intervals(80, 60, 30);
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct rw_manner manner = manner_of(RW_VERBOSITY_CHATTY, seed);
        session_record(profile, &manner, record);
        for (size_t i = 0; i < record->count; i++) {
            const struct rw_cue *cue = &record->list[i].cue;
            for (size_t k = 0; k < i && is_unasked(cue) && is_heard(cue); k++) {
                const struct rw_cue *before = &record->list[k].cue;
                bool is_same = is_heard(before) && before->type == cue->type &&
                               before->words.number == cue->words.number;
                assert_false(is_same && cue->at - before->at < 20 * MINUTES);
            }
        }
    }
    free(record);
    rw_profile_destroy(profile);
}

static void time_pass(struct rw_session *session, rw_ns until)
{
    struct rw_event event;
    while (rw_session_advance(session, until, &event)) {
    }
}

static void every_phrase_is_used_before_one_comes_again(void **state)
{
    (void)state;
    struct record *record = malloc(sizeof *record);
    struct rw_profile *profile = intervals(150, 60, 30);
    struct rw_manner manner = manner_of(RW_VERBOSITY_CHATTY, 9);
    unsigned uses[TALKING_PHRASES + 1] = {0};
    unsigned repeated = 0;
    session_record(profile, &manner, record);
    for (size_t i = 0; i < record->count; i++) {
        const struct rw_cue *cue = &record->list[i].cue;
        bool fits_always = cue->words.number % 4 != 0;
        if (cue->type != RW_CUE_ENCOURAGE || !is_heard(cue) || !fits_always) {
            continue;
        }
        for (uint32_t other = 1; other <= TALKING_PHRASES && uses[cue->words.number] > 0; other++) {
            assert_true(other % 4 == 0 || uses[other] >= uses[cue->words.number]);
        }
        repeated += uses[cue->words.number]++ > 0;
    }
    assert_true(repeated > 3);
    free(record);
    rw_profile_destroy(profile);
}

static void what_was_only_sent_ahead_is_taken_back_by_an_edit(void **state)
{
    (void)state;
    struct rw_profile *profile = intervals(40, 120, 30);
    struct record *record = malloc(sizeof *record);
    struct rw_manner manner = manner_of(RW_VERBOSITY_CHATTY, 5);
    struct rw_session *session;
    struct rw_cue cue;
    rw_ns applied;
    rw_ns now = 10 * MINUTES + 500 * RW_NS_PER_MS;
    session_record(profile, &manner, record);
    assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
    rw_session_set_manner(session, &manner);
    while (rw_session_cue(session, 40 * MINUTES, &cue)) {
    }
    time_pass(session, now);
    assert_int_equal(rw_session_extend(session, 0, now, 0, &applied), RW_OK);
    for (size_t i = 0; i < record->count; i++) {
        const struct rw_cue *wanted = &record->list[i].cue;
        if (!is_unasked(wanted) || wanted->at <= now) {
            continue;
        }
        do {
            assert_true(rw_session_cue(session, RW_NS_NEVER, &cue));
        } while (!is_unasked(&cue));
        assert_true(cue.at == wanted->at);
        assert_int_equal(cue.words.number, wanted->words.number);
    }
    rw_session_destroy(session);
    free(record);
    rw_profile_destroy(profile);
}

static void the_same_seed_gives_the_same_session_and_another_one_another(void **state)
{
    (void)state;
    struct record *a = malloc(sizeof *a);
    struct record *b = malloc(sizeof *b);
    struct rw_profile *profile = intervals(40, 60, 30);
    unsigned different = 0;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct rw_manner manner = manner_of(RW_VERBOSITY_NORMAL, seed);
        session_record(profile, &manner, a);
        session_record(profile, &manner, b);
        assert_int_equal(a->count, b->count);
        for (size_t i = 0; i < a->count; i++) {
            assert_true(a->list[i].cue.at == b->list[i].cue.at);
            assert_int_equal(a->list[i].cue.words.number, b->list[i].cue.words.number);
        }
        manner.seed += 100;
        session_record(profile, &manner, b);
        bool is_alike = a->count == b->count;
        for (size_t i = 0; is_alike && i < a->count; i++) {
            is_alike = a->list[i].cue.at == b->list[i].cue.at;
        }
        different += !is_alike;
    }
    assert_int_equal(different, 10);
    free(a);
    free(b);
    rw_profile_destroy(profile);
}

static void the_dead_point_is_for_long_runs_only(void **state)
{
    (void)state;
    struct record *record = malloc(sizeof *record);
    struct rw_profile *shorter = intervals(20, 179, 30);
    struct rw_profile *longer = intervals(20, 180, 30);
    struct rw_manner manner = manner_of(RW_VERBOSITY_NORMAL, 3);
    unsigned count = 0;
    session_record(shorter, &manner, record);
    for (size_t i = 0; i < record->count; i++) {
        assert_int_not_equal(record->list[i].cue.type, RW_CUE_DEAD_POINT);
    }
    session_record(longer, &manner, record);
    for (size_t i = 0; i < record->count; i++) {
        count += record->list[i].cue.type == RW_CUE_DEAD_POINT && is_heard(&record->list[i].cue);
    }
    assert_int_equal(count, 2);
    manner.configured.said |= SAID(DEAD_POINT); /* off */
    session_record(longer, &manner, record);
    for (size_t i = 0; i < record->count; i++) {
        assert_int_not_equal(record->list[i].cue.type, RW_CUE_DEAD_POINT);
    }
    free(record);
    rw_profile_destroy(shorter);
    rw_profile_destroy(longer);
}

/* Edits take back what has not begun, and nothing else: what was heard is not heard again. */
static void edits_lose_nothing_of_what_was_said(void **state)
{
    (void)state;
    struct rw_profile *profile = intervals(40, 120, 30);
    struct random_source source = {12};
    for (int round = 0; round < 20; round++) {
        struct rw_session *session;
        struct rw_cue cue;
        rw_ns last[RW_CUE_TYPE_COUNT][TALKING_PHRASES + 1] = {{0}};
        rw_ns encouraged_at = -RW_NS_NEVER / 2;
        rw_ns applied;
        struct rw_manner manner = manner_of(RW_VERBOSITY_CHATTY, (uint64_t)round);
        assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
        rw_session_set_manner(session, &manner);
        for (rw_ns now = 0; now < 90 * MINUTES; now += 7 * SECONDS) {
            time_pass(session, now);
            while (rw_session_cue(session, now, &cue)) { /* what has begun is heard */
                if (!is_unasked(&cue) || !is_heard(&cue)) {
                    continue;
                }
                rw_ns *before = &last[cue.type][cue.words.number];
                assert_true(*before == 0 || cue.at - *before >= 20 * MINUTES);
                *before = cue.at;
                if (cue.type == RW_CUE_ENCOURAGE) {
                    assert_true(cue.at - encouraged_at >= 2 * MINUTES);
                    encouraged_at = cue.at;
                }
            }
            while (rw_session_cue(session, now + 6 * SECONDS, &cue)) {
            } /* sent ahead, and taken back by the edit */
            rw_ns delta = (rw_ns)random_between(&source, 0, 4) * SECONDS;
            enum rw_status status = rw_session_extend(session, delta, now, 0, &applied);
            assert_true(status == RW_OK || status == RW_ESTATE);
        }
        rw_session_destroy(session);
    }
    rw_profile_destroy(profile);
}

static void quiet_keeps_words_away_and_leaves_the_tones(void **state)
{
    (void)state;
    struct rw_profile *profile = intervals(20, 60, 30);
    struct rw_session *session;
    struct rw_cue cue;
    rw_ns applied;
    rw_ns until = 10 * MINUTES;
    unsigned dropped = 0;
    unsigned tones = 0;
    assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
    time_pass(session, SECONDS);
    rw_session_set_quiet(session, until);
    assert_int_equal(rw_session_extend(session, 0, SECONDS, 0, &applied), RW_OK);
    while (rw_session_cue(session, until - 1, &cue)) {
        assert_false(rw_cue_type_speaks(cue.type) && is_heard(&cue));
        dropped += cue.reason == RW_DROP_QUIET;
        tones += cue.type == RW_CUE_CHANGE;
    }
    assert_true(dropped > 10);
    assert_true(tones > 10);
    assert_true(rw_session_cue(session, RW_NS_NEVER, &cue));
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void what_is_asked_for_stands_for_what_would_come_unasked(void **state)
{
    (void)state;
    struct rw_profile *profile = intervals(1, 3600, 30);
    struct rw_session *session;
    struct rw_cue cue;
    rw_ns applied;
    rw_ns asked = 60 * SECONDS;
    assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
    time_pass(session, asked);
    uint32_t first = rw_session_phrase(session, RW_SAY_REASSURE, RW_NS_NEVER);
    uint32_t second = rw_session_phrase(session, RW_SAY_REASSURE, RW_NS_NEVER);
    assert_in_range(first, 1, TALKING_PHRASES);
    assert_in_range(second, 1, TALKING_PHRASES);
    assert_int_not_equal(first, second);
    assert_int_equal(rw_session_extend(session, 0, asked, 2 * SECONDS, &applied), RW_OK);
    while (rw_session_cue(session, asked + 4 * MINUTES - 1, &cue)) {
        assert_int_not_equal(cue.type, RW_CUE_ENCOURAGE);
    }
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void clicks_fill_each_run_and_begin_anew_after_a_pause(void **state)
{
    (void)state;
    struct rw_profile *profile = intervals(3, 60, 30);
    struct rw_session *session;
    struct rw_cue cue;
    struct rw_manner manner = {
        .live = {.said = SAID(CADENCE), .cadence = 170},
    };
    unsigned spans = 0;
    assert_int_equal(rw_session_create(profile, talking_measure, &session), RW_OK);
    rw_session_set_manner(session, &manner);
    time_pass(session, 20 * SECONDS);
    assert_int_equal(rw_session_pause(session), RW_OK);
    assert_int_equal(rw_session_resume(session, 21 * SECONDS, 0), RW_OK);
    while (rw_session_cue(session, RW_NS_NEVER, &cue)) {
        if (cue.type == RW_CUE_CADENCE) {
            rw_ns start = (rw_ns)spans * 90 * SECONDS;
            assert_int_equal(cue.words.number, 170000);
            assert_true(cue.at == (spans == 0 ? 21 * SECONDS : start));
            assert_true(cue.at + cue.length == start + 60 * SECONDS);
            spans++;
        }
    }
    assert_int_equal(spans, 3);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unasked_is_seldom_and_keeps_away_from_other_words),
        cmocka_unit_test(silent_has_no_words_at_all),
        cmocka_unit_test(no_phrase_comes_again_while_it_is_in_the_ear),
        cmocka_unit_test(every_phrase_is_used_before_one_comes_again),
        cmocka_unit_test(what_was_only_sent_ahead_is_taken_back_by_an_edit),
        cmocka_unit_test(the_same_seed_gives_the_same_session_and_another_one_another),
        cmocka_unit_test(the_dead_point_is_for_long_runs_only),
        cmocka_unit_test(edits_lose_nothing_of_what_was_said),
        cmocka_unit_test(quiet_keeps_words_away_and_leaves_the_tones),
        cmocka_unit_test(what_is_asked_for_stands_for_what_would_come_unasked),
        cmocka_unit_test(clicks_fill_each_run_and_begin_anew_after_a_pause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
