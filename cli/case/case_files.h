// case_files: the files that hold cases, found and in order.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CASE_FILES_H
#define TSKL_CLI_CASE_FILES_H
#include "base/arena.h"
#include "base/status.h"

typedef struct tskl_case_file {
    const char *path;
    tskl_slice home; // the Pack the case lies with; empty: it has to say
} tskl_case_file;

/** Zeroed, it is empty. */
typedef struct tskl_case_files {
    tskl_case_file *items;
    size_t count, room;
    tskl_arena arena;
} tskl_case_files;

/** Adds each .json file below `folder`, by name, folders in folders too. `home` empty: the folder's
 *  parent says, where it is ".../stripe/cases". NOT_FOUND, IO, LIMIT, NOMEM. */
tskl_status tskl_case_files_add(tskl_case_files *files, const char *folder, tskl_slice home,
                                tskl_error *err);
void tskl_case_files_deinit(tskl_case_files *files);
/** "card_declined" for ".../card_declined.json". */
tskl_slice tskl_case_name(const char *path);
#endif
