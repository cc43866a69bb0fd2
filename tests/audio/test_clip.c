#include "sound.h"

#include "runwalk/audio/mixer.h"

#include <ebur128.h>
#include <sndfile.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* libsndfile 1.2.0 forgets this one when the header of a Vorbis stream is damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:vorbis_info_init";
}

/* A sound file in memory, made by libsndfile; the descriptor is the caller's. */
static int file_create(int format, int rate, int channels, const float *samples, uint32_t frames)
{
    SF_INFO info = {.samplerate = rate, .channels = channels, .format = format};
    int descriptor = memfd_create("sound", MFD_CLOEXEC);
    assert_true(descriptor >= 0);
    SNDFILE *file = sf_open_fd(descriptor, SFM_WRITE, &info, SF_FALSE);
    assert_non_null(file);
    assert_int_equal(sf_writef_float(file, samples, frames), frames);
    assert_int_equal(sf_close(file), 0);
    return descriptor;
}

/* A round pulse whose top is at second AT. */
static float *pulse_create(int rate, uint32_t frames, int channels, double at)
{
    float *samples = calloc((size_t)frames * (size_t)channels, sizeof(*samples));
    assert_non_null(samples);
    for (uint32_t i = 0; i < frames; i++) {
        double distance = (i / (double)rate - at) / 0.0005;
        for (int c = 0; c < channels; c++) {
            samples[i * (uint32_t)channels + (uint32_t)c] =
                (float)(0.5 * exp(-distance * distance));
        }
    }
    return samples;
}

/* Where the top of channel CHANNEL lies, in frames and parts of them. */
static double top_of(const struct rw_clip *clip, uint32_t channel)
{
    uint32_t top = 1;
    const float *s = clip->samples + channel;
    uint32_t n = clip->channels;

    for (uint32_t i = 1; i + 1 < clip->frames; i++) {
        if (s[i * n] > s[top * n]) {
            top = i;
        }
    }
    double before = (double)s[(top - 1) * n], here = (double)s[top * n];
    double after = (double)s[(top + 1) * n];
    return top + 0.5 * (before - after) / (before - 2 * here + after);
}

static struct rw_clip *load(int descriptor, bool align)
{
    struct rw_clip *clip = NULL;
    const char *problem = "no problem named";
    enum rw_status status = rw_clip_load(descriptor, align, &clip, &problem);
    if (status != RW_OK) {
        print_error("%s\n", problem);
    }
    assert_int_equal(status, RW_OK);
    close(descriptor);
    return clip;
}

static void assert_refused(int descriptor, enum rw_status expected, const char *part)
{
    struct rw_clip *untouched = (struct rw_clip *)&expected, *clip = untouched;
    const char *problem = NULL;
    assert_int_equal(rw_clip_load(descriptor, true, &clip, &problem), expected);
    assert_ptr_equal(clip, untouched);
    assert_non_null(problem);
    if (strstr(problem, part) == NULL) {
        fail_msg("“%s” does not speak of “%s”", problem, part);
    }
    close(descriptor);
}

static const struct {
    int format, rate;
} encodings[] = {
    {SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000},   {SF_FORMAT_WAV | SF_FORMAT_PCM_24, 16000},
    {SF_FORMAT_WAV | SF_FORMAT_FLOAT, 22050},   {SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 44100},
    {SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 44100},  {SF_FORMAT_RF64 | SF_FORMAT_PCM_32, 96000},
    {SF_FORMAT_WAV | SF_FORMAT_ULAW, 8000},     {SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000},
    {SF_FORMAT_WAV | SF_FORMAT_DOUBLE, 192000}, {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 8000},
    {SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 22050}, {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100},
    {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 96000}, {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 8000},
    {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 22050},  {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100},
    {SF_FORMAT_OGG | SF_FORMAT_VORBIS, 96000},  {SF_FORMAT_OGG | SF_FORMAT_OPUS, 8000},
    {SF_FORMAT_OGG | SF_FORMAT_OPUS, 16000},    {SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000},
};

static void every_encoding_keeps_its_length_and_its_timing(void **state)
{
    (void)state;
    for (size_t e = 0; e < RW_COUNT(encodings); e++) {
        for (int channels = 1; channels <= 2; channels++) {
            int rate = encodings[e].rate;
            uint32_t frames = (uint32_t)rate * 7 / 10 + 3;
            float *samples = pulse_create(rate, frames, channels, 0.3);
            struct rw_clip *clip =
                load(file_create(encodings[e].format, rate, channels, samples, frames), false);
            uint64_t exact = ((uint64_t)frames * RW_RATE + (uint64_t)rate - 1) / (uint64_t)rate;
            assert_int_equal(clip->frames, exact);
            assert_int_equal(clip->channels, channels);
            for (uint32_t c = 0; c < clip->channels; c++) {
                if (fabs(top_of(clip, c) - 0.3 * RW_RATE) > 1.0) {
                    fail_msg("encoding %zu: top at %f", e, top_of(clip, c));
                }
            }
            rw_clip_destroy(clip);
            free(samples);
        }
    }
}

