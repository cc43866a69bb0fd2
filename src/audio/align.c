#include "align.h"

#include "peak.h"

#include <ebur128.h>
#include <math.h>

/* Loudness is measured in windows of 400 ms; what is shorter is filled up with silence. */
#define WINDOW_FRAMES (RW_RATE * 2u / 5u)
/* A frame less than 40 dB below the clip's peak is loud. */
#define LOUD 0.01f
/* Scaling rounds; stay clear of the limiter by less than a thousandth of a decibel. */
#define PEAK_TARGET (RW_PEAK_CEILING * 0.9999f)
#define PEAK_CHUNK  1024u

static bool is_loud(const struct rw_clip *clip, uint32_t frame, float peak)
{
    return rw_peak_sample(clip->samples + (size_t)frame * clip->channels, clip->channels) >
           peak * LOUD;
}

static void soften_edges(struct rw_clip *clip)
{
    float peak = rw_peak_sample(clip->samples, clip->frames * clip->channels);
    uint32_t half = clip->frames / 2;
    uint32_t length = half < RW_CLIP_EDGE_FRAMES ? half : RW_CLIP_EDGE_FRAMES;
    uint32_t end = clip->frames - 1;
    if (half == 0) {
        return;
    }
    bool first = is_loud(clip, 0, peak) && is_loud(clip, 1, peak);
    bool last = is_loud(clip, end, peak) && is_loud(clip, end - 1, peak);

    for (uint32_t i = 0; i < length; i++) {
        float gain = (float)i / (float)length;
        float *head = clip->samples + (size_t)i * clip->channels;
        float *tail = clip->samples + (size_t)(end - i) * clip->channels;
        for (uint32_t c = 0; c < clip->channels; c++) {
            head[c] *= first ? gain : 1.0f;
            tail[c] *= last ? gain : 1.0f;
        }
    }
}

/* In LUFS; -HUGE_VAL for silence. */
static enum rw_status measure_loudness(const struct rw_clip *clip, double *ret_loudness)
{
    ebur128_state *meter = ebur128_init(clip->channels, RW_RATE, EBUR128_MODE_I);
    const float silence[480] = {0};
    int result = EBUR128_SUCCESS;

    if (meter == NULL) {
        return RW_EMEMORY;
    }
    /* A mono clip will come out of both channels. */
    if (clip->channels == 1) {
        result = ebur128_set_channel(meter, 0, EBUR128_DUAL_MONO);
    }
    if (result == EBUR128_SUCCESS) {
        result = ebur128_add_frames_float(meter, clip->samples, clip->frames);
    }
    for (uint32_t missing = clip->frames < WINDOW_FRAMES ? WINDOW_FRAMES - clip->frames : 0;
         missing > 0 && result == EBUR128_SUCCESS;) {
        uint32_t most = RW_COUNT(silence) / clip->channels;
        uint32_t count = missing < most ? missing : most;
        result = ebur128_add_frames_float(meter, silence, count);
        missing -= count;
    }
    if (result == EBUR128_SUCCESS) {
        result = ebur128_loudness_global(meter, ret_loudness);
    }
    ebur128_destroy(&meter);
    return result == EBUR128_SUCCESS ? RW_OK : RW_EMEMORY;
}

static float measure_peak(const struct rw_clip *clip)
{
    /* The wave rings on beyond the ends: look at it with silence before and after. */
    const uint32_t around = RW_PEAK_TAPS - 1;
    const uint32_t spots = clip->frames + around;
    float highest = 0.0f;

    for (uint32_t c = 0; c < clip->channels; c++) {
        for (uint32_t done = 0; done < spots; done += PEAK_CHUNK) {
            float window[PEAK_CHUNK + RW_PEAK_TAPS - 1] = {0}, peaks[PEAK_CHUNK] = {0};
            uint32_t count = spots - done < PEAK_CHUNK ? spots - done : PEAK_CHUNK;
            for (uint32_t i = 0; i < count + around; i++) {
                if (done + i >= around && done + i - around < clip->frames) {
                    window[i] = clip->samples[(size_t)(done + i - around) * clip->channels + c];
                }
            }
            rw_peak_raise(peaks, window, count);
            highest = fmaxf(highest, rw_peak_sample(peaks, count));
        }
    }
    return highest;
}

enum rw_status rw_clip_align(struct rw_clip *clip)
{
    double loudness;

    soften_edges(clip);
    enum rw_status status = measure_loudness(clip, &loudness);
    if (status != RW_OK) {
        return status;
    }
    if (loudness == -HUGE_VAL) {
        return RW_OK;
    }

    float gain =
        (float)pow(10.0, fmin(RW_CLIP_LOUDNESS_LUFS - loudness, RW_CLIP_GAIN_MAX_DB) / 20.0);
    float peak = measure_peak(clip);
    if (peak * gain > PEAK_TARGET) {
        gain = PEAK_TARGET / peak;
    }
    for (size_t i = 0; i < (size_t)clip->frames * clip->channels; i++) {
        clip->samples[i] *= gain;
    }
    return RW_OK;
}
