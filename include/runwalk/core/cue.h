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
    RW_SAY_SEGMENT,     /* kind, side, name, number, total, duration_ms, flags: "Run five of eight.
                           Halfway." */
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
};

enum rw_words_flag {
    RW_WORDS_LAST_RUN = 1 << 0,     /* this (or the coming) run is the session's last */
    RW_WORDS_WAS_LAST_RUN = 1 << 1, /* the last run lies behind: "That was the last run." */
    RW_WORDS_HALFWAY = 1 << 2,      /* the middle of the session is here: "Halfway." */
};

struct rw_words {
    enum rw_saying saying;
    enum rw_kind kind;
    enum rw_side side;
    uint32_t number, total; /* 0: not said */
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
    RW_CUE_NEXT,      /* how long until the change */
    RW_CUE_HALFWAY,
    RW_CUE_SAY, /* the step's own words */
};
#define RW_CUE_TYPE_COUNT 7

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
    RW_DROP_TOO_SHORT,  /* the step is too short for it */
    RW_DROP_COLLISION,  /* a more important cue sounds then */
    RW_DROP_UNSPEAKABLE /* no clip and no speech for these words */
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

/*
 * How long words sound, in nanoseconds; negative when nothing can speak them.
 * A pure function of the words for the life of a session.
 */
struct rw_measure {
    rw_ns (*length)(void *context, const struct rw_words *words);
    void *context;
};

#endif
