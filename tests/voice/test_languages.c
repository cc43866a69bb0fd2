/*
 * The numbers and durations of every language, against those of ICU, which spells numbers by rules
 * of its own. What stands around the numbers is written down here once more.
 */
#include "runwalk/voice/voice.h"

#include <unicode/unum.h>
#include <unicode/ustring.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_MAX 999
#define WORD_SIZE 128
#define TEXT_SIZE RW_UTTERANCE_TEXT_MAX

/* ICU's names for the ways a language writes a number. */
#define NUMBERING "%spellout-numbering"
#define MASCULINE "%spellout-cardinal-masculine"
#define FEMININE  "%spellout-cardinal-feminine"

struct unit {
    const char *one;   /* "one hour" */
    const char *rules; /* for what stands before: */
    const char *many;  /* "hours" */
};

static const struct language {
    const char *code;
    const char *blank;
    const char *stop;
    struct unit units[3];      /* hours, minutes, seconds */
    const char *seconds_alone; /* after minutes, "one minute thirty"; NULL: never alone */
    const char *run_rules, *of_rules;
    const char *run; /* "Run five of eight." */
    const char *runs_rules;
    const char *one_run, *runs; /* the summary after one minute */
    const char *more;           /* how a session is lengthened */
} languages[] = {
    {"en",
     " ",
     ".",
     {{"one hour", NUMBERING, "hours"},
      {"one minute", NUMBERING, "minutes"},
      {"one second", NUMBERING, "seconds"}},
     NUMBERING,
     NUMBERING,
     NUMBERING,
     "Run %s of %s.",
     NUMBERING,
     "Done. One minute, one run.",
     "Done. One minute, %s runs.",
     "%s more."},
    {"de",
     " ",
     ".",
     {{"eine Stunde", NUMBERING, "Stunden"},
      {"eine Minute", NUMBERING, "Minuten"},
      {"eine Sekunde", NUMBERING, "Sekunden"}},
     NUMBERING,
     NUMBERING,
     NUMBERING,
     "Lauf %s von %s.",
     MASCULINE,
     "Fertig. Eine Minute, ein Lauf.",
     "Fertig. Eine Minute, %s Läufe.",
     "%s mehr."},
    {"es",
     " ",
     ".",
     {{"una hora", FEMININE, "horas"},
      {"un minuto", MASCULINE, "minutos"},
      {"un segundo", MASCULINE, "segundos"}},
     NUMBERING,
     NUMBERING,
     NUMBERING,
     "Corre, %s de %s.",
     MASCULINE,
     "Hecho. Un minuto, un tramo.",
     "Hecho. Un minuto, %s tramos.",
     "%s más."},
    {"fr",
     " ",
     ".",
     {{"une heure", FEMININE, "heures"},
      {"une minute", FEMININE, "minutes"},
      {"une seconde", FEMININE, "secondes"}},
     FEMININE,
     NUMBERING,
     NUMBERING,
     "Course %s sur %s.",
     FEMININE,
     "Terminé. Une minute, une course.",
     "Terminé. Une minute, %s courses.",
     "%s de plus."},
    {"zh",
     "",
     "。",
     /* 两 before a measure word, but 二 in 十二; of hundreds both are right. */
     {{"一小时", "%spellout-cardinal-alternate2", "小时"},
      {"一分钟", "%spellout-cardinal-alternate2", "分钟"},
      {"一秒", "%spellout-cardinal-alternate2", "秒"}},
     NULL,
     "%spellout-cardinal",
     "two: 两",
     "跑步第%s组，共%s组。",
     "two: 两",
     "完成。一分钟，共一组。",
     "完成。一分钟，共%s组。",
     "增加%s。"},
};

/* Every number from 1 to COUNT_MAX in the words of one set of rules. */
struct spelling {
    char words[COUNT_MAX + 1][WORD_SIZE];
};

