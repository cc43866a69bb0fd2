/*
 * What the parts of the coach share: its state, and how it tells, sends and answers. speak.c
 * turns cues and answers into play commands; coach.c holds time and the commands.
 */
#ifndef RUNWALK_COACH_PRIVATE_H
#define RUNWALK_COACH_PRIVATE_H

#include "runwalk/coach/coach.h"

/* Cues that reports may still come for, and how much of each text is remembered for them. */
#define RW_SENT_MAX      256
#define RW_SENT_TEXT_MAX 96

struct rw_sent {
    uint64_t number; /* 0: free */
    uint32_t epoch;
    enum rw_cue_type type;
    bool is_over;                /* nothing more comes of it */
    char text[RW_SENT_TEXT_MAX]; /* cut at a whole character */
};

struct rw_coach {
    struct rw_voice *voice;
    struct rw_sink sink;
    struct rw_coach_observer observer;

    enum rw_coach_state state;
    rw_ns now;
    struct rw_profile *profile; /* owned */
    struct rw_session *session; /* owned; of the last start */
    rw_ns origin;
    rw_ns paused_at;
    size_t reminders;  /* given in this pause */
    bool keeps_silent; /* in this pause nothing is said but on a command, and it never ends by
                          itself */
    struct rw_manner manner;

    uint32_t epoch;
    uint64_t cue_count;
    struct rw_sent sent[RW_SENT_MAX]; /* by number, the oldest forgotten first */
    rw_ns expected;                   /* as last told to the sink */

    bool has_missed;         /* a change or its words were lost, and nothing heard since tells */
    uint32_t missed_segment; /* the one that was on then */
};

/* Nothing sounds less than this before a countdown or change that it is to keep clear of. */
extern const rw_ns rw_answer_clearance;

void rw_coach_tell_state(struct rw_coach *coach);

/* Tells that COMMAND is carried out, whose answer can sound at clock time EARLIEST. */
void rw_coach_tell_command(struct rw_coach *coach, enum rw_command command, rw_ns amount,
                           rw_ns earliest);
/* The same of ENTRY, of which command and parameters are set. */
void rw_coach_tell_entry(struct rw_coach *coach, struct rw_command_entry entry, rw_ns earliest);

/* Running or paused. */
bool rw_coach_is_under_way(const struct rw_coach *coach);
/* The run stands still from now on, in which nothing is said yet. */
void rw_coach_hold(struct rw_coach *coach);
/* Whether the runner is to be asked, when the run has ended, if it still hurts. */
bool rw_coach_asks_pain(const struct rw_coach *coach);

/*
 * Sends what is due within the horizon. True when the change into the current segment, or the
 * finish, came too late to be heard: then the runner must be told how things stand.
 */
bool rw_coach_send_cues(struct rw_coach *coach);

/* Whether the words of a change are with the sink, and may still be heard. */
bool rw_coach_words_are_coming(const struct rw_coach *coach);

/* Tells the sink when the next unsent cue comes, if that has changed. */
void rw_coach_tell_expectation(struct rw_coach *coach);

/* Silences what sounds and what is pending; returns the clock time at which an answer can sound. */
rw_ns rw_coach_interrupt(struct rw_coach *coach);

/* How long WORDS sound as an answer; negative when nothing speaks them. */
rw_ns rw_coach_answer_length(const struct rw_coach *coach, const struct rw_words *words);

/*
 * How long WORDS, said from session time FLOOR on, keep the session's own cues away; negative
 * when nothing speaks them or they would not be over before a countdown or change.
 */
rw_ns rw_coach_answer_room(const struct rw_coach *coach, rw_ns floor, const struct rw_words *words);

/* The first of VARIANTS that has room from FLOOR on, or NULL; and how long it sounds. */
const struct rw_words *rw_coach_answer_choose(const struct rw_coach *coach, rw_ns floor,
                                              const struct rw_words *variants, size_t count,
                                              rw_ns *ret_length);

/* Says WORDS at clock time AT. */
void rw_coach_answer_send(struct rw_coach *coach, rw_ns at, const struct rw_words *words);

/* Plans what lies ahead around an answer at clock time AT: the first variant that has room. */
void rw_coach_answer_weave(struct rw_coach *coach, rw_ns at, const struct rw_words *variants,
                           size_t count);

/* While paused, an edit that moved the session is answered by naming where it now stands. */
void rw_coach_answer_place(struct rw_coach *coach, rw_ns at);

/* Where the session is at session time AT: in full, and by kind alone. */
#define RW_WHERE_VARIANTS 2
void rw_coach_where_words(const struct rw_coach *coach, rw_ns at,
                          struct rw_words ret_variants[RW_WHERE_VARIANTS]);

#endif
