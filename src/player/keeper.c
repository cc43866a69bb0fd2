#include "state.h"

#include <stdio.h>

#define MARGIN        (15 * RW_NS_PER_MS)  /* for a command on its way to the mixer */
#define LEAD_MARGIN   (100 * RW_NS_PER_MS) /* up before a cue, beyond what was learned, */
#define LISTEN        (500 * RW_NS_PER_MS) /* and so long that the stream's clock is steady */
#define OPEN_LEAST    (10 * RW_NS_PER_MS)
#define OPEN_MOST     (2500 * RW_NS_PER_MS)
#define AWAY_LEAST    (2 * RW_NS_PER_SECOND)    /* not worth leaving for less */
#define LATENCY_MOST  (3 * RW_NS_PER_SECOND)    /* measured, not configured */
#define TELL_MOST     (3600 * RW_NS_PER_SECOND) /* a dropped cue may have lain that far ahead */
#define EXPECTED_OVER (2 * RW_NS_PER_SECOND)    /* an expected cue this late comes no more */

/* A heartbeat older than the sum of these two (and the latency) is the last one. */
#define BEAT_STALE  (2200 * RW_NS_PER_MS)
#define SECOND_LOOK (300 * RW_NS_PER_MS) /* we may be the ones who slept, or the system was */

#define GRACE         (3 * RW_NS_PER_SECOND) /* to open the output, and a second for each failure */
#define GRACE_MOST    6                      /* seconds */
#define ANSWER_GRACE  (3 * RW_NS_PER_SECOND) /* for a report that is due */
#define BLOCKED_MOST  (2500 * RW_NS_PER_MS)
#define LEAVE_GRACE   (800 * RW_NS_PER_MS)
#define STILL_AWAKE   (4 * RW_NS_PER_SECOND)  /* earphones, after a sound; they sleep after 5 */
#define COMMAND_KEEP  (10 * RW_NS_PER_SECOND) /* the engine stays so long after a command */
#define CRASH_SOON    (10 * RW_NS_PER_SECOND) /* after it was ready: its music may be to blame */
#define PROVEN        (5 * RW_NS_PER_SECOND)  /* an engine that ran this long was no failure */
#define BACKOFF_FIRST (250 * RW_NS_PER_MS)
#define BACKOFF_MOST  (2 * RW_NS_PER_SECOND)
#define BACKOFF_DUE   RW_NS_PER_SECOND /* while a cue is waiting */

static rw_ns earlier(rw_ns a, rw_ns b)
{
    return a < b ? a : b;
}

static rw_ns later(rw_ns a, rw_ns b)
{
    return a > b ? a : b;
}

/* TIME + SPAN; RW_NS_NEVER and times near it stay there. */
static rw_ns add_span(rw_ns time, rw_ns span)
{
    return time > RW_NS_NEVER - span ? RW_NS_NEVER : time + span;
}

void rw_keeper_read_page(struct rw_player *player)
{
    if (player->phase != ENGINE_READY || player->outdated) {
        return;
    }
    const struct rw_wire_page *page = rw_child_page(player->child);
    rw_ns latency = atomic_load_explicit(&page->latency, memory_order_relaxed);
    if (latency > 0 && latency <= LATENCY_MOST) {
        player->latency = latency;
        player->knows_latency = true;
    }
    player->view.underruns =
        player->underruns_before + atomic_load_explicit(&page->underruns, memory_order_relaxed);
    player->view.music_underruns =
        player->music_underruns_before +
        atomic_load_explicit(&page->music_underruns, memory_order_relaxed);
    rw_tunes_follow(&player->tunes, atomic_load_explicit(&page->music, memory_order_relaxed));
}

/* How long before a cue a cold engine must be spawned. */
static rw_ns cold_lead(const struct rw_player *player)
{
    return player->open_time + later(player->config.wake, LISTEN) + player->latency + LEAD_MARGIN;
}

/* The silence that an engine spawned at NOW begins with: none while the earphones are awake. */
static rw_ns wake(const struct rw_player *player, rw_ns now)
{
    bool awake = player->last_sound_end != 0 && now < player->last_sound_end + STILL_AWAKE;
    return awake ? 0 : player->config.wake;
}

