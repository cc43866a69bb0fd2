/* The page of the report: its style, the figures at a glance, the pictures, and the tables. */

#include "history.h"
#include "markup.h"
#include "report.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* As many sessions the page lists one by one. */
#define LISTED_MAX 400

static const char style[] =
    ":root{color-scheme:light dark;--page:#f6f4f0;--card:#fff;--ink:#211f1c;--soft:#635e57;"
    "--grid:#e6e2da;--base:#b9b3a8;--run:#d4581c;--walk:#178287;--plain:#4b5563;--rest:#8a6d3b;"
    "--planned:#d6d0c5;--none:#178287;--some:#b7791f;--bad:#b3261e;--inside:#fff}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#161513;--card:#211f1d;--ink:#efece6;"
    "--soft:#aaa59b;--grid:#34312d;--base:#6b665e;--run:#ff9152;--walk:#4cc2c6;--plain:#b3bac5;"
    "--rest:#d9b979;--planned:#6f675d;--none:#4cc2c6;--some:#e8b04b;--bad:#ff8a80;"
    "--inside:#161513}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"
    "\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif;"
    "-webkit-text-size-adjust:100%}\n"
    "main{max-width:1040px;margin:0 auto;padding:28px 16px 40px}\n"
    "h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}\n"
    "h2{font-size:1rem;line-height:1.3;margin:0}\n"
    "p{margin:0}.soft{color:var(--soft)}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(148px,1fr));gap:12px;"
    "margin:22px 0 12px;padding:0;list-style:none}\n"
    ".tiles li,.card{background:var(--card);border-radius:12px;padding:14px 16px}\n"
    ".tiles b{display:block;font-size:1.6rem;line-height:1.2;font-weight:650;"
    "font-variant-numeric:tabular-nums}\n"
    ".tiles span{color:var(--soft);font-size:.875rem}\n"
    ".plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));"
    "gap:12px}\n"
    ".plots .card:last-child:nth-child(odd){grid-column:1/-1}\n"
    ".card{min-width:0}.card p{color:var(--soft);font-size:.8125rem}\n"
    ".card i{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 5px 0 8px}\n"
    ".card i:first-child{margin-left:0}\n"
    ".card .empty{padding:44px 0;text-align:center}\n"
    "i.run{background:var(--run)}i.walk{background:var(--walk)}i.plain{background:var(--plain)}"
    "i.planned{background:var(--planned)}\n"
    "svg{display:block;width:100%;height:auto;max-width:560px;margin:8px auto 0}\n"
    "svg text{font-size:11.5px;fill:var(--soft);font-variant-numeric:tabular-nums}\n"
    "svg .mid{text-anchor:middle}svg .end{text-anchor:end}\n"
    "svg .number{fill:var(--ink);font-weight:600}\n"
    "svg .inside{fill:var(--inside);font-weight:650}\n"
    "svg .grid{stroke:var(--grid)}svg .base{stroke:var(--base)}\n"
    "svg .run{fill:var(--run)}svg .walk{fill:var(--walk)}svg .plain{fill:var(--plain)}"
    "svg .rest{fill:var(--rest)}svg .planned{fill:var(--planned)}\n"
    "svg .back0{fill:var(--none)}svg .back1{fill:var(--some)}svg .back2{fill:var(--bad)}\n"
    "svg .line{fill:none;stroke:var(--run);stroke-width:2;stroke-linejoin:round;"
    "stroke-linecap:round}\n"
    "section{margin-top:12px}.wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;font-size:.875rem;margin-top:8px;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{text-align:right;padding:6px 8px;border-top:1px solid var(--grid);"
    "vertical-align:top}\n"
    "thead th{border-top:0;color:var(--soft);font-weight:500}\n"
    "th:first-child,td:first-child{text-align:left;padding-left:0;font-weight:500;"
    "white-space:nowrap}\n"
    "th:last-child,td:last-child{padding-right:0}\n"
    "td.name,th.name{text-align:left;width:55%;overflow-wrap:anywhere}\n"
    "td.name small{display:block;color:var(--soft);font-size:.8125rem}\n"
    "footer{margin-top:20px;color:var(--soft);font-size:.8125rem}\n"
    "@media(max-width:480px){main{padding-top:20px}.tiles{grid-template-columns:1fr 1fr}"
    ".tiles b{font-size:1.3rem}.tiles li,.card{padding:12px}"
    "table{font-size:.75rem}th,td{padding:5px "
    "2px}th:first-child{padding-right:6px}td:last-child{padding-left:8px}td.name "
    "small{font-size:.75rem}thead th{font-size:.6875rem}}\n"
    "@media print{body{background:none}.card,.tiles li{break-inside:avoid;border:1px solid "
    "var(--grid)}}\n";

