/* phrases: what the coach can say with the sound pack alone. */

#include "load.h"
#include "runwalk/voice/voice.h"
#include "text.h"

#include <jansson.h>
#include <string.h>

#define VARIANTS_MAX 16 /* wordings looked at; what a phrase has in variants comes round */
#define RUN          RW_KIND_RUN
#define EXERCISE     RW_KIND_EXERCISE

/* Some words that show what a sentence is composed of, under a heading. */
struct sample {
    const char *group;
    struct rw_words words;
};

#define SECONDS 1000u
#define MINUTES 60000u
#define HOURS   3600000u

#define WHAT    "The steps"
#define WHICH   "Which run (of up to 999)"
#define LONG    "Times (from 1 s to 24 h)"
#define COMING  "What comes, and where we are"
#define ANSWERS "Answers to commands"
#define RESTS   "Rest"
#define HEALTH  "When something is wrong"
#define PLANS   "Plans"
#define END     "The end"

static const struct sample samples[] = {
    {WHAT, {.saying = RW_SAY_WHERE, .kind = RW_KIND_WARMUP}},
    {WHAT, {.saying = RW_SAY_WHERE, .kind = RUN}},
    {WHAT, {.saying = RW_SAY_WHERE, .kind = RW_KIND_WALK}},
    {WHAT, {.saying = RW_SAY_WHERE, .kind = RW_KIND_COOLDOWN}},
    {WHAT, {.saying = RW_SAY_WHERE, .kind = RW_KIND_REST}},
    {WHAT, {.saying = RW_SAY_WHERE, .kind = EXERCISE}},
    {WHAT, {.saying = RW_SAY_WHERE, .kind = EXERCISE, .side = RW_SIDE_LEFT}},
    {WHAT, {.saying = RW_SAY_SEGMENT, .kind = EXERCISE, .side = RW_SIDE_RIGHT}},
    {WHICH, {.saying = RW_SAY_SEGMENT, .kind = RUN, .number = 5, .total = 8}},
    {WHICH, {.saying = RW_SAY_SEGMENT, .kind = RUN, .number = 21, .total = 102}},
    {WHICH, {.saying = RW_SAY_SEGMENT, .kind = RUN, .number = 345, .total = 999}},
    {WHICH, {.saying = RW_SAY_SEGMENT, .kind = RUN, .flags = RW_WORDS_LAST_RUN}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 1 * SECONDS}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 45 * SECONDS}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 1 * MINUTES}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 90 * SECONDS}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 12 * MINUTES + 5 * SECONDS}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 1 * HOURS + 21 * MINUTES}},
    {LONG, {.saying = RW_SAY_IN, .duration_ms = 24 * HOURS}},
    {COMING,
     {.saying = RW_SAY_SEGMENT, .kind = RUN, .number = 1, .total = 8, .duration_ms = 60000}},
    {COMING, {.saying = RW_SAY_IN, .duration_ms = 10 * SECONDS, .flags = RW_WORDS_LAST_RUN}},
    {COMING,
     {.saying = RW_SAY_SEGMENT,
      .kind = RW_KIND_REST,
      .duration_ms = 10 * SECONDS,
      .text = "Side plank"}},
    {COMING, {.saying = RW_SAY_HALFWAY}},
    {COMING, {.saying = RW_SAY_TIME_LEFT, .duration_ms = 12 * MINUTES}},
    {COMING, {.saying = RW_SAY_WHERE, .kind = RUN, .duration_ms = 40 * SECONDS}},
    {COMING, {.saying = RW_SAY_BACK_AGAIN, .kind = RUN, .duration_ms = 40 * SECONDS}},
    {COMING, {.saying = RW_SAY_SEGMENT, .kind = RW_KIND_WALK, .flags = RW_WORDS_WAS_LAST_RUN}},
    {ANSWERS, {.saying = RW_SAY_CHOSEN, .duration_ms = 24 * MINUTES}},
    {ANSWERS, {.saying = RW_SAY_NOTHING_CHOSEN}},
    {ANSWERS, {.saying = RW_SAY_STARTING_IN, .duration_ms = 30 * SECONDS}},
    {ANSWERS, {.saying = RW_SAY_PAUSED}},
    {ANSWERS, {.saying = RW_SAY_STILL_PAUSED}},
    {ANSWERS, {.saying = RW_SAY_EXTENDED, .duration_ms = 30 * SECONDS}},
    {ANSWERS, {.saying = RW_SAY_SHORTENED, .duration_ms = 30 * SECONDS}},
    {ANSWERS, {.saying = RW_SAY_EASIER}},
    {ANSWERS, {.saying = RW_SAY_HARDER}},
    {ANSWERS, {.saying = RW_SAY_RATIO, .kind = RUN, .duration_ms = 45 * SECONDS}},
    {ANSWERS, {.saying = RW_SAY_COOLDOWN_NOW}},
    {ANSWERS, {.saying = RW_SAY_QUIET}},
    {ANSWERS, {.saying = RW_SAY_LESS_TALK}},
    {ANSWERS, {.saying = RW_SAY_MORE_TALK}},
    {RESTS, {.saying = RW_SAY_REST, .duration_ms = 2 * MINUTES}},
    {RESTS, {.saying = RW_SAY_REST_LEFT, .duration_ms = 30 * SECONDS}},
    {RESTS, {.saying = RW_SAY_REST_OVER}},
    {RESTS, {.saying = RW_SAY_READY}},
    {HEALTH, {.saying = RW_SAY_STITCH}},
    {HEALTH, {.saying = RW_SAY_PAIN}},
    {HEALTH, {.saying = RW_SAY_EMERGENCY}},
    {HEALTH, {.saying = RW_SAY_AFTER_PAIN}},
    {PLANS,
     {.saying = RW_SAY_PLAN,
      .kind = RW_KIND_WARMUP,
      .text = "Beginner",
      .number = 1,
      .duration_ms = 30 * MINUTES}},
    {PLANS, {.saying = RW_SAY_PLAN, .kind = RUN, .number = 34, .duration_ms = 30 * MINUTES}},
    {PLANS,
     {.saying = RW_SAY_PLAN,
      .text = "Core",
      .kind = EXERCISE,
      .number = 2,
      .flags = RW_WORDS_AGAIN}},
    {PLANS,
     {.saying = RW_SAY_PLAN,
      .text = "From five to ten",
      .kind = EXERCISE,
      .number = 2,
      .flags = RW_WORDS_STEP_BACK}},
    {PLANS, {.saying = RW_SAY_PLAN, .kind = EXERCISE, .number = 3, .flags = RW_WORDS_WEEKS_BACK}},
    {PLANS, {.saying = RW_SAY_PLAN, .kind = EXERCISE, .number = 4, .flags = RW_WORDS_BIG_STEP}},
    {PLANS, {.saying = RW_SAY_PLAN_WAITS}},
    {PLANS, {.saying = RW_SAY_NO_PLAN}},
    {END, {.saying = RW_SAY_DONE, .duration_ms = 21 * MINUTES, .total = 8}},
    {END, {.saying = RW_SAY_STOPPED, .duration_ms = 12 * MINUTES}},
};

