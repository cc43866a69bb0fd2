/* The methods about plans: where the runner stands in one, and starting what is due. The store is
 * read on another thread, so most of these answers come later. */
#include "handlers.h"
#include "runwalk/plan/load.h"
#include "runwalk/profile/profile_file.h"
#include "standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a question about the course is for. */
enum purpose {
    PURPOSE_STATUS,
    PURPOSE_CHOOSE, /* what is due */
    PURPOSE_START,  /* what is due */
    PURPOSE_SKIP,
    PURPOSE_REPEAT,
    PURPOSE_WELL,
};

static void course_answered(void *context, const struct rw_question *question,
                            const struct rw_question_answer *told);

static void ask(struct rw_daemon *daemon, struct rw_question *question, struct rw_answer *answer)
{
    question->answered = course_answered;
    question->context = daemon;
    if (!daemon->diary.journal || rw_journal_ask(daemon->diary.journal, question) != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_BUSY, "too many questions wait for the disk");
        return;
    }
    answer->is_later = true;
}

static struct rw_question question_make(struct rw_daemon *daemon, const struct rw_call *call,
                                        enum rw_question_kind kind, enum purpose purpose)
{
    struct rw_question question = {
        .kind = kind,
        .client = call->is_answered ? call->client : 0,
        .request = {.purpose = (int)purpose},
    };
    memcpy(question.request.source, daemon->diary.source, sizeof question.request.source);
    return question;
}

/* A question that says MARK to the plan ID, about the session DAY of WEEK. */
static void mark_set(struct rw_question *question, enum rw_plan_mark mark, const char *id,
                     uint32_t week, uint32_t day)
{
    question->kind = RW_QUESTION_MARK;
    question->request.purpose = PURPOSE_STATUS;
    question->course = (struct rw_course){.week = week, .day = day};
    snprintf(question->course.mark, sizeof question->course.mark, "%s", rw_plan_mark_name(mark));
    snprintf(question->course.plan, sizeof question->course.plan, "%s", id);
}

/* ---- what comes later ---- */

static void plan_refuse(struct rw_answer *answer, const char *id, enum rw_status status,
                        char *problem)
{
    if (status == RW_EINVALID || status == RW_ELIMIT) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PLAN, "the plan %s has errors", id);
        rw_error_add(&answer->error, "diagnostics", rw_json_text(problem ? problem : ""));
    } else {
        rw_answer_refuse(answer,
                         status == RW_ENOENT ? RW_REASON_UNKNOWN_PLAN : RW_REASON_UNREADABLE, "%s",
                         problem ? problem : "the plan cannot be read");
    }
    free(problem);
}

static void say(struct rw_daemon *daemon, const struct rw_words *words)
{
    if (rw_coach_say(daemon->coach, rw_boot_now(), words) != RW_OK) {
        rw_log_write(&daemon->log, RW_LOG_DEBUG, "there is no room for a word about the plan");
    }
}

/* Answers with the status of the run, and where the plan stands. */
static void session_answer(struct rw_daemon *daemon, const struct rw_standing *standing,
                           enum rw_status status, struct rw_answer *answer)
{
    rw_answer_command(daemon, status, answer);
    if (!answer->refused) {
        json_object_set_new(answer->result, "due", rw_standing_json(standing));
    }
}

/* Makes what is due the chosen profile; false when ANSWER has been refused. */
static bool due_take(struct rw_daemon *daemon, const struct rw_standing *standing,
                     struct rw_answer *answer)
{
    const struct rw_plan_decision *decision = &standing->decision;
    const struct rw_plan_session *session = &standing->plan->sessions[decision->session];
    struct rw_profile_place place = {0};
    struct rw_profile *profile;
    char *bytes = NULL;
    size_t size;
    char *problem = NULL;
    enum rw_status status = rw_plan_session_load(daemon->paths, standing->plan, decision->session,
                                                 &bytes, &size, &place.path, &problem);
    if (status == RW_OK) {
        status = rw_profile_parse(bytes, size, NULL, &profile);
    }
    if (status != RW_OK) {
        free(bytes);
        free(place.path);
        plan_refuse(answer, standing->id, status, problem);
        return false;
    }
    place.name = strdup(standing->id);
    if (!rw_session_take(daemon, &place, profile, bytes, size, false, answer)) {
        return false;
    }
    daemon->part = (struct rw_plan_part){.week = session->week, .day = session->day};
    snprintf(daemon->part.plan, sizeof daemon->part.plan, "%s", standing->id);
    return true;
}

