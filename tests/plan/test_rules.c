/*
 * The rules as tables: a history, and what follows from it.
 */
#include "fixture.h"

/* Three weeks of three runs with a day of rest between: 9, 9 and 24 minutes a week, then 12. */
static const char four_weeks[] = "name: Test\n"
                                 "weeks:\n"
                                 "  - days: [{run: 3m}, rest, {run: 3m}, rest, {run: 3m}]\n"
                                 "  - days: [{run: 3m}, rest, {run: 3m}, rest, {run: 3m}]\n"
                                 "  - days: [{run: 8m}, rest, {run: 8m}, rest, {run: 8m}]\n"
                                 "  - days: [{run: 4m}, rest, {run: 4m}, rest, {run: 4m}]\n";

#define HELD     .session_ms = 780000, .planned_ms = 780000, .has_runs = true
#define ON(day)  .date = {true, (day)}
#define UNDATED  .date = {false, 0}
#define RUNS_MAX 4
#define TODAY    100

struct row {
    const char *name;
    enum rw_plan_mark mark; /* at week 1, day 1, on day 90, unless said otherwise */
    uint32_t week, day;
    struct rw_plan_run runs[RUNS_MAX]; /* planned_ms 0 ends them */
    bool waits;
    int32_t today; /* 0: TODAY; -1: not known */
    /* what follows */
    enum rw_plan_reason reason;
    uint32_t due_week, due_day, number;
    int32_t due; /* 0: whenever the runner likes */
    bool core, big;
};

