#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Alternate screen, cursor away, no wrapping at the right edge; and back. */
static const char enter_sequence[] = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
static const char leave_sequence[] = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

bool rw_terminal_can_draw(void)
{
    const char *term = getenv("TERM");
    return term && term[0] != '\0' && strcmp(term, "dumb") != 0;
}

enum rw_palette rw_terminal_palette(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    const char *colorterm = getenv("COLORTERM");
    bool is_unwanted = no_color && no_color[0] != '\0';
    if (is_unwanted || !term || !rw_terminal_can_draw() || !isatty(fileno(stream)) ||
        strncmp(term, "vt1", 3) == 0 || strncmp(term, "vt2", 3) == 0) {
        return RW_PALETTE_NONE;
    }
    bool is_rich =
        (colorterm && colorterm[0] != '\0') || strstr(term, "256color") || strstr(term, "direct");
    return is_rich ? RW_PALETTE_256 : RW_PALETTE_16;
}

bool rw_terminal_is_ascii(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < RW_COUNT(variables); i++) {
        const char *locale = getenv(variables[i]);
        if (!locale || locale[0] == '\0') {
            continue;
        }
        /* A bare "C" says nothing: over SSH it is what an unconfigured device answers. */
        bool is_silent = strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
        const char *charset = strchr(locale, '.');
        return !is_silent && charset && strncasecmp(charset, ".UTF-8", 6) != 0 &&
               strncasecmp(charset, ".utf8", 5) != 0;
    }
    return false;
}

void rw_terminal_size(int descriptor, unsigned *ret_columns, unsigned *ret_rows)
{
    struct winsize size;
    bool is_told = ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    *ret_columns = is_told ? size.ws_col : 80;
    *ret_rows = is_told ? size.ws_row : 24;
}

enum rw_status rw_terminal_write(const struct rw_terminal *terminal, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(terminal->output, bytes, size);
        if (written >= 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (errno == EAGAIN) {
            /* Somebody else made the terminal non-blocking. */
            struct pollfd room = {.fd = terminal->output, .events = POLLOUT};
            (void)poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return RW_EIO;
        }
    }
    return RW_OK;
}

enum rw_status rw_terminal_enter(struct rw_terminal *terminal, int input, int output)
{
    *terminal = (struct rw_terminal){.input = input, .output = output};
    if (!isatty(output) || tcgetattr(input, &terminal->before) != 0) {
        return RW_EIO;
    }
    struct termios raw = terminal->before;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST;
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(input, TCSAFLUSH, &raw) != 0) {
        return RW_EIO;
    }
    terminal->is_raw = true;
    return rw_terminal_write(terminal, enter_sequence, sizeof enter_sequence - 1);
}

void rw_terminal_leave(struct rw_terminal *terminal)
{
    if (terminal->is_raw) {
        terminal->is_raw = false;
        /* When the terminal is gone there is nothing left to restore. */
        (void)!rw_terminal_write(terminal, leave_sequence, sizeof leave_sequence - 1);
        (void)tcsetattr(terminal->input, TCSADRAIN, &terminal->before);
    }
}
