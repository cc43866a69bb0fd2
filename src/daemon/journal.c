#include "journal.h"

#include "runwalk/paths/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What waits for a disk that does not answer: some hours of a run. */
#define RECORDS_MAX   8192
#define QUESTIONS_MAX 16

struct records {
    struct rw_record *list;
    size_t count, capacity;
};

/* What the worker has in its hands. The loop does not touch it while `is_busy`. */
struct job {
    struct records records;
    struct rw_mark mark;
    bool has_question;
    struct rw_question question;
    bool is_last; /* close afterwards */

    struct rw_store *store; /* NULL: not open */
    bool was_open;          /* it has been, once */
    struct rw_last_run last;
    bool has_last;

    enum rw_status status; /* of opening and writing */
    char problem[512];
    char note[512]; /* a damaged database was set aside */
    struct rw_question_answer answer;
    char *json;
    struct rw_replay replay;
};

struct rw_journal {
    uv_loop_t *loop;
    struct rw_journal_observer observer;
    char *directory;
    char *path;

    uv_work_t work;
    uv_idle_t soon; /* runs when there is something to do */
    bool is_busy;
    bool is_wanted; /* records wait that are not to wait longer */
    struct records waiting;
    struct rw_question questions[QUESTIONS_MAX];
    size_t question_count;
    bool is_told; /* of the present problem */
    bool has_told_opened;
    bool is_overflown;
    void (*closed)(void *context); /* not NULL: closing */
    void *closed_context;

    struct job job;
};

/* ---- the worker's side ---- */

static void problem_keep(struct job *job, const char *path, const char *problem)
{
    snprintf(job->problem, sizeof job->problem, "%s: %s", path, problem ? problem : "no memory");
}

/* The database is damaged: it gets another name, and a new one is begun. */
static enum rw_status damaged_replace(struct rw_journal *journal)
{
    struct job *job = &journal->job;
    char problem[RW_STORE_PROBLEM_MAX];
    char *name;
    rw_store_close(job->store);
    job->store = NULL;
    enum rw_status status = rw_store_set_aside(journal->path, &job->mark.wall, &name);
    if (status != RW_OK) {
        problem_keep(job, journal->path, "it is damaged, and cannot be renamed");
        return status;
    }
    snprintf(job->note, sizeof job->note,
             "%s was damaged and is now %s; a new history has been begun", journal->path, name);
    free(name);
    status = rw_store_open(journal->path, &job->mark.wall, &job->store, problem);
    if (status != RW_OK) {
        problem_keep(job, journal->path, problem);
    }
    return status;
}

static enum rw_status database_open(struct rw_journal *journal)
{
    struct job *job = &journal->job;
    char problem[RW_STORE_PROBLEM_MAX];
    char *directory_problem = NULL;
    enum rw_status status = rw_directory_prepare(journal->directory, &directory_problem);
    if (status != RW_OK) {
        problem_keep(job, "the history", directory_problem);
        free(directory_problem);
        return status;
    }
    status = rw_store_open(journal->path, &job->mark.wall, &job->store, problem);
    if (status == RW_OK && !job->was_open) {
        status = rw_store_last(job->store, &job->last);
        job->has_last = status == RW_OK;
        status = status == RW_ENOENT ? RW_OK : status;
        snprintf(problem, sizeof problem, "%s", rw_store_problem(job->store));
    }
    if (status == RW_EINVALID) {
        status = damaged_replace(journal);
    } else if (status != RW_OK) {
        problem_keep(job, journal->path, problem);
        rw_store_close(job->store);
        job->store = NULL;
    }
    return status;
}

static void records_write(struct rw_journal *journal)
{
    struct job *job = &journal->job;
    if (job->records.count == 0) {
        return;
    }
    job->status = rw_store_write(job->store, job->records.list, job->records.count, &job->mark);
    if (job->status == RW_EINVALID) {
        job->status = damaged_replace(journal);
        if (job->status == RW_OK) { /* a run that begins among them is not lost */
            job->status =
                rw_store_write(job->store, job->records.list, job->records.count, &job->mark);
        }
    }
    if (job->status != RW_OK && job->store) {
        problem_keep(job, journal->path, rw_store_problem(job->store));
    }
}

static enum rw_status forget(struct job *job)
{
    const struct rw_question *question = &job->question;
    enum rw_status status = rw_store_forget(job->store, question->run, &job->answer.count);
    if (status == RW_OK) {
        int fd = open(question->mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0) { /* where there is no cache, nothing is left in it */
            close(fd);
        }
    }
    return status;
}

