/* suggest: which ratio suits a pace, with its source, and a profile made of it. */

#include "load.h"
#include "runwalk/advice/pace.h"
#include "runwalk/advice/session.h"
#include "runwalk/paths/file.h"
#include "text.h"
#include "whole.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_MINUTES 30
#define CELSIUS_COOL    13 /* where the table needs no correction */

struct suggestion {
    uint32_t mile_s; /* 0: no mile was timed */
    uint32_t pace_s;
    bool has_race;
    enum rw_race race;
    bool has_heat;
    int celsius;
    uint32_t total_s; /* wanted */

    const struct rw_ratio_row *row;
    struct rw_choice choices[RW_CHOICES_MAX];
    size_t count, chosen;
    struct rw_session_plan plan;
    char about[160];
    char *text; /* of the profile */
};

/* ---- what was asked for ---- */

static enum rw_exit pace_option(const struct rw_invocation *invocation, const char *name,
                                uint32_t *ret_pace_s)
{
    const char *text = rw_arguments_value(&invocation->arguments, name);
    switch (text ? rw_pace_parse(text, ret_pace_s) : RW_OK) {
    case RW_OK:
        return RW_EXIT_OK;
    case RW_ELIMIT:
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--%s %s: a mile takes from 4:00 to 30:00 minutes; the pace of a kilometre, "
                       "from 2:29 to 18:38, is written 7:09/km",
                       name, text);
    default:
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--%s %s: write minutes and seconds for a mile, such as 11:30, or for a "
                       "kilometre 7:09/km",
                       name, text);
    }
}

static enum rw_exit race_option(const struct rw_invocation *invocation, struct suggestion *wish)
{
    const char *name = rw_arguments_value(&invocation->arguments, "race");
    wish->has_race = name != NULL;
    if (name && !rw_race_find(name, &wish->race)) {
        return rw_fail(invocation, RW_EXIT_USAGE, "--race is 5k, 10k, half or marathon, not \"%s\"",
                       name);
    }
    return RW_EXIT_OK;
}

static enum rw_exit heat_option(const struct rw_invocation *invocation, struct suggestion *wish)
{
    const char *text = rw_arguments_value(&invocation->arguments, "heat");
    char *end;
    wish->celsius = CELSIUS_COOL;
    wish->has_heat = text != NULL;
    if (!text) {
        return RW_EXIT_OK;
    }
    errno = 0;
    long degrees = strtol(text, &end, 10);
    bool is_fahrenheit = end > text && strcmp(end, "F") == 0;
    bool is_number = end > text && errno == 0 && labs(degrees) < 1000 &&
                     (*end == '\0' || strcmp(end, "C") == 0 || is_fahrenheit);
    if (!is_number) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--heat %s: write whole degrees Celsius, such as 27, or 80F", text);
    }
    long celsius = is_fahrenheit ? ((degrees - 32) * 10 + (degrees > 32 ? 9 : -9)) / 18 : degrees;
    if (celsius < RW_HEAT_MIN || celsius > RW_HEAT_MAX) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--heat %s: there is advice from %d to %d degrees Celsius%s%s%s", text,
                       RW_HEAT_MIN, RW_HEAT_MAX,
                       is_fahrenheit ? "" : "; if it is Fahrenheit, write ",
                       is_fahrenheit ? "" : text, is_fahrenheit ? "" : "F");
    }
    wish->celsius = (int)celsius;
    return RW_EXIT_OK;
}

static enum rw_exit minutes_option(const struct rw_invocation *invocation, struct suggestion *wish)
{
    const char *text = rw_arguments_value(&invocation->arguments, "minutes");
    uint64_t minutes = DEFAULT_MINUTES;
    if (!text && wish->has_race) {
        wish->total_s = rw_race_time(wish->race, wish->pace_s) + 2 * RW_SESSION_WARM_S;
        return RW_EXIT_OK;
    }
    if (text && (!rw_arguments_number(text, &minutes) || minutes < RW_SESSION_MINUTES_MIN ||
                 minutes > RW_SESSION_MINUTES_MAX)) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--minutes is the whole session with ten minutes to get warm and calm down, "
                       "from %d to %d, not \"%s\"",
                       RW_SESSION_MINUTES_MIN, RW_SESSION_MINUTES_MAX, text);
    }
    wish->total_s = (uint32_t)minutes * 60;
    return RW_EXIT_OK;
}

