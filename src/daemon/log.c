#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static const struct {
    const char *prefix; /* of journald: syslog priorities */
    const char *word;
} levels[] = {
    [RW_LOG_ERROR] = {"<3>", "error: "},
    [RW_LOG_WARNING] = {"<4>", "warning: "},
    [RW_LOG_INFO] = {"<6>", ""},
    [RW_LOG_DEBUG] = {"<7>", "debug: "},
};

/* Whether stderr is the very stream that journald gave: it may have been led elsewhere since. */
static bool is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat info;
    char *end;
    if (!stream || fstat(STDERR_FILENO, &info) != 0) {
        return false;
    }
    bool is_device = strtoull(stream, &end, 10) == info.st_dev && *end == ':';
    return is_device && strtoull(end + 1, &end, 10) == info.st_ino && *end == '\0';
}

void rw_log_init(struct rw_log *log, enum rw_log_level level)
{
    log->level = level;
    log->journal = is_journal();
}

void rw_log_write(const struct rw_log *log, enum rw_log_level level, const char *format, ...)
{
    char text[LINE_MAX_BYTES];
    va_list arguments;
    if (level > log->level) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            *c = ' ';
        }
    }
    if (log->journal) {
        fprintf(stderr, "%s%s\n", levels[level].prefix, text);
    } else {
        fprintf(stderr, "runwalkd: %s%s\n", levels[level].word, text);
    }
}
