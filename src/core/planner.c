#include "planner.h"

#include "place.h"

#define ANNOUNCEMENT_VARIANTS 6

static const rw_ns pause_after_tone = MS(150);
static const rw_ns pause_before_question = SECONDS(1);
static const rw_ns clear_before_end = MS(100); /* words end this long before the next change */
static const rw_ns next_step_min = SECONDS(60);
static const rw_ns halfway_join = SECONDS(15);
static const uint32_t halfway_join_step_ms = 6000; /* a shorter step has no room for it */
static const uint32_t count_every_above = 12; /* runs; with more, only every fifth is counted */
static const uint32_t count_every = 5;
static const rw_ns time_left_move = SECONDS(10);
static const rw_ns answer_window = SECONDS(10); /* since the change that it comes with */

/* Minutes before the end of the session at which the time left is told, and how little is said. */
static const struct {
    uint32_t minutes;
    enum rw_verbosity from;
} time_left_marks[RW_TIME_LEFT_MARKS] = {
    {60, RW_VERBOSITY_NORMAL}, {30, RW_VERBOSITY_CHATTY}, {20, RW_VERBOSITY_CHATTY},
    {10, RW_VERBOSITY_NORMAL}, {5, RW_VERBOSITY_NORMAL},  {2, RW_VERBOSITY_CHATTY},
};

/* Everything the steps of planning one stretch share. */
struct planner {
    struct rw_plan *plan;
    const struct rw_ground *ground;
    const struct rw_stretch *stretch;
    const struct rw_told *told;
    struct rw_surroundings around;
    struct rw_position position;     /* of the segment; not set for the finish */
    struct rw_cue_settings settings; /* that hold in it */
    struct rw_position next;         /* valid with has_next, as are its settings */
    struct rw_cue_settings next_settings;
    bool has_next;
};

rw_ns rw_manner_room(enum rw_verbosity verbosity)
{
    return verbosity <= RW_VERBOSITY_SPARSE ? MS(500) : MS(300);
}

rw_ns rw_manner_clearance(enum rw_verbosity verbosity)
{
    return verbosity == RW_VERBOSITY_CHATTY ? MS(2500) : SECONDS(4);
}

