#include "runwalk/paths/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64];
    char path[160];
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    strcpy(fixture->folder, "/tmp/runwalk-file-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    *state = fixture;
    return 0;
}

static const char *name(struct fixture *fixture, const char *last)
{
    snprintf(fixture->path, sizeof(fixture->path), "%s/%s", fixture->folder, last);
    return fixture->path;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {"file", "pipe", "link", "a/b/c", "a/b", "a", "folder"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        remove(name(fixture, names[i]));
    }
    assert_int_equal(rmdir(fixture->folder), 0);
    free(fixture);
    return 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void a_file_is_read_whole_with_a_nul_behind_it(void **state)
{
    char *bytes;
    size_t size;

    write_file(name(*state, "file"), "steps:\n");
    assert_int_equal(rw_file_read(name(*state, "file"), 7, &bytes, &size), RW_OK);
    assert_int_equal(size, 7);
    assert_string_equal(bytes, "steps:\n");
    free(bytes);
}

static void an_empty_file_is_read_too(void **state)
{
    char *bytes;
    size_t size = 9;

    write_file(name(*state, "file"), "");
    assert_int_equal(rw_file_read(name(*state, "file"), 0, &bytes, &size), RW_OK);
    assert_int_equal(size, 0);
    assert_string_equal(bytes, "");
    free(bytes);
}

static void one_byte_above_the_bound_is_refused_and_outputs_stay(void **state)
{
    char *bytes = NULL;
    size_t size = 9;

    write_file(name(*state, "file"), "12345678");
    assert_int_equal(rw_file_read(name(*state, "file"), 7, &bytes, &size), RW_ELIMIT);
    assert_null(bytes);
    assert_int_equal(size, 9);
}

static void a_file_that_hides_its_size_is_bounded_all_the_same(void **state)
{
    char *bytes;
    size_t size;

    (void)state; /* files of /proc say they are empty */
    assert_int_equal(rw_file_read("/proc/self/status", 1 << 16, &bytes, &size), RW_OK);
    assert_true(size > 100);
    assert_int_equal(strlen(bytes), size);
    free(bytes);
    assert_int_equal(rw_file_read("/proc/self/status", 100, &bytes, &size), RW_ELIMIT);
}

static void what_is_no_file_is_refused_without_waiting(void **state)
{
    char *bytes;
    size_t size;

    assert_int_equal(mkfifo(name(*state, "pipe"), 0600), 0);
    assert_int_equal(rw_file_read(name(*state, "pipe"), 100, &bytes, &size), RW_EINVALID);
    assert_int_equal(rw_file_read(((struct fixture *)*state)->folder, 100, &bytes, &size),
                     RW_EINVALID);
    assert_int_equal(rw_file_read(name(*state, "none"), 100, &bytes, &size), RW_ENOENT);
}

static void a_directory_is_made_with_its_parents_for_us_alone(void **state)
{
    struct stat info;
    mode_t mask = umask(0);

    assert_int_equal(rw_directory_prepare(name(*state, "a/b/c"), NULL), RW_OK);
    umask(mask);
    assert_int_equal(stat(name(*state, "a/b/c"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    assert_int_equal(stat(name(*state, "a"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    assert_int_equal(rw_directory_prepare(name(*state, "a/b/c"), NULL), RW_OK);
}

static void expect_refusal(const char *path, enum rw_status expected, const char *words)
{
    char *problem = NULL;

    assert_int_equal(rw_directory_check(path, &problem), expected);
    assert_non_null(problem);
    if (!strstr(problem, words)) {
        fail_msg("'%s' does not say '%s'", problem, words);
    }
    free(problem);
    assert_int_equal(rw_directory_check(path, NULL), expected);
}

static void an_open_directory_is_refused_with_the_remedy(void **state)
{
    char *problem = NULL;

    assert_int_equal(mkdir(name(*state, "folder"), 0700), 0);
    assert_int_equal(chmod(name(*state, "folder"), 0750), 0);
    expect_refusal(name(*state, "folder"), RW_ESTATE, "(mode 0750); close it: chmod 700 /tmp/");
    assert_int_equal(rw_directory_prepare(name(*state, "folder"), &problem), RW_ESTATE);
    free(problem);
    assert_int_equal(chmod(name(*state, "folder"), 0700), 0);
    assert_int_equal(rw_directory_check(name(*state, "folder"), NULL), RW_OK);
}

static void a_link_to_a_good_directory_is_refused(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(symlink(fixture->folder, name(fixture, "link")), 0);
    expect_refusal(name(fixture, "link"), RW_ESTATE, "is a link");
}

static void a_file_in_the_place_of_a_directory_is_refused(void **state)
{
    write_file(name(*state, "file"), "");
    expect_refusal(name(*state, "file"), RW_ESTATE, "is something else");
    expect_refusal(name(*state, "none"), RW_ENOENT, "No such file");
    assert_int_equal(rw_directory_prepare(name(*state, "file/below"), NULL), RW_EIO);
}

static void another_users_directory_is_refused(void **state)
{
    if (geteuid() == 0) {
        assert_int_equal(mkdir(name(*state, "folder"), 0700), 0);
        assert_int_equal(chown(name(*state, "folder"), 65534, 65534), 0);
        expect_refusal(name(*state, "folder"), RW_ESTATE, "belongs to user 65534");
    } else {
        expect_refusal("/root", RW_ESTATE, "belongs to user 0");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_read_whole_with_a_nul_behind_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_empty_file_is_read_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_byte_above_the_bound_is_refused_and_outputs_stay,
                                        set_up, tear_down),
        cmocka_unit_test(a_file_that_hides_its_size_is_bounded_all_the_same),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_refused_without_waiting, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_directory_is_made_with_its_parents_for_us_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_open_directory_is_refused_with_the_remedy, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_link_to_a_good_directory_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_in_the_place_of_a_directory_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(another_users_directory_is_refused, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