static struct spelling *spelling_create(const char *code, const char *rules)
{
    struct spelling *spelling = calloc(1, sizeof *spelling);
    bool is_counted = strcmp(rules, "two: 两") == 0;
    UErrorCode error = U_ZERO_ERROR;
    UNumberFormat *format = unum_open(UNUM_SPELLOUT, NULL, 0, code, NULL, &error);
    UChar name[64];
    assert_non_null(spelling);
    u_uastrcpy(name, is_counted ? "%spellout-cardinal" : rules);
    unum_setTextAttribute(format, UNUM_DEFAULT_RULESET, name, -1, &error);
    for (int n = 1; n <= COUNT_MAX; n++) {
        UChar wide[WORD_SIZE];
        int32_t kept = 0;
        int32_t length = unum_formatInt64(format, n, wide, WORD_SIZE, NULL, &error);
        for (int32_t i = 0; i < length; i++) {
            if (wide[i] != 0xAD) { /* a soft hyphen */
                wide[kept++] = wide[i];
            }
        }
        u_strToUTF8(spelling->words[n], WORD_SIZE, NULL, wide, kept, &error);
    }
    if (U_FAILURE(error)) {
        fail_msg("ICU, %s, %s: %s", code, rules, u_errorName(error));
    }
    unum_close(format);
    if (is_counted) {
        strcpy(spelling->words[2], "两");
    }
    return spelling;
}

static void capitalise(char *text)
{
    if (*text >= 'a' && *text <= 'z') {
        *text = (char)(*text - 'a' + 'A');
    }
}

static struct rw_voice *voice_open(const struct language *language)
{
    char path[200];
    struct rw_diagnostics diagnostics;
    struct rw_voice *voice = NULL;
    rw_diagnostics_init(&diagnostics);
    snprintf(path, sizeof path, TEST_SOURCE_DIR "/sounds/%s", language->code);
    if (rw_voice_open(path, &diagnostics, &voice) != RW_OK) {
        fail_msg("%s: %s", path, diagnostics.list[0].text);
    }
    assert_string_equal(rw_voice_language(voice), language->code);
    return voice;
}

static void assert_said(const struct rw_voice *voice, struct rw_words words, char *expected)
{
    struct rw_utterance utterance;
    capitalise(expected);
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
    assert_string_equal(utterance.text, expected);
}

