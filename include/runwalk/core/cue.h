/*
 * What the coach wants to be heard, before any language or sound: the words of a
 * cue as data. The voice turns them into clips and text, the planner into times.
 */
#ifndef RUNWALK_CORE_CUE_H
#define RUNWALK_CORE_CUE_H

#include "runwalk/core/profile.h"

/* What is said or sounded. The fields of rw_words that each uses stand beside it. */
enum rw_saying {
    RW_SAY_TONE_RUN,    /* rising */
    RW_SAY_TONE_WALK,   /* falling */
    RW_SAY_TONE_FINISH, /* the session is done */
    RW_SAY_TICK,        /* one soft tick of a countdown */
    RW_SAY_SEGMENT,     /* kind, side, name, number, total, duration_ms, flags, text (the name of
                           what comes next): "Run five of eight. Halfway." */
    RW_SAY_IN,          /* duration_ms, flags LAST_RUN: "Ten seconds." "Last run in ten seconds." */
    RW_SAY_HALFWAY,     /* "Halfway." */
    RW_SAY_TEXT,        /* text: any words */
    RW_SAY_DONE,        /* duration_ms, total (runs): "Done. Twenty-one minutes, eight runs." */
    RW_SAY_CHOSEN, /* text (the profile's name), duration_ms: "Tuesday. Twenty-four minutes." */
    RW_SAY_PAUSED, /* "Workout paused." */
    RW_SAY_STILL_PAUSED,   /* "Still paused." */
    RW_SAY_WHERE,          /* kind, side, name, duration_ms left: "Run. Forty seconds left." */
    RW_SAY_EXTENDED,       /* duration_ms: "Thirty seconds more." */
    RW_SAY_SHORTENED,      /* duration_ms: "Thirty seconds less." */
    RW_SAY_STOPPED,        /* duration_ms since the start: "Stopped at twelve minutes." */
    RW_SAY_STARTING_IN,    /* duration_ms: "Starting in thirty seconds." */
    RW_SAY_NOTHING_CHOSEN, /* "Choose a workout first." */
    RW_SAY_BACK_AGAIN,     /* as WHERE, after the daemon was away: "I'm back. Walk. Forty seconds
                              left." */
    RW_SAY_TIME_LEFT,      /* duration_ms of the session: "Twelve minutes left." */

    /* Sayings with several phrases to choose from; number: which, from 1. */
    RW_SAY_ENCOURAGE,  /* unasked: "Easy and even. You can keep going." */
    RW_SAY_REASSURE,   /* asked for: "You are all right. You can keep going." */
    RW_SAY_POSTURE,    /* "Look thirty steps ahead." */
    RW_SAY_BREATHING,  /* "Breathe out fully." */
    RW_SAY_DEAD_POINT, /* "If it feels heavy, ease off and breathe out fully. It often passes. ..."
                        */

    /* Answers to what the runner says of the body and the plan. */
    RW_SAY_REST,         /* duration_ms, the most: "Walk slowly. Two minutes at most." */
    RW_SAY_REST_LEFT,    /* duration_ms: "Thirty seconds of rest left." */
    RW_SAY_REST_OVER,    /* "Ready to run again?" */
    RW_SAY_READY,        /* "Good. Run again." */
    RW_SAY_EASIER,       /* "Shorter runs from here." */
    RW_SAY_HARDER,       /* "Longer runs from here." */
    RW_SAY_RATIO,        /* kind, duration_ms: "A new rhythm from here. Run. Forty-five seconds." */
    RW_SAY_COOLDOWN_NOW, /* "Now, cool down." */
    RW_SAY_STITCH,       /* "Walk. Breathe out fully, and press a hand on the sore side." */
    RW_SAY_PAIN,         /* "Walk gently. If it still hurts, end here." */
    RW_SAY_EMERGENCY,    /* "Stop. Sit down somewhere safe. If your chest hurts, or you faint or
                            cannot get your breath, call emergency services." */
    RW_SAY_AFTER_PAIN,   /* the question after the run: "Does it still hurt?" */
    RW_SAY_QUIET,        /* "I will be quiet." */
    RW_SAY_LESS_TALK,    /* "I will say less." */
    RW_SAY_MORE_TALK,    /* "I will say more." */
    RW_SAY_PLAN,       /* text (the plan's name), number: week, duration_ms, kind: the first, flags:
                          why: "Beginner, week one. The same again. Thirty minutes. Walk first." */
    RW_SAY_PLAN_WAITS, /* "The plan waits until all is well again." */
    RW_SAY_NO_PLAN,    /* "Choose a plan first." */
};
#define RW_SAYING_COUNT (RW_SAY_NO_PLAN + 1)

