// status: how our functions say that they failed, and why.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_STATUS_H
#define TSKL_BASE_STATUS_H
#include <stdbool.h>
#include <taskless/base.h>

/** Fills `err` (which may be NULL) with a status and a message, and returns the status. A message
 *  that does not fit ends with "...". */
tskl_status tskl_fail(tskl_error *err, tskl_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Puts a prefix and ": " before the message in `err`, going up; returns `status`. Where both do
 *  not fit the message stays whole and the prefix loses its beginning. */
tskl_status tskl_context(tskl_error *err, tskl_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define TSKL_TRY(call)                                                                             \
    do {                                                                                           \
        tskl_status try_status_ = (call);                                                          \
        if (try_status_ != TSKL_OK) return try_status_;                                            \
    } while (0)

#define TSKL_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TSKL_UNUSED __attribute__((unused))
#endif
