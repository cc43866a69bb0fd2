#include "watch_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, 0, &error);
    if (!json) {
        print_error("%s: %s\n", error.text, text);
    }
    assert_non_null(json);
    return json;
}

static void status_take(struct rw_watch_state *state, const char *text)
{
    json_t *status = parse(text);
    rw_watch_take_status(state, status);
    json_decref(status);
}

static bool event_take(struct rw_watch_state *state, const char *text)
{
    json_t *event = parse(text);
    bool wants_blocks = rw_watch_take_event(state, event);
    json_decref(event);
    return wants_blocks;
}

static const char running[] =
    "{\"state\":\"running\",\"boot_ms\":900000,\"profile\":{\"name\":\"Tuesday\",\"path\":\"/t\","
    "\"summary\":\"Easy\",\"duration_ms\":1440000,\"segments\":14,\"runs\":6},"
    "\"session_ms\":100000,\"origin_boot_ms\":800000,\"paused_boot_ms\":null,"
    "\"segment\":{\"index\":1,\"kind\":\"run\",\"side\":null,\"name\":\"Hill\","
    "\"duration_ms\":60000,\"start_ms\":90000,\"end_ms\":150000,\"reps\":[[1,2],[3,8]],\"run\":2},"
    "\"next\":{\"kind\":\"exercise\",\"side\":\"right\",\"name\":\"Plank\",\"duration_ms\":20000,"
    "\"run\":null},\"end_ms\":1450000,\"blocks\":[{\"kind\":\"warmup\",\"start_ms\":0,"
    "\"duration_ms\":90000},{\"kind\":\"run\",\"start_ms\":90000,\"duration_ms\":60000}],"
    "\"output\":{\"state\":\"ready\",\"device\":\"Headphones\",\"problem\":\"\"},"
    "\"volume_db\":-3.5}";

static void a_status_tells_all(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_LOST};
    status_take(&state, running);
    assert_int_equal(state.phase, RW_WATCH_RUNNING);
    assert_string_equal(state.profile, "Tuesday");
    assert_int_equal(state.runs, 6);
    assert_int_equal(state.origin_boot_ms, 800000);
    assert_int_equal(state.end_ms, 1450000);
    assert_true(state.current.is_known);
    assert_int_equal(state.current.kind, RW_KIND_RUN);
    assert_int_equal(state.current.run, 2);
    assert_int_equal(state.current.end_ms, 150000);
    assert_int_equal(state.current.depth, 2);
    assert_int_equal(state.current.reps[1].number, 3);
    assert_int_equal(state.next.side, RW_SIDE_RIGHT);
    assert_string_equal(state.next.name, "Plank");
    assert_int_equal(state.block_count, 2);
    assert_string_equal(state.device, "Headphones");
    assert_float_equal(state.volume_db, -3.5, 1e-9);
}

static void names_cannot_command_the_terminal(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    status_take(&state, "{\"state\":\"chosen\",\"profile\":{\"name\":\"a\\u001b[31mb\\u009bc\"},"
                        "\"output\":{\"problem\":\"x\\u0007y\\u202ez\"}}");
    assert_string_equal(state.profile, "a[31mbc");
    assert_string_equal(state.problem, "xyz");
}

static void a_stranger_is_shown_as_well_as_can_be(void **context)
{
    (void)context;
    static const char *const strange[] = {
        "{}",
        "[]",
        "null",
        "{\"state\":5,\"profile\":[],\"segment\":\"run\",\"next\":7,\"blocks\":{},\"output\":1}",
        "{\"state\":\"flying\",\"segment\":{\"kind\":\"swim\"},\"volume_db\":\"loud\"}",
        "{\"state\":\"running\",\"segment\":{\"kind\":\"run\",\"run\":-1,\"reps\":[1,[2],[3,4,5]]},"
        "\"blocks\":[1,{},{\"kind\":\"run\"}]}",
        "{\"state\":\"running\",\"segment\":{\"kind\":\"run\",\"reps\":[[1,1],[1,1],[1,1],[1,1],"
        "[1,1],[1,1],[1,1],[1,1],[1,1]]}}",
        "{\"state\":\"running\",\"origin_boot_ms\":1e300,\"end_ms\":-1e300}",
    };
    for (size_t i = 0; i < RW_COUNT(strange); i++) {
        struct rw_watch_state state = {.phase = RW_WATCH_LOST};
        json_t *status = json_loads(strange[i], JSON_DECODE_ANY, NULL);
        rw_watch_take_status(&state, status);
        json_decref(status);
        assert_true(state.current.depth <= RW_REPEAT_DEPTH_MAX);
        assert_true(state.block_count <= RW_WATCH_BLOCKS_MAX);
        char line[256];
        rw_watch_line(&state, 12345, line, sizeof line);
    }
}

