#include "engine.h"

#include "engine_private.h"
#include "report.h"

#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>

#define CONFIG_WAIT_MS 3000
#define HOLD           (200 * RW_NS_PER_MS) /* a play is placed so long before it is mixed, */
#define HOLD_UNSTEADY  (60 * RW_NS_PER_MS)  /* or so long while the clock may still improve */
#define OPEN_CHECK     (10 * RW_NS_PER_MS)  /* how often to look for the first callback */
#define SOUNDING_CHECK (250 * RW_NS_PER_MS) /* at least this often while something is due */
#define IDLE_CHECK     RW_NS_PER_SECOND     /* and otherwise, to see whether the output lives */
#define REPORT_CHECK   (10 * RW_NS_PER_MS)  /* at most this often for one report */
#define OBSERVE_FRAMES (RW_RATE / 100)      /* between two observations */
#define TAIL           (300 * RW_NS_PER_MS) /* of silence after the last sound is heard */
#define CALLBACK_LATE  (RW_NS_PER_MS / 2)   /* at best, after the device has taken a block */

static_assert(RW_WIRE_PLAYS_MAX <= RW_MIXER_VOICES_MAX, "the mixer holds every play");
static_assert(RW_WIRE_PARTS_MAX <= RW_MIXER_PARTS_MAX, "and all of its clips");
static_assert(RW_WIRE_BUSES <= RW_MIXER_BUSES, "on every bus");

/* CLOCK_BOOTTIME; answered by the vDSO, so the audio thread may ask too. */
RW_REALTIME static rw_ns boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

/* ---- the audio thread ---- */

RW_REALTIME static void render(void *context, float *restrict out, uint32_t frames, rw_frame first,
                               rw_ns heard)
{
    struct engine *engine = context;
    rw_ns now = boot_now();

    rw_mixer_process(engine->mixer, out, frames);
    if (first >= engine->observed) {
        engine->observed = first + OBSERVE_FRAMES;
        struct observation seen = {first, frames, now, heard};
        rw_ring_push(&engine->observations, &seen);
    }
    atomic_store_explicit(&engine->page->position, first + frames, memory_order_relaxed);
    atomic_store_explicit(&engine->page->music, rw_mixer_music_position(engine->mixer),
                          memory_order_relaxed);
    atomic_store_explicit(&engine->page->beat, now, memory_order_relaxed);
}

/* ---- the message thread ---- */

static void observe(struct engine *engine)
{
    struct observation seen;

    while (rw_ring_pop(&engine->observations, &seen)) {
        rw_clock_observe(&engine->clock, &seen);
        engine->block = (rw_ns)seen.frames * RW_NS_PER_SECOND / RW_RATE;
    }
    if (!rw_clock_is_set(&engine->clock)) {
        return;
    }
    if (rw_clock_is_steady(&engine->clock)) {
        engine->latency = rw_clock_delay(&engine->clock);
        atomic_store_explicit(&engine->page->latency, engine->latency, memory_order_relaxed);
    }
    atomic_store_explicit(&engine->page->underruns, engine->clock.jumps, memory_order_relaxed);
    if (!engine->ready) {
        engine->ready = true;
        rw_report_ready(engine);
    }
}

static void cancel(struct engine *engine, uint32_t epoch)
{
    struct rw_wire_play play;

    rw_schedule_cancel(&engine->schedule, epoch);
    while (rw_schedule_take_cancelled(&engine->schedule, &play)) {
        rw_report_drop(engine, &play);
    }
    rw_rhythm_cancel(&engine->rhythm, epoch);
    rw_mixer_cancel(engine->mixer, epoch);
}

static void take_play(struct engine *engine, const struct rw_wire_play *play)
{
    if (rw_clips_hold(&engine->clips, play) != RW_OK) {
        rw_report_outcome(engine, play, RW_WIRE_DROPPED, play->at);
    } else if (rw_schedule_add(&engine->schedule, play) != RW_OK) {
        rw_report_drop(engine, play);
    }
}

static void take_cadence(struct engine *engine, const struct rw_wire_cadence *cadence)
{
    if (rw_rhythm_take(&engine->rhythm, cadence) != RW_OK) {
        rw_report_text(engine, RW_WIRE_NOTE, "the engine was told an impossible cadence");
    }
}

