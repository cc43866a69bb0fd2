/* The grammar of a language: rules in a file become tokens. docs/voice.md is the manual. */
#include "pack_file.h"
#include "voice_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES_MAX        128
#define ALTERNATIVES_MAX 16
#define TOKENS_MAX       16
#define HEADS_MAX        64
#define SPLITS_MAX       32
#define ALTERNATIVE_MAX  400 /* bytes of one, as written */
#define WORD_MAX         64
#define PAUSE_MS_MAX     2000
#define JOINT_TEXT_MAX   8

enum grammar_key {
    GRAMMAR_LANGUAGE,
    GRAMMAR_JOINTS,
    GRAMMAR_HEADS,
    GRAMMAR_SPLIT,
    GRAMMAR_RULES,
    GRAMMAR_KEY_COUNT
};

static const struct rw_yaml_key grammar_keys[GRAMMAR_KEY_COUNT] = {
    [GRAMMAR_LANGUAGE] = {"language", true}, [GRAMMAR_JOINTS] = {"joints", true},
    [GRAMMAR_HEADS] = {"heads", false},      [GRAMMAR_SPLIT] = {"split", false},
    [GRAMMAR_RULES] = {"rules", true},
};

static const struct rw_yaml_key joint_keys[JOINT_COUNT] = {
    [JOINT_WORD] = {"word", true},
    [JOINT_CLAUSE] = {"clause", true},
    [JOINT_SENTENCE] = {"sentence", true},
};

enum style_key { STYLE_TEXT, STYLE_PAUSE, STYLE_KEY_COUNT };

static const struct rw_yaml_key style_keys[STYLE_KEY_COUNT] = {
    [STYLE_TEXT] = {"text", true},
    [STYLE_PAUSE] = {"pause", true},
};

/* Those of the kinds are the profile's words for them. */
static const char *const variable_names[VARIABLE_KIND] = {
    [VARIABLE_NUMBER] = "number",
    [VARIABLE_TOTAL] = "total",
    [VARIABLE_HOURS] = "hours",
    [VARIABLE_MINUTES] = "minutes",
    [VARIABLE_SECONDS] = "seconds",
    [VARIABLE_LAST] = "last",
    [VARIABLE_WAS_LAST] = "was-last",
    [VARIABLE_HALFWAY] = "halfway",
    [VARIABLE_LEFT] = "left",
    [VARIABLE_RIGHT] = "right",
    [VARIABLE_AGAIN] = "again",
    [VARIABLE_STEP_BACK] = "step-back",
    [VARIABLE_WEEKS_BACK] = "weeks-back",
    [VARIABLE_BIG_STEP] = "big-step",
};

/* The rules that the coach's sayings begin with. */
static const struct {
    enum rw_saying saying;
    const char *rule;
} saying_rules[] = {
    {RW_SAY_SEGMENT, "segment"},
    {RW_SAY_IN, "in"},
    {RW_SAY_HALFWAY, "halfway"},
    {RW_SAY_DONE, "done"},
    {RW_SAY_CHOSEN, "chosen"},
    {RW_SAY_PAUSED, "paused"},
    {RW_SAY_STILL_PAUSED, "still-paused"},
    {RW_SAY_WHERE, "where"},
    {RW_SAY_EXTENDED, "extended"},
    {RW_SAY_SHORTENED, "shortened"},
    {RW_SAY_STOPPED, "stopped"},
    {RW_SAY_STARTING_IN, "starting-in"},
    {RW_SAY_NOTHING_CHOSEN, "nothing-chosen"},
    {RW_SAY_BACK_AGAIN, "back-again"},
    {RW_SAY_TIME_LEFT, "time-left"},
    {RW_SAY_ENCOURAGE, "encourage"},
    {RW_SAY_REASSURE, "reassure"},
    {RW_SAY_POSTURE, "posture"},
    {RW_SAY_BREATHING, "breathing"},
    {RW_SAY_DEAD_POINT, "dead-point"},
    {RW_SAY_REST, "rest"},
    {RW_SAY_REST_LEFT, "rest-left"},
    {RW_SAY_REST_OVER, "rest-over"},
    {RW_SAY_READY, "ready"},
    {RW_SAY_EASIER, "easier"},
    {RW_SAY_HARDER, "harder"},
    {RW_SAY_RATIO, "ratio"},
    {RW_SAY_COOLDOWN_NOW, "cooldown-now"},
    {RW_SAY_STITCH, "stitch"},
    {RW_SAY_PAIN, "pain"},
    {RW_SAY_EMERGENCY, "emergency"},
    {RW_SAY_AFTER_PAIN, "after-pain"},
    {RW_SAY_QUIET, "quiet"},
    {RW_SAY_LESS_TALK, "less-talk"},
    {RW_SAY_MORE_TALK, "more-talk"},
    {RW_SAY_PLAN, "plan"},
    {RW_SAY_PLAN_WAITS, "plan-waits"},
    {RW_SAY_NO_PLAN, "no-plan"},
};

