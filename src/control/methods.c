/*
 * The table of methods. `describe`, the checks of parameters and the test of the
 * documentation all read it.
 */
#include "runwalk/control/dispatch.h"

#include <assert.h>

#define STATUS_RESULT "the status, as session.status gives it"
#define PLAN_RESULT   "plan, waits, next, reason, why, advice"
#define VOICE_RESULT                                                                               \
    "verbosity, encourage_ms, posture_ms, breathing_ms, cadence, baseline, seed: as they hold now"

static const struct rw_param hello_params[] = {
    {"client", RW_PARAM_TEXT, false, NULL, 1, RW_CLIENT_NAME_MAX - 1,
     "who asks, as the history is to name it: small letters, digits, dashes"},
};

static const struct rw_param describe_params[] = {
    {"method", RW_PARAM_TEXT, false, NULL, 1, 64, "describe only this method"},
};

static const struct rw_param list_params[] = {
    {"offset", RW_PARAM_INTEGER, false, "0", 0, 1000000, "how many to pass over"},
    {"limit", RW_PARAM_INTEGER, false, "100", 1, 200, "how many to name at most"},
};

#define PROFILE_TEXT RW_PARAM_TEXT
#define PROFILE_SIZE 1, 4095
#define PROFILE_DOC  "a name from profile.list, or an absolute path"

static const struct rw_param check_params[] = {
    {"profile", PROFILE_TEXT, true, NULL, PROFILE_SIZE, PROFILE_DOC},
};

#define NEXT_DOC "what is due in the plan that is followed, instead of a profile"

static const struct rw_param choose_params[] = {
    {"profile", PROFILE_TEXT, false, NULL, PROFILE_SIZE, PROFILE_DOC},
    {"next", RW_PARAM_BOOLEAN, false, "false", 0, 0, NEXT_DOC},
    {"speak", RW_PARAM_BOOLEAN, false, "true", 0, 0, "say its name and length"},
};

static const struct rw_param start_params[] = {
    {"profile", PROFILE_TEXT, false, NULL, PROFILE_SIZE,
     PROFILE_DOC "; without it, the one that was chosen"},
    {"next", RW_PARAM_BOOLEAN, false, "false", 0, 0, NEXT_DOC},
    {"in_ms", RW_PARAM_INTEGER, false, "0", 0, 3600000, "begin after this time"},
    {"replace", RW_PARAM_BOOLEAN, false, "false", 0, 0, "stop the run that is on"},
};

static const struct rw_param change_params[] = {
    {"by_ms", RW_PARAM_INTEGER, false, "30000", 1000, 86400000, "by how much"},
};

static const struct rw_param blocks_params[] = {
    {"blocks", RW_PARAM_BOOLEAN, false, "false", 0, 0,
     "add the course of the whole session, to draw it"},
};

#define HEALTH_DOC "add effort, back, pain and note"

static const struct rw_param history_params[] = {
    {"offset", RW_PARAM_INTEGER, false, "0", 0, 1000000, "how many to pass over"},
    {"limit", RW_PARAM_INTEGER, false, "50", 1, 100, "how many to name at most"},
    {"with_health", RW_PARAM_BOOLEAN, false, "false", 0, 0, HEALTH_DOC},
};

#define RUN_NUMBER RW_PARAM_INTEGER, true, NULL, 1, 1000000000, "its number in the list"

static const struct rw_param run_params[] = {
    {"run", RUN_NUMBER},
    {"with_health", RW_PARAM_BOOLEAN, false, "false", 0, 0, HEALTH_DOC},
};

static const struct rw_param rows_params[] = {
    {"run", RUN_NUMBER},
    {"part", RW_PARAM_TEXT, true, NULL, 1, 16, "segments, commands, cues or incidents"},
    {"with_health", RW_PARAM_BOOLEAN, false, "false", 0, 0, "add the rows that tell of pain"},
    {"offset", RW_PARAM_INTEGER, false, "0", 0, 1000000, "how many to pass over"},
    {"limit", RW_PARAM_INTEGER, false, "100", 1, 100, "how many to tell at most"},
};