static void one_frame_is_enough_and_the_descriptor_stays_open(void **state)
{
    (void)state;
    const float sample = 0.25f;
    int descriptor = file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, &sample, 1);

    for (int i = 0; i < 2; i++) {
        struct rw_clip *clip;
        assert_int_equal(rw_clip_load(descriptor, false, &clip, NULL), RW_OK);
        assert_int_equal(clip->frames, 1);
        assert_true(clip->samples[0] == 0.25f);
        rw_clip_destroy(clip);
    }
    assert_int_equal(close(descriptor), 0);
}

static void without_align_the_samples_stay_what_they_are(void **state)
{
    (void)state;
    struct rw_clip *noise = noise_create(5000, 2, 0.9f, 77);
    struct rw_clip *clip =
        load(file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 2, noise->samples, noise->frames),
             false);
    assert_memory_equal(clip->samples, noise->samples, 10000 * sizeof(float));
    rw_clip_destroy(clip);
    free(noise);
}

/* As it comes out of both channels of the mixer. */
static double loudness_of(const struct rw_clip *clip, double *ret_peak)
{
    ebur128_state *meter = ebur128_init(2, RW_RATE, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
    double loudness, left, right;

    for (uint32_t i = 0; i < clip->frames || i < RW_RATE * 2 / 5; i++) {
        float frame[2] = {0};
        if (i < clip->frames) {
            frame[0] = clip->samples[(size_t)i * clip->channels];
            frame[1] = clip->samples[(size_t)i * clip->channels + clip->channels - 1];
        }
        ebur128_add_frames_float(meter, frame, 1);
    }
    ebur128_loudness_global(meter, &loudness);
    ebur128_true_peak(meter, 0, &left);
    ebur128_true_peak(meter, 1, &right);
    *ret_peak = 20.0 * log10(fmax(left, right));
    ebur128_destroy(&meter);
    return loudness;
}

static void align_brings_loud_and_soft_clips_to_the_common_loudness(void **state)
{
    (void)state;
    static const struct {
        double seconds, hertz, height;
        int rate, channels;
    } cases[] = {
        {3.0, 440.0, 0.9, 44100, 1},  {3.0, 440.0, 0.01, 16000, 2}, {0.41, 1000.0, 0.2, 22050, 1},
        {0.35, 700.0, 0.9, 48000, 1}, {0.15, 880.0, 0.05, 8000, 2}, {0.6, 2000.0, 0.5, 96000, 2},
    };

    for (size_t k = 0; k < RW_COUNT(cases); k++) {
        uint32_t frames = (uint32_t)(cases[k].seconds * cases[k].rate);
        struct rw_clip *tone = clip_create(frames, (uint32_t)cases[k].channels);
        for (uint32_t i = 0; i < frames; i++) {
            for (uint32_t c = 0; c < tone->channels; c++) {
                tone->samples[i * tone->channels + c] =
                    (float)(cases[k].height * sin(2 * PI * cases[k].hertz * i / cases[k].rate));
            }
        }
        struct rw_clip *clip = load(file_create(SF_FORMAT_FLAC | SF_FORMAT_PCM_24, cases[k].rate,
                                                cases[k].channels, tone->samples, frames),
                                    true);
        double peak, loudness = loudness_of(clip, &peak);
        if (fabs(loudness - RW_CLIP_LOUDNESS_LUFS) > 0.5) {
            fail_msg("case %zu: %.2f LUFS", k, loudness);
        }
        assert_true(peak < RW_CLIP_PEAK_DBTP + 0.1);
        rw_clip_destroy(clip);
        free(tone);
    }
}

static void the_true_peak_bounds_what_align_may_raise(void **state)
{
    (void)state;
    struct rw_clip *clicks = noise_create(48000, 1, 0.001f, 21);
    for (uint32_t i = 500; i < clicks->frames; i += 9000) {
        clicks->samples[i] = clicks->samples[i + 1] = 0.7f;
    }
    struct rw_clip *clip =
        load(file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, clicks->samples, 48000), true);
    double peak, loudness = loudness_of(clip, &peak);

    assert_true(loudness < RW_CLIP_LOUDNESS_LUFS - 3.0);
    assert_true(fabs(peak - RW_CLIP_PEAK_DBTP) < 0.2);
    rw_clip_destroy(clip);
    free(clicks);
}

