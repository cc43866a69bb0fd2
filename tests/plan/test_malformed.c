/* Each tests/plan/malformed/NAME.yaml is refused with exactly the text of NAME.expected. */
#include "runwalk/plan/plan_file.h"

#include "../yaml/malformed.h"

static enum rw_status parse(const char *bytes, size_t size, struct rw_diagnostics *diagnostics)
{
    struct rw_plan *plan = NULL;
    enum rw_status status = rw_plan_parse(bytes, size, diagnostics, &plan);
    assert_null(plan);
    return status;
}

static void each_malformed_plan_is_refused_in_its_own_words(void **state)
{
    (void)state;
    malformed_check(TEST_SOURCE_DIR "/tests/plan/malformed", 25, parse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_malformed_plan_is_refused_in_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