static const struct row rows[] = {
    {"a plan begins at its beginning", RW_PLAN_MARK_START, 1, 1, .reason = RW_PLAN_BEGINS,
     .due_week = 1, .due_day = 1},
    {"a plan can be begun later on", RW_PLAN_MARK_START, 3, 2, .reason = RW_PLAN_BEGINS,
     .due_week = 3, .due_day = 2},
    {"completed without rests: it goes on, after a day of rest",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(99), HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 1,
     .due_day = 2,
     .due = 101},
    {"the last of a week: it goes on in the next, after two days",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 3, ON(99), HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 2,
     .due_day = 1,
     .due = 102},
    {"two rests are fine",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 2, ON(99), HELD, .rests = 2}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 1,
     .due_day = 3,
     .number = 2,
     .due = 101},
    {"more than two rests: the same again",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 2, ON(99), HELD, .rests = 3}},
     .reason = RW_PLAN_MANY_RESTS,
     .due_week = 1,
     .due_day = 2,
     .number = 3,
     .due = 101},
    {"ended early: the same again",
     RW_PLAN_MARK_START,
     1,
     1,
     {{2, 1, ON(99), HELD, .is_ended_early = true}},
     .reason = RW_PLAN_ENDED_EARLY,
     .due_week = 2,
     .due_day = 1,
     .due = 101},
    {"skipped through in less than half the time: the same again",
     RW_PLAN_MARK_START,
     1,
     1,
     {{2, 1, ON(99), .session_ms = 389999, .planned_ms = 780000, .has_runs = true}},
     .reason = RW_PLAN_ENDED_EARLY,
     .due_week = 2,
     .due_day = 1,
     .due = 101},
    {"under a minute counts in no plan",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(99), HELD},
      {1, 2, ON(100), .session_ms = 59999, .planned_ms = 780000, .is_ended_early = true,
       .has_pain = true}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 1,
     .due_day = 2,
     .due = 101},
    {"a minute counts",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(99), HELD},
      {1, 2, ON(100), .session_ms = 60000, .planned_ms = 780000, .has_runs = true,
       .is_ended_early = true}},
     .reason = RW_PLAN_ENDED_EARLY,
     .due_week = 1,
     .due_day = 2,
     .due = 102},
    {"pain: one step back, and a core routine",
     RW_PLAN_MARK_START,
     1,
     1,
     {{2, 2, ON(99), HELD, .has_pain = true}},
     .reason = RW_PLAN_PAIN,
     .due_week = 2,
     .due_day = 1,
     .due = 101,
     .core = true},
    {"pain counts more than rests and an early end",
     RW_PLAN_MARK_START,
     1,
     1,
     {{2, 1, ON(99), HELD, .rests = 5, .is_ended_early = true, .has_pain = true}},
     .reason = RW_PLAN_PAIN,
     .due_week = 1,
     .due_day = 3,
     .due = 101,
     .core = true},
    {"pain at the very first: there is no step back",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(99), HELD, .has_pain = true}},
     .reason = RW_PLAN_PAIN,
     .due_week = 1,
     .due_day = 1,
     .due = 101,
     .core = true},
    {"pain in another run takes the plan back, too",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 2, ON(98), HELD}, {0, 0, ON(99), HELD, .has_pain = true}},
     .reason = RW_PLAN_PAIN,
     .due_week = 1,
     .due_day = 2,
     .due = 100,
     .core = true},
    {"back is no way to more: the easy week after the hard one",
     RW_PLAN_MARK_START,
     1,
     1,
     {{4, 1, ON(99), HELD, .has_pain = true}},
     .reason = RW_PLAN_PAIN,
     .due_week = 2,
     .due_day = 3,
     .due = 101,
     .core = true},
    {"thirteen days are no pause",
     RW_PLAN_MARK_START,
     1,
     1,
     {{2, 3, ON(87), HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 3,
     .due_day = 1,
     .due = 90,
     .big = true},
    {"two weeks' pause: one week back",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, ON(86), HELD}},
     .reason = RW_PLAN_PAUSE,
     .due_week = 2,
     .due_day = 1,
     .number = 14},
    {"four weeks' pause: two weeks back",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, ON(72), HELD}},
     .reason = RW_PLAN_PAUSE,
     .due_week = 1,
     .due_day = 1,
     .number = 28},
    {"a pause leads back to no harder week",
     RW_PLAN_MARK_START,
     1,
     1,
     {{4, 1, ON(86), HELD}},
     .reason = RW_PLAN_PAUSE,
     .due_week = 2,
     .due_day = 3,
     .number = 14},
    {"a pause in the first week begins it anew",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(50), HELD}},
     .reason = RW_PLAN_PAUSE,
     .due_week = 1,
     .due_day = 1,
     .number = 50},
    {"another run ends a pause",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, ON(80), HELD}, {0, 0, ON(95), HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 3,
     .due_day = 2,
     .due = 82},
    {"exercises end no pause from running",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, ON(86), HELD},
      {0, 0, ON(95), .session_ms = 450000, .planned_ms = 450000, .has_runs = false}},
     .reason = RW_PLAN_PAUSE,
     .due_week = 2,
     .due_day = 1,
     .number = 14},
    {"a run without a date is in no rule of pauses",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, UNDATED, HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 3,
     .due_day = 2},
    {"after it nobody knows how long a pause was",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, ON(86), HELD}, {3, 2, UNDATED, HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 3,
     .due_day = 3},
    {"but a later one with a date tells again",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, UNDATED, HELD}, {3, 2, ON(86), HELD}},
     .reason = RW_PLAN_PAUSE,
     .due_week = 2,
     .due_day = 1,
     .number = 14},
    {"without a clock there is no pause",
     RW_PLAN_MARK_START,
     1,
     1,
     {{3, 1, ON(50), HELD}},
     .today = -1,
     .reason = RW_PLAN_GOES_ON,
     .due_week = 3,
     .due_day = 2,
     .due = 52},
    {"a plan begun and left alone is no pause", RW_PLAN_MARK_START, 1, 1, .today = 200,
     .reason = RW_PLAN_BEGINS, .due_week = 1, .due_day = 1},
    {"skipped and left alone is one", RW_PLAN_MARK_SKIP, 3, 1, .today = 104,
     .reason = RW_PLAN_PAUSE, .due_week = 2, .due_day = 1, .number = 14},
    {"skipped: due whenever the runner likes", RW_PLAN_MARK_SKIP, 3, 1, .reason = RW_PLAN_SKIPPED,
     .due_week = 3, .due_day = 1, .big = true},
    {"repeated", RW_PLAN_MARK_REPEAT, 3, 1, .reason = RW_PLAN_REPEATED, .due_week = 3,
     .due_day = 1},
    {"an emergency: the plan waits",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 2, ON(99), HELD, .is_emergency = true}},
     .reason = RW_PLAN_WAITS,
     .due_week = 1,
     .due_day = 2,
     .due = 101},
    {"an emergency in a run of ten seconds: the plan waits",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(99), HELD},
      {1, 2, ON(100), .session_ms = 10000, .planned_ms = 780000, .is_emergency = true}},
     .reason = RW_PLAN_WAITS,
     .due_week = 1,
     .due_day = 2,
     .due = 101},
    {"pain in the chest: no exercises are proposed",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 2, ON(99), HELD, .has_pain = true, .is_emergency = true}},
     .reason = RW_PLAN_WAITS,
     .due_week = 1,
     .due_day = 1,
     .due = 101},
    {"an emergency in another run: the plan waits",
     RW_PLAN_MARK_START,
     1,
     1,
     {{0, 0, ON(99), HELD, .is_emergency = true}},
     .reason = RW_PLAN_WAITS,
     .due_week = 1,
     .due_day = 1},
    {"a run after it is no answer",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 2, ON(98), HELD, .is_emergency = true}, {1, 2, ON(99), HELD}},
     .reason = RW_PLAN_WAITS,
     .due_week = 1,
     .due_day = 3,
     .due = 101},
    {"nor is a word to the plan", RW_PLAN_MARK_SKIP, 2, 1, .waits = true, .reason = RW_PLAN_WAITS,
     .due_week = 2, .due_day = 1},
    {"all is well: where it waited", RW_PLAN_MARK_WELL, 1, 2, .reason = RW_PLAN_WELL, .due_week = 1,
     .due_day = 2},
    {"the last one is done: the last week again",
     RW_PLAN_MARK_START,
     1,
     1,
     {{4, 3, ON(99), HELD}},
     .reason = RW_PLAN_OVER,
     .due_week = 4,
     .due_day = 1,
     .due = 101},
    {"and that again",
     RW_PLAN_MARK_START,
     1,
     1,
     {{4, 3, ON(97), HELD}, {4, 1, ON(99), HELD}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 4,
     .due_day = 2,
     .due = 101},
    {"done by a run that was erased", RW_PLAN_MARK_RAN, 1, 3, .reason = RW_PLAN_GOES_ON,
     .due_week = 2, .due_day = 1},
    {"a session that the file no longer has",
     RW_PLAN_MARK_START,
     9,
     1,
     {{9, 1, ON(99), HELD}},
     .reason = RW_PLAN_BEGINS,
     .due_week = 1,
     .due_day = 1},
    {"the latest of several runs decides",
     RW_PLAN_MARK_START,
     1,
     1,
     {{1, 1, ON(94), HELD, .rests = 9}, {1, 1, ON(96), HELD}, {1, 2, ON(98), HELD, .rests = 1}},
     .reason = RW_PLAN_GOES_ON,
     .due_week = 1,
     .due_day = 3,
     .number = 1,
     .due = 100},
};

