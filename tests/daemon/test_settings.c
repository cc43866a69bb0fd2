/* The manner of a run comes back from the history as it was, or not at all. */
#include "settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_manner_comes_back_as_it_was(void **state)
{
    struct rw_manner manner = {.configured = rw_cue_settings_default, .seed = UINT64_MAX};
    struct rw_manner read;
    (void)state;
    manner.live = *rw_cue_settings_normal();
    manner.live.cadence = -7;
    manner.live.cadence_is_relative = true;
    manner.live.baseline = 160;
    char *text = rw_settings_write(&manner);
    assert_non_null(text);
    memset(&read, 0, sizeof read);
    assert_true(rw_settings_read(text, UINT64_MAX, &read));
    assert_true(read.seed == UINT64_MAX);
    char *again = rw_settings_write(&read);
    assert_string_equal(again, text);
    assert_int_equal(read.live.cadence, -7);
    assert_int_equal(read.configured.countdown, rw_cue_settings_default.countdown);
    free(again);
    free(text);
}

static void what_is_out_of_bounds_is_not_taken(void **state)
{
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"version\":1,\"configured\":[],\"live\":[]}",
        "{\"version\":1,\"configured\":[0,9,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"
        "\"live\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
        "{\"version\":2,\"configured\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"
        "\"live\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
        "{\"version\":1,\"configured\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,301,0],"
        "\"live\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
        "{\"version\":1,\"configured\":[0,0,0,0,0,0,\"3\",0,0,0,0,0,0,0,0,0,0],"
        "\"live\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}",
    };
    struct rw_manner manner;
    (void)state;
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        assert_false(rw_settings_read(texts[i], 1, &manner));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manner_comes_back_as_it_was),
        cmocka_unit_test(what_is_out_of_bounds_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
