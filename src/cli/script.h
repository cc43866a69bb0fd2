/*
 * The script of a session: its segments and cues in order of time, without a clock and without
 * holding more than one of them at once.
 */
#ifndef RW_CLI_SCRIPT_H
#define RW_CLI_SCRIPT_H

#include "runwalk/core/session.h"

enum rw_script_type { RW_SCRIPT_SEGMENT, RW_SCRIPT_CUE, RW_SCRIPT_END };

struct rw_script_item {
    enum rw_script_type type;
    rw_ns at;
    struct rw_event segment;
    struct rw_cue cue; /* dropped ones included */
};

struct rw_script;

/*
 * PROFILE and MEASURE's context are borrowed; MANNER is copied, and NULL is how a session talks by
 * itself. RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_script_open(const struct rw_profile *profile,
                                         struct rw_measure measure, const struct rw_manner *manner,
                                         struct rw_script **ret_script);
void rw_script_close(struct rw_script *script);

/*
 * The next item: a segment before its cues, and the end last, though the words of the finish
 * sound after it. False when the end has been given.
 */
bool rw_script_next(struct rw_script *script, struct rw_script_item *ret_item);

#endif
