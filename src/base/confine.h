// confine: what a process that compiles somebody's Pack may take of the machine.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_CONFINE_H
#define TSKL_BASE_CONFINE_H

enum {
    TSKL_CONFINED_SECONDS = 60, // of processor time, and by the clock
    TSKL_CONFINED_MIB = 1024,   // of memory
};

/** Both are for a child between fork and exec: they take no lock and keep nothing open. */

/** Makes descriptors 0, 1 and 2 what these are (-1: nowhere) and closes all others. */
void tskl_confine_descriptors(int in, int out, int err);
/** Limits memory, processor time and time, dumps no core, is nice, and is the first that the kernel
 *  ends when memory runs out. The limits outlive exec. */
void tskl_confine_resources(void);
#endif
