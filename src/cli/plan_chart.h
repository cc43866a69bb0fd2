/*
 * The picture of a plan: a row for each week with the course of its sessions, how much running
 * there is in it, and where the runner stands. Pure.
 */
#ifndef RW_CLI_PLAN_CHART_H
#define RW_CLI_PLAN_CHART_H

#include "canvas.h"
#include "runwalk/plan/plan.h"
#include "watch_view.h"

/* The course of one workout, to be drawn. */
struct rw_plan_course {
    struct rw_watch_block *blocks;
    size_t count;
};

struct rw_plan_picture {
    const struct rw_plan *plan;
    const struct rw_plan_course *courses; /* of each workout */
    bool has_due;
    uint32_t due; /* the session that is due: those before it are in full colour */
};

/* How narrow the picture can be, and how wide it grows. */
#define RW_PLAN_COLUMNS_MIN 30
#define RW_PLAN_COLUMNS_MAX 110

/* A canvas of COLUMNS with the whole picture, as many rows as it takes; NULL: memory is short. */
struct rw_canvas *rw_plan_draw(const struct rw_plan_picture *picture, unsigned columns);

#endif
