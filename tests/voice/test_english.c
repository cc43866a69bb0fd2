/* What the English pack says: each saying word for word, every number and every duration. */
#include "runwalk/voice/voice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int english_open(void **state)
{
    struct rw_diagnostics diagnostics;
    struct rw_voice *voice = NULL;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_voice_open(TEST_SOURCE_DIR "/sounds/en", &diagnostics, &voice);
    for (size_t i = 0; i < diagnostics.count; i++) {
        print_message("%u:%u: %s\n", diagnostics.list[i].line, diagnostics.list[i].column,
                      diagnostics.list[i].text);
    }
    *state = voice;
    return status == RW_OK ? 0 : -1;
}

static int english_close(void **state)
{
    rw_voice_close(*state);
    return 0;
}

/* Composes WORDS, checks that the parts follow each other within bounds, returns the text. */
static const char *said(const struct rw_voice *voice, struct rw_words words,
                        struct rw_utterance *utterance)
{
    uint32_t end = 0;
    assert_int_equal(rw_voice_compose(voice, &words, utterance), RW_OK);
    assert_in_range(utterance->part_count, 1, RW_UTTERANCE_PARTS_MAX);
    for (uint32_t i = 0; i < utterance->part_count; i++) {
        const struct rw_clip_info *clip = rw_voice_clip(voice, utterance->parts[i].clip);
        assert_non_null(clip);
        assert_true(utterance->parts[i].offset >= end);
        assert_true(utterance->parts[i].offset <= end + RW_RATE);
        end = utterance->parts[i].offset + clip->frames;
    }
    assert_int_equal(utterance->frames, end);
    return utterance->text;
}

static void assert_said(const struct rw_voice *voice, struct rw_words words, const char *expected)
{
    struct rw_utterance utterance;
    assert_string_equal(said(voice, words, &utterance), expected);
}

