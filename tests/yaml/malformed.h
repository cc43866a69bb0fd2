/*
 * A test over a folder of malformed files: each NAME.yaml is refused with exactly the text of
 * NAME.expected. With RUNWALK_BLESS set in the environment the expected texts are written anew
 * instead, to be read over before they are committed.
 */
#ifndef TESTS_YAML_MALFORMED_H
#define TESTS_YAML_MALFORMED_H

#include "runwalk/yaml/diagnostic.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Reads BYTES/SIZE, which are wrong, and says what DIAGNOSTICS have of it. */
typedef enum rw_status malformed_parse(const char *bytes, size_t size,
                                       struct rw_diagnostics *diagnostics);

struct malformed_file {
    char *bytes; /* of exactly SIZE, so that a sanitizer sees a read past the end */
    size_t size;
};

static struct malformed_file malformed_read(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        fail_msg("cannot open %s", path);
    }
    fseek(stream, 0, SEEK_END);
    struct malformed_file file = {NULL, (size_t)ftell(stream)};
    rewind(stream);
    file.bytes = malloc(file.size ? file.size : 1);
    assert_non_null(file.bytes);
    assert_int_equal(fread(file.bytes, 1, file.size, stream), file.size);
    fclose(stream);
    return file;
}

static void malformed_bless(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static void malformed_case_check(const char *folder, const char *name, malformed_parse *parse)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct malformed_file file = malformed_read(path);
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = parse(file.bytes, file.size, &diagnostics);
    if (status != RW_EINVALID && status != RW_ELIMIT) {
        fail_msg("%s is not refused, status %d", name, (int)status);
    }
    assert_true(diagnostics.errors > 0);
    char *text = rw_diagnostics_format(&diagnostics, name, file.bytes, file.size);
    assert_non_null(text);

    snprintf(path, sizeof path, "%s/%.*s.expected", folder, (int)strlen(name) - 5, name);
    if (getenv("RUNWALK_BLESS")) {
        malformed_bless(path, text);
    }
    struct malformed_file expected = malformed_read(path);
    if (strlen(text) != expected.size || memcmp(text, expected.bytes, expected.size) != 0) {
        fail_msg("%s\n--- expected\n%.*s--- got\n%s", name, (int)expected.size, expected.bytes,
                 text);
    }
    free(expected.bytes);
    free(text);
    free(file.bytes);
}

/* Checks every file of FOLDER; there are at least LEAST. */
static inline void malformed_check(const char *folder, size_t least, malformed_parse *parse)
{
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        size_t size = strlen(entry->d_name);
        if (size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0) {
            malformed_case_check(folder, entry->d_name, parse);
            count++;
        }
    }
    closedir(directory);
    assert_true(count >= least);
}

#endif