static void due_go(struct rw_daemon *daemon, const struct rw_standing *standing,
                   const struct rw_course_request *request, struct rw_answer *answer)
{
    static const struct rw_words waits = {.saying = RW_SAY_PLAN_WAITS};
    static const struct rw_words none = {.saying = RW_SAY_NO_PLAN};
    if (rw_daemon_is_run_on(daemon) && !request->replaces) {
        rw_answer_refuse(answer, RW_REASON_RUN_ACTIVE,
                         "a run is on: stop it first, or ask to replace it");
        return;
    }
    if (!standing->plan) {
        say(daemon, &none);
        rw_answer_refuse(answer, RW_REASON_NO_PLAN,
                         "no plan is followed; `runwalk plan start PLAN` begins one");
        return;
    }
    if (standing->waits) {
        char why[RW_PLAN_WORDS_MAX];
        say(daemon, &waits);
        rw_answer_refuse(answer, RW_REASON_PLAN_WAITS, "%s",
                         rw_plan_explain(standing->plan, &standing->decision, why));
        return;
    }
    if (!due_take(daemon, standing, answer)) {
        return;
    }
    struct rw_words words = rw_standing_words(standing);
    if (request->purpose == PURPOSE_START) {
        snprintf(daemon->intro_name, sizeof daemon->intro_name, "%s", words.text);
        daemon->intro = words;
        daemon->intro.text = daemon->intro_name;
        daemon->has_intro = true;
        enum rw_status status = rw_session_start(daemon, rw_boot_now() + request->in);
        session_answer(daemon, standing, status, answer);
        return;
    }
    if (request->speaks) {
        say(daemon, &words);
    }
    session_answer(daemon, standing, RW_OK, answer);
}

/* Says to the plan what REQUEST asks for; the answer comes from the course as it is then. */
static void standing_move(struct rw_daemon *daemon, const struct rw_standing *standing,
                          struct rw_question *question, struct rw_answer *answer)
{
    const struct rw_plan_decision *decision = &standing->decision;
    enum purpose purpose = (enum purpose)question->request.purpose;
    uint32_t session = decision->session;
    enum rw_plan_mark mark = RW_PLAN_MARK_WELL;
    if (!standing->plan && purpose != PURPOSE_WELL) {
        rw_answer_refuse(answer, RW_REASON_NO_PLAN,
                         "no plan is followed; `runwalk plan start PLAN` begins one");
        return;
    }
    if (purpose == PURPOSE_SKIP) {
        mark = RW_PLAN_MARK_SKIP;
        session = rw_plan_skip(standing->plan, decision);
        if (session == decision->session) {
            rw_answer_refuse(answer, RW_REASON_LIMIT, "this is the plan's last session");
            return;
        }
    } else if (purpose == PURPOSE_REPEAT) {
        mark = RW_PLAN_MARK_REPEAT;
        session = rw_plan_repeat(standing->plan, decision, question->request.week);
    } else if (!standing->waits) {
        answer->result = rw_standing_json(standing); /* all was well already */
        return;
    }
    if (standing->plan) {
        mark_set(question, mark, standing->id, standing->plan->sessions[session].week,
                 standing->plan->sessions[session].day);
    } else {
        mark_set(question, mark, standing->id, standing->week, standing->day);
    }
    ask(daemon, question, answer);
}

static void standing_answer(struct rw_daemon *daemon, const struct rw_question *question,
                            const struct rw_standing *standing, struct rw_answer *answer)
{
    struct rw_question next = *question;
    switch ((enum purpose)question->request.purpose) {
    case PURPOSE_STATUS:
        answer->result = rw_standing_json(standing);
        break;
    case PURPOSE_CHOOSE:
    case PURPOSE_START:
        due_go(daemon, standing, &question->request, answer);
        break;
    case PURPOSE_SKIP:
    case PURPOSE_REPEAT:
    case PURPOSE_WELL:
        standing_move(daemon, standing, &next, answer);
        break;
    }
}

static void answer_send(struct rw_daemon *daemon, uint64_t client, struct rw_answer *answer)
{
    if (!answer->is_later || answer->refused) {
        if (!answer->refused && !answer->result) {
            rw_answer_refuse(answer, RW_REASON_INTERNAL, "memory is short");
        }
        rw_server_answer(daemon->server, client, answer->result,
                         answer->refused ? &answer->error : NULL);
    }
    json_decref(answer->result);
    rw_error_finish(&answer->error);
}