static void each_saying_has_its_words(void **state)
{
    static const struct {
        const char *text;
        struct rw_words words;
    } cases[] = {
        {"", {.saying = RW_SAY_TONE_RUN}},
        {"", {.saying = RW_SAY_TONE_WALK}},
        {"", {.saying = RW_SAY_TONE_FINISH}},
        {"", {.saying = RW_SAY_TICK}},
        {"Run one of eight. One minute.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_RUN,
          .number = 1,
          .total = 8,
          .duration_ms = 60000}},
        {"Run three of eight.",
         {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = 3, .total = 8}},
        {"Run five of eight. Halfway.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_RUN,
          .number = 5,
          .total = 8,
          .flags = RW_WORDS_HALFWAY}},
        {"Last run.", {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .flags = RW_WORDS_LAST_RUN}},
        {"Run.", {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN}},
        {"Walk. One minute thirty.",
         {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_WALK, .duration_ms = 90000}},
        {"Walk. That was the last run.",
         {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_WALK, .flags = RW_WORDS_WAS_LAST_RUN}},
        {"Walk. One minute thirty. That was the last run. Halfway.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_WALK,
          .duration_ms = 90000,
          .flags = RW_WORDS_WAS_LAST_RUN | RW_WORDS_HALFWAY}},
        {"Warm up. Five minutes.",
         {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_WARMUP, .duration_ms = 300000}},
        {"Cool down.", {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_COOLDOWN}},
        {"Rest. Ten seconds.",
         {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_REST, .duration_ms = 10000}},
        {"Exercise. Twenty seconds.",
         {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_EXERCISE, .duration_ms = 20000}},
        {"Ten seconds.", {.saying = RW_SAY_IN, .duration_ms = 10000}},
        {"Last run in ten seconds.",
         {.saying = RW_SAY_IN, .duration_ms = 10000, .flags = RW_WORDS_LAST_RUN}},
        {"Last run in twelve seconds.",
         {.saying = RW_SAY_IN, .duration_ms = 12000, .flags = RW_WORDS_LAST_RUN}},
        {"Halfway.", {.saying = RW_SAY_HALFWAY}},
        {"Done. Twenty-one minutes, eight runs.",
         {.saying = RW_SAY_DONE, .duration_ms = 21 * 60000, .total = 8}},
        {"Done. Twenty minutes, one run.",
         {.saying = RW_SAY_DONE, .duration_ms = 20 * 60000, .total = 1}},
        {"Done. Nine minutes.", {.saying = RW_SAY_DONE, .duration_ms = 9 * 60000}},
        {"Workout chosen. Twenty-four minutes.",
         {.saying = RW_SAY_CHOSEN, .text = "Xyzzy", .duration_ms = 24 * 60000}},
        {"Workout paused.", {.saying = RW_SAY_PAUSED}},
        {"Still paused.", {.saying = RW_SAY_STILL_PAUSED}},
        {"Run. Forty seconds left.",
         {.saying = RW_SAY_WHERE, .kind = RW_KIND_RUN, .duration_ms = 40000}},
        {"Exercise. Left side. Ten seconds left.",
         {.saying = RW_SAY_WHERE,
          .kind = RW_KIND_EXERCISE,
          .side = RW_SIDE_LEFT,
          .duration_ms = 10000}},
        {"Thirty seconds more.", {.saying = RW_SAY_EXTENDED, .duration_ms = 30000}},
        {"Thirty seconds less.", {.saying = RW_SAY_SHORTENED, .duration_ms = 30000}},
        {"One minute thirty more.", {.saying = RW_SAY_EXTENDED, .duration_ms = 90000}},
        {"Stopped at twelve minutes.",
         {.saying = RW_SAY_STOPPED, .duration_ms = 12 * 60000 + 34567}},
        {"Stopped at nine minutes fifty-nine.",
         {.saying = RW_SAY_STOPPED, .duration_ms = 10 * 60000 - 900}},
        {"Stopped.", {.saying = RW_SAY_STOPPED}},
        {"Starting in thirty seconds.", {.saying = RW_SAY_STARTING_IN, .duration_ms = 30000}},
        {"Starting in forty-two seconds.", {.saying = RW_SAY_STARTING_IN, .duration_ms = 42000}},
        {"Choose a workout first.", {.saying = RW_SAY_NOTHING_CHOSEN}},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        assert_said(*state, cases[i].words, cases[i].text);
    }
}

static void sides_are_named_and_changed(void **state)
{
    struct rw_words words = {.saying = RW_SAY_SEGMENT,
                             .kind = RW_KIND_EXERCISE,
                             .side = RW_SIDE_LEFT,
                             .name = "side  Plank",
                             .duration_ms = 20000};
    assert_int_equal(rw_voice_add_text(*state, "Side plank.", "/tmp/side-plank.wav", 4800), RW_OK);
    assert_said(*state, words, "Side  Plank. Left side. Twenty seconds.");
    words.side = RW_SIDE_RIGHT;
    assert_said(*state, words, "Change sides. Right side. Twenty seconds.");
    words.saying = RW_SAY_WHERE;
    assert_said(*state, words, "Side  Plank. Right side. Twenty seconds left.");
}

static void a_name_that_nothing_speaks_is_left_out(void **state)
{
    struct rw_words words = {.saying = RW_SAY_SEGMENT,
                             .kind = RW_KIND_RUN,
                             .number = 1,
                             .total = 2,
                             .name = "Xyzzy",
                             .duration_ms = 60000};
    assert_said(*state, words, "Run one of two. One minute.");
    words = (struct rw_words){.saying = RW_SAY_SEGMENT, .kind = RW_KIND_EXERCISE, .name = "Xyzzy"};
    assert_said(*state, words, "Exercise.");
}

