// log: what taskless has to say about itself: one line each, never of the application's data.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_LOG_H
#define TSKL_BASE_LOG_H
#include "base/descriptor.h"

typedef enum tskl_log_level {
    TSKL_LOG_OFF,
    TSKL_LOG_ERROR,
    TSKL_LOG_WARN,
    TSKL_LOG_INFO,
    TSKL_LOG_DEBUG,
    TSKL_LOG_TRACE,
} tskl_log_level;

/** Where lines of this level or a graver one go: a descriptor, borrowed, and left alone from the
 *  moment the program puts another file in its place. At first: what 2 was when the library was
 *  loaded, WARN. */
void tskl_log_to(tskl_log_level level, const tskl_descriptor *place);
/** The same with what `fd` is now. */
void tskl_log_set(tskl_log_level level, int fd);
bool tskl_log_wants(tskl_log_level level);
/** The least grave level of which lines are written. */
tskl_log_level tskl_log_level_now(void);
/** Writes "taskless: ...\n" in one write, what controls or deceives escaped, 2 KiB at most. Any
 *  thread; keeps errno; never blocks, on a lock or for a reader, and never raises SIGPIPE. */
void tskl_log(tskl_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** "off", "error", "warn", "info", "debug" or "trace". */
bool tskl_log_level_parse(tskl_slice text, tskl_log_level *out);
#endif
