/*
 * What the daemon tells of itself, as JSON: the status of docs/protocol.md. Pure: views in,
 * objects out. Every function returns a new reference, or NULL when memory is short.
 */
#ifndef RUNWALK_DAEMON_STATUS_H
#define RUNWALK_DAEMON_STATUS_H

#include "inhibitor.h"
#include "runwalk/coach/coach.h"
#include "runwalk/player/player.h"

#include <jansson.h>

/* The most blocks the bar of a session is drawn from; a longer one is sampled. */
#define RW_BLOCKS_MAX 512

/* All that a status is made of; everything is borrowed. */
struct rw_status_source {
    struct rw_coach_view coach;
    struct rw_player_view player;
    struct rw_inhibitor_view awake;
    bool is_preparing; /* a start waits for its speech */
    const char *path;  /* of the chosen profile's file; NULL: none */
    double volume_db;
    bool blocks; /* the caller wants the session as blocks, too */
};

json_t *rw_status_json(const struct rw_status_source *source);
/* How the coach talks now: in the current step, as a run; or in a run that says nothing of it. */
void rw_status_voice(const struct rw_coach_view *coach, struct rw_cue_settings *ret_settings);
json_t *rw_status_voice_json(const struct rw_coach_view *coach);
/* Null when PROFILE is NULL. */
json_t *rw_status_profile_json(const struct rw_profile *profile, const char *path);
/* Whether the device is kept awake, and why it is not while it should be. */
json_t *rw_status_awake_json(const struct rw_inhibitor_view *awake);
json_t *rw_status_output_json(const struct rw_player_view *player);

/* One segment: POSITION from START_NS to END_NS of session time. */
json_t *rw_status_segment_json(const struct rw_position *position, rw_ns start_ns, rw_ns end_ns);

/* The session ahead as a segment event carries it: segment, next, end_ms. */
json_t *rw_status_place_json(const struct rw_session_view *session);

/* A cue, or what became of one, as the event carries it. */
json_t *rw_status_cue_json(const struct rw_coach_event *event);

#endif