rw_ns rw_keeper_earliest(const struct rw_player *player, rw_ns now)
{
    rw_ns heard = player->latency + MARGIN;
    rw_ns open = player->open_time + heard;

    switch (player->phase) {
    case ENGINE_READY:
        return later(now, player->ready_at + player->wake) + heard;
    case ENGINE_STARTING:
        return later(now + heard, player->spawned_at + open + player->wake);
    case ENGINE_LEAVING:
    case ENGINE_NONE:
        now = later(now, player->next_try);
        return now + open + wake(player, now);
    }
    return now;
}

/* When the next cue is due that is known or expected; RW_NS_NEVER: none. */
static rw_ns next_due(const struct rw_player *player, rw_ns now)
{
    rw_ns due = rw_cues_due(&player->cues);

    if (add_span(player->expected, EXPECTED_OVER) > now) {
        due = earlier(due, player->expected);
    }
    due = earlier(due, rw_beats_due(&player->beats));
    return rw_tunes_sound(&player->tunes) ? earlier(due, now) : due;
}

static bool any_sounding(const struct rw_player *player)
{
    for (size_t i = 0; i < player->cues.count; i++) {
        if (player->cues.list[i].state == CUE_STARTED) {
            return true;
        }
    }
    return false;
}

/* ---- the engine comes and goes ---- */

static void take_report(struct rw_player *player, const struct rw_wire_report *report)
{
    static const enum rw_outcome outcomes[] = {
        [RW_WIRE_STARTED] = RW_OUTCOME_STARTED, [RW_WIRE_LATE] = RW_OUTCOME_LATE,
        [RW_WIRE_ENDED] = RW_OUTCOME_ENDED,     [RW_WIRE_CUT] = RW_OUTCOME_CUT,
        [RW_WIRE_DROPPED] = RW_OUTCOME_DROPPED,
    };
    struct cue *cue = rw_cues_find(&player->cues, report->cue);
    rw_ns now = rw_player_now();

    if (!cue || cue->state == CUE_HELD) {
        return;
    }
    enum rw_outcome outcome = outcomes[report->outcome];
    /* An engine that has gone mad tells no time that could harm us. */
    rw_ns at = report->at < 0 || report->at > now + TELL_MOST ? now : report->at;
    switch ((enum rw_wire_outcome)report->outcome) {
    case RW_WIRE_STARTED:
    case RW_WIRE_LATE:
        cue->state = CUE_STARTED;
        cue->sounded = true;
        cue->started = at;
        player->last_sound_end = later(player->last_sound_end, rw_cue_end(cue, at));
        rw_player_report(player, cue->play.cue, outcome, at);
        return;
    case RW_WIRE_ENDED:
    case RW_WIRE_CUT:
    case RW_WIRE_DROPPED:
        rw_player_end_cue(player, cue, outcome, at);
        return;
    }
}

static void become_ready(struct rw_player *player, const char *device)
{
    rw_ns now = rw_player_now(), took = now - player->spawned_at;

    if (player->phase != ENGINE_STARTING) {
        return;
    }
    /* Up at once, down slowly: being early costs less than being late. */
    if (took > player->open_time || !player->knows_open_time) {
        player->open_time = later(earlier(took, OPEN_MOST), OPEN_LEAST);
        player->knows_open_time = true;
    } else {
        player->open_time -= (player->open_time - later(took, OPEN_LEAST)) / 4;
    }
    player->phase = ENGINE_READY;
    player->ready_at = now;
    player->stale_beat = 0;
    snprintf(player->view.device, sizeof(player->view.device), "%s", device);
    player->view.problem[0] = '\0';
}

static void take_music_event(struct rw_player *player, const struct rw_wire_music_event *event)
{
    bool had_music = player->tunes.count > 0;
    const char *refused = rw_tunes_event(&player->tunes, event);

    if (refused) {
        rw_player_note(player, "music: %s: %s", refused, event->problem);
    }
    if (had_music && player->tunes.count == 0) {
        rw_player_note(player, "music: none of it can be played");
    }
}

