/* Clicks and music: what the player remembers of them, and the engine it keeps for them. */
#include "bench.h"

#include "beats.h"
#include "tunes.h"

#define SECOND RW_NS_PER_SECOND
#define MS     RW_NS_PER_MS

static void rows_take_over_and_are_told_again(void **state)
{
    struct beats beats = {0};
    struct rw_cadence first = {1, 10, 100, 165000}, second = {2, 50, 200, 170000};
    struct rw_cadence end = {2, 150, 150, 0};
    (void)state;

    assert_true(rw_beats_due(&beats) == RW_NS_NEVER);
    assert_int_equal(rw_beats_take(&beats, &first), RW_OK);
    assert_int_equal(rw_beats_take(&beats, &second), RW_OK);
    assert_int_equal(rw_beats_take(&beats, &end), RW_OK);
    assert_int_equal(rw_beats_due(&beats), 10);
    assert_int_equal(rw_beats_end(&beats), 50);
    beats.rows[1].sent = true;
    rw_beats_recall(&beats);
    assert_false(beats.rows[1].sent);
    rw_beats_expire(&beats, 50);
    assert_int_equal(rw_beats_due(&beats), 50);
    assert_int_equal(rw_beats_end(&beats), 150);
    rw_beats_expire(&beats, 150);
    assert_int_equal(beats.count, 0);
    for (rw_ns from = 0; from < BEATS_MAX; from++) {
        first.from = from;
        assert_int_equal(rw_beats_take(&beats, &first), RW_OK);
    }
    first.from = BEATS_MAX;
    assert_int_equal(rw_beats_take(&beats, &first), RW_EFULL);
    rw_beats_cancel(&beats, 1);
    assert_true(rw_beats_due(&beats) == RW_NS_NEVER);
}

static void set_tunes(struct tunes *tunes, size_t count)
{
    char **paths = calloc(count, sizeof(*paths));
    for (size_t i = 0; i < count; i++) {
        paths[i] = strdup((char[]){(char)('a' + i), '\0'});
    }
    rw_tunes_set(tunes, paths, count);
}

static const char *say(struct tunes *tunes, uint64_t number, enum rw_wire_music_what what,
                       rw_frame at)
{
    struct rw_wire_music_event event = {.number = number, .at = at, .what = what};
    return rw_tunes_event(tunes, &event);
}

static void music_goes_on_where_it_was(void **state)
{
    struct tunes tunes = {0};
    rw_frame start;
    (void)state;

    set_tunes(&tunes, 2);
    assert_string_equal(rw_tunes_next(&tunes, &start), "a");
    assert_int_equal(rw_tunes_given(&tunes), 1);
    assert_null(rw_tunes_next(&tunes, &start));
    say(&tunes, 1, RW_WIRE_MUSIC_BEGUN, 0);
    say(&tunes, 1, RW_WIRE_MUSIC_ENDED, 0);
    assert_string_equal(rw_tunes_next(&tunes, &start), "b");
    assert_int_equal(rw_tunes_given(&tunes), 2);
    say(&tunes, 2, RW_WIRE_MUSIC_BEGUN, 100000);
    rw_tunes_follow(&tunes, 99999); /* the first one still sounds */
    assert_null(rw_tunes_recall(&tunes, 4800, false));
    assert_string_equal(rw_tunes_next(&tunes, &start), "a");
    assert_int_equal(start, 99999 - 4800);
    assert_int_equal(rw_tunes_given(&tunes), 3);
    say(&tunes, 3, RW_WIRE_MUSIC_BEGUN, 0);
    say(&tunes, 3, RW_WIRE_MUSIC_ENDED, 0);
    rw_tunes_given(&tunes);
    say(&tunes, 4, RW_WIRE_MUSIC_BEGUN, 4801);
    rw_tunes_follow(&tunes, 4901);
    rw_tunes_recall(&tunes, 0, false);
    assert_string_equal(rw_tunes_next(&tunes, &start), "b");
    assert_int_equal(start, 100);
    rw_tunes_set(&tunes, NULL, 0);
}

static void a_file_that_kills_engines_is_passed_over(void **state)
{
    struct tunes tunes = {0};
    rw_frame start;
    (void)state;

    set_tunes(&tunes, 2);
    rw_tunes_given(&tunes);
    assert_null(rw_tunes_recall(&tunes, 0, true));
    assert_string_equal(rw_tunes_next(&tunes, &start), "a");
    rw_tunes_given(&tunes);
    assert_string_equal(rw_tunes_recall(&tunes, 0, true), "a");
    assert_string_equal(rw_tunes_next(&tunes, &start), "b");
    rw_tunes_set(&tunes, NULL, 0);
}