struct reader {
    struct rw_voice *voice;
    struct rw_yaml *yaml;
    const char *splits[SPLITS_MAX];
    uint32_t split_count;
};

static bool variable_find(const char *name, enum variable *ret_variable)
{
    for (int i = 0; i < VARIABLE_COUNT; i++) {
        const char *known =
            i < VARIABLE_KIND ? variable_names[i] : rw_kind_name((enum rw_kind)(i - VARIABLE_KIND));
        if (strcmp(known, name) == 0) {
            *ret_variable = (enum variable)i;
            return true;
        }
    }
    return false;
}

static bool rule_find(const struct grammar *grammar, const char *name, uint32_t *ret_rule)
{
    for (uint32_t i = 0; i < grammar->rule_count; i++) {
        if (strcmp(grammar->rules[i].name, name) == 0) {
            *ret_rule = i;
            return true;
        }
    }
    return false;
}

/* The phrase that NODE names; reported when the pack has none of that key. */
static bool phrase_find(struct reader *reader, const struct rw_yaml_node *node, const char *key,
                        uint32_t *ret_phrase)
{
    if (rw_table_find(&reader->voice->keys, key, ret_phrase)) {
        return true;
    }
    rw_yaml_error(reader->yaml, node, "the pack has no phrase \"%s\"", key);
    return false;
}

/* when:NAME, when:NAME>=NUMBER, unless:NAME; WORD begins after the colon and may be changed. */
static bool condition_read(struct reader *reader, const struct rw_yaml_node *node, char *word,
                           struct token *token)
{
    char *bound = strstr(word, ">=");
    token->number = 1;
    if (bound && token->type == TOKEN_WHEN) {
        char *end;
        unsigned long least = strtoul(bound + 2, &end, 10);
        if (end == bound + 2 || *end != '\0' || least == 0 || least > 999) {
            rw_yaml_error(reader->yaml, node, "a number from 1 to 999 follows \">=\"");
            return false;
        }
        token->number = (uint32_t)least;
        *bound = '\0';
    }
    if (!variable_find(word, &token->variable)) {
        rw_yaml_error(reader->yaml, node, "nothing is called \"%s\" here", word);
        return false;
    }
    return true;
}

static bool is_split(const struct reader *reader, const char *family)
{
    for (uint32_t i = 0; i < reader->split_count; i++) {
        if (strcmp(reader->splits[i], family) == 0) {
            return true;
        }
    }
    return false;
}

