/* The PortAudio output, and the list of devices. */
#include "alsa_config.h"
#include "output_body.h"

#include <portaudio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATENCY_MAX_MS 2000u
/* A delay to the loudspeaker beyond this is a driver's mistake. */
#define DELAY_MAX_S 5.0

struct portaudio_output {
    struct rw_output output;
    PaStream *stream;
    bool started;
    rw_frame position;    /* audio thread only: the first frame of the next block */
    atomic_bool finished; /* written by PortAudio's thread; relaxed: no data comes with it */
};

static enum rw_status fail_with(char **ret_problem, enum rw_status status, const char *format, ...)
    RW_PRINTF(3, 4);

static enum rw_status fail_with(char **ret_problem, enum rw_status status, const char *format, ...)
{
    va_list arguments;

    if (ret_problem == NULL) {
        return status;
    }
    va_start(arguments, format);
    if (vasprintf(ret_problem, format, arguments) < 0) {
        *ret_problem = NULL;
    }
    va_end(arguments);
    return status;
}

static enum rw_status initialize(const char *device, char **ret_problem)
{
    /* Looking for a JACK server costs time, starts one, and leaves threads behind. */
    setenv("JACK_NO_START_SERVER", "1", 0);
    if (device == NULL || strcasestr(device, "jack") == NULL) {
        setenv("JACK_DEFAULT_SERVER", "none", 0);
    }

    PaError error = Pa_Initialize();
    if (error == paNoError) {
        return RW_OK;
    }
    return fail_with(ret_problem, error == paInsufficientMemory ? RW_EMEMORY : RW_EIO,
                     "PortAudio cannot start: %s", Pa_GetErrorText(error));
}

static const PaDeviceInfo *output_info(PaDeviceIndex index)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(index);

    return info != NULL && info->name != NULL && info->maxOutputChannels > 0 ? info : NULL;
}

static const PaHostApiInfo *host_info(const PaDeviceInfo *info)
{
    return Pa_GetHostApiInfo(info->hostApi);
}

/* The device whose sound server or card the user has chosen for everything; paNoDevice. */
static PaDeviceIndex default_device(void)
{
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
        const PaDeviceInfo *info = output_info(i);
        if (info != NULL && strcmp(info->name, "default") == 0 && host_info(info)->type == paALSA) {
            return i;
        }
    }
    PaDeviceIndex other = Pa_GetDefaultOutputDevice();
    return other != paNoDevice && output_info(other) != NULL ? other : paNoDevice;
}

static PaDeviceIndex device_by_index(const char *digits)
{
    char *end;
    long index = strtol(digits, &end, 10);

    if (*digits < '0' || *digits > '9' || *end != '\0' || index >= Pa_GetDeviceCount()) {
        return paNoDevice;
    }
    return output_info((PaDeviceIndex)index) != NULL ? (PaDeviceIndex)index : paNoDevice;
}

static PaDeviceIndex device_by_name(const char *name)
{
    PaDeviceIndex partly = paNoDevice;
    int matches = 0;

    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
        const PaDeviceInfo *info = output_info(i);
        if (info == NULL) {
            continue;
        }
        if (strcmp(info->name, name) == 0) {
            return i;
        }
        if (strcasestr(info->name, name) != NULL || strcasestr(host_info(info)->name, name)) {
            partly = i;
            matches++;
        }
    }
    return matches == 1 ? partly : paNoDevice;
}

static enum rw_status find_device(const char *wanted, PaDeviceIndex *ret_index, char **ret_problem)
{
    PaDeviceIndex index;

    if (wanted == NULL) {
        index = default_device();
        if (index == paNoDevice) {
            return fail_with(ret_problem, RW_ENOENT,
                             "no sound output is there: is a sound server running, or a sound "
                             "card connected?");
        }
    } else {
        index = device_by_index(wanted);
        if (index == paNoDevice) {
            index = device_by_name(wanted);
        }
        if (index == paNoDevice) {
            return fail_with(ret_problem, RW_ENOENT,
                             "no single sound output is called “%.60s”: see `runwalk devices`",
                             wanted);
        }
    }
    *ret_index = index;
    return RW_OK;
}

/*
 * How long from now until the block's first frame leaves the device. The two times are of the
 * driver's own clock, whichever that is, but their difference is good: the driver has looked just
 * before it called. It is 0 while the device is being filled for the start.
 */
static RW_REALTIME rw_ns time_until_heard(const struct rw_output *output,
                                          const PaStreamCallbackTimeInfo *info)
{
    double delay = info->outputBufferDacTime - info->currentTime;

    if (info->outputBufferDacTime > 0.0 && delay >= 0.0 && delay < DELAY_MAX_S) {
        return (rw_ns)(delay * 1e9);
    }
    return output->latency;
}

static RW_REALTIME int render(const void *in, void *out, unsigned long frames,
                              const PaStreamCallbackTimeInfo *info, PaStreamCallbackFlags flags,
                              void *context)
{
    struct portaudio_output *portaudio = context;
    struct rw_output *output = &portaudio->output;
    rw_ns heard = rw_output_now() + time_until_heard(output, info);

    (void)in;
    if ((flags & paOutputUnderflow) != 0) {
        atomic_fetch_add_explicit(&output->underruns, 1, memory_order_relaxed);
    }
    output->config.render(output->config.context, out, (uint32_t)frames, portaudio->position,
                          heard);
    portaudio->position += frames;
    return paContinue;
}

static void note_finished(void *context)
{
    struct portaudio_output *portaudio = context;

    atomic_store_explicit(&portaudio->finished, true, memory_order_relaxed);
}

