#include "guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE_MS 60000

struct heard {
    unsigned count;
    char last[64];
};

static void take(void *context, json_t *told)
{
    struct heard *heard = context;
    const char *word = json_string_value(json_object_get(told, "word"));
    heard->count++;
    snprintf(heard->last, sizeof heard->last, "%s", word ? word : "");
}

/* Runs WORK in a child and returns what it comes to; *ret_said is what was said on the way. */
static enum rw_exit guarded(rw_guard_work work, int timeout_ms, struct heard *heard,
                            char **ret_said)
{
    size_t size;
    struct rw_verb verb = {.name = "test"};
    struct rw_invocation invocation = {.verb = &verb, .err = open_memstream(ret_said, &size)};
    struct rw_guard guard;
    *heard = (struct heard){.count = 0};
    assert_int_equal(rw_guard_start(work, NULL, &guard), RW_OK);
    pid_t child = guard.child;
    enum rw_exit exit = rw_guard_listen(&guard, &invocation, timeout_ms, take, heard);
    rw_guard_finish(&guard);
    assert_int_equal(kill(child, 0), -1); /* it is gone */
    fclose(invocation.err);
    return exit;
}

static void talk(void *context, int descriptor)
{
    (void)context;
    for (int i = 0; i < 1000; i++) {
        rw_guard_tell(descriptor, json_pack("{s:s}", "word", i == 999 ? "last" : "word"));
    }
    rw_guard_tell_end(descriptor);
}

static void complain(void *context, int descriptor)
{
    (void)context;
    rw_guard_tell_problem(descriptor, "no device");
    pause();
}

static void hang(void *context, int descriptor)
{
    (void)context;
    rw_guard_tell(descriptor, json_pack("{s:s}", "word", "begun"));
    signal(SIGTERM, SIG_IGN);
    for (;;) {
        pause();
    }
}

static void die(void *context, int descriptor)
{
    (void)context;
    (void)descriptor;
    raise(SIGKILL);
}

static void babble(void *context, int descriptor)
{
    (void)context;
    dprintf(descriptor, "this is no JSON\n");
    pause();
}

static void babble_without_end(void *context, int descriptor)
{
    (void)context;
    while (dprintf(descriptor, "%s", "for ever and ever and ever ") > 0) {
    }
}

static void everything_told_is_heard_in_order(void **state)
{
    (void)state;
    struct heard heard;
    char *said;
    assert_int_equal(guarded(talk, PATIENCE_MS, &heard, &said), RW_EXIT_OK);
    assert_int_equal(heard.count, 1000);
    assert_string_equal(heard.last, "last");
    assert_string_equal(said, "");
    free(said);
}

static void a_problem_is_told_to_the_person(void **state)
{
    (void)state;
    struct heard heard;
    char *said;
    assert_int_equal(guarded(complain, PATIENCE_MS, &heard, &said), RW_EXIT_IO);
    assert_string_equal(said, "runwalk test: error: no device\n");
    free(said);
}

static void a_child_that_hangs_is_given_up(void **state)
{
    (void)state;
    struct heard heard;
    char *said;
    assert_int_equal(guarded(hang, 2000, &heard, &said), RW_EXIT_TIMEOUT);
    assert_string_equal(heard.last, "begun");
    free(said);
}

static void a_child_that_dies_or_babbles_is_a_failure(void **state)
{
    (void)state;
    static const rw_guard_work works[] = {die, babble, babble_without_end};
    for (size_t i = 0; i < RW_COUNT(works); i++) {
        struct heard heard;
        char *said;
        assert_int_equal(guarded(works[i], PATIENCE_MS, &heard, &said), RW_EXIT_IO);
        assert_int_equal(heard.count, 0);
        free(said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_told_is_heard_in_order),
        cmocka_unit_test(a_problem_is_told_to_the_person),
        cmocka_unit_test(a_child_that_hangs_is_given_up),
        cmocka_unit_test(a_child_that_dies_or_babbles_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
