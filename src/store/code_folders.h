// code_folders: where compiled code may lie.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_CODE_FOLDERS_H
#define TSKL_STORE_CODE_FOLDERS_H
#include "base/arena.h"
#include "base/descriptor.h"
#include "base/status.h"

#define TSKL_CODE_SYSTEM_FOLDER "/var/cache/taskless"

enum { TSKL_CODE_FOLDERS = 2 };

/** The folders in the order in which they are looked through, NULL for one there is none of:
 *  TASKLESS_CACHE, else the user's; the system's. In `arena`. NOMEM. */
tskl_status tskl_code_folders(tskl_arena *arena, const char *folders[TSKL_CODE_FOLDERS],
                              tskl_error *err);
/** Opens a folder that nobody else may write. NOT_FOUND, UNTRUSTED, IO. The caller closes
 *  `*out`. */
tskl_status tskl_code_folder_open(const char *path, tskl_descriptor *out, tskl_error *err);
/** Makes the folder and its parents where they are missing, for this user alone, or for all to
 *  read where it is the system's or in it. IO, NOMEM. */
tskl_status tskl_code_folder_make(const char *path, tskl_error *err);
/** Calls `store` with one folder after the other, until it succeeds. Of several failures the first
 *  is told: it is that of the folder meant. NOMEM, and as `store`. */
tskl_status tskl_code_folders_store(tskl_status (*store)(const char *folder, const void *what,
                                                         tskl_error *err),
                                    const void *what, tskl_error *err);
#endif