static enum rw_status course_mark(struct job *job)
{
    enum rw_status status = rw_store_course_set(job->store, &job->question.course, &job->mark.wall);
    return status == RW_OK ? rw_store_course(job->store, &job->json) : status;
}

static enum rw_status question_ask(struct job *job)
{
    const struct rw_question *question = &job->question;
    switch (question->kind) {
    case RW_QUESTION_LIST:
        return rw_store_list(job->store, question->offset, question->limit, question->with_health,
                             &job->json);
    case RW_QUESTION_SHOW:
        return rw_store_show(job->store, question->run, question->with_health, &job->json);
    case RW_QUESTION_ROWS:
        return rw_store_rows(job->store, question->run, question->part, question->with_health,
                             question->offset, question->limit, &job->json);
    case RW_QUESTION_REMARK:
        return rw_store_remark(job->store, question->run, &question->remarks, &job->json);
    case RW_QUESTION_FORGET:
        return forget(job);
    case RW_QUESTION_LOAD:
        return rw_store_load(job->store, question->run, &job->replay);
    case RW_QUESTION_COURSE:
        return rw_store_course(job->store, &job->json);
    case RW_QUESTION_MARK:
        return course_mark(job);
    case RW_QUESTION_UNWELL:
        return rw_store_course_unwell(job->store, &job->mark.wall);
    }
    return RW_EINVALID;
}

static void job_work(uv_work_t *work)
{
    struct rw_journal *journal = work->data;
    struct job *job = &journal->job;
    job->status = RW_OK;
    if (!job->store) {
        job->status = database_open(journal);
    }
    if (job->store) {
        job->was_open = true;
        records_write(journal);
    }
    if (job->has_question && job->store) {
        job->answer.status = question_ask(job);
        job->answer.problem = rw_store_problem(job->store);
    } else if (job->has_question) {
        job->answer.status = RW_EIO;
        job->answer.problem = job->problem;
    }
    if (job->is_last) {
        rw_store_close(job->store);
        job->store = NULL;
    }
}

/* ---- the loop's side ---- */

static void records_clear(struct records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        rw_record_finish(&records->list[i]);
    }
    free(records->list);
    *records = (struct records){0};
}

/* Puts what could not be written back before what has come since. */
static void records_return(struct rw_journal *journal)
{
    struct records *written = &journal->job.records;
    struct records *waiting = &journal->waiting;
    size_t count = written->count + waiting->count;
    if (written->count == 0) {
        records_clear(written);
        return;
    }
    struct rw_record *list =
        count <= RECORDS_MAX ? realloc(written->list, count * sizeof *list) : NULL;
    if (!list) {
        journal->is_overflown = true;
        records_clear(written);
        return;
    }
    if (waiting->count > 0) {
        memcpy(&list[written->count], waiting->list, waiting->count * sizeof *list);
    }
    free(waiting->list);
    *waiting = (struct records){list, count, count};
    *written = (struct records){0};
}

static void problem_tell(struct rw_journal *journal)
{
    struct job *job = &journal->job;
    const struct rw_journal_observer *observer = &journal->observer;
    if (job->note[0]) {
        observer->told(observer->context, true, job->note);
        job->note[0] = '\0';
    }
    bool is_problem = job->status != RW_OK;
    if (is_problem && !journal->is_told) {
        observer->told(observer->context, true, job->problem);
    } else if (!is_problem && journal->is_told && job->store) {
        observer->told(observer->context, false, "the history is written again");
    } else {
        return;
    }
    journal->is_told = is_problem;
}

static void job_start(struct rw_journal *journal);

static void job_done(uv_work_t *work, int status)
{
    struct rw_journal *journal = work->data;
    struct job *job = &journal->job;
    (void)status;
    journal->is_busy = false;
    if (job->status == RW_OK) {
        records_clear(&job->records);
    } else {
        records_return(journal);
    }
    if (journal->closed && job->is_last) {
        records_clear(&journal->waiting);
        uv_close((uv_handle_t *)&journal->soon, NULL);
        journal->closed(journal->closed_context);
        return;
    }
    problem_tell(journal);
    if (!journal->has_told_opened && job->was_open) {
        journal->has_told_opened = true;
        journal->observer.opened(journal->observer.context, job->has_last ? &job->last : NULL);
    }
    if (job->has_question) {
        job->has_question = false;
        job->answer.json = job->json;
        job->answer.replay = &job->replay;
        job->question.answered(job->question.context, &job->question, &job->answer);
        free(job->json);
        job->json = NULL;
        rw_replay_finish(&job->replay);
    }
    if (journal->is_wanted || journal->question_count > 0 || journal->closed) {
        job_start(journal);
    }
}

