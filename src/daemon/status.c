#include "status.h"

#include "runwalk/control/message.h"

static json_int_t ms_of(rw_ns ns)
{
    return ns / RW_NS_PER_MS;
}

static json_t *text_or_null(const char *text)
{
    return text ? rw_json_text(text) : json_null();
}

json_t *rw_status_segment_json(const struct rw_position *position, rw_ns start_ns, rw_ns end_ns)
{
    const struct rw_step *step = position->step;
    bool runs = step->kind == RW_KIND_RUN;
    json_t *reps = json_array();
    for (uint32_t i = 0; i < position->depth; i++) {
        const struct rw_rep *rep = &position->reps[i];
        json_array_append_new(reps, json_pack("[ii]", (int)rep->number, (int)rep->total));
    }
    return json_pack("{s:i, s:s, s:o, s:o, s:I, s:I, s:I, s:o, s:o}", "index",
                     (int)position->segment, "kind", rw_kind_name(step->kind), "side",
                     text_or_null(rw_side_name(step->side)), "name", text_or_null(step->name),
                     "duration_ms", ms_of(end_ns - start_ns), "start_ms", ms_of(start_ns), "end_ms",
                     ms_of(end_ns), "reps", reps, "run",
                     runs ? json_integer(position->run + 1) : json_null());
}

static json_t *next_json(const struct rw_session_view *session)
{
    if (!session->has_next) {
        return json_null();
    }
    const struct rw_step *step = session->next.step;
    bool runs = step->kind == RW_KIND_RUN;
    return json_pack("{s:i, s:s, s:o, s:o, s:I, s:o}", "index", (int)session->next.segment, "kind",
                     rw_kind_name(step->kind), "side", text_or_null(rw_side_name(step->side)),
                     "name", text_or_null(step->name), "duration_ms", ms_of(session->next_length),
                     "run", runs ? json_integer(session->next.run + 1) : json_null());
}

/* Null when no rest is on. */
static json_t *rest_json(const struct rw_session_view *session)
{
    if (!session->is_resting) {
        return json_null();
    }
    bool runs = session->rest_of.step->kind == RW_KIND_RUN;
    return json_pack("{s:s, s:o, s:b}", "of", rw_kind_name(session->rest_of.step->kind), "run",
                     runs ? json_integer(session->rest_of.run + 1) : json_null(), "waits",
                     session->waits);
}

/* Null when all is as planned. */
static json_t *fitted_json(const struct rw_session_view *session)
{
    const struct rw_adapt *adapt = &session->adapt;
    if (adapt->level == 0 && adapt->run_ms == 0) {
        return json_null();
    }
    return json_pack("{s:i, s:o, s:o}", "steps", adapt->level, "run_ms",
                     adapt->run_ms ? json_integer(adapt->run_ms) : json_null(), "walk_ms",
                     adapt->walk_ms ? json_integer(adapt->walk_ms) : json_null());
}

json_t *rw_status_place_json(const struct rw_session_view *session)
{
    return json_pack(
        "{s:o, s:o, s:I, s:o, s:o}", "segment",
        rw_status_segment_json(&session->position, session->segment_start, session->segment_end),
        "next", next_json(session), "end_ms", ms_of(session->end), "rest", rest_json(session),
        "fitted", fitted_json(session));
}

json_t *rw_status_profile_json(const struct rw_profile *profile, const char *path)
{
    if (!profile) {
        return json_null();
    }
    return json_pack("{s:s, s:o, s:s, s:i, s:i, s:i}", "name", rw_profile_name(profile), "path",
                     text_or_null(path), "summary", rw_profile_summary(profile), "duration_ms",
                     (int)rw_profile_duration_ms(profile), "segments",
                     (int)rw_profile_segment_count(profile), "runs",
                     (int)rw_profile_run_count(profile));
}

json_t *rw_status_output_json(const struct rw_player_view *player)
{
    return json_pack("{s:s, s:o, s:o}", "state", rw_player_state_name(player->state), "device",
                     text_or_null(player->device), "problem", text_or_null(player->problem));
}

json_t *rw_status_awake_json(const struct rw_inhibitor_view *awake)
{
    return json_pack("{s:s, s:s}", "state", rw_inhibitor_state_name(awake->state), "problem",
                     awake->problem ? awake->problem : "");
}

/*
 * Where time MS of the course lies in session time, in ms: what is behind is fitted to where the
 * current segment really began, what is ahead reaches to where the session will really end.
 */
static json_int_t course_ms(const struct rw_session_view *session, json_int_t ms)
{
    json_int_t here = session->position.start_ms;
    json_int_t total = rw_profile_duration_ms(session->course);
    if (ms > here) {
        json_int_t ahead = ms_of(session->end) - (total - ms);
        return ahead > ms_of(session->segment_end) ? ahead : ms_of(session->segment_end);
    }
    if (ms == here) {
        return ms_of(session->segment_start);
    }
    return ms_of(session->segment_start) * ms / here;
}

static void block_add(json_t *blocks, enum rw_kind kind, json_int_t start, json_int_t end)
{
    if (end > start) {
        json_array_append_new(blocks, json_pack("{s:s, s:I, s:I}", "kind", rw_kind_name(kind),
                                                "start_ms", start, "duration_ms", end - start));
    }
}

