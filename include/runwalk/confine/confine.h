/*
 * What a child process of runwalk may know and use: the rules for all of them stand here, in one
 * table a kind. The parent chooses the environment; the child takes the limits upon itself before
 * it touches anything that came from outside. It starts no process.
 */
#ifndef RUNWALK_CONFINE_CONFINE_H
#define RUNWALK_CONFINE_CONFINE_H

#include "runwalk/base.h"

#define RW_CONFINE_ENVIRONMENT_MAX 64

enum rw_confined {
    RW_CONFINED_ENGINE,  /* speaks to the sound server */
    RW_CONFINED_SPEECH,  /* the user's speech command */
    RW_CONFINED_DUCKER,  /* speaks to the sound server and to other players */
    RW_CONFINED_INHIBIT, /* asks logind one thing */
};

/*
 * Fills LIST with the entries of this process's environment that a child of KIND may see, ended by
 * NULL. Nothing is copied: the entries hold until the environment changes. EXTRA (may be NULL) is
 * one more, put last: what the user has set goes before it.
 */
void rw_confine_environment(enum rw_confined kind, char *extra,
                            char *list[RW_CONFINE_ENVIRONMENT_MAX]);

/*
 * For the child, first thing: it will die with its parent, can gain no rights by any program it
 * starts, leaves no core file, and gets the limits of KIND. The caller then looks whether its
 * parent is still there. What the system refuses is left out: the limits are a second fence.
 */
void rw_confine_self(enum rw_confined kind);

#endif
