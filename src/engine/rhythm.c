#include "rhythm.h"

enum rw_status rw_rhythm_take(struct rhythm *rhythm, const struct rw_wire_cadence *cadence)
{
    struct rw_cadence_row row = {cadence->epoch, cadence->from, cadence->until,
                                 cadence->millisteps};
    rw_ns from;
    enum rw_status status = rw_cadence_take(&rhythm->rows, &row, &from);

    if (status != RW_OK) {
        return status;
    }
    rhythm->void_from = rhythm->voids && rhythm->void_from < from ? rhythm->void_from : from;
    rhythm->voids = true;
    return RW_OK;
}

void rw_rhythm_cancel(struct rhythm *rhythm, uint32_t epoch)
{
    rw_cadence_cancel(&rhythm->rows, epoch);
}

void rw_rhythm_place(struct rhythm *rhythm, struct rw_mixer *mixer, const struct clock *clock,
                     rw_ns now, rw_ns until, rw_frame earliest)
{
    struct rw_cadence_click click;

    if (rhythm->voids) {
        if (rw_mixer_forget_clicks(mixer, rw_clock_frame(clock, rhythm->void_from)) != RW_OK) {
            return; /* the audio thread has not taken what it was given; soon it has */
        }
        rhythm->voids = false;
    }
    while (rw_cadence_next(&rhythm->rows, now, &click) && click.at < until) {
        struct rw_mixer_click mixed = {rw_clock_frame(clock, click.at), click.epoch, click.gain};
        if (mixed.frame >= earliest && rw_mixer_click(mixer, &mixed) == RW_EFULL) {
            return;
        }
        rw_cadence_done(&rhythm->rows);
    }
}

rw_ns rw_rhythm_due(struct rhythm *rhythm)
{
    struct rw_cadence_click click;
    return rw_cadence_next(&rhythm->rows, 0, &click) ? click.at : RW_NS_NEVER;
}
