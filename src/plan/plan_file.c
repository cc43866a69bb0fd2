#include "runwalk/plan/plan_file.h"

#include "keys.h"
#include "runwalk/profile/profile_file.h"
#include "runwalk/yaml/duration.h"
#include "runwalk/yaml/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Levels of YAML around a session that stands in place. */
#define DEPTH_AROUND     5u
#define WARMUP_MS        300000u /* when left out */
#define COOLDOWN_MS      300000u
#define TEXT_MAX         512
#define PROFILE_TEXT_MAX 255u /* as many bytes as a name in the lists has */

struct reader {
    struct rw_yaml *yaml;
    struct rw_plan *plan;
    bool is_out_of_memory;
};

static char *copy(struct reader *reader, const char *text)
{
    char *made = text ? strdup(text) : NULL;
    reader->is_out_of_memory |= text && !made;
    return made;
}

/* Refuses what stands in VALUES beside ALLOWED, a bit for each key of a day. */
static bool day_keys_check(struct reader *reader, const struct rw_yaml_node *const *values,
                           unsigned allowed, const char *what)
{
    bool is_fine = true;
    for (unsigned i = 0; i < DAY_KEY_COUNT; i++) {
        if (values[i] && !(allowed & 1u << i)) {
            rw_yaml_error(reader->yaml, values[i]->key, "\"%s\" does not go with \"%s\"",
                          rw_plan_day_keys[i].name, what);
            is_fine = false;
        }
    }
    return is_fine;
}

/* Takes the profile BYTES, which are given away, for WORKOUT; they come from NODE. */
static void bytes_take(struct reader *reader, const struct rw_yaml_node *node, char *bytes,
                       size_t size, struct rw_plan_workout *workout)
{
    struct rw_profile *profile;
    enum rw_status status = bytes ? rw_profile_parse(bytes, size, NULL, &profile) : RW_EMEMORY;
    workout->bytes = bytes;
    workout->size = size;
    if (status == RW_OK) {
        rw_plan_workout_measure(workout, profile);
        rw_profile_destroy(profile);
    } else if (status == RW_EMEMORY) {
        reader->is_out_of_memory = true;
    } else {
        rw_yaml_error(reader->yaml, node, "this session lasts longer than 24 h");
    }
}

static void named_read(struct reader *reader, const struct rw_yaml_node *const *values,
                       struct rw_plan_workout *workout)
{
    const unsigned allowed = 1u << DAY_PROFILE | 1u << DAY_NAME | 1u << DAY_REPEAT;
    const char *profile = NULL;
    const char *name = NULL;
    int64_t repeat = 0;
    day_keys_check(reader, values, allowed, "profile");
    rw_yaml_text(reader->yaml, values[DAY_PROFILE], PROFILE_TEXT_MAX, &profile);
    rw_yaml_text(reader->yaml, values[DAY_NAME], RW_PROFILE_NAME_MAX, &name);
    rw_yaml_integer(reader->yaml, values[DAY_REPEAT], 1, RW_REPEAT_COUNT_MAX, &repeat);
    workout->profile = copy(reader, profile);
    workout->name = copy(reader, name);
    workout->repeat = (uint32_t)repeat;
}

static void session_read(struct reader *reader, const struct rw_yaml_node *const *values,
                         struct rw_plan_workout *workout)
{
    const struct rw_yaml_node *node = values[DAY_SESSION];
    struct rw_profile *profile;
    size_t size = 0;
    if (!day_keys_check(reader, values, 1u << DAY_SESSION, "session")) {
        return;
    }
    enum rw_status status = rw_profile_read(reader->yaml, node, &profile);
    reader->is_out_of_memory |= status == RW_EMEMORY;
    if (status == RW_OK) {
        workout->name = copy(reader, rw_profile_name(profile));
        rw_profile_destroy(profile);
        char *bytes = rw_yaml_write(node, NULL, 0, &size);
        bytes_take(reader, node, bytes, size, workout);
    }
}