static void an_aligned_clip_passes_the_limiter_bit_for_bit(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 8; seed++) {
        uint32_t frames = 4000;
        struct rw_clip *noise = noise_create(frames, 2, 0.05f, seed);
        for (uint32_t i = 0; i < 40; i++) { /* some peaks, so that the true peak decides */
            noise->samples[2 * (seed + 97 * i)] *= 15.0f;
        }
        struct rw_clip *clip = load(
            file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 2, noise->samples, frames), true);
        struct rw_mixer *mixer;
        struct rw_mixer_play play = {.start = RW_MIXER_AHEAD_FRAMES,
                                     .gain_left = 1.0f,
                                     .gain_right = 1.0f,
                                     .part_count = 1,
                                     .parts = {{.clip = clip}}};
        size_t bytes = 2 * (size_t)clip->frames * sizeof(float);
        float *out = malloc(bytes), silent[2 * RW_MIXER_AHEAD_FRAMES];

        assert_int_equal(rw_mixer_create(&mixer), RW_OK);
        assert_int_equal(rw_mixer_play(mixer, &play), RW_OK);
        rw_mixer_process(mixer, silent, RW_MIXER_AHEAD_FRAMES);
        rw_mixer_process(mixer, out, clip->frames);
        for (size_t i = 0; i < 2 * (size_t)clip->frames; i++) {
            assert_true(out[i] == clip->samples[i]);
        }
        rw_mixer_destroy(mixer);
        rw_clip_destroy(clip);
        free(noise);
        free(out);
    }
}

static void silence_stays_silence_and_nothing_is_raised_beyond_thirty_decibels(void **state)
{
    (void)state;
    struct rw_clip *quiet = sine_create(48000, 1, 1000.0, 0.0005);
    struct rw_clip *nothing = clip_create(30000, 1);
    double peak;

    struct rw_clip *clip =
        load(file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, quiet->samples, 48000), true);
    assert_true(fabs(loudness_of(clip, &peak) - (20.0 * log10(0.0005) + 30.0)) < 0.5);
    rw_clip_destroy(clip);
    clip = load(file_create(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 1, nothing->samples, 30000),
                true);
    for (uint32_t i = 0; i < clip->frames; i++) {
        assert_true(clip->samples[i] == 0.0f);
    }
    rw_clip_destroy(clip);
    free(quiet);
    free(nothing);
}

static void align_softens_only_the_hard_edges(void **state)
{
    (void)state;
    struct rw_clip *cosine = clip_create(9600, 1); /* begins hard, ends at nothing */
    for (uint32_t i = 0; i < 9600; i++) {
        cosine->samples[i] = (float)(0.1 * cos(2 * PI * 100.0 * i / RW_RATE) * (1.0 - i / 9599.0));
    }
    struct rw_clip *clip =
        load(file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000, 1, cosine->samples, 9600), true);
    float gain = clip->samples[4801] / cosine->samples[4801];

    assert_true(clip->samples[0] == 0.0f);
    assert_true(fabsf(clip->samples[60] - 0.25f * gain * cosine->samples[60]) < 1e-3f);
    for (uint32_t i = RW_CLIP_EDGE_FRAMES; i < 9600; i++) {
        assert_true(fabsf(clip->samples[i] - gain * cosine->samples[i]) < 1e-5f);
    }
    rw_clip_destroy(clip);
    free(cosine);
}

static void an_impulse_at_the_edge_survives_align(void **state)
{
    (void)state;
    struct rw_clip *impulse = impulse_create(4800, 0.25f);
    struct rw_clip *clip =
        load(file_create(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 48000, 1, impulse->samples, 4800), true);

    assert_true(clip->samples[0] > 0.25f);
    for (uint32_t i = 1; i < clip->frames; i++) {
        assert_true(clip->samples[i] == 0.0f);
    }
    rw_clip_destroy(clip);
    free(impulse);
}

/* A second of sound, whose bytes are then falsified. */
static int tone_file(int format, int channels)
{
    struct rw_clip *tone = sine_create(48000, (uint32_t)channels, 440.0, 0.5);
    int descriptor = file_create(format, 48000, channels, tone->samples, 48000);
    free(tone);
    return descriptor;
}

static void patch(int descriptor, off_t offset, const void *bytes, size_t count)
{
    assert_int_equal(pwrite(descriptor, bytes, count, offset), count);
}

