#include "runwalk/store/wall.h"

#include <fcntl.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/* Before this, 2024-01-01, no run was recorded: a clock that says so has never been set. */
static const rw_ns real_least = INT64_C(1704067200) * RW_NS_PER_SECOND;

static rw_ns clock_read(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

void rw_wall_read(struct rw_wall *ret_wall)
{
    struct timex state = {0};
    *ret_wall = (struct rw_wall){
        .boot = clock_read(CLOCK_BOOTTIME),
        .real = clock_read(CLOCK_REALTIME),
    };
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t size = read(fd, ret_wall->boot_id, RW_BOOT_ID_SIZE - 1);
        ret_wall->boot_id[size > 0 ? size : 0] = '\0';
        close(fd);
    }
    bool is_disciplined = adjtimex(&state) != -1 && !(state.status & STA_UNSYNC);
    ret_wall->is_synced = is_disciplined && ret_wall->real >= real_least;
}

rw_ns rw_wall_away(const struct rw_wall *then, const struct rw_wall *now, bool *ret_exact)
{
    bool is_same_boot = now->boot_id[0] && strcmp(then->boot_id, now->boot_id) == 0;
    if (is_same_boot && now->boot >= then->boot) {
        *ret_exact = true;
        return now->boot - then->boot;
    }
    rw_ns away = now->boot; /* at least as long as this boot has lasted */
    *ret_exact = then->is_synced && now->is_synced && now->real >= then->real;
    if (*ret_exact || (then->is_synced && now->real - then->real > away)) {
        away = now->real - then->real;
    }
    return away;
}
