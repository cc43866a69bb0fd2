/*
 * mix_voices WHO VOICES: mixes so many mono clips of two seconds, again and again for a while, and
 * prints how many nanoseconds of the processor a frame of a voice takes in the median. WHO is
 * `runwalk`, the mixer with all that belongs to it; `loop`, nothing but a multiply and an add for
 * each channel of a sample; or `copy`, nothing but memcpy of the samples.
 */
#include "runwalk/audio/mixer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FRAMES (2 * RW_RATE)
#define BLOCK  1024u
#define ROUNDS 15

struct bench {
    uint32_t voices;
    struct rw_clip *clips[RW_MIXER_VOICES_MAX];
    struct rw_mixer *mixer;
    float out[RW_CHANNELS * BLOCK];
    float left[BLOCK], right[BLOCK];
};

static struct rw_clip *clip_create(uint32_t seed)
{
    struct rw_clip *clip = malloc(sizeof *clip + FRAMES * sizeof clip->samples[0]);
    if (!clip) {
        exit(1);
    }
    clip->channels = 1;
    clip->frames = FRAMES;
    for (uint32_t i = 0; i < FRAMES; i++) { /* so soft that all together need no limiter */
        seed = seed * 1664525u + 1013904223u;
        clip->samples[i] = (float)(seed >> 8) / 16777216.0f * 0.005f;
    }
    return clip;
}

static bool mixer_round(struct bench *bench)
{
    struct rw_mixer_report report;
    bool is_good = true;
    for (uint32_t i = 0; i < bench->voices; i++) {
        struct rw_mixer_play play = {.gain_left = 1.0f,
                                     .gain_right = 1.0f,
                                     .part_count = 1,
                                     .parts[0].clip = bench->clips[i]};
        is_good = is_good && rw_mixer_play(bench->mixer, &play) == RW_OK;
    }
    for (uint32_t done = 0; done < FRAMES + BLOCK; done += BLOCK) {
        rw_mixer_process(bench->mixer, bench->out, BLOCK);
        while (rw_mixer_report(bench->mixer, &report)) {
        }
    }
    return is_good;
}

/* The samples of VOICE in the block that begins at DONE. */
static const float *block_find(const struct bench *bench, uint32_t voice, uint32_t done)
{
    return bench->clips[voice]->samples + done;
}

static void add(float *restrict left, float *restrict right, const float *restrict samples,
                float gain)
{
    for (size_t i = 0; i < BLOCK; i++) {
        left[i] += samples[i] * gain;
        right[i] += samples[i] * gain;
    }
}

static bool loop_round(struct bench *bench)
{
    for (uint32_t done = 0; done + BLOCK <= FRAMES; done += BLOCK) {
        memset(bench->left, 0, sizeof bench->left);
        memset(bench->right, 0, sizeof bench->right);
        for (uint32_t voice = 0; voice < bench->voices; voice++) {
            add(bench->left, bench->right, block_find(bench, voice, done), 0.7f);
        }
    }
    return bench->left[0] >= 0.0f;
}

static bool copy_round(struct bench *bench)
{
    for (uint32_t done = 0; done + BLOCK <= FRAMES; done += BLOCK) {
        for (uint32_t voice = 0; voice < bench->voices; voice++) {
            memcpy(bench->left, block_find(bench, voice, done), sizeof bench->left);
            __asm__ volatile("" : : "r"(bench->left) : "memory"); /* each copy is made */
        }
    }
    return true;
}

static double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        bool (*round)(struct bench *bench);
    } whos[] = {{"runwalk", mixer_round}, {"loop", loop_round}, {"copy", copy_round}};
    static struct bench bench;
    bool (*round)(struct bench * bench) = NULL;
    for (size_t i = 0; argc == 3 && i < RW_COUNT(whos); i++) {
        round = strcmp(argv[1], whos[i].name) == 0 ? whos[i].round : round;
    }
    bench.voices = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    if (!round || bench.voices == 0 || bench.voices > RW_MIXER_VOICES_MAX ||
        rw_mixer_create(&bench.mixer) != RW_OK) {
        fputs("usage: mix_voices runwalk|loop|copy 1-64\n", stderr);
        return 2;
    }
    for (uint32_t i = 0; i < bench.voices; i++) {
        bench.clips[i] = clip_create(i + 1);
    }
    double spans[ROUNDS];
    uint32_t times = RW_MIXER_VOICES_MAX / bench.voices; /* so that a round is long enough */
    bool is_good = true;
    for (size_t i = 0; i < ROUNDS; i++) {
        double begin = cpu_ns();
        for (uint32_t k = 0; k < times; k++) {
            is_good = round(&bench) && is_good;
        }
        spans[i] = (cpu_ns() - begin) / times / bench.voices / FRAMES;
    }
    qsort(spans, ROUNDS, sizeof spans[0], compare);
    printf("%.4f\n", spans[ROUNDS / 2]);
    rw_mixer_destroy(bench.mixer);
    for (uint32_t i = 0; i < bench.voices; i++) {
        free(bench.clips[i]);
    }
    return is_good ? 0 : 1;
}