static void on_message(void *context, const struct rw_wire_message *message)
{
    struct rw_player *player = context;

    switch ((enum rw_wire_type)message->type) {
    case RW_WIRE_READY:
        become_ready(player, message->ready.device);
        break;
    case RW_WIRE_FAILED:
        player->explained = true;
        snprintf(player->view.problem, sizeof(player->view.problem), "%s", message->text);
        break;
    case RW_WIRE_REPORT:
        take_report(player, &message->report);
        break;
    case RW_WIRE_NOTE:
        rw_player_note(player, "%s", message->text);
        break;
    case RW_WIRE_MUSIC_EVENT:
        take_music_event(player, &message->music_event);
        break;
    case RW_WIRE_CONFIG:
    case RW_WIRE_LOAD:
    case RW_WIRE_UNLOAD:
    case RW_WIRE_PLAY:
    case RW_WIRE_CANCEL:
    case RW_WIRE_GAIN:
    case RW_WIRE_CADENCE:
    case RW_WIRE_MUSIC:
    case RW_WIRE_MUSIC_STATE:
    case RW_WIRE_QUIT:
        break;
    }
    rw_player_touch(player);
}

static void on_writable(void *context)
{
    rw_player_touch(context);
}

static void back_off(struct rw_player *player, rw_ns now)
{
    rw_ns most = rw_cues_due(&player->cues) < now + BACKOFF_MOST ? BACKOFF_DUE : BACKOFF_MOST;
    rw_ns delay = BACKOFF_FIRST << (player->failures < 4 ? player->failures : 4);

    player->failures++;
    player->next_try = now + earlier(delay, most);
}

/* Each cue the engine had is due again, lost, or void. */
static void recall_cues(struct rw_player *player, rw_ns now)
{
    for (size_t i = player->cues.count; i-- > 0;) {
        struct cue *cue = &player->cues.list[i];
        bool was_sounding = cue->state == CUE_STARTED;
        if (cue->state == CUE_HELD) {
            continue;
        }
        cue->state = CUE_HELD;
        if (cue->cancelled || player->closing) {
            rw_player_end_cue(player, cue, RW_OUTCOME_DROPPED, cue->play.at);
        } else if (was_sounding && (cue->play.bus == RW_BUS_TICK ||
                                    rw_keeper_earliest(player, now) > cue->play.not_after)) {
            rw_player_end_cue(player, cue, RW_OUTCOME_CUT, now);
        }
    }
}

static void explain_end(struct rw_player *player, const struct child_end *end)
{
    if (end->signal != 0) {
        snprintf(player->view.problem, sizeof(player->view.problem),
                 "the sound engine was ended by signal %d", end->signal);
    } else {
        snprintf(player->view.problem, sizeof(player->view.problem),
                 "the sound engine exited with status %d", (int)end->exit_status);
    }
}

/* Clicks and music go on in the next engine. */
static void recall_beneath(struct rw_player *player, bool crashed)
{
    rw_frame held = (rw_frame)(player->latency / RW_NS_PER_MS) * (RW_RATE / 1000);
    const char *passed = rw_tunes_recall(&player->tunes, held, crashed);

    rw_beats_recall(&player->beats);
    if (passed) {
        rw_player_note(player, "music: %s: the sound engine dies of it, so it is passed over",
                       passed);
    }
}

static void on_gone(void *context, const struct child_end *end)
{
    struct rw_player *player = context;
    rw_ns now = rw_player_now();
    bool asked = player->phase == ENGINE_LEAVING && !player->killed;
    bool was_ready = player->phase == ENGINE_READY || player->killed;

    if (player->ready_at > player->spawned_at && now - player->ready_at >= PROVEN) {
        player->failures = 0;
    }
    const struct rw_wire_page *page = rw_child_page(player->child);
    rw_tunes_follow(&player->tunes, atomic_load_explicit(&page->music, memory_order_relaxed));
    recall_beneath(player, end->signal != 0 && !asked && !player->killed &&
                               now - player->ready_at < CRASH_SOON);
    player->underruns_before = player->view.underruns;
    player->music_underruns_before = player->view.music_underruns;
    player->child = NULL;
    player->phase = ENGINE_NONE;
    if (!asked) {
        if (was_ready || end->signal != 0) {
            player->view.deaths++;
        }
        if (!player->explained && !player->killed) {
            explain_end(player, end);
        }
        back_off(player, now);
    }
    recall_cues(player, now);
    rw_player_touch(player);
}

