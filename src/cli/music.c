/* music: what plays beneath the coach. */

#include "load.h"
#include "remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The daemon runs elsewhere: it is told the whole path. */
static enum rw_exit path_read(const struct rw_invocation *invocation, const char *word,
                              json_t **ret_params)
{
    char *path = realpath(word, NULL);
    if (!path) {
        return rw_fail(invocation, RW_EXIT_USAGE, "%s: %s", word, strerror(errno));
    }
    *ret_params = json_pack("{s:s}", "path", path);
    free(path);
    if (!*ret_params) {
        return rw_fail(invocation, RW_EXIT_USAGE, "%s: its name is not valid UTF-8", word);
    }
    return RW_EXIT_OK;
}

enum rw_exit rw_verb_music(const struct rw_invocation *invocation)
{
    const char *word = invocation->arguments.word_count > 0 ? invocation->arguments.words[0] : NULL;
    const char *method = "music.get";
    json_t *params = NULL, *result;
    enum rw_exit exit = RW_EXIT_OK;
    if (word && strcmp(word, "stop") == 0) {
        method = "music.stop";
    } else if (word) {
        method = "music.play";
        exit = path_read(invocation, word, &params);
    }
    if (exit == RW_EXIT_OK) {
        exit = rw_remote_ask(invocation, method, params, &result);
    }
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    if (rw_arguments_has(&invocation->arguments, "json")) {
        rw_print_json(invocation, result);
    } else {
        const char *file = json_string_value(json_object_get(result, "file"));
        const char *state = json_string_value(json_object_get(result, "state"));
        fputs("music: ", invocation->out);
        rw_print_clean(invocation->out, state ? state : "?");
        if (file && file[0]) {
            fputs(", ", invocation->out);
            rw_print_clean(invocation->out, file);
        }
        fputc('\n', invocation->out);
    }
    json_decref(result);
    return RW_EXIT_OK;
}