static int shortened(int descriptor, double part)
{
    off_t size = lseek(descriptor, 0, SEEK_END);
    assert_int_equal(ftruncate(descriptor, (off_t)((double)size * part)), 0);
    return descriptor;
}

static void a_file_cut_short_is_refused(void **state)
{
    (void)state;
    static const double parts[] = {0.999, 0.5, 0.1};
    for (size_t i = 0; i < RW_COUNT(parts); i++) {
        int wav = tone_file(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
        assert_refused(shortened(wav, parts[i]), RW_EINVALID, "ends before");
        int flac = tone_file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2);
        assert_refused(shortened(flac, parts[i]), RW_EINVALID, "damaged");
        int vorbis = tone_file(SF_FORMAT_OGG | SF_FORMAT_VORBIS, 2);
        assert_refused(shortened(vorbis, parts[i]), RW_EINVALID, "ends before");
        int opus = tone_file(SF_FORMAT_OGG | SF_FORMAT_OPUS, 2);
        assert_refused(shortened(opus, parts[i]), RW_EINVALID, "ends before");
    }
    for (int size = 0; size < 44; size++) {
        int wav = tone_file(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
        assert_int_equal(ftruncate(wav, size), 0);
        assert_refused(wav, RW_EINVALID, "");
    }
}

static void a_header_that_lies_is_refused(void **state)
{
    (void)state;
    const int wav = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
    int descriptor;

    descriptor = tone_file(wav, 1);
    patch(descriptor, 24, "\0\0\0\0", 4); /* 0 Hz */
    assert_refused(descriptor, RW_EINVALID, "header makes no sense");
    descriptor = tone_file(wav, 1);
    patch(descriptor, 24, "\x00\xdc\x05\x00", 4); /* 384 kHz */
    assert_refused(descriptor, RW_ELIMIT, "sample rate");
    descriptor = tone_file(wav, 1);
    patch(descriptor, 22, "\x40\x00", 2); /* 64 channels */
    patch(descriptor, 32, "\x80\x00", 2);
    assert_refused(descriptor, RW_ELIMIT, "channels");
    descriptor = tone_file(wav, 1);
    patch(descriptor, 40, "\x00\x00\x00\x70", 4); /* 1.8 GB */
    assert_refused(descriptor, RW_EINVALID, "ends before");
    descriptor = tone_file(wav, 1);
    patch(descriptor, 40, "\x00\x00\x00\x00", 4);
    assert_refused(shortened(descriptor, 44.0 / (44 + 96000)), RW_EINVALID, "no sound");
    descriptor = tone_file(SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 1);
    patch(descriptor, 28, "\x00\xe4\x0b\x54\x02\x00\x00\x00", 8); /* 10 GB */
    assert_refused(descriptor, RW_EINVALID, "ends before");
    descriptor = tone_file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1);
    patch(descriptor, 22, "\xff\xff\xff\xff", 4); /* 2^32 frames */
    assert_refused(descriptor, RW_ELIMIT, "two minutes");
    descriptor = tone_file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1);
    patch(descriptor, 22, "\0\0\0\0", 4); /* what an encoder writes that cannot know */
    assert_refused(descriptor, RW_EINVALID, "length");
}

static void samples_that_are_no_numbers_are_refused(void **state)
{
    (void)state;
    static const float bad[] = {NAN, INFINITY, -INFINITY, 1e30f};
    for (size_t i = 0; i < RW_COUNT(bad); i++) {
        struct rw_clip *noise = noise_create(9000, 2, 0.5f, 3);
        noise->samples[12345] = bad[i];
        assert_refused(file_create(SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 2, noise->samples, 9000),
                       RW_EINVALID, "out of range");
        free(noise);
    }
}

static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    const uint32_t most = 120 * 8000;
    float *silence = calloc(most + 1, sizeof(*silence));
    const int format = SF_FORMAT_WAV | SF_FORMAT_PCM_U8;

    struct rw_clip *clip = load(file_create(format, 8000, 1, silence, most), false);
    assert_int_equal(clip->frames, RW_CLIP_FRAMES_MAX);
    rw_clip_destroy(clip);
    assert_refused(file_create(format, 8000, 1, silence, most + 1), RW_ELIMIT, "two minutes");
    free(silence);
}

