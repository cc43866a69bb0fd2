#include "talk.h"

#include "place.h"

static const rw_ns in_the_ear = SECONDS(20 * 60); /* no phrase comes again so soon */
static const rw_ns run_min = SECONDS(12);         /* in shorter ones nothing is said unasked */
static const rw_ns lead = SECONDS(8);             /* into a run before anything is */
static const rw_ns tail = SECONDS(2);             /* of quiet before its end */
static const rw_ns spread_max = SECONDS(60);      /* how far into a run chance may put it */
static const rw_ns dead_point_run_min = SECONDS(180);
static const rw_ns dead_point_lead = SECONDS(45);
static const uint32_t dead_points_max = 2;
static const rw_ns long_run = SECONDS(300); /* has a last minute worth the name */
static const rw_ns last_minute = SECONDS(60);
static const rw_ns pause_is_near = SECONDS(120);

enum chance { CHANCE_FIRST, CHANCE_GAP, CHANCE_PLACE, CHANCE_PHRASE };

static enum rw_saying topic_saying(enum rw_topic topic)
{
    switch (topic) {
    case RW_TOPIC_DEAD_POINT:
        return RW_SAY_DEAD_POINT;
    case RW_TOPIC_ENCOURAGE:
        return RW_SAY_ENCOURAGE;
    case RW_TOPIC_BREATHING:
        return RW_SAY_BREATHING;
    case RW_TOPIC_POSTURE:
        return RW_SAY_POSTURE;
    case RW_TOPIC_REASSURE:
        break;
    }
    return RW_SAY_REASSURE;
}

static enum rw_cue_type topic_cue(enum rw_topic topic)
{
    switch (topic) {
    case RW_TOPIC_DEAD_POINT:
        return RW_CUE_DEAD_POINT;
    case RW_TOPIC_ENCOURAGE:
        return RW_CUE_ENCOURAGE;
    case RW_TOPIC_BREATHING:
        return RW_CUE_BREATHING;
    case RW_TOPIC_POSTURE:
        return RW_CUE_POSTURE;
    case RW_TOPIC_REASSURE:
        break;
    }
    return RW_CUE_ANSWER;
}

/* Which topic cues of TYPE belong to; false when to none. */
static bool topic_find(enum rw_cue_type type, enum rw_topic *ret_topic)
{
    for (int topic = 0; topic < RW_TOPIC_REASSURE; topic++) {
        if (topic_cue((enum rw_topic)topic) == type) {
            *ret_topic = (enum rw_topic)topic;
            return true;
        }
    }
    return false;
}

void rw_talk_init(struct rw_talk *talk)
{
    *talk = (struct rw_talk){.last_end = RW_NS_NEVER};
}

/* ---- the moment ---- */

unsigned rw_moment_tags(const struct rw_ground *ground, const struct rw_stretch *stretch, rw_ns at)
{
    struct rw_position position;
    struct rw_position before;
    unsigned tags = 0;
    rw_ns quarter = stretch->session_end / 4;
    tags |= at < quarter ? RW_TAG_EARLY : 0;
    tags |= at >= quarter && at < 3 * quarter ? RW_TAG_MIDDLE : 0;
    tags |= at >= 2 * quarter && at < 3 * quarter ? RW_TAG_HARD : 0;
    bool is_after_pause =
        stretch->resumed_at != RW_NS_NEVER && at - stretch->resumed_at <= pause_is_near;
    tags |= is_after_pause ? RW_TAG_AFTER_PAUSE : 0;
    if (stretch->inserted || !rw_timeline_seek(ground->profile, stretch->segment, &position) ||
        position.step->kind != RW_KIND_RUN) {
        return tags;
    }
    bool is_last =
        rw_is_last_run(ground->profile, &position) && rw_profile_run_count(ground->profile) > 1;
    tags |= is_last ? RW_TAG_LAST_RUN : 0;
    bool follows_rest = stretch->segment > 0 &&
                        rw_timeline_seek(ground->profile, stretch->segment - 1, &before) &&
                        before.step->kind == RW_KIND_REST;
    tags |= follows_rest || stretch->is_after_rest ? RW_TAG_AFTER_REST : 0;
    bool is_last_minute =
        stretch->end - stretch->start >= long_run && stretch->end - at <= last_minute;
    tags |= is_last_minute ? RW_TAG_LAST_MINUTE : 0;
    return tags;
}

/* ---- the phrase ---- */

/* How many tickets phrase NUMBER has in the draw at moment AT with TAGS; 0: it does not fit. */
static uint32_t phrase_tickets(const struct rw_ground *ground, enum rw_saying saying,
                               uint32_t number, unsigned tags)
{
    const struct rw_measure *measure = ground->measure;
    unsigned own =
        measure->phrase_tags ? measure->phrase_tags(measure->context, saying, number) : 0;
    if (own == 0) {
        return 1;
    }
    return own & tags ? 3 : 0; /* what fits just now is better than what always fits */
}

