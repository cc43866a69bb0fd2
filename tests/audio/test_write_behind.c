#include "folder.h"

#include "runwalk/audio/write_behind.h"

#include <errno.h>
#include <signal.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define ROOMS 40

/* Fills ROOM; frame after frame of all rooms is another one. */
static void fill(float *room, uint32_t number)
{
    for (uint32_t i = 0; i < 2 * RW_WRITE_BEHIND_FRAMES; i++) {
        uint32_t step = number * RW_WRITE_BEHIND_FRAMES + i / 2;
        room[i] = (float)step / 8388608.0f;
    }
}

/* The part of a room that is written: all sizes, also the least and the whole. */
static uint32_t first_of(uint32_t number)
{
    return number * 379 % RW_WRITE_BEHIND_FRAMES;
}

static uint32_t count_of(uint32_t number)
{
    uint32_t most = RW_WRITE_BEHIND_FRAMES - first_of(number);
    return number % 3 == 0 ? most : number % 3 == 1 ? 1 : most / 2;
}

static void all_is_written_in_order(void **state)
{
    (void)state;
    struct rw_soundfile *file;
    struct rw_write_behind *writer;
    SF_INFO info = {0};
    int32_t frame[2];

    assert_int_equal(rw_soundfile_create(path_of("all.wav"), &file, NULL), RW_OK);
    assert_int_equal(rw_write_behind_create(file, &writer), RW_OK);
    for (uint32_t i = 0; i < ROOMS; i++) {
        float *room = rw_write_behind_room(writer);
        assert_non_null(room);
        assert_ptr_equal(rw_write_behind_room(writer), room);
        fill(room, i);
        rw_write_behind_send(writer, first_of(i), count_of(i));
    }
    assert_int_equal(rw_write_behind_finish(writer), RW_OK);
    assert_int_equal(rw_soundfile_finish(file), RW_OK);

    SNDFILE *read = sf_open(path_of("all.wav"), SFM_READ, &info);
    assert_non_null(read);
    for (uint32_t i = 0; i < ROOMS; i++) {
        for (uint32_t at = first_of(i); at < first_of(i) + count_of(i); at++) {
            assert_int_equal(sf_readf_int(read, frame, 1), 1);
            assert_int_equal(frame[0] / 256, i * RW_WRITE_BEHIND_FRAMES + at);
            assert_int_equal(frame[1], frame[0]);
        }
    }
    assert_int_equal(sf_readf_int(read, frame, 1), 0);
    sf_close(read);
    assert_int_equal(unlink(path_of("all.wav")), 0);
}

static void nothing_sent_is_nothing_written(void **state)
{
    (void)state;
    struct rw_soundfile *file;
    struct rw_write_behind *writer;

    assert_int_equal(rw_soundfile_create(path_of("none.wav"), &file, NULL), RW_OK);
    assert_int_equal(rw_write_behind_create(file, &writer), RW_OK);
    assert_non_null(rw_write_behind_room(writer));
    assert_int_equal(rw_write_behind_finish(writer), RW_OK);
    rw_soundfile_abandon(file);
}

static void what_cannot_be_written_ends_it_and_tells_why(void **state)
{
    (void)state;
    struct rw_soundfile *file;
    struct rw_write_behind *writer;
    struct rlimit before, limit;
    float *room;
    uint32_t sent = 0;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){1 << 20, before.rlim_max};
    assert_int_equal(rw_soundfile_create(path_of("full.wav"), &file, NULL), RW_OK);
    assert_int_equal(rw_write_behind_create(file, &writer), RW_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    while ((room = rw_write_behind_room(writer)) != NULL) {
        fill(room, ++sent % ROOMS);
        rw_write_behind_send(writer, 0, RW_WRITE_BEHIND_FRAMES);
        assert_true(sent < 1000);
    }
    assert_int_equal(rw_write_behind_finish(writer), RW_EIO);
    assert_int_equal(errno, EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    rw_soundfile_abandon(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_written_in_order),
        cmocka_unit_test(nothing_sent_is_nothing_written),
        cmocka_unit_test(what_cannot_be_written_ends_it_and_tells_why),
    };
    return cmocka_run_group_tests(tests, folder_create, folder_remove);
}
