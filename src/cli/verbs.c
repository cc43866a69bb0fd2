#include "verbs.h"

#include <string.h>

static const struct rw_option no_options[] = {{NULL, NULL, NULL}};

static const struct rw_option json_option[] = {
    {"json", NULL, "print JSON, for programs"},
    {NULL, NULL, NULL},
};

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

static const struct rw_option phrases_options[] = {
    {"json", NULL, "print JSON, for programs"},
    {"lang", "LANG", "the language, of de, en, es, fr, zh and your own packs (en)"},
    {NULL, NULL, NULL},
};

static const struct rw_option render_options[] = {
    {"from", "TIME", "leave out what comes before"},
    {"to", "TIME", "leave out what comes after"},
    {"lang", "LANG", "the language that is spoken (en)"},
    {"music", "PATH", "play this file or folder beneath it, over and over"},
    {"seed", "N", "what is left to chance, such as the phrases (1)"},
    {"verbosity", "LEVEL", "silent, sparse, normal or chatty, instead of what is set"},
    {NULL, NULL, NULL},
};

static const struct rw_option soundcheck_options[] = {
    {"device", "NAME", "the output to try, by name or number (the default one)"},
    {"yes", NULL, "ask nothing: only play"},
    {NULL, NULL, NULL},
};

static const struct rw_option start_options[] = {
    {"in", "TIME", "wait that long first, to pocket the device"},
    {"replace", NULL, "end the run that is on"},
    {"json", NULL, "print the answer as JSON"},
    {NULL, NULL, NULL},
};

static const struct rw_option history_options[] = {
    {"weeks", "N", "how many weeks the chart has, up to 104; 0: no chart (8)"},
    {"ascii", NULL, "use no block characters"},
    {"json", NULL, "print JSON, for programs"},
    {NULL, NULL, NULL},
};

static const struct rw_option watch_options[] = {
    {"json", NULL, "print the events as JSON, one a line"},
    {"lines", NULL, "print a line for each change instead of the live view"},
    {"ascii", NULL, "use no block characters"},
    {NULL, NULL, NULL},
};

static const struct rw_option volume_options[] = {
    {"to", "DB", "set exactly this, for values below zero"},
    {"json", NULL, "print the answer as JSON"},
    {NULL, NULL, NULL},
};