/* Which of the choices: the first, or the one that --ratio names. */
static enum rw_exit ratio_option(const struct rw_invocation *invocation, struct suggestion *wish)
{
    const char *name = rw_arguments_value(&invocation->arguments, "ratio");
    char offered[RW_CHOICES_MAX * (RW_RATIO_TEXT + 2)] = "";
    if (!name) {
        return RW_EXIT_OK;
    }
    for (size_t i = 0; i < wish->count; i++) {
        char text[RW_RATIO_TEXT];
        rw_ratio_write(wish->choices[i].ratio, text);
        if (strcmp(text, name) == 0) {
            wish->chosen = i;
            return RW_EXIT_OK;
        }
        size_t used = strlen(offered);
        snprintf(offered + used, sizeof offered - used, "%s%s", i > 0 ? ", " : "", text);
    }
    return rw_fail(invocation, RW_EXIT_USAGE, "--ratio %s is not among those that suit: %s", name,
                   offered);
}

static enum rw_exit options_read(const struct rw_invocation *invocation, struct suggestion *wish)
{
    const struct rw_arguments *arguments = &invocation->arguments;
    if (rw_arguments_has(arguments, "mile") == rw_arguments_has(arguments, "pace")) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "give either --mile, the time of a mile run hard, or --pace, that of the "
                       "whole run a mile");
    }
    if (rw_arguments_has(arguments, "out") && rw_arguments_has(arguments, "save")) {
        return rw_fail(invocation, RW_EXIT_USAGE, "give either --out FILE or --save NAME");
    }
    enum rw_exit exit = pace_option(invocation, "mile", &wish->mile_s);
    if (exit == RW_EXIT_OK) {
        exit = pace_option(invocation, "pace", &wish->pace_s);
    }
    if (exit == RW_EXIT_OK) {
        exit = race_option(invocation, wish);
    }
    if (exit == RW_EXIT_OK && wish->mile_s > 0) {
        wish->pace_s = wish->has_race ? rw_race_predict(wish->race, wish->mile_s)
                                      : rw_long_run_predict(wish->mile_s);
    }
    if (exit == RW_EXIT_OK) {
        exit = heat_option(invocation, wish);
    }
    if (exit == RW_EXIT_OK) {
        exit = minutes_option(invocation, wish);
    }
    return exit;
}

static enum rw_exit suggestion_make(const struct rw_invocation *invocation, struct suggestion *wish)
{
    char pace[RW_PACE_TEXT];
    char per_km[RW_PACE_TEXT];
    char heat[32] = "";
    wish->row = rw_ratio_find(wish->pace_s);
    wish->count = rw_ratio_choices(wish->row, wish->celsius, wish->choices);
    enum rw_exit exit = ratio_option(invocation, wish);
    if (exit != RW_EXIT_OK) {
        return exit;
    }
    wish->plan = rw_session_fit(wish->choices[wish->chosen].ratio, wish->total_s);
    rw_pace_write(wish->pace_s, pace);
    rw_pace_write(rw_pace_per_km(wish->pace_s), per_km);
    if (wish->has_heat) {
        snprintf(heat, sizeof heat, ", at %d °C", wish->celsius);
    }
    snprintf(wish->about, sizeof wish->about,
             "Suits a whole run of about %s a mile (%s a kilometre)%s.", pace, per_km, heat);
    wish->text = rw_session_profile(&wish->plan, wish->about);
    return wish->text ? RW_EXIT_OK : rw_fail(invocation, RW_EXIT_IO, "out of memory");
}

