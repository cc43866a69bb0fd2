/* What the English coach says beside the course of the run: its phrases, and the health sentences.
 */
#include "runwalk/voice/voice.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int english_open(void **state)
{
    struct rw_voice *voice = NULL;
    enum rw_status status = rw_voice_open(TEST_SOURCE_DIR "/sounds/en", NULL, &voice);
    *state = voice;
    return status == RW_OK ? 0 : -1;
}

static int english_close(void **state)
{
    rw_voice_close(*state);
    return 0;
}

static void each_answer_has_its_words(void **state)
{
    static const struct {
        const char *text;
        struct rw_words words;
    } cases[] = {
        {"I'm back. Walk. Forty seconds left.",
         {.saying = RW_SAY_BACK_AGAIN, .kind = RW_KIND_WALK, .duration_ms = 40000}},
        {"Twelve minutes left.", {.saying = RW_SAY_TIME_LEFT, .duration_ms = 720000}},
        {"Walk slowly. Two minutes at most.", {.saying = RW_SAY_REST, .duration_ms = 120000}},
        {"Take a rest, and walk slowly. One minute thirty at most.",
         {.saying = RW_SAY_REST, .duration_ms = 90000, .variant = 1}},
        {"Walk slowly.", {.saying = RW_SAY_REST}},
        {"Thirty seconds of rest left.", {.saying = RW_SAY_REST_LEFT, .duration_ms = 30000}},
        {"Ready to run again?", {.saying = RW_SAY_REST_OVER}},
        {"Good. Run again.", {.saying = RW_SAY_READY}},
        {"Good. Run on, gently.", {.saying = RW_SAY_READY, .variant = 3}},
        {"Shorter runs from here.", {.saying = RW_SAY_EASIER}},
        {"Longer runs from here.", {.saying = RW_SAY_HARDER}},
        {"Now, cool down.", {.saying = RW_SAY_COOLDOWN_NOW}},
        {"Walk. Breathe out fully, and press a hand on the sore side.",
         {.saying = RW_SAY_STITCH, .variant = 7}},
        {"Walk gently. If it still hurts, end here.", {.saying = RW_SAY_PAIN}},
        {"Stop. Sit down somewhere safe. If your chest hurts, or you faint or cannot get your "
         "breath, call emergency services.",
         {.saying = RW_SAY_EMERGENCY}},
        {"Does it still hurt?", {.saying = RW_SAY_AFTER_PAIN}},
        {"I will be quiet.", {.saying = RW_SAY_QUIET}},
        {"I will say less.", {.saying = RW_SAY_LESS_TALK}},
        {"I will say more.", {.saying = RW_SAY_MORE_TALK}},
        {"Beginner, week one. Thirty minutes. Walk first.",
         {.saying = RW_SAY_PLAN,
          .text = "Beginner",
          .number = 1,
          .duration_ms = 1800000,
          .kind = RW_KIND_WARMUP}},
        {"Gentle beginner, week ten. The same again. Forty minutes. Run first.",
         {.saying = RW_SAY_PLAN,
          .text = "Gentle beginner",
          .number = 10,
          .duration_ms = 2400000,
          .flags = RW_WORDS_AGAIN,
          .kind = RW_KIND_RUN}},
        {"Core, week two. One step back. Seven minutes thirty.",
         {.saying = RW_SAY_PLAN,
          .text = "Core",
          .number = 2,
          .duration_ms = 450000,
          .flags = RW_WORDS_STEP_BACK,
          .kind = RW_KIND_EXERCISE}},
        {"From five to ten, week three. Easier again, after the pause. Walk first.",
         {.saying = RW_SAY_PLAN,
          .text = "From five to ten",
          .number = 3,
          .flags = RW_WORDS_WEEKS_BACK,
          .kind = RW_KIND_WALK}},
        {"Week forty-seven. This is a big step. Walk when you must. Walk first.",
         {.saying = RW_SAY_PLAN,
          .text = "A name that nothing speaks",
          .number = 47,
          .flags = RW_WORDS_BIG_STEP,
          .kind = RW_KIND_WALK}},
        {"The plan waits until all is well again.", {.saying = RW_SAY_PLAN_WAITS}},
        {"Choose a plan first.", {.saying = RW_SAY_NO_PLAN}},
        {"Easy and even. You can keep going.", {.saying = RW_SAY_ENCOURAGE, .number = 1}},
        {"You are all right. You can keep going.", {.saying = RW_SAY_REASSURE, .number = 1}},
        {"Look thirty steps ahead.", {.saying = RW_SAY_POSTURE, .number = 1}},
        {"Breathe out fully.", {.saying = RW_SAY_BREATHING, .number = 1}},
        {"If it feels heavy, ease off and breathe out fully. It often passes. Dizzy, or a tight "
         "chest? Stop.",
         {.saying = RW_SAY_DEAD_POINT, .number = 1}},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_utterance utterance;
        assert_int_equal(rw_voice_compose(*state, &cases[i].words, &utterance), RW_OK);
        assert_string_equal(utterance.text, cases[i].text);
    }
}

