// template: the project that a kit begins with, written into a new folder.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_TEMPLATE_H
#define TSKL_CLI_TEMPLATE_H
#include "kit/kit.h"

/** Makes the folder `path` and writes a kit's project for a Pack of that name into it, of that
 * shape (empty: the usual one). Nobody else may write there, whatever the umask. INVALID: something
 * is there; NOT_FOUND: its parent is not; IO, LIMIT, NOMEM. */
tskl_status tskl_template_write(const tskl_kit *kit, tskl_slice shape, tskl_slice name,
                                const char *path, tskl_error *err);
#endif
