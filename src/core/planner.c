#include "planner.h"

#define MS(ms)     ((rw_ns)(ms)*RW_NS_PER_MS)
#define SECONDS(s) ((rw_ns)(s)*RW_NS_PER_SECOND)

static const rw_ns pause_after_tone = MS(150);  /* a change tone of 0.35 s: words at 0.5 s */
static const rw_ns pause_after_words = MS(300); /* between two things that are spoken */
static const rw_ns clear_before_tick = MS(100); /* words end this long before a tick */
static const rw_ns clear_before_end = MS(100);  /* and before the next change */
static const rw_ns next_step_min = SECONDS(60);
static const rw_ns halfway_join = SECONDS(15);
static const uint32_t halfway_join_step_ms = 6000; /* a shorter step has no room for it */
static const uint32_t count_every_above = 12; /* runs; with more, only every fifth is counted */
static const uint32_t count_every = 5;

/* How much later than planned a cue may still begin and make sense. */
static rw_ns type_window(enum rw_cue_type type)
{
    switch (type) {
    case RW_CUE_CHANGE:
    case RW_CUE_ANNOUNCE:
    case RW_CUE_ANSWER:
        return SECONDS(3);
    case RW_CUE_COUNTDOWN:
        return MS(100);
    case RW_CUE_NEXT:
        return SECONDS(1);
    case RW_CUE_HALFWAY:
    case RW_CUE_SAY:
        return SECONDS(10);
    }
    return 0;
}

/* Everything the steps of planning one stretch share. */
struct planner {
    struct rw_plan *plan;
    const struct rw_profile *profile;
    const struct rw_measure *measure;
    const struct rw_stretch *stretch;
    const struct rw_told *told;
    struct rw_position position; /* of the segment; not set for the finish */
    struct rw_position next;     /* valid with has_next */
    bool has_next;
};

static rw_ns words_length(const struct planner *planner, const struct rw_words *words)
{
    return planner->measure->length(planner->measure->context, words);
}

static struct rw_cue *cue_add(struct planner *planner, enum rw_cue_type type, rw_ns at,
                              const struct rw_words *words)
{
    struct rw_cue *cue = &planner->plan->cues[planner->plan->count++];
    *cue = (struct rw_cue){
        .type = type,
        .segment = planner->stretch->segment,
        .at = at,
        .window = type_window(type),
        .words = *words,
    };
    return cue;
}

static void cue_drop(const struct planner *planner, struct rw_cue *cue, enum rw_drop_reason reason)
{
    if (cue->at > planner->stretch->end) {
        cue->at = planner->stretch->end; /* so that plans stay in order, one after the other */
    }
    cue->fate = RW_CUE_DROPPED;
    cue->reason = reason;
    cue->length = 0;
    cue->window = 0;
}

/* How long must be quiet between one cue and the next. */
static rw_ns gap_between(const struct rw_cue *first, const struct rw_cue *second)
{
    if (second->type == RW_CUE_COUNTDOWN) {
        return clear_before_tick;
    }
    if (first->type == RW_CUE_CHANGE) {
        return pause_after_tone;
    }
    if (first->type == RW_CUE_COUNTDOWN) {
        return clear_before_tick;
    }
    return pause_after_words;
}

/*
 * Where CUE must move to so as not to touch what is already placed: `at` itself when it is
 * clear, else the end of what stands in the way. One pass; the caller repeats until it is stable.
 */
static rw_ns clear_after(const struct planner *planner, const struct rw_cue *cue, rw_ns at,
                         rw_ns length)
{
    const struct rw_stretch *stretch = planner->stretch;
    bool yields = cue->type != RW_CUE_CHANGE && cue->type != RW_CUE_COUNTDOWN;
    if (yields && stretch->busy_until > stretch->floor &&
        at < stretch->busy_until + pause_after_words && at + length > stretch->floor) {
        return stretch->busy_until + pause_after_words;
    }
    for (size_t i = 0; i < planner->plan->count; i++) {
        const struct rw_cue *other = &planner->plan->cues[i];
        if (other == cue || other->fate == RW_CUE_DROPPED || other->length == 0) {
            continue;
        }
        bool before = at + length + gap_between(cue, other) <= other->at;
        bool after = at >= other->at + other->length + gap_between(other, cue);
        if (!before && !after) {
            return other->at + other->length + gap_between(other, cue);
        }
    }
    return at;
}