static void row_check(const struct rw_plan *plan, const struct row *row)
{
    struct rw_plan_decision decision;
    struct rw_plan_history history = {
        .mark = row->mark,
        .week = row->week,
        .day = row->day,
        .marked = {true, 90},
        .runs = row->runs,
        .waits = row->waits,
    };
    /* A plan begun before all runs, so that only they date it. */
    history.marked.day = row->mark == RW_PLAN_MARK_START ? 40 : 90;
    while (history.count < RUNS_MAX && row->runs[history.count].planned_ms > 0) {
        history.count++;
    }
    struct rw_plan_date today = {row->today >= 0, row->today > 0 ? row->today : TODAY};
    rw_plan_decide(plan, &history, today, &decision);
    const struct rw_plan_session *due = &plan->sessions[decision.session];
    if (decision.reason != row->reason || due->week != row->due_week || due->day != row->due_day ||
        decision.number != row->number || decision.due.is_known != (row->due != 0) ||
        (row->due && decision.due.day != row->due) || decision.proposes_core != row->core ||
        decision.is_big_step != row->big) {
        fail_msg("%s:\n%s, week %u, day %u, number %u, due %d %d, core %d, big %d", row->name,
                 rw_plan_reason_name(decision.reason), due->week, due->day, decision.number,
                 decision.due.is_known, decision.due.day, decision.proposes_core,
                 decision.is_big_step);
    }
}