static const struct rw_option call_options[] = {
    {"timeout", "TIME", "how long to wait for the answer (5s)"},
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

#define BEFORE "Before a run"
#define DURING "During a run"
#define SOUND  "Sound"
#define AFTER  "After a run"
#define OTHER  "For programs"

#define CONFIGURATION                                                                              \
    "It speaks the language of --lang, or the configured one, and what the pack does not\n"        \
    "have with the configured speech command."

static const struct rw_verb verbs[] = {
    {
        .name = "list",
        .group = BEFORE,
        .words = "[TEXT]",
        .summary = "List the profiles, or those with TEXT in their name.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk list", "everything there is"},
                     {"runwalk list ratio", "the run/walk ratios only"}},
        .run = rw_verb_list,
    },
    {
        .name = "show",
        .group = BEFORE,
        .words = "PROFILE",
        .summary = "Show what a profile consists of.",
        .details = "PROFILE is a name from `runwalk list`, or the path of a file.",
        .word_min = 1,
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk show quickstart", "its steps, with their lengths"},
                     {"runwalk show ./tuesday.yaml", "a file of your own"}},
        .run = rw_verb_show,
    },
    {
        .name = "check",
        .group = BEFORE,
        .words = "PROFILE...",
        .summary = "Check profiles, and tell which cues do not fit.",
        .details = "A cue that is dropped or shortened is no error: the step is too short for it.\n"
                   "What is wrong in a file is shown with its place; the exit code is then "
                   "4.\n" CONFIGURATION,
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
        .group = BEFORE,
        .words = "PROFILE",
        .summary = "Print everything that will be heard, and when.",
        .details = "Needs no daemon. Times count from the start of the session.\n" CONFIGURATION,
        .word_min = 1,
        .word_max = 1,
        .options = plan_options,
        .examples = {{"runwalk timeline quickstart", "the script of the session"},
                     {"runwalk timeline ./tuesday.yaml --json", "the same for a program"}},
        .run = rw_verb_timeline,
    },
    {
        .name = "suggest",
        .group = BEFORE,
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
        .group = BEFORE,
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
    {
        .name = "phrases",
        .group = SOUND,
        .words = "",
        .summary = "List what the coach can say with the sound pack alone.",
        .details = "Grouped; of what is composed of numbers, a few examples. When a phrase fits\n"
                   "stands behind it. A phrase with several wordings is listed with each.",
        .options = phrases_options,
        .examples = {{"runwalk phrases", "in English"},
                     {"runwalk phrases --lang de", "in German"},
                     {"runwalk phrases --json", "for a program"}},
        .run = rw_verb_phrases,
    },
    {
        .name = "render",
        .group = SOUND,
        .words = "PROFILE OUT.wav|OUT.flac",
        .summary = "Write the whole session as a sound file.",
        .details =
            "Needs neither daemon nor sound device: copy the file to any player. It is what\n"
            "a live run sounds like, to the sample, and the same bytes each "
            "time.\n" CONFIGURATION,
        .word_min = 2,
        .word_max = 2,
        .options = render_options,
        .examples = {{"runwalk render quickstart quickstart.wav", "all of it"},
                     {"runwalk render ratio-60-30 run.flac --to 5m", "its first five minutes"},
                     {"runwalk render ./tuesday.yaml end.wav --from 20:00", "only the end"}},
        .run = rw_verb_render,
    },
    {
        .name = "devices",
        .group = SOUND,
        .words = "",
        .summary = "List the sound outputs.",
        .details = "The number or the name can stand in the configuration as `output`.",
        .options = json_option,
        .examples = {{"runwalk devices", "the default one has a star"}},
        .run = rw_verb_devices,
    },
    {
        .name = "soundcheck",
        .group = SOUND,
        .words = "",
        .summary = "Play a sound on the left, on the right, and a cue.",
        .details =
            "Names the output it plays on, asks whether you heard it, and if not, what to try.",
        .options = soundcheck_options,
        .examples = {{"runwalk soundcheck", "before you leave the house"},
                     {"runwalk soundcheck --device 3", "another output"}},
        .run = rw_verb_soundcheck,
    },
    {
        .name = "choose",
        .group = DURING,
        .words = "PROFILE",
        .summary = "Choose a profile; `toggle` then starts it.",
        .word_min = 1,
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk choose quickstart", "its name and length are spoken"}},
        .run = rw_verb_choose,
    },
    {
        .name = "start",
        .group = DURING,
        .words = "[PROFILE|next]",
        .summary = "Start a run: PROFILE, what is due next, or what was chosen.",
        .details =
            "`next` is what is due in the plan you follow. A profile that is called next is\n"
            "./next.yaml.",
        .word_max = 1,
        .options = start_options,
        .examples = {{"runwalk start beginner-9-week/week-1", "at once"},
                     {"runwalk start next", "what is due in your plan"},
                     {"runwalk start quickstart --in 30s", "with time to pocket the device"},
                     {"runwalk start ./tuesday.yaml --replace", "instead of the run that is on"}},
        .run = rw_verb_start,
    },
    {
        .name = "pause",
        .group = DURING,
        .words = "",
        .summary = "Pause the run.",
        .options = json_option,
        .examples = {{"runwalk pause", "harmless when it is paused already"}},
        .run = rw_verb_command,
    },
    {
        .name = "resume",
        .group = DURING,
        .words = "",
        .summary = "Go on after a pause.",
        .options = json_option,
        .examples = {{"runwalk resume", "says where you are"}},
        .run = rw_verb_command,
    },
    {
        .name = "toggle",
        .group = DURING,
        .words = "",
        .summary = "Pause, resume, or start what was chosen: the one button.",
        .options = json_option,
        .examples = {{"runwalk toggle", "made for a shortcut on the phone"}},
        .run = rw_verb_command,
    },
    {
        .name = "skip",
        .group = DURING,
        .words = "",
        .summary = "Go to the next step now.",
        .options = json_option,
        .examples = {{"runwalk skip", "for example out of a long warm-up"}},
        .run = rw_verb_command,
    },
    {
        .name = "back",
        .group = DURING,
        .words = "",
        .summary = "Begin this step again; in its first 3 s, the one before.",
        .options = json_option,
        .examples = {{"runwalk back", "after a wait at the traffic light"}},
        .run = rw_verb_command,
    },
    {
        .name = "extend",
        .group = DURING,
        .words = "[TIME]",
        .summary = "Make the current step longer, by 30 s or TIME.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk extend", "30 s more"}, {"runwalk extend 1m30s", "90 s more"}},
        .run = rw_verb_extend,
    },
    {
        .name = "shorten",
        .group = DURING,
        .words = "[TIME]",
        .summary = "Make the current step shorter, by 30 s or TIME.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk shorten", "30 s less"}, {"runwalk shorten 10s", "10 s less"}},
        .run = rw_verb_extend,
    },
    {
        .name = "rest",
        .group = DURING,
        .words = "[MAX]",
        .summary = "Walk slowly for a while; then the run goes on.",
        .details =
            "For 2 min, or what the profile says (`rest-max`), or MAX, from 10 s to 30 min. The\n"
            "coach says how long is left, asks near the end, and then the run goes on; `ready`\n"
            "ends it sooner. What it does to the plan is `after-rest` of the profile. In a walk "
            "it\n"
            "takes the place of what is left of it. Asked again, MAX counts anew.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk rest", "for 2 min at most"}, {"runwalk rest 45s", "for less"}},
        .run = rw_verb_rest,
    },
    {
        .name = "tired",
        .group = DURING,
        .words = "[MAX]",
        .summary = "The same as rest.",
        .details = "See `runwalk rest --help`.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk tired", "walk slowly, 2 min at most"}},
        .run = rw_verb_rest,
    },
    {
        .name = "ready",
        .group = DURING,
        .words = "",
        .summary = "End the rest, or begin the run that comes.",
        .details = "In a run it only says where you are; paused, it goes on as `resume` does.",
        .options = json_option,
        .examples = {{"runwalk ready", "\"Good. Run again.\""}},
        .run = rw_verb_command,
    },
    {
        .name = "easier",
        .group = DURING,
        .words = "",
        .summary = "Shorter runs and longer walks from here on.",
        .details = "By one step, within bounds: `adapt-step`, `adapt-run` and `adapt-walk` of the "
                   "profile.\n"
                   "What is on is fitted, too, but goes on for 10 s at least.",
        .options = json_option,
        .examples = {{"runwalk easier", "by a fifth of what is planned"},
                     {"runwalk easier", "and by one more"}},
        .run = rw_verb_command,
    },
    {
        .name = "harder",
        .group = DURING,
        .words = "",
        .summary = "Longer runs and shorter walks from here on.",
        .details = "By one step, as `runwalk easier --help` tells.",
        .options = json_option,
        .examples = {{"runwalk harder", "the opposite of easier"}},
        .run = rw_verb_command,
    },
    {
        .name = "ratio",
        .group = DURING,
        .words = "RUN/WALK",
        .summary = "These lengths for all runs and walks that remain.",
        .details =
            "How many runs there are stays the same. `easier` and `harder` start from here then.",
        .word_min = 1,
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk ratio 45s/30s", "run 45 s, walk 30 s"},
                     {"runwalk ratio 1m/1:30", "times as in a profile"}},
        .run = rw_verb_ratio,
    },
    {
        .name = "goto",
        .group = DURING,
        .words = "RUN[/RUNS]",
        .summary = "Go to a run by its number.",
        .word_min = 1,
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk goto 3", "to run three"},
                     {"runwalk goto 3/8", "the same, if there are eight"}},
        .run = rw_verb_goto,
    },
    {
        .name = "cooldown",
        .group = DURING,
        .words = "",
        .summary = "Go to the cool-down now.",
        .details = "Where the plan has none ahead, it is 5 min of slow walking, and then the end.",
        .options = json_option,
        .examples = {{"runwalk cooldown", "enough for today"}},
        .run = rw_verb_command,
    },
    {
        .name = "stitch",
        .group = DURING,
        .words = "",
        .summary = "A stitch in the side: walk, and breathe out.",
        .details =
            "As `rest`, with other words. Where there is nothing to rest from, only the words.",
        .options = json_option,
        .examples = {{"runwalk stitch", "a rest with the words for it"}},
        .run = rw_verb_command,
    },
    {
        .name = "heavy",
        .group = DURING,
        .words = "",
        .summary = "A heavy patch: words that help through it.",
        .details =
            "The plan stays as it is. It often passes; when it does not, say `easier` or `rest`.",
        .options = json_option,
        .examples = {{"runwalk heavy", "\"Ease off, and breathe out fully.\""}},
        .run = rw_verb_command,
    },
    {
        .name = "pain",
        .group = DURING,
        .words = "[PLACE]",
        .summary = "It hurts: walk gently, and end there if it goes on.",
        .details =
            "PLACE is back, hip, groin, thigh, hamstring, knee, calf, shin, ankle, achilles, "
            "heel,\n"
            "foot, toe, stomach, neck, shoulder, head or other. No run begins unless you say\n"
            "`ready`, and nothing is said unasked any more. With chest, heart, arm or jaw it is "
            "as\n"
            "with `dizzy`. It is noted as health data, which leaves the device only where you ask.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk pain", "you need not say where"},
                     {"runwalk pain knee", "so that you find it again"}},
        .run = rw_verb_pain,
    },
    {
        .name = "dizzy",
        .group = DURING,
        .words = "",
        .summary = "Stop, and think of calling for help.",
        .details =
            "The coach says what to do and then nothing more; the run stands still until you say\n"
            "`resume`, and goes on walking.",
        .options = json_option,
        .examples = {{"runwalk dizzy", "also when no run is on"}},
        .run = rw_verb_command,
    },
    {
        .name = "time",
        .group = DURING,
        .words = "",
        .summary = "Hear how much of the workout is left.",
        .options = json_option,
        .examples = {{"runwalk time", "\"Twelve minutes left.\""}},
        .run = rw_verb_command,
    },
    {
        .name = "stop",
        .group = DURING,
        .words = "",
        .summary = "End the run.",
        .options = json_option,
        .examples = {{"runwalk stop", "before its time"}},
        .run = rw_verb_command,
    },
    {
        .name = "recover",
        .group = DURING,
        .words = "",
        .summary = "Go on with a run that was interrupted, or stopped by mistake.",
        .details = "A run that a crash or a reboot cut off; for one hour also one that was "
                   "stopped.",
        .options = json_option,
        .examples = {{"runwalk recover", "where it was"}},
        .run = rw_verb_command,
    },
    {
        .name = "history",
        .group = AFTER,
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
        .group = AFTER,
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
        .group = AFTER,
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
        .group = AFTER,
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
        .group = AFTER,
        .words = "[N]",
        .summary = "Erase a run from the history, with its traces.",
        .word_max = 1,
        .options = forget_options,
        .examples = {{"runwalk forget 12", "it cannot be brought back"},
                     {"runwalk forget --all", "every run"}},
        .run = rw_verb_forget,
    },
    {
        .name = "status",
        .group = DURING,
        .words = "",
        .summary = "Tell where the run is.",
        .options = json_option,
        .examples = {{"runwalk status", "in words"}, {"runwalk status --json", "for a program"}},
        .run = rw_verb_status,
    },
    {
        .name = "watch",
        .group = DURING,
        .words = "",
        .summary = "Show the run live, with keys to steer it.",
        .details =
            "Keys: space or p pause, r rest, y ready, s skip, b back, + longer, - shorter,\n"
            "q leave the view.\n"
            "Leaving never ends the run. Ctrl-C asks whether to leave it running or to stop\n"
            "it. Where the output is no terminal, each change becomes a line, and it ends\n"
            "with the run.",
        .options = watch_options,
        .examples = {{"runwalk watch", "attach to the run, also over SSH"},
                     {"runwalk watch --lines", "a line for each change"},
                     {"runwalk watch --json", "every event, for a program"}},
        .run = rw_verb_watch,
    },
    {
        .name = "say",
        .group = SOUND,
        .words = "WORDS...",
        .summary = "Speak any words now.",
        .word_min = 1,
        .word_max = RW_ARGUMENTS_MAX,
        .options = no_options,
        .examples = {{"runwalk say Turn left here", "over whatever cue sounds"}},
        .run = rw_verb_say,
    },
    {
        .name = "verbosity",
        .group = SOUND,
        .words = "[LEVEL]",
        .summary = "Show how much the coach talks, or change it.",
        .details = "LEVEL is silent, sparse, normal or chatty. It holds until the daemon ends, and "
                   "wins\nover what profiles and the configuration say.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk verbosity", "show it"},
                     {"runwalk verbosity sparse", "no encouragement"},
                     {"runwalk verbosity silent", "no words at all, only tones and answers"}},
        .run = rw_verb_verbosity,
    },
    {
        .name = "cadence",
        .group = SOUND,
        .words = "[STEPS|+PERCENT|off]",
        .summary = "Show the clicks to step to, or change them.",
        .details =
            "STEPS a minute, or so much more (or less) than the `baseline` of the profile or\n"
            "configuration. They sound in runs, until the daemon ends.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk cadence 165", "165 clicks a minute"},
                     {"runwalk cadence +5%", "a little more than your own"},
                     {"runwalk cadence off", "no clicks"}},
        .run = rw_verb_cadence,
    },
    {
        .name = "encourage",
        .group = SOUND,
        .words = "",
        .summary = "Hear a reassuring word now.",
        .options = json_option,
        .examples = {{"runwalk encourage", "made for a button"}},
        .run = rw_verb_command,
    },
    {
        .name = "quiet",
        .group = SOUND,
        .words = "[TIME]",
        .summary = "No words for 5 min or TIME, only tones and answers.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk quiet", "for a talk with somebody"},
                     {"runwalk quiet 20m", "for longer"},
                     {"runwalk quiet 0s", "words again"}},
        .run = rw_verb_quiet,
    },
    {
        .name = "volume",
        .group = SOUND,
        .words = "[+DB|-DB|DB]",
        .summary = "Show the coach's volume, or change it.",
        .details = "+3 and -3 change it by 3 dB, a bare number sets it; 0 dB is the normal level.\n"
                   "The volume of the system is never touched.",
        .word_max = 1,
        .options = volume_options,
        .examples = {{"runwalk volume", "show it"},
                     {"runwalk volume -3", "a little softer"},
                     {"runwalk volume 0", "as it was"},
                     {"runwalk volume --to -6", "exactly -6 dB"}},
        .run = rw_verb_volume,
    },
    {
        .name = "music",
        .group = SOUND,
        .words = "[PATH|stop]",
        .summary = "Play music beneath the coach, or end it.",
        .details =
            "PATH is a WAV, FLAC, Ogg, Opus or MP3 file, or a folder of them, played over\n"
            "and over. It is lowered while the coach speaks, waits while the run is paused,\n"
            "and ends with the run. A file that is called stop is ./stop.",
        .word_max = 1,
        .options = json_option,
        .examples = {{"runwalk music", "what plays"},
                     {"runwalk music ~/Music/running", "all that is in this folder"},
                     {"runwalk music stop", "end it"}},
        .run = rw_verb_music,
    },
    {
        .name = "call",
        .group = OTHER,
        .words = "METHOD [JSON]",
        .summary = "Call a method of the protocol and print its result.",
        .details = "JSON is an object with the parameters. The methods are in docs/protocol.md.",
        .word_min = 1,
        .word_max = 2,
        .options = call_options,
        .examples = {{"runwalk call describe", "every method there is"},
                     {"runwalk call session.extend '{\"by_ms\": 10000}'", "with a parameter"}},
        .run = rw_verb_call,
    },
};