/* FORMAT is one of the table above, which the compiler cannot check. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void fill(char *text, const char *format, const char *one, const char *other)
{
    snprintf(text, TEXT_SIZE, format, one, other);
}
#pragma GCC diagnostic pop

static void every_count_to_999_is_that_of_icu(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(languages); i++) {
        const struct language *language = &languages[i];
        struct rw_voice *voice = voice_open(language);
        struct spelling *run = spelling_create(language->code, language->run_rules);
        struct spelling *of = spelling_create(language->code, language->of_rules);
        struct spelling *runs = spelling_create(language->code, language->runs_rules);
        for (uint32_t n = 1; n <= COUNT_MAX; n++) {
            char text[TEXT_SIZE];
            uint32_t m = n < COUNT_MAX ? n + 1 : n;
            fill(text, language->run, run->words[n], of->words[m]);
            assert_said(voice,
                        (struct rw_words){
                            .saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = n, .total = m},
                        text);
            fill(text, n == 1 ? language->one_run : language->runs, runs->words[n], "");
            assert_said(voice,
                        (struct rw_words){.saying = RW_SAY_DONE, .duration_ms = 60000, .total = n},
                        text);
        }
        free(run);
        free(of);
        free(runs);
        rw_voice_close(voice);
    }
}

static void duration_spell(const struct language *language, struct spelling *const spellings[4],
                           uint32_t seconds, char *text)
{
    const uint32_t values[3] = {seconds / 3600, seconds / 60 % 60, seconds % 60};
    bool is_alone = language->seconds_alone && values[0] == 0 && values[1] > 0 && values[2] >= 10;
    *text = '\0';
    for (int i = 0; i < 3; i++) {
        size_t used = strlen(text);
        const char *blank = used > 0 ? language->blank : "";
        if (values[i] == 0) {
            continue;
        }
        if (i == 2 && is_alone) {
            snprintf(text + used, TEXT_SIZE - used, "%s%s", blank, spellings[3]->words[values[i]]);
        } else if (values[i] == 1) {
            snprintf(text + used, TEXT_SIZE - used, "%s%s", blank, language->units[i].one);
        } else {
            snprintf(text + used, TEXT_SIZE - used, "%s%s%s%s", blank,
                     spellings[i]->words[values[i]], language->blank, language->units[i].many);
        }
    }
}

static void durations_check(const struct language *language)
{
    struct rw_voice *voice = voice_open(language);
    struct spelling *spellings[4] = {NULL};
    for (int i = 0; i < 3; i++) {
        spellings[i] = spelling_create(language->code, language->units[i].rules);
    }
    spellings[3] = spelling_create(language->code,
                                   language->seconds_alone ? language->seconds_alone : NUMBERING);
    for (uint32_t seconds = 1; seconds <= 24 * 3600; seconds++) {
        char duration[TEXT_SIZE - 100], text[TEXT_SIZE];
        char whole[TEXT_SIZE];
        duration_spell(language, spellings, seconds, whole);
        snprintf(duration, sizeof duration, "%.400s", whole);
        snprintf(text, sizeof text, "%s%s", duration, language->stop);
        assert_said(voice, (struct rw_words){.saying = RW_SAY_IN, .duration_ms = seconds * 1000},
                    text);
        fill(text, language->more, duration, "");
        assert_said(voice,
                    (struct rw_words){.saying = RW_SAY_EXTENDED, .duration_ms = seconds * 1000},
                    text);
    }
    for (int i = 0; i < 4; i++) {
        free(spellings[i]);
    }
    rw_voice_close(voice);
}

static void every_duration_to_a_day_is_that_of_icu(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(languages); i++) {
        durations_check(&languages[i]);
    }
}

/* A phrase that one language lacks would leave its runner without a word. */
static void every_language_says_all_that_english_says(void **state)
{
    struct rw_voice *english = voice_open(&languages[0]);
    (void)state;
    for (size_t i = 1; i < RW_COUNT(languages); i++) {
        struct rw_voice *voice = voice_open(&languages[i]);
        for (int saying = RW_SAY_SEGMENT; saying < RW_SAYING_COUNT; saying++) {
            uint32_t count = rw_voice_phrase_count(english, (enum rw_saying)saying);
            assert_int_equal(rw_voice_phrase_count(voice, (enum rw_saying)saying), count);
            for (uint32_t n = count > 0; saying != RW_SAY_TEXT && n <= count; n++) {
                struct rw_utterance utterance;
                struct rw_words words = {.saying = (enum rw_saying)saying,
                                         .kind = RW_KIND_WALK,
                                         .number = saying == RW_SAY_PLAN ? 7 : n,
                                         .duration_ms = 61000};
                assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
                assert_true(utterance.frames > 0);
                assert_int_equal(rw_voice_phrase_tags(voice, (enum rw_saying)saying, n),
                                 rw_voice_phrase_tags(english, (enum rw_saying)saying, n));
            }
        }
        for (int kind = 0; kind < RW_KIND_COUNT; kind++) {
            struct rw_utterance utterance;
            struct rw_words words = {.saying = RW_SAY_WHERE,
                                     .kind = (enum rw_kind)kind,
                                     .side = RW_SIDE_LEFT,
                                     .duration_ms = 20000};
            assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
            assert_true(utterance.part_count >= 4);
        }
        rw_voice_close(voice);
    }
    rw_voice_close(english);
}