static void a_streamed_wav_is_as_long_as_what_is_there(void **state)
{
    (void)state;
    static const char *const sizes[] = {"\x00\xf0\xff\x7f", "\xff\xff\xff\x7f", "\xff\xff\xff\xff"};
    for (size_t i = 0; i < RW_COUNT(sizes); i++) {
        int descriptor = tone_file(SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
        patch(descriptor, 4, sizes[i], 4);
        patch(descriptor, 40, sizes[i], 4);
        struct rw_clip *clip = load(descriptor, false);
        assert_int_equal(clip->frames, 48000);
        rw_clip_destroy(clip);
    }
}

static void other_chunks_of_a_wav_are_passed_over(void **state)
{
    (void)state;
    static const char header[] = "RIFF\x3c\0\0\0WAVE"
                                 "fmt \x10\0\0\0\1\0\1\0\x80\xbb\0\0\0\x77\1\0\2\0\x10\0"
                                 "junk\3\0\0\0abc\0" /* an odd length: a byte of padding */
                                 "data\4\0\0\0\0\x40\0\xc0";
    int descriptor = memfd_create("chunks", MFD_CLOEXEC);

    patch(descriptor, 0, header, sizeof(header) - 1);
    struct rw_clip *clip = load(descriptor, false);
    assert_int_equal(clip->frames, 2);
    assert_true(clip->samples[0] == 0.5f && clip->samples[1] == -0.5f);
    rw_clip_destroy(clip);
}

static void other_files_are_refused_before_a_decoder_sees_them(void **state)
{
    (void)state;
    int pipes[2], text = memfd_create("text", MFD_CLOEXEC);

    assert_refused(tone_file(SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1), RW_EINVALID, "not a WAV");
    assert_refused(tone_file(SF_FORMAT_AU | SF_FORMAT_PCM_16, 1), RW_EINVALID, "not a WAV");
    assert_refused(tone_file(SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 1), RW_EINVALID, "encoding");
    patch(text, 0, "a shopping list, no sound", 25);
    assert_refused(text, RW_EINVALID, "not a WAV");
    assert_int_equal(pipe(pipes), 0);
    close(pipes[1]);
    assert_refused(pipes[0], RW_EINVALID, "not a regular file");
    assert_refused(-1, RW_EIO, "cannot be read");
}

static void damaged_bytes_never_do_harm(void **state)
{
    (void)state;
    static const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
                                  SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                                  SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS};
    uint32_t seed = 20;

    for (size_t f = 0; f < RW_COUNT(formats); f++) {
        for (int round = 0; round < 12; round++) {
            int descriptor = tone_file(formats[f], 1);
            off_t size = lseek(descriptor, 0, SEEK_END);
            for (int i = 0; i < 1 + round * 2; i++) {
                unsigned char byte = (unsigned char)random_next(&seed);
                off_t span = i % 2 == 0 ? 200 : size; /* every other one hits the header */
                patch(descriptor, random_next(&seed) % span, &byte, 1);
            }
            struct rw_clip *clip = NULL;
            const char *problem = NULL;
            enum rw_status status = rw_clip_load(descriptor, true, &clip, &problem);
            if (status == RW_OK) {
                assert_in_range(clip->frames, 1, RW_CLIP_FRAMES_MAX);
                assert_in_range(clip->channels, 1, 2);
                for (size_t i = 0; i < (size_t)clip->frames * clip->channels; i++) {
                    assert_true(fabsf(clip->samples[i]) <= 1.0f);
                }
                rw_clip_destroy(clip);
            } else {
                assert_non_null(problem);
            }
            close(descriptor);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_keeps_its_length_and_its_timing),
        cmocka_unit_test(one_frame_is_enough_and_the_descriptor_stays_open),
        cmocka_unit_test(without_align_the_samples_stay_what_they_are),
        cmocka_unit_test(align_brings_loud_and_soft_clips_to_the_common_loudness),
        cmocka_unit_test(the_true_peak_bounds_what_align_may_raise),
        cmocka_unit_test(an_aligned_clip_passes_the_limiter_bit_for_bit),
        cmocka_unit_test(silence_stays_silence_and_nothing_is_raised_beyond_thirty_decibels),
        cmocka_unit_test(align_softens_only_the_hard_edges),
        cmocka_unit_test(an_impulse_at_the_edge_survives_align),
        cmocka_unit_test(a_file_cut_short_is_refused),
        cmocka_unit_test(a_header_that_lies_is_refused),
        cmocka_unit_test(samples_that_are_no_numbers_are_refused),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(a_streamed_wav_is_as_long_as_what_is_there),
        cmocka_unit_test(other_chunks_of_a_wav_are_passed_over),
        cmocka_unit_test(other_files_are_refused_before_a_decoder_sees_them),
        cmocka_unit_test(damaged_bytes_never_do_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
