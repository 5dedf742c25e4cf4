// write: files that appear whole or not at all.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_WRITE_H
#define TSKL_STORE_WRITE_H
#include "base/slice.h"
#include "base/status.h"

/** Writes `parts`, one behind the other, in the folder that `folder` is open on: under another
 *  name, and `name` when all of it is on disk. As readable as the folder. IO. */
tskl_status tskl_store_write(int folder, const char *name, const tskl_slice *parts, size_t count,
                             tskl_error *err);
#endif