static uint32_t phrase_count(const struct rw_ground *ground, enum rw_saying saying)
{
    const struct rw_measure *measure = ground->measure;
    uint32_t count = measure->phrase_count ? measure->phrase_count(measure->context, saying) : 0;
    return count < RW_TALK_PHRASES_MAX ? count : RW_TALK_PHRASES_MAX;
}

/* A set of phrases to draw from. */
struct draw {
    const struct rw_talk *talk;
    const struct rw_ground *ground;
    enum rw_topic topic;
    rw_ns at;
    unsigned tags;
};

static bool is_in_the_ear(const struct draw *draw, const struct rw_phrase_past *past)
{
    return past->uses > 0 && draw->at - past->last < in_the_ear;
}

/*
 * How often the phrase has been used, what is still in the ear after all others, the longest ago
 * first.
 */
static uint64_t phrase_staleness(const struct draw *draw, uint32_t number)
{
    const struct rw_phrase_past *past = &draw->talk->phrases[draw->topic][number - 1];
    if (is_in_the_ear(draw, past)) {
        return (UINT64_C(1) << 62) + (uint64_t)past->last;
    }
    return past->uses;
}

/*
 * Draws one of the least used phrases that fit and are not longer than MOST; 0: none. A phrase that
 * is still in the ear comes only when all that fit are.
 */
static uint32_t phrase_draw(const struct draw *draw, rw_ns most)
{
    const struct rw_measure *measure = draw->ground->measure;
    enum rw_saying saying = topic_saying(draw->topic);
    uint32_t count = phrase_count(draw->ground, saying);
    uint64_t least = UINT64_MAX;
    uint32_t tickets = 0;
    uint32_t chosen = 0;
    uint32_t ordinal = draw->talk->topics[draw->topic].said;
    uint64_t chance =
        rw_chance(draw->ground->manner->seed, (uint64_t)draw->topic * 16 + CHANCE_PHRASE, ordinal);
    for (uint32_t number = 1; number <= count; number++) {
        uint32_t own = phrase_tickets(draw->ground, saying, number, draw->tags);
        struct rw_words words = {.saying = saying, .number = number};
        uint64_t staleness = phrase_staleness(draw, number);
        rw_ns length = own > 0 ? measure->length(measure->context, &words) : -1;
        if (length < 0 || length > most || staleness > least) {
            continue;
        }
        if (staleness < least) {
            least = staleness;
            tickets = 0;
        }
        tickets += own;
        /* Each ticket seen so far is the drawn one with the same chance. */
        uint64_t draw_here = rw_chance(chance, number, tickets);
        chosen = draw_here % tickets < own ? number : chosen;
    }
    return chosen;
}

/* The length of the shortest phrase that fits; RW_NS_NEVER: there is none. */
static rw_ns shortest_length(const struct draw *draw)
{
    const struct rw_measure *measure = draw->ground->measure;
    enum rw_saying saying = topic_saying(draw->topic);
    uint32_t count = phrase_count(draw->ground, saying);
    rw_ns shortest = RW_NS_NEVER;
    for (uint32_t number = 1; number <= count; number++) {
        struct rw_words words = {.saying = saying, .number = number};
        bool can_be_said = phrase_tickets(draw->ground, saying, number, draw->tags) > 0 &&
                           !is_in_the_ear(draw, &draw->talk->phrases[draw->topic][number - 1]);
        rw_ns length = can_be_said ? measure->length(measure->context, &words) : -1;
        shortest = length >= 0 && length < shortest ? length : shortest;
    }
    return shortest;
}

/* ---- the time ---- */

/* All that planning one unasked cue looks at. */
struct talker {
    const struct rw_talk *talk;
    const struct rw_ground *ground;
    const struct rw_stretch *stretch;
    const struct rw_told *told;
    struct rw_cue_settings settings;
    struct rw_surroundings around;
};

/* At most one in so much running; 0: never. */
static rw_ns topic_rate(const struct talker *talker, enum rw_topic topic)
{
    const struct rw_cue_settings *settings = &talker->settings;
    switch (topic) {
    case RW_TOPIC_DEAD_POINT:
        return MS(settings->dead_until_ms - settings->dead_from_ms) / 3;
    case RW_TOPIC_ENCOURAGE:
        return MS(settings->encourage_ms);
    case RW_TOPIC_BREATHING:
        return MS(settings->breathing_ms);
    case RW_TOPIC_POSTURE:
        return MS(settings->posture_ms);
    case RW_TOPIC_REASSURE:
        break;
    }
    return 0;
}

