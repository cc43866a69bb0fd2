#include "runwalk/paths/paths.h"

#include "runwalk/paths/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A home of its own for each test, below which everything lies. */
struct fixture {
    char home[64];
    char path[256];
    struct rw_paths *paths;
};

static const char *below(struct fixture *fixture, const char *rest)
{
    snprintf(fixture->path, sizeof(fixture->path), "%s/%s", fixture->home, rest);
    return fixture->path;
}

static int set_up(void **state)
{
    static const char *const unset[] = {"XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME",
                                        "RUNWALK_ENGINE"};
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    strcpy(fixture->home, "/tmp/runwalk-paths-XXXXXX");
    assert_non_null(mkdtemp(fixture->home));
    for (size_t i = 0; i < RW_COUNT(unset); i++) {
        unsetenv(unset[i]);
    }
    setenv("HOME", fixture->home, 1);
    setenv("XDG_CONFIG_HOME", below(fixture, "config"), 1);
    setenv("XDG_DATA_HOME", below(fixture, "data"), 1);
    char dirs[256];

    snprintf(dirs, sizeof(dirs), "relative:%s/one:%s/two", fixture->home, fixture->home);
    setenv("XDG_DATA_DIRS", dirs, 1);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[128];

    rw_paths_destroy(fixture->paths);
    snprintf(command, sizeof(command), "rm -r -- '%s'", fixture->home);
    assert_int_equal(system(command), 0);
    free(fixture);
    return 0;
}

static struct rw_paths *open_paths(struct fixture *fixture)
{
    assert_int_equal(rw_paths_create(&fixture->paths), RW_OK);
    return fixture->paths;
}

static void write_file(struct fixture *fixture, const char *rest)
{
    char folder[256];

    strcpy(folder, below(fixture, rest));
    *strrchr(folder, '/') = '\0';
    assert_int_equal(rw_directory_prepare(folder, NULL), RW_OK);
    FILE *file = fopen(below(fixture, rest), "w");

    assert_non_null(file);
    fclose(file);
}

static void expect_found(struct fixture *fixture, const char *name, const char *found_name,
                         const char *rest)
{
    struct rw_profile_place place;

    assert_int_equal(rw_paths_find_profile(fixture->paths, name, fixture->home, &place, NULL),
                     RW_OK);
    assert_string_equal(place.name, found_name);
    assert_string_equal(place.path, below(fixture, rest));
    rw_profile_place_finish(&place);
}

static void expect_problem(struct fixture *fixture, const char *name, const char *directory,
                           enum rw_status expected, const char *words)
{
    struct rw_profile_place place;
    char *problem = NULL;

    assert_int_equal(rw_paths_find_profile(fixture->paths, name, directory, &place, &problem),
                     expected);
    assert_non_null(problem);
    if (!strstr(problem, words)) {
        fail_msg("'%s' does not say '%s'", problem, words);
    }
    free(problem);
}

static void variables_decide_where_things_are(void **state)
{
    struct fixture *fixture = *state;

    setenv("XDG_RUNTIME_DIR", "/run/elsewhere", 1);
    setenv("XDG_STATE_HOME", "/var/elsewhere", 1);
    const struct rw_paths *paths = open_paths(fixture);

    assert_string_equal(rw_paths_run_directory(paths), "/run/elsewhere/runwalk");
    assert_string_equal(rw_paths_socket(paths), "/run/elsewhere/runwalk/control.sock");
    assert_string_equal(rw_paths_state_directory(paths), "/var/elsewhere/runwalk");
    assert_string_equal(rw_paths_config_file(paths), below(fixture, "config/runwalk/config.yaml"));
    assert_string_equal(rw_paths_cache_directory(paths), below(fixture, ".cache/runwalk"));
}

static void relative_and_empty_variables_count_as_unset(void **state)
{
    struct fixture *fixture = *state;

    setenv("XDG_CONFIG_HOME", "config", 1);
    setenv("XDG_STATE_HOME", "", 1);
    setenv("XDG_RUNTIME_DIR", "run", 1);
    const struct rw_paths *paths = open_paths(fixture);

    assert_string_equal(rw_paths_config_file(paths), below(fixture, ".config/runwalk/config.yaml"));
    assert_string_equal(rw_paths_state_directory(paths), below(fixture, ".local/state/runwalk"));
    assert_null(strstr(rw_paths_socket(paths), "/run/runwalk/"));
}

