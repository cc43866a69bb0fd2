/*
 * The profiles we ship parse without a diagnostic and come to exactly these figures.
 */
#include "runwalk/profile/profile_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIRECTORY TEST_SOURCE_DIR "/profiles/"

static const struct shipped {
    const char *path;
    const char *name;
    uint32_t seconds;
    uint32_t segments;
    uint32_t runs;
} all[] = {
    {"quickstart", "Quick start", 131, 8, 2},
    {"beginner-9-week/week-1", "Beginner, week 1", 30 * 60, 18, 8},
    {"beginner-9-week/week-2", "Beginner, week 2", 31 * 60, 14, 6},
    {"beginner-9-week/week-3", "Beginner, week 3", 28 * 60, 10, 4},
    {"beginner-9-week/week-4", "Beginner, week 4", 31 * 60 + 30, 9, 4},
    {"beginner-9-week/week-5-day-1", "Beginner, week 5, day 1", 31 * 60, 7, 3},
    {"beginner-9-week/week-5-day-2", "Beginner, week 5, day 2", 31 * 60, 5, 2},
    {"beginner-9-week/week-5-day-3", "Beginner, week 5, day 3", 30 * 60, 3, 1},
    {"beginner-9-week/week-6-day-1", "Beginner, week 6, day 1", 34 * 60, 7, 3},
    {"beginner-9-week/week-6-day-2", "Beginner, week 6, day 2", 33 * 60, 5, 2},
    {"beginner-9-week/week-6-day-3", "Beginner, week 6, day 3", 35 * 60, 3, 1},
    {"beginner-9-week/week-7", "Beginner, week 7", 35 * 60, 3, 1},
    {"beginner-9-week/week-8", "Beginner, week 8", 38 * 60, 3, 1},
    {"beginner-9-week/week-9", "Beginner, week 9", 40 * 60, 3, 1},
    {"ratio-6m-30", "Run 6 minutes, walk 30 seconds", 1740, 7, 3},
    {"ratio-5m-30", "Run 5 minutes, walk 30 seconds", 1890, 9, 4},
    {"ratio-4m-30", "Run 4 minutes, walk 30 seconds", 1920, 11, 5},
    {"ratio-3m-30", "Run 3 minutes, walk 30 seconds", 1830, 13, 6},
    {"ratio-2m-30", "Run 2 minutes, walk 30 seconds", 1770, 17, 8},
    {"ratio-90-30", "Run 90 seconds, walk 30 seconds", 1770, 21, 10},
    {"ratio-60-30", "Run 1 minute, walk 30 seconds", 1830, 29, 14},
    {"ratio-60-60", "Run 1 minute, walk 1 minute", 1740, 21, 10},
    {"ratio-40-20", "Run 40 seconds, walk 20 seconds", 1780, 41, 20},
    {"ratio-30-30", "Run 30 seconds, walk 30 seconds", 1770, 41, 20},
    {"ratio-20-20", "Run 20 seconds, walk 20 seconds", 1780, 61, 30},
    {"ratio-15-30", "Run 15 seconds, walk 30 seconds", 1785, 55, 27},
    {"ratio-8-30", "Run 8 seconds, walk 30 seconds", 1786, 65, 32},
    {"ratio-10-30", "Run 10 seconds, walk 30 seconds", 1770, 61, 30},
    {"ratio-5-30", "Run 5 seconds, walk 30 seconds", 1795, 71, 35},
    {"core-20-10", "Core, short holds", 450, 26, 0},
    {"core-55-5", "Core, long holds", 930, 26, 0},
};

/* Reads a whole file; the caller frees. */
static char *file_read(const char *path, size_t *ret_size)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        fail_msg("cannot open %s", path);
    }
    char *bytes = malloc(RW_PROFILE_BYTES_MAX);
    assert_non_null(bytes);
    *ret_size = fread(bytes, 1, RW_PROFILE_BYTES_MAX, stream);
    fclose(stream);
    return bytes;
}