/* FAMILY-{NAME}; BRACE is where the brace opens. */
static bool family_read(struct reader *reader, const struct rw_yaml_node *node, char *word,
                        char *brace, struct token *token)
{
    char *end = strchr(brace, '}');
    if (!end || end[1] != '\0' || brace == word || brace[-1] != '-') {
        rw_yaml_error(reader->yaml, node, "a family of phrases is written family-{number}: \"%s\"",
                      word);
        return false;
    }
    brace[-1] = *end = '\0';
    token->type = strcmp(brace + 1, "kind") == 0 ? TOKEN_KIND : TOKEN_FAMILY;
    if (token->type == TOKEN_FAMILY && !variable_find(brace + 1, &token->variable)) {
        rw_yaml_error(reader->yaml, node, "nothing is called \"%s\" here", brace + 1);
        return false;
    }
    token->split = is_split(reader, word);
    token->word = rw_arena_copy(&reader->voice->arena, word, strlen(word));
    return true;
}

/* Reads one WORD of a rule, which it may change. False: reported, or memory was short. */
static bool token_read(struct reader *reader, const struct rw_yaml_node *node, char *word,
                       struct token *token)
{
    size_t length = strlen(word);
    char *brace = strchr(word, '{');
    if (length > WORD_MAX) {
        rw_yaml_error(reader->yaml, node, "a word of a rule has at most %d bytes", WORD_MAX);
        return false;
    }
    if (strcmp(word, ",") == 0 || strcmp(word, "/") == 0) {
        token->type = *word == ',' ? TOKEN_CLAUSE : TOKEN_SENTENCE;
        return true;
    }
    if (strcmp(word, "text:text") == 0 || strcmp(word, "text:name") == 0) {
        token->type = strcmp(word, "text:text") == 0 ? TOKEN_TEXT : TOKEN_NAME;
        return true;
    }
    if (strncmp(word, "when:", 5) == 0 || strncmp(word, "unless:", 7) == 0) {
        token->type = *word == 'w' ? TOKEN_WHEN : TOKEN_UNLESS;
        return condition_read(reader, node, strchr(word, ':') + 1, token);
    }
    if (*word == '<' && word[length - 1] == '>') {
        word[length - 1] = '\0';
        token->type = TOKEN_RULE;
        if (!rule_find(&reader->voice->grammar, word + 1, &token->number)) {
            rw_yaml_error(reader->yaml, node, "no rule \"%s\" stands above this one", word + 1);
            return false;
        }
        return true;
    }
    if (brace) {
        return family_read(reader, node, word, brace, token) && token->word;
    }
    token->type = TOKEN_PHRASE;
    return phrase_find(reader, node, word, &token->number);
}

