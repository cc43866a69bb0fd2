/*
 * Writes what the English pack says, for the recogniser: one file of raw 48 kHz floats a sentence,
 * FOLDER/0.f32 and so on, and the sentences, a line each, on the output. The clips are decoded and
 * joined as the engine does it.
 */
#include "runwalk/audio/clip.h"
#include "runwalk/base.h"
#include "runwalk/voice/voice.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 1000u
#define MINUTES 60000u
#define HOURS   3600000u

struct speaker {
    struct rw_voice *voice;
    const char *folder;
    unsigned count;
};

static void give_up(const char *what)
{
    fprintf(stderr, "speak_words: %s\n", what);
    exit(1);
}

static void part_mix(const struct rw_clip_info *info, float *out)
{
    struct rw_clip *clip;
    int descriptor = open(info->path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 || rw_clip_load(descriptor, true, &clip, NULL) != RW_OK) {
        give_up(info->path);
    }
    for (uint32_t i = 0; i < clip->frames; i++) {
        out[i] += clip->samples[(size_t)i * clip->channels];
    }
    rw_clip_destroy(clip);
    close(descriptor);
}

static void say(struct speaker *speaker, struct rw_words words)
{
    struct rw_utterance utterance;
    char path[300];
    if (rw_voice_compose(speaker->voice, &words, &utterance) != RW_OK) {
        give_up(utterance.text);
    }
    float *samples = calloc(utterance.frames, sizeof *samples);
    snprintf(path, sizeof path, "%s/%u.f32", speaker->folder, speaker->count++);
    FILE *file = fopen(path, "wb");
    if (!samples || !file) {
        give_up(path);
    }
    for (uint32_t i = 0; i < utterance.part_count; i++) {
        part_mix(rw_voice_clip(speaker->voice, utterance.parts[i].clip),
                 samples + utterance.parts[i].offset);
    }
    if (fwrite(samples, sizeof *samples, utterance.frames, file) != utterance.frames ||
        fclose(file) != 0) {
        give_up(path);
    }
    free(samples);
    puts(utterance.text);
}

static void say_steps(struct speaker *speaker)
{
    for (int kind = 0; kind < RW_KIND_COUNT; kind++) {
        say(speaker, (struct rw_words){.saying = RW_SAY_WHERE, .kind = (enum rw_kind)kind});
    }
    const struct rw_words steps[] = {
        {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .flags = RW_WORDS_LAST_RUN},
        {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_WALK, .flags = RW_WORDS_WAS_LAST_RUN},
        {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_EXERCISE, .side = RW_SIDE_LEFT},
        {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_EXERCISE, .side = RW_SIDE_RIGHT},
        {.saying = RW_SAY_SEGMENT,
         .kind = RW_KIND_REST,
         .duration_ms = 10 * SECONDS,
         .text = "Side plank"},
        {.saying = RW_SAY_HALFWAY},
        {.saying = RW_SAY_IN, .duration_ms = 10 * SECONDS, .flags = RW_WORDS_LAST_RUN},
        {.saying = RW_SAY_TIME_LEFT, .duration_ms = 12 * MINUTES},
        {.saying = RW_SAY_STOPPED, .duration_ms = 12 * MINUTES},
        {.saying = RW_SAY_DONE, .duration_ms = 21 * MINUTES, .total = 8},
        {.saying = RW_SAY_EXTENDED, .duration_ms = 30 * SECONDS},
        {.saying = RW_SAY_SHORTENED, .duration_ms = 30 * SECONDS},
        {.saying = RW_SAY_REST, .duration_ms = 120 * SECONDS},
        {.saying = RW_SAY_REST_LEFT, .duration_ms = 30 * SECONDS},
        {.saying = RW_SAY_BACK_AGAIN, .kind = RW_KIND_WALK, .duration_ms = 40 * SECONDS},
    };
    for (size_t i = 0; i < RW_COUNT(steps); i++) {
        say(speaker, steps[i]);
    }
    static const enum rw_saying answers[] = {
        RW_SAY_PAUSED,    RW_SAY_STILL_PAUSED, RW_SAY_NOTHING_CHOSEN, RW_SAY_REST_OVER,
        RW_SAY_READY,     RW_SAY_EASIER,       RW_SAY_HARDER,         RW_SAY_COOLDOWN_NOW,
        RW_SAY_STITCH,    RW_SAY_PAIN,         RW_SAY_AFTER_PAIN,     RW_SAY_QUIET,
        RW_SAY_LESS_TALK, RW_SAY_MORE_TALK};
    for (size_t i = 0; i < RW_COUNT(answers); i++) {
        say(speaker, (struct rw_words){.saying = answers[i]});
    }
}

/* Every clip of the families run-N and of-N, and some that are put together. */
static void say_counts(struct speaker *speaker)
{
    static const uint32_t more[][2] = {{25, 30}, {30, 35},   {35, 40},   {40, 45},  {45, 50},
                                       {50, 62}, {33, 48},   {57, 71},   {64, 83},  {76, 86},
                                       {94, 99}, {100, 123}, {345, 678}, {901, 999}};
    for (uint32_t n = 1; n < 20; n++) {
        say(speaker,
            (struct rw_words){
                .saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = n, .total = n + 1});
    }
    for (size_t i = 0; i < RW_COUNT(more); i++) {
        say(speaker, (struct rw_words){.saying = RW_SAY_SEGMENT,
                                       .kind = RW_KIND_RUN,
                                       .number = more[i][0],
                                       .total = more[i][1]});
    }
}

/* Every clip of the families seconds-N, minutes-N and hours-N, and some that are put together. */
static void say_durations(struct speaker *speaker)
{
    static const uint32_t more[] = {33 * SECONDS, 47 * SECONDS,  58 * SECONDS,  75 * SECONDS,
                                    90 * SECONDS, 130 * SECONDS, 285 * SECONDS, 754 * SECONDS,
                                    33 * MINUTES, 48 * MINUTES,  59 * MINUTES,  1 * HOURS,
                                    2 * HOURS,    3 * HOURS,     4 * HOURS,     5 * HOURS,
                                    24 * HOURS,   65 * MINUTES,  3910 * SECONDS};
    for (uint32_t n = 1; n < 60; n += n < 20 ? 1 : 5) {
        say(speaker, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = n * SECONDS});
        say(speaker, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = n * MINUTES});
    }
    for (size_t i = 0; i < RW_COUNT(more); i++) {
        say(speaker, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = more[i]});
    }
}

static void say_phrases(struct speaker *speaker, enum rw_saying saying, uint32_t step)
{
    for (uint32_t n = 1; n <= rw_voice_phrase_count(speaker->voice, saying); n += step) {
        say(speaker, (struct rw_words){.saying = saying, .number = n});
    }
}

int main(int count, char **arguments)
{
    struct speaker speaker = {.folder = count == 2 ? arguments[1] : NULL};
    if (!speaker.folder ||
        rw_voice_open(TEST_SOURCE_DIR "/sounds/en", NULL, &speaker.voice) != RW_OK) {
        give_up("usage: speak_words FOLDER");
    }
    say_steps(&speaker);
    say_counts(&speaker);
    say_durations(&speaker);
    say_phrases(&speaker, RW_SAY_ENCOURAGE, 2);
    say_phrases(&speaker, RW_SAY_REASSURE, 1);
    say_phrases(&speaker, RW_SAY_POSTURE, 3);
    say_phrases(&speaker, RW_SAY_BREATHING, 3);
    say_phrases(&speaker, RW_SAY_DEAD_POINT, 5);
    rw_voice_close(speaker.voice);
    return 0;
}