static void a_list_of_which_nothing_is_heard_ends(void **state)
{
    struct tunes tunes = {0};
    rw_frame start;
    unsigned tries = 0;
    (void)state;

    set_tunes(&tunes, 3);
    while (rw_tunes_next(&tunes, &start)) {
        tries++;
        if (tries % 2 == 0) {
            rw_tunes_pass(&tunes); /* it cannot be opened */
        } else {
            uint64_t number = rw_tunes_given(&tunes);
            say(&tunes, number, RW_WIRE_MUSIC_REFUSED, 0);
        }
    }
    assert_int_equal(tries, 7);
    assert_false(rw_tunes_sound(&tunes));
    /* But silent ones among others do not count. */
    set_tunes(&tunes, 3);
    for (rw_frame at = 0; at < 100 * RW_RATE; at += RW_RATE) {
        uint64_t number = rw_tunes_given(&tunes);
        say(&tunes, number, RW_WIRE_MUSIC_BEGUN, at);
        say(&tunes, number, RW_WIRE_MUSIC_ENDED, at);
        rw_tunes_pass(&tunes);
    }
    assert_true(rw_tunes_sound(&tunes));
    rw_tunes_set(&tunes, NULL, 0);
}

static void clicks_keep_the_engine_until_they_end(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.keep = 100 * MS;
    bench_open(&bench, &config);
    rw_ns from = boot_now() + SECOND;
    struct rw_cadence row = {1, from, from + 2 * SECOND, 165000};
    bench.sink.cadence(bench.sink.context, &row);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    assert_true(boot_now() < from + SECOND);
    wait_for(&bench, view(&bench).state == RW_PLAYER_OFF);
    assert_true(boot_now() >= row.until);
    assert_int_equal(view(&bench).deaths, 0);
    bench_close(&bench);
}

static bool music_is(const struct bench *bench, enum bench_clip clip)
{
    char name[16];
    snprintf(name, sizeof(name), "%d.wav", clip);
    return strcmp(view(bench).music, name) == 0;
}

static void music_plays_on_through_bad_files_a_rest_and_the_engines_death(void **state)
{
    struct bench bench;
    struct rw_player_config config = bench_config();
    (void)state;

    config.keep = 100 * MS;
    bench_open(&bench, &config);
    const char *paths[] = {bench.voice.path[CLIP_MISSING], bench.voice.path[CLIP_DAMAGED],
                           bench.voice.path[CLIP_LONG]};
    assert_int_equal(rw_player_play_music(bench.player, paths, 3), RW_OK);
    wait_for(&bench, music_is(&bench, CLIP_LONG));
    assert_int_equal(bench.notes, 2); /* one is missing, one is none */
    kill(engine_of(getpid()), SIGKILL);
    wait_for(&bench, view(&bench).deaths == 1);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    assert_true(music_is(&bench, CLIP_LONG));
    uint64_t cue = play(&bench, CLIP_SHORT, boot_now() + SECOND / 2, SECOND);
    wait_for(&bench, has(&bench, cue, RW_OUTCOME_ENDED));
    assert_int_equal(ends(&bench, cue), 1);
    rw_player_rest_music(bench.player, true);
    wait_for(&bench, view(&bench).state == RW_PLAYER_OFF);
    assert_true(music_is(&bench, CLIP_LONG));
    rw_player_rest_music(bench.player, false);
    wait_for(&bench, view(&bench).state == RW_PLAYER_READY);
    assert_int_equal(rw_player_play_music(bench.player, NULL, 0), RW_OK);
    assert_string_equal(view(&bench).music, "");
    wait_for(&bench, view(&bench).state == RW_PLAYER_OFF);
    assert_int_equal(view(&bench).music_underruns, 0);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_take_over_and_are_told_again),
        cmocka_unit_test(music_goes_on_where_it_was),
        cmocka_unit_test(a_file_that_kills_engines_is_passed_over),
        cmocka_unit_test(a_list_of_which_nothing_is_heard_ends),
        cmocka_unit_test(clicks_keep_the_engine_until_they_end),
        cmocka_unit_test(music_plays_on_through_bad_files_a_rest_and_the_engines_death),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