/* Everything fades; what fades is to be heard, too. */
static void quit(struct engine *engine)
{
    if (engine->ready && (engine->songs.music || rw_rhythm_due(&engine->rhythm) != RW_NS_NEVER)) {
        rw_ns faded = boot_now() + engine->latency;
        engine->silent_at = engine->silent_at > faded ? engine->silent_at : faded;
    }
    engine->quitting = true;
    rw_songs_set(&engine->songs, RW_WIRE_MUSIC_REST);
    cancel(engine, UINT32_MAX);
}

static void take_message(struct engine *engine, const struct rw_wire_message *message,
                         int descriptor)
{
    switch ((enum rw_wire_type)message->type) {
    case RW_WIRE_LOAD:
        if (descriptor < 0 || rw_clips_add(&engine->clips, message->clip, descriptor) != RW_OK) {
            rw_report_text(engine, RW_WIRE_NOTE, "the engine can take no more clips");
        }
        return;
    case RW_WIRE_UNLOAD:
        if (rw_clips_remove(&engine->clips, message->clip) != RW_OK) {
            rw_report_text(engine, RW_WIRE_NOTE, "the engine cannot let go of a clip");
        }
        return;
    case RW_WIRE_PLAY:
        take_play(engine, &message->play);
        return;
    case RW_WIRE_CANCEL:
        cancel(engine, message->epoch);
        return;
    case RW_WIRE_GAIN:
        if (rw_mixer_set_gain(engine->mixer, message->gain.bus, message->gain.gain_db) != RW_OK) {
            rw_report_text(engine, RW_WIRE_NOTE, "the engine was told an impossible gain");
        }
        return;
    case RW_WIRE_QUIT:
        quit(engine);
        return;
    case RW_WIRE_CADENCE:
        take_cadence(engine, &message->cadence);
        return;
    case RW_WIRE_MUSIC:
        if (rw_songs_take(&engine->songs, engine->mixer, &message->music, descriptor) != RW_OK) {
            rw_report_text(engine, RW_WIRE_NOTE, "the engine can take no music");
        }
        return;
    case RW_WIRE_MUSIC_STATE:
        rw_songs_set(&engine->songs, (enum rw_wire_music_state)message->music_state);
        return;
    case RW_WIRE_CONFIG: /* came first; a second one means nothing */
    case RW_WIRE_READY:
    case RW_WIRE_FAILED:
    case RW_WIRE_REPORT:
    case RW_WIRE_MUSIC_EVENT:
    case RW_WIRE_NOTE:
        return;
    }
}

/* False: the player is gone. */
static bool read_messages(struct engine *engine)
{
    struct rw_wire_message message;
    enum rw_status status;
    int descriptor;

    while ((status = rw_wire_receive(engine->socket, &message, &descriptor)) == RW_OK) {
        take_message(engine, &message, descriptor);
        if (descriptor >= 0 && message.type != RW_WIRE_LOAD && message.type != RW_WIRE_MUSIC) {
            close(descriptor);
        }
    }
    return status == RW_ENOENT;
}

static void start(struct engine *engine, const struct rw_wire_play *play, rw_frame frame)
{
    float gain = powf(10.0f, play->gain_db / 20.0f);
    struct rw_mixer_play mix = {
        .cue = play->cue,
        .epoch = play->epoch,
        .bus = play->bus,
        .start = frame,
        .gain_left = gain,
        .gain_right = gain,
        .part_count = play->part_count,
    };
    for (uint32_t i = 0; i < play->part_count; i++) {
        mix.parts[i].clip = rw_clips_get(&engine->clips, play->parts[i].clip);
        mix.parts[i].offset = play->parts[i].offset;
    }
    if (engine->placed_count == RW_COUNT(engine->placed) ||
        rw_mixer_play(engine->mixer, &mix) != RW_OK) {
        rw_report_drop(engine, play);
        return;
    }
    engine->placed[engine->placed_count++] = (struct placed){.play = *play, .start = frame};
}

/* How long before it is heard a play is placed. */
static rw_ns lead(const struct engine *engine)
{
    return engine->latency + (rw_clock_is_steady(&engine->clock) ? HOLD : HOLD_UNSTEADY);
}

/* While the clock may still improve, no click is placed much ahead. */
static void place_clicks(struct engine *engine, const struct moment *moment)
{
    rw_ns ahead = rw_clock_is_steady(&engine->clock) ? RHYTHM_AHEAD : 0;

    rw_rhythm_place(&engine->rhythm, engine->mixer, &engine->clock, moment->now,
                    moment->now + moment->lead + ahead, moment->earliest);
}

