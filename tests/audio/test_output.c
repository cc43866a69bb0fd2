#include "folder.h"

#include "runwalk/audio/output.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sndfile.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint32_t files_present(void)
{
    uint32_t count = 0;
    DIR *files = opendir(folder);
    assert_non_null(files);
    for (struct dirent *entry; (entry = readdir(files)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    closedir(files);
    return count;
}

/* Random, louder than full scale here and there, and exactly between two steps in others. */
static float *samples_create(uint32_t frames)
{
    float *samples = malloc(2 * (size_t)frames * sizeof(*samples));
    uint32_t seed = 6;
    assert_non_null(samples);
    for (uint32_t i = 0; i < 2 * frames; i++) {
        samples[i] = random_sample(&seed, i % 100 == 0 ? 1.5f : 0.9f);
    }
    for (uint32_t i = 0; i < 16; i++) {
        samples[i] = ((float)i - 7.5f) / 8388608.0f;
    }
    return samples;
}

static void write_file(const char *path, const float *samples, uint32_t frames)
{
    struct rw_soundfile *file;
    assert_int_equal(rw_soundfile_create(path, &file, NULL), RW_OK);
    assert_int_equal(rw_soundfile_write(file, samples, frames / 3), RW_OK);
    assert_int_equal(
        rw_soundfile_write(file, samples + 2 * (size_t)(frames / 3), frames - frames / 3), RW_OK);
    assert_int_equal(rw_soundfile_finish(file), RW_OK);
}

/* What 24 bits make of SAMPLE, told in another way than the code does it. */
static int32_t expected_step(float sample)
{
    double scaled = (double)sample * 8388608.0;
    double below = floor(scaled);
    double step = scaled - below > 0.5 || (scaled - below == 0.5 && fmod(below, 2.0) != 0.0)
                      ? below + 1.0
                      : below;
    return (int32_t)fmin(fmax(step, -8388608.0), 8388607.0);
}

static void both_formats_give_back_what_was_written(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int format;
    } formats[] = {{"a.wav", SF_FORMAT_WAV}, {"b.FLAC", SF_FORMAT_FLAC}};
    const uint32_t frames = 30011;
    float *samples = samples_create(frames);
    int32_t *read = malloc(2 * (size_t)frames * sizeof(*read));

    for (size_t f = 0; f < RW_COUNT(formats); f++) {
        const char *path = path_of(formats[f].name);
        SF_INFO info = {0};
        write_file(path, samples, frames);
        SNDFILE *file = sf_open(path, SFM_READ, &info);
        assert_non_null(file);
        assert_int_equal(info.format & SF_FORMAT_SUBMASK, SF_FORMAT_PCM_24);
        /* Small files are plain WAV, which every player reads, not RF64. */
        int type = info.format & SF_FORMAT_TYPEMASK;
        assert_true(type == formats[f].format ||
                    (formats[f].format == SF_FORMAT_WAV && type == SF_FORMAT_WAVEX));
        assert_int_equal(info.samplerate, RW_RATE);
        assert_int_equal(info.channels, 2);
        assert_int_equal(info.frames, frames);
        assert_int_equal(sf_readf_int(file, read, frames), frames);
        for (uint32_t i = 0; i < 2 * frames; i++) {
            assert_int_equal(read[i] / 256, expected_step(samples[i]));
        }
        sf_close(file);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(files_present(), 0);
    free(read);
    free(samples);
}

static long read_whole(const char *path, unsigned char *bytes, size_t most)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t count = fread(bytes, 1, most, file);
    fclose(file);
    return (long)count;
}

static void the_same_samples_give_the_same_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"x.wav", "x.flac"};
    static unsigned char first[300000], second[300000];
    float *samples = samples_create(20000);

    for (size_t i = 0; i < RW_COUNT(names); i++) {
        const char *path = path_of(names[i]);
        write_file(path, samples, 20000);
        long size = read_whole(path, first, sizeof(first));
        assert_true(size > 20000);
        write_file(path, samples, 20000); /* replaces the one before */
        assert_int_equal(read_whole(path, second, sizeof(second)), size);
        assert_memory_equal(first, second, (size_t)size);
        assert_int_equal(unlink(path), 0);
    }
    free(samples);
}

