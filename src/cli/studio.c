#include "studio.h"

#include "beneath.h"
#include "runwalk/audio/mixer.h"
#include "runwalk/coach/coach.h"
#include "runwalk/coach/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More plays than the coach sends ahead within its few seconds. */
#define QUEUE_MAX 128

static const rw_frame tail_frames = RW_RATE / 2;

/*
 * The mixer's frame that is frame 0 of the recording: the first sound that it can play. What
 * comes before is silence, and discarded.
 */
static const rw_frame lead_frames = RW_MIXER_AHEAD_FRAMES;

_Static_assert((uint32_t)RW_BUS_VOICE == RW_MIXER_VOICE_BUS, "clicks are as loud as the voice");
_Static_assert((uint32_t)RW_BUS_TICK == RW_MIXER_TICK_BUS, "ticks follow each other");
_Static_assert((uint32_t)RW_BUS_MUSIC == RW_MIXER_MUSIC_BUS, "music is lowered");

struct rw_studio {
    struct rw_voice *voice;
    struct rw_coach *coach;
    struct rw_mixer *mixer;
    struct rw_clip **clips; /* by number of the voice; NULL: not yet needed */
    uint32_t clip_count;
    struct rw_mixer_play queue[QUEUE_MAX]; /* sent by the coach, not yet taken by the mixer */
    size_t queued;
    unsigned sounding;     /* taken by the mixer, end not yet reported */
    rw_frame now;          /* of the recording */
    rw_frame silent_since; /* the end of the last sound */
    enum rw_status status; /* of the sink, which has nobody to tell */
    char problem[512];
    struct rw_beneath_studio beneath;
};

/* What sounds beneath the cues must know of them in time to make room. */
static const rw_frame ahead_frames = RW_RATE;

static void studio_fail(struct rw_studio *studio, const char *thing, const char *reason)
{
    if (studio->status == RW_OK) {
        studio->status = RW_EIO;
        snprintf(studio->problem, sizeof studio->problem, "%s: %s", thing, reason);
    }
}

static const struct rw_clip *clip_get(struct rw_studio *studio, uint32_t number)
{
    if (studio->clips[number]) {
        return studio->clips[number];
    }
    const struct rw_clip_info *info = rw_voice_clip(studio->voice, number);
    int descriptor = open(info->path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        studio_fail(studio, info->path, strerror(errno));
        return NULL;
    }
    const char *problem = "out of memory";
    enum rw_status status = rw_clip_load(descriptor, true, &studio->clips[number], &problem);
    close(descriptor);
    if (status != RW_OK) {
        studio_fail(studio, info->path, problem);
        return NULL;
    }
    return studio->clips[number];
}

static void sink_play(void *context, const struct rw_play *play)
{
    struct rw_studio *studio = context;
    if (studio->queued == QUEUE_MAX) {
        studio_fail(studio, "the script", "too many sounds at once");
        return;
    }
    struct rw_mixer_play *next = &studio->queue[studio->queued];
    *next = (struct rw_mixer_play){
        .cue = play->cue,
        .epoch = play->epoch,
        .bus = play->bus,
        .start = rw_beneath_frame(play->at) + lead_frames,
        .gain_left = 1.0f,
        .gain_right = 1.0f,
        .part_count = play->utterance.part_count,
    };
    for (uint32_t i = 0; i < next->part_count; i++) {
        next->parts[i].clip = clip_get(studio, play->utterance.parts[i].clip);
        next->parts[i].offset = play->utterance.parts[i].offset;
        if (!next->parts[i].clip) {
            return;
        }
    }
    studio->queued += next->part_count > 0;
}

static void sink_cancel(void *context, uint32_t epoch)
{
    struct rw_studio *studio = context;
    size_t kept = 0;
    for (size_t i = 0; i < studio->queued; i++) {
        if (studio->queue[i].epoch > epoch) {
            studio->queue[kept++] = studio->queue[i];
        }
    }
    studio->queued = kept;
    rw_beneath_cancel_cadence(&studio->beneath, epoch);
    rw_mixer_cancel(studio->mixer, epoch);
}

static void sink_cadence(void *context, const struct rw_cadence *cadence)
{
    struct rw_studio *studio = context;
    if (rw_beneath_cadence(&studio->beneath, studio->mixer, cadence, lead_frames) != RW_OK) {
        studio_fail(studio, "the cadence", "too many changes at once");
    }
}

/* The file is always open. */
static void sink_expect(void *context, rw_ns at)
{
    (void)context;
    (void)at;
}

static rw_ns sink_earliest(void *context, rw_ns now)
{
    (void)context;
    return now;
}

static void observer_event(void *context, const struct rw_coach_event *event)
{
    (void)context;
    (void)event;
}

/*
 * Hands to the mixer what is due before END, or so soon after it that clicks and music make room
 * before; what it has no room for waits.
 */
static void queue_drain(struct rw_studio *studio, rw_frame end)
{
    size_t kept = 0;
    for (size_t i = 0; i < studio->queued; i++) {
        const struct rw_mixer_play *play = &studio->queue[i];
        bool is_due = play->start < end + lead_frames + ahead_frames;
        if (is_due && rw_mixer_play(studio->mixer, play) == RW_OK) {
            studio->sounding++;
        } else {
            studio->queue[kept++] = *play;
        }
    }
    studio->queued = kept;
}

