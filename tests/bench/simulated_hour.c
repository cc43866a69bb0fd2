/*
 * simulated_hour RATE_PPM [MINUTES]: an hour with a device that plays by RATE_PPM too slow or too
 * fast and tells its delay as badly as a sound server does. A stream is opened for each minute's
 * cue, the clock of the engine says on which frame it begins, and the mixer plays it. Prints by how
 * many frames any of them was off that frame, the greatest distance from its boot time in ms, and
 * by how many ms the last ten were later than the first ten, on average.
 */
#include "../engine/device.h"
#include "runwalk/audio/mixer.h"

#include <stdio.h>
#include <stdlib.h>

#define BLOCK       1600u
#define LEAD_S      2.0 /* a stream is open for so long before its cue */
#define HOLD        (200 * RW_NS_PER_MS)
#define FEW         10
#define MINUTES     60
#define CLIP_FRAMES 48u

/* One loud sample, and silence after it; malloc'd. */
static struct rw_clip *impulse_create(void)
{
    struct rw_clip *clip = calloc(1, sizeof(*clip) + CLIP_FRAMES * sizeof(clip->samples[0]));

    if (!clip) {
        exit(1);
    }
    clip->frames = CLIP_FRAMES;
    clip->channels = 1;
    clip->samples[0] = 0.5f;
    return clip;
}

/* Mixes until the cue has begun; how many frames it was off FRAME. */
static int64_t mix_cue(struct rw_mixer *mixer, const struct rw_clip *clip, rw_frame frame)
{
    struct rw_mixer_play play = {
        .start = frame, .gain_left = 1, .gain_right = 1, .part_count = 1, .parts = {{clip, 0}}};
    float out[BLOCK * RW_CHANNELS];

    if (rw_mixer_play(mixer, &play) != RW_OK) {
        return INT64_MAX;
    }
    for (;;) {
        rw_frame first = rw_mixer_position(mixer);
        rw_mixer_process(mixer, out, BLOCK);
        for (uint32_t i = 0; i < BLOCK; i++) {
            if (out[i * RW_CHANNELS] != 0.0f) {
                return (int64_t)(first + i) - (int64_t)frame;
            }
        }
        if (first > frame + RW_RATE) {
            return INT64_MAX;
        }
    }
}

/* One stream: listens, places the cue that is due, plays it; returns its error in ms. */
static double play_once(struct device *device, rw_ns expected, const struct rw_clip *clip,
                        rw_ns *ret_delay, int64_t *ret_off)
{
    struct clock clock;
    struct rw_mixer *mixer;
    float out[BLOCK * RW_CHANNELS];
    rw_ns due = true_time(device, device->frame) + (rw_ns)(LEAD_S * 1e9);

    rw_clock_init(&clock, expected);
    if (rw_mixer_create(&mixer) != RW_OK) {
        exit(1);
    }
    rw_frame begin = device->frame;
    while (true_time(device, device->frame) < due - HOLD) {
        struct observation seen = next_callback(device);
        rw_clock_observe(&clock, &seen);
        rw_mixer_process(mixer, out, BLOCK);
    }
    rw_frame frame = rw_clock_frame(&clock, due);
    *ret_off = mix_cue(mixer, clip, frame - begin);
    *ret_delay = rw_clock_delay(&clock);
    rw_mixer_destroy(mixer);
    return (double)(true_time(device, frame) - due) * 1e-6;
}

static double mean(const double *values, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / count;
}

int main(int argc, char **argv)
{
    int minutes = argc > 2 ? atoi(argv[2]) : MINUTES;
    struct device device = {
        .noise_ns = 2e5, .wander_ns = 1e6, .busy_ns = 1e5, .block = BLOCK, .random = 1};
    struct rw_clip *clip = impulse_create();
    double errors[24 * MINUTES], worst = 0;
    int64_t off = 0;
    rw_ns delay = 0;

    if (argc < 2 || minutes < FEW || minutes > 24 * MINUTES) {
        fprintf(stderr, "simulated_hour: RATE_PPM [MINUTES], %d or more\n", FEW);
        return 2;
    }
    device.rate_ppm = atof(argv[1]);
    for (int i = 0; i < minutes; i++) {
        int64_t frames;
        device.frame = (rw_frame)i * 60 * RW_RATE;
        errors[i] = play_once(&device, delay, clip, &delay, &frames);
        off = llabs(frames) > off ? llabs(frames) : off;
        worst = fmax(worst, fabs(errors[i]));
    }
    printf("%lld %.4f %.4f\n", (long long)off, worst,
           mean(errors + minutes - FEW, FEW) - mean(errors, FEW));
    free(clip);
    return 0;
}
