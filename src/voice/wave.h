/*
 * WAV in memory: reads what a speech engine prints, and writes the plain form in which
 * the cache keeps it. Our own few lines, since the daemon has no other need of a decoder.
 */
#ifndef RUNWALK_SRC_VOICE_WAVE_H
#define RUNWALK_SRC_VOICE_WAVE_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

#define WAVE_RATE_MIN    8000u
#define WAVE_RATE_MAX    192000u
#define WAVE_SECONDS_MAX 120u
#define WAVE_NOTE_MAX    6000u

/* Where the samples lie in the bytes that were read: 16 bit, little endian, interleaved. */
struct wave {
    const unsigned char *samples;
    uint32_t frames;
    uint32_t rate;
    uint32_t channels; /* 1 or 2 */
};

/*
 * Reads BYTES/SIZE. A length in the header that is larger than what follows, or none, counts
 * as "to the end": a program that writes to a pipe cannot know better. RW_EINVALID: no WAV that we
 * take; RW_ELIMIT: too long. *ret_problem (static text) says why.
 */
RW_CHECKED enum rw_status rw_wave_read(const unsigned char *bytes, size_t size,
                                       struct wave *ret_wave, const char **ret_problem);

/* Takes off the silence at both ends, but for a moment. False: there is nothing but silence. */
bool rw_wave_trim(struct wave *wave);

/*
 * Writes WAVE as a mono WAV file with NOTE, any text of at most WAVE_NOTE_MAX bytes, in its
 * header. The bytes are the caller's (free); NULL when memory is short.
 */
unsigned char *rw_wave_write(const struct wave *wave, const char *note, size_t *ret_size);

/*
 * The length of a file of FILE_SIZE bytes that begins with BYTES/SIZE, if rw_wave_write made it
 * with NOTE and it is complete. BYTES needs to be no more than the header.
 */
bool rw_wave_recognise(const unsigned char *bytes, size_t size, uint64_t file_size,
                       const char *note, uint32_t *ret_frames, uint32_t *ret_rate);

/* The size of the header that rw_wave_write makes for NOTE. */
size_t rw_wave_header_size(const char *note);

/* FRAMES at RATE, as many as they are at RW_RATE. */
uint32_t rw_wave_frames(uint32_t frames, uint32_t rate);

#endif