/* Splits one alternative into its tokens. "nothing" has none. */
static enum rw_status alternative_read(struct reader *reader, const struct rw_yaml_node *node,
                                       struct alternative *alternative)
{
    const char *text = NULL;
    char *rest = NULL;
    char buffer[ALTERNATIVE_MAX + 1];
    if (!rw_yaml_text(reader->yaml, node, ALTERNATIVE_MAX, &text) || strcmp(text, "nothing") == 0) {
        return RW_OK;
    }
    struct token *tokens = rw_arena_allocate(&reader->voice->arena, TOKENS_MAX * sizeof *tokens);
    if (!tokens) {
        return RW_EMEMORY;
    }
    snprintf(buffer, sizeof buffer, "%s", text);
    for (char *word = strtok_r(buffer, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (alternative->count == TOKENS_MAX) {
            rw_yaml_error(reader->yaml, node, "at most %d words stand in one line of a rule",
                          TOKENS_MAX);
            return RW_OK;
        }
        if (!token_read(reader, node, word, &tokens[alternative->count])) {
            return RW_OK;
        }
        alternative->count++;
    }
    alternative->tokens = tokens;
    return RW_OK;
}

static enum rw_status rule_read(struct reader *reader, const struct rw_yaml_node *node)
{
    struct rw_voice *voice = reader->voice;
    struct rule *rule = &voice->grammar.rules[voice->grammar.rule_count];
    if (!rw_yaml_is_sequence(reader->yaml, node, "a rule")) {
        return RW_OK;
    }
    if (node->count > ALTERNATIVES_MAX || node->key->size > WORD_MAX) {
        rw_yaml_error(reader->yaml, node->key,
                      "a rule has at most %d lines, its name at most %d bytes", ALTERNATIVES_MAX,
                      WORD_MAX);
        return RW_OK;
    }
    rule->name = rw_arena_copy(&voice->arena, node->key->text, node->key->size);
    rule->alternatives =
        rw_arena_allocate(&voice->arena, (node->count + 1) * sizeof *rule->alternatives);
    if (!rule->name || !rule->alternatives) {
        return RW_EMEMORY;
    }
    for (const struct rw_yaml_node *line = node->first; line; line = line->next) {
        enum rw_status status = alternative_read(reader, line, &rule->alternatives[rule->count]);
        if (status != RW_OK) {
            return status;
        }
        rule->count++;
    }
    voice->grammar.rule_count++; /* only now, so that it cannot name itself */
    return RW_OK;
}

static enum rw_status rules_read(struct reader *reader, const struct rw_yaml_node *node)
{
    struct grammar *grammar = &reader->voice->grammar;
    if (!rw_yaml_is_mapping(reader->yaml, node, "rules")) {
        return RW_OK;
    }
    if (node->count > RULES_MAX) {
        rw_yaml_error(reader->yaml, node, "a grammar has at most %d rules", RULES_MAX);
        return RW_OK;
    }
    grammar->rules =
        rw_arena_allocate(&reader->voice->arena, (node->count + 1) * sizeof *grammar->rules);
    if (!grammar->rules) {
        return RW_EMEMORY;
    }
    for (const struct rw_yaml_node *rule = node->first; rule; rule = rule->next) {
        enum rw_status status = rule_read(reader, rule);
        if (status != RW_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < RW_COUNT(saying_rules); i++) {
        const char *name = saying_rules[i].rule;
        if (!rule_find(grammar, name, &grammar->sayings[saying_rules[i].saying])) {
            rw_yaml_error(reader->yaml, node, "the rule \"%s\" is missing", name);
        }
    }
    return RW_OK;
}

static enum rw_status heads_read(struct reader *reader, const struct rw_yaml_node *node)
{
    struct grammar *grammar = &reader->voice->grammar;
    if (!node || !rw_yaml_is_mapping(reader->yaml, node, "heads")) {
        return RW_OK;
    }
    if (node->count > HEADS_MAX) {
        rw_yaml_error(reader->yaml, node, "there are at most %d heads", HEADS_MAX);
        return RW_OK;
    }
    grammar->heads =
        rw_arena_allocate(&reader->voice->arena, (node->count + 1) * sizeof *grammar->heads);
    if (!grammar->heads) {
        return RW_EMEMORY;
    }
    for (const struct rw_yaml_node *head = node->first; head; head = head->next) {
        int64_t value = 0;
        const char *key = NULL;
        uint32_t phrase;
        if (!rw_yaml_integer(reader->yaml, head->key, 1, 999, &value) ||
            !rw_yaml_text(reader->yaml, head, WORD_MAX, &key) ||
            !phrase_find(reader, head, key, &phrase)) {
            continue;
        }
        if (grammar->head_count > 0 && grammar->heads[grammar->head_count - 1].value >= value) {
            rw_yaml_error(reader->yaml, head->key, "heads stand in rising order");
            continue;
        }
        grammar->heads[grammar->head_count++] =
            (struct head){.value = (uint32_t)value, .phrase = phrase};
    }
    return RW_OK;
}

/* The names stay in the YAML's memory: they are needed while rules are read, no longer. */
static void splits_read(struct reader *reader, const struct rw_yaml_node *node)
{
    if (!node || !rw_yaml_is_sequence(reader->yaml, node, "split")) {
        return;
    }
    if (node->count > SPLITS_MAX) {
        rw_yaml_error(reader->yaml, node, "at most %d families stand here", SPLITS_MAX);
        return;
    }
    for (const struct rw_yaml_node *family = node->first; family; family = family->next) {
        if (rw_yaml_text(reader->yaml, family, WORD_MAX, &reader->splits[reader->split_count])) {
            reader->split_count++;
        }
    }
}

static enum rw_status joints_read(struct reader *reader, const struct rw_yaml_node *node)
{
    const struct rw_yaml_node *fields[JOINT_COUNT];
    const struct rw_yaml_node *style[STYLE_KEY_COUNT];
    if (!rw_yaml_fields(reader->yaml, node, "joints", joint_keys, JOINT_COUNT, fields)) {
        return RW_OK;
    }
    for (int i = 0; i < JOINT_COUNT; i++) {
        struct joint_style *joint = &reader->voice->grammar.joints[i];
        uint32_t pause_ms = 0;
        if (!fields[i] || !rw_yaml_fields(reader->yaml, fields[i], "a joint", style_keys,
                                          STYLE_KEY_COUNT, style)) {
            continue;
        }
        rw_yaml_duration(reader->yaml, style[STYLE_PAUSE], 0, PAUSE_MS_MAX, &pause_ms);
        joint->frames = pause_ms * (RW_RATE / 1000);
        /* Not as text for people, whose blanks at the ends do not count: here they do. */
        if (style[STYLE_TEXT] && (style[STYLE_TEXT]->type != RW_YAML_SCALAR ||
                                  style[STYLE_TEXT]->size > JOINT_TEXT_MAX)) {
            rw_yaml_error(reader->yaml, style[STYLE_TEXT], "at most %d bytes in quotes stand here",
                          JOINT_TEXT_MAX);
        } else if (style[STYLE_TEXT]) {
            joint->text = rw_arena_copy(&reader->voice->arena, style[STYLE_TEXT]->text,
                                        style[STYLE_TEXT]->size);
            if (!joint->text) {
                return RW_EMEMORY;
            }
        }
    }
    return RW_OK;
}

static enum rw_status grammar_read_tree(struct reader *reader)
{
    struct rw_yaml *yaml = reader->yaml;
    const struct rw_yaml_node *fields[GRAMMAR_KEY_COUNT];
    const char *language = NULL;
    enum rw_status status = RW_OK;
    if (!rw_yaml_fields(yaml, rw_yaml_root(yaml), "a grammar", grammar_keys, GRAMMAR_KEY_COUNT,
                        fields)) {
        return RW_OK;
    }
    if (rw_yaml_text(yaml, fields[GRAMMAR_LANGUAGE], WORD_MAX, &language) &&
        strcmp(language, reader->voice->language) != 0) {
        rw_yaml_error(yaml, fields[GRAMMAR_LANGUAGE], "the clips beside it speak \"%s\"",
                      reader->voice->language);
    }
    splits_read(reader, fields[GRAMMAR_SPLIT]);
    if (fields[GRAMMAR_JOINTS]) {
        status = joints_read(reader, fields[GRAMMAR_JOINTS]);
    }
    if (status == RW_OK) {
        status = heads_read(reader, fields[GRAMMAR_HEADS]);
    }
    if (status == RW_OK && fields[GRAMMAR_RULES]) {
        status = rules_read(reader, fields[GRAMMAR_RULES]);
    }
    return status;
}

enum rw_status rw_grammar_read(struct rw_voice *voice, const char *directory,
                               struct rw_diagnostics *diagnostics)
{
    struct reader reader = {.voice = voice};
    struct rw_diagnostics others;
    rw_diagnostics_init(&others);
    enum rw_status status = rw_pack_file_read(directory, "grammar.yaml", &others, &reader.yaml);
    if (status == RW_OK) {
        status = grammar_read_tree(&reader);
        if (status == RW_OK) {
            status = rw_yaml_status(reader.yaml);
        }
        rw_yaml_destroy(reader.yaml);
    } else if (status == RW_ENOENT) {
        rw_diagnostics_error(diagnostics, 0, 0, 1, "there is no grammar.yaml beside it");
        status = RW_EINVALID;
    }
    rw_diagnostics_adopt(diagnostics, "grammar.yaml", &others);
    return status;
}