static void spawn(struct rw_player *player, rw_ns now)
{
    struct child_events events = {on_message, on_writable, on_gone, player};

    player->tell_volume = true;
    player->tell_cancel = false;
    player->outdated = false;
    player->killed = false;
    player->explained = false;
    player->blocked_since = 0;
    player->stale_beat = 0;
    player->overdue_since = 0;
    player->clip_count = 0;
    player->spawned_at = now;
    player->wake = wake(player, now);
    player->view.spawns++;
    player->announces = player->tunes.count == 0;
    if (rw_child_spawn(player->loop, player->config.engine_path, player->announces, events,
                       &player->child) != RW_OK) {
        snprintf(player->view.problem, sizeof(player->view.problem), "%s cannot be started: %s",
                 player->config.engine_path, strerror(errno));
        back_off(player, now);
        return;
    }
    player->phase = ENGINE_STARTING;
    if (rw_feed_config(player) != RW_OK) {
        rw_child_kill(player->child);
    }
}

static void let_go(struct rw_player *player, rw_ns now)
{
    struct rw_wire_message message = {.type = RW_WIRE_QUIT};

    for (size_t i = player->cues.count; i-- > 0;) {
        struct cue *cue = &player->cues.list[i];
        if (cue->state != CUE_SENT) {
            continue;
        }
        cue->state = CUE_HELD; /* for the next engine */
        if (cue->cancelled) {
            rw_player_end_cue(player, cue, RW_OUTCOME_DROPPED, cue->play.at);
        }
    }
    if (rw_child_send(player->child, &message, -1) != RW_OK) {
        rw_child_kill(player->child);
    }
    player->phase = ENGINE_LEAVING;
    player->leave_by = now + player->latency + LEAVE_GRACE;
}

/* Ends an engine that hangs; what it had is due again when it is gone. */
static void end_engine(struct rw_player *player)
{
    rw_child_kill(player->child);
    player->phase = ENGINE_LEAVING;
    player->leave_by = RW_NS_NEVER;
    player->killed = true;
    snprintf(player->view.problem, sizeof(player->view.problem),
             "the sound output (%s) hung; is the sound server stuck?",
             player->view.device[0] ? player->view.device : player->config.output);
}

/* ---- decisions; each returns when it must be looked at again ---- */

/* Cues whose last moment has come and that no engine can begin. */
static rw_ns expire_cues(struct rw_player *player, rw_ns now)
{
    rw_ns next = RW_NS_NEVER;

    for (size_t i = player->cues.count; i-- > 0;) {
        struct cue *cue = &player->cues.list[i];
        if (cue->state == CUE_STARTED ||
            (cue->state == CUE_SENT && player->phase != ENGINE_STARTING)) {
            continue;
        }
        if (cue->play.not_after > now) {
            next = earlier(next, cue->play.not_after);
        } else {
            rw_player_end_cue(player, cue, RW_OUTCOME_DROPPED, cue->play.at);
        }
    }
    return next;
}

/* When the ready engine must have answered for CUE. */
static rw_ns answer_time(const struct rw_player *player, const struct cue *cue)
{
    rw_ns last = cue->state == CUE_STARTED ? rw_cue_end(cue, cue->started) : cue->play.not_after;
    return add_span(last, player->latency + ANSWER_GRACE);
}

/* An engine whose callback runs may still have stopped listening. */
static rw_ns watch_answers(struct rw_player *player, rw_ns now)
{
    rw_ns next = RW_NS_NEVER;

    for (size_t i = 0; i < player->cues.count; i++) {
        if (player->cues.list[i].state != CUE_HELD) {
            next = earlier(next, answer_time(player, &player->cues.list[i]));
        }
    }
    if (player->blocked_since != 0) {
        next = earlier(next, player->blocked_since + BLOCKED_MOST);
    }
    if (next > now) {
        player->overdue_since = 0;
        return next;
    }
    if (player->overdue_since == 0) {
        player->overdue_since = now;
    }
    if (now < player->overdue_since + SECOND_LOOK) {
        return player->overdue_since + SECOND_LOOK;
    }
    end_engine(player);
    return RW_NS_NEVER;
}

/* Reads the heartbeat, but only while a cue sounds or is near. */
static rw_ns watch_beat(struct rw_player *player, rw_ns now)
{
    rw_ns due = next_due(player, now);
    rw_ns from =
        any_sounding(player) || due == RW_NS_NEVER ? now : due - cold_lead(player) - SECOND_LOOK;

    if (due == RW_NS_NEVER && !any_sounding(player)) {
        return RW_NS_NEVER;
    }
    if (now < from) {
        return from;
    }
    rw_ns beat = atomic_load_explicit(&rw_child_page(player->child)->beat, memory_order_relaxed);
    /* It may be ready a moment before the first one is written. */
    rw_ns stale = later(beat, player->ready_at) + player->latency + BEAT_STALE;
    if (now < stale) {
        player->stale_beat = 0;
        return stale;
    }
    if (player->stale_beat != beat) {
        player->stale_beat = beat;
        return now + SECOND_LOOK;
    }
    end_engine(player);
    return RW_NS_NEVER;
}

