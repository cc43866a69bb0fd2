/* The pictures of the report, as SVG. Colours and letters are those of the page's style. */

#include "report.h"

#include <string.h>

#define HEIGHT 196
#define LEFT   30 /* of the plot inside the picture: room for the numbers of the axis */
#define RIGHT  (RW_PLOT_WIDTH - 8)
#define TOP    20
#define BOTTOM (HEIGHT - 24)

#define LABEL_WIDTH 54 /* of a date below the axis, with room beside it */
#define NUMBER_SPAN 15 /* so much room a number above a bar needs */

/* ---- scales ---- */

/* The top of an axis that holds MOST, with at most four steps, each a round number. */
static int64_t axis_top(int64_t most, int64_t *ret_step)
{
    static const int64_t rounds[] = {1, 2, 5};
    for (int64_t tens = 1;; tens *= 10) {
        for (size_t i = 0; i < RW_COUNT(rounds); i++) {
            int64_t step = rounds[i] * tens;
            if (most <= step * 4) {
                *ret_step = step;
                int64_t steps = (most + step - 1) / step;
                return steps > 0 ? steps * step : step;
            }
        }
    }
}

struct frame {
    size_t weeks;
    int64_t top;
};

static double x_of(const struct frame *frame, size_t week)
{
    return LEFT + (RIGHT - LEFT) * ((double)week + 0.5) / (double)frame->weeks;
}

static double y_of(const struct frame *frame, int64_t value)
{
    return BOTTOM - (double)(BOTTOM - TOP) * (double)value / (double)frame->top;
}

static double bar_width(const struct frame *frame)
{
    double slot = (double)(RIGHT - LEFT) / (double)frame->weeks;
    double width = slot * 0.68;
    return width > 26 ? 26 : width;
}

/* The lines and numbers of the vertical axis, and the dates of the other. */
static struct frame frame_draw(FILE *file, const struct rw_report *report, int64_t most,
                               const char *unit)
{
    const struct rw_weeks *weeks = &report->weeks;
    struct frame frame = {.weeks = weeks->count};
    int64_t step;
    frame.top = axis_top(most, &step);
    for (int64_t value = 0; value <= frame.top; value += step) {
        double y = y_of(&frame, value);
        fprintf(file,
                "<line class=\"%s\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                "<text class=\"tick end\" x=\"%d\" y=\"%.1f\">%lld%s</text>\n",
                value == 0 ? "base" : "grid", LEFT, y, RIGHT, y, LEFT - 5, y + 3.5,
                (long long)value, unit);
    }
    double slot = (double)(RIGHT - LEFT) / (double)weeks->count;
    size_t every = (size_t)(LABEL_WIDTH / slot) + 1;
    for (size_t i = weeks->count; i > 0; i--) {
        char day[RW_REPORT_DAY_MAX];
        if ((weeks->count - i) % every != 0) {
            continue;
        }
        rw_report_day(weeks->list[i - 1].monday, day);
        bool is_last = i == weeks->count;
        double x = is_last ? RIGHT + 6 : x_of(&frame, i - 1);
        x = x < LEFT + 12 ? LEFT + 12 : x;
        fprintf(file, "<text class=\"tick %s\" x=\"%.1f\" y=\"%d\">%s</text>\n",
                is_last ? "end" : "mid", x, HEIGHT - 8, day);
    }
    return frame;
}

static bool has_room_for_numbers(const struct frame *frame)
{
    return (double)(RIGHT - LEFT) / (double)frame->weeks >= NUMBER_SPAN;
}

/* A bar from LOW to HIGH, with what a pointer is told of it. */
static void bar_draw(FILE *file, const struct frame *frame, size_t week, const char *class,
                     double width, int64_t low, int64_t high, const char *tip)
{
    double top = y_of(frame, high);
    double height = y_of(frame, low) - top;
    if (height <= 0) {
        return;
    }
    fprintf(file,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\">"
            "<title>%s</title></rect>\n",
            class, x_of(frame, week) - width / 2, top, width, height, width > 8 ? 1.5 : 0.0, tip);
}

static void number_draw(FILE *file, const struct frame *frame, size_t week, int64_t at,
                        int64_t number)
{
    fprintf(file, "<text class=\"number mid\" x=\"%.1f\" y=\"%.1f\">%lld</text>\n",
            x_of(frame, week), y_of(frame, at) - 4, (long long)number);
}