/* A part of WHOLE that chance decides: from none to nearly all of it. */
static rw_ns chance_part(const struct talker *talker, enum rw_topic topic, enum chance chance,
                         rw_ns whole)
{
    const struct rw_topic_past *past = &talker->talk->topics[topic];
    uint64_t which = (uint64_t)past->said << 32 | (chance == CHANCE_PLACE ? past->tried : 0);
    uint64_t drawn =
        rw_chance(talker->ground->manner->seed, (uint64_t)topic * 16 + (uint64_t)chance, which);
    return whole / 1024 * (rw_ns)(drawn % 1024);
}

/*
 * From which running time on TOPIC has its turn: a rate after the last one and up to three quarters
 * of it more, so that nobody can wait for it.
 */
static rw_ns topic_due(const struct talker *talker, enum rw_topic topic, rw_ns rate)
{
    const struct rw_topic_past *past = &talker->talk->topics[topic];
    const struct rw_topic_past *asked = &talker->talk->topics[RW_TOPIC_REASSURE];
    rw_ns due = 0;
    if (topic == RW_TOPIC_DEAD_POINT) {
        due = MS(talker->settings.dead_from_ms);
    }
    if (past->said > 0) {
        due = past->said_ran + rate + chance_part(talker, topic, CHANCE_GAP, rate / 4 * 3);
    } else {
        due += rate / 4 + chance_part(talker, topic, CHANCE_FIRST, rate / 2);
    }
    if (past->tried > 0 && past->tried_ran + rate / 4 > due) {
        due = past->tried_ran + rate / 4;
    }
    if (topic == RW_TOPIC_ENCOURAGE && asked->said > 0 && asked->said_ran + rate > due) {
        due = asked->said_ran + rate;
    }
    return due;
}

/* Where in the stretch TOPIC wants its next cue; false: not in this one. */
static bool topic_wanted(const struct talker *talker, enum rw_topic topic, rw_ns *ret_at)
{
    const struct rw_stretch *stretch = talker->stretch;
    rw_ns length = stretch->end - stretch->start;
    rw_ns rate = topic_rate(talker, topic);
    bool is_dead_point = topic == RW_TOPIC_DEAD_POINT;
    rw_ns least = is_dead_point ? dead_point_run_min : run_min;
    if (rate <= 0 || length < least) {
        return false;
    }
    rw_ns into = topic_due(talker, topic, rate) - talker->told->ran;
    rw_ns first = is_dead_point ? dead_point_lead : length / 3 < lead ? length / 3 : lead;
    if (into < first) { /* its turn had come before: not always at the same place of a run */
        rw_ns spread = (length - first) / 2;
        spread = spread < spread_max ? spread : spread_max;
        into = first + chance_part(talker, topic, CHANCE_PLACE, spread);
    }
    rw_ns until = MS(talker->settings.dead_until_ms) - talker->told->ran;
    bool is_over =
        is_dead_point && (talker->talk->topics[topic].said >= dead_points_max || into > until);
    if (into >= length || is_over) {
        return false;
    }
    *ret_at = stretch->start + MS(into / MS(1));
    return true;
}

/* How long after one unasked thing another may come. */
static rw_ns talk_gap(const struct talker *talker)
{
    return talker->settings.verbosity == RW_VERBOSITY_CHATTY ? SECONDS(20) : SECONDS(40);
}

/* Plans the next cue of TOPIC; false when it has no turn in this stretch. */
static bool topic_plan(const struct talker *talker, enum rw_topic topic, struct rw_cue *ret_cue)
{
    const struct rw_stretch *stretch = talker->stretch;
    rw_ns wanted;
    if (!topic_wanted(talker, topic, &wanted)) {
        return false;
    }
    rw_ns at = wanted;
    if (talker->talk->last_end != RW_NS_NEVER && at < talker->talk->last_end + talk_gap(talker)) {
        at = talker->talk->last_end + talk_gap(talker);
    }
    bool is_too_late = at + lead > stretch->end || stretch->floor + lead > stretch->end;
    struct draw draw = {talker->talk, talker->ground, topic, at,
                        rw_moment_tags(talker->ground, stretch, at)};
    uint32_t number = phrase_draw(&draw, RW_NS_NEVER);
    if (number == 0 || is_too_late) {
        return false; /* without phrases there is no such topic; a later run may have room */
    }
    struct rw_words variants[2] = {{.saying = topic_saying(topic), .number = number}};
    size_t variant_count = 1;
    uint32_t shorter = phrase_draw(&draw, shortest_length(&draw));
    if (shorter != 0 && shorter != number) {
        variants[variant_count++] =
            (struct rw_words){.saying = topic_saying(topic), .number = shorter};
    }
    struct rw_cue cue = {
        .type = topic_cue(topic),
        .segment = stretch->segment,
        .at = at,
        .window = rw_type_window(topic_cue(topic)),
        .words = variants[0],
    };
    rw_cue_place(&talker->around, &cue, stretch->end - at, variants, variant_count);
    if (cue.fate == RW_CUE_PLANNED && cue.at > wanted) {
        cue.fate = RW_CUE_MOVED;
    }
    *ret_cue = cue;
    return true;
}

