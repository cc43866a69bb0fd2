#include "music.h"

#include "format.h"
#include "peak.h"

#include <pthread.h>
#include <sndfile.h>
#include <soxr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHUNK_FRAMES 1024u /* decoded at once */
/* Resampled from 8 kHz a chunk becomes six; the rest is what the resampler may have held back. */
#define MADE_FRAMES 8192u
#define RATE_MIN    8000
#define RATE_MAX    192000
#define SAMPLE_MAX  256.0f
#define EVENTS_MAX  16u
#define LOW_FRAMES  (MUSIC_RING_FRAMES / 2) /* the thread sleeps until no more is there */
#define SOON_NS     (20 * RW_NS_PER_MS) /* until the audio thread has let go of what is passed */

/* A file handed over. */
struct item {
    int descriptor; /* -1: none */
    uint64_t number;
    rw_frame start;
};

struct rw_music {
    struct rw_music_ring ring;

    bool threaded;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int event_fd;

    /* Guarded by the mutex. */
    struct item waiting;
    bool clears; /* what plays is to stop */
    bool closing;
    struct rw_music_event events[EVENTS_MAX];
    uint32_t event_count;

    /* The decoder's own. */
    struct item item;
    SNDFILE *file; /* NULL: there is nothing to decode */
    SF_INFO info;
    soxr_t resampler; /* NULL: the rate is right already */
    int resampled_rate;
    int16_t shorts[RW_MUSIC_CHANNELS_MAX * CHUNK_FRAMES];
    float chunk[RW_MUSIC_CHANNELS_MAX * CHUNK_FRAMES];
    float stereo[RW_CHANNELS * CHUNK_FRAMES];
    float made[RW_CHANNELS * MADE_FRAMES];
};

struct rw_music_ring *rw_music_ring(struct rw_music *music)
{
    return &music->ring;
}

/* ---- the decoder ---- */

/* A full list loses the event: whoever does not read so many wants no more of them. */
static void tell(struct rw_music *music, uint64_t number, enum rw_music_what what,
                 const char *problem)
{
    static const uint64_t one = 1;
    rw_frame at = atomic_load_explicit(&music->ring.pushed, memory_order_relaxed);

    pthread_mutex_lock(&music->mutex);
    if (music->event_count < EVENTS_MAX) {
        music->events[music->event_count++] = (struct rw_music_event){number, what, at, problem};
    }
    pthread_mutex_unlock(&music->mutex);
    if (write(music->event_fd, &one, sizeof(one)) < 0) {
        /* It is readable already. */
    }
}

static void close_file(struct rw_music *music)
{
    if (music->file) {
        sf_close(music->file);
        music->file = NULL;
    }
    if (music->item.descriptor >= 0) {
        close(music->item.descriptor);
        music->item.descriptor = -1;
    }
    atomic_store_explicit(&music->ring.decoding, false, memory_order_relaxed);
}

static void end_file(struct rw_music *music, enum rw_music_what what, const char *problem)
{
    uint64_t number = music->item.number;

    close_file(music);
    tell(music, number, what, problem);
}

/* Whether the file begins like one of those we take; of others no decoder hears. */
static bool looks_like_music(int descriptor)
{
    unsigned char magic[12];
    struct stat file;

    if (fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode) ||
        pread(descriptor, magic, sizeof(magic), 0) != (ssize_t)sizeof(magic)) {
        return false;
    }
    if (memcmp(magic, "RIFF", 4) == 0 || memcmp(magic, "RF64", 4) == 0) {
        return memcmp(magic + 8, "WAVE", 4) == 0;
    }
    /* An MP3 begins with its tags, or with the eleven set bits of a frame. */
    return memcmp(magic, "OggS", 4) == 0 || memcmp(magic, "fLaC", 4) == 0 ||
           memcmp(magic, "ID3", 3) == 0 || (magic[0] == 0xff && (magic[1] & 0xe0) == 0xe0);
}

