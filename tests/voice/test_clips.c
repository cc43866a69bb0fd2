/* The shipped clips as files: each is what the manifest says, equally loud, neatly cut. */
#include "runwalk/voice/voice.h"

#include "runwalk/yaml/tree.h"

#include <ebur128.h>
#include <sndfile.h>

#include <dirent.h>
#include <fts.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define SOUNDS          TEST_SOURCE_DIR "/sounds"
#define LOUDNESS_LUFS   (-18.0)
#define PACK_BYTES_MAX  (5 * 1024 * 1024)
#define CLIP_FRAMES_MAX (RW_RATE * 10)

struct sound {
    SF_INFO info;
    float *samples;
};

static struct rw_voice *voice_open(void)
{
    struct rw_voice *voice = NULL;
    assert_int_equal(rw_voice_open(SOUNDS "/en", NULL, &voice), RW_OK);
    return voice;
}

static struct sound sound_read(const char *path)
{
    struct sound sound = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &sound.info);
    if (!file) {
        fail_msg("%s: %s", path, sf_strerror(NULL));
    }
    sound.samples = calloc((size_t)sound.info.frames, sizeof(float));
    assert_int_equal(sound.info.channels, 1);
    assert_int_equal(sf_readf_float(file, sound.samples, sound.info.frames), sound.info.frames);
    sf_close(file);
    return sound;
}

static void every_clip_is_as_long_as_the_manifest_says(void **state)
{
    struct rw_voice *voice = voice_open();
    (void)state;
    assert_true(rw_voice_clip_count(voice) > 300);
    for (uint32_t i = 0; i < rw_voice_clip_count(voice); i++) {
        const struct rw_clip_info *clip = rw_voice_clip(voice, i);
        struct sound sound = sound_read(clip->path);
        uint64_t rate = (uint64_t)sound.info.samplerate;
        uint64_t frames = ((uint64_t)sound.info.frames * RW_RATE + rate - 1) / rate;
        if (clip->frames != frames || frames > CLIP_FRAMES_MAX) {
            fail_msg("%s: %u frames, in truth %u", clip->path, clip->frames, (unsigned)frames);
        }
        free(sound.samples);
    }
    rw_voice_close(voice);
}

/* As the mixer hears it: one clip in both channels, silence after what is shorter than 0.4 s. */
static double loudness(const struct sound *sound)
{
    size_t rate = (size_t)sound->info.samplerate;
    double loudness;
    ebur128_state *meter = ebur128_init(1, rate, EBUR128_MODE_I);
    float *silence = calloc(rate, sizeof(float));
    size_t frames = (size_t)sound->info.frames;
    ebur128_set_channel(meter, 0, EBUR128_DUAL_MONO);
    ebur128_add_frames_float(meter, sound->samples, frames);
    if (frames < rate * 4 / 10) {
        ebur128_add_frames_float(meter, silence, rate * 4 / 10 - frames);
    }
    assert_int_equal(ebur128_loudness_global(meter, &loudness), EBUR128_SUCCESS);
    ebur128_destroy(&meter);
    free(silence);
    return loudness;
}

static void every_clip_is_equally_loud_and_none_clips(void **state)
{
    struct rw_voice *voice = voice_open();
    (void)state;
    for (uint32_t i = 0; i < rw_voice_clip_count(voice); i++) {
        const struct rw_clip_info *clip = rw_voice_clip(voice, i);
        struct sound sound = sound_read(clip->path);
        double lufs = loudness(&sound);
        float peak = 0;
        for (sf_count_t k = 0; k < sound.info.frames; k++) {
            peak = fmaxf(peak, fabsf(sound.samples[k]));
        }
        if (fabs(lufs - LOUDNESS_LUFS) > 1.0 || peak > 0.9f) {
            fail_msg("%s: %.1f LUFS, peak %.2f", clip->path, lufs, (double)peak);
        }
        free(sound.samples);
    }
    rw_voice_close(voice);
}

/* The power of 10 ms from FRAME on. */
static double power_at(const struct sound *sound, sf_count_t frame)
{
    double power = 0;
    sf_count_t end = frame + sound->info.samplerate / 100;
    for (; frame < end && frame < sound->info.frames; frame++) {
        power += (double)sound->samples[frame] * (double)sound->samples[frame];
    }
    return power;
}

