#include "schedule.h"

static bool is_void(const struct schedule *schedule, uint32_t epoch)
{
    return schedule->any_cancelled && epoch <= schedule->cancelled;
}

enum rw_status rw_schedule_add(struct schedule *schedule, const struct rw_wire_play *play)
{
    if (is_void(schedule, play->epoch)) {
        return RW_ESTATE;
    }
    if (schedule->count == RW_COUNT(schedule->held)) {
        return RW_EFULL;
    }

    size_t place = schedule->count;
    while (place > 0 && schedule->held[place - 1].play.at > play->at) {
        schedule->held[place] = schedule->held[place - 1];
        place--;
    }
    schedule->held[place] = (struct held){.play = *play};
    schedule->count++;
    return RW_OK;
}

struct rw_wire_play rw_schedule_remove(struct schedule *schedule, struct held *held)
{
    struct rw_wire_play play = held->play;

    schedule->count--;
    for (; held < schedule->held + schedule->count; held++) {
        held[0] = held[1];
    }
    return play;
}

void rw_schedule_cancel(struct schedule *schedule, uint32_t epoch)
{
    if (!is_void(schedule, epoch)) {
        schedule->cancelled = epoch;
    }
    schedule->any_cancelled = true;
    if (schedule->late_epoch <= epoch) {
        schedule->late_end = 0;
    }
}

bool rw_schedule_take_cancelled(struct schedule *schedule, struct rw_wire_play *ret_play)
{
    for (size_t i = 0; i < schedule->count; i++) {
        if (is_void(schedule, schedule->held[i].play.epoch)) {
            *ret_play = rw_schedule_remove(schedule, &schedule->held[i]);
            return true;
        }
    }
    return false;
}

struct held *rw_schedule_unprepared(struct schedule *schedule)
{
    for (size_t i = 0; i < schedule->count; i++) {
        if (!schedule->held[i].prepared) {
            return &schedule->held[i];
        }
    }
    return NULL;
}

/* Places a late cue as early as possible, clear of the late one before it. */
static rw_frame late_frame(const struct schedule *schedule, const struct moment *moment,
                           const struct rw_wire_play *play)
{
    rw_frame frame = moment->earliest;

    if (frame < moment->awake && rw_clock_time(moment->clock, moment->awake) <= play->not_after) {
        frame = moment->awake;
    }
    if (schedule->late_end > 0 && frame < schedule->late_end + SCHEDULE_LATE_GAP) {
        frame = schedule->late_end + SCHEDULE_LATE_GAP;
    }
    return frame;
}

enum decision rw_schedule_decide(struct schedule *schedule, const struct moment *moment,
                                 struct rw_wire_play *ret_play, rw_frame *ret_frame)
{
    if (schedule->count == 0 || moment->now < rw_schedule_deadline(schedule, moment->lead)) {
        return SCHEDULE_WAIT;
    }
    if (!schedule->held[0].prepared) {
        return SCHEDULE_PREPARE;
    }

    struct rw_wire_play play = rw_schedule_remove(schedule, &schedule->held[0]);
    rw_frame frame = rw_clock_frame(moment->clock, play.at);
    if (frame < moment->earliest) {
        frame = late_frame(schedule, moment, &play);
        if (rw_clock_time(moment->clock, frame) - SCHEDULE_LATE > play.not_after) {
            *ret_play = play;
            return SCHEDULE_DROP;
        }
        schedule->late_end = frame + play.frames;
        schedule->late_epoch = play.epoch;
    }
    *ret_play = play;
    *ret_frame = frame;
    return SCHEDULE_START;
}

rw_ns rw_schedule_deadline(const struct schedule *schedule, rw_ns lead)
{
    if (schedule->count == 0) {
        return RW_NS_NEVER;
    }
    return schedule->held[0].play.at - lead;
}
