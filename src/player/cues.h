/*
 * The cues the player has taken and not yet answered for: the whole truth about what is
 * still due, so that a new engine can be told everything again. Pure bookkeeping.
 */
#ifndef PLAYER_CUES_H
#define PLAYER_CUES_H

#include "runwalk/coach/sink.h"
#include "runwalk/wire/wire.h"

enum cue_state {
    CUE_HELD,    /* no engine knows of it */
    CUE_SENT,    /* the engine has it */
    CUE_STARTED, /* the engine said that it sounds */
};

struct cue {
    struct rw_wire_play play;
    enum cue_state state;
    bool sounded;   /* it began once, perhaps in an engine that died */
    bool cancelled; /* the engine is to answer for it, but a new one will not hear of it */
    rw_ns started;  /* when, if CUE_STARTED */
};

struct cues {
    struct cue list[RW_WIRE_PLAYS_MAX];
    size_t count;
};

/* RW_EFULL. */
RW_CHECKED enum rw_status rw_cues_add(struct cues *cues, const struct rw_play *play);
struct cue *rw_cues_find(struct cues *cues, uint64_t number);
void rw_cues_remove(struct cues *cues, struct cue *cue);

/* The held cue that is due first, or NULL. */
struct cue *rw_cues_first_held(struct cues *cues);
/* When the first cue that has not begun is due; RW_NS_NEVER: there is none. */
rw_ns rw_cues_due(const struct cues *cues);
/* Whether an engine has any of them. */
bool rw_cues_any_out(const struct cues *cues);
/* Whether an engine's cue uses CLIP. */
bool rw_cues_use_clip(const struct cues *cues, uint32_t clip);
/* The end of CUE if it began at START. */
rw_ns rw_cue_end(const struct cue *cue, rw_ns start);

#endif
