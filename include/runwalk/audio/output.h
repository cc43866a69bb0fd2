/*
 * Outputs: where mixed sound goes, behind one interface. PortAudio and null pull
 * from a render callback in real time; a sound file is pushed to as fast as the disk
 * takes it. The system's volume is never touched.
 */
#ifndef RUNWALK_AUDIO_OUTPUT_H
#define RUNWALK_AUDIO_OUTPUT_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Fills OUT with FRAMES interleaved stereo frames. FIRST is the number of the first
 * of them in the stream; HEARD is the CLOCK_BOOTTIME at which it will leave the device,
 * as the device's own timing tells (raw: unsmoothed). FRAMES may differ from call to call.
 * Runs on the audio thread.
 */
typedef void (*rw_output_render)(void *context, float *restrict out, uint32_t frames,
                                 rw_frame first, rw_ns heard);

struct rw_output_config {
    const char *device;    /* name, index in digits, or NULL for the default */
    uint32_t latency_ms;   /* wanted output latency, at most 2000 */
    uint32_t block_frames; /* wanted frames a callback; the device may differ; 0: its choice */
    rw_output_render render;
    void *context;
};

struct rw_output;

/*
 * Opens a sound device without starting it. The default is what ALSA calls `default`, which the
 * sound servers stand behind; a name matches whole, or in part when only one device has it.
 * RW_ENOENT: no such device, or none at all; RW_EIO: it is there but cannot be opened;
 * RW_EMEMORY. *ret_problem (may be NULL): malloc'd text with cause and remedy, or NULL.
 *
 * PortAudio prints on standard error, and may hang or abort with its sound server: only for a
 * process that may be killed. Unless the device is asked for as JACK, or the environment says
 * otherwise, JACK_NO_START_SERVER and JACK_DEFAULT_SERVER are set so that no JACK server is
 * looked for. One process has one PortAudio output open at a time.
 */
RW_CHECKED enum rw_status rw_output_open_portaudio(const struct rw_output_config *config,
                                                   struct rw_output **ret_output,
                                                   char **ret_problem);
/*
 * Paced by CLOCK_BOOTTIME on a thread of its own, and silent; for tests, and to time a run without
 * a device. RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_output_open_null(const struct rw_output_config *config,
                                              struct rw_output **ret_output);

/* Once. RW_EIO: the device does not start. */
RW_CHECKED enum rw_status rw_output_start(struct rw_output *output);
/*
 * Stops, closes and frees; NULL is fine. It does not drain: what the device holds is lost, so
 * play a silent tail of latency + 0.3 s before. May hang with PortAudio.
 */
void rw_output_close(struct rw_output *output);
/* The name of the device as a person knows it. */
const char *rw_output_name(const struct rw_output *output);
/* From the start until the device reports that it has stopped by itself. */
bool rw_output_is_active(const struct rw_output *output);
/* The latency the device reports. */
rw_ns rw_output_latency(const struct rw_output *output);
/* How often the device ran dry, as far as it tells. Any thread. */
uint32_t rw_output_underruns(const struct rw_output *output);

struct rw_device {
    int index;
    char name[128];
    char host[32];   /* the host API: "ALSA", "JACK Audio Connection Kit" */
    bool is_default; /* what a NULL device opens */
    uint32_t channels;
    double rate;
};
/*
 * Lists the output devices, through PortAudio (see above), into a malloc'd array that the caller
 * frees; none is RW_OK with *ret_count 0. JACK devices appear when the environment sets
 * JACK_DEFAULT_SERVER. RW_EIO, RW_EMEMORY; *ret_problem as above.
 */
RW_CHECKED enum rw_status rw_output_devices(struct rw_device **ret_devices, size_t *ret_count,
                                            char **ret_problem);

/*
 * A sound file being written: 24-bit stereo PCM, WAV (RF64 above 4 GiB) or FLAC by the ending of
 * PATH. Written beside PATH and renamed on finish, so that a failure leaves no half file; a link
 * stays and the file that it names is replaced. The same samples give the same bytes.
 */
struct rw_soundfile;
/* RW_EINVALID: PATH is no name that ends in .wav or .flac; RW_EIO; RW_EMEMORY. ret_problem as
 * above. */
RW_CHECKED enum rw_status rw_soundfile_create(const char *path, struct rw_soundfile **ret_file,
                                              char **ret_problem);
/* FRAMES interleaved stereo frames; what exceeds full scale is clipped. RW_EIO: errno tells. */
RW_CHECKED enum rw_status rw_soundfile_write(struct rw_soundfile *file, const float *samples,
                                             uint32_t frames);
/* Completes, makes durable and renames; the handle is freed either way. RW_EIO: errno tells. */
RW_CHECKED enum rw_status rw_soundfile_finish(struct rw_soundfile *file);
/* Gives up: removes what was written and frees. NULL is fine. */
void rw_soundfile_abandon(struct rw_soundfile *file);

#endif
