/*
 * The parts that the daemon is wired from: opening and closing them, their configuration, and
 * who hears what they tell. For the daemon's own files only.
 */
#ifndef RUNWALK_DAEMON_PARTS_H
#define RUNWALK_DAEMON_PARTS_H

#include "daemon.h"

/* Opens all that talks to one another; on failure what was opened is left to close. */
RW_CHECKED enum rw_status rw_parts_open(struct rw_daemon *daemon);

/* Closes whatever is open; when the last handle has closed, the loop returns. */
void rw_parts_close(struct rw_daemon *daemon);

/* What the player takes from the configuration; it points into DAEMON. */
struct rw_player_config rw_daemon_player_config(const struct rw_daemon *daemon);

/* Reads the configuration file over the defaults; problems are logged. */
RW_CHECKED enum rw_status rw_daemon_configure(struct rw_daemon *daemon, struct rw_config *config);

/* Reads it again while running; what cannot be read leaves all as it was. */
void rw_daemon_reload(struct rw_daemon *daemon);

/* Makes the inhibitor, which tells tell.c. */
RW_CHECKED enum rw_status rw_daemon_inhibitor_create(struct rw_daemon *daemon);

/* Who hears the parts: tell.c. */
struct rw_coach_observer rw_daemon_coach_observer(struct rw_daemon *daemon);
struct rw_player_observer rw_daemon_player_observer(struct rw_daemon *daemon);
struct rw_prepare_observer rw_daemon_prepare_observer(struct rw_daemon *daemon);

#endif
