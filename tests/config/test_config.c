/*
 * The configuration file: defaults, every key, and what is refused.
 */
#include "runwalk/config/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static enum rw_status parse(const char *text, struct rw_config *config)
{
    struct rw_diagnostics diagnostics;
    rw_diagnostics_init(&diagnostics);
    enum rw_status status = rw_config_parse(text, strlen(text), &diagnostics, config);
    assert_true((status == RW_OK) == (diagnostics.errors == 0));
    return status;
}

static void an_empty_file_leaves_every_default(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "# nothing yet\n", "  # indented\n\t\n# more"};
    struct rw_config defaults;
    rw_config_init(&defaults);
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct rw_config config;
        assert_int_equal(parse(texts[i], &config), RW_OK);
        assert_string_equal(config.output, defaults.output);
        assert_int_equal(config.wake_ms, defaults.wake_ms);
        assert_int_equal(config.log_level, RW_LOG_INFO);
    }
}

static void every_key_is_read(void **state)
{
    (void)state;
    struct rw_config config;
    assert_int_equal(parse("output: USB Audio\n"
                           "latency: 200ms\n"
                           "wake: 0s\n"
                           "keep-awake: 30s\n"
                           "duck: pause\n"
                           "on-output-lost: pause\n"
                           "volume: -4.5\n"
                           "language: de\n"
                           "speech: [flite, -t, \"{text}\", -o, /dev/stdout]\n"
                           "speech-timeout: 20s\n"
                           "log: debug\n"
                           "cues: {verbosity: sparse, encourage: 6m, baseline: 162}\n",
                           &config),
                     RW_OK);
    assert_string_equal(config.output, "USB Audio");
    assert_int_equal(config.latency_ms, 200);
    assert_int_equal(config.wake_ms, 0);
    assert_int_equal(config.keep_awake_ms, 30000);
    assert_int_equal(config.duck, RW_DUCK_PAUSE);
    assert_true(config.pauses_on_loss);
    assert_true(config.volume_db == -4.5);
    assert_string_equal(config.language, "de");
    assert_int_equal(config.speech_count, 5);
    assert_int_equal(config.cues.said, 1u << RW_SETTING_VERBOSITY | 1u << RW_SETTING_ENCOURAGE |
                                           1u << RW_SETTING_BASELINE);
    assert_int_equal(config.cues.verbosity, RW_VERBOSITY_SPARSE);
    assert_int_equal(config.cues.encourage_ms, 360000);
    assert_int_equal(config.cues.baseline, 162);
    assert_string_equal(config.speech[2], "{text}");
    assert_int_equal(config.speech_timeout_ms, 20000);
    assert_int_equal(config.log_level, RW_LOG_DEBUG);
}

static void speech_can_be_turned_off(void **state)
{
    (void)state;
    struct rw_config config;
    assert_int_equal(parse("speech: off\n", &config), RW_OK);
    assert_true(config.speech_is_off);
}

static void the_output_can_decide_about_the_lead_in(void **state)
{
    (void)state;
    struct rw_config config;
    assert_int_equal(parse("wake: 500ms\n", &config), RW_OK);
    assert_false(config.wake_is_auto);
    assert_int_equal(config.wake_ms, 500);
    assert_int_equal(parse("wake: auto\nduck: off\n", &config), RW_OK);
    assert_true(config.wake_is_auto);
    assert_int_equal(config.duck, RW_DUCK_NOTHING);
    assert_false(config.pauses_on_loss);
}

static void latency_has_words_and_music_a_path(void **state)
{
    (void)state;
    struct rw_config config;
    assert_int_equal(parse("latency: low\ndither: yes\nmusic: ~/Music\n", &config), RW_OK);
    assert_int_equal(config.latency_ms, 25);
    assert_true(config.dither);
    assert_string_equal(config.music, "~/Music");
    assert_int_equal(parse("latency: normal\n", &config), RW_OK);
    assert_int_equal(config.latency_ms, 140);
    assert_false(config.dither);
    assert_string_equal(config.music, "");
}

static void no_output_can_be_asked_for_by_name(void **state)
{
    (void)state;
    struct rw_config config;
    assert_int_equal(parse("output: none\n", &config), RW_OK);
    assert_string_equal(config.output, "null");
}

static void what_is_wrong_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "wake: automatic\n",    "duck: yes\n",    "on-output-lost: stop\n",
        "latncy: 100ms\n",      "latency: 100\n", "latency: 2s\n",
        "wake: 4s\n",           "volume: 20\n",   "volume: loud\n",
        "speech: espeak-ng\n",  "speech: []\n",   "log: chatty\n",
        "wake: 1s\nwake: 1s\n", "[1, 2]\n",       "output: {a: b}\n",
    };
    for (size_t i = 0; i < RW_COUNT(texts); i++) {
        struct rw_config config = {.latency_ms = 7};
        assert_int_equal(parse(texts[i], &config), RW_EINVALID);
        assert_int_equal(config.latency_ms, 7);
    }
}

static void the_manual_names_every_key(void **state)
{
    (void)state;
    static char manual[64 * 1024];
    FILE *file = fopen(TEST_SOURCE_DIR "/docs/config.md", "r");
    assert_non_null(file);
    manual[fread(manual, 1, sizeof manual - 1, file)] = '\0';
    fclose(file);
    for (size_t i = 0; rw_config_key(i); i++) {
        char row[64];
        snprintf(row, sizeof row, "| `%s` |", rw_config_key(i));
        assert_non_null(strstr(manual, row));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_leaves_every_default),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(speech_can_be_turned_off),
        cmocka_unit_test(the_output_can_decide_about_the_lead_in),
        cmocka_unit_test(latency_has_words_and_music_a_path),
        cmocka_unit_test(no_output_can_be_asked_for_by_name),
        cmocka_unit_test(what_is_wrong_is_refused_and_changes_nothing),
        cmocka_unit_test(the_manual_names_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
