#include "script.h"

#include <stdlib.h>

struct rw_script {
    struct rw_session *session;
    rw_ns end; /* RW_NS_NEVER until the session came to it */
    bool is_over;
};

enum rw_status rw_script_open(const struct rw_profile *profile, struct rw_measure measure,
                              const struct rw_manner *manner, struct rw_script **ret_script)
{
    struct rw_script *script = calloc(1, sizeof *script);
    if (!script) {
        return RW_EMEMORY;
    }
    script->end = RW_NS_NEVER;
    enum rw_status status = rw_session_create(profile, measure, &script->session);
    if (status != RW_OK) {
        free(script);
        return status;
    }
    if (manner) {
        rw_session_set_manner(script->session, manner);
    }
    *ret_script = script;
    return RW_OK;
}

void rw_script_close(struct rw_script *script)
{
    if (script) {
        rw_session_destroy(script->session);
        free(script);
    }
}

bool rw_script_next(struct rw_script *script, struct rw_script_item *ret_item)
{
    rw_ns event_at = rw_session_next_event_at(script->session);
    rw_ns cue_at = rw_session_next_cue_at(script->session);

    struct rw_event event;
    if (event_at <= cue_at && event_at != RW_NS_NEVER &&
        rw_session_advance(script->session, event_at, &event)) {
        if (event.type == RW_EVENT_SEGMENT) {
            *ret_item = (struct rw_script_item){
                .type = RW_SCRIPT_SEGMENT,
                .at = event.at,
                .segment = event,
            };
            return true;
        }
        script->end = event.at;
        cue_at = rw_session_next_cue_at(script->session);
    }
    struct rw_cue cue;
    if (cue_at != RW_NS_NEVER && rw_session_cue(script->session, cue_at, &cue)) {
        *ret_item = (struct rw_script_item){.type = RW_SCRIPT_CUE, .at = cue.at, .cue = cue};
        return true;
    }
    if (script->is_over) {
        return false;
    }
    script->is_over = true;
    *ret_item = (struct rw_script_item){.type = RW_SCRIPT_END, .at = script->end};
    return true;
}
