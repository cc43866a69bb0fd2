#include "runwalk/paths/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *find(const char *wanted)
{
    static const char *const words[] = {"pause", "resume", "toggle", "extend", "shorten", "stop"};
    struct rw_nearest nearest;

    rw_nearest_init(&nearest, wanted);
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        rw_nearest_offer(&nearest, words[i]);
    }
    return nearest.best;
}

static void one_slip_of_the_finger_is_found(void **state)
{
    (void)state;
    assert_string_equal(find("puase"), "pause");
    assert_string_equal(find("resum"), "resume");
    assert_string_equal(find("togggle"), "toggle");
    assert_string_equal(find("xtend"), "extend");
    assert_string_equal(find("stip"), "stop");
}

static void short_words_allow_fewer_edits_than_long_ones(void **state)
{
    (void)state;
    assert_null(find("stxx"));
    assert_string_equal(find("shxrtxn"), "shorten");
    assert_null(find("shxxtxn"));
}

static void unlike_empty_and_endless_words_find_nothing(void **state)
{
    char endless[300];

    (void)state;
    for (size_t i = 0; i + 1 < sizeof(endless); i++) {
        endless[i] = 'a';
    }
    endless[sizeof(endless) - 1] = '\0';
    assert_null(find("volume"));
    assert_null(find(""));
    assert_null(find("x"));
    assert_null(find(endless));
}

static void the_nearest_of_two_wins_and_the_first_of_equals(void **state)
{
    struct rw_nearest nearest;

    (void)state;
    rw_nearest_init(&nearest, "session.start");
    rw_nearest_offer(&nearest, "session.sturts");
    rw_nearest_offer(&nearest, "session.stars");
    rw_nearest_offer(&nearest, "session.starx");
    assert_string_equal(nearest.best, "session.stars");
    assert_int_equal(nearest.distance, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_of_the_finger_is_found),
        cmocka_unit_test(short_words_allow_fewer_edits_than_long_ones),
        cmocka_unit_test(unlike_empty_and_endless_words_find_nothing),
        cmocka_unit_test(the_nearest_of_two_wins_and_the_first_of_equals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
