#include "speech_cache.h"

#include "runwalk/voice/speech.h"

#include "wave.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAME_BYTES  20 /* 16 digits and .wav */
#define FILES_MAX   65536
#define TEMPORARY   ".making-"
#define STALE_AFTER 3600 /* seconds after which nobody is making that file any more */

/* FNV-1a. A collision costs a cache hit, no more: the note decides. */
static uint64_t note_hash(const char *note)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *note; note++) {
        hash = (hash ^ (unsigned char)*note) * UINT64_C(1099511628211);
    }
    return hash;
}

enum rw_status rw_speech_cache_path(const char *directory, const char *note,
                                    char ret_path[SPEECH_PATH_MAX])
{
    int length =
        snprintf(ret_path, SPEECH_PATH_MAX, "%s/%016" PRIx64 ".wav", directory, note_hash(note));
    return length >= 0 && length < SPEECH_PATH_MAX ? RW_OK : RW_ELIMIT;
}

enum rw_status rw_speech_cache_find(const char *path, const char *note, uint32_t *ret_frames)
{
    unsigned char header[WAVE_NOTE_MAX + 128];
    size_t wanted = rw_wave_header_size(note);
    uint32_t frames = 0;
    uint32_t rate = 0;
    struct stat info;
    if (wanted > sizeof header) {
        return RW_ELIMIT;
    }
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) {
        return errno == ENOENT ? RW_ENOENT : RW_EIO;
    }
    ssize_t got = pread(descriptor, header, wanted, 0);
    bool is_ours = got == (ssize_t)wanted && fstat(descriptor, &info) == 0 &&
                   S_ISREG(info.st_mode) &&
                   rw_wave_recognise(header, wanted, (uint64_t)info.st_size, note, &frames, &rate);
    if (is_ours) {
        (void)futimens(descriptor, NULL); /* only the order of deletion depends on it */
    }
    close(descriptor);
    if (!is_ours) {
        return RW_ENOENT;
    }
    *ret_frames = rw_wave_frames(frames, rate);
    return RW_OK;
}

static bool bytes_write(int descriptor, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t put = write(descriptor, bytes, size);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        bytes += put > 0 ? put : 0;
        size -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

/*
 * Without a sync: a file that a power failure left short is no hit, and the words are made anew.
 */
enum rw_status rw_speech_cache_store(const char *directory, const char *path,
                                     const unsigned char *bytes, size_t size)
{
    char temporary[SPEECH_PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s/" TEMPORARY "XXXXXX", directory);
    if (length < 0 || (size_t)length >= sizeof temporary) {
        return RW_ELIMIT;
    }
    int descriptor = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
    if (descriptor < 0) {
        return RW_EIO;
    }
    bool is_written = bytes_write(descriptor, bytes, size);
    if (close(descriptor) < 0 || !is_written || rename(temporary, path) < 0) {
        unlink(temporary);
        return RW_EIO;
    }
    return RW_OK;
}

struct kept {
    char name[NAME_BYTES + 1];
    uint64_t size;
    struct timespec used;
};

static int kept_compare(const void *first, const void *second)
{
    const struct kept *a = first;
    const struct kept *b = second;
    if (a->used.tv_sec != b->used.tv_sec) {
        return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
    }
    return (a->used.tv_nsec > b->used.tv_nsec) - (a->used.tv_nsec < b->used.tv_nsec);
}

static bool is_sound(const char *name)
{
    return strlen(name) == NAME_BYTES && strspn(name, "0123456789abcdef") == NAME_BYTES - 4 &&
           strcmp(name + NAME_BYTES - 4, ".wav") == 0;
}

/* Lists the sounds in FOLDER, and on the way removes what a crash left half made. */
static struct kept *folder_list(DIR *folder, size_t *ret_count)
{
    struct kept *list = NULL;
    size_t count = 0, capacity = 0;
    time_t now = time(NULL);
    for (struct dirent *entry = readdir(folder); entry && count < FILES_MAX;
         entry = readdir(folder)) {
        struct stat info;
        bool is_temporary = strncmp(entry->d_name, TEMPORARY, strlen(TEMPORARY)) == 0;
        if ((!is_temporary && !is_sound(entry->d_name)) ||
            fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) < 0) {
            continue;
        }
        if (is_temporary) {
            if (now - info.st_mtime > STALE_AFTER) {
                unlinkat(dirfd(folder), entry->d_name, 0);
            }
            continue;
        }
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 256;
            struct kept *longer = realloc(list, capacity * sizeof *list);
            if (!longer) {
                break;
            }
            list = longer;
        }
        memcpy(list[count].name, entry->d_name, sizeof list[count].name);
        list[count].size = (uint64_t)info.st_size;
        list[count].used = info.st_mtim;
        count++;
    }
    *ret_count = count;
    return list;
}

void rw_speech_cache_trim(const char *directory, const char *path, uint64_t size_max_bytes)
{
    uint64_t total = 0;
    size_t count = 0;
    const char *name = strrchr(path, '/');
    DIR *folder = opendir(directory);
    if (!folder) {
        return;
    }
    struct kept *list = folder_list(folder, &count);
    for (size_t i = 0; i < count; i++) {
        total += list[i].size;
    }
    if (total > size_max_bytes) {
        qsort(list, count, sizeof *list, kept_compare);
    }
    for (size_t i = 0; i < count && total > size_max_bytes; i++) {
        if (name && strcmp(list[i].name, name + 1) == 0) {
            continue;
        }
        if (unlinkat(dirfd(folder), list[i].name, 0) == 0) {
            total -= list[i].size;
        }
    }
    free(list);
    closedir(folder);
}

void rw_speech_forget(const char *cache_directory)
{
    rw_speech_cache_trim(cache_directory, cache_directory, 0);
}