/* Gives the mixer every play that is due. */
static void place(struct engine *engine)
{
    struct rw_wire_play play;
    rw_frame frame;

    if (!engine->ready) {
        return;
    }
    for (;;) {
        rw_frame position = atomic_load_explicit(&engine->page->position, memory_order_relaxed);
        struct moment moment = {
            .clock = &engine->clock,
            .now = boot_now(),
            .lead = lead(engine),
            .earliest = position + RW_MIXER_AHEAD_FRAMES,
            .awake = engine->awake,
        };
        switch (rw_schedule_decide(&engine->schedule, &moment, &play, &frame)) {
        case SCHEDULE_START:
            start(engine, &play, frame);
            break;
        case SCHEDULE_DROP:
            rw_report_drop(engine, &play);
            break;
        case SCHEDULE_PREPARE:
        case SCHEDULE_WAIT:
            place_clicks(engine, &moment);
            return;
        }
    }
}

/* Decodes one clip of the play that needs it first; false when nothing is left to decode. */
static bool prepare(struct engine *engine)
{
    struct held *held = rw_schedule_unprepared(&engine->schedule);
    const char *problem = "it cannot be read";
    char text[RW_WIRE_TEXT_MAX];

    if (!held) {
        return false;
    }
    if (rw_clips_prepare(&engine->clips, &held->play, &held->prepared, &problem) == RW_OK) {
        return true;
    }
    snprintf(text, sizeof(text), "cue %llu is dropped, a clip of it is unusable: %s",
             (unsigned long long)held->play.cue, problem);
    rw_report_text(engine, RW_WIRE_NOTE, text);
    struct rw_wire_play play = rw_schedule_remove(&engine->schedule, held);
    rw_report_drop(engine, &play);
    return true;
}

static rw_ns earlier(rw_ns a, rw_ns b)
{
    return a < b ? a : b;
}

static rw_ns later(rw_ns a, rw_ns b)
{
    return a > b ? a : b;
}

/* When the mixer will have a report about PLACED: once the callback with that frame has run. */
static rw_ns report_time(const struct engine *engine, const struct placed *placed)
{
    rw_frame frame = placed->started ? placed->start + placed->play.frames : placed->start;
    return rw_clock_time(&engine->clock, frame) - engine->latency + engine->block;
}

static rw_ns next_wake(struct engine *engine)
{
    rw_ns now = boot_now();

    if (!engine->ready) {
        return now + OPEN_CHECK;
    }
    rw_ns wake = now + (engine->placed_count > 0 ? SOUNDING_CHECK : IDLE_CHECK);
    wake = earlier(wake, rw_schedule_deadline(&engine->schedule, lead(engine)));
    rw_ns click = rw_rhythm_due(&engine->rhythm);
    if (click != RW_NS_NEVER) {
        wake = earlier(wake, later(click - lead(engine), now + REPORT_CHECK));
    }
    for (size_t i = 0; i < engine->placed_count; i++) {
        wake = earlier(wake, later(report_time(engine, &engine->placed[i]), now + REPORT_CHECK));
    }
    if (engine->quitting && engine->placed_count == 0) {
        wake = earlier(wake, engine->silent_at + TAIL);
    }
    return wake;
}

/* Sleeps until a message comes or boot time UNTIL. */
static void wait_until(struct engine *engine, rw_ns until)
{
    until = later(until, 1); /* 0 would disarm the timer */
    struct itimerspec when = {
        .it_value = {.tv_sec = until / RW_NS_PER_SECOND, .tv_nsec = until % RW_NS_PER_SECOND},
    };
    struct pollfd sources[] = {
        {.fd = engine->socket, .events = POLLIN},
        {.fd = engine->timer, .events = POLLIN},
        {.fd = rw_songs_descriptor(&engine->songs), .events = POLLIN},
    };
    timerfd_settime(engine->timer, TFD_TIMER_ABSTIME, &when, NULL);
    poll(sources, RW_COUNT(sources), -1);
}

static bool may_quit(const struct engine *engine)
{
    if (!engine->quitting) {
        return false;
    }
    return !engine->ready || (engine->placed_count == 0 && boot_now() >= engine->silent_at + TAIL);
}

