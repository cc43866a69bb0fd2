/*
 * What the engine tells the player: that it is ready, what became of plays and of music, and why
 * there is no sound. Message thread only.
 */
#ifndef ENGINE_REPORT_H
#define ENGINE_REPORT_H

#include "engine_private.h"

/* The output runs. */
void rw_report_ready(struct engine *engine);
/* TEXT, as a message of TYPE. */
void rw_report_text(struct engine *engine, enum rw_wire_type type, const char *text);
void rw_report_outcome(struct engine *engine, const struct rw_wire_play *play,
                       enum rw_wire_outcome outcome, rw_ns at);
/* Ends a play that the mixer does not have; lets go of its clips. */
void rw_report_drop(struct engine *engine, const struct rw_wire_play *play);
/* What the mixer has said of its plays since the last call. */
void rw_report_plays(struct engine *engine);
/* What has become of the music's files since the last call. */
void rw_report_music(struct engine *engine);

#endif
