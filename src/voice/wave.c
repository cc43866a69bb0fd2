#include "wave.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_PCM        1u
#define FORMAT_EXTENSIBLE 0xFFFEu
#define SUBFORMAT_OFFSET  24u /* in an extensible format: the true one */
#define FORMAT_BYTES      16u
#define CHUNK_BYTES       8u

static const uint32_t trim_ratio = 300; /* silence is this much, 50 dB, below the peak */
static const uint32_t keep_before_ms = 20;
static const uint32_t keep_after_ms = 50;

static uint32_t get16(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

static uint32_t get32(const unsigned char *bytes)
{
    return get16(bytes) | get16(bytes + 2) << 16;
}

static unsigned char *put16(unsigned char *bytes, uint32_t value)
{
    bytes[0] = (unsigned char)value;
    bytes[1] = (unsigned char)(value >> 8);
    return bytes + 2;
}

static unsigned char *put32(unsigned char *bytes, uint32_t value)
{
    return put16(put16(bytes, value & 0xFFFF), value >> 16);
}

static unsigned char *put_name(unsigned char *bytes, const char *name)
{
    memcpy(bytes, name, 4);
    return bytes + 4;
}

static bool is_name(const unsigned char *bytes, const char *name)
{
    return memcmp(bytes, name, 4) == 0;
}

static const char *format_read(const unsigned char *bytes, uint32_t size, struct wave *wave)
{
    if (size < FORMAT_BYTES) {
        return "the WAV has no proper format";
    }
    uint32_t format = get16(bytes);
    if (format == FORMAT_EXTENSIBLE && size >= SUBFORMAT_OFFSET + 2) {
        format = get16(bytes + SUBFORMAT_OFFSET);
    }
    wave->channels = get16(bytes + 2);
    wave->rate = get32(bytes + 4);
    if (format != FORMAT_PCM || get16(bytes + 14) != 16) {
        return "the WAV does not hold 16-bit samples";
    }
    if (wave->channels < 1 || wave->channels > 2) {
        return "the WAV has neither one nor two channels";
    }
    if (wave->rate < WAVE_RATE_MIN || wave->rate > WAVE_RATE_MAX) {
        return "the WAV's rate is not from 8 to 192 kHz";
    }
    return NULL;
}

enum rw_status rw_wave_read(const unsigned char *bytes, size_t size, struct wave *ret_wave,
                            const char **ret_problem)
{
    struct wave wave = {0};
    size_t at = 12;
    if (size < at || !is_name(bytes, "RIFF") || !is_name(bytes + 8, "WAVE")) {
        *ret_problem = size == 0 ? "it printed nothing" : "it did not print a WAV";
        return RW_EINVALID;
    }
    while (size - at >= CHUNK_BYTES) {
        const unsigned char *chunk = bytes + at;
        uint32_t length = get32(chunk + 4);
        at += CHUNK_BYTES;
        bool is_unknown = length == 0 && is_name(chunk, "data");
        if (length > size - at || is_unknown) {
            length = (uint32_t)(size - at);
        }
        if (is_name(chunk, "fmt ")) {
            *ret_problem = format_read(chunk + CHUNK_BYTES, length, &wave);
            if (*ret_problem) {
                return RW_EINVALID;
            }
        } else if (is_name(chunk, "data")) {
            wave.samples = chunk + CHUNK_BYTES;
            wave.frames = wave.channels > 0 ? length / (2 * wave.channels) : 0;
            break;
        }
        at += length;
        at += length % 2 && at < size; /* chunks begin at even places */
    }
    if (wave.frames == 0) {
        *ret_problem = "the WAV is empty";
        return RW_EINVALID;
    }
    if (wave.frames > (uint64_t)wave.rate * WAVE_SECONDS_MAX) {
        *ret_problem = "the WAV is longer than two minutes";
        return RW_ELIMIT;
    }
    *ret_wave = wave;
    return RW_OK;
}

/* The mean of the channels. */
static int32_t frame_sample(const struct wave *wave, uint32_t frame)
{
    const unsigned char *at = wave->samples + (size_t)frame * wave->channels * 2;
    int32_t left = (int16_t)get16(at);
    int32_t right = wave->channels == 2 ? (int16_t)get16(at + 2) : left;
    return (left + right) / 2;
}

static uint32_t frame_level(const struct wave *wave, uint32_t frame)
{
    return (uint32_t)abs(frame_sample(wave, frame));
}

bool rw_wave_trim(struct wave *wave)
{
    uint32_t peak = 0;
    for (uint32_t i = 0; i < wave->frames; i++) {
        uint32_t level = frame_level(wave, i);
        peak = level > peak ? level : peak;
    }
    if (peak < trim_ratio / 10) { /* below -60 dBFS: noise */
        return false;
    }
    uint32_t first = 0;
    uint32_t last = wave->frames - 1;
    while (frame_level(wave, first) * trim_ratio < peak) {
        first++;
    }
    while (frame_level(wave, last) * trim_ratio < peak) {
        last--;
    }
    uint32_t before = wave->rate * keep_before_ms / 1000;
    uint32_t after = wave->rate * keep_after_ms / 1000;
    uint32_t end = wave->frames - last > after ? last + after : wave->frames;
    first = first > before ? first - before : 0;
    wave->samples += (size_t)first * wave->channels * 2;
    wave->frames = end - first;
    return true;
}

/* RIFF, the format, a LIST of INFO with one comment (its length made even), data. */
#define RIFF_BYTES 12u
#define LIST_BYTES 12u

static uint32_t note_size(const char *note)
{
    uint32_t length = (uint32_t)strlen(note) + 1;
    return length + length % 2;
}

size_t rw_wave_header_size(const char *note)
{
    return RIFF_BYTES + CHUNK_BYTES + FORMAT_BYTES + LIST_BYTES + CHUNK_BYTES + note_size(note) +
           CHUNK_BYTES;
}

static void header_write(unsigned char *at, uint32_t frames, uint32_t rate, const char *note)
{
    uint32_t noted = note_size(note);
    at = put_name(at, "RIFF");
    at = put32(at, (uint32_t)rw_wave_header_size(note) - 8 + frames * 2);
    at = put_name(at, "WAVE");
    at = put_name(at, "fmt ");
    at = put32(at, FORMAT_BYTES);
    at = put16(at, FORMAT_PCM);
    at = put16(at, 1);
    at = put32(at, rate);
    at = put32(at, rate * 2);
    at = put16(at, 2);
    at = put16(at, 16);
    at = put_name(at, "LIST");
    at = put32(at, 4 + CHUNK_BYTES + noted);
    at = put_name(at, "INFO");
    at = put_name(at, "ICMT");
    at = put32(at, noted);
    memset(at, 0, noted);
    memcpy(at, note, strlen(note) + 1);
    at = put_name(at + noted, "data");
    put32(at, frames * 2);
}

unsigned char *rw_wave_write(const struct wave *wave, const char *note, size_t *ret_size)
{
    size_t header = rw_wave_header_size(note);
    size_t size = header + (size_t)wave->frames * 2;
    unsigned char *bytes = malloc(size);
    if (!bytes) {
        return NULL;
    }
    header_write(bytes, wave->frames, wave->rate, note);
    unsigned char *at = bytes + header;
    for (uint32_t i = 0; i < wave->frames; i++) {
        at = put16(at, (uint32_t)frame_sample(wave, i) & 0xFFFF);
    }
    *ret_size = size;
    return bytes;
}

bool rw_wave_recognise(const unsigned char *bytes, size_t size, uint64_t file_size,
                       const char *note, uint32_t *ret_frames, uint32_t *ret_rate)
{
    unsigned char expected[WAVE_NOTE_MAX + 128];
    size_t header = rw_wave_header_size(note);
    if (header > sizeof expected || size < header || file_size < header + 2) {
        return false;
    }
    uint32_t rate = get32(bytes + RIFF_BYTES + CHUNK_BYTES + 4);
    uint64_t frames = (file_size - header) / 2;
    if (rate < WAVE_RATE_MIN || rate > WAVE_RATE_MAX ||
        frames > (uint64_t)rate * WAVE_SECONDS_MAX) {
        return false;
    }
    header_write(expected, (uint32_t)frames, rate, note);
    if (file_size % 2 != header % 2 || memcmp(bytes, expected, header) != 0) {
        return false;
    }
    *ret_frames = (uint32_t)frames;
    *ret_rate = rate;
    return true;
}

uint32_t rw_wave_frames(uint32_t frames, uint32_t rate)
{
    return (uint32_t)(((uint64_t)frames * RW_RATE + rate - 1) / rate);
}
