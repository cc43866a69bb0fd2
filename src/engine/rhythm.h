/*
 * The clicks of a cadence, given to the mixer a second ahead: each placed by the stream's clock
 * as it stands then, so that they follow the boot clock and not the device. Message thread only.
 */
#ifndef ENGINE_RHYTHM_H
#define ENGINE_RHYTHM_H

#include "clock.h"

#include "runwalk/audio/cadence.h"
#include "runwalk/audio/mixer.h"
#include "runwalk/wire/wire.h"

#define RHYTHM_AHEAD RW_NS_PER_SECOND

struct rhythm {
    struct rw_cadence_rows rows;
    bool voids; /* what was given to the mixer from `void_from` on holds no more */
    rw_ns void_from;
};

/* RW_EINVALID, RW_EFULL: as rw_cadence_take. */
RW_CHECKED enum rw_status rw_rhythm_take(struct rhythm *rhythm,
                                         const struct rw_wire_cadence *cadence);
void rw_rhythm_cancel(struct rhythm *rhythm, uint32_t epoch);

/* Gives MIXER the clicks heard from NOW until UNTIL whose frame is not before EARLIEST. */
void rw_rhythm_place(struct rhythm *rhythm, struct rw_mixer *mixer, const struct clock *clock,
                     rw_ns now, rw_ns until, rw_frame earliest);

/* When the next click that has not been given is heard; RW_NS_NEVER: there is none. */
rw_ns rw_rhythm_due(struct rhythm *rhythm);

#endif