static void each_history_leads_to_its_decision(void **state)
{
    (void)state;
    struct rw_plan *plan = plan_read(four_weeks);
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        row_check(plan, &rows[i]);
    }
    rw_plan_destroy(plan);
}

static void the_rules_of_the_file_count(void **state)
{
    (void)state;
    struct rw_plan *plan =
        plan_read("name: Test\n"
                  "rules: {rests: 0, pause: 5, long-pause: 6, big-step: 100, core: planks}\n"
                  "weeks:\n"
                  "  - {times: 3, days: [{run: 3m}]}\n"
                  "  - days: [{run: 6m}]\n");
    struct rw_plan_run run = {3, 1, ON(95), HELD, .rests = 1};
    struct rw_plan_history history = {RW_PLAN_MARK_START, 1, 1, {true, 90}, &run, 1, false};
    struct rw_plan_decision decision;
    char text[RW_PLAN_WORDS_MAX];
    rw_plan_decide(plan, &history, (struct rw_plan_date){true, 99}, &decision);
    assert_int_equal(decision.reason, RW_PLAN_MANY_RESTS);
    run.rests = 0;
    rw_plan_decide(plan, &history, (struct rw_plan_date){true, 99}, &decision);
    assert_int_equal(decision.reason, RW_PLAN_GOES_ON);
    assert_false(decision.is_big_step);
    rw_plan_decide(plan, &history, (struct rw_plan_date){true, 100}, &decision);
    assert_int_equal(plan->sessions[decision.session].week, 3);
    rw_plan_decide(plan, &history, (struct rw_plan_date){true, 101}, &decision);
    assert_int_equal(plan->sessions[decision.session].week, 2);
    run.has_pain = true;
    rw_plan_decide(plan, &history, (struct rw_plan_date){true, 99}, &decision);
    assert_non_null(strstr(rw_plan_advise(plan, &decision, text), "`runwalk start planks`"));
    rw_plan_destroy(plan);
}

/* Whatever the history: only the plan's own next session, or the runner, makes a week harder. */
static void no_decision_adds_more_than_a_tenth_by_itself(void **state)
{
    (void)state;
    static const char *const names[] = {"beginner-9-week", "beginner-10-week", "bridge-5k-10k"};
    uint32_t random = 1;
    for (size_t n = 0; n < RW_COUNT(names); n++) {
        struct rw_plan *plan = plan_shipped(names[n]);
        for (int i = 0; i < 20000; i++) {
            random = random * 1664525u + 1013904223u;
            const struct rw_plan_session *done =
                &plan->sessions[(random >> 8) % plan->session_count];
            struct rw_plan_run run = {done->week,
                                      done->day,
                                      ON(100),
                                      HELD,
                                      .rests = random >> 16 & 3,
                                      .is_ended_early = random >> 20 & 1,
                                      .has_pain = random >> 21 & 1};
            struct rw_plan_history history = {RW_PLAN_MARK_START, 1, 1, {true, 90}, &run, 1, false};
            struct rw_plan_decision decision;
            rw_plan_decide(plan, &history,
                           (struct rw_plan_date){true, 100 + (int32_t)(random >> 24 & 63)},
                           &decision);
            if (decision.reason == RW_PLAN_GOES_ON) {
                continue;
            }
            uint64_t before = rw_plan_week_running_ms(plan, done->week);
            uint64_t after = rw_plan_week_running_ms(plan, plan->sessions[decision.session].week);
            bool is_next = decision.reason == RW_PLAN_OVER;
            assert_true(is_next || after * 10 <= before * 11);
        }
        rw_plan_destroy(plan);
    }
}

