#include "runwalk/advice/session.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX (RW_SESSION_MINUTES_MAX * 60u)
#define WORDS_MAX   48
#define COLUMN      46 /* where the comments stand */

/* Steps up to this long come too often for their length to be said with each change of it. */
#define BRIEF_RUN_S  30
#define BRIEF_WALK_S 10
/* Shorter than this, it has no ticks, whatever is asked for. */
#define TICKED_S 20

struct rw_session_plan rw_session_fit(struct rw_ratio ratio, uint32_t total_s)
{
    uint32_t cycle = (uint32_t)ratio.run_s + ratio.walk_s;
    uint32_t between = total_s > 2 * RW_SESSION_WARM_S ? total_s - 2 * RW_SESSION_WARM_S : 0;
    /* The walk after the last run is left out; so the nearest whole number of cycles. */
    uint32_t repeats = (between + ratio.walk_s + cycle / 2) / cycle;
    repeats = repeats < 1 ? 1 : repeats;
    /* A rounding up is no reason to go beyond what a session may last. */
    while (2 * RW_SESSION_WARM_S + repeats * cycle - ratio.walk_s > SECONDS_MAX) {
        repeats--;
    }
    return (struct rw_session_plan){
        .ratio = ratio,
        .repeats = repeats,
        .total_s = 2 * RW_SESSION_WARM_S + repeats * cycle - ratio.walk_s,
    };
}

/* "1 minute", "90 seconds", "4 minutes", "3 minutes 30 seconds": as the shipped profiles are named,
 * so that the sound packs know the words. */
static void words_write(uint32_t seconds, char out[WORDS_MAX])
{
    uint32_t minutes = seconds / 60;
    uint32_t odd = seconds % 60;
    const char *plural = minutes == 1 ? "" : "s";
    if (odd == 0 && minutes > 0) {
        snprintf(out, WORDS_MAX, "%" PRIu32 " minute%s", minutes, plural);
    } else if (seconds < 120) {
        snprintf(out, WORDS_MAX, "%" PRIu32 " seconds", seconds);
    } else {
        snprintf(out, WORDS_MAX, "%" PRIu32 " minutes %" PRIu32 " seconds", minutes, odd);
    }
}

/* The same as a profile has it: "90s", "4m", "3m30s". */
static void time_write(uint32_t seconds, char out[WORDS_MAX])
{
    uint32_t minutes = seconds / 60;
    uint32_t odd = seconds % 60;
    if (odd == 0 && minutes > 0) {
        snprintf(out, WORDS_MAX, "%" PRIu32 "m", minutes);
    } else if (seconds < 120) {
        snprintf(out, WORDS_MAX, "%" PRIu32 "s", seconds);
    } else {
        snprintf(out, WORDS_MAX, "%" PRIu32 "m%" PRIu32 "s", minutes, odd);
    }
}

/* A line of the profile, and what it means. */
static void line_put(FILE *out, const char *comment, const char *format, ...) RW_PRINTF(3, 4);

static void line_put(FILE *out, const char *comment, const char *format, ...)
{
    char line[160];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    size_t length = strlen(line);
    fprintf(out, "%s%*s# %s\n", line, length < COLUMN ? (int)(COLUMN - length) : 2, "", comment);
}

static void cues_put(FILE *out, struct rw_ratio ratio)
{
    uint16_t longer = ratio.run_s < ratio.walk_s ? ratio.walk_s : ratio.run_s;
    if (ratio.run_s > BRIEF_RUN_S && ratio.walk_s > BRIEF_WALK_S) {
        return;
    }
    line_put(out, "changes come often here, so less is said", "cues:");
    line_put(out, "only \"Run\" and \"Walk\", without the time", "  announce: kind");
    if (longer < TICKED_S) {
        line_put(out, "no ticks: there is no room for them", "  countdown: off");
    }
}

char *rw_session_profile(const struct rw_session_plan *plan, const char *about)
{
    char run_words[WORDS_MAX];
    char walk_words[WORDS_MAX];
    char run_time[WORDS_MAX];
    char walk_time[WORDS_MAX];
    char comment[WORDS_MAX + 8];
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        return NULL;
    }
    words_write(plan->ratio.run_s, run_words);
    words_write(plan->ratio.walk_s, walk_words);
    time_write(plan->ratio.run_s, run_time);
    time_write(plan->ratio.walk_s, walk_time);

    fprintf(out, "# Run %s, walk %s, over and over. Walk before you are tired, not after.\n",
            run_words, walk_words);
    fprintf(out, "# %s\n", about);
    fputs("# That is a coach's experience, not the result of trials: take what feels right.\n",
          out);
    line_put(out, "what the coach calls it", "name: Run %s, walk %s", run_words, walk_words);
    line_put(out, "what a list shows",
             "summary: %" PRIu32 " run%s, about %" PRIu32 " minutes in all.", plan->repeats,
             plan->repeats == 1 ? "" : "s", (plan->total_s + 30) / 60);
    cues_put(out, plan->ratio);
    line_put(out, "what you do, in order", "steps:");
    line_put(out, "five minutes to get warm", "  - warmup: %dm", RW_SESSION_WARM_S / 60);
    line_put(out, "said as the warm-up begins", "    say: Start with a brisk walk.");
    line_put(out, "this often; change the number to make it shorter or longer",
             "  - repeat: %" PRIu32, plan->repeats);
    line_put(out, "the cool-down follows right after the last run", "    skip-last: walk");
    line_put(out, "namely:", "    steps:");
    snprintf(comment, sizeof comment, "run %s", run_words);
    line_put(out, comment, "      - run: %s", run_time);
    snprintf(comment, sizeof comment, "walk %s", walk_words);
    line_put(out, comment, "      - walk: %s", walk_time);
    line_put(out, "five minutes to calm down", "  - cooldown: %dm", RW_SESSION_WARM_S / 60);
    line_put(out, "said as it begins", "    say: Walk slowly and let your breath settle.");

    bool is_whole = !ferror(out);
    if (fclose(out) != 0 || !is_whole) {
        free(text);
        return NULL;
    }
    return text;
}