/* ---- what is answered ---- */

static void prediction_print(FILE *out, const struct suggestion *wish)
{
    char text[RW_PACE_TEXT];
    char time[RW_TEXT_TIME_MAX];
    rw_pace_write(wish->mile_s, text);
    fprintf(out, "A mile in %s predicts, where it was run hard\n", text);
    for (int i = 0; i < RW_RACE_COUNT; i++) {
        enum rw_race race = (enum rw_race)i;
        uint32_t pace_s = rw_race_predict(race, wish->mile_s);
        rw_pace_write(pace_s, text);
        rw_text_clock(rw_race_time(race, pace_s), time);
        fprintf(out, "  %-14s %6s a mile, in all %s\n", rw_race_info(race)->label, text, time);
    }
    rw_pace_write(rw_long_run_predict(wish->mile_s), text);
    fprintf(out, "  %-14s %6s a mile, or slower\n\n", "long, easy run", text);
    if (!wish->has_race) {
        fputs("For the long, easy run (--race proposes for the day of a race):\n", out);
    }
}

/* The name of the profile that comes with runwalk and has this ratio; "" when none has. */
static void shipped_find(const struct rw_paths *paths, struct rw_ratio ratio, char *out,
                         size_t size)
{
    char text[RW_RATIO_TEXT];
    struct rw_profile_place place;
    rw_ratio_write(ratio, text);
    *strchr(text, '/') = '-';
    snprintf(out, size, "ratio-%s", text);
    if (rw_paths_find_profile(paths, out, NULL, &place, NULL) == RW_OK) {
        rw_profile_place_finish(&place);
    } else {
        out[0] = '\0';
    }
}

/* Where the choice is from, or which profile has it; "" when there is nothing to say. */
static void choice_remark(const struct rw_paths *paths, const struct rw_choice *choice, char *out,
                          size_t size)
{
    shipped_find(paths, choice->ratio, out, size);
    switch (choice->origin) {
    case RW_CHOICE_TABLE:
        break;
    case RW_CHOICE_HALF:
        snprintf(out, size, "the first one, both numbers halved");
        break;
    case RW_CHOICE_THIRD:
        snprintf(out, size, "the first one, both divided by three");
        break;
    }
}

static void choices_print(const struct rw_invocation *invocation, const struct rw_paths *paths,
                          const struct suggestion *wish)
{
    for (size_t i = 0; i < wish->count; i++) {
        char run[RW_TEXT_TIME_MAX];
        char walk[RW_TEXT_TIME_MAX];
        char remark[48];
        bool is_chosen = i == wish->chosen;
        rw_text_span(wish->choices[i].ratio.run_s * INT64_C(1000), run);
        rw_text_span(wish->choices[i].ratio.walk_s * INT64_C(1000), walk);
        choice_remark(paths, &wish->choices[i], remark, sizeof remark);
        fprintf(invocation->out, "%s %c  run %-12s walk %*s%s%s\n",
                is_chosen ? rw_style(invocation, RW_STYLE_STRONG) : "", is_chosen ? '*' : ' ', run,
                remark[0] ? -8 : 0, walk, remark,
                is_chosen ? rw_style(invocation, RW_STYLE_PLAIN) : "");
    }
}

static void table_limits_print(FILE *out, const struct suggestion *wish)
{
    size_t count;
    const struct rw_ratio_row *rows = rw_ratio_rows(&count);
    if (wish->pace_s < rows[0].from_s) {
        fputs("The table begins at 7:00 a mile; this is its first row.\n", out);
    } else if (wish->pace_s > rows[count - 1].to_s) {
        fputs("The table ends at 20:00 a mile; this is its last row.\n", out);
    }
    if (wish->celsius > RW_HEAT_TABLE_END) {
        fprintf(
            out,
            "The figures for heat end at %d degrees. When it is hotter: a cooler hour, a walk, or "
            "another day.\n",
            RW_HEAT_TABLE_END);
    }
}