/* The text of phrase NUMBER, which there is, in small letters. */
static void phrase_text(const struct rw_voice *voice, enum rw_saying saying, uint32_t number,
                        struct rw_utterance *utterance)
{
    struct rw_words words = {.saying = saying, .number = number};
    assert_int_equal(rw_voice_compose(voice, &words, utterance), RW_OK);
    for (char *c = utterance->text; *c; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
}

static void there_are_many_phrases_and_no_two_are_alike(void **state)
{
    static const struct {
        enum rw_saying saying;
        uint32_t least, seconds_max;
    } families[] = {{RW_SAY_ENCOURAGE, 60, 4},
                    {RW_SAY_REASSURE, 5, 4},
                    {RW_SAY_POSTURE, 20, 4},
                    {RW_SAY_BREATHING, 10, 5},
                    {RW_SAY_DEAD_POINT, 10, 10}};
    static char seen[200][RW_UTTERANCE_TEXT_MAX];
    uint32_t count = 0;
    for (size_t i = 0; i < RW_COUNT(families); i++) {
        uint32_t phrases = rw_voice_phrase_count(*state, families[i].saying);
        assert_true(phrases >= families[i].least);
        for (uint32_t number = 1; number <= phrases; number++) {
            struct rw_utterance utterance;
            phrase_text(*state, families[i].saying, number, &utterance);
            assert_true(utterance.frames > RW_RATE / 2);
            if (utterance.frames > families[i].seconds_max * RW_RATE) {
                fail_msg("\"%s\" is too long", utterance.text);
            }
            for (uint32_t k = 0; k < count; k++) {
                assert_string_not_equal(utterance.text, seen[k]);
            }
            assert_true(count < RW_COUNT(seen));
            strcpy(seen[count++], utterance.text);
        }
    }
}

static void nothing_presses_on_and_what_is_unasked_does_not_reassure(void **state)
{
    static const char *const never[] = {"push",  "fast", "faster",           "harder",
                                        "quick", "pain", "you are all right"};
    static const enum rw_saying unasked[] = {RW_SAY_ENCOURAGE, RW_SAY_POSTURE, RW_SAY_BREATHING,
                                             RW_SAY_DEAD_POINT};
    for (size_t i = 0; i < RW_COUNT(unasked); i++) {
        for (uint32_t n = 1; n <= rw_voice_phrase_count(*state, unasked[i]); n++) {
            struct rw_utterance utterance;
            phrase_text(*state, unasked[i], n, &utterance);
            for (size_t k = 0; k < RW_COUNT(never); k++) {
                assert_null(strstr(utterance.text, never[k]));
            }
            if (unasked[i] == RW_SAY_DEAD_POINT) {
                assert_non_null(strstr(utterance.text, "dizzy, or a tight chest? stop."));
            }
        }
    }
}

static void each_moment_has_phrases_of_its_own_and_most_fit_always(void **state)
{
    uint32_t phrases = rw_voice_phrase_count(*state, RW_SAY_ENCOURAGE);
    uint32_t always = 0;
    for (unsigned tag = RW_TAG_EARLY; tag <= RW_TAG_LAST_MINUTE; tag <<= 1) {
        uint32_t count = 0;
        for (uint32_t number = 1; number <= phrases; number++) {
            count += (rw_voice_phrase_tags(*state, RW_SAY_ENCOURAGE, number) & tag) != 0;
        }
        assert_true(count >= 5);
    }
    for (uint32_t number = 1; number <= phrases; number++) {
        always += rw_voice_phrase_tags(*state, RW_SAY_ENCOURAGE, number) == 0;
    }
    assert_true(2 * always > phrases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_has_its_words),
        cmocka_unit_test(there_are_many_phrases_and_no_two_are_alike),
        cmocka_unit_test(nothing_presses_on_and_what_is_unasked_does_not_reassure),
        cmocka_unit_test(each_moment_has_phrases_of_its_own_and_most_fit_always),
    };
    return cmocka_run_group_tests(tests, english_open, english_close);
}
