// bundle_writer: files as a pack.tgz, the same bytes for the same files whoever makes it, when.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_BUNDLE_WRITER_H
#define TSKL_CLI_BUNDLE_WRITER_H
#include "base/buf.h"
#include "base/status.h"

/** A file at the root of a bundle; borrowed. */
typedef struct tskl_bundle_file {
    const char *name; // at most 99 bytes
    tskl_slice bytes;
} tskl_bundle_file;

/** Appends the bundle to `out`, which is initialized: files sorted by name (`files` is sorted
 *  here), mtime 0, owner 0, mode 644. LIMIT past the cap of `out`; NOMEM. */
tskl_status tskl_bundle_write(tskl_bundle_file *files, size_t count, tskl_buf *out,
                              tskl_error *err);
#endif