static enum rw_status serve(struct engine *engine)
{
    for (;;) {
        if (!read_messages(engine)) {
            return RW_OK;
        }
        observe(engine);
        rw_report_music(engine);
        rw_report_plays(engine);
        if (!rw_output_is_active(engine->output)) {
            rw_report_text(engine, RW_WIRE_FAILED, "the sound output went away");
            return RW_EIO;
        }
        place(engine);
        if (may_quit(engine)) {
            return RW_OK;
        }
        if (!prepare(engine)) {
            wait_until(engine, next_wake(engine));
        }
    }
}

static bool is_silent(const struct rw_wire_config *config)
{
    return strcmp(config->output, "null") == 0;
}

static uint32_t block_ms(const struct rw_wire_config *config)
{
    return config->block_frames / (RW_RATE / 1000);
}

static enum rw_status open_output(struct engine *engine, const struct rw_wire_config *config)
{
    bool silent = is_silent(config);
    struct rw_output_config output = {
        .device = strcmp(config->output, "auto") == 0 ? NULL : config->output,
        /*
         * Few, large blocks: each wakes us and the sound server. Three are the least that PortAudio
         * runs on, its latency leaves out one of them, and a sound server's ALSA plugin adds one.
         */
        .latency_ms = silent ? config->latency_ms : (RW_WIRE_BLOCKS - 2) * block_ms(config),
        .block_frames = config->block_frames,
        .render = render,
        .context = engine,
    };
    char *problem = NULL;
    enum rw_status status = silent ? rw_output_open_null(&output, &engine->output)
                                   : rw_output_open_portaudio(&output, &engine->output, &problem);

    if (status == RW_OK) {
        status = rw_output_start(engine->output);
    }
    if (status != RW_OK) {
        rw_report_text(engine, RW_WIRE_FAILED,
                       problem ? problem : "the sound output cannot be opened");
    }
    free(problem);
    return status == RW_OK ? RW_OK : RW_EIO;
}

/*
 * What the stream's clock may expect: the delay of an earlier stream; else, of a sound server, the
 * buffer that was asked for, less what a callback is late. Our own silence tells the truth.
 */
static rw_ns expected_delay(const struct rw_wire_config *config)
{
    if (config->latency > 0 || is_silent(config)) {
        return config->latency;
    }
    return RW_WIRE_BLOCKS * block_ms(config) * RW_NS_PER_MS - CALLBACK_LATE;
}

/* Waits for the first message, which must be the configuration. */
static enum rw_status receive_config(int socket, struct rw_wire_config *ret_config)
{
    struct pollfd source = {.fd = socket, .events = POLLIN};
    struct rw_wire_message message;

    if (poll(&source, 1, CONFIG_WAIT_MS) != 1) {
        return RW_ETIMEOUT;
    }
    enum rw_status status = rw_wire_receive(socket, &message, NULL);
    if (status != RW_OK) {
        return status;
    }
    if (message.type != RW_WIRE_CONFIG || message.config.wake < 0 || message.config.latency < 0) {
        return RW_EINVALID;
    }
    *ret_config = message.config;
    return RW_OK;
}

enum rw_status rw_engine_run(int socket, struct rw_wire_page *page)
{
    struct rw_wire_config config;
    enum rw_status status = receive_config(socket, &config);
    if (status != RW_OK) {
        return status;
    }

    /* Nothing below is ever freed: the audio thread may use it until the process exits. */
    struct engine *engine = calloc(1, sizeof(*engine));
    if (!engine) {
        return RW_EMEMORY;
    }
    engine->socket = socket;
    engine->page = page;
    engine->awake = (rw_frame)(config.wake / RW_NS_PER_MS * (RW_RATE / 1000));
    engine->latency = config.latency > 0 ? config.latency : config.latency_ms * RW_NS_PER_MS;
    rw_clock_init(&engine->clock, expected_delay(&config));
    rw_clips_init(&engine->clips);
    rw_ring_init(&engine->observations, engine->observation_slots, sizeof(struct observation),
                 OBSERVATIONS_MAX);
    engine->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (engine->timer < 0) {
        return RW_EIO;
    }
    status = rw_mixer_create(&engine->mixer);
    if (status != RW_OK) {
        return status;
    }
    rw_mixer_set_dither(engine->mixer, config.dither != 0);
    status = open_output(engine, &config);
    return status == RW_OK ? serve(engine) : status;
}
