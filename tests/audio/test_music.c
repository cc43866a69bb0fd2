/* The music: files of every kind, one after the other without a gap, below the cues. */
#include "sound.h"

#include "runwalk/audio/mixer.h"
#include "runwalk/audio/music.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sndfile.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 480u

/* A descriptor of a sound file that nobody else can see. */
static int file_create(int format, int rate, int channels, const float *frames, sf_count_t count)
{
    char path[] = "/tmp/runwalk-music-XXXXXX";
    int descriptor = mkstemp(path);
    SF_INFO info = {.format = format, .samplerate = rate, .channels = channels};

    assert_true(descriptor >= 0);
    unlink(path);
    SNDFILE *file = sf_open_fd(descriptor, SFM_WRITE, &info, SF_FALSE);
    assert_non_null(file);
    assert_int_equal(sf_writef_float(file, frames, count), count);
    sf_close(file);
    return descriptor;
}

static int wav_create(const float *frames, sf_count_t count)
{
    return file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, RW_RATE, 2, frames, count);
}

static int bytes_create(const void *bytes, size_t count)
{
    char path[] = "/tmp/runwalk-music-XXXXXX";
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    unlink(path);
    assert_int_equal(write(descriptor, bytes, count), count);
    return descriptor;
}

struct stage {
    struct rw_music *music;
    struct rw_mixer *mixer;
};

static struct stage stage_create(bool threaded)
{
    struct stage stage;
    assert_int_equal(rw_music_create(threaded, &stage.music), RW_OK);
    assert_int_equal(rw_mixer_create(&stage.mixer), RW_OK);
    rw_mixer_set_music(stage.mixer, stage.music);
    rw_music_play(stage.music, true);
    return stage;
}

static void stage_destroy(struct stage *stage)
{
    rw_mixer_destroy(stage->mixer);
    rw_music_destroy(stage->music);
}

static void add(struct stage *stage, int descriptor, uint64_t number, rw_frame start)
{
    assert_int_equal(rw_music_add(stage->music, descriptor, number, start), RW_OK);
}

static void run(struct stage *stage, float *out, uint32_t frames)
{
    for (uint32_t at = 0; at < frames; at += BLOCK) {
        rw_music_fill(stage->music);
        rw_mixer_process(stage->mixer, out + 2 * (size_t)at,
                         BLOCK < frames - at ? BLOCK : frames - at);
    }
}

static void assert_event(struct stage *stage, uint64_t number, enum rw_music_what what)
{
    struct rw_music_event event;
    assert_true(rw_music_event(stage->music, &event));
    assert_int_equal(event.number, number);
    assert_int_equal(event.what, what);
    assert_true((event.problem != NULL) == (what == RW_MUSIC_REFUSED));
}

/* Frames of a quiet ramp whose every sample tells its place. */
static float *ramp_create(uint32_t frames)
{
    float *samples = malloc(2 * (size_t)frames * sizeof(*samples));
    assert_non_null(samples);
    for (uint32_t i = 0; i < frames; i++) {
        samples[2 * i] = (float)(i + 1) / 4194304.0f;
        samples[2 * i + 1] = -samples[2 * i];
    }
    return samples;
}

static void two_files_follow_each_other_without_a_gap(void **state)
{
    const uint32_t first = 70001, whole = 150000;
    float *ramp = ramp_create(whole), *out = calloc(2 * (size_t)whole, sizeof(*out));
    struct stage stage = stage_create(false);
    struct rw_music_event event;
    (void)state;

    add(&stage, wav_create(ramp, first), 7, 0);
    rw_music_fill(stage.music);
    add(&stage, wav_create(ramp + 2 * (size_t)first, whole - first), 8, 0);
    run(&stage, out, whole);
    /* After the limiter's delay and the ramp of the beginning, to the bit, up to its last ramp. */
    assert_memory_equal(out + 2 * (240 + 480), ramp + 2 * 480,
                        2 * (size_t)(whole - 2000) * sizeof(*out));
    assert_event(&stage, 7, RW_MUSIC_BEGUN);
    assert_event(&stage, 7, RW_MUSIC_ENDED);
    assert_true(rw_music_event(stage.music, &event));
    assert_int_equal(event.number, 8);
    assert_int_equal(event.at, first);
    assert_event(&stage, 8, RW_MUSIC_ENDED);
    assert_int_equal(rw_music_underruns(stage.music), 0);
    stage_destroy(&stage);
    free(ramp);
    free(out);
}

