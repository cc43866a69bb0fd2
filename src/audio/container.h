/*
 * A first look at a sound file, before any decoder sees it: whether it is one of the three
 * containers we take, and whether it is whole. It decodes nothing.
 */
#ifndef RUNWALK_SRC_AUDIO_CONTAINER_H
#define RUNWALK_SRC_AUDIO_CONTAINER_H

#include "runwalk/base.h"

/*
 * Looks at the file open at DESCRIPTOR; its position does not move. RW_EINVALID: no WAV, FLAC or
 * Ogg file, or one that ends before its own header says; RW_EIO. *ret_problem is static text.
 * A WAV that was streamed (its header gives no true length) and a FLAC are taken on trust here:
 * of the one all that is there counts, of the other the decoder knows the length.
 */
RW_CHECKED enum rw_status rw_container_check(int descriptor, const char **ret_problem);

#endif