static void without_a_runtime_directory_the_usual_one_or_tmp_serves(void **state)
{
    char usual[64], expected[64];
    struct stat info;

    snprintf(usual, sizeof(usual), "/run/user/%u", (unsigned)geteuid());
    if (stat(usual, &info) == 0 && info.st_uid == geteuid() && (info.st_mode & 07777) == 0700) {
        snprintf(expected, sizeof(expected), "/run/user/%u/runwalk", (unsigned)geteuid());
    } else {
        snprintf(expected, sizeof(expected), "/tmp/runwalk-%u", (unsigned)geteuid());
    }
    assert_string_equal(rw_paths_run_directory(open_paths(*state)), expected);
}

static void the_engine_is_the_one_built_here_unless_told_otherwise(void **state)
{
    struct fixture *fixture = *state;

    assert_string_equal(rw_paths_engine(open_paths(fixture)), TEST_BUILD_DIR "/runwalk-engine");
    rw_paths_destroy(fixture->paths);
    setenv("RUNWALK_ENGINE", "/opt/engine", 1);
    assert_string_equal(rw_paths_engine(open_paths(fixture)), "/opt/engine");
}

static void a_profile_is_found_with_and_without_its_ending(void **state)
{
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "config/runwalk/profiles/plan/week-1.yaml");
    expect_found(fixture, "plan/week-1", "plan/week-1", "config/runwalk/profiles/plan/week-1.yaml");
    expect_found(fixture, "plan/week-1.yaml", "plan/week-1",
                 "config/runwalk/profiles/plan/week-1.yaml");
}

static void earlier_folders_hide_later_ones(void **state)
{
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "two/runwalk/profiles/easy.yaml");
    expect_found(fixture, "easy", "easy", "two/runwalk/profiles/easy.yaml");
    write_file(fixture, "one/runwalk/profiles/easy.yaml");
    expect_found(fixture, "easy", "easy", "one/runwalk/profiles/easy.yaml");
    write_file(fixture, "data/runwalk/profiles/easy.yaml");
    expect_found(fixture, "easy", "easy", "data/runwalk/profiles/easy.yaml");
    write_file(fixture, "config/runwalk/profiles/easy.yaml");
    expect_found(fixture, "easy", "easy", "config/runwalk/profiles/easy.yaml");
}

static void paths_are_taken_as_they_are(void **state)
{
    struct fixture *fixture = *state;
    char whole[256];

    open_paths(fixture);
    write_file(fixture, "here/mine.yaml");
    strcpy(whole, below(fixture, "here/mine.yaml"));
    expect_found(fixture, whole, whole, "here/mine.yaml");
    expect_found(fixture, "here/mine.yaml", whole, "here/mine.yaml");
    expect_found(fixture, "here/../here/mine.yaml", whole, "here/mine.yaml");
    expect_problem(fixture, "/nowhere/mine.yaml", NULL, RW_ENOENT, "no file /nowhere/mine.yaml");
    expect_problem(fixture, "../mine.yaml", fixture->home, RW_ENOENT, "no file ../mine.yaml");
}

static void what_is_no_file_is_called_by_what_it_is(void **state)
{
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "config/runwalk/profiles/plan/week-1.yaml");
    write_file(fixture, "here/mine.yaml");
    write_file(fixture, "plan/week-1/mine.yaml");
    assert_int_equal(mkfifo(below(fixture, "pipe.yaml"), 0600), 0);
    assert_int_equal(symlink("loop.yaml", below(fixture, "loop.yaml")), 0);
    assert_int_equal(symlink("gone.yaml", below(fixture, "dangling.yaml")), 0);
    expect_problem(fixture, fixture->home, NULL, RW_EINVALID, "is a folder");
    expect_problem(fixture, "./here", fixture->home, RW_EINVALID, "./here is a folder");
    expect_problem(fixture, "pipe.yaml", fixture->home, RW_EINVALID, "is no ordinary file");
    expect_problem(fixture, "loop.yaml", fixture->home, RW_EINVALID, "round in a circle");
    expect_problem(fixture, "dangling.yaml", fixture->home, RW_EINVALID, "that is not there");
    /* A folder here hides no profile. */
    expect_found(fixture, "plan/week-1", "plan/week-1", "config/runwalk/profiles/plan/week-1.yaml");
}

