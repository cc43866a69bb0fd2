/* The verbs "Sound". */
#include "verbs.h"

static const struct rw_option no_options[] = {{NULL, NULL, NULL}};

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

static const struct rw_option volume_options[] = {
    {"to", "DB", "set exactly this, for values below zero"},
    {"json", NULL, "print the answer as JSON"},
    {NULL, NULL, NULL},
};

static const struct rw_verb verbs[] = {
    {
        .name = "phrases",
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
        .words = "PROFILE OUT.wav|OUT.flac",
        .summary = "Write the whole session as a sound file.",
        .details =
            "Needs neither daemon nor sound device: copy the file to any player. It is what\n"
            "a live run sounds like, to the sample, and the same bytes each "
            "time.\n" RW_HELP_CONFIGURATION,
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
        .words = "",
        .summary = "List the sound outputs.",
        .details = "The number or the name can stand in the configuration as `output`.",
        .options = rw_json_option,
        .examples = {{"runwalk devices", "the default one has a star"}},
        .run = rw_verb_devices,
    },
    {
        .name = "soundcheck",
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
        .name = "say",
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
        .words = "[LEVEL]",
        .summary = "Show how much the coach talks, or change it.",
        .details = "LEVEL is silent, sparse, normal or chatty. It holds until the daemon ends, and "
                   "wins\nover what profiles and the configuration say.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk verbosity", "show it"},
                     {"runwalk verbosity sparse", "no encouragement"},
                     {"runwalk verbosity silent", "no words at all, only tones and answers"}},
        .run = rw_verb_verbosity,
    },
    {
        .name = "cadence",
        .words = "[STEPS|+PERCENT|off]",
        .summary = "Show the clicks to step to, or change them.",
        .details =
            "STEPS a minute, or so much more (or less) than the `baseline` of the profile or\n"
            "configuration. They sound in runs, until the daemon ends.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk cadence 165", "165 clicks a minute"},
                     {"runwalk cadence +5%", "a little more than your own"},
                     {"runwalk cadence off", "no clicks"}},
        .run = rw_verb_cadence,
    },
    {
        .name = "encourage",
        .words = "",
        .summary = "Hear a reassuring word now.",
        .options = rw_json_option,
        .examples = {{"runwalk encourage", "made for a button"}},
        .run = rw_verb_command,
    },
    {
        .name = "quiet",
        .words = "[TIME]",
        .summary = "No words for 5 min or TIME (up to 2 h), only tones and answers.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk quiet", "for a talk with somebody"},
                     {"runwalk quiet 20m", "for longer"},
                     {"runwalk quiet 0s", "words again"}},
        .run = rw_verb_quiet,
    },
    {
        .name = "volume",
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
        .words = "[PATH|stop]",
        .summary = "Play music beneath the coach, or end it.",
        .details =
            "PATH is a WAV, FLAC, Ogg, Opus or MP3 file, or a folder of them, played over\n"
            "and over. It is lowered while the coach speaks, waits while the run is paused,\n"
            "and ends with the run. A file that is called stop is ./stop.",
        .word_max = 1,
        .options = rw_json_option,
        .examples = {{"runwalk music", "what plays"},
                     {"runwalk music ~/Music/running", "all that is in this folder"},
                     {"runwalk music stop", "end it"}},
        .run = rw_verb_music,
    },
};

const struct rw_verb_group rw_verbs_sound = {"Sound", verbs, RW_COUNT(verbs)};
