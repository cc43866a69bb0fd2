/*
 * What segments and cues are called on a screen. Pure.
 */
#ifndef RW_CLI_LABELS_H
#define RW_CLI_LABELS_H

#include "runwalk/core/cue.h"
#include "runwalk/core/timeline.h"

#define RW_LABEL_MAX 192

/* "Warm up", "Run", ... Static. */
const char *rw_label_kind(enum rw_kind kind);

/* The kind that the protocol's WORD means; false: none. */
bool rw_label_kind_find(const char *word, enum rw_kind *ret_kind);

/*
 * What is done now, in a few words: "Run 3 of 8", "Side plank, left side", "Walk, up the hill".
 * RUN is 1-based, 0: none; NAME may be NULL; both come from a file and are cleaned here.
 */
void rw_label_segment(enum rw_kind kind, enum rw_side side, const char *name, uint32_t run,
                      uint32_t runs, char out[RW_LABEL_MAX]);

/* What a cue of TYPE is to a person: "the countdown". Static. */
const char *rw_label_cue(enum rw_cue_type type);

/* The word for programs, for example "moved". Static. */
const char *rw_label_fate(enum rw_cue_fate fate);

/* What sounds where nothing is spoken: "rising tone"; "" for words. Static. */
const char *rw_label_tone(enum rw_saying saying);

/* "2 of 8, 1 of 3", outermost first; "" when nothing is repeated. */
void rw_label_reps(const struct rw_rep *reps, uint32_t depth, char out[RW_LABEL_MAX]);

#endif
