/*
 * The manual tells of every key and limit, and its examples are plans.
 */
#include "fixture.h"
#include "keys.h"
#include "runwalk/plan/load.h"

#define MANUAL     TEST_SOURCE_DIR "/docs/plan.md"
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
        fail_msg("docs/plan.md does not tell of %s", text);
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

static void the_manual_explains_every_key(void **state)
{
    (void)state;
    assert_explains(rw_plan_keys, PLAN_KEY_COUNT);
    assert_explains(rw_plan_week_keys, WEEK_KEY_COUNT);
    assert_explains(rw_plan_day_keys, DAY_KEY_COUNT);
    assert_explains(rw_plan_rule_keys, RULE_KEY_COUNT);
}

static void the_manual_states_every_limit_and_default(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        unsigned value;
    } limits[] = {
        {"| file | %u KiB |", RW_PLAN_BYTES_MAX / 1024},
        {"| weeks | %u,", RW_PLAN_WEEKS_MAX},
        {"| days of a week | %u,", RW_PLAN_WEEK_DAYS},
        {"| different sessions | %u |", RW_PLAN_WORKOUTS_MAX},
        {"that it names | %u KiB", RW_PLAN_PROFILES_BYTES_MAX / 1024},
        {"| `name` of a plan | %u characters |", RW_PLAN_NAME_MAX},
        {"| `summary`, `note` | %u characters |", RW_PLAN_NOTE_MAX},
        {"from 1 to %u times", RW_PLAN_WEEKS_MAX},
        {"| `rests` | rests | 0 to %u |", RW_PLAN_RESTS_MAX},
        {"| rests | 0 to 20 | %u |", RW_PLAN_RESTS_DEFAULT},
        {"| `pause` | days | 1 to %u |", RW_PLAN_PAUSE_MAX},
        {"| days | 1 to 365 | %u |", RW_PLAN_PAUSE_DEFAULT},
        {"more than `pause` | %u,", RW_PLAN_LONG_DEFAULT},
        {"| `big-step` | percent | 1 to %u |", RW_PLAN_BIG_STEP_MAX},
        {"| percent | 1 to 100 | %u |", RW_PLAN_STEP_DEFAULT},
    };
    for (size_t i = 0; i < RW_COUNT(limits); i++) {
        char text[128];
        const char *at = strstr(limits[i].format, "%u");
        snprintf(text, sizeof text, "%.*s%u%s", (int)(at - limits[i].format), limits[i].format,
                 limits[i].value, at + 2);
        assert_tells(text);
    }
    assert_int_equal(RW_PLAN_SUMMARY_MAX, RW_PLAN_NOTE_MAX);
    assert_tells("| `" RW_PLAN_CORE_DEFAULT "` |");
}

static void every_example_of_the_manual_is_a_plan(void **state)
{
    (void)state;
    static const char open[] = "```yaml\n";
    unsigned count = 0;
    for (const char *at = strstr(manual, open); at; at = strstr(at, open)) {
        at += strlen(open);
        const char *end = strstr(at, "```");
        assert_non_null(end);
        char *text = strndup(at, (size_t)(end - at));
        rw_plan_destroy(plan_read(text));
        free(text);
        count++;
    }
    assert_true(count >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manual_explains_every_key),
        cmocka_unit_test(the_manual_states_every_limit_and_default),
        cmocka_unit_test(every_example_of_the_manual_is_a_plan),
    };
    return cmocka_run_group_tests(tests, manual_read, NULL);
}
