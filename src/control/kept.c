#include "kept.h"

#include <stdlib.h>
#include <string.h>

#define ID_DIGITS 18 /* any number of so many fits into 64 bits */

/*
 * Where the id of LINE ends, if the line begins as a reply does; where it begins, if it is no plain
 * number. 0: it begins in another way, or the number may be none that JSON has.
 */
static size_t find_id_end(const char *line, size_t size)
{
    static const char opening[] = "{\"jsonrpc\":\"2.0\",\"id\":";
    size_t begin = sizeof(opening) - 1, end = begin;

    if (size < begin || memcmp(line, opening, begin) != 0) {
        return 0;
    }
    while (end < size && line[end] >= '0' && line[end] <= '9') {
        end++;
    }
    return end - begin > ID_DIGITS || (end - begin > 1 && line[begin] == '0') ? 0 : end;
}

void rw_kept_forget(struct rw_kept *kept)
{
    free(kept->reply);
    kept->reply = NULL;
}

void rw_kept_keep(struct rw_kept *kept, const char *line, size_t size, struct rw_dispatched *done)
{
    size_t id_end = find_id_end(line, size);

    if (!done->is_question || id_end == 0 || size - id_end > sizeof(kept->question)) {
        free(done->reply);
        return;
    }
    kept->id_end = id_end;
    kept->question_size = size - id_end;
    memcpy(kept->question, line + id_end, kept->question_size);
    kept->reply = done->reply;
    kept->size = done->size;
}

bool rw_kept_recall(struct rw_kept *kept, const char *line, size_t size)
{
    if (!kept->reply || find_id_end(line, size) != kept->id_end ||
        size - kept->id_end != kept->question_size ||
        memcmp(line + kept->id_end, kept->question, kept->question_size) != 0) {
        return false;
    }
    memcpy(kept->reply, line, kept->id_end);
    return true;
}
