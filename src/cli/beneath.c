#include "beneath.h"

#include "runwalk/audio/music.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

rw_frame rw_beneath_frame(rw_ns ns)
{
    /* Split, so that a day of nanoseconds does not overflow; to the nearest frame. */
    rw_frame seconds = (rw_frame)(ns / RW_NS_PER_SECOND);
    rw_frame rest = (rw_frame)(ns % RW_NS_PER_SECOND);
    return seconds * RW_RATE +
           (rest * RW_RATE + (rw_frame)RW_NS_PER_SECOND / 2) / (rw_frame)RW_NS_PER_SECOND;
}

enum rw_status rw_beneath_play(struct rw_beneath_studio *beneath, struct rw_mixer *mixer,
                               const char *const *paths, size_t count)
{
    enum rw_status status = rw_music_create(false, &beneath->music);

    if (status == RW_OK) {
        beneath->paths = paths;
        beneath->count = count;
        rw_mixer_set_music(mixer, beneath->music);
        rw_music_play(beneath->music, true);
    }
    return status;
}

void rw_beneath_finish(struct rw_beneath_studio *beneath)
{
    rw_music_destroy(beneath->music);
    beneath->music = NULL;
}

enum rw_status rw_beneath_cadence(struct rw_beneath_studio *beneath, struct rw_mixer *mixer,
                                  const struct rw_cadence *cadence, rw_frame lead)
{
    struct rw_cadence_row row = {cadence->epoch, cadence->from, cadence->until,
                                 cadence->millisteps};
    rw_ns from;
    enum rw_status status = rw_cadence_take(&beneath->rows, &row, &from);

    return status == RW_OK
               ? rw_mixer_forget_clicks(mixer, rw_beneath_frame(from > 0 ? from : 0) + lead)
               : status;
}

void rw_beneath_cancel_cadence(struct rw_beneath_studio *beneath, uint32_t epoch)
{
    rw_cadence_cancel(&beneath->rows, epoch);
}

static void give_clicks(struct rw_beneath_studio *beneath, struct rw_mixer *mixer, rw_ns until,
                        rw_frame lead)
{
    struct rw_cadence_click click;

    while (rw_cadence_next(&beneath->rows, 0, &click) && click.at < until) {
        struct rw_mixer_click mixed = {rw_beneath_frame(click.at) + lead, click.epoch, click.gain};
        if (rw_mixer_click(mixer, &mixed) != RW_OK) {
            return; /* there is room when the next block has been mixed */
        }
        rw_cadence_done(&beneath->rows);
    }
}

/* Hands the next file over; false: too many in a row were of no use. */
static bool give_file(struct rw_beneath_studio *beneath)
{
    while (beneath->fruitless <= 2 * beneath->count) {
        const char *path = beneath->paths[beneath->next];
        int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        beneath->fruitless++;
        if (descriptor < 0) {
            snprintf(beneath->problem, sizeof beneath->problem, "%s: %s", path, strerror(errno));
        } else if (rw_music_add(beneath->music, descriptor, beneath->next, 0) == RW_OK) {
            beneath->next = (beneath->next + 1) % beneath->count;
            return true;
        }
        beneath->next = (beneath->next + 1) % beneath->count;
    }
    return false;
}

/* Decodes as much as there is room for. */
static void give_music(struct rw_beneath_studio *beneath)
{
    struct rw_music_event event;
    bool wants = beneath->fruitless == 0;

    do {
        if (wants && !give_file(beneath)) {
            return;
        }
        wants = false;
        rw_music_fill(beneath->music);
        while (rw_music_event(beneath->music, &event)) {
            if (event.what == RW_MUSIC_BEGUN) {
                bool sounded = event.at >= beneath->begun + RW_RATE / 10;
                beneath->fruitless = sounded ? 1 : beneath->fruitless;
                beneath->begun = event.at;
                continue;
            }
            wants = true;
            if (event.what == RW_MUSIC_REFUSED) {
                snprintf(beneath->problem, sizeof beneath->problem, "%s: %s",
                         beneath->paths[event.number], event.problem);
            }
        }
    } while (wants);
}

void rw_beneath_advance(struct rw_beneath_studio *beneath, struct rw_mixer *mixer, rw_ns until,
                        rw_frame lead)
{
    give_clicks(beneath, mixer, until, lead);
    if (beneath->music) {
        give_music(beneath);
    }
}

void rw_beneath_end(struct rw_beneath_studio *beneath)
{
    if (beneath->music) {
        rw_music_play(beneath->music, false);
    }
}
