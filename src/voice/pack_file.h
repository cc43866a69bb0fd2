/*
 * The YAML files of a pack as trees: read within bounds, and their problems told under
 * the right file's name.
 */
#ifndef RUNWALK_SRC_VOICE_PACK_FILE_H
#define RUNWALK_SRC_VOICE_PACK_FILE_H

#include "runwalk/yaml/tree.h"

#define PACK_PATH_MAX 4096

/* Joins DIRECTORY and NAME. RW_ELIMIT: the path is too long. */
RW_CHECKED enum rw_status rw_pack_path(const char *directory, const char *name,
                                       char ret_path[PACK_PATH_MAX]);

/*
 * Reads NAME in DIRECTORY as YAML. RW_ENOENT: there is no such file; RW_EIO; RW_EINVALID or
 * RW_ELIMIT: DIAGNOSTICS say why; RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_pack_file_read(const char *directory, const char *name,
                                            struct rw_diagnostics *diagnostics,
                                            struct rw_yaml **ret_yaml);

/*
 * Adds what is wrong with another file, NAME, to the DIAGNOSTICS of pack.yaml: as problems of the
 * whole, with the place in the text.
 */
void rw_diagnostics_adopt(struct rw_diagnostics *diagnostics, const char *name,
                          const struct rw_diagnostics *others);

#endif
