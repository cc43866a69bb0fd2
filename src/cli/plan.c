/* plan: the weeks of sessions, as files, and as a picture. */

#include "plan.h"

#include "load.h"
#include "plan_chart.h"
#include "runwalk/core/timeline.h"
#include "runwalk/paths/nearest.h"
#include "runwalk/plan/load.h"
#include "runwalk/profile/profile_file.h"
#include "terminal.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static const struct rw_plan_word words[] = {
    {"list", 0, 1, rw_plan_list},          {"show", 0, 1, rw_plan_show},
    {"start", 1, 1, rw_plan_start},        {"status", 0, 0, rw_plan_status},
    {"next", 0, 0, rw_plan_next},          {"skip", 0, 0, rw_plan_skip_due},
    {"repeat", 0, 1, rw_plan_repeat_done}, {"well", 0, 0, rw_plan_well},
    {"stop", 0, 0, rw_plan_stop},
};

const char *const *rw_plan_words(const struct rw_invocation *invocation, size_t *ret_count)
{
    *ret_count = invocation->arguments.word_count - 1;
    return invocation->arguments.words + 1;
}

enum rw_exit rw_verb_plan(const struct rw_invocation *invocation)
{
    const char *wanted = invocation->arguments.words[0];
    struct rw_nearest nearest;
    rw_nearest_init(&nearest, wanted);
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        size_t count = invocation->arguments.word_count - 1;
        rw_nearest_offer(&nearest, words[i].name);
        if (strcmp(words[i].name, wanted) != 0) {
            continue;
        }
        if (count < words[i].word_min || count > words[i].word_max) {
            return rw_fail(invocation, RW_EXIT_USAGE,
                           "`plan %s` takes %s; see `runwalk plan --help`", wanted,
                           count > words[i].word_max ? "fewer words" : "the name of a plan");
        }
        return words[i].run(invocation);
    }
    if (nearest.best) {
        return rw_fail(invocation, RW_EXIT_USAGE, "there is no `plan %s`; is `plan %s` meant?",
                       wanted, nearest.best);
    }
    return rw_fail(invocation, RW_EXIT_USAGE,
                   "there is no `plan %s`; `runwalk plan --help` shows what there is", wanted);
}

/* ---- files ---- */

enum rw_exit rw_plan_read(const struct rw_invocation *invocation, const struct rw_paths *paths,
                          const char *name, struct rw_plan **ret_plan)
{
    struct rw_profile_place place;
    char *problem = NULL;
    enum rw_exit exit = rw_load_plan_place(invocation, paths, name, &place);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    bool is_path = strcmp(place.name, place.path) == 0;
    enum rw_status status =
        rw_plan_load(paths, place.path, is_path ? name : place.path, ret_plan, &problem);
    if (status == RW_EINVALID && problem) {
        rw_print_clean(invocation->err, problem);
        exit = RW_EXIT_PROFILE;
    } else if (status != RW_OK) {
        bool is_of_file = status == RW_ELIMIT || status == RW_EINVALID;
        exit = rw_fail(invocation, is_of_file ? RW_EXIT_PROFILE : RW_EXIT_IO, "%s",
                       problem ? problem : "out of memory");
    }
    free(problem);
    rw_profile_place_finish(&place);
    return exit;
}

static json_t *list_json(const struct rw_profile_place *place, const struct rw_plan *plan)
{
    if (!plan) {
        return json_pack("{s:s, s:s, s:b}", "id", place->name, "path", place->path, "valid", 0);
    }
    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:I, s:I}", "id", place->name, "path", place->path,
                     "valid", 1, "name", plan->name, "summary", plan->summary ? plan->summary : "",
                     "weeks", (json_int_t)plan->week_count, "sessions",
                     (json_int_t)plan->session_count);
}

static void list_line(const struct rw_invocation *invocation, const struct rw_profile_place *place,
                      const struct rw_plan *plan, int width)
{
    char name[RW_PLACE_NAME_MAX + 1];
    char summary[400];
    rw_text_clean(place->name, name, sizeof name);
    fprintf(invocation->out, "%s%-*s%s", rw_style(invocation, RW_STYLE_STRONG), width, name,
            rw_style(invocation, RW_STYLE_PLAIN));
    if (!plan) {
        fputs("  (not valid: see `runwalk check`)\n", invocation->out);
        return;
    }
    rw_text_clean(plan->summary ? plan->summary : plan->name, summary, sizeof summary);
    fprintf(invocation->out, "  %2u week%s  %s\n", (unsigned)plan->week_count,
            plan->week_count == 1 ? " " : "s", summary);
}