/* Writes the profile of runs and walks in turn; NULL when memory is short. */
static char *turns_write(const uint32_t ms[DAY_KEY_COUNT], uint32_t repeat, const char *name,
                         size_t *ret_size)
{
    static const enum day_key keys[] = {DAY_WARMUP, DAY_RUN, DAY_WALK, DAY_COOLDOWN};
    char length[DAY_KEY_COUNT][RW_DURATION_TEXT_MAX];
    char text[TEXT_MAX];
    char *bytes = NULL;
    for (size_t i = 0; i < RW_COUNT(keys); i++) {
        rw_duration_format(ms[keys[i]], length[keys[i]]);
    }
    int used = snprintf(text, sizeof text, "{name: Run, steps: [");
    if (ms[DAY_WARMUP] > 0) {
        used +=
            snprintf(text + used, sizeof text - (size_t)used, "{warmup: %s}, ", length[DAY_WARMUP]);
    }
    if (repeat > 1) {
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "{repeat: %u, skip-last: walk, steps: [{run: %s}, {walk: %s}]}",
                         (unsigned)repeat, length[DAY_RUN], length[DAY_WALK]);
    } else {
        used += snprintf(text + used, sizeof text - (size_t)used, "{run: %s}", length[DAY_RUN]);
    }
    if (ms[DAY_COOLDOWN] > 0) {
        used += snprintf(text + used, sizeof text - (size_t)used, ", {cooldown: %s}",
                         length[DAY_COOLDOWN]);
    }
    used += snprintf(text + used, sizeof text - (size_t)used, "]}\n");
    enum rw_status status = rw_profile_vary(text, (size_t)used, name, 0, &bytes, ret_size);
    return status == RW_OK ? bytes : NULL;
}

