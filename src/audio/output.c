#include "output_body.h"

#include <time.h>

enum rw_status rw_output_start(struct rw_output *output)
{
    return output->body->start(output);
}

void rw_output_close(struct rw_output *output)
{
    if (output != NULL) {
        output->body->close(output);
    }
}

const char *rw_output_name(const struct rw_output *output)
{
    return output->name;
}

bool rw_output_is_active(const struct rw_output *output)
{
    return output->body->is_active(output);
}

rw_ns rw_output_latency(const struct rw_output *output)
{
    return output->latency;
}

uint32_t rw_output_underruns(const struct rw_output *output)
{
    return atomic_load_explicit(&output->underruns, memory_order_relaxed);
}

RW_REALTIME rw_ns rw_output_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (rw_ns)now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}
