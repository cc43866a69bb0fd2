/*
 * Outputs: where mixed sound goes, behind one interface. PortAudio and null pull
 * from a render callback in real time; file is an untimed device that pulls as fast
 * as the disk takes it. The system's volume is never touched.
 */
#ifndef RUNWALK_AUDIO_OUTPUT_H
#define RUNWALK_AUDIO_OUTPUT_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Fills OUT with FRAMES interleaved stereo frames. FIRST is the number of the first
 * of them in the stream; HEARD is the CLOCK_BOOTTIME at which it will leave the device,
 * as the device's own timing tells (raw: unsmoothed). Runs on the audio thread.
 */
typedef void (*rw_output_render)(void *context, float *restrict out, uint32_t frames,
                                 rw_frame first, rw_ns heard);

struct rw_output_config {
    const char *device;    /* name, index in digits, or NULL for the default */
    uint32_t latency_ms;   /* wanted output latency */
    uint32_t block_frames; /* wanted frames a callback; the device may differ; 0: its choice */
    rw_output_render render;
    void *context;
};

struct rw_output;

/* All open without starting. ret_problem (may be NULL): malloc'd text with cause and remedy. */
RW_CHECKED enum rw_status rw_output_open_portaudio(const struct rw_output_config *config,
                                                   struct rw_output **ret_output,
                                                   char **ret_problem);
/* Paced by the clock on a thread of its own; for tests, and to time a run without a device. */
RW_CHECKED enum rw_status rw_output_open_null(const struct rw_output_config *config,
                                              struct rw_output **ret_output);

RW_CHECKED enum rw_status rw_output_start(struct rw_output *output);
/* Stops without draining, closes and frees. May hang with PortAudio: only for who may be killed. */
void rw_output_close(struct rw_output *output);
/* The name of the device as a person knows it. */
const char *rw_output_name(const struct rw_output *output);
/* True until the device reports that it has stopped by itself. */
bool rw_output_is_active(const struct rw_output *output);
/* The latency the device reports. */
rw_ns rw_output_latency(const struct rw_output *output);

struct rw_device {
    int index;
    char name[128];
    char host[32]; /* the host API: "ALSA", "JACK Audio Connection Kit" */
    bool is_default;
    uint32_t channels;
    double rate;
};
/* Lists the output devices into a malloc'd array that the caller frees. */
RW_CHECKED enum rw_status rw_output_devices(struct rw_device **ret_devices, size_t *ret_count,
                                            char **ret_problem);

/*
 * A sound file being written: 24-bit PCM, WAV (RF64 above 4 GiB) or FLAC by the ending of
 * PATH. Written beside PATH and renamed on finish, so that a failure leaves no half file.
 */
struct rw_soundfile;
RW_CHECKED enum rw_status rw_soundfile_create(const char *path, struct rw_soundfile **ret_file,
                                              char **ret_problem);
RW_CHECKED enum rw_status rw_soundfile_write(struct rw_soundfile *file, const float *samples,
                                             uint32_t frames);
/* Completes and renames; the handle is freed either way. */
RW_CHECKED enum rw_status rw_soundfile_finish(struct rw_soundfile *file);
/* Gives up: removes what was written and frees. NULL is fine. */
void rw_soundfile_abandon(struct rw_soundfile *file);

#endif
