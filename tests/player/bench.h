/*
 * A player on a loop of its own with the real engine and the null output, a voice of a few
 * clips that it makes itself, and a record of every report. Included by one program each.
 */
#ifndef TESTS_PLAYER_BENCH_H
#define TESTS_PLAYER_BENCH_H

#include "runwalk/player/player.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define ENGINE     TEST_BUILD_DIR "/runwalk-engine"
#define PATIENCE   (30 * RW_NS_PER_SECOND) /* far beyond anything that works */
#define LATENCY_MS 60

enum bench_clip { CLIP_SHORT, CLIP_LONG, CLIP_DAMAGED, CLIP_MISSING, CLIP_COUNT };

/* The voice, as far as a player needs one. */
struct rw_voice {
    char path[CLIP_COUNT][256];
    struct rw_clip_info clips[CLIP_COUNT];
};

struct bench {
    uv_loop_t loop;
    uv_timer_t tick; /* wakes the loop so that conditions are looked at */
    struct rw_voice voice;
    char directory[64];
    struct rw_player *player;
    struct rw_sink sink;
    struct rw_report reports[512];
    size_t report_count;
    unsigned changes;
    unsigned notes;
    char note[512];
    bool closed;
    uint64_t cue;
};

const struct rw_clip_info *rw_voice_clip(const struct rw_voice *voice, uint32_t clip)
{
    /* Numbers beyond those are more names for the short one. */
    return &voice->clips[clip < CLIP_COUNT ? clip : CLIP_SHORT];
}

static rw_ns boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

static void put(FILE *file, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        fputc((int)(value >> 8 * i & 0xff), file);
    }
}

/* A mono 16-bit WAV of a sawtooth. */
static void write_tone(const char *path, uint32_t frames)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("RIFF", file);
    put(file, 36 + frames * 2, 4);
    fputs("WAVEfmt ", file);
    put(file, 16, 4);
    put(file, 1, 2);
    put(file, 1, 2);
    put(file, RW_RATE, 4);
    put(file, RW_RATE * 2, 4);
    put(file, 2, 2);
    put(file, 16, 2);
    fputs("data", file);
    put(file, frames * 2, 4);
    for (uint32_t i = 0; i < frames; i++) {
        put(file, (i * 300 % 16000 - 8000u) & 0xffff, 2);
    }
    assert_int_equal(fclose(file), 0);
}

static void make_voice(struct bench *bench)
{
    static const uint32_t frames[CLIP_COUNT] = {RW_RATE / 10, 3 * RW_RATE, 480, 480};

    strcpy(bench->directory, "/tmp/runwalk-player-XXXXXX");
    assert_non_null(mkdtemp(bench->directory));
    for (int i = 0; i < CLIP_COUNT; i++) {
        snprintf(bench->voice.path[i], sizeof(bench->voice.path[i]), "%s/%d.wav", bench->directory,
                 i);
        bench->voice.clips[i] =
            (struct rw_clip_info){.path = bench->voice.path[i], .phrase = "", .frames = frames[i]};
    }
    write_tone(bench->voice.path[CLIP_SHORT], frames[CLIP_SHORT]);
    write_tone(bench->voice.path[CLIP_LONG], frames[CLIP_LONG]);
    FILE *file = fopen(bench->voice.path[CLIP_DAMAGED], "wb");
    fputs("this is no sound", file);
    fclose(file);
}

static void on_report(void *context, const struct rw_report *report)
{
    struct bench *bench = context;
    assert_true(bench->report_count < RW_COUNT(bench->reports));
    bench->reports[bench->report_count++] = *report;
}

static void on_changed(void *context)
{
    ((struct bench *)context)->changes++;
}

static void on_note(void *context, const char *text)
{
    struct bench *bench = context;
    bench->notes++;
    snprintf(bench->note, sizeof(bench->note), "%s", text);
}

static void on_done(void *context)
{
    ((struct bench *)context)->closed = true;
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer;
}

static struct rw_player_config bench_config(void)
{
    return (struct rw_player_config){
        .engine_path = ENGINE,
        .output = "null",
        .latency_ms = LATENCY_MS,
        .keep = RW_NS_PER_SECOND / 2,
    };
}

