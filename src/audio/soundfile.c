#include "runwalk/audio/output.h"
#include "sparse.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_FRAMES    32768u
#define SAMPLES_AT_ONCE 512u
#define FRAME_BYTES     6u          /* 24 bits a sample */
#define FULL_SCALE      8388608.0f  /* 2^23 */
#define FULL_SCALE_BITS 0x4b000000u /* of FULL_SCALE as a float */
#define NAMES_TRIED     100

struct rw_soundfile {
    char *path;
    char *part; /* what is written until the end */
    int descriptor;
    struct rw_sparse sparse;
    SNDFILE *file;
    bool packs;                                    /* WAV: we lay out its bytes */
    uint32_t waiting;                              /* frames in `bytes`, not yet written */
    uint8_t bytes[CHUNK_FRAMES * FRAME_BYTES + 2]; /* a frame is stored as eight bytes */
};

/* 0 when PATH ends in no format we write, or is nothing but the ending. */
static int format_of(const char *path)
{
    static const struct {
        const char *ending;
        int format;
    } formats[] = {
        {".wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_24},
        {".flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24},
    };
    const char *ending = strrchr(path, '.');

    bool has_stem = ending != NULL && ending > path && ending[-1] != '/';

    for (size_t i = 0; has_stem && i < RW_COUNT(formats); i++) {
        if (strcasecmp(ending, formats[i].ending) == 0) {
            return formats[i].format;
        }
    }
    return 0;
}

static char *problem_text(const char *path, const char *reason)
{
    char *text;

    return asprintf(&text, "%s: %s", path, reason) < 0 ? NULL : text;
}

/*
 * Where PATH leads: a link stays, and the file that it names is replaced. What is no ordinary file
 * is never replaced.
 */
static enum rw_status resolve(const char *path, char **ret_path)
{
    struct stat info;
    char *target = realpath(path, NULL);

    if (target != NULL && stat(target, &info) == 0 && !S_ISREG(info.st_mode)) {
        free(target);
        errno = S_ISDIR(info.st_mode) ? EISDIR : EINVAL;
        return RW_EIO;
    }
    if (target == NULL && errno != ENOENT) {
        return RW_EIO;
    }
    if (target == NULL) {
        target = strdup(path); /* it is yet to be made */
    }
    if (target == NULL) {
        return RW_EMEMORY;
    }
    *ret_path = target;
    return RW_OK;
}

/* Creates a new file beside PATH, on the same file system, so that it can be renamed. */
static enum rw_status open_part(struct rw_soundfile *file)
{
    for (int i = 0; i < NAMES_TRIED; i++) {
        if (asprintf(&file->part, "%s.part%d", file->path, i) < 0) {
            file->part = NULL;
            return RW_EMEMORY;
        }
        file->descriptor = open(file->part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->descriptor >= 0) {
            return RW_OK;
        }
        free(file->part);
        file->part = NULL;
        if (errno != EEXIST) {
            break;
        }
    }
    return RW_EIO;
}

static void release(struct rw_soundfile *file)
{
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    free(file->part);
    free(file->path);
    free(file);
}

void rw_soundfile_abandon(struct rw_soundfile *file)
{
    if (file == NULL) {
        return;
    }
    if (file->file != NULL) {
        sf_close(file->file);
    }
    if (file->part != NULL) {
        unlink(file->part);
    }
    release(file);
}

enum rw_status rw_soundfile_create(const char *path, struct rw_soundfile **ret_file,
                                   char **ret_problem)
{
    SF_INFO info = {.samplerate = RW_RATE, .channels = RW_CHANNELS, .format = format_of(path)};
    const char *reason = "name a file that ends in .wav or .flac";
    enum rw_status status = RW_EINVALID;
    struct rw_soundfile *file = NULL;

    if (info.format == 0) {
        goto fail;
    }
    reason = "memory is short";
    status = RW_EMEMORY;
    file = calloc(1, sizeof(*file));
    if (file == NULL) {
        goto fail;
    }
    file->descriptor = -1;
    status = resolve(path, &file->path);
    if (status == RW_OK) {
        status = open_part(file);
    }
    if (status != RW_OK) {
        reason = status == RW_EIO ? strerror(errno) : reason;
        goto fail;
    }
    file->file = rw_sparse_open(&file->sparse, file->descriptor, &info);
    if (file->file == NULL) {
        reason = sf_strerror(NULL);
        status = RW_EIO;
        goto fail;
    }
    /* An RF64 that turns out small enough becomes a plain WAV when it is closed. */
    sf_command(file->file, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
    file->packs = (info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_RF64;
    *ret_file = file;
    return RW_OK;

fail:
    if (ret_problem != NULL) {
        *ret_problem = problem_text(path, reason);
    }
    rw_soundfile_abandon(file);
    return status;
}

/*
 * To 24 bits; to the nearest, halves to even. Our own conversion, for a library's may differ from
 * machine to machine. Adding 2^23 to a float below that rounds it to an integer and leaves that in
 * its low bits: a loop that vectorises.
 */
static void convert(int32_t *restrict out, const float *restrict samples, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        float scaled = samples[i] * FULL_SCALE, rounded;
        uint32_t bits, magnitude;

        scaled = scaled < FULL_SCALE - 1.0f ? scaled : FULL_SCALE - 1.0f;
        scaled = scaled > -FULL_SCALE ? scaled : -FULL_SCALE;
        memcpy(&bits, &scaled, sizeof(bits));
        magnitude = bits & INT32_MAX;
        memcpy(&rounded, &magnitude, sizeof(rounded));
        rounded += FULL_SCALE;
        memcpy(&magnitude, &rounded, sizeof(magnitude));
        magnitude -= FULL_SCALE_BITS;
        uint32_t negative = -(bits >> 31); /* all ones, or none */
        out[i] = (int32_t)((magnitude ^ negative) - negative);
    }
}

/*
 * Two samples make the six bytes of a frame. It is stored as eight, for the next one to overwrite
 * the last two: that is faster than to store what is neither one word nor two.
 */
static void pack(uint8_t *restrict out, const int32_t *restrict samples, uint32_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        /* NOLINTNEXTLINE(clang-analyzer-core.*): it cannot tell that as many were converted. */
        uint64_t left = (uint32_t)samples[2 * i] & 0xffffff, right = (uint32_t)samples[2 * i + 1];
        uint64_t frame = htole64(left | right << 24);
        memcpy(out + FRAME_BYTES * i, &frame, sizeof(frame));
    }
}

static enum rw_status write_waiting(struct rw_soundfile *file)
{
    sf_count_t size = (sf_count_t)file->waiting * FRAME_BYTES;

    file->waiting = 0;
    errno = 0;
    if (size > 0 && sf_write_raw(file->file, file->bytes, size) != size) {
        errno = errno != 0 ? errno : EIO;
        return RW_EIO;
    }
    return RW_OK;
}

/* For libsndfile to encode; it wants 24 bits in the upper part of 32. */
static enum rw_status write_steps(struct rw_soundfile *file, int32_t *steps, uint32_t count)
{
    for (uint32_t i = 0; i < count * RW_CHANNELS; i++) {
        steps[i] = (int32_t)((uint32_t)steps[i] << 8);
    }
    errno = 0;
    if (sf_writef_int(file->file, steps, count) != (sf_count_t)count) {
        errno = errno != 0 ? errno : EIO;
        return RW_EIO;
    }
    return RW_OK;
}

/* Takes COUNT frames, at most SAMPLES_AT_ONCE samples of them. */
static enum rw_status write_some(struct rw_soundfile *file, const float *samples, uint32_t count)
{
    int32_t steps[SAMPLES_AT_ONCE];
    uint8_t *bytes = file->bytes + (size_t)file->waiting * FRAME_BYTES;

    if (file->packs && rw_is_zeros(samples, sizeof(*samples) * RW_CHANNELS * count)) {
        memset(bytes, 0, (size_t)count * FRAME_BYTES);
    } else {
        convert(steps, samples, count * RW_CHANNELS);
        if (!file->packs) {
            return write_steps(file, steps, count);
        }
        pack(bytes, steps, count);
    }
    file->waiting += count;
    return file->waiting == CHUNK_FRAMES ? write_waiting(file) : RW_OK;
}

enum rw_status rw_soundfile_write(struct rw_soundfile *file, const float *samples, uint32_t frames)
{
    while (frames > 0) {
        uint32_t most = SAMPLES_AT_ONCE / RW_CHANNELS;
        most = most < CHUNK_FRAMES - file->waiting ? most : CHUNK_FRAMES - file->waiting;
        uint32_t count = frames < most ? frames : most;
        enum rw_status status = write_some(file, samples, count);
        if (status != RW_OK) {
            return status;
        }
        samples += (size_t)count * RW_CHANNELS;
        frames -= count;
    }
    return RW_OK;
}

enum rw_status rw_soundfile_finish(struct rw_soundfile *file)
{
    int error = write_waiting(file) != RW_OK ? errno : 0;
    int result = sf_close(file->file);

    file->file = NULL;
    if (error == 0 && result != 0) {
        error = EIO;
    }
    if (error == 0 && (rw_sparse_end(&file->sparse) != 0 || fsync(file->descriptor) != 0 ||
                       rename(file->part, file->path) != 0)) {
        error = errno;
    }
    if (error != 0) {
        rw_soundfile_abandon(file);
        errno = error;
        return RW_EIO;
    }
    release(file);
    return RW_OK;
}