static bool encoding_is_taken(const SF_INFO *info)
{
    return rw_format_is_taken(info->format) ||
           (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG;
}

/* Static text, or NULL when all is well. */
static const char *open_problem(struct rw_music *music)
{
    int descriptor = music->item.descriptor;

    if (!looks_like_music(descriptor) || lseek(descriptor, 0, SEEK_SET) != 0) {
        return "it is no WAV, FLAC, Ogg or MP3 file";
    }
    music->info = (SF_INFO){0};
    music->file = sf_open_fd(descriptor, SFM_READ, &music->info, SF_FALSE);
    if (!music->file) {
        return "it is damaged: its header makes no sense";
    }
    if (!encoding_is_taken(&music->info)) {
        return "its encoding is not supported: use PCM, FLAC, Vorbis, Opus or MP3";
    }
    if (music->info.channels < 1 || music->info.channels > RW_MUSIC_CHANNELS_MAX) {
        return "it has more than eight channels";
    }
    if (music->info.samplerate < RATE_MIN || music->info.samplerate > RATE_MAX) {
        return "its sample rate is not between 8 and 192 kHz";
    }
    return NULL;
}

/* Passes COUNT stereo frames on to the ring, which has room. */
static void push(struct rw_music *music, const float *frames, size_t count)
{
    struct rw_music_ring *ring = &music->ring;
    uint64_t pushed = atomic_load_explicit(&ring->pushed, memory_order_relaxed);
    size_t at = pushed % MUSIC_RING_FRAMES, room = MUSIC_RING_FRAMES - at;
    size_t first = count < room ? count : room; /* the rest goes to the ring's beginning */
    const size_t size = RW_CHANNELS * sizeof(*frames);

    memcpy(ring->frames + RW_CHANNELS * at, frames, first * size);
    memcpy(ring->frames, frames + RW_CHANNELS * first, (count - first) * size);
    atomic_store_explicit(&ring->pushed, pushed + count, memory_order_release);
}

/* Resamples COUNT stereo frames into the ring; NULL flushes the resampler. False: no memory. */
static bool push_resampled(struct rw_music *music, const float *frames, size_t count)
{
    size_t used, made;

    if (soxr_process(music->resampler, frames, count, &used, music->made, MADE_FRAMES, &made)) {
        return false;
    }
    push(music, music->made, made);
    return true;
}

/* A file of the same rate goes on in the same resampler, so that no seam is heard. */
static bool set_rate(struct rw_music *music, int rate)
{
    if (music->resampler && music->resampled_rate == rate) {
        return true;
    }
    if (music->resampler) {
        bool flushed = push_resampled(music, NULL, 0);
        soxr_delete(music->resampler);
        music->resampler = NULL;
        if (!flushed) {
            return false;
        }
    }
    if ((unsigned)rate == RW_RATE) {
        return true;
    }
    music->resampler = soxr_create(rate, RW_RATE, RW_CHANNELS, NULL, NULL, NULL, NULL);
    music->resampled_rate = rate;
    return music->resampler != NULL;
}

/* Opens the file handed over. What it is not, is told. */
static void begin_file(struct rw_music *music)
{
    const char *problem = open_problem(music);

    if (!problem && !set_rate(music, music->info.samplerate)) {
        problem = "memory is short";
    }
    if (problem) {
        end_file(music, RW_MUSIC_REFUSED, problem);
        return;
    }
    sf_count_t rate = music->info.samplerate;
    sf_count_t start = (sf_count_t)(music->item.start / RW_RATE) * rate +
                       (sf_count_t)(music->item.start % RW_RATE) * rate / RW_RATE;
    if (start > 0 && sf_seek(music->file, start, SEEK_SET) < 0) {
        sf_seek(music->file, 0, SEEK_SET); /* it has become shorter, or cannot seek: from the top */
    }
    atomic_store_explicit(&music->ring.decoding, true, memory_order_relaxed);
    tell(music, music->item.number, RW_MUSIC_BEGUN, NULL);
}

/*
 * Decodes the next frames, at most CHUNK_FRAMES, to TO. Sound of 16 bits, which is most of what is
 * not compressed, comes as such and is converted here: libsndfile would do it sample by sample.
 */
static sf_count_t decode(struct rw_music *music, float *restrict to)
{
    const float step = 1.0f / 32768.0f;

    if ((music->info.format & SF_FORMAT_SUBMASK) != SF_FORMAT_PCM_16) {
        return sf_readf_float(music->file, to, CHUNK_FRAMES);
    }
    sf_count_t got = sf_readf_short(music->file, music->shorts, CHUNK_FRAMES);
    for (sf_count_t i = 0; i < got * music->info.channels; i++) {
        to[i] = (float)music->shorts[i] * step;
    }
    return got;
}

/* Takes the first two channels of what was decoded. */
static void make_stereo(struct rw_music *music, size_t count)
{
    size_t channels = (size_t)music->info.channels, second = channels > 1 ? 1 : 0;

    for (size_t i = 0; i < count; i++) {
        music->stereo[RW_CHANNELS * i] = music->chunk[channels * i];
        music->stereo[RW_CHANNELS * i + 1] = music->chunk[channels * i + second];
    }
}

static void decode_chunk(struct rw_music *music)
{
    bool is_stereo = music->info.channels == RW_CHANNELS;
    sf_count_t got = decode(music, is_stereo ? music->stereo : music->chunk);

    if (got <= 0) {
        bool damaged = sf_error(music->file) != SF_ERR_NO_ERROR;
        end_file(music, damaged ? RW_MUSIC_REFUSED : RW_MUSIC_ENDED,
                 damaged ? "it is damaged, or ends too early" : NULL);
        return;
    }
    if (!is_stereo) {
        make_stereo(music, (size_t)got);
    }
    /* Written so that what is not a number is refused, too. */
    if (!(rw_peak_sample(music->stereo, RW_CHANNELS * (uint32_t)got) <= SAMPLE_MAX)) {
        end_file(music, RW_MUSIC_REFUSED, "it is damaged: its samples are out of range");
        return;
    }
    if (!music->resampler) {
        push(music, music->stereo, (size_t)got);
    } else if (!push_resampled(music, music->stereo, (size_t)got)) {
        end_file(music, RW_MUSIC_REFUSED, "memory is short");
    }
}

/* Obeys what was said since the last chunk; true: a file is to be opened, which needs ROOM. */
static bool take_orders(struct rw_music *music, bool room)
{
    bool begins = false;

    pthread_mutex_lock(&music->mutex);
    if (music->clears) {
        music->clears = false;
        close_file(music);
        soxr_delete(music->resampler);
        music->resampler = NULL;
        uint64_t pushed = atomic_load_explicit(&music->ring.pushed, memory_order_relaxed);
        atomic_store_explicit(&music->ring.passed, pushed, memory_order_release);
    }
    if (!music->file && music->waiting.descriptor >= 0 && room) {
        music->item = music->waiting;
        music->waiting.descriptor = -1;
        begins = true;
    }
    pthread_mutex_unlock(&music->mutex);
    return begins;
}

static uint32_t frames_there(const struct rw_music *music)
{
    return (uint32_t)(atomic_load_explicit(&music->ring.pushed, memory_order_relaxed) -
                      atomic_load_explicit(&music->ring.popped, memory_order_acquire));
}

/* Room for a chunk, and for what the resampler still holds when a file begins. */
static bool has_room(const struct rw_music *music)
{
    return frames_there(music) + 2 * MADE_FRAMES <= MUSIC_RING_FRAMES;
}

/* False: there is nothing to do at present. */
static bool decode_some(struct rw_music *music)
{
    bool room = has_room(music);

    if (take_orders(music, room)) {
        begin_file(music);
        return true;
    }
    if (!music->file || !room) {
        return false;
    }
    decode_chunk(music);
    return true;
}

void rw_music_fill(struct rw_music *music)
{
    while (decode_some(music)) {
    }
}

/* How long the decoder may sleep; RW_NS_NEVER: until something is said. */
static rw_ns sleep_time(const struct rw_music *music)
{
    const struct rw_music_ring *ring = &music->ring;
    uint64_t popped = atomic_load_explicit(&ring->popped, memory_order_relaxed);
    uint32_t there = frames_there(music);

    if (!music->file && music->waiting.descriptor < 0) {
        return RW_NS_NEVER;
    }
    if (popped < atomic_load_explicit(&ring->passed, memory_order_relaxed)) {
        return SOON_NS;
    }
    if (!atomic_load_explicit(&ring->playing, memory_order_relaxed)) {
        return RW_NS_NEVER;
    }
    uint32_t over = there > LOW_FRAMES ? there - LOW_FRAMES : 0;
    return SOON_NS + (rw_ns)over * RW_NS_PER_SECOND / RW_RATE;
}

/* With the mutex held. */
static void wait_for_change(struct rw_music *music)
{
    rw_ns span = sleep_time(music);
    struct timespec until;

    if (span == RW_NS_NEVER) {
        pthread_cond_wait(&music->changed, &music->mutex);
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    rw_ns end = until.tv_nsec + span;
    until.tv_sec += end / RW_NS_PER_SECOND;
    until.tv_nsec = end % RW_NS_PER_SECOND;
    pthread_cond_timedwait(&music->changed, &music->mutex, &until);
}

static void *decode_all(void *context)
{
    struct rw_music *music = context;

    for (;;) {
        bool worked = decode_some(music);
        pthread_mutex_lock(&music->mutex);
        /* What was said since it last looked has signalled to nobody. */
        bool is_told = music->closing || music->clears ||
                       (!music->file && music->waiting.descriptor >= 0 && has_room(music));
        if (!worked && !is_told) {
            wait_for_change(music);
        }
        bool closing = music->closing;
        pthread_mutex_unlock(&music->mutex);
        if (closing) {
            return NULL;
        }
    }
}

/* ---- the message thread ---- */

enum rw_status rw_music_create(bool threaded, struct rw_music **ret_music)
{
    size_t size = (sizeof(struct rw_music) + RW_CACHE_LINE - 1) / RW_CACHE_LINE * RW_CACHE_LINE;
    struct rw_music *music = aligned_alloc(RW_CACHE_LINE, size);
    pthread_condattr_t attributes;

    if (!music) {
        return RW_EMEMORY;
    }
    memset(music, 0, size);
    music->waiting.descriptor = music->item.descriptor = -1;
    music->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (music->event_fd < 0) {
        free(music);
        return RW_EIO;
    }
    pthread_mutex_init(&music->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&music->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (threaded && pthread_create(&music->thread, NULL, decode_all, music) != 0) {
        rw_music_destroy(music);
        return RW_EIO;
    }
    music->threaded = threaded;
    *ret_music = music;
    return RW_OK;
}

static void wake(struct rw_music *music)
{
    pthread_cond_signal(&music->changed);
}

void rw_music_destroy(struct rw_music *music)
{
    if (!music) {
        return;
    }
    if (music->threaded) {
        pthread_mutex_lock(&music->mutex);
        music->closing = true;
        wake(music);
        pthread_mutex_unlock(&music->mutex);
        pthread_join(music->thread, NULL);
    }
    close_file(music);
    if (music->waiting.descriptor >= 0) {
        close(music->waiting.descriptor);
    }
    soxr_delete(music->resampler);
    pthread_cond_destroy(&music->changed);
    pthread_mutex_destroy(&music->mutex);
    close(music->event_fd);
    free(music);
}

/* With the mutex held. */
static void forget_waiting(struct rw_music *music)
{
    if (music->waiting.descriptor >= 0) {
        close(music->waiting.descriptor);
        music->waiting.descriptor = -1;
    }
}

enum rw_status rw_music_add(struct rw_music *music, int descriptor, uint64_t number, rw_frame start)
{
    enum rw_status status = RW_OK;

    pthread_mutex_lock(&music->mutex);
    if (music->waiting.descriptor >= 0) {
        status = RW_EFULL;
        close(descriptor);
    } else {
        music->waiting = (struct item){descriptor, number, start};
        wake(music);
    }
    pthread_mutex_unlock(&music->mutex);
    return status;
}

void rw_music_clear(struct rw_music *music)
{
    pthread_mutex_lock(&music->mutex);
    forget_waiting(music);
    music->clears = true;
    wake(music);
    pthread_mutex_unlock(&music->mutex);
}

void rw_music_play(struct rw_music *music, bool playing)
{
    pthread_mutex_lock(&music->mutex);
    atomic_store_explicit(&music->ring.playing, playing, memory_order_relaxed);
    wake(music);
    pthread_mutex_unlock(&music->mutex);
}

bool rw_music_event(struct rw_music *music, struct rw_music_event *ret_event)
{
    uint64_t count;

    if (read(music->event_fd, &count, sizeof(count)) < 0) {
        /* Nothing new; what is left of the old is below. */
    }
    pthread_mutex_lock(&music->mutex);
    bool any = music->event_count > 0;
    if (any) {
        *ret_event = music->events[0];
        music->event_count--;
        memmove(music->events, music->events + 1, music->event_count * sizeof(music->events[0]));
    }
    pthread_mutex_unlock(&music->mutex);
    return any;
}

int rw_music_descriptor(const struct rw_music *music)
{
    return music->event_fd;
}

rw_frame rw_music_position(const struct rw_music *music)
{
    return atomic_load_explicit(&music->ring.popped, memory_order_relaxed);
}

uint32_t rw_music_underruns(const struct rw_music *music)
{
    return atomic_load_explicit(&music->ring.underruns, memory_order_relaxed);
}