static void course_answered(void *context, const struct rw_question *question,
                            const struct rw_question_answer *told)
{
    struct rw_daemon *daemon = context;
    struct rw_answer answer = {0};
    struct rw_standing standing = {0};
    struct rw_wall wall;
    char *problem = NULL;
    if (!daemon->server) {
        return;
    }
    rw_wall_read(&wall);
    memcpy(daemon->diary.source, question->request.source, sizeof daemon->diary.source);
    if (told->status != RW_OK) {
        rw_answer_refuse(&answer, RW_REASON_UNREADABLE, "the history cannot be read: %s",
                         told->problem);
    } else {
        enum rw_status status =
            rw_standing_read(daemon->paths, told->json, &wall, &standing, &problem);
        /* All is well also when the plan's file is not. */
        if (status == RW_OK || (standing.id[0] && question->request.purpose == PURPOSE_WELL)) {
            free(problem);
            standing_answer(daemon, question, &standing, &answer);
        } else {
            plan_refuse(&answer, standing.id, status, problem);
        }
    }
    rw_standing_finish(&standing);
    answer_send(daemon, question->client, &answer);
    daemon->diary.source[0] = '\0';
    rw_daemon_rearm(daemon);
}

/* ---- the methods ---- */

void rw_handle_plan_list(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    struct rw_profile_place *list;
    size_t count;
    if (rw_paths_list_plans(daemon->paths, &list, &count) != RW_OK) {
        rw_answer_command(daemon, RW_EMEMORY, answer);
        return;
    }
    answer->result = rw_places_json("plans", list, count, call);
    rw_profile_list_free(list, count);
}

static void course_ask(struct rw_daemon *daemon, const struct rw_call *call, enum purpose purpose,
                       struct rw_answer *answer)
{
    struct rw_question question = question_make(daemon, call, RW_QUESTION_COURSE, purpose);
    question.request.replaces = rw_param_flag(call, "replace");
    question.request.speaks = rw_param_flag(call, "speak");
    question.request.week = rw_param_flag(call, "week");
    question.request.in = rw_param_ms(call, "in_ms");
    ask(daemon, &question, answer);
}

void rw_handle_plan_status(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    course_ask(daemon, call, PURPOSE_STATUS, answer);
}

void rw_handle_plan_skip(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    course_ask(daemon, call, PURPOSE_SKIP, answer);
}

void rw_handle_plan_repeat(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    course_ask(daemon, call, PURPOSE_REPEAT, answer);
}

void rw_handle_plan_well(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    course_ask(daemon, call, PURPOSE_WELL, answer);
}

void rw_plan_choose_next(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    course_ask(daemon, call, PURPOSE_CHOOSE, answer);
}

void rw_plan_start_next(struct rw_daemon *daemon, const struct rw_call *call,
                        struct rw_answer *answer)
{
    course_ask(daemon, call, PURPOSE_START, answer);
}

void rw_handle_plan_start(struct rw_daemon *daemon, const struct rw_call *call,
                          struct rw_answer *answer)
{
    struct rw_plan *plan;
    char *problem = NULL;
    const char *id = rw_param_text(call, "plan");
    uint32_t week = (uint32_t)rw_param_count(call, "week");
    enum rw_status status = rw_standing_plan(daemon->paths, id, &plan, &problem);
    if (status != RW_OK) {
        plan_refuse(answer, id, status, problem);
        return;
    }
    uint32_t week_count = plan->week_count;
    rw_plan_destroy(plan);
    if (week > week_count) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "the plan %s has %u weeks", id,
                         (unsigned)week_count);
        return;
    }
    struct rw_question question = question_make(daemon, call, RW_QUESTION_MARK, PURPOSE_STATUS);
    mark_set(&question, RW_PLAN_MARK_START, id, week, 1);
    ask(daemon, &question, answer);
}

void rw_handle_plan_stop(struct rw_daemon *daemon, const struct rw_call *call,
                         struct rw_answer *answer)
{
    struct rw_question question = question_make(daemon, call, RW_QUESTION_MARK, PURPOSE_STATUS);
    mark_set(&question, RW_PLAN_MARK_STOP, "", 1, 1);
    ask(daemon, &question, answer);
}
