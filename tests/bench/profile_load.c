/*
 * profile_load WHO COUNT FILE: loads the profile FILE COUNT times and prints how many microseconds
 * of the one load takes in the median. WHO is `runwalk`, or `libyaml`: nothing but its events,
 * thrown away.
 */
#include "runwalk/profile/profile_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yaml.h>

static bool events_read(const char *bytes, size_t size)
{
    yaml_parser_t parser;
    bool is_done = false, is_good = true;
    if (!yaml_parser_initialize(&parser)) {
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
    while (is_good && !is_done) {
        yaml_event_t event;
        is_good = yaml_parser_parse(&parser, &event);
        if (is_good) {
            is_done = event.type == YAML_STREAM_END_EVENT;
            yaml_event_delete(&event);
        }
    }
    yaml_parser_delete(&parser);
    return is_good;
}

static bool profile_read(const char *bytes, size_t size)
{
    struct rw_diagnostics diagnostics;
    struct rw_profile *profile;
    rw_diagnostics_init(&diagnostics);
    if (rw_profile_parse(bytes, size, &diagnostics, &profile) != RW_OK) {
        char *text = rw_diagnostics_format(&diagnostics, "profile", bytes, size);
        fputs(text ? text : "memory is short\n", stderr);
        free(text);
        return false;
    }
    rw_profile_destroy(profile);
    return true;
}

static char *file_read(const char *path, size_t *ret_size)
{
    static char bytes[RW_PROFILE_BYTES_MAX + 1];
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    *ret_size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return bytes;
}

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    size_t size = 0, count = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
    bool is_ours = argc == 4 && strcmp(argv[1], "runwalk") == 0;
    char *bytes = count > 0 ? file_read(argv[3], &size) : NULL;
    double *spans = calloc(count > 0 ? count : 1, sizeof *spans);
    if (!bytes || !spans) {
        fputs("usage: profile_load runwalk|libyaml COUNT FILE\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < count; i++) {
        double begin = cpu_us();
        if (!(is_ours ? profile_read(bytes, size) : events_read(bytes, size))) {
            return 1;
        }
        spans[i] = cpu_us() - begin;
    }
    qsort(spans, count, sizeof *spans, compare);
    printf("%.3f\n", spans[count / 2]);
    free(spans);
    return 0;
}
