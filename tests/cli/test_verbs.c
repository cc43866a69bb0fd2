#include "verbs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What one call of the program said. */
struct call {
    enum rw_exit exit;
    char *out, *err;
    size_t out_size, err_size;
};

static struct call *call(const char *const *words, size_t count)
{
    struct call *made = calloc(1, sizeof *made);
    FILE *out = open_memstream(&made->out, &made->out_size);
    FILE *err = open_memstream(&made->err, &made->err_size);
    made->exit = rw_cli_run(words, count, out, err);
    fclose(out);
    fclose(err);
    return made;
}

#define CALL(...)                                                                                  \
    call((const char *const[]){__VA_ARGS__},                                                       \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void call_free(struct call *made)
{
    free(made->out);
    free(made->err);
    free(made);
}

static void assert_says(const char *text, const char *words)
{
    if (!strstr(text, words)) {
        print_error("\"%s\" is not in:\n%s", words, text);
        fail();
    }
}

static void help_names_every_verb(void **state)
{
    (void)state;
    struct call *help = CALL("--help");
    const struct rw_verb *verb;
    assert_int_equal(help->exit, RW_EXIT_OK);
    assert_string_equal(help->err, "");
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        assert_says(help->out, verb->name);
        assert_says(help->out, verb->summary);
    }
    call_free(help);
}

static void every_verb_explains_itself_with_examples(void **state)
{
    (void)state;
    const struct rw_verb *verb;
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        struct call *help = CALL(verb->name, "--help");
        assert_int_equal(help->exit, RW_EXIT_OK);
        assert_says(help->out, "Usage: runwalk ");
        assert_says(help->out, verb->summary);
        assert_says(help->out, "Examples:");
        assert_non_null(verb->examples[0].command);
        for (const struct rw_option *option = verb->options; option->name; option++) {
            assert_says(help->out, option->name);
            assert_says(help->out, option->help);
        }
        call_free(help);
    }
}

/* An example that its own verb would refuse is worse than none. */
static void every_example_is_a_valid_command_line(void **state)
{
    (void)state;
    const struct rw_verb *verb;
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        for (size_t j = 0; j < RW_EXAMPLES_MAX && verb->examples[j].command; j++) {
            char copy[200];
            const char *words[32];
            size_t word_count = 0;
            char *rest = copy;
            snprintf(copy, sizeof copy, "%s", verb->examples[j].command);
            assert_string_equal(strsep(&rest, " "), "runwalk");
            assert_string_equal(strsep(&rest, " "), verb->name);
            /* A quoted parameter is one word. */
            while (rest) {
                words[word_count++] =
                    rest[0] == '\'' ? (rest++, strsep(&rest, "'")) : strsep(&rest, " ");
            }
            struct rw_arguments arguments;
            char problem[256] = "";
            enum rw_status status = rw_arguments_parse(verb->options, words, word_count, &arguments,
                                                       problem, sizeof problem);
            assert_string_equal(problem, "");
            assert_int_equal(status, RW_OK);
            if (word_count > 0 && words[word_count - 1][0] == '\0') {
                arguments.word_count--; /* what follows the closing quote */
            }
            assert_in_range(arguments.word_count, verb->word_min, verb->word_max);
        }
    }
}

static void every_name_is_its_own(void **state)
{
    (void)state;
    const struct rw_verb *verb;
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        assert_ptr_equal(rw_verb_find(verb->name), verb);
        assert_non_null(verb->run);
    }
    assert_null(rw_verb_find("dance"));
}

static void a_mistyped_verb_is_answered_with_the_nearest(void **state)
{
    (void)state;
    struct call *made = CALL("puase");
    assert_int_equal(made->exit, RW_EXIT_USAGE);
    assert_string_equal(made->out, "");
    assert_says(made->err, "did you mean pause?");
    call_free(made);
}

static void nothing_at_all_is_answered_with_the_help(void **state)
{
    (void)state;
    struct call *made = call(NULL, 0);
    assert_int_equal(made->exit, RW_EXIT_USAGE);
    assert_string_equal(made->out, "");
    assert_says(made->err, "Usage: runwalk VERB");
    call_free(made);
}

static void missing_and_surplus_words_are_usage_errors(void **state)
{
    (void)state;
    struct call *missing = CALL("show");
    assert_int_equal(missing->exit, RW_EXIT_USAGE);
    assert_says(missing->err, "Usage: runwalk show PROFILE");
    call_free(missing);
    struct call *surplus = CALL("pause", "now");
    assert_int_equal(surplus->exit, RW_EXIT_USAGE);
    assert_says(surplus->err, "\"now\" is one word too many");
    call_free(surplus);
}

