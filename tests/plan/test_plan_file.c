/*
 * What a plan file says, and what becomes of it.
 */
#include "fixture.h"

#include "runwalk/profile/profile_file.h"

#include <sys/stat.h>
#include <unistd.h>

static struct rw_profile *profile_of(const char *bytes, size_t size)
{
    struct rw_profile *profile = NULL;
    assert_int_equal(rw_profile_parse(bytes, size, NULL, &profile), RW_OK);
    return profile;
}

static void weeks_days_and_rests_are_numbered(void **state)
{
    (void)state;
    static const struct rw_plan_session expected[] = {
        {1, 1, 1, 0}, {1, 2, 3, 1}, {2, 1, 1, 0}, {2, 2, 3, 1}, {3, 1, 0, 2},
    };
    struct rw_plan *plan = plan_read("name: Mine\n"
                                     "summary: For me.\n"
                                     "weeks:\n"
                                     "  - days: [rest, {run: 5m}, rest, {profile: quickstart}]\n"
                                     "    times: 2\n"
                                     "    note: Twice.\n"
                                     "  - days: [{run: 6m}]\n");
    assert_string_equal(plan->name, "Mine");
    assert_string_equal(plan->summary, "For me.");
    assert_int_equal(plan->week_count, 3);
    assert_string_equal(plan->weeks[1].note, "Twice.");
    assert_null(plan->weeks[2].note);
    assert_int_equal(plan->session_count, RW_COUNT(expected));
    for (size_t i = 0; i < RW_COUNT(expected); i++) {
        assert_memory_equal(&plan->sessions[i], &expected[i], sizeof expected[i]);
    }
    rw_plan_destroy(plan);
}

static void rules_that_are_not_written_are_the_usual_ones(void **state)
{
    (void)state;
    struct rw_plan *plan = plan_read("{name: A, weeks: [{days: [{run: 5m}]}]}");
    assert_int_equal(plan->rules.rests, 2);
    assert_int_equal(plan->rules.pause_days, 14);
    assert_int_equal(plan->rules.long_days, 28);
    assert_int_equal(plan->rules.big_step, 10);
    assert_string_equal(plan->rules.core, "core-20-10");
    rw_plan_destroy(plan);
    plan = plan_read("{name: A, rules: {pause: 30}, weeks: [{days: [{run: 5m}]}]}");
    assert_int_equal(plan->rules.pause_days, 30);
    assert_int_equal(plan->rules.long_days, 60); /* the usual one would be shorter */
    rw_plan_destroy(plan);
}

/* Turns of running and walking, by the numbers that the day gives. */
static void runs_and_walks_in_turn_become_a_session(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        uint32_t duration_s, running_s, longest_s;
        enum rw_kind first;
    } days[] = {
        {"{run: 5m}", 15 * 60, 300, 300, RW_KIND_WARMUP},
        {"{run: 1m, walk: 1m30s, repeat: 8}", 600 + 480 + 7 * 90, 480, 60, RW_KIND_WARMUP},
        {"{run: 2m, warmup: off, cooldown: no}", 120, 120, 120, RW_KIND_RUN},
        {"{run: 2m, warmup: 1m, cooldown: 30s}", 210, 120, 120, RW_KIND_WARMUP},
        {"{session: {name: A, steps: [{walk: 1m}, {repeat: 2, skip-last: run, steps: [{run: 1m}, "
         "{run: 90s}, {walk: 1m}]}]}}",
         60 + 2 * 210 - 90, 60 + 90 + 60, 90, RW_KIND_WALK},
        {"{session: {name: A, steps: [{exercise: 20s, name: Plank, sides: both}]}}", 40, 0, 0,
         RW_KIND_EXERCISE},
    };
    for (size_t i = 0; i < RW_COUNT(days); i++) {
        char text[400];
        snprintf(text, sizeof text, "{name: A, weeks: [{days: [%s]}]}", days[i].day);
        struct rw_plan *plan = plan_read(text);
        const struct rw_plan_workout *workout = rw_plan_workout_of(plan, 0);
        assert_true(workout->is_measured);
        assert_int_equal(workout->duration_ms, days[i].duration_s * 1000);
        assert_int_equal(workout->running_ms, days[i].running_s * 1000);
        assert_int_equal(workout->longest_ms, days[i].longest_s * 1000);
        assert_int_equal(workout->first, days[i].first);
        rw_plan_destroy(plan);
    }
}

static void a_session_in_place_keeps_all_that_its_profile_says(void **state)
{
    (void)state;
    static const char text[] =
        "name: A\n"
        "weeks:\n"
        "  - days:\n"
        "      - session:\n"
        "          name: 'It''s: \"mine\" \\ {x}'\n"
        "          summary: >\n"
        "            One\n"
        "            two ünd 三.\n"
        "          cues: {countdown: off, next: 30s}\n"
        "          steps:\n"
        "            - run: 1:30\n"
        "              say: \"yes\"\n"
        "            - repeat: 3\n"
        "              skip-last: walk\n"
        "              steps: [{run: 1m}, {walk: 1m, cues: {announce: off}}]\n";
    struct rw_plan *plan = plan_read(text);
    const struct rw_plan_workout *workout = rw_plan_workout_of(plan, 0);
    struct rw_profile *profile = profile_of(workout->bytes, workout->size);
    size_t count;
    const struct rw_step *steps = rw_profile_steps(profile, &count);
    assert_string_equal(rw_profile_name(profile), "It's: \"mine\" \\ {x}");
    assert_string_equal(rw_profile_summary(profile), "One two ünd 三.");
    assert_int_equal(rw_profile_duration_ms(profile), (90 + 3 * 120 - 60) * 1000);
    assert_string_equal(steps[1].say, "yes");
    assert_int_equal(steps[1].cues->countdown, 0);
    assert_int_equal(steps[1].cues->next_ms, 30000);
    assert_int_equal(steps[4].cues->announce, RW_ANNOUNCE_OFF);
    rw_profile_destroy(profile);
    rw_plan_destroy(plan);
}

