/*
 * The shipped clips as files: each is what the manifest says, equally loud, neatly cut. The
 * argument is the language, English without one.
 */
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
#define PEAK_DBTP       (-1.0)
#define PACK_BYTES_MAX  6000000
#define CLIP_FRAMES_MAX (RW_RATE * 10)

/* The language whose pack is tested; the program's argument. */
static const char *language = "en";

struct sound {
    SF_INFO info;
    float *samples;
};

static struct rw_voice *voice_open(void)
{
    char path[200];
    struct rw_voice *voice = NULL;
    snprintf(path, sizeof path, SOUNDS "/%s", language);
    assert_int_equal(rw_voice_open(path, NULL, &voice), RW_OK);
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

static void length_check(const struct rw_clip_info *clip, const struct sound *sound)
{
    uint64_t rate = (uint64_t)sound->info.samplerate;
    uint64_t frames = ((uint64_t)sound->info.frames * RW_RATE + rate - 1) / rate;
    if (clip->frames != frames || frames > CLIP_FRAMES_MAX) {
        fail_msg("%s: %u frames, in truth %u", clip->path, clip->frames, (unsigned)frames);
    }
}

/*
 * As the mixer hears it: one clip in both channels, silence after what is shorter than 0.4 s. A
 * peak between two samples is looked for where one of those is near it.
 */
static void loudness_check(const struct rw_clip_info *clip, const struct sound *sound)
{
    size_t rate = (size_t)sound->info.samplerate;
    size_t frames = (size_t)sound->info.frames;
    double lufs = 0, peak = 0;
    for (size_t k = 0; k < frames; k++) {
        peak = fmax(peak, fabs((double)sound->samples[k]));
    }
    int mode = peak > 0.6 ? EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK : EBUR128_MODE_I;
    ebur128_state *meter = ebur128_init(1, rate, mode);
    ebur128_set_channel(meter, 0, EBUR128_DUAL_MONO);
    ebur128_add_frames_float(meter, sound->samples, frames);
    if (frames < rate * 4 / 10) {
        float *silence = calloc(rate, sizeof(float));
        ebur128_add_frames_float(meter, silence, rate * 4 / 10 - frames);
        free(silence);
    }
    assert_int_equal(ebur128_loudness_global(meter, &lufs), EBUR128_SUCCESS);
    if (peak > 0.6) {
        assert_int_equal(ebur128_true_peak(meter, 0, &peak), EBUR128_SUCCESS);
    }
    ebur128_destroy(&meter);
    double peak_db = 20 * log10(peak);
    if (fabs(lufs - LOUDNESS_LUFS) > 1.0 || peak_db > PEAK_DBTP) {
        fail_msg("%s: %.1f LUFS, peak %.1f dBTP", clip->path, lufs, peak_db);
    }
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
static void ends_check(const struct rw_clip_info *clip, const struct sound *sound)
{
    sf_count_t step = sound->info.samplerate / 100;
    sf_count_t first = sound->info.frames, last = 0;
    double loudest = 0;
    for (sf_count_t k = 0; k < sound->info.frames; k += step) {
        loudest = fmax(loudest, power_at(sound, k));
    }
    for (sf_count_t k = 0; k < sound->info.frames; k += step) {
        if (power_at(sound, k) > loudest * 1e-5) {
            first = k < first ? k : first;
            last = k + step;
        }
    }
    if (first >= 10 * step || sound->info.frames - last >= 10 * step) {
        fail_msg("%s: %d and %d frames of silence", clip->path, (int)first,
                 (int)(sound->info.frames - last));
    }
    /* And the very edge is silent, so that nothing clicks. */
    assert_true(fabsf(sound->samples[0]) < 0.02f);
    assert_true(fabsf(sound->samples[sound->info.frames - 1]) < 0.02f);
}

static void every_clip_is_as_listed_equally_loud_and_neatly_cut(void **state)
{
    struct rw_voice *voice = voice_open();
    (void)state;
    assert_true(rw_voice_clip_count(voice) > 300);
    for (uint32_t i = 0; i < rw_voice_clip_count(voice); i++) {
        const struct rw_clip_info *clip = rw_voice_clip(voice, i);
        struct sound sound = sound_read(clip->path);
        length_check(clip, &sound);
        loudness_check(clip, &sound);
        ends_check(clip, &sound);
        free(sound.samples);
    }
    rw_voice_close(voice);
}

static void the_folder_holds_the_clips_of_the_manifest_and_is_small(void **state)
{
    char own[200];
    const char *const folders[] = {own, SOUNDS "/tones/clips"};
    struct rw_voice *voice = voice_open();
    uint32_t files = 0;
    off_t size = 0;
    (void)state;
    snprintf(own, sizeof own, SOUNDS "/%s/clips", language);
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

/* Whether NODE is a session of a plan: of it the plan's name and its week are said, not its own. */
static bool is_plan_session(const char *path, const struct rw_yaml_node *node)
{
    static const char *const keys[] = {"profile", "run", "steps"};
    for (const struct rw_yaml_node *child = node->first; child; child = child->next) {
        for (size_t i = 0; i < RW_COUNT(keys) && child->key; i++) {
            if (strstr(path, ".plan.yaml") && strcmp(child->key->text, keys[i]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Every name and every `say` below NODE. */
static void texts_check(const struct rw_voice *voice, const char *path,
                        const struct rw_yaml_node *node)
{
    bool has_name = !is_plan_session(path, node);
    for (const struct rw_yaml_node *child = node->first; child; child = child->next) {
        bool is_spoken = child->key && (strcmp(child->key->text, "say") == 0 ||
                                        (has_name && strcmp(child->key->text, "name") == 0));
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

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clip_is_as_listed_equally_loud_and_neatly_cut),
        cmocka_unit_test(the_folder_holds_the_clips_of_the_manifest_and_is_small),
        cmocka_unit_test(the_shipped_profiles_need_no_speech_engine),
    };
    const struct CMUnitTest english[] = {
        cmocka_unit_test(the_tones_have_their_lengths),
    };
    language = count > 1 ? arguments[1] : language;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return count > 1 ? failed : failed + cmocka_run_group_tests(english, NULL, NULL);
}