static bool is_finish(const struct planner *planner)
{
    return planner->stretch->segment == rw_profile_segment_count(planner->profile);
}

/* Finds the earliest clear moment from `at` to LATEST; RW_DROP_NONE and the moment, or why not. */
static enum rw_drop_reason slot_find(const struct planner *planner, const struct rw_cue *cue,
                                     rw_ns at, rw_ns latest, rw_ns length, rw_ns *ret_at)
{
    for (size_t i = 0; i <= planner->plan->count; i++) {
        rw_ns clear = clear_after(planner, cue, at, length);
        if (clear == at) {
            break;
        }
        at = MS((clear + MS(1) - 1) / MS(1)); /* what has moved stands on a whole millisecond */
    }
    if (at > latest || clear_after(planner, cue, at, length) != at) {
        return RW_DROP_COLLISION;
    }
    if (!is_finish(planner) && at + length + clear_before_end > planner->stretch->end) {
        return RW_DROP_TOO_SHORT;
    }
    *ret_at = at;
    return RW_DROP_NONE;
}

/*
 * Places CUE at its `at` or up to MOVE later, in the longest of VARIANTS that fits; the first
 * variant is what is wanted. Without room or voice it is dropped, with the reason.
 */
static void cue_place(const struct planner *planner, struct rw_cue *cue, rw_ns move,
                      const struct rw_words *variants, size_t variant_count)
{
    rw_ns wanted = cue->at;
    rw_ns earliest = wanted > planner->stretch->floor ? wanted : planner->stretch->floor;
    rw_ns latest = earliest > wanted + move ? earliest : wanted + move;
    enum rw_drop_reason reason = RW_DROP_UNSPEAKABLE;
    for (size_t i = 0; i < variant_count; i++) {
        rw_ns length = words_length(planner, &variants[i]);
        rw_ns at = 0;
        if (length < 0) {
            continue;
        }
        reason = slot_find(planner, cue, earliest, latest, length, &at);
        if (reason != RW_DROP_NONE) {
            continue;
        }
        cue->words = variants[i];
        cue->at = at;
        cue->length = length;
        cue->fate = i > 0 ? RW_CUE_SHORTENED : at > wanted ? RW_CUE_MOVED : RW_CUE_PLANNED;
        rw_ns room = planner->stretch->end - clear_before_end - at - length;
        if (!is_finish(planner) && room < cue->window) {
            cue->window = room > 0 ? room : 0;
        }
        return;
    }
    cue_drop(planner, cue, reason);
}

static bool is_past(const struct planner *planner, rw_ns at)
{
    return at < planner->stretch->from;
}

/* Whether the session has more than one run, so that counting them means something. */
static bool runs_are_counted(const struct planner *planner, const struct rw_step *step)
{
    return step->cues.count != RW_COUNT_OFF && rw_profile_run_count(planner->profile) > 1;
}

static bool is_last_run(const struct planner *planner, const struct rw_position *position)
{
    return position->step->kind == RW_KIND_RUN &&
           position->run + 1 == rw_profile_run_count(planner->profile);
}

/* Whether this is the first segment after the session's last run. */
static bool follows_last_run(const struct planner *planner)
{
    struct rw_position before;
    return planner->position.segment > 0 &&
           rw_timeline_seek(planner->profile, planner->position.segment - 1, &before) &&
           is_last_run(planner, &before);
}