/* The plans that come with runwalk are called by their names, up to the longest that one may be. */
static void every_language_calls_the_shipped_plans(void **state)
{
    static const char *const names[] = {"Beginner", "Gentle beginner", "From five to ten", "Core"};
    (void)state;
    for (size_t i = 0; i < RW_COUNT(languages); i++) {
        struct rw_voice *voice = voice_open(&languages[i]);
        for (size_t n = 0; n < RW_COUNT(names); n++) {
            for (uint32_t week = 1; week <= 52; week++) {
                struct rw_utterance named;
                struct rw_utterance unnamed;
                struct rw_words words = {
                    .saying = RW_SAY_PLAN, .kind = RW_KIND_EXERCISE, .number = week};
                assert_int_equal(rw_voice_compose(voice, &words, &unnamed), RW_OK);
                words.text = names[n];
                assert_int_equal(rw_voice_compose(voice, &words, &named), RW_OK);
                assert_true(strlen(named.text) > strlen(unnamed.text));
            }
        }
        rw_voice_close(voice);
    }
}

/* The characters of TEXT that are spoken: none of the blanks, commas and stops. */
static uint32_t letters_count(const char *text)
{
    uint32_t count = 0;
    for (; *text; text++) {
        bool begins = ((unsigned char)*text & 0xC0) != 0x80;
        bool is_wide_stop = strncmp(text, "。", 3) == 0 || strncmp(text, "，", 3) == 0 ||
                            strncmp(text, "？", 3) == 0;
        count += begins && !is_wide_stop && !strchr(" ,.!?-':", *text);
    }
    return count;
}

/* An engine that spells, skips or mumbles takes too long or too short a time. */
static void length_check(const struct rw_voice *voice, struct rw_words words)
{
    bool is_chinese = strcmp(rw_voice_language(voice), "zh") == 0;
    double least = is_chinese ? 0.18 : 0.035;
    double most = is_chinese ? 0.45 : 0.18;
    struct rw_utterance utterance;
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
    uint32_t letters = letters_count(utterance.text);
    double each = (double)utterance.frames / RW_RATE / letters;
    if (letters >= (is_chinese ? 4 : 12) && (each < least || each > most)) {
        fail_msg("\"%s\" takes %.3f s a letter", utterance.text, each);
    }
}

static void every_sentence_is_as_long_as_its_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < RW_COUNT(languages); i++) {
        struct rw_voice *voice = voice_open(&languages[i]);
        for (int saying = RW_SAY_SEGMENT; saying < RW_SAYING_COUNT; saying++) {
            uint32_t count = rw_voice_phrase_count(voice, (enum rw_saying)saying);
            for (uint32_t n = count > 0; saying != RW_SAY_TEXT && n <= count; n++) {
                length_check(voice, (struct rw_words){.saying = (enum rw_saying)saying,
                                                      .kind = RW_KIND_RUN,
                                                      .number = saying == RW_SAY_PLAN ? 7 : n,
                                                      .duration_ms = 754000});
            }
        }
        for (uint32_t seconds = 1; seconds < 7200; seconds += 7) {
            length_check(
                voice, (struct rw_words){.saying = RW_SAY_EXTENDED, .duration_ms = seconds * 1000});
        }
        for (uint32_t n = 1; n <= COUNT_MAX; n++) {
            length_check(
                voice, (struct rw_words){
                           .saying = RW_SAY_SEGMENT, .kind = RW_KIND_RUN, .number = n, .total = n});
        }
        for (uint32_t n = 0; n < rw_voice_text_count(voice); n++) {
            length_check(voice,
                         (struct rw_words){.saying = RW_SAY_TEXT, .text = rw_voice_text(voice, n)});
        }
        rw_voice_close(voice);
    }
}