static void suggestion_print(const struct rw_invocation *invocation, const struct rw_paths *paths,
                             const struct suggestion *wish)
{
    FILE *out = invocation->out;
    char from[RW_PACE_TEXT];
    char to[RW_PACE_TEXT];
    char total[RW_TEXT_TIME_MAX];
    if (wish->mile_s > 0) {
        prediction_print(out, wish);
    }
    rw_pace_write(wish->row->from_s, from);
    rw_pace_write(wish->row->to_s, to);
    fprintf(out, "%s\n", wish->about);
    bool is_one = wish->row->from_s == wish->row->to_s;
    fprintf(out, "The table's row for %s%s%s a mile%s\n\n", from, is_one ? "" : " to ",
            is_one ? "" : to,
            rw_heat_left(wish->celsius) < 90 ? ", with less running for the heat" : "");
    choices_print(invocation, paths, wish);
    fputc('\n', out);
    table_limits_print(out, wish);
    rw_text_span(wish->plan.total_s * INT64_C(1000), total);
    fprintf(out, "Warm-up, %" PRIu32 " run%s of the one with the star, cool-down: %s in all.\n\n",
            wish->plan.repeats, wish->plan.repeats == 1 ? "" : "s", total);
    fprintf(out, "%s\n", rw_ratio_source());
}

static json_t *ratio_json(struct rw_ratio ratio)
{
    return json_pack("{s:i, s:i}", "run_s", (int)ratio.run_s, "walk_s", (int)ratio.walk_s);
}

static json_t *suggestion_json(const struct rw_paths *paths, const struct suggestion *wish)
{
    static const char *const origins[] = {"table", "half", "third"};
    json_t *choices = json_array();
    for (size_t i = 0; i < wish->count; i++) {
        char shipped[48];
        json_t *choice = ratio_json(wish->choices[i].ratio);
        shipped_find(paths, wish->choices[i].ratio, shipped, sizeof shipped);
        json_object_set_new(choice, "origin", json_string(origins[wish->choices[i].origin]));
        json_object_set_new(choice, "profile", shipped[0] ? json_string(shipped) : json_null());
        json_array_append_new(choices, choice);
    }
    json_t *predictions = wish->mile_s ? json_object() : json_null();
    for (int i = 0; i < RW_RACE_COUNT && wish->mile_s; i++) {
        json_object_set_new(predictions, rw_race_info((enum rw_race)i)->name,
                            json_integer(rw_race_predict((enum rw_race)i, wish->mile_s)));
    }
    if (wish->mile_s) {
        json_object_set_new(predictions, "long", json_integer(rw_long_run_predict(wish->mile_s)));
    }
    return json_pack(
        "{s:i, s:i, s:o, s:{s:i, s:i}, s:i, s:o, s:o, s:i, s:i, s:s, s:s}", "pace_s_per_mile",
        (int)wish->pace_s, "pace_s_per_km", (int)rw_pace_per_km(wish->pace_s),
        "predicted_s_per_mile", predictions, "row", "from_s_per_mile", (int)wish->row->from_s,
        "to_s_per_mile", (int)wish->row->to_s, "celsius", wish->celsius, "choices", choices,
        "chosen", ratio_json(wish->plan.ratio), "runs", (int)wish->plan.repeats, "duration_ms",
        (int)wish->plan.total_s * 1000, "source", rw_ratio_source(), "profile", wish->text);
}

/* ---- the file ---- */

static void profile_write(FILE *file, const void *context)
{
    fputs(context, file);
}

static enum rw_exit file_save(const struct rw_invocation *invocation, const char *path,
                              const char *text)
{
    struct rw_whole whole = {
        .path = path,
        .mode = 0644,
        .keeps = !rw_arguments_has(&invocation->arguments, "force"),
        .write = profile_write,
        .context = text,
    };
    return rw_whole_write(invocation, &whole);
}

