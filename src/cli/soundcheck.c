/*
 * soundcheck: a tone on the left, one on the right, and a cue, played by a child that may hang.
 * The parent tells what sounds, and asks whether it was heard.
 */

#include "guard.h"
#include "load.h"
#include "runwalk/audio/mixer.h"
#include "runwalk/audio/output.h"
#include "runwalk/coach/sink.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TIMEOUT_MS 10000 /* between two things that the child tells */
#define LATENCY_MS 100

/* Earphones that sleep eat the beginning of the first sound. */
static const rw_frame first_start = RW_RATE;
static const rw_frame pause_between = RW_RATE;

struct step {
    const char *what; /* before the words, if it has any */
    struct rw_words words;
    float gain_left, gain_right;
    enum rw_bus bus;
};

static const struct step steps[] = {
    {"A rising tone on the left", {.saying = RW_SAY_TONE_RUN}, 1.0f, 0.0f, RW_BUS_CHANGE},
    {"A falling tone on the right", {.saying = RW_SAY_TONE_WALK}, 0.0f, 1.0f, RW_BUS_CHANGE},
    {"A cue",
     {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = 1, .total = 8, .duration_ms = 60000},
     1.0f,
     1.0f,
     RW_BUS_VOICE},
};

struct check {
    const struct rw_voice *voice;
    const char *device;
    int descriptor;
};

static void render(void *context, float *restrict out, uint32_t frames, rw_frame first, rw_ns heard)
{
    (void)first;
    (void)heard;
    rw_mixer_process(context, out, frames);
}

/* Loads the clips of STEP and queues them at START; *ret_frames is how long it sounds. */
static const char *step_queue(const struct check *check, struct rw_mixer *mixer, size_t number,
                              rw_frame start, uint32_t *ret_frames)
{
    struct rw_utterance utterance;
    if (rw_voice_compose(check->voice, &steps[number].words, &utterance) != RW_OK) {
        return "the sound pack does not speak this";
    }
    struct rw_mixer_play play = {
        .cue = number,
        .bus = steps[number].bus,
        .start = start,
        .gain_left = steps[number].gain_left,
        .gain_right = steps[number].gain_right,
        .part_count = utterance.part_count,
    };
    for (uint32_t i = 0; i < utterance.part_count; i++) {
        const char *problem = "a clip cannot be read";
        struct rw_clip *clip;
        int descriptor =
            open(rw_voice_clip(check->voice, utterance.parts[i].clip)->path, O_RDONLY | O_CLOEXEC);
        if (descriptor < 0 || rw_clip_load(descriptor, true, &clip, &problem) != RW_OK) {
            return problem;
        }
        close(descriptor);
        play.parts[i].clip = clip; /* kept until the process ends */
        play.parts[i].offset = utterance.parts[i].offset;
    }
    *ret_frames = utterance.frames;
    return rw_mixer_play(mixer, &play) == RW_OK ? NULL : "the mixer takes no more";
}

static void sleep_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * RW_NS_PER_MS};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

static void step_tell(const struct check *check, uint64_t number)
{
    struct rw_utterance utterance = {.text = ""};
    char line[RW_UTTERANCE_TEXT_MAX + 64];
    (void)!rw_voice_compose(check->voice, &steps[number].words, &utterance);
    bool has_words = utterance.text[0] != '\0';
    snprintf(line, sizeof line, "%s%s%s%s", steps[number].what, has_words ? ": \"" : ".",
             utterance.text, has_words ? "\"" : "");
    rw_guard_tell(check->descriptor, json_pack("{s:s}", "step", line));
}

/* Tells each step as it begins, until the last has ended. */
static void steps_follow(const struct check *check, struct rw_mixer *mixer,
                         const struct rw_output *output)
{
    for (;;) {
        struct rw_mixer_report report;
        while (rw_mixer_report(mixer, &report)) {
            bool is_last = report.cue + 1 == RW_COUNT(steps);
            if (report.outcome == RW_MIXER_STARTED) {
                step_tell(check, report.cue);
            } else if (is_last) {
                /* What is mixed is not yet heard. */
                sleep_ms((long)(rw_output_latency(output) / RW_NS_PER_MS) + 300);
                rw_guard_tell_end(check->descriptor);
                return;
            }
        }
        if (!rw_output_is_active(output)) {
            rw_guard_tell_problem(check->descriptor, "the output went away while it played");
            return;
        }
        sleep_ms(20);
    }
}

