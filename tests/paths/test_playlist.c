/* Which files a path to music stands for. */
#include "runwalk/paths/playlist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const entries[] = {"10 last.mp3", "2 second.FLAC", ".hidden.wav", "cover.jpg",
                                      "more/a.opus"};

struct folder {
    char path[64];
};

static void place(const struct folder *folder, const char *name, char path[256])
{
    snprintf(path, 256, "%s/%s", folder->path, name);
}

static int folder_create(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    char path[256];

    strcpy(folder->path, "/tmp/runwalk-playlist-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    place(folder, "more", path);
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < RW_COUNT(entries); i++) {
        place(folder, entries[i], path);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fclose(file);
    }
    place(folder, "more/round", path);
    assert_int_equal(symlink("..", path), 0);
    *state = folder;
    return 0;
}

static int folder_destroy(void **state)
{
    struct folder *folder = *state;
    char path[256];

    for (size_t i = 0; i < RW_COUNT(entries); i++) {
        place(folder, entries[i], path);
        unlink(path);
    }
    place(folder, "more/round", path);
    unlink(path);
    place(folder, "more", path);
    rmdir(path);
    rmdir(folder->path);
    free(folder);
    return 0;
}

static void a_folder_is_its_music_in_order(void **state)
{
    static const char *const expected[] = {"2 second.FLAC", "10 last.mp3", "more/a.opus"};
    const struct folder *folder = *state;
    struct rw_playlist playlist;
    char *problem, path[256];

    assert_int_equal(rw_playlist_read(folder->path, &playlist, &problem), RW_OK);
    assert_int_equal(playlist.count, RW_COUNT(expected));
    for (size_t i = 0; i < RW_COUNT(expected); i++) {
        place(folder, expected[i], path);
        assert_string_equal(playlist.paths[i], path);
    }
    rw_playlist_finish(&playlist);
}

static void a_file_is_itself_whatever_it_is_called(void **state)
{
    const struct folder *folder = *state;
    struct rw_playlist playlist;
    char *problem, path[256];

    place(folder, "cover.jpg", path); /* the decoder will say what it is not */
    assert_int_equal(rw_playlist_read(path, &playlist, &problem), RW_OK);
    assert_int_equal(playlist.count, 1);
    assert_string_equal(playlist.paths[0], path);
    rw_playlist_finish(&playlist);
}

static void a_tilde_is_the_home_directory(void **state)
{
    const struct folder *folder = *state;
    struct rw_playlist playlist;
    char *problem, path[256];

    setenv("HOME", folder->path, 1);
    assert_int_equal(rw_playlist_read("~/more", &playlist, &problem), RW_OK);
    place(folder, "more/a.opus", path);
    assert_string_equal(playlist.paths[0], path);
    rw_playlist_finish(&playlist);
}

static void what_holds_no_music_is_refused_by_name(void **state)
{
    const struct folder *folder = *state;
    struct rw_playlist playlist;
    char *problem, path[256];

    place(folder, "nothing", path);
    assert_int_equal(rw_playlist_read(path, &playlist, &problem), RW_ENOENT);
    assert_non_null(strstr(problem, path));
    free(problem);
    assert_int_equal(rw_playlist_read("/dev/null", &playlist, &problem), RW_ENOENT);
    assert_non_null(strstr(problem, "neither a file nor a folder"));
    free(problem);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(rw_playlist_read(path, &playlist, &problem), RW_ENOENT);
    assert_non_null(strstr(problem, "MP3"));
    free(problem);
    rmdir(path);
}

/* The loop waits for it. */
static void a_folder_without_end_is_not_looked_through(void **state)
{
    const struct folder *folder = *state;
    struct rw_playlist playlist;
    char *problem, path[256];

    place(folder, "large", path);
    assert_int_equal(mkdir(path, 0700), 0);
    for (int i = 0; i < RW_PLAYLIST_LOOK_MAX; i++) {
        snprintf(path, sizeof(path), "%s/large/%d", folder->path, i);
        assert_int_equal(symlink("nothing", path), 0);
    }
    assert_int_equal(rw_playlist_read(folder->path, &playlist, &problem), RW_OK);
    assert_int_equal(playlist.count, 2); /* what is in "more" comes after it */
    rw_playlist_finish(&playlist);
    for (int i = 0; i < RW_PLAYLIST_LOOK_MAX; i++) {
        snprintf(path, sizeof(path), "%s/large/%d", folder->path, i);
        unlink(path);
    }
    place(folder, "large", path);
    rmdir(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_is_its_music_in_order, folder_create,
                                        folder_destroy),
        cmocka_unit_test_setup_teardown(a_file_is_itself_whatever_it_is_called, folder_create,
                                        folder_destroy),
        cmocka_unit_test_setup_teardown(a_tilde_is_the_home_directory, folder_create,
                                        folder_destroy),
        cmocka_unit_test_setup_teardown(what_holds_no_music_is_refused_by_name, folder_create,
                                        folder_destroy),
        cmocka_unit_test_setup_teardown(a_folder_without_end_is_not_looked_through, folder_create,
                                        folder_destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