/* Writes FRAMES of silence, then SOUNDS frames of SAMPLES. */
static void write_after_silence(struct rw_soundfile *file, uint64_t frames, const float *samples,
                                uint32_t sounds)
{
    static const float silence[2 * 50000];
    while (frames > 0) {
        uint32_t count = frames < 50000 ? (uint32_t)frames : 50000;
        assert_int_equal(rw_soundfile_write(file, silence, count), RW_OK);
        frames -= count;
    }
    assert_int_equal(rw_soundfile_write(file, samples, sounds), RW_OK);
}

static void expect_silence_before(SNDFILE *file, sf_count_t frames, const float *samples,
                                  uint32_t sounds)
{
    int32_t read[2 * 1000];
    while (frames > 0) {
        sf_count_t count = frames < 1000 ? frames : 1000;
        assert_int_equal(sf_readf_int(file, read, count), count);
        for (sf_count_t i = 0; i < 2 * count; i++) {
            assert_int_equal(read[i], 0);
        }
        frames -= count;
    }
    assert_int_equal(sf_readf_int(file, read, sounds), sounds);
    for (uint32_t i = 0; i < 2 * sounds; i++) {
        assert_int_equal(read[i] / 256, expected_step(samples[i]));
    }
}

static void silence_takes_no_room_and_is_read_as_zeros(void **state)
{
    (void)state;
    const char *path = path_of("quiet.wav");
    float *samples = samples_create(1000);
    struct rw_soundfile *file;
    struct stat info;
    SF_INFO sound = {0};

    assert_int_equal(rw_soundfile_create(path, &file, NULL), RW_OK);
    write_after_silence(file, 240000, samples, 1000);
    write_after_silence(file, 192001, samples, 777);
    write_after_silence(file, 144000, samples, 0);
    assert_int_equal(rw_soundfile_finish(file), RW_OK);

    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size >= (240000 + 1000 + 192001 + 777 + 144000) * 6);
    assert_true(info.st_blocks * 512 < info.st_size / 16);
    SNDFILE *read = sf_open(path, SFM_READ, &sound);
    assert_non_null(read);
    assert_int_equal(sound.frames, 240000 + 1000 + 192001 + 777 + 144000);
    expect_silence_before(read, 240000, samples, 1000);
    expect_silence_before(read, 192001, samples, 777);
    expect_silence_before(read, 144000, samples, 0);
    sf_close(read);
    assert_int_equal(unlink(path), 0);
    free(samples);
}

static void more_than_four_gigabytes_are_an_rf64(void **state)
{
    (void)state;
    const sf_count_t silent = 720000000;
    const char *path = path_of("long.wav");
    float *samples = samples_create(1000);
    struct rw_soundfile *file;
    SF_INFO sound = {0};

    assert_int_equal(rw_soundfile_create(path, &file, NULL), RW_OK);
    write_after_silence(file, silent, samples, 1000);
    assert_int_equal(rw_soundfile_finish(file), RW_OK);

    SNDFILE *read = sf_open(path, SFM_READ, &sound);
    assert_non_null(read);
    assert_int_equal(sound.format & SF_FORMAT_TYPEMASK, SF_FORMAT_RF64);
    assert_int_equal(sound.frames, silent + 1000);
    assert_int_equal(sf_seek(read, silent - 1000, SEEK_SET), silent - 1000);
    expect_silence_before(read, 1000, samples, 1000);
    sf_close(read);
    assert_int_equal(unlink(path), 0);
    free(samples);
}

static void abandoning_leaves_nothing_and_keeps_what_was_there(void **state)
{
    (void)state;
    float *samples = samples_create(1000);
    const char *path = path_of("kept.wav");
    struct rw_soundfile *file;
    struct stat before, after;

    write_file(path, samples, 1000);
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(rw_soundfile_create(path, &file, NULL), RW_OK);
    assert_int_equal(rw_soundfile_write(file, samples, 500), RW_OK);
    assert_int_equal(files_present(), 2);
    rw_soundfile_abandon(file);
    rw_soundfile_abandon(NULL);
    assert_int_equal(files_present(), 1);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_int_equal(unlink(path), 0);
    free(samples);
}

