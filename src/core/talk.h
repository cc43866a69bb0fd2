/*
 * What nobody asked for: encouragement, posture, breathing and the dead point. Which phrase is said
 * and when follows from the seed, the ordinal, and what was said before; so it looks like chance,
 * repeats nothing that is still in the ear, and is the same each time. Pure; fixed storage.
 */
#ifndef RUNWALK_CORE_TALK_H
#define RUNWALK_CORE_TALK_H

#include "planner.h"

/* Phrases of one saying that are told apart; those beyond are never chosen. */
#define RW_TALK_PHRASES_MAX 128

/* The topics, the most important first. */
enum rw_topic {
    RW_TOPIC_DEAD_POINT,
    RW_TOPIC_ENCOURAGE,
    RW_TOPIC_BREATHING,
    RW_TOPIC_POSTURE,
    RW_TOPIC_REASSURE, /* only when asked for: counts as encouragement too */
};
#define RW_TOPIC_COUNT 5

struct rw_phrase_past {
    uint32_t uses;
    rw_ns last; /* session time; meaningless without uses */
};

struct rw_topic_past {
    uint32_t said, tried; /* how often; tried: what found no room */
    rw_ns said_ran;       /* running time of the last one said */
    rw_ns tried_ran;
};

/* One thing that was said or tried, and what was so before, so that it can be taken back. */
struct rw_talk_entry {
    enum rw_topic topic;
    uint32_t number; /* of the phrase; 0: dropped */
    rw_ns at;
    rw_ns last_end_before;
    struct rw_phrase_past phrase_before;
    struct rw_topic_past topic_before;
};

/* More than can be ahead of the present when an edit comes. */
#define RW_TALK_ENTRIES_MAX 64

struct rw_talk {
    struct rw_phrase_past phrases[RW_TOPIC_COUNT][RW_TALK_PHRASES_MAX];
    struct rw_topic_past topics[RW_TOPIC_COUNT];
    rw_ns last_end; /* of what was said last; RW_NS_NEVER: nothing yet */
    size_t entry_count;
    struct rw_talk_entry entries[RW_TALK_ENTRIES_MAX]; /* the newest ones, oldest first */
};

void rw_talk_init(struct rw_talk *talk);

/*
 * The next unasked cue of STRETCH, whose other cues are in PLAN: planned, or dropped with the
 * reason. LAST is the one before it in this stretch, or NULL. False when none comes any more.
 */
bool rw_talk_next(const struct rw_talk *talk, const struct rw_ground *ground,
                  const struct rw_stretch *stretch, const struct rw_told *told,
                  const struct rw_plan *plan, const struct rw_cue *last, struct rw_cue *ret_cue);

/* Remembers CUE, if it is one of these; RAN is the running time at its beginning. */
void rw_talk_remember(struct rw_talk *talk, const struct rw_cue *cue, rw_ns ran);

/* Takes back what was to begin after NOW. */
void rw_talk_forget_after(struct rw_talk *talk, rw_ns now);

/*
 * Chooses a phrase of TOPIC, which was asked for, for NOW and remembers it; the tags of enum
 * rw_phrase_tag say what moment it is. 0: there is none that is not longer than MOST.
 */
uint32_t rw_talk_choose(struct rw_talk *talk, const struct rw_ground *ground, enum rw_topic topic,
                        rw_ns now, rw_ns ran, unsigned tags, rw_ns most);

/* What moment of the session AT is, as bits of enum rw_phrase_tag. */
unsigned rw_moment_tags(const struct rw_ground *ground, const struct rw_stretch *stretch, rw_ns at);

#endif
