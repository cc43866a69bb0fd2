/* Records become rows. */

#include "store_private.h"

static const char *or_null(const char *text)
{
    return text && text[0] ? text : NULL;
}

static enum rw_status begin_write(struct rw_store *store, const struct rw_record *record,
                                  const struct rw_mark *mark)
{
    const struct rw_run_begin *begin = record->begin;
    const struct rw_wall *wall = &mark->wall;
    enum rw_status status =
        rw_store_run(store, "UPDATE runs SET state = 'interrupted' WHERE state = 'on'", "");
    if (status != RW_OK) {
        return status;
    }
    rw_ns ago = mark->clock - record->clock;
    status = rw_store_run(store,
                          "INSERT INTO runs(state, name, path, profile, settings, seed, planned_ms,"
                          " planned_segments, planned_runs, begin_real_ns, begin_boot_ns,"
                          " begin_boot_id, dating, clock_ns, session_ns, mark_real_ns,"
                          " mark_boot_ns, mark_boot_id, mark_synced, plan, plan_week, plan_day)"
                          " VALUES('on',?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?19,"
                          " iif(?19 IS NULL, NULL, ?20), iif(?19 IS NULL, NULL, ?21))",
                          "ttbtiiiiiittiiiititii", begin->name, begin->path, begin->bytes,
                          begin->size, begin->settings, begin->seed, (int64_t)begin->planned_ms,
                          (int64_t)begin->planned_segments, (int64_t)begin->planned_runs,
                          wall->real - ago, wall->boot - ago, wall->boot_id,
                          wall->is_synced ? "clock" : "uncertain", record->clock, record->session,
                          wall->real, wall->boot, wall->boot_id, (int64_t)wall->is_synced,
                          begin->plan, (int64_t)begin->plan_week, (int64_t)begin->plan_day);
    if (status == RW_OK) {
        store->run = sqlite3_last_insert_rowid(store->db);
    }
    return status;
}

static enum rw_status continue_write(struct rw_store *store, const struct rw_record *record)
{
    static const char take_back[] =
        "UPDATE commands SET refused = 'taken-back' WHERE rowid ="
        " (SELECT max(rowid) FROM commands WHERE run = ? AND refused IS NULL)";
    store->run = record->resumed.run;
    enum rw_status status = rw_store_run(
        store, "UPDATE runs SET state = 'on', recoveries = recoveries + 1 WHERE run = ?", "r");
    if (status == RW_OK && record->resumed.takes_back) {
        status = rw_store_run(store, take_back, "r");
    }
    if (status == RW_OK) {
        status = rw_store_run(store,
                              "UPDATE segments SET end_ns = NULL WHERE rowid ="
                              " (SELECT max(rowid) FROM segments WHERE run = ?)",
                              "r");
    }
    if (status != RW_OK) {
        return status;
    }
    return rw_store_run(store,
                        "UPDATE cues SET outcome = 'lost', reason = 'the daemon was away'"
                        " WHERE run = ? AND outcome IN ('planned', 'started', 'late')",
                        "r");
}

static enum rw_status segment_end(struct rw_store *store, rw_ns session)
{
    return rw_store_run(store, "UPDATE segments SET end_ns = ? WHERE run = ? AND end_ns IS NULL",
                        "ir", session);
}

static enum rw_status segment_write(struct rw_store *store, const struct rw_record *record)
{
    enum rw_status status = segment_end(store, record->session);
    if (status != RW_OK) {
        return status;
    }
    return rw_store_run(store,
                        "INSERT INTO segments(run, segment, kind, name, side, planned_ms,"
                        " begin_clock_ns, begin_ns) VALUES(?,?,?,?,?,?,?,?)",
                        "ritttiii", (int64_t)record->segment.index,
                        rw_kind_name(record->segment.kind), or_null(record->text),
                        rw_side_name(record->segment.side), (int64_t)record->segment.planned_ms,
                        record->clock, record->session);
}

/* Adds WORD to what hurt in the run, once. */
static enum rw_status pain_write(struct rw_store *store, const char *word)
{
    return rw_store_run(store,
                        "UPDATE runs SET pain = CASE"
                        " WHEN pain IS NULL THEN ?1"
                        " WHEN instr(', ' || pain || ', ', ', ' || ?1 || ', ') > 0 THEN pain"
                        " ELSE pain || ', ' || ?1 END WHERE run = ?2",
                        "tr", word);
}

static enum rw_status command_write(struct rw_store *store, const struct rw_record *record)
{
    const struct rw_command_entry *entry = &record->command.entry;
    char detail[RW_DETAIL_MAX] = "";
    bool is_refused = record->reason[0] != '\0';
    if (!is_refused) {
        rw_detail_write(entry, detail);
    }
    enum rw_status status = rw_store_run(
        store,
        "INSERT INTO commands(run, command, amount_ns, other_ns, detail, clock_ns, session_ns,"
        " latency_ns, source, refused) VALUES(?,?,?,?,?,?,?,?,?,?)",
        "rtiitiiitt", record->text, entry->amount, entry->other, detail, record->clock,
        record->session, entry->latency, record->command.source, or_null(record->reason));
    if (status == RW_OK && !is_refused && rw_command_info(entry->command)->is_health) {
        const char *word = detail[0] != '\0' ? detail : record->text;
        status = pain_write(store, word);
    }
    return status;
}

