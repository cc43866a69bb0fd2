/*
 * Each tests/plan/malformed/NAME.yaml is refused with exactly the text of NAME.expected.
 * With RUNWALK_BLESS set in the environment the expected texts are written anew instead, to be
 * read over before they are committed.
 */
#include "runwalk/plan/plan_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DIRECTORY TEST_SOURCE_DIR "/tests/plan/malformed/"
#define CASES_MAX 500

struct file {
    char *bytes; /* of exactly SIZE, so that a sanitizer sees a read past the end */
    size_t size;
};

static struct file file_read(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        fail_msg("cannot open %s", path);
    }
    fseek(stream, 0, SEEK_END);
    struct file file = {NULL, (size_t)ftell(stream)};
    rewind(stream);
    file.bytes = malloc(file.size ? file.size : 1);
    assert_non_null(file.bytes);
    assert_int_equal(fread(file.bytes, 1, file.size, stream), file.size);
    fclose(stream);
    return file;
}

static void bless(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static void case_check(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, DIRECTORY "%s", name);
    struct file file = file_read(path);
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    struct rw_plan *plan = NULL;
    enum rw_status status = rw_plan_parse(file.bytes, file.size, &diagnostics, &plan);
    if (status != RW_EINVALID && status != RW_ELIMIT) {
        fail_msg("%s is taken for a plan, status %d", name, (int)status);
    }
    assert_null(plan);
    assert_true(diagnostics.errors > 0);
    char *text = rw_diagnostics_format(&diagnostics, name, file.bytes, file.size);
    assert_non_null(text);

    snprintf(path, sizeof path, DIRECTORY "%.*s.expected", (int)strlen(name) - 5, name);
    if (getenv("RUNWALK_BLESS")) {
        bless(path, text);
    }
    struct file expected = file_read(path);
    if (strlen(text) != expected.size || memcmp(text, expected.bytes, expected.size) != 0) {
        fail_msg("%s\n--- expected\n%.*s--- got\n%s", name, (int)expected.size, expected.bytes,
                 text);
    }
    free(expected.bytes);
    free(text);
    free(file.bytes);
}

static void each_malformed_plan_is_refused_in_its_own_words(void **state)
{
    (void)state;
    DIR *directory = opendir(DIRECTORY);
    assert_non_null(directory);
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        size_t size = strlen(entry->d_name);
        if (size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0) {
            case_check(entry->d_name);
            count++;
        }
    }
    closedir(directory);
    assert_in_range(count, 25, CASES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_malformed_plan_is_refused_in_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
