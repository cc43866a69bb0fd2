/*
 * The live view, as a pure function: what is known of the run and what time it is become a
 * picture on a canvas, and the moment at which the picture would change by itself.
 */
#ifndef RW_CLI_WATCH_VIEW_H
#define RW_CLI_WATCH_VIEW_H

#include "canvas.h"
#include "labels.h"

#define RW_WATCH_BLOCKS_MAX  512
#define RW_WATCH_PROBLEM_MAX 192

enum rw_watch_phase {
    RW_WATCH_LOST, /* the daemon does not answer */
    RW_WATCH_IDLE,
    RW_WATCH_CHOSEN,
    RW_WATCH_PREPARING,
    RW_WATCH_ARMED,
    RW_WATCH_RUNNING,
    RW_WATCH_PAUSED,
    RW_WATCH_DONE,
    RW_WATCH_STOPPED,
};

struct rw_watch_segment {
    bool is_known;
    enum rw_kind kind;
    enum rw_side side;
    char name[96];
    uint32_t run; /* 1-based among the session's runs; 0: no run */
    struct rw_rep reps[RW_REPEAT_DEPTH_MAX];
    uint32_t depth;
    int64_t duration_ms;
    int64_t start_ms, end_ms; /* session time; of the current one */
};

struct rw_watch_block {
    enum rw_kind kind;
    int64_t start_ms, duration_ms;
};

/* Times are milliseconds: session time, or CLOCK_BOOTTIME where the name says boot. */
struct rw_watch_state {
    enum rw_watch_phase phase;
    char profile[96];
    char summary[192];
    int64_t duration_ms; /* as planned */
    uint32_t runs;
    uint32_t runs_done;     /* of a run that is over; as planned where the daemon does not tell */
    int64_t origin_boot_ms; /* session time 0; it moves with each pause */
    int64_t paused_boot_ms;
    int64_t session_ms; /* where a run that is over ended */
    int64_t end_ms;
    struct rw_watch_segment current, next;
    bool is_resting; /* the current one is a rest */
    struct rw_watch_block blocks[RW_WATCH_BLOCKS_MAX];
    size_t block_count;
    char device[96];
    char problem[RW_WATCH_PROBLEM_MAX]; /* why there is no sound; "" when all is well */
    char asleep[128]; /* why the device may fall asleep during the run; "" when it may not */
    double volume_db;

    char result[256];  /* of a run that is over: what it came to; "" when it is not known */
    char message[160]; /* the answer to a key, for a moment */
    bool asks_to_leave;
    bool has_ended; /* while lost: the daemon closed the connection itself */
};

/* Session time at BOOT_MS, kept between 0 and the end; negative before the start. */
int64_t rw_watch_session_ms(const struct rw_watch_state *state, int64_t boot_ms);

/* Draws the state as it is at BOOT_MS; the canvas is cleared first. */
void rw_watch_draw(struct rw_canvas *canvas, const struct rw_watch_state *state, int64_t boot_ms);

/*
 * When the picture for COLUMNS would next change without any news; INT64_MAX: it would not.
 * Always later than BOOT_MS.
 */
int64_t rw_watch_next_change(const struct rw_watch_state *state, int64_t boot_ms, unsigned columns);

/* One line about what happens now, for an output that is no terminal. */
void rw_watch_line(const struct rw_watch_state *state, int64_t boot_ms, char *out, size_t size);

#endif