static void it_begins_where_it_is_told_and_rests_where_it_was(void **state)
{
    const uint32_t whole = 100000;
    float *ramp = ramp_create(whole), *out = calloc(2 * (size_t)whole, sizeof(*out));
    struct stage stage = stage_create(false);
    (void)state;

    add(&stage, wav_create(ramp, whole), 1, 30000);
    run(&stage, out, 9600);
    assert_true(out[2 * 9000] == ramp[2 * (30000 + 9000 - 240)]);
    rw_music_play(stage.music, false);
    run(&stage, out, 9600);
    assert_true(out[2 * 800] == 0.0f && out[2 * 9599] == 0.0f);
    /* The ramp is played out, then nothing more is taken. */
    assert_int_equal(rw_music_position(stage.music), 9600 + 480);
    rw_music_play(stage.music, true);
    run(&stage, out, 9600);
    assert_true(out[2 * 9000] == ramp[2 * (30000 + 9600 + 480 + 9000 - 240)]);
    stage_destroy(&stage);
    free(ramp);
    free(out);
}

static void another_file_replaces_what_plays(void **state)
{
    float *ramp = ramp_create(200000), *out = calloc(2 * 48000, sizeof(*out));
    float *quiet = calloc(2 * 100000, sizeof(*quiet));
    struct stage stage = stage_create(false);
    (void)state;

    add(&stage, wav_create(ramp, 200000), 1, 0);
    run(&stage, out, 9600);
    rw_music_clear(stage.music);
    add(&stage, wav_create(quiet, 100000), 2, 0);
    run(&stage, out, 9600);
    assert_true(out[2 * 300] != 0.0f); /* it fades, it is not cut */
    assert_true(out[2 * 2000] == 0.0f);
    run(&stage, out, 9600);
    assert_true(out[2 * 9000] == 0.0f);
    rw_music_clear(stage.music);
    run(&stage, out, 9600);
    rw_frame position = rw_music_position(stage.music);
    run(&stage, out, 9600);
    assert_int_equal(rw_music_position(stage.music), position);
    stage_destroy(&stage);
    free(ramp);
    free(quiet);
    free(out);
}

static double level(const float *out, uint32_t from, uint32_t to)
{
    double sum = 0;
    for (uint32_t i = 2 * from; i < 2 * to; i++) {
        sum += (double)out[i] * (double)out[i];
    }
    return 10 * log10(sum / (2.0 * (to - from)) + 1e-30);
}

static void every_format_is_heard_and_resampled(void **state)
{
    static const struct {
        int format, rate, channels;
    } kinds[] = {
        {SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2},
        {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 48000, 1},
        {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100, 2},
        {SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000, 2},
        {SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 44100, 2},
        {SF_FORMAT_WAV | SF_FORMAT_PCM_24, 96000, 6},
    };
    float *out = calloc(2 * 48000, sizeof(*out));
    (void)state;

    for (size_t i = 0; i < RW_COUNT(kinds); i++) {
        sf_count_t count = kinds[i].rate;
        float *frames = malloc((size_t)(count * kinds[i].channels) * sizeof(*frames));
        for (sf_count_t f = 0; f < count * kinds[i].channels; f++) {
            double t = (double)(f / kinds[i].channels) / kinds[i].rate;
            frames[f] = (float)(0.2 * sin(2 * PI * 440 * t));
        }
        struct stage stage = stage_create(false);
        add(&stage, file_create(kinds[i].format, kinds[i].rate, kinds[i].channels, frames, count),
            1, 0);
        run(&stage, out, 38400);
        assert_event(&stage, 1, RW_MUSIC_BEGUN);
        double heard = level(out, 4800, 33600);
        if (fabs(heard - 10 * log10(0.2 * 0.2 / 2)) > 0.5) {
            fail_msg("format %x is heard at %.2f dB", (unsigned)kinds[i].format, heard);
        }
        stage_destroy(&stage);
        free(frames);
    }
    free(out);
}