/* ---- a count a week ---- */

typedef int64_t week_value(const struct rw_week *week);

static int64_t sessions_of(const struct rw_week *week)
{
    return week->sessions;
}

static int64_t rests_of(const struct rw_week *week)
{
    return week->rests;
}

static int64_t planned_of(const struct rw_week *week)
{
    return rw_report_minutes(week->planned_ms);
}

static int64_t actual_of(const struct rw_week *week)
{
    return rw_report_minutes(week->session_ms);
}

static int64_t running_of(const struct rw_week *week)
{
    return rw_report_minutes(week->running_ms);
}

static int64_t moving_of(const struct rw_week *week)
{
    return rw_report_minutes(week->running_ms + week->walking_ms);
}

static int64_t most_of(const struct rw_report *report, week_value *value)
{
    int64_t most = 0;
    for (size_t i = 0; i < report->weeks.count; i++) {
        int64_t one = value(&report->weeks.list[i]);
        most = one > most ? one : most;
    }
    return most;
}

static int64_t sum_of(const struct rw_report *report, week_value *value)
{
    int64_t sum = 0;
    for (size_t i = 0; i < report->weeks.count; i++) {
        sum += value(&report->weeks.list[i]);
    }
    return sum;
}

static bool counts_draw(FILE *file, const struct rw_report *report, week_value *value,
                        const char *class, const char *what)
{
    int64_t most = most_of(report, value);
    if (most == 0) {
        return false;
    }
    struct frame frame = frame_draw(file, report, most, "");
    for (size_t i = 0; i < report->weeks.count; i++) {
        char day[RW_REPORT_DAY_MAX];
        char tip[96];
        int64_t count = value(&report->weeks.list[i]);
        rw_report_day(report->weeks.list[i].monday, day);
        snprintf(tip, sizeof tip, "Week of %s, %s: %lld", day, what, (long long)count);
        bar_draw(file, &frame, i, class, bar_width(&frame), 0, count, tip);
        if (count > 0 && has_room_for_numbers(&frame)) {
            number_draw(file, &frame, i, count, count);
        }
    }
    return true;
}

static bool sessions_draw(FILE *file, const struct rw_report *report)
{
    return counts_draw(file, report, sessions_of, "plain", "sessions");
}

static void sessions_describe(FILE *file, const struct rw_report *report)
{
    fprintf(file, "%lld in all, at most %lld in a week.", (long long)sum_of(report, sessions_of),
            (long long)most_of(report, sessions_of));
}

static bool rests_draw(FILE *file, const struct rw_report *report)
{
    return counts_draw(file, report, rests_of, "rest", "rests");
}

static void rests_describe(FILE *file, const struct rw_report *report)
{
    fprintf(file, "%lld asked for in all, at most %lld in a week.",
            (long long)sum_of(report, rests_of), (long long)most_of(report, rests_of));
}

/* ---- minutes ---- */

static bool minutes_draw(FILE *file, const struct rw_report *report)
{
    int64_t most = most_of(report, moving_of);
    if (most == 0) {
        return false;
    }
    struct frame frame = frame_draw(file, report, most, "");
    for (size_t i = 0; i < report->weeks.count; i++) {
        const struct rw_week *week = &report->weeks.list[i];
        char day[RW_REPORT_DAY_MAX];
        char tip[96];
        int64_t running = running_of(week);
        int64_t moving = moving_of(week);
        rw_report_day(week->monday, day);
        snprintf(tip, sizeof tip, "Week of %s: %lld min running, %lld min walking", day,
                 (long long)running, (long long)(moving - running));
        bar_draw(file, &frame, i, "run", bar_width(&frame), 0, running, tip);
        bar_draw(file, &frame, i, "walk", bar_width(&frame), running, moving, tip);
        if (moving > 0 && bar_width(&frame) >= NUMBER_SPAN) {
            number_draw(file, &frame, i, moving, moving);
        }
    }
    return true;
}

static void minutes_describe(FILE *file, const struct rw_report *report)
{
    int64_t running = sum_of(report, running_of);
    fprintf(file, "%lld minutes of running and %lld of walking in all.", (long long)running,
            (long long)(sum_of(report, moving_of) - running));
}