static const struct rw_param log_params[] = {
    {"run", RW_PARAM_INTEGER, false, NULL, 1, 1000000000,
     "its number in the list; without it, the latest run that is over"},
    {"effort", RW_PARAM_INTEGER, false, NULL, 1, 10, "how hard it was, 10 being the hardest"},
    {"back", RW_PARAM_TEXT, false, NULL, 1, 7, "whether the back ached: none, some or bad"},
    {"note", RW_PARAM_TEXT, false, NULL, 0, 1000, "one line of any words; empty: none"},
    {"erase", RW_PARAM_BOOLEAN, false, "false", 0, 0, "first forget what was told before"},
};

static const struct rw_param forget_params[] = {
    {"run", RW_PARAM_INTEGER, false, NULL, 1, 1000000000, "its number in the list"},
    {"all", RW_PARAM_BOOLEAN, false, "false", 0, 0, "every run but the one that is on"},
};

static const struct rw_param plan_params[] = {
    {"plan", RW_PARAM_TEXT, true, NULL, 1, 255, "a name from plan.list"},
    {"week", RW_PARAM_INTEGER, false, "1", 1, 52, "the week to begin with"},
};

static const struct rw_param repeat_params[] = {
    {"week", RW_PARAM_BOOLEAN, false, "false", 0, 0, "the whole week again"},
};

static const struct rw_param say_params[] = {
    {"text", RW_PARAM_TEXT, true, NULL, 1, 500, "the words"},
};

static const struct rw_param volume_params[] = {
    {"volume_db", RW_PARAM_NUMBER, true, NULL, -60, 12, "the volume; 0 is as the sounds were made"},
    {"relative", RW_PARAM_BOOLEAN, false, "false", 0, 0, "add it to the present volume instead"},
};

static const struct rw_param music_params[] = {
    {"path", RW_PARAM_TEXT, true, NULL, 1, 1023, "a sound file, or a folder of them"},
};

static const struct rw_param rest_params[] = {
    {"max_ms", RW_PARAM_INTEGER, false, NULL, 10000, 1800000,
     "for so long at most; without it, as the profile has it"},
};

#define LENGTH_TEXT RW_PARAM_INTEGER, true, NULL, 1000, 86400000

static const struct rw_param ratio_params[] = {
    {"run_ms", LENGTH_TEXT, "how long each run lasts"},
    {"walk_ms", LENGTH_TEXT, "how long each walk lasts"},
};

static const struct rw_param goto_params[] = {
    {"run", RW_PARAM_INTEGER, true, NULL, 1, 86400, "which run, from 1"},
    {"of", RW_PARAM_INTEGER, false, NULL, 1, 86400,
     "how many there are; the command is refused when it is another number"},
};

static const struct rw_param pain_params[] = {
    {"place", RW_PARAM_TEXT, false, NULL, 0, 15, "where, such as back or knee"},
};

static const struct rw_param quiet_params[] = {
    {"for_ms", RW_PARAM_INTEGER, false, "300000", 0, 7200000,
     "for so much of the run; 0: words again"},
};

#define RATE_DOC "at most one in so much running, from 60000 on; 0: never"

static const struct rw_param voice_params[] = {
    {"verbosity", RW_PARAM_TEXT, false, NULL, 1, 16, "silent, sparse, normal or chatty"},
    {"encourage_ms", RW_PARAM_INTEGER, false, NULL, 0, 7200000, RATE_DOC},
    {"posture_ms", RW_PARAM_INTEGER, false, NULL, 0, 7200000, RATE_DOC},
    {"breathing_ms", RW_PARAM_INTEGER, false, NULL, 0, 7200000, RATE_DOC},
    {"cadence", RW_PARAM_INTEGER, false, NULL, 0, 300,
     "clicks a minute in runs, from 40 on; 0: none"},
    {"cadence_percent", RW_PARAM_INTEGER, false, NULL, -50, 50,
     "the same, as more or less than the baseline"},
    {"baseline", RW_PARAM_INTEGER, false, NULL, 40, 300, "the runner's own steps a minute"},
    {"reset", RW_PARAM_BOOLEAN, false, "false", 0, 0,
     "first forget what was set by this method before"},
    {"speak", RW_PARAM_BOOLEAN, false, "true", 0, 0, "say that there will be less or more talk"},
};

