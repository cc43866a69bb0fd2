/*
 * The report: one page of HTML that needs nothing else, neither the network nor a script. What it
 * shows is gathered in report.c; report_page.c has the page, report_plot.c the pictures in it.
 */
#ifndef RW_CLI_REPORT_H
#define RW_CLI_REPORT_H

#include "weeks.h"

#include <jansson.h>
#include <stdio.h>

struct rw_report {
    struct rw_weeks weeks;
    json_t *runs; /* the sessions of these weeks, the latest first, as history.list gives them */
    time_t now;
    bool with_health;
};

void rw_report_write(FILE *file, const struct rw_report *report);

/* One picture. It is drawn for a width of RW_PLOT_WIDTH, and scales. */
#define RW_PLOT_WIDTH 360
struct rw_plot {
    const char *id;
    const char *title;
    /* What a legend would say, as HTML; or NULL. */
    const char *key;
    /* One sentence that tells what is to be seen, for those who do not see it. */
    void (*describe)(FILE *file, const struct rw_report *report);
    /* Draws; false: there is nothing to draw, and `empty` is said instead. */
    bool (*draw)(FILE *file, const struct rw_report *report);
    const char *empty;
    bool is_health;
};

/* *ret_count of them. Static. */
const struct rw_plot *rw_plots(size_t *ret_count);

/* "23 Nov" of a week. */
#define RW_REPORT_DAY_MAX 16
void rw_report_day(int64_t days, char out[RW_REPORT_DAY_MAX]);

/* Whole minutes, rounded. */
int64_t rw_report_minutes(int64_t ms);
/* How much of the moving time of WEEK was running, in percent; -1: none was. */
int rw_report_share(const struct rw_week *week);
/* The words for the back, the mildest first; -1: WORD is none of them. */
#define RW_REPORT_BACKS 3
extern const char *const rw_report_backs[RW_REPORT_BACKS];
int rw_report_back(const char *word);

#endif