/* With room for LIMIT bytes; what it gave, and why in errno. */
static enum rw_status write_within(rlim_t limit, const char *path, const float *samples,
                                   uint32_t frames)
{
    struct rlimit before, less;
    struct rw_soundfile *file;

    assert_int_equal(rw_soundfile_create(path, &file, NULL), RW_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    less = (struct rlimit){limit, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
    enum rw_status status = rw_soundfile_write(file, samples, frames);
    if (status == RW_OK) {
        status = rw_soundfile_finish(file);
    } else {
        rw_soundfile_abandon(file);
    }
    int error = errno;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    errno = error;
    return status;
}

/* The last of a FLAC is written only when it is closed, and so is every header. */
static void nothing_appears_when_the_disk_is_full_at_any_byte(void **state)
{
    (void)state;
    const char *const names[] = {"full.flac", "full.wav"};
    const uint32_t frames = 5000;
    float *samples = samples_create(frames);
    struct stat info;

    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        const char *path = path_of(names[i]);
        write_file(path, samples, frames);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(unlink(path), 0);
        for (off_t limit = 0; limit < info.st_size; limit += limit < 200 ? 7 : 997) {
            assert_int_equal(write_within((rlim_t)limit, path, samples, frames), RW_EIO);
            assert_int_equal(errno, EFBIG);
            assert_int_equal(files_present(), 0);
        }
        assert_int_equal(write_within((rlim_t)info.st_size - 1, path, samples, frames), RW_EIO);
        assert_int_equal(write_within((rlim_t)info.st_size, path, samples, frames), RW_OK);
        assert_int_equal(unlink(path), 0);
    }
    free(samples);
}

static void what_cannot_be_written_is_refused_with_a_reason(void **state)
{
    (void)state;
    struct rw_soundfile *file = NULL;
    char *problem = NULL;

    assert_int_equal(rw_soundfile_create(path_of("song.mp3"), &file, &problem), RW_EINVALID);
    assert_non_null(strstr(problem, ".wav or .flac"));
    free(problem);
    assert_int_equal(rw_soundfile_create(path_of("no/such/folder.wav"), &file, &problem), RW_EIO);
    assert_non_null(strstr(problem, "No such file"));
    free(problem);
    assert_int_equal(rw_soundfile_create("wav", &file, NULL), RW_EINVALID);
    assert_int_equal(rw_soundfile_create(path_of(".wav"), &file, NULL), RW_EINVALID);
    assert_int_equal(rw_soundfile_create(".flac", &file, NULL), RW_EINVALID);
    assert_null(file);
}

static void a_link_stays_and_its_target_is_replaced(void **state)
{
    (void)state;
    float *samples = samples_create(1000);
    char target[200], link[200];
    struct stat info;

    snprintf(target, sizeof(target), "%s", path_of("target.wav"));
    snprintf(link, sizeof(link), "%s", path_of("link.wav"));
    write_file(target, samples, 1000);
    assert_int_equal(stat(target, &info), 0);
    off_t before = info.st_size;
    assert_int_equal(symlink("target.wav", link), 0);
    write_file(link, samples, 500);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(target, &info), 0);
    assert_true(info.st_size < before);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(unlink(target), 0);
    free(samples);
}

