// sized: structs of a caller that was built with an older or a newer header than the library.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_SIZED_H
#define TSKL_BASE_SIZED_H
#include "base/status.h"

/** Copies a struct whose first member is its size in bytes, as its caller knows it, into `out`, of
 *  `size` bytes. Members that the caller does not know are zero. Nothing beyond the caller's size
 * is read. INVALID: the size was never set; UNSUPPORTED: members that this version does not know
 * are not zero. `what` is the struct's name. */
tskl_status tskl_sized_read(const void *from, void *out, size_t size, const char *what,
                            tskl_error *err);
#endif
