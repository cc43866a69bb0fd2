#include "runwalk/audio/clip.h"

#include "align.h"
#include "container.h"
#include "format.h"

#include <sndfile.h>
#include <soxr.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_FRAMES 4096u
/* Louder than any sound (full scale is 1): such a file is damaged, or not what it says. */
#define SAMPLE_MAX 256.0f

struct loader {
    int descriptor;
    SNDFILE *file;
    SF_INFO info;
    soxr_t resampler; /* NULL when the rate is right already */
    struct rw_clip *clip;
    uint32_t capacity; /* of the clip, in frames; 1 at least */
    uint32_t taken;    /* frames decoded */
    const char *problem;
    float chunk[2 * CHUNK_FRAMES];
};

static enum rw_status refuse(struct loader *loader, enum rw_status status, const char *problem)
{
    loader->problem = problem;
    return status;
}

static uint32_t frames_resampled(uint64_t frames, uint32_t rate)
{
    return (uint32_t)((frames * RW_RATE + rate - 1) / rate);
}

static enum rw_status open_file(struct loader *loader)
{
    enum rw_status status = rw_container_check(loader->descriptor, &loader->problem);
    if (status != RW_OK) {
        return status;
    }
    if (lseek(loader->descriptor, 0, SEEK_SET) != 0) {
        return refuse(loader, RW_EIO, "the file cannot be read");
    }
    loader->file = sf_open_fd(loader->descriptor, SFM_READ, &loader->info, SF_FALSE);
    if (loader->file == NULL) {
        return refuse(loader, RW_EINVALID, "the file is damaged: its header makes no sense");
    }
    if (!rw_format_is_taken(loader->info.format)) {
        return refuse(loader, RW_EINVALID,
                      "its encoding is not supported: use PCM, FLAC, Vorbis or Opus");
    }
    return RW_OK;
}

/* Before anything is allocated by what the header claims. */
static enum rw_status check_claims(struct loader *loader)
{
    const SF_INFO *info = &loader->info;

    if (info->channels < 1 || info->channels > 2) {
        return refuse(loader, RW_ELIMIT, "it has neither one nor two channels");
    }
    if (info->samplerate < RW_CLIP_RATE_MIN || info->samplerate > RW_CLIP_RATE_MAX) {
        return refuse(loader, RW_ELIMIT, "its sample rate is not between 8 and 192 kHz");
    }
    if (info->frames <= 0) {
        return refuse(loader, RW_EINVALID, "it holds no sound");
    }
    if (info->frames == SF_COUNT_MAX) {
        return refuse(loader, RW_EINVALID, "its header does not tell its length: encode it again");
    }
    if (info->frames > (sf_count_t)RW_CLIP_FRAMES_MAX / RW_RATE * info->samplerate) {
        return refuse(loader, RW_ELIMIT, "it is longer than two minutes");
    }
    return RW_OK;
}

static enum rw_status prepare(struct loader *loader)
{
    uint32_t rate = (uint32_t)loader->info.samplerate;
    uint32_t channels = (uint32_t)loader->info.channels;

    loader->capacity = frames_resampled((uint64_t)loader->info.frames, rate);
    loader->clip = calloc(1, sizeof(*loader->clip) + (size_t)loader->capacity * channels *
                                                         sizeof(loader->clip->samples[0]));
    if (loader->clip == NULL) {
        return RW_EMEMORY;
    }
    loader->clip->channels = channels;
    if (rate == RW_RATE) {
        return RW_OK;
    }
    loader->resampler = soxr_create(rate, RW_RATE, channels, NULL, NULL, NULL, NULL);
    return loader->resampler != NULL ? RW_OK : RW_EMEMORY;
}

static bool samples_are_sane(const float *samples, size_t count)
{
    /* Written so that what is not a number is not sane. */
    for (size_t i = 0; i < count; i++) {
        if (!(samples[i] >= -SAMPLE_MAX && samples[i] <= SAMPLE_MAX)) {
            return false;
        }
    }
    return true;
}

/* Appends COUNT decoded frames to the clip, resampled; IN is NULL to flush the resampler. */
static enum rw_status append(struct loader *loader, const float *in, size_t count)
{
    struct rw_clip *clip = loader->clip;
    float *out = clip->samples + (size_t)clip->frames * clip->channels;
    size_t room = loader->capacity - clip->frames, used = 0, made = 0;

    if (loader->resampler == NULL) {
        made = count < room ? count : room;
        if (made > 0) {
            memcpy(out, in, made * clip->channels * sizeof(*out));
        }
    } else if (soxr_process(loader->resampler, in, count, &used, out, room, &made) != NULL) {
        return RW_EMEMORY;
    }
    clip->frames += (uint32_t)made;
    return RW_OK;
}

static enum rw_status decode(struct loader *loader)
{
    for (;;) {
        sf_count_t got = sf_readf_float(loader->file, loader->chunk, CHUNK_FRAMES);
        if (got <= 0) {
            break;
        }
        loader->taken += (uint32_t)got;
        if ((sf_count_t)loader->taken > loader->info.frames) {
            break;
        }
        if (!samples_are_sane(loader->chunk, (size_t)got * loader->clip->channels)) {
            return refuse(loader, RW_EINVALID, "it is damaged: its samples are out of range");
        }
        enum rw_status status = append(loader, loader->chunk, (size_t)got);
        if (status != RW_OK) {
            return status;
        }
    }
    if ((sf_count_t)loader->taken != loader->info.frames || sf_error(loader->file) != 0) {
        return refuse(loader, RW_EINVALID,
                      "it is damaged: its sound is not as long as its header says");
    }
    if (loader->resampler != NULL) {
        enum rw_status status = append(loader, NULL, 0);
        if (status != RW_OK) {
            return status;
        }
    }
    /* The resampler may round the last frame away; what it did not fill is silence. */
    loader->clip->frames = loader->capacity;
    return RW_OK;
}

enum rw_status rw_clip_load(int descriptor, bool align, struct rw_clip **ret_clip,
                            const char **ret_problem)
{
    struct loader loader = {.descriptor = descriptor};
    enum rw_status status = open_file(&loader);

    if (status == RW_OK) {
        status = check_claims(&loader);
    }
    if (status == RW_OK) {
        status = prepare(&loader);
    }
    if (status == RW_OK) {
        status = decode(&loader);
    }
    if (status == RW_OK && align) {
        status = rw_clip_align(loader.clip);
    }

    soxr_delete(loader.resampler);
    if (loader.file != NULL) {
        sf_close(loader.file);
    }
    if (status != RW_OK) {
        if (ret_problem != NULL) {
            *ret_problem = status == RW_EMEMORY ? "memory is short" : loader.problem;
        }
        free(loader.clip);
        return status;
    }
    *ret_clip = loader.clip;
    return RW_OK;
}

void rw_clip_destroy(struct rw_clip *clip)
{
    free(clip);
}