static bool planned_draw(FILE *file, const struct rw_report *report)
{
    int64_t planned = most_of(report, planned_of);
    int64_t actual = most_of(report, actual_of);
    if (actual == 0) {
        return false;
    }
    struct frame frame = frame_draw(file, report, planned > actual ? planned : actual, "");
    for (size_t i = 0; i < report->weeks.count; i++) {
        const struct rw_week *week = &report->weeks.list[i];
        char day[RW_REPORT_DAY_MAX];
        char tip[96];
        rw_report_day(week->monday, day);
        snprintf(tip, sizeof tip, "Week of %s: %lld min planned, %lld min done", day,
                 (long long)planned_of(week), (long long)actual_of(week));
        bar_draw(file, &frame, i, "planned", bar_width(&frame), 0, planned_of(week), tip);
        bar_draw(file, &frame, i, "plain", bar_width(&frame) * 0.5, 0, actual_of(week), tip);
    }
    return true;
}

static void planned_describe(FILE *file, const struct rw_report *report)
{
    fprintf(file, "%lld minutes planned, %lld done.", (long long)sum_of(report, planned_of),
            (long long)sum_of(report, actual_of));
}

/* ---- the share of running ---- */

static void share_point(FILE *file, const struct frame *frame, size_t week, int share,
                        const char *day, bool is_first, bool is_last)
{
    fprintf(file,
            "<circle class=\"run\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\">"
            "<title>Week of %s: %d %% running</title></circle>\n",
            x_of(frame, week), y_of(frame, share), frame->weeks > 40 ? 2.0 : 3.2, day, share);
    if (is_first || is_last) {
        double x = x_of(frame, week);
        x = x > RIGHT - 12 ? RIGHT - 12 : x;
        /* Where there is room, the first number stands below the line, which mostly rises. */
        double away = is_first && share >= 20 ? 18 : -9;
        fprintf(file, "<text class=\"number mid\" x=\"%.1f\" y=\"%.1f\">%d %%</text>\n", x,
                y_of(frame, share) + away, share);
    }
}

static bool share_draw(FILE *file, const struct rw_report *report)
{
    const struct rw_weeks *weeks = &report->weeks;
    size_t first = weeks->count;
    size_t last = 0;
    for (size_t i = 0; i < weeks->count; i++) {
        if (rw_report_share(&weeks->list[i]) >= 0) {
            first = first < i ? first : i;
            last = i;
        }
    }
    if (first == weeks->count) {
        return false;
    }
    struct frame frame = frame_draw(file, report, 100, "");
    fputs("<path class=\"line\" d=\"", file);
    for (size_t i = first; i <= last; i++) {
        int share = rw_report_share(&weeks->list[i]);
        bool goes_on = i > first && rw_report_share(&weeks->list[i - 1]) >= 0;
        if (share >= 0) { /* a week without a session leaves a gap */
            fprintf(file, "%c%.1f %.1f", goes_on ? 'L' : 'M', x_of(&frame, i), y_of(&frame, share));
        }
    }
    fputs("\"/>\n", file);
    for (size_t i = first; i <= last; i++) {
        char day[RW_REPORT_DAY_MAX];
        int share = rw_report_share(&weeks->list[i]);
        rw_report_day(weeks->list[i].monday, day);
        if (share >= 0) {
            share_point(file, &frame, i, share, day, i == first, i == last);
        }
    }
    return true;
}

static void share_describe(FILE *file, const struct rw_report *report)
{
    int64_t moving = sum_of(report, moving_of);
    int64_t running = sum_of(report, running_of);
    fprintf(file, "%lld percent of the moving time was running.",
            (long long)(moving > 0 ? (running * 100 + moving / 2) / moving : 0));
}

/* ---- effort against backache ---- */

#define EFFORTS 10

static unsigned health_count(const struct rw_report *report,
                             unsigned counts[RW_REPORT_BACKS][EFFORTS])
{
    unsigned total = 0;
    size_t i;
    const json_t *run;
    memset(counts, 0, sizeof(unsigned) * RW_REPORT_BACKS * EFFORTS);
    json_array_foreach(report->runs, i, run)
    {
        json_int_t effort = json_integer_value(json_object_get(run, "effort"));
        const char *word = json_string_value(json_object_get(run, "back"));
        int back = rw_report_back(word ? word : "");
        if (effort >= 1 && effort <= EFFORTS && back >= 0) {
            counts[back][effort - 1]++;
            total++;
        }
    }
    return total;
}

