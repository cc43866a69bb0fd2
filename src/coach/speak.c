#include "coach_private.h"

#include "runwalk/coach/measure.h"

#include <string.h>

/* Cues go to the sink this long before they are due: together, so that one wake-up serves many. */
static const rw_ns send_horizon = 6 * RW_NS_PER_SECOND;
static const rw_ns answer_window = 3 * RW_NS_PER_SECOND;
const rw_ns rw_answer_clearance = RW_NS_PER_SECOND / 10;

void rw_coach_tell_state(struct rw_coach *coach)
{
    struct rw_coach_event event = {.type = RW_COACH_EVENT_STATE, .at = coach->now};
    coach->observer.event(coach->observer.context, &event);
}

void rw_coach_tell_command(struct rw_coach *coach, enum rw_command command, rw_ns amount,
                           rw_ns earliest)
{
    struct rw_command_entry entry = {.command = command, .amount = amount};
    rw_coach_tell_entry(coach, entry, earliest);
}

void rw_coach_tell_entry(struct rw_coach *coach, struct rw_command_entry entry, rw_ns earliest)
{
    if (!coach->observer.command) {
        return;
    }
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    entry.clock = coach->now;
    entry.session = view.now;
    entry.latency = earliest - coach->now;
    coach->observer.command(coach->observer.context, &entry);
}

static void cue_tell(struct rw_coach *coach, const struct rw_cue *cue, uint64_t number, rw_ns at,
                     const char *text)
{
    struct rw_coach_event event = {
        .type = RW_COACH_EVENT_CUE,
        .at = at,
        .cue_number = number,
        .cue = *cue,
        .text = text,
    };
    coach->observer.event(coach->observer.context, &event);
}

/* Keeps in mind whether the runner knows where they are. */
static void place_note(struct rw_coach *coach, const struct rw_sent *sent, enum rw_outcome outcome)
{
    bool tells_place = sent->type == RW_CUE_CHANGE || sent->type == RW_CUE_ANNOUNCE;
    bool is_on = coach->state == RW_COACH_RUNNING || coach->state == RW_COACH_DONE;
    struct rw_session_view view;
    if (!tells_place || !is_on || sent->epoch != coach->epoch) {
        return;
    }
    switch (outcome) {
    case RW_OUTCOME_STARTED:
    case RW_OUTCOME_LATE:
        coach->has_missed = false;
        return;
    case RW_OUTCOME_CUT:
    case RW_OUTCOME_DROPPED:
        rw_session_view(coach->session, &view);
        coach->has_missed = true;
        coach->missed_segment = view.position.segment;
        return;
    case RW_OUTCOME_ENDED:
    case RW_OUTCOME_WITHDRAWN:
        return;
    }
}

bool rw_coach_has_missed(const struct rw_coach *coach)
{
    struct rw_session_view view;
    if (!coach->has_missed) {
        return false;
    }
    rw_session_view(coach->session, &view);
    return view.position.segment == coach->missed_segment;
}

bool rw_coach_words_are_coming(const struct rw_coach *coach)
{
    for (size_t i = 0; i < RW_SENT_MAX; i++) {
        const struct rw_sent *sent = &coach->sent[i];
        bool tells = sent->type == RW_CUE_ANNOUNCE || sent->type == RW_CUE_ANSWER ||
                     sent->type == RW_CUE_CARE;
        if (sent->number != 0 && !sent->is_over && sent->epoch == coach->epoch && tells) {
            return true;
        }
    }
    return false;
}

void rw_coach_report(struct rw_coach *coach, const struct rw_report *report)
{
    struct rw_sent *sent = &coach->sent[report->cue % RW_SENT_MAX];
    bool is_known = report->cue != 0 && sent->number == report->cue;
    if (!is_known) {
        return; /* so old that nobody can be waiting for it */
    }
    sent->is_over = report->outcome != RW_OUTCOME_STARTED && report->outcome != RW_OUTCOME_LATE;
    place_note(coach, sent, report->outcome);
    bool is_withdrawn = report->outcome == RW_OUTCOME_DROPPED && sent->epoch < coach->epoch;
    struct rw_coach_event event = {
        .type = RW_COACH_EVENT_REPORT,
        .at = report->at,
        .cue_number = report->cue,
        .cue = {.type = sent->type},
        .text = sent->text,
        .outcome = is_withdrawn ? RW_OUTCOME_WITHDRAWN : report->outcome,
    };
    coach->observer.event(coach->observer.context, &event);
}

