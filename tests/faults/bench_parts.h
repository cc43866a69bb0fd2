/*
 * What the parts of the bench share: the player's place on the clock, and how the bench itself
 * allocates and reads while the product's own calls are made to fail.
 */
#ifndef TESTS_FAULTS_BENCH_PARTS_H
#define TESTS_FAULTS_BENCH_PARTS_H

#include "runwalk/base.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reports all that has happened until NOW. */
void bench_player_moment(rw_ns now);
/* It has been told to close, and is about to be done. */
bool bench_player_is_closing(void);
/* When something happens next, after NOW; RW_NS_NEVER: nothing. */
rw_ns bench_player_next(rw_ns now);

/* Never fails, and is not counted. */
void *bench_own_allocate(size_t size);
void bench_own_free(void *memory);
ssize_t bench_own_send(int fd, const void *bytes, size_t size);
ssize_t bench_own_recv(int fd, void *bytes, size_t size);

#endif
