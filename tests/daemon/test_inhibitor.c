/*
 * The inhibitor against programs that stand for runwalk-inhibit: scripts that refuse, hang or
 * die. The true one, with a bus, is tested with the whole daemon.
 */
#include "inhibitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct bench {
    char folder[64];
    char program[96];
    uv_loop_t loop;
    struct rw_inhibitor *inhibitor;
    unsigned changes;
    bool is_closed;
};

static void changed(void *context)
{
    struct bench *bench = context;
    bench->changes++;
}

static void closed(void *context)
{
    struct bench *bench = context;
    bench->is_closed = true;
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    strcpy(bench->folder, "/tmp/rw-inhibitor-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    snprintf(bench->program, sizeof bench->program, "%s/inhibit", bench->folder);
    assert_int_equal(uv_loop_init(&bench->loop), 0);
    assert_int_equal(
        rw_inhibitor_create(&bench->loop, bench->program, changed, bench, &bench->inhibitor),
        RW_OK);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    rw_inhibitor_close(bench->inhibitor, closed, bench);
    while (!bench->is_closed) {
        uv_run(&bench->loop, UV_RUN_ONCE);
    }
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    unlink(bench->program);
    rmdir(bench->folder);
    free(bench);
    return 0;
}

/* What runs as runwalk-inhibit: a script, whose standard input is the daemon's socket. */
static void program_set(struct bench *bench, const char *script)
{
    FILE *file = fopen(bench->program, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    assert_int_equal(chmod(bench->program, 0700), 0);
}

static struct rw_inhibitor_view view_of(const struct bench *bench)
{
    struct rw_inhibitor_view view;
    rw_inhibitor_view(bench->inhibitor, &view);
    return view;
}

static void until_answered(struct bench *bench)
{
    while (view_of(bench).state == RW_INHIBITOR_ASKING) {
        uv_run(&bench->loop, UV_RUN_ONCE);
    }
}

static void nothing_is_asked_before_it_is_wanted(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(view_of(bench).state, RW_INHIBITOR_OFF);
    assert_string_equal(view_of(bench).problem, "");
    assert_int_equal(uv_run(&bench->loop, UV_RUN_NOWAIT), 0);
}

static void a_program_that_is_missing_is_a_problem_at_once(void **state)
{
    struct bench *bench = *state;
    rw_inhibitor_want(bench->inhibitor, true);
    assert_int_equal(view_of(bench).state, RW_INHIBITOR_OFF);
    assert_non_null(strstr(view_of(bench).problem, "install runwalk again"));
    rw_inhibitor_want(bench->inhibitor, false);
    assert_string_equal(view_of(bench).problem, "");
}

static void why_it_is_not_held_is_told(void **state)
{
    struct bench *bench = *state;
    program_set(bench, "printf 'there is no logind here\\0' >&0");
    rw_inhibitor_want(bench->inhibitor, true);
    until_answered(bench);
    assert_int_equal(view_of(bench).state, RW_INHIBITOR_OFF);
    assert_string_equal(view_of(bench).problem, "there is no logind here");
    assert_true(bench->changes > 0);
}

static void one_that_ends_without_a_word_has_not_answered(void **state)
{
    struct bench *bench = *state;
    program_set(bench, "kill -ALRM $$");
    rw_inhibitor_want(bench->inhibitor, true);
    until_answered(bench);
    assert_string_equal(view_of(bench).problem, "logind did not answer");
}

static void a_long_word_is_cut(void **state)
{
    struct bench *bench = *state;
    program_set(bench, "printf '%01000d' 7 >&0");
    rw_inhibitor_want(bench->inhibitor, true);
    until_answered(bench);
    assert_true(strlen(view_of(bench).problem) < 128);
}

static void one_that_hangs_is_ended_when_the_run_is(void **state)
{
    struct bench *bench = *state;
    program_set(bench, "exec sleep 600");
    rw_inhibitor_want(bench->inhibitor, true);
    uv_run(&bench->loop, UV_RUN_NOWAIT);
    assert_int_equal(view_of(bench).state, RW_INHIBITOR_ASKING);
    rw_inhibitor_want(bench->inhibitor, false);
    assert_int_equal(view_of(bench).state, RW_INHIBITOR_OFF);
    uv_run(&bench->loop, UV_RUN_DEFAULT); /* returns when it is gone */
    assert_string_equal(view_of(bench).problem, "");
}

static void wanted_again_while_the_old_question_ends_it_is_asked_again(void **state)
{
    struct bench *bench = *state;
    program_set(bench, "exec sleep 600");
    rw_inhibitor_want(bench->inhibitor, true);
    uv_run(&bench->loop, UV_RUN_NOWAIT);
    program_set(bench, "printf 'asked again\\0' >&0");
    rw_inhibitor_want(bench->inhibitor, false);
    rw_inhibitor_want(bench->inhibitor, true);
    until_answered(bench);
    assert_string_equal(view_of(bench).problem, "asked again");
}

static void it_can_be_closed_while_it_asks(void **state)
{
    struct bench *bench = *state;
    program_set(bench, "exec sleep 600");
    rw_inhibitor_want(bench->inhibitor, true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_asked_before_it_is_wanted),
        TEST(a_program_that_is_missing_is_a_problem_at_once),
        TEST(why_it_is_not_held_is_told),
        TEST(one_that_ends_without_a_word_has_not_answered),
        TEST(a_long_word_is_cut),
        TEST(one_that_hangs_is_ended_when_the_run_is),
        TEST(wanted_again_while_the_old_question_ends_it_is_asked_again),
        TEST(it_can_be_closed_while_it_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
