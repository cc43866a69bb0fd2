/*
 * Any bytes as the two files of a sound pack: a grammar, and after a line of `%%%` the manifest;
 * without that line the manifest is that of the pack that is shipped. What is taken is made to say
 * everything.
 */
#include "fuzz.h"

#include "runwalk/voice/voice.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIVIDER "\n%%%\n"

static char directory[64];
static char pack[128];

static void directory_remove(void)
{
    static const char *const names[] = {"pack/pack.yaml", "pack/grammar.yaml", "tones", "pack", ""};
    char path[128];
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        remove(path);
    }
}

/* In memory, if that is where /dev/shm is. */
static void directory_make(void)
{
    char tones[128];
    struct stat info;
    bool has_memory = stat("/dev/shm", &info) == 0 && access("/dev/shm", W_OK) == 0;
    strcpy(directory, has_memory ? "/dev/shm/runwalk-fuzz-XXXXXX" : "/tmp/runwalk-fuzz-XXXXXX");
    if (!mkdtemp(directory)) {
        abort();
    }
    snprintf(tones, sizeof tones, "%s/tones", directory);
    snprintf(pack, sizeof pack, "%s/pack", directory);
    if (symlink(FUZZ_SOUNDS "/tones", tones) != 0 || mkdir(pack, 0700) != 0) {
        abort();
    }
    atexit(directory_remove);
}

static void file_write(const char *name, const uint8_t *data, size_t size)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", pack, name);
    unlink(path);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size) {
        abort();
    }
    fclose(file);
}

static void everything_say(const struct rw_voice *voice)
{
    static const uint32_t numbers[] = {0, 1, 7, 21, 100, 999, 1000, UINT32_MAX};
    static struct rw_utterance utterance;
    for (int saying = 0; saying < RW_SAYING_COUNT; saying++) {
        for (size_t i = 0; i < RW_COUNT(numbers); i++) {
            struct rw_words words = {
                .saying = (enum rw_saying)saying,
                .kind = (enum rw_kind)(i % RW_KIND_COUNT),
                .name = i % 2 ? "side plank" : NULL,
                .text = i % 3 ? "Look far ahead." : NULL,
                .number = numbers[i],
                .variant = numbers[i],
                .total = numbers[RW_COUNT(numbers) - 1 - i],
                .duration_ms = numbers[i] * 1000,
                .flags = (unsigned)i,
            };
            enum rw_status status = rw_voice_compose(voice, &words, &utterance);
            if (status == RW_OK && utterance.part_count > RW_UTTERANCE_PARTS_MAX) {
                abort();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct rw_diagnostics diagnostics;
    const uint8_t *divider = memmem(data, size, DIVIDER, strlen(DIVIDER));
    struct rw_voice *voice;
    if (!directory[0]) {
        directory_make();
    }
    if (divider) {
        const uint8_t *manifest = divider + strlen(DIVIDER);
        file_write("grammar.yaml", data, (size_t)(divider - data));
        file_write("pack.yaml", manifest, size - (size_t)(manifest - data));
    } else {
        char path[256];
        file_write("grammar.yaml", data, size);
        snprintf(path, sizeof path, "%s/pack.yaml", pack);
        unlink(path);
        if (symlink(FUZZ_SOUNDS "/en/pack.yaml", path) != 0) {
            abort();
        }
    }
    rw_diagnostics_init(&diagnostics);
    if (rw_voice_open(pack, &diagnostics, &voice) == RW_OK) {
        everything_say(voice);
        rw_voice_close(voice);
    } else {
        free(rw_diagnostics_format(&diagnostics, "pack.yaml", NULL, 0));
    }
    return 0;
}
