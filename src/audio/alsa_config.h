/*
 * ALSA's own configuration of a Debian is some thirty files, and it makes PortAudio try each
 * device that they name, most of them in vain. When all that is wanted is the sound server, three
 * lines do. Only for a process that opens one output and ends.
 */
#ifndef AUDIO_ALSA_CONFIG_H
#define AUDIO_ALSA_CONFIG_H

#include <stdbool.h>

/*
 * Makes ALSA's library read those three lines from now on. False, and nothing is changed, when the
 * user has a say in what `default` is (~/.asoundrc, /etc/asound.conf, ALSA_CONFIG_PATH and the
 * like), or when no PulseAudio socket is where a client looks first. It sets a variable of the
 * environment: not beside other threads.
 */
bool rw_alsa_config_shorten(void);
/* Undoes it. */
void rw_alsa_config_restore(void);

#endif