static enum rw_status cue_write(struct rw_store *store, const struct rw_record *record)
{
    bool is_dropped = record->cue.number == 0;
    return rw_store_run(store,
                        "INSERT INTO cues(run, cue, type, words, due_clock_ns, due_ns, outcome,"
                        " reason) VALUES(?,?,?,?,?,?,?,?)",
                        "rittiitt", (int64_t)record->cue.number, record->cue.type, record->text,
                        record->cue.due, record->session, is_dropped ? "dropped" : "planned",
                        or_null(record->reason));
}

static enum rw_status outcome_write(struct rw_store *store, const struct rw_record *record)
{
    const char *sql =
        record->outcome.is_start
            ? "UPDATE cues SET began_clock_ns = ?, outcome = ?, was_late = (?2 = 'late'),"
              " reason = ? WHERE run = ? AND cue = ?"
            : "UPDATE cues SET ended_clock_ns = ?, outcome = ?, reason = ?"
              " WHERE run = ? AND cue = ?";
    return rw_store_run(store, sql, "ittri", record->clock, record->outcome.name,
                        or_null(record->reason), (int64_t)record->outcome.number);
}

static enum rw_status incident_write(struct rw_store *store, const struct rw_record *record)
{
    return rw_store_run(store,
                        "INSERT INTO incidents(run, clock_ns, session_ns, incident, details)"
                        " VALUES(?,?,?,?,?)",
                        "riitt", record->clock, record->session, record->incident,
                        or_null(record->text));
}

static enum rw_status mark_write(struct rw_store *store, const struct rw_mark *mark)
{
    const struct rw_wall *wall = &mark->wall;
    return rw_store_run(store,
                        "UPDATE runs SET clock_ns = ?, session_ns = ?, mark_real_ns = ?,"
                        " mark_boot_ns = ?, mark_boot_id = ?, mark_synced = ?"
                        " WHERE run = ? AND state = 'on'",
                        "iiiitir", mark->clock, mark->session, wall->real, wall->boot,
                        wall->boot_id, (int64_t)wall->is_synced);
}

static enum rw_status end_write(struct rw_store *store, const struct rw_record *record,
                                const struct rw_mark *mark)
{
    struct rw_mark last = {mark->wall, record->clock, record->session};
    enum rw_status status = segment_end(store, record->session);
    if (status == RW_OK) {
        status = mark_write(store, &last);
    }
    if (status != RW_OK) {
        return status;
    }
    return rw_store_run(store, "UPDATE runs SET state = ?, runs_done = ? WHERE run = ?", "tir",
                        rw_run_state_name(record->end.state), (int64_t)record->end.runs_done);
}

static enum rw_status cancel_write(struct rw_store *store)
{
    enum rw_status status = rw_store_run(store, "DELETE FROM runs WHERE run = ?", "r");
    store->run = 0;
    return status;
}

static enum rw_status record_write(struct rw_store *store, const struct rw_record *record,
                                   const struct rw_mark *mark)
{
    bool opens = record->type == RW_RECORD_BEGIN || record->type == RW_RECORD_CONTINUE;
    if (!opens && store->run == 0) {
        return RW_OK;
    }
    switch (record->type) {
    case RW_RECORD_BEGIN:
        return begin_write(store, record, mark);
    case RW_RECORD_CONTINUE:
        return continue_write(store, record);
    case RW_RECORD_SETTINGS:
        return rw_store_run(store, "UPDATE runs SET settings = ? WHERE run = ?", "tr",
                            record->settings);
    case RW_RECORD_SEGMENT:
        return segment_write(store, record);
    case RW_RECORD_COMMAND:
        return command_write(store, record);
    case RW_RECORD_CUE:
        return cue_write(store, record);
    case RW_RECORD_OUTCOME:
        return outcome_write(store, record);
    case RW_RECORD_INCIDENT:
        return incident_write(store, record);
    case RW_RECORD_END:
        return end_write(store, record, mark);
    case RW_RECORD_CANCEL:
        return cancel_write(store);
    }
    return RW_OK;
}

enum rw_status rw_store_write(struct rw_store *store, const struct rw_record *records, size_t count,
                              const struct rw_mark *mark)
{
    int64_t run = store->run;
    enum rw_status status = rw_store_begin(store);
    if (status != RW_OK) {
        return status;
    }
    for (size_t i = 0; i < count && status == RW_OK; i++) {
        status = record_write(store, &records[i], mark);
    }
    if (status == RW_OK && store->run != 0) {
        status = mark_write(store, mark);
    }
    if (status == RW_OK) {
        status = rw_store_date(store, &mark->wall);
    }
    status = rw_store_commit(store, status);
    if (status != RW_OK) {
        store->run = run;
    }
    return status;
}

enum rw_status rw_store_date(struct rw_store *store, const struct rw_wall *wall)
{
    if (!wall->is_synced) {
        return RW_OK;
    }
    enum rw_status status =
        rw_store_run(store,
                     "UPDATE runs SET begin_real_ns = begin_boot_ns + ?, dating = 'later'"
                     " WHERE dating = 'uncertain' AND begin_boot_id = ?",
                     "it", wall->real - wall->boot, wall->boot_id);
    if (status != RW_OK) {
        return status;
    }
    return rw_store_run(store,
                        "UPDATE course SET real_ns = boot_ns + ?, dating = 'later'"
                        " WHERE dating = 'uncertain' AND boot_id = ?",
                        "it", wall->real - wall->boot, wall->boot_id);
}
