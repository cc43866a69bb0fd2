/* What the view says: the state in words and numbers. */

#include "text.h"
#include "watch_parts.h"

#include <stdio.h>
#include <string.h>

void rw_watch_main_time(const struct rw_watch_state *state, int64_t boot_ms,
                        char out[RW_TEXT_TIME_MAX])
{
    int64_t now = rw_watch_session_ms(state, boot_ms);
    switch (state->phase) {
    case RW_WATCH_LOST:
    case RW_WATCH_IDLE:
        out[0] = '\0';
        break;
    case RW_WATCH_CHOSEN:
    case RW_WATCH_PREPARING:
        rw_text_clock(rw_text_seconds_left(state->duration_ms), out);
        break;
    case RW_WATCH_ARMED:
        rw_text_clock(rw_text_seconds_left(-now), out);
        break;
    case RW_WATCH_RUNNING:
    case RW_WATCH_PAUSED:
        rw_text_clock(rw_text_seconds_left(state->current.end_ms - now), out);
        break;
    case RW_WATCH_STOPPED:
        if (now <= 0) { /* stopped before anybody here looked */
            out[0] = '\0';
            break;
        }
        rw_text_clock(rw_watch_seconds_done(state, now), out);
        break;
    case RW_WATCH_DONE:
        rw_text_clock(rw_watch_seconds_done(state, now), out);
        break;
    }
}

static void segment_label(const struct rw_watch_state *state,
                          const struct rw_watch_segment *segment, char out[RW_LABEL_MAX])
{
    rw_label_segment(segment->kind, segment->side, segment->name, segment->run, state->runs, out);
    /* A run is counted in the whole session; anything else by the repeat it stands in. */
    if (segment->run == 0 && segment->depth > 0) {
        char reps[RW_LABEL_MAX];
        rw_label_reps(segment->reps, segment->depth, reps);
        size_t used = strlen(out);
        snprintf(out + used, RW_LABEL_MAX - used, "  (%.60s)", reps);
    }
}

unsigned rw_watch_headline(const struct rw_watch_state *state, char out[RW_LABEL_MAX])
{
    switch (state->phase) {
    case RW_WATCH_LOST:
        snprintf(out, RW_LABEL_MAX, "The daemon %s. Trying again",
                 state->has_ended ? "has ended" : "does not answer");
        return RW_STYLE_ALARM;
    case RW_WATCH_IDLE:
        snprintf(out, RW_LABEL_MAX, "No workout chosen. Try: runwalk start quickstart");
        return RW_STYLE_STRONG;
    case RW_WATCH_CHOSEN:
        snprintf(out, RW_LABEL_MAX, "Ready when you are");
        return RW_STYLE_STRONG;
    case RW_WATCH_PREPARING:
        snprintf(out, RW_LABEL_MAX, "Preparing the words");
        return RW_STYLE_STRONG;
    case RW_WATCH_ARMED:
        snprintf(out, RW_LABEL_MAX, "Starts in");
        return RW_STYLE_STRONG;
    case RW_WATCH_RUNNING:
    case RW_WATCH_PAUSED:
        segment_label(state, &state->current, out);
        return RW_STYLE_KIND + (unsigned)state->current.kind;
    case RW_WATCH_DONE:
        if (state->runs_done > 0) {
            snprintf(out, RW_LABEL_MAX, "Done: %u run%s", state->runs_done,
                     state->runs_done == 1 ? "" : "s");
        } else {
            snprintf(out, RW_LABEL_MAX, "Done");
        }
        return RW_STYLE_STRONG;
    case RW_WATCH_STOPPED:
        snprintf(out, RW_LABEL_MAX, "%s", state->session_ms > 0 ? "Stopped after" : "Stopped");
        return RW_STYLE_STRONG;
    }
    return RW_STYLE_PLAIN;
}

