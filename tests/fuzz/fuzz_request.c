/*
 * Any bytes as lines of the control protocol, through the real dispatch. An answer that is kept for
 * a line must be, byte for byte, the one that the line gets.
 */
#include "fuzz.h"

#include "kept.h"

#include <stdlib.h>
#include <string.h>

/* Always the same, so that an answer depends on nothing but its line. */
static void answer_all(void *context, const struct rw_call *call, struct rw_answer *answer)
{
    (void)context;
    answer->result = json_pack("{s:s, s:O}", "method", rw_method_info(call->method)->name, "params",
                               call->params);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rw_handler handler = {answer_all, NULL};
    const char *line = (const char *)data;
    struct rw_kept kept = {0};
    while (size > 0) {
        const char *end = memchr(line, '\n', size);
        size_t length = end ? (size_t)(end - line) : size;
        struct rw_dispatched dispatched;
        rw_dispatch(&handler, "0", 1, 0, line, length, &dispatched);
        if (rw_kept_recall(&kept, line, length) &&
            (!dispatched.reply || dispatched.size != kept.size ||
             memcmp(dispatched.reply, kept.reply, kept.size) != 0)) {
            abort();
        }
        rw_kept_forget(&kept);
        rw_kept_keep(&kept, line, length, &dispatched);
        size -= end ? length + 1 : length;
        line += end ? length + 1 : length;
    }
    rw_kept_forget(&kept);
    return 0;
}
