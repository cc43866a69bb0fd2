/*
 * Any bytes as a profile; what is taken is planned for a while, and every diagnostic formatted.
 */
#include "fuzz.h"

#include "runwalk/core/session.h"
#include "runwalk/profile/profile_file.h"

#include <stdlib.h>

static rw_ns half_a_second(void *context, const struct rw_words *words)
{
    (void)context;
    (void)words;
    return RW_NS_PER_SECOND / 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rw_measure measure = {.length = half_a_second};
    static struct rw_diagnostics diagnostics;
    struct rw_profile *profile;
    struct rw_session *session;
    struct rw_cue cue;
    rw_diagnostics_init(&diagnostics);
    if (rw_profile_parse((const char *)data, size, &diagnostics, &profile) == RW_OK) {
        if (rw_session_create(profile, measure, &session) == RW_OK) {
            for (int i = 0; i < 200 && rw_session_cue(session, RW_NS_NEVER, &cue); i++) {
            }
            rw_session_destroy(session);
        }
        rw_profile_destroy(profile);
    }
    free(rw_diagnostics_format(&diagnostics, "fuzz.yaml", (const char *)data, size));
    return 0;
}
