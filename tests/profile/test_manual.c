/*
 * The manual tells of every key, word and limit, and its examples are profiles.
 */
#include "keys.h"
#include "policy_file.h"
#include "runwalk/profile/profile_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANUAL     TEST_SOURCE_DIR "/docs/profile.md"
#define MANUAL_MAX 100000

static char manual[MANUAL_MAX + 1];

static int manual_read(void **state)
{
    (void)state;
    FILE *stream = fopen(MANUAL, "rb");
    if (!stream) {
        return -1;
    }
    size_t size = fread(manual, 1, MANUAL_MAX, stream);
    manual[size] = '\0';
    fclose(stream);
    return 0;
}

static void assert_tells(const char *text)
{
    if (!strstr(manual, text)) {
        fail_msg("docs/profile.md does not tell of %s", text);
    }
}

/* A key that opens a row of a table is explained, not just mentioned. */
static void assert_explains(const struct rw_yaml_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char row[64];
        snprintf(row, sizeof row, "\n| `%s` | ", keys[i].name);
        assert_tells(row);
    }
}

static void assert_quotes(const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "`%s`", words[i]);
        assert_tells(quoted);
    }
}

static void the_manual_explains_every_key(void **state)
{
    (void)state;
    assert_explains(rw_profile_keys, PROFILE_KEY_COUNT);
    assert_explains(rw_profile_step_keys, STEP_KEY_COUNT);
    assert_explains(rw_profile_cue_keys, RW_SETTING_TYPES);
    assert_quotes(rw_profile_announce_words, ANNOUNCE_WORD_COUNT);
    assert_quotes(rw_profile_count_words, COUNT_WORD_COUNT);
    assert_quotes(rw_profile_after_rest_words, RW_AFTER_REST_COUNT);
    for (int i = 0; i < RW_VERBOSITY_COUNT; i++) {
        const char *name = rw_verbosity_name((enum rw_verbosity)i);
        assert_quotes(&name, 1);
    }
    assert_quotes((const char *const[]){"both", "yes", "no", "on", "off", "true", "false"}, 7);
}

static void the_manual_states_every_limit(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        unsigned long value;
    } limits[] = {
        {"| file | %lu KiB |", RW_PROFILE_BYTES_MAX / 1024},
        {"| a step | from %lu second to ", RW_SEGMENT_MS_MIN / 1000},
        {"| the whole workout | %lu hours |", RW_SESSION_MS_MAX / 3600000},
        {"| `repeat` | %lu times |", RW_REPEAT_COUNT_MAX},
        {"| repeats inside one another | %lu (", RW_REPEAT_DEPTH_MAX},
        {"| `name` | %lu characters |", RW_PROFILE_NAME_MAX},
        {"| `summary` | %lu characters |", RW_PROFILE_SUMMARY_MAX},
        {"| `say` | %lu characters |", RW_PROFILE_SAY_MAX},
        {"| `countdown` | `0` to `%lu`", RW_COUNTDOWN_MAX},
        {"a time from `%lus` to", RW_NEXT_MS_MIN / 1000},
        {"to `%lus` | `auto` | Says", RW_NEXT_MS_MAX / 1000},
        {"a time from `%lum` to", RW_TALK_MS_MIN / 60000},
        {"to `%luh` |", RW_TALK_MS_MAX / 3600000},
        {"| `baseline` | `%lu` to", RW_CADENCE_MIN},
        {"to `%lu` | none |", RW_CADENCE_MAX},
        {"from `-%lu%` to", RW_CADENCE_PERCENT},
    };
    for (size_t i = 0; i < RW_COUNT(limits); i++) {
        char text[128];
        char *at = strstr(limits[i].format, "%lu");
        snprintf(text, sizeof text, "%.*s%lu%s", (int)(at - limits[i].format), limits[i].format,
                 limits[i].value, at + 3);
        assert_tells(text);
    }
    char depth[64];
    snprintf(depth, sizeof depth, "(%u levels of YAML)", rw_yaml_limits_default.depth);
    assert_tells(depth);
    char scalar[64];
    snprintf(scalar, sizeof scalar, "%zu bytes", rw_yaml_limits_default.scalar_bytes);
    assert_tells(scalar);
}

static void every_example_of_the_manual_is_a_profile(void **state)
{
    (void)state;
    static const char open[] = "```yaml\n";
    unsigned count = 0;
    for (const char *at = strstr(manual, open); at; at = strstr(at, open)) {
        at += strlen(open);
        const char *end = strstr(at, "```");
        assert_non_null(end);
        struct rw_diagnostics diagnostics;
        rw_diagnostics_init(&diagnostics);
        struct rw_profile *profile = NULL;
        enum rw_status status = rw_profile_parse(at, (size_t)(end - at), &diagnostics, &profile);
        if (status != RW_OK) {
            fail_msg("%s\n%.*s", diagnostics.list[0].text, (int)(end - at), at);
        }
        rw_profile_destroy(profile);
        count++;
    }
    assert_true(count >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manual_explains_every_key),
        cmocka_unit_test(the_manual_states_every_limit),
        cmocka_unit_test(every_example_of_the_manual_is_a_profile),
    };
    return cmocka_run_group_tests(tests, manual_read, NULL);
}