/* As deep as in a file of its own, although the plan stands around it. */
static void a_session_in_place_may_be_as_deep_as_a_profile(void **state)
{
    (void)state;
    struct rw_plan *plan = plan_read(
        "{name: A, weeks: [{days: [{session: {name: A, steps: [{repeat: 2, steps: [{repeat: 2, "
        "steps: [{repeat: 2, steps: [{repeat: 2, steps: [{repeat: 2, steps: [{repeat: 2, steps: "
        "[{run: 1s, cues: {countdown: off}}]}]}]}]}]}]}]}}]}]}");
    assert_int_equal(plan->workouts[0].running_ms, 64000);
    rw_plan_destroy(plan);
}

static void a_day_changes_the_profile_that_it_names(void **state)
{
    (void)state;
    struct rw_paths *paths;
    struct rw_plan *plan;
    char *problem = NULL;
    char *bytes;
    char *path;
    size_t size;
    char file[] = "/tmp/runwalk-plan-XXXXXX";
    static const char text[] = "{name: A, weeks: [{days: [{profile: ratio-60-30, repeat: 3, name: "
                               "Short}, {profile: ratio-60-30}, {run: 5m}]}]}";
    int fd = mkstemp(file);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    assert_int_equal(rw_paths_create(&paths), RW_OK);
    assert_int_equal(rw_plan_load(paths, file, "plan", &plan, &problem), RW_OK);
    assert_int_equal(plan->workout_count, 3);
    assert_int_equal(plan->workouts[0].running_ms, 3 * 60000);
    assert_true(plan->workouts[1].running_ms > 10 * 60000);

    assert_int_equal(rw_plan_session_load(paths, plan, 0, &bytes, &size, &path, &problem), RW_OK);
    struct rw_profile *profile = profile_of(bytes, size);
    assert_string_equal(rw_profile_name(profile), "Short");
    assert_int_equal(rw_profile_run_count(profile), 3);
    assert_non_null(strstr(path, "/ratio-60-30.yaml"));
    rw_profile_destroy(profile);
    free(bytes);
    free(path);

    /* What has no name of its own is called by its place in the plan. */
    assert_int_equal(rw_plan_session_load(paths, plan, 2, &bytes, &size, &path, &problem), RW_OK);
    profile = profile_of(bytes, size);
    assert_string_equal(rw_profile_name(profile), "A, week 1, day 3");
    assert_null(path);
    rw_profile_destroy(profile);
    free(bytes);
    rw_plan_destroy(plan);
    rw_paths_destroy(paths);
    unlink(file);
}

static void what_a_plan_names_must_be_there(void **state)
{
    (void)state;
    static const char text[] = "name: A\n"
                               "weeks:\n"
                               "  - days:\n"
                               "      - profile: quikstart\n"
                               "      - {profile: beginner-9-week/week-7, repeat: 3}\n"
                               "      - {profile: ratio-60-30, repeat: 86400}\n";
    static const char expected[] =
        "p:4:9: error: no profile is called 'quikstart'; is 'quickstart' meant?\n"
        "    4 |       - profile: quikstart\n"
        "      |         ^~~~~~~\n"
        "p:5:9: error: the profile beginner-9-week/week-7 has no \"repeat\" in its steps to "
        "change\n"
        "    5 |       - {profile: beginner-9-week/week-7, repeat: 3}\n"
        "      |         ^\n"
        "p:6:9: error: with a \"repeat\" of 86400 the profile ratio-60-30 has errors\n"
        "    6 |       - {profile: ratio-60-30, repeat: 86400}\n"
        "      |         ^\n";
    struct rw_paths *paths;
    struct rw_plan *plan;
    char *problem = NULL;
    char file[] = "/tmp/runwalk-plan-XXXXXX";
    int fd = mkstemp(file);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    assert_int_equal(rw_paths_create(&paths), RW_OK);
    assert_int_equal(rw_plan_load(paths, file, "p", &plan, &problem), RW_EINVALID);
    assert_string_equal(problem, expected);
    free(problem);
    unlink(file);
    assert_int_equal(rw_plan_load(paths, file, "p", &plan, &problem), RW_ENOENT);
    assert_string_equal(problem, "p cannot be read: No such file or directory");
    free(problem);
    rw_paths_destroy(paths);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_days_and_rests_are_numbered),
        cmocka_unit_test(rules_that_are_not_written_are_the_usual_ones),
        cmocka_unit_test(runs_and_walks_in_turn_become_a_session),
        cmocka_unit_test(a_session_in_place_keeps_all_that_its_profile_says),
        cmocka_unit_test(a_session_in_place_may_be_as_deep_as_a_profile),
        cmocka_unit_test(a_day_changes_the_profile_that_it_names),
        cmocka_unit_test(what_a_plan_names_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
