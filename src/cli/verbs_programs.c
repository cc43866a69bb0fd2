/* The verbs "For programs". */
#include "verbs.h"

static const struct rw_option call_options[] = {
    {"timeout", "TIME", "how long to wait for the answer (5s)"},
    {NULL, NULL, NULL},
};

static const struct rw_verb verbs[] = {
    {
        .name = "call",
        .words = "METHOD [JSON]",
        .summary = "Call a method of the protocol and print its result.",
        .details = "JSON is an object with the parameters. The methods are in docs/protocol.md.",
        .word_min = 1,
        .word_max = 2,
        .options = call_options,
        .examples = {{"runwalk call describe", "every method there is"},
                     {"runwalk call session.extend '{\"by_ms\": 10000}'", "with a parameter"}},
        .run = rw_verb_call,
    },
};

const struct rw_verb_group rw_verbs_programs = {"For programs", verbs, RW_COUNT(verbs)};
