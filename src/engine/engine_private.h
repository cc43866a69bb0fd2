/*
 * What the engine's parts share: all that it holds. Each field says which thread it belongs to;
 * what has no word is set before the output starts.
 */
#ifndef ENGINE_ENGINE_PRIVATE_H
#define ENGINE_ENGINE_PRIVATE_H

#include "clips.h"
#include "rhythm.h"
#include "schedule.h"
#include "songs.h"

#include "runwalk/audio/mixer.h"
#include "runwalk/audio/output.h"
#include "runwalk/audio/ring.h"

#define OBSERVATIONS_MAX 256u

/* A play that the mixer has. */
struct placed {
    struct rw_wire_play play;
    rw_frame start;
    bool started;
};

struct engine {
    int socket;
    int timer;
    struct rw_wire_page *page;
    struct rw_output *output;
    struct rw_mixer *mixer;
    struct rw_ring observations; /* audio thread to message thread; a full one loses the newest */
    struct observation observation_slots[OBSERVATIONS_MAX];

    /* The audio thread's own. */
    rw_frame observed; /* the frame from which on the next observation is due */

    /* The message thread's own. */
    struct clock clock;
    struct schedule schedule;
    struct clips clips;
    struct rhythm rhythm;
    struct songs songs;
    struct placed placed[RW_WIRE_PLAYS_MAX];
    size_t placed_count;
    rw_ns latency;
    rw_ns block; /* how long a callback's frames last */
    rw_frame awake;
    bool ready;
    bool quitting;
    rw_ns silent_at; /* when the end of the last sound is heard */
};

#endif