static enum rw_status portaudio_start(struct rw_output *output)
{
    struct portaudio_output *portaudio = (struct portaudio_output *)output;

    if (Pa_StartStream(portaudio->stream) != paNoError) {
        return RW_EIO;
    }
    portaudio->started = true;
    return RW_OK;
}

static void portaudio_close(struct rw_output *output)
{
    struct portaudio_output *portaudio = (struct portaudio_output *)output;

    if (portaudio->started) {
        Pa_AbortStream(portaudio->stream);
    }
    Pa_CloseStream(portaudio->stream);
    Pa_Terminate();
    free(portaudio);
}

static bool portaudio_is_active(const struct rw_output *output)
{
    const struct portaudio_output *portaudio = (const struct portaudio_output *)output;

    /* Neither tells alone: some drivers stop without the callback, others with it only. */
    return portaudio->started &&
           !atomic_load_explicit(&portaudio->finished, memory_order_relaxed) &&
           Pa_IsStreamActive(portaudio->stream) == 1;
}

static enum rw_status open_stream(struct portaudio_output *portaudio,
                                  const struct rw_output_config *config, char **ret_problem)
{
    uint32_t latency_ms = config->latency_ms < LATENCY_MAX_MS ? config->latency_ms : LATENCY_MAX_MS;
    PaStreamParameters parameters = {
        .channelCount = RW_CHANNELS,
        .sampleFormat = paFloat32,
        .suggestedLatency = latency_ms * 1e-3,
    };
    unsigned long block =
        config->block_frames != 0 ? config->block_frames : paFramesPerBufferUnspecified;

    enum rw_status status = find_device(config->device, &parameters.device, ret_problem);
    if (status != RW_OK) {
        return status;
    }
    const char *name = output_info(parameters.device)->name;
    /* The limiter has seen to it that nothing is clipped, and the depth is the server's matter. */
    PaError error = Pa_OpenStream(&portaudio->stream, NULL, &parameters, RW_RATE, block,
                                  paClipOff | paDitherOff, render, portaudio);
    if (error != paNoError) {
        return fail_with(ret_problem, error == paInsufficientMemory ? RW_EMEMORY : RW_EIO,
                         "the sound output “%.60s” cannot be opened (%s): is it in use, or its "
                         "sound server gone? see `runwalk devices`",
                         name, Pa_GetErrorText(error));
    }
    Pa_SetStreamFinishedCallback(portaudio->stream, note_finished);

    const PaStreamInfo *info = Pa_GetStreamInfo(portaudio->stream);
    double latency = info != NULL ? info->outputLatency : parameters.suggestedLatency;
    portaudio->output.latency = (rw_ns)(latency * 1e9);
    snprintf(portaudio->output.name, sizeof(portaudio->output.name), "%s", name);
    return RW_OK;
}

static enum rw_status open_device(struct portaudio_output *portaudio,
                                  const struct rw_output_config *config, char **ret_problem)
{
    enum rw_status status = initialize(config->device, ret_problem);

    if (status != RW_OK) {
        return status;
    }
    status = open_stream(portaudio, config, ret_problem);
    if (status != RW_OK) {
        Pa_Terminate();
    }
    return status;
}

enum rw_status rw_output_open_portaudio(const struct rw_output_config *config,
                                        struct rw_output **ret_output, char **ret_problem)
{
    static const struct rw_output_body body = {portaudio_start, portaudio_close,
                                               portaudio_is_active};
    struct portaudio_output *portaudio = calloc(1, sizeof(*portaudio));
    enum rw_status status = RW_EIO;

    if (ret_problem != NULL) {
        *ret_problem = NULL;
    }
    if (portaudio == NULL) {
        return RW_EMEMORY;
    }
    portaudio->output.body = &body;
    portaudio->output.config = *config;
    portaudio->output.config.device = NULL;
    /* The short way to the default; where that leads nowhere, the way of everybody. */
    if (config->device == NULL && rw_alsa_config_shorten()) {
        status = open_device(portaudio, config, NULL);
        if (status != RW_OK) {
            rw_alsa_config_restore();
        }
    }
    if (status != RW_OK) {
        status = open_device(portaudio, config, ret_problem);
    }
    if (status != RW_OK) {
        free(portaudio);
        return status;
    }
    *ret_output = &portaudio->output;
    return RW_OK;
}

enum rw_status rw_output_devices(struct rw_device **ret_devices, size_t *ret_count,
                                 char **ret_problem)
{
    if (ret_problem != NULL) {
        *ret_problem = NULL;
    }
    enum rw_status status = initialize(NULL, ret_problem);
    if (status != RW_OK) {
        return status;
    }

    PaDeviceIndex total = Pa_GetDeviceCount(), chosen = default_device();
    struct rw_device *devices = calloc(total > 0 ? (size_t)total : 1, sizeof(*devices));
    size_t count = 0;
    if (devices == NULL) {
        Pa_Terminate();
        return RW_EMEMORY;
    }
    for (PaDeviceIndex i = 0; i < total; i++) {
        const PaDeviceInfo *info = output_info(i);
        if (info == NULL) {
            continue;
        }
        struct rw_device *device = &devices[count++];
        device->index = i;
        snprintf(device->name, sizeof(device->name), "%s", info->name);
        snprintf(device->host, sizeof(device->host), "%s", host_info(info)->name);
        device->is_default = i == chosen;
        device->channels = (uint32_t)info->maxOutputChannels;
        device->rate = info->defaultSampleRate;
    }
    Pa_Terminate();
    *ret_devices = devices;
    *ret_count = count;
    return RW_OK;
}