static struct rw_words announcement_words(const struct planner *planner)
{
    const struct rw_position *position = &planner->position;
    const struct rw_step *step = position->step;
    struct rw_words words = {
        .saying = RW_SAY_SEGMENT,
        .kind = step->kind,
        .side = step->side,
        .name = step->name,
    };
    bool duration_is_news = planner->told->duration_ms[step->kind] != step->duration_ms;
    if (step->cues.announce == RW_ANNOUNCE_DURATION ||
        (step->cues.announce == RW_ANNOUNCE_AUTO && duration_is_news)) {
        words.duration_ms = step->duration_ms;
    }
    if (!runs_are_counted(planner, step)) {
        return words;
    }
    uint32_t total = rw_profile_run_count(planner->profile);
    uint32_t number = position->run + 1;
    if (is_last_run(planner, position)) {
        words.flags |= RW_WORDS_LAST_RUN;
    } else if (step->kind == RW_KIND_RUN) {
        bool is_told = step->cues.count == RW_COUNT_ALL || total <= count_every_above ||
                       number % count_every == 0;
        words.number = is_told ? number : 0;
        words.total = is_told ? total : 0;
    } else if (follows_last_run(planner)) {
        words.flags |= RW_WORDS_WAS_LAST_RUN;
    }
    return words;
}

/* Where the middle of the session is said. */
enum halfway { HALFWAY_ELSEWHERE, HALFWAY_JOINED, HALFWAY_ALONE };

static bool can_tell_halfway(const struct rw_step *step)
{
    return step->cues.announce != RW_ANNOUNCE_OFF && step->duration_ms >= halfway_join_step_ms;
}

static enum halfway halfway_find(const struct planner *planner, rw_ns *ret_at)
{
    const struct rw_stretch *stretch = planner->stretch;
    rw_ns middle = stretch->session_end / 2;
    rw_ns since_start = middle - stretch->start;
    rw_ns to_end = stretch->end - middle;
    bool joins_start = stretch->segment > 0 && since_start >= -halfway_join &&
                       since_start <= halfway_join && can_tell_halfway(planner->position.step);
    bool next_takes_it = planner->has_next && to_end >= 0 && to_end <= halfway_join &&
                         can_tell_halfway(planner->next.step);

    if (planner->told->halfway || !planner->position.step->cues.halfway) {
        return HALFWAY_ELSEWHERE;
    }
    *ret_at = middle;
    if (since_start < 0) { /* the change before was the nearer one, unless it was ours */
        return joins_start ? HALFWAY_JOINED : HALFWAY_ELSEWHERE;
    }
    if (to_end <= 0) {
        return HALFWAY_ELSEWHERE;
    }
    if (joins_start && (!next_takes_it || since_start <= to_end)) {
        return HALFWAY_JOINED;
    }
    return next_takes_it ? HALFWAY_ELSEWHERE : HALFWAY_ALONE;
}

static void change_plan(struct planner *planner, enum rw_saying tone, rw_ns *ret_words_at)
{
    const struct rw_stretch *stretch = planner->stretch;
    struct rw_words words = {.saying = tone};
    struct rw_cue *cue = cue_add(planner, RW_CUE_CHANGE, stretch->start, &words);
    cue_place(planner, cue, stretch->end - stretch->start, &words, 1);
    rw_ns length = words_length(planner, &words);
    *ret_words_at = cue->at + (length > 0 ? length : 0) + pause_after_tone;
}

/* Sheds parts of the announcement one by one, the least important first. */
static size_t announcement_variants(const struct rw_words *words, struct rw_words variants[5])
{
    size_t count = 0;
    struct rw_words shorter = *words;
    variants[count++] = shorter;
    if (shorter.flags & (RW_WORDS_WAS_LAST_RUN | RW_WORDS_HALFWAY)) {
        shorter.flags &= RW_WORDS_LAST_RUN;
        variants[count++] = shorter;
    }
    if (shorter.duration_ms > 0) {
        shorter.duration_ms = 0;
        variants[count++] = shorter;
    }
    if (shorter.name && shorter.kind != RW_KIND_EXERCISE) {
        shorter.name = NULL;
        variants[count++] = shorter;
    }
    if (shorter.number > 0) {
        shorter.number = shorter.total = 0;
        variants[count++] = shorter;
    }
    return count;
}

