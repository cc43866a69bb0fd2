/*
 * Any bytes as lines of the control protocol, through the real dispatch.
 */
#include "fuzz.h"

#include "runwalk/control/dispatch.h"

#include <stdlib.h>
#include <string.h>

static void nothing_done(void *context, const struct rw_call *call, struct rw_answer *answer)
{
    (void)context;
    (void)call;
    (void)answer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rw_handler handler = {nothing_done, NULL};
    const char *line = (const char *)data;
    while (size > 0) {
        const char *end = memchr(line, '\n', size);
        size_t length = end ? (size_t)(end - line) : size;
        struct rw_dispatched dispatched;
        rw_dispatch(&handler, "0", 1, 0, line, length, &dispatched);
        free(dispatched.reply);
        size -= end ? length + 1 : length;
        line += end ? length + 1 : length;
    }
    return 0;
}