enum rw_exit rw_plan_list(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_profile_place *list;
    size_t count;
    size_t word_count;
    int width = 0;
    size_t shown = 0;
    bool as_json = rw_arguments_has(&invocation->arguments, "json");
    const char *const *part = rw_plan_words(invocation, &word_count);
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    if (rw_paths_list_plans(paths, &list, &count) != RW_OK) {
        rw_paths_destroy(paths);
        return rw_fail(invocation, RW_EXIT_IO, "the plans cannot be listed");
    }
    for (size_t i = 0; i < count; i++) {
        width = (int)strlen(list[i].name) > width ? (int)strlen(list[i].name) : width;
    }
    json_t *entries = json_array();
    for (size_t i = 0; i < count; i++) {
        struct rw_plan *plan = NULL;
        char *problem = NULL;
        if (word_count > 0 && !strcasestr(list[i].name, part[0])) {
            continue;
        }
        if (rw_plan_load(paths, list[i].path, list[i].name, &plan, &problem) != RW_OK) {
            plan = NULL;
        }
        if (as_json) {
            json_array_append_new(entries, list_json(&list[i], plan));
        } else {
            list_line(invocation, &list[i], plan, width);
        }
        shown++;
        free(problem);
        rw_plan_destroy(plan);
    }
    if (as_json) {
        json_dumpf(entries, invocation->out, JSON_INDENT(2));
        fputc('\n', invocation->out);
    } else if (shown == 0) {
        exit = rw_fail(invocation, RW_EXIT_PROFILE, "there are no such plans");
    }
    json_decref(entries);
    rw_profile_list_free(list, count);
    rw_paths_destroy(paths);
    return exit;
}

enum rw_exit rw_plan_check(const struct rw_invocation *invocation, const struct rw_paths *paths,
                           const char *name)
{
    struct rw_plan *plan;
    enum rw_exit exit = rw_plan_read(invocation, paths, name, &plan);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    fprintf(invocation->out, "%s: fine. %u week%s, %u session%s.\n", name,
            (unsigned)plan->week_count, plan->week_count == 1 ? "" : "s",
            (unsigned)plan->session_count, plan->session_count == 1 ? "" : "s");
    for (uint32_t i = 0; i < plan->session_count; i++) {
        uint32_t percent = rw_plan_step_percent(plan, i);
        if (percent > plan->rules.big_step) {
            fprintf(invocation->out, "  week %u has %u %% more running than the one before\n",
                    (unsigned)plan->sessions[i].week, (unsigned)percent);
        } else if (rw_plan_is_big_step(plan, i)) {
            fprintf(invocation->out, "  week %u, day %u has a run twice as long as any before\n",
                    (unsigned)plan->sessions[i].week, (unsigned)plan->sessions[i].day);
        }
    }
    rw_plan_destroy(plan);
    return RW_EXIT_OK;
}

/* ---- the picture ---- */

/* A workout as blocks: what is done, and for how long. False: memory is short. */
static bool course_make(const struct rw_profile *profile, struct rw_plan_course *ret_course)
{
    uint32_t count = rw_profile_segment_count(profile);
    uint32_t stride = (count + RW_WATCH_BLOCKS_MAX - 1) / RW_WATCH_BLOCKS_MAX;
    struct rw_watch_block *blocks = calloc(RW_WATCH_BLOCKS_MAX, sizeof *blocks);
    struct rw_position position;
    size_t made = 0;
    if (!blocks) {
        return false;
    }
    for (uint32_t i = 0; i < count && rw_timeline_seek(profile, i, &position); i += stride) {
        struct rw_position after;
        bool has_after = rw_timeline_seek(profile, i + stride, &after);
        int64_t end = has_after ? after.start_ms : rw_profile_duration_ms(profile);
        blocks[made++] = (struct rw_watch_block){position.step->kind, position.start_ms,
                                                 end - position.start_ms};
    }
    *ret_course = (struct rw_plan_course){blocks, made};
    return true;
}

/* The courses of all workouts, each by the first session that has it. */
static enum rw_exit courses_make(const struct rw_invocation *invocation,
                                 const struct rw_paths *paths, const struct rw_plan *plan,
                                 struct rw_plan_course *courses)
{
    for (uint32_t i = 0; i < plan->session_count; i++) {
        struct rw_plan_course *course = &courses[plan->sessions[i].workout];
        struct rw_profile *profile = NULL;
        char *bytes = NULL;
        char *path = NULL;
        char *problem = NULL;
        size_t size;
        if (course->blocks) {
            continue;
        }
        enum rw_status status =
            rw_plan_session_load(paths, plan, i, &bytes, &size, &path, &problem);
        if (status == RW_OK) {
            status = rw_profile_parse(bytes, size, NULL, &profile);
        }
        bool made = status == RW_OK && course_make(profile, course);
        rw_profile_destroy(status == RW_OK ? profile : NULL);
        free(bytes);
        free(path);
        if (!made) {
            enum rw_exit exit = rw_fail(invocation, RW_EXIT_IO, "%s",
                                        problem ? problem : "a session cannot be read");
            free(problem);
            return exit;
        }
    }
    return RW_EXIT_OK;
}