static enum rw_bus cue_bus(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_CHANGE:
        return RW_BUS_CHANGE;
    case RW_CUE_COUNTDOWN:
        return RW_BUS_TICK;
    case RW_CUE_ANNOUNCE:
    case RW_CUE_ANSWER:
    case RW_CUE_CARE:
    case RW_CUE_NEXT:
    case RW_CUE_HALFWAY:
    case RW_CUE_TIME_LEFT:
    case RW_CUE_SAY:
    case RW_CUE_DEAD_POINT:
    case RW_CUE_ENCOURAGE:
    case RW_CUE_BREATHING:
    case RW_CUE_POSTURE:
    case RW_CUE_CADENCE:
        return RW_BUS_VOICE;
    }
    return RW_BUS_VOICE;
}

/* Copies TEXT, or as many whole characters of it as there is room for. */
static void text_cut(char ret_text[RW_SENT_TEXT_MAX], const char *text)
{
    size_t size = strnlen(text, RW_SENT_TEXT_MAX - 1);
    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
        size--; /* in the middle of a character of UTF-8 */
    }
    memcpy(ret_text, text, size);
    ret_text[size] = '\0';
}

/* Hands CUE, whose first frame is due at clock time AT, to the sink; too late, it is dropped. */
static void cue_send(struct rw_coach *coach, const struct rw_cue *cue, rw_ns at)
{
    struct rw_play play = {
        .epoch = coach->epoch,
        .bus = cue_bus(cue->type),
        .at = at,
        .not_after = at + cue->window,
    };
    enum rw_status status = rw_voice_compose(coach->voice, &cue->words, &play.utterance);
    if (status != RW_OK || cue->fate == RW_CUE_DROPPED) {
        cue_tell(coach, cue, 0, at, play.utterance.text);
        return;
    }
    play.cue = ++coach->cue_count;
    struct rw_sent *sent = &coach->sent[play.cue % RW_SENT_MAX];
    sent->number = play.cue;
    sent->epoch = play.epoch;
    sent->type = cue->type;
    sent->is_over = false;
    text_cut(sent->text, play.utterance.text);
    cue_tell(coach, cue, play.cue, at, play.utterance.text);
    if (play.not_after < coach->now) {
        struct rw_report late = {.cue = play.cue, .outcome = RW_OUTCOME_DROPPED, .at = at};
        rw_coach_report(coach, &late);
        return;
    }
    coach->sink.play(coach->sink.context, &play);
}

static void cadence_send(struct rw_coach *coach, const struct rw_cue *cue)
{
    rw_ns from = coach->origin + cue->at;
    struct rw_cadence cadence = {
        .epoch = coach->epoch,
        .from = from,
        .until = from + cue->length,
        .millisteps = cue->words.number,
    };
    if (coach->sink.cadence) {
        coach->sink.cadence(coach->sink.context, &cadence);
    }
}

void rw_coach_tell_expectation(struct rw_coach *coach)
{
    rw_ns at = RW_NS_NEVER;
    bool has_cues = coach->state == RW_COACH_ARMED || coach->state == RW_COACH_RUNNING;
    if (has_cues) {
        rw_ns next = rw_session_next_cue_at(coach->session);
        at = next == RW_NS_NEVER ? RW_NS_NEVER : coach->origin + next;
    }
    if (at != coach->expected) {
        coach->expected = at;
        coach->sink.expect(coach->sink.context, at);
    }
}