static void text_is_spoken_word_for_word_or_not_at_all(void **state)
{
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = "  workout\n PAUSED!"};
    assert_string_equal(said(*state, words, &utterance), words.text);
    assert_true(rw_voice_knows_text(*state, words.text));

    words.text = "... !";
    assert_int_equal(rw_voice_compose(*state, &words, &utterance), RW_ENOENT);
    assert_string_equal(utterance.text, words.text);
    assert_int_equal(utterance.part_count, 0);
    assert_false(rw_voice_knows_text(*state, words.text));

    words.text = "run five"; /* a fragment, whose melody would leave it hanging */
    assert_false(rw_voice_knows_text(*state, words.text));
    assert_false(rw_voice_knows_text(*state, ""));
    assert_false(rw_voice_knows_text(*state, " .!"));
}

static void what_nothing_speaks_is_a_tone_and_the_nearest_sentence(void **state)
{
    static const struct {
        const char *text, *heard;
    } cases[] = {
        {"Mind the xyzzy", ""},
        {"Easy and even, you can keep on going!", "Easy and even. You can keep going."},
        {"walk SLOWLY and let the breath settle", "Walk slowly and let your breath settle."},
        {"Never drop your shoulders", ""},
        {"小心台阶", ""},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_utterance utterance;
        struct rw_words words = {.saying = RW_SAY_TEXT, .text = cases[i].text};
        assert_string_equal(said(*state, words, &utterance), cases[i].heard);
        assert_int_equal(utterance.part_count, *cases[i].heard ? 2 : 1);
        assert_string_equal(rw_voice_clip(*state, utterance.parts[0].clip)->phrase, "tone-note");
        assert_false(rw_voice_knows_text(*state, cases[i].text));
    }
}

static void an_added_text_is_spoken_by_its_clip(void **state)
{
    struct rw_utterance utterance;
    uint32_t before = rw_voice_clip_count(*state);
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = "It\u2019s raining."};
    assert_int_equal(rw_voice_add_text(*state, "It's raining", "/tmp/a.wav", 1234), RW_OK);
    assert_int_equal(rw_voice_add_text(*state, "it's  raining!", "/tmp/b.wav", 99), RW_OK);
    assert_int_equal(rw_voice_clip_count(*state), before + 1);
    said(*state, words, &utterance);
    assert_int_equal(utterance.part_count, 1);
    assert_int_equal(utterance.frames, 1234);
    assert_string_equal(rw_voice_clip(*state, utterance.parts[0].clip)->path, "/tmp/a.wav");
    assert_int_equal(rw_voice_add_text(*state, " ", "/tmp/c.wav", 99), RW_EINVALID);
    assert_null(rw_voice_clip(*state, before + 1));
}

static void an_added_text_never_replaces_a_composed_sentence(void **state)
{
    struct rw_utterance before, after;
    struct rw_words words = {
        .saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = 4, .total = 9};
    said(*state, words, &before);
    assert_int_equal(rw_voice_add_text(*state, "Run four of nine.", "/tmp/d.wav", 77), RW_OK);
    said(*state, words, &after);
    assert_int_equal(before.part_count, after.part_count);
    for (uint32_t i = 0; i < before.part_count; i++) {
        assert_int_equal(before.parts[i].clip, after.parts[i].clip);
    }
}

static void a_whole_clip_beats_a_joined_sentence(void **state)
{
    struct rw_utterance utterance;
    said(*state, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = 90000}, &utterance);
    assert_int_equal(utterance.part_count, 1);
    said(*state, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = 91000}, &utterance);
    assert_int_equal(utterance.part_count, 3); /* one minute | thirty- | one */
}