static void what_is_no_ordinary_file_is_never_replaced(void **state)
{
    (void)state;
    char link[200];
    struct rw_soundfile *file = NULL;
    struct stat info;

    snprintf(link, sizeof(link), "%s", path_of("fifo.wav"));
    assert_int_equal(mkfifo(link, 0600), 0);
    assert_int_equal(rw_soundfile_create(link, &file, NULL), RW_EIO);
    assert_int_equal(stat(link, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("fifo.wav", link), 0); /* to itself */
    assert_int_equal(rw_soundfile_create(link, &file, NULL), RW_EIO);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(files_present(), 0);
}

static void a_file_that_cannot_be_renamed_is_an_error_and_leaves_nothing(void **state)
{
    (void)state;
    char path[200];
    struct rw_soundfile *file;

    snprintf(path, sizeof(path), "%s", path_of("late.wav"));
    assert_int_equal(rw_soundfile_create(path, &file, NULL), RW_OK);
    assert_int_equal(mkdir(path, 0700), 0); /* in the way */
    assert_int_equal(rw_soundfile_finish(file), RW_EIO);
    assert_true(errno == EISDIR || errno == EEXIST || errno == ENOTEMPTY);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(files_present(), 0);
}

/* What a render callback saw; written by the output's thread until it is closed. */
struct witness {
    atomic_uint calls;
    rw_frame next;
    rw_ns heard_before, origin;
    bool gap, backwards, uneven;
};

static void witness_render(void *context, float *restrict out, uint32_t frames, rw_frame first,
                           rw_ns heard)
{
    struct witness *witness = context;
    rw_ns expected = (rw_ns)(first * 62500 / 3);

    if (first == 0) {
        witness->origin = heard;
    }
    witness->gap |= first != witness->next;
    witness->backwards |= heard < witness->heard_before;
    witness->uneven |= heard - witness->origin < expected;
    witness->next = first + frames;
    witness->heard_before = heard;
    memset(out, 0, 2 * frames * sizeof(*out));
    atomic_fetch_add(&witness->calls, 1);
}

static rw_ns boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (rw_ns)now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

static void the_null_output_asks_at_the_pace_of_the_clock(void **state)
{
    (void)state;
    struct witness witness = {0};
    struct rw_output_config config = {
        .latency_ms = 100, .block_frames = 240, .render = witness_render, .context = &witness};
    struct rw_output *output;

    assert_int_equal(rw_output_open_null(&config, &output), RW_OK);
    assert_false(rw_output_is_active(output));
    assert_string_equal(rw_output_name(output), "null");
    assert_int_equal(rw_output_latency(output), 100 * RW_NS_PER_MS);
    rw_ns before = boot_now();
    assert_int_equal(rw_output_start(output), RW_OK);
    assert_true(rw_output_is_active(output));
    while (atomic_load(&witness.calls) < 40) {
        sched_yield();
    }
    rw_output_close(output);

    assert_true(witness.origin >= before + 100 * RW_NS_PER_MS);
    assert_false(witness.gap || witness.backwards || witness.uneven);
    /* It did not run ahead: 40 blocks of 5 ms take 195 ms at least. */
    assert_true(boot_now() - before >= 195 * RW_NS_PER_MS);
}

static void an_output_can_be_closed_without_ever_starting(void **state)
{
    (void)state;
    struct witness witness = {0};
    struct rw_output_config config = {.render = witness_render, .context = &witness};
    struct rw_output *output;

    assert_int_equal(rw_output_open_null(&config, &output), RW_OK);
    rw_output_close(output);
    rw_output_close(NULL);
    assert_int_equal(atomic_load(&witness.calls), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_formats_give_back_what_was_written),
        cmocka_unit_test(the_same_samples_give_the_same_bytes),
        cmocka_unit_test(silence_takes_no_room_and_is_read_as_zeros),
        cmocka_unit_test(more_than_four_gigabytes_are_an_rf64),
        cmocka_unit_test(abandoning_leaves_nothing_and_keeps_what_was_there),
        cmocka_unit_test(nothing_appears_when_the_disk_is_full_at_any_byte),
        cmocka_unit_test(what_cannot_be_written_is_refused_with_a_reason),
        cmocka_unit_test(a_link_stays_and_its_target_is_replaced),
        cmocka_unit_test(what_is_no_ordinary_file_is_never_replaced),
        cmocka_unit_test(a_file_that_cannot_be_renamed_is_an_error_and_leaves_nothing),
        cmocka_unit_test(the_null_output_asks_at_the_pace_of_the_clock),
        cmocka_unit_test(an_output_can_be_closed_without_ever_starting),
    };
    return cmocka_run_group_tests(tests, folder_create, folder_remove);
}