static double effort_x(int effort)
{
    return 58 + (RIGHT - 58.0) * (effort - 0.5) / EFFORTS;
}

static double back_y(int back)
{
    /* The worst on top. */
    return TOP + (BOTTOM - 12.0 - TOP) * (RW_REPORT_BACKS - 1 - back + 0.5) / RW_REPORT_BACKS;
}

static void health_axes(FILE *file)
{
    for (int back = 0; back < RW_REPORT_BACKS; back++) {
        fprintf(file,
                "<line class=\"grid\" x1=\"58\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                "<text class=\"tick end\" x=\"50\" y=\"%.1f\">%s</text>\n",
                back_y(back), RIGHT, back_y(back), back_y(back) + 3.5, rw_report_backs[back]);
    }
    for (int effort = 1; effort <= EFFORTS; effort++) {
        fprintf(file, "<text class=\"tick mid\" x=\"%.1f\" y=\"%d\">%d</text>\n", effort_x(effort),
                BOTTOM, effort);
    }
    fprintf(file, "<text class=\"tick\" x=\"58\" y=\"%d\">effort, 1 easy to 10 hardest</text>\n",
            HEIGHT - 6);
    fputs("<text class=\"tick end\" x=\"50\" y=\"14\">back</text>\n", file);
}

static bool health_draw(FILE *file, const struct rw_report *report)
{
    unsigned counts[RW_REPORT_BACKS][EFFORTS];
    if (health_count(report, counts) == 0) {
        return false;
    }
    health_axes(file);
    for (int back = 0; back < RW_REPORT_BACKS; back++) {
        for (int i = 0; i < EFFORTS; i++) {
            unsigned count = counts[back][i];
            if (count == 0) {
                continue;
            }
            /* The area grows with the number, up to where neighbours would touch. */
            double radius = 6.5 + (count > 7 ? 7 : count);
            fprintf(file,
                    "<circle class=\"back%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>Effort %d, "
                    "back %s: %u</title></circle>"
                    "<text class=\"inside mid\" x=\"%.1f\" y=\"%.1f\">%u</text>\n",
                    back, effort_x(i + 1), back_y(back), radius, i + 1, rw_report_backs[back],
                    count, effort_x(i + 1), back_y(back) + 4, count);
        }
    }
    return true;
}

static void health_describe(FILE *file, const struct rw_report *report)
{
    unsigned counts[RW_REPORT_BACKS][EFFORTS];
    unsigned total = health_count(report, counts);
    fprintf(file, "Told of %u session%s:", total, total == 1 ? "" : "s");
    for (int back = 0; back < RW_REPORT_BACKS; back++) {
        unsigned count = 0;
        unsigned efforts = 0;
        for (int i = 0; i < EFFORTS; i++) {
            count += counts[back][i];
            efforts += counts[back][i] * (unsigned)(i + 1);
        }
        fprintf(file, "%s %s %u", back > 0 ? "," : " back", rw_report_backs[back], count);
        if (count > 0) {
            fprintf(file, " (effort %.1f on average)", (double)efforts / count);
        }
    }
    fputc('.', file);
}

static const struct rw_plot plots[] = {
    {"sessions", "Sessions a week", NULL, sessions_describe, sessions_draw,
     "No session in these weeks.", false},
    {"minutes", "Minutes a week",
     "<i class=\"run\"></i>running <i class=\"walk\"></i>walking, warm-up and cool-down",
     minutes_describe, minutes_draw, "No session in these weeks.", false},
    {"share", "Running share, in percent", NULL, share_describe, share_draw,
     "No running or walking in these weeks.", false},
    {"rests", "Rests asked for", NULL, rests_describe, rests_draw,
     "None: no rest was asked for in these weeks.", false},
    {"planned", "Planned against actual, in minutes",
     "<i class=\"planned\"></i>planned <i class=\"plain\"></i>done", planned_describe, planned_draw,
     "No session in these weeks.", false},
    {"health", "Effort against backache", "each circle: how many sessions", health_describe,
     health_draw, "Nothing told yet: after a run, runwalk log --effort 6 --back none.", true},
};

const struct rw_plot *rw_plots(size_t *ret_count)
{
    *ret_count = RW_COUNT(plots);
    return plots;
}
