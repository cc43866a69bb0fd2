/* The player's stand-in: it notes what it is told to play, and reports what became of it. */
#include "bench.h"

#include "bench_parts.h"
#include "runwalk/player/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUES_MAX  256
#define EARLIEST  (300 * RW_NS_PER_MS)
#define REOPENING RW_NS_PER_SECOND /* from sound that is back to the first cue that is heard */
/* A cue may be handed over after it was due by what its window allows, and not a moment more. */

struct cue {
    struct rw_play play;
    bool is_started, is_cancelled;
    rw_ns started;
};

/* There is only one; it is handed to the daemon as if it were a real one. */
struct rw_player {
    struct rw_player_observer observer;
    void (*done)(void *context);
    void *done_context;
    bool is_closing;
    bool is_out;        /* without sound */
    bool told_out;      /* the observer knows */
    rw_ns sounds_from;  /* nothing begins before */
    uint32_t cancelled; /* all epochs up to it */
    uint64_t last_cue;
    struct cue cues[CUES_MAX];
    size_t count;
};

static struct rw_player player;
static struct bench_sound_count counted;
static struct rw_play last_play;
static char wrong[256];

static void complain(const char *what, const struct rw_play *play)
{
    if (!wrong[0]) {
        snprintf(wrong, sizeof wrong, "%s: cue %llu of epoch %u, \"%.80s\", due %lld ms from now",
                 what, (unsigned long long)play->cue, play->epoch, play->utterance.text,
                 (long long)((play->at - bench_now()) / RW_NS_PER_MS));
    }
}

/* What sounds on the same bus at the same time is not to be understood. */
static bool overlaps(const struct rw_play *a, const struct rw_play *b)
{
    rw_ns a_end = a->at + (rw_ns)a->utterance.frames * RW_NS_PER_SECOND / RW_RATE;
    rw_ns b_end = b->at + (rw_ns)b->utterance.frames * RW_NS_PER_SECOND / RW_RATE;
    return a->bus == b->bus && a->at < b_end && b->at < a_end;
}

static void sink_play(void *context, const struct rw_play *play)
{
    (void)context;
    counted.plays++;
    last_play = *play;
    if (play->cue <= player.last_cue) {
        complain("a cue's number does not rise", play);
    }
    player.last_cue = play->cue;
    if (play->epoch <= player.cancelled) {
        complain("a cue of a cancelled epoch", play);
    }
    if (play->not_after < bench_now()) {
        complain("a cue that can only be too late", play);
    }
    if (play->utterance.part_count == 0 || play->utterance.frames == 0) {
        complain("a cue without sound", play);
    }
    if (bench_now() - play->at > counted.worst) {
        counted.worst = bench_now() - play->at;
    }
    for (size_t i = 0; i < player.count; i++) {
        const struct cue *other = &player.cues[i];
        if (!other->is_cancelled && other->play.epoch == play->epoch &&
            overlaps(&other->play, play)) {
            complain("a cue talks over another", play);
        }
    }
    if (player.count == CUES_MAX) {
        complain("more cues than any player takes", play);
        return;
    }
    player.cues[player.count++] = (struct cue){.play = *play};
}

static void sink_cancel(void *context, uint32_t epoch)
{
    (void)context;
    if (epoch > player.cancelled) {
        player.cancelled = epoch;
    }
    for (size_t i = 0; i < player.count; i++) {
        player.cues[i].is_cancelled =
            player.cues[i].is_cancelled || player.cues[i].play.epoch <= epoch;
    }
}

static void sink_expect(void *context, rw_ns at)
{
    (void)context;
    (void)at;
}

static rw_ns sink_earliest(void *context, rw_ns now)
{
    (void)context;
    return now + EARLIEST;
}

static rw_ns cue_length(const struct cue *cue)
{
    return (rw_ns)cue->play.utterance.frames * RW_NS_PER_SECOND / RW_RATE;
}

/* What becomes of CUE by NOW; true when it is over, with the outcome. */
static bool cue_follow(struct cue *cue, rw_ns now, struct rw_report *ret_report)
{
    *ret_report = (struct rw_report){.cue = cue->play.cue, .at = now};
    if (cue->is_cancelled) {
        ret_report->outcome = cue->is_started ? RW_OUTCOME_CUT : RW_OUTCOME_DROPPED;
        return true;
    }
    if (player.is_out && cue->is_started) {
        ret_report->outcome = RW_OUTCOME_CUT;
        return true;
    }
    if (!cue->is_started && !player.is_out) {
        rw_ns begin = cue->play.at > player.sounds_from ? cue->play.at : player.sounds_from;
        if (begin <= now && now <= cue->play.not_after) {
            cue->is_started = true;
            cue->started = begin > cue->play.at ? now : begin;
            ret_report->at = cue->started;
            ret_report->outcome =
                cue->started - cue->play.at > RW_NS_PER_MS ? RW_OUTCOME_LATE : RW_OUTCOME_STARTED;
            counted.late += ret_report->outcome == RW_OUTCOME_LATE;
            player.observer.report(player.observer.context, ret_report);
        }
    }
    if (!cue->is_started) {
        ret_report->outcome = RW_OUTCOME_DROPPED;
        ret_report->at = cue->play.at;
        return now > cue->play.not_after;
    }
    ret_report->outcome = RW_OUTCOME_ENDED;
    ret_report->at = cue->started + cue_length(cue);
    return now >= ret_report->at;
}

