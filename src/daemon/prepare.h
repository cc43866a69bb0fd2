/*
 * Makes words speakable before they are needed: what no pack phrase speaks is asked of
 * the speech engine, a profile's texts one after the other in the order of need, so that a
 * long profile never floods it. A run can start when those of its first ten minutes are there.
 */
#ifndef RUNWALK_DAEMON_PREPARE_H
#define RUNWALK_DAEMON_PREPARE_H

#include "runwalk/core/profile.h"
#include "runwalk/voice/speech.h"
#include "runwalk/voice/voice.h"

struct rw_prepare;

struct rw_prepare_observer {
    /* The texts of the profile's first ten minutes have been made or have failed; only after
       rw_prepare_profile has returned true, and not after rw_prepare_cancel. */
    void (*profile_ready)(void *context);
    /*
     * A text of the profile will be left unsaid. Told once for all texts that the speech engine
     * fails at, until it fails otherwise or has worked in between.
     */
    void (*text_failed)(void *context, const char *text, const char *problem);
    void *context;
};

/* VOICE and SPEECH (NULL: no speech engine) are borrowed; SPEECH is closed before the end. */
RW_CHECKED enum rw_status rw_prepare_create(struct rw_voice *voice, struct rw_speech *speech,
                                            struct rw_prepare_observer observer,
                                            struct rw_prepare **ret_prepare);
void rw_prepare_destroy(struct rw_prepare *prepare);

/*
 * Begins with the texts of PROFILE, which must live until the end or until rw_prepare_cancel;
 * forgets an earlier one. WITH_NAME: its name, too, is to be said. False when there is nothing to
 * wait for: what is said later than ten minutes from the start is made while the run is on.
 */
bool rw_prepare_profile(struct rw_prepare *prepare, const struct rw_profile *profile,
                        bool with_name);
void rw_prepare_cancel(struct rw_prepare *prepare);
/* Whether the first ten minutes are not ready yet. */
bool rw_prepare_is_busy(const struct rw_prepare *prepare);

#endif
