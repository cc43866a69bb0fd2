#include "tunes.h"

#include <stdlib.h>

#define HEARD_LEAST (RW_RATE / 10) /* frames; a file with less of them is of no use */
#define CRASHES_MAX 2

static void free_paths(struct tunes *tunes)
{
    for (size_t i = 0; i < tunes->count; i++) {
        free(tunes->paths[i]);
    }
    free(tunes->paths);
    tunes->paths = NULL;
    tunes->count = 0;
}

void rw_tunes_set(struct tunes *tunes, char **paths, size_t count)
{
    free_paths(tunes);
    tunes->paths = paths;
    tunes->count = count;
    tunes->index = 0;
    tunes->start = 0;
    tunes->tell_clear = tunes->given;
    tunes->given = false;
    tunes->part_count = 0;
    tunes->fruitless = 0;
    tunes->crashes = 0;
    tunes->tell_state = true;
}

void rw_tunes_rest(struct tunes *tunes, bool rests)
{
    tunes->tell_state = tunes->tell_state || tunes->rests != rests;
    tunes->rests = rests;
}

bool rw_tunes_sound(const struct tunes *tunes)
{
    return tunes->count > 0 && !tunes->rests;
}

/* The file after the last one given, or the one to begin with. */
static size_t next_index(const struct tunes *tunes)
{
    return tunes->part_count > 0 ? (tunes->parts[tunes->part_count - 1].index + 1) % tunes->count
                                 : tunes->index;
}

const char *rw_tunes_next(const struct tunes *tunes, rw_frame *ret_start)
{
    if (tunes->count == 0 || (tunes->given && !tunes->wants_next)) {
        return NULL;
    }
    *ret_start = tunes->part_count > 0 ? 0 : tunes->start;
    return tunes->paths[next_index(tunes)];
}

uint64_t rw_tunes_given(struct tunes *tunes)
{
    struct tune_part part = {
        .number = ++tunes->number,
        .index = next_index(tunes),
        .start = tunes->part_count > 0 ? 0 : tunes->start,
    };

    if (tunes->part_count == TUNES_PARTS) {
        tunes->part_count--;
        memmove(tunes->parts, tunes->parts + 1, tunes->part_count * sizeof(tunes->parts[0]));
    }
    tunes->parts[tunes->part_count++] = part;
    tunes->given = true;
    tunes->wants_next = false;
    return part.number;
}

/* One more file of which nothing is heard; too many of them end the music. */
static void count_fruitless(struct tunes *tunes)
{
    if (++tunes->fruitless > 2 * tunes->count) {
        rw_tunes_set(tunes, NULL, 0);
    }
}

void rw_tunes_pass(struct tunes *tunes)
{
    uint64_t number = tunes->number;

    /* As if it had been given, and had been empty. */
    bool given = tunes->given;
    rw_tunes_given(tunes);
    tunes->number = number;
    tunes->parts[tunes->part_count - 1].number = 0;
    tunes->given = given;
    tunes->wants_next = given;
    count_fruitless(tunes);
}

static void begin_part(struct tunes *tunes, size_t place, rw_frame at)
{
    struct tune_part *part = &tunes->parts[place];

    while (place > 0 && !tunes->parts[place - 1].begun) {
        place--;
    }
    if (place > 0 && at >= tunes->parts[place - 1].begin + HEARD_LEAST) {
        tunes->fruitless = 0;
    }
    part->begun = true;
    part->begin = at;
}

const char *rw_tunes_event(struct tunes *tunes, const struct rw_wire_music_event *event)
{
    size_t place = tunes->part_count;

    while (place > 0 && tunes->parts[place - 1].number != event->number) {
        place--;
    }
    if (place == 0 || tunes->count == 0) {
        return NULL; /* of music that was ended or replaced meanwhile */
    }
    const char *path = tunes->paths[tunes->parts[--place].index];
    switch ((enum rw_wire_music_what)event->what) {
    case RW_WIRE_MUSIC_BEGUN:
        begin_part(tunes, place, event->at);
        return NULL;
    case RW_WIRE_MUSIC_ENDED:
    case RW_WIRE_MUSIC_REFUSED:
        break;
    }
    tunes->wants_next = place + 1 == tunes->part_count;
    count_fruitless(tunes);
    return event->what == RW_WIRE_MUSIC_REFUSED && tunes->count > 0 ? path : NULL;
}

void rw_tunes_follow(struct tunes *tunes, rw_frame position)
{
    for (size_t i = tunes->part_count; i-- > 0;) {
        const struct tune_part *part = &tunes->parts[i];
        if (!part->begun || part->begin > position) {
            continue;
        }
        if (part->index != tunes->index) {
            tunes->crashes = 0;
        }
        tunes->index = part->index;
        tunes->start = part->start + (position - part->begin);
        return;
    }
}

const char *rw_tunes_recall(struct tunes *tunes, rw_frame held, bool crashed)
{
    const char *passed = NULL;
    bool given = tunes->given;

    tunes->given = false;
    tunes->wants_next = false;
    tunes->tell_clear = false;
    tunes->tell_state = true;
    tunes->part_count = 0;
    if (tunes->count == 0) {
        return NULL;
    }
    tunes->start -= tunes->start < held ? tunes->start : held;
    if (given && crashed && ++tunes->crashes >= CRASHES_MAX) {
        passed = tunes->paths[tunes->index];
        tunes->index = (tunes->index + 1) % tunes->count;
        tunes->start = 0;
        tunes->crashes = 0;
    }
    return passed;
}