static void what_is_no_music_is_told_and_passed_over(void **state)
{
    static unsigned char rubbish[4096];
    float *ramp = ramp_create(48000), *out = calloc(2 * 48000, sizeof(*out));
    static const char *const heads[] = {"nonsense-bytes",   "RIFF....WAVEfmt ",
                                        "OggS........",     "fLaC............",
                                        "ID3.............", "\xff\xfb\x90\x64............"};
    uint32_t seed = 3;
    (void)state;

    for (size_t i = 0; i < RW_COUNT(heads); i++) {
        struct stage stage = stage_create(false);
        for (size_t b = 0; b < sizeof(rubbish); b++) {
            rubbish[b] = (unsigned char)random_next(&seed);
        }
        memcpy(rubbish, heads[i], strlen(heads[i]));
        add(&stage, bytes_create(rubbish, sizeof(rubbish)), 1, 0);
        rw_music_fill(stage.music);
        add(&stage, wav_create(ramp, 48000), 2, 0);
        run(&stage, out, 24000);
        /* Some rubbish a decoder may take for very short music. In any case the next one plays. */
        struct rw_music_event event;
        assert_true(rw_music_event(stage.music, &event));
        assert_int_equal(event.number, 1);
        do {
            assert_true(rw_music_event(stage.music, &event));
        } while (event.number == 1);
        assert_int_equal(event.what, RW_MUSIC_BEGUN);
        assert_true(level(out, 12000, 23000) > -60);
        stage_destroy(&stage);
    }
    free(ramp);
    free(out);
}

static void samples_that_are_no_numbers_end_a_file(void **state)
{
    float *frames = calloc(2 * 48000, sizeof(*frames)), *out = calloc(2 * 48000, sizeof(*out));
    struct stage stage = stage_create(false);
    (void)state;

    frames[2 * 30000] = NAN;
    add(&stage, wav_create(frames, 48000), 1, 0);
    run(&stage, out, 48000);
    assert_event(&stage, 1, RW_MUSIC_BEGUN);
    assert_event(&stage, 1, RW_MUSIC_REFUSED);
    for (size_t i = 0; i < 96000; i++) {
        assert_true(out[i] == 0.0f);
    }
    stage_destroy(&stage);
    free(frames);
    free(out);
}

static void music_makes_room_for_a_cue_and_comes_back(void **state)
{
    const uint32_t whole = 3 * RW_RATE;
    float *frames = malloc(2 * (size_t)whole * sizeof(*frames));
    float *out = calloc(2 * (size_t)whole, sizeof(*out));
    float *other = calloc(2 * (size_t)whole, sizeof(*other));
    struct rw_clip *cue = clip_create(24000, 1); /* silent, so that only the music is measured */
    (void)state;

    for (uint32_t i = 0; i < 2 * whole; i++) {
        frames[i] = (float)(0.2 * sin(2 * PI * 1000 * (i / 2) / RW_RATE));
    }
    for (int pass = 0; pass < 2; pass++) {
        struct stage stage = stage_create(false);
        struct rw_mixer_play play = {.start = RW_RATE,
                                     .gain_left = 1.0f,
                                     .gain_right = 1.0f,
                                     .part_count = 1,
                                     .parts = {{.clip = cue}}};
        assert_int_equal(rw_mixer_play(stage.mixer, &play), RW_OK);
        add(&stage, wav_create(frames, whole), 1, 0);
        if (pass == 0) {
            run(&stage, out, whole);
        } else {
            for (uint32_t at = 0; at < whole; at += 37) {
                rw_music_fill(stage.music);
                rw_mixer_process(stage.mixer, other + 2 * (size_t)at,
                                 37 < whole - at ? 37 : whole - at);
            }
        }
        stage_destroy(&stage);
    }
    double plain = level(out, 24000, 40000);
    assert_true(fabs(level(out, 48000, 72000) - plain + 14.0) < 0.1);
    assert_true(fabs(level(out, 40320, 40800) - plain) < 0.5);  /* 160 ms before: not yet */
    assert_true(level(out, 45600, 46080) < plain - 3);          /* on its way down */
    assert_true(level(out, 72000, 73000) < plain - 12);         /* back slowly, */
    assert_true(fabs(level(out, 96240, 120000) - plain) < 0.1); /* but half a second later */
    assert_memory_equal(out, other, 2 * (size_t)(whole - 1000) * sizeof(*out));
    free(cue);
    free(frames);
    free(out);
    free(other);
}

