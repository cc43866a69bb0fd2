/* Preloaded, it makes a program believe that the clock of the device is known to be right. */
#include <sys/timex.h>

int adjtimex(struct timex *state);
int adjtimex(struct timex *state)
{
    state->status = 0;
    return 0;
}
