// write: files that appear whole or not at all.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_WRITE_H
#define TSKL_STORE_WRITE_H
#include "base/descriptor.h"
#include "base/status.h"

/** Writes `parts`, one behind the other, in the open folder `folder`: under another name, and
 * `name` when all of it is on disk. As readable as the folder. Where the program closes one of both
 *  meanwhile nothing of its own is touched: IO. */
tskl_status tskl_store_write(const tskl_descriptor *folder, const char *name,
                             const tskl_slice *parts, size_t count, tskl_error *err);
#endif
