/* Packs that are wrong: each is refused, and the reason is told where it stands. */
#include "runwalk/voice/voice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "language: xx\nvoice: v\ngenerator: g\nlicence: l\nquality: basic\nrate: 24000\nphrases:\n"
#define TONES                                                                                      \
    "  tone-run: {file: a.flac, frames: 1}\n  tone-walk: {file: a.flac, frames: 1}\n"              \
    "  tone-finish: {file: a.flac, frames: 1}\n  tick: {file: a.flac, frames: 1}\n"
#define WORDS "  go: {text: go, file: go.flac, frames: 24000}\n"
#define JOINTS                                                                                     \
    "language: xx\njoints:\n  word: {text: ' ', pause: 0s}\n  clause: {text: ', ', pause: 0s}\n"   \
    "  sentence: {text: '.', pause: 100ms}\n"
#define RULES                                                                                      \
    "  in: [go]\n  halfway: [go]\n  done: [go]\n  chosen: [go]\n  paused: [go]\n"                  \
    "  still-paused: [go]\n  where: [go]\n  extended: [go]\n  shortened: [go]\n  stopped: [go]\n"  \
    "  starting-in: [go]\n  nothing-chosen: [go]\n"                                                \
    "  back-again: [go]\n  time-left: [go]\n  encourage: ['encourage-{number}', go]\n"             \
    "  reassure: [go]\n  posture: [go]\n  breathing: [go]\n  dead-point: [go]\n"                   \
    "  rest: [go]\n  rest-left: [go]\n  rest-over: [go]\n  ready: [go]\n  easier: [go]\n  ratio: " \
    "[go]\n"                                                                                       \
    "  harder: [go]\n  cooldown-now: [go]\n  stitch: [go]\n  pain: [go]\n"                         \
    "  emergency: [go]\n  after-pain: [go]\n  quiet: [go]\n  less-talk: [go]\n"                    \
    "  more-talk: [go]\n  plan: [go]\n  plan-waits: [go]\n  no-plan: [go]\n"
#define GRAMMAR JOINTS "rules:\n  segment: [go]\n" RULES

struct folder {
    char path[64];
};

static int folder_make(void **state)
{
    static struct folder folder;
    strcpy(folder.path, "/tmp/rw-pack-XXXXXX");
    *state = &folder;
    return mkdtemp(folder.path) ? 0 : -1;
}

static int folder_remove(void **state)
{
    const struct folder *folder = *state;
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", folder->path);
    return system(command);
}

static void file_write(const struct folder *folder, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    if (!text) {
        unlink(path);
        return;
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Opens the pack of these two files (NULL: none); the diagnostics are for the caller. */
static enum rw_status pack_try(const struct folder *folder, const char *pack, const char *grammar,
                               struct rw_diagnostics *diagnostics, struct rw_voice **ret_voice)
{
    file_write(folder, "pack.yaml", pack);
    file_write(folder, "grammar.yaml", grammar);
    rw_diagnostics_init(diagnostics);
    return rw_voice_open(folder->path, diagnostics, ret_voice);
}

static void each_mistake_is_told_where_it_stands(void **state)
{
    static const struct {
        const char *pack, *grammar;
        uint32_t line; /* 0: the text holds the place */
        const char *text;
    } cases[] = {
        {"", GRAMMAR, 0, ""},
        {"language: [xx", GRAMMAR, 0, ""},
        {HEAD TONES, NULL, 0, "there is no grammar.yaml beside it"},
        {HEAD WORDS, GRAMMAR, 0, "there is no \"tone-run\", neither here nor in ../tones"},
        {HEAD TONES "  x: {text: x, file: ../x.flac, frames: 1}\n", GRAMMAR, 12,
         "a clip lies inside the pack: clips/x.flac"},
        {HEAD TONES "  x: {text: x, file: /x.flac, frames: 1}\n", GRAMMAR, 12,
         "a clip lies inside the pack: clips/x.flac"},
        {HEAD TONES "  x: {text: x, file: a/../../x.flac, frames: 1}\n", GRAMMAR, 12,
         "a clip lies inside the pack: clips/x.flac"},
        {HEAD TONES "  x: {text: x, file: x.flac, frames: 0}\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: {text: x, file: x.flac, frames: 2880001}\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: {text: x, file: x.flac, frames: 1, rate: 7999}\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: {text: x, file: x.flac}\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: {text: x, fil: x.flac, frames: 1}\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: nothing\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: []\n", GRAMMAR, 12, "a phrase has at least one clip"},
        {HEAD TONES "  x: {file: x.flac, frames: 1, tags: [latest]}\n", GRAMMAR, 12, ""},
        {HEAD TONES "  x: {file: x.flac, frames: 1, tags: early}\n", GRAMMAR, 12, ""},
        {HEAD TONES "texts:\n  - {text: '...', file: x.flac, frames: 1}\n", GRAMMAR, 13,
         "a text needs at least one word"},
        {HEAD TONES WORDS, "language: de\n", 0, "grammar.yaml:1:1: "},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: [run]\n" RULES, 0,
         "grammar.yaml:7:13: the pack has no phrase \"run\""},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: [<later>]\n  later: [go]\n" RULES, 0,
         "grammar.yaml:7:13: no rule \"later\" stands above this one"},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: [<segment>]\n" RULES, 0,
         "grammar.yaml:7:13: no rule \"segment\" stands above this one"},
        {HEAD TONES WORDS, JOINTS "rules:\n" RULES, 0,
         "grammar.yaml:7:3: the rule \"segment\" is missing"},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: ['when:rain go']\n" RULES, 0,
         "grammar.yaml:7:13: nothing is called \"rain\" here"},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: ['when:seconds>=x go']\n" RULES, 0,
         "grammar.yaml:7:13: a number from 1 to 999 follows \">=\""},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: ['go-{rain}']\n" RULES, 0,
         "grammar.yaml:7:13: nothing is called \"rain\" here"},
        {HEAD TONES WORDS, JOINTS "rules:\n  segment: ['go-{number']\n" RULES, 0,
         "grammar.yaml:7:13: a family of phrases is written family-{number}: \"go-{number\""},
        {HEAD TONES WORDS, JOINTS "heads: {20: go, 10: go}\nrules:\n  segment: [go]\n" RULES, 0,
         "grammar.yaml:6:17: heads stand in rising order"},
        {HEAD TONES WORDS, JOINTS "heads: {20: gone}\nrules:\n  segment: [go]\n" RULES, 0,
         "grammar.yaml:6:13: the pack has no phrase \"gone\""},
    };
    for (size_t i = 0; i < RW_COUNT(cases); i++) {
        struct rw_voice *voice = NULL;
        struct rw_diagnostics diagnostics;
        enum rw_status status =
            pack_try(*state, cases[i].pack, cases[i].grammar, &diagnostics, &voice);
        bool is_told = false;
        for (size_t k = 0; k < diagnostics.count; k++) {
            is_told = is_told || (diagnostics.list[k].line >= cases[i].line &&
                                  strstr(diagnostics.list[k].text, cases[i].text));
        }
        if (status != RW_EINVALID || !is_told || diagnostics.errors == 0) {
            fail_msg("case %zu: status %d, first problem at %u: %s", i, (int)status,
                     diagnostics.list[0].line, diagnostics.list[0].text);
        }
        assert_null(voice);
        assert_int_equal(rw_voice_open(((struct folder *)*state)->path, NULL, &voice), RW_EINVALID);
    }
}