static void a_missing_file_is_told_with_what_can_be_done(void **state)
{
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "config/runwalk/profiles/monday.yaml");
    write_file(fixture, "noext");
    expect_problem(fixture, "tuesday.yaml", fixture->home, RW_ENOENT,
                   "there is no file tuesday.yaml here, and no profile of that name");
    expect_problem(fixture, "munday.yaml", fixture->home, RW_ENOENT, "; is 'monday' meant?");
    expect_problem(fixture, "noext", fixture->home, RW_ENOENT, "write ./noext");
    expect_problem(fixture, "./noext.yaml", fixture->home, RW_ENOENT, "there is no file ./noext");
    expect_problem(fixture, ".hidden", fixture->home, RW_EINVALID, "a path contains a slash");
    expect_problem(fixture, ".hidden", NULL, RW_EINVALID, "a path begins with one");
}

static void without_a_directory_only_absolute_paths_count(void **state)
{
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "here/mine.yaml");
    assert_int_equal(chdir(fixture->home), 0);
    expect_problem(fixture, "here/mine.yaml", NULL, RW_ENOENT, "no profile is called");
    assert_int_equal(chdir("/"), 0);
}

static void names_never_leave_the_folders(void **state)
{
    static const char *const names[] = {"../easy", "plan/../../easy", ".hidden", "plan/.",
                                        "",        "plan//easy",      "plan/",   "a\nb"};
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "config/runwalk/easy.yaml");
    write_file(fixture, "config/runwalk/profiles/.hidden.yaml");
    write_file(fixture, "config/runwalk/profiles/plan/easy.yaml");
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        expect_problem(fixture, names[i], NULL, RW_EINVALID, "is no name of a profile");
    }
}

static void an_unknown_name_offers_the_nearest(void **state)
{
    struct fixture *fixture = *state;

    open_paths(fixture);
    write_file(fixture, "config/runwalk/profiles/plan/weekend.yaml");
    write_file(fixture, "config/runwalk/profiles/tuesday.yaml");
    expect_problem(fixture, "tuseday", NULL, RW_ENOENT, "is 'tuesday' meant?");
    expect_problem(fixture, "plan/weekent", NULL, RW_ENOENT, "is 'plan/weekend' meant?");
    expect_problem(fixture, "weekend", NULL, RW_ENOENT, "is 'plan/weekend' meant?");
    expect_problem(fixture, "marathon-in-a-week", NULL, RW_ENOENT, "`runwalk list`");
}

static void the_list_is_in_order_and_names_each_once(void **state)
{
    struct fixture *fixture = *state;
    struct rw_profile_place *list;
    size_t count, seen = 0;
    static const char *const expected[] = {"plan/week-2", "plan/week-10", "zebra"};
    char previous[300] = "";

    open_paths(fixture);
    write_file(fixture, "config/runwalk/profiles/plan/week-10.yaml");
    write_file(fixture, "config/runwalk/profiles/plan/week-2.yaml");
    write_file(fixture, "config/runwalk/profiles/.git/config.yaml");
    write_file(fixture, "config/runwalk/profiles/notes.txt");
    write_file(fixture, "data/runwalk/profiles/zebra.yaml");
    write_file(fixture, "one/runwalk/profiles/zebra.yaml");
    write_file(fixture, "one/runwalk/profiles/a/b/c/d/e/too-deep.yaml");
    assert_int_equal(symlink(".", below(fixture, "config/runwalk/profiles/plan/loop")), 0);
    assert_int_equal(rw_paths_list_profiles(fixture->paths, &list, &count), RW_OK);
    for (size_t i = 0; i < count; i++) {
        assert_string_not_equal(list[i].name, previous);
        snprintf(previous, sizeof(previous), "%s", list[i].name);
        assert_null(strstr(list[i].name, "too-deep"));
        assert_null(strstr(list[i].name, "notes"));
        assert_null(strstr(list[i].name, "config"));
        if (seen < RW_COUNT(expected) && strcmp(list[i].name, expected[seen]) == 0) {
            seen++;
        }
        if (strcmp(list[i].name, "zebra") == 0) {
            assert_string_equal(list[i].path, below(fixture, "data/runwalk/profiles/zebra.yaml"));
        }
    }
    assert_int_equal(seen, RW_COUNT(expected));
    rw_profile_list_free(list, count);
}