/* The whole session as blocks of session time. */
static json_t *blocks_json(const struct rw_session_view *session)
{
    json_t *blocks = json_array();
    uint32_t count = rw_profile_segment_count(session->course);
    uint32_t stride = (count + RW_BLOCKS_MAX - 3) / (RW_BLOCKS_MAX - 2);
    struct rw_position first;
    if (session->position.start_ms == 0 && rw_timeline_seek(session->course, 0, &first)) {
        /* What was done of the first segment before it began anew. */
        block_add(blocks, first.step->kind, 0, ms_of(session->segment_start));
    }
    for (uint32_t i = 0; i < count; i += stride) {
        struct rw_position position;
        struct rw_position after;
        if (!rw_timeline_seek(session->course, i, &position)) {
            break;
        }
        bool has_after = rw_timeline_seek(session->course, i + stride, &after);
        json_int_t start = course_ms(session, position.start_ms);
        json_int_t end = course_ms(session, has_after ? after.start_ms
                                                      : rw_profile_duration_ms(session->course));
        bool is_here = session->position.segment >= i && session->position.segment - i < stride;
        if (session->is_inserted && is_here) {
            block_add(blocks, session->position.step->kind, start, ms_of(session->segment_end));
            start = ms_of(session->segment_end);
        }
        block_add(blocks, position.step->kind, start, end);
    }
    return blocks;
}

static bool is_on(enum rw_coach_state state)
{
    return state == RW_COACH_ARMED || state == RW_COACH_RUNNING || state == RW_COACH_PAUSED;
}

void rw_status_voice(const struct rw_coach_view *coach, struct rw_cue_settings *ret_settings)
{
    struct rw_step step = {.kind = RW_KIND_RUN};
    if (is_on(coach->state) && coach->session.position.step) {
        step = *coach->session.position.step;
        step.kind = RW_KIND_RUN; /* clicks set during a warm-up are for the run that comes */
    }
    rw_cue_settings_resolve(&coach->manner, &step, ret_settings);
}

json_t *rw_status_voice_json(const struct rw_coach_view *coach)
{
    struct rw_cue_settings settings;
    rw_status_voice(coach, &settings);
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:f, s:I, s:I}", "verbosity", rw_verbosity_name(settings.verbosity),
        "encourage_ms", (json_int_t)settings.encourage_ms, "posture_ms",
        (json_int_t)settings.posture_ms, "breathing_ms", (json_int_t)settings.breathing_ms,
        "cadence", rw_cue_settings_millisteps(&settings) / 1000.0, "baseline",
        (json_int_t)settings.baseline, "seed", (json_int_t)coach->manner.seed);
}

static bool is_over(enum rw_coach_state state)
{
    return state == RW_COACH_DONE || state == RW_COACH_STOPPED;
}

/* How a session that has not begun looks: all as planned. */
static struct rw_session_view planned_view(const struct rw_profile *profile)
{
    struct rw_session_view view = {
        .end = rw_profile_duration_ms(profile) * RW_NS_PER_MS,
        .course = profile,
    };
    if (rw_timeline_seek(profile, 0, &view.position)) {
        view.segment_end = view.position.step->duration_ms * RW_NS_PER_MS;
    }
    return view;
}

json_t *rw_status_json(const struct rw_status_source *source)
{
    const struct rw_coach_view *coach = &source->coach;
    const struct rw_session_view *session = &coach->session;
    bool on = is_on(coach->state);
    bool paused = coach->state == RW_COACH_PAUSED;
    bool over = is_over(coach->state);
    rw_ns session_now = paused || over ? session->now : coach->now - coach->origin;

    json_t *status = json_pack(
        "{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:f, s:o, s:o}", "state",
        source->is_preparing ? "preparing" : rw_coach_state_name(coach->state), "boot_ms",
        ms_of(coach->now), "profile", rw_status_profile_json(coach->profile, source->path),
        "session_ms", on || over ? json_integer(ms_of(session_now)) : json_null(), "origin_boot_ms",
        on ? json_integer(ms_of(coach->origin)) : json_null(), "paused_boot_ms",
        paused ? json_integer(ms_of(coach->paused_at)) : json_null(), "output",
        rw_status_output_json(&source->player), "volume_db", source->volume_db, "awake",
        rw_status_awake_json(&source->awake), "voice", rw_status_voice_json(coach));
    json_t *place =
        on ? rw_status_place_json(session)
           : json_pack("{s:n, s:n, s:n, s:n, s:n}", "segment", "next", "end_ms", "rest", "fitted");
    json_object_update_new(status, place);
    if (over) {
        json_object_set_new(status, "runs_done", json_integer(session->runs_done));
    }
    if (source->blocks && coach->profile) {
        struct rw_session_view view = on ? *session : planned_view(coach->profile);
        json_object_set_new(status, "blocks", blocks_json(&view));
    }
    return status;
}

/* Why CUE was not heard, or NULL when it was, or will be. */
static const char *loss_reason(const struct rw_coach_event *event)
{
    if (event->type == RW_COACH_EVENT_CUE) {
        return event->cue_number == 0 ? rw_drop_reason_text(event->cue.reason) : NULL;
    }
    return event->outcome == RW_OUTCOME_DROPPED ? "no sound could be made in time" : NULL;
}

static const char *outcome_word(const struct rw_coach_event *event)
{
    if (event->type == RW_COACH_EVENT_CUE) {
        return event->cue_number == 0 ? "dropped" : "planned";
    }
    return rw_outcome_name(event->outcome);
}

json_t *rw_status_cue_json(const struct rw_coach_event *event)
{
    return json_pack("{s:I, s:s, s:s, s:I, s:o, s:o}", "cue", (json_int_t)event->cue_number, "type",
                     rw_cue_type_name(event->cue.type), "outcome", outcome_word(event), "boot_ms",
                     ms_of(event->at), "text", text_or_null(event->text), "reason",
                     text_or_null(loss_reason(event)));
}
