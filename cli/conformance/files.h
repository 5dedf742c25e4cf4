// files: what a run of a group finds and leaves in a folder of its own.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CONFORMANCE_FILES_H
#define TSKL_CLI_CONFORMANCE_FILES_H
#include "conformance/plan.h"
#include <limits.h>

/** "FOLDER/NAME". False: too long. */
bool tskl_file_in(const char *folder, const char *name, char path[PATH_MAX]);
/** Writes a new file, for this user alone. IO. */
tskl_status tskl_write_new(const char *path, tskl_slice text, tskl_error *err);
/** Writes the configuration of a group to `path`; its records go to `records`. As
 *  tskl_plan_configure; IO. */
tskl_status tskl_write_configuration(const tskl_plan *plan, size_t group, const char *path,
                                     const char *records, tskl_error *err);
#endif
