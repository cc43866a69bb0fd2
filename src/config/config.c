#include "runwalk/config/config.h"

#include "runwalk/profile/cues_file.h"
#include "runwalk/yaml/tree.h"

#include <string.h>

enum key {
    KEY_OUTPUT,
    KEY_LATENCY,
    KEY_WAKE,
    KEY_KEEP_AWAKE,
    KEY_DITHER,
    KEY_MUSIC,
    KEY_DUCK,
    KEY_ON_OUTPUT_LOST,
    KEY_VOLUME,
    KEY_LANGUAGE,
    KEY_SPEECH,
    KEY_SPEECH_TIMEOUT,
    KEY_LOG,
    KEY_ON_CRASH,
    KEY_ON_CRASH_WITHIN,
    KEY_AWAY_AS_RUN,
    KEY_CUES,
};
#define KEY_COUNT 17

static const struct rw_yaml_key keys[KEY_COUNT] = {
    [KEY_OUTPUT] = {.name = "output"},
    [KEY_LATENCY] = {.name = "latency"},
    [KEY_WAKE] = {.name = "wake"},
    [KEY_KEEP_AWAKE] = {.name = "keep-awake"},
    [KEY_DUCK] = {.name = "duck"},
    [KEY_ON_OUTPUT_LOST] = {.name = "on-output-lost"},
    [KEY_DITHER] = {.name = "dither"},
    [KEY_MUSIC] = {.name = "music"},
    [KEY_VOLUME] = {.name = "volume"},
    [KEY_LANGUAGE] = {.name = "language"},
    [KEY_SPEECH] = {.name = "speech"},
    [KEY_SPEECH_TIMEOUT] = {.name = "speech-timeout"},
    [KEY_LOG] = {.name = "log"},
    [KEY_ON_CRASH] = {.name = "on-crash"},
    [KEY_ON_CRASH_WITHIN] = {.name = "on-crash-within"},
    [KEY_AWAY_AS_RUN] = {.name = "away-as-run"},
    [KEY_CUES] = {.name = "cues"},
};

const char *rw_config_key(size_t index)
{
    return index < KEY_COUNT ? keys[index].name : NULL;
}

static const char *const log_words[] = {
    [RW_LOG_ERROR] = "error",
    [RW_LOG_WARNING] = "warning",
    [RW_LOG_INFO] = "info",
    [RW_LOG_DEBUG] = "debug",
};

static const char *const duck_words[] = {
    [RW_DUCK_NOTHING] = "off",
    [RW_DUCK_LOWER] = "lower",
    [RW_DUCK_PAUSE] = "pause",
};

static const char *const output_lost_words[] = {"continue", "pause"};

static const char *const crash_words[] = {"ask", "resume"};

void rw_config_init(struct rw_config *config)
{
    *config = (struct rw_config){
        .output = "auto",
        .latency_ms = 140,
        .wake_ms = 1000,
        .keep_awake_ms = 0,
        .duck = RW_DUCK_LOWER,
        .language = "en",
        .log_level = RW_LOG_INFO,
        .speech_timeout_ms = 10000,
        .on_crash_resumes = true,
        .on_crash_within_ms = 600000,
        .away_as_run_ms = 30000,
    };
}

/* Copies the text of NODE, of at most SIZE - 1 bytes, into BUFFER. */
static void text_read(struct rw_yaml *yaml, const struct rw_yaml_node *node, char *buffer,
                      size_t size)
{
    const char *text;
    if (rw_yaml_text(yaml, node, size - 1, &text)) {
        if (strlen(text) >= size) {
            rw_yaml_error(yaml, node, "this is too long: at most %zu bytes", size - 1);
            return;
        }
        memcpy(buffer, text, strlen(text) + 1);
    }
}

/* A duration, or a word for one. */
static void latency_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                         struct rw_config *config)
{
    static const struct {
        const char *word;
        uint32_t ms;
    } words[] = {{"low", 25}, {"normal", 140}};
    for (size_t i = 0; node && node->type == RW_YAML_SCALAR && i < RW_COUNT(words); i++) {
        if (node->size == strlen(words[i].word) &&
            memcmp(node->text, words[i].word, node->size) == 0) {
            config->latency_ms = words[i].ms;
            return;
        }
    }
    rw_yaml_duration(yaml, node, 20, 1000, &config->latency_ms);
}

/* A duration, or auto: the output decides. */
static void wake_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                      struct rw_config *config)
{
    static const char automatic[] = "auto";
    if (node && node->type == RW_YAML_SCALAR && node->size == sizeof automatic - 1 &&
        memcmp(node->text, automatic, node->size) == 0) {
        config->wake_is_auto = true;
        return;
    }
    rw_yaml_duration(yaml, node, 0, 3000, &config->wake_ms);
}

