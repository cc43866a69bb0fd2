/*
 * The engine: the message thread of the process that may die. It opens the output, holds
 * plays until they are due, places them by the stream's clock and reports what became of
 * them. All it knows, the player can send again.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "runwalk/wire/wire.h"

/*
 * Serves the player on SOCKET and PAGE until it says QUIT or goes away: RW_OK. Else there is
 * no sound (the player has been told why if it is there): RW_EIO; or the first message was
 * none of ours: RW_EINVALID. The output stays open: the process must exit at once, because
 * closing may hang.
 */
RW_CHECKED enum rw_status rw_engine_run(int socket, struct rw_wire_page *page);

#endif
