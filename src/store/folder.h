// folder: folders of the user's that are written into. A folder that came with a repository may
// hold links that lead elsewhere; what is written goes where it seems to go.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_FOLDER_H
#define TSKL_STORE_FOLDER_H
#include "base/status.h"

/** Opens `name` below the open folder `parent` (or AT_FDCWD), which is made where it is missing,
 * for nobody else to write. UNTRUSTED: it is a link; IO. `name` may be a path, of which this counts
 * for the last part: those before it are the user's words. The caller closes `*fd`, -1 on failure.
 */
tskl_status tskl_folder_make(int parent, const char *name, int *fd, tskl_error *err);
/** The same of one that is there: NOT_FOUND. */
tskl_status tskl_folder_open(int parent, const char *name, int *fd, tskl_error *err);
/** Makes a folder of a new name that begins with `prefix`, 0755, and opens it; `name` is then its
 *  name. IO. */
tskl_status tskl_folder_make_new(int parent, const char *prefix, char *name, size_t size, int *fd,
                                 tskl_error *err);
#endif