static void wrong_values_are_refused_before_anything_is_done(void **state)
{
    (void)state;
    static const struct {
        const char *words[5];
        size_t count;
        const char *problem;
    } rows[] = {
        {{"extend", "30"}, 2, "30"},
        {{"start", "x", "--in", "soon"}, 4, "--in: "},
        {{"render", "quickstart", "out.mp3"}, 3, ".wav or .flac"},
        {{"render", "quickstart", "./.wav"}, 3, "without a name"},
        {{"render", "quickstart", "out.wav", "--from=2m", "--to=1m"}, 5, "--from must come"},
        {{"render", "quickstart", "out.wav", "--seed", "x"}, 5, "--seed"},
        {{"volume", "loud"}, 2, "no number of dB"},
        {{"volume", "3", "--to", "4"}, 4, "either"},
        {{"volume", "13"}, 2, "the volume is from -60 to 12 dB"},
        {{"volume", "--to", "-61"}, 3, "the volume is from -60 to 12 dB"},
        {{"volume", "+20"}, 2, "a change of the volume is from -60 to 12 dB"},
        {{"say", ""}, 2, "nothing to say"},
        {{"timeline", "quickstart", "--lang", "xx"}, 4, "no sound pack for the language \"xx\""},
        {{"call", "hello", "[1]"}, 3, "no JSON object"},
        {{"call", "hello", "{"}, 3, "no JSON"},
        {{"call", "hello", "--timeout", "x"}, 4, "--timeout"},
        {{"say", "\xff"}, 2, "UTF-8"},
    };
    for (size_t i = 0; i < RW_COUNT(rows); i++) {
        struct call *made = call(rows[i].words, rows[i].count);
        assert_int_equal(made->exit, RW_EXIT_USAGE);
        assert_string_equal(made->out, "");
        assert_says(made->err, rows[i].problem);
        call_free(made);
    }
}

static void more_than_can_be_said_is_refused_with_the_limit(void **state)
{
    (void)state;
    char words[502];
    memset(words, 'a', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    struct call *made = CALL("say", words);
    assert_int_equal(made->exit, RW_EXIT_USAGE);
    assert_says(made->err, "501 characters, and 500 are possible");
    call_free(made);
}

static void what_was_typed_cannot_command_the_terminal(void **state)
{
    (void)state;
    static const char *const lines[][4] = {
        {"a\x1b[31mb"},           {"help", "a\x1b[31mb"},
        {"show", "a\x1b[31mb"},   {"list", "a\x1b[31mb"},
        {"pause", "a\x1b[31mb"},  {"list", "--a\x1b[31mb"},
        {"volume", "a\x1b[31mb"}, {"render", "quickstart", "a\x1b[31mb"},
    };
    for (size_t i = 0; i < RW_COUNT(lines); i++) {
        size_t count = 0;
        while (count < RW_COUNT(lines[i]) && lines[i][count]) {
            count++;
        }
        struct call *made = call(lines[i], count);
        assert_int_not_equal(made->exit, RW_EXIT_OK);
        assert_says(made->err, "a[31mb");
        assert_null(strchr(made->err, '\x1b'));
        call_free(made);
    }
}

/* The manual names every verb, as the tables of its first section show it. */
static void the_manual_knows_every_verb(void **state)
{
    (void)state;
    static char manual[64 * 1024];
    FILE *file = fopen(TEST_SOURCE_DIR "/docs/cli.md", "r");
    assert_non_null(file);
    manual[fread(manual, 1, sizeof manual - 1, file)] = '\0';
    fclose(file);
    const struct rw_verb *verb;
    for (size_t i = 0; (verb = rw_verb_at(i)); i++) {
        assert_says(manual, verb->name);
        for (const struct rw_option *option = verb->options; option->name; option++) {
            char shown[40];
            snprintf(shown, sizeof shown, "--%s", option->name);
            assert_says(manual, shown);
        }
    }
}

static void the_version_is_told(void **state)
{
    (void)state;
    struct call *made = CALL("--version");
    assert_int_equal(made->exit, RW_EXIT_OK);
    assert_string_equal(made->out, "runwalk " RW_VERSION "\n");
    call_free(made);
}

static void output_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    char *err_text;
    size_t err_size;
    FILE *err = open_memstream(&err_text, &err_size);
    const char *words[] = {"--help"};
    assert_int_equal(rw_cli_run(words, 1, full, err), RW_EXIT_IO);
    fclose(err);
    assert_says(err_text, "could not be written");
    free(err_text);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_names_every_verb),
        cmocka_unit_test(every_verb_explains_itself_with_examples),
        cmocka_unit_test(every_example_is_a_valid_command_line),
        cmocka_unit_test(every_name_is_its_own),
        cmocka_unit_test(a_mistyped_verb_is_answered_with_the_nearest),
        cmocka_unit_test(nothing_at_all_is_answered_with_the_help),
        cmocka_unit_test(missing_and_surplus_words_are_usage_errors),
        cmocka_unit_test(wrong_values_are_refused_before_anything_is_done),
        cmocka_unit_test(more_than_can_be_said_is_refused_with_the_limit),
        cmocka_unit_test(what_was_typed_cannot_command_the_terminal),
        cmocka_unit_test(the_manual_knows_every_verb),
        cmocka_unit_test(the_version_is_told),
        cmocka_unit_test(output_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