static void a_folder_without_a_pack_is_none(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    assert_int_equal(pack_try(*state, NULL, GRAMMAR, &diagnostics, &voice), RW_ENOENT);
    assert_int_equal(rw_voice_open("/no/such/folder", NULL, &voice), RW_ENOENT);
    assert_int_equal(rw_voice_open("/dev/null", NULL, &voice), RW_ENOENT);
    assert_null(voice);
}

static void a_small_pack_is_enough(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_DONE, .duration_ms = 1000, .total = 2};
    assert_int_equal(pack_try(*state, HEAD TONES WORDS, GRAMMAR, &diagnostics, &voice), RW_OK);
    assert_int_equal(diagnostics.count, 0);
    assert_string_equal(rw_voice_language(voice), "xx");
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
    assert_string_equal(utterance.text, "Go.");
    assert_int_equal(utterance.frames, RW_RATE);
    rw_voice_close(voice);
}

static void a_phrase_has_variants_and_tags(void **state)
{
    static const char pack[] =
        HEAD TONES WORDS "  encourage-1: {text: one, file: a.flac, frames: 1, tags: [early, "
                         "last-minute]}\n"
                         "  encourage-2:\n"
                         "    - {text: two, file: b.flac, frames: 24000}\n"
                         "    - {text: too, file: c.flac, frames: 48000}\n";
    static const char *const texts[] = {"Two.", "Too.", "Two."};
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    assert_int_equal(pack_try(*state, pack, GRAMMAR, &diagnostics, &voice), RW_OK);
    assert_int_equal(rw_voice_phrase_count(voice, RW_SAY_ENCOURAGE), 2);
    assert_int_equal(rw_voice_phrase_count(voice, RW_SAY_POSTURE), 0);
    assert_int_equal(rw_voice_phrase_count(voice, RW_SAY_PAUSED), 0);
    assert_int_equal(rw_voice_phrase_tags(voice, RW_SAY_ENCOURAGE, 1),
                     RW_TAG_EARLY | RW_TAG_LAST_MINUTE);
    assert_int_equal(rw_voice_phrase_tags(voice, RW_SAY_ENCOURAGE, 2), 0);
    assert_int_equal(rw_voice_phrase_tags(voice, RW_SAY_ENCOURAGE, 3), 0);
    for (uint32_t variant = 0; variant < RW_COUNT(texts); variant++) {
        struct rw_words words = {.saying = RW_SAY_ENCOURAGE, .number = 2, .variant = variant};
        assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
        assert_string_equal(utterance.text, texts[variant]);
        assert_int_equal(utterance.frames, variant == 1 ? 2 * RW_RATE : RW_RATE);
    }
    rw_voice_close(voice);
}

