// handover: what was noted before the program ran: its descriptors, and its environment.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_HANDOVER_H
#define TSKL_BASE_HANDOVER_H
#include "base/noted.h"
#include <taskless/base.h>

typedef struct tskl_handover {
    size_t size;             // of this struct, as whoever filled it knows it
    const char *environment; // "NAME=value" one behind the other, an empty one at the end; or NULL
    tskl_noted noted;
} tskl_handover;

/**
 * What stands here in place of what the library noted itself when it was loaded: for the file that
 * is preloaded into programs that use libcurl, which is there from the beginning and loads the
 * library at the first transfer. Exported for that file alone; not a part of the public interface.
 * The first one counts; it is borrowed for as long as the process lives. Any thread.
 */
TSKL_API void tskl_handover_take(const tskl_handover *handover);

/**
 * Which file `fd` was when the library was loaded; in a forked child, when its parent loaded it.
 * `type` is 0 where it was not open, or was not looked at. Any thread.
 */
tskl_descriptor tskl_handover_descriptor(int fd);
/** False: `fd` was not looked at then, being none of the first TSKL_NOTED_LOW numbers and none that
 *  TASKLESS_OUTPUT names. What it was cannot be told any more: by now it may be a file that the
 *  program opened. */
bool tskl_handover_looked_at(int fd);
/** The value of a variable at that time; NULL: it was not set, or nobody handed any over. */
const char *tskl_handover_variable(const char *name);
#endif
