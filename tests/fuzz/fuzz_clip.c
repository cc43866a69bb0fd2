/*
 * Any bytes as a sound file.
 */
#include "fuzz.h"

#include "runwalk/audio/clip.h"

#include <sys/mman.h>
#include <unistd.h>

/* libvorbis 1.3.7 loses a block on a damaged header; the engine, where it runs, lives briefly. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libvorbis\n";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int descriptor = memfd_create("clip", MFD_CLOEXEC);
    struct rw_clip *clip;
    const char *problem;
    if (descriptor < 0) {
        return 0;
    }
    if (write(descriptor, data, size) == (ssize_t)size &&
        rw_clip_load(descriptor, true, &clip, &problem) == RW_OK) {
        rw_clip_destroy(clip);
    }
    close(descriptor);
    return 0;
}