static void plans_and_profiles_do_not_mix(void **state)
{
    struct fixture *fixture = *state;
    struct rw_profile_place *list, place;
    size_t count, mine = 0;
    char *problem = NULL;

    open_paths(fixture);
    write_file(fixture, "config/runwalk/profiles/autumn.plan.yaml");
    write_file(fixture, "config/runwalk/profiles/sub/winter.plan.yaml");
    write_file(fixture, "config/runwalk/profiles/spring.yaml");
    assert_int_equal(rw_paths_list_profiles(fixture->paths, &list, &count), RW_OK);
    for (size_t i = 0; i < count; i++) {
        assert_null(strstr(list[i].path, ".plan.yaml"));
    }
    rw_profile_list_free(list, count);
    assert_int_equal(rw_paths_list_plans(fixture->paths, &list, &count), RW_OK);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(strstr(list[i].path, ".plan.yaml"));
        mine += strcmp(list[i].name, "autumn") == 0 || strcmp(list[i].name, "sub/winter") == 0;
    }
    assert_int_equal(mine, 2);
    rw_profile_list_free(list, count);

    static const char *const names[] = {"autumn", "autumn.plan.yaml"};
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        assert_int_equal(rw_paths_find_plan(fixture->paths, names[i], NULL, &place, &problem),
                         RW_OK);
        assert_string_equal(place.name, "autumn");
        rw_profile_place_finish(&place);
    }
    expect_problem(fixture, "autumn", NULL, RW_ENOENT, "no profile is called 'autumn'");
    assert_int_equal(rw_paths_find_plan(fixture->paths, "autum", NULL, &place, &problem),
                     RW_ENOENT);
    assert_string_equal(problem, "no plan is called 'autum'; is 'autumn' meant?");
    free(problem);
    assert_int_equal(rw_paths_find_plan(fixture->paths, "spring", NULL, &place, &problem),
                     RW_ENOENT);
    free(problem);
}

static void a_pack_is_found_by_its_tag_or_its_language(void **state)
{
    struct fixture *fixture = *state;
    char *path;

    open_paths(fixture);
    write_file(fixture, "one/runwalk/sounds/tlh/pack.yaml");
    assert_int_equal(rw_paths_find_pack(fixture->paths, "tlh_KL.UTF-8", 0, &path), RW_OK);
    assert_string_equal(path, below(fixture, "one/runwalk/sounds/tlh"));
    free(path);
    write_file(fixture, "two/runwalk/sounds/tlh-KL/pack.yaml");
    assert_int_equal(rw_paths_find_pack(fixture->paths, "tlh_KL.UTF-8", 0, &path), RW_OK);
    assert_string_equal(path, below(fixture, "two/runwalk/sounds/tlh-KL"));
    free(path);
    /* One that cannot be used is passed over. */
    assert_int_equal(rw_paths_find_pack(fixture->paths, "tlh_KL", 1, &path), RW_OK);
    assert_string_equal(path, below(fixture, "one/runwalk/sounds/tlh"));
    free(path);
    assert_int_equal(rw_paths_find_pack(fixture->paths, "tlh_KL", 2, &path), RW_ENOENT);
    assert_int_equal(rw_paths_find_pack(fixture->paths, "tlx", 0, &path), RW_ENOENT);
    assert_int_equal(rw_paths_find_pack(fixture->paths, "../tlh", 0, &path), RW_EINVALID);
    assert_int_equal(rw_paths_find_pack(fixture->paths, "", 0, &path), RW_EINVALID);
    assert_int_equal(rw_paths_find_pack(fixture->paths, "a/b", 0, &path), RW_EINVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(variables_decide_where_things_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(relative_and_empty_variables_count_as_unset, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_a_runtime_directory_the_usual_one_or_tmp_serves,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_engine_is_the_one_built_here_unless_told_otherwise,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_profile_is_found_with_and_without_its_ending, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(earlier_folders_hide_later_ones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paths_are_taken_as_they_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_called_by_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_missing_file_is_told_with_what_can_be_done, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_a_directory_only_absolute_paths_count, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(names_never_leave_the_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plans_and_profiles_do_not_mix, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_name_offers_the_nearest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_list_is_in_order_and_names_each_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_pack_is_found_by_its_tag_or_its_language, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