/*
 * Returns when the announcement is over, so that the step's own words can follow it. *halfway
 * becomes HALFWAY_ALONE when it was to be joined and there was no room.
 */
static rw_ns announcement_plan(struct planner *planner, rw_ns at, enum halfway *halfway)
{
    bool joins_halfway = *halfway == HALFWAY_JOINED;
    struct rw_words words = announcement_words(planner);
    if (joins_halfway) {
        words.flags |= RW_WORDS_HALFWAY;
    }
    struct rw_words variants[5];
    size_t variant_count = announcement_variants(&words, variants);
    struct rw_cue *cue = cue_add(planner, RW_CUE_ANNOUNCE, at, &words);
    cue_place(planner, cue, type_window(RW_CUE_ANNOUNCE), variants, variant_count);
    bool tells_it = cue->fate != RW_CUE_DROPPED && (cue->words.flags & RW_WORDS_HALFWAY);
    if (joins_halfway && !tells_it) {
        *halfway = HALFWAY_ALONE;
        cue->words.flags &= ~(unsigned)RW_WORDS_HALFWAY;
        /* What is told elsewhere is no loss of this sentence. */
        bool lost_only_it = !(words.flags & RW_WORDS_WAS_LAST_RUN) &&
                            cue->words.duration_ms == words.duration_ms &&
                            cue->words.name == words.name && cue->words.number == words.number;
        if (cue->fate == RW_CUE_SHORTENED && lost_only_it) {
            cue->fate = cue->at > at ? RW_CUE_MOVED : RW_CUE_PLANNED;
        }
    }
    return cue->at + cue->length + (cue->length > 0 ? pause_after_words : 0);
}

static void countdown_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    struct rw_words words = {.saying = RW_SAY_TICK};
    if (stretch->end - stretch->start < RW_COUNTDOWN_STEP_MIN) {
        return;
    }
    for (unsigned left = planner->position.step->cues.countdown; left > 0; left--) {
        rw_ns at = stretch->end - SECONDS(left);
        if (!is_past(planner, at) && at >= stretch->floor) {
            cue_place(planner, cue_add(planner, RW_CUE_COUNTDOWN, at, &words), 0, &words, 1);
        }
    }
}

static void next_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    const struct rw_cue_settings *cues = &planner->position.step->cues;
    rw_ns at = stretch->end - MS(cues->next_ms);
    bool run_follows = planner->has_next && planner->next.step->kind == RW_KIND_RUN;
    if (cues->next == RW_NEXT_OFF || (cues->next == RW_NEXT_AUTO && !run_follows) ||
        stretch->end - stretch->start < next_step_min || is_past(planner, at) ||
        at < stretch->floor) {
        return;
    }
    struct rw_words variants[2] = {{.saying = RW_SAY_IN, .duration_ms = cues->next_ms}};
    size_t variant_count = 1;
    if (planner->has_next && is_last_run(planner, &planner->next) &&
        runs_are_counted(planner, planner->next.step)) {
        variants[1] = variants[0];
        variants[0].flags = RW_WORDS_LAST_RUN;
        variant_count = 2;
    }
    struct rw_cue *cue = cue_add(planner, RW_CUE_NEXT, at, &variants[0]);
    cue_place(planner, cue, 0, variants, variant_count);
}

static void halfway_plan(struct planner *planner, rw_ns at)
{
    struct rw_words words = {.saying = RW_SAY_HALFWAY};
    if (at < planner->stretch->start) {
        at = planner->stretch->start;
    }
    if (at + halfway_join >= planner->stretch->floor) {
        cue_place(planner, cue_add(planner, RW_CUE_HALFWAY, at, &words), halfway_join, &words, 1);
    }
}

