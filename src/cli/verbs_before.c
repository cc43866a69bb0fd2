/* The verbs "Before a run". */
#include "verbs.h"

static const struct rw_option plan_options[] = {
    {"json", NULL, "print one JSON object a line, for programs"},
    {"lang", "LANG", "the language that is spoken (en)"},
    {"seed", "N", "what is left to chance, such as the phrases (1)"},
    {"verbosity", "LEVEL", "silent, sparse, normal or chatty, instead of what is set"},
    {NULL, NULL, NULL},
};

static const struct rw_option suggest_options[] = {
    {"mile", "TIME", "how long a mile took you, run hard: predicts the pace"},
    {"pace", "TIME", "the pace of the whole run, a mile; or 7:09/km"},
    {"race", "RACE", "for the day of a race: 5k, 10k, half or marathon"},
    {"heat", "DEGREES", "how warm it is: 27, or 80F; less running when it is hot"},
    {"minutes", "N", "the whole session (30; for a race, as long as it takes)"},
    {"ratio", "RUN/WALK", "another one of those that suit"},
    {"out", "FILE", "write the profile into this file; - prints it alone"},
    {"save", "NAME", "make it a profile of yours, by this name"},
    {"force", NULL, "replace what is there under that name"},
    {"json", NULL, "print JSON, for programs"},
    {NULL, NULL, NULL},
};

static const struct rw_option course_options[] = {
    {"json", NULL, "print JSON, for programs"},
    {"ascii", NULL, "draw without block characters"},
    {"week", "N", "begin a plan with this week (1)"},
    {NULL, NULL, NULL},
};

static const struct rw_verb verbs[] = {
    {
        .name = "list",
        .words = "[TEXT]",
        .summary = "List the profiles, or those with TEXT in their name.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk list", "everything there is"},
                     {"runwalk list ratio", "the run/walk ratios only"}},
        .run = rw_verb_list,
    },
    {
        .name = "show",
        .words = "PROFILE",
        .summary = "Show what a profile consists of.",
        .details = "PROFILE is a name from `runwalk list`, or the path of a file.",
        .word_min = 1,
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk show quickstart", "its steps, with their lengths"},
                     {"runwalk show ./tuesday.yaml", "a file of your own"}},
        .run = rw_verb_show,
    },
    {
        .name = "check",
        .words = "PROFILE...",
        .summary = "Check profiles, and tell which cues do not fit.",
        .details = "A cue that is dropped or shortened is no error: the step is too short for it.\n"
                   "What is wrong in a file is shown with its place; the exit code is then "
                   "4.\n" RW_HELP_CONFIGURATION,
        .word_min = 1,
        .word_max = RW_ARGUMENTS_MAX,
        .options = plan_options,
        .examples = {{"runwalk check ./tuesday.yaml", "before the first run with it"},
                     {"runwalk check profiles/*.yaml", "many at once"},
                     {"runwalk check ./tuesday.yaml --json", "for a program"}},
        .run = rw_verb_check,
    },
    {
        .name = "timeline",
        .words = "PROFILE",
        .summary = "Print everything that will be heard, and when.",
        .details =
            "Needs no daemon. Times count from the start of the session.\n" RW_HELP_CONFIGURATION,
        .word_min = 1,
        .word_max = 1,
        .options = plan_options,
        .examples = {{"runwalk timeline quickstart", "the script of the session"},
                     {"runwalk timeline ./tuesday.yaml --json", "the same for a program"}},
        .run = rw_verb_timeline,
    },
    {
        .name = "suggest",
        .words = "",
        .summary = "Propose run/walk ratios for your pace, and make a profile.",
        .details = "From a timed mile or the pace of the whole run (a mile; /km for a kilometre).\n"
                   "What is proposed is a coach's experience, not the result of trials.",
        .options = suggest_options,
        .examples = {{"runwalk suggest --mile 9:30", "what a timed mile predicts"},
                     {"runwalk suggest --pace 7:09/km --heat 27", "for a hot day"},
                     {"runwalk suggest --pace 11:30 --minutes 40 --save tuesday",
                      "a profile of your own"},
                     {"runwalk suggest --mile 9:30 --race 10k", "for the day of a race"}},
        .run = rw_verb_suggest,
    },
    {
        .name = "plan",
        .words = "list|show|start|status|next|skip|repeat|well|stop",
        .summary = "Follow a plan: weeks of sessions, and what is due.",
        .details =
            "plan list [TEXT]      the plans there are\n"
            "plan show [PLAN]      the weeks as a picture: of PLAN, or of the one you follow\n"
            "plan start PLAN       follow it from now on, in place of another\n"
            "plan status           where you are, what is due when, and why\n"
            "plan next             choose what is due, for `toggle`; `start next` starts it\n"
            "plan skip             leave out what is due\n"
            "plan repeat [week]    do the session before again, or its whole week\n"
            "plan well             all is well again, after dizziness or chest pain\n"
            "plan stop             follow no plan any more\n"
            "\n"
            "PLAN is a name from `runwalk plan list`, or the path of a file. What follows from\n"
            "how your runs went is in docs/plan.md.",
        .word_min = 1,
        .word_max = 3,
        .options = course_options,
        .examples = {{"runwalk plan show beginner-9-week", "its weeks, as a picture"},
                     {"runwalk plan start beginner-9-week --week 3", "from the third week on"},
                     {"runwalk plan status", "where you are, and what is due"},
                     {"runwalk plan repeat week", "the week again, which is normal"}},
        .run = rw_verb_plan,
    },
};

const struct rw_verb_group rw_verbs_before = {"Before a run", verbs, RW_COUNT(verbs)};