static void turns_read(struct reader *reader, const struct rw_yaml_node *node,
                       const struct rw_yaml_node *const *values, struct rw_plan_workout *workout)
{
    const unsigned allowed = ~(1u << DAY_PROFILE | 1u << DAY_SESSION);
    uint32_t ms[DAY_KEY_COUNT] = {[DAY_WARMUP] = WARMUP_MS, [DAY_COOLDOWN] = COOLDOWN_MS};
    const char *name = NULL;
    int64_t repeat = 1;
    struct rw_yaml *yaml = reader->yaml;
    bool is_sound = day_keys_check(reader, values, allowed, "run");
    is_sound &=
        rw_yaml_duration(yaml, values[DAY_RUN], RW_SEGMENT_MS_MIN, RW_SESSION_MS_MAX, &ms[DAY_RUN]);
    is_sound &= !values[DAY_WALK] || rw_yaml_duration(yaml, values[DAY_WALK], RW_SEGMENT_MS_MIN,
                                                      RW_SESSION_MS_MAX, &ms[DAY_WALK]);
    is_sound &= !values[DAY_REPEAT] ||
                rw_yaml_integer(yaml, values[DAY_REPEAT], 1, RW_REPEAT_COUNT_MAX, &repeat);
    for (enum day_key key = DAY_WARMUP; key <= DAY_COOLDOWN; key++) {
        if (rw_yaml_is_off(values[key])) {
            ms[key] = 0;
        } else {
            is_sound &= !values[key] || rw_yaml_duration(yaml, values[key], RW_SEGMENT_MS_MIN,
                                                         RW_SESSION_MS_MAX, &ms[key]);
        }
    }
    rw_yaml_text(yaml, values[DAY_NAME], RW_PROFILE_NAME_MAX, &name);
    if (is_sound && (repeat > 1) != (values[DAY_WALK] != NULL)) {
        rw_yaml_error(yaml, repeat > 1 ? values[DAY_REPEAT]->key : values[DAY_WALK]->key,
                      repeat > 1 ? "several runs need a \"walk\" between them"
                                 : "a \"walk\" stands between runs: say with \"repeat\" how many");
        return;
    }
    if (is_sound) {
        size_t size = 0;
        char *bytes = turns_write(ms, (uint32_t)repeat, name ? name : reader->plan->name, &size);
        workout->name = copy(reader, name);
        bytes_take(reader, node, bytes, size, workout);
    }
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The number of WORKOUT in the list, which takes it, or has one like it. */
static uint32_t workout_add(struct reader *reader, const struct rw_yaml_node *node,
                            struct rw_plan_workout *workout)
{
    struct rw_plan *plan = reader->plan;
    for (uint32_t i = 0; i < plan->workout_count && workout->profile; i++) {
        const struct rw_plan_workout *other = &plan->workouts[i];
        if (is_same(other->profile, workout->profile) && is_same(other->name, workout->name) &&
            other->repeat == workout->repeat) {
            free(workout->profile);
            free(workout->name);
            return i;
        }
    }
    if (plan->workout_count == RW_PLAN_WORKOUTS_MAX) {
        rw_yaml_error(reader->yaml, node, "a plan has at most %u different sessions",
                      RW_PLAN_WORKOUTS_MAX);
        free(workout->profile);
        free(workout->name);
        free(workout->bytes);
        return 0;
    }
    plan->workouts[plan->workout_count] = *workout;
    return plan->workout_count++;
}

static uint32_t known_count(const struct rw_yaml_node *const *values)
{
    uint32_t count = 0;
    for (size_t i = 0; i < DAY_KEY_COUNT; i++) {
        count += values[i] != NULL;
    }
    return count;
}

enum day { DAY_OF_REST, DAY_OF_SESSION, DAY_WRONG };

/* Reads NODE; of a session *ret_workout is its number. */
static enum day day_read(struct reader *reader, const struct rw_yaml_node *node,
                         uint32_t *ret_workout)
{
    const struct rw_yaml_node *values[DAY_KEY_COUNT];
    struct rw_yaml *yaml = reader->yaml;
    struct rw_plan_workout workout = {.place = {node->line, node->column, node->width}};
    if (node->type == RW_YAML_SCALAR) {
        if (strcmp(node->text, "rest") == 0) {
            return DAY_OF_REST;
        }
        rw_yaml_error(yaml, node,
                      "a day is \"rest\" or a session; for a profile write \"profile: NAME\"");
        return DAY_WRONG;
    }
    if (!rw_yaml_fields(yaml, node, "a day", rw_plan_day_keys, DAY_KEY_COUNT, values)) {
        return DAY_WRONG;
    }
    if (values[DAY_PROFILE] && values[DAY_SESSION]) {
        rw_yaml_error(yaml, values[DAY_SESSION]->key,
                      "a day has one session, but here are \"profile\" and \"session\"");
        return DAY_WRONG;
    }
    if (values[DAY_PROFILE]) {
        named_read(reader, values, &workout);
    } else if (values[DAY_SESSION]) {
        session_read(reader, values, &workout);
    } else if (values[DAY_RUN]) {
        turns_read(reader, node, values, &workout);
    } else {
        /* An unknown key, reported already, is more likely one of these mistyped. */
        if (known_count(values) == node->count) {
            rw_yaml_error(yaml, node, "a day needs one of: profile, session, run; or is \"rest\"");
        }
        return DAY_WRONG;
    }
    *ret_workout = workout_add(reader, node, &workout);
    return DAY_OF_SESSION;
}

/* Reads the days of one week as the plan's next week. */
static void days_read(struct reader *reader, const struct rw_yaml_node *node)
{
    struct rw_plan *plan = reader->plan;
    struct rw_plan_week *week = &plan->weeks[plan->week_count];
    uint32_t weekday = 0;
    week->first = plan->session_count;
    if (!rw_yaml_is_sequence(reader->yaml, node, "\"days\"")) {
        return;
    }
    if (node->count > RW_PLAN_WEEK_DAYS) {
        rw_yaml_error(reader->yaml, node, "a week has at most %u days", RW_PLAN_WEEK_DAYS);
        return;
    }
    bool is_sound = true;
    for (const struct rw_yaml_node *item = node->first; item; item = item->next, weekday++) {
        uint32_t workout = 0;
        enum day day = item->type == RW_YAML_BAD ? DAY_WRONG : day_read(reader, item, &workout);
        if (day == DAY_OF_SESSION) {
            plan->sessions[plan->session_count++] =
                (struct rw_plan_session){plan->week_count + 1, ++week->count, weekday, workout};
        }
        is_sound &= day != DAY_WRONG;
    }
    if (week->count == 0 && is_sound) {
        rw_yaml_error(reader->yaml, node, "a week needs at least one session");
    }
}

/* The week that was read last comes once more. */
static void week_repeat(struct reader *reader)
{
    struct rw_plan *plan = reader->plan;
    const struct rw_plan_week *last = &plan->weeks[plan->week_count - 1];
    struct rw_plan_week *week = &plan->weeks[plan->week_count++];
    *week = (struct rw_plan_week){copy(reader, last->note), plan->session_count, last->count};
    for (uint32_t i = 0; i < last->count; i++) {
        struct rw_plan_session *session = &plan->sessions[plan->session_count++];
        *session = plan->sessions[last->first + i];
        session->week = plan->week_count;
    }
}

/* False: there are too many weeks; reported. */
static bool week_read(struct reader *reader, const struct rw_yaml_node *node)
{
    const struct rw_yaml_node *values[WEEK_KEY_COUNT];
    struct rw_plan *plan = reader->plan;
    const char *note = NULL;
    int64_t times = 1;
    if (!rw_yaml_fields(reader->yaml, node, "a week", rw_plan_week_keys, WEEK_KEY_COUNT, values)) {
        return true;
    }
    rw_yaml_integer(reader->yaml, values[WEEK_TIMES], 1, RW_PLAN_WEEKS_MAX, &times);
    rw_yaml_text(reader->yaml, values[WEEK_NOTE], RW_PLAN_NOTE_MAX, &note);
    if (plan->week_count + times > RW_PLAN_WEEKS_MAX) {
        rw_yaml_error(reader->yaml, node, "with this the plan has more than %u weeks",
                      RW_PLAN_WEEKS_MAX);
        return false;
    }
    days_read(reader, values[WEEK_DAYS]);
    plan->weeks[plan->week_count++].note = copy(reader, note);
    for (int64_t i = 1; i < times; i++) {
        week_repeat(reader);
    }
    return true;
}

static void weeks_read(struct reader *reader, const struct rw_yaml_node *node)
{
    if (!rw_yaml_is_sequence(reader->yaml, node, "\"weeks\"")) {
        return;
    }
    if (node->count == 0) {
        rw_yaml_error(reader->yaml, node, "\"weeks\" needs at least one week");
    }
    for (const struct rw_yaml_node *week = node->first; week; week = week->next) {
        if (!week_read(reader, week)) {
            return;
        }
    }
}

static void rules_read(struct reader *reader, const struct rw_yaml_node *node)
{
    const struct rw_yaml_node *values[RULE_KEY_COUNT];
    struct rw_yaml *yaml = reader->yaml;
    int64_t rests = RW_PLAN_RESTS_DEFAULT;
    int64_t pause = RW_PLAN_PAUSE_DEFAULT;
    int64_t long_pause = RW_PLAN_LONG_DEFAULT;
    int64_t big_step = RW_PLAN_STEP_DEFAULT;
    const char *core = RW_PLAN_CORE_DEFAULT;
    if (node &&
        rw_yaml_fields(yaml, node, "\"rules\"", rw_plan_rule_keys, RULE_KEY_COUNT, values)) {
        rw_yaml_integer(yaml, values[RULE_RESTS], 0, RW_PLAN_RESTS_MAX, &rests);
        bool says_pause = rw_yaml_integer(yaml, values[RULE_PAUSE], 1, RW_PLAN_PAUSE_MAX, &pause);
        bool says_long =
            rw_yaml_integer(yaml, values[RULE_LONG_PAUSE], 1, RW_PLAN_PAUSE_MAX, &long_pause);
        rw_yaml_integer(yaml, values[RULE_BIG_STEP], 1, RW_PLAN_BIG_STEP_MAX, &big_step);
        rw_yaml_text(yaml, values[RULE_CORE], PROFILE_TEXT_MAX, &core);
        if (says_pause && !says_long && long_pause <= pause) {
            long_pause = 2 * pause;
        }
        if (long_pause <= pause) {
            rw_yaml_error(yaml, values[RULE_LONG_PAUSE],
                          "\"long-pause\" is longer than \"pause\", which is %lld days",
                          (long long)pause);
        }
    }
    reader->plan->rules = (struct rw_plan_rules){
        .rests = (uint32_t)rests,
        .pause_days = (uint32_t)pause,
        .long_days = (uint32_t)long_pause,
        .big_step = (uint32_t)big_step,
        .core = copy(reader, core),
    };
}

static void plan_read(struct reader *reader)
{
    const struct rw_yaml_node *values[PLAN_KEY_COUNT];
    struct rw_yaml *yaml = reader->yaml;
    const char *name = "Plan"; /* where it has none, which is an error */
    const char *summary = NULL;
    if (!rw_yaml_fields(yaml, rw_yaml_root(yaml), "a plan", rw_plan_keys, PLAN_KEY_COUNT, values)) {
        return;
    }
    rw_yaml_text(yaml, values[PLAN_NAME], RW_PLAN_NAME_MAX, &name);
    rw_yaml_text(yaml, values[PLAN_SUMMARY], RW_PLAN_SUMMARY_MAX, &summary);
    reader->plan->name = copy(reader, name);
    reader->plan->summary = copy(reader, summary);
    rules_read(reader, values[PLAN_RULES]);
    if (values[PLAN_WEEKS] && reader->plan->name) {
        weeks_read(reader, values[PLAN_WEEKS]);
    }
}

static struct rw_plan *plan_create(void)
{
    struct rw_plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        return NULL;
    }
    plan->workouts = calloc(RW_PLAN_WORKOUTS_MAX, sizeof *plan->workouts);
    plan->weeks = calloc(RW_PLAN_WEEKS_MAX, sizeof *plan->weeks);
    plan->sessions = calloc(RW_PLAN_SESSIONS_MAX, sizeof *plan->sessions);
    if (!plan->workouts || !plan->weeks || !plan->sessions) {
        rw_plan_destroy(plan);
        return NULL;
    }
    return plan;
}

enum rw_status rw_plan_parse(const char *bytes, size_t size, struct rw_diagnostics *diagnostics,
                             struct rw_plan **ret_plan)
{
    struct rw_yaml_limits limits = rw_yaml_limits_default;
    struct reader reader = {0};
    limits.bytes = RW_PLAN_BYTES_MAX;
    limits.depth += DEPTH_AROUND;
    enum rw_status status = rw_yaml_create(bytes, size, &limits, diagnostics, &reader.yaml);
    if (status != RW_OK) {
        return status;
    }
    reader.plan = plan_create();
    reader.is_out_of_memory = !reader.plan;
    if (reader.plan) {
        plan_read(&reader);
    }
    status = reader.is_out_of_memory ? RW_EMEMORY : rw_yaml_status(reader.yaml);
    rw_yaml_destroy(reader.yaml);
    if (status != RW_OK) {
        rw_plan_destroy(reader.plan);
        return status;
    }
    *ret_plan = reader.plan;
    return RW_OK;
}
