#include "policy.h"

#include <stddef.h>
#include <string.h>

/* Whether the list at TEXT, which ends at a blank or a quote, holds WORD. */
static bool list_has(const char *text, const char *word)
{
    size_t size = strlen(word);

    for (;;) {
        size_t part = strcspn(text, ",/ \t\"'");
        if (part == size && strncmp(text, word, size) == 0) {
            return true;
        }
        if (text[part] != ',' && text[part] != '/') {
            return false;
        }
        text += part + 1;
    }
}

bool rw_policy_announces(const char *name, const char *argument)
{
    static const char key[] = "trigger_roles=";
    const char *roles;

    if (!name || !argument ||
        (strcmp(name, "module-role-ducking") != 0 && strcmp(name, "module-role-cork") != 0)) {
        return false;
    }
    roles = strstr(argument, key);
    if (!roles) {
        return false; /* the server's own default is phone calls */
    }
    roles += sizeof(key) - 1;
    roles += *roles == '"' || *roles == '\'';
    return list_has(roles, "announce") || list_has(roles, "any_role");
}
