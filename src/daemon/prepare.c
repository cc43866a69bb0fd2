#include "prepare.h"

#include <stdlib.h>
#include <string.h>

/* A text being made. The profile's texts and the one asked for by hand each have a lane. */
struct lane {
    struct rw_prepare *prepare;
    bool is_busy;
};

struct rw_prepare {
    struct rw_voice *voice;
    struct rw_speech *speech;
    struct rw_prepare_observer observer;
    const struct rw_profile *profile; /* NULL: none, or all of it is made */
    size_t next;                      /* of its texts: the name, then name and words a step */
    struct lane profile_lane, text_lane;
};

enum rw_status rw_prepare_create(struct rw_voice *voice, struct rw_speech *speech,
                                 struct rw_prepare_observer observer,
                                 struct rw_prepare **ret_prepare)
{
    struct rw_prepare *prepare = calloc(1, sizeof *prepare);
    if (!prepare) {
        return RW_EMEMORY;
    }
    prepare->voice = voice;
    prepare->speech = speech;
    prepare->observer = observer;
    prepare->profile_lane.prepare = prepare->text_lane.prepare = prepare;
    *ret_prepare = prepare;
    return RW_OK;
}

void rw_prepare_destroy(struct rw_prepare *prepare)
{
    free(prepare);
}