static void job_start(struct rw_journal *journal)
{
    struct job *job = &journal->job;
    if (journal->is_busy) {
        return;
    }
    journal->is_busy = true;
    journal->is_wanted = false;
    job->records = journal->waiting;
    journal->waiting = (struct records){0};
    job->mark = journal->observer.mark(journal->observer.context);
    job->answer = (struct rw_question_answer){0};
    if (journal->question_count > 0) {
        job->has_question = true;
        job->question = journal->questions[0];
        journal->question_count--;
        memmove(&journal->questions[0], &journal->questions[1],
                journal->question_count * sizeof journal->questions[0]);
    }
    job->is_last = journal->closed && journal->question_count == 0;
    uv_queue_work(journal->loop, &journal->work, job_work, job_done);
}

static void soon_come(uv_idle_t *idle)
{
    struct rw_journal *journal = idle->data;
    uv_idle_stop(idle);
    job_start(journal);
}

enum rw_status rw_journal_create(uv_loop_t *loop, const char *directory,
                                 struct rw_journal_observer observer,
                                 struct rw_journal **ret_journal)
{
    struct rw_journal *journal = calloc(1, sizeof *journal);
    if (!journal) {
        return RW_EMEMORY;
    }
    journal->directory = strdup(directory);
    if (!journal->directory || asprintf(&journal->path, "%s/history.db", directory) < 0) {
        free(journal->directory);
        free(journal);
        return RW_EMEMORY;
    }
    journal->loop = loop;
    journal->observer = observer;
    journal->work.data = journal;
    journal->soon.data = journal;
    uv_idle_init(loop, &journal->soon); /* cannot fail */
    uv_idle_start(&journal->soon, soon_come);
    *ret_journal = journal;
    return RW_OK;
}

void rw_journal_add(struct rw_journal *journal, struct rw_record *record, bool is_urgent)
{
    struct records *waiting = &journal->waiting;
    if (record->type == RW_RECORD_BEGIN) {
        journal->is_overflown = false; /* another run, another journal */
    }
    if (journal->closed || journal->is_overflown) {
        rw_record_finish(record);
        return;
    }
    if (waiting->count == waiting->capacity) {
        size_t capacity = waiting->capacity ? waiting->capacity * 2 : 64;
        struct rw_record *list =
            capacity <= RECORDS_MAX ? realloc(waiting->list, capacity * sizeof *list) : NULL;
        if (!list) {
            /* With a hole in it a run cannot be taken up again: rather none of the rest. */
            journal->is_overflown = true;
            rw_record_finish(record);
            return;
        }
        waiting->list = list;
        waiting->capacity = capacity;
    }
    waiting->list[waiting->count++] = *record;
    if (is_urgent) {
        journal->is_wanted = true;
        uv_idle_start(&journal->soon, soon_come);
    }
}

void rw_journal_take_back(struct rw_journal *journal)
{
    if (journal->waiting.count > 0) {
        rw_record_finish(&journal->waiting.list[--journal->waiting.count]);
    }
}

enum rw_status rw_journal_ask(struct rw_journal *journal, const struct rw_question *question)
{
    if (journal->closed || journal->question_count == QUESTIONS_MAX) {
        return RW_EFULL;
    }
    journal->questions[journal->question_count++] = *question;
    uv_idle_start(&journal->soon, soon_come);
    return RW_OK;
}

void rw_journal_close(struct rw_journal *journal, void (*closed)(void *context), void *context)
{
    journal->closed = closed;
    journal->closed_context = context;
    journal->question_count = 0; /* those who asked are gone */
    uv_idle_stop(&journal->soon);
    job_start(journal);
}

void rw_journal_destroy(struct rw_journal *journal)
{
    if (journal) {
        rw_store_close(journal->job.store);
        records_clear(&journal->job.records);
        records_clear(&journal->waiting);
        free(journal->path);
        free(journal->directory);
        free(journal);
    }
}
