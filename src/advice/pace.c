#include "runwalk/advice/pace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MM_PER_MILE 1609344u

/* Rounds TIME * NUMERATOR / DENOMINATOR to the nearest; none of our paces overflows. */
static uint32_t scale(uint32_t time, uint32_t numerator, uint32_t denominator)
{
    return (uint32_t)(((uint64_t)time * numerator + denominator / 2) / denominator);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "9:30" at *CURSOR, which is moved past it. */
static bool time_scan(const char **cursor, uint32_t *ret_seconds)
{
    const char *at = *cursor;
    uint32_t minutes = 0;
    for (int digits = 0; is_digit(*at); at++, digits++) {
        if (digits == 3) {
            return false;
        }
        minutes = minutes * 10 + (uint32_t)(*at - '0');
    }
    bool is_time = at > *cursor && at[0] == ':' && at[1] >= '0' && at[1] <= '5' && is_digit(at[2]);
    if (!is_time) {
        return false;
    }
    *ret_seconds = minutes * 60 + (uint32_t)(at[1] - '0') * 10 + (uint32_t)(at[2] - '0');
    *cursor = at + 3;
    return true;
}

static const char *blanks_skip(const char *text)
{
    return text + strspn(text, " ");
}

enum rw_status rw_pace_parse(const char *text, uint32_t *ret_pace_s)
{
    uint32_t seconds;
    const char *at = blanks_skip(text);
    if (!time_scan(&at, &seconds)) {
        return RW_EINVALID;
    }
    at = blanks_skip(at);
    if (*at == '/') {
        at = blanks_skip(at + 1);
        if (strcmp(at, "km") == 0) {
            seconds = scale(seconds, MM_PER_MILE, 1000000);
        } else if (strcmp(at, "mi") != 0 && strcmp(at, "mile") != 0) {
            return RW_EINVALID;
        }
    } else if (*at != '\0') {
        return RW_EINVALID;
    }
    if (seconds < RW_PACE_MIN || seconds > RW_PACE_MAX) {
        return RW_ELIMIT;
    }
    *ret_pace_s = seconds;
    return RW_OK;
}

void rw_pace_write(uint32_t pace_s, char out[RW_PACE_TEXT])
{
    snprintf(out, RW_PACE_TEXT, "%" PRIu32 ":%02" PRIu32, pace_s / 60, pace_s % 60);
}

uint32_t rw_pace_per_km(uint32_t pace_s)
{
    return scale(pace_s, 1000000, MM_PER_MILE);
}

/* What a mile predicts: its time, by PERCENT, and so many seconds more. Published by Jeff Galloway
 * from coaching runners. */
static const struct race {
    struct rw_race_info info;
    uint32_t percent, more_s;
} races[RW_RACE_COUNT] = {
    [RW_RACE_5K] = {{"5k", "5 km", 5000}, 100, 33},
    [RW_RACE_10K] = {{"10k", "10 km", 10000}, 115, 0},
    [RW_RACE_HALF] = {{"half", "half marathon", 21098}, 120, 0},
    [RW_RACE_MARATHON] = {{"marathon", "marathon", 42195}, 130, 0},
};

/* The long run is at least so much slower than the marathon, a mile. */
#define LONG_RUN_SLOWER_S 120

const struct rw_race_info *rw_race_info(enum rw_race race)
{
    return &races[race].info;
}

bool rw_race_find(const char *name, enum rw_race *ret_race)
{
    for (int i = 0; i < RW_RACE_COUNT; i++) {
        if (strcmp(races[i].info.name, name) == 0) {
            *ret_race = (enum rw_race)i;
            return true;
        }
    }
    return false;
}

uint32_t rw_race_predict(enum rw_race race, uint32_t mile_s)
{
    return scale(mile_s, races[race].percent, 100) + races[race].more_s;
}

uint32_t rw_long_run_predict(uint32_t mile_s)
{
    return rw_race_predict(RW_RACE_MARATHON, mile_s) + LONG_RUN_SLOWER_S;
}

uint32_t rw_race_time(enum rw_race race, uint32_t pace_s)
{
    return scale(pace_s, races[race].info.metres * 1000, MM_PER_MILE);
}