/* The sayings with phrases to choose from. */
static const struct {
    const char *group;
    enum rw_saying saying;
} choices[] = {
    {"Encouragement", RW_SAY_ENCOURAGE},   {"Encouragement, asked for", RW_SAY_REASSURE},
    {"Posture", RW_SAY_POSTURE},           {"Breathing", RW_SAY_BREATHING},
    {"The dead point", RW_SAY_DEAD_POINT},
};

struct listing {
    const struct rw_invocation *invocation;
    const struct rw_voice *voice;
    json_t *phrases;   /* with --json; else NULL */
    const char *group; /* whose heading was printed */
};

static void phrase_list(struct listing *listing, const char *group, const char *text, unsigned tags)
{
    FILE *out = listing->invocation->out;
    if (listing->phrases) {
        json_t *fits = json_array();
        for (size_t i = 0; i < RW_PHRASE_TAG_COUNT; i++) {
            if (tags & 1u << i) {
                json_array_append_new(fits, json_string(rw_phrase_tag_names[i]));
            }
        }
        json_array_append_new(listing->phrases, json_pack("{s:s, s:s, s:o}", "group", group, "text",
                                                          text, "fits", fits));
        return;
    }
    if (!listing->group || strcmp(listing->group, group) != 0) {
        fprintf(out, "%s%s%s%s\n", listing->group ? "\n" : "",
                rw_style(listing->invocation, RW_STYLE_STRONG), group,
                rw_style(listing->invocation, RW_STYLE_PLAIN));
        listing->group = group;
    }
    char clean[RW_UTTERANCE_TEXT_MAX];
    rw_text_clean(text, clean, sizeof clean);
    fprintf(out, "  %s", clean);
    for (size_t i = 0, told = 0; i < RW_PHRASE_TAG_COUNT; i++) {
        if (tags & 1u << i) {
            fprintf(out, "%s%s", told++ ? ", " : "  (", rw_phrase_tag_names[i]);
        }
    }
    fputs(tags ? ")\n" : "\n", out);
}

