/*
 * Replays corpora as an ordinary test: every file of every folder named on the command line goes
 * through the fuzz target once.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static int file_replay(const char *directory, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return -1;
    }
    static uint8_t bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    /* A copy of the exact size, so that the sanitizers see a read behind the end. */
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) {
        return -1;
    }
    for (size_t i = 0; i < size; i++) {
        copy[i] = bytes[i];
    }
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *directory = opendir(argv[i]);
        if (!directory) {
            perror(argv[i]);
            return EXIT_FAILURE;
        }
        for (struct dirent *entry; (entry = readdir(directory));) {
            if (entry->d_type == DT_REG && entry->d_name[0] != '.') {
                if (file_replay(argv[i], entry->d_name) != 0) {
                    return EXIT_FAILURE;
                }
                count++;
            }
        }
        closedir(directory);
    }
    printf("%d files replayed\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
