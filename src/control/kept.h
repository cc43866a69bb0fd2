/*
 * The question that was asked last, as it came, and its answer, for whoever asks the same at the
 * same moment. When that moment is over it does not know: whoever keeps an answer forgets it.
 */
#ifndef RUNWALK_SRC_CONTROL_KEPT_H
#define RUNWALK_SRC_CONTROL_KEPT_H

#include "runwalk/control/dispatch.h"

/* Question and answer begin with the same bytes, up to the end of the id, which alone may differ.
 */
struct rw_kept {
    char question[256]; /* what follows the id */
    size_t question_size;
    size_t id_end;
    char *reply; /* NULL: nothing is kept */
    size_t size;
};

void rw_kept_forget(struct rw_kept *kept);
/* Nothing is kept. Takes the reply of DONE, and keeps it if that answers a question: LINE. */
void rw_kept_keep(struct rw_kept *kept, const char *line, size_t size, struct rw_dispatched *done);
/* Makes the kept reply one to LINE; false: it answers another question, or there is none. */
bool rw_kept_recall(struct rw_kept *kept, const char *line, size_t size);

#endif