static rw_ns watch_opening(struct rw_player *player, rw_ns now)
{
    rw_ns grace = GRACE + (rw_ns)player->failures * RW_NS_PER_SECOND;
    rw_ns until =
        player->spawned_at + player->latency + earlier(grace, GRACE_MOST * RW_NS_PER_SECOND);

    if (now >= until) {
        end_engine(player);
    }
    return until;
}

static rw_ns watch_engine(struct rw_player *player, rw_ns now)
{
    rw_ns next = RW_NS_NEVER;

    switch (player->phase) {
    case ENGINE_NONE:
        break;
    case ENGINE_STARTING:
        next = watch_opening(player, now);
        break;
    case ENGINE_READY:
        next = watch_answers(player, now);
        if (player->phase == ENGINE_READY) {
            next = earlier(next, watch_beat(player, now));
        }
        break;
    case ENGINE_LEAVING:
        if (now < player->leave_by) {
            next = player->leave_by;
        } else {
            rw_child_kill(player->child);
            player->leave_by = RW_NS_NEVER;
        }
        break;
    }
    return next;
}

/* When what makes an engine wanted may be over, if no event tells. */
static rw_ns wanted_until(const struct rw_player *player, rw_ns now)
{
    rw_ns over = add_span(player->expected, EXPECTED_OVER);
    rw_ns next = over > now ? over : RW_NS_NEVER;

    next = earlier(next, rw_beats_end(&player->beats));
    return player->warm_until > now ? earlier(next, player->warm_until) : next;
}

/* How long an engine that has nothing to do is kept for what may come. */
static rw_ns stay_until(const struct rw_player *player)
{
    rw_ns kept = later(player->last_sound_end, player->ready_at) + player->config.keep;
    rw_ns commanded = player->any_cancelled ? player->cancelled_at + COMMAND_KEEP : 0;

    return later(later(kept, commanded), player->warm_until);
}

static rw_ns start_or_stop(struct rw_player *player, rw_ns now)
{
    rw_ns due = next_due(player, now);
    rw_ns start = due == RW_NS_NEVER ? RW_NS_NEVER : due - cold_lead(player);
    bool wanted =
        !player->closing && (now >= start || now < player->warm_until || any_sounding(player));

    switch (player->phase) {
    case ENGINE_NONE:
        if (!wanted) {
            return start;
        }
        if (now < player->next_try) {
            return player->next_try;
        }
        spawn(player, now);
        return player->child ? RW_NS_NEVER : player->next_try;
    case ENGINE_STARTING:
    case ENGINE_READY:
        if (player->closing || (player->outdated && !rw_cues_any_out(&player->cues))) {
            let_go(player, now);
            return now;
        }
        if (wanted) {
            return wanted_until(player, now);
        }
        rw_ns leave = stay_until(player);
        if (now < leave) {
            return leave;
        }
        if (start != RW_NS_NEVER && start - now < AWAY_LEAST) {
            return start;
        }
        let_go(player, now);
        return now;
    case ENGINE_LEAVING:
        return RW_NS_NEVER;
    }
    return RW_NS_NEVER;
}

/* What sounds beneath the cues keeps the engine as long as they do after it. */
static void keep_beneath(struct rw_player *player, rw_ns now)
{
    bool sounds = rw_beats_due(&player->beats) <= now || rw_tunes_sound(&player->tunes);

    if (sounds && player->phase == ENGINE_READY) {
        player->last_sound_end = later(player->last_sound_end, now);
    }
    rw_beats_expire(&player->beats, now);
}

rw_ns rw_keeper_update(struct rw_player *player, rw_ns now)
{
    rw_keeper_read_page(player);
    keep_beneath(player, now);
    rw_ns next = start_or_stop(player, now);
    if (player->phase == ENGINE_STARTING || player->phase == ENGINE_READY) {
        rw_feed_engine(player, now);
    }
    if (player->phase == ENGINE_STARTING) {
        player->blocked_since = 0; /* it reads when its output is open */
    }
    next = earlier(next, expire_cues(player, now));
    return earlier(next, watch_engine(player, now));
}