static struct rw_profile *profile_load(const char *path)
{
    size_t size = 0;
    char *bytes = file_read(path, &size);
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    struct rw_profile *profile = NULL;
    enum rw_status status = rw_profile_parse(bytes, size, &diagnostics, &profile);
    if (status != RW_OK || diagnostics.count > 0) {
        char *text = rw_diagnostics_format(&diagnostics, path, bytes, size);
        fail_msg("status %d\n%s", (int)status, text);
    }
    free(bytes);
    return profile;
}

static void each_shipped_profile_comes_to_its_figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(all); i++) {
        char path[512];
        snprintf(path, sizeof path, DIRECTORY "%s.yaml", all[i].path);
        struct rw_profile *profile = profile_load(path);
        assert_string_equal(rw_profile_name(profile), all[i].name);
        assert_true(rw_profile_summary(profile)[0] != '\0');
        assert_int_equal(rw_profile_duration_ms(profile), all[i].seconds * 1000);
        assert_int_equal(rw_profile_segment_count(profile), all[i].segments);
        assert_int_equal(rw_profile_run_count(profile), all[i].runs);
        rw_profile_destroy(profile);
    }
}

static size_t profiles_count(const char *path)
{
    DIR *directory = opendir(path);
    assert_non_null(directory);
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        size_t size = strlen(entry->d_name);
        bool is_plan = size > 10 && strcmp(entry->d_name + size - 10, ".plan.yaml") == 0;
        count += size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0 && !is_plan;
    }
    closedir(directory);
    return count;
}

static void no_shipped_profile_is_forgotten_here(void **state)
{
    (void)state;
    size_t count = profiles_count(DIRECTORY) + profiles_count(DIRECTORY "beginner-9-week");
    assert_int_equal(count, RW_COUNT(all));
}

static void each_line_of_a_shipped_profile_carries_a_comment(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(all); i++) {
        char path[512];
        snprintf(path, sizeof path, DIRECTORY "%s.yaml", all[i].path);
        FILE *stream = fopen(path, "r");
        assert_non_null(stream);
        char line[512];
        for (unsigned number = 1; fgets(line, sizeof line, stream); number++) {
            if (!strstr(line, "# ")) {
                fail_msg("%s:%u has no comment", path, number);
            }
        }
        fclose(stream);
    }
}

/* What the quick start is for: someone who hears it has heard all there is. */
static void the_quick_start_uses_every_kind_and_every_cue(void **state)
{
    (void)state;
    struct rw_profile *profile = profile_load(DIRECTORY "quickstart.yaml");
    size_t count = 0;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    bool kinds[RW_KIND_COUNT] = {false};
    bool has_say = false;
    bool has_side = false;
    for (size_t i = 0; i < count; i++) {
        if (steps[i].repeat > 0) {
            continue;
        }
        kinds[steps[i].kind] = true;
        has_say |= steps[i].say != NULL;
        has_side |= steps[i].side == RW_SIDE_RIGHT;
        assert_int_not_equal(steps[i].cues->announce, RW_ANNOUNCE_OFF);
        assert_int_not_equal(steps[i].cues->count, RW_COUNT_OFF);
        assert_int_not_equal(steps[i].cues->next, RW_NEXT_OFF);
        assert_true(steps[i].cues->countdown > 0);
        assert_true(steps[i].cues->halfway);
    }
    for (size_t i = 0; i < RW_KIND_COUNT; i++) {
        assert_true(kinds[i]);
    }
    assert_true(has_say);
    assert_true(has_side);
    rw_profile_destroy(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_shipped_profile_comes_to_its_figures),
        cmocka_unit_test(no_shipped_profile_is_forgotten_here),
        cmocka_unit_test(each_line_of_a_shipped_profile_carries_a_comment),
        cmocka_unit_test(the_quick_start_uses_every_kind_and_every_cue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