/* When a phrase fits. A phrase without a tag fits always. */
enum rw_phrase_tag {
    RW_TAG_EARLY = 1 << 0, /* in the first quarter of the session */
    RW_TAG_MIDDLE = 1 << 1,
    RW_TAG_HARD = 1 << 2,        /* in its third quarter, where it is hardest */
    RW_TAG_LAST_RUN = 1 << 3,    /* in the session's last run */
    RW_TAG_AFTER_REST = 1 << 4,  /* in the run after a rest */
    RW_TAG_AFTER_PAUSE = 1 << 5, /* soon after a pause */
    RW_TAG_LAST_MINUTE = 1 << 6, /* in the last minute of a long run */
};

enum rw_words_flag {
    RW_WORDS_LAST_RUN = 1 << 0,     /* this (or the coming) run is the session's last */
    RW_WORDS_WAS_LAST_RUN = 1 << 1, /* the last run lies behind: "That was the last run." */
    RW_WORDS_HALFWAY = 1 << 2,      /* the middle of the session is here: "Halfway." */
    RW_WORDS_AGAIN = 1 << 3,        /* of a plan: "The same again." */
    RW_WORDS_STEP_BACK = 1 << 4,    /* "One step back." */
    RW_WORDS_WEEKS_BACK = 1 << 5,   /* "Easier again, after the pause." */
    RW_WORDS_BIG_STEP = 1 << 6,     /* "This is a big step." */
};

struct rw_words {
    enum rw_saying saying;
    enum rw_kind kind;
    enum rw_side side;
    uint32_t number, total; /* 0: not said */
    uint32_t variant;       /* which of a phrase's variants, from 0; modulo how many there are */
    uint32_t duration_ms;   /* 0: not said; spoken rounded to whole seconds */
    unsigned flags;         /* of rw_words_flag */
    const char *name;       /* UTF-8 or NULL; borrowed from the profile */
    const char *text;       /* UTF-8 or NULL; borrowed */
};

/* The types of cue, in order of priority: an earlier one is never dropped for a later one. */
enum rw_cue_type {
    RW_CUE_CHANGE,    /* the tone at a change, and at the end */
    RW_CUE_ANNOUNCE,  /* the words right after it */
    RW_CUE_COUNTDOWN, /* a tick */
    RW_CUE_ANSWER,    /* to a command */
    RW_CUE_CARE,      /* the same, about pain: its words are health data */
    RW_CUE_NEXT,      /* how long until the change */
    RW_CUE_HALFWAY,
    RW_CUE_TIME_LEFT,
    RW_CUE_SAY, /* the step's own words */
    RW_CUE_DEAD_POINT,
    RW_CUE_ENCOURAGE,
    RW_CUE_BREATHING,
    RW_CUE_POSTURE,
    RW_CUE_CADENCE, /* clicks with the steps from `at` on for `length`, under all the others;
                       words.number: thousandths of steps a minute */
};
#define RW_CUE_TYPE_COUNT 14

/* The type of an answer that says SAYING. */
enum rw_cue_type rw_cue_type_of_answer(enum rw_saying saying);

/* Whether cues of TYPE are words. */
bool rw_cue_type_speaks(enum rw_cue_type type);

/* The word the protocol and `timeline --json` use, for example "countdown". Static. */
const char *rw_cue_type_name(enum rw_cue_type type);

/* What became of a cue when it was planned. */
enum rw_cue_fate {
    RW_CUE_PLANNED,
    RW_CUE_SHORTENED, /* a shorter sentence was planned */
    RW_CUE_MOVED,     /* planned elsewhere inside its window */
    RW_CUE_DROPPED,   /* no room; `reason` tells */
};

enum rw_drop_reason {
    RW_DROP_NONE,
    RW_DROP_TOO_SHORT,   /* the step is too short for it */
    RW_DROP_COLLISION,   /* a more important cue sounds then */
    RW_DROP_UNSPEAKABLE, /* no clip and no speech for these words */
    RW_DROP_QUIET,       /* the runner has asked for quiet */
};

/* One sentence a person reads, without a full stop: "the step is too short for it". Static. */
const char *rw_drop_reason_text(enum rw_drop_reason reason);

struct rw_cue {
    enum rw_cue_type type;
    enum rw_cue_fate fate;
    enum rw_drop_reason reason;
    uint32_t segment; /* 0-based; the number of segments for the finish */
    rw_ns at;         /* session time of its first frame */
    rw_ns length;     /* how long it sounds */
    rw_ns window;     /* how much later than `at` it may still begin */
    struct rw_words words;
};

/* What the planner must know of the voice. Pure functions for the life of a session. */
struct rw_measure {
    /* How long WORDS sound, in nanoseconds; negative when nothing can speak them. */
    rw_ns (*length)(void *context, const struct rw_words *words);
    /* How many phrases SAYING has to choose from; NULL or 0: none. */
    uint32_t (*phrase_count)(void *context, enum rw_saying saying);
    /* When phrase NUMBER (from 1) of SAYING fits: bits of rw_phrase_tag, 0 for always. */
    unsigned (*phrase_tags)(void *context, enum rw_saying saying, uint32_t number);
    void *context;
};

#endif
