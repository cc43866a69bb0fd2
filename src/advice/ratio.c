#include "runwalk/advice/ratio.h"

#include <stdio.h>

#define PACE(minutes, seconds) ((minutes)*60 + (seconds))
#define MINUTES(m)             ((m)*60)

/* As Jeff Galloway publishes it. */
static const struct rw_ratio_row rows[] = {
    {PACE(7, 0), PACE(7, 0), {{MINUTES(6), 30}}, 1},
    {PACE(7, 30), PACE(7, 30), {{MINUTES(5), 30}}, 1},
    {PACE(8, 0), PACE(8, 0), {{MINUTES(4), 30}, {MINUTES(2), 15}}, 2},
    {PACE(8, 30), PACE(8, 30), {{MINUTES(3), 30}, {MINUTES(2), 20}}, 2},
    {PACE(9, 0), PACE(9, 0), {{MINUTES(2), 30}, {80, 20}}, 2},
    {PACE(9, 30), PACE(10, 45), {{90, 30}, {60, 20}, {45, 15}, {60, 30}, {40, 20}}, 5},
    {PACE(10, 45), PACE(12, 15), {{60, 30}, {40, 20}, {30, 15}, {30, 30}, {20, 20}}, 5},
    {PACE(12, 15), PACE(14, 30), {{30, 30}, {20, 20}, {15, 15}}, 3},
    {PACE(14, 30), PACE(15, 45), {{15, 30}}, 1},
    {PACE(15, 45), PACE(17, 0), {{10, 30}}, 1},
    {PACE(17, 0), PACE(18, 30), {{8, 30}, {5, 25}, {10, 30}}, 3},
    {PACE(18, 30), PACE(20, 0), {{5, 30}, {5, 25}, {4, 30}}, 3},
};

/* The same source: what is left of a run of 90 s, walk 30 s, as it gets warmer. */
static const struct {
    int celsius;
    uint32_t left;
} heats[] = {{13, 90}, {24, 60}, {RW_HEAT_TABLE_END, 30}};

#define RUN_MIN  5 /* seconds; the table goes no lower but once, */
#define WALK_MIN 4 /* nor here */

const struct rw_ratio_row *rw_ratio_rows(size_t *ret_count)
{
    *ret_count = RW_COUNT(rows);
    return rows;
}

const char *rw_ratio_source(void)
{
    return "The ratios by pace, what a mile predicts and the figures for heat are what Jeff "
           "Galloway\n"
           "publishes from coaching runners. They are a coach's experience, not the result of\n"
           "trials: take what feels right.";
}

const struct rw_ratio_row *rw_ratio_find(uint32_t pace_s)
{
    size_t i = RW_COUNT(rows) - 1;
    while (i > 0 && rows[i].from_s > pace_s) {
        i--;
    }
    /* In a gap, the slower row. */
    return rows[i].to_s < pace_s && i + 1 < RW_COUNT(rows) ? &rows[i + 1] : &rows[i];
}

bool rw_ratio_row_holds(const struct rw_ratio_row *row, uint32_t pace_s)
{
    return pace_s >= row->from_s && pace_s <= row->to_s;
}

uint32_t rw_heat_left(int celsius)
{
    const size_t last = RW_COUNT(heats) - 1;
    if (celsius <= heats[0].celsius) {
        return heats[0].left;
    }
    for (size_t i = 0; i < last; i++) {
        if (celsius <= heats[i + 1].celsius) {
            uint32_t span = (uint32_t)(heats[i + 1].celsius - heats[i].celsius);
            uint32_t into = (uint32_t)(celsius - heats[i].celsius);
            return heats[i].left - (heats[i].left - heats[i + 1].left) * into / span;
        }
    }
    return heats[last].left;
}

/* A run as one would set it on a watch: rounded down, and more coarsely where it is long. */
static uint16_t run_round(uint32_t run_s)
{
    static const struct {
        uint32_t from, step;
    } steps[] = {{180, 30}, {60, 10}, {10, 5}, {0, 1}};
    size_t i = 0;
    while (run_s < steps[i].from) {
        i++;
    }
    return (uint16_t)(run_s - run_s % steps[i].step);
}

static struct rw_ratio ratio_cool(struct rw_ratio ratio, int celsius)
{
    uint32_t left = rw_heat_left(celsius);
    if (left == heats[0].left || ratio.run_s <= RUN_MIN) {
        return ratio;
    }
    uint16_t run_s = run_round(ratio.run_s * left / heats[0].left);
    ratio.run_s = run_s < RUN_MIN ? RUN_MIN : run_s;
    return ratio;
}

static size_t choice_add(struct rw_choice *choices, size_t count, struct rw_choice choice)
{
    for (size_t i = 0; i < count; i++) {
        bool is_same = choices[i].ratio.run_s == choice.ratio.run_s &&
                       choices[i].ratio.walk_s == choice.ratio.walk_s;
        if (is_same) {
            return count;
        }
    }
    choices[count] = choice;
    return count + 1;
}

size_t rw_ratio_choices(const struct rw_ratio_row *row, int celsius,
                        struct rw_choice ret_choices[RW_CHOICES_MAX])
{
    static const struct {
        uint16_t by;
        enum rw_choice_origin origin;
    } parts[] = {{2, RW_CHOICE_HALF}, {3, RW_CHOICE_THIRD}};
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++) {
        struct rw_choice choice = {ratio_cool(row->ratios[i], celsius), RW_CHOICE_TABLE};
        count = choice_add(ret_choices, count, choice);
    }
    for (size_t i = 0; i < RW_COUNT(parts); i++) {
        struct rw_ratio whole = ret_choices[0].ratio;
        struct rw_ratio part = {whole.run_s / parts[i].by, whole.walk_s / parts[i].by};
        bool is_even = whole.run_s % parts[i].by == 0 && whole.walk_s % parts[i].by == 0;
        if (is_even && part.run_s >= RUN_MIN && part.walk_s >= WALK_MIN) {
            struct rw_choice choice = {part, parts[i].origin};
            count = choice_add(ret_choices, count, choice);
        }
    }
    return count;
}

static void seconds_write(uint16_t seconds, char out[RW_RATIO_TEXT / 2])
{
    bool is_minutes = seconds >= 120 && seconds % 60 == 0;
    snprintf(out, RW_RATIO_TEXT / 2, "%u%s", is_minutes ? seconds / 60u : seconds,
             is_minutes ? "m" : "");
}

void rw_ratio_write(struct rw_ratio ratio, char out[RW_RATIO_TEXT])
{
    char run[RW_RATIO_TEXT / 2];
    char walk[RW_RATIO_TEXT / 2];
    seconds_write(ratio.run_s, run);
    seconds_write(ratio.walk_s, walk);
    snprintf(out, RW_RATIO_TEXT, "%s/%s", run, walk);
}
