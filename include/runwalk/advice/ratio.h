/*
 * Which run/walk ratio suits which pace and which heat: the published table, and the sums around
 * it. A coach's experience, not trials; whoever shows it says so. Pure.
 */
#ifndef RUNWALK_ADVICE_RATIO_H
#define RUNWALK_ADVICE_RATIO_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>

struct rw_ratio {
    uint16_t run_s, walk_s;
};

#define RW_ROW_RATIOS_MAX 5

struct rw_ratio_row {
    uint16_t from_s, to_s; /* paces of the whole run, a mile; the same where it is one pace */
    struct rw_ratio ratios[RW_ROW_RATIOS_MAX]; /* the most running first */
    size_t count;
};

/* The table, *ret_count rows, the fastest first. Static. */
const struct rw_ratio_row *rw_ratio_rows(size_t *ret_count);

/* Whose table it is, and what it rests on: a sentence each. Static. */
const char *rw_ratio_source(void);

/*
 * The row for PACE_S: on a border, and between two rows, the one with more walking; beyond its
 * ends, the first or the last.
 */
const struct rw_ratio_row *rw_ratio_find(uint32_t pace_s);
bool rw_ratio_row_holds(const struct rw_ratio_row *row, uint32_t pace_s);

/* Degrees Celsius that we give advice for. */
#define RW_HEAT_MIN (-30)
#define RW_HEAT_MAX 45
/* From here on the published figures end; the last of them is used. */
#define RW_HEAT_TABLE_END 29

/* How many of 90 seconds of running are left at CELSIUS. */
uint32_t rw_heat_left(int celsius);

enum rw_choice_origin {
    RW_CHOICE_TABLE, /* stands in the row, the run perhaps shortened by the heat */
    RW_CHOICE_HALF,  /* the first one, both numbers halved */
    RW_CHOICE_THIRD, /* divided by three */
};

struct rw_choice {
    struct rw_ratio ratio;
    enum rw_choice_origin origin;
};

#define RW_CHOICES_MAX (RW_ROW_RATIOS_MAX + 2)

/* What ROW offers at CELSIUS, each ratio once; returns how many, at least one. */
size_t rw_ratio_choices(const struct rw_ratio_row *row, int celsius,
                        struct rw_choice ret_choices[RW_CHOICES_MAX]);

/* "90/30": seconds; minutes where they are whole and more than one: "4m/30", "6m/30". */
#define RW_RATIO_TEXT 24
void rw_ratio_write(struct rw_ratio ratio, char out[RW_RATIO_TEXT]);

#endif