bool rw_talk_next(const struct rw_talk *talk, const struct rw_ground *ground,
                  const struct rw_stretch *stretch, const struct rw_told *told,
                  const struct rw_plan *plan, const struct rw_cue *last, struct rw_cue *ret_cue)
{
    struct rw_position position;
    struct talker talker = {.talk = talk, .ground = ground, .stretch = stretch, .told = told};
    if (stretch->is_hurt || stretch->inserted ||
        !rw_timeline_seek(ground->profile, stretch->segment, &position) ||
        position.step->kind != RW_KIND_RUN) {
        return false;
    }
    rw_cue_settings_resolve(ground->manner, position.step, &talker.settings);
    talker.around = (struct rw_surroundings){
        .stretch = stretch,
        .measure = ground->measure,
        .plan = plan,
        .before = last,
        .seed = ground->manner->seed,
        .room = rw_manner_room(talker.settings.verbosity),
        .clearance = rw_manner_clearance(talker.settings.verbosity),
        .before_end = tail,
    };
    bool found = false;
    struct rw_cue best = {0};
    for (int topic = RW_TOPIC_POSTURE; topic >= 0; topic--) { /* the least important first */
        struct rw_cue cue;
        if (!topic_plan(&talker, (enum rw_topic)topic, &cue)) {
            continue;
        }
        rw_ns best_needs = best.at + best.length + talk_gap(&talker);
        bool is_in_its_way = cue.fate != RW_CUE_DROPPED && cue.at < best_needs;
        if (!found || cue.at < best.at || is_in_its_way) {
            best = cue;
            found = true;
        }
    }
    if (found) {
        *ret_cue = best;
    }
    return found;
}

/* ---- the memory ---- */

static void entry_add(struct rw_talk *talk, enum rw_topic topic, uint32_t number, rw_ns at)
{
    if (talk->entry_count == RW_TALK_ENTRIES_MAX) { /* the oldest can no longer be taken back */
        for (size_t i = 1; i < RW_TALK_ENTRIES_MAX; i++) {
            talk->entries[i - 1] = talk->entries[i];
        }
        talk->entry_count--;
    }
    talk->entries[talk->entry_count++] = (struct rw_talk_entry){
        .topic = topic,
        .number = number,
        .at = at,
        .last_end_before = talk->last_end,
        .phrase_before = talk->phrases[topic][number > 0 ? number - 1 : 0],
        .topic_before = talk->topics[topic],
    };
}

static void said_remember(struct rw_talk *talk, enum rw_topic topic, uint32_t number, rw_ns at,
                          rw_ns length, rw_ns ran)
{
    entry_add(talk, topic, number, at);
    talk->phrases[topic][number - 1].uses++;
    talk->phrases[topic][number - 1].last = at;
    talk->topics[topic].said++;
    talk->topics[topic].said_ran = ran;
    talk->last_end = at + length;
}

void rw_talk_remember(struct rw_talk *talk, const struct rw_cue *cue, rw_ns ran)
{
    enum rw_topic topic;
    if (!topic_find(cue->type, &topic)) {
        return;
    }
    if (cue->fate != RW_CUE_DROPPED) {
        said_remember(talk, topic, cue->words.number, cue->at, cue->length, ran);
        return;
    }
    entry_add(talk, topic, 0, cue->at);
    talk->topics[topic].tried++;
    talk->topics[topic].tried_ran = ran;
}

void rw_talk_forget_after(struct rw_talk *talk, rw_ns now)
{
    while (talk->entry_count > 0 && talk->entries[talk->entry_count - 1].at > now) {
        const struct rw_talk_entry *entry = &talk->entries[--talk->entry_count];
        if (entry->number > 0) {
            talk->phrases[entry->topic][entry->number - 1] = entry->phrase_before;
        }
        talk->topics[entry->topic] = entry->topic_before;
        talk->last_end = entry->last_end_before;
    }
}

uint32_t rw_talk_choose(struct rw_talk *talk, const struct rw_ground *ground, enum rw_topic topic,
                        rw_ns now, rw_ns ran, unsigned tags, rw_ns most)
{
    struct draw draw = {talk, ground, topic, now, tags};
    uint32_t number = phrase_draw(&draw, most);
    if (number > 0) {
        said_remember(talk, topic, number, now, 0, ran);
    }
    return number;
}
