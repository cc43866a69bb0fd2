/*
 * Which level of settings wins.
 */
#include "runwalk/core/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SAID(name) (1u << RW_SETTING_##name)

static struct rw_cue_settings resolved(const struct rw_manner *manner, const struct rw_step *step)
{
    struct rw_cue_settings settings;
    rw_cue_settings_resolve(manner, step, &settings);
    return settings;
}

static struct rw_cue_settings encouragement(uint32_t ms)
{
    return (struct rw_cue_settings){.said = SAID(ENCOURAGE), .encourage_ms = ms};
}

static struct rw_cue_settings verbosity(enum rw_verbosity level)
{
    return (struct rw_cue_settings){.said = SAID(VERBOSITY), .verbosity = level};
}

static void each_level_wins_over_the_one_before(void **state)
{
    (void)state;
    struct rw_cue_settings said = {0};
    struct rw_step step = {.kind = RW_KIND_RUN, .cues = &said};
    struct rw_manner manner = {.seed = 1};
    assert_int_equal(resolved(&manner, &step).encourage_ms, 240000); /* normal */
    manner.configured = verbosity(RW_VERBOSITY_CHATTY);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 120000); /* verbosity */
    struct rw_cue_settings rate = encouragement(60000);
    rw_cue_settings_lay(&manner.configured, &rate);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 60000); /* configuration */
    said = encouragement(70000);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 70000); /* profile, step */
    manner.live = encouragement(80000);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 80000); /* live */
}

static void the_last_verbosity_that_is_said_counts(void **state)
{
    (void)state;
    struct rw_cue_settings said = verbosity(RW_VERBOSITY_SPARSE);
    struct rw_step step = {.kind = RW_KIND_RUN, .cues = &said};
    struct rw_manner manner = {.configured = verbosity(RW_VERBOSITY_CHATTY)};
    assert_int_equal(resolved(&manner, &step).verbosity, RW_VERBOSITY_SPARSE);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 0);
    manner.live = verbosity(RW_VERBOSITY_NORMAL);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 240000);
}

static void a_live_verbosity_wins_over_what_the_profile_says_of_talk(void **state)
{
    (void)state;
    struct rw_cue_settings said = encouragement(60000);
    struct rw_step step = {.kind = RW_KIND_RUN, .cues = &said};
    struct rw_manner manner = {.live = verbosity(RW_VERBOSITY_SPARSE)};
    assert_int_equal(resolved(&manner, &step).encourage_ms, 0);
    struct rw_cue_settings rate = encouragement(90000);
    rw_cue_settings_lay(&manner.live, &rate);
    assert_int_equal(resolved(&manner, &step).encourage_ms, 90000);
}

static void silent_is_silent_whatever_else_is_said(void **state)
{
    (void)state;
    struct rw_cue_settings said = rw_cue_settings_default;
    struct rw_step step = {.kind = RW_KIND_RUN, .cues = &said};
    struct rw_manner manner = {.configured = verbosity(RW_VERBOSITY_SILENT),
                               .live = encouragement(60000)};
    said.announce = RW_ANNOUNCE_DURATION;
    struct rw_cue_settings settings = resolved(&manner, &step);
    assert_int_equal(settings.announce, RW_ANNOUNCE_OFF);
    assert_int_equal(settings.next, RW_NEXT_OFF);
    assert_false(settings.halfway);
    assert_int_equal(settings.encourage_ms, 0);
    assert_int_equal(settings.countdown, 3); /* ticks are no words */
}

static void what_is_not_said_stays_built_in(void **state)
{
    (void)state;
    struct rw_step step = {.kind = RW_KIND_WALK};
    struct rw_manner manner = {.seed = 1};
    struct rw_cue_settings settings = resolved(&manner, &step);
    assert_int_equal(settings.announce, RW_ANNOUNCE_AUTO);
    assert_int_equal(settings.next_ms, 10000);
    assert_int_equal(settings.countdown, 3);
    assert_true(settings.halfway);
}

static void a_cadence_from_further_out_is_for_runs(void **state)
{
    (void)state;
    struct rw_step run = {.kind = RW_KIND_RUN};
    struct rw_step walk = {.kind = RW_KIND_WALK};
    struct rw_cue_settings cadence = {
        .said = SAID(CADENCE) | SAID(BASELINE),
        .cadence = 5,
        .cadence_is_relative = true,
        .baseline = 160,
    };
    struct rw_manner manner = {.configured = cadence};
    struct rw_cue_settings settings = resolved(&manner, &run);
    assert_int_equal(rw_cue_settings_millisteps(&settings), 168000);
    settings = resolved(&manner, &walk);
    assert_int_equal(rw_cue_settings_millisteps(&settings), 0);
    struct rw_cue_settings own = {.said = SAID(CADENCE), .cadence = 110};
    walk.cues = &own;
    settings = resolved(&manner, &walk);
    assert_int_equal(rw_cue_settings_millisteps(&settings), 110000);
    manner.live = (struct rw_cue_settings){.said = SAID(CADENCE), .cadence = 0};
    settings = resolved(&manner, &run);
    assert_int_equal(rw_cue_settings_millisteps(&settings), 0);
    manner = (struct rw_manner){.live = cadence};
    manner.live.said = SAID(CADENCE); /* percent of an unknown baseline */
    settings = resolved(&manner, &run);
    assert_int_equal(rw_cue_settings_millisteps(&settings), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_wins_over_the_one_before),
        cmocka_unit_test(the_last_verbosity_that_is_said_counts),
        cmocka_unit_test(a_live_verbosity_wins_over_what_the_profile_says_of_talk),
        cmocka_unit_test(silent_is_silent_whatever_else_is_said),
        cmocka_unit_test(what_is_not_said_stays_built_in),
        cmocka_unit_test(a_cadence_from_further_out_is_for_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