#define PARAMS(table) .params = (table), .param_count = RW_COUNT(table)

static const struct rw_method_info methods[RW_METHOD_COUNT] = {
    [RW_METHOD_HELLO] = {.name = "hello",
                         .summary = "who answers, and what it understands",
                         .result = "protocol, name, version, features, limits",
                         PARAMS(hello_params)},
    [RW_METHOD_DESCRIBE] = {.name = "describe",
                            .summary = "all methods, errors and events",
                            .result = "methods, errors, events",
                            PARAMS(describe_params)},
    [RW_METHOD_PROFILE_LIST] = {.name = "profile.list",
                                .summary = "the profiles that have a name, sorted by it",
                                .result = "profiles (name, path), total",
                                PARAMS(list_params)},
    [RW_METHOD_PROFILE_CHECK] = {.name = "profile.check",
                                 .summary = "read a profile without choosing it",
                                 .result = "profile, diagnostics (warnings as text), dropped (cues "
                                           "for which there is no room)",
                                 PARAMS(check_params)},
    [RW_METHOD_SESSION_CHOOSE] = {.name = "session.choose",
                                  .summary = "take a profile and prepare its speech",
                                  .result = STATUS_RESULT,
                                  PARAMS(choose_params)},
    [RW_METHOD_SESSION_START] = {.name = "session.start",
                                 .summary = "start a run, now or in a while",
                                 .result = STATUS_RESULT,
                                 PARAMS(start_params)},
    [RW_METHOD_SESSION_PAUSE] = {.name = "session.pause",
                                 .summary = "pause the run; when it is paused, nothing happens",
                                 .result = STATUS_RESULT},
    [RW_METHOD_SESSION_RESUME] = {.name = "session.resume",
                                  .summary = "go on after a pause; when it runs, nothing happens",
                                  .result = STATUS_RESULT},
    [RW_METHOD_SESSION_TOGGLE] = {.name = "session.toggle",
                                  .summary = "start what is chosen, or pause, or go on: for one "
                                             "button",
                                  .result = STATUS_RESULT},
    [RW_METHOD_SESSION_SKIP] = {.name = "session.skip",
                                .summary = "go to the next step",
                                .result = STATUS_RESULT},
    [RW_METHOD_SESSION_BACK] = {.name = "session.back",
                                .summary = "restart the step, or in its first 3 s go to the one "
                                           "before",
                                .result = STATUS_RESULT},
    [RW_METHOD_SESSION_EXTEND] = {.name = "session.extend",
                                  .summary = "make the current step longer",
                                  .result = STATUS_RESULT ", and applied_ms: what was added",
                                  PARAMS(change_params)},
    [RW_METHOD_SESSION_SHORTEN] = {.name = "session.shorten",
                                   .summary = "make the current step shorter",
                                   .result = STATUS_RESULT ", and applied_ms: what was taken away",
                                   PARAMS(change_params)},
    [RW_METHOD_SESSION_STOP] = {.name = "session.stop",
                                .summary = "end the run early",
                                .result = STATUS_RESULT},
    [RW_METHOD_SESSION_RECOVER] = {.name = "session.recover",
                                   .summary = "go on with a run that was interrupted, or stopped "
                                              "within the hour",
                                   .result = STATUS_RESULT},
    [RW_METHOD_SESSION_ENCOURAGE] = {.name = "session.encourage",
                                     .summary = "say a reassuring word now",
                                     .result = STATUS_RESULT},
    [RW_METHOD_SESSION_QUIET] = {.name = "session.quiet",
                                 .summary = "no words for a while, only tones and answers",
                                 .result = STATUS_RESULT,
                                 PARAMS(quiet_params)},
    [RW_METHOD_SESSION_REST] = {.name = "session.rest",
                                .summary = "walk slowly for a while; then the plan goes on",
                                .result = STATUS_RESULT,
                                PARAMS(rest_params)},
    [RW_METHOD_SESSION_READY] = {.name = "session.ready",
                                 .summary = "end the rest, or begin the run that comes; paused, "
                                            "go on",
                                 .result = STATUS_RESULT},
    [RW_METHOD_SESSION_EASIER] = {.name = "session.easier",
                                  .summary = "shorter runs and longer walks from here on",
                                  .result = STATUS_RESULT},
    [RW_METHOD_SESSION_HARDER] = {.name = "session.harder",
                                  .summary = "longer runs and shorter walks from here on",
                                  .result = STATUS_RESULT},
    [RW_METHOD_SESSION_RATIO] = {.name = "session.ratio",
                                 .summary = "these lengths for all runs and walks that remain",
                                 .result = STATUS_RESULT,
                                 PARAMS(ratio_params)},
    [RW_METHOD_SESSION_GOTO] = {.name = "session.goto",
                                .summary = "begin a run by its number",
                                .result = STATUS_RESULT,
                                PARAMS(goto_params)},
    [RW_METHOD_SESSION_COOLDOWN] = {.name = "session.cooldown",
                                    .summary = "go to the cool-down now",
                                    .result = STATUS_RESULT},
    [RW_METHOD_SESSION_STITCH] = {.name = "session.stitch",
                                  .summary = "a side stitch: walk and breathe out",
                                  .result = STATUS_RESULT},
    [RW_METHOD_SESSION_HEAVY] = {.name = "session.heavy",
                                 .summary = "a heavy patch: words that help through it",
                                 .result = STATUS_RESULT},
    [RW_METHOD_SESSION_PAIN] = {.name = "session.pain",
                                .summary = "it hurts: walk; no run begins until you are ready",
                                .result = STATUS_RESULT,
                                PARAMS(pain_params)},
    [RW_METHOD_SESSION_DIZZY] = {.name = "session.dizzy",
                                 .summary = "stop, and think of help; also when no run is on",
                                 .result = STATUS_RESULT},
    [RW_METHOD_SESSION_TIME] = {.name = "session.time",
                                .summary = "say how much of the session is left",
                                .result = STATUS_RESULT},
    [RW_METHOD_SESSION_STATUS] = {.name = "session.status",
                                  .summary = "how things stand",
                                  .result = "the status",
                                  .is_question = true,
                                  PARAMS(blocks_params)},
    [RW_METHOD_HISTORY_LIST] = {.name = "history.list",
                                .summary = "the runs, the latest first",
                                .result = "runs, total",
                                PARAMS(history_params)},
    [RW_METHOD_HISTORY_SHOW] = {.name = "history.show",
                                .summary = "one run",
                                .result = "run",
                                PARAMS(run_params)},
    [RW_METHOD_HISTORY_ROWS] = {.name = "history.rows",
                                .summary = "what was recorded of a run, part by part",
                                .result = "rows: in the order in which things happened",
                                PARAMS(rows_params)},
    [RW_METHOD_HISTORY_LOG] = {.name = "history.log",
                               .summary = "tell how a run was: effort, back, a note",
                               .result = "run: as history.show gives it with health",
                               PARAMS(log_params)},
    [RW_METHOD_HISTORY_FORGET] = {.name = "history.forget",
                                  .summary = "erase a run, or all, with their traces",
                                  .result = "forgotten: how many",
                                  PARAMS(forget_params)},
    [RW_METHOD_PLAN_LIST] = {.name = "plan.list",
                             .summary = "the plans, sorted by their names",
                             .result = "plans (name, path), total",
                             PARAMS(list_params)},
    [RW_METHOD_PLAN_START] = {.name = "plan.start",
                              .summary = "begin a plan, in place of the one that is followed",
                              .result = PLAN_RESULT,
                              PARAMS(plan_params)},
    [RW_METHOD_PLAN_STOP] = {.name = "plan.stop",
                             .summary = "follow no plan any more",
                             .result = PLAN_RESULT},
    [RW_METHOD_PLAN_STATUS] = {.name = "plan.status",
                               .summary = "what is due in the plan, when, and why",
                               .result = PLAN_RESULT},
    [RW_METHOD_PLAN_SKIP] = {.name = "plan.skip",
                             .summary = "leave out the session that is due",
                             .result = PLAN_RESULT},
    [RW_METHOD_PLAN_REPEAT] = {.name = "plan.repeat",
                               .summary = "do the session before again, or its week",
                               .result = PLAN_RESULT,
                               PARAMS(repeat_params)},
    [RW_METHOD_PLAN_WELL] = {.name = "plan.well",
                             .summary = "all is well again, after an emergency: the plan goes on",
                             .result = PLAN_RESULT},
    [RW_METHOD_SAY] = {.name = "say",
                       .summary = "speak words now",
                       .result = STATUS_RESULT,
                       PARAMS(say_params)},
    [RW_METHOD_VOLUME_GET] = {.name = "volume.get",
                              .summary = "the volume of runwalk; the system's is never touched",
                              .result = "volume_db",
                              .is_question = true},
    [RW_METHOD_VOLUME_SET] = {.name = "volume.set",
                              .summary = "change the volume of runwalk, at most to its bounds",
                              .result = "volume_db: what it is now",
                              PARAMS(volume_params)},
    [RW_METHOD_MUSIC_GET] = {.name = "music.get",
                             .summary = "the music that runwalk plays beneath the coach",
                             .result = "state (off, playing, paused), path, file",
                             .is_question = true},
    [RW_METHOD_MUSIC_PLAY] = {.name = "music.play",
                              .summary = "play music, over and over, until the run ends",
                              .result = "as music.get",
                              PARAMS(music_params)},
    [RW_METHOD_MUSIC_STOP] = {.name = "music.stop",
                              .summary = "end the music",
                              .result = "as music.get"},
    [RW_METHOD_VOICE_GET] = {.name = "voice.get",
                             .summary = "how much the coach talks",
                             .result = VOICE_RESULT,
                             .is_question = true},
    [RW_METHOD_VOICE_SET] = {.name = "voice.set",
                             .summary = "change how much the coach talks, in this run and later "
                                        "ones",
                             .result = VOICE_RESULT,
                             PARAMS(voice_params)},
    [RW_METHOD_SUBSCRIBE] = {.name = "subscribe",
                             .summary = "the status now, and events from then on",
                             .result = "the status, and seq: the number of the last event",
                             PARAMS(blocks_params)},
};

const struct rw_method_info *rw_method_info(enum rw_method method)
{
    assert((unsigned)method < RW_METHOD_COUNT);
    return &methods[method];
}

static const struct rw_notice_info notices[RW_NOTICE_COUNT] = {
    [RW_NOTICE_STATE] = {"state", "the state changed, or what lies ahead moved: status"},
    [RW_NOTICE_SEGMENT] = {"segment", "a step began: segment, next, end_ms"},
    [RW_NOTICE_CUE] = {"cue", "what became of a cue: cue, type, outcome, boot_ms, text, reason"},
    [RW_NOTICE_VOLUME] = {"volume", "the volume changed: volume_db"},
    [RW_NOTICE_OUTPUT] = {"output", "the sound came up, or was lost: output"},
    [RW_NOTICE_PROFILE] = {"profile", "another profile was chosen: profile"},
    [RW_NOTICE_COMMAND] = {"command", "the run obeyed a command: command, session_ms"},
};

const struct rw_notice_info *rw_notice_info(enum rw_notice notice)
{
    assert((unsigned)notice < RW_NOTICE_COUNT);
    return &notices[notice];
}