const struct rw_verb *rw_verbs(size_t *ret_count)
{
    *ret_count = RW_COUNT(verbs);
    return verbs;
}

const struct rw_verb *rw_verb_find(const char *name)
{
    for (size_t i = 0; i < RW_COUNT(verbs); i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

static void group_print(FILE *out, const char *group)
{
    fprintf(out, "\n%s:\n", group);
    for (size_t i = 0; i < RW_COUNT(verbs); i++) {
        if (strcmp(verbs[i].group, group) == 0) {
            fprintf(out, "  %-11s %s\n", verbs[i].name, verbs[i].summary);
        }
    }
}

void rw_help_print(FILE *out)
{
    fputs("Usage: runwalk VERB [WORDS] [OPTIONS]\n"
          "\n"
          "Steers runwalkd, the coach that speaks your run-walk intervals.\n",
          out);
    group_print(out, BEFORE);
    group_print(out, DURING);
    group_print(out, AFTER);
    group_print(out, SOUND);
    group_print(out, OTHER);
    fputs("\n"
          "  runwalk VERB --help     what a verb does, with examples\n"
          "  runwalk --version       which version this is\n"
          "\n"
          "Examples:\n"
          "  runwalk start quickstart      two minutes, to hear how it works\n"
          "  runwalk watch                 the run in this terminal\n"
          "  runwalk list                  what else there is\n"
          "\n"
          "Exit codes: 0 ok, 1 refused, 2 wrong usage, 3 no daemon, 4 invalid or unknown\n"
          "profile, 5 no answer in time, 6 reading or writing failed.\n",
          out);
}

void rw_help_print_verb(const struct rw_verb *verb, FILE *out)
{
    fprintf(out, "Usage: runwalk %s%s%s%s\n\n%s\n", verb->name, verb->words[0] ? " " : "",
            verb->words, verb->options[0].name ? " [OPTIONS]" : "", verb->summary);
    if (verb->details) {
        fprintf(out, "\n%s\n", verb->details);
    }
    fputs("\nOptions:\n", out);
    for (const struct rw_option *option = verb->options; option->name; option++) {
        char shown[40];
        snprintf(shown, sizeof shown, "--%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        fprintf(out, "  %-17s %s\n", shown, option->help);
    }
    fprintf(out, "  %-17s %s\n", "--help", "print this");
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < RW_EXAMPLES_MAX && verb->examples[i].command; i++) {
        fprintf(out, "  %s\n      %s\n", verb->examples[i].command, verb->examples[i].meaning);
    }
}