/* ---- with the decoder's thread ---- */

struct player {
    struct stage *stage;
    atomic_bool stop;
};

static void *play_all(void *context)
{
    struct player *player = context;
    float out[2 * BLOCK];

    while (!atomic_load(&player->stop)) {
        rw_mixer_process(player->stage->mixer, out, BLOCK); /* as fast as it goes */
    }
    return NULL;
}

static void wait_event(struct stage *stage, uint64_t number, enum rw_music_what what)
{
    struct rw_music_event event;
    struct pollfd source = {.fd = rw_music_descriptor(stage->music), .events = POLLIN};

    while (!rw_music_event(stage->music, &event)) {
        assert_int_equal(poll(&source, 1, 30000), 1);
    }
    assert_int_equal(event.number, number);
    assert_int_equal(event.what, what);
}

static void a_thread_of_its_own_decodes_while_another_plays(void **state)
{
    const uint32_t whole = 6 * RW_RATE;
    float *ramp = ramp_create(whole);
    struct stage stage = stage_create(true);
    struct player player = {.stage = &stage};
    pthread_t thread;
    (void)state;

    assert_int_equal(pthread_create(&thread, NULL, play_all, &player), 0);
    for (uint64_t number = 1; number <= 3; number++) {
        add(&stage, wav_create(ramp, whole), number, 0);
        wait_event(&stage, number, RW_MUSIC_BEGUN);
        wait_event(&stage, number, RW_MUSIC_ENDED);
        rw_music_play(stage.music, number % 2 == 0);
        rw_music_play(stage.music, true);
    }
    rw_music_clear(stage.music);
    add(&stage, wav_create(ramp, whole), 4, 0);
    wait_event(&stage, 4, RW_MUSIC_BEGUN);
    rw_music_clear(stage.music);
    atomic_store(&player.stop, true);
    pthread_join(thread, NULL);
    stage_destroy(&stage);
    free(ramp);
}

static void running_dry_is_silence_and_is_counted(void **state)
{
    float *ramp = ramp_create(200000), *out = calloc(2 * 200000, sizeof(*out));
    struct stage stage = stage_create(false);
    (void)state;

    add(&stage, wav_create(ramp, 200000), 1, 0);
    rw_music_fill(stage.music);
    rw_mixer_process(stage.mixer, out, 160000); /* and nobody decodes */
    assert_int_equal(rw_music_underruns(stage.music), 1);
    assert_true(out[2 * 150000] == 0.0f);
    run(&stage, out, 24000);
    assert_true(out[2 * 20000] != 0.0f); /* it goes on where it was */
    assert_int_equal(rw_music_underruns(stage.music), 1);
    stage_destroy(&stage);
    free(ramp);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_files_follow_each_other_without_a_gap),
        cmocka_unit_test(it_begins_where_it_is_told_and_rests_where_it_was),
        cmocka_unit_test(another_file_replaces_what_plays),
        cmocka_unit_test(every_format_is_heard_and_resampled),
        cmocka_unit_test(what_is_no_music_is_told_and_passed_over),
        cmocka_unit_test(samples_that_are_no_numbers_end_a_file),
        cmocka_unit_test(music_makes_room_for_a_cue_and_comes_back),
        cmocka_unit_test(running_dry_is_silence_and_is_counted),
        cmocka_unit_test(a_thread_of_its_own_decodes_while_another_plays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
