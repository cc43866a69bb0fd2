/* The methods about runs that were: listing, showing and erasing them, and going on with the last.
 * The database is read on another thread, so these answers come later. */
#include "handlers.h"

#include <stdio.h>
#include <string.h>

static void later_refuse(struct rw_daemon *daemon, const struct rw_question *question,
                         const struct rw_question_answer *answer)
{
    struct rw_error error = {0};
    if (answer->status == RW_ENOENT && question->run == 0) {
        rw_error_set(&error, RW_REASON_UNKNOWN_RUN, "no run is over yet");
    } else if (answer->status == RW_ENOENT) {
        rw_error_set(&error, RW_REASON_UNKNOWN_RUN,
                     "the history has no run %lld; `runwalk history` lists those it has",
                     (long long)question->run);
    } else if (answer->status == RW_ESTATE) {
        rw_error_set(&error, RW_REASON_RUN_ACTIVE,
                     "run %lld is on; it can be forgotten when it is over",
                     (long long)question->run);
    } else {
        rw_error_set(&error, RW_REASON_UNREADABLE, "the history cannot be read: %s",
                     answer->problem);
    }
    rw_server_answer(daemon->server, question->client, NULL, &error);
    rw_error_finish(&error);
}

/* The answer as NAME of the result; without a name it is the result. */
static void later_answer(struct rw_daemon *daemon, const struct rw_question *question,
                         const char *name, json_t *value)
{
    struct rw_error error = {0};
    json_t *result = name && value ? json_pack("{s:O}", name, value) : json_incref(value);
    if (result) {
        rw_server_answer(daemon->server, question->client, result, NULL);
    } else {
        rw_error_set(&error, RW_REASON_INTERNAL, "the history cannot be told: memory is short");
        rw_server_answer(daemon->server, question->client, NULL, &error);
        rw_error_finish(&error);
    }
    json_decref(result);
    json_decref(value);
}

static void question_answered(void *context, const struct rw_question *question,
                              const struct rw_question_answer *answer)
{
    struct rw_daemon *daemon = context;
    if (!daemon->server) {
        return;
    }
    if (answer->status != RW_OK) {
        later_refuse(daemon, question, answer);
        return;
    }
    switch (question->kind) {
    case RW_QUESTION_LIST:
        later_answer(daemon, question, NULL, json_loads(answer->json, 0, NULL));
        break;
    case RW_QUESTION_SHOW:
    case RW_QUESTION_REMARK:
        later_answer(daemon, question, "run", json_loads(answer->json, 0, NULL));
        break;
    case RW_QUESTION_ROWS:
        later_answer(daemon, question, "rows", json_loads(answer->json, 0, NULL));
        break;
    case RW_QUESTION_FORGET:
        if (question->run == 0 || question->run == daemon->diary.last.run) {
            daemon->diary.last.run = 0;
        }
        later_answer(daemon, question, "forgotten", json_integer(answer->count));
        break;
    case RW_QUESTION_LOAD:
    case RW_QUESTION_COURSE:
    case RW_QUESTION_MARK:
    case RW_QUESTION_UNWELL:
        break;
    }
}

static void ask(struct rw_daemon *daemon, const struct rw_call *call, struct rw_question *question,
                struct rw_answer *answer)
{
    question->client = call->is_answered ? call->client : 0;
    question->answered = question_answered;
    question->context = daemon;
    question->mark = daemon->diary.forget_mark;
    if (!daemon->diary.journal || !question->mark ||
        rw_journal_ask(daemon->diary.journal, question) != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_BUSY, "too many questions wait for the disk");
        return;
    }
    answer->is_later = true;
}

void rw_handle_history_list(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    struct rw_question question = {
        .kind = RW_QUESTION_LIST,
        .offset = rw_param_count(call, "offset"),
        .limit = rw_param_count(call, "limit"),
        .with_health = rw_param_flag(call, "with_health"),
    };
    ask(daemon, call, &question, answer);
}