static void say_plan(struct planner *planner, rw_ns at)
{
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = planner->position.step->say};
    struct rw_cue *cue = cue_add(planner, RW_CUE_SAY, at, &words);
    cue_place(planner, cue, type_window(RW_CUE_SAY), &words, 1);
}

static bool cue_precedes(const struct rw_cue *first, const struct rw_cue *second)
{
    return first->at != second->at ? first->at < second->at : first->type < second->type;
}

/* By insertion: a plan is short, and qsort may allocate. */
static void plan_sort(struct rw_plan *plan)
{
    for (size_t i = 1; i < plan->count; i++) {
        struct rw_cue cue = plan->cues[i];
        size_t slot = i;
        for (; slot > 0 && cue_precedes(&cue, &plan->cues[slot - 1]); slot--) {
            plan->cues[slot] = plan->cues[slot - 1];
        }
        plan->cues[slot] = cue;
    }
}

static void finish_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    rw_ns words_at;
    change_plan(planner, RW_SAY_TONE_FINISH, &words_at);
    struct rw_words words = {
        .saying = RW_SAY_DONE,
        .duration_ms = (uint32_t)(stretch->start / RW_NS_PER_MS),
        .total = stretch->runs,
    };
    struct rw_position last;
    bool is_silent = stretch->segment > 0 &&
                     rw_timeline_seek(planner->profile, stretch->segment - 1, &last) &&
                     last.step->cues.announce == RW_ANNOUNCE_OFF;
    if (!is_silent) {
        struct rw_cue *cue = cue_add(planner, RW_CUE_ANNOUNCE, words_at, &words);
        cue_place(planner, cue, type_window(RW_CUE_ANNOUNCE), &words, 1);
    }
}

static void segment_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    const struct rw_step *step = planner->position.step;
    bool rises = step->kind == RW_KIND_RUN || step->kind == RW_KIND_EXERCISE;
    rw_ns halfway_at = 0;
    enum halfway halfway = halfway_find(planner, &halfway_at);
    rw_ns words_at = stretch->from; /* of words that an edit has kept back */
    rw_ns since_start = stretch->floor - stretch->start;
    bool announces = step->cues.announce != RW_ANNOUNCE_OFF && !stretch->is_announced &&
                     since_start <= type_window(RW_CUE_ANNOUNCE);
    bool says = step->say && !stretch->is_said && since_start <= type_window(RW_CUE_SAY);

    /* In order of importance: what is placed first keeps its place. */
    if (!is_past(planner, stretch->start)) {
        change_plan(planner, rises ? RW_SAY_TONE_RUN : RW_SAY_TONE_WALK, &words_at);
    }
    if (announces) {
        words_at = announcement_plan(planner, words_at, &halfway);
    }
    countdown_plan(planner);
    next_plan(planner);
    if (halfway == HALFWAY_ALONE) {
        halfway_plan(planner, halfway_at);
    }
    if (says) {
        say_plan(planner, words_at);
    }
}

void rw_plan_stretch(struct rw_plan *plan, const struct rw_profile *profile,
                     const struct rw_measure *measure, const struct rw_stretch *stretch,
                     const struct rw_told *told)
{
    struct planner planner = {
        .plan = plan,
        .profile = profile,
        .measure = measure,
        .stretch = stretch,
        .told = told,
    };
    plan->count = 0;
    if (rw_timeline_seek(profile, stretch->segment, &planner.position)) {
        if (stretch->end <= stretch->from) {
            return;
        }
        planner.has_next = rw_timeline_seek(profile, stretch->follower, &planner.next);
        segment_plan(&planner);
    } else {
        finish_plan(&planner);
    }
    plan_sort(plan);
}

void rw_told_update(struct rw_told *told, const struct rw_position *position)
{
    told->duration_ms[position->step->kind] = position->step->duration_ms;
}
