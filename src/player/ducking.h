/*
 * The player's handle on the ducker, the process that lowers the music of others: has it up
 * while cues are to come, tells it when they are heard, and hands what a dead one has left
 * lowered to the next. A ducker that is missing, dead or slow costs the cues nothing.
 */
#ifndef PLAYER_DUCKING_H
#define PLAYER_DUCKING_H

#include "cues.h"

#include "runwalk/wire/duck.h"

struct rw_player;
struct ducker_child;

struct ducking {
    struct ducker_child *child; /* NULL: there is none */
    bool is_leaving;            /* it is giving everything back, then it exits */
    bool has_sink;              /* it has told where the voice goes to */
    bool is_bluetooth;
    bool has_complained;
    unsigned failures; /* in a row */
    rw_ns failed_at;
    rw_ns leave_by;
    rw_ns idle_since; /* no cue is in sight; 0: one is */
    struct rw_duck_plan told;
    enum rw_duck_mode told_mode;
    struct rw_duck_debt debts[RW_DUCK_DEBTS_MAX]; /* what is lowered or paused now */
    size_t debt_count;
};

/* Brings the ducker to where it should be at NOW. Returns when it must be asked again. */
rw_ns rw_ducking_update(struct rw_player *player, rw_ns now);
/* Whether it is gone; with a closing player it goes. */
bool rw_ducking_is_over(const struct rw_player *player);
/* The lead-in that the output needs, as far as it is known. */
rw_ns rw_ducking_wake(const struct rw_player *player);

/* When the cues that are not over at NOW are heard: the first few spans, in order. */
void rw_ducking_plan(const struct cues *cues, rw_ns now, struct rw_duck_plan *ret_plan);

#endif
