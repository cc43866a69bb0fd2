/* The verbs "After a run". */
#include "verbs.h"

static const struct rw_option history_options[] = {
    {"weeks", "N", "how many weeks the chart has, up to 104; 0: no chart (8)"},
    {"ascii", NULL, "use no block characters"},
    {"json", NULL, "print JSON, for programs"},
    {NULL, NULL, NULL},
};

static const struct rw_option log_options[] = {
    {"effort", "1-10", "how hard it was; 10 is the hardest there is"},
    {"back", "HOW", "whether the back ached: none, some or bad"},
    {"note", "TEXT", "one line of any words; \"\" takes it out again"},
    {"run", "N", "that run, not the latest"},
    {"erase", NULL, "first forget what was told of it before"},
    {"json", NULL, "print JSON, for programs"},
    {NULL, NULL, NULL},
};

static const struct rw_option report_options[] = {
    {"weeks", "N", "how many weeks it shows, up to 104 (12)"},
    {"with-health", NULL, "add effort, back and notes"},
    {NULL, NULL, NULL},
};

static const struct rw_option export_options[] = {
    {"with-health", NULL, "add effort, back, pain and note to JSON, and the note to TCX"},
    {NULL, NULL, NULL},
};

static const struct rw_option forget_options[] = {
    {"all", NULL, "every run but the one that is on"},
    {NULL, NULL, NULL},
};

static const struct rw_verb verbs[] = {
    {
        .name = "history",
        .words = "[show N]",
        .summary = "Chart the weeks and list the runs, or show one of them.",
        .details =
            "N is its number in the list. Shown are planned and actual times, the commands,\n"
            "and every cue that was not heard in full, with the reason. The chart has the\n"
            "minutes of running, and of walking with warm-up and cool-down, from Monday on.",
        .word_max = 2,
        .options = history_options,
        .examples = {{"runwalk history", "the latest first"},
                     {"runwalk history --weeks 26", "half a year at a glance"},
                     {"runwalk history show 12", "one of them"},
                     {"runwalk history --json", "for a program"}},
        .run = rw_verb_history,
    },
    {
        .name = "log",
        .words = "",
        .summary = "Tell how a run was, or read what you told.",
        .details =
            "About the latest run, or the one that --run names. What is not given stays as\n"
            "it was. It is kept in the history on this device alone, is in no log, and leaves\n"
            "with `export` and `report` only where --with-health asks for it.",
        .options = log_options,
        .examples = {{"runwalk log --effort 6 --back none", "after a run"},
                     {"runwalk log --note 'New shoes'", "one thing more"},
                     {"runwalk log", "what is written down"},
                     {"runwalk log --run 12 --erase", "forget it again"}},
        .run = rw_verb_log,
    },
    {
        .name = "report",
        .words = "OUT.html",
        .summary = "Write some weeks as a page for a browser, with plots.",
        .details =
            "One file that needs nothing else: no network, no script. Nothing that was noted\n"
            "about health is in it unless it is asked for. You alone can read the file.",
        .word_min = 1,
        .word_max = 1,
        .options = report_options,
        .examples = {{"runwalk report weeks.html", "the last twelve weeks"},
                     {"runwalk report year.html --weeks 52", "a year"},
                     {"runwalk report mine.html --with-health", "with effort and backache"}},
        .run = rw_verb_report,
    },
    {
        .name = "export",
        .words = "N FILE.tcx|FILE.csv|FILE.json",
        .summary = "Write a run as a file for other programs.",
        .details = "TCX has a lap for each step, and neither places nor distances. Nothing that\n"
                   "was noted about health is in it unless it is asked for.",
        .word_min = 2,
        .word_max = 2,
        .options = export_options,
        .examples = {{"runwalk export 12 run.tcx", "for a training diary"},
                     {"runwalk export 12 run.csv", "a line for each step"}},
        .run = rw_verb_export,
    },
    {
        .name = "forget",
        .words = "[N]",
        .summary = "Erase a run from the history, with its traces.",
        .word_max = 1,
        .options = forget_options,
        .examples = {{"runwalk forget 12", "it cannot be brought back"},
                     {"runwalk forget --all", "every run"}},
        .run = rw_verb_forget,
    },
};

const struct rw_verb_group rw_verbs_after = {"After a run", verbs, RW_COUNT(verbs)};