/* The folder above PATH is there afterwards. */
static enum rw_exit folder_make(const struct rw_invocation *invocation, char *path)
{
    char *problem = NULL;
    char *slash = strrchr(path, '/');
    *slash = '\0';
    enum rw_status status = rw_directory_make(path, &problem);
    *slash = '/';
    if (status != RW_OK) {
        rw_fail(invocation, RW_EXIT_IO, "%s", problem ? problem : "out of memory");
    }
    free(problem);
    return status == RW_OK ? RW_EXIT_OK : RW_EXIT_IO;
}

static enum rw_exit name_save(const struct rw_invocation *invocation, const struct rw_paths *paths,
                              const char *name, const char *text)
{
    char *path;
    switch (rw_paths_own_profile(paths, name, &path)) {
    case RW_OK:
        break;
    case RW_EMEMORY:
        return rw_fail(invocation, RW_EXIT_IO, "out of memory");
    default:
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "--save %s: a profile's name has no dots at its beginning and leads out of "
                       "no folder; for a path there is --out FILE",
                       name);
    }
    enum rw_exit exit = folder_make(invocation, path);
    if (exit == RW_EXIT_OK) {
        exit = file_save(invocation, path, text);
    }
    if (exit == RW_EXIT_OK && !rw_arguments_has(&invocation->arguments, "json")) {
        fprintf(invocation->out, "\nSaved as %s\nrunwalk start %s\n", path, name);
    }
    free(path);
    return exit;
}

/* The command that was given, to be given again with --save. */
static void save_hint(const struct rw_invocation *invocation)
{
    static const char *const repeated[] = {"mile", "pace", "race", "heat", "minutes", "ratio"};
    fputs("\nSave it under a name of yours:\n  runwalk suggest", invocation->out);
    for (size_t i = 0; i < RW_COUNT(repeated); i++) {
        const char *value = rw_arguments_value(&invocation->arguments, repeated[i]);
        if (value) {
            const char *quote = strchr(value, ' ') ? "'" : "";
            fprintf(invocation->out, " --%s %s%s%s", repeated[i], quote, value, quote);
        }
    }
    fputs(" --save NAME\n", invocation->out);
}

static enum rw_exit suggestion_give(const struct rw_invocation *invocation,
                                    const struct rw_paths *paths, const struct suggestion *wish)
{
    const char *file = rw_arguments_value(&invocation->arguments, "out");
    const char *name = rw_arguments_value(&invocation->arguments, "save");
    if (file && strcmp(file, "-") == 0) {
        fputs(wish->text, invocation->out);
        return RW_EXIT_OK;
    }
    if (rw_arguments_has(&invocation->arguments, "json")) {
        json_t *all = suggestion_json(paths, wish);
        json_dumpf(all, invocation->out, JSON_INDENT(2));
        fputc('\n', invocation->out);
        json_decref(all);
    } else {
        suggestion_print(invocation, paths, wish);
    }
    if (name) {
        return name_save(invocation, paths, name, wish->text);
    }
    bool is_json = rw_arguments_has(&invocation->arguments, "json");
    if (file) {
        enum rw_exit exit = file_save(invocation, file, wish->text);
        if (exit == RW_EXIT_OK && !is_json) {
            fprintf(invocation->out, "\nWritten to %s\n", file);
        }
        return exit;
    }
    if (!is_json) {
        save_hint(invocation);
    }
    return RW_EXIT_OK;
}

enum rw_exit rw_verb_suggest(const struct rw_invocation *invocation)
{
    struct suggestion wish = {0};
    struct rw_paths *paths = NULL;
    enum rw_exit exit = options_read(invocation, &wish);
    if (exit == RW_EXIT_OK) {
        exit = suggestion_make(invocation, &wish);
    }
    if (exit == RW_EXIT_OK) {
        exit = rw_load_paths(invocation, &paths);
    }
    if (exit == RW_EXIT_OK) {
        exit = suggestion_give(invocation, paths, &wish);
    }
    rw_paths_destroy(paths);
    free(wish.text);
    return exit;
}
