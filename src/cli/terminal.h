/*
 * The terminal as this program finds it: what it can show, and the raw mode in which a live
 * view reads keys. Whoever enters that mode leaves it again, whatever happens.
 */
#ifndef RW_CLI_TERMINAL_H
#define RW_CLI_TERMINAL_H

#include "canvas.h"

#include <stdio.h>
#include <termios.h>

/* Colours for STREAM: none when it is no terminal, NO_COLOR is set, or TERM says so. */
enum rw_palette rw_terminal_palette(FILE *stream);

/* False when TERM is missing or says that the terminal knows no sequences. */
bool rw_terminal_can_draw(void);

/* True when the locale names a character set that is not UTF-8. */
bool rw_terminal_is_ascii(void);

/* The size of the terminal at DESCRIPTOR; 80 by 24 when it does not tell. */
void rw_terminal_size(int descriptor, unsigned *ret_columns, unsigned *ret_rows);

struct rw_terminal {
    int input, output;
    struct termios before;
    bool is_raw;
};

/*
 * Takes over the terminal: alternate screen, no cursor, keys one at a time, signals from keys as
 * bytes. RW_EIO: INPUT or OUTPUT is no terminal; errno tells.
 */
RW_CHECKED enum rw_status rw_terminal_enter(struct rw_terminal *terminal, int input, int output);
/* Gives it back as it was. Harmless twice. */
void rw_terminal_leave(struct rw_terminal *terminal);

/* Writes all of BYTES, waiting where it must. RW_EIO: the terminal is gone. */
RW_CHECKED enum rw_status rw_terminal_write(const struct rw_terminal *terminal, const char *bytes,
                                            size_t size);

#endif