enum rw_status rw_studio_create(struct rw_voice *voice, struct rw_profile *profile,
                                const struct rw_manner *manner, struct rw_studio **ret_studio)
{
    struct rw_studio *studio = calloc(1, sizeof *studio);
    enum rw_status status = RW_EMEMORY;
    if (!studio) {
        goto fail;
    }
    studio->voice = voice;
    studio->clip_count = rw_voice_clip_count(voice);
    studio->clips =
        calloc(studio->clip_count > 0 ? studio->clip_count : 1, sizeof(struct rw_clip *));
    if (!studio->clips) {
        goto fail;
    }
    status = rw_mixer_create(&studio->mixer);
    for (uint32_t bus = 0; status == RW_OK && bus < RW_BUS_COUNT; bus++) {
        status = rw_mixer_set_gain(studio->mixer, bus, rw_bus_gain_db[bus]);
    }
    if (status != RW_OK) {
        goto fail;
    }
    struct rw_sink sink = {
        .play = sink_play,
        .cancel = sink_cancel,
        .expect = sink_expect,
        .earliest = sink_earliest,
        .cadence = sink_cadence,
        .context = studio,
    };
    struct rw_coach_observer observer = {.event = observer_event, .context = studio};
    status = rw_coach_create(voice, sink, observer, &studio->coach);
    if (status != RW_OK) {
        goto fail;
    }
    if (manner) {
        rw_coach_set_manner(studio->coach, manner);
    }
    status = rw_coach_choose(studio->coach, 0, profile, false);
    if (status != RW_OK) {
        goto fail;
    }
    profile = NULL;
    status = rw_coach_start(studio->coach, 0, 0);
    if (status != RW_OK) {
        goto fail;
    }
    /* What sounds from the very first frame must be known before the lead begins. */
    queue_drain(studio, 0);
    rw_beneath_advance(&studio->beneath, studio->mixer, RW_NS_PER_SECOND, lead_frames);
    float discarded[RW_MIXER_AHEAD_FRAMES * RW_CHANNELS];
    rw_mixer_process(studio->mixer, discarded, RW_MIXER_AHEAD_FRAMES);
    *ret_studio = studio;
    return RW_OK;

fail:
    rw_profile_destroy(profile);
    rw_studio_destroy(studio);
    return status;
}

void rw_studio_destroy(struct rw_studio *studio)
{
    if (!studio) {
        return;
    }
    rw_coach_destroy(studio->coach);
    rw_mixer_destroy(studio->mixer);
    rw_beneath_finish(&studio->beneath);
    for (uint32_t i = 0; studio->clips && i < studio->clip_count; i++) {
        rw_clip_destroy(studio->clips[i]);
    }
    free(studio->clips);
    free(studio);
}

static void reports_pass_on(struct rw_studio *studio)
{
    struct rw_mixer_report report;
    while (rw_mixer_report(studio->mixer, &report)) {
        rw_frame at = report.frame > lead_frames ? report.frame - lead_frames : 0;
        struct rw_report told = {.cue = report.cue, .at = rw_frames_to_ns(at)};
        if (report.outcome != RW_MIXER_STARTED) {
            studio->sounding--;
            studio->silent_since = at > studio->silent_since ? at : studio->silent_since;
        }
        switch (report.outcome) {
        case RW_MIXER_STARTED:
            told.outcome = RW_OUTCOME_STARTED;
            break;
        case RW_MIXER_ENDED:
            told.outcome = RW_OUTCOME_ENDED;
            break;
        case RW_MIXER_CUT:
            told.outcome = RW_OUTCOME_CUT;
            break;
        case RW_MIXER_CANCELLED:
            told.outcome = RW_OUTCOME_DROPPED;
            break;
        }
        rw_coach_report(studio->coach, &told);
    }
}

static bool is_over(const struct rw_studio *studio)
{
    struct rw_coach_view view;
    rw_coach_view(studio->coach, rw_frames_to_ns(studio->now), &view);
    return view.state == RW_COACH_DONE && studio->queued == 0 && studio->sounding == 0;
}

enum rw_status rw_studio_read(struct rw_studio *studio, float *out, uint32_t frames,
                              uint32_t *ret_frames)
{
    rw_coach_advance(studio->coach, rw_frames_to_ns(studio->now));
    if (studio->status != RW_OK) {
        return studio->status;
    }
    /* No more than the tail at once: it begins when the last sound ended, inside a block. */
    rw_frame end = studio->now + (frames < tail_frames ? frames : tail_frames);
    if (is_over(studio)) {
        rw_beneath_end(&studio->beneath);
        rw_frame last = studio->silent_since + tail_frames;
        last = last > studio->now ? last : studio->now;
        end = end < last ? end : last;
    } else {
        rw_ns deadline = rw_coach_deadline(studio->coach);
        if (deadline != RW_NS_NEVER && rw_beneath_frame(deadline) < end) {
            end = rw_beneath_frame(deadline);
        }
        /* A deadline between two frames is kept by the later one. */
        end = end > studio->now ? end : studio->now + 1;
    }
    uint32_t count = (uint32_t)(end - studio->now);
    if (count > 0) {
        queue_drain(studio, end);
        rw_beneath_advance(&studio->beneath, studio->mixer, rw_frames_to_ns(end) + RW_NS_PER_SECOND,
                           lead_frames);
        rw_mixer_process(studio->mixer, out, count);
        studio->now = end;
        reports_pass_on(studio);
    }
    *ret_frames = count;
    return RW_OK;
}

enum rw_status rw_studio_play_music(struct rw_studio *studio, const char *const *paths,
                                    size_t count)
{
    return rw_beneath_play(&studio->beneath, studio->mixer, paths, count);
}

const char *rw_studio_music_problem(const struct rw_studio *studio)
{
    return studio->beneath.problem;
}

const char *rw_studio_problem(const struct rw_studio *studio)
{
    return studio->problem;
}
