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

#define OPEN_TIMEOUT_MS 10000
#define STEP_TIMEOUT_MS 10000
#define LATENCY_MS      100

/* Earphones that sleep eat the beginning of the first sound. */
static const rw_frame first_start = RW_RATE;
static const rw_frame pause_between = RW_RATE;

struct step {
    const char *name;
    struct rw_words words;
    float gain_left, gain_right;
    enum rw_bus bus;
};

static const struct step steps[] = {
    {"left", {.saying = RW_SAY_TONE_RUN}, 1.0f, 0.0f, RW_BUS_CHANGE},
    {"right", {.saying = RW_SAY_TONE_WALK}, 0.0f, 1.0f, RW_BUS_CHANGE},
    {"cue",
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

static void tell_problem(const struct check *check, const char *problem)
{
    rw_guard_tell(check->descriptor, json_pack("{s:s}", "problem", problem));
}

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

/* Tells each step as it begins, until the last has ended. */
static void steps_follow(const struct check *check, struct rw_mixer *mixer,
                         const struct rw_output *output)
{
    for (;;) {
        struct rw_mixer_report report;
        while (rw_mixer_report(mixer, &report)) {
            bool is_last = report.cue + 1 == RW_COUNT(steps);
            if (report.outcome == RW_MIXER_STARTED) {
                rw_guard_tell(check->descriptor,
                              json_pack("{s:s}", "step", steps[report.cue].name));
            } else if (is_last) {
                /* What is mixed is not yet heard. */
                sleep_ms((long)(rw_output_latency(output) / RW_NS_PER_MS) + 300);
                rw_guard_tell(check->descriptor, json_pack("{s:b}", "end", 1));
                return;
            }
        }
        if (!rw_output_is_active(output)) {
            tell_problem(check, "the output went away while it played");
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
        tell_problem(check, "out of memory");
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
            tell_problem(check, problem);
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
        tell_problem(check, problem ? problem : "the output cannot be opened");
        return;
    }
    rw_guard_tell(descriptor, json_pack("{s:s}", "output", rw_output_name(output)));
    if (rw_output_start(output) != RW_OK) {
        tell_problem(check, "the output does not start");
        return;
    }
    steps_follow(check, mixer, output);
}

static void remedies_print(FILE *out, bool is_root)
{
    fputs("\nWhat to try:\n"
          "  - Turn up the volume, of the device and of the earphones themselves.\n"
          "  - Is another output the right one? `runwalk devices` lists them;\n"
          "    `runwalk soundcheck --device NUMBER` tries one. Write its name as `output` into\n"
          "    the configuration to keep it.\n"
          "  - Bluetooth earphones: are they connected to this device, and not to the phone?\n"
          "    `bluetoothctl info` tells.\n"
          "  - Is a sound server running? `pactl info` tells, for PulseAudio and PipeWire.\n"
          "  - Without a sound server: are you in the group audio? `id` tells.\n",
          out);
    if (is_root) {
        fputs("  - You are root, and the sound server belongs to somebody else: run this as\n"
              "    that user.\n",
              out);
    }
    fputs("  - With no sound here at all, `runwalk render` writes a file for any player.\n", out);
}

/* Passes on what the child tells; RW_EXIT_OK when all has been played. */
static enum rw_exit check_hear(const struct rw_invocation *invocation, struct rw_guard *guard)
{
    static const struct {
        const char *step, *text;
    } texts[] = {
        {"left", "A rising tone on the left.\n"},
        {"right", "A falling tone on the right.\n"},
        {"cue", "A cue: \"Run one of eight. One minute.\"\n"},
    };
    int timeout_ms = OPEN_TIMEOUT_MS;
    for (;;) {
        json_t *told;
        enum rw_status status = rw_guard_hear(guard, timeout_ms, &told);
        if (status == RW_ETIMEOUT) {
            return rw_fail(invocation, RW_EXIT_TIMEOUT,
                           "the sound system does not answer; is the sound server hung?");
        }
        if (status != RW_OK) {
            return rw_fail(invocation, RW_EXIT_IO, "the sound system failed");
        }
        enum rw_exit exit = RW_EXIT_OK;
        bool is_end = json_object_get(told, "end") != NULL;
        const char *output = json_string_value(json_object_get(told, "output"));
        const char *step = json_string_value(json_object_get(told, "step"));
        const char *problem = json_string_value(json_object_get(told, "problem"));
        if (output) {
            fputs("Output: ", invocation->out);
            rw_print_clean(invocation->out, output);
            fputc('\n', invocation->out);
        }
        for (size_t i = 0; step && i < RW_COUNT(texts); i++) {
            fputs(strcmp(texts[i].step, step) == 0 ? texts[i].text : "", invocation->out);
        }
        fflush(invocation->out);
        if (problem) {
            exit = rw_fail(invocation, RW_EXIT_IO, "%s", problem);
        }
        json_decref(told);
        if (problem || is_end) {
            return exit;
        }
        timeout_ms = STEP_TIMEOUT_MS;
    }
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

enum rw_exit rw_verb_soundcheck(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_voice *voice = NULL;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_load_voice(invocation, paths, NULL, NULL, &voice);
    rw_paths_destroy(paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    struct check check = {
        .voice = voice,
        .device = rw_arguments_value(&invocation->arguments, "device"),
    };
    struct rw_guard guard;
    if (rw_guard_start(check_play, &check, &guard) == RW_OK) {
        exit = check_hear(invocation, &guard);
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
        remedies_print(exit == RW_EXIT_REFUSED ? invocation->out : invocation->err, geteuid() == 0);
    }
    return exit;
}