uint64_t rw_chance(uint64_t seed, uint64_t what, uint64_t which)
{
    /* splitmix64's mixing (Steele, Lea, Flood 2014) of the three, one after the other. */
    uint64_t z = seed;
    const uint64_t added[] = {what, which};
    for (size_t i = 0; i < RW_COUNT(added); i++) {
        z += (added[i] + 1) * UINT64_C(0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        z ^= z >> 31;
    }
    return z;
}

static rw_ns words_length(const struct planner *planner, const struct rw_words *words)
{
    return planner->ground->measure->length(planner->ground->measure->context, words);
}

static struct rw_cue *cue_add(struct planner *planner, enum rw_cue_type type, rw_ns at,
                              const struct rw_words *words)
{
    struct rw_cue *cue = &planner->plan->cues[planner->plan->count++];
    *cue = (struct rw_cue){
        .type = type,
        .segment = planner->stretch->segment,
        .at = at,
        .window = rw_type_window(type),
        .words = *words,
    };
    return cue;
}

static void cue_place(const struct planner *planner, struct rw_cue *cue, rw_ns move,
                      const struct rw_words *variants, size_t variant_count)
{
    rw_cue_place(&planner->around, cue, move, variants, variant_count);
}

static bool is_past(const struct planner *planner, rw_ns at)
{
    return at < planner->stretch->from;
}

/* Whether the session has more than one run, so that counting them means something. */
static bool runs_are_counted(const struct planner *planner, const struct rw_cue_settings *settings)
{
    return settings->count != RW_COUNT_OFF && rw_profile_run_count(planner->ground->profile) > 1;
}

bool rw_is_last_run(const struct rw_profile *profile, const struct rw_position *position)
{
    return position->step->kind == RW_KIND_RUN &&
           position->run + 1 == rw_profile_run_count(profile);
}

static bool is_last_run(const struct planner *planner, const struct rw_position *position)
{
    return rw_is_last_run(planner->ground->profile, position);
}

/* Whether this is the first segment after the session's last run. */
static bool follows_last_run(const struct planner *planner)
{
    struct rw_position before;
    return planner->position.segment > 0 &&
           rw_timeline_seek(planner->ground->profile, planner->position.segment - 1, &before) &&
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
    const struct rw_cue_settings *settings = &planner->settings;
    if (settings->announce == RW_ANNOUNCE_DURATION ||
        (settings->announce == RW_ANNOUNCE_AUTO && duration_is_news)) {
        words.duration_ms = step->duration_ms;
    }
    bool is_before_exercise = planner->has_next && step->kind != RW_KIND_EXERCISE &&
                              planner->next.step->kind == RW_KIND_EXERCISE;
    if (is_before_exercise && settings->next != RW_NEXT_OFF) {
        words.text = planner->next.step->name; /* time to lie down for it */
    }
    if (!runs_are_counted(planner, settings)) {
        return words;
    }
    uint32_t total = rw_profile_run_count(planner->ground->profile);
    uint32_t number = position->run + 1;
    if (is_last_run(planner, position)) {
        words.flags |= RW_WORDS_LAST_RUN;
    } else if (step->kind == RW_KIND_RUN) {
        bool is_told = settings->count == RW_COUNT_ALL || total <= count_every_above ||
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

static bool can_tell_halfway(const struct rw_step *step, const struct rw_cue_settings *settings)
{
    return settings->announce != RW_ANNOUNCE_OFF && step->duration_ms >= halfway_join_step_ms;
}

static enum halfway halfway_find(const struct planner *planner, rw_ns *ret_at)
{
    const struct rw_stretch *stretch = planner->stretch;
    rw_ns middle = stretch->session_end / 2;
    rw_ns since_start = middle - stretch->start;
    rw_ns to_end = stretch->end - middle;
    bool joins_start = stretch->segment > 0 && since_start >= -halfway_join &&
                       since_start <= halfway_join &&
                       can_tell_halfway(planner->position.step, &planner->settings);
    bool next_takes_it = planner->has_next && to_end >= 0 && to_end <= halfway_join &&
                         can_tell_halfway(planner->next.step, &planner->next_settings);

    if (planner->told->halfway || !planner->settings.halfway) {
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
static size_t announcement_variants(const struct rw_words *words,
                                    struct rw_words variants[ANNOUNCEMENT_VARIANTS])
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
    if (shorter.text) {
        shorter.text = NULL;
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
    struct rw_words variants[ANNOUNCEMENT_VARIANTS];
    size_t variant_count = announcement_variants(&words, variants);
    struct rw_cue *cue = cue_add(planner, RW_CUE_ANNOUNCE, at, &words);
    cue_place(planner, cue, rw_type_window(RW_CUE_ANNOUNCE), variants, variant_count);
    bool tells_it = cue->fate != RW_CUE_DROPPED && (cue->words.flags & RW_WORDS_HALFWAY);
    if (joins_halfway && !tells_it) {
        *halfway = HALFWAY_ALONE;
        cue->words.flags &= ~(unsigned)RW_WORDS_HALFWAY;
        /* What is told elsewhere is no loss of this sentence. */
        bool lost_only_it = !(words.flags & RW_WORDS_WAS_LAST_RUN) &&
                            cue->words.duration_ms == words.duration_ms &&
                            cue->words.text == words.text && cue->words.name == words.name &&
                            cue->words.number == words.number;
        if (cue->fate == RW_CUE_SHORTENED && lost_only_it) {
            cue->fate = cue->at > at ? RW_CUE_MOVED : RW_CUE_PLANNED;
        }
    }
    return cue->at + cue->length + (cue->length > 0 ? planner->around.room : 0);
}

/* The words that open this stretch instead of an announcement; returns when they are over. */
static rw_ns opening_plan(struct planner *planner, rw_ns at, enum rw_cue_type type)
{
    struct rw_words variants[2] = {planner->stretch->opening, planner->stretch->opening};
    variants[1].duration_ms = 0;
    variants[1].name = NULL;
    struct rw_cue *cue = cue_add(planner, type, at, &variants[0]);
    cue_place(planner, cue, rw_type_window(type), variants, RW_COUNT(variants));
    return cue->at + cue->length + (cue->length > 0 ? planner->around.room : 0);
}

static void countdown_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    struct rw_words words = {.saying = RW_SAY_TICK};
    if (stretch->end - stretch->start < RW_COUNTDOWN_STEP_MIN) {
        return;
    }
    for (unsigned left = planner->settings.countdown; left > 0; left--) {
        rw_ns at = stretch->end - SECONDS(left);
        if (!is_past(planner, at) && at >= stretch->floor) {
            cue_place(planner, cue_add(planner, RW_CUE_COUNTDOWN, at, &words), 0, &words, 1);
        }
    }
}

static void next_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    const struct rw_cue_settings *cues = &planner->settings;
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
        runs_are_counted(planner, &planner->next_settings)) {
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

unsigned rw_time_left_mark(uint32_t left_ms)
{
    unsigned mark = 0;
    while (mark + 1 < RW_TIME_LEFT_MARKS && time_left_marks[mark].minutes * 60000 != left_ms) {
        mark++;
    }
    return mark;
}

/* Whether the announcement of this stretch tells of just this time. */
static bool is_announced(const struct planner *planner, rw_ns length)
{
    for (size_t i = 0; i < planner->plan->count; i++) {
        const struct rw_cue *cue = &planner->plan->cues[i];
        if (cue->type == RW_CUE_ANNOUNCE && cue->fate != RW_CUE_DROPPED &&
            MS(cue->words.duration_ms) == length) {
            return true;
        }
    }
    return false;
}

/*
 * Tells the time left at each mark of this stretch, in sessions much longer than that; a mark close
 * to the change waits for the announcement, which is over at WORDS_AT.
 */
static void time_left_plan(struct planner *planner, rw_ns words_at)
{
    const struct rw_stretch *stretch = planner->stretch;
    for (unsigned i = 0; i < RW_TIME_LEFT_MARKS; i++) {
        rw_ns left = SECONDS(60) * time_left_marks[i].minutes;
        rw_ns mark = stretch->session_end - left;
        rw_ns at = mark > words_at ? mark : words_at;
        bool is_worth =
            planner->settings.time_left && planner->settings.verbosity >= time_left_marks[i].from &&
            !(planner->told->time_left & 1u << i) && stretch->session_end * 2 >= left * 5;
        bool next_takes_it = planner->has_next && stretch->end - mark < time_left_move;
        bool is_last_step = !planner->has_next && is_announced(planner, left);
        if (!is_worth || next_takes_it || is_last_step || at > mark + time_left_move ||
            at >= stretch->end || mark + time_left_move < stretch->floor) {
            continue;
        }
        struct rw_words words = {
            .saying = RW_SAY_TIME_LEFT,
            .duration_ms = (uint32_t)(left / RW_NS_PER_MS),
        };
        struct rw_cue *cue = cue_add(planner, RW_CUE_TIME_LEFT, at, &words);
        cue_place(planner, cue, mark + time_left_move - at, &words, 1);
    }
}

static void say_plan(struct planner *planner, rw_ns at)
{
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = planner->position.step->say};
    struct rw_cue *cue = cue_add(planner, RW_CUE_SAY, at, &words);
    cue_place(planner, cue, rw_type_window(RW_CUE_SAY), &words, 1);
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
    bool has_last = stretch->segment > 0 &&
                    rw_timeline_seek(planner->ground->profile, stretch->segment - 1, &last);
    if (has_last) {
        rw_cue_settings_resolve(planner->ground->manner, last.step, &planner->settings);
    }
    if (planner->settings.announce != RW_ANNOUNCE_OFF) {
        struct rw_cue *cue = cue_add(planner, RW_CUE_ANNOUNCE, words_at, &words);
        cue_place(planner, cue, rw_type_window(RW_CUE_ANNOUNCE), &words, 1);
        words_at = cue->at + cue->length + pause_before_question;
    }
    if (stretch->asks_pain) {
        struct rw_words question = {.saying = RW_SAY_AFTER_PAIN};
        struct rw_cue *cue = cue_add(planner, RW_CUE_CARE, words_at, &question);
        cue_place(planner, cue, rw_type_window(RW_CUE_CARE), &question, 1);
    }
}

/* Clicks under everything else, from the first moment that can sound to the end. */
static void cadence_plan(struct planner *planner)
{
    const struct rw_stretch *stretch = planner->stretch;
    rw_ns at = stretch->start > stretch->floor ? stretch->start : stretch->floor;
    struct rw_words words = {
        .saying = RW_SAY_TICK,
        .number = rw_cue_settings_millisteps(&planner->settings),
    };
    if (words.number > 0 && at < stretch->end) {
        struct rw_cue *cue = cue_add(planner, RW_CUE_CADENCE, at, &words);
        cue->length = stretch->end - at;
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
    /* What opens a stretch answers a command, but for the word of where the plan goes on. */
    bool answers = stretch->is_opened && stretch->opening.saying != RW_SAY_WHERE;
    bool announces = (answers || planner->settings.announce != RW_ANNOUNCE_OFF) &&
                     !stretch->is_announced &&
                     since_start <= (answers ? answer_window : rw_type_window(RW_CUE_ANNOUNCE));
    bool says = step->say && !stretch->is_opened &&
                planner->settings.verbosity != RW_VERBOSITY_SILENT && !stretch->is_said &&
                since_start <= rw_type_window(RW_CUE_SAY);
    if (stretch->is_opened && halfway == HALFWAY_JOINED) {
        halfway = HALFWAY_ALONE;
    }

    /* In order of importance: what is placed first keeps its place. */
    if (!is_past(planner, stretch->start)) {
        change_plan(planner, rises ? RW_SAY_TONE_RUN : RW_SAY_TONE_WALK, &words_at);
    }
    if (announces && stretch->is_opened) {
        words_at = opening_plan(planner, words_at,
                                answers ? rw_cue_type_of_answer(stretch->opening.saying)
                                        : RW_CUE_ANNOUNCE);
    } else if (announces) {
        words_at = announcement_plan(planner, words_at, &halfway);
    }
    countdown_plan(planner);
    if (stretch->inserted) {
        rw_rest_plan(planner->plan, &planner->around);
    } else {
        next_plan(planner);
    }
    if (halfway == HALFWAY_ALONE) {
        halfway_plan(planner, halfway_at);
    }
    time_left_plan(planner, words_at > stretch->start ? words_at : stretch->start);
    if (says) {
        say_plan(planner, words_at);
    }
    cadence_plan(planner);
}

void rw_plan_stretch(struct rw_plan *plan, const struct rw_ground *ground,
                     const struct rw_stretch *stretch, const struct rw_told *told)
{
    struct planner planner = {
        .plan = plan,
        .ground = ground,
        .stretch = stretch,
        .told = told,
        .settings = rw_cue_settings_default,
    };
    plan->count = 0;
    planner.around = (struct rw_surroundings){
        .stretch = stretch,
        .measure = ground->measure,
        .plan = plan,
        .seed = ground->manner->seed,
        .before_end = clear_before_end,
        .is_finish = stretch->segment == rw_profile_segment_count(ground->profile),
    };
    if (rw_timeline_seek(ground->profile, stretch->segment, &planner.position)) {
        if (stretch->end <= stretch->from) {
            return;
        }
        if (stretch->inserted) {
            planner.position.step = stretch->inserted;
        }
        rw_cue_settings_resolve(ground->manner, planner.position.step, &planner.settings);
        planner.has_next = rw_timeline_seek(ground->profile, stretch->follower, &planner.next);
        if (planner.has_next) {
            rw_cue_settings_resolve(ground->manner, planner.next.step, &planner.next_settings);
        }
        planner.around.room = rw_manner_room(planner.settings.verbosity);
        segment_plan(&planner);
    } else {
        planner.around.room = rw_manner_room(RW_VERBOSITY_NORMAL);
        finish_plan(&planner);
    }
    plan_sort(plan);
}

void rw_told_update(struct rw_told *told, const struct rw_position *position, rw_ns length)
{
    told->duration_ms[position->step->kind] = position->step->duration_ms;
    told->ran += position->step->kind == RW_KIND_RUN ? length : 0;
}
