/* Each tests/profile/malformed/NAME.yaml is refused with exactly the text of NAME.expected. */
#include "runwalk/profile/profile_file.h"

#include "../yaml/malformed.h"

static enum rw_status parse(const char *bytes, size_t size, struct rw_diagnostics *diagnostics)
{
    struct rw_profile *profile = NULL;
    enum rw_status status = rw_profile_parse(bytes, size, diagnostics, &profile);
    assert_null(profile);
    return status;
}

static void each_malformed_profile_is_refused_in_its_own_words(void **state)
{
    (void)state;
    malformed_check(TEST_SOURCE_DIR "/tests/profile/malformed", 40, parse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_malformed_profile_is_refused_in_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
