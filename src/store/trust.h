// trust: files are read only from where nobody else may write.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_STORE_TRUST_H
#define TSKL_STORE_TRUST_H
#include "base/arena.h"
#include "base/status.h"

/** True for a file or folder of root or the effective user that neither group nor others may
 *  write (a sticky folder such as /tmp counts as a parent only). Every parent is checked as well.
 *  UNTRUSTED naming the path at fault and the mend; NOT_FOUND; IO. */
tskl_status tskl_trust_check(const char *path, tskl_error *err);
/** Opens a trusted regular file for reading, close-on-exec, and checks what was opened. The caller
 *  closes `*fd`. */
tskl_status tskl_trust_open(const char *path, int *fd, tskl_error *err);
/** Reads a trusted file whole, `max` bytes at most (LIMIT), with a zero behind it. */
tskl_status tskl_trust_read(const char *path, size_t max, tskl_arena *arena, tskl_slice *out,
                            tskl_error *err);
#endif