static void bench_open(struct bench *bench, const struct rw_player_config *config)
{
    struct rw_player_observer observer = {on_report, on_changed, on_note, bench};

    memset(bench, 0, sizeof(*bench));
    make_voice(bench);
    assert_int_equal(uv_loop_init(&bench->loop), 0);
    uv_timer_init(&bench->loop, &bench->tick);
    uv_timer_start(&bench->tick, on_tick, 5, 5);
    assert_int_equal(
        rw_player_create(&bench->loop, &bench->voice, config, observer, &bench->player), RW_OK);
    bench->sink = rw_player_sink(bench->player);
}

/* Turns the loop until CONDITION; fails when that takes for ever. */
#define wait_for(bench, condition)                                                                 \
    do {                                                                                           \
        rw_ns wait_end = boot_now() + PATIENCE;                                                    \
        while (!(condition)) {                                                                     \
            if (boot_now() > wait_end)                                                             \
                fail_msg("waited in vain for: %s", #condition);                                    \
            uv_run(&(bench)->loop, UV_RUN_ONCE);                                                   \
        }                                                                                          \
    } while (0)

static void bench_close(struct bench *bench)
{
    if (!bench->closed) {
        rw_player_close(bench->player, on_done, bench);
    }
    wait_for(bench, bench->closed);
    uv_close((uv_handle_t *)&bench->tick, NULL);
    while (uv_run(&bench->loop, UV_RUN_DEFAULT) != 0) {
    }
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    for (int i = 0; i < CLIP_COUNT; i++) {
        unlink(bench->voice.path[i]);
    }
    rmdir(bench->directory);
}

/* Plays CLIP at boot time AT, with a window of WINDOW; returns its number. */
static uint64_t play_on(struct bench *bench, enum rw_bus bus, enum bench_clip clip, rw_ns at,
                        rw_ns window, uint32_t epoch)
{
    struct rw_play play = {
        .cue = ++bench->cue,
        .epoch = epoch,
        .bus = bus,
        .at = at,
        .not_after = window == RW_NS_NEVER ? RW_NS_NEVER : at + window,
        .utterance = {.part_count = 1, .frames = bench->voice.clips[clip].frames},
    };
    play.utterance.parts[0].clip = clip;
    bench->sink.play(bench->sink.context, &play);
    return play.cue;
}

static uint64_t play(struct bench *bench, enum bench_clip clip, rw_ns at, rw_ns window)
{
    return play_on(bench, RW_BUS_VOICE, clip, at, window, 1);
}

/* The report of CUE with OUTCOME, or NULL. */
static const struct rw_report *find(const struct bench *bench, uint64_t cue,
                                    enum rw_outcome outcome)
{
    for (size_t i = 0; i < bench->report_count; i++) {
        if (bench->reports[i].cue == cue && bench->reports[i].outcome == outcome) {
            return &bench->reports[i];
        }
    }
    return NULL;
}

static bool has(const struct bench *bench, uint64_t cue, enum rw_outcome outcome)
{
    return find(bench, cue, outcome) != NULL;
}

/* How often CUE was answered for good. */
static unsigned ends(const struct bench *bench, uint64_t cue)
{
    unsigned count = 0;
    for (size_t i = 0; i < bench->report_count; i++) {
        count += bench->reports[i].cue == cue && bench->reports[i].outcome >= RW_OUTCOME_ENDED;
    }
    return count;
}

static struct rw_player_view view(const struct bench *bench)
{
    struct rw_player_view now;
    rw_player_view(bench->player, &now);
    return now;
}

/* The process of our engine, or 0. */
static pid_t engine_of(pid_t parent)
{
    DIR *directory = opendir("/proc");
    struct dirent *entry;
    pid_t found = 0;

    while (!found && (entry = readdir(directory))) {
        char path[300], name[32], state;
        int pid = atoi(entry->d_name), of;
        snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
        FILE *file = pid > 0 ? fopen(path, "r") : NULL;
        if (!file) {
            continue;
        }
        if (fscanf(file, "%*d (%31[^)]) %c %d", name, &state, &of) == 3 && of == parent &&
            strcmp(name, "runwalk-engine") == 0 && state != 'Z') {
            found = pid;
        }
        fclose(file);
    }
    closedir(directory);
    return found;
}

#endif
