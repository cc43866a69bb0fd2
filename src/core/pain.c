#include "runwalk/core/pain.h"

#include "runwalk/base.h"

#include <string.h>

static const struct {
    const char *name;
    bool is_emergency;
} places[] = {
    [RW_PAIN_SOMEWHERE] = {"", false},
    {"back", false},
    {"leg", false},
    {"knee", false},
    {"hip", false},
    {"groin", false},
    {"thigh", false},
    {"hamstring", false},
    {"calf", false},
    {"shin", false},
    {"ankle", false},
    {"achilles", false},
    {"heel", false},
    {"foot", false},
    {"toe", false},
    {"stomach", false},
    {"neck", false},
    {"shoulder", false},
    {"arm", true}, /* may come from the heart */
    {"jaw", true},
    {"head", false},
    {"chest", true},
    {"heart", true},
    {"other", false},
};

uint32_t rw_pain_count(void)
{
    return RW_COUNT(places);
}

const char *rw_pain_name(uint32_t place)
{
    return places[place].name;
}

bool rw_pain_find(const char *name, uint32_t *ret_place)
{
    for (uint32_t i = 0; i < RW_COUNT(places); i++) {
        if (strcmp(places[i].name, name) == 0) {
            *ret_place = i;
            return true;
        }
    }
    return false;
}

bool rw_pain_is_emergency(uint32_t place)
{
    return places[place].is_emergency;
}
