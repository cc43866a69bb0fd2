/*
 * Small dealings with files that have to be right everywhere: reading one whole file
 * within a bound, and directories that nobody else may enter. No caller's file is
 * ever changed here.
 */
#ifndef RUNWALK_PATHS_FILE_H
#define RUNWALK_PATHS_FILE_H

#include "runwalk/base.h"

#include <stddef.h>

/*
 * Reads the whole regular file at PATH, at most MAX bytes. *ret_bytes is malloc'd, has a NUL
 * after its *ret_size bytes, and belongs to the caller. RW_ELIMIT: larger than MAX (nothing is
 * read then); RW_ENOENT: there is none; RW_EINVALID: no regular file (a FIFO never blocks this);
 * RW_EIO: errno tells; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_file_read(const char *path, size_t max, char **ret_bytes,
                                       size_t *ret_size);

/*
 * For functions that tell a person what went wrong: *ret_problem becomes malloc'd text, or NULL
 * when memory is short. Does nothing when RET_PROBLEM is NULL, and keeps errno.
 */
void rw_problem_set(char **ret_problem, const char *format, ...) RW_PRINTF(2, 3);

/*
 * Checks that PATH is a directory (not a link to one), ours, and closed to everybody else.
 * RW_ENOENT: there is none; RW_ESTATE: it is not as it must be; RW_EIO: errno tells. Unless it is
 * RW_OK, *ret_problem (may be NULL) becomes malloc'd text with the problem and its remedy, or
 * NULL when memory is short.
 */
RW_CHECKED enum rw_status rw_directory_check(const char *path, char **ret_problem);

/*
 * The same, but creates PATH, and the directories above it, with mode 0700 where they are
 * missing. Only PATH itself is checked.
 */
RW_CHECKED enum rw_status rw_directory_prepare(const char *path, char **ret_problem);

/*
 * Makes PATH, and the directories above it, with mode 0700 where they are missing. RW_EIO: one
 * cannot be made; RW_EMEMORY. *ret_problem as above.
 */
RW_CHECKED enum rw_status rw_directory_make(const char *path, char **ret_problem);

#endif