/* ---- small parts ---- */

const char *const rw_report_backs[RW_REPORT_BACKS] = {"none", "some", "bad"};

int rw_report_back(const char *word)
{
    for (int i = 0; i < RW_REPORT_BACKS; i++) {
        if (strcmp(rw_report_backs[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

void rw_report_day(int64_t days, char out[RW_REPORT_DAY_MAX])
{
    struct tm date = rw_date_of(days);
    strftime(out, RW_REPORT_DAY_MAX, date.tm_mday < 10 ? "%e %b" : "%d %b", &date);
    if (out[0] == ' ') {
        memmove(out, out + 1, strlen(out));
    }
}

int64_t rw_report_minutes(int64_t ms)
{
    return (ms + 30000) / 60000;
}

int rw_report_share(const struct rw_week *week)
{
    int64_t moving = week->running_ms + week->walking_ms;
    return moving > 0 ? (int)((week->running_ms * 100 + moving / 2) / moving) : -1;
}

/* The days of the report: "7 Sep to 29 Nov 2026", up to the Sunday of the present week. */
static void period_write(FILE *file, const struct rw_report *report)
{
    char day[RW_REPORT_DAY_MAX];
    int64_t first = report->weeks.list[0].monday;
    int64_t last = report->weeks.list[report->weeks.count - 1].monday + 6;
    struct tm begin = rw_date_of(first);
    struct tm end = rw_date_of(last);
    rw_report_day(first, day);
    fputs(day, file);
    if (begin.tm_year != end.tm_year) {
        fprintf(file, " %d", begin.tm_year + 1900);
    }
    rw_report_day(last, day);
    fprintf(file, " to %s %d", day, end.tm_year + 1900);
}

static void tile(FILE *file, const char *figure, const char *what)
{
    fprintf(file, "<li><b>%s</b><span>%s</span></li>\n", figure, what);
}

static struct rw_week sum_all(const struct rw_report *report)
{
    struct rw_week all = {0};
    for (size_t i = 0; i < report->weeks.count; i++) {
        const struct rw_week *week = &report->weeks.list[i];
        all.sessions += week->sessions;
        all.rests += week->rests;
        all.session_ms += week->session_ms;
        all.planned_ms += week->planned_ms;
        all.running_ms += week->running_ms;
        all.walking_ms += week->walking_ms;
    }
    return all;
}

static void tiles_write(FILE *file, const struct rw_report *report, const struct rw_week *all)
{
    char figure[RW_TEXT_TIME_MAX];
    fputs("<ul class=\"tiles\">\n", file);
    snprintf(figure, sizeof figure, "%u", all->sessions);
    tile(file, figure, all->sessions == 1 ? "session" : "sessions");
    rw_text_span(rw_report_minutes(all->running_ms) * 60000, figure);
    tile(file, figure, "of running");
    if (rw_report_share(all) >= 0) {
        snprintf(figure, sizeof figure, "%d %%", rw_report_share(all));
        tile(file, figure, "of it all was running");
    }
    snprintf(figure, sizeof figure, "%u", report->weeks.streak);
    tile(file, figure, report->weeks.streak == 1 ? "week in a row" : "weeks in a row");
    fputs("</ul>\n", file);
}

/* ---- the pictures ---- */

static void plot_write(FILE *file, const struct rw_report *report, const struct rw_plot *plot)
{
    char *drawn = NULL;
    size_t size;
    FILE *picture = open_memstream(&drawn, &size);
    bool has_picture = picture && plot->draw(picture, report);
    if (picture && fclose(picture) != 0) {
        has_picture = false;
    }
    fprintf(file, "<figure class=\"card\" style=\"margin:0\">\n<h2>%s</h2>\n", plot->title);
    if (!has_picture || !drawn) {
        fprintf(file, "<p class=\"empty\">%s</p>\n", plot->empty);
    } else {
        fputs("<p>", file);
        if (plot->key) {
            fputs(plot->key, file);
        } else {
            plot->describe(file, report);
        }
        fprintf(file,
                "</p>\n<svg id=\"%s\" viewBox=\"0 0 %d 196\" role=\"img\" "
                "aria-labelledby=\"%s-title %s-text\"><title id=\"%s-title\">%s</title>"
                "<desc id=\"%s-text\">",
                plot->id, RW_PLOT_WIDTH, plot->id, plot->id, plot->id, plot->title, plot->id);
        plot->describe(file, report);
        fprintf(file, " The numbers are in the tables below.</desc>\n%s</svg>\n", drawn);
    }
    fputs("</figure>\n", file);
    free(drawn);
}

static void plots_write(FILE *file, const struct rw_report *report)
{
    size_t count;
    const struct rw_plot *plots = rw_plots(&count);
    fputs("<div class=\"plots\">\n", file);
    for (size_t i = 0; i < count; i++) {
        if (!plots[i].is_health || report->with_health) {
            plot_write(file, report, &plots[i]);
        }
    }
    fputs("</div>\n", file);
}

/* ---- the tables ---- */

static void weeks_table(FILE *file, const struct rw_report *report)
{
    fputs("<section class=\"card\"><h2 id=\"weeks\">Week by week</h2>\n"
          "<p>Running, walking, planned and done are minutes; walking has warm-up and cool-down in "
          "it.</p>\n<div class=\"wide\"><table aria-labelledby=\"weeks\">\n<thead><tr>"
          "<th scope=\"col\">Week</th><th scope=\"col\">Sessions</th><th scope=\"col\">Run</th>"
          "<th scope=\"col\">Walk</th><th scope=\"col\">Share</th><th scope=\"col\">Rests</th>"
          "<th scope=\"col\">Plan</th><th scope=\"col\">Done</th></tr></thead>\n<tbody>\n",
          file);
    for (size_t i = report->weeks.count; i > 0; i--) {
        const struct rw_week *week = &report->weeks.list[i - 1];
        char day[RW_REPORT_DAY_MAX];
        char share[16] = "";
        rw_report_day(week->monday, day);
        if (rw_report_share(week) >= 0) {
            snprintf(share, sizeof share, "%d%%", rw_report_share(week));
        }
        int64_t running = rw_report_minutes(week->running_ms);
        fprintf(file,
                "<tr><th scope=\"row\">%s</th><td>%u</td><td>%lld</td><td>%lld</td><td>%s</td>"
                "<td>%u</td><td>%lld</td><td>%lld</td></tr>\n",
                day, week->sessions, (long long)running,
                (long long)(rw_report_minutes(week->running_ms + week->walking_ms) - running),
                share, week->rests, (long long)rw_report_minutes(week->planned_ms),
                (long long)rw_report_minutes(week->session_ms));
    }
    fputs("</tbody>\n</table></div></section>\n", file);
}

static void session_row(FILE *file, const json_t *run, bool with_health)
{
    char date[64];
    struct tm local;
    time_t seconds = (time_t)(rw_history_integer(run, "begin_unix_ms") / 1000);
    strftime(date, sizeof date, "%d %b", localtime_r(&seconds, &local));
    const char *state = rw_history_text(run, "state");
    const char *note = with_health ? rw_history_text(run, "note") : "";
    const char *pain = with_health ? rw_history_text(run, "pain") : "";
    fprintf(file, "<tr><th scope=\"row\">%s</th><td class=\"name\">",
            date[0] == '0' ? date + 1 : date);
    rw_markup_text(file, rw_history_text(run, "name"));
    if (strcmp(state, "done") != 0) {
        fputs("<small>", file);
        rw_markup_text(file, strcmp(state, "stopped") == 0 ? "ended early" : state);
        fputs("</small>", file);
    }
    if (pain[0]) {
        fputs("<small>pain: ", file);
        rw_markup_text(file, pain);
        fputs("</small>", file);
    }
    if (note[0]) {
        fputs("<small>", file);
        rw_markup_text(file, note);
        fputs("</small>", file);
    }
    fprintf(file, "</td><td>%lld</td><td>%lld</td>",
            (long long)rw_report_minutes(rw_history_integer(run, "planned_ms")),
            (long long)rw_report_minutes(rw_history_integer(run, "session_ms")));
    if (with_health) {
        json_int_t effort = rw_history_integer(run, "effort");
        fputs("<td>", file);
        if (effort > 0) {
            fprintf(file, "%lld", (long long)effort);
        }
        fputs("</td><td>", file);
        rw_markup_text(file, rw_history_text(run, "back"));
        fputs("</td>", file);
    }
    fputs("</tr>\n", file);
}

static void sessions_table(FILE *file, const struct rw_report *report)
{
    size_t i;
    const json_t *run;
    size_t count = json_array_size(report->runs);
    fputs("<section class=\"card\"><h2 id=\"each\">Session by session</h2>\n", file);
    if (count > LISTED_MAX) {
        fprintf(file, "<p>The latest %d of %zu.</p>\n", LISTED_MAX, count);
    }
    fprintf(file,
            "<div class=\"wide\"><table aria-labelledby=\"each\">\n<thead><tr>"
            "<th scope=\"col\">Day</th><th scope=\"col\" class=\"name\">Workout</th>"
            "<th scope=\"col\">Plan</th><th scope=\"col\">Done</th>%s</tr></thead>\n<tbody>\n",
            report->with_health ? "<th scope=\"col\">Effort</th><th scope=\"col\">Back</th>" : "");
    json_array_foreach(report->runs, i, run)
    {
        if (i < LISTED_MAX) {
            session_row(file, run, report->with_health);
        }
    }
    fputs("</tbody>\n</table></div></section>\n", file);
}

/* ---- the page ---- */

static void head_write(FILE *file)
{
    fprintf(file,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<title>Running and walking</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
            style);
}

static void foot_write(FILE *file, const struct rw_report *report)
{
    char made[64];
    struct tm local;
    strftime(made, sizeof made, "%Y-%m-%d %H:%M", localtime_r(&report->now, &local));
    fprintf(file,
            "<footer><p>Made by runwalk on %s. Weeks begin on Monday; what was shorter than a "
            "minute is left out.",
            made);
    if (report->weeks.undated > 0) {
        fprintf(file, " %u without a certain date stand%s in no week.", report->weeks.undated,
                report->weeks.undated == 1 ? "s" : "");
    }
    fputs(report->with_health ? " It holds what was told of effort and back: think before you pass "
                                "it on."
                              : "",
          file);
    fputs("</p></footer>\n</main>\n</body>\n</html>\n", file);
}

static void nothing_write(FILE *file)
{
    fputs("<section class=\"card\" style=\"margin-top:22px\"><h2>Nothing here yet</h2>\n"
          "<p>No session of a minute or more stands in these weeks. The first one is short:</p>\n"
          "<p><code>runwalk start beginner-9-week/week-1</code></p></section>\n",
          file);
}

void rw_report_write(FILE *file, const struct rw_report *report)
{
    struct rw_week all = sum_all(report);
    head_write(file);
    fprintf(file, "<h1>Running and walking</h1>\n<p class=\"soft\">%zu week%s, ",
            report->weeks.count, report->weeks.count == 1 ? "" : "s");
    period_write(file, report);
    fputs("</p>\n", file);
    if (all.sessions == 0) {
        nothing_write(file);
    } else {
        tiles_write(file, report, &all);
        plots_write(file, report);
        weeks_table(file, report);
        sessions_table(file, report);
    }
    foot_write(file, report);
}
