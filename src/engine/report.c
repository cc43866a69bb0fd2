#include "report.h"

#include <stdio.h>

static void tell(struct engine *engine, struct rw_wire_message *message)
{
    /*
     * A daemon that does not read for a while has room for the reports of all the plays an
     * engine can hold; one that is gone is noticed by reading.
     */
    enum rw_status status = rw_wire_send(engine->socket, message, -1);
    (void)status;
}

void rw_report_text(struct engine *engine, enum rw_wire_type type, const char *text)
{
    struct rw_wire_message message = {.type = type};

    snprintf(message.text, sizeof(message.text), "%s", text);
    tell(engine, &message);
}

void rw_report_outcome(struct engine *engine, const struct rw_wire_play *play,
                       enum rw_wire_outcome outcome, rw_ns at)
{
    struct rw_wire_message message = {
        .type = RW_WIRE_REPORT,
        .report = {.cue = play->cue, .at = at, .outcome = outcome},
    };
    tell(engine, &message);
}

void rw_report_drop(struct engine *engine, const struct rw_wire_play *play)
{
    rw_clips_release(&engine->clips, play);
    rw_report_outcome(engine, play, RW_WIRE_DROPPED, play->at);
}

void rw_report_ready(struct engine *engine)
{
    struct rw_wire_message message = {.type = RW_WIRE_READY};

    snprintf(message.ready.device, sizeof(message.ready.device), "%s",
             rw_output_name(engine->output));
    tell(engine, &message);
}

static void end_placed(struct engine *engine, size_t index, enum rw_wire_outcome outcome, rw_ns at)
{
    rw_clips_release(&engine->clips, &engine->placed[index].play);
    rw_report_outcome(engine, &engine->placed[index].play, outcome, at);
    engine->placed[index] = engine->placed[--engine->placed_count];
}

static void take_report(struct engine *engine, const struct rw_mixer_report *report)
{
    size_t i = 0;

    while (i < engine->placed_count && engine->placed[i].play.cue != report->cue) {
        i++;
    }
    if (i == engine->placed_count) {
        return;
    }
    struct placed *placed = &engine->placed[i];
    rw_ns heard = rw_clock_time(&engine->clock, report->frame);
    switch (report->outcome) {
    case RW_MIXER_STARTED:
        placed->started = true;
        placed->start = report->frame;
        rw_report_outcome(engine, &placed->play,
                          heard - placed->play.at > SCHEDULE_LATE ? RW_WIRE_LATE : RW_WIRE_STARTED,
                          heard);
        return;
    case RW_MIXER_ENDED:
    case RW_MIXER_CUT:
        if (heard > engine->silent_at) {
            engine->silent_at = heard;
        }
        end_placed(engine, i, report->outcome == RW_MIXER_CUT ? RW_WIRE_CUT : RW_WIRE_ENDED, heard);
        return;
    case RW_MIXER_CANCELLED:
        end_placed(engine, i, RW_WIRE_DROPPED, placed->play.at);
        return;
    }
}

void rw_report_plays(struct engine *engine)
{
    struct rw_mixer_report report;

    while (rw_mixer_report(engine->mixer, &report)) {
        take_report(engine, &report);
    }
}

void rw_report_music(struct engine *engine)
{
    struct rw_wire_message message;

    while (rw_songs_event(&engine->songs, &message)) {
        tell(engine, &message);
    }
    atomic_store_explicit(&engine->page->music_underruns, rw_songs_underruns(&engine->songs),
                          memory_order_relaxed);
}
