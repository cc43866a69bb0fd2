/* A folder of the test program's own, for the files that it writes. */
#ifndef TESTS_AUDIO_FOLDER_H
#define TESTS_AUDIO_FOLDER_H

#include "sound.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/runwalk-audio-XXXXXX";

static inline int folder_create(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static inline int folder_remove(void **state)
{
    (void)state;
    return rmdir(folder); /* fails when a test has left something behind */
}

/* Valid until the next call. */
static inline const char *path_of(const char *name)
{
    static char path[200];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

#endif