/* WORDS in each of the wordings that the pack has for them. */
static void words_list(struct listing *listing, const char *group, struct rw_words words,
                       unsigned tags)
{
    struct rw_utterance seen[VARIANTS_MAX];
    size_t count = 0;
    for (words.variant = 0; words.variant < VARIANTS_MAX; words.variant++) {
        struct rw_utterance *utterance = &seen[count];
        bool is_new = rw_voice_compose(listing->voice, &words, utterance) == RW_OK;
        for (size_t i = 0; i < count && is_new; i++) {
            is_new = strcmp(seen[i].text, utterance->text) != 0;
        }
        if (is_new) {
            phrase_list(listing, group, utterance->text, tags);
            count++;
        }
    }
}

static void all_list(struct listing *listing)
{
    for (size_t i = 0; i < RW_COUNT(samples); i++) {
        words_list(listing, samples[i].group, samples[i].words, 0);
    }
    for (size_t i = 0; i < RW_COUNT(choices); i++) {
        uint32_t count = rw_voice_phrase_count(listing->voice, choices[i].saying);
        for (uint32_t number = 1; number <= count; number++) {
            struct rw_words words = {.saying = choices[i].saying, .number = number};
            words_list(listing, choices[i].group, words,
                       rw_voice_phrase_tags(listing->voice, choices[i].saying, number));
        }
    }
    for (uint32_t i = 0; i < rw_voice_text_count(listing->voice); i++) {
        phrase_list(listing, "Word for word", rw_voice_text(listing->voice, i), 0);
    }
}

enum rw_exit rw_verb_phrases(const struct rw_invocation *invocation)
{
    struct rw_paths *paths;
    struct rw_voice *voice = NULL;
    enum rw_exit exit = rw_load_paths(invocation, &paths);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    exit = rw_load_voice(invocation, paths, rw_arguments_value(&invocation->arguments, "lang"),
                         NULL, &voice);
    if (exit == RW_EXIT_OK) {
        bool as_json = rw_arguments_has(&invocation->arguments, "json");
        struct listing listing = {
            .invocation = invocation,
            .voice = voice,
            .phrases = as_json ? json_array() : NULL,
        };
        all_list(&listing);
        if (as_json) {
            json_t *all = json_pack("{s:s, s:o}", "language", rw_voice_language(voice), "phrases",
                                    listing.phrases);
            json_dumpf(all, invocation->out, JSON_INDENT(2));
            fputc('\n', invocation->out);
            json_decref(all);
        }
    }
    rw_voice_close(voice);
    rw_paths_destroy(paths);
    return exit;
}