static void check_play(void *context, int descriptor)
{
    struct check *check = context;
    check->descriptor = descriptor;

    struct rw_mixer *mixer;
    if (rw_mixer_create(&mixer) != RW_OK) {
        rw_guard_tell_problem(check->descriptor, "out of memory");
        return;
    }
    for (uint32_t bus = 0; bus < RW_BUS_COUNT; bus++) {
        (void)!rw_mixer_set_gain(mixer, bus, rw_bus_gain_db[bus]);
    }
    rw_frame start = first_start;
    for (size_t i = 0; i < RW_COUNT(steps); i++) {
        uint32_t frames = 0;
        const char *problem = step_queue(check, mixer, i, start, &frames);
        if (problem) {
            rw_guard_tell_problem(check->descriptor, problem);
            return;
        }
        start += frames + pause_between;
    }
    struct rw_output_config config = {
        .device = check->device,
        .latency_ms = LATENCY_MS,
        .render = render,
        .context = mixer,
    };
    struct rw_output *output;
    char *problem = NULL;
    if (rw_output_open_portaudio(&config, &output, &problem) != RW_OK) {
        rw_guard_tell_problem(check->descriptor, problem ? problem : "the output cannot be opened");
        return;
    }
    rw_guard_tell(descriptor, json_pack("{s:s}", "output", rw_output_name(output)));
    if (rw_output_start(output) != RW_OK) {
        rw_guard_tell_problem(check->descriptor, "the output does not start");
        return;
    }
    steps_follow(check, mixer, output);
}

/* What helps when it played but was not heard, and what when it could not play, come first each. */
static void remedies_print(FILE *out, bool has_played, bool is_root)
{
    static const char audible[] =
        "  - Turn up the volume, of the device and of the earphones themselves.\n"
        "  - Is another output the right one? `runwalk devices` lists them;\n"
        "    `runwalk soundcheck --device NUMBER` tries one. Write its name as `output` into\n"
        "    the configuration to keep it.\n"
        "  - Bluetooth earphones: are they connected to this device, and not to the phone?\n"
        "    `bluetoothctl info` tells.\n";
    static const char server[] =
        "  - Is a sound server running? `pactl info` tells, for PulseAudio and PipeWire.\n"
        "  - Without a sound server: are you in the group audio? `id` tells.\n";
    fputs("\nWhat to try:\n", out);
    fputs(has_played ? audible : server, out);
    if (is_root) {
        fputs("  - You are root, and the sound server belongs to somebody else: run this as\n"
              "    that user.\n",
              out);
    }
    fputs(has_played ? server : audible, out);
    fputs("  - With no sound here at all, `runwalk render` writes a file for any player.\n", out);
}

/* Passes on what the child tells. */
static void step_heard(void *context, json_t *told)
{
    FILE *out = context;
    const char *output = json_string_value(json_object_get(told, "output"));
    const char *step = json_string_value(json_object_get(told, "step"));
    fputs(output ? "Output: " : "", out);
    rw_print_clean(out, output ? output : step ? step : "");
    fputc('\n', out);
    fflush(out);
}

static bool was_heard(const struct rw_invocation *invocation)
{
    char answer[16] = "";
    fputs("Did you hear all three? [Y/n] ", invocation->out);
    fflush(invocation->out);
    if (!fgets(answer, sizeof answer, stdin)) {
        return false;
    }
    return answer[0] != 'n' && answer[0] != 'N';
}

/* What is asked for, or configured; NULL: the system's default. */
static const char *device_choose(const struct rw_invocation *invocation,
                                 const struct rw_config *config)
{
    const char *device = rw_arguments_value(&invocation->arguments, "device");
    if (device) {
        return device;
    }
    if (strcmp(config->output, "null") == 0) {
        rw_note(invocation, "the configuration asks for no sound (output: none); this plays on "
                            "the default output");
        return NULL;
    }
    return strcmp(config->output, "auto") == 0 ? NULL : config->output;
}

enum rw_exit rw_verb_soundcheck(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_voice *voice = NULL;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    struct rw_config config;
    exit = rw_load_config(invocation, paths, &config);
    if (exit == RW_EXIT_OK) {
        exit = rw_load_voice(invocation, paths, NULL, NULL, &voice);
    }
    rw_paths_destroy(paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    struct check check = {.voice = voice, .device = device_choose(invocation, &config)};
    struct rw_guard guard;
    if (rw_guard_start(check_play, &check, &guard) == RW_OK) {
        exit = rw_guard_listen(&guard, invocation, TIMEOUT_MS, step_heard, invocation->out);
        rw_guard_finish(&guard);
    } else {
        exit = rw_fail(invocation, RW_EXIT_IO, "no process could be started: %s", strerror(errno));
    }
    rw_voice_close(voice);

    bool can_ask = invocation->is_terminal && isatty(STDIN_FILENO) &&
                   !rw_arguments_has(&invocation->arguments, "yes");
    if (exit == RW_EXIT_OK && can_ask && !was_heard(invocation)) {
        exit = RW_EXIT_REFUSED;
    }
    if (exit != RW_EXIT_OK) {
        bool has_played = exit == RW_EXIT_REFUSED;
        remedies_print(has_played ? invocation->out : invocation->err, has_played, geteuid() == 0);
    }
    return exit;
}