bool rw_coach_send_cues(struct rw_coach *coach)
{
    struct rw_session_view view;
    struct rw_cue cue;
    bool lost_the_place = false;
    rw_session_view(coach->session, &view);
    while (rw_session_cue(coach->session, coach->now - coach->origin + send_horizon, &cue)) {
        rw_ns at = coach->origin + cue.at;
        if (cue.type == RW_CUE_CADENCE) {
            cadence_send(coach, &cue);
            continue;
        }
        bool is_missed = cue.fate != RW_CUE_DROPPED && at + cue.window < coach->now;
        bool is_here = view.state == RW_SESSION_DONE ? cue.segment > view.position.segment
                                                     : cue.segment == view.position.segment;
        if (is_missed && cue.type == RW_CUE_CHANGE && is_here) {
            lost_the_place = true;
        }
        cue_send(coach, &cue, at);
    }
    return lost_the_place;
}

rw_ns rw_coach_interrupt(struct rw_coach *coach)
{
    coach->sink.cancel(coach->sink.context, coach->epoch);
    coach->epoch++;
    coach->has_missed = false; /* whoever interrupts tells how things stand */
    return coach->sink.earliest(coach->sink.context, coach->now);
}

rw_ns rw_coach_answer_length(const struct rw_coach *coach, const struct rw_words *words)
{
    struct rw_measure measure = rw_coach_measure(coach->voice);
    return measure.length(measure.context, words);
}

void rw_coach_answer_send(struct rw_coach *coach, rw_ns at, const struct rw_words *words)
{
    rw_ns length = rw_coach_answer_length(coach, words);
    struct rw_cue cue = {
        .type = rw_cue_type_of_answer(words->saying),
        .fate = length < 0 ? RW_CUE_DROPPED : RW_CUE_PLANNED,
        .reason = length < 0 ? RW_DROP_UNSPEAKABLE : RW_DROP_NONE,
        .at = at - coach->origin,
        .length = length > 0 ? length : 0,
        .window = answer_window,
        .words = *words,
    };
    cue_send(coach, &cue, at);
}

rw_ns rw_coach_answer_room(const struct rw_coach *coach, rw_ns floor, const struct rw_words *words)
{
    rw_ns length = rw_coach_answer_length(coach, words);
    rw_ns quiet_until = rw_session_quiet_until(coach->session, floor);
    bool fits = length >= 0 && length + rw_answer_clearance <= quiet_until - floor;
    return fits ? length : -1;
}

const struct rw_words *rw_coach_answer_choose(const struct rw_coach *coach, rw_ns floor,
                                              const struct rw_words *variants, size_t count,
                                              rw_ns *ret_length)
{
    for (size_t i = 0; i < count; i++) {
        rw_ns length = rw_coach_answer_room(coach, floor, &variants[i]);
        if (length >= 0) {
            *ret_length = length;
            return &variants[i];
        }
    }
    *ret_length = 0;
    return NULL;
}

void rw_coach_where_words(const struct rw_coach *coach, rw_ns at,
                          struct rw_words ret_variants[RW_WHERE_VARIANTS])
{
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    ret_variants[0] = (struct rw_words){
        .saying = RW_SAY_WHERE,
        .kind = view.position.step->kind,
        .side = view.position.step->side,
        .name = view.position.step->name,
        .duration_ms = (uint32_t)((view.segment_end - at) / RW_NS_PER_MS),
    };
    ret_variants[1] = ret_variants[0];
    ret_variants[1].name = NULL;
    ret_variants[1].duration_ms = 0;
}

void rw_coach_answer_weave(struct rw_coach *coach, rw_ns at, const struct rw_words *variants,
                           size_t count)
{
    rw_ns floor = at - coach->origin;
    rw_ns length;
    rw_ns applied;
    const struct rw_words *words = rw_coach_answer_choose(coach, floor, variants, count, &length);
    enum rw_status status = rw_session_extend(coach->session, 0, floor, length, &applied);
    if (status == RW_OK && words) {
        rw_coach_answer_send(coach, at, words);
    }
}

void rw_coach_answer_place(struct rw_coach *coach, rw_ns at)
{
    struct rw_session_view view;
    rw_session_view(coach->session, &view);
    struct rw_words words = {
        .saying = RW_SAY_SEGMENT,
        .kind = view.position.step->kind,
        .side = view.position.step->side,
        .name = view.position.step->name,
        .duration_ms = (uint32_t)((view.segment_end - view.now) / RW_NS_PER_MS),
    };
    rw_coach_answer_send(coach, at, &words);
}
