/*
 * Messages between player and ducker, the sound ones and the others; which role policies lower
 * music by themselves; which volumes are alike.
 */
#include "policy.h"
#include "runwalk/wire/duck.h"
#include "streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

static void make_pair(int pair[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
}

static void a_message_arrives_as_it_was_sent(void **state)
{
    (void)state;
    int pair[2];
    struct rw_duck_message sent = {
        .type = RW_DUCK_PLAN,
        .plan = {.count = 2, .spans = {{1, 2}, {3, 4}}},
    };
    struct rw_duck_message got;
    make_pair(pair);
    assert_int_equal(rw_duck_receive(pair[1], &got), RW_ENOENT);
    assert_int_equal(rw_duck_send(pair[0], &sent), RW_OK);
    assert_int_equal(rw_duck_receive(pair[1], &got), RW_OK);
    assert_memory_equal(&got, &sent, sizeof got);
    close(pair[0]);
    assert_int_equal(rw_duck_receive(pair[1], &got), RW_EIO);
    assert_int_equal(rw_duck_send(pair[1], &sent), RW_EIO);
    close(pair[1]);
}

static void a_peer_that_does_not_read_blocks_nobody(void **state)
{
    (void)state;
    int pair[2];
    struct rw_duck_message message = {.type = RW_DUCK_MODE, .mode = RW_DUCK_LOWER};
    enum rw_status status = RW_OK;
    make_pair(pair);
    for (int i = 0; i < 100000 && status == RW_OK; i++) {
        status = rw_duck_send(pair[0], &message);
    }
    assert_int_equal(status, RW_EFULL);
    close(pair[0]);
    close(pair[1]);
}

static void what_is_malformed_is_refused(void **state)
{
    (void)state;
    struct rw_duck_message malformed[] = {
        {.type = 0},
        {.type = RW_DUCK_NOTE + 1},
        {.type = RW_DUCK_MODE, .mode = RW_DUCK_PAUSE + 1},
        {.type = RW_DUCK_PLAN, .plan = {.count = RW_DUCK_SPANS_MAX + 1}},
        {.type = RW_DUCK_PLAN, .plan = {.count = 1, .spans = {{-1, 2}}}},
        {.type = RW_DUCK_PLAN, .plan = {.count = 1, .spans = {{2, 2}}}},
        {.type = RW_DUCK_PLAN, .plan = {.count = 2, .spans = {{1, 5}, {4, 6}}}},
        {.type = RW_DUCK_OWED, .debt = {.kind = RW_DUCK_PLAYER + 1}},
        {.type = RW_DUCK_OWED, .debt = {.channels = RW_DUCK_CHANNELS_MAX + 1}},
    };
    int pair[2];
    make_pair(pair);
    for (size_t i = 0; i < RW_COUNT(malformed); i++) {
        struct rw_duck_message got;
        assert_int_equal(rw_duck_send(pair[0], &malformed[i]), RW_OK);
        assert_int_equal(rw_duck_receive(pair[1], &got), RW_EINVALID);
    }
    struct rw_duck_message message = {.type = RW_DUCK_MODE}, got;
    message.version = RW_DUCK_VERSION + 1;
    assert_true(send(pair[0], &message, sizeof message, 0) > 0);
    assert_int_equal(rw_duck_receive(pair[1], &got), RW_EINVALID);
    message.version = RW_DUCK_VERSION;
    assert_true(send(pair[0], &message, sizeof message - 1, 0) > 0);
    assert_int_equal(rw_duck_receive(pair[1], &got), RW_EINVALID);
    close(pair[0]);
    close(pair[1]);
}

static void a_text_without_an_end_gets_one(void **state)
{
    (void)state;
    struct rw_duck_message message = {.version = RW_DUCK_VERSION, .type = RW_DUCK_SINK};
    memset(message.sink.name, 'x', sizeof message.sink.name);
    assert_true(rw_duck_is_sound(&message));
    assert_int_equal(strlen(message.sink.name), RW_DUCK_NAME_MAX - 1);
}

static void streams_and_players_are_told_apart(void **state)
{
    (void)state;
    struct rw_duck_debt stream = {.kind = RW_DUCK_STREAM, .server = 1, .index = 7};
    struct rw_duck_debt other_life = {.kind = RW_DUCK_STREAM, .server = 2, .index = 7};
    struct rw_duck_debt player = {.kind = RW_DUCK_PLAYER, .name = ":1.7"};
    struct rw_duck_debt other_player = {.kind = RW_DUCK_PLAYER, .name = ":1.8"};
    assert_true(rw_duck_is_same_debt(&stream, &stream));
    assert_true(rw_duck_is_same_debt(&player, &player));
    assert_false(rw_duck_is_same_debt(&stream, &other_life));
    assert_false(rw_duck_is_same_debt(&player, &other_player));
    assert_false(rw_duck_is_same_debt(&player, &stream));
}

static void a_role_policy_for_announcements_is_recognised(void **state)
{
    (void)state;
    static const char ducking[] = "module-role-ducking", cork[] = "module-role-cork";
    assert_true(rw_policy_announces(ducking, "trigger_roles=announce"));
    assert_true(rw_policy_announces(cork, "cork_roles=music trigger_roles=phone,announce"));
    assert_true(rw_policy_announces(ducking, "trigger_roles=phone/announce volume=-20dB"));
    assert_true(rw_policy_announces(ducking, "trigger_roles=\"announce\" global=1"));
    assert_true(rw_policy_announces(ducking, "trigger_roles=any_role"));
    assert_false(rw_policy_announces(ducking, NULL));
    assert_false(rw_policy_announces(ducking, ""));
    assert_false(rw_policy_announces(ducking, "trigger_roles="));
    assert_false(rw_policy_announces(ducking, "trigger_roles=phone ducking_roles=announce"));
    assert_false(rw_policy_announces(ducking, "trigger_roles=announcements"));
    assert_false(rw_policy_announces("module-null-sink", "trigger_roles=announce"));
    assert_false(rw_policy_announces(NULL, NULL));
}

static void a_volume_is_recognised_in_spite_of_rounding(void **state)
{
    (void)state;
    pa_cvolume a = {.channels = 2, .values = {50000, 50000}};
    pa_cvolume rounded = {.channels = 2, .values = {50001, 49999}};
    pa_cvolume changed = {.channels = 2, .values = {50000, 52000}};
    pa_cvolume mono = {.channels = 1, .values = {50000}};
    assert_true(rw_streams_are_alike(&a, &rounded));
    assert_false(rw_streams_are_alike(&a, &changed));
    assert_false(rw_streams_are_alike(&a, &mono));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_as_it_was_sent),
        cmocka_unit_test(a_peer_that_does_not_read_blocks_nobody),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(a_text_without_an_end_gets_one),
        cmocka_unit_test(streams_and_players_are_told_apart),
        cmocka_unit_test(a_role_policy_for_announcements_is_recognised),
        cmocka_unit_test(a_volume_is_recognised_in_spite_of_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
