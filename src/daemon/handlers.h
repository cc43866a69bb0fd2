/*
 * What the handlers of the control protocol share. Each method is one function
 * rw_handle_METHOD, in the file of its subject: what the request asks of the coach, and what is
 * answered. All parameters have been checked before.
 */
#ifndef RUNWALK_DAEMON_HANDLERS_H
#define RUNWALK_DAEMON_HANDLERS_H

#include "daemon.h"

typedef void rw_handler(struct rw_daemon *daemon, const struct rw_call *call,
                        struct rw_answer *answer);

/* handlers_profile.c */
rw_handler rw_handle_profile_list;
rw_handler rw_handle_profile_check;

/* handlers_session.c */
rw_handler rw_handle_session_choose;
rw_handler rw_handle_session_start;
rw_handler rw_handle_session_pause;
rw_handler rw_handle_session_resume;
rw_handler rw_handle_session_toggle;
rw_handler rw_handle_session_skip;
rw_handler rw_handle_session_back;
rw_handler rw_handle_session_extend;
rw_handler rw_handle_session_shorten;
rw_handler rw_handle_session_stop;
rw_handler rw_handle_session_status;

/* handlers_live.c */
rw_handler rw_handle_session_rest;
rw_handler rw_handle_session_ready;
rw_handler rw_handle_session_easier;
rw_handler rw_handle_session_harder;
rw_handler rw_handle_session_ratio;
rw_handler rw_handle_session_goto;
rw_handler rw_handle_session_cooldown;
rw_handler rw_handle_session_stitch;
rw_handler rw_handle_session_heavy;
rw_handler rw_handle_session_pain;
rw_handler rw_handle_session_dizzy;
rw_handler rw_handle_session_time;

/* handlers_history.c */
rw_handler rw_handle_session_recover;
rw_handler rw_handle_history_list;
rw_handler rw_handle_history_show;
rw_handler rw_handle_history_rows;
rw_handler rw_handle_history_log;
rw_handler rw_handle_history_forget;

/* handlers_plan.c */
rw_handler rw_handle_plan_list;
rw_handler rw_handle_plan_start;
rw_handler rw_handle_plan_stop;
rw_handler rw_handle_plan_status;
rw_handler rw_handle_plan_skip;
rw_handler rw_handle_plan_repeat;
rw_handler rw_handle_plan_well;
/* session.choose and session.start, with `next` */
rw_handler rw_plan_choose_next;
rw_handler rw_plan_start_next;

/* handlers_voice.c */
rw_handler rw_handle_session_encourage;
rw_handler rw_handle_session_quiet;
rw_handler rw_handle_voice_get;
rw_handler rw_handle_voice_set;

/* handlers_sound.c */
rw_handler rw_handle_say;
rw_handler rw_handle_volume_get;
rw_handler rw_handle_volume_set;

/* handlers_music.c */
rw_handler rw_handle_music_get;
rw_handler rw_handle_music_play;
rw_handler rw_handle_music_stop;

/* The parameter NAME of CALL: NULL, 0 or false when it is absent. */
const char *rw_param_text(const struct rw_call *call, const char *name);
rw_ns rw_param_ms(const struct rw_call *call, const char *name); /* given in ms */
json_int_t rw_param_count(const struct rw_call *call, const char *name);
bool rw_param_flag(const struct rw_call *call, const char *name);

/* LIST, or the page of it that CALL asks for, as NAME and `total`. */
json_t *rw_places_json(const char *name, const struct rw_profile_place *list, size_t count,
                       const struct rw_call *call);

/*
 * Makes PROFILE the chosen one, and ends the run that is on. Takes PLACE, PROFILE and BYTES, its
 * file; false: ANSWER is refused.
 */
bool rw_session_take(struct rw_daemon *daemon, struct rw_profile_place *place,
                     struct rw_profile *profile, char *bytes, size_t size, bool speak,
                     struct rw_answer *answer);
/* Starts what is chosen NOT_BEFORE, at once or when its speech is ready. */
enum rw_status rw_session_start(struct rw_daemon *daemon, rw_ns not_before);

enum rw_coach_state rw_daemon_state(const struct rw_daemon *daemon);

/* A run is on, or about to start. */
bool rw_daemon_is_run_on(const struct rw_daemon *daemon);

/* Turns the coach's status into the answer to a command: the state of the run, or a refusal. */
void rw_answer_command(struct rw_daemon *daemon, enum rw_status status, struct rw_answer *answer);

/*
 * Finds and parses the profile called NAME. The caller finishes *ret_place, destroys *ret_profile
 * and, unless it is NULL, frees *ret_bytes, the file as it was. False: ANSWER is refused, and
 * nothing was returned.
 */
bool rw_profile_load(struct rw_daemon *daemon, const char *name, struct rw_answer *answer,
                     struct rw_profile_place *ret_place, struct rw_profile **ret_profile,
                     char **ret_bytes, size_t *ret_size);

#endif