/* What is done to the music of others, and when the output vanishes. */
static void output_read(struct rw_yaml *yaml, const struct rw_yaml_node *duck,
                        const struct rw_yaml_node *lost, struct rw_config *config)
{
    size_t word;
    if (rw_yaml_word(yaml, duck, duck_words, RW_COUNT(duck_words), &word)) {
        config->duck = (enum rw_duck_mode)word;
    }
    if (rw_yaml_word(yaml, lost, output_lost_words, RW_COUNT(output_lost_words), &word)) {
        config->pauses_on_loss = word == 1;
    }
}

/* A list of words, the program first; or off. */
static void speech_read(struct rw_yaml *yaml, const struct rw_yaml_node *node,
                        struct rw_config *config)
{
    if (!node) {
        return;
    }
    if (rw_yaml_is_off(node)) {
        config->speech_is_off = true;
        return;
    }
    if (!rw_yaml_is_sequence(yaml, node, "the speech command")) {
        return;
    }
    if (node->count == 0 || node->count > RW_CONFIG_SPEECH_MAX) {
        rw_yaml_error(yaml, node,
                      "the speech command has 1 to %d words, for example "
                      "[espeak-ng, --stdout]",
                      RW_CONFIG_SPEECH_MAX);
        return;
    }
    for (const struct rw_yaml_node *word = node->first; word; word = word->next) {
        text_read(yaml, word, config->speech[config->speech_count++], RW_CONFIG_WORD_MAX);
    }
}

/* Whether there is nothing but blank lines and comments: then the defaults hold. */
static bool is_blank(const char *bytes, size_t size)
{
    bool comment = false;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            comment = false;
        } else if (bytes[i] == '#') {
            comment = true;
        } else if (!comment && bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
            return false;
        }
    }
    return true;
}

void rw_config_name_output(struct rw_config *config)
{
    if (strcmp(config->output, "none") == 0) {
        memcpy(config->output, "null", sizeof "null"); /* which YAML takes for no value */
    }
}

enum rw_status rw_config_parse(const char *bytes, size_t size, struct rw_diagnostics *diagnostics,
                               struct rw_config *ret_config)
{
    const struct rw_yaml_limits limits = {RW_CONFIG_BYTES_MAX, 4096, 8};
    const struct rw_yaml_node *values[KEY_COUNT];
    struct rw_config config;
    struct rw_yaml *yaml;
    size_t level;

    rw_config_init(&config);
    if (is_blank(bytes, size)) {
        *ret_config = config;
        return RW_OK;
    }
    enum rw_status status = rw_yaml_create(bytes, size, &limits, diagnostics, &yaml);
    if (status != RW_OK) {
        return status;
    }
    if (rw_yaml_fields(yaml, rw_yaml_root(yaml), "the configuration", keys, KEY_COUNT, values)) {
        text_read(yaml, values[KEY_OUTPUT], config.output, sizeof config.output);
        rw_config_name_output(&config);
        latency_read(yaml, values[KEY_LATENCY], &config);
        wake_read(yaml, values[KEY_WAKE], &config);
        output_read(yaml, values[KEY_DUCK], values[KEY_ON_OUTPUT_LOST], &config);
        rw_yaml_duration(yaml, values[KEY_KEEP_AWAKE], 0, 600000, &config.keep_awake_ms);
        rw_yaml_boolean(yaml, values[KEY_DITHER], &config.dither);
        text_read(yaml, values[KEY_MUSIC], config.music, sizeof config.music);
        rw_yaml_number(yaml, values[KEY_VOLUME], -60, 12, &config.volume_db);
        text_read(yaml, values[KEY_LANGUAGE], config.language, sizeof config.language);
        speech_read(yaml, values[KEY_SPEECH], &config);
        rw_yaml_duration(yaml, values[KEY_SPEECH_TIMEOUT], 1000, 60000, &config.speech_timeout_ms);
        if (rw_yaml_word(yaml, values[KEY_LOG], log_words, RW_COUNT(log_words), &level)) {
            config.log_level = (enum rw_log_level)level;
        }
        if (rw_yaml_word(yaml, values[KEY_ON_CRASH], crash_words, RW_COUNT(crash_words), &level)) {
            config.on_crash_resumes = level == 1;
        }
        rw_yaml_duration(yaml, values[KEY_ON_CRASH_WITHIN], 0, 86400000,
                         &config.on_crash_within_ms);
        rw_yaml_duration(yaml, values[KEY_AWAY_AS_RUN], 0, 600000, &config.away_as_run_ms);
        rw_cue_settings_read(yaml, values[KEY_CUES], &config.cues);
    }
    status = rw_yaml_status(yaml);
    if (status == RW_OK) {
        *ret_config = config;
    }
    rw_yaml_destroy(yaml);
    return status;
}

bool rw_config_speaks_alike(const struct rw_config *a, const struct rw_config *b)
{
    if (strcmp(a->language, b->language) != 0 || a->speech_is_off != b->speech_is_off ||
        a->speech_count != b->speech_count || a->speech_timeout_ms != b->speech_timeout_ms) {
        return false;
    }
    for (size_t i = 0; i < a->speech_count; i++) {
        if (strcmp(a->speech[i], b->speech[i]) != 0) {
            return false;
        }
    }
    return true;
}