static void a_text_too_long_is_cut_between_characters(void **state)
{
    char text[2000];
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_TEXT, .text = text};
    memset(text, 'a', sizeof text);
    for (size_t i = 1; i + 2 < sizeof text; i += 2) {
        memcpy(text + i, "\u00e9", 2);
    }
    text[sizeof text - 1] = '\0';
    assert_int_equal(rw_voice_add_text(*state, text, "/tmp/long.wav", 9600), RW_OK);
    assert_int_equal(rw_voice_compose(*state, &words, &utterance), RW_OK);
    assert_int_equal(strlen(utterance.text), RW_UTTERANCE_TEXT_MAX - 1);
    assert_memory_equal(utterance.text, text, RW_UTTERANCE_TEXT_MAX - 1);
    text[1] = 'a';
    memmove(text + 2, text + 1, sizeof text - 3); /* now a character lies across the border */
    text[sizeof text - 1] = '\0';
    assert_int_equal(rw_voice_add_text(*state, text, "/tmp/long.wav", 9600), RW_OK);
    assert_int_equal(rw_voice_compose(*state, &words, &utterance), RW_OK);
    assert_int_equal(strlen(utterance.text), RW_UTTERANCE_TEXT_MAX - 2);
}

/* An English speller of its own, to check the pack's grammar against. */
static void spell(unsigned n, char *text, size_t size)
{
    static const char *const small[] = {"",        "one",     "two",       "three",    "four",
                                        "five",    "six",     "seven",     "eight",    "nine",
                                        "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    static const char *const tens[] = {"",      "",      "twenty",  "thirty", "forty",
                                       "fifty", "sixty", "seventy", "eighty", "ninety"};
    char rest[64] = "";
    if (n >= 100) {
        spell(n % 100, rest, sizeof rest);
        snprintf(text, size, "%s hundred%s%.50s", small[n / 100], n % 100 ? " " : "", rest);
    } else if (n >= 20) {
        snprintf(text, size, "%s%s%s", tens[n / 10], n % 10 ? "-" : "", small[n % 10]);
    } else {
        snprintf(text, size, "%s", small[n]);
    }
}

static void capitalise(char *text)
{
    text[0] = (char)(text[0] - 'a' + 'A');
}

static void every_count_to_999_is_spelled(void **state)
{
    char number[64], total[64], text[200];
    struct rw_utterance utterance;
    for (unsigned n = 1; n <= 999; n++) {
        unsigned m = n == 999 ? 999 : n + 1;
        spell(n, number, sizeof number);
        spell(m, total, sizeof total);
        snprintf(text, sizeof text, "Run %s of %s.", number, total);
        said(*state,
             (struct rw_words){
                 .saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = n, .total = m},
             &utterance);
        assert_string_equal(utterance.text, text);
        snprintf(text, sizeof text, "Done. One minute, %s run%s.", number, n == 1 ? "" : "s");
        said(*state, (struct rw_words){.saying = RW_SAY_DONE, .duration_ms = 60000, .total = n},
             &utterance);
        assert_string_equal(utterance.text, text);
    }
}

static void a_count_beyond_999_is_left_out(void **state)
{
    assert_said(*state,
                (struct rw_words){.saying = RW_SAY_SEGMENT,
                                  .kind = RW_KIND_RUN,
                                  .number = 1000,
                                  .total = 86400,
                                  .duration_ms = 1000},
                "Run. One second.");
    assert_said(*state,
                (struct rw_words){
                    .saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = 5, .total = 86400},
                "Run.");
    assert_said(*state,
                (struct rw_words){.saying = RW_SAY_DONE, .duration_ms = 1000, .total = 4000},
                "Done. One second.");
}

static void spell_unit(unsigned n, const char *unit, char *text, size_t size)
{
    char number[64];
    spell(n, number, sizeof number);
    snprintf(text, size, "%s %s%s", number, unit, n == 1 ? "" : "s");
}

