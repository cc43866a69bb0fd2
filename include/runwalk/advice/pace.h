/*
 * Paces: whole seconds a mile, for the whole of a run. Reading them, writing them, and what one
 * timed mile predicts. Pure.
 */
#ifndef RUNWALK_ADVICE_PACE_H
#define RUNWALK_ADVICE_PACE_H

#include "runwalk/base.h"

#include <stdbool.h>

/* Nobody's whole run is faster or, where it is a run, slower. */
#define RW_PACE_MIN  (4 * 60u)
#define RW_PACE_MAX  (30 * 60u)
#define RW_PACE_TEXT 16

/*
 * "11:30", "11:30/mi" or "7:09/km", blanks allowed around the slash. RW_EINVALID: it is none of
 * these; RW_ELIMIT: it is one, and beyond the bounds above.
 */
RW_CHECKED enum rw_status rw_pace_parse(const char *text, uint32_t *ret_pace_s);

/* "11:30". */
void rw_pace_write(uint32_t pace_s, char out[RW_PACE_TEXT]);

/* The same pace as seconds a kilometre, rounded. */
uint32_t rw_pace_per_km(uint32_t pace_s);

enum rw_race {
    RW_RACE_5K,
    RW_RACE_10K,
    RW_RACE_HALF,
    RW_RACE_MARATHON,
};
#define RW_RACE_COUNT 4

struct rw_race_info {
    const char *name;  /* "5k": as it is asked for */
    const char *label; /* "half marathon" */
    uint32_t metres;
};
/* Static. */
const struct rw_race_info *rw_race_info(enum rw_race race);
bool rw_race_find(const char *name, enum rw_race *ret_race);

/* The pace of RACE that a mile run in MILE_S seconds predicts. */
uint32_t rw_race_predict(enum rw_race race, uint32_t mile_s);
/* The fastest pace of a long, easy run after the same mile. */
uint32_t rw_long_run_predict(uint32_t mile_s);
/* How long RACE takes at PACE_S, in seconds. */
uint32_t rw_race_time(enum rw_race race, uint32_t pace_s);

#endif
