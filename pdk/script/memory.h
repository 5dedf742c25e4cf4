// memory: what a snapshot asks of the allocator behind malloc and free.
// SPDX-License-Identifier: Apache-2.0
#ifndef TASKLESS_SCRIPT_MEMORY_H
#define TASKLESS_SCRIPT_MEMORY_H
#include <stdbool.h>

/** While this is set, what is freed is cleared. */
extern bool memory_clears;

#endif