bool bench_player_is_closing(void)
{
    return player.is_closing;
}

void bench_player_moment(rw_ns now)
{
    if (player.is_closing) {
        player.is_closing = false;
        player.count = 0;
        player.done(player.done_context);
        return;
    }
    for (size_t i = 0; i < player.count;) {
        struct rw_report report;
        if (!cue_follow(&player.cues[i], now, &report)) {
            i++;
            continue;
        }
        player.cues[i] = player.cues[--player.count];
        counted.ended += report.outcome == RW_OUTCOME_ENDED;
        counted.cut += report.outcome == RW_OUTCOME_CUT;
        counted.dropped += report.outcome == RW_OUTCOME_DROPPED;
        player.observer.report(player.observer.context, &report);
    }
    if (player.told_out != player.is_out) {
        player.told_out = player.is_out;
        player.observer.changed(player.observer.context);
    }
}

rw_ns bench_player_next(rw_ns now)
{
    rw_ns next = RW_NS_NEVER;
    for (size_t i = 0; i < player.count; i++) {
        const struct cue *cue = &player.cues[i];
        rw_ns start = cue->play.at > player.sounds_from ? cue->play.at : player.sounds_from;
        rw_ns at = cue->is_started                                ? cue->started + cue_length(cue)
                   : player.is_out || start > cue->play.not_after ? cue->play.not_after + 1
                                                                  : start;
        next = at < next ? at : next;
    }
    return next > now ? next : now;
}

void bench_sound(bool is_there)
{
    if (player.is_out && is_there) {
        player.sounds_from = bench_now() + REOPENING;
    }
    player.is_out = !is_there;
}

struct bench_sound_count bench_sound_count(void)
{
    return counted;
}

const char *bench_sound_wrong(void)
{
    return wrong;
}

struct rw_play bench_last_play(void)
{
    return last_play;
}

/* ---- what the daemon knows of a player ---- */

const char *rw_player_state_name(enum rw_player_state state)
{
    return state == RW_PLAYER_WAITING ? "waiting" : "ready";
}

enum rw_status rw_player_create(uv_loop_t *loop, const struct rw_voice *voice,
                                const struct rw_player_config *config,
                                struct rw_player_observer observer, struct rw_player **ret_player)
{
    (void)loop;
    (void)voice;
    (void)config;
    memset(&player, 0, sizeof player);
    player.observer = observer;
    *ret_player = &player;
    return RW_OK;
}

struct rw_sink rw_player_sink(struct rw_player *the_player)
{
    return (struct rw_sink){
        .play = sink_play,
        .cancel = sink_cancel,
        .expect = sink_expect,
        .earliest = sink_earliest,
        .context = the_player,
    };
}

void rw_player_configure(struct rw_player *the_player, const struct rw_player_config *config)
{
    (void)the_player;
    (void)config;
}

void rw_player_set_volume(struct rw_player *the_player, double volume_db)
{
    (void)the_player;
    (void)volume_db;
}

enum rw_status rw_player_play_music(struct rw_player *the_player, const char *const *paths,
                                    size_t count)
{
    (void)the_player;
    (void)paths;
    (void)count;
    return RW_OK;
}

void rw_player_rest_music(struct rw_player *the_player, bool rests)
{
    (void)the_player;
    (void)rests;
}

void rw_player_view(struct rw_player *the_player, struct rw_player_view *ret_view)
{
    *ret_view = (struct rw_player_view){
        .state = the_player->is_out ? RW_PLAYER_WAITING : RW_PLAYER_READY,
        .device = "bench",
        .latency = EARLIEST,
    };
    if (the_player->is_out) {
        strcpy(ret_view->problem, "the bench has taken it away");
    }
}

void rw_player_warm(struct rw_player *the_player, rw_ns until)
{
    (void)the_player;
    (void)until;
}

void rw_player_close(struct rw_player *the_player, void (*done)(void *context), void *context)
{
    the_player->is_closing = true;
    the_player->done = done;
    the_player->done_context = context;
}
