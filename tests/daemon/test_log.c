#include "log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Writes one message at LEVEL with stderr led into a file; OUTPUT is what stands there then. */
static void written(enum rw_log_level least, enum rw_log_level level, bool journal,
                    const char *message, char *output, size_t size)
{
    char path[] = "/tmp/rw-log-XXXXXX", stream[64];
    struct rw_log log;
    struct stat info;
    int file = mkstemp(path), kept = dup(STDERR_FILENO);
    assert_true(file >= 0);
    assert_int_equal(fstat(file, &info), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)info.st_dev,
             (unsigned long long)info.st_ino + (journal ? 0 : 1));
    setenv("JOURNAL_STREAM", stream, 1);
    fflush(stderr);
    dup2(file, STDERR_FILENO);
    rw_log_init(&log, least);
    rw_log_write(&log, level, "%s", message);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    unsetenv("JOURNAL_STREAM");
    ssize_t got = pread(file, output, size - 1, 0);
    assert_true(got >= 0);
    output[got] = '\0';
    close(file);
    unlink(path);
}

static void the_journal_gets_priorities_and_a_terminal_gets_words(void **state)
{
    char output[256];
    (void)state;
    written(RW_LOG_INFO, RW_LOG_WARNING, true, "no sound", output, sizeof output);
    assert_string_equal(output, "<4>no sound\n");
    written(RW_LOG_INFO, RW_LOG_ERROR, true, "no pack", output, sizeof output);
    assert_string_equal(output, "<3>no pack\n");
    /* The variable is of a journal, but stderr leads elsewhere. */
    written(RW_LOG_INFO, RW_LOG_WARNING, false, "no sound", output, sizeof output);
    assert_string_equal(output, "runwalkd: warning: no sound\n");
}

static void what_is_less_important_is_not_written(void **state)
{
    char output[256];
    (void)state;
    written(RW_LOG_INFO, RW_LOG_DEBUG, true, "cue", output, sizeof output);
    assert_string_equal(output, "");
}

static void a_text_from_outside_cannot_forge_a_line(void **state)
{
    char output[256];
    (void)state;
    written(RW_LOG_INFO, RW_LOG_INFO, true, "a\n<0>forged\x1b[2J", output, sizeof output);
    assert_string_equal(output, "<6>a <0>forged [2J\n");
}

static void a_long_message_is_cut_to_one_line(void **state)
{
    char message[4000], output[4000];
    (void)state;
    memset(message, 'x', sizeof message - 1);
    message[sizeof message - 1] = '\0';
    written(RW_LOG_INFO, RW_LOG_INFO, true, message, output, sizeof output);
    assert_true(strlen(output) < 2100);
    assert_int_equal(output[strlen(output) - 1], '\n');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_journal_gets_priorities_and_a_terminal_gets_words),
        cmocka_unit_test(what_is_less_important_is_not_written),
        cmocka_unit_test(a_text_from_outside_cannot_forge_a_line),
        cmocka_unit_test(a_long_message_is_cut_to_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