static json_t *session_json(const struct rw_plan *plan, uint32_t session)
{
    const struct rw_plan_session *one = &plan->sessions[session];
    const struct rw_plan_workout *workout = rw_plan_workout_of(plan, session);
    return json_pack("{s:I, s:I, s:s?, s:s?, s:I, s:I, s:b}", "day", (json_int_t)one->day,
                     "weekday", (json_int_t)one->weekday + 1, "profile", workout->profile, "name",
                     workout->name, "duration_ms", (json_int_t)workout->duration_ms, "running_ms",
                     (json_int_t)workout->running_ms, "big_step",
                     (int)rw_plan_is_big_step(plan, session));
}

static json_t *plan_json(const struct rw_plan *plan)
{
    json_t *weeks = json_array();
    for (uint32_t i = 0; i < plan->week_count; i++) {
        const struct rw_plan_week *week = &plan->weeks[i];
        json_t *sessions = json_array();
        for (uint32_t j = week->first; j < week->first + week->count; j++) {
            json_array_append_new(sessions, session_json(plan, j));
        }
        json_array_append_new(weeks, json_pack("{s:I, s:s?, s:I, s:I, s:o}", "week",
                                               (json_int_t)i + 1, "note", week->note, "running_ms",
                                               (json_int_t)rw_plan_week_running_ms(plan, i + 1),
                                               "step_percent",
                                               (json_int_t)rw_plan_step_percent(plan, week->first),
                                               "sessions", sessions));
    }
    const struct rw_plan_rules *rules = &plan->rules;
    return json_pack("{s:s, s:s, s:{s:I, s:I, s:I, s:I, s:s}, s:o}", "name", plan->name, "summary",
                     plan->summary ? plan->summary : "", "rules", "rests", (json_int_t)rules->rests,
                     "pause_days", (json_int_t)rules->pause_days, "long_pause_days",
                     (json_int_t)rules->long_days, "big_step_percent", (json_int_t)rules->big_step,
                     "core", rules->core, "weeks", weeks);
}

/* SESSION is what is due; -1: nobody follows the plan. */
static enum rw_exit plan_draw(const struct rw_invocation *invocation, const struct rw_paths *paths,
                              const struct rw_plan *plan, int64_t session)
{
    struct rw_plan_course *courses = calloc(plan->workout_count, sizeof *courses);
    struct rw_plan_picture picture = {
        .plan = plan,
        .courses = courses,
        .has_due = session >= 0 && session < plan->session_count,
        .due = session >= 0 ? (uint32_t)session : 0,
    };
    struct rw_canvas *canvas = NULL;
    enum rw_exit exit = courses ? courses_make(invocation, paths, plan, courses)
                                : rw_fail(invocation, RW_EXIT_IO, "out of memory");
    if (exit == RW_EXIT_OK) {
        unsigned columns = 80;
        unsigned rows;
        if (invocation->is_terminal) {
            rw_terminal_size(fileno(invocation->out), &columns, &rows);
        }
        canvas = rw_plan_draw(&picture, columns);
        exit = canvas ? RW_EXIT_OK : rw_fail(invocation, RW_EXIT_IO, "out of memory");
    }
    if (canvas) {
        bool ascii = rw_arguments_has(&invocation->arguments, "ascii") || rw_terminal_is_ascii();
        rw_canvas_print(canvas, invocation->out, invocation->is_terminal && invocation->can_draw,
                        invocation->palette, ascii);
    }
    rw_canvas_destroy(canvas);
    for (uint32_t i = 0; courses && i < plan->workout_count; i++) {
        free(courses[i].blocks);
    }
    free(courses);
    return exit;
}

/* Which plan is to be shown: NAME, or the one that is followed, with what is due in it. */
static enum rw_exit shown_find(const struct rw_invocation *invocation, char *name, size_t size,
                               int64_t *ret_session)
{
    size_t count;
    bool follows = false;
    uint32_t session = 0;
    const char *const *names = rw_plan_words(invocation, &count);
    if (count > 0) {
        snprintf(name, size, "%s", names[0]);
        return RW_EXIT_OK;
    }
    enum rw_exit exit = rw_plan_due(invocation, name, size, &follows, &session);
    if (exit == RW_EXIT_OK && !follows) {
        return rw_fail(invocation, RW_EXIT_REFUSED,
                       "no plan is followed; name one: `runwalk plan show beginner-9-week`");
    }
    *ret_session = session;
    return exit;
}

enum rw_exit rw_plan_show(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_plan *plan;
    char name[4096];
    int64_t session = -1;
    enum rw_exit exit = shown_find(invocation, name, sizeof name, &session);
    if (exit == RW_EXIT_OK) {
        exit = rw_load_paths(invocation, &paths);
    }
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_plan_read(invocation, paths, name, &plan);
    if (exit == RW_EXIT_OK) {
        if (rw_arguments_has(&invocation->arguments, "json")) {
            json_t *object = plan_json(plan);
            json_dumpf(object, invocation->out, JSON_INDENT(2));
            fputc('\n', invocation->out);
            json_decref(object);
        } else {
            exit = plan_draw(invocation, paths, plan, session);
        }
        rw_plan_destroy(plan);
    }
    rw_paths_destroy(paths);
    return exit;
}
