/*
 * Makes what a profile says speakable before it is needed: every text that no pack
 * phrase speaks is asked of the speech engine, one after the other.
 */
#ifndef RUNWALK_DAEMON_PREPARE_H
#define RUNWALK_DAEMON_PREPARE_H

#include "runwalk/core/profile.h"
#include "runwalk/voice/speech.h"
#include "runwalk/voice/voice.h"

struct rw_prepare;

struct rw_prepare_observer {
    /* A text could not be made: it will be left unsaid. */
    void (*failed)(void *context, const char *text, const char *problem);
    /* Everything asked for has been made or has failed; told once for each rw_prepare_begin that
       had anything to make, and for each rw_prepare_text. */
    void (*done)(void *context);
    void *context;
};

/* VOICE and SPEECH (NULL: no speech engine) are borrowed. */
RW_CHECKED enum rw_status rw_prepare_create(struct rw_voice *voice, struct rw_speech *speech,
                                            struct rw_prepare_observer observer,
                                            struct rw_prepare **ret_prepare);
void rw_prepare_destroy(struct rw_prepare *prepare);

/* Begins with the texts of PROFILE, which must outlive it or the next call; forgets an earlier one.
 */
void rw_prepare_begin(struct rw_prepare *prepare, const struct rw_profile *profile);
/* One text more, before all others. RW_EFULL: one is being made already. */
RW_CHECKED enum rw_status rw_prepare_text(struct rw_prepare *prepare, const char *text);
/* Forgets the profile. */
void rw_prepare_cancel(struct rw_prepare *prepare);
bool rw_prepare_is_busy(const struct rw_prepare *prepare);

#endif
