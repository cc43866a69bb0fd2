/*
 * The speech cache: one WAV a text, named by a hash and checked by the note in its header,
 * so that a half-written or foreign file is no hit. It does file I/O: worker threads only.
 */
#ifndef RUNWALK_SRC_VOICE_SPEECH_CACHE_H
#define RUNWALK_SRC_VOICE_SPEECH_CACHE_H

#include "runwalk/base.h"

#include <stddef.h>

#define SPEECH_PATH_MAX 4096

/* The file in DIRECTORY that belongs to NOTE. RW_ELIMIT: the path is too long. */
RW_CHECKED enum rw_status rw_speech_cache_path(const char *directory, const char *note,
                                               char ret_path[SPEECH_PATH_MAX]);

/* RW_OK: the file at PATH holds NOTE's sound, *ret_frames long at RW_RATE; it is young again. */
RW_CHECKED enum rw_status rw_speech_cache_find(const char *path, const char *note,
                                               uint32_t *ret_frames);

/* Writes BYTES/SIZE to PATH in DIRECTORY, all or nothing, readable by the user alone. RW_EIO. */
RW_CHECKED enum rw_status rw_speech_cache_store(const char *directory, const char *path,
                                                const unsigned char *bytes, size_t size);

/* Deletes the oldest sounds in DIRECTORY until all take SIZE_MAX_BYTES at most; never PATH. */
void rw_speech_cache_trim(const char *directory, const char *path, uint64_t size_max_bytes);

#endif