static void skip_and_repeat_move_by_one(void **state)
{
    (void)state;
    struct rw_plan *plan = plan_read(four_weeks);
    struct rw_plan_decision decision = {.reason = RW_PLAN_GOES_ON, .session = 4};
    assert_int_equal(rw_plan_skip(plan, &decision), 5);
    assert_int_equal(rw_plan_repeat(plan, &decision, false), 3);
    assert_int_equal(rw_plan_repeat(plan, &decision, true), 3);
    decision.session = 3; /* the first of the second week: its week is the one just done */
    assert_int_equal(rw_plan_repeat(plan, &decision, false), 2);
    assert_int_equal(rw_plan_repeat(plan, &decision, true), 0);
    decision = (struct rw_plan_decision){.reason = RW_PLAN_REPEATED, .session = 4};
    assert_int_equal(rw_plan_repeat(plan, &decision, false), 4);
    decision = (struct rw_plan_decision){.reason = RW_PLAN_BEGINS, .session = 0};
    assert_int_equal(rw_plan_repeat(plan, &decision, false), 0);
    decision.session = plan->session_count - 1;
    assert_int_equal(rw_plan_skip(plan, &decision), decision.session);
    rw_plan_destroy(plan);
}

static void each_decision_is_explained(void **state)
{
    (void)state;
    static const struct {
        struct rw_plan_decision decision;
        const char *why, *advice;
    } words[] = {
        {{.reason = RW_PLAN_BEGINS}, "The plan begins here.", ""},
        {{.reason = RW_PLAN_GOES_ON, .session = 1},
         "You completed week 1, day 1 without a rest: on it goes.",
         ""},
        {{.reason = RW_PLAN_GOES_ON, .session = 1, .number = 1},
         "You completed week 1, day 1 with 1 rest, which is fine: on it goes.",
         ""},
        {{.reason = RW_PLAN_GOES_ON,
          .session = 6,
          .done = 5,
          .is_big_step = true,
          .step_percent = 167},
         "You completed week 2, day 3 without a rest: on it goes.",
         "A big step: 167 % more running this week than in the one before. Run slowly; repeating "
         "a week is normal."},
        {{.reason = RW_PLAN_SKIPPED, .session = 6, .is_big_step = true},
         "You left out the session before this one.",
         "A big step: one run of 8 minutes, much longer than before. Run slowly; walk when you "
         "must."},
        {{.reason = RW_PLAN_MANY_RESTS, .session = 1, .done = 1, .number = 4},
         "You took 4 rests in week 1, day 2: the same again, until it takes 2 at most.",
         ""},
        {{.reason = RW_PLAN_ENDED_EARLY, .session = 1, .done = 1},
         "You ended week 1, day 2 early: the same again.",
         ""},
        {{.reason = RW_PLAN_PAIN, .session = 0, .done = 1, .proposes_core = true},
         "Something hurt at week 1, day 2: one step back.",
         "When it has calmed down, a strong middle helps: `runwalk start core-20-10`, three times "
         "a "
         "week."},
        {{.reason = RW_PLAN_PAIN}, "Something hurt at week 1, day 1: the same again, gently.", ""},
        {{.reason = RW_PLAN_PAUSE, .session = 3, .done = 6, .number = 16},
         "16 days without a run: back to week 2, and from there on again.",
         ""},
        {{.reason = RW_PLAN_PAUSE, .session = 0, .done = 1, .number = 16},
         "16 days without a run: week 1 again, from its start.",
         ""},
        {{.reason = RW_PLAN_REPEATED}, "You wanted this one again.", ""},
        {{.reason = RW_PLAN_WELL}, "All is well again: go on gently from here.", ""},
        {{.reason = RW_PLAN_OVER},
         "You have completed the plan: well done. Its last week keeps you where you are.",
         ""},
        {{.reason = RW_PLAN_WAITS},
         "You were dizzy, or your chest hurt: have it looked into. The plan waits until you say "
         "that all is well (`runwalk plan well`).",
         ""},
    };
    struct rw_plan *plan = plan_read(four_weeks);
    char text[RW_PLAN_WORDS_MAX];
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        assert_string_equal(rw_plan_explain(plan, &words[i].decision, text), words[i].why);
        assert_string_equal(rw_plan_advise(plan, &words[i].decision, text), words[i].advice);
    }
    rw_plan_destroy(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_history_leads_to_its_decision),
        cmocka_unit_test(the_rules_of_the_file_count),
        cmocka_unit_test(no_decision_adds_more_than_a_tenth_by_itself),
        cmocka_unit_test(skip_and_repeat_move_by_one),
        cmocka_unit_test(each_decision_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