static void blocks_are_bounded(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    json_t *blocks = json_array();
    for (int i = 0; i < RW_WATCH_BLOCKS_MAX + 100; i++) {
        json_array_append_new(
            blocks, json_pack("{s:s, s:i, s:i}", "kind", "run", "start_ms", i, "duration_ms", 1));
    }
    json_t *status = json_pack("{s:s, s:o}", "state", "running", "blocks", blocks);
    rw_watch_take_status(&state, status);
    json_decref(status);
    assert_int_equal(state.block_count, RW_WATCH_BLOCKS_MAX);
}

static void blocks_stay_until_there_are_new_ones_or_another_profile(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    status_take(&state, running);
    status_take(&state, "{\"state\":\"paused\",\"profile\":{\"name\":\"Tuesday\"}}");
    assert_int_equal(state.block_count, 2);
    status_take(&state, "{\"state\":\"chosen\",\"profile\":{\"name\":\"Friday\"}}");
    assert_int_equal(state.block_count, 0);
}

static void a_new_segment_arrives_as_an_event(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    status_take(&state, running);
    bool wants_blocks = event_take(
        &state,
        "{\"seq\":1,\"event\":\"segment\",\"segment\":{\"kind\":\"walk\",\"start_ms\":150000,"
        "\"end_ms\":240000,\"duration_ms\":90000},\"next\":null,\"end_ms\":1460000}");
    assert_false(wants_blocks);
    assert_int_equal(state.current.kind, RW_KIND_WALK);
    assert_false(state.next.is_known);
    assert_int_equal(state.end_ms, 1460000);
}

static void an_edit_asks_for_the_course_anew(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    assert_true(event_take(&state, "{\"event\":\"state\",\"status\":{\"state\":\"running\"}}"));
    assert_false(event_take(
        &state, "{\"event\":\"state\",\"status\":{\"state\":\"running\",\"blocks\":[]}}"));
    assert_false(event_take(&state, "{\"event\":\"state\",\"status\":{\"state\":\"done\"}}"));
    assert_false(event_take(&state, "{\"event\":\"tea\"}"));
    assert_false(event_take(&state, "{}"));
}

static void volume_output_and_profile_have_events_of_their_own(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    status_take(&state, running);
    event_take(&state, "{\"event\":\"volume\",\"volume_db\":2}");
    assert_float_equal(state.volume_db, 2, 1e-9);
    event_take(&state, "{\"event\":\"output\",\"output\":{\"device\":\"\",\"problem\":\"gone\"}}");
    assert_string_equal(state.problem, "gone");
    event_take(&state, "{\"event\":\"profile\",\"profile\":{\"name\":\"Friday\",\"runs\":3}}");
    assert_string_equal(state.profile, "Friday");
    assert_int_equal(state.runs, 3);
}

static void a_run_that_is_over_shows_where_it_ended(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    char line[256];
    status_take(&state, running);
    status_take(&state, "{\"state\":\"stopped\",\"boot_ms\":920000,\"session_ms\":null,"
                        "\"end_ms\":null,\"profile\":{\"name\":\"Tuesday\"}}");
    rw_watch_line(&state, 990000, line, sizeof line);
    assert_string_equal(line, "2:00  Stopped");

    status_take(&state, running);
    status_take(&state, "{\"state\":\"done\",\"boot_ms\":2250000,\"session_ms\":null,"
                        "\"end_ms\":null,\"profile\":{\"name\":\"Tuesday\",\"runs\":6}}");
    rw_watch_line(&state, 2300000, line, sizeof line);
    assert_string_equal(line, "24:10  Done: 6 runs");

    status_take(&state, "{\"state\":\"done\",\"boot_ms\":2250000,\"runs_done\":2,"
                        "\"profile\":{\"name\":\"Tuesday\",\"runs\":6}}");
    rw_watch_line(&state, 2300000, line, sizeof line);
    assert_string_equal(line, "24:10  Done: 2 runs");
}

static void an_output_without_sound_is_called_so(void **context)
{
    (void)context;
    struct rw_watch_state state = {.phase = RW_WATCH_IDLE};
    status_take(&state, "{\"state\":\"idle\",\"output\":{\"device\":\"null\"}}");
    assert_string_equal(state.device, "no sound");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_tells_all),
        cmocka_unit_test(names_cannot_command_the_terminal),
        cmocka_unit_test(a_stranger_is_shown_as_well_as_can_be),
        cmocka_unit_test(blocks_are_bounded),
        cmocka_unit_test(blocks_stay_until_there_are_new_ones_or_another_profile),
        cmocka_unit_test(a_new_segment_arrives_as_an_event),
        cmocka_unit_test(an_edit_asks_for_the_course_anew),
        cmocka_unit_test(volume_output_and_profile_have_events_of_their_own),
        cmocka_unit_test(a_run_that_is_over_shows_where_it_ended),
        cmocka_unit_test(an_output_without_sound_is_called_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