void rw_watch_coming(const struct rw_watch_state *state, char *out, size_t size)
{
    out[0] = '\0';
    if (state->phase == RW_WATCH_CHOSEN || state->phase == RW_WATCH_PREPARING) {
        snprintf(out, size, "%s", state->summary);
        return;
    }
    if (rw_watch_is_over(state->phase)) {
        snprintf(out, size, "%s", state->result);
        return;
    }
    bool is_ahead = state->phase == RW_WATCH_ARMED;
    const struct rw_watch_segment *segment = rw_watch_segment_ahead(state);
    if (rw_watch_is_live(state->phase) && segment->is_known) {
        char label[RW_LABEL_MAX];
        char time[RW_TEXT_TIME_MAX];
        segment_label(state, segment, label);
        rw_text_clock(rw_text_seconds_left(segment->duration_ms), time);
        snprintf(out, size, "%s %s, %s", is_ahead ? "first" : "next", label, time);
    } else if (rw_watch_is_live(state->phase)) {
        snprintf(out, size, "next the end");
    }
}

void rw_watch_notice(const struct rw_watch_state *state, int64_t boot_ms, char *out, size_t size,
                     unsigned *ret_style)
{
    *ret_style = RW_STYLE_PLAIN;
    out[0] = '\0';
    if (state->message[0] != '\0') {
        snprintf(out, size, "%s", state->message);
        *ret_style = RW_STYLE_STRONG;
    } else if (state->phase == RW_WATCH_PAUSED) {
        char time[RW_TEXT_TIME_MAX];
        rw_text_clock((boot_ms - state->paused_boot_ms) / 1000, time);
        snprintf(out, size, " Paused for %s%s%s ", time, state->problem[0] ? ". " : "",
                 state->problem);
        *ret_style = RW_STYLE_ALARM;
    } else if (state->problem[0] != '\0' && state->phase != RW_WATCH_LOST) {
        snprintf(out, size, " No sound: %s ", state->problem);
        *ret_style = RW_STYLE_ALARM;
    } else if (rw_watch_is_over(state->phase) && state->result[0] != '\0') {
        snprintf(out, size, "%s", RW_WATCH_QUESTION);
        *ret_style = RW_STYLE_FAINT;
    }
}

void rw_watch_line(const struct rw_watch_state *state, int64_t boot_ms, char *out, size_t size)
{
    char headline[RW_LABEL_MAX];
    char clock[RW_TEXT_TIME_MAX];
    char length[RW_TEXT_TIME_MAX];
    int64_t now = rw_watch_session_ms(state, boot_ms);
    rw_watch_headline(state, headline);
    rw_text_clock(rw_watch_seconds_done(state, now), clock);
    switch (state->phase) {
    case RW_WATCH_LOST:
    case RW_WATCH_IDLE:
        snprintf(out, size, "%s", headline);
        break;
    case RW_WATCH_CHOSEN:
    case RW_WATCH_PREPARING:
        rw_text_span(state->duration_ms, length);
        snprintf(out, size, "%s: %s, %s", headline, state->profile, length);
        break;
    case RW_WATCH_ARMED:
        rw_text_span(rw_text_seconds_left(-now) * 1000, length);
        snprintf(out, size, "%s: starts in %s", state->profile, length);
        break;
    case RW_WATCH_RUNNING:
    case RW_WATCH_PAUSED:
        rw_text_span(rw_text_seconds_left(state->current.end_ms - now) * 1000, length);
        snprintf(out, size, "%s  %s%s: %s left", clock,
                 state->phase == RW_WATCH_PAUSED ? "paused, " : "", headline, length);
        break;
    case RW_WATCH_STOPPED:
        if (now <= 0) {
            snprintf(out, size, "Stopped");
            break;
        }
        snprintf(out, size, "%s  Stopped", clock);
        break;
    case RW_WATCH_DONE:
        snprintf(out, size, "%s  %s", clock, headline);
        break;
    }
}
