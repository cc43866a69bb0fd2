/* The methods about profiles: listing them, and checking one. */
#include "handlers.h"
#include "runwalk/coach/measure.h"
#include "runwalk/paths/file.h"
#include "runwalk/profile/profile_file.h"
#include "status.h"

#include <stdlib.h>

bool rw_profile_load(struct rw_daemon *daemon, const char *name, struct rw_answer *answer,
                     struct rw_profile_place *ret_place, struct rw_profile **ret_profile,
                     char **ret_bytes, size_t *ret_size)
{
    struct rw_diagnostics diagnostics;
    char *problem = NULL;
    char *bytes = NULL;
    size_t size;
    bool loaded = false;

    enum rw_status status = rw_paths_find_profile(daemon->paths, name, NULL, ret_place, &problem);
    if (status != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_UNKNOWN_PROFILE, "%s",
                         problem ? problem : "there is no such profile");
        free(problem);
        return false;
    }
    status = rw_file_read(ret_place->path, RW_PROFILE_BYTES_MAX, &bytes, &size);
    if (status != RW_OK) {
        rw_answer_refuse(answer, RW_REASON_UNREADABLE, "%s: %s", ret_place->path,
                         status == RW_ELIMIT ? "a profile has at most 256 KiB"
                                             : "cannot be read: check its permissions");
        goto done;
    }
    rw_diagnostics_init(&diagnostics);
    status = rw_profile_parse(bytes, size, &diagnostics, ret_profile);
    if (status != RW_OK) {
        char *text = rw_diagnostics_format(&diagnostics, ret_place->path, bytes, size);
        rw_answer_refuse(answer, RW_REASON_INVALID_PROFILE, "%s has errors", ret_place->path);
        rw_error_add(&answer->error, "diagnostics", rw_json_text(text ? text : ""));
        free(text);
        goto done;
    }
    loaded = true;
    if (ret_bytes) {
        *ret_bytes = bytes;
        *ret_size = size;
        bytes = NULL;
    }

done:
    free(bytes);
    if (!loaded) {
        rw_profile_place_finish(ret_place);
    }
    return loaded;
}

json_t *rw_places_json(const char *name, const struct rw_profile_place *list, size_t count,
                       const struct rw_call *call)
{
    size_t from = (size_t)rw_param_count(call, "offset");
    size_t most = (size_t)rw_param_count(call, "limit");
    json_t *places = json_array();
    for (size_t i = from; i < count && i - from < most; i++) {
        json_t *place = json_pack("{s:o, s:o}", "name", rw_json_text(list[i].name), "path",
                                  rw_json_text(list[i].path));
        json_array_append_new(places, place);
    }
    return json_pack("{s:o, s:I}", name, places, "total", (json_int_t)count);
}

void rw_handle_profile_list(struct rw_daemon *daemon, const struct rw_call *call,
                            struct rw_answer *answer)
{
    struct rw_profile_place *list;
    size_t count;
    if (rw_paths_list_profiles(daemon->paths, &list, &count) != RW_OK) {
        rw_answer_command(daemon, RW_EMEMORY, answer);
        return;
    }
    answer->result = rw_places_json("profiles", list, count, call);
    rw_profile_list_free(list, count);
}

/* Most of the dropped cues of a profile that are named; the others are only counted. */
#define DROPPED_MAX 64
/* Cues that are looked at: some 50 ms of work on a small device. */
#define CHECKED_MAX 10000

/* Plans PROFILE and tells which cues find no room: `dropped` and `dropped_total`. */
static enum rw_status dropped_find(const struct rw_daemon *daemon, const struct rw_profile *profile,
                                   json_t *result)
{
    struct rw_session *session;
    struct rw_utterance utterance;
    struct rw_cue cue;
    json_int_t total = 0;
    json_t *dropped = json_array();
    enum rw_status status = rw_session_create(profile, rw_coach_measure(daemon->voice), &session);
    if (status != RW_OK) {
        json_decref(dropped);
        return status;
    }
    for (int i = 0; i < CHECKED_MAX && rw_session_cue(session, RW_NS_NEVER, &cue); i++) {
        if (cue.fate != RW_CUE_DROPPED || total++ >= DROPPED_MAX) {
            continue;
        }
        utterance.text[0] = '\0';
        status = rw_voice_compose(daemon->voice, &cue.words, &utterance);
        (void)status; /* the text is set in any case */
        json_array_append_new(dropped, json_pack("{s:I, s:s, s:s, s:s}", "t_ms",
                                                 (json_int_t)(cue.at / RW_NS_PER_MS), "cue",
                                                 rw_cue_type_name(cue.type), "text", utterance.text,
                                                 "reason", rw_drop_reason_text(cue.reason)));
    }
    rw_session_destroy(session);
    json_object_set_new(result, "dropped", dropped);
    json_object_set_new(result, "dropped_total", json_integer(total));
    return RW_OK;
}

void rw_handle_profile_check(struct rw_daemon *daemon, const struct rw_call *call,
                             struct rw_answer *answer)
{
    struct rw_profile_place place;
    struct rw_profile *profile;
    if (!rw_profile_load(daemon, rw_param_text(call, "profile"), answer, &place, &profile, NULL,
                         NULL)) {
        return;
    }
    json_t *result = json_pack("{s:o, s:s}", "profile", rw_status_profile_json(profile, place.path),
                               "diagnostics", "");
    if (dropped_find(daemon, profile, result) == RW_OK) {
        answer->result = result;
    } else {
        json_decref(result);
        rw_answer_command(daemon, RW_EMEMORY, answer);
    }
    rw_profile_destroy(profile);
    rw_profile_place_finish(&place);
}