static void sentences_are_put_as_each_language_puts_them(void **state)
{
    static const struct {
        const char *code, *text;
        struct rw_words words;
    } cases[] = {
        {"de",
         "Beginn mit zügigem Gehen.",
         {.saying = RW_SAY_TEXT, .text = "start with a brisk walk"}},
        {"fr",
         "Débutant, semaine cinq, jour deux. Vingt-et-une minutes.",
         {.saying = RW_SAY_CHOSEN, .text = "Beginner, week 5, day 2", .duration_ms = 1260000}},
        {"zh",
         "侧平板支撑。左侧。二十秒。",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_EXERCISE,
          .side = RW_SIDE_LEFT,
          .name = "Side plank",
          .duration_ms = 20000}},
        {"en",
         "Rest. Ten seconds. Next: Side plank.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_REST,
          .duration_ms = 10000,
          .text = "Side plank"}},
        {"de",
         "Pause. Zehn Sekunden. Als Nächstes: Seitstütz.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_REST,
          .duration_ms = 10000,
          .text = "Side plank"}},
        {"es",
         "Descansa. Diez segundos. A continuación: Plancha lateral.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_REST,
          .duration_ms = 10000,
          .text = "Side plank"}},
        {"fr",
         "Repos. Dix secondes. Ensuite : Planche latérale.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_REST,
          .duration_ms = 10000,
          .text = "Side plank"}},
        {"zh",
         "休息。十秒。接下来：侧平板支撑。",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_REST,
          .duration_ms = 10000,
          .text = "Side plank"}},
        {"de",
         "Letzter Lauf in einer Minute.",
         {.saying = RW_SAY_IN, .duration_ms = 60000, .flags = RW_WORDS_LAST_RUN}},
        {"de",
         "Beendet nach einer Stunde fünf Minuten.",
         {.saying = RW_SAY_STOPPED, .duration_ms = 65 * 60000}},
        {"de",
         "Gehen. Noch vierzig Sekunden.",
         {.saying = RW_SAY_WHERE, .kind = RW_KIND_WALK, .duration_ms = 40000}},
        {"de",
         "Geh langsam. Höchstens zwei Minuten.",
         {.saying = RW_SAY_REST, .duration_ms = 120000}},
        {"es",
         "Corre, cinco de ocho. Un minuto.",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_RUN,
          .number = 5,
          .total = 8,
          .duration_ms = 60000}},
        {"es",
         "Estoy de vuelta. Camina. Tiempo restante: cuarenta segundos.",
         {.saying = RW_SAY_BACK_AGAIN, .kind = RW_KIND_WALK, .duration_ms = 40000}},
        {"fr",
         "Terminé. Vingt-et-une minutes, huit courses.",
         {.saying = RW_SAY_DONE, .duration_ms = 21 * 60000, .total = 8}},
        {"fr", "Il reste une minute trente.", {.saying = RW_SAY_TIME_LEFT, .duration_ms = 90000}},
        {"zh",
         "跑步第五组，共八组。已完成一半。",
         {.saying = RW_SAY_SEGMENT,
          .kind = RW_KIND_RUN,
          .number = 5,
          .total = 8,
          .flags = RW_WORDS_HALFWAY}},
        {"zh",
         "两分钟后开始最后一组跑步。",
         {.saying = RW_SAY_IN, .duration_ms = 120000, .flags = RW_WORDS_LAST_RUN}},
    };
    (void)state;
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        for (size_t k = 0; k < RW_COUNT(languages); k++) {
            if (strcmp(languages[k].code, cases[i].code) == 0) {
                char text[TEXT_SIZE];
                struct rw_voice *voice = voice_open(&languages[k]);
                snprintf(text, sizeof text, "%s", cases[i].text);
                assert_said(voice, cases[i].words, text);
                rw_voice_close(voice);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_count_to_999_is_that_of_icu),
        cmocka_unit_test(every_duration_to_a_day_is_that_of_icu),
        cmocka_unit_test(every_language_says_all_that_english_says),
        cmocka_unit_test(every_language_calls_the_shipped_plans),
        cmocka_unit_test(every_sentence_is_as_long_as_its_words),
        cmocka_unit_test(sentences_are_put_as_each_language_puts_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
