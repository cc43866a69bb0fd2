/* The verbs "During a run". */
#include "verbs.h"

static const struct rw_option start_options[] = {
    {"in", "TIME", "wait that long first (up to 1h), to pocket the device"},
    {"replace", NULL, "end the run that is on"},
    {"json", NULL, "print the answer as JSON"},
    {NULL, NULL, NULL},
};

static const struct rw_option watch_options[] = {
    {"json", NULL, "print the events as JSON, one a line"},
    {"lines", NULL, "print a line for each change instead of the live view"},
    {"ascii", NULL, "use no block characters"},
    {NULL, NULL, NULL},
};

static const struct rw_verb verbs[] = {
    {
        .name = "choose",
        .words = "PROFILE",
        .summary = "Choose a profile; `toggle` then starts it.",
        .word_min = 1,
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk choose quickstart", "its name and length are spoken"}},
        .run = rw_verb_choose,
    },
    {
        .name = "start",
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
        .words = "",
        .summary = "Pause the run.",
        .options = rw_json_option,
        .examples = {{"runwalk pause", "harmless when it is paused already"}},
        .run = rw_verb_command,
    },
    {
        .name = "resume",
        .words = "",
        .summary = "Go on after a pause.",
        .options = rw_json_option,
        .examples = {{"runwalk resume", "says where you are"}},
        .run = rw_verb_command,
    },
    {
        .name = "toggle",
        .words = "",
        .summary = "Pause, resume, or start what was chosen: the one button.",
        .options = rw_json_option,
        .examples = {{"runwalk toggle", "made for a shortcut on the phone"}},
        .run = rw_verb_command,
    },
    {
        .name = "skip",
        .words = "",
        .summary = "Go to the next step now.",
        .options = rw_json_option,
        .examples = {{"runwalk skip", "for example out of a long warm-up"}},
        .run = rw_verb_command,
    },
    {
        .name = "back",
        .words = "",
        .summary = "Begin this step again; in its first 3 s, the one before.",
        .options = rw_json_option,
        .examples = {{"runwalk back", "after a wait at the traffic light"}},
        .run = rw_verb_command,
    },
    {
        .name = "extend",
        .words = "[TIME]",
        .summary = "Make the current step longer, by 30 s or TIME.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk extend", "30 s more"}, {"runwalk extend 1m30s", "90 s more"}},
        .run = rw_verb_extend,
    },
    {
        .name = "shorten",
        .words = "[TIME]",
        .summary = "Make the current step shorter, by 30 s or TIME.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk shorten", "30 s less"}, {"runwalk shorten 10s", "10 s less"}},
        .run = rw_verb_extend,
    },
    {
        .name = "rest",
        .words = "[MAX]",
        .summary = "Walk slowly for a while; then the run goes on.",
        .details =
            "For 2 min, or what the profile says (`rest-max`), or MAX, from 10 s to 30 min. The\n"
            "coach says how long is left, asks near the end, and then the run goes on; `ready`\n"
            "ends it sooner. What it does to the plan is `after-rest` of the profile. In a walk "
            "it\n"
            "takes the place of what is left of it. Asked again, MAX counts anew.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk rest", "for 2 min at most"}, {"runwalk rest 45s", "for less"}},
        .run = rw_verb_rest,
    },
    {
        .name = "tired",
        .words = "[MAX]",
        .summary = "The same as rest.",
        .details = "See `runwalk rest --help`.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk tired", "walk slowly, 2 min at most"}},
        .run = rw_verb_rest,
    },
    {
        .name = "ready",
        .words = "",
        .summary = "End the rest, or begin the run that comes.",
        .details = "In a run it only says where you are; paused, it goes on as `resume` does.",
        .options = rw_json_option,
        .examples = {{"runwalk ready", "\"Good. Run again.\""}},
        .run = rw_verb_command,
    },
    {
        .name = "easier",
        .words = "",
        .summary = "Shorter runs and longer walks from here on.",
        .details = "By one step, within bounds: `adapt-step`, `adapt-run` and `adapt-walk` of the "
                   "profile.\n"
                   "What is on is fitted, too, but goes on for 10 s at least.",
        .options = rw_json_option,
        .examples = {{"runwalk easier", "by a fifth of what is planned"},
                     {"runwalk easier", "and by one more"}},
        .run = rw_verb_command,
    },
    {
        .name = "harder",
        .words = "",
        .summary = "Longer runs and shorter walks from here on.",
        .details = "By one step, as `runwalk easier --help` tells.",
        .options = rw_json_option,
        .examples = {{"runwalk harder", "the opposite of easier"}},
        .run = rw_verb_command,
    },
    {
        .name = "ratio",
        .words = "RUN/WALK",
        .summary = "These lengths for all runs and walks that remain.",
        .details =
            "How many runs there are stays the same. `easier` and `harder` start from here then.",
        .word_min = 1,
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk ratio 45s/30s", "run 45 s, walk 30 s"},
                     {"runwalk ratio 1m/1:30", "times as in a profile"}},
        .run = rw_verb_ratio,
    },
    {
        .name = "goto",
        .words = "RUN[/RUNS]",
        .summary = "Go to a run by its number.",
        .word_min = 1,
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk goto 3", "to run three"},
                     {"runwalk goto 3/8", "the same, if there are eight"}},
        .run = rw_verb_goto,
    },
    {
        .name = "cooldown",
        .words = "",
        .summary = "Go to the cool-down now.",
        .details = "Where the plan has none ahead, it is 5 min of slow walking, and then the end.",
        .options = rw_json_option,
        .examples = {{"runwalk cooldown", "enough for today"}},
        .run = rw_verb_command,
    },
    {
        .name = "stitch",
        .words = "",
        .summary = "A stitch in the side: walk, and breathe out.",
        .details =
            "As `rest`, with other words. Where there is nothing to rest from, only the words.",
        .options = rw_json_option,
        .examples = {{"runwalk stitch", "a rest with the words for it"}},
        .run = rw_verb_command,
    },
    {
        .name = "heavy",
        .words = "",
        .summary = "A heavy patch: words that help through it.",
        .details =
            "The plan stays as it is. It often passes; when it does not, say `easier` or `rest`.",
        .options = rw_json_option,
        .examples = {{"runwalk heavy", "\"Ease off, and breathe out fully.\""}},
        .run = rw_verb_command,
    },
    {
        .name = "pain",
        .words = "[PLACE]",
        .summary = "It hurts: walk gently, and end there if it goes on.",
        .details =
            "PLACE is back, leg, hip, groin, thigh, hamstring, knee, calf, shin, ankle,\n"
            "achilles, heel, foot, toe, stomach, neck, shoulder, head or other. No run begins\n"
            "unless you say `ready`, and nothing is said unasked any more. With chest, heart,\n"
            "arm or jaw it is as with `dizzy`. It is noted as health data, which leaves the\n"
            "device only where you ask.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk pain", "you need not say where"},
                     {"runwalk pain knee", "so that you find it again"}},
        .run = rw_verb_pain,
    },
    {
        .name = "dizzy",
        .words = "",
        .summary = "Stop, and think of calling for help.",
        .details =
            "The coach says what to do and then nothing more; the run stands still until you say\n"
            "`resume`, and goes on walking.",
        .options = rw_json_option,
        .examples = {{"runwalk dizzy", "also when no run is on"}},
        .run = rw_verb_dizzy,
    },
    {
        .name = "time",
        .words = "",
        .summary = "Hear how much of the workout is left.",
        .options = rw_json_option,
        .examples = {{"runwalk time", "\"Twelve minutes left.\""}},
        .run = rw_verb_command,
    },
    {
        .name = "stop",
        .words = "",
        .summary = "End the run.",
        .options = rw_json_option,
        .examples = {{"runwalk stop", "before its time"}},
        .run = rw_verb_command,
    },
    {
        .name = "recover",
        .words = "",
        .summary = "Go on with a run that was interrupted, or stopped by mistake.",
        .details = "A run that a crash or a reboot cut off; for one hour also one that was "
                   "stopped.",
        .options = rw_json_option,
        .examples = {{"runwalk recover", "where it was"}},
        .run = rw_verb_command,
    },
    {
        .name = "status",
        .words = "",
        .summary = "Tell where the run is.",
        .options = rw_json_option,
        .examples = {{"runwalk status", "in words"}, {"runwalk status --json", "for a program"}},
        .run = rw_verb_status,
    },
    {
        .name = "watch",
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
};

const struct rw_verb_group rw_verbs_during = {"During a run", verbs, RW_COUNT(verbs)};