static void a_text_may_stand_for_words_of_another_language(void **state)
{
    static const char pack[] =
        HEAD TONES WORDS "texts:\n"
                         "  - {text: Los jetzt., for: \"Go  now!\", file: b.flac, frames: 9}\n";
    static const char *const asked[] = {"go now", "Los jetzt."};
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    assert_int_equal(pack_try(*state, pack, GRAMMAR, &diagnostics, &voice), RW_OK);
    for (size_t i = 0; i < RW_COUNT(asked); i++) {
        struct rw_words words = {.saying = RW_SAY_TEXT, .text = asked[i]};
        assert_true(rw_voice_knows_text(voice, asked[i]));
        assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
        assert_string_equal(utterance.text, "Los jetzt.");
        assert_int_equal(utterance.part_count, 1);
    }
    assert_int_equal(rw_voice_text_count(voice), 1);
    assert_string_equal(rw_voice_text(voice, 0), "Los jetzt.");
    assert_null(rw_voice_text(voice, 1));
    rw_voice_close(voice);
}

static void clips_of_any_rate_have_their_length_at_ours(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_PAUSED};
    const char *pack = HEAD TONES "  go: {text: go, file: go.flac, frames: 22051, rate: 22050}\n";
    assert_int_equal(pack_try(*state, pack, GRAMMAR, &diagnostics, &voice), RW_OK);
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
    assert_int_equal(utterance.frames, RW_RATE + 3); /* 2.18 frames more, rounded up */
    rw_voice_close(voice);
}

static void a_sentence_that_nothing_speaks_is_named(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_SEGMENT, .number = 3};
    const char *grammar = JOINTS "rules:\n  segment: [ 'go-{number}' ]\n" RULES;
    assert_int_equal(pack_try(*state, HEAD TONES WORDS, grammar, &diagnostics, &voice), RW_OK);
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_ENOENT);
    assert_string_equal(utterance.text, "segment");
    assert_int_equal(utterance.part_count, 0);
    rw_voice_close(voice);
}

static void a_sentence_longer_than_an_utterance_falls_back(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_SEGMENT};
    const char *grammar = JOINTS "rules:\n  nine: [go go go go go go go go go]\n"
                                 "  segment: [<nine> <nine>, go / <nine>, go]\n" RULES;
    assert_int_equal(pack_try(*state, HEAD TONES WORDS, grammar, &diagnostics, &voice), RW_OK);
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_OK);
    assert_int_equal(utterance.part_count, 10);
    assert_string_equal(utterance.text, "Go. Go go go go go go go go go.");
    assert_int_equal(utterance.frames, 10 * RW_RATE + RW_RATE / 10);
    rw_voice_close(voice);
}

/* Each rule tries the one before twice, and the first never succeeds: 2^30 tries, if allowed. */
static void a_grammar_that_tries_for_ever_is_stopped(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    struct rw_utterance utterance;
    struct rw_words words = {.saying = RW_SAY_SEGMENT};
    char grammar[4000] = JOINTS "rules:\n  r0: ['go when:last']\n";
    for (int i = 1; i <= 30; i++) {
        snprintf(grammar + strlen(grammar), sizeof grammar - strlen(grammar),
                 "  r%d: [<r%d>, <r%d>]\n", i, i - 1, i - 1);
    }
    strcat(grammar, "  segment: [<r30>]\n" RULES);
    assert_int_equal(pack_try(*state, HEAD TONES WORDS, grammar, &diagnostics, &voice), RW_OK);
    assert_int_equal(rw_voice_compose(voice, &words, &utterance), RW_ENOENT);
    rw_voice_close(voice);
}

static void a_file_too_large_is_refused(void **state)
{
    struct rw_voice *voice = NULL;
    struct rw_diagnostics diagnostics;
    size_t size = 2 * 1024 * 1024;
    char *pack = malloc(size + 1);
    memset(pack, '#', size);
    pack[size] = '\0';
    assert_int_equal(pack_try(*state, pack, GRAMMAR, &diagnostics, &voice), RW_ELIMIT);
    assert_true(diagnostics.errors > 0);
    free(pack);
}

static void other_kinds_of_files_are_no_pack(void **state)
{
    const struct folder *folder = *state;
    char path[100];
    struct rw_voice *voice = NULL;
    snprintf(path, sizeof path, "%s/pack.yaml", folder->path);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(rw_voice_open(folder->path, NULL, &voice), RW_EIO); /* and does not hang */
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_told_where_it_stands),
        cmocka_unit_test(a_folder_without_a_pack_is_none),
        cmocka_unit_test(a_small_pack_is_enough),
        cmocka_unit_test(a_phrase_has_variants_and_tags),
        cmocka_unit_test(a_text_may_stand_for_words_of_another_language),
        cmocka_unit_test(clips_of_any_rate_have_their_length_at_ours),
        cmocka_unit_test(a_sentence_that_nothing_speaks_is_named),
        cmocka_unit_test(a_sentence_longer_than_an_utterance_falls_back),
        cmocka_unit_test(a_grammar_that_tries_for_ever_is_stopped),
        cmocka_unit_test(a_file_too_large_is_refused),
        cmocka_unit_test(other_kinds_of_files_are_no_pack),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