/* "one hour five minutes ten seconds", and the short "one minute thirty" below an hour. */
static void spell_duration(unsigned seconds, char *text, size_t size)
{
    char parts[3][80];
    unsigned h = seconds / 3600, m = seconds / 60 % 60, s = seconds % 60;
    spell_unit(h, "hour", parts[0], sizeof parts[0]);
    spell_unit(m, "minute", parts[1], sizeof parts[1]);
    spell_unit(s, "second", parts[2], sizeof parts[2]);
    if (h == 0 && m > 0 && s >= 10) {
        spell(s, parts[2], sizeof parts[2]);
    }
    const char *hours = h > 0 ? parts[0] : "";
    const char *minutes = m > 0 ? parts[1] : "";
    const char *rest = s > 0 ? parts[2] : "";
    snprintf(text, size, "%s%s%s%s%s", hours, h > 0 && (m > 0 || s > 0) ? " " : "", minutes,
             m > 0 && s > 0 ? " " : "", rest);
}

static void every_duration_to_a_day_is_spelled(void **state)
{
    char duration[250], text[260];
    struct rw_utterance utterance;
    for (unsigned seconds = 1; seconds <= 24 * 3600; seconds++) {
        spell_duration(seconds, duration, sizeof duration);
        snprintf(text, sizeof text, "%s.", duration);
        capitalise(text);
        said(*state, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = seconds * 1000},
             &utterance);
        assert_string_equal(utterance.text, text);
        snprintf(text, sizeof text, "%s more.", duration);
        capitalise(text);
        said(*state, (struct rw_words){.saying = RW_SAY_EXTENDED, .duration_ms = seconds * 1000},
             &utterance);
        assert_string_equal(utterance.text, text);
    }
}

static void milliseconds_are_rounded_to_seconds(void **state)
{
    struct rw_words words = {.saying = RW_SAY_IN, .duration_ms = 1};
    assert_said(*state, words, "One second.");
    words.duration_ms = 1499;
    assert_said(*state, words, "One second.");
    words.duration_ms = 1500;
    assert_said(*state, words, "Two seconds.");
    words.duration_ms = 59500;
    assert_said(*state, words, "One minute.");
    words.duration_ms = UINT32_MAX; /* more than can be said is left out, where it may be */
    words.saying = RW_SAY_SEGMENT;
    words.kind = RW_KIND_WALK;
    struct rw_utterance utterance;
    said(*state, words, &utterance);
}

static void sentences_are_apart_and_words_are_not(void **state)
{
    struct rw_utterance utterance;
    said(*state,
         (struct rw_words){.saying = RW_SAY_SEGMENT,
                           .kind = RW_KIND_RUN,
                           .number = 3,
                           .total = 8,
                           .flags = RW_WORDS_HALFWAY},
         &utterance);
    assert_int_equal(utterance.part_count, 3); /* run three | of eight. | Halfway. */
    uint32_t first = rw_voice_clip(*state, utterance.parts[0].clip)->frames;
    uint32_t second =
        utterance.parts[1].offset + rw_voice_clip(*state, utterance.parts[1].clip)->frames;
    assert_true(utterance.parts[1].offset - first <= RW_RATE * 60 / 1000);
    assert_int_equal(utterance.parts[2].offset - second, RW_RATE / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_saying_has_its_words),
        cmocka_unit_test(sides_are_named_and_changed),
        cmocka_unit_test(a_name_that_nothing_speaks_is_left_out),
        cmocka_unit_test(text_is_spoken_word_for_word_or_not_at_all),
        cmocka_unit_test(what_nothing_speaks_is_a_tone_and_the_nearest_sentence),
        cmocka_unit_test(an_added_text_is_spoken_by_its_clip),
        cmocka_unit_test(an_added_text_never_replaces_a_composed_sentence),
        cmocka_unit_test(a_whole_clip_beats_a_joined_sentence),
        cmocka_unit_test(a_text_too_long_is_cut_between_characters),
        cmocka_unit_test(every_count_to_999_is_spelled),
        cmocka_unit_test(a_count_beyond_999_is_left_out),
        cmocka_unit_test(every_duration_to_a_day_is_spelled),
        cmocka_unit_test(milliseconds_are_rounded_to_seconds),
        cmocka_unit_test(sentences_are_apart_and_words_are_not),
    };
    return cmocka_run_group_tests(tests, english_open, english_close);
}