/* Silence is 50 dB below the loudest 10 ms of a clip: "f" and "th" are louder. */
static void no_clip_begins_or_ends_with_100_ms_of_silence(void **state)
{
    struct rw_voice *voice = voice_open();
    (void)state;
    for (uint32_t i = 0; i < rw_voice_clip_count(voice); i++) {
        const struct rw_clip_info *clip = rw_voice_clip(voice, i);
        struct sound sound = sound_read(clip->path);
        sf_count_t step = sound.info.samplerate / 100;
        sf_count_t first = sound.info.frames, last = 0;
        double loudest = 0;
        for (sf_count_t k = 0; k < sound.info.frames; k += step) {
            loudest = fmax(loudest, power_at(&sound, k));
        }
        for (sf_count_t k = 0; k < sound.info.frames; k += step) {
            if (power_at(&sound, k) > loudest * 1e-5) {
                first = k < first ? k : first;
                last = k + step;
            }
        }
        if (first >= 10 * step || sound.info.frames - last >= 10 * step) {
            fail_msg("%s: %d and %d frames of silence", clip->path, (int)first,
                     (int)(sound.info.frames - last));
        }
        /* And the very edge is silent, so that nothing clicks. */
        assert_true(fabsf(sound.samples[0]) < 0.02f);
        assert_true(fabsf(sound.samples[sound.info.frames - 1]) < 0.02f);
        free(sound.samples);
    }
    rw_voice_close(voice);
}

static void the_folder_holds_the_clips_of_the_manifest_and_is_small(void **state)
{
    static const char *const folders[] = {SOUNDS "/en/clips", SOUNDS "/tones/clips"};
    struct rw_voice *voice = voice_open();
    uint32_t files = 0;
    off_t size = 0;
    (void)state;
    for (size_t i = 0; i < RW_COUNT(folders); i++) {
        DIR *folder = opendir(folders[i]);
        assert_non_null(folder);
        for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
            struct stat info;
            assert_int_equal(fstatat(dirfd(folder), entry->d_name, &info, 0), 0);
            files += S_ISREG(info.st_mode);
            size += S_ISREG(info.st_mode) ? info.st_size : 0;
        }
        closedir(folder);
    }
    assert_int_equal(files, rw_voice_clip_count(voice));
    assert_true(size < PACK_BYTES_MAX);
    rw_voice_close(voice);
}

static void the_tones_have_their_lengths(void **state)
{
    static const struct {
        enum rw_saying saying;
        uint32_t ms;
    } tones[] = {{RW_SAY_TONE_RUN, 350},
                 {RW_SAY_TONE_WALK, 350},
                 {RW_SAY_TICK, 60},
                 {RW_SAY_TONE_FINISH, 900}};
    struct rw_voice *voice = voice_open();
    (void)state;
    for (size_t i = 0; i < RW_COUNT(tones); i++) {
        struct rw_words words = {.saying = tones[i].saying};
        struct rw_utterance utterance;
        assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
        assert_int_equal(utterance.part_count, 1);
        assert_int_equal(utterance.frames, tones[i].ms * (RW_RATE / 1000));
    }
    rw_voice_close(voice);
}

/* Every name and every `say` below NODE. */
static void texts_check(const struct rw_voice *voice, const char *path,
                        const struct rw_yaml_node *node)
{
    for (const struct rw_yaml_node *child = node->first; child; child = child->next) {
        bool is_spoken = child->key && (strcmp(child->key->text, "say") == 0 ||
                                        strcmp(child->key->text, "name") == 0);
        if (is_spoken && !rw_voice_knows_text(voice, child->text)) {
            fail_msg("%s: nothing speaks \"%s\"", path, child->text);
        }
        texts_check(voice, path, child);
    }
}

static void the_shipped_profiles_need_no_speech_engine(void **state)
{
    char *roots[] = {(char[]){TEST_SOURCE_DIR "/profiles"}, NULL};
    struct rw_voice *voice = voice_open();
    unsigned files = 0;
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    (void)state;
    assert_non_null(tree);
    for (FTSENT *entry = fts_read(tree); entry; entry = fts_read(tree)) {
        const char *extension = strrchr(entry->fts_name, '.');
        if (entry->fts_info != FTS_F || !extension || strcmp(extension, ".yaml") != 0) {
            continue;
        }
        static char bytes[256 * 1024];
        struct rw_yaml *yaml = NULL;
        FILE *file = fopen(entry->fts_path, "rb");
        assert_non_null(file);
        size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_int_equal(rw_yaml_create(bytes, size, NULL, NULL, &yaml), RW_OK);
        texts_check(voice, entry->fts_path, rw_yaml_root(yaml));
        rw_yaml_destroy(yaml);
        files++;
    }
    fts_close(tree);
    assert_true(files > 0);
    rw_voice_close(voice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clip_is_as_long_as_the_manifest_says),
        cmocka_unit_test(every_clip_is_equally_loud_and_none_clips),
        cmocka_unit_test(no_clip_begins_or_ends_with_100_ms_of_silence),
        cmocka_unit_test(the_folder_holds_the_clips_of_the_manifest_and_is_small),
        cmocka_unit_test(the_tones_have_their_lengths),
        cmocka_unit_test(the_shipped_profiles_need_no_speech_engine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
