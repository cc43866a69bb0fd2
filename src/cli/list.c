/* list: the profiles that have a name. */

#include "load.h"
#include "runwalk/paths/file.h"
#include "runwalk/profile/profile_file.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* NULL when the file is no profile: the list then says so, and `check` tells why. */
static struct rw_profile *profile_read(const char *path)
{
    char *bytes;
    size_t size;
    struct rw_profile *profile = NULL;
    if (rw_file_read(path, RW_PROFILE_BYTES_MAX, &bytes, &size) != RW_OK) {
        return NULL;
    }
    if (rw_profile_parse(bytes, size, NULL, &profile) != RW_OK) {
        profile = NULL;
    }
    free(bytes);
    return profile;
}

static void line_print(const struct rw_invocation *invocation, const struct rw_profile_place *place,
                       const struct rw_profile *profile, int name_width)
{
    char name[RW_PLACE_NAME_MAX + 1];
    rw_text_clean(place->name, name, sizeof name);
    fprintf(invocation->out, "%s%-*s%s", rw_style(invocation, RW_STYLE_STRONG), name_width, name,
            rw_style(invocation, RW_STYLE_PLAIN));
    if (!profile) {
        fputs("  (not valid: see `runwalk check`)\n", invocation->out);
        return;
    }
    char length[RW_TEXT_TIME_MAX];
    char summary[400];
    rw_text_span(rw_profile_duration_ms(profile), length);
    rw_text_clean(rw_profile_summary(profile), summary, sizeof summary);
    fprintf(invocation->out, "  %12s  %s\n", length, summary);
}

static json_t *entry_json(const struct rw_profile_place *place, const struct rw_profile *profile)
{
    if (!profile) {
        return json_pack("{s:s, s:s, s:b}", "id", place->name, "path", place->path, "valid", 0);
    }
    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:I, s:I, s:I}", "id", place->name, "path",
                     place->path, "valid", 1, "name", rw_profile_name(profile), "summary",
                     rw_profile_summary(profile), "duration_ms",
                     (json_int_t)rw_profile_duration_ms(profile), "segments",
                     (json_int_t)rw_profile_segment_count(profile), "runs",
                     (json_int_t)rw_profile_run_count(profile));
}

static bool is_wanted(const struct rw_invocation *invocation, const struct rw_profile_place *place)
{
    return invocation->arguments.word_count == 0 ||
           strcasestr(place->name, invocation->arguments.words[0]) != NULL;
}

static enum rw_exit list_print(const struct rw_invocation *invocation,
                               const struct rw_profile_place *list, size_t count)
{
    bool as_json = rw_arguments_has(&invocation->arguments, "json");
    int name_width = 0;
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_wanted(invocation, &list[i])) {
            int width = (int)strlen(list[i].name);
            name_width = width > name_width ? width : name_width;
            shown++;
        }
    }
    json_t *entries = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(invocation, &list[i])) {
            continue;
        }
        struct rw_profile *profile = profile_read(list[i].path);
        if (as_json) {
            json_array_append_new(entries, entry_json(&list[i], profile));
        } else {
            line_print(invocation, &list[i], profile, name_width);
        }
        rw_profile_destroy(profile);
    }
    if (as_json) {
        json_dumpf(entries, invocation->out, JSON_INDENT(2));
        fputc('\n', invocation->out);
    }
    json_decref(entries);
    if (shown > 0 || as_json) {
        return RW_EXIT_OK;
    }
    if (invocation->arguments.word_count > 0) {
        return rw_fail(invocation, RW_EXIT_PROFILE, "no profile has \"%s\" in its name",
                       invocation->arguments.words[0]);
    }
    return rw_fail(invocation, RW_EXIT_PROFILE, "there are no profiles");
}

enum rw_exit rw_verb_list(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    struct rw_profile_place *list;
    size_t count;
    if (rw_paths_list_profiles(paths, &list, &count) == RW_OK) {
        exit = list_print(invocation, list, count);
        rw_profile_list_free(list, count);
    } else {
        exit = rw_fail(invocation, RW_EXIT_IO, "the profiles cannot be listed");
    }
    rw_paths_destroy(paths);
    return exit;
}
