// own_file: a file that an output opens by its path, whatever the program does to its number.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_OUTPUT_OWN_FILE_H
#define TSKL_OUTPUT_OWN_FILE_H
#include "base/descriptor.h"
#include "base/status.h"

typedef struct tskl_own_file {
    tskl_descriptor to;
    char *path; // NULL: none is open
    int flags;
} tskl_own_file;

/** What holds none. */
#define TSKL_OWN_FILE_NONE                                                                         \
    {                                                                                              \
        .to = {.fd = -1 }                                                                          \
    }

/**
 * Opens or makes a file, mode 0600, never through a symbolic link, with `flags` (O_WRONLY|O_APPEND,
 * or O_RDWR). UNTRUSTED: a link; another user's, of whatever kind (a named pipe, a device); a file
 * with a second name in a folder where others may write. IO, INVALID, NOMEM. Close it with
 * tskl_own_file_close; on failure it holds none.
 */
tskl_status tskl_own_file_open(tskl_slice path, int flags, tskl_own_file *out, tskl_error *err);
/**
 * To be called before each use. Where the program has closed the descriptor it is opened again, if
 * the path still leads to the very same file; what has its number meanwhile is left alone.
 * MISMATCH: the path does not.
 */
tskl_status tskl_own_file_check(tskl_own_file *file, tskl_error *err);
void tskl_own_file_close(tskl_own_file *file);
#endif
