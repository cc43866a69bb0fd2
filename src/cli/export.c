/* export: a run as a file for other programs. */

#include "history.h"
#include "markup.h"
#include "text.h"
#include "whole.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* A moment of the run's clock as ISO 8601, in UTC. */
static void moment_write(const struct rw_history_run *run, json_int_t clock_ms, char out[32])
{
    struct tm utc;
    json_int_t ms = rw_history_integer(run->run, "begin_unix_ms") + clock_ms;
    time_t seconds = (time_t)(ms / 1000);
    strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
}

/* How long SEGMENT really was, pauses left out. */
static json_int_t length_ms(const struct rw_history_run *run, const json_t *segment)
{
    const json_t *end = json_object_get(segment, "end_ms");
    json_int_t end_ms =
        json_is_integer(end) ? json_integer_value(end) : rw_history_integer(run->run, "session_ms");
    json_int_t length = end_ms - rw_history_integer(segment, "begin_ms");
    return length > 0 ? length : 0;
}

/*
 * The schema (TrainingCenterDatabasev2.xsd) asks each lap for a distance and for calories; both are
 * zero, for nobody has measured them. The track has its times only: some readers pass over a lap
 * without one. Nothing is invented.
 */
static void lap_write(FILE *file, const struct rw_history_run *run, const json_t *segment)
{
    char begin[32];
    char end[32];
    json_int_t begin_ms = rw_history_integer(segment, "begin_clock_ms");
    json_int_t length = length_ms(run, segment);
    const char *kind = rw_history_text(segment, "kind");
    bool is_active = strcmp(kind, "run") == 0 || strcmp(kind, "exercise") == 0;
    moment_write(run, begin_ms, begin);
    moment_write(run, begin_ms + length, end);
    fprintf(file,
            "      <Lap StartTime=\"%s\">\n"
            "        <TotalTimeSeconds>%lld.%03lld</TotalTimeSeconds>\n"
            "        <DistanceMeters>0</DistanceMeters>\n"
            "        <Calories>0</Calories>\n"
            "        <Intensity>%s</Intensity>\n"
            "        <TriggerMethod>Time</TriggerMethod>\n"
            "        <Track>\n"
            "          <Trackpoint><Time>%s</Time></Trackpoint>\n"
            "          <Trackpoint><Time>%s</Time></Trackpoint>\n"
            "        </Track>\n"
            "        <Notes>",
            begin, (long long)(length / 1000), (long long)(length % 1000),
            is_active ? "Active" : "Resting", begin, end);
    rw_markup_text(file, kind);
    if (rw_history_text(segment, "name")[0]) {
        fputs(": ", file);
        rw_markup_text(file, rw_history_text(segment, "name"));
    }
    fputs("</Notes>\n      </Lap>\n", file);
}

static void tcx_write(FILE *file, const struct rw_history_run *run)
{
    char begin[32];
    size_t i;
    const json_t *segment;
    const json_t *note = json_object_get(run->run, "note");
    const json_t *segments = run->parts[RW_HISTORY_SEGMENTS];
    moment_write(run, rw_history_integer(json_array_get(segments, 0), "begin_clock_ms"), begin);
    fprintf(file,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<TrainingCenterDatabase"
            " xmlns=\"http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2\">\n"
            "  <Activities>\n"
            "    <Activity Sport=\"Running\">\n"
            "      <Id>%s</Id>\n",
            begin);
    json_array_foreach(segments, i, segment)
    {
        lap_write(file, run, segment);
    }
    fputs("      <Notes>", file);
    rw_markup_text(file, rw_history_text(run->run, "name"));
    if (json_is_string(note)) {
        fputs(". ", file);
        rw_markup_text(file, json_string_value(note));
    }
    fputs("</Notes>\n    </Activity>\n  </Activities>\n</TrainingCenterDatabase>\n", file);
}

/* A field of CSV (RFC 4180), quoted. */
static void field_write(FILE *file, const char *text)
{
    char clean[512];
    rw_text_clean(text, clean, sizeof clean);
    fputc('"', file);
    for (const char *c = clean; *c; c++) {
        fputs(*c == '"' ? "\"\"" : (char[]){*c, '\0'}, file);
    }
    fputc('"', file);
}

static void csv_write(FILE *file, const struct rw_history_run *run)
{
    size_t i;
    const json_t *segment;
    fputs("segment,start,kind,name,side,planned_ms,begin_ms,duration_ms\r\n", file);
    json_array_foreach(run->parts[RW_HISTORY_SEGMENTS], i, segment)
    {
        char begin[32];
        moment_write(run, rw_history_integer(segment, "begin_clock_ms"), begin);
        fprintf(file, "%lld,%s,%s,", (long long)rw_history_integer(segment, "segment"), begin,
                rw_history_text(segment, "kind"));
        field_write(file, rw_history_text(segment, "name"));
        fprintf(file, ",%s,%lld,%lld,%lld\r\n", rw_history_text(segment, "side"),
                (long long)rw_history_integer(segment, "planned_ms"),
                (long long)rw_history_integer(segment, "begin_ms"),
                (long long)length_ms(run, segment));
    }
}

static void json_write(FILE *file, const struct rw_history_run *run)
{
    json_t *all = rw_history_json(run);
    json_dumpf(all, file, JSON_INDENT(2));
    fputc('\n', file);
    json_decref(all);
}

static const struct {
    const char *ending;
    void (*write)(FILE *file, const struct rw_history_run *run);
} formats[] = {
    {".tcx", tcx_write},
    {".csv", csv_write},
    {".json", json_write},
};

struct export
{
    size_t format;
    const struct rw_history_run *run;
};

static void export_write(FILE *file, const void *context)
{
    const struct export *export = context;
    formats[export->format].write(file, export->run);
}

enum rw_exit rw_verb_export(const struct rw_invocation *invocation)
{
    const char *path = invocation->arguments.words[1];
    const char *ending = strrchr(path, '.');
    json_int_t number;
    size_t format = 0;
    while (format < RW_COUNT(formats) && !(ending && strcmp(ending, formats[format].ending) == 0)) {
        format++;
    }
    if (format == RW_COUNT(formats)) {
        return rw_fail(invocation, RW_EXIT_USAGE,
                       "\"%s\" must end in .tcx, .csv or .json: that says how it is written", path);
    }
    if (!rw_history_number(invocation, invocation->arguments.words[0], &number)) {
        return RW_EXIT_USAGE;
    }
    struct rw_history_run run;
    bool with_health = rw_arguments_has(&invocation->arguments, "with-health");
    enum rw_exit exit = rw_history_fetch(invocation, number, with_health, &run);
    if (exit == RW_EXIT_OK && json_array_size(run.parts[RW_HISTORY_SEGMENTS]) == 0) {
        exit = rw_fail(invocation, RW_EXIT_REFUSED, "run %lld has no step: nothing to export",
                       (long long)number);
    }
    if (exit == RW_EXIT_OK) {
        struct export export = {format, &run};
        struct rw_whole whole = {
            .path = path, .mode = 0600, .write = export_write, .context = &export};
        exit = rw_whole_write(invocation, &whole);
    }
    rw_history_finish(&run);
    return exit;
}
