/*
 * Writing a file whole or not at all: a new one beside it, renamed into its place. What goes
 * wrong is told on the error stream, and is then the verb's exit code.
 */
#ifndef RW_CLI_WHOLE_H
#define RW_CLI_WHOLE_H

#include "verbs.h"

#include <sys/types.h>

struct rw_whole {
    const char *path;
    mode_t mode;
    bool keeps; /* what is there already; --force is named as the remedy */
    void (*write)(FILE *file, const void *context);
    const void *context;
};

/*
 * Where the path is a link, the file that it names is replaced; what is no regular file never is.
 * Signals that would leave half a file behind wait meanwhile.
 */
enum rw_exit rw_whole_write(const struct rw_invocation *invocation, const struct rw_whole *whole);

#endif
