/*
 * From the daemon's words to what the view draws. Members that are absent or of another type
 * count as unknown, so that an older or newer daemon is shown as well as it can be. Pure.
 */
#ifndef RW_CLI_WATCH_MODEL_H
#define RW_CLI_WATCH_MODEL_H

#include "watch_view.h"

#include <jansson.h>

/*
 * Takes over a status, as `session.status` and `subscribe` give it. Blocks are replaced only
 * when it has some; they are kept otherwise.
 */
void rw_watch_take_status(struct rw_watch_state *state, const json_t *status);

/*
 * Takes over one event. True when the course of the session may have changed, so that the
 * blocks should be asked for again.
 */
bool rw_watch_take_event(struct rw_watch_state *state, const json_t *event);

#endif
