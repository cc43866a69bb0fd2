#include "verbs.h"

#include <string.h>

const struct rw_option rw_json_option[] = {
    {"json", NULL, "print JSON, for programs"},
    {NULL, NULL, NULL},
};

static const struct rw_verb_group *const groups[] = {
    &rw_verbs_before, &rw_verbs_during, &rw_verbs_after, &rw_verbs_sound, &rw_verbs_programs,
};

const struct rw_verb_group *rw_verb_group_at(size_t index)
{
    return index < RW_COUNT(groups) ? groups[index] : NULL;
}

const struct rw_verb *rw_verb_at(size_t index)
{
    for (size_t i = 0; i < RW_COUNT(groups); i++) {
        if (index < groups[i]->count) {
            return &groups[i]->verbs[index];
        }
        index -= groups[i]->count;
    }
    return NULL;
}

const struct rw_verb *rw_verb_find(const char *name)
{
    const struct rw_verb *verb;
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        if (strcmp(verb->name, name) == 0) {
            break;
        }
    }
    return verb;
}