void rw_handle_history_show(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    struct rw_question question = {
        .kind = RW_QUESTION_SHOW,
        .run = rw_param_count(call, "run"),
        .with_health = rw_param_flag(call, "with_health"),
    };
    ask(daemon, call, &question, answer);
}

void rw_handle_history_rows(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    struct rw_question question = {
        .kind = RW_QUESTION_ROWS,
        .run = rw_param_count(call, "run"),
        .with_health = rw_param_flag(call, "with_health"),
        .offset = rw_param_count(call, "offset"),
        .limit = rw_param_count(call, "limit"),
    };
    const char *part = rw_param_text(call, "part");
    for (int i = 0; i < RW_STORE_PART_COUNT; i++) {
        if (strcmp(rw_store_part_name((enum rw_store_part)i), part) == 0) {
            question.part = (enum rw_store_part)i;
            ask(daemon, call, &question, answer);
            return;
        }
    }
    rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                     "'part' must be segments, commands, cues or incidents");
}

/* TEXT, which is UTF-8, has nothing that would end a line or steer a terminal. */
static bool is_one_line(const char *text)
{
    for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
        bool is_c1 = byte[0] == 0xC2 && byte[1] >= 0x80 && byte[1] <= 0x9F;
        if (*byte < 0x20 || *byte == 0x7F || is_c1) {
            return false;
        }
    }
    return true;
}

static bool is_back_word(const char *word)
{
    static const char *const words[] = {"none", "some", "bad"};
    for (size_t i = 0; i < RW_COUNT(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

void rw_handle_history_log(struct rw_daemon *daemon, const struct rw_call *call,
                           struct rw_answer *answer)
{
    struct rw_question question = {
        .kind = RW_QUESTION_REMARK,
        .run = rw_param_count(call, "run"),
        .remarks = {.erases = rw_param_flag(call, "erase"),
                    .effort = rw_param_count(call, "effort")},
    };
    const char *back = rw_param_text(call, "back");
    const char *note = rw_param_text(call, "note");
    if (back && !is_back_word(back)) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS, "'back' must be none, some or bad");
        return;
    }
    if (note && !is_one_line(note)) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "'note' must be one line, without control characters");
        return;
    }
    /* Their lengths have been checked. */
    snprintf(question.remarks.back, sizeof question.remarks.back, "%s", back ? back : "");
    snprintf(question.remarks.note, sizeof question.remarks.note, "%s", note ? note : "");
    question.remarks.has_note = note != NULL;
    ask(daemon, call, &question, answer);
}

void rw_handle_history_forget(struct rw_daemon *daemon, const struct rw_call *call,
                              struct rw_answer *answer)
{
    struct rw_question question = {
        .kind = RW_QUESTION_FORGET,
        .run = rw_param_count(call, "run"),
    };
    if ((question.run == 0) != rw_param_flag(call, "all")) {
        rw_answer_refuse(answer, RW_REASON_INVALID_PARAMS,
                         "history.forget needs either 'run' or 'all'");
        return;
    }
    ask(daemon, call, &question, answer);
}

void rw_handle_session_recover(struct rw_daemon *daemon, const struct rw_call *call,
                               struct rw_answer *answer)
{
    char run[128];
    (void)call;
    if (rw_daemon_is_run_on(daemon)) {
        rw_answer_refuse(answer, RW_REASON_RUN_ACTIVE, "a run is on: stop it first");
    } else if (!rw_recover_is_possible(daemon, run)) {
        rw_answer_refuse(answer, RW_REASON_NOT_RUNNING,
                         "there is no run to go on with: none was interrupted, or stopped within "
                         "the last hour");
    } else if (rw_recover_begin(daemon, RW_NS_NEVER) != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_BUSY, "the disk does not answer: try again");
    } else {
        answer->result = rw_daemon_status(daemon, false);
    }
}
