/*
 * The status as JSON, against sessions in every state.
 */
#include "status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

static rw_ns no_length(void *context, const struct rw_words *words)
{
    (void)context;
    (void)words;
    return RW_NS_PER_SECOND / 2;
}

static const struct rw_measure measure = {.length = no_length};

static struct rw_profile *profile_make(uint32_t repeats)
{
    struct rw_step_spec steps[2] = {
        {.kind = RW_KIND_RUN, .duration_ms = 10000, .cues = &rw_cue_settings_default},
        {.kind = RW_KIND_WALK, .duration_ms = 5000, .cues = &rw_cue_settings_default},
    };
    struct rw_step_spec repeat = {.repeat = repeats, .steps = steps, .step_count = 2};
    struct rw_profile_spec spec = {.name = "Status", .steps = &repeat, .step_count = 1};
    struct rw_profile *profile;
    assert_int_equal(rw_profile_create(&spec, &profile), RW_OK);
    return profile;
}

static void time_pass(struct rw_session *session, rw_ns until)
{
    struct rw_event event;
    while (rw_session_advance(session, until, &event)) {
    }
}

/* The status of SESSION in STATE, with blocks; NULL: not yet begun. */
static json_t *status_of(const struct rw_profile *profile, const struct rw_session *session,
                         enum rw_coach_state state)
{
    struct rw_status_source source = {.path = "/p.yaml", .blocks = true};
    source.coach.state = state;
    source.coach.profile = profile;
    source.coach.now = SECONDS(5000);
    source.coach.origin = SECONDS(4000);
    if (session) {
        rw_session_view(session, &source.coach.session);
        source.coach.now = source.coach.origin + source.coach.session.now;
    }
    json_t *status = rw_status_json(&source);
    assert_non_null(status);
    return status;
}

/* Blocks touch one another, begin at 0 and end where the session ends. */
static void blocks_check(const json_t *status, json_int_t end_ms)
{
    const json_t *blocks = json_object_get(status, "blocks");
    json_int_t at = 0;
    assert_true(json_array_size(blocks) > 0);
    assert_true(json_array_size(blocks) <= RW_BLOCKS_MAX);
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const json_t *block = json_array_get(blocks, i);
        assert_int_equal(json_integer_value(json_object_get(block, "start_ms")), at);
        json_int_t duration = json_integer_value(json_object_get(block, "duration_ms"));
        assert_true(duration >= 0);
        at += duration;
    }
    assert_int_equal(at, end_ms);
}

static void a_chosen_profile_shows_its_whole_course(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_make(3);
    json_t *status = status_of(profile, NULL, RW_COACH_CHOSEN);
    blocks_check(status, 45000);
    assert_true(json_is_null(json_object_get(status, "segment")));
    assert_true(json_is_null(json_object_get(status, "session_ms")));
    json_decref(status);
    rw_profile_destroy(profile);
}

static void a_running_session_tells_its_place(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_make(3);
    struct rw_session *session;
    assert_int_equal(rw_session_create(profile, measure, &session), RW_OK);
    time_pass(session, SECONDS(17));
    json_t *status = status_of(profile, session, RW_COACH_RUNNING);
    const json_t *segment = json_object_get(status, "segment");
    assert_string_equal(json_string_value(json_object_get(segment, "kind")), "run");
    assert_int_equal(json_integer_value(json_object_get(segment, "run")), 2);
    assert_int_equal(json_integer_value(json_object_get(segment, "start_ms")), 15000);
    assert_int_equal(json_integer_value(json_object_get(segment, "end_ms")), 25000);
    assert_int_equal(json_integer_value(json_object_get(status, "session_ms")), 17000);
    assert_int_equal(json_integer_value(json_object_get(status, "end_ms")), 45000);
    blocks_check(status, 45000);
    json_decref(status);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void blocks_follow_what_commands_have_made_of_the_session(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_make(3);
    struct rw_session *session;
    rw_ns applied;
    assert_int_equal(rw_session_create(profile, measure, &session), RW_OK);
    time_pass(session, SECONDS(4));
    assert_int_equal(rw_session_skip(session, SECONDS(4)), RW_OK);
    time_pass(session, SECONDS(5));
    assert_int_equal(rw_session_extend(session, SECONDS(30), SECONDS(5), 0, &applied), RW_OK);
    json_t *status = status_of(profile, session, RW_COACH_RUNNING);
    blocks_check(status, 45000 - 6000 + 30000);
    json_decref(status);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void a_long_session_is_sampled_into_bounded_blocks(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_make(5000);
    struct rw_session *session;
    assert_int_equal(rw_session_create(profile, measure, &session), RW_OK);
    for (rw_ns now = 0; now < SECONDS(75000); now += SECONDS(7777)) {
        time_pass(session, now);
        json_t *status = status_of(profile, session, RW_COACH_RUNNING);
        blocks_check(status, 75000000);
        json_decref(status);
    }
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void a_stopped_session_tells_how_long_it_was(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_make(3);
    struct rw_session *session;
    assert_int_equal(rw_session_create(profile, measure, &session), RW_OK);
    time_pass(session, SECONDS(12));
    assert_int_equal(rw_session_stop(session), RW_OK);
    json_t *status = status_of(profile, session, RW_COACH_STOPPED);
    assert_int_equal(json_integer_value(json_object_get(status, "session_ms")), 12000);
    assert_true(json_is_null(json_object_get(status, "segment")));
    json_decref(status);
    rw_session_destroy(session);
    rw_profile_destroy(profile);
}

static void a_path_that_is_not_utf_8_does_not_silence_the_status(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_make(1);
    json_t *told = rw_status_profile_json(profile, "/caf\xe9.yaml");
    assert_string_equal(json_string_value(json_object_get(told, "path")), "/caf?.yaml");
    json_decref(told);
    rw_profile_destroy(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chosen_profile_shows_its_whole_course),
        cmocka_unit_test(a_running_session_tells_its_place),
        cmocka_unit_test(blocks_follow_what_commands_have_made_of_the_session),
        cmocka_unit_test(a_long_session_is_sampled_into_bounded_blocks),
        cmocka_unit_test(a_stopped_session_tells_how_long_it_was),
        cmocka_unit_test(a_path_that_is_not_utf_8_does_not_silence_the_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
