/*
 * The inside of struct rw_paths, for the files of this box.
 */
#ifndef RUNWALK_PATHS_PLACES_H
#define RUNWALK_PATHS_PLACES_H

#include "runwalk/paths/paths.h"

#define PLACES_MAX 32

struct rw_paths {
    char *run_directory;
    char *socket;
    char *config_file;
    char *state_directory;
    char *cache_directory;
    char *engine;
    char *ducker;
    char *confine;
    char *inhibit;
    /* The folders that may hold profiles/ and sounds/, in the order in which they are searched. */
    char *places[PLACES_MAX];
    size_t place_count;
};

#endif
