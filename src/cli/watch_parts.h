/*
 * What the parts of the live view share: times, and the words for them. Pure.
 */
#ifndef RW_CLI_WATCH_PARTS_H
#define RW_CLI_WATCH_PARTS_H

#include "text.h"
#include "watch_view.h"

/* A start lies ahead, or a run goes on or is paused. */
bool rw_watch_is_live(enum rw_watch_phase phase);
bool rw_watch_is_over(enum rw_watch_phase phase);

/* There is a run, or one is about to begin: something that can be left running. */
bool rw_watch_is_on(const struct rw_watch_state *state);

/* How many of a terminal's COLUMNS the picture uses; it stands in their middle. */
int rw_watch_width(unsigned columns);

/* The step that comes next: the first one while the start lies ahead. */
const struct rw_watch_segment *rw_watch_segment_ahead(const struct rw_watch_state *state);

/*
 * Whole seconds that are done at session time NOW: a clock that runs shows the last full one; of a
 * run that is over it is the nearest, as the voice tells it.
 */
int64_t rw_watch_seconds_done(const struct rw_watch_state *state, int64_t now);

/* How much of the current segment is done at session time NOW, in halves of WIDTH columns. */
int64_t rw_watch_progress(const struct rw_watch_state *state, int64_t now, int width);

/* The time that stands large in the middle. */
void rw_watch_main_time(const struct rw_watch_state *state, int64_t boot_ms,
                        char out[RW_TEXT_TIME_MAX]);

/* What that time is the time of; returns the style that fits. */
unsigned rw_watch_headline(const struct rw_watch_state *state, char out[RW_LABEL_MAX]);

/* What comes next, or what a run that is over came to; "" when there is nothing to say. */
void rw_watch_coming(const struct rw_watch_state *state, char *out, size_t size);

/* What the runner may tell of a run that is over. */
#define RW_WATCH_QUESTION "How was it? runwalk log --effort 1-10 --back none|some|bad"

/* What must be noticed: the answer to a key, a pause, lost sound; "" when all is well. */
void rw_watch_notice(const struct rw_watch_state *state, int64_t boot_ms, char *out, size_t size,
                     unsigned *ret_style);

#endif
